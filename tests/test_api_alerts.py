"""REST of changed figures: a record in full, sight, filters, pages, files, and what a mistake is answered with."""

import csv
import io
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from reports.models import ChangeAlert, Rating, RatingPlace, RatingState
from schools.scope import Level
from tests.conftest import Cast, ClientOf, MakeWeek
from tests.test_pages import add_schools

pytestmark = pytest.mark.django_db
URL = "/api/v1/alerts/"
MakeChange = Callable[..., ChangeAlert]


@pytest.fixture
def changed(cast: Cast, change_of: MakeChange) -> dict[str, ChangeAlert]:
    """Changes of a school, a sibling that got better in the next week, a municipality, both regions, the country."""
    here = {"region": cast.region, "municipality": cast.municipality}
    abroad = {"region": cast.other_region, "municipality": cast.foreign_municipality}
    return {
        "school": change_of(Level.SCHOOL, cast.school.pk, **here),
        "sibling": change_of(Level.SCHOOL, cast.sibling.pk, direction=1, indicator=4, week="2026-W47", **here),
        "foreign": change_of(Level.SCHOOL, cast.foreign.pk, **abroad),
        "town": change_of(Level.MUNICIPALITY, cast.municipality.pk, **here),
        "region": change_of(Level.REGION, cast.region.pk, region=cast.region),
        "other_region": change_of(Level.REGION, cast.other_region.pk, region=cast.other_region),
        "country": change_of(Level.COUNTRY, 0),
    }


def listed(client: Client, changed: dict[str, ChangeAlert], query: str = "") -> set[str]:
    """Names of the changes listed."""
    answer = client.get(f"{URL}{query}")
    assert answer.status_code == 200, answer.content.decode()
    names = {change.pk: name for name, change in changed.items()}
    return {names[row["id"]] for row in answer.json()["results"]}


def test_change_is_told_in_full(cast: Cast, changed: dict[str, ChangeAlert], client_of: ClientOf) -> None:
    row = changed["school"]
    RatingPlace.objects.create(rating=row.rating, level=4, place_id=cast.school.pk, code="780001", name="Школа № 1")

    record = client_of(cast.sveta).get(f"{URL}{row.pk}/").json()

    assert record == {
        "id": row.pk,
        "week": "2026-W46",
        "revision": 1,
        "place": {
            "level": "school",
            "id": cast.school.pk,
            "code": "780001",
            "name": "Школа № 1",
            "region": {"code": "78", "name": cast.region.short_name},
            "municipality": {"id": cast.municipality.pk, "name": "Невский район"},
        },
        "indicator": "staff_active",
        "direction": "worse",
        "since_week": "2026-W45",
        "expected": 0.8,
        "numerator": 20,
        "denominator": 40,
        "share": 0.5,
        "before": {"week": "2026-W44", "numerator": 32, "denominator": 40, "share": 0.8},
        "sigmas": 6.0,
    }


def test_revision_without_names_has_those_of_today(
    cast: Cast, changed: dict[str, ChangeAlert], client_of: ClientOf
) -> None:
    records = client_of(cast.observer).get(URL).json()["results"]

    found = {row["id"]: (row["place"]["code"], row["place"]["name"]) for row in records}
    assert {name: found[change.pk] for name, change in changed.items()} == {
        "school": ("780001", "Школа № 1"),
        "sibling": ("780002", "Гимназия № 2"),
        "foreign": ("470004", "Школа № 4"),
        "town": (None, "Невский район"),
        "region": ("78", cast.region.short_name),
        "other_region": ("47", cast.other_region.short_name),
        "country": (None, "Россия"),
    }


def test_places_are_called_as_in_the_week_not_as_today(
    cast: Cast, changed: dict[str, ChangeAlert], client_of: ClientOf
) -> None:
    row = changed["school"]
    names = {(4, cast.school.pk): "Школа", (3, cast.municipality.pk): "Район", (2, cast.region.pk): "Город"}
    for (level, pk), name in names.items():
        RatingPlace.objects.create(rating=row.rating, level=level, place_id=pk, code="9" * (level != 3), name=name)

    place = client_of(cast.sveta).get(f"{URL}{row.pk}/").json()["place"]

    assert (place["code"], place["name"]) == ("9", "Школа")
    assert place["region"] == {"code": "9", "name": "Город"}
    assert place["municipality"] == {"id": cast.municipality.pk, "name": "Район"}


