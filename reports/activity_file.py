"""The operator's weekly file: CSV text → activity rows, every mistake with the row Excel shows."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from reports.activity import ActivityRow, RowMistake
from schools.codes import fold
from schools.sheets.delimited import decode, split_rows
from schools.values import clean_count

MAX_ROWS = 2_000_000
_LOOK_FOR_HEADER = 20  # rows
_HEADERS = {
    "school": ("школа", "код школы", "код оо", "школа код", "school", "school_code"),
    "staff": ("сотрудник", "снилс", "снилс сотрудника", "табельный номер", "табельный", "педагог", "staff", "snils"),
    "staff_id": ("номер сотрудника", "id сотрудника", "id", "staff_id"),
    "messages": ("сообщений", "сообщения", "количество сообщений", "кол-во сообщений", "messages"),
    "calls": ("звонков", "звонки", "количество звонков", "кол-во звонков", "calls"),
    "logins": ("входов", "входы", "количество входов", "кол-во входов", "авторизаций", "logins"),
}
_KEY_OF = {fold(name): key for key, names in _HEADERS.items() for name in names}
_COUNTS = ("messages", "calls", "logins")


@dataclass(frozen=True, slots=True)
class ActivityFile:
    """What a file says: its rows, and what could not be read."""

    rows: tuple[ActivityRow, ...]
    mistakes: tuple[RowMistake, ...]


def read_activity(data: bytes) -> ActivityFile:
    """Read a CSV (`;`, `,` or tab; UTF-8 or cp1251) with columns школа, сотрудник, сообщений, звонков, входов.

    Raises schools.sheets.texts.Refusal (a sentence) if it is not a table.
    """
    text, _, _ = decode(data)
    table = split_rows(text, max_rows=MAX_ROWS, max_columns=64, max_cell_text=1000)
    header, columns = _header(table)
    missing = _missing(columns)
    if missing:
        return ActivityFile((), (RowMistake(header + 1, missing),))
    rows: list[ActivityRow] = []
    mistakes: list[RowMistake] = []
    for number, cells in _data(table, header):
        found = _row(number, cells, columns)
        (rows if isinstance(found, ActivityRow) else mistakes).append(found)  # type: ignore[arg-type]
    return ActivityFile(tuple(rows), tuple(mistakes))


def _header(table: Sequence[Sequence[str]]) -> tuple[int, dict[str, int]]:
    """Return the index of the row with most known headings, and the column of each key."""
    best: tuple[int, dict[str, int]] = (0, {})
    for index, row in enumerate(table[:_LOOK_FOR_HEADER]):
        columns = {_KEY_OF[name]: at for at, name in reversed(list(enumerate(map(fold, row)))) if name in _KEY_OF}
        if len(columns) > len(best[1]):
            best = (index, columns)
    return best


def _missing(columns: dict[str, int]) -> str:
    if "school" not in columns:
        return "Не найден столбец «школа» (код школы). Добавьте его в заголовок."
    if "staff" not in columns and "staff_id" not in columns:
        return "Не найден столбец «сотрудник» (СНИЛС или табельный номер). Добавьте его в заголовок."
    if not any(key in columns for key in _COUNTS):
        return "Не найдено ни одного столбца с числами: «сообщений», «звонков» или «входов»."
    return ""


def _data(table: Sequence[list[str]], header: int) -> Iterator[tuple[int, list[str]]]:
    for number, cells in enumerate(table[header + 1 :], start=header + 2):
        if any(cell.strip() for cell in cells):
            yield number, cells


def _row(number: int, cells: Sequence[str], columns: dict[str, int]) -> ActivityRow | RowMistake:
    values = {key: cells[at].strip() if at < len(cells) else "" for key, at in columns.items()}
    staff = _staff(values)
    if not values["school"] or staff is None:
        return RowMistake(number, "Заполните школу и сотрудника: без них непонятно, чья это строка.")
    counts: dict[str, int] = {}
    for key in _COUNTS:
        cleaned = clean_count(values.get(key, ""))
        if cleaned.is_mistaken:
            return RowMistake(number, f"Столбец «{_HEADERS[key][0]}»: впишите целое число от нуля.")
        counts[key] = cleaned.value or 0
    return ActivityRow(number, values["school"], staff, **counts)


def _staff(values: dict[str, str]) -> int | str | None:
    if values.get("staff"):
        return values["staff"]
    own = values.get("staff_id", "")
    return int(own) if own.isascii() and own.isdecimal() and len(own) < 19 else None
