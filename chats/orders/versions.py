"""What changed between two versions of a text: line by line, words within lines marked (pure)."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

_WORDS = re.compile(r"\s+|[^\s]+")
ALIKE = 0.4  # lines that share less are not shown as one line changed


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the comparison: kept, gone or new; `pieces` are (words, whether they are what changed)."""

    kind: str
    pieces: tuple[tuple[str, bool], ...]

    @property
    def text(self) -> str:
        """The whole line."""
        return "".join(words for words, _ in self.pieces)


def difference(before: str, after: str) -> list[Line]:
    """The lines of both texts in reading order; none where they are equal."""
    if before == after:
        return []
    old, new = before.splitlines(), after.splitlines()
    found: list[Line] = []
    for tag, start, end, begin, stop in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            found += [_whole("kept", text) for text in old[start:end]]
        else:
            found += _changed(old[start:end], new[begin:stop])
    return found


def _whole(kind: str, text: str) -> Line:
    return Line(kind, ((text, False),))


def _changed(old: Sequence[str], new: Sequence[str]) -> Iterator[Line]:
    """Lines put in the place of others, pair by pair while they come in pairs."""
    for number in range(max(len(old), len(new))):
        if number < len(old) and number < len(new):
            yield from _pair(old[number], new[number])
        elif number < len(old):
            yield _whole("gone", old[number])
        else:
            yield _whole("new", new[number])


def _pair(before: str, after: str) -> tuple[Line, Line]:
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    match = SequenceMatcher(None, old, new)
    if match.ratio() < ALIKE:
        return _whole("gone", before), _whole("new", after)
    gone: list[tuple[str, bool]] = []
    added: list[tuple[str, bool]] = []
    for tag, start, end, begin, stop in match.get_opcodes():
        if start < end:
            gone.append(("".join(old[start:end]), tag != "equal"))
        if begin < stop:
            added.append(("".join(new[begin:stop]), tag != "equal"))
    return Line("gone", tuple(gone)), Line("new", tuple(added))
