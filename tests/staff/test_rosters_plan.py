"""How rows of a roster are recognised, what keeps them waiting, and what a person does about it."""

import datetime
from typing import Any

import pytest
from django.utils import timezone

from schools.models import Guardian, Guardianship, Pupil, SchoolClass
from staff.models import ClassTeacher, RosterImport, StaffMember
from staff.rosters import services
from staff.rosters.present import row_key
from tests.conftest import Cast, ClientOf
from tests.staff.roster_books import (
    CLASSES,
    GUARDIANS,
    PUPILS,
    adult,
    applied,
    book,
    child,
    counts,
    done,
    form,
    messages,
    plan_of,
    planned,
    state,
    undone,
    versions,
    year,
)
from tests.staff.uploads import SNILS, csv_of, person, xlsx_of

pytestmark = pytest.mark.django_db
LEV = ("Мороз", "Лев", "Олегович", "5А", "05.09.2015", "", "", "")


def pupil(name: str, school_class: str = "5А", **cells: str) -> tuple[str, ...]:
    """A row of the sheet of pupils."""
    last, first, *middle = name.split()
    return (
        last, first, " ".join(middle), school_class, cells.get("born", ""), cells.get("snils", ""),
        cells.get("phone", ""), cells.get("number", ""),
    )  # fmt: skip


def guardian(name: str, kind: str, pupil_name: str, school_class: str = "5А", phone: str = "", answer: str = "") -> Any:
    """A row of the sheet of representatives."""
    return name, kind, pupil_name, school_class, phone, answer


# Which sheet is what


@pytest.mark.parametrize(
    "title, headers, row, kind",
    [
        ("Лист1", ("Фамилия", "Имя", "Отчество", "Класс"), ("Мороз", "Лев", "Олегович", "5А"), "pupils"),
        ("Лист1", ("№", "ФИО ученика", "Кл", "Класс"), ("1", "Мороз Лев Олегович", "", "5А"), "pupils"),
        ("5 «А»", ("№ п/п", "Ф.И.О."), ("1", "Мороз Лев Олегович"), "pupils"),
        ("Лист1", ("Обучающийся", "Параллель", "Литера"), ("Мороз Лев Олегович", "5", "а"), "pupils"),
        ("Лист1", ("Класс", "Классный руководитель"), ("5А", ""), "classes"),
        ("Лист1", ("Параллель", "Литера", "Кол-во учащихся"), ("5", "А", "27"), "classes"),
        ("Лист1", ("Фамилия", "Имя", "Должность"), ("Каренина", "Ольга", "учитель"), "staff"),
        ("Сотрудники", ("Фамилия", "Имя", "Класс"), ("Каренина", "Ольга", "5А"), "staff"),
    ],
)
def test_sheet_is_known_by_its_headings(
    cast: Cast, title: str, headers: tuple[str, ...], row: tuple[str, ...], kind: str
) -> None:
    upload = planned(cast.school, cast.sveta, xlsx_of((title, [headers, row])))

    assert upload.stage == "planned", upload.summary
    assert upload.summary[kind]["new"] == 1


def test_list_of_parents_finds_their_children(cast: Cast) -> None:
    lev = child(cast.school, "Мороз Лев Олегович", form(cast.school, "5А"))
    headers = ("ФИО мамы", "Телефон мамы", "ФИО ребёнка", "Класс", "Степень родства")

    applied(
        cast.school,
        cast.sveta,
        csv_of(("Мороз Зоя Юрьевна", "89000000177", "Мороз Лев", "5а", "мама"), headers=headers),
    )

    assert Guardianship.objects.get().pupil == lev


def test_class_of_a_sheet_is_its_name(cast: Cast) -> None:
    headers = ("№", "ФИО")
    data = xlsx_of(("5А", [headers, (1, "Мороз Лев Олегович")]), ("5-Б класс", [headers, (1, "Рябова Анна Ильинична")]))

    applied(cast.school, cast.sveta, data)

    found = Pupil.objects.values_list("last_name", "school_class__grade", "school_class__letter")
    assert set(found) == {("Мороз", 5, "А"), ("Рябова", 5, "Б")}


@pytest.mark.parametrize("data", [xlsx_of(("План", [("a", "b"), (1, 2)])), csv_of(("1", "2"), headers=("x", "y"))])
def test_file_nobody_knows_is_refused_with_advice(cast: Cast, data: bytes) -> None:
    upload = planned(cast.school, cast.sveta, data)

    assert upload.stage == "refused"
    assert "возьмите наш шаблон" in upload.summary["refusal"]


# What waits, and where


