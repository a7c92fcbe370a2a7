"""The page of the shortest path: whom it names, what place it promises, and that it is no probe of neighbours."""

import re
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from django.http import QueryDict

from reports.indicators import COMPOSITE, INDICATOR_BY_KEY, MAIN_INDICATOR
from reports.models import Rating, RatingRow
from reports.reading import paths
from reports.reading.breakdowns import Subject
from reports.reading.weeks import Chosen
from schools.models import School
from schools.scope import Level, Sight
from staff.models import StaffAccount, StaffMember
from tests.reports.test_views import ClientOf, MakeWeek, cover, impersonal, make_teacher

pytestmark = pytest.mark.django_db


@pytest.fixture
def counted(cast: Any, weeks_made: MakeWeek) -> Rating:
    """A week in which the sibling lacks forty, the school eight, the cousin was not measured."""
    silent, unknown = {"active": 0}, {"active": None}
    rating: Rating = weeks_made({cast.school: {}, cast.sibling: silent, cast.cousin: unknown, cast.foreign: {}})
    return rating


def path_address(level: str, place: Any, query: str = "", key: str = "staff_active") -> str:
    return f"/places/{level}/{place.pk}/indicators/{key}/path/{query}"


def test_the_path_leads_through_whoever_lacks_most(cast: Any, counted: Rating, client_of: ClientOf) -> None:
    page = client_of(cast.nina).get(path_address("region", cast.region, "?target=85")).content.decode()

    assert "До цели 85\u00a0% — 1\u00a0школа, 36\u00a0педагогов" in page
    assert cast.sibling.short_name.replace("№ ", "№\u00a0") in page
    assert f"/places/school/{cast.sibling.pk}/indicators/staff_active/" in page
    assert "Не измерены: 1" in page


def test_what_cannot_be_reached_is_said_and_counted(cast: Any, counted: Rating, client_of: ClientOf) -> None:
    RatingRow.objects.filter(level=Level.SCHOOL, place_id=cast.sibling.pk, indicator=1).update(whole=None)

    page = client_of(cast.nina).get(path_address("region", cast.region, "?target=100")).content.decode()

    assert "найдено 8" in page
    assert "цели не хватает: 40" in page


def test_a_school_of_few_people_is_no_stop(cast: Any, counted: Rating, client_of: ClientOf) -> None:
    RatingRow.objects.filter(level=Level.SCHOOL, place_id=cast.sibling.pk, indicator=1).update(part=0, whole=4)

    page = client_of(cast.nina).get(path_address("region", cast.region, "?target=85")).content.decode()

    assert f"/places/school/{cast.sibling.pk}/" not in page


def test_a_target_written_wrong_is_explained_and_the_set_one_shown(
    cast: Any, counted: Rating, client_of: ClientOf
) -> None:
    for text in ("abc", "0", "101", "-5", "1e5"):
        page = client_of(cast.nina).get(path_address("region", cast.region, f"?target={text}")).content.decode()

        assert "Цель пишется числом процентов от 0 до 100" in page
        assert "До цели" in page


def test_the_place_it_gives_is_counted_among_its_peers(cast: Any, counted: Rating, client_of: ClientOf) -> None:
    page = client_of(cast.observer).get(path_address("region", cast.region, "?target=85")).content.decode()

    assert "Место среди регионов: сейчас 2-е, станет 1-е" in re.sub("<[^>]+>", "", page)


@pytest.mark.parametrize("name", ["sveta", "marat"])
def test_neighbours_of_a_school_cannot_be_probed_with_targets(
    cast: Any, counted: Rating, client_of: ClientOf, name: str
) -> None:
    client = client_of(cast.people[name])
    addresses = [path_address("school", cast.school, f"?target={share}") for share in range(81, 101)]
    before = [impersonal(client, address) for address in addresses]
    RatingRow.objects.filter(level=Level.SCHOOL, indicator=1).exclude(place_id=cast.school.pk).update(part=39)

    assert [impersonal(client, address) for address in addresses] == before


def test_the_target_that_is_set_promises_a_school_its_place(cast: Any, counted: Rating, client_of: ClientOf) -> None:
    RatingRow.objects.filter(level=Level.SCHOOL, indicator=1, place_id=cast.school.pk).update(part=20)

    page = client_of(cast.sveta).get(path_address("school", cast.school)).content.decode()

    assert "Место среди школ региона: сейчас 1-е, станет 1-е" in re.sub("<[^>]+>", "", page)


