"""What an upload would do: whom a row names, what changes, what waits and where, who would leave."""

import datetime

import pytest
import time_machine
from django.utils import timezone

from schools.models import SchoolClass
from schools.platforms import SFERUM
from schools.years import school_year_of
from staff.imports import services
from staff.imports.roster import row_key
from staff.models import ClassTeacher, ImportStage, StaffAccount, StaffImport, StaffMember
from staff.names import NO_PATRONYMIC
from tests.conftest import Cast
from tests.staff.uploads import SNILS, applied, counts, csv_of, person, plan_of, planned, versions, work, xlsx_of

pytestmark = pytest.mark.django_db
KEYED = ("Код строки", "Фамилия", "Имя", "Отчество", "СНИЛС")


def codes(upload: StaffImport) -> list[tuple[str, str]]:
    """(address, code) of every mistake."""
    found = [one for row in plan_of(upload).rows for one in row.mistakes if one.severity == "mistake"]
    return [(one.address, one.code) for one in found]


# Four fates of a row


def test_row_is_new_changed_same_or_waits(cast: Cast) -> None:
    person(cast.school, "Седова", "Анна", "Петровна", position="учитель")
    person(cast.school, "Боброва", "Вера", "Ильинична", position="учитель")
    data = csv_of(
        ["Седова", "Анна", "Петровна", "", "", "учитель", ""],
        ["Боброва", "Вера", "Ильинична", "", "", "тьютор", ""],
        ["Ежов", "Олег", "Юрьевич", "", "", "учитель", ""],
        ["Лис1цын", "Пётр", "Юрьевич", "", "", "учитель", ""],
    )

    upload = planned(cast.school, cast.sveta, data)

    assert [row.action for row in plan_of(upload).rows] == ["same", "change", "new", "wait"]
    assert plan_of(upload).rows[1].changes == {"position": ["учитель", "тьютор"]}
    assert counts(upload) == (1, 1, 1, 1, 0)
    assert StaffMember.objects.filter(school=cast.school).count() == 2


def test_mistakes_stand_where_excel_shows_them(cast: Cast) -> None:
    rows: list[list[object]] = [
        ["Список работников"],
        [],
        [],
        ["№", "Отчество", "Имя", "СНИЛС", "Фамилия"],
        [1, "Петровна", "Анна", "112-233-445 96", "Седова"],
        [],
        [2, "Ильинична", "Вера", "", "Бoброва"],  # Latin o
    ]

    upload = planned(cast.school, cast.sveta, xlsx_of(("Лист1", rows)))

    assert codes(upload) == [("D5", "check_digit"), ("E7", "mixed_alphabets")]
    assert plan_of(upload).rows[1].mistakes[0].suggestion == "Боброва"


def test_empty_cells_erase_nothing(cast: Cast) -> None:
    facts = {"snils": SNILS[0], "born_on": datetime.date(1980, 9, 5), "position": "учитель", "personnel_number": "17"}
    known = person(cast.school, "Седова", "Анна", "Петровна", phone="+79000000001", **facts)

    upload = planned(cast.school, cast.sveta, csv_of(["Седова", "Анна", "", "", "", "", ""]))

    assert counts(upload) == (0, 0, 1, 0, 0)
    assert plan_of(upload).rows[0].staff_id == known.pk


def test_same_file_twice_changes_nothing(cast: Cast) -> None:
    headers = ("ФИО", "Классное руководство", "Учебный профиль", "Статус подтверждён", "Ставка", "Дата увольнения")
    data = csv_of(
        ["Седова Анна Петровна", "8А, 7Б", "да", "да", "0,5", ""],
        ["Ежов Олег Юрьевич", "", "да", "", "1", "01.09.2020"],
        ["Ли Вера", "", "", "да", "", ""],
        headers=headers,
    )
    applied(cast.school, cast.sveta, data)
    before = versions(cast.school)

    again = planned(cast.school, cast.sveta, data)

    assert counts(again) == (0, 0, 3, 0, 0)
    assert versions(cast.school) == before


# Whom a row names


