"""Counting a week of the whole country against hand-written SQL, in a PostgreSQL database of its own; then SQLite, one region.

Usage: python -m tests.bench.bench_week [--scale small] [--rounds 3]. BENCH_POSTGRES is the server (a URL without a name),
BENCH_DATABASE the name of the database made and dropped.
"""

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

FLOOR = Path(__file__).with_name("floor_week.sql")
SERVER = os.environ.get("BENCH_POSTGRES", "postgres://postgres@127.0.0.1:5432")
DATABASE = os.environ.get("BENCH_DATABASE", "rollout_bench")
SIZES = {"full": 40_000, "small": 4_000}
REGION = 700  # schools of the SQLite region, with 60 000 staff
Case = tuple[str, float, float, float]  # name, product, floor, goal


def main() -> int:
    """Run the part asked for, or both, each in a process of its own; print the figures; 1 if a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", choices=sorted(SIZES), default="full")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--engine", choices=("postgres", "sqlite"))
    options = parser.parse_args()
    if options.engine is None:
        arguments = [*sys.argv[1:], "--engine"]
        command = [sys.executable, "-m", "tests.bench.bench_week", *arguments]
        return max(subprocess.run([*command, engine], check=False).returncode for engine in ("postgres", "sqlite"))
    run = on_postgres if options.engine == "postgres" else on_sqlite
    return report(run(SIZES[options.scale], options.rounds))


def report(cases: list[Case]) -> int:
    """Print `name: product / floor = ratio (goal)` and return how many goals are missed, at most 1."""
    missed = 0
    for name, product, floor, goal in cases:
        ratio = product / floor
        missed += ratio > goal
        print(f"{name}: {product:.2f} / {floor:.2f} = {ratio:.2f} (goal {goal})", flush=True)
    return min(missed, 1)


def on_postgres(schools: int, rounds: int) -> list[Case]:
    """Half the country, then the whole: product and floor by turns; memory of this process; growth from half to whole."""
    os.environ["DATABASE_URL"] = f"{SERVER}/{DATABASE}"
    _recreate_database()
    try:
        _start_django()
        return _country(schools, rounds)
    finally:
        _close_connections()
        _administer(f'DROP DATABASE IF EXISTS "{DATABASE}" WITH (FORCE)')


def _country(schools: int, rounds: int) -> list[Case]:
    from tests.bench.country import Dataset, fill  # noqa: PLC0415  Django is configured by then

    fill(Dataset(1, schools // 2))
    half, _ = _rounds(rounds)
    fill(Dataset(schools // 2 + 1, schools))
    product, floor = _rounds(rounds)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return [
        (f"week of {schools} schools, PostgreSQL, s", product, floor, 1.3),
        (f"week, {schools} schools against {schools // 2}, s", product, half, 2.2),
        ("week, memory of Python against the limit, MB", memory, 150, 1.0),
    ]


def on_sqlite(schools: int, rounds: int) -> list[Case]:
    """One region of 700 schools and 60 000 staff in a file of its own."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ.pop("DATABASE_URL", None)
        os.environ["DATA_DIR"] = folder
        _start_django()
        from tests.bench.country import Dataset, fill  # noqa: PLC0415

        region = min(REGION, schools)
        fill(Dataset(1, region, regions=1, people=85))
        product, floor = _rounds(max(rounds, 5))
        return [(f"week of a region of {region} schools, SQLite, s", product, floor, 2.0)]


def _start_django() -> None:
    import django  # noqa: PLC0415
    from django.core.management import call_command  # noqa: PLC0415

    os.environ["DJANGO_SETTINGS_MODULE"] = "rollout.settings"
    django.setup()
    call_command("migrate", verbosity=0)


def _rounds(count: int) -> tuple[float, float]:
    """Publish the week before, then count and floor by turns; return the medians in seconds, after one run unmeasured."""
    from reports.counting import count_week  # noqa: PLC0415
    from reports.models import Rating  # noqa: PLC0415
    from reports.publishing import publish  # noqa: PLC0415
    from reports.weeks import IsoWeek  # noqa: PLC0415

    week = IsoWeek(2026, 47)
    Rating.objects.all().delete()
    publish(count_week(week.shift(-1)))
    floor = _Floor(week)
    times: dict[str, list[float]] = {"product": [], "floor": []}
    for number in range(count + 1):
        Rating.objects.filter(week=week.number).delete()
        floor.clear()
        pair = {"product": lambda: count_week(week), "floor": floor.run}
        for name in ("product", "floor") if number % 2 else ("floor", "product"):
            seconds = _timed(pair[name])
            if number:
                times[name].append(seconds)
    floor.compare(Rating.objects.get(week=week.number).pk)
    return median(times["product"]), median(times["floor"])


