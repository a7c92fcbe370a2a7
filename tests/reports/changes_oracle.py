"""Changes of a figure told week by week in plain Python, a textbook's CUSUM: the oracle of the statement."""

import math
from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from reports.models import Direction

MILLION = 1_000_000


class Week(NamedTuple):
    """A working week of a place: its number, part and whole; None where not measured."""

    number: int
    part: int | None
    whole: int | None


class Found(NamedTuple):
    """What is kept of a change."""

    direction: int
    since_week: int
    before_week: int
    expected: int
    part_before: int
    whole_before: int
    part: int
    whole: int
    size: int


def found(weeks: Sequence[Week], small: int, *, good_is_up: bool = True) -> Found | None:
    """The change of the last of the working weeks (oldest first, 26 at most), or None."""
    known = [each for each in weeks if each.part is not None and each.whole is not None and each.whole >= max(small, 1)]
    if len(known) < 8 or known[-1].number != weeks[-1].number:
        return None
    watched = min(8, len(known) // 2)
    base, tail = known[:-watched], known[-watched:]
    sigma = spread(base)
    bounds = [band(base, step) for step in range(1, watched + 1)]
    over = []
    for side in (1, -1):
        off = [side * (share(week) - edges[side]) for week, edges in zip(tail, bounds, strict=True)]
        start, total = run(off, sigma)
        if total > 5 * sigma and off[-1] > sigma // 2:
            over.append((side, start, total))
    if not over:
        return None
    [(side, start, total)] = over
    before, now = known[len(base) + start - 1], known[-1]
    direction = Direction.BETTER if (side == 1) == good_is_up else Direction.WORSE
    terms = (int(before.part or 0), int(before.whole or 0), int(now.part or 0), int(now.whole or 0))
    return Found(direction, tail[start].number, before.number, bounds[-1][side], *terms, total * 100 // sigma)


def share(week: Week) -> int:
    """Millionths, a hundred per cent at most."""
    part, whole = int(week.part or 0), int(week.whole or 0)
    return min(MILLION, part * MILLION // whole)


def spread(base: Sequence[Week]) -> int:
    """σ of the weeks before the watched ones."""
    shares = [share(week) for week in base]
    people = sum(int(week.whole or 0) for week in base) // len(base)
    ranges = [abs(later - sooner) for sooner, later in zip(shares, shares[1:], strict=False)]
    noise = sum(ranges) * 1000 // (1128 * len(ranges))
    soft = (mean_of(base) * people + 2 * MILLION) // (people + 4)
    error = math.isqrt(soft * (MILLION - soft) // people)
    return max(noise, error, 10_000)


def mean_of(base: Sequence[Week]) -> int:
    """The mean share."""
    return sum(share(week) for week in base) // len(base)


def band(base: Sequence[Week], step: int) -> dict[int, int]:
    """The highest and the lowest that is expected some steps later: the mean, and the line of least squares gone on."""
    mean, count = mean_of(base), len(base)
    tilt = 6 * sum((2 * place - count - 1) * share(week) for place, week in enumerate(base, start=1))
    moved = Fraction(tilt * (count - 1 + 2 * step), 2 * count * (count * count - 1))
    line = min(MILLION, max(0, mean + math.trunc(moved)))
    return {1: max(mean, line), -1: min(mean, line)}


def run(deviations: Sequence[int], sigma: int) -> tuple[int, int]:
    """(which week the run began in, counted from 0; what it has come to): it begins anew whenever the sum is gone."""
    total = start = 0
    for place, deviation in enumerate(deviations):
        total += deviation - sigma // 2
        if total <= 0:
            total, start = 0, place + 1
    return start, total
