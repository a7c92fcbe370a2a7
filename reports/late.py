"""A week that is late or failed: said once, by e-mail, to those who run the portal and to coordinators of regions."""

import datetime
import logging

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from reports.models import LateNotice, Rating, RatingState, WeekRun
from reports.weeks import IsoWeek, last_due
from schools.jobs import JobState
from schools.models import User
from schools.scope import Level
from schools.texts import date_text, ordinal, plain

logger = logging.getLogger(__name__)
MAY_WAIT = datetime.timedelta(hours=4)  # after the moment the schedule counts a week: a count takes minutes


def tell_late() -> LateNotice | None:
    """Write to people about the last week that was due if it is not out: once a week, however often it is called.

    An installation that publishes by hand, or never did, owes nothing.
    """
    week = last_due(timezone.now() - MAY_WAIT)
    published = Rating.objects.filter(state=RatingState.PUBLISHED)
    if not settings.AUTO_PUBLISH or published.filter(week__gte=week.number).exists() or not published.exists():
        return None
    text = what_happened(week)
    try:
        with transaction.atomic():
            notice = LateNotice._default_manager.create(week=week.number, text=text)
    except IntegrityError:
        return None
    sent, failed = _send(week, text)
    notice.letters, notice.failed = sent, failed
    notice.save(update_fields=["letters", "failed"])
    return notice


def what_happened(week: IsoWeek) -> str:
    """Failed and why, still going, or silent: nobody began."""
    name = f"{ordinal(week.week)} неделя (до {date_text(week.sunday)})"
    run = WeekRun.rows().filter(week=week.number).order_by("-id").first()
    if run is None:
        return f"{name} не подсчитана: подсчёт даже не начинался. Проверьте, работают ли планировщик и исполнители."
    if run.state in {JobState.FAILED, JobState.ABORTED}:
        return f"{name} не вышла: подсчёт не прошёл. {run.error}"[:300]
    if run.state == JobState.DONE:
        return f"{name} подсчитана, но не опубликована."
    return f"{name} опаздывает: подсчёт {run.get_state_display()}."


def _readers() -> list[str]:
    """Addresses of superusers and of today's coordinators of regions."""
    today = timezone.localdate()
    held = Q(appointments__level=Level.REGION, appointments__starts_on__lte=today) & (
        Q(appointments__ends_on=None) | Q(appointments__ends_on__gte=today)
    )
    people = User.objects.filter(held | Q(is_superuser=True), is_active=True).exclude(email="")
    return sorted(set(people.values_list("email", flat=True)))


def _send(week: IsoWeek, text: str) -> tuple[int, int]:
    """Send a letter each; how many went, and how many the mail server did not take."""
    body = (
        f"{plain(text)}\n\nПока на страницах показаны данные прежней недели, и это на них написано.\n"
        f"Журнал подсчётов: {settings.PORTAL_URL}{reverse('jobs')}\n\n"
        "Письмо об этой неделе больше не придёт: делать ничего не нужно, если вы не отвечаете за работу портала.\n"
    )
    sent = failed = 0
    with get_connection() as connection:
        for address in _readers():
            letter = EmailMessage(f"Неделя {week} опаздывает", body, to=[address], connection=connection)
            try:
                letter.send()
                sent += 1
            except Exception as error:  # a mail server fails in any way it likes: one letter must not stop the rest
                logger.warning("A letter about a late week failed: %s", type(error).__name__)
                failed += 1
    return sent, failed
