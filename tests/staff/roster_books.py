"""Rosters for tests: workbooks of classes, pupils and representatives sent through the same services as the pages."""

import datetime
from collections.abc import Sequence
from typing import Any

from django.utils import timezone

from schools import jobs
from schools.models import Guardian, Guardianship, Pupil, School, SchoolClass, User
from schools.years import school_year_of
from staff.models import ClassTeacher, RosterImport
from staff.rosters import services, work
from staff.rosters.plan import Plan
from staff.rosters.stored import unpack_roster
from tests.staff.uploads import xlsx_of

CLASSES = ("Класс", "Классный руководитель", "Число обучающихся")
PUPILS = ("Фамилия", "Имя", "Отчество", "Класс", "Дата рождения", "СНИЛС", "Мобильный телефон", "Номер личного дела")
GUARDIANS = (
    "ФИО представителя",
    "Кем приходится",
    "Обучающийся (ФИО)",
    "Класс",
    "Мобильный телефон",
    "Зарегистрирован",
)
Rows = Sequence[Sequence[Any]]


def year() -> int:
    """The school year of today."""
    return school_year_of(timezone.localdate())


def book(*, classes: Rows = (), pupils: Rows = (), guardians: Rows = (), **others: Rows) -> bytes:
    """A workbook with the sheets given; `others` are sheets by name, their first row the header."""
    sheets: list[tuple[str, Rows]] = []
    for title, headers, rows in (
        ("Классы", CLASSES, classes),
        ("Обучающиеся", PUPILS, pupils),
        ("Представители", GUARDIANS, guardians),
    ):
        if rows:
            sheets.append((title, [headers, *rows]))
    return xlsx_of(*sheets, *others.items())


def done(upload: RosterImport) -> RosterImport:
    """Do an upload's job as a worker would; return the fresh row."""
    jobs.run(RosterImport, upload.pk, work.perform)
    return RosterImport.objects.get(pk=upload.pk)


def planned(school: School, by: User, data: bytes, mode: str = "update", **facts: Any) -> RosterImport:
    """An upload whose plan is made."""
    usual: dict[str, Any] = {"year": year(), "shown_name": "классы.xlsx"}
    facts = usual | facts
    return done(services.start_import(school=school, data=data, mode=mode, by=by, **facts))


def applied(school: School, by: User, data: bytes, mode: str = "update", **how: Any) -> RosterImport:
    """An upload that was planned, confirmed and written."""
    return done(services.request_apply(planned(school, by, data, mode), by=by, **how))


def undone(upload: RosterImport, by: User) -> RosterImport:
    """An applied upload taken back."""
    return done(services.request_undo(upload, by=by))


def plan_of(upload: RosterImport) -> Plan:
    """The plan an upload keeps."""
    return unpack_roster(RosterImport.objects.get(pk=upload.pk).plan_data)


def counts(upload: RosterImport, kind: str = "") -> tuple[int, int, int, int]:
    """(new, changed, same, waiting) of a kind of rows, or of all."""
    found = upload.summary[kind] if kind else upload.summary
    return found["new"], found["changed"], found["same"], found["waiting"]


def messages(upload: RosterImport, severity: str = "mistake") -> list[tuple[str, str, str]]:
    """(address, code, text) of every problem."""
    return [(one.address, one.code, one.text) for one in plan_of(upload).mistakes(severity)]


def state(school: School) -> dict[str, Any]:
    """Everything the roster of a school holds, but for versions and moments."""
    unkept = {"version", "updated_at"}

    def rows(model: Any, **where: Any) -> list[Any]:
        fields = [field.attname for field in model._meta.concrete_fields if field.name not in unkept]
        return list(model.objects.filter(**where).order_by("pk").values_list(*fields))

    return {
        "classes": rows(SchoolClass, school=school),
        "pupils": rows(Pupil, school=school),
        "guardians": rows(Guardian, school=school),
        "links": rows(Guardianship, pupil__school=school),
        "led": sorted(ClassTeacher.objects.filter(school_class__school=school).values_list("staff", "school_class")),
    }


def versions(school: School) -> dict[str, list[Any]]:
    """(id, version) of classes, pupils, representatives, and the moments of links."""
    found = {
        model.__name__: list(model.objects.filter(school=school).order_by("pk").values_list("pk", "version"))  # type: ignore[attr-defined]
        for model in (SchoolClass, Pupil, Guardian)
    }
    links = Guardianship.objects.filter(pupil__school=school).order_by("pk").values_list("pk", "updated_at")
    return found | {"Guardianship": list(links)}


def child(school: School, name: str, school_class: SchoolClass | None = None, **facts: Any) -> Pupil:
    """Save a pupil: «Мороз Лев Олегович»."""
    last, first, *middle = name.split()
    facts = {"patronymic": " ".join(middle), "school_class": school_class} | facts
    return Pupil.objects.create(school=school, last_name=last, first_name=first, **facts)


def adult(school: School, name: str, *children: Pupil, kind: str = "mother", **facts: Any) -> Guardian:
    """Save a representative of some pupils; dates of answers go to the links."""
    last, first, *middle = name.split()
    answers = {key: facts.pop(key) for key in ("invited_on", "registered_on", "declined_on") if key in facts}
    saved = Guardian.objects.create(
        school=school, last_name=last, first_name=first, patronymic=" ".join(middle), **facts
    )
    for one in children:
        Guardianship.objects.create(pupil=one, guardian=saved, kind=kind, **answers)
    return saved


def form(school: School, name: str, **facts: Any) -> SchoolClass:
    """Save a class of this year: «5А»."""
    grade = int("".join(sign for sign in name[:2] if sign.isdigit()))
    facts = {"year": year()} | facts
    return SchoolClass.objects.create(school=school, grade=grade, letter=name.removeprefix(str(grade)), **facts)


DAY = datetime.date(2026, 9, 5)
