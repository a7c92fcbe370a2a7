"""REST of the ratings: whose figures a row carries, asked for by name; and a whole rating as one JSON."""

import csv
import gzip
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from arro3.io import read_parquet
from django.conf import LazySettings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from reports.indicators import INDICATOR_BY_KEY
from reports.models import Rating, RatingState
from schools.scope import Level
from tests.conftest import Cast
from tests.test_api_ratings import WEEK, name_places, rated, save_row

__all__ = ["rated"]
Tokens = Callable[..., dict[str, str]]
ADDRESS = f"/api/v1/ratings/{WEEK}/"
ACTIVE = INDICATOR_BY_KEY["staff_active"].number
OURS = INDICATOR_BY_KEY["staff_profile"]  # the operator counts it too
ALONE = next(each for each in INDICATOR_BY_KEY.values() if not each.operator_part)


@pytest.fixture(autouse=True)
def own_files(settings: LazySettings, tmp_path: Path) -> None:
    """Files of this test alone."""
    settings.DATA_DIR = tmp_path


@pytest.fixture
def fed(rated: Cast) -> Cast:
    """A week whose activity is the operator's; beside it an indicator of ours and one that nobody else counts."""
    Rating.objects.update(feeds={str(ACTIVE): "operator"})
    rating = Rating.objects.get()
    for number in (OURS.number, ALONE.number):
        save_row(rating, Level.SCHOOL, rated.school, 30, 40, indicator=number)
    name_places(rating)
    return rated


def get(headers: dict[str, str], query: str, **more: str) -> Any:
    """The answer to a question about the schools of the region."""
    answer = Client().get(f"{ADDRESS}?level=school&region=78&{query}", headers=headers | more)
    assert answer.status_code == 200, answer.getvalue().decode()
    return answer


QUERY = "indicator=all&q=780001&fields=indicator,feed"
FOUND = {"staff_active": "operator", OURS.key: "ours", ALONE.key: None}


def test_row_says_whose_figures_it_carries_in_every_form(fed: Cast, token_of: Tokens) -> None:
    headers = token_of(fed.nina)

    page = get(headers, QUERY).json()["results"]
    lines = [json.loads(line) for line in get(headers, f"{QUERY}&format=jsonl").getvalue().splitlines()]
    text = get(headers, f"{QUERY}&format=csv&dialect=comma").getvalue().decode()
    table: Any = read_parquet(io.BytesIO(get(headers, f"{QUERY}&format=parquet").getvalue())).read_all()

    assert {row["indicator"]: row["feed"] for row in page} == FOUND
    assert lines == page
    assert {row["indicator"]: row["feed"] or None for row in csv.DictReader(io.StringIO(text))} == FOUND
    assert dict(zip(table["indicator"].to_pylist(), table["feed"].to_pylist(), strict=True)) == FOUND


def test_tables_for_people_say_it_in_words(fed: Cast, token_of: Tokens) -> None:
    headers = token_of(fed.nina)

    text = get(headers, f"{QUERY}&format=csv").getvalue().decode("utf-8-sig")
    book: Any = openpyxl.load_workbook(io.BytesIO(get(headers, f"{QUERY}&format=xlsx").getvalue()))

    rows = list(csv.DictReader(io.StringIO(text), delimiter=";"))
    assert sorted(row["Чьи числа"] for row in rows) == ["", "оператор", "портал"]
    assert [cell.value for cell in book["Рейтинг"][1]] == ["Показатель", "Чьи числа"]
    assert {row[1] for row in book["Рейтинг"].iter_rows(min_row=2, values_only=True)} == {"оператор", "портал", None}


@pytest.mark.parametrize("form", ["json", "json&whole=true", "jsonl", "csv&dialect=comma"])
def test_unasked_an_address_answers_what_it_always_did(fed: Cast, token_of: Tokens, form: str) -> None:
    assert b"feed" not in get(token_of(fed.nina), f"indicator=all&format={form}&revision=1").getvalue()


@pytest.mark.parametrize("feeds, said", [({str(ACTIVE): "operator"}, "числа оператора"), ({}, None)])
def test_sheet_of_the_passport_says_when_figures_are_the_operators(
    fed: Cast, token_of: Tokens, feeds: dict[str, str], said: str | None
) -> None:
    Rating.objects.update(feeds=feeds)

    book: Any = openpyxl.load_workbook(io.BytesIO(get(token_of(fed.nina), "format=xlsx").getvalue()))

    about = dict(book["О показателе"].iter_rows(min_row=2, values_only=True))
    assert about.get("Чьи числа") == said


# The whole as one JSON


@pytest.mark.parametrize("query", ["", "indicator=all&ordering=-share&fields=share,place.code,feed", "q=нет такой"])
def test_whole_is_a_page_that_holds_everything(fed: Cast, token_of: Tokens, query: str) -> None:
    headers = token_of(fed.nina)

    page = get(headers, f"{query}&page_size=1000").json()
    whole = json.loads(get(headers, f"{query}&whole=true&page_size=1").getvalue())

    assert whole == page
    assert list(whole) == list(page)
    assert whole["next"] is None


def test_whole_is_within_sight(fed: Cast, token_of: Tokens) -> None:
    get(token_of(fed.observer), "whole=true").getvalue()  # a file is kept now

    answers = {
        name: json.loads(get(token_of(fed.people[name]), "whole=true").getvalue()) for name in ("sveta", "marat")
    }

    found = {name: [row["place"]["code"] for row in answer["results"]] for name, answer in answers.items()}
    assert found == {"sveta": ["780001"], "marat": ["780001", "780002"]}


def test_whole_of_a_permanent_address_is_kept_and_packed(fed: Cast, token_of: Tokens, tmp_path: Path) -> None:
    headers, packed = token_of(fed.nina), {"Accept-Encoding": "gzip"}
    plain = get(headers, "revision=1&whole=true")
    body = plain.getvalue()

    Rating.objects.update(state=RatingState.SUPERSEDED)
    again, gzipped = get(headers, "revision=1&whole=true"), get(headers, "revision=1&whole=true", **packed)

    assert "immutable" in plain["Cache-Control"]
    assert (again.getvalue(), again["ETag"]) == (body, plain["ETag"])
    assert gzip.decompress(gzipped.getvalue()) == body
    assert gzipped["Content-Type"] == "application/json"
    assert [path.name[-8:] for path in (tmp_path / "ratings").iterdir() if path.name != ".lock"] == [".json.gz"]


def test_unchanged_whole_is_a_304_in_one_query(fed: Cast, token_of: Tokens) -> None:
    headers = token_of(fed.nina)
    etag = get(headers, "whole=true")["ETag"]

    with CaptureQueriesContext(connection) as queries:
        again = Client().get(f"{ADDRESS}?level=school&region=78&whole=true", headers=headers | {"If-None-Match": etag})

    assert (again.status_code, len(queries)) == (304, 1)


def test_whole_does_not_begin_in_the_middle(fed: Cast, token_of: Tokens) -> None:
    headers = token_of(fed.nina)
    following = get(headers, "page_size=1").json()["next"]

    answer = Client().get(f"{following}&whole=true", headers=headers)

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == "whole"
