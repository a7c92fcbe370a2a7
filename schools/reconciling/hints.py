"""Renamed, merged, split: what schools without a pair have in common with others, as hints for a person (pure)."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from schools.reconciling.compare import address_key, website_key
from schools.reconciling.names import Name, parse

ENOUGH = 2  # points of evidence
CROWD = 3  # more lines than this with one value, and the value tells nothing


@dataclass(slots=True)
class Facts:
    """A line as hints see it: its key, and what is known of the school."""

    key: str
    title: str
    territory: str
    values: Mapping[str, Any]

    @property
    def name(self) -> Name:
        """The name taken apart."""
        return parse(str(self.values.get("full_name") or self.title))


@dataclass(frozen=True, slots=True)
class Hint:
    """What probably happened to a line, the other school, and why we think so."""

    kind: str
    other: str
    title: str
    reason: str


def _own_words(facts: Facts) -> Hashable:
    words = facts.name.words
    return (tuple(sorted(words)), facts.territory) if facts.name.numbers and len("".join(words)) > 5 else None


def _place_and_number(facts: Facts) -> Hashable:
    return (facts.name.numbers, facts.territory) if facts.name.numbers and facts.territory else None


# What two lines may share: points of evidence, and how it is told.
_SIGNS: tuple[tuple[Callable[[Facts], Hashable], int, str], ...] = (
    (lambda facts: facts.values.get("inn"), 2, "тот же ИНН"),
    (lambda facts: facts.values.get("ogrn"), 2, "тот же ОГРН"),
    (lambda facts: address_key(str(facts.values.get("address") or "")), 2, "тот же адрес"),
    (lambda facts: facts.values.get("phone"), 2, "тот же телефон"),
    (lambda facts: facts.values.get("email"), 2, "та же почта"),
    (lambda facts: website_key(str(facts.values.get("website") or "")), 2, "тот же сайт"),
    (lambda facts: facts.values.get("director_name"), 1, "тот же руководитель"),
    (_own_words, 2, "то же имя, другой номер"),
    (_place_and_number, 2, "тот же номер в той же территории"),
)


def hints(ours: Sequence[Facts], theirs: Sequence[Facts], matched: Sequence[Facts]) -> dict[str, Hint]:
    """Key of a line → its hint.

    `ours` are schools of ours without a row, `theirs` rows without a school, `matched` our schools that have a row:
    their keys are «s» and the id, their values those of the row over those of our card.
    """
    found: dict[str, Hint] = {}
    for one, other, kind in (
        (ours, theirs, "renamed"),
        (theirs, ours, "renamed"),
        (ours, matched, "merged"),
        (theirs, matched, "split"),
    ):
        for key, hint in _pairs(one, other, kind):
            found.setdefault(key, hint)
    for key, hint in _told_in_the_name(ours, [*theirs, *matched]):
        found.setdefault(key, hint)
    return found


def _pairs(one: Sequence[Facts], other: Sequence[Facts], kind: str) -> Iterator[tuple[str, Hint]]:
    """For each line the other one it shares most with, if that is enough and nobody else shares as much."""
    shared: dict[str, dict[str, list[tuple[int, str]]]] = defaultdict(lambda: defaultdict(list))
    titles = {facts.key: facts.title for facts in other}
    for sign, points, told in _SIGNS:
        if kind != "renamed" and sign in {_own_words, _place_and_number}:
            continue
        index = _index(other, sign)
        for facts in one:
            value = sign(facts)
            for twin in index.get(value, ()) if value else ():
                shared[facts.key][twin.key].append((points, told))
    for key, twins in shared.items():
        ranked = sorted(twins.items(), key=lambda pair: -_points(pair[1]))
        best, evidence = ranked[0]
        if _points(evidence) >= ENOUGH and (len(ranked) == 1 or _points(ranked[1][1]) < _points(evidence)):
            yield key, Hint(kind, best, titles[best], ", ".join(told for _, told in evidence))


def _points(evidence: list[tuple[int, str]]) -> int:
    return sum(points for points, _ in evidence)


def _index(lines: Sequence[Facts], sign: Callable[[Facts], Hashable]) -> dict[Hashable, list[Facts]]:
    index: dict[Hashable, list[Facts]] = defaultdict(list)
    for facts in lines:
        value = sign(facts)
        if value:
            index[value].append(facts)
    return {value: found for value, found in index.items() if len(found) <= CROWD}


def _told_in_the_name(ours: Sequence[Facts], others: Sequence[Facts]) -> Iterator[tuple[str, Hint]]:
    """«Школа № 5 и № 7» tells of № 7 of the same territory."""
    index: dict[Hashable, list[Facts]] = defaultdict(list)
    for facts in others:
        for number in facts.name.numbers if len(facts.name.numbers) > 1 else ():
            index[number, facts.territory].append(facts)
    for facts in ours:
        found = [one for number in facts.name.numbers for one in index.get((number, facts.territory), ())]
        if len(found) == 1:
            yield facts.key, Hint("merged", found[0].key, found[0].title, "её номер назван в перечне рядом с другим")
