"""A register of schools read: bytes → the sheet, its header, and one record a row."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from schools import registers
from schools.codes import Problem, fold
from schools.footers import first_filled, is_footer, said_of
from schools.headers import SEARCHED_ROWS, HeaderMatch, column_letter
from schools.place_names import NAME_BY_CODE
from schools.sheets import Sheet, SheetError, read_workbook
from schools.texts import counted

Located = tuple[str, Problem]  # (cell address, problem)


class RegisterRefused(Exception):
    """The file is no register that can be read; the text is a Russian sentence that says what to do."""


class ColumnsRefused(RegisterRefused):
    """The sheet can be read, its columns cannot be told apart; `reading` holds what there is to choose from."""

    def __init__(self, message: str, reading: "Reading") -> None:
        super().__init__(message)
        self.reading = reading


@dataclass(slots=True)
class Record:
    """A row of a register: its number as Excel shows it, typed values, and what is wrong with which cell."""

    row: int
    values: dict[str, Any]
    problems: list[Located]
    letters: Mapping[str, str]

    def wrong(self, key: str, code: str, message: str, severity: Any = "mistake") -> None:
        """Note a problem of the cell that holds `key`, or of the row's first cell where no column does."""
        self.problems.append((self.address(key), Problem(severity, code, message)))

    def address(self, key: str) -> str:
        """Where the cell of a key is: «C14»."""
        return f"{self.letters.get(key, 'A')}{self.row}"

    @property
    def is_mistaken(self) -> bool:
        """Whether the row must wait."""
        return any(problem.severity == "mistake" for _, problem in self.problems)


@dataclass(slots=True)
class Reading:
    """What a file says: its best sheet, the header found in it, sentences worth saying, and the records."""

    sheet: Sheet
    match: HeaderMatch
    said: list[str]
    records: list[Record] = field(default_factory=list)


def read_register(
    data: bytes, *, headings: Mapping[str, str] | None = None, columns: Mapping[int, str] | None = None
) -> Reading:
    """Read bytes as a register.

    A person's word about columns is `headings` (heading → key of `registers.COLUMNS`, "" for «не брать») or `columns`
    (index from 0 → key). Raises RegisterRefused; ColumnsRefused where the columns are what is unclear.
    """
    try:
        book = read_workbook(data)
    except SheetError as error:
        raise RegisterRefused(error.message) from error
    best: Reading | None = None
    for sheet in book.sheets:
        match = _match(sheet, headings or {}, columns)
        if best is None or (match.is_usable, len(match.columns)) > (best.match.is_usable, len(best.match.columns)):
            best = Reading(sheet, match, [*book.notes, *(problem.message for problem in match.problems)])
    if best is None:
        raise RegisterRefused("В файле нет ни одного листа с данными.")
    if not best.match.is_usable:
        raise ColumnsRefused(" ".join(problem.message for problem in best.match.problems), best)
    best.said += _unkept(best.match)
    best.records = _records(best)
    return best


def _match(sheet: Sheet, headings: Mapping[str, str], columns: Mapping[int, str] | None) -> HeaderMatch:
    """The header by our own knowledge and a person's word; a row that holds the headings she named is no data."""
    wanted = {fold(heading): key for heading, key in headings.items()}
    named = [
        (number, index, wanted[fold(cell)])
        for number, row in enumerate(sheet.rows[:SEARCHED_ROWS])
        for index, cell in enumerate(row)
        if fold(cell) in wanted
    ]
    match = registers.match_headers(sheet.rows, columns or {index: key for _, index, key in named} or None)
    if named and match.header_row is None:
        return replace(match, header_row=named[0][0], first_data_row=named[-1][0] + 1)
    return match


def _unkept(match: HeaderMatch) -> list[str]:
    """What is read and has no place in a school's card."""
    names = [registers.COLUMN_BY_KEY[key].header for key in match.columns.values() if key in registers.UNKEPT]
    return [f"Столбец «{name}» не храним: в карточке школы такого поля нет" for name in names]


def _records(reading: Reading) -> list[Record]:
    """A record of every row that holds something; totals and signatures under the list are passed over and said."""
    sheet, match = reading.sheet, reading.match
    letters = {key: column_letter(sheet.first_column + index) for index, key in match.columns.items()}
    records: list[Record] = []
    footers: list[int] = []
    for number, cells in enumerate(sheet.rows[match.first_data_row :], start=sheet.first_row + match.first_data_row):
        texts = {key: cells[index] for index, key in match.columns.items() if index < len(cells)}
        if not any(texts.values()) or match.repeats_header(cells):
            continue
        if _is_footer(cells, texts):
            footers.append(number)
            continue
        values, problems = registers.clean_record(texts)
        values["given"] = frozenset(key for key, text in texts.items() if text)
        record = Record(number, values, [], letters)
        record.problems += [(record.address(key), problem) for key, problem in problems]
        records.append(record)
    reading.said.extend(said_of(footers, "школа", "школы"))
    return records


_CODES = ("inn", "kpp", "ogrn", "code")


def _is_footer(cells: Sequence[str], texts: Mapping[str, str]) -> bool:
    """No school is called a total or a signature, and a footer carries no code of one."""
    lead = texts.get("full_name") or texts.get("short_name") or first_filled(cells)
    return is_footer(texts, _CODES, signed=lead, summed=lead)


def refuse_other_regions(records: list[Record], code: str) -> list[str]:
    """Let the rows of other regions wait, each with its problem; return the sentence that counts them."""
    foreign = 0
    for record in records:
        for key in ("region", "region_code"):
            theirs = record.values.get(key)
            if theirs and theirs != code:
                message = f"Школа другого региона — {NAME_BY_CODE[theirs]}: не берём. Загрузите её в её регион"
                record.wrong(key, "other_region", message)
                foreign += 1
                break
    if not foreign:
        return []
    return [f"{counted(foreign, 'строка', 'строки', 'строк')} других регионов: их не берём, берём только свой регион"]
