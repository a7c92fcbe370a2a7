"""A week that is late or failed: said once, by e-mail, to those who run the portal and to coordinators of regions."""

import datetime
import logging
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
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
    subject = f"Неделя {week} опаздывает"
    letters = [EmailMessage(subject, body, to=[address]) for address in _readers()]
    with _open() as connection:
        sent = sum(_went(letter, connection) for letter in letters)
    return sent, len(letters) - sent


@contextmanager
def _open() -> Iterator[BaseEmailBackend]:
    """One connection for all letters; where none is to be had each letter asks for its own, and fails by itself."""
    connection = get_connection()
    try:
        with suppress(Exception):
            connection.open()
        yield connection
    finally:
        with suppress(Exception):
            connection.close()


def _went(letter: EmailMessage, connection: BaseEmailBackend) -> bool:
    """Send a letter; a mail server fails in any way it likes, and one letter must not stop the rest."""
    letter.connection = connection
    try:
        letter.send()
    except Exception as error:
        logger.warning("A letter about a late week failed: %s", type(error).__name__)
        return False
    return True
