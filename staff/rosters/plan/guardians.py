"""Representatives: records + present ones + pupils → planned rows; an adult of two children is one person (pure)."""

import datetime
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from staff.imports.plan import NEW
from staff.imports.roster import Person, plain, short_key
from staff.names import name_key
from staff.names.keys import key_part
from staff.rosters.columns.cleaners import Answer
from staff.rosters.columns.guardians import parent_of
from staff.rosters.matching import is_family, same_person
from staff.rosters.plan import PlannedRow
from staff.rosters.plan.children import Child, Children, PupilRef
from staff.rosters.plan.rows import changes_of, known, row_of, waiting
from staff.rosters.present import GUARDIAN_FIELDS, Link
from staff.rosters.records import Mistake, Record

GuardianRef = int | str  # a representative's id, or the mark of the row that brings a new one
ANSWERS = ("invited_on", "registered_on", "declined_on")
_CONTACTS = ("phone", "email")
_COMPARED = {
    "last_name": "фамилия", "first_name": "имя", "patronymic": "отчество", "snils": "СНИЛС", "phone": "телефон",
    "email": "почта",
}  # fmt: skip
NO_PATRONYMIC = "нет по документам"


@dataclass(slots=True)
class Adult:
    """A representative, known or new in this file, with the children of either."""

    ref: GuardianRef
    values: dict[str, Any]
    person: Person | None = None
    children: list[Child] = field(default_factory=list)
    said: dict[str, tuple[str, Record]] = field(default_factory=dict)  # what the file says, and its first row to say it


