"""The official list that waits for the demo coordinator of the region: four of its schools are not as we know them."""

import csv
import datetime
import io

from schools import jobs
from schools.models import Reconciliation, Region, School, User
from schools.reconciling import services

_HEADER = ("№ п/п", "Полное наименование", "ИНН", "КПП", "ОГРН", "Муниципалитет", "Юридический адрес")
_MOVED, _RENAMED, _DROPPED = 4, 9, 14  # which schools of the list, counted from one
_NEW = "Государственное бюджетное общеобразовательное учреждение средняя общеобразовательная школа № 991"


def leave_reconciliation(today: datetime.date) -> Reconciliation | None:
    """Hold an official list against the demo region's schools as its coordinator would; nothing is decided yet."""
    region = Region.objects.filter(code="78").first()
    actor = User.objects.filter(username="region").first()
    schools = School.objects.filter(region=region).order_by("code")
    if region is None or actor is None or schools.count() <= _DROPPED:
        return None
    name = f"Перечень ОО на {today:%d.%m.%Y}.csv"
    made = services.start_reconciliation(
        region=region, data=_sheet(list(schools)), shown_name=name, partial=False, by=actor
    )
    jobs.run(Reconciliation, made.pk, services.perform)
    made.refresh_from_db()
    return made


def _sheet(schools: list[School]) -> bytes:
    """The list as a ministry sends it: one school moved, one renamed, one not named, one that we have not heard of."""
    text = io.StringIO()
    sheet = csv.writer(text, delimiter=";", lineterminator="\r\n")
    sheet.writerow(_HEADER)
    for number, school in enumerate(schools, start=1):
        if number == _DROPPED:
            continue
        name = school.full_name.replace("средняя ", "", 1) if number == _RENAMED else school.full_name
        address = f"{school.address}, корпус 2" if number == _MOVED else school.address
        place = school.municipality.name if school.municipality else ""
        sheet.writerow((number, name, school.inn, school.kpp, school.ogrn, place, address))
    sheet.writerow((len(schools) + 1, f"{_NEW} Санкт-Петербурга", "", "", "", schools[0].place_name, ""))
    return text.getvalue().encode("utf-8-sig")
