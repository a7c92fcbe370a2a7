"""The shortest path to a target: the fewest schools, then the fewest people, that bring a share up to it (pure)."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple


class Term(NamedTuple):
    """A school, or another place, that a sum is made of; None where it was not measured."""

    place_id: int
    part: int | None
    whole: int | None


class Stop(NamedTuple):
    """A place on the way, how many of its people are asked for, and how many it lacks altogether."""

    place_id: int
    people: int
    lack: int


@dataclass(frozen=True, slots=True)
class Path:
    """The way to a target.

    `need` people bring the sum there; `stops` are where they are, in the order of what is asked; `short` of them are
    nowhere to be found (0: the target can be reached). `alike` places not taken would serve as well as the last stop.
    """

    need: int
    stops: tuple[Stop, ...]
    short: int
    alike: int = 0

    @property
    def people(self) -> int:
        """How many people the stops bring."""
        return sum(stop.people for stop in self.stops)


def exact(share: float) -> Fraction:
    """A target as a fraction: shares wished for have three decimals, and 0.7 of ten is seven, not eight."""
    return Fraction(share).limit_denominator(1000)


def needed(part: int, whole: int, target: Fraction) -> int:
    """How many more of the whole must be in the part for part ÷ whole to reach the target; 0 if it does."""
    return max(0, math.ceil(target * whole) - part)


def lack_of(term: Term, least: int = 1) -> int:
    """How many of a place's whole are not in its part; 0 where it is unknown or the whole is below `least`."""
    if term.part is None or term.whole is None or term.whole < least:
        return 0
    return max(0, term.whole - term.part)


def shortest(part: int, whole: int, target: Fraction, terms: Iterable[Term], *, least: int = 1) -> Path:
    """The smallest set of places whose missing people, brought in, lift part ÷ whole to the target.

    Whoever lacks most first: k places bring no more than the k largest lacks do, so no smaller set reaches it; of the
    last place only as many people are asked as are still needed, so no set of people is smaller. Places of fewer than
    `least` people are left out: a list of them would point at persons.
    """
    need = left = needed(part, whole, target)
    lacks = sorted(((lack_of(term, least), term.place_id) for term in terms), key=lambda pair: (-pair[0], pair[1]))
    stops: list[Stop] = []
    for lack, place_id in lacks:
        if left == 0 or lack == 0:
            break
        stops.append(Stop(place_id, min(lack, left), lack))
        left -= stops[-1].people
    last = stops[-1].people if stops else 0
    alike = sum(lack >= last for lack, _ in lacks[len(stops) :]) if last and not left else 0
    return Path(need, tuple(stops), left, alike)


def place_after(peers: Iterable[tuple[int, int]], part: int, whole: int) -> int:
    """The place part ÷ whole would take among the (part, whole) of its peers, none of which is its own."""
    return 1 + sum(other * whole > part * all_of for other, all_of in peers)


class Weighed(NamedTuple):
    """An indicator of a composite score at one place: its weight, part and whole."""

    key: str
    weight: int
    part: int
    whole: int


@dataclass(frozen=True, slots=True)
class Gain:
    """What an indicator gives a composite score: by one more of its part, by all it lacks; `take` go to the target."""

    key: str
    lack: int
    by_one: Fraction
    by_all: Fraction
    take: int


def gains(terms: Sequence[Weighed], target: Fraction) -> tuple[list[Gain], Fraction]:
    """Indicators of a score by what one more person gives it, most first, and what the score then still lacks.

    A score is Σ weight × share ÷ Σ weight, shares capped at 1; an indicator with a whole of zero is out with its
    weight. It is a straight line in every part, so taking the steepest first asks for the fewest people.
    """
    counted = [term for term in terms if term.whole > 0 and term.weight > 0]
    weights = sum(term.weight for term in counted)
    if not weights:
        return [], target
    reached = [Fraction(term.weight * min(term.part, term.whole), term.whole) for term in counted]
    score = sum(reached, Fraction(0)) / weights
    left, found = max(target - score, Fraction(0)), list[Gain]()
    ones = {term.key: Fraction(term.weight, weights * term.whole) for term in counted}
    for term in sorted(counted, key=lambda each: (-ones[each.key], each.key)):
        lack, one = max(0, term.whole - term.part), ones[term.key]
        take = min(lack, math.ceil(left / one))
        left = max(left - take * one, Fraction(0))
        found.append(Gain(term.key, lack, one, lack * one, take))
    return found, left
