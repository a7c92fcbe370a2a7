"""The few queries over frozen rows: a place's own history, its children's, those directly under a region, targets."""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import Count, Max, Q, QuerySet, Sum

from reports.indicators import INDICATORS, Indicator
from reports.models import RatingRow, SchoolWeek
from reports.models.ratings import EVERY_LEVEL
from reports.reading.figures import Row, shown_share
from reports.weeks import IsoWeek
from schools.models import Region
from schools.platforms import SFERUM
from schools.scope import Level

COUNTRY_ID = 0
STEPS = ("schools", "scoped", "on_first", "on_second", "on_third", "silent", "unmeasured", "headless")
History = list[tuple[IsoWeek, int | None]]
Shares = list[float | None]


def _rows(found: "QuerySet[RatingRow]") -> list[Row]:
    return [Row(*values) for values in found.values_list(*Row._fields)]


def rating_ids(history: History) -> list[int]:
    """Ids of the revisions of a stretch of weeks."""
    return [pk for _, pk in history if pk is not None]


def place_rows(level: Level, place_id: int, history: History) -> dict[tuple[int, int], Row]:
    """All indicators of one place over a stretch of weeks, by (revision, indicator)."""
    numbers = [indicator.number for indicator in INDICATORS]
    found = RatingRow._default_manager.filter(
        rating__in=rating_ids(history), indicator__in=numbers, level=level, place_id=place_id
    )
    return {(row.rating_id, row.indicator): row for row in _rows(found)}


def shares_of(rows: Mapping[tuple[int, int], Row], history: History, indicator: Indicator) -> Shares:
    """Shares of one indicator week by week; a gap where nothing may be shown."""
    found = (rows.get((pk, indicator.number)) if pk is not None else None for _, pk in history)
    return [shown_share(indicator, row.part, row.whole) if row else None for row in found]


def level_rows(level: Level, history: History, indicator: Indicator, **place: object) -> list[Row]:
    """Rows of all places of a level within a region or municipality over a stretch of weeks."""
    found = RatingRow._default_manager.filter(
        rating__in=rating_ids(history), indicator=indicator.number, level=level, **place
    )
    return _rows(found)


def rows_of(level: Level, ids: Iterable[int], history: History, indicator: Indicator) -> list[Row]:
    """Rows of the places named over a stretch of weeks, found by the primary key."""
    found = RatingRow._default_manager.filter(
        rating__in=rating_ids(history), indicator=indicator.number, level=level, place_id__in=list(ids)
    )
    return _rows(found)


def direct_rows(region_id: int, history: History, indicator: Indicator) -> list[Row]:
    """Σ over the schools directly under a region, week by week: a row of their own, with place 0."""
    found = RatingRow._default_manager.filter(
        rating__in=rating_ids(history),
        indicator=indicator.number,
        level=Level.SCHOOL,
        region=region_id,
        municipality=None,
    )
    measured = Q(part__isnull=False, whole__isnull=False)
    before = Q(part_before__isnull=False, whole_before__isnull=False)
    sums = found.values("rating_id").annotate(
        sum_part=Sum("part", filter=measured),
        sum_whole=Sum("whole", filter=measured),
        schools_in=Count("place_id"),
        part_was=Sum("part_before", filter=before),
        whole_was=Sum("whole_before", filter=before),
    )
    return [
        Row(
            each["rating_id"],
            indicator.number,
            0,
            None,
            each["sum_part"],
            each["sum_whole"],
            schools=each["schools_in"],
            part_before=each["part_was"],
            whole_before=each["whole_was"],
        )
        for each in sums
    ]


def series(rows: Iterable[Row], history: History, indicator: Indicator) -> dict[int, Shares]:
    """Shares week by week of every place among the rows."""
    slots = {pk: slot for slot, (_, pk) in enumerate(history) if pk is not None}
    lines: dict[int, Shares] = defaultdict(lambda: [None] * len(history))
    for row in rows:
        lines[row.place_id][slots[row.rating_id]] = shown_share(indicator, row.part, row.whole)
    return lines


def of_rating(rows: Iterable[Row], rating_id: int) -> dict[int, Row]:
    """The rows of one revision by place."""
    return {row.place_id: row for row in rows if row.rating_id == rating_id}


# Read by most pages and tiny: by hand, for the ORM takes longer to write them than the database to answer.
_TARGETS = """
    SELECT region_id, level, starts_week, due_week, indicator, value FROM reports_target
    WHERE starts_week <= %s AND (region_id IS NULL OR region_id = %s)
"""
_HOLIDAYS = """
    SELECT name, starts_on, ends_on FROM reports_holiday
    WHERE starts_on <= %s AND ends_on >= %s AND (region_id IS NULL OR region_id = %s)
"""


