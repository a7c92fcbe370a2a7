"""Classes: records + present classes + staff → planned rows; teachers are found by ФИО or СНИЛС (pure)."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from schools.codes import clean_snils
from schools.years import school_year_title
from staff.imports.plan import CHANGE
from staff.imports.roster import Person, short_key
from staff.names import name_key, split_full_name
from staff.names.keys import key_part
from staff.rosters.plan import PlannedRow
from staff.rosters.plan.rows import changes_of, fresh, known, row_of, waiting
from staff.rosters.present import CLASS_FIELDS, PresentClass
from staff.rosters.records import Mistake, Record

Teacher = int | str  # a staff id, or «row 14» of the sheet of staff: "14"


@dataclass(slots=True)
class Teachers:
    """Those who may lead a class: the staff list, and the new rows of the sheet «Сотрудники»."""

    titles: dict[Teacher, str] = field(default_factory=dict)
    by_snils: dict[str, Teacher] = field(default_factory=dict)
    by_name: dict[str, list[Teacher]] = field(default_factory=lambda: defaultdict(list))
    by_short: dict[str, list[Teacher]] = field(default_factory=lambda: defaultdict(list))
    by_initials: dict[str, list[Teacher]] = field(default_factory=lambda: defaultdict(list))
    key_of: Callable[[str], int | None] = lambda key: None

    def add(self, ref: Teacher, values: Mapping[str, Any]) -> None:
        """Remember one."""
        last, first, middle = values["last_name"], values["first_name"], values.get("patronymic") or ""
        self.titles[ref] = " ".join(part for part in (last, first, middle) if part)
        if values.get("snils"):
            self.by_snils[values["snils"]] = ref
        self.by_name[name_key(last, first, middle)].append(ref)
        self.by_short[short_key(last, first)].append(ref)
        self.by_initials[_initials(last, first, middle)].append(ref)
        if middle:
            self.by_initials[_initials(last, first, "")].append(ref)

    def find(self, text: str) -> list[Teacher]:
        """Whom a text means, ФИО, СНИЛС or a hidden key: nobody, one, or several people of one name."""
        known = self.key_of(text)
        if known is not None:
            return [known] if known in self.titles else []
        digits = clean_snils(text)
        if digits.value:
            return [self.by_snils[digits.value]] if digits.value in self.by_snils else []
        split = split_full_name(text)
        if not split.last_name or not split.first_name:
            return []
        if "." in split.first_name or len(split.first_name) == 1:
            return self.by_initials.get(_initials(*split[:3]), [])
        full = self.by_name.get(name_key(*split[:3]))
        return full or ([] if split.patronymic else self.by_short.get(short_key(*split[:2]), []))

    @classmethod
    def of(
        cls,
        people: Iterable[Person],
        fresh_rows: Iterable[tuple[int, Mapping[str, Any]]],
        key_of: Callable[[str], int | None],
    ) -> "Teachers":
        """Those who work now, and new rows of the file (row, values)."""
        found = cls(key_of=key_of)
        for person in people:
            if person.works:
                found.add(person.id, person.values)
        for row, values in fresh_rows:
            if not values.get("left_on"):
                found.add(str(row), values)
        return found


def _initials(last: str, first: str, middle: str) -> str:
    return f"{key_part(last)}|{key_part(first)[:1]}|{key_part(middle)[:1]}"


@dataclass(slots=True)
class ClassPlanner:
    """Plans the sheet of classes; afterwards `names` holds every class there will be, by its name."""

    year: int
    present: Iterable[PresentClass]
    teachers: Teachers
    key_of: Callable[[str], int | None]
    by_id: dict[int, PresentClass] = field(default_factory=dict)
    by_name: dict[str, PresentClass] = field(default_factory=dict)
    taken: dict[str, int] = field(default_factory=dict)  # name → row of the file that gives it
    used: dict[int, int] = field(default_factory=dict)  # class id → row of the file
    names: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        for each in self.present:
            self.by_id[each.id] = each
            self.by_name.setdefault(each.name, each)

    def plan(self, records: Iterable[Record]) -> list[PlannedRow]:
        """Plan every row; a name two classes would share keeps the later row waiting."""
        rows = [self._row(record) for record in records]
        renamed = {row.changes["class_name"][0] for row in rows if "class_name" in row.changes}
        self.names = {*self.by_name} - renamed | {*self.taken}
        return rows

    def _row(self, record: Record) -> PlannedRow:
        name = record.values.get("class_name") or ""
        found, trouble = self._known(record, name)
        wrong = [one for one in (trouble, self._wrong_year(record), self._twice(record, name, found)) if one]
        refs = self._teachers(record, wrong)
        if wrong or record.waits:
            return waiting(record, *wrong, row_id=found.id if found else None)
        self.taken[name or (found.name if found else "")] = record.row
        if found is None:
            row = fresh(record, {key: record.values[key] for key in CLASS_FIELDS if record.values.get(key)})
        else:
            self.used[found.id] = record.row
            row = known(
                record, {}, row_of(record, found.id, found.name, changes_of(CLASS_FIELDS, found.values, record))
            )
        return self._led(record, row, refs, found)

    def _known(self, record: Record, name: str) -> tuple[PresentClass | None, Mistake | None]:
        key = record.values.get("row_key")
        if not key:
            if not name and not record.waits:
                return None, record.mistake("class_name", "class_missing", "Впишите класс, например 5А")
            return self.by_name.get(name), None
        found = self.by_id.get(self.key_of(key) or 0)
        if found is None:
            message = "Код строки не из классов вашей школы этого года. Сотрите его, чтобы найти класс по названию"
            return None, record.mistake("row_key", "foreign_key", message, "-")
        return found, None

    def _wrong_year(self, record: Record) -> Mistake | None:
        year = record.values.get("year")
        if not year or year == self.year:
            return None
        title = school_year_title(self.year)
        message = f"Книгу загружают в {title} учебный год. Классы другого года загрузите отдельно"
        return record.mistake("year", "other_year", message, title)

    def _twice(self, record: Record, name: str, found: PresentClass | None) -> Mistake | None:
        earlier = self.taken.get(name) or (self.used.get(found.id) if found else None)
        if earlier is not None:
            return record.mistake("", "twice", f"Тот же класс уже есть в строке {earlier}. Оставьте одну из двух")
        owner = self.by_name.get(name)
        if owner is not None and found is not None and owner.id != found.id:
            message = f"Класс {name} в школе уже есть. Назовите этот класс иначе или сотрите код строки"
            return record.mistake("class_name", "name_taken", message)
        return None

    # Teachers

    def _teachers(self, record: Record, wrong: list[Mistake]) -> list[Teacher]:
        refs: list[Teacher] = []
        for text in record.values.get("teachers") or ():
            found = self.teachers.find(text)
            if len(found) == 1:
                refs.append(found[0])
            elif found:
                message = "В школе несколько таких сотрудников: впишите полное ФИО или СНИЛС"
                wrong.append(record.mistake("teachers", "teacher_namesakes", message))
            else:
                message = "Такого сотрудника в списке школы нет: проверьте ФИО или внесите его на листе «Сотрудники»"
                wrong.append(record.mistake("teachers", "teacher_unknown", message))
        return list(dict.fromkeys(refs))

    def _led(self, record: Record, row: PlannedRow, refs: list[Teacher], found: PresentClass | None) -> PlannedRow:
        present = set(found.teachers) if found else set()
        says_nothing = not refs and not (record.erases and "teachers" in record.texts)
        if says_nothing or set(refs) == present:
            return row
        row.refs["teachers"] = refs
        old, new = (self._titles(each) for each in (present, refs))
        if found is None:
            row.values["teachers"] = new
        else:
            row.changes["teachers"] = [old, new]
            row.action = CHANGE
        return row

    def _titles(self, refs: Iterable[Teacher]) -> str:
        return "; ".join(sorted(self.teachers.titles.get(ref, "сотрудник, который уже не работает") for ref in refs))
