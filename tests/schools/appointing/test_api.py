"""REST of appointments: who sees and appoints what, by session and by token; results of a list; nothing leaks."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from schools.models import Appointment, Invitation, InvitationBatch, User
from schools.scope import Level
from tests.conftest import Cast, ClientOf, make_school
from tests.schools.appointing.people import ANNA, accepted, appointed, mailed_link, person, send_all

pytestmark = pytest.mark.django_db
URL = "/api/v1/appointments/"
Tokens = Callable[..., dict[str, str]]
BODY = {"last_name": "Ёлкина", "first_name": "Анна", "email": "elkina@school.example"}
DAY = datetime.timedelta(days=1)


def post(headers: dict[str, str], path: str, body: Any) -> Any:
    """Send JSON with a token."""
    return Client().post(path, body, content_type="application/json", headers=headers)


@pytest.fixture
def mayor(cast: Cast, token_of: Tokens) -> dict[str, str]:
    """Марат's token that appoints."""
    return token_of(cast.marat, appoints=True)


def test_appointing_gives_the_record_and_sends_the_letter(cast: Cast, mayor: dict[str, str]) -> None:
    body = BODY | {"school": "780002", "phone": "8 900 000-31-77", "order_number": "114-ОД", "order_on": "2026-09-04"}

    answer = post(mayor, URL, body)
    send_all()

    record = answer.json()
    made = cast.sibling.appointments.get()
    assert answer.status_code == 201
    assert answer["Location"].endswith(f"{URL}{made.pk}/")
    assert record["school"] == {"id": cast.sibling.pk, "code": "780002", "name": "Гимназия № 2"}
    assert record["person"] == {
        "last_name": "Ёлкина", "first_name": "Анна", "patronymic": "", "phone": "+7 *** ***-31-77",
    }  # fmt: skip
    assert (record["level"], record["state"], record["email"]) == ("school", "invited", "e***@school.example")
    assert (record["order_number"], record["order_on"], record["seen_on"]) == ("114-ОД", "2026-09-04", None)
    assert record["starts_on"] == timezone.localdate().isoformat()
    assert [letter.to for letter in mail.outbox] == [["elkina@school.example"]]


def test_region_appoints_a_coordinator_of_a_municipality(cast: Cast, token_of: Tokens) -> None:
    answer = post(token_of(cast.nina, appoints=True), URL, BODY | {"municipality": cast.municipality.pk})

    assert answer.status_code == 201
    assert answer.json()["municipality"]["name"] == "Невский район"


@pytest.mark.parametrize("flags", [{}, {"loads_staff": True, "loads_activity": True}])
def test_token_without_the_right_only_reads(cast: Cast, token_of: Tokens, flags: dict[str, bool]) -> None:
    headers = token_of(cast.marat, **flags)
    pk = cast.sveta.appointments.get().pk

    answers = [
        post(headers, URL, BODY | {"school": "780002"}),
        post(headers, f"{URL}bulk/", [BODY | {"school": "780002"}]),
        post(headers, f"{URL}{pk}/end/", {}),
    ]

    assert [answer.status_code for answer in answers] == [403] * 3
    assert Client().get(URL, headers=headers).status_code == 200
    assert not cast.sibling.appointments.exists()


def test_session_needs_its_token_of_the_form(cast: Cast, client_of: ClientOf) -> None:
    by_session = client_of(cast.marat).post(URL, BODY | {"school": "780002"}, content_type="application/json")
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(cast.marat, backend="schools.login.LoginOrEmailBackend")
    forged = strict.post(URL, BODY | {"school": "780001"}, content_type="application/json")

    assert (by_session.status_code, forged.status_code) == (201, 403)


@pytest.mark.parametrize(
    "name, place, status",
    [
        ("marat", {"school": "780003"}, 400),
        ("marat", {"school": "470004"}, 400),
        ("marat", {"municipality": "own"}, 403),
        ("marat", {"region": "78"}, 400),
        ("nina", {"region": "78"}, 403),
        ("nina", {"region": "47"}, 400),
        ("nina", {"school": "470004"}, 400),
        ("sveta", {"school": "780001"}, 403),
        ("observer", {"school": "780001"}, 403),
        ("observer", {"region": "78"}, 403),
        ("stranger", {"school": "780001"}, 400),
        ("root", {"region": "78"}, 201),
    ],
)
def test_nobody_appoints_above_or_beside_oneself(
    cast: Cast, token_of: Tokens, name: str, place: dict[str, Any], status: int
) -> None:
    place = {"municipality": cast.municipality.pk} if "municipality" in place else place
    before = Appointment.objects.count()

    answer = post(token_of(cast.people[name], appoints=True), URL, BODY | place)

    assert answer.status_code == status, answer.content.decode()
    assert (Appointment.objects.count() > before) is (status == 201)


