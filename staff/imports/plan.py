"""Records + roster → plan: who is new, what changes field by field, what waits, who would leave (pure)."""

import datetime
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from schools.codes import tidy
from schools.exports import neutralise
from staff.columns import COLUMN_BY_KEY
from staff.imports.namesakes import Namesakes, by_name_alone, same_name
from staff.imports.records import NAME_KEYS, Mistake, Reading, Record
from staff.imports.roster import FIELDS, OTHERS, Found, Person, Roster, plain, short_key
from staff.imports.ticks import Tick, ticking, unheard
from staff.imports.waiting import Waiting
from staff.names import name_issue

NEW, CHANGE, SAME, WAIT = "new", "change", "same", "wait"
HOLD_SHARE, HOLD_SHARE_IN_SEPTEMBER, HOLD_FROM = 0.3, 0.6, 3  # of the list leaving at once; fewer people are never held

_ALWAYS = ("last_name", "first_name", "patronymic", "no_patronymic")
_KNOWN = frozenset(FIELDS)
_TYPED = frozenset({"born_on", "hired_on", "left_on", "rate"})
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
    absent: int = 0  # working people whom no row names or may name; in a full list these are the `leaving`

    def count(self, action: str) -> int:
        """Rows with an action."""
        return sum(row.action == action for row in self.rows)

    def ending(self, today: datetime.date) -> int:
        """How many would stop working: those a full list does not name, and those the file gives such a day."""
        return len(self.leaving) + sum(row.action == CHANGE and _ends_work(row.changes, today) for row in self.rows)

    def is_held(self, today: datetime.date) -> bool:
        """Whether so many would leave that a coordinator has to agree; September, when lists turn over, is looser."""
        limit = HOLD_SHARE_IN_SEPTEMBER if today.month == 9 else HOLD_SHARE
        ending = self.ending(today)
        return ending >= HOLD_FROM and ending > limit * self.working

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
            "ending": self.ending(today),
            "absent": self.absent,
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


def _ends_work(changes: Mapping[str, list[Any]], today: datetime.date) -> bool:
    """Whether somebody who works would leave, leave earlier than known, or turn out not to have begun yet."""
    now = today.isoformat()
    stays: list[Any] = [None, None]
    was, leaves = changes.get("left_on", stays)
    if "left_on" in changes and was and was <= now:
        return False  # has left already
    began, begins = changes.get("hired_on", stays)
    put_off = bool(begins) and begins > now and (began is None or began <= now)
    return put_off or (leaves is not None and (was is None or leaves < was))


def make_plan(reading: Reading, roster: Roster, *, full: bool = False, tick: Tick = unheard) -> Plan:
    """Return what an upload would do to a roster; with `full` those the file does not name are proposed as left."""
    planner = _Planner(roster, {key: reading.letter(index) for index, key in reading.match.columns.items()})
    rows = [planner.row(record) for record in ticking(reading.records, tick)]
    planner.refuse_shared_snils(list(zip(rows, reading.records, strict=True)))
    working = [person for person in roster.people if person.values["left_on"] is None]
    absent = [(one.id, one.title) for one in working if one.id not in planner.named and not planner.resembles(one)]
    plan = Plan(rows=rows, leaving=absent if full else [], stamp=roster.stamp, working=len(working))
    plan.said, plan.absent = list(reading.said), len(absent)
    return plan


