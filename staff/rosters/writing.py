"""The set writes of a roster: classes with their teachers, pupils, representatives and who represents whom."""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils import timezone

from schools.bulk import insert_rows, new_ids, update_rows
from schools.codes import fold
from schools.models import Guardian, Guardianship, Pupil, School, SchoolClass
from schools.sealed import seal
from schools.values import split_class_name
from staff.imports.roster import plain
from staff.models import ClassTeacher
from staff.rosters.present import GUARDIAN_FIELDS, LINK_FIELDS, PUPIL_FIELDS, class_key
from staff.rosters.written import Written

Values = Mapping[str, Any]
_EMPTY_PUPIL: dict[str, Any] = {
    "last_name": "", "first_name": "", "patronymic": "", "no_patronymic": False, "school_class": None, "born_on": None,
    "snils": "", "phone": "", "external_id": "", "enrolled_on": None, "left_on": None,
}  # fmt: skip
_EMPTY_GUARDIAN: dict[str, Any] = {
    "last_name": "", "first_name": "", "patronymic": "", "no_patronymic": False, "snils": "", "phone": "", "email": "",
}  # fmt: skip
_PUPIL_COLUMNS = (
    *("school_class_id" if key == "school_class" else key for key in PUPIL_FIELDS), "name_key", "version", "updated_at",
)  # fmt: skip
_GUARDIAN_COLUMNS = (*GUARDIAN_FIELDS, "name_key", "version", "updated_at")
_CLASS_COLUMNS = ("grade", "letter", "declared_pupils", "version", "updated_at")


