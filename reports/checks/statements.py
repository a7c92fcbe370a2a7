"""The statements of the checks, composed from the data: counts of many schools, rows of one, and their parameters."""

import datetime
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import connection
from django.utils import timezone

from reports.checks.kinds import Check
from reports.checks.sources import OPEN_SCHOOLS, Source
from reports.models import Rating, RatingState
from reports.weeks import IsoWeek
from schools.years import school_year_of

DAY = datetime.timedelta(days=1)
COUNTED = "counted_schools"  # the temporary table of the schools a run looks at
FRESH = "fresh_counts"  # … and of what it found
_YEARS = (5, 16, 18, 21, 85)


def parameters(now: datetime.datetime | None = None) -> dict[str, Any]:
    """Return what the sources and conditions ask for, at a moment; the weeks are the last two published ones."""
    moment = now or timezone.now()
    today = timezone.localdate(moment)
    return {
        "today": today.isoformat(),
        "days_14": (today - 14 * DAY).isoformat(),
        "in_three_months": (today + 92 * DAY).isoformat(),
        "year_ago": _years_before(today, 1).isoformat(),
        "week_ago_at": connection.ops.adapt_datetimefield_value(moment - 7 * DAY),
        "school_year": school_year_of(today),
        **{f"years_{years}": _years_before(today, years).isoformat() for years in _YEARS},
        **_weeks(),
    }


def _years_before(day: datetime.date, years: int) -> datetime.date:
    """The same day some years ago; 29 February becomes the 28th."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


def _weeks() -> dict[str, Any]:
    """The last published week, the one before it, and the days they span; zeros where there are none."""
    published = dict(Rating.objects.filter(state=RatingState.PUBLISHED).order_by("-week").values_list("week", "pk")[:2])
    if not published:
        return {"rating": 0, "rating_before": 0, "sunday": "1900-01-01", "monday_before": "1900-01-01"}
    week = IsoWeek.from_number(max(published))
    return {
        "rating": published[week.number],
        "rating_before": published.get(week.shift(-1).number, 0),
        "sunday": week.sunday.isoformat(),
        "monday_before": week.shift(-1).monday.isoformat(),
    }


def over(source: Source, schools: str) -> str:
    """Return what stands after FROM with the schools put in: a table, or a sub-select in brackets."""
    return source.rows.replace("{schools}", schools)


def count_statement(source: Source, checks: Sequence[Check]) -> str:
    """Return the statement that counts all checks of a source in one pass and keeps those that found something."""
    counts = ", ".join(
        f"count(*){_filter(condition)} AS {name}_{check.number}"
        for check in checks
        for name, condition in (("looked", check.applies), ("found", check.condition))
    )
    kept = " UNION ALL ".join(
        f"SELECT {check.number}, school_id, found_{check.number}, looked_{check.number} FROM counted"  # noqa: S608
        f" WHERE found_{check.number} > 0"
        for check in checks
    )
    return f"""
        INSERT INTO {FRESH} (check_number, school_id, found, looked_at)
        WITH counted AS (SELECT s.id AS school_id, {counts} FROM {over(source, COUNTED)} GROUP BY s.id) {kept}
    """  # noqa: S608  composed from data of this portal, no input


def _filter(condition: str) -> str:
    return f" FILTER (WHERE {condition})" if condition else ""


def rows_statement(
    source: Source, condition: str, columns: Iterable[str] = (), schools: str = " AND id = %(school)s"
) -> str:
    """Return the statement that gives the rows of one school (parameter `school`): id, then the columns asked for.

    `schools` is another condition on the schools.
    """
    named = ", ".join([source.row, *columns])
    narrowed = f" AND ({condition})" if condition else ""
    return f"SELECT {named} FROM {over(source, f'({OPEN_SCHOOLS.format(place=schools)})')}{narrowed}"  # noqa: S608


_NAMED = re.compile(r"%\((\w+)\)s")


def positional(statement: str, values: Mapping[str, Any]) -> tuple[str, list[Any]]:
    """Return a statement with named parameters as one with plain ones, and their values in order."""
    return _NAMED.sub("%s", statement), [values[name] for name in _NAMED.findall(statement)]
