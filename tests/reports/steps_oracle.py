"""The nine steps counted once more, in plain Python and school by school, as the oracle of the set statement."""

import datetime
from typing import NamedTuple

from django.db.models import Q

from reports.models import Rating, RatingState, SchoolWeek
from schools.models import Appointment, FunctionUse, Guardianship, Pupil, School, SchoolClass
from schools.platforms import SFERUM
from schools.scope import Level
from schools.steps import FUNCTIONS_ENOUGH
from schools.years import school_year_of
from staff.models import ClassTeacher, ImportStage, StaffImport, StaffMember


class Facts(NamedTuple):
    """A school at a step: part, whole, excused, mistakes, has it begun, is it proved."""

    part: int
    whole: int
    excused: int
    mistakes: int
    started: bool
    proved: bool


def present(rows: "object", begins: str, today: datetime.date) -> "object":
    """Rows of people who are there on a day."""
    return rows.filter(Q(**{begins: None}) | Q(**{f"{begins}__lte": today})).filter(  # type: ignore[attr-defined]
        Q(left_on=None) | Q(left_on__gt=today)
    )


def head(today: datetime.date, **place: object) -> Facts:
    """A step that is a person: appointed, and come in at least once."""
    held = [each.user for each in Appointment.objects.active(today).filter(**place).select_related("user")]
    people = [user for user in held if user.is_active]
    connected = any(user.last_login or user.seen_on for user in people)
    return Facts(int(connected), 1, 0, 0, bool(people), connected)


def facts_of(school: School, today: datetime.date) -> dict[int, Facts]:
    """All nine of a school."""
    reconciled = school.reconciled_on is not None
    return {
        1: head(today, level=Level.REGION, region=school.region_id),
        2: Facts(int(reconciled), 1, 0, 0, False, reconciled),
        3: head(today, level=Level.MUNICIPALITY, municipality=school.municipality_id)
        if school.municipality_id
        else Facts(0, 1, 0, 0, False, False),
        4: head(today, level=Level.SCHOOL, school=school),
        5: staff(school, today),
        6: classes(school, today),
        **dict(zip((7, 8), families(school, today), strict=True)),
        9: use(school, today),
    }


def staff(school: School, today: datetime.date) -> Facts:
    """Teachers of the list against the declared number; waiting rows of uploads keep the step open."""
    teachers = len(present(StaffMember.objects.filter(school=school, is_teacher=True), "hired_on", today))  # type: ignore[arg-type]
    waiting = sum(
        int(each.summary.get("waiting") or 0)
        for each in StaffImport.objects.filter(school=school, stage=ImportStage.PLANNED)
    )
    declared = school.declared_teachers or 0
    proved = declared > 0 and teachers * 100 >= 95 * declared and not waiting
    return Facts(teachers, declared, 0, waiting, teachers + waiting > 0, proved)


def classes(school: School, today: datetime.date) -> Facts:
    """Classes of the school year that have a teacher who still works."""
    found = list(SchoolClass.objects.filter(school=school, year=school_year_of(today)))
    led = 0
    for one in found:
        leaders = [row.staff for row in ClassTeacher.objects.filter(school_class=one).select_related("staff")]
        led += any(person.left_on is None or person.left_on > today for person in leaders)
    whole = max(school.declared_classes or 0, len(found))
    return Facts(led, whole, 0, 0, bool(found), whole > 0 and led >= whole)


def families(school: School, today: datetime.date) -> tuple[Facts, Facts]:
    """Representatives and pupils."""
    pupils = list(present(Pupil.objects.filter(school=school), "enrolled_on", today))  # type: ignore[call-overload]
    represented = declined = 0
    for pupil in pupils:
        rows = list(Guardianship.objects.filter(pupil=pupil))
        if any(row.registered_on for row in rows):
            represented += 1
        elif rows and all(row.declined_on for row in rows):
            declined += 1
    declared = school.declared_pupils or 0
    whole = max(declared, len(pupils))
    asked = whole - declined
    enough = bool(pupils) and (asked == 0 or represented * 100 >= 80 * asked)
    return (
        Facts(represented, whole, declined, 0, represented + declined > 0, enough),
        Facts(len(pupils), declared, 0, 0, bool(pupils), declared > 0 and len(pupils) * 100 >= 95 * declared),
    )


def use(school: School, today: datetime.date) -> Facts:
    """The rung of the newest published week, and functions mastered."""
    rating = Rating.objects.filter(state=RatingState.PUBLISHED).order_by("-week", "-revision").first()
    week = rating and SchoolWeek.objects.filter(rating=rating, school=school, platform=SFERUM.number).first()
    mastered = set(FunctionUse.objects.filter(school=school, mastered_on__lte=today).values_list("function", flat=True))
    if week and week.active_chats:
        mastered.add(3)
    uses = int(bool(week and week.uses))
    return Facts(
        uses + len(mastered), 7, 0, 0, uses + len(mastered) > 0, bool(uses) and len(mastered) >= FUNCTIONS_ENOUGH
    )
