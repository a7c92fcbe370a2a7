"""An operator's file → a table of text, and its rows: totals and empty lines passed over (pure but for the child)."""

import re
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import orjson

from reports.operator_tables.columns import Headed, read_headings
from schools.codes import fold
from schools.platforms import Platform
from schools.sheets import Limits, Sheet, read_workbook

FILE_LIMITS = Limits(max_bytes=5 * 1024 * 1024, cpu_seconds=10, wall_seconds=12)  # a table of sums; one waits for it
_TOTAL = re.compile(r"(итого|всего|итог|в среднем|среднее|сумма)\b")
LONGEST_CELL = 300


@dataclass(frozen=True, slots=True)
class Table:
    """One sheet as text: `rows[i]` is Excel's row `first_row + i`, its cells begin at column `first_column`."""

    name: str
    first_row: int
    first_column: int
    rows: list[list[str]]

    def packed(self) -> bytes:
        """What is kept while the plan waits."""
        return zlib.compress(orjson.dumps([self.name, self.first_row, self.first_column, self.rows]), 1)

    @classmethod
    def unpacked(cls, data: bytes) -> "Table":
        """The table behind `packed` bytes."""
        return cls(*orjson.loads(zlib.decompress(data)))


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a table: its number as Excel shows it and its texts by key."""

    number: int
    texts: dict[str, str]


@dataclass(frozen=True, slots=True)
class Lines:
    """The rows of a table that speak of schools, and the numbers of those passed over as totals."""

    rows: tuple[Line, ...]
    totals: tuple[int, ...]


def read_file(data: bytes, platform: Platform) -> Table:
    """Read a file and choose the sheet that looks most like a table of figures. Raises schools.sheets.SheetError."""
    sheets = read_workbook(data, limits=FILE_LIMITS).sheets
    sheet = max(sheets, key=lambda each: _likeness(each, platform))
    rows = [[cell[:LONGEST_CELL] for cell in row] for row in sheet.rows]
    return Table(sheet.name, sheet.first_row, sheet.first_column, rows)


def _likeness(sheet: Sheet, platform: Platform) -> tuple[bool, bool, int, int]:
    match = read_headings(sheet.rows, platform, {}).match
    return match.is_usable, not sheet.hidden, len(match.columns), len(sheet.rows)


def lines_of(table: Table, headed: Headed) -> Lines:
    """The rows under the headings."""
    found, totals = [], []
    for number, cells in _data(table, headed):
        texts = {key: cells[index] for index, key in headed.columns.items() if index < len(cells) and cells[index]}
        if any(_TOTAL.match(fold(cell)) for cell in cells[:6]):
            totals.append(number)
        elif texts:
            found.append(Line(number, texts))
    return Lines(tuple(found), tuple(totals))


def _data(table: Table, headed: Headed) -> Iterator[tuple[int, Sequence[str]]]:
    first = headed.match.first_data_row
    for number, cells in enumerate(table.rows[first:], start=table.first_row + first):
        if any(cells) and not headed.match.repeats_header(cells):
            yield number, cells