class RosterWriter:
    """Writes into one school inside the caller's transaction; the school's row must be locked."""

    def __init__(self, school: School, year: int, now: datetime.datetime | None = None) -> None:
        self.school = school
        self.year = year
        self.now = now or timezone.now()
        self.written = Written(made_at=self.now.isoformat())
        self._class_ids: dict[str, int] | None = None

    # Classes

    @property
    def class_ids(self) -> dict[str, int]:
        """Name → id of every class of the year."""
        if self._class_ids is None:
            rows = SchoolClass.objects.filter(school=self.school, year=self.year).order_by("-id")
            self._class_ids = {
                class_key(grade, letter): pk for pk, grade, letter in rows.values_list("id", "grade", "letter")
            }
        return self._class_ids

    def make_classes(self, wanted: Iterable[Values]) -> None:
        """Add classes: `class_name`, perhaps `declared_pupils`."""
        listed = list(wanted)
        ids = new_ids(SchoolClass, len(listed)) if listed else []
        rows = []
        for pk, values in zip(ids, listed, strict=True):
            grade, letter = split_class_name(values["class_name"])
            rows.append((pk, self.school.pk, self.year, grade, letter, values.get("declared_pupils"), 1, self.now))
            self.class_ids[values["class_name"]] = pk
        if rows:
            insert_rows(SchoolClass, ["id", "school_id", "year", *_CLASS_COLUMNS], rows)
        self.written.made_classes.extend(ids)

    def change_classes(self, changes: Mapping[int, Values]) -> None:
        """Rename classes and set their numbers; a class whose teachers alone change counts as changed too."""
        rows = []
        found = SchoolClass.objects.filter(pk__in=list(changes)).values_list(
            "pk", "version", "grade", "letter", "declared_pupils"
        )
        for pk, version, grade, letter, declared in found:
            new = changes[pk]
            old: dict[str, Any] = {}
            place = split_class_name(new["class_name"]) if "class_name" in new else (grade, letter)
            if "class_name" in new:
                old |= {"grade": grade, "letter": letter}
            if "declared_pupils" in new:
                old["declared_pupils"] = declared
            rows.append((pk, *place, new.get("declared_pupils", declared), version + 1, self.now))
            self.written.classes.append((pk, version + 1, old))
        update_rows(SchoolClass, _CLASS_COLUMNS, rows)
        self._class_ids = None

    def lead(self, teachers: Mapping[int, Sequence[int]]) -> None:
        """Set who leads each class: class id → staff ids."""
        if not teachers:
            return
        before: dict[str, list[int]] = {str(pk): [] for pk in teachers}
        for pk, staff in ClassTeacher.objects.filter(school_class__in=list(teachers)).values_list(
            "school_class_id", "staff_id"
        ):
            before[str(pk)].append(staff)
        self.written.teachers.update(before)
        ClassTeacher.objects.filter(school_class__in=list(teachers)).delete()
        ClassTeacher.objects.bulk_create(
            ClassTeacher(school_class_id=pk, staff_id=staff) for pk, people in teachers.items() for staff in people
        )

    # Pupils

    def make_pupils(self, wanted: Iterable[Values]) -> list[int]:
        """Add pupils, whose `school_class` is a class's name; return their ids in order."""
        listed = list(wanted)
        ids = new_ids(Pupil, len(listed)) if listed else []
        rows = []
        for pk, values in zip(ids, listed, strict=True):
            whole = {**_EMPTY_PUPIL, **values}
            whole["school_class"] = self._class_of(whole["school_class"])
            rows.append((pk, self.school.pk, *_pupil_cells(whole), 1, self.now))
        if rows:
            insert_rows(Pupil, ["id", "school_id", *_PUPIL_COLUMNS], rows)
        self.written.made_pupils.extend(ids)
        return ids

    def _class_of(self, name: str | int | None) -> int | None:
        """The id of a class named by a file; an id, which an undo brings back, stays."""
        return self.class_ids[name] if isinstance(name, str) and name else name or None  # type: ignore[return-value]

    def change_pupils(self, changes: Mapping[int, Values]) -> None:
        """Change known pupils: id → field → new plain value; `school_class` is a name, or an id where undone."""
        if not changes:
            return
        rows = []
        stored = Pupil.objects.filter(pk__in=list(changes)).values_list("pk", "version", *_PUPIL_COLUMNS[:-3])
        for pk, version, *cells in stored:
            old = {key: plain(value) for key, value in zip(PUPIL_FIELDS, cells, strict=True)}
            new = dict(changes[pk])
            if "school_class" in new:
                new["school_class"] = self._class_of(new["school_class"])
            rows.append((pk, *_pupil_cells(old | new), version + 1, self.now))
            self.written.pupils.append((pk, version + 1, {key: old[key] for key in new}))
        moving = [pk for pk, new in changes.items() if "snils" in new]
        Pupil.objects.filter(pk__in=moving).exclude(snils="").update(snils="")  # so that two may swap theirs
        update_rows(Pupil, _PUPIL_COLUMNS, rows)

    # Representatives

    def make_guardians(self, wanted: Iterable[Values]) -> list[int]:
        """Add representatives; return their ids in order."""
        listed = list(wanted)
        ids = new_ids(Guardian, len(listed)) if listed else []
        rows = [
            (pk, self.school.pk, *_guardian_cells({**_EMPTY_GUARDIAN, **values}), 1, self.now)
            for pk, values in zip(ids, listed, strict=True)
        ]
        if rows:
            insert_rows(Guardian, ["id", "school_id", *_GUARDIAN_COLUMNS], rows)
        self.written.made_guardians.extend(ids)
        return ids

    def change_guardians(self, changes: Mapping[int, Values]) -> None:
        """Change known representatives: id → field → new plain value."""
        if not changes:
            return
        rows = []
        stored = Guardian.objects.filter(pk__in=list(changes)).values_list("pk", "version", *GUARDIAN_FIELDS)
        for pk, version, *cells in stored:
            old = dict(zip(GUARDIAN_FIELDS, cells, strict=True))
            new = changes[pk]
            rows.append((pk, *_guardian_cells(old | dict(new)), version + 1, self.now))
            self.written.guardians.append((pk, version + 1, {key: old[key] for key in new}))
        update_rows(Guardian, _GUARDIAN_COLUMNS, rows)

    def make_links(self, wanted: Iterable[tuple[int, int, Values]]) -> list[int]:
        """Add (pupil id, representative id, values of the link); return the ids in order."""
        listed = list(wanted)
        ids = new_ids(Guardianship, len(listed)) if listed else []
        rows = [
            (pk, pupil, guardian, *(values.get(key) for key in LINK_FIELDS), self.now)
            for pk, (pupil, guardian, values) in zip(ids, listed, strict=True)
        ]
        if rows:
            insert_rows(Guardianship, ["id", "pupil_id", "guardian_id", *LINK_FIELDS, "updated_at"], rows)
        self.written.made_links.extend(ids)
        return ids

    def change_links(self, changes: Mapping[int, Values]) -> None:
        """Change who represents whom: link id → field → new plain value."""
        if not changes:
            return
        rows = []
        for pk, *cells in Guardianship.objects.filter(pk__in=list(changes)).values_list("pk", *LINK_FIELDS):
            old = {key: plain(value) for key, value in zip(LINK_FIELDS, cells, strict=True)}
            whole = old | dict(changes[pk])
            rows.append((pk, *(whole[key] for key in LINK_FIELDS), self.now))
            self.written.links.append((pk, {key: old[key] for key in changes[pk]}))
        update_rows(Guardianship, [*LINK_FIELDS, "updated_at"], rows)


_PUPIL_SNILS, _GUARDIAN_SNILS = PUPIL_FIELDS.index("snils"), GUARDIAN_FIELDS.index("snils")


def _name_key(cells: Sequence[Any]) -> str:
    last, first, middle = cells[:3]
    return fold(f"{last} {first} {middle}" if middle else f"{last} {first}")


def _pupil_cells(values: Values) -> list[Any]:
    cells = [values[key] for key in PUPIL_FIELDS]
    cells[_PUPIL_SNILS] = seal(cells[_PUPIL_SNILS])
    return [*cells, _name_key(cells)]


def _guardian_cells(values: Values) -> list[Any]:
    cells = [values[key] for key in GUARDIAN_FIELDS]
    cells[_GUARDIAN_SNILS] = seal(cells[_GUARDIAN_SNILS])
    return [*cells, _name_key(cells)]