@pytest.mark.parametrize(
    "row, found",
    [
        (pupil("Мороз Лев Олегович", "все"), ("D2", "not_class", "все")),
        (pupil("Мороз Лев Олегович", ""), ("D2", "class_missing", "")),
        (pupil("Мороз Лев Олегович", born="31.02.2015"), ("E2", "no_such_date", "31.02.2015")),
        (pupil("Мороз Лев Олегович", born="05.09.1915"), ("E2", "age", "05.09.1915")),
        (pupil("Мороз Лев Олегович", snils="001-148-559 98"), ("F2", "check_digit", "001-148-559 98")),
        (pupil("Мороз Лев Олегович", phone="12"), ("G2", "not_phone", "12")),
        (pupil("Mороз Лев Олегович"), ("A2", "mixed_alphabets", "Mороз")),
        (("Мороз", "Лев-Олегович", "", "5А", "", "", "", ""), ("B2", "glued", "Лев-Олегович")),
        (("", "Лев", "Олегович", "5А", "", "", "", ""), ("A2", "last_name_missing", "")),
    ],
)
def test_mistake_is_told_at_its_cell(cast: Cast, row: tuple[str, ...], found: tuple[str, str, str]) -> None:
    upload = planned(cast.school, cast.sveta, book(pupils=[row, pupil("Рябова Анна Ильинична")]))

    assert messages(upload) == [found]
    assert counts(upload, "pupils") == (1, 0, 0, 1)


@pytest.mark.parametrize(
    "row, found",
    [
        (guardian("Мороз Зоя Юрьевна", "родитель", "Мороз Лев"), ("B2", "which_parent", "родитель")),
        (guardian("Мороз Зоя Юрьевна", "", "Мороз Лев"), ("B2", "kind_missing", "")),
        (guardian("Мороз Зоя Юрьевна", "сосед", "Мороз Лев"), ("B2", "unknown_kind", "сосед")),
        (guardian("Мороз Зоя Юрьевна", "мать", "Мороз Лёва"), ("C2", "pupil_unknown", "Мороз Лёва")),
        (guardian("Мороз Зоя Юрьевна", "мать", ""), ("C2", "pupil_missing", "")),
        (guardian("Мороз Зоя Юрьевна", "мать", "Мороз Лев", "6Б"), ("D2", "pupil_other_class", "6Б")),
        (guardian("Мороз Зоя Юрьевна", "мать", "Мороз Лев", answer="когда-то"), ("F2", "not_answer", "когда-то")),
    ],
)
def test_mistake_of_a_representative_is_told_at_its_cell(
    cast: Cast, row: tuple[str, ...], found: tuple[str, str, str]
) -> None:
    child(cast.school, "Мороз Лев Олегович", form(cast.school, "5А"))

    upload = planned(cast.school, cast.sveta, book(guardians=[row]))

    assert messages(upload) == [found]


def test_representative_of_a_waiting_pupil_waits_and_says_why(cast: Cast) -> None:
    data = book(
        pupils=[pupil("Мороз Лев Олегович", "все")],
        guardians=[guardian("Мороз Зоя Юрьевна", "мать", "Мороз Лев Олегович")],
    )

    upload = planned(cast.school, cast.sveta, data)

    assert [code for _, code, _ in messages(upload)] == ["not_class", "pupil_waits"]


def test_misspelt_child_is_offered_from_the_class(cast: Cast) -> None:
    child(cast.school, "Мороз Лев Олегович", form(cast.school, "5А"))

    upload = planned(
        cast.school, cast.sveta, book(guardians=[guardian("Мороз Зоя Юрьевна", "мать", "Морозз Лев Олегович")])
    )
    upload = done(services.accept_suggestions(upload, by=cast.sveta))

    assert counts(upload, "guardians") == (1, 0, 0, 0)


# Who is who


def test_namesakes_of_two_classes_are_two_children(cast: Cast) -> None:
    rows = [pupil("Мороз Лев Олегович", "5А"), pupil("Мороз Лев Олегович", "5Б"), pupil("Мороз Лев Олегович", "5А")]

    upload = planned(cast.school, cast.sveta, book(pupils=rows))

    assert counts(upload, "pupils") == (2, 0, 0, 1)
    assert messages(upload) == [("A4", "twice", "Мороз Лев Олегович")]


def test_order_of_rows_does_not_tell_who_is_who(cast: Cast) -> None:
    known = child(cast.school, "Мороз Лев Олегович", form(cast.school, "5А"))
    rows = [pupil("Мороз Лев Олегович", "7Б"), pupil("Мороз Лев Олегович", "5А")]

    plans = [planned(cast.school, cast.sveta, book(pupils=order)) for order in (rows, rows[::-1])]

    for upload in plans:
        assert counts(upload, "pupils") == (1, 0, 1, 0)
        same = next(row for row in plan_of(upload).rows["pupils"] if row.action == "same")
        assert same.id == known.pk


def test_known_pupil_of_another_class_has_moved(cast: Cast) -> None:
    known = child(cast.school, "Мороз Лев Олегович", form(cast.school, "5А"))

    applied(cast.school, cast.sveta, book(pupils=[pupil("Мороз Лев Олегович", "5Б")]))

    known.refresh_from_db()
    assert (str(known.school_class), known.version) == ("5Б", 2)


@pytest.mark.parametrize("turned", [False, True])
def test_rows_of_one_name_and_a_child_of_that_name_wait(cast: Cast, turned: bool) -> None:
    known = child(cast.school, "Мороз Лев Олегович", None, born_on=datetime.date(2015, 9, 5))
    rows = [pupil("Мороз Лев Олегович", "1Б"), pupil("Мороз Лев Олегович", "5А")]

    upload = planned(cast.school, cast.sveta, book(pupils=rows[::-1] if turned else rows), "full")

    assert [code for _, code, _ in messages(upload)] == ["rivals", "rivals"]
    assert upload.summary["leaving"] == 0  # one of them may be he
    upload = done(services.fix_cells(upload, fixes={f"0:{2 if turned else 3}:born_on": "05.09.2015"}, by=cast.sveta))
    done(services.request_apply(upload, by=cast.sveta))
    known.refresh_from_db()
    assert (str(known.school_class), Pupil.objects.count()) == ("5А", 2)


