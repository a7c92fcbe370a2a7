"""Finding the header of a sheet: which row it is, and which column holds what, under any usual name."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Any, NamedTuple

from schools.codes import Cleaned, Problem, fold
from schools.texts import counted, number

Row = Sequence[str]
SEARCHED_ROWS = 30
SEARCHED_COLUMNS = 200
MOST_NAMED = 3  # unknown columns told by name
EXACT, CONTAINED, ALIKE = 1.0, 0.8, 0.7  # how sure a match is; alike headers scale between ALIKE and CONTAINED


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a spreadsheet: its heading, what people write instead, how its cells are read, why it is asked.

    Synonyms go from the most telling to the vaguest: where a sheet has two of them, the earlier one is read.
    """

    key: str
    header: str
    cleaner: Callable[[str], Cleaned[Any]]
    synonyms: tuple[str, ...] = ()
    required: bool = False
    width: int = 18  # characters
    choices: tuple[str, ...] = ()
    example: str = ""
    note: str = ""
    hidden: bool = False
    in_template: bool = True
    is_ignored: bool = False  # recognised so that nobody is warned of it, and never stored


@dataclass(frozen=True, slots=True)
class Unknown:
    """A column nobody asked for: its index from 0 and what its header says."""

    index: int
    text: str


@dataclass(frozen=True, slots=True)
class HeaderMatch:
    """What the header says. Rows and columns are counted from 0 in the rows given; `columns` is index → key."""

    header_row: int | None
    first_data_row: int
    columns: Mapping[int, str]
    confidence: Mapping[int, float] = field(default_factory=dict)
    unknown: tuple[Unknown, ...] = ()
    duplicates: tuple[Unknown, ...] = ()
    ignored: tuple[Unknown, ...] = ()
    missing: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    heading: frozenset[str] = frozenset()

    @property
    def is_usable(self) -> bool:
        """Whether rows can be read: no mistake among the problems."""
        return all(problem.severity != "mistake" for problem in self.problems)

    def repeats_header(self, row: Row) -> bool:
        """Whether a row further down is the header again, or the numbering «1 2 3 4» under it: neither is a person."""
        filled = [cell.strip() for cell in row if cell and cell.strip()]
        if len(filled) < 2:
            return False
        if [cell.removesuffix(".0") for cell in filled] == _NUMBERING[: len(filled)]:
            return True
        return filled[0] != filled[-1] and all(header_key(cell) in self.heading for cell in filled)


_NUMBERING = [str(number) for number in range(1, 100)]
_SIGNS = re.compile(r"[^\w№]+|_+")
_IN_BRACKETS = re.compile(r"\([^()]*\)")


