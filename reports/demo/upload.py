"""The upload that waits for the demo school's administrator: eighteen people, four of them with a hint, two without."""

import csv
import datetime
import io
import random

from reports.demo import names
from reports.demo.names import CULTURES, Name
from reports.demo.positions import teaching_jobs
from reports.demo.schools import MARK
from schools import jobs
from schools.models import School, User
from staff.imports import services
from staff.imports.performing import perform
from staff.models import ImportMode, StaffImport

_HEADER = ("Фамилия", "Имя", "Отчество", "Должность", "Предметы", "Мобильный телефон", "Табельный номер")
_CLEAN = 12
_GLUED, _LATIN = 0, 2
OWN = f"{MARK}-7800001"


def leave_upload(today: datetime.date) -> StaffImport | None:
    """Upload a list as the demo account `school` would, and plan it; nothing is written to the staff."""
    school = School.objects.filter(external_id=OWN).first()
    actor = User.objects.filter(username="school").first()
    if school is None or actor is None:
        return None
    upload = services.start_import(
        school=school, data=_sheet(), shown_name=f"Педагоги {today:%d.%m}.csv", mode=ImportMode.UPDATE, by=actor
    )
    jobs.run(StaffImport, upload.pk, perform)
    upload.refresh_from_db()
    return upload


def _sheet() -> bytes:
    """Return the list as Excel saves it in Russian: semicolons, cp1251 is left to real life."""
    rng = random.Random(375)
    text = io.StringIO()
    sheet = csv.writer(text, delimiter=";", lineterminator="\r\n")
    sheet.writerow(("Список педагогических работников",))
    sheet.writerow(_HEADER)
    for number, job in enumerate(teaching_jobs(rng, _CLEAN + 6)):
        person = names.draw(rng, "f", CULTURES[0])
        phone = f"8 (900) 000-{number + 70:02d}-{rng.randint(10, 99)}"
        person, phone = _with_mistake(rng, number - _CLEAN, person, phone)
        sheet.writerow((person.last, person.first, person.patronymic, *job, phone, f"{900 + number}"))
    return text.getvalue().encode("utf-8-sig")


def _with_mistake(rng: random.Random, number: int, person: Name, phone: str) -> tuple[Name, str]:
    """The last six rows: two glued names, two Latin letters, a phone too short, a digit in a name."""
    if number in {0, 1}:
        return names.spoil(rng, person, _GLUED), phone
    if number in {2, 3}:
        return names.spoil(rng, person, _LATIN), phone
    if number == 4:
        return person, phone[:-1]
    return (person._replace(first=""), phone) if number == 5 else (person, phone)