def test_class_tells_namesakes_apart_where_a_row_has_no_patronymic(cast: Cast) -> None:
    child(cast.school, "Мороз Лев", form(cast.school, "1А"))
    child(cast.school, "Мороз Лев Ильич", form(cast.school, "9А"))

    upload = planned(cast.school, cast.sveta, book(pupils=[pupil("Мороз Лев", "9А"), pupil("Мороз Лев", "1А")]))

    assert counts(upload, "pupils") == (0, 0, 2, 0)


def test_namesakes_of_one_telephone_are_told_apart_by_class(cast: Cast) -> None:
    for name in ("5А", "9А"):
        child(cast.school, "Мороз Лев", form(cast.school, name), phone="+79000000177")
    rows = [pupil("Мороз Лев", name, phone="89000000177") for name in ("9А", "5А")]

    upload = planned(cast.school, cast.sveta, book(pupils=rows))

    assert counts(upload, "pupils") == (0, 0, 2, 0)


def test_number_two_children_would_have_is_nobodys(cast: Cast) -> None:
    child(cast.school, "Мороз Лев Олегович", form(cast.school, "5А"))
    rows = [pupil("Мороз Лев Олегович", number="К-2"), pupil("Рябова Анна Ильинична", number="К-2")]
    former = child(cast.school, "Зимин Олег Юрьевич", left_on=datetime.date(2025, 6, 1), external_id="К-3")
    rows.append(pupil("Седов Пётр Ильич", number="К-3"))

    upload = planned(cast.school, cast.sveta, book(pupils=rows))
    assert [(place, code) for place, code, _ in messages(upload)] == [("H2", "number_taken"), ("H3", "number_taken")]

    back = planned(cast.school, cast.sveta, book(pupils=[rows[2], pupil(former.full_name)]))  # and he comes back
    assert [(place, code) for place, code, _ in messages(back)] == [("H2", "number_taken")]


def test_changed_surname_is_known_by_snils(cast: Cast) -> None:
    known = child(cast.school, "Мороз Анна Олеговна", form(cast.school, "5А"), snils=SNILS[0])

    applied(cast.school, cast.sveta, book(pupils=[pupil("Рябова Анна Олеговна", snils="001-148-559 99")]))

    known.refresh_from_db()
    assert known.last_name == "Рябова"


def test_snils_of_another_child_waits(cast: Cast) -> None:
    fifth = form(cast.school, "5А")
    child(cast.school, "Мороз Анна Олеговна", fifth, snils=SNILS[0])
    other = child(cast.school, "Рябов Пётр Ильич", fifth)
    header = ("Код строки", *PUPILS)
    keyed = (row_key("pupil", other.pk), *pupil("Рябов Пётр Ильич", snils="001-148-559 99"))

    upload = planned(cast.school, cast.sveta, xlsx_of(("Обучающиеся", [header, keyed])))

    assert [code for _, code, _ in messages(upload)] == ["snils_taken"]


def test_two_children_swap_their_numbers(cast: Cast) -> None:
    fifth = form(cast.school, "5А")
    one = child(cast.school, "Мороз Анна Олеговна", fifth, snils=SNILS[0])
    other = child(cast.school, "Мороз Инна Олеговна", fifth, snils=SNILS[1])
    header = ("Код строки", *PUPILS)
    rows = [
        (row_key("pupil", one.pk), *pupil("Мороз Анна Олеговна", snils=SNILS[1])),
        (row_key("pupil", other.pk), *pupil("Мороз Инна Олеговна", snils=SNILS[0])),
    ]

    upload = applied(cast.school, cast.sveta, xlsx_of(("Обучающиеся", [header, *rows])))

    assert dict(Pupil.objects.values_list("pk", "snils")) == {one.pk: SNILS[1], other.pk: SNILS[0]}
    undone(upload, cast.sveta)
    assert dict(Pupil.objects.values_list("pk", "snils")) == {one.pk: SNILS[0], other.pk: SNILS[1]}


def test_key_of_another_school_is_a_mistake(cast: Cast) -> None:
    stranger = child(cast.sibling, "Мороз Лев Олегович")
    header = ("Код строки", *PUPILS)
    before = state(cast.sibling)

    upload = planned(cast.school, cast.sveta, xlsx_of(("Обучающиеся", [header, (row_key("pupil", stranger.pk), *LEV)])))
    assert [code for _, code, _ in messages(upload)] == ["foreign_key"]
    upload = done(services.accept_suggestions(upload, by=cast.sveta))  # go by the name instead
    done(services.request_apply(upload, by=cast.sveta))

    assert state(cast.sibling) == before
    assert Pupil.objects.get(school=cast.school).last_name == "Мороз"