def test_row_key_names_a_person_whose_surname_changed(cast: Cast) -> None:
    known = person(cast.school, "Седова", "Анна", "Петровна")
    data = csv_of([row_key(known.pk), "Лебедева", "Анна", "Петровна", ""], headers=KEYED)

    row = plan_of(planned(cast.school, cast.sveta, data)).rows[0]

    assert (row.staff_id, row.changes) == (known.pk, {"last_name": ["Седова", "Лебедева"]})


@pytest.mark.parametrize("kind", ["foreign", "forged"])
def test_key_of_another_school_is_refused_without_a_word_about_it(cast: Cast, kind: str) -> None:
    stranger = person(cast.foreign, "Тайнова", "Ида", "Карловна", snils=SNILS[0])
    key = row_key(stranger.pk) if kind == "foreign" else f"{stranger.pk}-0123456789"
    data = csv_of([key, "Седова", "Анна", "Петровна", SNILS[1]], headers=KEYED)

    upload = planned(cast.school, cast.sveta, data)

    assert codes(upload) == [("A2", "foreign_key")]
    assert "Тайнова" not in repr(plan_of(upload))
    assert counts(upload) == (0, 0, 0, 1, 0)


def test_snils_of_another_school_says_nothing(cast: Cast) -> None:
    person(cast.foreign, "Седова", "Анна", "Петровна", snils=SNILS[0])

    upload = planned(cast.school, cast.sveta, csv_of(["Седова", "Анна", "Петровна", SNILS[0], "", "", ""]))

    assert counts(upload) == (1, 0, 0, 0, 0)


def test_snils_is_surer_than_number_and_number_than_name(cast: Cast) -> None:
    by_snils = person(cast.school, "Седова", "Анна", "Петровна", snils=SNILS[0])
    by_number = person(cast.school, "Седова", "Анна", "Ивановна", personnel_number="17")
    by_name = person(cast.school, "Седова", "Анна", "Юрьевна")
    data = csv_of(
        ["Седова", "Анна", "Ивановна", SNILS[0], "", "", "5"],
        ["Седова", "Анна", "Юрьевна", "", "", "", "17"],
        ["Седова", "Анна", "Юрьевна", "", "", "", "6"],
    )

    plan = plan_of(planned(cast.school, cast.sveta, data))

    assert [row.staff_id for row in plan.rows] == [by_snils.pk, by_number.pk, by_name.pk]


@pytest.mark.parametrize(
    "ours, theirs",
    [
        (("Сёмина", "Алёна", "Петровна"), ("Семина", "Алена", "Петровна")),
        (("Седова", "Вера", "Ильинична"), ("Седова", "Вера", "Ильична")),
        (("Петрова-Водкина", "Анна", "Юрьевна"), ("Петрова - Водкина", "Анна", "Юрьевна")),
        (("Седова", "Анна", "Петровна"), ("СЕДОВА", "АННА", "ПЕТРОВНА")),
        (("Седова", "Анна", ""), ("Седова", "Анна", "Петровна")),
    ],
)
def test_spelling_does_not_make_a_second_person(
    cast: Cast, ours: tuple[str, str, str], theirs: tuple[str, str, str]
) -> None:
    known = person(cast.school, *ours)

    row = plan_of(planned(cast.school, cast.sveta, csv_of([*theirs, "", "", "", ""]))).rows[0]

    assert (row.staff_id, row.action in {"same", "change"}) == (known.pk, True)


def test_latin_letter_does_not_hide_a_person(cast: Cast) -> None:
    person(cast.school, "Седова", "Анна", "Петровна")
    data = csv_of(["Сeдова", "Анна", "Петровна", "", "", "", ""])  # Latin e

    upload = planned(cast.school, cast.sveta, data, "full")

    assert counts(upload) == (0, 0, 0, 1, 0)


