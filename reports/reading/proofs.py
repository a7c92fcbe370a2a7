"""What a finished step of a school rests on, in words: orders of appointments, the day of the reconciliation."""

from django.db import connection
from django.utils import timezone

from reports.reading.rows import day_of
from schools.models import School
from schools.scope import Level
from schools.texts import date_text

_STEP_OF_LEVEL: dict[int, int] = {Level.REGION: 1, Level.MUNICIPALITY: 3, Level.SCHOOL: 4}
_HELD = """
    SELECT level, order_number, order_on, starts_on FROM schools_appointment
    WHERE starts_on <= %s AND (ends_on IS NULL OR ends_on >= %s)
      AND (level = %s AND school_id = %s OR level = %s AND region_id = %s OR level = %s AND municipality_id = %s)
    ORDER BY starts_on DESC, id DESC
"""


def proofs_of(school: School) -> dict[int, str]:
    """Step → «Приказ № 114-ОД от 4 сентября», «Сверена 18 сентября»; one query, nobody's name.

    Of several who hold a place it is the one who has held it longest. The caller has found the school by the rule of
    sight: whoever sees a school may know that its places are held and since when.
    """
    today = timezone.localdate().isoformat()
    places: list[int | None] = [Level.SCHOOL.value, school.pk, Level.REGION.value, school.region_id]
    places += [Level.MUNICIPALITY.value, school.municipality_id]
    with connection.cursor() as cursor:
        cursor.execute(_HELD, [today, today, *places])
        held = cursor.fetchall()
    found = {
        _STEP_OF_LEVEL[level]: f"Приказ № {order}{f' от {date_text(day_of(day))}' if day else ''}"
        if order
        else f"С {date_text(day_of(since))}"
        for level, order, day, since in held
    }
    if school.reconciled_on:
        found[2] = f"Сверена с реестром {date_text(school.reconciled_on)}"
    return found | {6: "У каждого есть классный руководитель"}
