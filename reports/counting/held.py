"""The statement that finds values to hold for a human in the wide rows of a draft, before they are rated."""

from collections.abc import Iterator

from django.db import connection

from reports.counting.counts import USE_BY_PLATFORM
from reports.counting.rows import Shape, columns_of
from reports.holds import EVEN, JUMP, OVER, STALE, HoldKind
from reports.indicators import Indicator
from reports.models import Hold, Rating, RatingState, Verdict
from reports.weeks import IsoWeek
from schools.scope import Level

_FOUND = (
    "SELECT {indicator} AS indicator, {kind} AS kind, w.school_id, w.municipality_id, w.region_id, w.{part} AS part,"
    " w.{whole} AS whole, {before} AS part_before FROM reports_schoolweek w"
)
_OF_WEEK = "w.rating_id = %(rating)s AND w.platform = {platform}"
_SAME_SCHOOL = (
    "JOIN reports_schoolweek {0} ON {0}.rating_id = {1} AND {0}.platform = w.platform AND {0}.school_id = w.school_id"
)
_AFTER_HOLIDAYS = (
    "EXISTS (SELECT 1 FROM reports_holiday h WHERE (h.region_id IS NULL OR h.region_id = w.region_id)"
    " AND h.starts_on <= %(sunday_before)s AND h.ends_on >= %(monday_before)s)"
)


def hold_values(rating: Rating, week: IsoWeek, shape: Shape, before: int | None) -> frozenset[int]:
    """Write Hold rows of a draft; return the numbers of indicators of which some value is kept out of the rating."""
    earlier = [before, *_published(week, range(2, STALE.times))]
    found = list(_found(shape, [pk for pk in earlier if pk is not None]))
    if not found:
        return frozenset()
    parameters = {
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


def _published(week: IsoWeek, steps: range) -> list[int | None]:
    """The ids of the revisions that stand for weeks so many steps back; None where there is none."""
    weeks = [week.shift(-step).number for step in steps]
    rows = Rating.objects.filter(week__in=weeks, state=RatingState.PUBLISHED).values_list("week", "pk")
    ids = dict(rows)
    return [ids.get(number) for number in weeks]


def _found(shape: Shape, earlier: list[int]) -> Iterator[str]:
    """One SELECT per kind and indicator it is asked of; kinds that need weeks nobody has published are left out."""
    for indicator in shape.of(Level.SCHOOL):
        part, whole = columns_of(indicator, shape.feeds)
        if OVER.applies_to(indicator, part):
            asked = f"CAST(w.{part} AS bigint) * 100 > CAST(w.{whole} AS bigint) * {OVER.times} AND w.{part} - w.{whole} >= {OVER.people}"
            yield _select(OVER, indicator, (part, whole), asked=asked)
        if JUMP.applies_to(indicator, part) and earlier:
            asked = (
                f"b.{part} > 0 AND w.{part} > CAST(b.{part} AS bigint) * {JUMP.times} AND w.{part} - b.{part} >= {JUMP.people}"
                f" AND NOT {_AFTER_HOLIDAYS}"
            )
            joined = _SAME_SCHOOL.format("b", earlier[0])
            yield _select(JUMP, indicator, (part, whole), asked=asked, joined=joined, before=f"b.{part}")
        if STALE.applies_to(indicator, part) and len(earlier) == STALE.times - 1:
            names = [f"b{step}" for step, _ in enumerate(earlier)]
            same = [f"{name}.{part} = w.{part}" for name in names]
            joined = " ".join(_SAME_SCHOOL.format(name, pk) for name, pk in zip(names, earlier, strict=True))
            asked = " AND ".join([f"w.{part} >= {STALE.people}", *same])
            yield _select(STALE, indicator, (part, whole), asked=asked, joined=joined, before=f"b0.{part}")
        if EVEN.applies_to(indicator, part):
            joined = f"JOIN ({_even(indicator)}) e ON e.school_id = w.school_id"
            yield _select(EVEN, indicator, (part, whole), asked=f"w.{part} IS NOT NULL", joined=joined)


def _select(
    kind: HoldKind,
    indicator: Indicator,
    columns: tuple[str, str],
    *,
    asked: str,
    joined: str = "",
    before: str = "CAST(NULL AS integer)",
) -> str:
    part, whole = columns
    head = _FOUND.format(indicator=indicator.number, kind=kind.number, part=part, whole=whole, before=before)
    of_week = _OF_WEEK.format(platform=indicator.platform.number)
    return f"{head} {joined} WHERE {of_week} AND w.{whole} IS NOT NULL AND {asked}"


def _even(indicator: Indicator) -> str:
    """Schools whose active teachers all did the same number of things in the week."""
    use = " + ".join(USE_BY_PLATFORM[indicator.platform.number])
    return f"""
        SELECT school_id FROM reports_staffactivity
        WHERE week = %(week)s AND platform = {indicator.platform.number} AND is_teacher AND {use} > 0
        GROUP BY school_id HAVING count(*) >= {EVEN.people} AND min({use}) = max({use})
    """  # noqa: S608  composed from data of this portal, no input


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
