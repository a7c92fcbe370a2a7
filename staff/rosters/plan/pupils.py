"""Pupils: records + present pupils → planned rows, and whom a full list leaves out (pure)."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from staff.imports.namesakes import MOST_NAMESAKES
from staff.imports.plan import CHANGE, NEW
from staff.imports.roster import Person, plain, short_key
from staff.imports.waiting import Waiting
from staff.rosters.matching import Found, PupilMatcher, differs
from staff.rosters.plan import PlannedRow
from staff.rosters.plan.rows import changes_of, fresh, known, plain_new, row_of, waiting
from staff.rosters.present import PUPIL_FIELDS
from staff.rosters.records import Mistake, Record

_CULPRITS = {
    "foreign_key": "row_key", "other_key": "row_key", "other_snils": "snils", "other_number": "external_id",
}  # fmt: skip
_MESSAGES = {
    "foreign_key": "Код строки не из списка вашей школы. Сотрите его, чтобы внести как нового",
    "other_key": "По коду это другой обучающийся: видно, столбцы сортировали порознь. Сотрите код или верните имя",
    "other_snils": "Этот СНИЛС в списке школы у другого обучающегося: сверьте СНИЛС и ФИО по документам",
    "other_number": "Этот номер личного дела в списке школы у другого обучающегося: проверьте номер и ФИО",
    "rivals": "Строк с этим именем несколько, а обучающийся с ним в школе один: впишите то, что есть в его карточке",
    "snils_taken": "Такой СНИЛС уже есть у другого обучающегося школы: сверьте по документам",
    "number_taken": "Этот номер личного дела получили бы двое: проверьте номер и ФИО",
    "left_before_enrolled": "Выбыл раньше, чем зачислен: проверьте обе даты",
}
_FORGET_KEY = frozenset({"foreign_key", "other_key"})  # mended by going by the name: «-» in the hidden cell


@dataclass(slots=True)
class PupilPlanner:
    """Plans the sheets of pupils; `here` and `fresh` afterwards tell whom representatives may name."""

    people: Sequence[Person]
    key_of: Callable[[str], int | None]
    named: set[int] = field(default_factory=set)
    numbers: dict[tuple[str, str], Record] = field(default_factory=dict)  # (field, value) → row of a new pupil
    twins: dict[str, list[Record]] = field(default_factory=lambda: defaultdict(list))
    waits: Waiting = field(default_factory=Waiting)
    by_id: dict[int, Person] = field(default_factory=dict)

    def plan(self, records: Iterable[Record]) -> list[PlannedRow]:
        """Plan every row."""
        listed = list(records)
        matcher = PupilMatcher(self.people, self.key_of)
        self.by_id = matcher.by_id
        rows = [self._row(record, found, matcher) for record, found in zip(listed, matcher.match(listed), strict=True)]
        self._refuse_shared(list(zip(rows, listed, strict=True)))
        return rows

    def leaving(self) -> list[tuple[int, str]]:
        """Those who learn here and whom no row of a full list names, not even one that waits."""
        return [
            (one.id, one.title)
            for one in self.people
            if one.values["left_on"] is None
            and one.id not in self.named
            and one.id not in self.waits.ids
            and not self.waits.may_be(one.values)
        ]

    def _row(self, record: Record, found: Found, matcher: PupilMatcher) -> PlannedRow:
        person = found.person
        trouble = self._trouble(record, found, matcher) or self._lacks_class(record, person)
        if person is not None and found.trouble in ("", "twice"):
            self.named.add(person.id)
        if trouble or record.waits:
            self.waits.add(record, person)  # type: ignore[arg-type]
            return waiting(record, *filter(None, (trouble,)), row_id=person.id if person else None)
        if person is None:
            self._remember(record)
            return fresh(record, plain_new(PUPIL_FIELDS, record.values))
        return self._known(record, person)

    def _known(self, record: Record, person: Person) -> PlannedRow:
        changes = changes_of(PUPIL_FIELDS, person.values, record)
        if person.values["left_on"] is not None and not person.works and not record.values.get("left_on"):
            changes["left_on"] = [plain(person.values["left_on"]), None]
        first, last = (changes.get(key, [None, plain(person.values[key])])[1] for key in ("enrolled_on", "left_on"))
        if first and last and last < first:
            self.waits.add(record, person)  # type: ignore[arg-type]
            wrong = record.mistake("left_on", "left_before_enrolled", _MESSAGES["left_before_enrolled"])
            return waiting(record, wrong, row_id=person.id)
        title = record.title if "last_name" in changes else person.title
        return known(record, person.values, row_of(record, person.id, title, changes))

    # What keeps a row out

    def _trouble(self, record: Record, found: Found, matcher: PupilMatcher) -> Mistake | None:
        code = found.trouble
        if code == "namesakes":
            message = "В школе несколько обучающихся с таким именем. Укажите дату рождения, СНИЛС или личное дело"
            return record.mistake("", code, message)
        if code == "twice" and found.person:
            return self._same(record, matcher.claimed[found.person.id])
        if code == "rivals":
            told = next((key for key in ("born_on", "snils", "external_id") if key in record.place), "")
            return record.mistake(told, code, _MESSAGES[code])
        if code:
            return record.mistake(_CULPRITS[code], code, _MESSAGES[code], "-" if code in _FORGET_KEY else None)
        twin = self._twin(record) if found.person is None else None
        return self._same(record, twin) if twin else None

    def _same(self, record: Record, other: Record) -> Mistake:
        where = f"в строке {other.row}" if other.sheet == record.sheet else f"на другом листе, в строке {other.row}"
        message = f"Тот же обучающийся уже есть {where}. Оставьте одну из двух строк"
        return record.mistake("", "twice", message)

    def _lacks_class(self, record: Record, person: Person | None) -> Mistake | None:
        if record.values.get("school_class") or person is not None or record.values.get("left_on"):
            return None
        if any(one.key in _OF_CLASS for one in record.mistakes):
            return None
        return record.mistake("school_class", "class_missing", "Впишите класс, например 5А")

    def _twin(self, record: Record) -> Record | None:
        """The earlier row that gives the same new pupil: one number, or one name in one class."""
        values = record.values
        for key in ("snils", "external_id"):
            earlier = self.numbers.get((key, values.get(key) or ""))
            if earlier is not None:
                return earlier
        for other in self.twins.get(short_key(values["last_name"], values["first_name"]), ())[-MOST_NAMESAKES:]:
            if _may_be_one(values, other.values):
                return other
        return None

    def _remember(self, record: Record) -> None:
        values = record.values
        for key in ("snils", "external_id"):
            if values.get(key):
                self.numbers.setdefault((key, values[key]), record)
        self.twins[short_key(values["last_name"], values["first_name"])].append(record)

    # СНИЛС and the number of the personal file are one person's

    def _refuse_shared(self, rows: list[tuple[PlannedRow, Record]]) -> None:
        """Let wait the rows that would give a pupil the number of another one, until nothing clashes.

        A row that waits keeps its old numbers, which another row may have counted on.
        """
        while True:
            planned = [row for row, _ in rows]
            held = {key: Counter(filter(None, self._held_after(planned, key))) for key in _SHARED}
            clashing = [(*each, [key for key in _SHARED if held[key][_brought(each[0], key)] > 1]) for each in rows]
            if not any(keys for _, _, keys in clashing):
                return
            for row, record, keys in clashing:
                if not keys:
                    continue
                wrong = [record.mistake(key, _SHARED[key], _MESSAGES[_SHARED[key]]) for key in keys]
                again = waiting(record, *wrong, row_id=row.id)
                row.action, row.values, row.changes, row.mistakes = again.action, again.values, {}, again.mistakes

    def _held_after(self, rows: Sequence[PlannedRow], key: str) -> Iterable[str]:
        """The numbers there will be; those of personal files of pupils who have left may be given anew."""
        moved = {row.id: _brought(row, key) for row in rows if row.action == CHANGE and key in row.changes}
        back = {row.id for row in rows if row.action == CHANGE and row.changes.get("left_on", ["", ""])[1] is None}
        for row in rows:
            if row.action == NEW:
                yield _brought(row, key)
        for person in self.people:
            if key == "snils" or person.works or person.id in back or person.id in moved:
                yield moved.get(person.id, person.values[key])


_SHARED = {"snils": "snils_taken", "external_id": "number_taken"}
_OF_CLASS = frozenset({"school_class", "grade", "letter"})


def _brought(row: PlannedRow, key: str) -> str:
    """The number a row brings; '' where it brings none."""
    if row.action == NEW:
        return str(row.values.get(key, ""))
    return str(row.changes[key][1]) if row.action == CHANGE and key in row.changes else ""


def _may_be_one(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two new rows of one surname and name are one child: namesakes learn in different classes."""
    if one["patronymic"] and other["patronymic"] and one["patronymic"] != other["patronymic"]:
        return False
    classes = {each.get("school_class") for each in (one, other)} - {None, ""}
    return len(classes) < 2 and not differs(one, other)
