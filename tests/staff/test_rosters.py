"""A workbook of classes, pupils and representatives: what is recognised, waits, is written and comes back."""

import datetime

import pytest
from django.utils import timezone

from schools.models import Guardian, Guardianship, Pupil, SchoolClass
from staff.models import ClassTeacher
from staff.rosters.template import school_workbook
from tests.conftest import Cast
from tests.staff.roster_books import (
    adult,
    applied,
    book,
    child,
    counts,
    form,
    plan_of,
    planned,
    state,
    undone,
    versions,
    year,
)
from tests.staff.uploads import SNILS, person

pytestmark = pytest.mark.django_db

LEV = ("Мороз", "Лев", "Олегович", "5 а", "05.09.2015", "", "", "")
ZOYA = ("Мороз Зоя Талгатовна", "мать", "Мороз Лев Олегович", "5-А", "8 900 000-01-77", "05.09.2026")


def test_one_workbook_brings_classes_pupils_and_representatives(cast: Cast) -> None:
    teacher = person(cast.school, "Каренина", "Ольга", "Семёновна")
    data = book(classes=[("5 «А»", "Каренина О. С.", 27)], pupils=[LEV], guardians=[ZOYA])

    upload = applied(cast.school, cast.sveta, data)

    lev = Pupil.objects.get()
    zoya = Guardian.objects.get()
    link = Guardianship.objects.get()
    assert upload.stage == "applied"
    assert (lev.full_name, str(lev.school_class), lev.born_on) == (
        "Мороз Лев Олегович",
        "5А",
        datetime.date(2015, 9, 5),
    )
    assert (zoya.full_name, zoya.phone) == ("Мороз Зоя Талгатовна", "+79000000177")
    assert (link.pupil, link.guardian, link.kind, link.registered_on) == (
        lev,
        zoya,
        "mother",
        datetime.date(2026, 9, 5),
    )
    assert list(ClassTeacher.objects.values_list("staff", "school_class__grade")) == [(teacher.pk, 5)]
    assert SchoolClass.objects.get().declared_pupils == 27


def test_same_workbook_again_writes_nothing(cast: Cast) -> None:
    person(cast.school, "Каренина", "Ольга", "Семёновна")
    data = book(classes=[("5А", "Каренина Ольга", 27)], pupils=[LEV], guardians=[ZOYA])
    applied(cast.school, cast.sveta, data)
    before = versions(cast.school)

    upload = planned(cast.school, cast.sveta, data)

    assert counts(upload) == (0, 0, 3, 0)
    assert versions(cast.school) == before


def test_undo_leaves_nothing_behind(cast: Cast) -> None:
    person(cast.school, "Каренина", "Ольга", "Семёновна")
    before = state(cast.school)
    data = book(classes=[("5А", "Каренина Ольга", 27)], pupils=[LEV], guardians=[ZOYA])

    upload = undone(applied(cast.school, cast.sveta, data), cast.sveta)

    assert upload.summary["undo"] == {"restored": 0, "removed": 4, "kept": {}}
    assert state(cast.school) == before


def test_class_named_by_pupils_alone_comes_into_being(cast: Cast) -> None:
    upload = planned(cast.school, cast.sveta, book(pupils=[LEV]))

    assert plan_of(upload).made_classes == ["5А"]
    assert upload.summary["made_classes"] == 1


def test_every_spelling_is_one_class(cast: Cast) -> None:
    names = ("5 А", "5-а", '5"А"', "5A", "5 класс А", "5А")
    rows = [
        ("Мороз", f"Лев{letter}", "Олегович", name, "", "", "", "")
        for letter, name in zip("абвгде", names, strict=True)
    ]

    applied(cast.school, cast.sveta, book(pupils=rows))

    assert list(SchoolClass.objects.values_list("grade", "letter")) == [(5, "А")]
    assert Pupil.objects.filter(school_class__letter="А").count() == len(names)


def test_template_uploaded_as_it_came_changes_nothing(cast: Cast) -> None:
    teacher = person(cast.school, "Каренина", "Ольга", "Семёновна")
    fifth = form(cast.school, "5А", declared_pupils=27)
    ClassTeacher.objects.create(staff=teacher, school_class=fifth)
    lev = child(
        cast.school,
        "Мороз Лев Олегович",
        fifth,
        born_on=datetime.date(2015, 9, 5),
        snils=SNILS[0],
        phone="+79000000101",
    )
    anna = child(cast.school, "Мороз Анна", fifth, no_patronymic=True)
    adult(cast.school, "Мороз Зоя Талгатовна", lev, anna, phone="+79000000177", registered_on=datetime.date(2026, 9, 5))
    child(cast.school, "Рябов Пётр", None, left_on=datetime.date(2026, 10, 1))
    before = versions(cast.school)

    upload = planned(cast.school, cast.sveta, school_workbook(cast.school, year(), timezone.localdate()), "full")

    assert (counts(upload), upload.summary["leaving"]) == ((0, 0, 5, 0), 0)
    assert upload.summary["staff"]["same"] == 1
    assert versions(cast.school) == before