def column_letter(index: int) -> str:
    """0 → 'A', 25 → 'Z', 26 → 'AA': the column as Excel names it."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def header_key(text: str) -> str:
    """A heading without case, signs, asterisks and bracketed remarks: «Отчество* (при наличии)» → 'отчество'."""
    folded = fold(text[:200])
    key = _SIGNS.sub(" ", _IN_BRACKETS.sub(" ", folded)).strip()
    return key or _SIGNS.sub(" ", folded).strip()


class _Entry(NamedTuple):
    key: str
    words: tuple[str, ...]
    pairs: frozenset[str]


class Headers:
    """The headings of one set of columns, ready to be looked up.

    `needed` says what a sheet must have: of each tuple of groups at least one whole group, e.g.
    (("last_name", "first_name"), ("full_name",)). `sheet` names the sheet in the genitive: «списка сотрудников».
    `foreign` are words whose headings speak of somebody else: «ФИО родителя» is not the teacher's name.
    """

    def __init__(
        self,
        columns: Sequence[Column],
        needed: tuple[tuple[str, ...], ...],
        *,
        sheet: str,
        foreign: tuple[str, ...] = (),
    ) -> None:
        self.columns = {column.key: column for column in columns}
        self.needed = needed
        self.sheet = sheet
        self.foreign = foreign
        self.exact: dict[str, str] = {}
        self.ranks: dict[str, int] = {}  # of two names of one column the one listed earlier wins, wherever it stands
        for column in columns:
            for rank, heading in enumerate((column.header, *column.synonyms)):
                owner = self.exact.setdefault(header_key(heading), column.key)
                self.ranks.setdefault(header_key(heading), rank)
                if owner != column.key:
                    raise ValueError(f"heading of both {owner} and {column.key}: {heading}")
        entries = (_Entry(key, tuple(text.split()), _pairs(text)) for text, key in self.exact.items())
        self.entries = sorted(entries, key=lambda entry: -len(entry.words))
        self.look_up = lru_cache(maxsize=4096)(self._look_up)

    def _look_up(self, text: str) -> tuple[str, float]:
        """The key of a heading and how sure it is; ("", 0.0) for an unknown one."""
        key = header_key(text)
        if not key or len(key) > 80:
            return "", 0.0
        if key in self.exact:
            return self.exact[key], EXACT
        if any(word in key for word in self.foreign):
            return "", 0.0
        return self._contained(key) or self._alike(key) or ("", 0.0)

    def _contained(self, key: str) -> tuple[str, float] | None:
        """«Фамилия сотрудника» holds the words of «Фамилия»; the heading with most words wins."""
        words = set(key.split())
        if len(words) > 6:
            return None
        for entry in self.entries:
            if words.issuperset(entry.words) and len(entry.words[0]) > 2 and not self.columns[entry.key].is_ignored:
                return entry.key, CONTAINED
        return None

    def _alike(self, key: str) -> tuple[str, float] | None:
        """A misprint: most pairs of letters are shared, and the likeness is confirmed letter by letter."""
        pairs = _pairs(key)
        if len(pairs) < 4:
            return None
        best = max(self.entries, key=lambda entry: len(pairs & entry.pairs) / (len(pairs) + len(entry.pairs) or 1))
        likeness = SequenceMatcher(None, key, " ".join(best.words)).ratio()
        if likeness < 0.82:
            return None
        return best.key, round(ALIKE + (likeness - 0.82) / 0.18 * (CONTAINED - ALIKE), 2)

    # Finding the row

    def match(self, rows: Sequence[Row], mapping: Mapping[int, str] | None = None) -> HeaderMatch:
        """Find the header within the first 30 rows; `mapping` (index → key, "" for «не брать») has the last word.

        Never raises. Problems are in Russian: mistakes make the match unusable, warnings tell what will not be read.
        """
        top = [list(row[:SEARCHED_COLUMNS]) for row in rows[:SEARCHED_ROWS]]
        found = self._best_row(top)
        if found is None:
            return self._without_header(top, mapping)
        start, size = found
        texts = self._texts(top, start, size)
        return self._read(texts, (start, size), mapping)

    def _best_row(self, rows: list[list[str]]) -> tuple[int, int] | None:
        """Index and height (1 or 2 rows) of the header: the row which names most columns, the upper of equals."""
        best: tuple[float, int, int] | None = None
        for index in range(len(rows)):
            single = self._score(rows[index])
            double = self._score(self._texts(rows, index, 2)) if index + 1 < len(rows) and single else 0.0
            below = self._score(rows[index + 1]) if double else 0.0
            size = 2 if double > max(single, below) + 0.5 else 1
            score = max(single, double) if size == 2 else single
            if score and (best is None or score > best[0]):
                best = score, index, size
        return (best[1], best[2]) if best and best[0] >= 1 else None

    def _score(self, row: Row) -> float:
        """How many different columns a row names, weighted by sureness; a lone hit must be a needed one."""
        hits: dict[str, float] = {}
        filled = 0
        for cell in row:
            if cell and not cell.isspace():
                filled += 1
                key, sure = self.look_up(cell[:200])
                hits[key] = max(sure, hits.get(key, 0.0))
        hits.pop("", None)
        stored = [key for key in hits if not self.columns[key].is_ignored]
        if len(stored) == 1 and not (stored[0] in self._alone() and hits[stored[0]] == EXACT and filled <= 3):
            return 0.0
        return sum(hits.values()) if stored else 0.0

    def _alone(self) -> set[str]:
        return {group[0] for group in self.needed if len(group) == 1}

    def _texts(self, rows: list[list[str]], start: int, size: int) -> list[str]:
        """The heading of each column; of two rows the lower one wins where it is known, else both are joined."""
        upper = rows[start]
        if size == 1:
            return upper
        lower = rows[start + 1]
        width = max(len(upper), len(lower))
        texts: list[str] = []
        group = ""
        for above, below in zip(_padded(upper, width), _padded(lower, width), strict=True):
            group = above or group
            texts.append(self._joined(above, below, group))
        return texts

    def _joined(self, above: str, below: str, group: str) -> str:
        if not below:
            return above
        if self.look_up(below)[1] == EXACT or not group:
            return below
        together = f"{group} {below}"
        if self.look_up(together)[0]:
            return together
        return above if self.look_up(above)[0] else below

    # Reading the row

    def _read(self, texts: Row, place: tuple[int, int], mapping: Mapping[int, str] | None) -> HeaderMatch:
        chosen = {index: self.look_up(text[:200]) for index, text in enumerate(texts) if text and not text.isspace()}
        chosen.update({index: (key, EXACT) for index, key in (mapping or {}).items() if not key or key in self.columns})
        taken: dict[str, int] = {}

        def order(index: int) -> tuple[bool, float, int, int]:
            heading = header_key(texts[index]) if index < len(texts) else ""
            return index not in (mapping or {}), -chosen[index][1], self.ranks.get(heading, 0), index

        for index in sorted(chosen, key=order):
            key = chosen[index][0]
            if key:
                taken.setdefault(key, index)
        says = {index: Unknown(index, _shown(texts[index]) if index < len(texts) else "") for index in chosen}
        unknown = tuple(says[i] for i, (key, _) in sorted(chosen.items()) if not key and i not in (mapping or {}))
        ignored = tuple(
            says[i] for k, i in sorted(taken.items(), key=lambda pair: pair[1]) if self.columns[k].is_ignored
        )
        extra = {
            i: key for i, (key, _) in chosen.items() if key and taken[key] != i and not self.columns[key].is_ignored
        }
        columns = {i: key for key, i in taken.items() if not self.columns[key].is_ignored}
        return HeaderMatch(
            header_row=place[0],
            first_data_row=sum(place),
            columns=dict(sorted(columns.items())),
            confidence={index: chosen[index][1] for index in sorted(columns)},
            unknown=unknown,
            duplicates=tuple(says[i] for i in sorted(extra)),
            ignored=ignored,
            missing=self._missing(columns.values()),
            problems=self._problems(columns, unknown, {says[i]: taken[key] for i, key in sorted(extra.items())}),
            heading=frozenset(header_key(text) for text in texts if text),
        )

    def _missing(self, keys: Any) -> tuple[str, ...]:
        """Keys of the group nearest to being whole, less what is there; empty when some group is whole."""
        present = set(keys)
        lacks = [tuple(key for key in group if key not in present) for group in self.needed]
        return min(lacks, key=len)

    def _problems(
        self, columns: Mapping[int, str], unknown: tuple[Unknown, ...], extra: Mapping[Unknown, int]
    ) -> tuple[Problem, ...]:
        problems = []
        missing = self._missing(columns.values())
        if missing:
            found = [self.columns[key].header for key in columns.values()] + [column.text for column in unknown]
            problems.append(Problem("mistake", "missing_columns", self._lacks(missing, found)))
        for other, used in extra.items():
            letters = f"{column_letter(used)} и {column_letter(other.index)}"
            name = self.columns[columns[used]].header
            message = f"Столбец «{name}» встречается дважды: {letters}. Берём {column_letter(used)}."
            problems.append(Problem("warning", "duplicate_column", message))
        if unknown:
            problems.append(Problem("warning", "unknown_columns", untaken_text(_lettered(unknown))))
        return tuple(problems)

    def _lacks(self, missing: Sequence[str], found: Sequence[str]) -> str:
        names = _listed([self.columns[key].header for key in missing])
        word = "столбца" if len(missing) == 1 else "столбцов"
        return f"Похоже, это не лист {self.sheet}: нет {word} {names}. Нашли: {_listed(found[:6])}. {self._advice()}"

    def _advice(self) -> str:
        groups = " или ".join(_listed([self.columns[key].header for key in group]) for group in self.needed)
        return f"Нужны {groups}: впишите заголовки над данными или возьмите наш шаблон."

    def _without_header(self, rows: list[list[str]], mapping: Mapping[int, str] | None) -> HeaderMatch:
        """No header: with a mapping by hand every row is data, without one the sheet cannot be read."""
        columns = {index: key for index, key in (mapping or {}).items() if key in self.columns}
        if columns and not self._missing(columns.values()):
            return HeaderMatch(None, 0, dict(sorted(columns.items())), dict.fromkeys(columns, EXACT))
        missing = self._missing(columns.values())
        return HeaderMatch(
            None, 0, {}, missing=missing, problems=(Problem("mistake", "no_header", self._no_header(rows)),)
        )

    def _no_header(self, rows: list[list[str]]) -> str:
        """Quotes what looks like headings, never what looks like somebody's data (digits, @, long texts)."""
        quoted = next((row for row in map(_headings, rows) if len(row) > 1), [])
        if not any(cell.strip() for row in rows for cell in row if cell):
            return f"На листе пусто. {self._advice()}"
        seen = f" Нашли: {_listed(quoted[:6])}." if quoted else ""
        start = f"Похоже, это не лист {self.sheet}: в первых {SEARCHED_ROWS} строках нет его заголовков"
        return f"{start}.{seen} {self._advice()}"