def day_of(value: Any) -> Any:
    """A day that a statement by hand has read, None for none: SQLite has no dates of its own."""
    return datetime.date.fromisoformat(value) if isinstance(value, str) else value


class Goal(NamedTuple):
    """A share wished for: since which week, and by which one if it has a date; the passport's example has neither."""

    value: float
    starts: IsoWeek | None = None
    due: IsoWeek | None = None


class Goals:
    """The targets in force in a week for a region, read once for all levels."""

    def __init__(self, week: IsoWeek, region_id: int | None = None) -> None:
        with connection.cursor() as cursor:
            cursor.execute(_TARGETS, [week.number, region_id])
            rows = cursor.fetchall()
        self._rows = sorted(rows, key=lambda row: (row[0] is not None, row[1] != EVERY_LEVEL, row[2]))

    def at(self, level: Level) -> dict[int, Goal | None]:
        """Goals by indicator: the region's own before the country's, the level's own before that of all, the latest."""
        chosen = {each.number: Goal(each.target) if each.target is not None else None for each in INDICATORS}
        for _, of_level, starts, due, indicator, value in self._rows:
            if of_level in (EVERY_LEVEL, level):
                until = IsoWeek.from_number(due) if due else None
                chosen[indicator] = Goal(float(value), IsoWeek.from_number(starts), until)
        return chosen

    def shares(self, level: Level) -> dict[int, float | None]:
        """The shares alone, by indicator."""
        return {number: goal.value if goal else None for number, goal in self.at(level).items()}


def targets(week: IsoWeek, region_id: int | None, level: Level) -> dict[int, float | None]:
    """The share wished for at a level, by indicator: the region's own, else the country's, else the passport's."""
    return Goals(week, region_id).shares(level)


def holidays(history: History, region: Region | None) -> dict[int, str]:
    """Numbers of the weeks (47) in which at least three days are school holidays → their name."""
    if not history:
        return {}
    first, last = history[0][0].monday, history[-1][0].sunday
    with connection.cursor() as cursor:
        cursor.execute(_HOLIDAYS, [last.isoformat(), first.isoformat(), region.pk if region else None])
        found = [(name, day_of(starts), day_of(ends)) for name, starts, ends in cursor.fetchall()]
    named = {}
    for name, starts, ends in found:
        for week, _ in history:
            days = (min(ends, week.sunday) - max(starts, week.monday)).days + 1
            if days >= 3:
                named[week.week] = name
    return named


def ladder(rating_id: int, schools: Q) -> dict[int | None, dict[str, int]]:
    """Counts of one revision by municipality: schools, in_scope, registered, filled, uses, silent, unmeasured.

    `schools` is a condition on the school's place that an index serves: Q(school__region=…).
    """
    found = SchoolWeek._default_manager.filter(schools, rating=rating_id, platform=SFERUM.number)
    scope = Q(in_scope=1)
    rows = found.values("municipality_id").annotate(
        schools=Count("school"),
        scoped=Count("school", filter=scope),
        on_first=Count("school", filter=scope & Q(registered=1)),
        on_second=Count("school", filter=scope & Q(filled=1)),
        on_third=Count("school", filter=scope & Q(uses=1)),
        silent=Count("school", filter=Q(active=0)),
        unmeasured=Count("school", filter=Q(active=None)),
        headless=Count("school", filter=Q(administrators=0)),
    )
    return {row["municipality_id"]: {key: row[key] for key in STEPS} for row in rows}  # type: ignore[literal-required]


def silent_schools(history: History, indicator: Indicator, **place: object) -> list[tuple[int, int | None, int | None]]:
    """(school, its municipality, last week with activity or None) of schools silent in the last week, longest first."""
    now = history[-1][1]
    rows = RatingRow._default_manager.filter(indicator=indicator.number, level=Level.SCHOOL, **place)
    quiet = dict(rows.filter(rating=now, part=0).values_list("place_id", "municipality_id"))
    if not quiet:
        return []
    spoke = dict(
        rows.filter(
            rating__in=rating_ids(history), part__gt=0, place_id__in=rows.filter(rating=now, part=0).values("place_id")
        )
        .order_by()
        .values("place_id")
        .annotate(last=Max("rating__week"))
        .values_list("place_id", "last")
    )
    return sorted(
        ((school, municipality, spoke.get(school)) for school, municipality in quiet.items()),
        key=lambda found: (found[2] or 0, found[0]),
    )


def zone_of(region: Region) -> ZoneInfo:
    """The region's clock."""
    return ZoneInfo(region.timezone)


def median(values: Sequence[float]) -> float:
    """The middle value of a non-empty sequence."""
    ordered, half = sorted(values), len(values) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2
