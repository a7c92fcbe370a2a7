"""How many schools a reconciliation speaks of: working ones, as the register counts them; closed ones told apart."""

import datetime as dt
import re

import pytest
from django.utils import timezone

from schools.models import Reconciliation, School
from schools.reconciling.showing import days_of_schools
from schools.reconciling.working import settled_counts
from tests.conftest import Cast, ClientOf
from tests.schools.lists import Line, csv_bytes, school_lines, table_of
from tests.schools.reconciliations import applied, board, decided, planned, registered
from tests.schools.test_reconciling_doors import text_of


@pytest.fixture
def lines() -> list[Line]:
    """Twelve schools of St Petersburg."""
    return school_lines(12, "78")


@pytest.fixture
def found(cast: Cast, lines: list[Line]) -> Reconciliation:
    """A list that names all of ours alone, one of which is closed already and one opens next year."""
    School.objects.filter(region=cast.region).update(closed_on="2020-01-01")
    schools = registered(cast.region, lines)
    School.objects.filter(pk=schools[lines[0]["inn"]].pk).update(closed_on="2025-09-01")
    School.objects.filter(pk=schools[lines[1]["inn"]].pk).update(opened_on="2099-09-01")
    return planned(cast.region, cast.nina, csv_bytes(table_of(lines)))


def test_confirming_the_outcome_and_the_register_count_the_same_schools(
    cast: Cast, client_of: ClientOf, found: Reconciliation
) -> None:
    client = client_of(cast.nina)
    before = text_of(client.get(found.get_absolute_url()))

    after = text_of(client.get(applied(found, cast.nina).get_absolute_url()))
    register = text_of(client.get("/register/"))

    assert "10 школ станут сверенными" in before
    assert "Ещё 2 школы закрыты или пока не открыты: в счёт работающих не идут." in before
    assert "Сверено 10 школ" in after
    assert "Ещё 2 школы закрыты или пока не открыты" in after
    assert "10 из 10 школ сверены" in register


@pytest.mark.parametrize("day, works", [("2026-09-01", 9), ("2099-01-01", 10)])
def test_school_that_a_decision_closes_is_counted_by_the_day(
    cast: Cast, client_of: ClientOf, lines: list[Line], found: Reconciliation, day: str, works: int
) -> None:
    rows = [line | {"Дата закрытия": ""} for line in lines]
    rows[2] |= {"Дата закрытия": dt.date.fromisoformat(day).strftime("%d.%m.%Y")}
    listing = planned(cast.region, cast.nina, csv_bytes(table_of(rows, [*rows[0]])))
    decided(listing, cast.nina, {"line": "r4", "do": "fields", "fields": "take"})

    before = text_of(client_of(cast.nina).get(listing.get_absolute_url()))
    done = applied(listing, cast.nina).summary["done"]

    assert f"{works} школ станут сверенными" in before
    assert (done["settled"], done["idle"]) == (works, 12 - works)


def test_regions_to_choose_from_count_working_schools(cast: Cast, client_of: ClientOf, found: Reconciliation) -> None:
    page = text_of(client_of(cast.root).get("/register/"))

    row = re.search(r"region=78\D.*?</tr>", page, re.DOTALL)
    assert row is not None
    assert '<td class="n">10</td>' in row[0]


@pytest.mark.parametrize(
    "item",
    [
        {"line": "{ours}", "do": "close", "on": "2026-09-01", "reason": "распоряжение № 5"},
        {"line": "{ours}", "do": "merge", "on": "2026-09-01"},
        {"line": "r13", "do": "add"},
        {"line": "r13", "do": "succeed", "kind": "renamed", "on": "2026-09-01"},
        {"line": "r13", "do": "succeed", "kind": "split", "on": "2026-09-01"},
    ],
    ids=lambda item: f"{item['do']} {item.get('kind', '')}",
)
def test_every_decision_is_counted_before_as_it_is_written_after(
    cast: Cast, lines: list[Line], found: Reconciliation, item: dict[str, str]
) -> None:
    schools = {line["inn"]: School.objects.get(inn=line["inn"]) for line in lines}
    ours, into = schools[lines[4]["inn"]], schools[lines[5]["inn"]]
    listing = planned(cast.region, cast.nina, csv_bytes(table_of([*lines[:4], *lines[5:], school_lines(13, "78")[12]])))
    asked = item | {"line": item["line"].format(ours=f"s{ours.pk}"), "school": into.pk, "schools": [ours.pk]}
    listing = decided(listing, cast.nina, asked)

    before = settled_counts(board(listing), days_of_schools(cast.region), timezone.localdate().isoformat())
    done = applied(listing, cast.nina).summary["done"]

    assert (done["settled"], done["idle"]) == before
