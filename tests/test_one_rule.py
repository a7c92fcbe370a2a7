"""Pages and REST show the same figures to the same person (threats.md A07)."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from schools.models import Appointment, Region, User
from schools.scope import Level
from tests.conftest import Cast, MakeWeek, make_user

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User | None], Client]
WEEK = "2026-W46"
INDICATORS = ("staff_active", "r210_10", "names_in_order")
LISTS = ("region", "municipality", "school")


@pytest.fixture
def people(cast: Cast, weeks_made: MakeWeek) -> dict[str, User]:
    """The cast over a published week, and somebody with two roles."""
    weeks_made({school: {} for school in (cast.school, cast.sibling, cast.cousin, cast.foreign)}, WEEK)
    both = make_user("both", Level.MUNICIPALITY, municipality=cast.other_municipality)
    Appointment.objects.create(user=both, level=Level.SCHOOL, school=cast.foreign)
    return {**cast.people, "both": both}


def places_of(cast: Cast) -> list[tuple[str, int]]:
    """Every place there is, as an address names it."""
    schools = (cast.school, cast.sibling, cast.cousin, cast.foreign)
    towns = (cast.municipality, cast.other_municipality, cast.foreign_municipality)
    return [
        ("country", 0),
        *(("region", each.pk) for each in (cast.region, cast.other_region)),
        *(("municipality", each.pk) for each in towns),
        *(("school", each.pk) for each in schools),
    ]


def in_rest(client: Client, level: str, indicator: str) -> dict[int, tuple[Any, Any, Any]]:
    """What REST says of the places of a level."""
    answer = client.get(f"/api/v1/ratings/{WEEK}/?level={level}&indicator={indicator}")
    if answer.status_code != 200:
        return {}
    return {row["place"]["id"]: (row["numerator"], row["denominator"], row["rank"]) for row in answer.json()["results"]}


@pytest.mark.parametrize("indicator", INDICATORS)
def test_figure_that_a_page_shows_is_in_rest(
    cast: Cast, people: dict[str, User], client_of: ClientOf, indicator: str
) -> None:
    hidden = []
    for name, person in people.items():
        client = client_of(person)
        for level, pk in places_of(cast):
            page = client.get(f"/places/{level}/{pk}/indicators/{indicator}/")
            if page.status_code == 200 and pk not in in_rest(client, level, indicator):
                hidden.append((name, level, pk))

    assert hidden == []


def test_country_is_open_on_both_sides_or_on_neither(people: dict[str, User], client_of: ClientOf) -> None:
    seen = {
        name: (client_of(one).get("/country/").status_code == 200, bool(in_rest(client_of(one), "country", "r210_10")))
        for name, one in people.items()
    }

    assert {name for name, sides in seen.items() if sides[0]} == {"root", "observer", "nina"}
    assert [name for name, sides in seen.items() if sides[0] != sides[1]] == []


@pytest.mark.parametrize("code", ["78", "47"])
def test_rating_lists_the_same_places_on_both_sides(
    cast: Cast, people: dict[str, User], client_of: ClientOf, code: str
) -> None:
    names = {
        "region": {place.pk: place.name for place in (cast.region, cast.other_region)},
        "municipality": {
            place.pk: place.name for place in (cast.municipality, cast.other_municipality, cast.foreign_municipality)
        },
        "school": {place.pk: place.short_name for place in (cast.school, cast.sibling, cast.cousin, cast.foreign)},
    }
    compared = 0
    for name, person in people.items():
        client = client_of(person)
        for level in LISTS:
            address = f"level={level}&indicator=staff_active" + ("" if level == "region" else f"&region={code}")
            page = client.get(f"/ratings/?{address}")
            if page.status_code != 200:
                continue
            table = "".join(re.findall(r"<tbody.*?</tbody>", page.content.decode().replace("\u00a0", " "), re.DOTALL))
            listed = {pk for pk, each in names[level].items() if each in table}
            rest = client.get(f"/api/v1/ratings/{WEEK}/?{address}").json()["results"]

            if _narrowed(person, code):
                assert listed == {row["place"]["id"] for row in rest}, (name, level)
                compared += len(listed)
    assert compared > 5


def _narrowed(person: User, code: str) -> bool:
    """Whether the page narrows its lists to the region asked for: it does for those who see that region's places."""
    return person.seen.country or person.seen.region_ids == {Region.objects.get(code=code).pk}


def test_totals_of_the_regions_are_the_country_they_read_on_its_page(
    cast: Cast, people: dict[str, User], client_of: ClientOf
) -> None:
    client = client_of(cast.nina)

    totals = client.get(f"/api/v1/ratings/{WEEK}/?level=region&indicator=staff_active").json()["totals"]
    page = client.get("/places/country/0/indicators/staff_active/").content.decode()

    assert [row["place"]["level"] for row in totals] == ["country"]
    assert re.search(rf"\b{totals[0]['numerator']}\b", page)
