"""Whom to compare a row with, so that forty thousand rows are not compared with forty thousand schools (pure)."""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from heapq import nlargest
from typing import Generic, Protocol, TypeVar

from schools.reconciling.grading import Alone
from schools.reconciling.names import Name

MOST = 60  # neighbours by one key; of more, those that share most words


class Named(Protocol):
    """A school in a list."""

    id: int
    name: Name
    territory: str


E = TypeVar("E", bound=Named)


class Loners:
    """Which numbers occur once: in a territory, in the region; counted over whole lists, not over what is left."""

    def __init__(self, theirs: Sequence[Named], ours: Sequence[Named]) -> None:
        self.counts = [
            (
                Counter((entry.name.numbers, entry.territory) for entry in entries),
                Counter(entry.name.numbers for entry in entries),
            )
            for entries in (theirs, ours)
        ]

    def of(self, row: Named) -> Alone:
        """How lonely the number of a row is on both sides."""
        numbers = row.name.numbers
        return Alone(
            in_place=all(placed[numbers, row.territory] <= 1 for placed, _ in self.counts),
            in_region=all(region[numbers] <= 1 for _, region in self.counts),
        )


class Neighbours(Generic[E]):
    """Schools found by their number, by their words (a letter may be missing), or by their territory."""

    def __init__(self, schools: Iterable[E]) -> None:
        self.found: dict[Hashable, list[E]] = defaultdict(list)
        for school in schools:
            for key in _keys(school):
                self.found[key].append(school)

    def near(self, row: E) -> Iterator[E]:
        """Schools worth comparing with a row, each once."""
        seen: set[int] = set()
        for key in _keys(row):
            for school in _nearest(row, self.found.get(key, [])):
                if school.id not in seen:
                    seen.add(school.id)
                    yield school


def _nearest(row: E, block: list[E]) -> list[E]:
    if len(block) <= MOST:
        return block
    words = set(row.name.words)
    return nlargest(MOST, block, key=lambda school: len(words.intersection(school.name.words)))


def _keys(entry: Named) -> set[Hashable]:
    """Keys under which a school is kept and looked for."""
    name, place = entry.name, entry.territory
    keys: set[Hashable] = set()
    if name.numbers:
        keys |= {("number", name.numbers, place), ("number", name.numbers)}
        keys |= {("mixed", word, place) for word in name.words}
        return keys
    keys.add(("place", place))
    for word in name.words:
        keys |= {("mixed", word, place), ("word", word), ("word", word, place)}
        for cut in _cuts(word):
            keys |= {("word", cut), ("word", cut, place)}
    return keys


def _cuts(word: str) -> Iterator[str]:
    """A word without each of its letters: two words one letter apart share a cut, or one is a cut of the other."""
    if len(word) > 4:
        for at in range(len(word)):
            yield word[:at] + word[at + 1 :]
