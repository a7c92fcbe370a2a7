"""A week confirmed from below: who may say what, what shows when data change, what a locked week refuses."""

import datetime
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from django.test import Client

from reports.confirming import ConfirmRefused, Subject, is_locked, may_say, open_rating, say
from reports.counting import count_week
from reports.hold_decisions import DecisionRefused, decide
from reports.models import Hold, Rating, RatingState, StaffActivity, Verdict, WeekConfirmation, Word
from reports.publishing import publish
from reports.reading.rows import zone_of
from reports.schedule import PREVIEW_HOLDS, preview_running_week
from reports.weeks import IsoWeek
from schools.models import Appointment
from schools.scope import Level
from staff.models import StaffMember
from tests.conftest import Cast
from tests.reports.test_holds import active, declare

pytestmark = pytest.mark.django_db
WEEK = IsoWeek(2026, 46)
THURSDAY = datetime.datetime(2026, 11, 12, 11, 5, tzinfo=datetime.UTC)


@pytest.fixture(autouse=True)
def clock(cast: Cast) -> Iterator[time_machine.Traveller]:
    """Thursday of WEEK, counted; the school's value is over the whole."""
    Appointment.objects.update(starts_on="2026-09-01")
    with time_machine.travel(THURSDAY, tick=False) as traveller:
        declare(cast.school, 20)
        active(cast.school, WEEK, 40)
        preview_running_week()
        yield traveller


def school(cast: Cast) -> Subject:
    """Света's school."""
    return Subject(Level.SCHOOL, cast.school)


def town(cast: Cast) -> Subject:
    """Марат's municipality."""
    return Subject(Level.MUNICIPALITY, cast.municipality)


def region(cast: Cast) -> Subject:
    """Нина's region."""
    return Subject(Level.REGION, cast.region)


@pytest.mark.parametrize(
    ("of", "word", "who"),
    [
        (school, Word.CONFIRMED, {"sveta"}),
        (school, Word.RETURNED, {"marat", "nina"}),
        (town, Word.CONFIRMED, {"marat"}),
        (town, Word.RETURNED, {"nina"}),
        (region, Word.CONFIRMED, set()),
        (region, Word.LOCKED, {"nina"}),
        (region, Word.EXCEPTION, {"nina"}),
        (town, Word.LOCKED, set()),
    ],
)
def test_each_says_what_is_theirs_to_say(cast: Cast, of: Any, word: int, who: set[str]) -> None:
    assert {name for name, user in cast.people.items() if may_say(of(cast), word, user)} == who
    with pytest.raises(PermissionError):
        say(of(cast), word=word, comment="так", by=cast.observer)


def test_confirmed_then_returned_then_confirmed_is_all_kept(cast: Cast) -> None:
    say(school(cast), word=Word.CONFIRMED, comment="", by=cast.sveta)
    say(school(cast), word=Word.RETURNED, comment="нет 6Б", by=cast.marat)
    with pytest.raises(ConfirmRefused, match="только то, что подтверждено"):
        say(school(cast), word=Word.RETURNED, comment="нет 6Б", by=cast.marat)
    say(school(cast), word=Word.CONFIRMED, comment="", by=cast.sveta)

    assert list(WeekConfirmation.objects.order_by("id").values_list("word", "said_by")) == [
        (Word.CONFIRMED, cast.sveta.pk),
        (Word.RETURNED, cast.marat.pk),
        (Word.CONFIRMED, cast.sveta.pk),
    ]


def test_data_changed_afterwards_show(
    cast: Cast, clock: time_machine.Traveller, client_of: Callable[..., Client]
) -> None:
    say(school(cast), word=Word.CONFIRMED, comment="", by=cast.sveta)
    address = f"/municipalities/{cast.municipality.pk}/preview/"
    page = client_of(cast.marat).get(address).content.decode()
    assert ("изменилось после подтверждения" in page, "Подтвердили: 1" in page) == (False, True)
    StaffMember.objects.create(school=cast.school, last_name="Новая", first_name="Анна", hired_on="2026-11-01")
    clock.shift(PREVIEW_HOLDS + datetime.timedelta(minutes=1))
    preview_running_week()

    page = client_of(cast.marat).get(address).content.decode()

    assert ("изменилось после подтверждения" in page, "Подтвердили: 0" in page) == (True, True)


def test_activity_that_grows_takes_no_confirmation_away(
    cast: Cast, clock: time_machine.Traveller, client_of: Callable[..., Client]
) -> None:
    say(school(cast), word=Word.CONFIRMED, comment="", by=cast.sveta)
    StaffActivity.objects.filter(staff=cast.school.told[0]).delete()  # type: ignore[attr-defined]
    clock.shift(PREVIEW_HOLDS + datetime.timedelta(minutes=1))
    preview_running_week()

    page = client_of(cast.marat).get(f"/municipalities/{cast.municipality.pk}/preview/").content.decode()

    assert "Подтвердили: 1" in page


