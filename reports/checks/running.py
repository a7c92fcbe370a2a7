"""Running the checks over a place: counted by few set statements, only what changed is written, one transaction."""

import datetime
import time
from typing import Any

from django.db import connection, transaction
from django.db.models import Q, Sum
from django.utils import timezone

from reports.checks.catalogue import CHECK_BY_NUMBER, CHECKS, judged_by_sql
from reports.checks.inspection import READ, choose_schools, inspect_people
from reports.checks.sources import OPEN_SCHOOLS
from reports.checks.statements import COUNTED, FRESH, count_statement, parameters
from reports.counting import engine
from reports.counting.counts import numbers
from reports.models import CheckCount, CheckRun
from schools.bulk import on_postgres
from schools.models import Municipality, Region, School, User

Place = Region | Municipality | School
KEPT = datetime.timedelta(days=60)  # runs are kept to tell movement
_LOCK = 3  # no week has this number; 1 is the schedule's, 2 the steps'


class ChecksRefused(ValueError):
    """The checks cannot run now; the text is a Russian sentence that says what to do."""


@transaction.atomic
def run_checks(place: Place | None = None, *, by: User | None = None, afresh: bool = False) -> CheckRun:
    """Run every check over a region, a municipality, a school, or the whole country; return the run's row.

    Only counts that differ are written, `since_on` of a finding stays. People judged in Python are read anew where they
    changed since the last run over the place, everybody in the country's run, in a school's, and if `afresh`.
    Raises ChecksRefused if another run is under way.
    """
    began, started = timezone.now(), time.monotonic()
    _take_turns(place)
    since = None if afresh or place is None or isinstance(place, School) else _last_read(place)
    values = parameters(began) | ({} if place is None else {"place": place.pk})
    with connection.cursor() as cursor:
        _make_tables(cursor, place, values)
        for source, checks in judged_by_sql():
            cursor.execute(count_statement(source, checks), values)
        choose_schools(since, values)
        inspect_people(values)
        _store(cursor, place, values)
        _drop_tables(cursor)
    return _leave_runs(place, began, time.monotonic() - started, by)


def _take_turns(place: Place | None) -> None:
    """One run at a time; the country's waits for its turn. The planner is told what it cannot know."""
    if place is None:
        engine.wait_for(_LOCK)
        engine.tune()
    elif not engine.hold_week(_LOCK):
        raise ChecksRefused("Проверка уже идёт. Обновите страницу через минуту.")
    if on_postgres():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL jit = off")
            cursor.execute("SET LOCAL cursor_tuple_fraction = 1")  # rows read in chunks are all read


def _last_read(place: Place) -> datetime.datetime | None:
    """When the people of a place were last read: its own run, or one over a place it lies in."""
    over = Q(region=None, municipality=None, school=None) | Q(**{_column(place): place})
    if isinstance(place, Municipality):
        over |= Q(region=place.region_id)
    return CheckRun.objects.filter(over).order_by("-checked_at").values_list("checked_at", flat=True).first()


def _column(place: Place) -> str:
    return place._meta.model_name or ""


def named(place: Place | None) -> dict[str, Any]:
    """The fields of a run's row: the place under its name, nothing for the country."""
    return {} if place is None else {_column(place): place}


def _within(place: Place | None) -> str:
    """The condition on the schools of a place; parameter: place."""
    column = "id" if isinstance(place, School) else f"{_column(place)}_id" if place else ""
    return f" AND {column} = %(place)s" if column else ""


def _make_tables(cursor: Any, place: Place | None, values: dict[str, Any]) -> None:
    schools = OPEN_SCHOOLS.format(place=_within(place))
    cursor.execute(f"CREATE TEMPORARY TABLE {COUNTED} AS {schools}", values)
    cursor.execute(
        f"CREATE TEMPORARY TABLE {FRESH} (check_number integer, school_id bigint, found integer, looked_at integer)"
    )
    cursor.execute(f"CREATE INDEX {COUNTED}_id ON {COUNTED} (id)")
    _analyze(cursor, COUNTED)


