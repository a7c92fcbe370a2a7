"""The statement that finds values to hold for a human in the wide rows of a draft, before they are rated."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import takewhile

from django.db import connection

from reports.counting.counts import USE_BY_PLATFORM
from reports.counting.rows import Shape, columns_of
from reports.holds import EVEN, HOLD_KINDS, JUMP, OVER, STALE, HoldKind
from reports.indicators import Indicator
from reports.models import Hold, Rating, RatingState, Verdict
from reports.weeks import IsoWeek
from schools.scope import Level

_SAME_SCHOOL = (
    "JOIN reports_schoolweek {0} ON {0}.rating_id = {1} AND {0}.platform = w.platform AND {0}.school_id = w.school_id"
)
_AFTER_HOLIDAYS = (
    "EXISTS (SELECT 1 FROM reports_holiday h WHERE (h.region_id IS NULL OR h.region_id = w.region_id)"
    " AND h.starts_on <= %(sunday_before)s AND h.ends_on >= %(monday_before)s)"
)


def hold_values(rating: Rating, week: IsoWeek, shape: Shape, before: int | None) -> frozenset[int]:
    """Write Hold rows of a draft; return the numbers of indicators of which some value is kept out of the rating."""
    found = list(_found(shape, _unbroken(before, week)))
    if not found:
        return frozenset()
    parameters: dict[str, int | datetime.date] = {
        "rating": rating.pk,
        "week": week.number,
        "sunday_before": week.shift(-1).sunday,
        "monday_before": week.shift(-1).monday,
    }
    with connection.cursor() as cursor:
        cursor.execute(_insert(found), parameters)
        if cursor.rowcount < 1:
            return frozenset()
    kept_out = Hold._default_manager.filter(rating=rating).exclude(state=Verdict.RIGHT)
    return frozenset(kept_out.order_by().values_list("indicator", flat=True).distinct())


def _unbroken(before: int | None, week: IsoWeek) -> list[int]:
    """The ids of the revisions that stand for the weeks before, the latest first, up to the first gap."""
    weeks = [week.shift(-step).number for step in range(2, STALE.times)]
    rows = Rating.objects.filter(week__in=weeks, state=RatingState.PUBLISHED).values_list("week", "pk")
    ids = dict(rows) if before else {}
    found = [before, *(ids.get(number) for number in weeks)]
    return [pk for pk in takewhile(bool, found) if pk]


def _found(shape: Shape, earlier: list[int]) -> Iterator[str]:
    """One SELECT per kind and indicator it is asked of; kinds that need weeks nobody has published are left out."""
    for indicator in shape.of(Level.SCHOOL):
        part, whole = columns_of(indicator, shape.feeds)
        columns = Columns(indicator, part, whole)
        for kind in HOLD_KINDS:
            if kind.applies_to(indicator, part) and len(earlier) >= NEEDS_WEEKS.get(kind, 0):
                yield ASKED[kind](columns, earlier)


@dataclass(frozen=True, slots=True)
class Columns:
    """An indicator and the columns it is counted from by whose figures it takes."""

    indicator: Indicator
    part: str
    whole: str

    def select(self, kind: HoldKind, asked: str, joined: str = "", before: str = "CAST(NULL AS integer)") -> str:
        """The values a kind stops: what is asked of the wide row `w`, beside what is joined."""
        return f"""
            SELECT {self.indicator.number} AS indicator, {kind.number} AS kind, w.school_id, w.municipality_id,
              w.region_id, w.{self.part} AS part, w.{self.whole} AS whole, {before} AS part_before
            FROM reports_schoolweek w {joined}
            WHERE w.rating_id = %(rating)s AND w.platform = {self.indicator.platform.number}
              AND w.{self.whole} IS NOT NULL AND {asked}
        """  # noqa: S608  composed from data of this portal, no input


def _over(columns: Columns, earlier: list[int]) -> str:
    part, whole = f"CAST(w.{columns.part} AS bigint)", f"CAST(w.{columns.whole} AS bigint)"
    return columns.select(OVER, f"{part} * 100 > {whole} * {OVER.times} AND {part} - {whole} >= {OVER.people}")


def _jump(columns: Columns, earlier: list[int]) -> str:
    now, then = f"CAST(w.{columns.part} AS bigint)", f"b.{columns.part}"
    grown = f"{then} > 0 AND {now} > CAST({then} AS bigint) * {JUMP.times} AND {now} - {then} >= {JUMP.people}"
    return columns.select(JUMP, f"{grown} AND NOT {_AFTER_HOLIDAYS}", _SAME_SCHOOL.format("b", earlier[0]), then)


def _stale(columns: Columns, earlier: list[int]) -> str:
    names = {f"b{step}": pk for step, pk in enumerate(earlier)}
    joined = " ".join(_SAME_SCHOOL.format(name, pk) for name, pk in names.items())
    same = " AND ".join(f"{name}.{columns.part} = w.{columns.part}" for name in names)
    return columns.select(STALE, f"w.{columns.part} >= {STALE.people} AND {same}", joined, f"b0.{columns.part}")


def _even(columns: Columns, earlier: list[int]) -> str:
    """Schools whose active teachers all did the same number of things in the week."""
    platform = columns.indicator.platform.number
    use = " + ".join(USE_BY_PLATFORM[platform])
    alike = f"""
        SELECT school_id FROM reports_staffactivity
        WHERE week = %(week)s AND platform = {platform} AND is_teacher AND {use} > 0
        GROUP BY school_id HAVING count(*) >= {EVEN.people} AND min({use}) = max({use})
    """  # noqa: S608
    return columns.select(EVEN, f"w.{columns.part} IS NOT NULL", f"JOIN ({alike}) e ON e.school_id = w.school_id")


ASKED = {OVER: _over, JUMP: _jump, STALE: _stale, EVEN: _even}
NEEDS_WEEKS = {JUMP: 1, STALE: STALE.times - 1}


def _insert(found: list[str]) -> str:
    """The INSERT: what was found, beside the newest decision about the very same value."""
    rows = "\nUNION ALL\n".join(found)
    return f"""
        INSERT INTO reports_hold
          (rating_id, indicator, kind, school_id, municipality_id, region_id, part, whole, part_before, state)
        WITH found AS ({rows})
        SELECT %(rating)s, f.indicator, f.kind, f.school_id, f.municipality_id, f.region_id, f.part, f.whole,
          f.part_before, COALESCE((
            SELECT d.verdict FROM reports_holddecision d WHERE d.week = %(week)s AND d.school_id = f.school_id
              AND d.indicator = f.indicator AND d.part = f.part AND d.whole = f.whole ORDER BY d.id DESC LIMIT 1
          ), {Verdict.WAITING.value})
        FROM found f
    """  # noqa: S608
