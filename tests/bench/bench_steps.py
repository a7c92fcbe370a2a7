"""The nine steps of the whole country on PostgreSQL: against hand-written SQL that makes the very same rows."""

import os
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from reports.counting import count_week
from reports.publishing import publish
from reports.steps.counting import count_steps, parameters
from reports.weeks import IsoWeek
from schools.kinds import GENERAL_KINDS
from tests.bench.country import SCHOOLS, Dataset, fill
from tests.bench.lines import line

FLOOR = Path(__file__).with_name("floor_steps.sql")
SMALL, ROUNDS = 4_000, 3
_COLUMNS = "school_id, number, region_id, municipality_id, state, part, whole, excused, mistakes, is_manual, moved_on"


def run() -> list[str]:
    """Count the country from nothing by turns with the floor, then count it again unchanged."""
    schools = SMALL if os.environ.get("BENCH_SCALE") == "small" else SCHOOLS
    fill(Dataset(1, schools, weeks=1))
    _families()
    publish(count_week(IsoWeek(2026, 47)))
    product, floor = _by_turns()
    again = _timed(count_steps)
    return [
        line(f"steps of {schools} schools from nothing, s", product, floor, 1.3),
        line(f"steps of {schools} schools unchanged, s", again, floor, 1.3),
    ]


def _families() -> None:
    """Pupils, representatives, class teachers, reconciled schools and functions, in every combination."""
    statements = (
        """INSERT INTO schools_pupil (id, school_id, school_class_id, last_name, first_name, patronymic, no_patronymic, name_key,
              snils, external_id) SELECT s * 40 + n, s, s * 40 + 1 + n % 9, 'П', 'П', '', false, 'п п', '', '' FROM s JOIN n ON n <= 20""",
        """INSERT INTO schools_guardian (id, school_id, last_name, first_name, patronymic, no_patronymic, name_key, snils, phone, email)
            SELECT s * 40 + n, s, 'Р', 'Р', '', false, 'р р', '', '', '' FROM s JOIN n ON n <= 20""",
        """INSERT INTO schools_guardianship (pupil_id, guardian_id, kind, registered_on, declined_on)
            SELECT s * 40 + n, s * 40 + n, 'mother', CASE WHEN (s + n) % 7 < 4 THEN DATE '2026-10-01' END,
              CASE WHEN (s + n) % 7 = 5 THEN DATE '2026-10-01' END FROM s JOIN n ON n <= 20 WHERE (s + n) % 9 > 0""",
        """INSERT INTO staff_classteacher (staff_id, school_class_id)
            SELECT s * 100 + n, s * 40 + n FROM s JOIN n ON n <= 16 + s % 3 WHERE s % 41 > 0""",
        "UPDATE schools_school SET reconciled_on = '2026-09-20', declared_pupils = 19 + id % 4, declared_classes = 17 WHERE id % 29 > 0",
        "UPDATE schools_user SET last_login = '2026-11-01' WHERE id % 5 > 0",
        """INSERT INTO schools_functionuse (school_id, function, mastered_on, note)
            SELECT s, n, DATE '2026-10-01', '' FROM s JOIN n ON n <= s % 6""",
        "VACUUM ANALYZE",
    )
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        for statement in statements:
            cursor.execute(statement)
        cursor.execute("SET session_replication_role = origin")
        cursor.execute("CREATE TABLE floor_schoolstep (LIKE reports_schoolstep INCLUDING ALL)")
        for place in (
            "school",
            "municipality",
            "region",
        ):  # LIKE leaves foreign keys out, and checking them is work too
            cursor.execute(
                f"ALTER TABLE floor_schoolstep ADD FOREIGN KEY ({place}_id) REFERENCES schools_{place} (id)"
                " DEFERRABLE INITIALLY DEFERRED"
            )


def _by_turns() -> tuple[float, float]:
    statement = FLOOR.read_text()
    values: dict[str, Any] = parameters(timezone.localdate()) | {"kinds": list(GENERAL_KINDS)}

    @transaction.atomic
    def floor() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL work_mem = '64MB'")
            cursor.execute("SET LOCAL jit = off")
            cursor.execute(statement, values)

    sides: dict[str, Callable[[], object]] = {"product": count_steps, "floor": floor}
    times: dict[str, list[float]] = {name: [] for name in sides}
    for number in range(ROUNDS + 1):
        with connection.cursor() as cursor:
            cursor.execute("TRUNCATE reports_schoolstep, floor_schoolstep")
        for name in sides if number % 2 else reversed(sides):
            spent = _timed(sides[name])
            if number:
                times[name].append(spent)
    _compare()
    return median(times["product"]), median(times["floor"])


def _timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _compare() -> None:
    """Both sides must have made the very same rows: a floor that does less is no floor."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT count(*) FROM (SELECT {_COLUMNS} FROM reports_schoolstep EXCEPT SELECT {_COLUMNS} FROM floor_schoolstep) x"
        )
        differing = cursor.fetchone()[0]
        cursor.execute("SELECT count(*) FROM reports_schoolstep")
        made = cursor.fetchone()[0]
    if differing or not made:
        raise SystemExit(f"{differing} of {made} steps differ between the product and the floor")