def test_namesakes_need_something_that_tells_them_apart(cast: Cast) -> None:
    one = person(cast.school, "Седова", "Анна", "Петровна", born_on=datetime.date(1980, 9, 5))
    person(cast.school, "Седова", "Анна", "Петровна", born_on=datetime.date(1990, 1, 2))
    told = csv_of(["Седова", "Анна", "Петровна", "", "05.09.1980", "", ""])
    untold = csv_of(["Седова", "Анна", "Петровна", "", "", "тьютор", ""])

    assert plan_of(planned(cast.school, cast.sveta, told)).rows[0].staff_id == one.pk
    assert codes(planned(cast.school, cast.sveta, untold)) == [("A2", "namesakes")]


@pytest.mark.parametrize(
    "first, second",
    [
        (["Седова", "Анна", "Петровна", SNILS[0], "", "", ""], ["Лебедева", "Анна", "Петровна", SNILS[0], "", "", ""]),
        (["Седова", "Анна", "Петровна", "", "", "", "17"], ["Седова", "Анна", "Петровна", "", "", "", "17"]),
        (["Сёмина", "Анна", "Петровна", "", "", "", ""], ["Семина", "Анна", "Петровна", "", "", "", ""]),
        (["Седова", "Анна", "", "", "", "", ""], ["Седова", "Анна", "Петровна", SNILS[0], "", "", ""]),
    ],
)
def test_person_twice_in_a_file_waits_the_second_time(cast: Cast, first: list[str], second: list[str]) -> None:
    upload = planned(cast.school, cast.sveta, csv_of(first, second))

    assert counts(upload) == (1, 0, 0, 1, 0)
    assert [code for _, code in codes(upload)] == ["twice"]


@pytest.mark.parametrize("turned", [False, True])
def test_known_person_by_name_alone_and_a_new_namesake_cannot_both_be_right(cast: Cast, turned: bool) -> None:
    person(cast.school, "Седова", "Анна", "Петровна", snils=SNILS[1])
    rows = [["Седова", "Анна", "", "", "", "тьютор", ""], ["Седова", "Анна", "", SNILS[0], "", "учитель", ""]]

    upload = planned(cast.school, cast.sveta, csv_of(*(rows[::-1] if turned else rows)))

    assert plan_of(upload).rows[1].action == "wait"
    assert [code for _, code in codes(upload)] == ["twice"]


def test_two_people_of_one_name_are_two_people(cast: Cast) -> None:
    upload = planned(
        cast.school,
        cast.sveta,
        csv_of(
            ["Седова", "Анна", "Петровна", SNILS[0], "", "", ""],
            ["Седова", "Анна", "Петровна", SNILS[1], "", "", ""],
            ["Ежов", "Олег", "Юрьевич", "", "05.09.1980", "", ""],
            ["Ежов", "Олег", "Юрьевич", "", "06.09.1980", "", ""],
        ),
    )

    assert counts(upload) == (4, 0, 0, 0, 0)


# Somebody else's key, number, СНИЛС


def test_columns_sorted_apart_rename_nobody(cast: Cast) -> None:
    people = [("Седова", "Анна", "Петровна"), ("Ежов", "Олег", "Юрьевич"), ("Боброва", "Вера", "Ильинична")]
    known = [person(cast.school, *names) for names in people]
    keys = [row_key(one.pk) for one in known]
    data = csv_of(*([key, *names, ""] for key, names in zip(keys[1:] + keys[:1], people, strict=True)), headers=KEYED)

    upload = planned(cast.school, cast.sveta, data, "full")

    assert {code for _, code in codes(upload)} == {"other_key"}
    assert counts(upload) == (0, 0, 0, 3, 0)


def test_snils_of_a_colleague_renames_nobody(cast: Cast) -> None:
    person(cast.school, "Седова", "Анна", "Петровна", snils=SNILS[0])

    upload = planned(cast.school, cast.sveta, csv_of(["Ежов", "Олег", "Юрьевич", SNILS[0], "", "", ""]))

    assert codes(upload) == [("D2", "other_snils")]


