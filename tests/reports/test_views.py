"""Pages of places and ratings: who opens what, what they say, and that nothing of another's place shows through."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from reports.models import ActivityCoverage, ActivityLoad, RatingState, StaffActivity
from schools.models import Appointment, School, User
from schools.scope import Level
from staff.models import StaffAccount, StaffMember

MakeWeek = Callable[..., Any]
ClientOf = Callable[[User | None], Client]


@pytest.fixture
def counted(cast: Any, weeks_made: MakeWeek) -> Any:
    """Two published weeks of the cast's four schools."""
    for week, active in (("2026-W45", 20), ("2026-W46", 32)):
        rating = weeks_made(
            {
                cast.school: {"active": active},
                cast.sibling: {"active": 0},
                cast.cousin: {},
                cast.foreign: {"active": 7},
            },
            week,
        )
    return rating


def make_teacher(school: School, last_name: str) -> StaffMember:
    """Save a teacher with a confirmed profile on Сферум."""
    who = {"last_name": last_name, "first_name": "Анна", "hired_on": "2026-09-01"}
    person = StaffMember.objects.create(school=school, is_teacher=True, **who)
    StaffAccount.objects.create(
        staff=person, school=school, platform=1, is_teacher=True, profile_on="2026-09-01", confirmed_on="2026-09-02"
    )
    return person


@pytest.mark.parametrize(
    "name, address",
    [
        ("root", "/country/"),
        ("observer", "/country/"),
        ("nina", "/regions/78/"),
        ("marat", "/municipalities/{municipality}/"),
        ("sveta", "/schools/{school}/"),
    ],
)
def test_one_lands_on_ones_own_place(cast: Any, client_of: ClientOf, name: str, address: str) -> None:
    client = client_of(cast.people[name])

    response = client.get("/")

    assert response.headers["Location"] == address.format(municipality=cast.municipality.pk, school=cast.school.pk)


def test_without_an_appointment_one_is_told_who_opens_access(cast: Any, client_of: ClientOf) -> None:
    client = client_of(cast.stranger)

    page = client.get("/").content.decode()

    assert "назначает координатор муниципалитета" in page


def test_with_two_appointments_one_chooses(cast: Any, client_of: ClientOf) -> None:
    Appointment.objects.create(user=cast.sveta, level=Level.SCHOOL, school=cast.cousin)

    page = client_of(cast.sveta).get("/").content.decode()

    assert f"/schools/{cast.school.pk}/" in page
    assert f"/schools/{cast.cousin.pk}/" in page


@pytest.mark.parametrize(
    "address, seen_by",
    [
        ("/country/", {"root", "observer", "nina"}),
        ("/regions/78/", {"root", "observer", "nina"}),
        ("/regions/47/", {"root", "observer"}),
        ("/municipalities/{nevsky}/", {"root", "observer", "nina", "marat"}),
        ("/municipalities/{central}/", {"root", "observer", "nina"}),
        ("/schools/{school}/", {"root", "observer", "nina", "marat", "sveta"}),
        ("/schools/{sibling}/", {"root", "observer", "nina", "marat"}),
        ("/schools/{foreign}/", {"root", "observer"}),
        ("/places/country/0/indicators/staff_active/", {"root", "observer", "nina"}),
        ("/places/country/5/indicators/staff_active/", set()),
        ("/places/region/{region}/indicators/staff_active/", {"root", "observer", "nina"}),
        ("/places/municipality/{nevsky}/indicators/staff_active/", {"root", "observer", "nina", "marat"}),
        ("/places/school/{school}/indicators/staff_active/", {"root", "observer", "nina", "marat", "sveta"}),
        ("/places/school/{sibling}/indicators/staff_active/", {"root", "observer", "nina", "marat"}),
        ("/places/school/{school}/indicators/nonsense/", set()),
        ("/places/planet/1/indicators/staff_active/", set()),
        ("/ratings/", {"root", "observer", "nina", "marat", "sveta"}),
        ("/ratings/?level=region", {"root", "observer", "nina"}),
        ("/ratings/?level=municipality", {"root", "observer", "nina", "marat"}),
        ("/jobs/", {"root", "observer", "nina", "marat", "sveta"}),
        ("/indicators/", {"root", "observer", "nina", "marat", "sveta", "stranger"}),
        ("/search/", {"root", "observer", "nina", "marat", "sveta", "stranger"}),
    ],
)
def test_what_is_out_of_sight_is_not_there(
    cast: Any, counted: Any, client_of: ClientOf, address: str, seen_by: set[str]
) -> None:
    places = {
        "nevsky": cast.municipality.pk,
        "central": cast.other_municipality.pk,
        "school": cast.school.pk,
        "sibling": cast.sibling.pk,
        "foreign": cast.foreign.pk,
        "region": cast.region.pk,
    }

    statuses = {name: client_of(user).get(address.format(**places)).status_code for name, user in cast.people.items()}

    assert statuses == {name: 200 if name in seen_by else 404 for name in cast.people}


