"""A case for every data check: a defect planted in one school, its clean twin in another."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from typing import Any

from django.utils import timezone

from chats.models import Chat
from reports.demo.codes import make_snils
from reports.models import Rating, RatingState, SchoolWeek, UsageRule
from reports.weeks import IsoWeek
from schools.models import (
    Appointment,
    Guardian,
    Guardianship,
    Pupil,
    School,
    SchoolClass,
    SchoolRegistration,
    StoredFile,
    User,
)
from schools.platforms import MY_SCHOOL, SFERUM
from schools.scope import Level
from schools.years import school_year_of
from staff.models import ClassTeacher, ImportStage, RosterImport, StaffAccount, StaffImport, StaffMember
from tests.conftest import USUAL, make_school

Plant = Callable[[School], Any]
NUMBERS = count(1)
RIGHT_SNILS, WRONG_SNILS = "11223344595", "11223344500"
WEEK = IsoWeek(2026, 46)


@dataclass(frozen=True)
class Case:
    """`wrong` plants rows of which the check finds `found`; `clean` makes what looks alike and is in order."""

    wrong: Plant
    clean: Plant
    found: int = 1


def ago(days: int) -> datetime.date:
    """A day so many days before today; after it where negative."""
    return timezone.localdate() - datetime.timedelta(days=days)


def person(school: School, **facts: Any) -> StaffMember:
    """Save a staff member with whom everything is in order."""
    number = next(NUMBERS)
    usual = {
        "last_name": "Иванова", "first_name": "Анна", "patronymic": "Петровна",
        "snils": make_snils(900_000_000 + number), "born_on": datetime.date(1980, 5, 5),
        "position": "учитель", "is_teacher": True, "hired_on": ago(900),
        "phone": f"+7900{number:07d}", "email": f"p{number}@example.ru",
    }  # fmt: skip
    return StaffMember.objects.create(school=school, **(usual | facts))


def account(staff: StaffMember, **facts: Any) -> StaffAccount:
    """Save a confirmed account."""
    usual = {"platform": SFERUM.number, "is_teacher": True, "profile_on": ago(90), "confirmed_on": ago(80)}
    return StaffAccount.objects.create(staff=staff, school=staff.school, **(usual | facts))


def a_class(school: School, year: int = 0, **facts: Any) -> SchoolClass:
    """Save a class of the present school year, or of one so many years from it."""
    grade = {"grade": next(NUMBERS) % 11 + 1, "letter": f"А{next(NUMBERS)}"}
    return SchoolClass.objects.create(
        school=school, year=school_year_of(timezone.localdate()) + year, **(grade | facts)
    )


def pupil(school: School, **facts: Any) -> Pupil:
    """Save a pupil with whom everything is in order but the class and the family."""
    usual = {"last_name": "Зимин", "first_name": "Пётр", "patronymic": "Ильич", "born_on": ago(365 * 10)}
    return Pupil.objects.create(school=school, **(usual | facts))


def family(school: School, **facts: Any) -> tuple[Pupil, Guardian, Guardianship]:
    """Save a pupil and an invited representative; facts go to the tie, those with `pupil__` to the pupil and so on."""
    of_pupil = {key[7:]: value for key, value in facts.items() if key.startswith("pupil__")}
    of_guardian = {key[10:]: value for key, value in facts.items() if key.startswith("guardian__")}
    link = {key: value for key, value in facts.items() if "__" not in key}
    adult = {"last_name": "Зимина", "first_name": "Ольга", "patronymic": "Олеговна", "phone": "+79005550001"}
    child = pupil(school, **of_pupil)
    guardian = Guardian.objects.create(school=school, **(adult | of_guardian))
    made = Guardianship.objects.create(
        pupil=child, guardian=guardian, kind="mother", **({"invited_on": ago(30)} | link)
    )
    return child, guardian, made


def led_class(school: School, **leader: Any) -> SchoolClass:
    """Save a class with a class teacher."""
    made = a_class(school)
    ClassTeacher.objects.create(staff=person(school, **leader), school_class=made)
    return made


def card(**facts: Any) -> Plant:
    """Give a plant that writes facts on a school's card."""
    return lambda school: School.objects.filter(pk=school.pk).update(**facts)


def named(name: str, **facts: Any) -> Plant:
    """Give a plant that renames a school."""

    def plant(school: School) -> None:
        school.short_name, school.full_name = name, f"Школа {name}"
        for field, value in facts.items():
            setattr(school, field, value)
        school.save()

    return plant