def test_number_of_a_colleague_is_a_mistake_and_of_one_who_left_is_free(cast: Cast) -> None:
    person(cast.school, "Седова", "Анна", "Петровна", personnel_number="17")
    person(cast.school, "Лебедева", "Ида", "Карловна", personnel_number="18", left_on=datetime.date(2020, 1, 1))
    taken = ["Ежов", "Олег", "Юрьевич", "", "", "", "17"]
    free = ["Ежов", "Олег", "Юрьевич", "", "", "", "18"]

    assert codes(planned(cast.school, cast.sveta, csv_of(taken))) == [("G2", "other_number")]
    assert counts(planned(cast.school, cast.sveta, csv_of(free))) == (1, 0, 0, 0, 0)


def test_two_people_may_swap_their_snils(cast: Cast) -> None:
    anna = person(cast.school, "Седова", "Анна", "Петровна", snils=SNILS[0])
    oleg = person(cast.school, "Ежов", "Олег", "Юрьевич", snils=SNILS[1])
    data = csv_of(
        [row_key(anna.pk), "Седова", "Анна", "Петровна", SNILS[1]],
        [row_key(oleg.pk), "Ежов", "Олег", "Юрьевич", SNILS[0]],
        headers=KEYED,
    )

    upload = applied(cast.school, cast.sveta, data)

    anna.refresh_from_db()
    oleg.refresh_from_db()
    assert (upload.stage, anna.snils, oleg.snils) == ("applied", SNILS[1], SNILS[0])


def test_snils_that_a_colleague_keeps_is_a_mistake(cast: Cast) -> None:
    anna = person(cast.school, "Седова", "Анна", "Петровна", snils=SNILS[0])
    person(cast.school, "Ежов", "Олег", "Юрьевич", snils=SNILS[1])
    data = csv_of([row_key(anna.pk), "Седова", "Анна", "Петровна", SNILS[1]], headers=KEYED)

    assert codes(planned(cast.school, cast.sveta, data)) == [("E2", "snils_taken")]


def test_chain_of_snils_waits_as_a_whole(cast: Cast) -> None:
    anna, oleg, vera = (
        person(cast.school, *names, snils=number)
        for names, number in zip(
            (("Седова", "Анна", "Петровна"), ("Ежов", "Олег", "Юрьевич"), ("Боброва", "Вера", "Ильинична")),
            SNILS,
            strict=False,
        )
    )
    data = csv_of(
        [row_key(anna.pk), "Седова", "Анна", "Петровна", SNILS[1]],
        [row_key(oleg.pk), "Ежов", "Олег", "Юрьевич", SNILS[2]],  # which Вера keeps
        headers=KEYED,
    )

    assert counts(planned(cast.school, cast.sveta, data)) == (0, 0, 0, 2, 0)
    assert vera.snils == SNILS[2]


def test_returning_under_a_snils_that_a_colleague_holds_waits(cast: Cast) -> None:
    gone = person(cast.school, "Седова", "Анна", "Петровна", snils=SNILS[0], left_on=datetime.date(2020, 1, 1))
    person(cast.school, "Ежов", "Олег", "Юрьевич", snils=SNILS[0])
    data = csv_of([row_key(gone.pk), "Седова", "Анна", "Петровна", ""], headers=KEYED)

    assert codes(planned(cast.school, cast.sveta, data)) == [("E2", "snils_taken")]


# Who leaves, who returns


def test_person_who_left_comes_back_by_being_named(cast: Cast) -> None:
    gone = person(cast.school, "Седова", "Анна", "Петровна", left_on=datetime.date(2020, 1, 1))

    row = plan_of(planned(cast.school, cast.sveta, csv_of(["Седова", "Анна", "Петровна", "", "", "", ""]))).rows[0]

    assert (row.staff_id, row.changes) == (gone.pk, {"left_on": ["2020-01-01", None]})


def test_day_of_leaving_to_come_is_not_erased_by_naming_the_person(cast: Cast) -> None:
    next_month = timezone.localdate() + datetime.timedelta(days=30)
    person(cast.school, "Седова", "Анна", "Петровна", left_on=next_month)
    data = csv_of(["Седова", "Анна", "Петровна", "", "", "", ""])

    assert counts(planned(cast.school, cast.sveta, data)) == (0, 0, 1, 0, 0)


