"""States of appointed people and vacancies: counted in the database, the same as told one by one."""

import datetime
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from schools.appointing import vacancies
from schools.appointing.listing import search, spelt
from schools.appointing.states import STATE_BY_KEY, STATES, with_state
from schools.models import Appointment, Invitation, Municipality, School, User
from schools.scope import Level
from schools.visits import remember
from tests.conftest import Cast, make_school, make_user
from tests.habits import repeated
from tests.schools.appointing.people import accepted, appointed, mailed_link, person

pytestmark = pytest.mark.django_db
NOW = datetime.datetime(2026, 11, 24, 9, tzinfo=datetime.UTC)
TODAY = NOW.date()
DAY = datetime.timedelta(days=1)


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    """Stand on a morning; tests move the clock on."""
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def state_of(appointment: Appointment) -> str:
    """The state the database gives."""
    return str(with_state(Appointment.objects.filter(pk=appointment.pk)).get().state)


def test_states_are_a_list_without_repetitions() -> None:
    assert repeated(STATES, "key", "name", "rank") == []


# On the way in


def test_ladder_from_the_invitation_to_silence(cast: Cast, clock: time_machine.Traveller) -> None:
    found = []
    made = appointed(cast.marat, cast.sibling)
    found.append(state_of(made))
    client, _ = accepted(mailed_link())
    client.get("/profile/")
    found.append(state_of(made))
    clock.shift(DAY)
    client = Client()
    client.post("/login/", {"username": "elkina@school.example", "password": "берёза-над-рекой-7"})
    client.get("/profile/")
    found.append(state_of(made))
    clock.shift(14 * DAY)
    found.append(state_of(made))
    clock.shift(DAY)
    found.append(state_of(made))

    assert found == ["invited", "came", "active", "active", "away"]


@pytest.mark.parametrize(
    "facts, state",
    [
        ({}, "invited"),
        ({"delivery_error": "не дошло"}, "undelivered"),
        ({"expires_at": NOW - DAY}, "expired"),
        ({"expires_at": NOW}, "expired"),
        ({"withdrawn_at": NOW}, "not_invited"),
        ({"declined_at": NOW}, "declined"),
        ({"accepted_at": NOW}, "came"),
        ({"delivery_error": "не дошло", "expires_at": NOW - DAY}, "expired"),
    ],
)
def test_state_is_what_became_of_the_latest_invitation(cast: Cast, facts: dict[str, Any], state: str) -> None:
    made = appointed(cast.marat, cast.sibling)
    Invitation.objects.filter(appointment=made).update(**facts)

    assert state_of(made) == state


def test_person_active_elsewhere_is_invited_here_until_she_accepts(cast: Cast) -> None:
    made = appointed(cast.marat, cast.sibling)
    User.objects.filter(pk=made.user_id).update(seen_on=TODAY, first_seen_on=TODAY - 99 * DAY)

    before = state_of(made)
    Invitation.objects.update(accepted_at=NOW)

    assert (before, state_of(made)) == ("invited", "active")


@pytest.mark.parametrize(
    "seen, first, state",
    [
        (None, None, "not_invited"),
        (TODAY, TODAY, "came"),
        (TODAY - 14 * DAY, TODAY - 99 * DAY, "active"),
        (TODAY - 15 * DAY, TODAY - 99 * DAY, "away"),
        (TODAY - 15 * DAY, TODAY - 15 * DAY, "away"),
    ],
)
def test_who_was_never_invited_counts_by_visits(
    cast: Cast, seen: datetime.date | None, first: datetime.date | None, state: str
) -> None:
    User.objects.filter(pk=cast.sveta.pk).update(seen_on=seen, first_seen_on=first)

    assert state_of(cast.sveta.appointments.get()) == state


def test_ended_is_ended_whatever_else(cast: Cast) -> None:
    made = appointed(cast.marat, cast.sibling)
    Appointment.objects.filter(pk=made.pk).update(starts_on=TODAY - 9 * DAY, ends_on=TODAY - DAY)

    assert state_of(made) == "ended"