def test_a_foreign_place_answers_as_one_that_is_not_there(cast: Any, counted: Any, client_of: ClientOf) -> None:
    client = client_of(cast.sveta)

    foreign, missing = (impersonal(client, f"/schools/{pk}/") for pk in (cast.foreign.pk, 10**9))

    assert foreign == missing


def impersonal(client: Client, address: str) -> str:
    """The page without its own address and without the one-time tokens of its forms."""
    page = client.get(address).content.decode().replace(address, "")
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page)


@pytest.mark.parametrize("name", ["nina", "marat", "sveta"])
def test_no_page_names_a_foreign_school(cast: Any, counted: Any, client_of: ClientOf, name: str) -> None:
    School.objects.filter(pk=cast.foreign.pk).update(short_name="КАНАРЕЙКА", name_key="канарейка")
    client = client_of(cast.people[name])
    addresses = ["/country/", "/regions/78/", "/ratings/", "/ratings/?level=school&region=47", "/search/?q=канарейка"]

    pages = [client.get(address).content.decode() for address in addresses]

    assert not any("КАНАРЕЙКА" in page for page in pages)


def test_a_visitor_is_asked_to_sign_in(cast: Any, client_of: ClientOf) -> None:
    client = client_of(None)

    response = client.get("/regions/78/")

    assert response.headers["Location"] == "/login/?next=/regions/78/"


def test_a_region_says_how_it_is_and_who_is_silent(cast: Any, counted: Any, client_of: ClientOf) -> None:
    client = client_of(cast.nina)

    page = client.get("/regions/78/").content.decode()

    assert "В чатах за неделю писали <b>53,3\u00a0%</b> педагогов — больше, чем на прошлой" in page
    assert "Гимназия №\u00a02" in page


def test_a_region_of_which_nothing_was_delivered_has_no_data_and_no_zero(
    cast: Any, weeks_made: MakeWeek, client_of: ClientOf
) -> None:
    weeks_made({cast.school: {"active": None, "uses": None}})

    page = client_of(cast.nina).get("/regions/78/").content.decode()

    assert "данных за эту неделю нет" in page
    assert "0,0\u00a0%" not in page


def test_few_teachers_are_told_without_percent_and_place(cast: Any, weeks_made: MakeWeek, client_of: ClientOf) -> None:
    weeks_made({cast.school: {"declared_teachers": 4, "active": 3}, cast.sibling: {}})

    page = client_of(cast.marat).get("/ratings/?level=school").content.decode()

    assert "3 из\u00a04" in page
    assert "75,0" not in page


def test_the_names_of_the_silent_are_for_those_who_see_staff(cast: Any, counted: Any, client_of: ClientOf) -> None:
    silent, speaking = make_teacher(cast.school, "Молчанова"), make_teacher(cast.school, "Говорова")
    StaffActivity.objects.create(
        week=202646, platform=1, school=cast.school, staff=speaking, is_teacher=True, messages=3
    )
    cover(cast.school)
    address = f"/places/school/{cast.school.pk}/indicators/staff_active/"

    pages = {name: client_of(cast.people[name]).get(address).content.decode() for name in ("sveta", "nina", "observer")}

    assert {name: silent.last_name in page for name, page in pages.items()} == {
        "sveta": True,
        "nina": True,
        "observer": False,
    }
    assert not any(speaking.last_name in page for page in pages.values())


def test_without_a_delivery_nobody_is_called_silent(cast: Any, counted: Any, client_of: ClientOf) -> None:
    person = make_teacher(cast.school, "Неизвестная")

    page = client_of(cast.sveta).get(f"/places/school/{cast.school.pk}/indicators/staff_active/").content.decode()

    assert "сказать нельзя" in page
    assert person.last_name not in page