def test_leaving_before_the_known_day_of_hiring_is_a_mistake(cast: Cast) -> None:
    person(cast.school, "Седова", "Анна", "Петровна", hired_on=datetime.date(2019, 9, 1))
    data = csv_of(
        ["Седова", "Анна", "Петровна", "01.09.2018"], headers=("Фамилия", "Имя", "Отчество", "Дата увольнения")
    )

    assert codes(planned(cast.school, cast.sveta, data)) == [("D2", "left_before_hired")]


def test_full_list_takes_leave_of_one_not_yet_begun_on_the_day_of_beginning(cast: Cast) -> None:
    begins = timezone.localdate() + datetime.timedelta(days=20)
    person(cast.school, "Седова", "Анна", "Петровна")
    later = person(cast.school, "Ежов", "Олег", "Юрьевич", hired_on=begins)

    upload = applied(cast.school, cast.sveta, csv_of(["Седова", "Анна", "Петровна", "", "", "", ""]), "full")

    later.refresh_from_db()
    assert (upload.stage, later.left_on) == ("applied", begins)


# The full list


def test_full_list_proposes_those_it_does_not_name_and_update_nobody(cast: Cast) -> None:
    person(cast.school, "Седова", "Анна", "Петровна")
    gone = person(cast.school, "Ежов", "Олег", "Юрьевич")
    data = csv_of(["Седова", "Анна", "Петровна", "", "", "", ""])

    assert plan_of(planned(cast.school, cast.sveta, data)).leaving == []
    assert plan_of(planned(cast.school, cast.sveta, data, "full")).leaving == [(gone.pk, "Ежов Олег Юрьевич")]


@pytest.mark.parametrize(
    "cells",
    [
        ("Ежoв", "Олег", "Юрьевич"),  # Latin o
        ("Еж0в", "Олег", "Юрьевич"),
        ("Ежов", "Олег-Юрьевич", ""),
        ("Ежов", "0лег", "Юрьевич"),
        ("???", "Олег", "Юрьевич"),
        ("Ежов", "", ""),
    ],
)
def test_row_that_waits_is_not_a_person_who_left(cast: Cast, cells: tuple[str, str, str]) -> None:
    person(cast.school, "Ежов", "Олег", "Юрьевич")

    upload = planned(cast.school, cast.sveta, csv_of([*cells, "", "", "", ""]), "full")

    assert counts(upload) == (0, 0, 0, 1, 0)


def test_row_of_one_cell_that_waits_is_not_a_person_who_left(cast: Cast) -> None:
    person(cast.school, "Ежов", "Олег", "Юрьевич")

    upload = planned(cast.school, cast.sveta, csv_of(["Ежов 0лег Юрьевич"], headers=("ФИО",)), "full")

    assert counts(upload) == (0, 0, 0, 1, 0)


@pytest.mark.parametrize("month, leaving, held", [(11, 2, False), (11, 3, False), (11, 4, True), (9, 4, False)])
def test_many_leaving_at_once_are_held_in_september_less(cast: Cast, month: int, leaving: int, held: bool) -> None:
    patronymics = [f"{letter}ртуровна" for letter in "АБВГДЕЖЗИК"]
    for patronymic in patronymics:
        person(cast.school, "Седова", "Анна", patronymic)
    rows = [["Седова", "Анна", patronymic, "", "", "", ""] for patronymic in patronymics[leaving:]]

    with time_machine.travel(datetime.datetime(2026, month, 10, 9, tzinfo=datetime.UTC)):
        upload = planned(cast.school, cast.sveta, csv_of(*rows), "full")

    assert (upload.summary["leaving"], upload.summary["held"]) == (leaving, held)


# Profiles and classes


def test_confirmed_status_means_a_profile(cast: Cast) -> None:
    person(cast.school, "Седова", "Анна", "Петровна")
    data = csv_of(["Седова", "Анна", "да"], headers=("Фамилия", "Имя", "Статус подтверждён"))

    row = plan_of(planned(cast.school, cast.sveta, data)).rows[0]

    assert row.changes == {"is_confirmed": [False, True], "has_profile": [False, True]}


