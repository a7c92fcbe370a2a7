"""REST of comparisons and the workbook of the page: the numbers of the page, within the sight of the page."""

import csv
import io
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from reports.indicators import INDICATOR_BY_KEY, MAIN_INDICATOR
from reports.models import Rating, RatingRow
from schools.scope import Level
from tests.conftest import Cast, ClientOf, MakeWeek
from tests.test_pages import add_schools

pytestmark = pytest.mark.django_db
Tokens = Callable[..., dict[str, str]]
ADDRESS = "/api/v1/comparisons/"


@pytest.fixture
def weeks(cast: Cast, weeks_made: MakeWeek) -> None:
    """Three weeks: the school rises by ten teachers over two of them, the sibling falls, the cousin stands."""
    for week, school, sibling in (("2026-W44", 10, 30), ("2026-W45", 16, 24), ("2026-W46", 20, 18)):
        weeks_made(
            {cast.school: {"active": school}, cast.sibling: {"active": sibling}, cast.cousin: {}, cast.foreign: {}},
            week,
        )


def ask(headers: dict[str, str], **query: Any) -> Any:
    """The comparison asked for; `with_` is `with`."""
    named = {name.rstrip("_"): value for name, value in query.items()}
    answer = Client().get(ADDRESS, named, headers=headers)
    assert answer.status_code == 200, answer.content.decode()
    return answer.json()


def of(answer: Any, key: str = "staff_active") -> Any:
    """The row of an indicator."""
    return next(row for row in answer["results"] if row["indicator"] == key)


def test_a_place_is_compared_with_its_week_before_unless_another_is_named(
    cast: Cast, weeks: None, token_of: Tokens
) -> None:
    headers, place = token_of(cast.sveta), f"school.{cast.school.pk}"

    usual, named = ask(headers, a=place), ask(headers, a=place, with_="2026-W44")

    assert (usual["before"]["week"], usual["now"]["week"]) == ("2026-W45", "2026-W46")
    assert named["before"]["week"] == "2026-W44"
    assert named["now"]["place"]["code"] == named["before"]["place"]["code"] == "780001"
    assert of(named) == {
        "indicator": "staff_active",
        "before": {"state": "ok", "numerator": 10, "denominator": 40, "share": 0.25},
        "now": {"state": "ok", "numerator": 20, "denominator": 40, "share": 0.5},
        "share_points": 25.0,
        "by_numerator": 25.0,
        "by_denominator": 0.0,
    }
    assert of(usual)["share_points"] == 10.0


def test_two_places_stand_side_by_side_in_one_week(cast: Cast, weeks: None, token_of: Tokens) -> None:
    found = ask(token_of(cast.marat), a=f"school.{cast.school.pk}", b=f"school.{cast.sibling.pk}", week="2026-W45")

    assert [found[side]["place"]["code"] for side in ("before", "now")] == ["780002", "780001"]
    assert {found[side]["week"] for side in ("before", "now")} == {"2026-W45"}
    assert (of(found)["before"]["numerator"], of(found)["now"]["numerator"]) == (24, 16)
    assert found["count"] == len(found["results"]) > 10


def test_regions_are_called_by_their_codes(cast: Cast, weeks: None, token_of: Tokens) -> None:
    found = ask(token_of(cast.observer), a="region.78", b="region.47")

    assert [found[side]["place"]["code"] for side in ("before", "now")] == ["47", "78"]


def test_of_few_people_a_share_is_not_told(cast: Cast, weeks: None, token_of: Tokens) -> None:
    RatingRow.objects.filter(level=Level.SCHOOL, place_id=cast.school.pk).update(part=1, whole=4)

    row = of(ask(token_of(cast.sveta), a=f"school.{cast.school.pk}"))

    assert (row["now"]["state"], row["now"]["share"], row["now"]["numerator"]) == ("small", None, 1)
    assert (row["share_points"], row["by_numerator"], row["by_denominator"]) == (None, None, None)


@pytest.mark.parametrize(
    "query, status, field",
    [
        ({}, 400, "a"),
        ({"a": "school"}, 400, "a"),
        ({"a": "region.78", "b": "region.78"}, 400, "b"),
        ({"a": "region.78", "b": "country"}, 400, "b"),
        ({"a": "region.78", "b": "region.47", "with": "2026-W45"}, 400, "with"),
        ({"a": "region.78", "with": "2026-W46"}, 400, "with"),
        ({"a": "region.78", "with": "вчера"}, 400, "with"),
        ({"a": "region.78", "with": "2026-W10"}, 404, ""),
        ({"a": "region.78", "week": "2026-W44"}, 404, ""),
        ({"a": "region.99"}, 404, ""),
    ],
)
def test_a_question_in_error_is_a_problem(
    cast: Cast, weeks: None, token_of: Tokens, query: dict[str, str], status: int, field: str
) -> None:
    answer = Client().get(ADDRESS, query, headers=token_of(cast.observer))

    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    assert [error["field"] for error in answer.json().get("errors", [])] == ([field] if field else [])


