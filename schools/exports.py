"""Tables → CSV and xlsx that no spreadsheet takes for a formula; every exporter writes through here (pure)."""

import csv
import datetime as dt
import math
import re
import tempfile
import textwrap
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
A4 = 9  # Excel's number of the paper
READABLE = 220  # characters across A4 on its side in seven-point letters
NARROWEST, WIDEST = 8, 42  # characters of a column
LINE = 15  # points of a line of text
MOST_ROWS = 1_048_575  # rows of an Excel sheet without its header
SKIPPED = (
    "".join(filter(str.isspace, map(chr, range(0x3001)))) + "\"'«»“”„‘’`\u200b\ufeff"
)  # before a formula's first sign
SIGNS = "=+-@＝＋－＠\t\r"  # what spreadsheets begin a formula with
_FORMULA = re.compile(f"[{re.escape(SKIPPED)}]*[{re.escape(SIGNS)}\0]")
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
        return _digits(cell).replace(".", dialect.decimal)
    if isinstance(cell, dt.datetime):
        return _local(cell).isoformat(sep=" ", timespec="seconds")
    return str(cell)


def _digits(cell: float | Decimal) -> str:
    """All digits, without an exponent: «0.000012»."""
    text = f"{cell}"
    return f"{Decimal(text):f}" if "e" in text.lower() else text


def _flag(value: bool) -> str:
    return "да" if value else "нет"


def _local(moment: dt.datetime) -> dt.datetime:
    """The moment by Moscow's clock, without a zone, as spreadsheets keep it."""
    return moment.astimezone(MOSCOW).replace(tzinfo=None) if moment.tzinfo else moment


def xlsx_file(sheets: Sequence[Sheet]) -> IO[bytes]:
    """Write a workbook to an unnamed temporary file and return it, rewound."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 — handed to the response, which closes it
    write_xlsx(file, sheets)
    file.seek(0)
    return file


def write_xlsx(file: IO[bytes], sheets: Sequence[Sheet], created: dt.datetime | None = None) -> None:
    """Write a workbook in constant memory; texts are texts whatever they begin with; numbers, dates, shares are typed.

    The same sheets `created` at the same moment make the same bytes.
    """
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(file, options) as book:
        if created is not None:
            book.set_properties({"created": created.astimezone(dt.UTC).replace(tzinfo=None)})
        for sheet in sheets:
            _SheetWriter(book, sheet).write()


class _SheetWriter:
    """Writes one sheet row by row."""

    def __init__(self, book: Any, sheet: Sheet) -> None:
        self.sheet = sheet
        self.longest = [0] * len(sheet.header)  # characters of the longest cell of each column
        self.least, self.greatest = [0] * len(sheet.header), [0] * len(sheet.header)  # whole numbers of each column
        self.names: int | None = None  # the first column of longer texts: it says whose row it is
        self.page = book.add_worksheet(sheet.title[:31])
        self.bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        self.formats = {
            "share": book.add_format({"num_format": "0.0%"}),
            "date": book.add_format({"num_format": "dd.mm.yyyy"}),
            "moment": book.add_format({"num_format": "dd.mm.yyyy hh:mm"}),
        }
        kinds = [*sheet.kinds, *["text"] * (len(sheet.header) - len(sheet.kinds))]
        self.styles = [self.formats.get(kind) for kind in kinds]

    def write(self) -> None:
        """Write the header, which stays in sight, and the rows; columns are as wide as what they turn out to hold."""
        lines = [len(textwrap.wrap(title, self._width(column) - 1)) for column, title in enumerate(self.sheet.header)]
        self.page.set_row(0, LINE * max(lines, default=1))
        for column, title in enumerate(self.sheet.header):
            self.page.write_string(0, column, printable(title), self.bold)
        self.page.freeze_panes(1, 0)
        self._rows()
        widths = [self._width(column) for column in range(len(self.sheet.header))]
        for column, width in enumerate(widths):
            self.page.set_column(column, column, width)
        self._for_print(widths)

    def _rows(self) -> None:
        """Write the cells; a million of them may pass here, so of the usual kinds no question is asked twice."""
        usual = {str: self._text, int: self._whole, float: self._number}
        for line, row in enumerate(self.sheet.rows, start=1):
            for column, cell in enumerate(row):
                if cell is not None:
                    usual.get(type(cell), self._rare)(line, column, cell)

    def _text(self, line: int, column: int, cell: Any) -> None:
        if len(cell) > self.longest[column]:
            self._longer(column, len(cell))
        self.page.write_string(line, column, cell if cell.isprintable() else printable(cell))

    def _whole(self, line: int, column: int, cell: Any) -> None:
        if cell > self.greatest[column]:
            self.greatest[column] = cell
        elif cell < self.least[column]:
            self.least[column] = cell
        self.page.write_number(line, column, cell, self.styles[column])

    def _number(self, line: int, column: int, cell: Any) -> None:
        self.page.write_number(line, column, cell, self.styles[column])

    def _rare(self, line: int, column: int, cell: Cell) -> None:
        """Write what is neither a plain text nor a plain number: a flag, a Decimal, a date, a moment, a choice."""
        if isinstance(cell, bool):
            self.page.write_string(line, column, _flag(cell))
        elif isinstance(cell, int):
            self._whole(line, column, cell)
        elif isinstance(cell, float | Decimal):
            self._number(line, column, cell)
        elif isinstance(cell, dt.datetime):
            self.longest[column] = max(len("ДД.ММ.ГГГГ ЧЧ:ММ"), self.longest[column])
            self.page.write_datetime(line, column, _local(cell), self.styles[column] or self.formats["moment"])
        elif isinstance(cell, dt.date):
            self.longest[column] = max(len("ДД.ММ.ГГГГ"), self.longest[column])
            self.page.write_datetime(line, column, cell, self.styles[column] or self.formats["date"])
        else:
            self._text(line, column, str(cell))

    def _longer(self, column: int, length: int) -> None:
        """Remember the length of a text, and the first column with more than a few letters."""
        self.longest[column] = max(length, self.longest[column])
        if self.names is None and length > NARROWEST:
            self.names = column

    def _width(self, column: int) -> int:
        """Characters: what was said, or the longest cell, or the longest word of a heading, which wraps."""
        if column < len(self.sheet.widths):
            return self.sheet.widths[column]
        words = [len(word) for word in self.sheet.header[column].split()]
        numbers = [len(str(number)) for number in (self.least[column], self.greatest[column])]
        return max(NARROWEST, min(max(*words, *numbers, self.longest[column], 0) + 2, WIDEST))

    def _for_print(self, widths: Sequence[int]) -> None:
        """A4 on its side, as few pages across as can be read, header and names again on each, pages numbered."""
        self.page.set_landscape()
        self.page.set_paper(A4)
        self.page.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)  # inches
        self.page.set_footer("&L&A&R&P из &N")
        self.page.repeat_rows(0)
        across = 1
        if sum(widths) > READABLE:
            self.page.repeat_columns(0, self.names or 0)
            again = sum(widths[: (self.names or 0) + 1])
            across = math.ceil((sum(widths) - again) / max(READABLE - again, READABLE // 2))
        self.page.fit_to_pages(across, 0)


def printable(text: str) -> str:
    """The text as an xlsx cell can hold it: no control characters, no half signs, cut to Excel's limit."""
    if text.isprintable():  # as nearly all are, and asking is quicker
        return text[:LONGEST_CELL]
    return _LONE_SURROGATE.sub("�", _CONTROL.sub("", text))[:LONGEST_CELL]
