"""Telling the feed what changed, in the transaction that changes it; rows are numbered once they are committed."""

import json
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.db.models import Max

from schools.bulk import insert_rows, on_postgres
from schools.models.changes import Change

LOCK = 7_203_177  # of PostgreSQL: one numbers at a time
Place = tuple[int | None, int | None, int | None]  # region, municipality, school
NOWHERE: Place = (None, None, None)
_COLUMNS = ["kind", "event", "key", "region_id", "municipality_id", "school_id", "facts"]


class SchoolKey(NamedTuple):
    """What a school is known by and who sees it."""

    pk: int
    code: str
    region_id: int
    municipality_id: int | None

    @property
    def place(self) -> Place:
        """Where it is."""
        return self.region_id, self.municipality_id, self.pk


def tell_of_schools(before: Iterable[SchoolKey], after: Iterable[SchoolKey]) -> None:
    """Tell what became of schools: one that has another code or place now is gone from where it was."""
    now = {school.pk: school for school in after}
    gone = [school for school in before if now.get(school.pk) != school]
    rows = [_row(Change.Event.GONE, school) for school in gone]
    insert_rows(Change, _COLUMNS, rows + [_row(Change.Event.CHANGED, school) for school in now.values()])


def _row(event: str, school: SchoolKey) -> tuple[Any, ...]:
    return (Change.Kind.SCHOOLS, event, school.code, *school.place, "{}")


def tell_of_rating(event: str, week: str, facts: Mapping[str, Any]) -> None:
    """Tell that a revision of a week is published or superseded."""
    insert_rows(Change, _COLUMNS, [(Change.Kind.RATINGS, event, week, *NOWHERE, json.dumps(facts))])


@transaction.atomic
def number_changes() -> None:
    """Give numbers to the changes committed since the last time, so that no smaller number ever appears later.

    Ids do not do: a transaction that took a smaller one may commit after a larger one has been read. One numbers at a
    time – under a lock on PostgreSQL, as the only writer on SQLite – and only what is committed is seen.
    """
    waiting = Change._default_manager.filter(number=None)
    if not waiting.exists():
        return
    with connection.cursor() as cursor:
        if on_postgres():
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        cursor.execute(
            """UPDATE schools_change SET number = fresh.number FROM (
                SELECT id, last.number + row_number() OVER (ORDER BY id) AS number
                FROM schools_change, (SELECT COALESCE(max(number), 0) AS number FROM schools_change) last
                WHERE schools_change.number IS NULL
            ) fresh WHERE schools_change.id = fresh.id"""
        )


def newest_number() -> int:
    """The last number given, whoever may see its change; 0 before the first."""
    return Change._default_manager.aggregate(newest=Max("number"))["newest"] or 0
