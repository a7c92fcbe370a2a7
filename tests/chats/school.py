"""A school with people, classes and families whose chats are known: 11 expected, as tests/chats/test_findings.py."""

import datetime
from dataclasses import dataclass, field
from typing import Any

from chats.models import Chat
from schools.models import Guardian, Pupil, School, SchoolClass
from staff.models import ClassTeacher, StaffMember
from tests.staff.roster_books import adult, child, form
from tests.staff.uploads import person

MAX, VK, FOREIGN = 2, 1, 9
SEPTEMBER = datetime.date(2026, 9, 1)
PEOPLE = (
    ("Директорова", "директор", ""),
    ("Замова", "заместитель директора по учебной работе", ""),
    ("Физикова", "учитель физики", "физика"),
    ("Химикова", "учитель химии", "химия"),
    ("Биологова", "учитель биологии", "биология"),
)


@dataclass
class Made:
    """What the school has."""

    school: School
    staff: list[StaffMember] = field(default_factory=list)
    first: SchoolClass = field(default_factory=SchoolClass)
    sixth: SchoolClass = field(default_factory=SchoolClass)
    pupils: list[Pupil] = field(default_factory=list)
    adults: list[Guardian] = field(default_factory=list)


def make(school: School) -> Made:
    """Save it: classes 1А (Биологова) and 6Б (Физикова), in 6Б two children with a parent each."""
    made = Made(school)
    for name, position, subjects in PEOPLE:
        made.staff.append(
            person(school, name, "Анна", "Юрьевна", position=position, subjects=subjects, known_on=SEPTEMBER)
        )
    made.first, made.sixth = form(school, "1А"), form(school, "6Б")
    ClassTeacher.objects.create(staff=made.staff[4], school_class=made.first)
    ClassTeacher.objects.create(staff=made.staff[2], school_class=made.sixth)
    made.pupils = [child(school, "Мороз Лев Олегович", made.sixth), child(school, "Рябов Пётр Ильич", made.sixth)]
    made.adults = [
        adult(school, "Мороз Зоя Юрьевна", made.pupils[0]),
        adult(school, "Рябова Яна Олеговна", made.pupils[1]),
    ]
    return made


def chat(school: School, use_case: int, **facts: Any) -> Chat:
    """Save a chat in MAX, opened in September."""
    usual: dict[str, Any] = {"title": f"Чат {use_case}", "channel": MAX, "opened_on": SEPTEMBER}
    return Chat.objects.create(school=school, use_case=use_case, **(usual | facts))