def test_profile_taken_away_is_no_longer_confirmed(cast: Cast) -> None:
    known = person(cast.school, "Седова", "Анна", "Петровна")
    day = datetime.date(2026, 1, 1)
    StaffAccount.objects.create(
        staff=known, school=cast.school, platform=SFERUM.number, profile_on=day, confirmed_on=day
    )
    headers = ("Фамилия", "Имя", "Учебный профиль")

    applied(cast.school, cast.sveta, csv_of(["Седова", "Анна", "нет"], headers=headers))
    upload = planned(cast.school, cast.sveta, csv_of(["Седова", "Анна", "да"], headers=headers))

    assert plan_of(upload).rows[0].changes == {"has_profile": [False, True]}


def test_class_of_last_year_is_not_the_class_of_this_one(cast: Cast) -> None:
    known = person(cast.school, "Седова", "Анна", "Петровна")
    year = school_year_of(timezone.localdate())
    old = SchoolClass.objects.create(school=cast.school, year=year - 1, grade=7, letter="Б")
    ClassTeacher.objects.create(staff=known, school_class=old)
    data = csv_of(["Седова", "Анна", "7Б"], headers=("Фамилия", "Имя", "Классное руководство"))

    upload = applied(cast.school, cast.sveta, data)

    assert upload.summary["changed"] == 1
    led = ClassTeacher.objects.filter(staff=known).values_list("school_class__year", flat=True)
    assert sorted(led) == [year - 1, year]


# The sheet


def test_unknown_columns_are_kept_apart_from_what_is_said_of_the_sheet(cast: Cast) -> None:
    data = csv_of(["Седова", "Анна", "синий", "17", "?"], headers=("Фамилия", "Имя", "Цвет", "Рост", ""))

    upload = planned(cast.school, cast.sveta, data)

    assert upload.summary["said"] == []
    assert upload.summary["unknown"] == [["C", "Цвет"], ["D", "Рост"]]
    assert upload.summary["headings"] == [
        ["A", 0, "Фамилия"],
        ["B", 1, "Имя"],
        ["C", 2, "Цвет"],
        ["D", 3, "Рост"],
        ["E", 4, ""],
    ]
    assert counts(upload) == (1, 0, 0, 0, 0)


def test_sheets_that_are_not_read_are_named(cast: Cast) -> None:
    staff = [["Фамилия", "Имя", "Отчество"], ["Седова", "Анна", "Петровна"]]
    others = [(f"Лист {number}", [["что-то", "ещё"]]) for number in range(1, 8)]

    upload = planned(cast.school, cast.sveta, xlsx_of(*others, ("Люди", staff)))

    assert upload.summary["said"] == [
        "Прочитан лист «Люди», другие листы не читаем: «Лист 1», «Лист 2», «Лист 3», «Лист 4», «Лист 5» и ещё 2."
    ]


def test_heading_without_people_is_no_question_about_columns(cast: Cast) -> None:
    upload = planned(cast.school, cast.sveta, csv_of())

    assert upload.stage == ImportStage.REFUSED
    assert "ни одной строки" in upload.summary["refusal"]
    assert upload.plan_data is None


# The patronymic


def warnings(upload: StaffImport) -> list[tuple[str, str, str | None]]:
    """(address, heading, suggestion) of every warning."""
    found = [one for row in plan_of(upload).rows for one in row.mistakes if one.severity == "warning"]
    return [(one.address, one.header, one.suggestion) for one in found]


@pytest.mark.parametrize("known", [{"patronymic": "Петровна"}, {"no_patronymic": True}])
@pytest.mark.parametrize("position", ["учитель", "тьютор"])
def test_nobody_is_asked_for_a_patronymic_the_list_knows(cast: Cast, known: dict[str, str], position: str) -> None:
    person(cast.school, "Седова", "Анна", position="учитель", **known)

    upload = planned(cast.school, cast.sveta, csv_of(["Седова", "Анна", "", "", "", position, ""]))

    assert warnings(upload) == []


