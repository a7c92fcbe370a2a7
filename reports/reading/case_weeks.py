"""Chats of a territory by case over the published weeks: share, change and a sparkline beside the condition of each."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from reports.models import CaseWeek
from reports.reading.figures import spark
from reports.reading.weeks import SPARK_WEEKS, Chosen
from schools.scope import AnyUser, Level
from schools.texts import percent, points


@dataclass(frozen=True, slots=True)
class CaseLine:
    """A case's weeks: the last share as text, its change in points where there is one, the line of all of them."""

    share: str
    change: str
    spark: Any


def case_lines(user: AnyUser, level: Level, place_id: int, chosen: Chosen) -> dict[int, CaseLine]:
    """Lines by the number of the case, of the cases that the last week counted; one query."""
    history = chosen.history(SPARK_WEEKS)
    slots = {pk: slot for slot, (_, pk) in enumerate(history) if pk is not None}
    shares: dict[int, list[float | None]] = defaultdict(lambda: [None] * len(history))
    rows = CaseWeek.objects.visible_to(user).filter(rating__in=list(slots), level=level, place_id=place_id)
    for rating, case, expected, present in rows.values_list("rating_id", "use_case", "expected", "present"):
        shares[case][slots[rating]] = present / expected if expected else None
    return {case: _line(values) for case, values in shares.items() if values[-1] is not None}


def _line(values: list[float | None]) -> CaseLine:
    last, before = values[-1], values[-2]
    change = points(last - before) if last is not None and before is not None else ""
    return CaseLine(percent(last or 0, 0), change, spark(values, (0.0, 1.0)))
