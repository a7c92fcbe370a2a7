"""Which row of an official list is which of our schools: by codes, by exact names, by likeness; set-wise (pure).

Nobody is married by force: what is not certain or likely stays a doubtful candidate, for a person to decide.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from typing import TypeVar

from schools.reconciling.grading import Grade, codes_differ, grade
from schools.reconciling.likeness import DIFFERENT, OTHER, Known, likeness
from schools.reconciling.names import Name, parse
from schools.reconciling.neighbours import Loners, Neighbours
from schools.reconciling.words import stem

BY_INN = "ИНН совпал"
MOST_CANDIDATES = 5
MARGIN = 0.03  # a rival this near makes a likely match doubtful
TRUSTED_IDS = 0.8  # share of pairs by somebody's number whose names agree; below it the numbers are of another register


class Confidence(StrEnum):
    """How sure a match is; doubtful ones are never accepted in bulk."""

    CERTAIN = "certain"
    LIKELY = "likely"
    DOUBTFUL = "doubtful"

    @property
    def word(self) -> str:
        """The word a person reads."""
        return {"certain": "точно", "likely": "вероятно", "doubtful": "сомнительно"}[self]


@dataclass(slots=True)
class Entry:
    """A school in a list: `id` is the row of theirs or the key of ours, `territory` one spelling for both lists."""

    id: int
    title: str
    territory: str = ""
    inn: str = ""
    kpp: str = ""
    ogrn: str = ""
    external_id: str = ""
    is_branch: bool = False
    is_closed: bool = False
    name: Name = field(init=False)

    def __post_init__(self) -> None:
        self.name = parse(self.title)


@dataclass(frozen=True, slots=True)
class Match:
    """A row and a school of ours, how sure, and why, in words."""

    school: int
    confidence: Confidence
    reason: str
    by_codes: bool = False
    name_differs: bool = False  # matched by codes under another number or kind: renamed


@dataclass(slots=True)
class Matching:
    """What became of every row: a match, a duplicate of an earlier row, or candidates; rows in none are new to us."""

    matches: dict[int, Match] = field(default_factory=dict)
    duplicates: dict[int, tuple[int, str]] = field(default_factory=dict)
    candidates: dict[int, list[Match]] = field(default_factory=dict)


Step = Callable[[int, int], None]


def match(
    theirs: Sequence[Entry], ours: Sequence[Entry], *, region: str = "", step: Step = lambda done, total: None
) -> Matching:
    """Match a list with our schools; `region` is its name, whose words tell no school apart."""
    matcher = _Matcher(theirs, ours, region)
    stages = (matcher.repeated, matcher.by_codes, matcher.by_ids, matcher.by_exact_names, matcher.by_likeness)
    for done, stage in enumerate(stages, start=1):
        stage()
        step(done * len(theirs) // len(stages), len(theirs))
    return matcher.result


T = TypeVar("T")


def _grouped(entries: Iterable[T], key: Callable[[T], Hashable]) -> dict[Hashable, list[T]]:
    groups: dict[Hashable, list[T]] = defaultdict(list)
    for entry in entries:
        found = key(entry)
        if found is not None and found != "":
            groups[found].append(entry)
    return groups


def _pair(entry: Entry) -> Hashable:
    return (entry.inn, entry.kpp) if entry.inn and entry.kpp else None


def _inn(entry: Entry) -> Hashable:
    return entry.inn


def _ogrn(entry: Entry) -> Hashable:
    return entry.ogrn if entry.ogrn and not entry.is_branch else None


class _Matcher:
    """The two lists and what is decided so far."""

    def __init__(self, theirs: Sequence[Entry], ours: Sequence[Entry], region: str) -> None:
        self.theirs = theirs
        self.ours = ours
        self.result = Matching()
        self.taken: dict[int, int] = {}  # school → row
        self.by_id = {entry.id: entry for entry in ours}
        self.usual = _usual_words([*theirs, *ours], region)
        self.vocabulary = frozenset(word for entry in ours for word in entry.name.words)
        self.known = cache(self._known)
        self.placed = sum(bool(entry.territory) for entry in theirs) * 2 > len(theirs)

    def _known(self, territory: str) -> Known:
        return Known(self.usual | frozenset(map(stem, territory.replace("-", " ").split())), self.vocabulary)

    def waiting(self) -> Iterator[Entry]:
        """Rows that are neither matched nor duplicates nor in doubt by their codes."""
        settled = (self.result.matches, self.result.duplicates, self.result.candidates)
        return (row for row in self.theirs if not any(row.id in found for found in settled))

    def free(self) -> Iterator[Entry]:
        """Schools of ours without a row; closed ones come last."""
        return (entry for entry in self.ours if entry.id not in self.taken)

    def marry(self, row: Entry, school: Entry, confidence: Confidence, reason: str, *, by_codes: bool = False) -> None:
        """Write a match down."""
        found = likeness(row.name, school.name, self.known(school.territory))
        differs = by_codes and (found.number == OTHER or found.kind == OTHER)
        self.result.matches[row.id] = Match(school.id, confidence, reason, by_codes, differs)
        self.taken[school.id] = row.id

    def exact_key(self, entry: Entry) -> Hashable:
        """What equal names have equal, the words every school has left out; None for a name that tells nothing."""
        words = tuple(sorted(word for word in entry.name.words if word not in self.known(entry.territory).usual))
        if not entry.name.numbers and not words:
            words = tuple(sorted(entry.name.words))
        if not entry.name.numbers and not words:
            return None
        return entry.name.numbers, entry.name.kinds, entry.name.level, words

    def placed_key(self, entry: Entry) -> Hashable:
        """The exact key within the territory."""
        key = self.exact_key(entry)
        return (key, entry.territory) if key else None

    # One list against itself

    def repeated(self) -> None:
        """Rows that say a school once more."""
        seen: dict[Hashable, Entry] = {}
        for row in self.theirs:
            name = self.placed_key(row) if row.territory else None
            keys = [("codes", _pair(row)), ("ogrn", _ogrn(row)), ("name", name)]
            for sort, key in keys:
                earlier = seen.get((sort, key)) if key else None
                if earlier is not None and not (sort == "name" and codes_differ(row, earlier)):
                    told = {"codes": "те же ИНН и КПП", "ogrn": "тот же ОГРН", "name": "то же название"}[sort]
                    self.result.duplicates[row.id] = (earlier.id, told)
                    break
            else:
                seen.update({(sort, key): row for sort, key in keys if key})

    # By codes

    def by_codes(self) -> None:
        """(ИНН, КПП), then ОГРН, then ИНН alone."""
        names = _grouped(self.ours, self.placed_key)
        for key, told in (
            (_pair, "ИНН и КПП совпали"),
            (_ogrn, "ОГРН совпал"),
            (lambda entry: entry.inn, "ИНН совпал"),
        ):
            ours, rows = _grouped(self.free(), key), _grouped(self.waiting(), key)
            for code, found in rows.items():
                if len(found) == 1 and code in ours:
                    self._by_code(found[0], ours[code], told, names)

    def _by_code(self, row: Entry, schools: list[Entry], told: str, names: dict[Hashable, list[Entry]]) -> None:
        """One row and the schools that hold its code."""
        if told == "ИНН совпал":
            schools = [
                school for school in schools if not (row.kpp and school.kpp) and row.is_branch == school.is_branch
            ]
        if len(schools) > 1:
            same = [school for school in schools if school.name.key == row.name.key]
            schools = same if len(same) == 1 else schools
            told = f"{told}, из нескольких по нему — по названию"
        if len(schools) != 1:
            if schools:
                self._doubt(row, schools, f"{told}: под ним несколько школ")
            return
        school = schools[0]
        namesake = next((one for one in names.get(self.placed_key(row), ()) if one.id != school.id), None)
        if namesake is not None and school.name.key != row.name.key:
            self._doubt(row, [school, namesake], f"коды — одной школы, название — другой ({told})")
            return
        sure = Confidence.LIKELY if told == BY_INN else Confidence.CERTAIN
        self.marry(row, school, sure, told, by_codes=True)

    def _doubt(self, row: Entry, schools: list[Entry], reason: str, *, by_codes: bool = True) -> None:
        self.result.candidates[row.id] = [
            Match(school.id, Confidence.DOUBTFUL, reason, by_codes) for school in schools[:MOST_CANDIDATES]
        ]

    def by_ids(self) -> None:
        """The number in somebody's register, believed only while the names that it brings together agree."""
        ours = _grouped(self.ours, lambda entry: entry.external_id)
        rows = _grouped(self.waiting(), lambda entry: entry.external_id)
        pairs = [(rows[key][0], ours[key][0]) for key in rows if len(rows[key]) == 1 and len(ours.get(key, ())) == 1]
        agree = [pair for pair in pairs if self._alike(*pair)]
        if len(agree) < TRUSTED_IDS * len(pairs):
            return
        for row, school in agree:
            if school.id not in self.taken and not codes_differ(row, school):
                self.marry(row, school, Confidence.CERTAIN, "номер в реестре и название совпали")

    def _alike(self, row: Entry, school: Entry) -> bool:
        like = likeness(row.name, school.name, self.known(school.territory))
        return row.name.numbers == school.name.numbers and like.kind != OTHER and like.words != DIFFERENT

    # By names

    def by_exact_names(self) -> None:
        """Names that say the same within a territory, one on each side."""
        self._by_key(self.placed_key if self.placed else self.exact_key)

    def _by_key(self, key: Callable[[Entry], Hashable]) -> None:
        all_rows, all_ours = Counter(map(key, self.theirs)), Counter(map(key, self.ours))
        repeats = Counter(earlier for earlier, _ in self.result.duplicates.values())
        rows, ours = _grouped(self.waiting(), key), _grouped(self.free(), key)
        for name, found in rows.items():
            schools = _working_first(ours.get(name, []))
            if len(found) != 1 or len(schools) != 1:
                for row in found:
                    self._doubt_names(row, schools)
                continue
            row, school = found[0], schools[0]
            if codes_differ(row, school):
                self._doubt(row, [school], "название то же, а коды другие")
                continue
            alone = all_ours[name] == 1 and all_rows[name] - repeats[row.id] == 1 and self.placed
            where = "в той же территории" if self.placed and row.territory else "территория в перечне не названа"
            self.marry(row, school, Confidence.CERTAIN if alone else Confidence.LIKELY, f"название то же, {where}")

    def _doubt_names(self, row: Entry, schools: list[Entry]) -> None:
        """Several schools of one name: a person chooses, nobody adds one more by the hundred."""
        fitting = [school for school in schools if not codes_differ(row, school)]
        if fitting:
            self._doubt(row, fitting, f"школ с таким названием несколько: {len(schools)}", by_codes=False)

    def by_likeness(self) -> None:
        """What is left: misspelt and reworded names, weighed against every likely neighbour."""
        index, alone = Neighbours(self.free()), Loners(self.theirs, self.ours)
        weighed: list[Weighed] = []
        for row in list(self.waiting()):
            for school in index.near(row):
                found = grade(row, school, self.known(school.territory), alone.of(row))
                if found is not None:
                    weighed.append((row, school, found))
        self._settle(weighed)

    def _settle(self, weighed: "list[Weighed]") -> None:
        """Marry the best likely pairs that have no rival; the rest become candidates."""
        weighed.sort(key=lambda one: (not one[2].is_likely, -one[2].score, one[0].id, one[1].id))
        likely = [one for one in weighed if one[2].is_likely]
        by_row, by_school = _grouped(likely, lambda one: one[0].id), _grouped(likely, lambda one: one[1].id)
        for row, school, found in likely:
            rivals = [one for one in (*by_row[row.id], *by_school[school.id]) if self._is_rival(one, found.score)]
            if row.id not in self.result.matches and school.id not in self.taken and len(rivals) == 2:  # itself, twice
                self.marry(row, school, Confidence.LIKELY, found.reason)
        for row, school, found in weighed:
            if row.id not in self.result.matches and school.id not in self.taken:
                listed = self.result.candidates.setdefault(row.id, [])
                if len(listed) < MOST_CANDIDATES:
                    told = f"{found.reason}; похожих несколько" if found.is_likely else found.reason
                    listed.append(Match(school.id, Confidence.DOUBTFUL, told))

    def _is_rival(self, one: "Weighed", score: float) -> bool:
        row, school, found = one
        return row.id not in self.result.matches and school.id not in self.taken and found.score >= score - MARGIN


Weighed = tuple[Entry, Entry, Grade]


def _usual_words(entries: Sequence[Entry], region: str) -> frozenset[str]:
    """Words of the region's name, and those that every tenth school has: they tell no school from another."""
    found = Counter(word for entry in entries for word in set(entry.name.words))
    often = len(entries) / 10 if len(entries) > 100 else len(entries)
    return frozenset(word for word, count in found.items() if count > often) | frozenset(parse(region).words)


def _working_first(schools: list[Entry]) -> list[Entry]:
    """The schools that work, or the closed ones where none does."""
    return [school for school in schools if not school.is_closed] or schools