@pytest.mark.parametrize("name", ["sveta", "marat", "nina"])
def test_a_place_out_of_sight_is_404_on_either_side(cast: Cast, weeks: None, token_of: Tokens, name: str) -> None:
    headers, pair = token_of(cast.people[name]), (f"school.{cast.school.pk}", f"school.{cast.foreign.pk}")

    statuses = [Client().get(ADDRESS, {"a": a, "b": b}, headers=headers).status_code for a, b in (pair, pair[::-1])]

    assert statuses == [404, 404]


def test_files_hold_the_rows_and_the_passports(cast: Cast, weeks: None, token_of: Tokens) -> None:
    headers, query = token_of(cast.sveta), {"a": f"school.{cast.school.pk}"}

    text = Client().get(ADDRESS, query | {"format": "csv", "dialect": "comma"}, headers=headers).getvalue().decode()
    file = Client().get(ADDRESS, query | {"format": "xlsx"}, headers=headers).getvalue()
    book: Any = openpyxl.load_workbook(io.BytesIO(file))

    rows = {row["indicator"]: row for row in csv.DictReader(io.StringIO(text))}
    assert (rows["staff_active"]["before.numerator"], rows["staff_active"]["now.numerator"]) == ("16", "20")
    assert book.sheetnames == ["Данные", "О показателях"]


def test_workbook_of_the_page_says_what_the_page_says(cast: Cast, weeks: None, client_of: ClientOf) -> None:
    active = str(MAIN_INDICATOR.number)
    Rating.objects.filter(week=202646).update(feeds={active: "operator"})
    query = f"/compare/?a=school.{cast.school.pk}&with=2026-W44"
    client = client_of(cast.sveta)

    page = client.get(query).content.decode()
    book: Any = openpyxl.load_workbook(io.BytesIO(client.get(f"{query}&format=xlsx").getvalue()))

    rows = {row[0]: row[1:] for row in book["Сравнение"].iter_rows(min_row=2, values_only=True)}
    about = list(book["О показателях"].iter_rows(min_row=2, values_only=True))
    assert "format=xlsx" in page
    assert rows[MAIN_INDICATOR.short_name] == (10, 40, 0.25, 20, 40, 0.5, 25, 25, 0)
    assert ("Показатель", f"{MAIN_INDICATOR.name} (staff_active)") in about
    assert about.count(("Неделя", "2026-W44")) == about.count(("Неделя", "2026-W46")) == 1
    assert about.index(("Чьи числа за 2026-W46", "числа оператора")) > 0
    assert ("Чьи числа за 2026-W44", "числа портала: списки школ и выгрузка активности") in about
    assert len([line for line in about if line[0] == "Показатель"]) == len(rows) <= len(INDICATOR_BY_KEY)


def test_workbook_is_within_sight_and_not_empty(cast: Cast, weeks_made: MakeWeek, client_of: ClientOf) -> None:
    weeks_made({cast.school: {}, cast.foreign: {}})
    client = client_of(cast.sveta)

    assert client.get(f"/compare/?a=school.{cast.school.pk}&format=xlsx").status_code == 404
    assert client.get(f"/compare/?a=school.{cast.foreign.pk}&format=xlsx").status_code == 404


def test_ten_times_the_schools_cost_no_more_queries(cast: Cast, weeks_made: MakeWeek, token_of: Tokens) -> None:
    headers, known = token_of(cast.nina), add_schools(cast.region, cast.municipality, 2)
    for number in (43, 44):
        weeks_made({school: {"active": number - 40} for school in known}, f"2026-W{number}")
    ask(headers, a="region.78")  # the token's use is written once
    with CaptureQueriesContext(connection) as few:
        ask(headers, a="region.78")
    known += add_schools(cast.region, cast.other_municipality, 20)
    for number in (45, 46):
        weeks_made({school: {"active": number - 40} for school in known}, f"2026-W{number}")

    with CaptureQueriesContext(connection) as many:
        ask(headers, a="region.78")

    assert len(many) <= len(few)
