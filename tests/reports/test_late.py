"""A late week is told of once, to those who run the portal and to regions, whatever the beat does."""

import datetime
from collections.abc import Iterator
from smtplib import SMTPRecipientsRefused
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend

from reports.counting import count_week
from reports.late import MAY_WAIT, tell_late
from reports.models import LateNotice, Rating, WeekRun
from reports.publishing import publish
from reports.tasks import tell_late as beat
from reports.weeks import IsoWeek
from schools.jobs import JobState
from schools.models import Appointment, User
from tests.conftest import Cast

pytestmark = pytest.mark.django_db
WEEK = IsoWeek(2026, 46)
LATE = WEEK.counts_at + MAY_WAIT + datetime.timedelta(minutes=1)


@pytest.fixture(autouse=True)
def clock(cast: Cast) -> Iterator[time_machine.Traveller]:
    """The week before is out, WEEK is not, and it is past its time; root, Нина and Марат have addresses."""
    for user in (cast.root, cast.nina, cast.marat):
        Appointment.objects.update(starts_on="2026-09-01")
        User.objects.filter(pk=user.pk).update(email=f"{user.username}@example.ru")
    with time_machine.travel(WEEK.closes_at, tick=False) as traveller:
        publish(count_week(WEEK.shift(-1)))
        traveller.move_to(LATE)
        yield traveller


def told() -> list[str]:
    """To whom letters went."""
    return sorted(letter.to[0].split("@")[0] for letter in mail.outbox)


def test_three_beats_tell_once(cast: Cast, clock: time_machine.Traveller) -> None:
    beat()
    beat()
    clock.shift(datetime.timedelta(hours=30))
    beat()

    assert told() == sorted([cast.nina.username, cast.root.username])
    assert LateNotice.objects.get().letters == 2
    assert "не начинался" in mail.outbox[0].body


def test_next_late_week_is_told_of_again(cast: Cast, clock: time_machine.Traveller) -> None:
    tell_late()
    clock.shift(datetime.timedelta(weeks=1))
    tell_late()

    assert list(LateNotice.objects.values_list("week", flat=True)) == [WEEK.shift(1).number, WEEK.number]


def test_week_in_time_or_not_yet_due_is_no_news(cast: Cast, clock: time_machine.Traveller) -> None:
    clock.move_to(WEEK.counts_at + MAY_WAIT - datetime.timedelta(minutes=1))
    assert tell_late() is None
    clock.move_to(LATE)
    publish(count_week(WEEK))

    assert tell_late() is None
    assert (told(), LateNotice.objects.count()) == ([], 0)


def test_portal_that_publishes_by_hand_owes_nothing(cast: Cast, settings: object) -> None:
    settings.AUTO_PUBLISH = False  # type: ignore[attr-defined]

    assert tell_late() is None


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (JobState.FAILED, "подсчёт не прошёл. Нет школ."),
        (JobState.RUNNING, "опаздывает"),
        (JobState.DONE, "но не опубликована"),
    ],
)
def test_letter_says_what_happened(cast: Cast, state: str, words: str) -> None:
    WeekRun.objects.create(week=WEEK.number, state=state, error="Нет школ." if state == JobState.FAILED else "")

    tell_late()

    assert words in mail.outbox[0].body


def test_those_who_left_get_no_letter(cast: Cast) -> None:
    Appointment.objects.filter(user=cast.nina).update(ends_on=LATE.date() - datetime.timedelta(days=1))

    tell_late()

    assert told() == [cast.root.username]


def test_those_without_an_address_or_switched_off_or_below_a_region_get_none(cast: Cast) -> None:
    User.objects.filter(pk=cast.nina.pk).update(email="")
    User.objects.filter(pk=cast.root.pk).update(is_active=False)

    notice = tell_late()

    assert notice is not None
    assert (told(), notice.letters, notice.failed) == ([], 0, 0)


def test_appointment_yet_to_begin_gets_no_letter(cast: Cast) -> None:
    Appointment.objects.filter(user=cast.nina).update(starts_on=LATE.date() + datetime.timedelta(days=2))

    tell_late()

    assert told() == [cast.root.username]


class Deaf(EmailBackend):
    """A mail server that takes no letter to Нина, or that is not there at all."""

    is_there = True

    def open(self) -> bool:
        """Connect."""
        if not self.is_there:
            raise ConnectionRefusedError
        return True

    def send_messages(self, letters: Any) -> int:
        """Take letters."""
        self.open()
        if any("nina" in letter.to[0] for letter in letters):
            raise SMTPRecipientsRefused({})
        return super().send_messages(letters)


@pytest.mark.parametrize(("is_there", "sent", "failed"), [(True, 1, 1), (False, 0, 2)])
def test_letters_not_taken_are_counted_and_stop_no_others(
    cast: Cast, settings: Any, monkeypatch: pytest.MonkeyPatch, is_there: bool, sent: int, failed: int
) -> None:
    settings.EMAIL_BACKEND = f"{__name__}.Deaf"
    monkeypatch.setattr(Deaf, "is_there", is_there)

    beat()
    beat()

    notice = LateNotice.objects.get()
    assert (len(mail.outbox), notice.letters, notice.failed) == (sent, sent, failed)


def test_portal_that_never_published_owes_nothing(cast: Cast) -> None:
    Rating.objects.all().delete()

    assert tell_late() is None