@dataclass(slots=True)
class GuardianPlanner:
    """Plans the sheets of representatives, row by row."""

    people: Sequence[Person]
    links: Iterable[Link]
    children: Children
    key_of: Callable[[str], int | None]
    today: datetime.date
    by_id: dict[int, Adult] = field(default_factory=dict)
    by_snils: dict[str, Adult] = field(default_factory=dict)
    by_short: dict[str, list[Adult]] = field(default_factory=lambda: defaultdict(list))
    known_links: dict[tuple[PupilRef, GuardianRef], Link] = field(default_factory=dict)
    seen: dict[tuple[PupilRef, GuardianRef], Record] = field(default_factory=dict)
    groups: dict[str, Adult] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for person in self.people:
            adult = Adult(person.id, person.values, person)
            self.by_id[person.id] = adult
            self._index(adult)
        for link in self.links:
            self.known_links[link.pupil, link.guardian] = link
            child = self.children.by_ref.get(link.pupil)
            if child is not None and link.guardian in self.by_id:
                self.by_id[link.guardian].children.append(child)

    def _index(self, adult: Adult) -> None:
        values = adult.values
        if values.get("snils"):
            self.by_snils.setdefault(values["snils"], adult)
        self.by_short[short_key(values["last_name"], values["first_name"])].append(adult)

    def plan(self, records: Iterable[Record]) -> list[PlannedRow]:
        """Plan every row."""
        return [self._row(record) for record in records]

    def _row(self, record: Record) -> PlannedRow:
        child = self.children.find(record)
        wrong = [child] if isinstance(child, Mistake) else []
        if isinstance(child, Mistake) or record.waits:
            return waiting(record, *wrong)
        adult = self._adult(record, child)
        if isinstance(adult, Mistake):
            return waiting(record, adult)
        trouble = self._trouble(record, adult, child)
        if trouble:
            return waiting(record, trouble)
        return self._planned(record, adult, child)

    # Who it is

    def _adult(self, record: Record, child: Child) -> Adult | Mistake:
        """The adult of a row: by hidden key, СНИЛС, else the name and what else agrees; a new one if nobody does."""
        values = record.values
        if record.group in self.groups:
            return self.groups[record.group]
        if values.get("row_key"):
            return self._by_key(record)
        sure = self.by_snils.get(values.get("snils") or "")
        if sure is not None:
            if same_person(sure.values, values):
                return sure
            message = "Этот СНИЛС в школе у другого представителя: сверьте СНИЛС и ФИО по документам"
            return record.mistake("snils", "other_snils", message)
        return self._by_name(record, child)

    def _by_key(self, record: Record) -> Adult | Mistake:
        adult = self.by_id.get(self.key_of(record.values["row_key"]) or 0)
        if adult is None:
            message = "Код представителя не из вашей школы. Сотрите его, чтобы внести как нового"
            return record.mistake("row_key", "foreign_key", message, "-")
        if same_person(adult.values, record.values):
            return adult
        message = "По скрытому коду это другой представитель: видно, столбцы сортировали порознь. Сотрите код или имя"
        return record.mistake("row_key", "other_key", message, "-")

    def _by_name(self, record: Record, child: Child) -> Adult | Mistake:
        values = record.values
        alike = self.by_short.get(short_key(values["last_name"], values["first_name"]))
        if not alike:
            return self._new(record)
        scored = [(evidence(adult, values, child), adult) for adult in alike]
        best = max(score for score, _ in scored)
        if best > 0:
            chosen = [adult for score, adult in scored if score == best]
            if len(chosen) == 1:
                return chosen[0]
            message = "В школе несколько представителей с таким именем. Укажите СНИЛС, телефон или почту"
            return record.mistake("", "namesakes", message)
        if best == 0:
            message = "В школе есть представитель с таким именем. Если это один человек, впишите его телефон или СНИЛС"
            record.mistakes.append(record.warning("", "same_name", message))
        return self._new(record)

    def _new(self, record: Record) -> Adult:
        values = record.values
        own = {key: values[key] for key in GUARDIAN_FIELDS if values.get(key)}
        own.setdefault("patronymic", "")
        return Adult(f"{record.sheet}:{record.row}", own)

    # What keeps a row out

    def _trouble(self, record: Record, adult: Adult, child: Child) -> Mistake | None:
        pair = child.ref, adult.ref
        earlier = self.seen.get(pair)
        if earlier is not None:
            where = (
                f"в строке {earlier.row}"
                if earlier.sheet == record.sheet
                else f"на другом листе, в строке {earlier.row}"
            )
            return record.mistake(
                "", "twice", f"Этот представитель этого ребёнка уже есть {where}. Оставьте одну строку"
            )
        if pair not in self.known_links and not record.values.get("kind"):
            hint = parent_of(record.values["patronymic"])
            return record.mistake("kind", "kind_missing", "Укажите, кем приходится ребёнку", hint)
        return self._disagrees(record, adult)

    @staticmethod
    def _disagrees(record: Record, adult: Adult) -> Mistake | None:
        """Two rows of one adult that say different things: nobody can tell which is right."""
        for key, title in _COMPARED.items():
            other = said_of(record.values, key)
            if not other or key not in adult.said or same(key, adult.said[key][0], other):
                continue
            first = adult.said[key][1]
            message = f"В строке {first.row} у этого же представителя {title} иначе. Оставьте верное в обеих строках"
            return record.mistake(key, "differs", message, adult.said[key][0] if key in _CONTACTS else None)
        return None

    # What the row does

    def _planned(self, record: Record, adult: Adult, child: Child) -> PlannedRow:
        pair = child.ref, adult.ref
        self.seen[pair] = record
        self._warn_of_phone(record, child)
        link = self.known_links.get(pair)
        changes = self._person_changes(record, adult)
        row = row_of(record, link.id if link else 0, record.title, dict(changes))
        row.refs = {"pupil": child.ref, "guardian": adult.ref, "child": child.title}
        if link is not None:
            row.changes |= link_changes(link.values, record.values, self.today)
        known(record, adult.person.values if adult.person else {}, row)
        if link is None:
            row.id, row.action, row.values = None, NEW, self._link_values(record, adult)
        self._remember(record, adult, changes, child)
        return row

    def _link_values(self, record: Record, adult: Adult) -> dict[str, Any]:
        """The values of a new link; with the first link of a new adult come the adult's own."""
        values: dict[str, Any] = {"kind": record.values["kind"]}
        for key in ANSWERS:
            answer: Answer | None = record.values.get(key)
            if answer is not None and answer.yes:
                values[key] = plain(answer.on or self.today)
        if adult.person is None and not adult.children:
            values |= adult.values
        return values

    def _person_changes(self, record: Record, adult: Adult) -> dict[str, list[Any]]:
        """What the row says otherwise of the adult; of a new one, what earlier rows did not say."""
        if adult.person is not None:
            return changes_of(GUARDIAN_FIELDS, adult.values, record)
        if not adult.children:
            return {}
        added = {key: record.values.get(key) for key in GUARDIAN_FIELDS}
        return {key: [type(value)(), value] for key, value in added.items() if value and not adult.values.get(key)}

    def _remember(self, record: Record, adult: Adult, changes: Mapping[str, list[Any]], child: Child) -> None:
        """What the row said of the adult holds for the rows below it."""
        if adult.person is None and not adult.children:
            self._index(adult)
        adult.children.append(child)
        if record.group:
            self.groups[record.group] = adult
        values, said = record.values, adult.said
        for key in _COMPARED:
            if key not in said and said_of(values, key):
                said[key] = said_of(values, key), record
        if changes:
            adult.values = adult.values | {key: new for key, (_, new) in changes.items()}
        if changes.get("snils"):
            self.by_snils.setdefault(adult.values["snils"], adult)

    @staticmethod
    def _warn_of_phone(record: Record, child: Child) -> None:
        phone = record.values.get("phone")
        if phone and phone == child.values.get("phone"):
            message = "Тот же телефон записан у ребёнка: в «Сферум» у каждого свой номер"
            record.mistakes.append(record.warning("phone", "pupil_phone", message))