def test_those_who_need_a_word_stand_first() -> None:
    ranks = [
        STATE_BY_KEY[key].rank for key in ("undelivered", "declined", "expired", "not_invited", "invited", "active")
    ]

    assert ranks == sorted(ranks)


# Visits


def test_visit_is_written_once_a_day(cast: Cast, client_of: Callable[..., Client], clock: Any) -> None:
    client = client_of(cast.sveta)

    def updates() -> int:
        with CaptureQueriesContext(connection) as caught:
            client.get("/profile/")
        return sum("seen_on" in query["sql"] and query["sql"].startswith("UPDATE") for query in caught)

    counts = [updates(), updates(), updates()]
    clock.shift(11 * datetime.timedelta(hours=1))
    same_day = updates()
    clock.shift(4 * datetime.timedelta(hours=1))  # past midnight in Moscow; the session has ended, too
    client = client_of(cast.sveta)

    assert counts == [1, 0, 0]
    assert same_day == 0
    assert updates() == 1
    cast.sveta.refresh_from_db()
    assert (cast.sveta.first_seen_on, cast.sveta.seen_on) == (TODAY, TODAY + DAY)


def test_visitors_and_tokens_leave_no_visit(cast: Cast, token_of: Callable[..., dict[str, str]]) -> None:
    Client().get("/login/")
    Client().get("/api/v1/schools/", headers=token_of(cast.sveta))

    cast.sveta.refresh_from_db()
    assert cast.sveta.seen_on is None


