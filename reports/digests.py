"""The weekly digest: one short letter a person, only where there is something to do, with the way to stop it."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import IntegrityError, transaction
from django.db.models import Count, Max, Q, QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from reports.indicators import INDICATOR_BY_NUMBER, MAIN_INDICATOR
from reports.models import FINISHED, ChangeAlert, Direction, Rating, RatingRow, RatingState, SchoolStep, StepState
from reports.reading.facts import without_administrator
from reports.reading.homes import Home, homes_of
from reports.weeks import IsoWeek
from schools.models import DigestSent, School, User
from schools.scope import Level
from schools.steps import STEP_BY_NUMBER
from schools.texts import counted, percent, plain, points, week_title
from staff.models import ImportStage, StaffImport

logger = logging.getLogger(__name__)
MOST_LINES = 5
SALT = "digest"  # of the address that stops the digest


@dataclass(frozen=True, slots=True)
class DigestLine:
    """One thing to do: what, and where."""

    text: str
    url: str


def lines_of(user: User, home: Home) -> list[DigestLine]:
    """What a person has to do this week at the highest place they answer for, at most five lines; counts only."""
    if home.level == Level.SCHOOL:
        return _with_changes(_school_lines(user, home), user, home)
    if home.level == Level.COUNTRY:
        return []
    steps: QuerySet[SchoolStep] = SchoolStep.objects.visible_to(user)
    schools: QuerySet[School] = School.objects.visible_to(user).open()
    late = Q(planned_on__lt=timezone.localdate()) & ~Q(state__in=FINISHED)
    found = steps.aggregate(
        stalled=Count("school", filter=Q(state=StepState.STALLED), distinct=True),
        late=Count("school", filter=late, distinct=True),
    )
    empty = without_administrator(schools).count()
    held = StaffImport.objects.visible_to(user).filter(stage=ImportStage.PLANNED, summary__held=True).count()
    page = f"{home.url}steps/"
    rows = (
        (found["stalled"], ("школа застряла", "школы застряли", "школ застряли"), f"{page}?show=stalled"),
        (found["late"], ("школа опаздывает", "школы опаздывают", "школ опаздывают"), f"{page}?show=overdue"),
        (empty, ("школа без администратора", "школы без администратора", "школ без администратора"),
         f"{reverse('search')}?lacks=administrator"),
        (held, ("загрузка ждёт вашего решения", "загрузки ждут вашего решения", "загрузок ждут вашего решения"),
         f"{reverse('imports')}?show=waiting"),
    )  # fmt: skip
    lines = [DigestLine(counted(count, *words), url) for count, words, url in rows if count]
    return _with_changes(lines, user, home)


def _with_changes(lines: list[DigestLine], user: User, home: Home) -> list[DigestLine]:
    """What there is to do, and at most one line of figures at its end."""
    changed = _changed(user, home)
    return lines[: MOST_LINES - len(changed)] + changed


def _changed(user: User, home: Home) -> list[DigestLine]:
    """One line about figures of the newest week that have got worse: «хуже обычного, 3 школы: „…“»."""
    rating = Rating.objects.filter(state=RatingState.PUBLISHED).order_by("-week").first()
    path = {Level.REGION: "region", Level.MUNICIPALITY: "municipality", Level.SCHOOL: "place_id"}[home.level]
    place: dict[str, int] = {path: home.place_id}
    seen = ChangeAlert.objects.visible_to(user).filter(rating=rating, level=Level.SCHOOL, **place)
    worse = seen.filter(direction=Direction.WORSE).order_by()
    top = (
        worse.values("indicator").annotate(schools=Count("pk"), most=Max("size")).order_by("-schools", "-most").first()
    )
    if top is None:
        return []
    indicator = INDICATOR_BY_NUMBER[top["indicator"]]
    many = "" if home.level == Level.SCHOOL else f", {counted(top['schools'], 'школа', 'школы', 'школ')}"
    asked = f"direction=worse&level=school&indicator={indicator.key}"
    return [DigestLine(f"хуже обычного{many}: «{indicator.short_name}»", f"{reverse('changed_figures')}?{asked}")]


def _school_lines(user: User, home: Home) -> list[DigestLine]:
    """A school's uploads that wait, then its steps that stand or are late."""
    lines = []
    waiting = StaffImport.objects.visible_to(user).filter(school=home.place_id, stage=ImportStage.PLANNED).count()
    if waiting:
        words = ("загрузка ждёт вас", "загрузки ждут вас", "загрузок ждут вас")
        lines.append(DigestLine(counted(waiting, *words), reverse("imports")))
    stalled = Q(state=StepState.STALLED)
    late = Q(planned_on__lt=timezone.localdate()) & ~Q(state__in=FINISHED)
    own = SchoolStep.objects.visible_to(user).filter(stalled | late, school=home.place_id, number__gt=4)
    for row in own.order_by("number"):
        word = "без движения" if row.state == StepState.STALLED else "срок прошёл"
        lines.append(DigestLine(f"«{STEP_BY_NUMBER[row.number].name}»: {word}", f"{home.url}steps/#step-{row.number}"))
    return lines


