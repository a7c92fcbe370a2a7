"""The operator's weekly file: tables of text → rows of staff and of chats, every mistake with the row Excel shows."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from reports.activity import ActivityRow, ChatRow, RowMistake
from schools.codes import fold
from schools.sheets.delimited import decode, split_rows
from schools.values import clean_count

MAX_ROWS = 2_000_000
_LOOK_FOR_HEADER = 20  # rows
_HEADERS = {
    "school": ("школа", "код школы", "код оо", "школа код", "school", "school_code"),
    "staff": ("сотрудник", "снилс", "снилс сотрудника", "табельный номер", "табельный", "педагог", "staff", "snils"),
    "staff_id": ("номер сотрудника", "id сотрудника", "id", "staff_id"),
    "chat": ("чат", "номер чата на площадке", "идентификатор чата", "chat", "chat_external_id"),
    "chat_id": ("номер чата", "id чата", "chat_id"),
    "messages": ("сообщений", "сообщения", "количество сообщений", "кол-во сообщений", "messages"),
    "calls": ("звонков", "звонки", "количество звонков", "кол-во звонков", "calls"),
    "logins": ("входов", "входы", "количество входов", "кол-во входов", "авторизаций", "logins"),
}
_KEY_OF = {fold(name): key for key, names in _HEADERS.items() for name in names}
_COUNTS = ("messages", "calls", "logins")


@dataclass(frozen=True, slots=True)
class SheetRows:
    """Rows of text, the first of them in Excel's row `first_row`."""

    rows: Sequence[Sequence[str]]
    first_row: int = 1


@dataclass(frozen=True, slots=True)
class ActivityFile:
    """What a file says: its rows, and what could not be read; `chats` is None where it says nothing of chats."""

    rows: tuple[ActivityRow, ...] = ()
    mistakes: tuple[RowMistake, ...] = ()
    chats: tuple[ChatRow, ...] | None = None

    @property
    def school_codes(self) -> set[str]:
        """Codes of the schools named."""
        return {row.school for row in self.rows} | {chat.school for chat in self.chats or ()}


@dataclass(slots=True)
class _Found:
    rows: list[ActivityRow] = field(default_factory=list)
    chats: list[ChatRow] = field(default_factory=list)
    mistakes: list[RowMistake] = field(default_factory=list)


def read_activity(data: bytes) -> ActivityFile:
    """Read a CSV (`;`, `,` or tab; UTF-8 or cp1251) with columns школа, сотрудник or чат, сообщений, звонков, входов.

    Raises schools.sheets.texts.Refusal (a sentence) if it is not a table.
    """
    text, _, _ = decode(data)
    return read_tables([SheetRows(split_rows(text, max_rows=MAX_ROWS, max_columns=64, max_cell_text=1000))])


def read_tables(tables: Iterable[SheetRows]) -> ActivityFile:
    """Read the tables of a file: one with the staff, and in it or in another one the chats; others are passed by."""
    headed = [_Headed(table, *_header(table)) for table in tables]
    staff = [one for one in headed if one.has_staff]
    chats = [one for one in headed if one.has_chats]
    if not staff:
        lacking = next((one for one in headed if not one.has_chats), headed[0])
        return ActivityFile(mistakes=(RowMistake(lacking.row, _missing(lacking.columns)),))
    wrong = [RowMistake(one.row, _missing(one.columns)) for one in staff] + [
        RowMistake(one.row, _missing(one.columns), of_chats=True) for one in chats if not one.has_staff
    ]
    wrong += [RowMistake(one.row, _TWO_TABLES) for one in staff[1:]]
    wrong += [RowMistake(one.row, _TWO_TABLES, of_chats=True) for one in chats[1:]]
    if mistakes := tuple(mistake for mistake in wrong if mistake.message):
        return ActivityFile(mistakes=mistakes)
    found = _Found()
    for one in {id(each): each for each in (*staff, *chats)}.values():
        one.read_into(found)
    return ActivityFile(tuple(found.rows), tuple(found.mistakes), tuple(found.chats) if chats else None)


