"""Set writes: every text arrives as it was, whatever signs it holds, also where one value stands in all rows."""

import datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schools.bulk import insert_into

pytestmark = pytest.mark.django_db
ODD = ("a\tb", "строка\nвторая", "\\N", "\\", "\x1d\x1e\x1f", "", "'); --", "\r", "ё")


def written(rows: list[list[Any]], same: dict[str, Any]) -> list[tuple[Any, ...]]:
    """What a table holds after the rows were written into it, in their order."""
    columns = ["n", "one", "two"]
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS of_test")
        cursor.execute("CREATE TEMPORARY TABLE of_test (n integer, one text, two text, tail text, flag text)")
        insert_into("of_test", columns, [[n, *row] for n, row in enumerate(rows)], same)
        names = ", ".join([*columns[1:], *same])
        cursor.execute(f"SELECT {names} FROM of_test ORDER BY n")
        return [tuple(row) for row in cursor.fetchall()]


@pytest.mark.parametrize("same", [{}, {"tail": "\x1f\x1e\t\\N\n", "flag": None}, {"flag": "x"}])
@pytest.mark.parametrize("odd", ODD)
def test_signs_of_copy_in_rows_and_in_what_is_the_same_for_all(odd: str, same: dict[str, Any]) -> None:
    rows: list[list[Any]] = [[odd, None], ["plain", odd], [None, "last"]]

    assert written(rows, same) == [(*row, *same.values()) for row in rows]


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    st.lists(st.lists(st.none() | st.text(st.characters(exclude_categories=["Cs"])), min_size=2, max_size=2)),
    st.none() | st.text(st.characters(exclude_categories=["Cs"])),
)
def test_any_text_arrives(rows: list[list[Any]], tail: str | None) -> None:
    kept = [tuple(cell and cell.replace("\0", "") for cell in (*row, tail)) for row in rows]

    assert written(rows, {"tail": tail}) == kept


def test_numbers_days_and_moments_arrive_in_either_place() -> None:
    day = datetime.date(2026, 11, 26)

    found = written([[Decimal("0.50"), day]], {"tail": day, "flag": 7})

    assert [[str(cell) for cell in row] for row in found] == [["0.50", "2026-11-26", "2026-11-26", "7"]]