def test_foreign_place_answers_as_one_that_is_not_there(cast: Cast, mayor: dict[str, str]) -> None:
    foreign = post(mayor, URL, BODY | {"school": "470004"})
    missing = post(mayor, URL, BODY | {"school": "999999"})

    assert (foreign.status_code, foreign.content) == (missing.status_code, missing.content)


@pytest.mark.parametrize(
    "body, field",
    [
        ({"school": "780002", "email": "не адрес"}, "email"),
        ({"school": "780002", "phone": "12"}, "phone"),
        ({"school": "780002", "first_name": "4"}, "first_name"),
        ({"school": "780002", "last_name": ""}, "last_name"),
        ({"school": "780002", "last_name": "Elkina"}, "last_name"),
        ({"school": "780002", "first_name": "Anna"}, "first_name"),
        ({"school": "780002", "patronymic": "Petrovna"}, "patronymic"),
        ({"school": "780002", "order_on": "2062-09-04"}, "order_on"),
        ({"school": "780002", "starts_on": "вчера"}, "starts_on"),
        ({"school": "780002", "level": 2}, "level"),
        ({"school": "780002", "user": 1}, "user"),
        ({"school": "780002", "state": "active"}, "state"),
        ({"school": "780002", "appointed_by": 1}, "appointed_by"),
        ({}, "non_field_errors"),
        ({"school": "780002", "region": "78"}, "non_field_errors"),
    ],
)
def test_wrong_body_names_its_field(cast: Cast, mayor: dict[str, str], body: dict[str, Any], field: str) -> None:
    answer = post(mayor, URL, BODY | body)

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == field
    assert not cast.sibling.appointments.exists()


def test_second_appointing_of_one_person_is_a_conflict(cast: Cast, mayor: dict[str, str]) -> None:
    post(mayor, URL, BODY | {"school": "780002"})

    answer = post(mayor, URL, BODY | {"school": "780002"})

    assert answer.status_code == 409
    assert "уже назначен" in answer.json()["detail"]


# Ending


def test_ending_today_or_on_a_day(cast: Cast, mayor: dict[str, str]) -> None:
    pk = cast.sveta.appointments.get().pk
    day = timezone.localdate()

    later = post(mayor, f"{URL}{pk}/end/", {"ends_on": (day + 9 * DAY).isoformat()}).json()
    today = post(mayor, f"{URL}{pk}/end/", {}).json()
    early = post(mayor, f"{URL}{pk}/end/", {"ends_on": "2020-01-01"})
    alien = post(mayor, f"{URL}{pk}/end/", {"starts_on": "2020-01-01"})

    assert (later["ends_on"], today["ends_on"]) == ((day + 9 * DAY).isoformat(), day.isoformat())
    assert (early.status_code, alien.status_code) == (409, 400)


@pytest.mark.parametrize("name, status", [("sveta", 403), ("observer", 404), ("stranger", 404), ("nina", 200)])
def test_ending_is_for_those_above(cast: Cast, token_of: Tokens, name: str, status: int) -> None:
    pk = cast.sveta.appointments.get().pk

    answer = post(token_of(cast.people[name], appoints=True), f"{URL}{pk}/end/", {})

    assert answer.status_code == status


# A list


def test_list_is_appointed_one_by_one_and_each_has_its_result(cast: Cast, mayor: dict[str, str]) -> None:
    rows = [
        BODY | {"school": "780002"},
        BODY | {"school": "780002"},
        BODY | {"school": "470004", "email": "b@x.example"},
        BODY | {"school": "780001", "email": "c@x.example"},
        {"school": "780001"},
        "мусор",
        BODY | {"municipality": cast.municipality.pk},
    ]

    answer = post(mayor, f"{URL}bulk/", rows)
    send_all()

    results = answer.json()["results"]
    assert answer.status_code == 200
    assert [bool(each["id"]) for each in results] == [True, False, False, True, False, False, False]
    assert [each["index"] for each in results] == list(range(7))
    assert "уже назначен" in results[1]["error"]
    assert "Такого места нет" in results[2]["error"]
    assert all(each["error"] for each in results if not each["id"])
    assert sorted(letter.to[0] for letter in mail.outbox) == ["c@x.example", "elkina@school.example"]
    assert InvitationBatch.objects.count() == 1


@pytest.mark.parametrize("body", [[], {}, "x", [BODY] * 201])
def test_list_that_is_none_is_refused(cast: Cast, mayor: dict[str, str], body: Any) -> None:
    assert post(mayor, f"{URL}bulk/", body).status_code == 400
    assert not InvitationBatch.objects.exists()


# Reading


SEEN = {
    "root": {"nina", "marat", "sveta", "observer", "school", "sibling", "cousin", "foreign"},
    "nina": {"nina", "marat", "sveta", "school", "sibling", "cousin"},
    "marat": {"marat", "sveta", "school", "sibling"},
    "sveta": {"sveta", "school"},
    "observer": set(),
    "stranger": set(),
}


