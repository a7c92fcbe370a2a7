"""What a finished step of a school rests on, in words: orders of appointments, the day of the reconciliation."""

from django.db.models import Q

from schools.models import Appointment, School
from schools.scope import Level
from schools.texts import date_text

_STEP_OF_LEVEL: dict[int, int] = {Level.REGION: 1, Level.MUNICIPALITY: 3, Level.SCHOOL: 4}


def proofs_of(school: School) -> dict[int, str]:
    """Step → «Приказ № 114-ОД от 4 сентября», «Сверена 18 сентября»; one query, nobody's name.

    Of several who hold a place it is the one who has held it longest. The caller has found the school by the rule of
    sight: whoever sees a school may know that its places are held and since when.
    """
    places = Q(level=Level.SCHOOL, school=school) | Q(level=Level.REGION, region=school.region_id)
    if school.municipality_id is not None:
        places |= Q(level=Level.MUNICIPALITY, municipality=school.municipality_id)
    held = Appointment._default_manager.active().filter(places).order_by("-starts_on", "-pk")  # type: ignore[attr-defined]
    found = {
        _STEP_OF_LEVEL[level]: f"Приказ № {order}{f' от {date_text(day)}' if day else ''}"
        if order
        else f"С {date_text(since)}"
        for level, order, day, since in held.values_list("level", "order_number", "order_on", "starts_on")
    }
    if school.reconciled_on:
        found[2] = f"Сверена с реестром {date_text(school.reconciled_on)}"
    return found | {6: "У каждого есть классный руководитель"}