def twin_in(other_municipality: bool) -> Plant:
    """Give a plant that makes a second school of the same name, in the same municipality or in another."""

    def plant(school: School) -> None:
        place = school.municipality
        assert place is not None
        if other_municipality:
            place = type(place).objects.exclude(pk=place.pk).filter(region=place.region)[0]
        twin = make_school(place, f"T{next(NUMBERS)}", school.short_name)
        type(twin).objects.filter(pk=twin.pk).update(name_key=school.name_key)

    return plant


def with_people(**declared: Any) -> Plant:
    """Give a plant: one teacher, one class with a pupil, and the declared numbers."""

    def plant(school: School) -> None:
        person(school)
        pupil(school, school_class=a_class(school))
        card(**declared)(school)

    return plant


def administrator(school: School, days: int = 20, **user: Any) -> Appointment:
    """Appoint an administrator so many days ago."""
    facts = {"username": f"a{next(NUMBERS)}", "last_name": "Тестова"}
    appointed = User.objects.create(**(facts | user))
    return Appointment.objects.create(user=appointed, level=Level.SCHOOL, school=school, starts_on=ago(days))


def former_administrator(days: int) -> Plant:
    """Give a plant: an administrator whose term ended so many days ago."""

    def plant(school: School) -> None:
        held = administrator(school, 100)
        held.ends_on = ago(days)
        held.save()

    return plant


def week(school: School, back: int = 0, platform: int = SFERUM.number, **numbers: Any) -> SchoolWeek:
    """Save the counted week of a school, the last published one or one before it."""
    iso = WEEK.shift(-back)
    rating, _ = Rating.objects.get_or_create(
        week=iso.number,
        revision=1,
        defaults={
            "state": RatingState.PUBLISHED, "rule": UsageRule.for_week(iso), "counted_at": timezone.now(),
            "published_at": timezone.now(), "sha256": "0" * 64,
        },
    )  # fmt: skip
    return SchoolWeek.objects.create(
        rating=rating, platform=platform, school=school, municipality_id=school.municipality_id,
        region_id=school.region_id, **(USUAL | numbers),
    )  # fmt: skip


def weeks(now: dict[str, Any], before: dict[str, Any]) -> Plant:
    """Give a plant: the last week and the one before it."""

    def plant(school: School) -> None:
        week(school, 0, **now)
        week(school, 1, **before)

    return plant


def upload(model: Any, days: int, **facts: Any) -> Plant:
    """Give a plant: an upload that has waited so many days."""

    def plant(school: School) -> None:
        file = StoredFile.objects.create(school=school, shown_name="список.xlsx", size=1, sha256="0" * 64)
        made = model.objects.create(school=school, file=file, **({"stage": ImportStage.PLANNED} | facts))
        moment = timezone.now() - datetime.timedelta(days=days)
        model.objects.filter(pk=made.pk).update(created_at=moment)

    return plant


def chat(school: School, **facts: Any) -> Chat:
    """Save a chat with an owner."""
    usual = {"use_case": 15, "channel": 2, "title": "Чат", "opened_on": ago(60)}
    owner = facts.pop("owner", "somebody")
    given = person(school) if owner == "somebody" else owner
    return Chat.objects.create(school=school, owner=given, **(usual | facts))


def two_chats(channels: tuple[int, int]) -> Plant:
    """Give a plant: two chats of one class and case of use."""

    def plant(school: School) -> None:
        of_class = a_class(school)
        for channel in channels:
            chat(school, school_class=of_class, channel=channel)

    return plant


def several(*plants: Plant) -> Plant:
    """Give a plant of several."""

    def plant(school: School) -> None:
        for each in plants:
            each(school)

    return plant


def of(make: Callable[..., Any], **facts: Any) -> Plant:
    """Give a plant that makes one thing with these facts."""
    return lambda school: make(school, **facts)


def leads(**leader: Any) -> Plant:
    """Give a plant of a class with a class teacher."""
    return lambda school: led_class(school, **leader)


def left_with_account(**facts: Any) -> Plant:
    """Give a plant: somebody who left yesterday, and an account."""
    return lambda school: account(person(school, left_on=ago(1)), **facts)


def working_with_account(**facts: Any) -> Plant:
    """Give a plant: somebody who works, and an account."""
    return lambda school: account(person(school), **facts)


DECLARED = {"declared_teachers": 1, "declared_classes": 1, "declared_pupils": 1, "declared_on": ago(60)}
CLEAN_PERSON = of(person)