def evidence(adult: Adult, values: Mapping[str, Any], child: Child) -> int:
    """How surely an adult of the same surname and name is the one of a row: −1 is another, 0 cannot be told."""
    own = adult.values
    for key in ("snils", "patronymic"):
        if own.get(key) and values.get(key) and not same(key, own[key], values[key]):
            return -1
    if any(one.ref == child.ref for one in adult.children):
        return 4
    for score, key in ((3, "phone"), (2, "email")):
        if own.get(key) and own[key] == values.get(key):
            return score
    others = sum(bool(own.get(key) and values.get(key)) for key in _CONTACTS)  # contacts both give, and not one alike
    if others < 2 and any(is_family(one.values, child.values) for one in adult.children):
        return 1
    return -1 if others else 0


def said_of(values: Mapping[str, Any], key: str) -> str:
    """What a row says of a field of its adult; that there is no patronymic is said too."""
    absent = NO_PATRONYMIC if key == "patronymic" and values.get("no_patronymic") else ""
    return str(values.get(key) or absent)


def same(key: str, one: str, other: str) -> bool:
    """Whether two values of a field are one: Ильична and Ильинична are, and so are Королёва and Королева."""
    if key == "patronymic":
        return name_key("", "", one) == name_key("", "", other)
    return one == other or (key in ("last_name", "first_name") and key_part(one) == key_part(other))


def link_changes(old: Mapping[str, Any], values: Mapping[str, Any], today: datetime.date) -> dict[str, list[Any]]:
    """Field → [old, new] of who represents whom."""
    changes = answers_of(old, values, today)
    kind = values.get("kind")
    if kind and kind != old["kind"]:
        changes = {"kind": [old["kind"], kind]} | changes
    return changes


def answers_of(old: Mapping[str, Any], values: Mapping[str, Any], today: datetime.date) -> dict[str, list[Any]]:
    """What becomes of the dates: «да» without a date keeps the known one; a registration takes a refusal back."""
    changes: dict[str, list[Any]] = {}
    for key in ANSWERS:
        answer: Answer | None = values.get(key)
        if answer is None:
            continue
        before = old.get(key)
        after = (answer.on or before or today) if answer.yes else None
        if after != before:
            changes[key] = [plain(before), plain(after)]
    for given, other in (("registered_on", "declined_on"), ("declined_on", "registered_on")):
        said = changes.get(given, [None, None])[1]
        if said and old.get(other) and other not in changes:
            changes[other] = [plain(old[other]), None]
    return changes