@pytest.mark.parametrize(
    "headers, row, address",
    [
        (("ФИО", "Должность"), ["Еолян Нина", "учитель"], "A2"),
        (("Должность", "Фамилия", "Имя"), ["учитель", "Еолян", "Нина"], "C2"),
        (("Отчество", "Фамилия", "Имя"), ["", "Еолян", "Нина"], "A2"),
    ],
)
def test_absent_patronymic_is_said_of_the_patronymic_alone(
    cast: Cast, headers: tuple[str, ...], row: list[str], address: str
) -> None:
    upload = planned(cast.school, cast.sveta, csv_of(row, headers=headers))
    asked = warnings(upload)

    services.fix_cells(upload, fixes={"2:patronymic": NO_PATRONYMIC}, by=cast.sveta)

    assert asked == [(address, "Отчество", NO_PATRONYMIC)]
    values = plan_of(work(upload)).rows[0].values
    assert (values["last_name"], values["first_name"], values["no_patronymic"]) == ("Еолян", "Нина", True)
    assert warnings(upload) == []


# Rows under the list


@pytest.mark.parametrize(
    "row",
    [
        ("Итого: 2", "", "", "", "", "", ""),
        ("Всего педагогов", "2", "", "", "", "", ""),
        ("", "", "", "", "", "в том числе совместителей 1", ""),
        ("Директор ____________ / Зимин И. О. /", "", "", "", "", "", ""),
        ("Исполнитель: Зимин И. О.", "", "", "", "", "", ""),
        ("М.П.", "", "", "", "", "", ""),
    ],
)
def test_total_or_signature_under_the_list_is_passed_over_and_said(cast: Cast, row: tuple[str, ...]) -> None:
    upload = planned(cast.school, cast.sveta, csv_of(("Каренина", "Анна", "Львовна"), row))

    assert counts(upload) == (1, 0, 0, 0, 0)
    assert upload.summary["said"] == ["Строку 3 не читаем: это итог или подпись под списком, а не сотрудник."]
    assert "Зимин" not in str(upload.summary)


@pytest.mark.parametrize(
    "row",
    [
        ("Итого", "Анна", "Львовна", SNILS[0], "", "", ""),
        ("Директор Зимин Игорь Олегович", "", "", "", "", "директор", ""),
        ("Директоренко", "Анна", "Львовна", "", "", "", ""),
        ("Всеголова", "Анна", "Львовна", "", "", "", ""),
    ],
)
def test_a_row_that_may_be_a_person_is_read(cast: Cast, row: tuple[str, ...]) -> None:
    upload = planned(cast.school, cast.sveta, csv_of(row))

    assert upload.summary["rows"] == 1
    assert upload.summary["said"] == []


def test_two_troubles_of_one_cell_are_told_in_one_line(cast: Cast) -> None:
    upload = planned(cast.school, cast.sveta, csv_of(("Подвал: 3",), headers=("ФИО",)))

    (row,) = plan_of(upload).rows
    told = [mistake.message for mistake in row.mistakes if mistake.severity == "mistake"]
    assert told == ["Лишние знаки: оставьте буквы, дефис и апостроф; в имени цифры: уберите их"]


FULL = ("Логин", "Фамилия", "Имя", "Отчество", "Должность")


@pytest.mark.parametrize(
    ("row", "headers"),
    [
        (("ivanov__ii", "Иванов", "Иван", "Иванович", "учитель"), FULL),
        (("Всего классов: 5", "Иванов", "Иван", "Иванович", "учитель"), FULL),
        (("Иванов__Иван__Иванович", "учитель"), ("ФИО", "Должность")),
        (("Директор Иванов Иван Иванович",), ("ФИО",)),
        (("Руководитель Иванов Иван",), ("ФИО",)),
    ],
)
def test_nobody_is_passed_over_and_dismissed_for_what_stands_beside_the_name(
    cast: Cast, row: tuple[str, ...], headers: tuple[str, ...]
) -> None:
    upload = planned(cast.school, cast.sveta, csv_of(row, headers=headers), "full")

    assert upload.summary["rows"] == 1
    assert not any("не читаем" in sentence for sentence in upload.summary["said"])
