"""What a read spreadsheet is: limits, sheets of text, and the one error a reader raises."""

from dataclasses import dataclass

MEGABYTE = 1024 * 1024

UNCOMPUTED = "#ПЕРЕСЧЁТ!"  # a formula saved without its value; no text of a formula is ever imported
ERROR_TEXTS = frozenset(
    {
        "#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A", "#GETTING_DATA", "#SPILL!", "#CALC!",
        "#ПУСТО!", "#ДЕЛ/0!", "#ЗНАЧ!", "#ССЫЛКА!", "#ИМЯ?", "#ЧИСЛО!", "#Н/Д", UNCOMPUTED,
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one file may ask for. Sizes are bytes, times are seconds, rows and columns are per sheet."""

    max_bytes: int = 20 * MEGABYTE
    max_members: int = 300
    max_unpacked: int = 60 * MEGABYTE
    max_ratio: int = 200  # unpacked to packed, for members above a megabyte
    max_rows: int = 20_000
    max_columns: int = 64
    max_cells: int = 600_000  # in the whole file, after blank edges are cut
    max_cell_tags: int = 2_000_000  # in the whole file, with the empty ones that only carry formatting
    max_cell_text: int = 32_767  # what Excel itself allows
    max_text: int = 60_000_000  # characters in the whole file: one long shared string may be used in many cells
    max_sheets: int = 100
    cpu_seconds: int = 20
    wall_seconds: int = 25
    memory_bytes: int = 768 * MEGABYTE


LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: `rows[i][j]` is the text in Excel's row `first_row + i` and column `first_column + j` (0 = A).

    All rows are equally long, blank rows inside are kept, '' is an empty cell. Text is one clean line: NFC, trimmed,
    without invisible characters, line breaks as spaces; whole numbers as plain digits, other numbers with a point,
    dates as ДД.ММ.ГГГГ, booleans as «да» and «нет», errors of formulas as «#REF!» (see `is_error_text`).
    """

    name: str
    hidden: bool
    first_row: int
    first_column: int
    rows: list[list[str]]


@dataclass(frozen=True, slots=True)
class Workbook:
    """A read file: `kind` is xlsx, xls, xlsb, ods or csv; `notes` are Russian sentences; only csv has an `encoding`."""

    kind: str
    sheets: list[Sheet]
    notes: list[str]
    encoding: str | None


class SheetError(Exception):
    """A file that is not taken: `code` is stable, `message` says in Russian what happened and what to do."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(code, message)
        self.code = code
        self.message = message

    def __str__(self) -> str:
        return self.message


def column_letters(column: int) -> str:
    """0 → A, 25 → Z, 26 → AA."""
    letters = ""
    number = column + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def cell_address(row: int, column: int) -> str:
    """The address Excel shows for its row (1-based) and a column (0 = A): (14, 2) → 'C14'."""
    return f"{column_letters(column)}{row}"


def is_error_text(text: str) -> bool:
    """Whether a cell holds an error of a formula («#REF!», «#Н/Д») in place of a value."""
    return text in ERROR_TEXTS
