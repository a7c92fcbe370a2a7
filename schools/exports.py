"""Tables → CSV and xlsx that no spreadsheet takes for a formula; every exporter writes through here (pure)."""

import csv
import datetime as dt
import re
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import IO, Any, Literal
from zoneinfo import ZoneInfo

import xlsxwriter

Cell = str | int | float | Decimal | bool | dt.date | dt.datetime | None
Kind = Literal["text", "number", "share", "date", "moment"]

MOSCOW = ZoneInfo("Europe/Moscow")
LONGEST_CELL = 32_767  # characters Excel keeps in a cell
MOST_ROWS = 1_048_575  # rows of an Excel sheet without its header
_FORMULA = re.compile(r"[\s\"'«»“”„‘’`\u200b\ufeff]*[=+\-@＝＋－＠\t\r\0]")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_LONE_SURROGATE = re.compile(r"[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a CSV is written: for a Russian Excel, or plain for programs."""

    delimiter: str
    mark: str  # what the file begins with
    decimal: str
    newline: str = "\r\n"


EXCEL = Dialect(delimiter=";", mark="\ufeff", decimal=",")
COMMA = Dialect(delimiter=",", mark="", decimal=".")
DIALECTS = {"excel": EXCEL, "comma": COMMA}


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet of a workbook: its name, header, kinds of columns (text where not said) and rows."""

    title: str
    header: Sequence[str]
    rows: Iterable[Sequence[Cell]]
    kinds: Sequence[Kind] = ()
    widths: Sequence[int] = field(default=())


def neutralise(text: str) -> str:
    """Put an apostrophe before a text that a spreadsheet would run as a formula (threats.md X01).

    Caught are = + - @ and their full-width twins, also after spaces and quotes, and a leading TAB, CR or NUL.
    """
    return f"'{text}" if _FORMULA.match(text) else text


def csv_stream(header: Sequence[str], rows: Iterable[Sequence[Cell]], dialect: Dialect = EXCEL) -> Iterator[bytes]:
    """Yield a CSV in UTF-8 by pieces of about 500 rows; numbers stay numbers, texts are neutralised."""
    pieces: list[str] = [dialect.mark]
    writer = csv.writer(_Collector(pieces), delimiter=dialect.delimiter, lineterminator=dialect.newline)
    writer.writerow([neutralise(title) for title in header])
    for count, row in enumerate(rows, start=1):
        writer.writerow([_plain(cell, dialect) for cell in row])
        if count % 500 == 0:
            yield _encoded(pieces)
    yield _encoded(pieces)


class _Collector:
    """The file the csv module writes into."""

    def __init__(self, pieces: list[str]) -> None:
        self.write = pieces.append


def _encoded(pieces: list[str]) -> bytes:
    text = "".join(pieces)
    pieces.clear()
    return text.encode("utf-8", errors="replace")


def _plain(cell: Cell, dialect: Dialect) -> str:
    """A cell as CSV text: empty for None, «да» and «нет» in Excel's dialect, ISO dates and moments of Moscow."""
    if isinstance(cell, str):
        return neutralise(cell.replace("\0", ""))
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return _flag(cell) if dialect is EXCEL else str(cell).lower()
    if isinstance(cell, float | Decimal):
        return f"{cell}".replace(".", dialect.decimal)
    if isinstance(cell, dt.datetime):
        return _local(cell).isoformat(sep=" ", timespec="seconds")
    return str(cell)


def _flag(value: bool) -> str:
    return "да" if value else "нет"


def _local(moment: dt.datetime) -> dt.datetime:
    """The moment by Moscow's clock, without a zone, as spreadsheets keep it."""
    return moment.astimezone(MOSCOW).replace(tzinfo=None) if moment.tzinfo else moment


def xlsx_file(sheets: Sequence[Sheet]) -> IO[bytes]:
    """Write a workbook in constant memory to an unnamed temporary file and return it, rewound.

    Texts are written as texts whatever they begin with; numbers, dates and shares are typed.
    """
    file = tempfile.TemporaryFile()  # noqa: SIM115 — handed to the response, which closes it
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(file, options) as book:
        for sheet in sheets:
            _SheetWriter(book, sheet).write()
    file.seek(0)
    return file


class _SheetWriter:
    """Writes one sheet row by row."""

    def __init__(self, book: Any, sheet: Sheet) -> None:
        self.sheet = sheet
        self.page = book.add_worksheet(sheet.title[:31])
        self.bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        self.formats = {
            "share": book.add_format({"num_format": "0.0%"}),
            "date": book.add_format({"num_format": "dd.mm.yyyy"}),
            "moment": book.add_format({"num_format": "dd.mm.yyyy hh:mm"}),
        }

    def write(self) -> None:
        """Write the header, which stays in sight, and the rows."""
        for column, title in enumerate(self.sheet.header):
            width = self.sheet.widths[column] if column < len(self.sheet.widths) else max(10, min(len(title) + 2, 40))
            self.page.set_column(column, column, width)
            self.page.write_string(0, column, printable(title), self.bold)
        self.page.freeze_panes(1, 0)
        for number, row in enumerate(self.sheet.rows, start=1):
            for column, cell in enumerate(row):
                self._cell(number, column, cell)

    def _cell(self, row: int, column: int, cell: Cell) -> None:
        style = self.formats.get(self.sheet.kinds[column]) if column < len(self.sheet.kinds) else None
        if cell is None:
            return
        if isinstance(cell, bool):
            self.page.write_string(row, column, _flag(cell))
        elif isinstance(cell, int | float | Decimal):
            self.page.write_number(row, column, cell, style)
        elif isinstance(cell, dt.datetime):
            self.page.write_datetime(row, column, _local(cell), style or self.formats["moment"])
        elif isinstance(cell, dt.date):
            self.page.write_datetime(row, column, cell, style or self.formats["date"])
        else:
            self.page.write_string(row, column, printable(cell))


def printable(text: str) -> str:
    """The text as an xlsx cell can hold it: no control characters, no half signs, cut to Excel's limit."""
    return _LONE_SURROGATE.sub("�", _CONTROL.sub("", text))[:LONGEST_CELL]
