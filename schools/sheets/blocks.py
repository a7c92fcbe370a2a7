"""The block of texts in a sheet: marks laid over, blank edges cut, limits held (pure; runs in the child process)."""

from typing import Any, NamedTuple

from schools.sheets.texts import Refusal, grouped

Mark = tuple[int, int, str]  # row and column from zero, and the text that stands there


class Block(NamedTuple):
    """Rows of text and where they begin (from zero). Rows may be ragged until `trimmed`."""

    row: int
    column: int
    rows: list[list[str]]


class Budget:
    """What a file may still use: rows and columns of each sheet, cells and characters of all sheets together."""

    def __init__(self, options: dict[str, Any]) -> None:
        self.max_rows: int = options["max_rows"]
        self.max_columns: int = options["max_columns"]
        self.max_cell_text: int = options["max_cell_text"]
        self.max_cells: int = options["max_cells"]
        self.cells: int = options["max_cells"]
        self.text: int = options["max_text"]

    def spend_row(self, row: list[str], number: int) -> None:
        """Take off the text of Excel's row `number`, which is not blank."""
        if number > self.max_rows:
            raise Refusal(
                "too_many_rows",
                f"В листе больше {grouped(self.max_rows)} строк. Разделите файл на части и загрузите их по одной.",
            )
        length = len("".join(row))
        if length > self.max_cell_text and max(map(len, row)) > self.max_cell_text:
            raise Refusal(
                "cell_too_long",
                f"В строке {number} есть ячейка длиннее {grouped(self.max_cell_text)} знаков. Сократите её текст.",
            )
        self.text -= length
        if self.text < 0:
            raise Refusal("bomb", "В файле слишком много текста. Оставьте в нём только таблицу и загрузите снова.")

    def spend_cells(self, block: Block, width: int) -> None:
        """Take off the cells of a finished block; the last column is told as a number, as Excel counts."""
        if block.column + width > self.max_columns:
            raise Refusal(
                "too_many_columns",
                f"В таблице столбцов: {grouped(block.column + width)}, мы читаем до {self.max_columns}. "
                "Удалите лишние столбцы.",
            )
        self.cells -= width * len(block.rows)
        if self.cells < 0:
            raise Refusal(
                "too_many_cells",
                f"В файле больше {grouped(self.max_cells)} ячеек. Разделите его на части и загрузите их по одной.",
            )


def trimmed(block: Block, budget: Budget) -> Block:
    """The block without blank rows and columns around it, every row equally long; rows inside keep their places."""
    filled = [(index, row) for index, row in enumerate(block.rows) if any(row)]
    if not filled:
        return Block(0, 0, [])
    for index, row in filled:
        budget.spend_row(row, block.row + index + 1)
    top, bottom = filled[0][0], filled[-1][0] + 1
    left = min(_first_text(row) for _, row in filled)
    right = max(_last_text(row) for _, row in filled) + 1
    cut = Block(block.row + top, block.column + left, block.rows[top:bottom])
    budget.spend_cells(cut, right - left)
    if left == 0 and all(len(row) == right for row in cut.rows):
        return cut
    return cut._replace(rows=[_fitted(row[left:right], right - left) for row in cut.rows])


def _first_text(row: list[str]) -> int:
    return 0 if row[0] else next(index for index, text in enumerate(row) if text)


def _last_text(row: list[str]) -> int:
    index = len(row) - 1
    while not row[index]:
        index -= 1
    return index


def _fitted(row: list[str], width: int) -> list[str]:
    return row if len(row) == width else row + [""] * (width - len(row))


def marked(block: Block, marks: list[Mark]) -> Block:
    """The block with the marks put in their cells; it grows where a mark stands outside of it."""
    if not marks:
        return block
    if not block.rows:
        block = Block(marks[0][0], marks[0][1], [[""]])
    grown = _grown(block, [mark[0] for mark in marks], [mark[1] for mark in marks])
    for row, column, text in marks:
        grown.rows[row - grown.row][column - grown.column] = text
    return grown


def _grown(block: Block, rows: list[int], columns: list[int]) -> Block:
    top, left = min(block.row, *rows), min(block.column, *columns)
    bottom = max(block.row + len(block.rows), max(rows) + 1)
    right = max(block.column + max(map(len, block.rows)), max(columns) + 1)
    before = [""] * (block.column - left)
    middle = [_fitted(before + row, right - left) for row in block.rows]
    above: list[list[str]] = [[""] * (right - left) for _ in range(block.row - top)]
    below: list[list[str]] = [[""] * (right - left) for _ in range(bottom - block.row - len(block.rows))]
    return Block(top, left, above + middle + below)
