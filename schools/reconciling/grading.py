"""Whether a row and a school that look alike are likely one, doubtful, or certainly not (pure).

Numbers never give way: № 12 is not № 12А. «Лицей» is not «гимназия». A place or a kind that differs leaves a doubt.
"""

from typing import NamedTuple, Protocol

from schools.reconciling.likeness import (
    CHANGED,
    DERIVED,
    DIFFERENT,
    EXTRA,
    FULL,
    HONOUR,
    NONE,
    OTHER,
    PARTIAL,
    SAME,
    TYPO,
    Known,
    Likeness,
    likeness,
)
from schools.reconciling.names import Name


class Placed(Protocol):
    """What is compared: a name, its territory and codes."""

    name: Name
    territory: str
    inn: str
    ogrn: str
    is_branch: bool


class Alone(NamedTuple):
    """Whether no other school on either side has the same number: in the territory, in the region."""

    in_place: bool
    in_region: bool


class Grade(NamedTuple):
    """Likely or doubtful, a score to put candidates in order, and the reason in words."""

    is_likely: bool
    score: float
    reason: str


UNKNOWN = "unknown"
LIKELY, DOUBTFUL, NO = "likely", "doubtful", "no"


def grade(row: Placed, school: Placed, known: Known, alone: Alone) -> Grade | None:
    """Weigh a pair; None when it is certainly not one school."""
    like = likeness(row.name, school.name, known)
    place = _place(row, school)
    if OTHER in {like.number, like.kind}:
        return None
    numbered = bool(row.name.numbers or school.name.numbers)
    verdict = _numbered(like, place, alone) if numbered else _unnumbered(like, place, alone)
    if verdict == NO:
        return None
    differ = codes_differ(row, school)
    said = [_number_told(row.name, like), _place_told(place), *like.remarks, "коды другие" if differ else ""]
    reason = "; ".join(part for part in said if part)
    score = like.score - {SAME: 0.0, UNKNOWN: 0.05, OTHER: 0.3}[place] - 0.2 * differ
    return Grade(verdict == LIKELY and not differ, round(score, 4), reason or "названия похожи")


def codes_differ(one: Placed, other: Placed) -> bool:
    """Whether both have a code and not the same one; a branch shares its head's."""
    if one.is_branch or other.is_branch:
        return bool(one.inn and other.inn and one.inn != other.inn)
    return any(mine and theirs and mine != theirs for mine, theirs in ((one.inn, other.inn), (one.ogrn, other.ogrn)))


def _place(row: Placed, school: Placed) -> str:
    if not row.territory or not school.territory:
        return UNKNOWN
    return SAME if row.territory == school.territory else OTHER


def _numbered(like: Likeness, place: str, alone: Alone) -> str:
    if like.number == CHANGED:
        return DOUBTFUL if place == SAME and like.shared and like.words in {FULL, TYPO, DERIVED, HONOUR} else NO
    if place == OTHER:
        moved = alone.in_region and like.kind != CHANGED and like.words not in {PARTIAL, DIFFERENT}
        return DOUBTFUL if moved else NO
    single = alone.in_place if place == SAME else alone.in_region
    if like.kind == CHANGED:
        return DOUBTFUL if single or (like.shared and like.words in {FULL, TYPO, HONOUR}) else NO
    if like.words in {PARTIAL, DIFFERENT}:
        return DOUBTFUL if single or like.words == PARTIAL else NO
    if place == SAME and like.words != EXTRA:
        return LIKELY
    return LIKELY if single or (like.shared and like.words in {FULL, TYPO, HONOUR}) else DOUBTFUL


def _unnumbered(like: Likeness, place: str, alone: Alone) -> str:
    if like.words == DIFFERENT or (like.words == NONE and (place != SAME or like.kind == CHANGED)):
        return NO
    if place == OTHER:
        return DOUBTFUL if like.words == FULL and like.kind != CHANGED else NO
    if like.words == PARTIAL:
        return DOUBTFUL if place == SAME else NO
    if like.words in {NONE, EXTRA} or like.kind == CHANGED or not like.shared:
        return DOUBTFUL
    return LIKELY


def _number_told(name: Name, like: Likeness) -> str:
    if not name.numbers or like.number != SAME:
        return "номер только в одном из названий" if like.number == CHANGED else ""
    return f"тот же № {', '.join(name.numbers)}"


def _place_told(place: str) -> str:
    return {SAME: "та же территория", OTHER: "территория другая", UNKNOWN: ""}[place]