def test_columns_sorted_apart_are_noticed(cast: Cast) -> None:
    fifth = form(cast.school, "5А")
    one, other = child(cast.school, "Мороз Лев Олегович", fifth), child(cast.school, "Рябова Анна Ильинична", fifth)
    header = ("Код строки", *PUPILS)
    rows = [(row_key("pupil", other.pk), *LEV), (row_key("pupil", one.pk), *pupil("Рябова Анна Ильинична"))]

    upload = planned(cast.school, cast.sveta, xlsx_of(("Обучающиеся", [header, *rows])))

    assert [code for _, code, _ in messages(upload)] == ["other_key", "other_key"]


# Representatives


@pytest.mark.parametrize(
    "first, second, people",
    [
        (("Мороз Зоя Юрьевна", "89000000177"), ("Мороз Зоя Юрьевна", "8 900 000 01 77"), 1),  # one telephone
        (("Мороз Зоя Юрьевна", ""), ("Мороз Зоя Юрьевна", ""), 1),  # brother and sister
        (("Мороз Зоя Юрьевна", ""), ("Мороз Зоя Ильинична", ""), 2),  # another patronymic
        (("Мороз Зоя Юрьевна", ""), ("Рябова Зоя Юрьевна", ""), 2),
    ],
)
def test_representative_of_brother_and_sister(
    cast: Cast, first: tuple[str, str], second: tuple[str, str], people: int
) -> None:
    pupils = [pupil("Мороз Лев Олегович", "5А"), pupil("Мороз Анна Олеговна", "7Б")]
    guardians = [
        guardian(first[0], "мать", "Мороз Лев Олегович", "5А", first[1]),
        guardian(second[0], "мать", "Мороз Анна Олеговна", "7Б", second[1]),
    ]

    applied(cast.school, cast.sveta, book(pupils=pupils, guardians=guardians))

    assert (Guardian.objects.count(), Guardianship.objects.count()) == (people, 2)


def test_namesakes_of_strange_families_are_two_people_and_it_is_said(cast: Cast) -> None:
    pupils = [pupil("Мороз Лев Олегович", "5А"), pupil("Рябова Анна Ильинична", "7Б")]
    guardians = [
        guardian("Зимина Зоя Юрьевна", "мать", "Мороз Лев Олегович", "5А"),
        guardian("Зимина Зоя Юрьевна", "мать", "Рябова Анна Ильинична", "7Б"),
    ]

    upload = applied(cast.school, cast.sveta, book(pupils=pupils, guardians=guardians))

    assert Guardian.objects.count() == 2
    assert [code for _, code, _ in messages(upload, "warning")] == ["same_name"]


def test_two_rows_of_one_adult_that_disagree_wait(cast: Cast) -> None:
    pupils = [pupil("Мороз Лев Олегович", "5А"), pupil("Мороз Анна Олеговна", "7Б")]
    guardians = [
        guardian("Мороз Зоя Юрьевна", "мать", "Мороз Лев Олегович", "5А", "89000000177"),
        guardian("Мороз Зоя Юрьевна", "мать", "Мороз Анна Олеговна", "7Б", "89000000178"),
    ]

    upload = planned(cast.school, cast.sveta, book(pupils=pupils, guardians=guardians))

    assert messages(upload) == [("E3", "differs", "89000000178")]


@pytest.mark.parametrize(
    "first, second, codes",
    [
        ("Мороз Зоя Юрьевна", "Рябова Зоя Юрьевна", ["differs"]),
        ("Мороз Зоя Юрьевна", "Мороз Зоя нет по документам", ["differs"]),
        ("Мороз Зоя Юрьевна", "Мороз Зоя Юрьевна", []),
    ],
)
def test_two_rows_of_one_adult_under_two_names_wait(cast: Cast, first: str, second: str, codes: list[str]) -> None:
    fifth = form(cast.school, "5А")
    lev, anna = (child(cast.school, name, fifth) for name in ("Мороз Лев Олегович", "Мороз Анна Олеговна"))
    zoya = adult(cast.school, "Мороз Зоя Юрьевна", lev, anna, snils=SNILS[0])
    headers = ("Код представителя", "ФИО представителя", "Кем приходится", "Обучающийся", "Класс")
    key = row_key("guardian", zoya.pk)
    rows = [(key, name, "мать", one.full_name, "5А") for name, one in ((first, lev), (second, anna))]

    upload = planned(cast.school, cast.sveta, csv_of(*rows, headers=headers))

    assert [code for _, code, _ in messages(upload)] == codes


def test_second_row_of_a_new_adult_adds_what_the_first_did_not_say(cast: Cast) -> None:
    fifth = form(cast.school, "5А")
    names = [child(cast.school, name, fifth).full_name for name in ("Мороз Лев Олегович", "Мороз Анна Олеговна")]
    told = ("Мороз Зоя", "Мороз Зоя нет по документам")
    data = book(guardians=[guardian(who, "мать", name) for who, name in zip(told, names, strict=True)])

    applied(cast.school, cast.sveta, data)

    assert Guardian.objects.get().no_patronymic
    assert counts(planned(cast.school, cast.sveta, data), "guardians") == (0, 0, 2, 0)


def test_representative_in_a_full_list_is_of_the_child_who_stays(cast: Cast) -> None:
    child(cast.school, "Мороз Лев Олегович", born_on=datetime.date(2014, 1, 1))
    pupils = [pupil("Мороз Лев Олегович", "5А", born="05.09.2015")]
    zoya = [guardian("Мороз Зоя Юрьевна", "мать", "Мороз Лев Олегович", "")]

    applied(cast.school, cast.sveta, book(pupils=pupils, guardians=zoya), "full")

    assert Guardianship.objects.get().pupil.born_on == datetime.date(2015, 9, 5)


