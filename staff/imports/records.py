"""From sheets of text to records: which sheet, which columns, and each row cleaned with its mistakes (pure)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from schools.codes import Problem
from schools.footers import first_filled, is_footer, said_of
from schools.headers import HeaderMatch, column_letter
from schools.sheets import Sheet, is_error_text
from schools.texts import number
from staff.columns import COLUMN_BY_KEY, clean_row, match_headers
from staff.imports.ticks import Tick, ticking, unheard

NAME_KEYS = frozenset({"last_name", "first_name", "patronymic"})
MAX_SHOWN = 120  # characters of a cell repeated in a message
MOST_SHEETS = 5  # sheets told by name
Fixes = Mapping[str, str]  # "14:first_name" → the text a person put in place of the cell; "14:skip": leave the row out
SKIP = "skip"


class Mistake(NamedTuple):
    """What is wrong with one cell, as Excel shows it; `severity` is 'mistake' (the row waits) or 'warning'."""

    row: int
    column: str
    key: str
    severity: str
    code: str
    text: str
    message: str
    suggestion: str | None = None

    @property
    def address(self) -> str:
        """«C14»."""
        return f"{self.column}{self.row}"

    @property
    def header(self) -> str:
        """The column's usual heading."""
        return COLUMN_BY_KEY[self.key].header if self.key in COLUMN_BY_KEY else "Строка"


@dataclass(slots=True)
class Record:
    """One row of the file, read: its cells as texts, typed values of the columns it has, and what is wrong with it."""

    row: int
    values: dict[str, Any]
    texts: dict[str, str]
    mistakes: list[Mistake] = field(default_factory=list)

    @property
    def waits(self) -> bool:
        """Whether a mistake keeps the row out."""
        return any(mistake.severity == "mistake" for mistake in self.mistakes)

    @property
    def title(self) -> str:
        """«Фамилия Имя Отчество» as far as they could be read."""
        values = self.values
        return f"{values['last_name']} {values['first_name']} {values['patronymic']}".strip().replace("  ", " ")


@dataclass(frozen=True, slots=True)
class Reading:
    """A chosen sheet, its header and its records; `said` are Russian sentences about the sheet as a whole.

    Of the columns nobody knows tells `match.unknown`.
    """

    sheet: Sheet
    match: HeaderMatch
    records: list[Record]
    said: list[str]

    @property
    def refusal(self) -> str:
        """Why the sheet cannot be read as a staff list; '' if it can."""
        return " ".join(problem.message for problem in self.match.problems if problem.severity == "mistake")

    @property
    def header_row(self) -> int | None:
        """The header's row as Excel shows it."""
        row = self.match.header_row
        return None if row is None else self.sheet.first_row + row

    def letter(self, index: int) -> str:
        """The Excel letter of a column counted from 0 in the sheet's rows."""
        return column_letter(self.sheet.first_column + index)


def read_records(
    sheets: Sequence[Sheet],
    *,
    mapping: Mapping[int, str] | None = None,
    fixes: Fixes | None = None,
    tick: Tick = unheard,
) -> Reading:
    """Choose the sheet that looks most like a staff list and clean its rows.

    Hidden sheets are read only if no visible one will do. `mapping` (column index in the sheet's rows → key) is a
    person's word about the columns. The reading's `refusal` is not empty when there is nothing to plan.
    """
    sheet, match = _best(sheets, mapping)
    said = [one.message for one in match.problems if one.severity == "warning" and one.code != "unknown_columns"]
    others = [other.name for other in sheets if other is not sheet and other.rows and not other.hidden]
    if others and match.is_usable:
        said.append(f"Прочитан лист «{sheet.name}», другие листы не читаем: {_quoted(others)}.")
    reading = Reading(sheet=sheet, match=match, records=[], said=said)
    if match.is_usable:
        footers: list[int] = []
        reading.records.extend(_records(reading, fixes or {}, tick, footers))
        said += said_of(footers, "сотрудник", "сотрудники")
    return reading


def _quoted(names: Sequence[str]) -> str:
    shown = ", ".join(f"«{name}»" for name in names[:MOST_SHEETS])
    return f"{shown} и ещё {number(len(names) - MOST_SHEETS)}" if len(names) > MOST_SHEETS else shown