def test_first_visit_of_all_has_the_steps_counted(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[Any] = []
    monkeypatch.setattr("schools.visits.jobs.tell_changed", lambda **facts: told.append(facts))

    for user in (cast.sveta, cast.marat, cast.sveta):
        remember(User.objects.get(pk=user.pk))

    region = cast.region.pk
    assert told == [{"school_id": cast.school.pk, "region_id": None}, {"school_id": None, "region_id": region}]


# Vacancies


def created(school: School, days_ago: int) -> School:
    """A school as if it had come to the portal so many days ago."""
    School.objects.filter(pk=school.pk).update(created_at=NOW - days_ago * DAY)
    return school


def test_school_is_vacant_since_the_last_one_left_or_since_it_came(cast: Cast) -> None:
    created(cast.sibling, 20)
    created(cast.cousin, 3)
    cast.sveta.appointments.update(starts_on=TODAY - 100 * DAY, ends_on=TODAY - 15 * DAY)
    created(cast.school, 300)

    found = vacancies.vacant(vacancies.schools_of(cast.nina))

    assert [(school.pk, vacancies.days_empty(school)) for school in found] == [
        (cast.sibling.pk, 20),
        (cast.school.pk, 15),
        (cast.cousin.pk, 3),
    ]
    assert [school.pk for school in vacancies.empty_for(found, 14)] == [cast.sibling.pk, cast.school.pk]


def test_day_after_the_last_day_is_the_first_without_anybody(cast: Cast, clock: time_machine.Traveller) -> None:
    cast.sveta.appointments.update(starts_on=TODAY - 100 * DAY, ends_on=TODAY)
    of_school = School.objects.filter(pk=cast.school.pk)

    today = vacancies.vacant(of_school).exists()
    clock.shift(DAY)

    assert not today
    assert vacancies.days_empty(vacancies.vacant(of_school).get()) == 1


def test_closed_schools_and_foreign_ones_are_no_vacancies(cast: Cast) -> None:
    School.objects.filter(pk=cast.sibling.pk).update(closed_on=TODAY - DAY)

    assert [school.pk for school in vacancies.vacant(vacancies.schools_of(cast.marat))] == []
    assert {school.pk for school in vacancies.vacant(vacancies.schools_of(cast.nina))} == {cast.cousin.pk}
    assert not vacancies.schools_of(cast.sveta).exists()
    assert not vacancies.schools_of(cast.observer).exists()


def test_one_who_is_yet_to_begin_leaves_the_school_vacant_today(cast: Cast) -> None:
    appointed(cast.marat, cast.sibling, starts_on=TODAY + 5 * DAY)

    assert [school.pk for school in vacancies.vacant(vacancies.schools_of(cast.marat))] == [cast.sibling.pk]


def test_municipalities_and_regions_without_coordinators(cast: Cast) -> None:
    Municipality.objects.create(region=cast.region, name="Район без школ")
    old = Appointment.objects.create(
        user=make_user("old"),
        level=Level.MUNICIPALITY,
        municipality=cast.other_municipality,
        starts_on=TODAY - 90 * DAY,
        ends_on=TODAY - 30 * DAY,
    )

    towns = vacancies.vacant(vacancies.municipalities_of(cast.nina))
    regions = vacancies.vacant(vacancies.regions_of(cast.root))

    assert [(town.pk, vacancies.days_empty(town)) for town in towns] == [(old.municipality_id, 30)]
    assert [(region.pk, vacancies.days_empty(region)) for region in regions] == [(cast.other_region.pk, None)]
    assert not vacancies.regions_of(cast.nina).exists()
    assert not vacancies.municipalities_of(cast.marat).exists()


def test_summary_counts_what_the_lists_hold(cast: Cast) -> None:
    created(cast.sibling, 40)
    created(cast.cousin, 3)
    lost = appointed(cast.nina, cast.school, person(1))
    Invitation.objects.filter(appointment=lost).update(delivery_error="не дошло")
    appointed(cast.nina, cast.school, person(2))
    User.objects.filter(pk=cast.sveta.pk).update(seen_on=TODAY)

    summary = vacancies.summary_of(cast.nina)

    assert (summary.schools, summary.empty_schools, summary.long_empty_schools, summary.longest_days) == (3, 2, 1, 40)
    assert (summary.empty_municipalities, summary.empty_regions) == (1, 0)
    assert (summary.appointed, summary.not_in, summary.need_word) == (4, 3, 2)  # Марат has not been here either
    assert not summary.is_calm


def test_summary_asks_as_much_for_ten_times_the_schools(cast: Cast, django_assert_max_num_queries: Any) -> None:
    with CaptureQueriesContext(connection) as few:
        vacancies.summary_of(User.objects.get(pk=cast.nina.pk))
    for number in range(20):
        school = make_school(cast.municipality, f"78100{number:02}", f"Школа № {number}")
        appointed(cast.nina, school, person(number)) if number % 2 else None

    with CaptureQueriesContext(connection) as many:
        vacancies.summary_of(User.objects.get(pk=cast.nina.pk))

    assert len(few) == len(many) <= 8


def test_calm_is_calm(cast: Cast) -> None:
    for user in (cast.marat, cast.sveta):
        User.objects.filter(pk=user.pk).update(seen_on=TODAY)
    School.objects.exclude(pk=cast.school.pk).delete()

    assert vacancies.summary_of(cast.marat).is_calm


# Searching


@pytest.mark.parametrize(
    "typed, found",
    [
        ("елкина", True),
        ("ЁЛКИНА", True),
        ("лкин", True),
        ("анна гимназия", True),
        ("780002", True),
        ("невский", False),
        ("114-од", True),
        ("elkina@", True),
        ("петровна ёлкина", True),
        ("иванова", False),
        ("(", False),
        ("[а-я]", False),
        (".*", False),
        ("'; --", False),
        ("%", False),
        ("а" * 500, False),
    ],
)
def test_search_finds_person_place_and_order_in_any_case(cast: Cast, typed: str, found: bool) -> None:
    made = appointed(cast.marat, cast.sibling)

    assert search(Appointment.objects.filter(pk=made.pk), typed).exists() is found


def test_search_has_no_dangerous_patterns() -> None:
    assert spelt("а.*") == "[Аа]\\.\\*"
    assert spelt("еж") == "[ЁЕеё][Жж]"


def test_district_is_found_by_its_coordinator(cast: Cast) -> None:
    assert search(Appointment.objects.all(), "невский").get() == cast.marat.appointments.get()