def test_refusal_takes_a_registration_back_and_the_other_way_round(cast: Cast) -> None:
    lev = child(cast.school, "Мороз Лев Олегович", form(cast.school, "5А"))
    zoya = adult(cast.school, "Мороз Зоя Юрьевна", lev, registered_on=datetime.date(2026, 9, 5))
    headers = ("ФИО представителя", "Обучающийся", "Класс", "Зарегистрирован", "Отказался")

    applied(
        cast.school, cast.sveta, csv_of(("Мороз Зоя Юрьевна", "Мороз Лев", "5А", "", "01.10.2026"), headers=headers)
    )
    link = Guardianship.objects.get(guardian=zoya)
    assert (link.registered_on, link.declined_on) == (None, datetime.date(2026, 10, 1))

    applied(cast.school, cast.sveta, csv_of(("Мороз Зоя Юрьевна", "Мороз Лев", "5А", "да", ""), headers=headers))
    link.refresh_from_db()
    assert (link.registered_on, link.declined_on) == (timezone.localdate(), None)


def test_registered_and_refused_at_once_is_a_mistake(cast: Cast) -> None:
    child(cast.school, "Мороз Лев Олегович", form(cast.school, "5А"))
    headers = ("ФИО представителя", "Кем приходится", "Обучающийся", "Класс", "Зарегистрирован", "Отказался")

    row = ("Мороз Зоя Юрьевна", "мать", "Мороз Лев", "5А", "да", "да")
    upload = planned(cast.school, cast.sveta, csv_of(row, headers=headers))

    assert [code for _, code, _ in messages(upload)] == ["registered_and_declined"]


def test_parents_number_for_the_child_is_a_warning(cast: Cast) -> None:
    data = book(
        pupils=[pupil("Мороз Лев Олегович", phone="89000000177")],
        guardians=[guardian("Мороз Зоя Юрьевна", "мать", "Мороз Лев Олегович", "5А", "+7 900 000-01-77")],
    )

    upload = planned(cast.school, cast.sveta, data)

    assert messages(upload, "warning") == [("E2", "pupil_phone", "+7 900 000-01-77")]
    assert counts(upload) == (2, 0, 0, 0)


# Classes and those who lead them


@pytest.mark.parametrize(
    "text, code",
    [
        ("Каренина Ольга Семёновна", ""),
        ("Каренина О. С.", ""),
        ("Каренина Ольга", ""),
        ("О. С. Каренина", ""),
        ("001-138-589 00", ""),
        ("Рябов Пётр", "teacher_unknown"),
        ("001-148-559 99", "teacher_unknown"),
        ("Зимина И.", "teacher_namesakes"),
    ],
)
def test_teacher_is_found_as_people_write_them(cast: Cast, text: str, code: str) -> None:
    teacher = person(cast.school, "Каренина", "Ольга", "Семёновна", snils=SNILS[1])
    person(cast.school, "Зимина", "Инна", "Ильинична")
    person(cast.school, "Зимина", "Ирина", "Юрьевна")
    person(cast.school, "Рябов", "Пётр", left_on=datetime.date(2026, 9, 1))

    upload = planned(cast.school, cast.sveta, book(classes=[("5А", text, "")]))

    assert [one[1] for one in messages(upload)] == ([code] if code else [])
    if not code:
        done(services.request_apply(upload, by=cast.sveta))
        assert ClassTeacher.objects.get().staff == teacher


def test_new_teacher_of_the_same_workbook_leads_a_class(cast: Cast) -> None:
    staff = [("Фамилия", "Имя", "Отчество", "Должность"), ("Каренина", "Ольга", "Семёновна", "учитель")]
    before = state(cast.school)

    upload = applied(cast.school, cast.sveta, book(classes=[("5А", "Каренина О. С.", "")], Сотрудники=staff))

    led = ClassTeacher.objects.get()
    assert (led.staff.last_name, led.school_class.letter) == ("Каренина", "А")
    undone(upload, cast.sveta)
    assert not StaffMember.objects.exists()
    assert state(cast.school) == before


def test_held_sheet_of_staff_is_left_to_its_own_upload(cast: Cast) -> None:
    for number in range(4):
        person(cast.school, f"Каренин{'а' * number}", "Лев", "Ильич")
    rows = [(one.last_name, "Лев", "Ильич", "учитель", "01.11.2026") for one in StaffMember.objects.all()]
    staff = [("Фамилия", "Имя", "Отчество", "Должность", "Дата увольнения"), *rows]

    upload = applied(cast.school, cast.sveta, book(pupils=[LEV], Сотрудники=staff))

    assert not StaffMember.objects.exclude(left_on=None).exists()
    assert Pupil.objects.count() == 1
    assert "подтвердит координатор" in " ".join(upload.summary["said"])


