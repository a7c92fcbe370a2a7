"""Where a line of weeks is going: its pace, when it meets a target, the straight way to a target with a date (pure)."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from statistics import median

from reports.weeks import IsoWeek
from schools.texts import counted, ordinal, percent

WINDOW = 6  # working weeks a pace is taken from
LEAST = 4  # of them measured: fewer promise nothing
STILL = 0.0005  # a share a week: slower than this is standing
FURTHEST = 104  # weeks: a promise beyond two years is none
WEEKS = ("неделю", "недели", "недель")

Shares = Sequence[float | None]


def pace(values: Shares, breaks: Sequence[bool]) -> float | None:
    """Share per working week: the median of all slopes over the last six (Theil–Sen), so one odd week moves nothing.

    `breaks` marks holidays: they are out of the line with their time, for nobody is expected to move in them. None
    where fewer than four weeks are known.
    """
    working = [value for value, off in zip(values, breaks, strict=True) if not off]
    known = [(slot, value) for slot, value in enumerate(working) if value is not None][-WINDOW:]
    if len(known) < LEAST:
        return None
    return median((later - sooner) / (to - at) for (at, sooner), (to, later) in combinations(known, 2))


def weeks_to(last: float, target: float, speed: float | None) -> int | None:
    """In how many weeks a pace brings a share to the target: 0 if it is there, None if never or too far to be said."""
    if last >= target - 1e-9:
        return 0
    if speed is None or speed <= STILL:
        return None
    weeks = math.ceil((target - last) / speed - 1e-9)
    return weeks if weeks <= FURTHEST else None


def promise(values: Shares, breaks: Sequence[bool], target: float | None, week: IsoWeek, due: IsoWeek | None) -> str:
    """«При таком темпе цель 85 % будет к 12-й неделе 2027 года»; honest where data are few, "" where nothing is asked.

    `week` is that of the last value; `due` is when the target should be met, if a week is set.
    """
    last = values[-1] if values else None
    if target is None or last is None or last >= target - 1e-9:
        return ""
    goal = percent(target, 1 if round(target * 1000) % 10 else 0)
    speed = pace(values, breaks)
    if speed is None:
        return f"До цели {goal} прогноза нет: измерено меньше {LEAST} рабочих недель."
    weeks = weeks_to(last, target, speed)
    if weeks is None:
        return f"При таком темпе цели {goal} не будет{_by(due, week)}."
    met = week.shift(weeks)
    return f"При таком темпе цель {goal} будет {_by_week(met)}{_against(met, due)}."


def _by_week(week: IsoWeek) -> str:
    """«к 12-й неделе 2027 года», «ко 2-й»."""
    return f"{'ко' if week.week == 2 else 'к'} {ordinal(week.week, 'й')} неделе {week.year} года"


def _by(due: IsoWeek | None, week: IsoWeek) -> str:
    return f" ни {_by_week(due)}, ни позже" if due is not None and due >= week else ""


def _against(met: IsoWeek, due: IsoWeek | None) -> str:
    """«, на три недели позже срока»: the promise beside the date."""
    if due is None:
        return ""
    late = between(due, met)
    if late <= 0:
        return f" — в срок: нужна {_by_week(due)}"
    return f" — на {counted(late, *WEEKS)} позже срока: нужна {_by_week(due)}"


def between(first: IsoWeek, last: IsoWeek) -> int:
    """How many weeks lie from the first to the last."""
    return (last.monday - first.monday).days // 7


@dataclass(frozen=True, slots=True)
class Way:
    """The straight line of a target with a date: a share in one week, the target in another."""

    starts: IsoWeek
    share: float
    due: IsoWeek
    target: float

    def at(self, week: IsoWeek) -> float | None:
        """The share to have in a week; None before the start and after the date."""
        if not self.starts <= week <= self.due:
            return None
        done = between(self.starts, week) / (between(self.starts, self.due) or 1)
        return self.share + (self.target - self.share) * done
