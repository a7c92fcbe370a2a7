"""Two rows of a file, or a row and a chat of the school, that would be one chat (pure)."""

from typing import Any, NamedTuple

from chats.talks.sheet.plan import FIELD_TITLES, PlannedRow
from chats.talks.sheet.present import KnownChat, Present
from chats.talks.sheet.recognising import link_key
from chats.talks.sheet.records import Mistake
from chats.talks.sheet.titles import title_key
from chats.use_cases import USE_CASE_BY_NUMBER
from chats.use_cases.kinds import Unit
from staff.imports.plan import CHANGE, NEW, WAIT


class Kind(NamedTuple):
    """By what two are one: the column it is told at, the words, the fields that make it."""

    column: str
    message: str
    fields: frozenset[str]


PLACE = Kind(
    "title",
    "Такой чат в этом канале уже есть",
    frozenset({"use_case", "class_name", "area", "channel", "closed_on"}),
)
NUMBER = Kind("external_id", "Чат с этим номером уже есть", frozenset({"external_id", "channel"}))
LINK = Kind("link", "Чат с этой ссылкой уже есть", frozenset({"link"}))
NAME = Kind("title", "Чат с этим названием уже есть", frozenset({"title", "use_case"}))
Mark = tuple[Kind, Any]


class Twins:
    """Keeps rows out that would make a second chat of one class, association, number, link or bare name."""

    def __init__(self, present: Present, letters: dict[str, str]) -> None:
        self.present = present
        self.letters = letters
        self.known = {chat.id: chat for chat in present.chats}
        self.holders: dict[Mark, tuple[int, str]] = {}  # (id of the chat, 0 minus the row of a new one; where it is)

    def refuse(self, rows: list[PlannedRow]) -> None:
        """Make such rows wait; chats are compared as they will be when the file is in."""
        changed = {row.chat_id: row for row in rows if row.action == CHANGE}
        for chat in sorted(self.present.chats, key=lambda one: one.id in changed):  # those that stay come first
            row = changed.get(chat.id)
            where = f"в строке {row.row}" if row else f"в школе: «{chat.title}»"
            for mark in self._marks(row.facts if row else {}, chat):
                self.holders.setdefault(mark, (chat.id, where))
        for row in rows:
            if row.action in (NEW, CHANGE):
                self._check(row)

    def _check(self, row: PlannedRow) -> None:
        own = row.chat_id or -row.row
        for mark in self._marks(row.facts, self.known.get(row.chat_id)):
            holder, where = self.holders.setdefault(mark, (own, f"в строке {row.row}"))
            kind = mark[0]
            if holder != own and kind.fields & set(row.facts):
                letter = self.letters.get(kind.column, "")
                said = Mistake(row.row, letter, kind.column, "mistake", "twice", row.title, f"{kind.message} {where}")
                row.mistakes = [*row.mistakes, said]
                row.action, row.facts, row.changes = WAIT, {}, {}
                return

    def _marks(self, facts: dict[str, Any], chat: KnownChat | None) -> list[Mark]:
        """By what a chat with these facts would be another one."""
        before = {name: getattr(chat, name) for name in FIELD_TITLES} if chat else {}
        whole = before | facts
        found: list[Mark] = []
        of_now = "class_name" in facts or chat is None or chat.class_year in (None, self.present.year)
        if whole.get("closed_on") is None and of_now:
            found += _open_marks(whole)
        if whole.get("external_id"):
            found.append((NUMBER, (whole["channel"], whole["external_id"])))
        if whole.get("link"):
            found.append((LINK, link_key(whole["link"])))
        return found


def _open_marks(whole: dict[str, Any]) -> list[Mark]:
    """A class and an association have one open chat of a case in a channel; others are told apart by their names."""
    if USE_CASE_BY_NUMBER[whole["use_case"]].unit != Unit.SCHOOL:
        return [(PLACE, (whole["use_case"], whole["class_name"], whole["area"], whole["channel"]))]
    if whole.get("external_id") or whole.get("link"):
        return []
    return [(NAME, (whole["use_case"], title_key(whole["title"]), whole["channel"]))]