@pytest.mark.parametrize("name", ["marat", "nina"])
def test_no_school_of_another_region_is_named(cast: Any, counted: Rating, client_of: ClientOf, name: str) -> None:
    levels = [("municipality", cast.municipality)] + ([("region", cast.region)] if name == "nina" else [])
    for level, place in levels:
        answer = client_of(cast.people[name]).get(path_address(level, place, "?target=100&format=xlsx"))
        book: Any = openpyxl.load_workbook(BytesIO(answer.getvalue()))
        rows = [row for sheet in book for row in sheet.iter_rows(values_only=True)]

        assert cast.foreign.short_name not in str(rows)
        assert any(cast.sibling.short_name in str(cell) for row in rows for cell in row)


def test_whoever_has_least_to_do_comes_first(cast: Any, counted: Rating, client_of: ClientOf) -> None:
    who = {"last_name": "Абрамова", "first_name": "Анна", "hired_on": "2026-09-01"}
    nobody = StaffMember.objects.create(school=cast.school, is_teacher=True, **who)
    half = make_teacher(cast.school, "Борисова")
    StaffAccount.objects.filter(staff=half).update(confirmed_on=None)
    silent = make_teacher(cast.school, "Яковлева")
    cover(cast.school)

    page = client_of(cast.sveta).get(path_address("school", cast.school, "?target=100")).content.decode()

    order = [page.index(person.last_name) for person in (silent, half, nobody)]
    assert order == sorted(order)
    assert "нужно 8, в списке 3" in page


def test_names_of_people_are_not_for_an_observer(cast: Any, counted: Rating, client_of: ClientOf) -> None:
    person = make_teacher(cast.school, "Яковлева")
    cover(cast.school)

    page = client_of(cast.observer).get(path_address("school", cast.school, "?target=100")).content.decode()

    assert person.last_name not in page


def test_a_score_is_taken_apart_into_indicators_and_not_into_schools(cast: Any, counted: Rating) -> None:
    counted.weights = {"staff_active": 3, "staff_profile": 1}
    counted.save()
    for level, place in ((Level.REGION, cast.region.pk), (Level.SCHOOL, cast.school.pk)):
        RatingRow.objects.create(
            rating=counted, indicator=COMPOSITE.number, level=level, place_id=place, part=4000, whole=10000
        )
    subject = Subject(Level.REGION, cast.region.pk, "Регион", "/", cast.region)
    chosen = Chosen(counted.iso_week, counted, (counted,))

    found = paths.page(subject, COMPOSITE, chosen, QueryDict("target=100"), sight=Sight(country=True))

    assert found["way"] is None
    assert {row.name for row in found["gains"]} <= {
        INDICATOR_BY_KEY[key].short_name for key in ("staff_active", "staff_profile")
    }
    assert found["gains"][0].name == MAIN_INDICATOR.short_name


def test_a_week_nobody_counted_has_no_path_and_no_file(cast: Any, client_of: ClientOf) -> None:
    client = client_of(cast.nina)

    page = client.get(path_address("region", cast.region))

    assert page.status_code == 200
    assert "Данных за неделю ещё нет" in page.content.decode()
    assert client.get(path_address("region", cast.region, "?format=xlsx")).status_code == 404


def test_the_schools_of_the_way_are_asked_for_by_two_queries_however_many(
    cast: Any, weeks_made: MakeWeek, django_assert_max_num_queries: Any
) -> None:
    many = [
        School.objects.create(
            code=f"79{n:04d}", region=cast.region, short_name=f"Школа {n}", full_name="Ш", declared_teachers=40
        )
        for n in range(60)
    ]
    rating = weeks_made({school: {"active": 1} for school in many})
    subject = Subject(Level.REGION, cast.region.pk, "Регион", "/", cast.region)
    chosen = Chosen(rating.iso_week, rating, (rating,))

    with django_assert_max_num_queries(8):
        found = paths.page(subject, MAIN_INDICATOR, chosen, QueryDict("target=100"), sight=Sight(country=True))

    assert found["table"].total == 60