_TWO_TABLES = "Такая таблица в файле уже есть на другом листе. Оставьте один лист с сотрудниками и один с чатами."


@dataclass(frozen=True, slots=True)
class _Headed:
    """A table with its row of headings (an index) and the column of each key."""

    table: SheetRows
    header: int
    columns: dict[str, int]

    @property
    def row(self) -> int:
        """Excel's row of the headings."""
        return self.table.first_row + self.header

    @property
    def has_staff(self) -> bool:
        return not self.columns.keys().isdisjoint({"staff", "staff_id"})

    @property
    def has_chats(self) -> bool:
        return not self.columns.keys().isdisjoint({"chat", "chat_id"})

    def read_into(self, found: _Found) -> None:
        """Sort the rows into those of staff, those of chats and mistakes."""
        for number, cells in self._data():
            row = _row(number, cells, self.columns)
            if isinstance(row, ActivityRow):
                found.rows.append(row)
            elif isinstance(row, ChatRow):
                found.chats.append(row)
            else:
                found.mistakes.append(RowMistake(number, row, of_chats=not self.has_staff))

    def _data(self) -> Iterator[tuple[int, Sequence[str]]]:
        for number, cells in enumerate(self.table.rows[self.header + 1 :], start=self.row + 1):
            if any(cell.strip() for cell in cells):
                yield number, cells


def _header(table: SheetRows) -> tuple[int, dict[str, int]]:
    """Return the index of the row with most known headings, and the column of each key."""
    best: tuple[int, dict[str, int]] = (0, {})
    for index, row in enumerate(table.rows[:_LOOK_FOR_HEADER]):
        columns = {_KEY_OF[name]: at for at, name in reversed(list(enumerate(map(fold, row)))) if name in _KEY_OF}
        if len(columns) > len(best[1]):
            best = (index, columns)
    return best


def _missing(columns: dict[str, int]) -> str:
    if "school" not in columns:
        return "Не найден столбец «школа» (код школы). Добавьте его в заголовок."
    if columns.keys().isdisjoint({"staff", "staff_id", "chat", "chat_id"}):
        return "Не найден столбец «сотрудник» (СНИЛС или табельный номер). Добавьте его в заголовок."
    if columns.keys().isdisjoint({"chat", "chat_id"}) and columns.keys().isdisjoint(_COUNTS):
        return "Не найдено ни одного столбца с числами: «сообщений», «звонков» или «входов»."
    if not columns.keys().isdisjoint({"chat", "chat_id"}) and "messages" not in columns:
        return "Не найден столбец «сообщений»: для чатов он нужен. Добавьте его в заголовок."
    return ""


def _row(number: int, cells: Sequence[str], columns: dict[str, int]) -> ActivityRow | ChatRow | str:
    """Return the row as a record, or what is wrong with it."""
    values = {key: cells[at].strip() if at < len(cells) else "" for key, at in columns.items()}
    staff, chat = _named(values, "staff"), _named(values, "chat")
    if not values["school"] or (staff is None and chat is None):
        whom = "сотрудника" if "chat" not in columns and "chat_id" not in columns else "сотрудника или чат"
        return f"Заполните школу и {whom}: без них непонятно, чья это строка."
    if staff is not None and chat is not None:
        return "В строке названы и сотрудник, и чат. Оставьте в ней что-то одно."
    counts: dict[str, int] = {}
    for key in _COUNTS:
        cleaned = clean_count(values.get(key, ""))
        if cleaned.is_mistaken:
            return f"Столбец «{_HEADERS[key][0]}»: впишите целое число от нуля."
        counts[key] = cleaned.value or 0
    if chat is not None:
        return ChatRow(number, values["school"], chat, counts["messages"])
    return ActivityRow(number, values["school"], staff or "", **counts)


def _named(values: dict[str, str], key: str) -> int | str | None:
    """Who or which chat a row is about: by a text of theirs, else by our number."""
    if values.get(key):
        return values[key]
    own = values.get(f"{key}_id", "")
    return int(own) if own.isascii() and own.isdecimal() and len(own) < 19 else None
