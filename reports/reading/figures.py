"""Part and whole → what may be printed: a share, «3 из 4», «нет данных», a flag over 100 %, the way to the target."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.conf import settings

from reports.charts import Bar, Spark, share_bar, sparkline_path
from reports.indicators import COMPOSITE, Indicator
from reports.models.ratings import share_of
from schools.scope import Level
from schools.texts import EM_DASH, NO_DATA, counted, number, out_of, percent


class Row(NamedTuple):
    """The columns of RatingRow a page reads; `.values_list(*Row._fields)` gives them."""

    rating_id: int
    indicator: int
    place_id: int
    municipality_id: int | None
    part: int | None
    whole: int | None
    schools: int = 1
    missing: int = 0
    rank: int | None = None
    ranked: int | None = None
    local_rank: int | None = None
    local_ranked: int | None = None
    part_before: int | None = None
    whole_before: int | None = None
    rank_before: int | None = None
    local_rank_before: int | None = None


def is_small(indicator: Indicator, whole: int | None) -> bool:
    """Whether the whole is so few people that a percentage or a place would point at them."""
    return indicator.counts_people and whole is not None and 0 < whole < settings.SMALL_NUMBER


def shown_share(indicator: Indicator, part: int | None, whole: int | None) -> float | None:
    """The share where it may be printed or drawn: None if not measured, not applicable or of too few people."""
    return None if is_small(indicator, whole) else share_of(part, whole)


@dataclass(frozen=True, slots=True)
class Figure:
    """One number of one place, ready to print; `kind` is a kind of figures.value."""

    indicator: Indicator
    part: int | None
    whole: int | None
    share: float | None
    text: str
    kind: str
    note: str
    delta: float | None
    target: float | None
    rank: int | None = None
    ranked: int | None = None
    rank_move: int | None = None

    @property
    def bar(self) -> Bar:
        """The share bar with the target's tick, red below the action threshold."""
        return share_bar(self.share, self.target, self.indicator.alarm)

    @property
    def beside(self) -> int | None:
        """What stands beside a share in a list: the size of the whole; of a score, its points."""
        return self.part if self.indicator == COMPOSITE else self.whole

    @property
    def part_of_text(self) -> str:
        """«27 646 из 33 146», empty where not measured."""
        return "" if self.part is None or self.whole is None else out_of(self.part, self.whole)

    @property
    def reached(self) -> bool:
        """Whether the target is met."""
        return self.share is not None and self.target is not None and self.share >= self.target - 1e-9

    @property
    def alarming(self) -> bool:
        """Whether somebody must act."""
        return self.share is not None and self.indicator.alarm is not None and self.share < self.indicator.alarm

    @property
    def gap(self) -> int | None:
        """How many more of the whole would reach the target; 0 when met, None when it cannot be said."""
        if self.share is None or self.target is None or self.part is None or self.whole is None:
            return None
        return max(0, math.ceil(self.whole * self.target - self.part - 1e-6))

    @property
    def gap_text(self) -> str:
        """«529 педагогов»; people only where the indicator counts people."""
        return "" if self.gap is None else counted(self.gap, *self.indicator.unit)

    @property
    def target_text(self) -> str:
        """«до цели 85 % не хватает 1,6 п. п.», «цель 85 % есть», empty without a target."""
        if self.target is None or self.share is None:
            return ""
        goal = goal_text(self.target)
        if self.reached:
            return f"цель {goal} есть"
        return f"до цели {goal} не хватает {number(max(self.target - self.share, 0.0005) * 100, 1)}\u00a0п.\u00a0п."

    @property
    def percent_text(self) -> str:
        """The number of the percentage alone, for a tile whose unit stands beside: «83,4»."""
        return self.text.removesuffix("\u00a0%")

    @property
    def unit_text(self) -> str:
        """«%» where the text is a percentage."""
        return "%" if self.text.endswith("%") else ""


def goal_text(target: float) -> str:
    """«85 %», «97,5 %»: the decimal only where there is one."""
    return percent(target, 1 if round(target * 1000) % 10 else 0)


def figure(row: Row | None, indicator: Indicator, target: float | None, level: Level | None = None) -> Figure:
    """Turn a frozen row into a Figure; no row is «нет данных», a whole of zero is «—»."""
    part, whole = (row.part, row.whole) if row else (None, None)
    share = shown_share(indicator, part, whole)
    text, kind, note = _words(indicator, part, whole, level)
    before = shown_share(indicator, row.part_before, row.whole_before) if row else None
    ranked = row is not None and share is not None and row.rank is not None
    return Figure(
        indicator=indicator,
        part=part,
        whole=whole,
        share=share,
        text=text,
        kind=kind,
        note=note,
        delta=share - before if share is not None and before is not None else None,
        target=target,
        rank=row.rank if row and ranked else None,
        ranked=row.ranked if row and ranked else None,
        rank_move=row.rank_before - row.rank if row and ranked and row.rank and row.rank_before else None,
    )


def _words(indicator: Indicator, part: int | None, whole: int | None, level: Level | None) -> tuple[str, str, str]:
    """(text, kind, note) of a value."""
    if part is None or whole is None:
        return NO_DATA, "missing", "не измерено, в рейтинг не входит"
    if whole == 0:
        return EM_DASH, "absent", "показатель сюда не относится"
    if is_small(indicator, whole):
        return out_of(part, whole), "few", "людей мало: без процента и места"
    if level == Level.SCHOOL and indicator.is_yes_or_no:
        return ("да" if part else "нет"), "measured", ""
    if part > whole:
        return (
            percent(part / whole),
            "over",
            f"больше 100\u00a0%: числитель {number(part)}, знаменатель {number(whole)}",
        )
    return percent(part / whole), "measured", ""


def spark(values: Sequence[float | None], scale: tuple[float, float] | None = None, **size: Any) -> Spark:
    """A sparkline on the scale of its column, by default on its own."""
    low, high = scale or (None, None)
    return sparkline_path(values, low=low, high=high, **size)