def _headings(row: Row) -> list[str]:
    """The cells of a row if each of them could be a heading."""
    cells = [_shown(cell) for cell in row if cell and cell.strip()]
    plain = all(len(cell) <= 30 and not re.search(r"[\d@]|вич$|вна$", cell) for cell in cells)
    return cells if plain else []


def _shown(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 40 else f"{text[:39]}…"


def _lettered(columns: Sequence[Unknown]) -> list[tuple[str, str]]:
    return [(column_letter(column.index), column.text) for column in columns]


def untaken_text(columns: Sequence[tuple[str, str]]) -> str:
    """«Не взяли 5 столбцов: H «Цвет», I «Рост», J «Вес» и ещё 2.» of (letter, heading)."""
    names = ", ".join(f"{letter} «{text}»" for letter, text in columns[:MOST_NAMED])
    more = f" и ещё {number(len(columns) - MOST_NAMED)}" if len(columns) > MOST_NAMED else ""
    many = len(columns) > 1
    return f"Не взяли {counted(len(columns), 'столбец', 'столбца', 'столбцов') if many else 'столбец'}: {names}{more}."


def _listed(names: Sequence[str]) -> str:
    return ", ".join(f"«{name}»" for name in names) or "ничего знакомого"


def _padded(row: Row, width: int) -> list[str]:
    return [cell.strip() if cell else "" for cell in row] + [""] * (width - len(row))


def _pairs(text: str) -> frozenset[str]:
    return frozenset(text[index : index + 2] for index in range(len(text) - 1))