class _Planner:
    """Takes records one by one and remembers whom they named, so that no person is named twice."""

    def __init__(self, roster: Roster, place: Mapping[str, str]) -> None:
        self.roster = roster
        self.place = place  # key → the column's letter
        self.named: dict[int, int] = {}  # staff id → row
        self.fresh: dict[str, Namesakes] = {}  # short name → rows of new people
        self.by_name: dict[str, Namesakes] = {}  # short name → rows of known people that nothing but the name tells
        self.numbers: dict[tuple[str, str], int] = {}  # (field, value) → row
        self.waiting = Waiting()

    def resembles(self, person: Person) -> bool:
        """Whether a row that waits may be this person: then nobody proposes them as left."""
        return person.id in self.waiting.ids or self.waiting.may_be(person.values)

    def row(self, record: Record) -> PlannedRow:
        """Plan one record."""
        planned = PlannedRow(row=record.row, action=WAIT, title=record.title, mistakes=record.mistakes)
        short = short_key(record.values["last_name"], record.values["first_name"])
        found = self.roster.find(record.values, short)
        person = found.person
        trouble = self._trouble(record, short, found)
        if trouble:
            planned.mistakes.append(trouble)
        if person is not None and found.trouble not in OTHERS:
            planned.staff_id = person.id
            self.named.setdefault(person.id, record.row)
            if person.values["patronymic"] or person.values["no_patronymic"]:  # an empty cell erases nothing
                planned.mistakes = [one for one in planned.mistakes if one.code != "patronymic_missing"]
        if trouble or record.waits:
            self.waiting.add(record, person)
            planned.values = dict(record.texts)
            return planned
        self._remember(record, short, person)
        if person is None:
            planned.action, planned.values = NEW, new_values(record)
            return planned
        self._change(planned, record, person)
        return planned

    def _change(self, planned: PlannedRow, record: Record, person: Person) -> None:
        changes = changes_of(person, record)
        hired, left = (changes.get(key, [None, plain(person.values[key])])[1] for key in ("hired_on", "left_on"))
        if hired and left and left < hired:
            planned.mistakes.append(self._mistake(record, "left_on", "left_before_hired"))
            self.waiting.add(record, person)
            planned.values = dict(record.texts)
            return
        planned.changes = changes
        planned.title = person.title if "last_name" not in changes else record.title
        planned.action = CHANGE if changes else SAME
        if planned.mistakes:
            planned.mistakes = [one for one in planned.mistakes if not _promises_nothing(one, record, changes)]

    def refuse_shared_snils(self, rows: list[tuple[PlannedRow, Record]]) -> None:
        """Let wait the rows that would give a working person the СНИЛС of another one.

        A row that waits keeps its old number, which another row may have counted on: so again until nothing clashes.
        """
        claims = [(row, record) for row, record in rows if row.action == CHANGE and _claims_snils(row)]
        while claims:
            held = Counter(self._snils_after(row for row, _ in rows))
            clashing = [
                (row, record) for row, record in claims if held[self._snils_of(row)] > 1 and self._snils_of(row)
            ]
            if not clashing:
                return
            for row, record in clashing:
                row.action, row.changes, row.values = WAIT, {}, dict(record.texts)
                row.mistakes = [*row.mistakes, self._mistake(record, "snils", "snils_taken")]
            claims = [(row, record) for row, record in claims if row.action == CHANGE]

    def _snils_after(self, rows: Iterable[PlannedRow]) -> Iterable[str]:
        changed: dict[int, PlannedRow] = {}
        for row in rows:
            if row.action == CHANGE and row.staff_id is not None:
                changed[row.staff_id] = row
            elif row.action == NEW and not row.values.get("left_on") and row.values.get("snils"):
                yield row.values["snils"]
        for person in self.roster.people:
            yield self._snils_of(changed[person.id]) if person.id in changed else _working_snils(person.values, {})

    def _snils_of(self, row: PlannedRow) -> str:
        return _working_snils(self.roster.by_id[row.staff_id or 0].values, row.changes)

    def _trouble(self, record: Record, short: str, found: Found) -> Mistake | None:
        person, code = found
        if code == "namesakes":
            message = "В школе несколько человек с таким именем. Укажите СНИЛС, дату рождения или табельный номер"
            return _of_row(record, "namesakes", message)
        if code:
            return self._mistake(record, _CULPRITS[code], code)
        earlier = self.named.get(person.id) if person else self._twin(record, short)
        if earlier is None and person is not None and by_name_alone(record, person):
            earlier = same_name(self.fresh.get(short), record.values)
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
        earlier = same_name(self.fresh.get(short), values)
        return same_name(self.by_name.get(short), values) if earlier is None else earlier

    def _remember(self, record: Record, short: str, person: Person | None) -> None:
        values = record.values
        for key in ("snils", "personnel_number"):
            if values.get(key):
                self.numbers.setdefault((key, values[key]), record.row)
        if person is None:
            self.fresh.setdefault(short, Namesakes()).add(record)
        elif by_name_alone(record, person):
            self.by_name.setdefault(short, Namesakes()).add(record)

    def _mistake(self, record: Record, key: str, code: str) -> Mistake:
        text = record.texts.get(key, "") or plain(record.values.get(key)) or ""
        return Mistake(record.row, self.place.get(key, "A"), key, "mistake", code, text, _MESSAGES[code])


_CULPRITS = {
    "foreign_key": "row_key",
    "other_key": "row_key",
    "other_snils": "snils",
    "other_number": "personnel_number",
}
_MESSAGES = {
    "foreign_key": "Код строки не из списка вашей школы. Сотрите его, чтобы внести как нового",
    "other_key": "По коду строки это другой сотрудник: видно, столбцы сортировали порознь. Сотрите код или верните имя",
    "other_snils": "Этот СНИЛС в списке школы у другого сотрудника: сверьте СНИЛС и ФИО по документам",
    "other_number": "Этот табельный номер в списке школы у другого сотрудника: проверьте номер и ФИО",
    "snils_taken": "Такой СНИЛС уже есть у другого работающего сотрудника школы: сверьте по документам",
    "left_before_hired": "Увольнение раньше приёма: проверьте обе даты",
}


