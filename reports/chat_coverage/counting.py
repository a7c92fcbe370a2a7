"""Counting the chats of schools into the stored rows: of one, of a region, of the country."""

import datetime
import time
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from reports.chat_coverage.statement import COLUMNS, POSITIONS, SUBJECTS, facts_select, rows_select, words_of
from reports.counting import engine
from reports.models import ChatCount
from reports.steps.facts import COUNTRY, Bounds, bounds_of_region, bounds_of_school
from schools.bulk import insert_into
from schools.models import Region, School
from schools.years import school_year_of

_LOCK = 4  # no week has this number; 1 is of the schedule, 2 of the steps, 3 of the checks


def parameters(day: datetime.date) -> dict[str, Any]:
    """What the statements ask for, on a day."""
    return {"sunday": day.isoformat(), "school_year": school_year_of(day)}


def tell_words(bounds: Bounds, values: dict[str, Any]) -> None:
    """Make the temporary tables of what positions and subjects say; those of the bounds alone are read."""
    with connection.cursor() as cursor:
        texts = []
        for column in ("position", "subjects"):
            cursor.execute(
                f"SELECT DISTINCT {column} FROM staff_staffmember WHERE {column} <> ''{bounds.below}",  # noqa: S608
                values,
            )
            texts.append([row[0] for row in cursor.fetchall()])
        for table, rows in words_of(*texts):
            cursor.execute(f"CREATE TEMPORARY TABLE {table} (text varchar(300), roles integer, areas integer)")
            insert_into(table, ("text", "roles", "areas"), rows)


@transaction.atomic
def count_chats(region: Region | None = None, school: School | None = None) -> int:
    """Count the chats of the country, a region or a school; return how many rows changed.

    Only rows that differ are written; what is expected no more, and schools no more counted, lose their rows.
    """
    began, day = time.monotonic(), timezone.localdate()
    engine.wait_for(_LOCK)
    engine.tune()
    bounds = bounds_of_school(school) if school else bounds_of_region(region) if region else COUNTRY
    values = {**parameters(day), **bounds.keys}
    tell_words(bounds, values)
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE fresh_facts AS {facts_select(bounds)}", values)
        cursor.execute(f"CREATE TEMPORARY TABLE fresh_chats AS {rows_select('fresh_facts', day)}", values)
        cursor.execute(_UPSERT)
        changed = cursor.rowcount
        cursor.execute(_GONE.format(schools=bounds.schools.replace("s.id", "s.school_id")), values)
        changed += max(cursor.rowcount, 0)
        cursor.execute("SELECT count(*) FROM fresh_facts")
        counted = cursor.fetchone()[0]
        for table in ("fresh_chats", "fresh_facts", POSITIONS, SUBJECTS):
            cursor.execute(f"DROP TABLE {table}")
    if school is None:
        ChatCount.objects.create(region=region, schools=counted, changed=changed, seconds=time.monotonic() - began)
    return int(changed)


_NAMES = ", ".join(COLUMNS)
_COMPARED = ("region_id", "municipality_id", "expected", "present")
_SETS = ", ".join(f"{name} = excluded.{name}" for name in _COMPARED)
_DIFFERS = " OR ".join(f"COALESCE(reports_schoolchats.{name}, 0) <> COALESCE(excluded.{name}, 0)" for name in _COMPARED)
_UPSERT = f"""
    INSERT INTO reports_schoolchats ({_NAMES}) SELECT {_NAMES} FROM fresh_chats WHERE true
    ON CONFLICT (school_id, use_case) DO UPDATE SET {_SETS} WHERE {_DIFFERS}
"""  # noqa: S608
_GONE = """
    DELETE FROM reports_schoolchats AS s WHERE NOT EXISTS (
      SELECT 1 FROM fresh_chats f WHERE f.school_id = s.school_id AND f.use_case = s.use_case
    ){schools}
"""
