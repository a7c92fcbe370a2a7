"""How like two names of schools are, and what tells them apart, in words (pure)."""

from collections.abc import Container, Sequence
from typing import NamedTuple

from schools.reconciling.names import Name, is_usual
from schools.reconciling.words import is_derived, is_typo

SAME, NEAR, CHANGED, OTHER = "same", "near", "changed", "other"
FULL, TYPO, DERIVED, NONE = "full", "typo", "derived", "none"
HONOUR, EXTRA, PARTIAL, DIFFERENT = "honour", "extra", "partial", "different"


_LOST = {FULL: 0.0, NONE: 0.02, TYPO: 0.04, HONOUR: 0.05, DERIVED: 0.07, EXTRA: 0.1, PARTIAL: 0.4, DIFFERENT: 0.7}


class Likeness(NamedTuple):
    """What two names share.

    `number` and `kind` are SAME, NEAR, CHANGED or OTHER; `words` is FULL (all of them), TYPO (but for letters), DERIVED
    (a place and its adjective), HONOUR (one name adds whose name the school bears), EXTRA (one name says more), PARTIAL
    (each says its own), DIFFERENT (nothing shared) or NONE (neither name has words of its own).
    """

    number: str
    kind: str
    words: str
    shared: int
    remarks: tuple[str, ...]

    @property
    def score(self) -> float:
        """From 0 to 1, only to put candidates in order."""
        lost = _LOST[self.words] + {SAME: 0.0, NEAR: 0.02, CHANGED: 0.2, OTHER: 0.6}[self.kind]
        return max(1.0 - lost - (0.0 if self.number == SAME else 0.3) - 0.01 * len(self.remarks), 0.0)


class Known(NamedTuple):
    """What the two lists say of words: those too usual to tell schools apart, and those of our own register."""

    usual: Container[str]
    ours: Container[str]


def likeness(theirs: Name, ours: Name, known: Known) -> Likeness:
    """Compare the name in a list with the name in our register."""
    words, shared, remarks = _words(theirs, ours, known)
    kind, said = _kind(theirs, ours)
    return Likeness(_number(theirs, ours), kind, words, shared, (*said, *remarks))


def _number(theirs: Name, ours: Name) -> str:
    if theirs.numbers == ours.numbers:
        return SAME
    return CHANGED if not theirs.numbers or not ours.numbers else OTHER


def _kind(theirs: Name, ours: Name) -> tuple[str, list[str]]:
    said = []
    if theirs.is_private != ours.is_private:
        said.append("частная и не частная")
    if theirs.core == ours.core:
        if theirs.level and ours.level and theirs.level != ours.level:
            return CHANGED, [*said, f"в перечне {theirs.level}, у нас {ours.level}"]
        near = theirs.level != ours.level or theirs.kinds != ours.kinds or bool(said)
        return NEAR if near else SAME, said
    told = f"в перечне {_listed(theirs.core or theirs.kinds)}, у нас {_listed(ours.core or ours.kinds)}"
    both = bool(theirs.core and ours.core)
    return OTHER if both and not theirs.core & ours.core else CHANGED, [*said, told]


def _listed(kinds: frozenset[str]) -> str:
    return ", ".join(sorted(kinds)) or "вид не назван"


# Words


class _Pairing:
    """The words of two names, paired off."""

    def __init__(self, theirs: Name, ours: Name, known: Known) -> None:
        self.known = known
        self.theirs = list(zip(theirs.words, theirs.shown, strict=True))
        self.ours = list(zip(ours.words, ours.shown, strict=True))
        self.shared = 0
        self.kinds: list[str] = []
        self.remarks: list[str] = []

    def exact(self) -> None:
        """Pair equal stems."""
        for pair in list(self.theirs):
            twin = next((other for other in self.ours if other[0] == pair[0]), None)
            if twin is not None:
                self._take(pair, twin)

    def alike(self) -> None:
        """Pair misspelt words, and places with their adjectives; a word that our register knows is no misprint."""
        for pair in list(self.theirs):
            for twin in list(self.ours):
                if pair[0] not in self.known.ours and is_typo(pair[0], twin[0]):
                    self._take(pair, twin, TYPO, f"опечатка: «{pair[1]}» и «{twin[1]}»")
                    break
                if is_derived(pair[0], twin[0]):
                    self._take(pair, twin, DERIVED, f"«{pair[1]}» и «{twin[1]}»")
                    break

    def glued(self) -> None:
        """Pair «краснаягорка» with «красная», «горка»."""
        for one, other in ((self.theirs, self.ours), (self.ours, self.theirs)):
            for pair in list(one):
                two = _halves(pair[1], other)
                if two:
                    one.remove(pair)
                    for half in two:
                        other.remove(half)
                    self.shared += 2
                    self.kinds.append(TYPO)
                    self.remarks.append(f"слитно: «{pair[1]}»")

    def swallowed(self) -> None:
        """Pair «изучениеманглийского» with «английского»: the rest of the longer word says nothing."""
        for one, other in ((self.theirs, self.ours), (self.ours, self.theirs)):
            for pair in list(one):
                twin = next((twin for twin in other if _adds_nothing(pair[1], twin[1])), None)
                if twin is not None:
                    one.remove(pair)
                    other.remove(twin)
                    self.shared += 1
                    self.kinds.append(TYPO)
                    self.remarks.append(f"слитно: «{pair[1]}»")

    def _take(self, pair: tuple[str, str], twin: tuple[str, str], kind: str = FULL, remark: str = "") -> None:
        self.theirs.remove(pair)
        self.ours.remove(twin)
        self.shared += pair[0] not in self.known.usual
        if kind != FULL:
            self.kinds.append(kind)
            self.remarks.append(remark)

    def left(self, pairs: list[tuple[str, str]]) -> list[tuple[str, str]]:
        """Unpaired words that tell schools apart."""
        return [pair for pair in pairs if pair[0] not in self.known.usual]


def _halves(word: str, others: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    for first, second in zip(others, others[1:], strict=False):
        if len(word) > 5 and (word == first[1] + second[1] or is_typo(word, first[1] + second[1])):
            return [first, second]
    return []


def _adds_nothing(long: str, short: str) -> bool:
    for rest in (long.removesuffix(short), long.removeprefix(short)):
        if len(short) > 3 and 2 < len(rest) < len(long) and is_usual(rest):
            return True
    return False


def _words(theirs: Name, ours: Name, known: Known) -> tuple[str, int, list[str]]:
    pairing = _Pairing(theirs, ours, known)
    pairing.exact()
    pairing.alike()
    pairing.glued()
    pairing.swallowed()
    more, less = pairing.left(pairing.theirs), pairing.left(pairing.ours)
    remarks = pairing.remarks
    if more:
        remarks.append(f"только в перечне: «{' '.join(shown for _, shown in more)}»")
    if less:
        remarks.append(f"только у нас: «{' '.join(shown for _, shown in less)}»")
    if more and less:
        return (PARTIAL if pairing.shared else DIFFERENT), pairing.shared, remarks
    if more or less:
        honour = theirs.honour if more else ours.honour
        return (HONOUR if all(word in honour for word, _ in more or less) else EXTRA), pairing.shared, remarks
    worst = next((kind for kind in (DERIVED, TYPO) if kind in pairing.kinds), FULL)
    return (worst if pairing.shared or worst != FULL else NONE), pairing.shared, remarks
