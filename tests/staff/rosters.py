"""Generated rosters and files: people with every kind of field, in order and out of it, and what a school may send."""

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from hypothesis import strategies as st

from schools.models import School, SchoolClass
from schools.platforms import SFERUM
from schools.years import school_year_of
from staff.columns import COLUMN_BY_KEY
from staff.models import ClassTeacher, StaffAccount, StaffMember
from tests.staff.uploads import SNILS

LAST = ("Седова", "Ежов", "Сёмина", "Петрова-Водкина", "О", "д’Артаньян")
ODD_LAST = ("ЛЕБЕДЕВА", "седов", "Бoброва", "Лис1цын")
FIRST = ("Анна", "Олег", "Алёна", "Я", "Ирина Мария")
ODD_FIRST = ("анна", "Анна-Викторовна", "Ирина  Мария", "A", "О.")
PATRONYMIC = ("", "Петровна", "Юрьевич", "Ильинична", "Ильична", "Мамед оглы")
ODD_PATRONYMIC = ("нет", "ПЕТРОВНА", "-")
TEXTS = (
    "",
    "учитель",
    "-5 часов",
    "=1+1",
    "@дом",
    "+7 класс",
    "'кавычка",
    " две  щели ",
    "a\x1fb\x1dc",
    "7Б; 8А",
    "\\N",
)
PHONES, ODD_PHONES = ("", "+79000000177", "+78120000177"), ("+7900", "89000000177", "нет")
EMAILS, ODD_EMAILS = ("", "anna@school.example"), ("ANNA@School.example", "анна@школа", "a@b@c")
NUMBERS, ODD_NUMBERS = ("", "", "0127", "127", "№ 5"), ("12.0", "1e5")
BIRTHS = st.one_of(
    st.none(),
    st.dates(datetime.date(1960, 1, 1), datetime.date(2000, 1, 1)),
    st.dates(datetime.date(1960, 1, 1), datetime.date(1962, 1, 1)),
    st.dates(datetime.date(1895, 1, 1), datetime.date(2027, 1, 1)),
)
WORK = st.one_of(st.none(), st.dates(datetime.date(2015, 1, 1), datetime.date(2027, 12, 31)))
CLASSES = ("7Б", "8А", "10-1", "9", "5а", "11К")


def mostly(good: tuple[str, ...], odd: tuple[str, ...]) -> st.SearchStrategy[str]:
    """Usually a value in order: a roster of nothing but mistakes would only ever wait."""
    return st.integers(0, 15).flatmap(lambda dice: st.sampled_from(good if dice else good + odd))


@st.composite
def people(draw: st.DrawFn) -> dict[str, Any]:
    """The facts of a staff member as an administrator, a program or an old version may have left them."""
    hired, left = draw(WORK), draw(st.one_of(st.none(), st.none(), WORK))
    if hired and left and left < hired:
        hired, left = left, hired
    profile = draw(st.sampled_from(["none", "none", "open", "confirmed", "closed"]))
    return {
        "last_name": draw(mostly(LAST, ODD_LAST)),
        "first_name": draw(mostly(FIRST, ODD_FIRST)),
        "patronymic": draw(mostly(PATRONYMIC, ODD_PATRONYMIC)),
        "no_patronymic": draw(st.booleans()),
        "snils": draw(mostly(("", *SNILS), ("123",))),
        "born_on": draw(BIRTHS),
        "position": draw(st.sampled_from(TEXTS)),
        "subjects": draw(st.sampled_from(TEXTS)),
        "role": draw(st.sampled_from(StaffMember.Role.values)),
        "phone": draw(mostly(PHONES, ODD_PHONES)),
        "email": draw(mostly(EMAILS, ODD_EMAILS)),
        "employment": draw(st.sampled_from(StaffMember.Employment.values)),
        "rate": draw(st.sampled_from([None, *map(Decimal, ("0.25", "0.5", "1", "1", "1.33", "2", "3"))])),
        "personnel_number": draw(mostly(NUMBERS, ODD_NUMBERS)),
        "hired_on": hired,
        "left_on": left,
        "note": draw(st.sampled_from(TEXTS)),
        "profile": profile,
        "classes": draw(st.lists(st.sampled_from(CLASSES), unique=True, max_size=2)),
        "year": draw(st.sampled_from([0, 0, -1, 1])),
    }


