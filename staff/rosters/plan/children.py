"""Pupils as the sheet of representatives names them: by hidden key, or by ФИО and class (pure)."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from staff.imports.plan import CHANGE, NEW, WAIT
from staff.imports.roster import Person
from staff.names import name_key, split_full_name
from staff.names.keys import key_part
from staff.rosters.plan import PlannedRow
from staff.rosters.records import Mistake, Record

PupilRef = int | str  # a pupil's id, or the mark of a new row: "2:14"


@dataclass(slots=True)
class Child:
    """A pupil as there will be one after the upload."""

    ref: PupilRef
    values: Mapping[str, Any]
    works: bool = True
    title: str = ""  # «Мороз Лев Олегович»


@dataclass(slots=True)
class Children:
    """Every pupil there will be, found by what a row of representatives says."""

    key_of: Callable[[str], int | None]
    by_ref: dict[PupilRef, Child] = field(default_factory=dict)
    by_text: dict[str, list[Child]] = field(default_factory=lambda: defaultdict(list))
    by_class: dict[str, list[Child]] = field(default_factory=lambda: defaultdict(list))
    waiting: set[str] = field(default_factory=set)  # names of pupils whose rows wait

    @classmethod
    def of(
        cls, people: Iterable[Person], rows: Iterable[PlannedRow], key_of: Callable[[str], int | None]
    ) -> "Children":
        """The present pupils as the planned rows leave them, and the new ones."""
        found = cls(key_of)
        changed = {row.id: row for row in rows if row.action == CHANGE}
        for person in people:
            row = changed.get(person.id)
            values = (
                person.values if row is None else person.values | {key: new for key, (_, new) in row.changes.items()}
            )
            found._add(Child(person.id, values, person.works or bool(row and "left_on" in row.changes)))
        for row in rows:
            if row.action == NEW:
                found._add(Child(row.mark, {"patronymic": ""} | row.values, not row.values.get("left_on")))
            elif row.action == WAIT:
                found.waiting.add(key_part(row.title))
        return found

    def _add(self, child: Child) -> None:
        values = child.values
        self.by_ref[child.ref] = child
        child.title = short = f"{values['last_name']} {values['first_name']}"
        self.by_text[key_part(short)].append(child)
        if values["patronymic"]:
            child.title = f"{short} {values['patronymic']}"
            self.by_text[key_part(child.title)].append(child)
        if child.works and values.get("school_class"):
            self.by_class[values["school_class"]].append(child)

    def find(self, record: Record) -> Child | Mistake:
        """The pupil of a row, or what keeps anyone from telling."""
        values = record.values
        if values.get("pupil_key"):
            return self._by_key(record)
        text = values.get("pupil") or ""
        if not text:
            return record.mistake("pupil", "pupil_missing", "Впишите ФИО обучающегося, чей это представитель")
        named = self._named(text)
        wanted = values.get("pupil_class")
        placed = [one for one in named if one.values.get("school_class") == wanted] if wanted else []
        if len(placed) == 1:
            return placed[0]
        return self._doubtful(record, named, placed)

    def _by_key(self, record: Record) -> Child | Mistake:
        child = self.by_ref.get(self.key_of(record.values["pupil_key"]) or 0)
        if child is None:
            message = "Код обучающегося не из вашей школы. Сотрите его, чтобы найти ребёнка по ФИО и классу"
            return record.mistake("pupil_key", "foreign_key", message, "-")
        text = record.values.get("pupil") or ""
        if text and child not in self._named(text):
            message = "По скрытому коду это другой обучающийся: видно, столбцы сортировали порознь. Сотрите код или имя"
            return record.mistake("pupil_key", "other_key", message, "-")
        return child

    def _named(self, text: str) -> list[Child]:
        """Those whose name the text is: as written, else taken apart into its parts."""
        found = self.by_text.get(key_part(text))
        if found:
            return self._present(found)
        last, first, middle, _ = split_full_name(text)
        alike = self.by_text.get(key_part(f"{last} {first}"), [])
        if middle:
            alike = [one for one in alike if _agrees(one, (last, first, middle))]
        return self._present(alike)

    @staticmethod
    def _present(found: list[Child]) -> list[Child]:
        if len(found) == 1:
            return found
        return [one for one in found if one.works] or found

    def _doubtful(self, record: Record, named: list[Child], placed: list[Child]) -> Child | Mistake:
        wanted = record.values.get("pupil_class") or ""
        if len(placed) > 1 or (len(named) > 1 and not wanted):
            told = "в этом классе несколько" if placed and wanted else "несколько: укажите класс"
            more = "Укажите СНИЛС или номер личного дела" if placed and wanted else "Так мы не перепутаем детей"
            return record.mistake("pupil", "namesakes", f"Обучающихся с таким именем {told}. {more}")
        if not named:
            return self._unknown(record, wanted)
        if wanted and not any(one.key in ("pupil_class",) for one in record.mistakes):
            classes = sorted({one.values.get("school_class") or "" for one in named})
            where = f"учится в {classes[0]}" if len(classes) == 1 and classes[0] else "в другом классе или без класса"
            hint = classes[0] if len(classes) == 1 and classes[0] else None
            message = f"Обучающийся с таким именем {where}, а не в {wanted}: проверьте класс"
            return record.mistake("pupil_class", "pupil_other_class", message, hint)
        return named[0] if len(named) == 1 else record.mistake("pupil", "namesakes", "Укажите класс обучающегося")

    def _unknown(self, record: Record, wanted: str) -> Mistake:
        text = record.values["pupil"]
        if key_part(text) in self.waiting:
            message = "Этот обучающийся ждёт исправления на своём листе: исправьте его строку"
            return record.mistake("pupil", "pupil_waits", message)
        titles = [one.title for one in self.by_class.get(wanted, ())]
        near = get_close_matches(text, titles, 1, 0.82)
        message = "Такого обучающегося в школе нет: проверьте ФИО и класс или внесите его на листе «Обучающиеся»"
        return record.mistake("pupil", "pupil_unknown", message, near[0] if near else None)


def _agrees(child: Child, name: tuple[str, str, str]) -> bool:
    """Whether a pupil has this patronymic, or none is known."""
    middle = child.values.get("patronymic") or ""
    return not middle or name_key("", "", middle) == name_key("", "", name[2])