def _best(sheets: Sequence[Sheet], mapping: Mapping[int, str] | None) -> tuple[Sheet, HeaderMatch]:
    empty = Sheet(name="", hidden=False, first_row=1, first_column=0, rows=[])
    candidates = [(sheet, match_headers(sheet.rows, mapping)) for sheet in sheets] or [(empty, match_headers([]))]

    def merit(candidate: tuple[Sheet, HeaderMatch]) -> tuple[bool, bool, int, int]:
        sheet, match = candidate
        return match.is_usable, not sheet.hidden, len(match.columns), len(sheet.rows)

    return max(candidates, key=merit)


def _records(reading: Reading, fixes: Fixes, tick: Tick, footers: list[int]) -> Iterator[Record]:
    """The rows that may be people; the numbers of totals and signatures go to `footers`."""
    sheet, match = reading.sheet, reading.match
    columns = [(index, key) for index, key in sorted(match.columns.items()) if not COLUMN_BY_KEY[key].is_ignored]
    place = {key: reading.letter(index) for index, key in columns}
    rows = ticking(sheet.rows[match.first_data_row :], tick)
    for offset, cells in enumerate(rows, start=sheet.first_row + match.first_data_row):
        texts = {key: cells[index] for index, key in columns if index < len(cells)}
        if not any(texts.values()) or (_may_be_header(texts, match) and match.repeats_header(cells)):
            continue
        if _is_footer(cells, texts):
            footers.append(offset)
            continue
        if fixes:
            if f"{offset}:{SKIP}" in fixes:
                continue
            mended = {key: fixes.get(f"{offset}:{key}") for key in (*place, "patronymic")}
            texts.update({key: text for key, text in mended.items() if text is not None})
        yield _record(offset, texts, place)


def _may_be_header(texts: Mapping[str, str], match: HeaderMatch) -> bool:
    """A cheap look before the full one: the name's cell is a heading or a number."""
    name = texts.get("last_name") or texts.get("full_name") or ""
    return not name or name.isdigit() or name.strip(" *:.").lower().replace("ё", "е") in match.heading


_TELLING = ("snils", "born_on", "phone", "email", "personnel_number", "row_key")


def _is_footer(cells: Sequence[str], texts: Mapping[str, str]) -> bool:
    """A signature stands where the name would: «директор» in the column of positions is one whose name was left out."""
    name = texts.get("last_name") or texts.get("full_name") or ""
    return is_footer(texts, _TELLING, signed=name, summed=name or first_filled(cells))


def _record(row: int, texts: dict[str, str], place: Mapping[str, str]) -> Record:
    broken: list[str] = []
    if "#" in "".join(texts.values()):
        broken = [key for key, text in texts.items() if is_error_text(text)]
    cleaned = clean_row({key: "" if key in broken else text for key, text in texts.items()} if broken else texts)
    record = Record(row=row, values=cleaned.values, texts=texts)
    for key, problem in cleaned.problems:
        _add(record.mistakes, _mistake(row, key, problem, (texts, place)))
    for key in broken:
        problem = Problem("mistake", "formula", "В ячейке ошибка формулы: впишите значение")
        record.mistakes.append(_mistake(row, key, problem, (texts, place)))
    return record


def _add(mistakes: list[Mistake], new: Mistake) -> None:
    """One cell is mended once: what else is wrong with it, where nothing is offered, is told in the same sentence."""
    last = mistakes[-1] if mistakes else None
    if (
        last is not None
        and (last.key, last.severity) == (new.key, new.severity)
        and not (last.suggestion or new.suggestion)
    ):
        mistakes[-1] = last._replace(message=f"{last.message}; {new.message[:1].lower()}{new.message[1:]}")
    else:
        mistakes.append(new)


def _mistake(row: int, key: str, problem: Problem, where: tuple[Mapping[str, str], Mapping[str, str]]) -> Mistake:
    texts, place = where
    beside = key
    if key not in place and key in NAME_KEYS:
        beside = next((name for name in _NAMES_IN_ORDER if name in place), key)
        key = key if problem.code == "patronymic_missing" else beside  # of its own even where it has no column
    text = texts.get(key, "")
    shown = text if len(text) <= MAX_SHOWN else f"{text[:MAX_SHOWN]}…"
    return Mistake(row, place.get(beside, ""), key, *problem[:2], shown, problem.message, problem.suggestion)


_NAMES_IN_ORDER = ("full_name", "first_name", "last_name", "patronymic")