def test_class_is_renamed_by_its_key_and_never_takes_a_name(cast: Cast) -> None:
    fifth = form(cast.school, "5А")
    form(cast.school, "5Б")
    header = ("Код строки", *CLASSES)

    taken = planned(cast.school, cast.sveta, xlsx_of(("Классы", [header, (row_key("class", fifth.pk), "5Б", "", "")])))
    assert [code for _, code, _ in messages(taken)] == ["name_taken"]

    applied(cast.school, cast.sveta, xlsx_of(("Классы", [header, (row_key("class", fifth.pk), "5В", "", "27")])))
    fifth.refresh_from_db()
    assert (fifth.name, fifth.declared_pupils, fifth.version) == ("5В", 27, 2)


def test_class_of_another_year_waits(cast: Cast) -> None:
    headers = ("Класс", "Учебный год", "Классный руководитель")

    upload = planned(cast.school, cast.sveta, csv_of(("5А", "2019/20", ""), headers=headers))

    assert [code for _, code, _ in messages(upload)] == ["other_year"]


# What a person does about it


def test_cell_is_mended_row_is_left_out_and_taken_back(cast: Cast) -> None:
    upload = planned(cast.school, cast.sveta, book(pupils=[pupil("Мороз Лев Олегович", "все"), LEV]))

    upload = done(services.fix_cells(upload, fixes={"0:2:school_class": "5 б"}, by=cast.sveta))
    assert counts(upload, "pupils") == (2, 0, 0, 0)
    upload = done(services.fix_cells(upload, fixes={"0:3:skip": "да"}, by=cast.sveta))
    assert counts(upload, "pupils") == (1, 0, 0, 0)
    upload = done(services.fix_cells(upload, fixes={"0:3:skip": ""}, by=cast.sveta))
    assert counts(upload, "pupils") == (2, 0, 0, 0)


@pytest.mark.parametrize(
    "address", ["0:2:password", "x:2:last_name", "0:99999999:last_name", "last_name", "0:2:", ":::"]
)
def test_no_other_cell_can_be_mended(cast: Cast, address: str) -> None:
    upload = planned(cast.school, cast.sveta, book(pupils=[LEV]))

    with pytest.raises(services.ImportRefused):
        services.fix_cells(upload, fixes={address: "текст"}, by=cast.sveta)


def test_full_list_proposes_who_is_missing_with_a_day(cast: Cast) -> None:
    fifth = form(cast.school, "5А")
    for name in ("Мороз Лев Олегович", "Рябова Анна Ильинична", "Зимин Олег Юрьевич", "Седов Пётр Ильич"):
        child(cast.school, name, fifth, enrolled_on=datetime.date(2026, 9, 1))
    late = child(cast.school, "Озёров Глеб Ильич", fifth, enrolled_on=datetime.date(2027, 1, 9))
    rows = [LEV, pupil("Рябова Анна Ильинична"), pupil("Зимин О1ег", "все")]  # the last one waits, and is not missing

    upload = planned(cast.school, cast.sveta, book(pupils=rows), "full")
    assert [title for _, title in plan_of(upload).leaving] == ["Озёров Глеб Ильич", "Седов Пётр Ильич"]

    done(services.request_apply(upload, by=cast.sveta, left_on=datetime.date(2026, 10, 5)))
    left = dict(Pupil.objects.exclude(left_on=None).values_list("last_name", "left_on"))
    late.refresh_from_db()
    assert left == {"Седов": datetime.date(2026, 10, 5), "Озёров": datetime.date(2027, 1, 9)}


def test_day_of_leaving_is_of_this_year_and_not_ahead(cast: Cast) -> None:
    child(cast.school, "Седов Пётр Ильич", form(cast.school, "5А"))
    upload = planned(cast.school, cast.sveta, book(pupils=[LEV]), "full")

    for day in (datetime.date(2020, 1, 1), timezone.localdate() + datetime.timedelta(days=2)):
        with pytest.raises(services.ImportRefused, match="День выбытия"):
            services.request_apply(upload, by=cast.sveta, left_on=day)


@pytest.mark.parametrize("full", [True, False])
def test_many_leaving_at_once_are_asked_about_once_more(cast: Cast, full: bool) -> None:
    fifth = form(cast.school, "5А")
    names = [f"Седов{'а' * n} Пётр Ильич" for n in range(6)]
    for name in names:
        child(cast.school, name, fifth)
    headers = (*PUPILS, "Выбыл")
    rows = [LEV] if full else [(*pupil(name), "01.10.2026") for name in names]
    data = csv_of(*rows, headers=PUPILS if full else headers)

    upload = planned(cast.school, cast.sveta, data, "full" if full else "update")
    with pytest.raises(services.ImportRefused, match="перестанут учиться 6 из 6"):
        services.request_apply(upload, by=cast.sveta)
    done(services.request_apply(upload, by=cast.sveta, sure=True))

    assert Pupil.objects.exclude(left_on=None).count() == 6


def test_child_who_left_comes_back_when_named(cast: Cast) -> None:
    known = child(cast.school, "Мороз Лев Олегович", form(cast.school, "5А"), left_on=datetime.date(2026, 10, 1))

    applied(cast.school, cast.sveta, book(pupils=[LEV]))

    known.refresh_from_db()
    assert known.left_on is None


# Between the plan and the writing


def test_school_that_changed_meanwhile_is_planned_again(cast: Cast) -> None:
    upload = planned(cast.school, cast.sveta, book(pupils=[LEV]))
    services.request_apply(upload, by=cast.sveta)
    child(cast.school, "Мороз Лев Олегович", form(cast.school, "5А"))

    upload = done(upload)

    assert upload.stage == "planned"
    assert counts(upload, "pupils") == (0, 1, 0, 0)
    assert "План пересчитан" in upload.summary["said"][0]