CASES: dict[str, Case] = {
    "name_glued": Case(of(person, first_name="Анна-Викторовна", patronymic=""), of(person, first_name="Анна-Мария")),
    "name_not_cyrillic": Case(of(person, last_name="Ivanova"), CLEAN_PERSON),
    "name_mixed_alphabets": Case(of(person, last_name="Ивaнова"), CLEAN_PERSON),
    "name_signs": Case(of(person, last_name="Иванова2"), of(person, last_name="Иванова-Зимина")),
    "name_missing": Case(of(person, last_name=""), of(person, last_name="О")),
    "name_initials": Case(of(person, first_name="А.", patronymic="П."), CLEAN_PERSON),
    "name_letter_case": Case(of(person, last_name="ИВАНОВА"), CLEAN_PERSON),
    "name_swapped": Case(of(person, first_name="Петровна", patronymic="Анна"), CLEAN_PERSON),
    "patronymic_missing": Case(of(person, patronymic=""), of(person, patronymic="", no_patronymic=True)),
    "role_not_teacher": Case(of(person, role="employee"), CLEAN_PERSON),
    "staff_snils_wrong": Case(of(person, snils=WRONG_SNILS), several(CLEAN_PERSON, of(person, snils=""))),
    "staff_snils_missing": Case(of(person, snils=""), CLEAN_PERSON),
    "staff_twice": Case(
        several(of(person), of(person, employment="second")),
        several(of(person), of(person, first_name="Ольга"), of(person, left_on=ago(3))),
        found=2,
    ),
    "staff_no_phone": Case(of(person, phone=""), CLEAN_PERSON),
    "staff_landline": Case(of(person, phone="+78121234567"), several(CLEAN_PERSON, of(person, phone=""))),
    "staff_shared_email": Case(
        several(of(person, email="school@example.ru"), of(person, email="school@example.ru")),
        several(CLEAN_PERSON, of(person, email=""), of(person, email="")),
        found=2,
    ),
    "staff_age": Case(
        of(person, born_on=ago(365 * 12), hired_on=ago(1)), several(CLEAN_PERSON, of(person, born_on=None))
    ),
    "staff_dates": Case(of(person, hired_on=ago(-200)), of(person, hired_on=ago(-20))),
    "staff_no_position": Case(of(person, position=""), CLEAN_PERSON),
    "account_of_left": Case(left_with_account(), several(working_with_account(), left_with_account(closed_on=ago(1)))),
    "account_unconfirmed": Case(
        working_with_account(profile_on=ago(20), confirmed_on=None),
        several(
            working_with_account(profile_on=ago(5), confirmed_on=None),
            lambda school: account(person(school), platform=MY_SCHOOL.number, profile_on=ago(20), confirmed_on=None),
        ),
    ),
    "account_dates": Case(
        working_with_account(profile_on=ago(20), confirmed_on=ago(30)),
        working_with_account(profile_on=ago(20), confirmed_on=ago(20)),
    ),
    "class_without_teacher": Case(of(a_class), several(leads(), of(a_class, year=-1))),
    "class_teacher_left": Case(leads(left_on=ago(2)), leads()),
    "class_without_pupils": Case(
        several(of(a_class), lambda school: pupil(school, school_class=a_class(school))),
        several(lambda school: pupil(school, school_class=a_class(school)), of(a_class, year=-1)),
    ),
    "class_size_differs": Case(
        lambda school: pupil(school, school_class=a_class(school, declared_pupils=20)),
        several(lambda school: pupil(school, school_class=a_class(school, declared_pupils=1)), of(a_class)),
    ),
    "pupil_without_class": Case(
        of(pupil), several(lambda school: pupil(school, school_class=a_class(school)), of(pupil, left_on=ago(1)))
    ),
    "pupil_without_guardian": Case(
        of(pupil), several(of(family, declined_on=ago(3)), of(pupil, born_on=ago(365 * 19)))
    ),
    "pupil_phone_of_guardian": Case(of(family, pupil__phone="+79005550001"), of(family, pupil__phone="+79005550002")),
    "pupil_twice": Case(several(of(pupil), of(pupil)), several(of(pupil), of(pupil, born_on=ago(4000))), found=2),
    "pupil_age": Case(of(pupil, born_on=ago(365 * 2)), several(of(pupil), of(pupil, born_on=None))),
    "pupil_name": Case(of(pupil, last_name="Zimin"), of(pupil, patronymic="")),
    "pupil_snils_wrong": Case(of(pupil, snils=WRONG_SNILS), several(of(pupil, snils=RIGHT_SNILS), of(pupil))),
    "guardian_untouched": Case(
        of(family, invited_on=None),
        several(of(family), of(family, invited_on=None, declined_on=ago(2)), of(family, pupil__left_on=ago(1))),
    ),
    "guardian_unreachable": Case(
        of(family, guardian__phone=""), several(of(family), of(family, guardian__phone="", declined_on=ago(2)))
    ),
    "guardian_of_nobody": Case(
        lambda school: Guardian.objects.create(school=school, last_name="Зимина", first_name="Ольга"), of(family)
    ),
    "guardian_name": Case(of(family, guardian__last_name="Zimina"), of(family, guardian__patronymic="")),
    "not_reconciled": Case(card(reconciled_on=ago(400)), card(reconciled_on=ago(30))),
    "inn": Case(card(inn="7707083890"), card(inn="7707083893")),
    "kpp": Case(card(kpp="7707Я1001"), card(kpp="7707AB001")),
    "ogrn": Case(card(ogrn="1027700132190"), card(ogrn="1027700132195")),
    "oktmo": Case(card(oktmo=""), card(oktmo="40301000")),
    "branch_without_parent": Case(
        named("Филиал школы № 7"),
        lambda school: named("Филиал школы № 8", parent=School.objects.get(code="780001"))(school),
    ),
    "municipality_missing": Case(card(municipality=None), card(municipality=None, subordination="regional")),
    "school_contacts": Case(
        card(director_name="Зимина О. О.", phone="", email="s@example.ru"),
        card(director_name="Зимина О. О.", phone="+7 812 000-00-00", email="s@example.ru"),
    ),
    "school_twice": Case(twin_in(other_municipality=False), twin_in(other_municipality=True)),
    "not_on_sferum": Case(
        lambda school: SchoolRegistration.objects.create(
            school=school, platform=MY_SCHOOL.number, registered_on=ago(100)
        ),
        lambda school: SchoolRegistration.objects.create(school=school, platform=SFERUM.number, registered_on=ago(100)),
    ),
    "declared_missing": Case(card(declared_teachers=40), card(**DECLARED)),
    "declared_old": Case(card(**DECLARED | {"declared_on": ago(500)}), card(**DECLARED)),
    "teachers_over": Case(
        several(of(person), with_people(declared_teachers=1)),
        several(of(person, is_teacher=False), with_people(declared_teachers=1)),
    ),
    "teachers_under": Case(with_people(declared_teachers=10), with_people(declared_teachers=1)),
    "classes_differ": Case(with_people(declared_classes=2), with_people(declared_classes=1)),
    "pupils_differ": Case(with_people(declared_pupils=25), with_people(declared_pupils=1)),
    "no_administrator": Case(former_administrator(20), former_administrator(5)),
    "administrator_never_came": Case(
        of(administrator), several(of(administrator, last_login=timezone.now()), of(administrator, days=3))
    ),
    "active_over_profiles": Case(of(week, active=39, profiles=38), of(week, active=38, profiles=38)),
    "share_over_100": Case(of(week, declared_teachers=30), of(week, declared_teachers=40)),
    "silent": Case(weeks({"active": 0}, {"active": 0}), weeks({"active": 0}, {"active": 4})),
    "activity_jump": Case(weeks({"active": 21}, {"active": 7}), weeks({"active": 20}, {"active": 7})),
    "activity_missing": Case(of(week, active=None), of(week, active=0)),
    "upload_waiting": Case(
        upload(StaffImport, 9), several(upload(StaffImport, 2), upload(StaffImport, 9, stage=ImportStage.APPLIED))
    ),
    "roster_waiting": Case(upload(RosterImport, 9, year=2026), upload(RosterImport, 2, year=2026)),
    "chat_owner_left": Case(
        lambda school: chat(school, owner=person(school, left_on=ago(2))),
        several(of(chat), lambda school: chat(school, owner=person(school, left_on=ago(2)), closed_on=ago(1))),
    ),
    "chat_of_past_year": Case(
        lambda school: chat(school, school_class=a_class(school, year=-1)),
        lambda school: chat(school, school_class=a_class(school)),
    ),
    "chat_twice": Case(two_chats((2, 2)), two_chats((1, 2)), found=2),
    "chat_without_owner": Case(of(chat, owner=None), of(chat)),
}
