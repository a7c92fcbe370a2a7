"""Checks that Python judges, over many schools: a pass in chunks over those whose people changed since the last run."""

import datetime
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from django.db import connection

from reports.checks.catalogue import judged_in_python
from reports.checks.kinds import Check, Person
from reports.checks.sources import Source
from reports.checks.statements import COUNTED, FRESH, over
from schools.bulk import insert_into, on_postgres

READ = "read_schools"  # the temporary table of the schools whose people are read anew
_CHUNK = 2000
FIELDS = ("last_name", "first_name", "patronymic", "no_patronymic", "snils")

# Whose people changed: rows written, rows gone, and those who came to leave by the calendar alone.
_CHANGED = """
    SELECT school_id FROM staff_staffmember
      WHERE updated_at >= %(since)s OR left_on BETWEEN %(since_on)s AND %(today)s
    UNION SELECT school_id FROM schools_pupil
      WHERE updated_at >= %(since)s OR left_on BETWEEN %(since_on)s AND %(today)s
    UNION SELECT school_id FROM schools_guardian WHERE updated_at >= %(since)s
    UNION SELECT school_id FROM schools_deletion WHERE deleted_at >= %(since)s
"""
_MARGIN = datetime.timedelta(minutes=10)  # longer than any transaction that writes people


def choose_schools(since: datetime.datetime | None, values: Mapping[str, Any]) -> None:
    """Make the table of schools to read: all a run looks at, or those changed since they were last read."""
    narrowed = f" WHERE id IN ({_CHANGED})" if since else ""
    moment = since - _MARGIN if since else None
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE TEMPORARY TABLE {READ} AS SELECT * FROM {COUNTED}{narrowed}",  # noqa: S608
            {
                **values,
                "since": moment and connection.ops.adapt_datetimefield_value(moment),
                "since_on": moment and moment.date().isoformat(),
            },
        )
        if on_postgres():
            cursor.execute(f"ANALYZE {READ}")


def inspect_people(values: Mapping[str, Any]) -> None:
    """Judge everybody of those schools and put what was found beside the other counts."""
    for source, checks in judged_in_python():
        looked, found = _judged(source, checks, values)
        rows = [(number, school, count, looked[number, school]) for (number, school), count in found.items()]
        insert_into(FRESH, ["check_number", "school_id", "found", "looked_at"], rows)


def _judged(
    source: Source, checks: Sequence[Check], values: Mapping[str, Any]
) -> tuple[Counter[tuple[int, int]], Counter[tuple[int, int]]]:
    """Count, by (check, school), the rows looked at and those with something wrong."""
    looked: Counter[tuple[int, int]] = Counter()
    found: Counter[tuple[int, int]] = Counter()
    for school, person, applies in _people(source, checks, values):
        for check, is_looked_at in zip(checks, applies, strict=True):
            if is_looked_at and check.inspect is not None:
                looked[check.number, school] += 1
                if check.inspect(person):
                    found[check.number, school] += 1
    return looked, found


def _people(
    source: Source, checks: Sequence[Check], values: Mapping[str, Any]
) -> Iterator[tuple[int, Person, tuple[int, ...]]]:
    """Yield (school, person, which checks look at the row) from a cursor that keeps its rows in the database."""
    fields = ", ".join(f"p.{name}" for name in FIELDS)
    applies = ", ".join(flag(check.applies) for check in checks)
    with connection.chunked_cursor() as cursor:
        looked_at = " OR ".join(f"({check.applies or 'true'})" for check in checks)
        rows_in = f"{over(source, READ)} AND ({looked_at})"
        cursor.execute(f"SELECT s.id, {fields}, {applies} FROM {rows_in}", values)  # noqa: S608
        while rows := cursor.fetchmany(_CHUNK):
            for row in rows:
                yield row[0], person_of(row[1:6]), tuple(islice(row, 6, None))


def flag(condition: str) -> str:
    """A condition as a number, which both engines give back alike."""
    return f"CASE WHEN {condition} THEN 1 ELSE 0 END" if condition else "1"


def person_of(values: Sequence[Any]) -> Person:
    """Return a person from the columns of a row."""
    last_name, first_name, patronymic, no_patronymic, sealed = values
    return Person(last_name, first_name, patronymic, bool(no_patronymic), sealed)