def test_locked_week_refuses_until_an_exception_with_a_reason(cast: Cast) -> None:
    hold = Hold.objects.get()
    say(region(cast), word=Word.LOCKED, comment="", by=cast.nina)

    with pytest.raises(ConfirmRefused, match="закрыл неделю"):
        say(school(cast), word=Word.CONFIRMED, comment="", by=cast.sveta)
    with pytest.raises(DecisionRefused, match="закрыл"):
        decide(hold, verdict=Verdict.RIGHT, comment="сверили", by=cast.marat)
    with pytest.raises(ConfirmRefused, match="Напишите"):
        say(region(cast), word=Word.EXCEPTION, comment=" ", by=cast.nina)
    say(region(cast), word=Word.EXCEPTION, comment="опоздала выгрузка", by=cast.nina)

    assert not is_locked(WEEK.number, cast.region.pk)
    say(school(cast), word=Word.CONFIRMED, comment="", by=cast.sveta)
    decide(hold, verdict=Verdict.RIGHT, comment="сверили", by=cast.marat)


def test_exception_is_listed_for_those_below(cast: Cast, client_of: Callable[..., Client]) -> None:
    say(region(cast), word=Word.LOCKED, comment="", by=cast.nina)
    say(region(cast), word=Word.EXCEPTION, comment="опоздала выгрузка", by=cast.nina)

    page = client_of(cast.sveta).get(f"/schools/{cast.school.pk}/preview/").content.decode()

    assert "опоздала выгрузка" in page


def test_publication_waits_for_nobody(cast: Cast, clock: time_machine.Traveller) -> None:
    say(region(cast), word=Word.LOCKED, comment="", by=cast.nina)
    clock.move_to(WEEK.closes_at + datetime.timedelta(hours=5))

    assert publish(count_week(WEEK)).state == RatingState.PUBLISHED


def test_recount_past_a_lock_is_on_record_as_an_exception(cast: Cast, clock: time_machine.Traveller) -> None:
    clock.move_to(WEEK.closes_at + datetime.timedelta(hours=5))
    publish(count_week(WEEK))
    say(region(cast), word=Word.LOCKED, comment="", by=cast.nina)
    other = WeekConfirmation.objects.get()
    other.pk, other.region = None, cast.other_region
    other.save()

    publish(count_week(WEEK, reason="проверка"), by=cast.root)
    untouched = is_locked(WEEK.number, cast.region.pk)
    declare(cast.school, 25)
    publish(count_week(WEEK, reason="уточнена численность"), by=cast.root)

    said = WeekConfirmation.objects.latest("id")
    assert untouched
    assert (said.word, said.region, said.said_by) == (Word.EXCEPTION, cast.region, cast.root)
    assert said.comment == "Пересчёт, редакция 2: уточнена численность"
    assert is_locked(WEEK.number, cast.other_region.pk)
    assert not is_locked(WEEK.number, cast.region.pk)


def test_week_just_over_is_spoken_of_until_ten_on_monday(cast: Cast, clock: time_machine.Traveller) -> None:
    zone = zone_of(cast.region)
    monday = WEEK.closes_at
    clock.move_to(monday + datetime.timedelta(hours=5))
    rating = publish(count_week(WEEK))
    preview_running_week()

    assert open_rating(zone, monday + datetime.timedelta(hours=9, minutes=59)) == rating
    after = open_rating(zone, monday + datetime.timedelta(hours=10))
    assert after == Rating.objects.get(week=WEEK.shift(1).number)


def test_forms_confirm_return_and_say_what_is_wrong(cast: Cast, client_of: Callable[..., Client]) -> None:
    address = f"/confirmations/school/{cast.school.pk}/"

    assert client_of(cast.sveta).post(address, {"word": "confirm"}).status_code == 302
    assert client_of(cast.sveta).post(address, {"word": "return", "comment": "так"}).status_code == 403
    assert client_of(cast.sveta).post(address, {"word": "nonsense"}).status_code == 403
    refused = client_of(cast.marat).post(address, {"word": "return", "back": "above"})
    assert (refused.status_code, "Напишите, почему" in refused.content.decode()) == (422, True)
    sent = client_of(cast.marat).post(address, {"word": "return", "back": "above", "comment": "нет 6Б"})
    assert sent["Location"] == f"/municipalities/{cast.municipality.pk}/preview/#confirmation"
    assert "нет 6Б" in client_of(cast.sveta).get(f"/schools/{cast.school.pk}/preview/").content.decode()
