"""Counting the steps: of one school as it is now, or of many into the stored rows and their history."""

import datetime
import time
from functools import lru_cache
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from reports.counting import engine
from reports.models import RatingState, SchoolStep, StepCount
from reports.steps.facts import COUNTRY, bounds_of_region, bounds_of_school, facts_select
from reports.steps.states import ROW_COLUMNS, rows_select
from schools.models import Region, School
from schools.steps import STALLED_DAYS
from schools.years import school_year_of

_LOCK = 2  # no week has this number; 1 is the schedule's (reports/schedule.py)
_KEY = ("school_id", "number")
_COMPARED = tuple(name for name in ROW_COLUMNS if name not in _KEY)
_NULLABLE = {"municipality_id": "0", "planned_on": "'1900-01-01'"}


def parameters(today: datetime.date) -> dict[str, Any]:
    """Return what the statements ask for, on a day; the rating is the newest published one."""
    with connection.cursor() as cursor:
        cursor.execute(_LAST_PUBLISHED, [RatingState.PUBLISHED.value])
        last = cursor.fetchone()
    return {
        "today": today.isoformat(),
        "sunday": today.isoformat(),
        "stalled_before": (today - datetime.timedelta(days=STALLED_DAYS)).isoformat(),
        "school_year": school_year_of(today),
        "rating": last[0] if last else 0,
    }


_LAST_PUBLISHED = "SELECT id FROM reports_rating WHERE state = %s ORDER BY week DESC, revision DESC LIMIT 1"


def steps_of(school: School) -> list[SchoolStep]:
    """Return a school's nine steps as they are this minute, unsaved; none for a school indicators do not count."""
    values = {**parameters(timezone.localdate()), **bounds_of_school(school).keys}
    with connection.cursor() as cursor:
        cursor.execute(_of_school(connection.vendor), values)
        rows = [dict(zip(ROW_COLUMNS, row, strict=True)) for row in cursor.fetchall()]
    return [SchoolStep(**_in_python(row)) for row in sorted(rows, key=lambda row: row["number"])]


@lru_cache
def _of_school(vendor: str) -> str:
    """The statement for any one school on an engine: its keys are parameters."""
    bounds = bounds_of_school(School())
    return engine.as_written(f"WITH facts AS ({facts_select(bounds)}) {rows_select('facts', bounds)}")


def _in_python(row: dict[str, Any]) -> dict[str, Any]:
    """SQLite gives dates as text and truth as a number."""
    for name in ("planned_on", "moved_on", "since_on"):
        if isinstance(row[name], str):
            row[name] = datetime.date.fromisoformat(row[name])
    return row | {"is_manual": bool(row["is_manual"])}


@transaction.atomic
def count_steps(region: Region | None = None, school: School | None = None) -> int:
    """Count the steps of the country, a region or a school; return how many rows changed.

    Only rows that differ are written; a change of state adds a row to the history. Schools that have left the
    indicators' scope lose their rows, their history stays.
    """
    began = time.monotonic()
    engine.wait_for(_LOCK)
    engine.tune()
    bounds = bounds_of_school(school) if school else bounds_of_region(region) if region else COUNTRY
    values = {**parameters(timezone.localdate()), **bounds.keys}
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE fresh_facts AS {facts_select(bounds)}", values)
        cursor.execute(f"CREATE TEMPORARY TABLE fresh_steps AS {rows_select('fresh_facts', bounds)}", values)
        cursor.execute(_EVENTS, values)
        cursor.execute(_UPSERT)
        changed = cursor.rowcount
        cursor.execute(_GONE.format(schools=bounds.schools.replace("s.id", "s.school_id")), values)
        cursor.execute("SELECT count(*) FROM fresh_facts")
        counted = cursor.fetchone()[0]
        cursor.execute("DROP TABLE fresh_steps")
        cursor.execute("DROP TABLE fresh_facts")
    if school is None:
        StepCount.objects.create(region=region, schools=counted, changed=changed, seconds=time.monotonic() - began)
    return int(changed)


_NAMES = ", ".join(ROW_COLUMNS)
_SETS = ", ".join(f"{name} = excluded.{name}" for name in _COMPARED)
_DIFFERS = " OR ".join(
    f"COALESCE(reports_schoolstep.{name}, {_NULLABLE[name]}) <> COALESCE(excluded.{name}, {_NULLABLE[name]})"
    if name in _NULLABLE
    else f"reports_schoolstep.{name} <> excluded.{name}"
    for name in _COMPARED
)
_UPSERT = f"""
    INSERT INTO reports_schoolstep ({_NAMES}) SELECT {_NAMES} FROM fresh_steps WHERE true
    ON CONFLICT (school_id, number) DO UPDATE SET {_SETS} WHERE {_DIFFERS}
"""  # noqa: S608
_EVENTS = """
    INSERT INTO reports_stepevent (school_id, number, before, after, part, whole, happened_on)
    SELECT f.school_id, f.number, old.state, f.state, f.part, f.whole, %(today)s
    FROM fresh_steps f JOIN reports_schoolstep old ON old.school_id = f.school_id AND old.number = f.number
    WHERE old.state <> f.state
"""
_GONE = """
    DELETE FROM reports_schoolstep AS s WHERE s.school_id NOT IN (SELECT school_id FROM fresh_facts){schools}
"""
