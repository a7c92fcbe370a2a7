"""What a plan of chats is: rows that are new, changed, as now, unknown, or have mistakes, and their counts (pure)."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from chats.talks.sheet.records import Mistake
from staff.imports.plan import CHANGE, NEW, SAME, WAIT

UNKNOWN, LATER = "unknown", "later"  # nobody knows what it is; there is no chat yet
FIELD_TITLES = {
    "use_case": "кейс", "class_name": "класс", "area": "методическое объединение", "channel": "канал",
    "title": "название", "link": "ссылка", "external_id": "номер на площадке", "owner": "владелец",
    "opened_on": "создан", "ends_on": "нужен до", "closed_on": "закрыт",
}  # fmt: skip


@dataclass(slots=True)
class PlannedRow:
    """A row of the file: what is done with it, to which chat (0: a new one), the facts to write, what they change.

    `changes` are field → [old, new] in words; `about` is what a new chat is about, or what an unknown row says.
    """

    row: int
    action: str
    title: str
    chat_id: int = 0
    version: int = 0
    facts: dict[str, Any] = field(default_factory=dict)
    changes: dict[str, tuple[str, str]] = field(default_factory=dict)
    about: dict[str, str] = field(default_factory=dict)
    mistakes: list[Mistake] = field(default_factory=list)


@dataclass(slots=True)
class Plan:
    """The rows in the order of the file, sentences about it, the stamp of what it was compared with."""

    rows: list[PlannedRow] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    stamp: str = ""
    absent: int = 0

    def of(self, action: str) -> list[PlannedRow]:
        """Rows of one kind."""
        return [row for row in self.rows if row.action == action]

    def counts(self) -> dict[str, int]:
        """How many rows there are of each kind, and how much is wrong with them."""
        kinds = Counter(row.action for row in self.rows)
        wrong = [one for row in self.of(WAIT) for one in row.mistakes if one.severity == "mistake"]
        return {
            "rows": len(self.rows),
            "new": kinds[NEW],
            "changed": kinds[CHANGE],
            "same": kinds[SAME],
            "waiting": kinds[WAIT],
            "unrecognised": kinds[UNKNOWN],
            "later": kinds[LATER],
            "leaving": 0,
            "absent": self.absent,
            "mistakes": len(wrong),
            "suggestions": sum(one.suggestion is not None for one in wrong),
        }