def test_right_that_ended_writes_nothing(cast: Cast) -> None:
    upload = planned(cast.school, cast.sveta, book(pupils=[LEV]))
    services.request_apply(upload, by=cast.sveta)
    cast.sveta.appointments.update(ends_on=datetime.date(2020, 1, 1), starts_on=datetime.date(2019, 1, 1))

    upload = done(upload)

    assert (upload.state, Pupil.objects.count()) == ("failed", 0)
    assert "нет права" in upload.error


def test_same_file_waiting_is_the_same_upload(cast: Cast) -> None:
    data = book(pupils=[LEV])

    first, second = planned(cast.school, cast.sveta, data), planned(cast.school, cast.sveta, data)

    assert first.pk == second.pk
    assert RosterImport.objects.count() == 1


@pytest.mark.parametrize("year_of", [2019, 2099])
def test_year_is_one_of_those_offered(cast: Cast, year_of: int) -> None:
    with pytest.raises(services.ImportRefused, match="учебный год"):
        planned(cast.school, cast.sveta, book(pupils=[LEV]), year=year_of)


# Undo


def test_undo_keeps_what_was_changed_since_and_tells(cast: Cast) -> None:
    known = child(cast.school, "Рябова Анна Ильинична", form(cast.school, "5А"))
    rows = [LEV, pupil("Рябова Анна Ильинична", "5Б", phone="89000000101")]
    guardians = [
        guardian("Мороз Зоя Юрьевна", "мать", "Мороз Лев Олегович"),
        guardian("Рябов Илья Ильич", "отец", "Рябова Анна Ильинична", "5Б"),
    ]
    upload = applied(cast.school, cast.sveta, book(pupils=rows, guardians=guardians))
    lev = Pupil.objects.get(last_name="Мороз")
    lev.phone = "+79000000199"
    lev.save()

    upload = undone(upload, cast.sveta)

    known.refresh_from_db()
    assert (str(known.school_class), known.phone) == ("5А", "")
    assert Pupil.objects.filter(pk=lev.pk).exists()
    assert list(Guardianship.objects.values_list("pupil", flat=True)) == [lev.pk]
    assert upload.summary["undo"]["kept"] == {
        "обучающиеся": {"изменены после загрузки": 1},
        "представители": {"на них уже ссылаются другие данные": 1},
    }


def test_undo_leaves_the_number_somebody_else_has_taken(cast: Cast) -> None:
    known = child(cast.school, "Мороз Лев Олегович", form(cast.school, "5А"), snils=SNILS[0])
    header = ("Код строки", *PUPILS)
    row = (row_key("pupil", known.pk), *pupil("Мороз Лев Олегович", snils=SNILS[1]))
    upload = applied(cast.school, cast.sveta, xlsx_of(("Обучающиеся", [header, row])))
    child(cast.school, "Рябов Пётр Ильич", snils=SNILS[0])

    upload = undone(upload, cast.sveta)

    known.refresh_from_db()
    assert known.snils == SNILS[1]
    assert upload.summary["undo"]["kept"] == {"обучающиеся": {"их СНИЛС теперь у других": 1}}


def test_undo_returns_a_class_its_name_though_a_new_class_has_taken_it(cast: Cast) -> None:
    fifth = form(cast.school, "5А")
    before = state(cast.school)
    renamed = [("Код строки", *CLASSES), (row_key("class", fifth.pk), "5В", "", "")]
    upload = applied(cast.school, cast.sveta, xlsx_of(("Классы", renamed), ("Обучающиеся", [PUPILS, LEV])))
    assert set(SchoolClass.objects.values_list("letter", flat=True)) == {"А", "В"}

    upload = undone(upload, cast.sveta)

    assert (upload.summary["undo"]["kept"], state(cast.school)) == ({}, before)


def test_undo_has_a_term(cast: Cast, settings: Any) -> None:
    upload = applied(cast.school, cast.sveta, book(pupils=[LEV]))
    RosterImport.objects.filter(pk=upload.pk).update(applied_at=timezone.now() - datetime.timedelta(days=40))

    with pytest.raises(services.ImportRefused, match="срок вышел"):
        services.request_undo(RosterImport.objects.get(pk=upload.pk), by=cast.sveta)


def test_written_rows_grow_their_versions(cast: Cast) -> None:
    lev = child(cast.school, "Мороз Лев Олегович", form(cast.school, "5А"))
    adult(cast.school, "Мороз Зоя Юрьевна", lev)
    before = versions(cast.school)
    header = (*GUARDIANS[:5], "Приглашён")

    data = book(
        classes=[("5А", "", "27")],
        pupils=[(*LEV[:6], "8 900 000-01-78", "")],
        **{"Родители": [header, ("Мороз Зоя Юрьевна", "мать", "Мороз Лев Олегович", "5А", "89000000177", "да")]},
    )
    applied(cast.school, cast.sveta, data)

    after = versions(cast.school)
    for table in ("SchoolClass", "Pupil", "Guardian"):
        assert [version for _, version in after[table]] == [version + 1 for _, version in before[table]]
    assert after["Guardianship"][0][1] > before["Guardianship"][0][1]
    assert SchoolClass.objects.get(year=year()).declared_pupils == 27


