"""REST of the shortest path: the numbers of the page, the sight of the page, stops by pages and whole."""

import csv
import io
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from reports.indicators import COMPOSITE, MAIN_INDICATOR
from reports.models import Rating, RatingRow, Target
from schools.scope import Level
from tests.conftest import Cast, MakeWeek
from tests.test_pages import add_schools

pytestmark = pytest.mark.django_db
Tokens = Callable[..., dict[str, str]]
ADDRESS = "/api/v1/paths/"


@pytest.fixture
def counted(cast: Cast, weeks_made: MakeWeek) -> Rating:
    """A week in which the sibling lacks forty, the school eight, the cousin was not measured."""
    return weeks_made({cast.school: {}, cast.sibling: {"active": 0}, cast.cousin: {"active": None}, cast.foreign: {}})


def ask(headers: dict[str, str], **query: Any) -> Any:
    """The path asked for."""
    answer = Client().get(ADDRESS, query, headers=headers)
    assert answer.status_code == 200, answer.content.decode()
    return answer.json()


def refused(headers: dict[str, str], **query: Any) -> tuple[int, str]:
    """(status, the sentence) of a path that is not told."""
    answer = Client().get(ADDRESS, query, headers=headers)
    return answer.status_code, answer.json()["detail"]


def test_the_path_leads_through_whoever_lacks_most(cast: Cast, counted: Rating, token_of: Tokens) -> None:
    found = ask(token_of(cast.nina), place="region.78", target="0.85")

    assert (found["week"], found["revision"], found["target"]) == ("2026-W46", 1, 0.85)
    assert (found["row"]["place"]["code"], found["row"]["numerator"], found["row"]["denominator"]) == ("78", 32, 80)
    assert (found["need"], found["people"], found["short"], found["share_then"]) == (36, 36, 0, 0.85)
    assert [(stop["place"]["code"], stop["people"], stop["lack"]) for stop in found["results"]] == [("780002", 36, 40)]
    assert found["results"][0]["place"]["municipality"]["name"] == "Невский район"
    assert (found["count"], found["next"], found["refusal"], found["gains"]) == (1, None, "", [])


def test_the_target_that_is_set_is_taken_unless_another_is_asked(cast: Cast, counted: Rating, token_of: Tokens) -> None:
    Target.objects.create(indicator=MAIN_INDICATOR.number, region=cast.region, starts_week=202640, value="0.500")

    assert ask(token_of(cast.nina), place="region.78")["target"] == 0.5
    assert ask(token_of(cast.nina), place="region.78", target="0.905")["target"] == 0.905


def test_unmeasured_places_are_counted_and_listed_by_the_rating(cast: Cast, counted: Rating, token_of: Tokens) -> None:
    headers = token_of(cast.nina)

    unmeasured = ask(headers, place="region.78", target="1")["unmeasured"]
    listed = Client().get(unmeasured["rating"], headers=headers).json()
    nobody = ask(headers, place=f"municipality.{cast.municipality.pk}", target="1")["unmeasured"]

    assert [row["place"]["code"] for row in listed["results"]] == ["780003"]
    assert unmeasured["count"] == listed["count"] == 1
    assert nobody == {"count": 0, "rating": None}


def test_unmeasured_schools_of_a_municipality_are_its_own(cast: Cast, counted: Rating, token_of: Tokens) -> None:
    RatingRow.objects.filter(level=Level.SCHOOL, place_id=cast.sibling.pk).update(part=None)
    headers = token_of(cast.nina)

    unmeasured = ask(headers, place=f"municipality.{cast.municipality.pk}", target="1")["unmeasured"]

    listed = Client().get(unmeasured["rating"], headers=headers).json()
    assert [row["place"]["code"] for row in listed["results"]] == ["780002"]


def test_what_cannot_be_reached_is_counted(cast: Cast, counted: Rating, token_of: Tokens) -> None:
    RatingRow.objects.filter(level=Level.SCHOOL, place_id=cast.sibling.pk).update(whole=None)

    found = ask(token_of(cast.nina), place="region.78", target="1")

    assert (found["need"], found["people"], found["short"], found["rank_then"]) == (48, 8, 40, None)


@pytest.mark.parametrize(
    "change, said",
    [
        ({"part": None}, "Показатель не измерен"),
        ({"part": 0, "whole": 0}, "Показатель сюда не относится"),
        ({"part": 1, "whole": 4}, "Людей мало"),
    ],
)
def test_where_the_page_tells_no_path_there_is_none(
    cast: Cast, counted: Rating, token_of: Tokens, change: dict[str, Any], said: str
) -> None:
    RatingRow.objects.filter(level=Level.SCHOOL, place_id=cast.school.pk).update(**change)

    found = ask(token_of(cast.sveta), place=f"school.{cast.school.pk}", target="1")

    assert found["refusal"].startswith(said)
    assert (found["need"], found["people"], found["share_then"], found["results"]) == (None, None, None, [])


def test_a_school_of_few_people_is_no_stop(cast: Cast, counted: Rating, token_of: Tokens) -> None:
    RatingRow.objects.filter(level=Level.SCHOOL, place_id=cast.sibling.pk).update(part=0, whole=4)

    found = ask(token_of(cast.nina), place="region.78", target="1")

    assert [stop["place"]["code"] for stop in found["results"]] == ["780001"]


@pytest.mark.parametrize("name", ["sveta", "marat"])
def test_neighbours_of_a_school_cannot_be_probed_with_targets(
    cast: Cast, counted: Rating, token_of: Tokens, name: str
) -> None:
    headers, place = token_of(cast.people[name]), f"school.{cast.school.pk}"
    questions = [f"{share / 100:.2f}" for share in range(81, 101)]
    before = [ask(headers, place=place, target=target) for target in questions]
    RatingRow.objects.filter(level=Level.SCHOOL, indicator=1).exclude(place_id=cast.school.pk).update(part=39)

    assert [ask(headers, place=place, target=target) for target in questions] == before


