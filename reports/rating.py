"""From scores to places, exactly and without the database: the arithmetic the SQL is held against."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeVar

Place = TypeVar("Place")


@dataclass(frozen=True, slots=True)
class Sum:
    """Σ part and Σ whole over the places where both are known, and how many were counted and left out."""

    part: int | None
    whole: int | None
    counted: int
    missing: int


def add_up(terms: Iterable[tuple[int | None, int | None]]) -> Sum:
    """Add up (part, whole) pairs; a pair with an unknown term is left out as a whole, never read as zero."""
    parts: list[int] = []
    wholes: list[int] = []
    missing = 0
    for part, whole in terms:
        if part is None or whole is None:
            missing += 1
        else:
            parts.append(part)
            wholes.append(whole)
    if not parts:
        return Sum(None, None, 0, missing)
    return Sum(sum(parts), sum(wholes), len(parts), missing)


def score(part: int | None, whole: int | None, least: int = 1) -> Fraction | None:
    """Return the exact share, or None where it is unknown or the whole is below `least` (too few people to rank)."""
    if part is None or whole is None or whole < max(least, 1):
        return None
    return Fraction(part, whole)


def ranks(scores: Mapping[Place, Fraction | None], *, good_is_up: bool = True) -> dict[Place, int | None]:
    """Return competition ranks: 1, 2, 2, 4; equal scores share a place, None has none; the input's order is nothing."""
    known = [value for value in scores.values() if value is not None]
    return {
        place: None if value is None else 1 + sum(_better(other, value, good_is_up) for other in known)
        for place, value in scores.items()
    }


def _better(one: Fraction, other: Fraction, good_is_up: bool) -> bool:
    return one > other if good_is_up else one < other


def movement(rank_before: int | None, rank: int | None) -> int | None:
    """Return by how many places somebody has risen (negative: fallen); None where either place is not known."""
    return None if rank_before is None or rank is None else rank_before - rank