def _analyze(cursor: Any, table: str) -> None:
    """Tell PostgreSQL's planner how large a table has become."""
    if on_postgres():
        cursor.execute(f"ANALYZE {table}")


def _drop_tables(cursor: Any) -> None:
    for table in (READ, FRESH, COUNTED):
        cursor.execute(f"DROP TABLE {table}")


_DELETE = """
    DELETE FROM reports_checkcount WHERE check_number IN ({numbers}){schools} AND NOT EXISTS (
      SELECT 1 FROM {fresh} f
      WHERE f.check_number = reports_checkcount.check_number AND f.school_id = reports_checkcount.school_id
    )
"""
_UPDATE = f"""
    UPDATE reports_checkcount AS c SET found = f.found, looked_at = f.looked_at FROM {FRESH} f
    WHERE c.check_number = f.check_number AND c.school_id = f.school_id
      AND (c.found <> f.found OR c.looked_at <> f.looked_at)
"""  # noqa: S608
_INSERT = f"""
    INSERT INTO reports_checkcount (check_number, school_id, region_id, municipality_id, found, looked_at, since_on)
    SELECT f.check_number, f.school_id, s.region_id, s.municipality_id, f.found, f.looked_at, %(today)s
    FROM {FRESH} f JOIN {COUNTED} s ON s.id = f.school_id
    WHERE NOT EXISTS (
      SELECT 1 FROM reports_checkcount c WHERE c.check_number = f.check_number AND c.school_id = f.school_id
    )
"""  # noqa: S608
_MOVE = f"""
    UPDATE reports_checkcount AS c SET region_id = s.region_id, municipality_id = s.municipality_id FROM {COUNTED} s
    WHERE s.id = c.school_id
      AND (c.region_id <> s.region_id OR COALESCE(c.municipality_id, 0) <> COALESCE(s.municipality_id, 0))
"""  # noqa: S608


def _store(cursor: Any, place: Place | None, values: dict[str, Any]) -> None:
    """Make the stored counts equal the fresh ones, writing only the rows that differ."""
    cursor.execute(f"CREATE INDEX {FRESH}_key ON {FRESH} (check_number, school_id)")
    _analyze(cursor, FRESH)
    below = f" AND school_id IN (SELECT id FROM schools_school WHERE true{_within(place)})" if place else ""  # noqa: S608
    unread = f" AND school_id NOT IN (SELECT id FROM {COUNTED} WHERE id NOT IN (SELECT id FROM {READ}))"  # noqa: S608
    for is_in_python, schools in ((False, below), (True, below + unread)):
        judged = numbers(tuple(check.number for check in CHECKS if (check.inspect is not None) is is_in_python))
        cursor.execute(_DELETE.format(numbers=judged, schools=schools, fresh=FRESH), values)
    known = numbers(tuple(CHECK_BY_NUMBER))
    cursor.execute(f"DELETE FROM reports_checkcount WHERE check_number NOT IN ({known}){below}", values)  # noqa: S608
    cursor.execute(_UPDATE)
    cursor.execute(_INSERT, values)
    cursor.execute(_MOVE)


def _leave_runs(place: Place | None, began: datetime.datetime, seconds: float, by: User | None) -> CheckRun:
    """Leave the run's row; the country's leaves one for each region too, dated and timed as the whole."""
    facts: dict[str, Any] = {"checked_at": began, "seconds": round(seconds, 3), "started_by": by}
    counts = CheckCount.objects.all()
    if place is None:
        CheckRun.objects.filter(checked_at__lt=began - KEPT).delete()
        totals = counts.order_by("region").values_list("region").annotate(Sum("found"))
        found = dict(totals)
        CheckRun.objects.bulk_create(
            CheckRun(region_id=region, found=found.get(region, 0), **facts)
            for region in Region.objects.filter(schools__isnull=False).distinct().values_list("pk", flat=True)
        )
        return CheckRun.objects.create(found=sum(found.values()), **facts)
    total = counts.filter(**named(place)).aggregate(total=Sum("found"))["total"] or 0
    return CheckRun.objects.create(**named(place), found=total, **facts)
