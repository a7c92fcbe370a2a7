"""A client that a public generator makes of the REST schema: what it pulls is what the database holds."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jsonschema  # type: ignore[import-untyped]
import pytest
from django.test import Client

from reports.indicators import INDICATORS
from reports.models import Rating, RatingRow
from rollout.schema import whole_schema
from schools.scope import Level
from tests.conftest import Cast, MakeWeek

GENERATOR = [sys.executable, "-m", "openapi_python_client"]
CONFIG = {
    "post_hooks": [],
    "content_type_overrides": {  # files are files to it
        "application/pdf": "application/octet-stream",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "application/octet-stream",
    },
}
pytestmark = pytest.mark.django_db(transaction=True)
Tokens = Callable[..., dict[str, str]]
Ask = Callable[..., Any]


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the client, generated once; a warning of the generator is a failure."""
    folder = tmp_path_factory.mktemp("client")
    (folder / "schema.json").write_text(json.dumps(whole_schema(), default=str))
    (folder / "config.json").write_text(json.dumps(CONFIG))
    options = ("--path", "schema.json", "--config", "config.json", "--output-path", "portal_client", "--meta", "none")
    command = [*GENERATOR, "generate", *options, "--fail-on-warning"]
    made = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert made.returncode == 0, made.stdout + made.stderr
    return folder


@pytest.fixture
def ask(generated: Path, monkeypatch: pytest.MonkeyPatch, live_server: Any, cast: Cast, token_of: Tokens) -> Ask:
    """Call an operation of the client with the token of a person: `ask("weeks.weeks_list", cast.nina, …)`."""
    monkeypatch.syspath_prepend(generated)
    portal = import_module("portal_client")

    def call(operation: str, person: Any, *arguments: Any, **named: Any) -> Any:
        token = token_of(person)["Authorization"].removeprefix("Bearer ") if person else "wrong"
        client = portal.AuthenticatedClient(live_server.url, token=token, raise_on_unexpected_status=True)
        with client:
            return import_module(f"portal_client.api.{operation}").sync(*arguments, client=client, **named)

    return call


def test_generator_names_everything_in_latin_letters(generated: Path) -> None:
    names = [path.stem for path in (generated / "portal_client").rglob("*.py")]

    assert len(names) > 100
    assert [name for name in names if not name.isascii()] == []


def test_values_of_every_choice_are_of_its_type() -> None:
    choices = list(choices_of(whole_schema()))

    assert len(choices) > 100
    for choice in choices:
        for value in choice["enum"]:
            jsonschema.validate(value, {"type": choice["type"]})


def choices_of(part: Any) -> Iterator[dict[str, Any]]:
    """Every schema that lists its values."""
    if isinstance(part, dict) and isinstance(part.get("enum"), list):
        yield part
    for each in part.values() if isinstance(part, dict) else part if isinstance(part, list) else ():
        yield from choices_of(each)


def test_client_pulls_a_week_by_pages_as_it_stands_in_the_database(cast: Cast, weeks_made: MakeWeek, ask: Ask) -> None:
    rating = weeks_made({cast.school: {}, cast.sibling: {"active": 3}, cast.cousin: {}, cast.foreign: {}})
    level = import_module("portal_client.models").RatingsRetrieveLevel.SCHOOL
    indicator = import_module("portal_client.models").RatingsRetrieveIndicator.ALL

    pages: list[Any] = []
    more: dict[str, Any] | None = {}
    while more is not None:
        page = ask(
            "ratings.ratings_retrieve", cast.observer, "2026-W46", level=level, indicator=indicator, page_size=7, **more
        )
        pages.append(page)
        more = cursor(page.next_)

    rows = [row for page in pages for row in page.results]
    assert len(pages) > 5
    assert {page.count for page in pages} == {len(rows)}
    assert in_client(rows) == in_database(rating)


def cursor(link: str | None) -> dict[str, Any] | None:
    """What the next page is asked with; None behind the last."""
    if link is None:
        return None
    query = parse_qs(urlsplit(link).query)
    return {"after": query["after"][0], "revision": int(query["revision"][0])}


def in_client(rows: list[Any]) -> set[tuple[Any, ...]]:
    """Rows of the client's models as plain facts."""
    return {(row.place.id, row.indicator.value, row.numerator, row.denominator, row.schools) for row in rows}


def in_database(rating: Rating) -> set[tuple[Any, ...]]:
    """The same facts, of schools, by the database."""
    keys = {each.number: each.key for each in INDICATORS}
    found = RatingRow.objects.filter(rating=rating, level=Level.SCHOOL)
    return {
        (place, keys[number], *facts)
        for place, number, *facts in found.values_list("place_id", "indicator", "part", "whole", "schools")
    }


def test_models_of_the_client_lose_nothing_of_an_answer(
    cast: Cast, weeks_made: MakeWeek, ask: Ask, token_of: Tokens
) -> None:
    weeks_made({cast.school: {}, cast.sibling: {"active": None}})

    typed = ask("ratings.ratings_retrieve", cast.nina, "2026-W46")
    plain = Client().get("/api/v1/ratings/2026-W46/", headers=token_of(cast.nina)).json()

    assert typed.to_dict() == plain


def test_client_lists_the_indicators(cast: Cast, ask: Ask) -> None:
    found = ask("indicators.indicators_list", cast.sveta)

    assert [(each.key, each.number, each.good_is_up) for each in found] == [
        (each.key, each.number, each.good_is_up) for each in INDICATORS
    ]


@pytest.mark.parametrize(
    "person, week, status, field",
    [("nina", "2026-W20", 404, ""), ("nina", "2026-W46", 400, "page_size"), ("", "2026-W46", 401, "")],
)
def test_an_error_is_read_as_a_problem(
    cast: Cast, weeks_made: MakeWeek, ask: Ask, person: str, week: str, status: int, field: str
) -> None:
    weeks_made({cast.school: {}})

    problem = ask("ratings.ratings_retrieve", getattr(cast, person, None), week, page_size=5000 if field else 100)

    assert type(problem).__name__ == "Problem"
    assert (problem.status, problem.type_) == (status, "about:blank")
    assert len(problem.detail) > 20
    assert [each.field for each in problem.errors or []] == ([field] if field else [])