@pytest.mark.parametrize(
    ("name", "seen"),
    [
        ("observer", {"school", "sibling", "foreign", "town", "region", "other_region", "country"}),
        ("nina", {"school", "sibling", "town", "region", "other_region", "country"}),
        ("marat", {"school", "sibling", "town"}),
        ("sveta", {"school"}),
        ("stranger", set()),
    ],
)
def test_changes_are_listed_as_rows_of_the_rating_are(
    cast: Cast, changed: dict[str, ChangeAlert], client_of: ClientOf, name: str, seen: set[str]
) -> None:
    assert listed(client_of(cast.people[name]), changed) == seen


@pytest.mark.parametrize(
    ("query", "seen"),
    [
        ("?week=2026-W47", {"sibling"}),
        ("?level=school", {"school", "sibling", "foreign"}),
        ("?indicator=staff_confirmed", {"sibling"}),
        ("?direction=better", {"sibling"}),
        ("?region=47", {"foreign", "other_region"}),
        ("?direction=worse&level=region&region=78", {"region"}),
    ],
)
def test_filters_narrow_the_list(
    cast: Cast, changed: dict[str, ChangeAlert], client_of: ClientOf, query: str, seen: set[str]
) -> None:
    assert listed(client_of(cast.observer), changed, query) == seen
    assert listed(client_of(cast.observer), changed, f"?municipality={cast.municipality.pk}") == {
        "school",
        "sibling",
        "town",
    }


def test_latest_is_the_newest_published_week(
    cast: Cast, changed: dict[str, ChangeAlert], weeks_made: MakeWeek, client_of: ClientOf
) -> None:
    client = client_of(cast.observer)

    newest = listed(client, changed, "?week=latest")
    narrowed = listed(client, changed, "?week=latest&direction=worse")
    file = client.get(f"{URL}?week=latest&format=csv&dialect=comma").getvalue().decode()
    weeks_made({cast.school: {}}, "2026-W48")
    Rating.objects.filter(week=202648).update(state=RatingState.DRAFT)
    before = listed(client, changed, "?week=latest")
    Rating.objects.filter(week=202648).update(state=RatingState.PUBLISHED)

    assert (newest, narrowed, before) == ({"sibling"}, set(), {"sibling"})
    assert [row["week"] for row in csv.DictReader(io.StringIO(file))] == ["2026-W47"]
    assert listed(client, changed, "?week=latest") == set()


@pytest.mark.parametrize("query", ["week=47", "level=town", "indicator=composite", "direction=up", "weak=2026-W47"])
def test_what_cannot_be_asked_is_a_mistake(cast: Cast, client_of: ClientOf, query: str) -> None:
    assert client_of(cast.nina).get(f"{URL}?{query}").status_code == 400


def test_file_has_all_rows_and_no_formula(cast: Cast, changed: dict[str, ChangeAlert], client_of: ClientOf) -> None:
    row = changed["school"]
    RatingPlace.objects.create(rating=row.rating, level=4, place_id=cast.school.pk, code="780001", name="=1+1")

    text = client_of(cast.marat).get(f"{URL}?format=csv&dialect=comma").getvalue().decode()

    rows = list(csv.DictReader(io.StringIO(text)))
    assert len(rows) == 3
    assert [each["place.name"] for each in rows if each["id"] == str(row.pk)] == ["'=1+1"]


def test_ten_times_the_changes_cost_no_more_queries(cast: Cast, change_of: MakeChange, client_of: ClientOf) -> None:
    client = client_of(cast.nina)
    place = {"region": cast.region, "municipality": cast.municipality}
    change_of(Level.SCHOOL, cast.school.pk, **place)
    queries(client)  # the first one reads what is kept
    few = queries(client)
    for school in add_schools(cast.region, cast.municipality, 10):
        change_of(Level.SCHOOL, school.pk, **place)

    assert queries(client) == few
    assert len(client.get(f"{URL}?page_size=4").json()["results"]) == 4


def queries(client: Client) -> int:
    """How many queries the list asks."""
    with CaptureQueriesContext(connection) as asked:
        answer: Any = client.get(URL)
    assert answer.status_code == 200
    return len(asked)


@pytest.mark.parametrize("week", ["%25", "%25s", "%25d", "2026-W%25"])
def test_week_with_a_percent_is_a_mistake_in_words(cast: Cast, client_of: ClientOf, week: str) -> None:
    answer = client_of(cast.nina).get(f"/api/v1/alerts/?week={week}")

    assert answer.status_code == 400
    assert "Неделя пишется так" in answer.json()["detail"]