def test_the_place_it_gives_is_counted_for_those_who_see_the_peers(
    cast: Cast, counted: Rating, token_of: Tokens
) -> None:
    RatingRow.objects.filter(level=Level.SCHOOL, indicator=1, place_id=cast.school.pk).update(part=20)
    place = f"school.{cast.school.pk}"

    hand = ask(token_of(cast.nina), place=place, target="0.9")
    by_set_target = ask(token_of(cast.sveta), place=place)

    assert (hand["row"]["rank"], hand["rank_then"]) == (1, 1)
    assert by_set_target["rank_then"] == 1


def test_a_token_of_a_municipality_sees_its_path_alone(cast: Cast, counted: Rating, token_of: Tokens) -> None:
    headers = token_of(cast.nina, municipality=cast.municipality)

    own = ask(headers, place=f"municipality.{cast.municipality.pk}", target="1")
    answers = [refused(headers, place=place)[0] for place in ("region.78", "country", f"school.{cast.cousin.pk}")]

    assert [stop["place"]["code"] for stop in own["results"]] == ["780002", "780001"]
    assert answers == [404, 404, 404]


def test_a_score_is_taken_apart_into_indicators(cast: Cast, counted: Rating, token_of: Tokens) -> None:
    Rating.objects.update(weights={"staff_active": 3, "staff_profile": 1})
    facts = {"rating": counted, "indicator": COMPOSITE.number, "part": 4000, "whole": 10000}
    RatingRow.objects.filter(indicator=COMPOSITE.number).delete()
    RatingRow.objects.create(level=Level.REGION, place_id=cast.region.pk, region=cast.region, **facts)

    found = ask(token_of(cast.nina), place="region.78", indicator="composite", target="1")

    assert [gain["indicator"] for gain in found["gains"]] == ["staff_active", "staff_profile"]
    assert all(0 < gain["by_one"] < gain["by_all"] < 1 for gain in found["gains"])
    assert (found["need"], found["results"]) == (None, [])


def test_pages_of_stops_follow_one_another_and_files_hold_them_all(
    cast: Cast, weeks_made: MakeWeek, token_of: Tokens
) -> None:
    schools = add_schools(cast.region, cast.municipality, 12)
    weeks_made({school: {"active": number} for number, school in enumerate(schools)})
    headers, query = token_of(cast.nina), {"place": "region.78", "target": "1", "page_size": "5"}

    pages = [ask(headers, **query)]
    while pages[-1]["next"]:
        pages.append(Client().get(pages[-1]["next"], headers=headers).json())
    table = Client().get(ADDRESS, query | {"format": "csv", "dialect": "comma"}, headers=headers).getvalue().decode()
    file = Client().get(ADDRESS, query | {"format": "xlsx"}, headers=headers).getvalue()
    sheet: Any = openpyxl.load_workbook(io.BytesIO(file)).active

    codes = [stop["place"]["code"] for page in pages for stop in page["results"]]
    assert [len(page["results"]) for page in pages] == [5, 5, 2]
    assert codes == [school.code for school in schools]
    assert "revision=1" in pages[0]["next"]
    assert [row["place.code"] for row in csv.DictReader(io.StringIO(table))] == codes
    assert sheet.max_row == 13


@pytest.mark.parametrize(
    "query, field",
    [
        ({}, "place"),
        ({"place": "school"}, "place"),
        ({"place": "region.777"}, "place"),
        ({"place": "galaxy.1"}, "place"),
        ({"place": "region.78", "target": "85"}, "target"),
        ({"place": "region.78", "target": "0"}, "target"),
        ({"place": "region.78", "target": "0.12345"}, "target"),
        ({"place": "region.78", "week": "2026-W99"}, "week"),
        ({"place": "region.78", "week": "завтра"}, "week"),
        ({"place": "region.78", "after": "777777"}, "after"),
        ({"place": "region.78", "indicator": "nothing"}, "indicator"),
        ({"place": "region.78", "level": "school"}, "level"),
    ],
)
def test_a_question_in_error_is_a_problem_that_names_its_field(
    cast: Cast, counted: Rating, token_of: Tokens, query: dict[str, str], field: str
) -> None:
    answer = Client().get(ADDRESS, query, headers=token_of(cast.nina))

    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
    assert [error["field"] for error in answer.json()["errors"]] == [field]


def test_a_week_that_is_not_counted_is_404(cast: Cast, counted: Rating, token_of: Tokens) -> None:
    status, words = refused(token_of(cast.nina), place="region.78", week="2026-W01")

    assert status == 404
    assert "/api/v1/weeks/" in words


def test_ten_times_the_schools_cost_no_more_queries(cast: Cast, weeks_made: MakeWeek, token_of: Tokens) -> None:
    headers = token_of(cast.nina)
    known = add_schools(cast.region, cast.municipality, 3)
    weeks_made({school: {"active": 1} for school in known}, "2026-W45")
    ask(headers, place="region.78", target="1")  # the token's use is written once
    with CaptureQueriesContext(connection) as few:
        ask(headers, place="region.78", target="1")
    known += add_schools(cast.region, cast.other_municipality, 40)
    weeks_made({school: {"active": 1} for school in known}, "2026-W46")

    with CaptureQueriesContext(connection) as many:
        assert ask(headers, place="region.78", target="1")["count"] == 43

    assert len(many) <= len(few)
