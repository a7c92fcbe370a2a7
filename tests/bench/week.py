"""The count of a week and its floor, run by turns: what the benches on PostgreSQL and SQLite share."""

import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

from django.db import connection, transaction

from reports.chat_coverage.counting import tell_words
from reports.chat_coverage.statement import POSITIONS, SUBJECTS
from reports.counting import count_week
from reports.counting.week import MONTH_HOLDS, quarter_of
from reports.models import HoldRule, Rating
from reports.publishing import publish
from reports.steps.facts import COUNTRY
from reports.weeks import IsoWeek

FLOOR = Path(__file__).with_name("floor_week.sql")
WEEK = IsoWeek(2026, 47)
TABLES = ("schoolweek", "ratingrow", "ratingplace", "caseweek")


def by_turns(rounds: int) -> tuple[float, float]:
    """Publish the week before, then count and floor by turns; return the medians in seconds, after one run unmeasured."""
    Rating.objects.all().delete()
    HoldRule.objects.all().delete()  # the floor stops no values for a human: both sides rate everything
    publish(count_week(WEEK.shift(-1)))
    floor = Floor()
    times: dict[str, list[float]] = {"product": [], "floor": []}
    sides: dict[str, Callable[[], object]] = {"product": lambda: count_week(WEEK), "floor": floor.run}
    for number in range(rounds + 1):
        Rating.objects.filter(week=WEEK.number).delete()
        floor.clear()
        for name in ("product", "floor") if number % 2 else ("floor", "product"):
            started = time.perf_counter()
            sides[name]()
            if number:
                times[name].append(time.perf_counter() - started)
    floor.compare(Rating.objects.get(week=WEEK.number))
    return median(times["product"]), median(times["floor"])


class Floor:
    """Hand-written SQL and its own tables: copies of the portal's with the same keys, indexes and checks."""

    def __init__(self) -> None:
        self.on_postgres = connection.vendor == "postgresql"
        self.parameters: dict[str, Any] = {
            "week": WEEK.number,
            "sunday": WEEK.sunday,
            "school_year": WEEK.school_year,
            "month_ago": WEEK.shift(-MONTH_HOLDS).number,
            "quarter": quarter_of(WEEK),
        }
        statements = [part for part in FLOOR.read_text().split(";\n") if part.strip()]
        self.statements = [part for part in statements if self.on_postgres or "SET LOCAL" not in part]
        with connection.cursor() as cursor:
            for table in TABLES:
                self._copy(cursor, table)
            columns = _columns(cursor, "ratingrow")
            cursor.execute(
                f"INSERT INTO floor_ratingrow (rating_id, {columns}) SELECT 1, {columns} FROM reports_ratingrow"
            )
            self._tell_words(cursor)
            cursor.execute("VACUUM ANALYZE" if self.on_postgres else "ANALYZE")

    def _copy(self, cursor: Any, table: str) -> None:
        cursor.execute(f"DROP TABLE IF EXISTS floor_{table}")
        if self.on_postgres:
            cursor.execute(f"CREATE TABLE floor_{table} (LIKE reports_{table} INCLUDING ALL)")
            return
        cursor.execute("SELECT sql FROM sqlite_master WHERE tbl_name = %s AND sql IS NOT NULL", [f"reports_{table}"])
        for (statement,) in cursor.fetchall():
            cursor.execute(statement.replace("reports_", "floor_").replace("rating_row_list", "floor_row_list"))

    def _tell_words(self, cursor: Any) -> None:
        """What positions and subjects say, told once: the product tells them at every count."""
        tell_words(COUNTRY, {})
        for table, name in ((POSITIONS, "floor_positions"), (SUBJECTS, "floor_subjects")):
            cursor.execute(f"DROP TABLE IF EXISTS {name}")
            cursor.execute(f"CREATE TABLE {name} AS SELECT * FROM {table}")
            cursor.execute(f"DROP TABLE {table}")

    def clear(self) -> None:
        """Empty this week's part of the copies."""
        with connection.cursor() as cursor:
            for table in TABLES:
                cursor.execute(f"DELETE FROM floor_{table} WHERE rating_id = 2")

    @transaction.atomic
    def run(self) -> None:
        """The statements in one transaction."""
        with connection.cursor() as cursor:
            for statement in self.statements:
                cursor.execute(statement, self.parameters)

    def compare(self, rating: Rating) -> None:
        """Both sides must have made the very same rows: a floor that does less is no floor."""
        with connection.cursor() as cursor:
            for table in TABLES:
                columns = _columns(cursor, table)
                cursor.execute(
                    f"SELECT count(*) FROM (SELECT {columns} FROM reports_{table} WHERE rating_id = %s"
                    f" EXCEPT SELECT {columns} FROM floor_{table} WHERE rating_id = 2) x",
                    [rating.pk],
                )
                if differing := cursor.fetchone()[0]:
                    raise SystemExit(f"{differing} rows of {table} differ between the product and the floor")


def _columns(cursor: Any, table: str) -> str:
    cursor.execute(f"SELECT * FROM reports_{table} LIMIT 0")
    return ", ".join(column[0] for column in cursor.description if column[0] != "rating_id")