def test_htmx_gets_the_drawer_alone(cast: Any, counted: Any, client_of: ClientOf) -> None:
    client = client_of(cast.nina)

    page = client.get(f"/places/region/{cast.region.pk}/indicators/staff_active/", headers={"HX-Request": "true"})

    assert page.content.decode().lstrip().startswith('<aside class="drawer"')


def test_a_second_revision_says_why_and_what_changed(cast: Any, weeks_made: MakeWeek, client_of: ClientOf) -> None:
    weeks_made({cast.school: {"active": 20}}, state=RatingState.SUPERSEDED)
    weeks_made({cast.school: {"active": 30}}, revision=2)

    page = client_of(cast.marat).get("/ratings/?level=school").content.decode()

    assert "поправлена выгрузка" in page
    assert "50,0\u00a0%, место 1" in page


def test_a_week_nobody_counted_is_an_empty_page_with_a_way_out(cast: Any, counted: Any, client_of: ClientOf) -> None:
    client = client_of(cast.nina)

    page = client.get("/regions/78/?week=2020-W10").content.decode()

    assert "данных ещё нет" in page


def test_a_draft_is_called_preliminary(cast: Any, weeks_made: MakeWeek, client_of: ClientOf) -> None:
    weeks_made({cast.school: {}}, state=RatingState.DRAFT)

    page = client_of(cast.nina).get("/regions/78/").content.decode()

    assert "Предварительно" in page


def test_an_empty_school_is_asked_for_its_list_first(cast: Any, counted: Any, client_of: ClientOf) -> None:
    client = client_of(cast.sveta)

    page = client.get(f"/schools/{cast.school.pk}/").content.decode()

    assert "Внесите список сотрудников" in page
    assert f"/schools/{cast.school.pk}/staff/upload/" in page


def test_an_observer_is_given_no_door_to_staff(cast: Any, counted: Any, client_of: ClientOf) -> None:
    client = client_of(cast.observer)

    page = client.get(f"/schools/{cast.school.pk}/").content.decode()

    assert f"/schools/{cast.school.pk}/staff/" not in page


def test_search_finds_within_sight_only(cast: Any, client_of: ClientOf) -> None:
    client = client_of(cast.marat)

    page = client.get("/search/?q=№").content.decode()

    assert f'href="/schools/{cast.sibling.pk}/"' in page
    assert f'href="/schools/{cast.cousin.pk}/"' not in page


def test_passports_are_no_secret(cast: Any, client_of: ClientOf) -> None:
    client = client_of(None)

    pages = [client.get(f"/indicators/{path}").status_code for path in ("", "r210_10/", "staff_active/", "nonsense/")]

    assert pages == [200, 200, 200, 404]


def cover(school: School) -> None:
    """Say that the school's activity of the week was delivered."""
    load = ActivityLoad.objects.create(week=202646, platform=1, school=school, source="проверка")
    ActivityCoverage.objects.create(week=202646, platform=1, school=school, load=load)


@pytest.mark.parametrize("address", ["/country/", "/ratings/?level=school", "/regions/78/"])
def test_weeks_that_were_published_are_read_for_the_first_reader_only(
    counted: Any, cast: Any, client_of: ClientOf, address: str
) -> None:
    client = client_of(cast.nina)

    pages, asked = [], []
    for _ in range(2):
        with CaptureQueriesContext(connection) as queries:
            pages.append(client.get(address).content.decode().split("<main")[1])
        asked.append([query["sql"] for query in queries if "reports_ratingrow" in query["sql"]])

    assert pages[0] == pages[1]
    assert len(asked[1]) < len(asked[0])


def test_a_page_asks_once_what_its_reader_is_appointed_to(counted: Any, cast: Any, client_of: ClientOf) -> None:
    client = client_of(cast.marat)
    client.get("/")  # the first page of a day also writes down that one came in

    with CaptureQueriesContext(connection) as queries:
        client.get(f"/municipalities/{cast.municipality.pk}/")

    asked = [query["sql"] for query in queries if '"schools_appointment"."user_id"' in query["sql"]]
    assert len(asked) == 1
