"""REST × people × positions: own, sibling, cousin, foreign, non-existent; nothing leaks, nothing is denied."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from schools.models import Appointment, Municipality, School, StoredFile, User
from schools.scope import Level
from staff.models import StaffImport, StaffMember
from tests.conftest import Cast

Tokens = Callable[..., dict[str, str]]
SEEN_SCHOOLS = {
    "root": {"school", "sibling", "cousin", "foreign"},
    "observer": {"school", "sibling", "cousin", "foreign"},
    "nina": {"school", "sibling", "cousin"},
    "marat": {"school", "sibling"},
    "sveta": {"school"},
    "stranger": set(),
}
SEEN_PEOPLE = SEEN_SCHOOLS | {"observer": set()}  # the country sees figures, not people
SEEN_MUNICIPALITIES = {
    "root": {"municipality", "other_municipality", "foreign_municipality"},
    "observer": {"municipality", "other_municipality", "foreign_municipality"},
    "nina": {"municipality", "other_municipality"},
    "marat": {"municipality"},
    "sveta": set(),
    "stranger": set(),
}
SEEN_REGIONS = {
    "nina": {"region"},
    "root": {"region", "other_region"},
    "observer": {"region", "other_region"},
    "marat": set(),
    "sveta": set(),
    "stranger": set(),
}
SCHOOLS = ("school", "sibling", "cousin", "foreign")
PEOPLE = tuple(SEEN_SCHOOLS)


@pytest.fixture
def populated(cast: Cast) -> Cast:
    """Give every school a staff member and an upload whose texts name the school."""
    for name in SCHOOLS:
        school: School = getattr(cast, name)
        StaffMember.objects.create(
            school=school, last_name=f"Канарейкина-{name}", first_name="Анна", position=f"канарейка {name}"
        )
        file = StoredFile.objects.create(school=school, shown_name=f"канарейка-{name}.xlsx", size=1, sha256="0" * 64)
        StaffImport.objects.create(school=school, file=file)
    return cast


def ask(client: Client, path: str, headers: dict[str, str]) -> tuple[int, bytes]:
    """Status and whole body."""
    response = client.get(path, headers=headers)
    return response.status_code, response.getvalue()


@pytest.mark.parametrize("person", PEOPLE)
@pytest.mark.parametrize(
    "resource, names, seen",
    [
        ("regions", ("region", "other_region"), SEEN_REGIONS),
        ("municipalities", ("municipality", "other_municipality", "foreign_municipality"), SEEN_MUNICIPALITIES),
        ("schools", SCHOOLS, SEEN_SCHOOLS),
    ],
)
def test_place_is_served_within_sight_and_is_404_outside(
    cast: Cast, token_of: Tokens, person: str, resource: str, names: tuple[str, ...], seen: dict[str, set[str]]
) -> None:
    headers, client = token_of(cast.people[person]), Client()
    address = {name: getattr(cast, name) for name in names}
    paths = {
        n: f"/api/v1/{resource}/{place.code if resource == 'regions' else place.pk}/" for n, place in address.items()
    }

    answers = {name: ask(client, path, headers) for name, path in paths.items()}
    listed = client.get(f"/api/v1/{resource}/", headers=headers).json()
    nowhere = ask(client, f"/api/v1/{resource}/{'00' if resource == 'regions' else 999999}/", headers)

    assert {name for name, (status, _) in answers.items() if status == 200} == seen[person]
    assert {answer for name, answer in answers.items() if name not in seen[person]} <= {nowhere}
    assert nowhere[0] == 404
    expected = {address[name].pk for name in seen[person]}
    assert {row["id"] for row in listed["results"]} & {place.pk for place in address.values()} == expected


@pytest.mark.parametrize("person", PEOPLE)
@pytest.mark.parametrize("resource, model", [("staff", StaffMember), ("imports", StaffImport)])
def test_people_and_uploads_are_served_within_sight_and_are_404_outside(
    populated: Cast, token_of: Tokens, person: str, resource: str, model: type[StaffMember | StaffImport]
) -> None:
    headers, client = token_of(populated.people[person]), Client()
    ids = {name: model.objects.get(school=getattr(populated, name)).pk for name in SCHOOLS}

    answers = {name: ask(client, f"/api/v1/{resource}/{pk}/", headers) for name, pk in ids.items()}
    nowhere = ask(client, f"/api/v1/{resource}/999999/", headers)

    assert {name for name, (status, _) in answers.items() if status == 200} == SEEN_PEOPLE[person]
    assert {answer for name, answer in answers.items() if name not in SEEN_PEOPLE[person]} <= {nowhere}


@pytest.mark.parametrize("person", PEOPLE)
@pytest.mark.parametrize("form", ["json", "csv"])
def test_no_list_sings_with_a_foreign_canary(populated: Cast, token_of: Tokens, person: str, form: str) -> None:
    headers, client = token_of(populated.people[person]), Client()
    resources = ("regions", "municipalities", "schools", "staff", "imports", "indicators", "weeks", "ratings")

    texts = "".join(ask(client, f"/api/v1/{each}/?format={form}", headers)[1].decode() for each in resources)

    assert {name for name in SCHOOLS if f"-{name}" in texts or f"канарейка {name}" in texts} == SEEN_PEOPLE[person]


def test_foreign_filter_answers_as_a_non_existent_one(populated: Cast, token_of: Tokens) -> None:
    headers, client = token_of(populated.marat), Client()
    foreign, missing = populated.foreign.pk, 999999

    pairs = [
        (f"/api/v1/staff/?school={foreign}", f"/api/v1/staff/?school={missing}"),
        (f"/api/v1/imports/?school={foreign}", f"/api/v1/imports/?school={missing}"),
        ("/api/v1/schools/?region=47", "/api/v1/schools/?region=00"),
        (
            f"/api/v1/schools/?municipality={populated.foreign_municipality.pk}",
            f"/api/v1/schools/?municipality={missing}",
        ),
        ("/api/v1/schools/?code=470004", "/api/v1/schools/?code=999999"),
        ("/api/v1/schools/?search=470004", "/api/v1/schools/?search=999999"),
        ("/api/v1/staff/?search=Канарейкина-foreign", "/api/v1/staff/?search=Канарейкина-nobody"),
    ]

    for foreign_path, missing_path in pairs:
        assert ask(client, foreign_path, headers) == ask(client, missing_path, headers)


def test_the_world_outside_does_not_change_what_a_person_gets(populated: Cast, token_of: Tokens) -> None:
    headers, client = token_of(populated.sveta), Client()
    paths = [f"/api/v1/{each}/" for each in ("regions", "municipalities", "schools", "staff", "imports")]
    before = [ask(client, path, headers) for path in paths]

    StaffMember.objects.create(school=populated.sibling, last_name="Новая", first_name="Ольга")
    Municipality.objects.create(region=populated.region, name="Новый район")
    School.objects.filter(pk=populated.cousin.pk).update(short_name="Другое имя")

    assert [ask(client, path, headers) for path in paths] == before


def test_page_session_and_token_see_the_same(
    populated: Cast, token_of: Tokens, client_of: Callable[[User], Client]
) -> None:
    path = "/api/v1/staff/"

    by_token = ask(Client(), path, token_of(populated.marat))
    by_session = ask(client_of(populated.marat), path, {})

    assert by_token == by_session


def test_ended_appointment_closes_at_the_next_request(cast: Cast, token_of: Tokens) -> None:
    headers, client = token_of(cast.sveta), Client()
    path = f"/api/v1/schools/{cast.school.pk}/"
    assert ask(client, path, headers)[0] == 200

    yesterday = timezone.localdate() - dt.timedelta(days=1)
    Appointment.objects.filter(user=cast.sveta).update(starts_on=yesterday, ends_on=yesterday)

    assert ask(client, path, headers)[0] == 404


def test_a_school_that_moved_is_seen_by_its_new_municipality_at_once(cast: Cast, token_of: Tokens) -> None:
    headers, client = token_of(cast.marat), Client()
    path = f"/api/v1/schools/{cast.sibling.pk}/"
    assert ask(client, path, headers)[0] == 200

    School.objects.filter(pk=cast.sibling.pk).update(municipality=cast.other_municipality)

    assert ask(client, path, headers)[0] == 404


def test_school_directly_under_its_region_is_an_ordinary_school(cast: Cast, token_of: Tokens) -> None:
    direct = School.objects.create(code="780009", region=cast.region, short_name="Интернат", full_name="Интернат")
    person = User.objects.create_user("direct")
    Appointment.objects.create(user=person, level=Level.SCHOOL, school=direct)

    record = Client().get(f"/api/v1/schools/{direct.pk}/", headers=token_of(person)).json()

    assert record["municipality"] is None
    assert record["region"]["code"] == "78"


@pytest.mark.parametrize("method", ["put", "patch", "delete", "trace"])
@pytest.mark.parametrize("resource", ["regions", "municipalities", "schools", "staff", "imports", "weeks", "ratings"])
def test_odd_methods_are_refused(cast: Cast, client_of: Callable[[User], Client], method: str, resource: str) -> None:
    client = client_of(cast.root)

    response = client.generic(method.upper(), reverse(f"api-{resource}-list"))

    assert response.status_code == 405
    assert response["Content-Type"] == "application/problem+json"


def test_method_override_is_not_heard(cast: Cast, client_of: Callable[[User], Client]) -> None:
    client = client_of(cast.root)

    response = client.get("/api/v1/schools/", headers={"X-HTTP-Method-Override": "DELETE"})

    assert response.status_code == 200
    assert School.objects.count() == 4