@pytest.mark.parametrize("name", SEEN)
@pytest.mark.parametrize("form", ["json", "csv", "xlsx"])
def test_everyone_reads_ones_own_places(cast: Cast, token_of: Tokens, name: str, form: str) -> None:
    for where in ("school", "sibling", "cousin", "foreign"):
        appointed(cast.root, getattr(cast, where), person(last_name=f"Канарейкина{where.title()}", email=""))
    people = {"nina": "Nina", "marat": "Marat", "sveta": "Sveta", "observer": "Observer"}
    marks = people | {where: f"Канарейкина{where.title()}" for where in ("school", "sibling", "cousin", "foreign")}
    headers = token_of(cast.people[name])

    answer = Client().get(f"{URL}?format={form}", headers=headers)

    assert answer.status_code == 200
    if form != "xlsx":
        body = answer.getvalue().decode()
        assert {mark for mark, text in marks.items() if text in body} == SEEN[name]


def test_filters(cast: Cast, token_of: Tokens) -> None:
    gone = appointed(cast.nina, cast.cousin, person(1))
    day = timezone.localdate()
    Appointment.objects.filter(pk=gone.pk).update(starts_on=day - 9 * DAY, ends_on=day - DAY)
    waiting = appointed(cast.nina, cast.sibling)
    headers = token_of(cast.nina)
    sveta, marat, nina = (user.appointments.get().pk for user in (cast.sveta, cast.marat, cast.nina))
    long_ago = "2020-01-01T00:00:00Z"
    Appointment.objects.filter(pk__in=[sveta, marat, nina]).update(updated_at=long_ago)

    def found(query: str) -> set[int]:
        answer = Client().get(f"{URL}?{query}", headers=headers)
        assert answer.status_code == 200, answer.content.decode()
        return {row["id"] for row in answer.json()["results"]}

    assert found("region=78") == {sveta, marat, nina, gone.pk, waiting.pk}
    assert found("region=47") == set()
    assert found(f"municipality={cast.municipality.pk}") == {sveta, marat, waiting.pk}
    assert found(f"school={cast.sibling.pk}") == {waiting.pk}
    assert found("level=municipality") == {marat}
    assert found("state=invited") == {waiting.pk}
    assert found("state=ended") == {gone.pk}
    assert found("active=false") == {gone.pk}
    assert found("active=true") == {sveta, marat, nina, waiting.pk}
    assert found("search=елкина") == {waiting.pk}
    assert found("updated_since=2021-01-01T00:00:00Z") == {gone.pk, waiting.pk}
    for wrong in ("state=nonsense", "level=5", "nonsense=1", "school=abc", "updated_since=вчера"):
        assert Client().get(f"{URL}?{wrong}", headers=headers).status_code == 400, wrong


def test_change_is_seen_by_those_who_sync(cast: Cast, mayor: dict[str, str]) -> None:
    Appointment.objects.update(updated_at="2020-01-01T00:00:00Z")
    pk = cast.sveta.appointments.get().pk

    post(mayor, f"{URL}{pk}/end/", {})

    answer = Client().get(f"{URL}?updated_since=2021-01-01T00:00:00Z", headers=mayor)
    assert [row["id"] for row in answer.json()["results"]] == [pk]


def test_visits_elsewhere_are_not_told_before_the_link_is_accepted(cast: Cast, mayor: dict[str, str]) -> None:
    made = appointed(cast.marat, cast.sibling)
    User.objects.filter(pk=made.user_id).update(seen_on=timezone.localdate())

    before = Client().get(f"{URL}{made.pk}/", headers=mayor).json()
    accepted(mailed_link())
    after = Client().get(f"{URL}{made.pk}/", headers=mayor).json()

    assert (before["state"], before["seen_on"]) == ("invited", None)
    assert after["email"] == "e***@school.example"
    assert ANNA.email not in str(before) + str(after)


def test_number_of_queries_does_not_grow_with_rows(cast: Cast, token_of: Tokens) -> None:
    headers = token_of(cast.nina)

    def asked(form: str) -> int:
        with CaptureQueriesContext(connection) as caught:
            Client().get(f"{URL}?format={form}", headers=headers).getvalue()
        return len(caught)

    asked("json")  # the first request writes down that the token is used
    few = {form: asked(form) for form in ("json", "csv")}
    for number in range(20):
        appointed(cast.nina, make_school(cast.municipality, f"7830{number:02}", f"Школа № {number}"), person(number))

    assert {form: asked(form) for form in ("json", "csv")} == few


def test_deactivated_coordinator_appoints_nobody_at_the_next_request(cast: Cast, mayor: dict[str, str]) -> None:
    User.objects.filter(pk=cast.marat.pk).update(is_active=False)

    assert post(mayor, URL, BODY | {"school": "780002"}).status_code == 401
    assert Appointment.objects.filter(level=Level.SCHOOL).count() == 1
    assert not Invitation.objects.exists()
