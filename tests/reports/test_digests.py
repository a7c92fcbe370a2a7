"""The weekly digest: short, only where there is something to do, once a week, with a way to stop it."""

import datetime
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.test import Client
from django.utils import timezone

from reports.digests import send_digests
from reports.models import RatingState, SchoolStep, StepState
from reports.steps.counting import count_steps
from schools.models import Appointment, DigestSent, User
from schools.scope import Level
from tests.conftest import Cast, ClientOf

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock() -> Iterator[Any]:
    """A Monday, before anybody is appointed."""
    with time_machine.travel(datetime.datetime(2026, 11, 23, 6, tzinfo=datetime.UTC), tick=False) as traveller:
        yield traveller


@pytest.fixture
def monday(clock: Any, cast: Cast, weeks_made: Callable[..., Any]) -> Any:
    """The week before is published; two schools stand still; everyone has an address."""
    weeks_made({cast.school: {}, cast.sibling: {}, cast.cousin: {}}, "2026-W47")
    for user in User.objects.all():
        user.email, user.last_login = f"{user.username}@example.ru", timezone.now()
        user.save()
    count_steps()
    rows = SchoolStep.objects.filter(school__in=(cast.school, cast.sibling), number=5)
    rows.update(state=StepState.STALLED, moved_on=datetime.date(2026, 11, 1))
    return clock


def letters() -> dict[str, str]:
    """Letters sent, by address, with ordinary spaces."""
    return {each.to[0]: str(each.body).replace("\u00a0", " ") for each in mail.outbox}


def test_running_week_is_not_told_of(monday: Any, cast: Cast, weeks_made: Callable[..., Any]) -> None:
    weeks_made({cast.school: {"active": 1}}, "2026-W48", RatingState.PREVIEW, 0)

    send_digests()

    assert "47-я неделя" in letters()["nina@example.ru"]


def test_everyone_reads_of_their_own_place(monday: Any, cast: Cast) -> None:
    assert send_digests() == 3

    found = letters()
    assert set(found) == {"nina@example.ru", "marat@example.ru", "sveta@example.ru"}
    assert "2 школы застряли" in found["marat@example.ru"]
    assert f"/municipalities/{cast.municipality.pk}/steps/?show=stalled" in found["marat@example.ru"]
    assert "Педагоги внесены" in found["sveta@example.ru"]
    assert "47-я неделя" in found["nina@example.ru"]
    assert "80,0 %" in found["nina@example.ru"]


def test_digest_goes_once_a_week(monday: Any, cast: Cast) -> None:
    send_digests()
    assert send_digests() == 0

    monday.shift(datetime.timedelta(days=7))

    assert send_digests() == 3


def test_nothing_to_do_sends_nothing(monday: Any, cast: Cast) -> None:
    SchoolStep.objects.update(state=StepState.DONE)
    for place in (cast.sibling, cast.cousin):
        Appointment.objects.create(user=cast.sveta, level=Level.SCHOOL, school=place)

    assert send_digests() == 0
    assert DigestSent.objects.filter(user=cast.sveta, lines=0).exists()


@pytest.mark.parametrize("change", [{"wants_digest": False}, {"email": ""}, {"last_login": None}, {"is_active": False}])
def test_who_gets_none(monday: Any, cast: Cast, change: dict[str, Any]) -> None:
    User.objects.filter(pk=cast.marat.pk).update(**change)

    send_digests()

    assert "marat@example.ru" not in letters()


def test_address_of_a_letter_stops_it_only_by_the_button(monday: Any, cast: Cast, client: Client) -> None:
    send_digests()
    address = letters()["marat@example.ru"].split("Больше не получать: ")[1].strip()
    path = address[address.index("/digest/") :]
    assert "List-Unsubscribe" in mail.outbox[0].extra_headers

    client.get(path)
    assert User.objects.get(pk=cast.marat.pk).wants_digest
    answer = client.post(path)

    assert "Больше не присылаем" in answer.content.decode()
    assert not User.objects.get(pk=cast.marat.pk).wants_digest
    assert client.post("/digest/stop/forged/").status_code == 404


def test_profile_turns_it_on_and_off(cast: Cast, client_of: ClientOf) -> None:
    client = client_of(cast.sveta)

    client.post("/digest/", {"wants": "0"})
    assert "Не приходит" in client.get("/profile/").content.decode()

    client.post("/digest/", {"wants": "1"})
    assert User.objects.get(pk=cast.sveta.pk).wants_digest


def test_one_address_that_fails_does_not_stop_the_others(
    monday: Any, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = EmailBackend.send_messages

    def fussy(backend: EmailBackend, messages: Any) -> int:
        if messages[0].to == ["marat@example.ru"]:
            raise OSError("421 try later")
        return usual(backend, messages)

    monkeypatch.setattr(EmailBackend, "send_messages", fussy)

    assert send_digests() == 2
    assert DigestSent.objects.get(user=cast.marat).error
