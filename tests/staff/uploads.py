"""Uploads for tests: a file made of rows, sent through the same services as the pages, its job done at once."""

import csv
import io
from collections.abc import Iterator, Sequence
from typing import Any

import openpyxl

from schools import jobs
from schools.models import School, User
from staff.imports import services
from staff.imports.performing import perform
from staff.imports.plan import Plan
from staff.imports.stored import unpack_plan
from staff.models import ClassTeacher, StaffAccount, StaffImport, StaffMember

# Numbers with right check digits, of nobody (domain.md 3.3).
SNILS = ("00114855999", "00113858900", "00105882900", "00104885901", "00499697900", "00499797600", "00499897301")
HEADERS = ("Фамилия", "Имя", "Отчество", "СНИЛС", "Дата рождения", "Должность", "Табельный номер")


def csv_of(*rows: Sequence[str], headers: Sequence[str] = HEADERS) -> bytes:
    """A CSV as Excel saves it."""
    text = io.StringIO()
    csv.writer(text, delimiter=";").writerows([headers, *rows])
    return text.getvalue().encode("utf-8-sig")


def xlsx_of(*sheets: tuple[str, Sequence[Sequence[Any]]]) -> bytes:
    """A workbook of named sheets."""
    book = openpyxl.Workbook()
    del book["Sheet"]
    for title, rows in sheets:
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(list(row))
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def work(upload: StaffImport) -> StaffImport:
    """Do an upload's job as a worker would; return the fresh row."""
    jobs.run(StaffImport, upload.pk, perform)
    return StaffImport.objects.get(pk=upload.pk)


def planned(school: School, by: User, data: bytes, mode: str = "update") -> StaffImport:
    """An upload whose plan is made."""
    return work(services.start_import(school=school, data=data, shown_name="список.csv", mode=mode, by=by))


def applied(school: School, by: User, data: bytes, mode: str = "update") -> StaffImport:
    """An upload that was planned, confirmed and written."""
    return work(services.request_apply(planned(school, by, data, mode), by=by))


def undone(upload: StaffImport, by: User) -> StaffImport:
    """An applied upload taken back."""
    return work(services.request_undo(upload, by=by))


def plan_of(upload: StaffImport) -> Plan:
    """The plan an upload keeps."""
    return unpack_plan(StaffImport.objects.get(pk=upload.pk).plan_data)


def counts(upload: StaffImport) -> tuple[int, int, int, int, int]:
    """(new, changed, same, waiting, leaving)."""
    summary = upload.summary
    return summary["new"], summary["changed"], summary["same"], summary["waiting"], summary["leaving"]


def person(school: School, last_name: str, first_name: str, patronymic: str = "", **facts: Any) -> StaffMember:
    """Save a staff member."""
    return StaffMember.objects.create(
        school=school, last_name=last_name, first_name=first_name, patronymic=patronymic, **facts
    )


def state(school: School) -> dict[str, Any]:
    """Everything the staff list of a school holds, but for versions and moments."""
    unkept = {"version", "updated_at"}
    fields = [field.attname for field in StaffMember._meta.concrete_fields if field.name not in unkept]
    accounts = [field.attname for field in StaffAccount._meta.concrete_fields if field.name != "id"]
    return {
        "staff": list(StaffMember.objects.filter(school=school).order_by("pk").values_list(*fields)),
        "accounts": sorted(map(repr, StaffAccount.objects.filter(school=school).values_list(*accounts))),
        "led": sorted(ClassTeacher.objects.filter(staff__school=school).values_list("staff", "school_class")),
        "classes": sorted(school.classes.values_list("pk", "year", "grade", "letter")),
    }


def versions(school: School) -> list[tuple[int, int]]:
    """(id, version) of each person."""
    return list(StaffMember.objects.filter(school=school).order_by("pk").values_list("pk", "version"))


def writes(queries: Sequence[dict[str, str]]) -> Iterator[str]:
    """Statements that write."""
    for query in queries:
        if query["sql"].lstrip().upper().startswith(("INSERT", "UPDATE", "DELETE", "COPY")):
            yield query["sql"]