def figure_of(home: Home, rating: Rating) -> str:
    """«В чатах за неделю писали 83,4 % педагогов, +2,1 п. п.»; nothing where the place has no number."""
    rows = RatingRow.objects.filter(rating=rating, indicator=MAIN_INDICATOR.number, level=home.level)
    row = rows.filter(place_id=home.place_id).first()
    if row is None or row.part is None or not row.whole or row.whole < settings.SMALL_NUMBER:
        return ""
    share = row.part / row.whole
    text = f"{MAIN_INDICATOR.short_name}: {percent(share)}"
    if row.part_before is not None and row.whole_before:
        text += f", к прошлой неделе {points(share - row.part_before / row.whole_before)}"
    return plain(text)


def stop_url(user: User) -> str:
    """The address that stops a person's digest without signing in."""
    return f"{settings.PORTAL_URL}{reverse('digest_stop', args=[signing.dumps(user.pk, salt=SALT)])}"


def message(user: User, home: Home, lines: list[DigestLine], rating: Rating) -> EmailMessage:
    """The letter: plain text, who it is for, what to do, why it came, how to stop it."""
    week = rating.iso_week
    context = {
        "user": user,
        "home": home,
        "week": plain(week_title(week.week, week.monday, week.sunday)),
        "figure": figure_of(home, rating),
        "lines": [(plain(line.text), f"{settings.PORTAL_URL}{line.url}") for line in lines],
        "stop": stop_url(user),
    }
    body = render_to_string("reports/digest.txt", context)
    headers = {"List-Unsubscribe": f"<{stop_url(user)}>"}
    return EmailMessage(f"{home.title}: что сделать на этой неделе", body, to=[user.email], headers=headers)


def readers() -> Iterator[User]:
    """Those who may get a digest: appointed today, with an address, who came in at least once and did not stop it."""
    people = User.objects.filter(is_active=True, wants_digest=True).exclude(email="").exclude(last_login=None)
    held = people.filter(appointments__starts_on__lte=timezone.localdate())
    yield from held.distinct().order_by("pk").iterator(chunk_size=500)


def send_digests() -> int:
    """Send this week's digests that have not gone out; return how many went. Running twice sends nothing twice."""
    rating = Rating.objects.filter(state=RatingState.PUBLISHED).order_by("-week", "-revision").first()
    if rating is None:
        return 0
    week = IsoWeek.of(timezone.localdate()).number
    sent = 0
    with get_connection() as connection:
        for user in readers():
            sent += _send(user, week, rating, connection)
    return sent


def _send(user: User, week: int, rating: Rating, connection: BaseEmailBackend) -> int:
    """Claim the week for a person, then send; a letter that fails is written down, not tried for ever."""
    homes = homes_of(user)
    if not homes:
        return 0
    lines = lines_of(user, homes[0])
    try:
        with transaction.atomic():
            row = DigestSent.objects.create(user=user, week=week, lines=len(lines))
    except IntegrityError:
        return 0
    if not lines:
        return 0
    letter = message(user, homes[0], lines, rating)
    letter.connection = connection
    try:
        letter.send()
    except Exception as error:  # a mail server fails in any way it likes: one reader's letter must not stop the rest
        logger.warning("Digest of user %s failed: %s", user.pk, type(error).__name__)
        DigestSent.objects.filter(pk=row.pk).update(error="почтовый сервер не принял письмо")
        return 0
    return 1


def stop(token: str) -> bool:
    """Stop the digest of whoever an address belongs to; False for an address that is not ours."""
    try:
        pk = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        return False
    return bool(User.objects.filter(pk=pk).update(wants_digest=False))
