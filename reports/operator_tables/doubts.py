"""Whether the code and the name of one row speak of one place: a longer or shorter name is the same one (pure)."""

from collections.abc import Iterable

from schools.codes import fold
from schools.place_names import territory
from schools.reconciling.likeness import CHANGED, DIFFERENT, OTHER, SAME, Known, likeness
from schools.reconciling.names import Name, parse

_NO_LISTS = Known(usual=(), ours=())


def school_differs(name: str, own: Iterable[str]) -> bool:
    """Whether a name can be none of a school's own: another number, another kind, or not one word in common."""
    names = list(own)
    return fold(name) not in set(map(fold, names)) and all(_differ(parse(name), parse(each)) for each in names)


def school_is_vague(name: str, own: Iterable[str]) -> bool:
    """Whether only one of the two says a number: such a name is the school's unless it is another's to the letter."""
    return all(_number(parse(name), parse(each)) == CHANGED for each in own)


def _number(theirs: Name, ours: Name) -> str:
    """As `likeness` has it, but of a name with several numbers one is enough."""
    return SAME if set(theirs.numbers) & set(ours.numbers) else likeness(theirs, ours, _NO_LISTS).number


def _differ(theirs: Name, ours: Name) -> bool:
    like, number = likeness(theirs, ours, _NO_LISTS), _number(theirs, ours)
    if OTHER in {number, like.kind}:
        return True
    is_numbered = number == SAME and bool(theirs.numbers)
    return like.words == DIFFERENT and not is_numbered


def town_differs(name: str, own: str) -> bool:
    """Whether each of two names of municipalities has words the other lacks, their types aside."""
    theirs, ours = set(territory(name).words), set(territory(own).words)
    return not (theirs <= ours or ours <= theirs)
