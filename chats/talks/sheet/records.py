"""From sheets of text to records of chats: which sheet, which columns, each row cleaned with its mistakes (pure)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from chats.talks.sheet.columns import COLUMN_BY_KEY, clean_record, match_headers
from schools.codes import Problem
from schools.footers import first_filled, is_footer, said_of
from schools.headers import HeaderMatch, column_letter
from schools.sheets import Sheet, is_error_text
from schools.texts import number
from staff.imports import records as staff_records
from staff.imports.records import SKIP, Fixes

PLACE = "place"  # a fix of this key names a class («6Б») or an association («МО 5»), whichever the case asks for
MOST_ROWS = 5_000
MOST_SHOWN = 60  # characters of a cell repeated in a message
NO_ROWS = "Под заголовком нет ни одной строки. Впишите чаты и загрузите файл снова."
TOO_MANY = f"В файле больше {number(MOST_ROWS)} строк. Разделите его на части и загрузите по одной."
_TELLING = ("link", "external_id", "case", "class_name", "owner", "opened_on", "row_key")


class Mistake(staff_records.Mistake):
    """What is wrong with one cell; its heading is one of the columns of chats."""

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
    letters: Mapping[str, str] = field(default_factory=dict)  # key → letter of the column
    mistakes: list[Mistake] = field(default_factory=list)

    def get(self, key: str) -> Any:
        """The value of a column, None for an empty cell and for a column the file has not."""
        value = self.values.get(key)
        return None if value == "" else value

    def told(self, key: str, problem: Problem) -> None:
        """Write down what is wrong with a cell; one message per cell is enough."""
        if any((one.key, one.severity) == (key, problem.severity) for one in self.mistakes):
            return
        text = self.texts.get(key, "")
        shown = text if len(text) <= MOST_SHOWN else f"{text[:MOST_SHOWN]}…"
        message = problem.message.rstrip(".")
        self.mistakes.append(
            Mistake(self.row, self.letters.get(key, ""), key, *problem[:2], shown, message, problem.suggestion)
        )

    def wrong(self, key: str, code: str, message: str, suggestion: str | None = None) -> None:
        """A mistake: the row waits."""
        self.told(key, Problem("mistake", code, message, suggestion))

    def warn(self, key: str, code: str, message: str) -> None:
        """A remark: the row goes in."""
        self.told(key, Problem("warning", code, message))

    @property
    def waits(self) -> bool:
        """Whether a mistake keeps the row out."""
        return any(mistake.severity == "mistake" for mistake in self.mistakes)


@dataclass(slots=True)
class Reading:
    """The sheet that was read, its columns and records; `skipped` are rows a person left out, `said` sentences."""

    sheet: Sheet
    match: HeaderMatch
    records: list[Record] = field(default_factory=list)
    skipped: list[int] = field(default_factory=list)
    said: list[str] = field(default_factory=list)

    @property
    def refusal(self) -> str:
        """Why the sheet cannot be read; '' if it can."""
        said = " ".join(problem.message for problem in self.match.problems if problem.severity == "mistake")
        if said:
            return said
        if len(self.records) > MOST_ROWS:
            return TOO_MANY
        return "" if self.records or self.skipped else NO_ROWS

    @property
    def header_row(self) -> int | None:
        """The header's row as Excel shows it."""
        row = self.match.header_row
        return None if row is None else self.sheet.first_row + row

    def letter(self, index: int) -> str:
        """The Excel letter of a column counted from 0 in the sheet's rows."""
        return column_letter(self.sheet.first_column + index)


def read_records(
    sheets: Sequence[Sheet], *, mapping: Mapping[int, str] | None = None, fixes: Fixes | None = None
) -> Reading:
    """Choose the sheet that looks most like a list of chats and clean its rows.

    `mapping` (column index → key) is a person's word about the columns, `fixes` about cells («14:case»), rows to leave
    out («14:skip») and what a chat is about («14:place»).
    """
    empty = Sheet(name="", hidden=False, first_row=1, first_column=0, rows=[])
    found = [(sheet, match_headers(sheet.rows, mapping)) for sheet in sheets] or [(empty, match_headers([]))]
    sheet, match = max(found, key=lambda each: (each[1].is_usable, not each[0].hidden, len(each[1].columns)))
    reading = Reading(sheet, match)
    reading.said = [
        one.message for one in match.problems if one.severity == "warning" and one.code != "unknown_columns"
    ]
    if match.is_usable:
        footers: list[int] = []
        reading.records.extend(_records(reading, fixes or {}, footers))
        reading.said += said_of(footers, "чат", "чаты")
    return reading


def _records(reading: Reading, fixes: Fixes, footers: list[int]) -> Iterator[Record]:
    sheet, match = reading.sheet, reading.match
    letters = {key: reading.letter(index) for index, key in match.columns.items()}
    start = sheet.first_row + match.first_data_row
    for number_, cells in enumerate(sheet.rows[match.first_data_row :], start=start):
        texts = {key: cells[index] for index, key in match.columns.items() if index < len(cells)}
        if not any(text for key, text in texts.items() if key != "school") or match.repeats_header(cells):
            continue
        title = texts.get("title", "")
        if is_footer(texts, _TELLING, signed=title, summed=title or first_filled(cells)):
            footers.append(number_)
        elif f"{number_}:{SKIP}" in fixes:
            reading.skipped.append(number_)
        else:
            yield _record(number_, texts | _fixed(number_, fixes), letters)


def _fixed(row: int, fixes: Fixes) -> dict[str, str]:
    """The texts a person put in place of a row's cells."""
    if not fixes:
        return {}
    texts = {key: fixes[f"{row}:{key}"] for key in COLUMN_BY_KEY if f"{row}:{key}" in fixes}
    place = fixes.get(f"{row}:{PLACE}", "")
    if place:
        texts["area" if place.startswith("МО") else "class_name"] = place
    return texts


def _record(row: int, texts: dict[str, str], letters: Mapping[str, str]) -> Record:
    broken = [key for key, text in texts.items() if is_error_text(text)]
    values, problems = clean_record({key: "" if key in broken else text for key, text in texts.items()})
    record = Record(row, values, texts, letters)
    for key in broken:
        record.wrong(key, "formula", "В ячейке ошибка формулы: впишите значение")
    for key, problem in problems:
        record.told(key, problem)
    return record
