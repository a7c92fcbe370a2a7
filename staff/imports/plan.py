"""Records + roster → plan: who is new, what changes field by field, what waits, who would leave (pure)."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from staff.columns import COLUMN_BY_KEY
from staff.imports.records import NAME_KEYS, Mistake, Reading, Record
from staff.imports.roster import FIELDS, Found, Person, Roster, differs, plain, short_key
from staff.names import name_issue

NEW, CHANGE, SAME, WAIT = "new", "change", "same", "wait"
HOLD_SHARE, HOLD_SHARE_IN_SEPTEMBER, HOLD_FROM = 0.3, 0.6, 3  # of the list leaving at once; fewer people are never held

_ALWAYS = ("last_name", "first_name", "patronymic", "no_patronymic")
_KNOWN = frozenset(FIELDS)
_TYPED = frozenset({"born_on", "hired_on", "left_on", "rate"})
MOST_NAMESAKES = 100  # rows of one name compared with each other: more is no staff list
FIELD_TITLES = {key: COLUMN_BY_KEY[key].header for key in FIELDS if key in COLUMN_BY_KEY} | {
    "no_patronymic": "Отчества нет по документам"
}


@dataclass(slots=True)
class PlannedRow:
    """What would happen to one row.

    `values` are those of a new person, or the cells as they stand of a row that waits; `changes` of a known person are
    field → [old, new].
    """

    row: int
    action: str
    title: str
    staff_id: int | None = None
    values: dict[str, Any] = field(default_factory=dict)
    changes: dict[str, list[Any]] = field(default_factory=dict)
    mistakes: list[Mistake] = field(default_factory=list)


@dataclass(slots=True)
class Plan:
    """All that an upload would do; its counts are those of the commit."""

    rows: list[PlannedRow]
    leaving: list[tuple[int, str]]  # (staff id, title): named nowhere in a full list
    stamp: str
    working: int
    said: list[str] = field(default_factory=list)

    def count(self, action: str) -> int:
        """Rows with an action."""
        return sum(row.action == action for row in self.rows)

    def is_held(self, today: datetime.date) -> bool:
        """Whether so many would leave that a coordinator has to agree; September, when lists turn over, is looser."""
        limit = HOLD_SHARE_IN_SEPTEMBER if today.month == 9 else HOLD_SHARE
        return len(self.leaving) >= HOLD_FROM and len(self.leaving) > limit * self.working

    def summary(self, today: datetime.date) -> dict[str, Any]:
        """The counts a page, REST and the command show."""
        mistakes = [mistake for row in self.rows for mistake in row.mistakes]
        return {
            "rows": len(self.rows),
            "new": self.count(NEW),
            "changed": self.count(CHANGE),
            "same": self.count(SAME),
            "waiting": self.count(WAIT),
            "leaving": len(self.leaving),
            "working": self.working,
            "fields": sum(len(row.changes) for row in self.rows if row.action == CHANGE),
            "mistakes": sum(mistake.severity == "mistake" for mistake in mistakes),
            "warnings": sum(mistake.severity == "warning" for mistake in mistakes),
            "suggestions": sum(
                mistake.severity == "mistake" and mistake.suggestion is not None for mistake in mistakes
            ),
            "held": self.is_held(today),
            "said": self.said,
        }


def make_plan(reading: Reading, roster: Roster, *, full: bool = False) -> Plan:
    """Return what an upload would do to a roster; with `full` those the file does not name are proposed as left."""
    planner = _Planner(roster)
    rows = [planner.row(record) for record in reading.records]
    leaving: list[tuple[int, str]] = []
    working = [person for person in roster.people if person.works]
    if full:
        leaving = [(one.id, one.title) for one in working if one.id not in planner.named and not planner.resembles(one)]
    return Plan(rows=rows, leaving=leaving, stamp=roster.stamp, working=len(working), said=list(reading.said))


class _Namesakes:
    """Rows of new people with one surname and name; those with a СНИЛС apart, for two of them are surely two people."""

    def __init__(self) -> None:
        self.with_snils: list[tuple[int, dict[str, Any]]] = []
        self.without: list[tuple[int, dict[str, Any]]] = []

    def add(self, record: Record) -> None:
        """Remember a row."""
        rows = self.with_snils if record.values.get("snils") else self.without
        rows.append((record.row, record.values))

    def candidates(self, values: Mapping[str, Any]) -> list[tuple[int, dict[str, Any]]]:
        """Rows that may be the same person; equal СНИЛС are found elsewhere."""
        rows = self.without if values.get("snils") else self.without + self.with_snils
        return rows[-MOST_NAMESAKES:]


class _Planner:
    """Takes records one by one and remembers whom they named, so that no person is named twice."""

    def __init__(self, roster: Roster) -> None:
        self.roster = roster
        self.named: dict[int, int] = {}  # staff id → row
        self.fresh: dict[str, _Namesakes] = {}  # short name → rows of new people
        self.numbers: dict[tuple[str, str], int] = {}  # (field, value) → row
        self.waiting: set[str] = set()  # short names of rows that wait: they are in the file all the same

    def resembles(self, person: Person) -> bool:
        """Whether a row that waits may be this person: then nobody proposes them as left."""
        return short_key(person.values["last_name"], person.values["first_name"]) in self.waiting

    def row(self, record: Record) -> PlannedRow:
        """Plan one record."""
        planned = PlannedRow(row=record.row, action=WAIT, title=record.title, mistakes=record.mistakes)
        short = short_key(record.values["last_name"], record.values["first_name"])
        found = self.roster.find(record.values, short)
        person = found.person
        trouble = self._trouble(record, short, found)
        if trouble:
            planned.mistakes.append(trouble)
        if person is not None:
            planned.staff_id = person.id
            self.named.setdefault(person.id, record.row)
        if trouble or record.waits:
            self.waiting.add(short)
            planned.values = dict(record.texts)
            return planned
        self._remember(record, short, person)
        if person is None:
            planned.action, planned.values = NEW, new_values(record)
            return planned
        planned.changes = changes_of(person.values, record.values)
        planned.title = person.title if "last_name" not in planned.changes else record.title
        planned.action = CHANGE if planned.changes else SAME
        return planned

    def _trouble(self, record: Record, short: str, found: Found) -> Mistake | None:
        person, code = found
        if code == "foreign_key":
            return _of_row(
                record, "foreign_key", "Код строки не из списка вашей школы. Сотрите его, чтобы внести как нового"
            )
        if code == "namesakes":
            message = "В школе несколько человек с таким именем. Укажите СНИЛС, дату рождения или табельный номер"
            return _of_row(record, "namesakes", message)
        earlier = self.named.get(person.id) if person else self._twin(record, short)
        if earlier is not None and earlier != record.row:
            return _of_row(record, "twice", f"Тот же человек уже есть в строке {earlier}. Оставьте одну из двух")
        return None

    def _twin(self, record: Record, short: str) -> int | None:
        """The earlier row of the file that gives the same new person."""
        values = record.values
        for key in ("snils", "personnel_number"):
            row = self.numbers.get((key, values.get(key) or ""))
            if row is not None and values.get(key):
                return row
        group = self.fresh.get(short)
        if group is None:
            return None
        for row, other in group.candidates(values):
            same = not (values["patronymic"] and other["patronymic"]) or values["patronymic"] == other["patronymic"]
            if same and not differs(other, values):
                return row
        return None

    def _remember(self, record: Record, short: str, person: Person | None) -> None:
        values = record.values
        for key in ("snils", "personnel_number"):
            if values.get(key):
                self.numbers.setdefault((key, values[key]), record.row)
        if person is None:
            self.fresh.setdefault(short, _Namesakes()).add(record)


def _of_row(record: Record, code: str, message: str) -> Mistake:
    return Mistake(record.row, "A", "", "mistake", code, record.title, message)


def new_values(record: Record) -> dict[str, Any]:
    """The fields of a new person that the file gives, JSON-plain, and what is wrong with the name if anything is."""
    given = {key: value for key, value in record.values.items() if value and key in _KNOWN}
    for key in _TYPED & given.keys():
        given[key] = plain(given[key])
    if any(mistake.key in NAME_KEYS or mistake.key == "full_name" for mistake in record.mistakes):
        values = record.values
        given["name_issue"] = name_issue(*(values[key] for key in _ALWAYS))
    return given


def changes_of(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Field → [old, new] for what the file says otherwise; an empty cell says nothing, so it erases nothing.

    Naming somebody who has left, without a date of leaving, brings them back.
    """
    changes: dict[str, list[Any]] = {}
    for key in FIELDS:
        value = new.get(key)
        if value is None or value == "" or (key == "no_patronymic" and not value):
            continue
        if value != old[key] and not _equal(value, old[key]):
            changes[key] = [plain(old[key]), plain(value)]
    if new.get("patronymic") and old["no_patronymic"]:
        changes["no_patronymic"] = [True, False]
    if new.get("no_patronymic") and old["patronymic"]:
        changes["patronymic"] = [old["patronymic"], ""]
    if old["left_on"] is not None and not new.get("left_on"):
        changes["left_on"] = [plain(old["left_on"]), None]
    return changes


def _equal(one: Any, other: Any) -> bool:
    return isinstance(one, Decimal) and isinstance(other, Decimal) and one == other