@contextmanager
def forgotten() -> Iterator[None]:
    """Roll everything back at the end: each example starts from the bare cast."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


rosters = st.lists(people(), max_size=8)
modes = st.sampled_from(["update", "full"])


def save(school: School, roster: list[dict[str, Any]]) -> list[StaffMember]:
    """Write a generated roster into a school; a СНИЛС that two working people would hold stays with the first."""
    held: set[str] = set()
    saved = []
    for facts in roster:
        facts = dict(facts)
        profile, classes, shift = facts.pop("profile"), facts.pop("classes"), facts.pop("year")
        if facts["left_on"] is None and facts["snils"] in held:
            facts["snils"] = ""
        held.add(facts["snils"] if facts["left_on"] is None else "")
        member = StaffMember.objects.create(school=school, **facts)
        saved.append(member)
        if profile != "none":
            _account(member, profile)
        for name in classes:
            _lead(member, name, school_year_of(timezone.localdate()) + shift)
    return saved


def _account(member: StaffMember, profile: str) -> None:
    day = datetime.date(2026, 2, 3)
    StaffAccount.objects.create(
        staff=member,
        school=member.school,
        platform=SFERUM.number,
        channel=1,
        profile_on=day,
        confirmed_on=day if profile == "confirmed" else None,
        closed_on=day if profile == "closed" else None,
    )


def _lead(member: StaffMember, name: str, year: int) -> None:
    grade = int("".join(sign for sign in name[:2] if sign.isdigit()))
    made, _ = SchoolClass.objects.get_or_create(
        school=member.school, year=year, grade=grade, letter=name.removeprefix(str(grade))
    )
    ClassTeacher.objects.create(staff=member, school_class=made)


CELLS: dict[str, st.SearchStrategy[str]] = {
    "last_name": mostly((*LAST, "Лебедева"), ODD_LAST),
    "first_name": mostly(FIRST, ODD_FIRST),
    "patronymic": mostly((*PATRONYMIC, "нет по документам"), ODD_PATRONYMIC),
    "snils": st.sampled_from(("", "", *SNILS)),
    "born_on": mostly(("", "05.09.1980", "5 мая 1990 г.", "01.01.1960"), ("31.02.1990",)),
    "position": st.sampled_from(("", "учитель", "директор", "секретарь", "тьютор")),
    "subjects": st.sampled_from(("", "физика; химия", "физика, химия")),
    "leads_classes": mostly(("", "", "7Б", "8А, 7Б", "5 а"), ("все",)),
    "phone": mostly(("", "8 900 000-01-77"), ("12",)),
    "email": mostly(("", "anna@school.example"), ("анна",)),
    "role": mostly(("", "учитель", "сотрудник"), ("ученик",)),
    "has_profile": st.sampled_from(("", "да", "нет")),
    "is_confirmed": st.sampled_from(("", "да", "нет")),
    "employment": st.sampled_from(("", "совместитель", "основное место")),
    "rate": mostly(("", "0,5", "1"), ("18",)),
    "personnel_number": mostly(NUMBERS, ODD_NUMBERS),
    "hired_on": st.sampled_from(("", "01.09.2019", "01.09.2027")),
    "left_on": st.sampled_from(("", "", "", "01.06.2020", "01.06.2027")),
    "note": st.sampled_from(TEXTS),
}


@st.composite
def files(draw: st.DrawFn) -> tuple[list[str], list[list[str]]]:
    """(headings, rows) of a file a school may bring; the first cell of a row may be the place of a known person."""
    keys = [
        "last_name",
        "first_name",
        *draw(st.lists(st.sampled_from(sorted(set(CELLS) - {"last_name", "first_name"})), unique=True)),
    ]
    rows = draw(st.lists(st.tuples(*(CELLS[key] for key in keys)).map(list), min_size=1, max_size=8))
    keyed = draw(st.booleans())
    headers = [COLUMN_BY_KEY[key].header for key in keys]
    if not keyed:
        return headers, rows
    places = draw(st.permutations([*map(str, range(8)), *[""] * 4]))[: len(rows)]
    return ["Код строки", *headers], [[place, *row] for place, row in zip(places, rows, strict=True)]