def _of_row(record: Record, code: str, message: str) -> Mistake:
    return Mistake(record.row, "A", "", "mistake", code, record.title, message)


def _claims_snils(row: PlannedRow) -> bool:
    return "snils" in row.changes or ("left_on" in row.changes and row.changes["left_on"][1] is None)


def _working_snils(values: Mapping[str, Any], changes: Mapping[str, list[Any]]) -> str:
    """The СНИЛС a person holds after the changes; '' for those who are to leave, for they hold none."""
    left = changes["left_on"][1] if "left_on" in changes else values["left_on"]
    return "" if left else str(changes["snils"][1] if "snils" in changes else values["snils"])


def _promises_nothing(mistake: Mistake, record: Record, changes: Mapping[str, Any]) -> bool:
    """A warning «запишем …» about a cell that stays as it is in the list."""
    mends = mistake.suggestion is not None and mistake.suggestion == record.values.get(mistake.key)
    return mistake.severity == "warning" and mends and mistake.key not in changes


def new_values(record: Record) -> dict[str, Any]:
    """The fields of a new person that the file gives, JSON-plain, and what is wrong with the name if anything is.

    A confirmed status means a profile; who has already left gets none.
    """
    given = {key: value for key, value in record.values.items() if value and key in _KNOWN}
    if given.get("left_on"):
        given = {key: value for key, value in given.items() if key not in _PROFILE}
    elif given.get("is_confirmed"):
        given["has_profile"] = True
    for key in _TYPED & given.keys():
        given[key] = plain(given[key])
    if any(mistake.key in NAME_KEYS or mistake.key == "full_name" for mistake in record.mistakes):
        values = record.values
        given["name_issue"] = name_issue(*(values[key] for key in _ALWAYS))
    return given


def changes_of(person: Person, record: Record) -> dict[str, list[Any]]:
    """Field → [old, new] for what the file says otherwise; an empty cell says nothing, so it erases nothing.

    A cell that stands as in the list changes nothing either, even where we would write it otherwise today.
    Naming somebody who has left, without a date of leaving, brings them back.
    """
    old, new = person.values, record.values
    changes: dict[str, list[Any]] = {}
    other = {key for key, value in new.items() if value != old.get(key, value)}
    for key in FIELDS if other else ():
        value = new.get(key)
        if key not in other or value is None or value == "" or (key == "no_patronymic" and not value):
            continue
        if not _stands(key, record.texts, old[key]) and not _same_classes(key, value, old[key]):
            changes[key] = [plain(old[key]), plain(value)]
    _follow_patronymic(changes, old, record)
    if old["left_on"] is not None and not person.works and not new.get("left_on"):
        changes["left_on"] = [plain(old["left_on"]), None]
    _follow_profile(changes, old)
    return changes


def _stands(key: str, texts: Mapping[str, str], old: Any) -> bool:
    """Whether a cell is what the template shows for the value in the list."""
    if not old or not isinstance(old, str) or key not in texts:
        return False
    ours = tidy(old)
    return tidy(texts[key]) in {ours, neutralise(ours)}


def _same_classes(key: str, one: Any, other: Any) -> bool:
    return key == "leads_classes" and set(one.split(", ")) == set(other.split(", "))


def _follow_patronymic(changes: dict[str, list[Any]], old: Mapping[str, Any], record: Record) -> None:
    """A patronymic and the word that there is none exclude each other, where the file says something new."""
    if "patronymic" in changes and old["no_patronymic"]:
        changes["no_patronymic"] = [True, False]
    if record.values.get("no_patronymic") and old["patronymic"]:
        if _stands("patronymic", record.texts, old["patronymic"]):
            changes.pop("no_patronymic", None)
        else:
            changes["patronymic"] = [old["patronymic"], ""]


def _follow_profile(changes: dict[str, list[Any]], old: Mapping[str, Any]) -> None:
    """No confirmed status without a profile; who leaves or has left keeps the profile as it was."""
    if changes["left_on"][1] if "left_on" in changes else old["left_on"]:
        for key in _PROFILE & changes.keys():
            del changes[key]
    elif changes.get("is_confirmed", [None, False])[1] and not old["has_profile"]:
        changes["has_profile"] = [False, True]
    elif changes.get("has_profile", [None, True])[1] is False and old["is_confirmed"]:
        changes["is_confirmed"] = [True, False]


_PROFILE = frozenset({"has_profile", "is_confirmed"})
