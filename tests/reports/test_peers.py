"""Peer groups of a rating: reports/peers.py and what its page makes of them."""

import re
from fractions import Fraction
from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from reports.peers import GROUPINGS, LARGE, SMALL, chosen, options, places_in
from reports.rating import ranks
from schools.models import Municipality, School
from schools.scope import Level
from tests.reports.test_views import ClientOf, MakeWeek

pairs = st.dictionaries(st.integers(1, 30), st.tuples(st.integers(0, 9), st.integers(1, 9)), max_size=12)


def listed(client: Client, group: str) -> list[tuple[str, ...]]:
    """(first word of the name, first column, second) of the rows of a rating of schools."""
    page = client.get(f"/ratings/?level=school&group={group}").content.decode()
    pattern = r'<td class="n key">([^<]*)</td><td class="n(?: quiet)?">(.*?)</td><th scope="row"><a [^>]*>(\w+)'
    return [(name, first, second) for first, second, name in re.findall(pattern, page)]


@given(pairs)
def test_places_in_a_group_are_those_of_a_rating_of_the_group_alone(rows: dict[int, tuple[int, int]]) -> None:
    found = places_in({place: part / whole for place, (part, whole) in rows.items()})

    assert found == ranks({place: Fraction(part, whole) for place, (part, whole) in rows.items()})


def test_every_group_is_named_once_and_found_by_its_name() -> None:
    keys = [key for level in (Level.MUNICIPALITY, Level.SCHOOL) for _, key in options(level)]

    assert all(chosen(key, Level.SCHOOL) for key in keys)
    assert len({key for _, key in options(Level.SCHOOL)}) == sum(len(each.groups) for each in GROUPINGS)


@pytest.mark.parametrize("text", ["", "size", "size.", ".small", "size.huge", "password.startswith", "size.small.x"])
def test_a_group_that_is_not_there_is_none(text: str) -> None:
    assert chosen(text, Level.SCHOOL) is None


def test_a_group_of_schools_is_not_asked_of_municipalities_nor_any_of_regions() -> None:
    assert chosen("size.small", Level.MUNICIPALITY) is None
    assert options(Level.REGION) == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    "group, names",
    [
        ("size.small", {"Лицей"}),
        ("size.middle", {"Школа", "Гимназия"}),
        ("kind.gymnasium", {"Гимназия"}),
        ("settlement.city", {"Школа", "Гимназия"}),
        ("settlement.village", {"Лицей"}),
        ("size.huge", {"Школа", "Гимназия", "Лицей"}),
    ],
)
def test_a_rating_is_narrowed_to_a_group(
    cast: Any, weeks_made: MakeWeek, client_of: ClientOf, group: str, names: set[str]
) -> None:
    School.objects.filter(pk=cast.cousin.pk).update(declared_teachers=SMALL - 1)
    Municipality.objects.filter(pk=cast.municipality.pk).update(kind="city")
    Municipality.objects.filter(pk=cast.other_municipality.pk).update(kind="district")
    weeks_made({cast.school: {"active": 10}, cast.sibling: {"active": 20}, cast.cousin: {"active": 30}})

    rows = listed(client_of(cast.nina), group)

    assert {name for name, _, _ in rows} == names
    if group == "settlement.city":
        assert rows == [("Гимназия", "1", "2"), ("Школа", "2", "3")]


@pytest.mark.django_db
def test_a_group_counts_only_what_its_reader_sees(cast: Any, weeks_made: MakeWeek, client_of: ClientOf) -> None:
    School.objects.update(declared_teachers=LARGE)
    weeks_made({cast.school: {"active": 10}, cast.sibling: {"active": 20}, cast.cousin: {"active": 30}})

    client = client_of(cast.marat)
    rows = listed(client, "size.large")

    assert rows == [("Гимназия", "1", "2"), ("Школа", "2", "3")]
    assert "2\u00a0места сравниваются" in client.get("/ratings/?level=school&group=size.large").content.decode()