# What a stranger's file may hold


def test_what_only_looks_like_a_key_breaks_nothing(cast: Cast) -> None:
    of_class = planned(cast.school, cast.sveta, book(classes=[("5А", "5-А Каренина Ольга Семёновна", "")]))
    keyed = [("Код строки", "Фамилия", "Имя", "Отчество", "Класс"), ("1-абв", "Мороз", "Лев", "Олегович", "5А")]
    of_pupil = planned(cast.school, cast.sveta, book(Дети=keyed))

    assert (of_class.stage, of_pupil.stage) == ("planned", "planned")
    assert [code for _, code, _ in messages(of_pupil)] == ["foreign_key"]


def test_letters_of_one_name_do_not_make_two_names(cast: Cast) -> None:
    fifth = form(cast.school, "5А")
    lev, ira = (child(cast.school, name, fifth) for name in ("Королёв Лев Ильич", "Королёва Ира Ильинична"))
    adult(cast.school, "Королёва Алёна Ивановна", lev, phone="+79000000178")
    rows = [
        guardian(name, "мать", one.full_name, phone="89000000178")
        for name, one in (("Королёва Алёна Ивановна", lev), ("Королева Алена Ивановна", ira))
    ]

    upload = planned(cast.school, cast.sveta, book(guardians=rows))

    assert (messages(upload), upload.summary["waiting"]) == ([], 0)


def test_child_who_stays_left_keeps_no_number_from_a_new_one(cast: Cast) -> None:
    left = datetime.date(2025, 6, 25)
    child(cast.school, "Зимин Лев Олегович", None, external_id="К-3", left_on=left)
    headers = ("Фамилия", "Имя", "Отчество", "Класс", "Номер личного дела", "Мобильный телефон", "Выбыл")
    rows = [
        ("Зимин", "Лев", "Олегович", "", "К-3", "89000000179", "25.06.2025"),
        ("Седов", "Пётр", "Ильич", "5А", "К-3", "", ""),
    ]

    upload = planned(cast.school, cast.sveta, book(Обучающиеся=[headers, *rows]))

    assert "number_taken" not in [code for _, code, _ in messages(upload)]


def test_both_numbers_two_children_would_share_are_told_at_once(cast: Cast) -> None:
    fifth = form(cast.school, "5А")
    for name in ("Зимин Лев Олегович", "Седов Пётр Ильич"):
        child(cast.school, name, fifth)
    rows = [pupil(name, "5А") for name in ("Зимин Лев Олегович", "Седов Пётр Ильич")]
    shared = [(*row[:5], SNILS[0], row[6], "К-2") for row in rows]

    upload = planned(cast.school, cast.sveta, book(pupils=shared))

    assert sorted(code for _, code, _ in messages(upload)) == sorted(["snils_taken", "number_taken"] * 2)


def test_what_is_typed_into_one_of_two_inputs_of_a_cell_is_kept(cast: Cast, client_of: ClientOf) -> None:
    upload = planned(cast.school, cast.sveta, book(pupils=[pupil("Мороз Лев Олегович", "")]))

    answer = client_of(cast.sveta).post(
        f"{upload.get_absolute_url()}act/", {"fix-0:2:school_class": ["5А", ""], "fix": "typed"}
    )

    assert answer.status_code == 303
    assert RosterImport.objects.get(pk=upload.pk).fixes == {"0:2:school_class": "5А"}


def test_footers_of_the_sheet_of_staff_are_told_on_the_page(cast: Cast) -> None:
    staff = [("Фамилия", "Имя", "Отчество", "Должность"), ("Каренина", "Анна", "Львовна", "учитель"), ("Итого: 1",)]

    upload = planned(cast.school, cast.sveta, book(Сотрудники=staff, pupils=[pupil("Мороз Лев Олегович", "5А")]))

    assert (
        "Лист «Сотрудники»: строку 3 не читаем: это итог или подпись под списком, а не сотрудник."
        in (upload.summary["said"])
    )


def test_rivals_are_told_apart_on_the_page_itself(cast: Cast, client_of: ClientOf) -> None:
    child(cast.school, "Мороз Лев Олегович", None, born_on=datetime.date(2015, 9, 5))
    rows = [pupil("Мороз Лев Олегович", "1Б"), pupil("Мороз Лев Олегович", "5А")]
    upload = planned(cast.school, cast.sveta, book(pupils=rows))

    page = client_of(cast.sveta).get(upload.get_absolute_url()).content.decode()

    for row in (2, 3):
        assert f'name="fix-0:{row}:born_on"' in page
        assert f'name="skip" value="0:{row}"' in page


@pytest.mark.parametrize("mode", ["update", "full"])
def test_headings_alone_are_no_list(cast: Cast, mode: str) -> None:
    child(cast.school, "Мороз Лев Олегович", form(cast.school, "5А"))
    empty = book(Сотрудники=[("Фамилия", "Имя", "Отчество", "Должность")])

    upload = planned(cast.school, cast.sveta, empty, mode)

    assert (upload.stage, upload.summary["refusal"][:33]) == ("refused", "Под заголовками нет ни одной запо")