class _Floor:
    """Hand-written SQL and its own tables, copies of the portal's with the same keys and checks."""

    def __init__(self, week: Any) -> None:
        from django.db import connection  # noqa: PLC0415

        self.connection = connection
        self.postgres = connection.vendor == "postgresql"
        self.parameters = {"week": week.number, "sunday": week.sunday, "school_year": week.school_year}
        self.statements = [part for part in FLOOR.read_text().split(";\n") if part.strip()]
        self._copy_tables()

    def _copy_tables(self) -> None:
        with self.connection.cursor() as cursor:
            for table in ("schoolweek", "ratingrow"):
                cursor.execute(f"DROP TABLE IF EXISTS floor_{table}")
                if self.postgres:
                    cursor.execute(f"CREATE TABLE floor_{table} (LIKE reports_{table} INCLUDING ALL)")
                else:
                    self._copy_in_sqlite(cursor, table)
            columns = self._columns(cursor)
            cursor.execute(
                f"INSERT INTO floor_ratingrow (rating_id, {columns}) SELECT 1, {columns} FROM reports_ratingrow"
            )
            cursor.execute("VACUUM ANALYZE" if self.postgres else "ANALYZE")

    def _copy_in_sqlite(self, cursor: Any, table: str) -> None:
        cursor.execute("SELECT sql FROM sqlite_master WHERE tbl_name = %s AND sql IS NOT NULL", [f"reports_{table}"])
        for (statement,) in cursor.fetchall():
            copied = statement.replace(f"reports_{table}", f"floor_{table}").replace(
                "rating_row_list", "floor_row_list"
            )
            cursor.execute(copied)

    def _columns(self, cursor: Any) -> str:
        cursor.execute("SELECT * FROM reports_ratingrow LIMIT 0")
        return ", ".join(
            column.name if self.postgres else column[0] for column in cursor.description if column[0] != "rating_id"
        )

    def clear(self) -> None:
        """Empty this week's part of the copies."""
        with self.connection.cursor() as cursor:
            cursor.execute("DELETE FROM floor_schoolweek WHERE rating_id = 2")
            cursor.execute("DELETE FROM floor_ratingrow WHERE rating_id = 2")

    def run(self) -> None:
        """The statements in one transaction."""
        from django.db import transaction  # noqa: PLC0415

        with transaction.atomic(), self.connection.cursor() as cursor:
            for statement in self.statements:
                if self.postgres or "SET LOCAL" not in statement:
                    cursor.execute(statement, self.parameters)

    def compare(self, rating: int) -> None:
        """Both sides must have made the very same rows: a floor that does less is no floor."""
        with self.connection.cursor() as cursor:
            for table in ("schoolweek", "ratingrow"):
                cursor.execute(f"SELECT * FROM reports_{table} LIMIT 0")
                columns = ", ".join(column[0] for column in cursor.description if column[0] != "rating_id")
                cursor.execute(
                    f"SELECT count(*) FROM (SELECT {columns} FROM reports_{table} WHERE rating_id = %s"
                    f" EXCEPT SELECT {columns} FROM floor_{table} WHERE rating_id = 2) x",
                    [rating],
                )
                if differing := cursor.fetchone()[0]:
                    raise SystemExit(f"{differing} rows of {table} differ between the product and the floor")


def _timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _recreate_database() -> None:
    _administer(f'DROP DATABASE IF EXISTS "{DATABASE}" WITH (FORCE)')
    _administer(f'CREATE DATABASE "{DATABASE}"')


def _administer(statement: str) -> None:
    import psycopg2  # noqa: PLC0415

    connection = psycopg2.connect(f"{SERVER}/postgres".replace("postgres://", "postgresql://", 1))
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(statement)
    connection.close()


def _close_connections() -> None:
    from django.db import connections  # noqa: PLC0415

    connections.close_all()


if __name__ == "__main__":
    raise SystemExit(main())
