"""Totals and signatures under lists: passed over and said in every kind of list, and nobody with them."""

import pytest

from schools.footers import is_signature, is_total, said_of
from schools.register.reading import read_register
from tests.conftest import Cast
from tests.staff.roster_books import book, planned
from tests.staff.uploads import csv_of
from tests.staff.uploads import planned as staff_planned

HEADERS = ("Полное наименование", "ИНН", "Адрес")
SCHOOL = ("ГБОУ СОШ № 5", "", "ул. Речная, 1")


@pytest.mark.parametrize("text", ["Итого", "ИТОГО: 3", "Всего педагогов", "в том числе мужчин"])
def test_totals(text: str) -> None:
    assert is_total(text)
    assert not is_signature(text)


@pytest.mark.parametrize(
    "text",
    ["Директор ______", "Начальник отдела / Зимин И. О.", "Исполнитель: Зимин", "М.П.", "______ / Зимин /", "Подпись"],
)
def test_signatures(text: str) -> None:
    assert is_signature(text)


@pytest.mark.parametrize(
    "text",
    ["Всеголова", "Итоговская", "Директоренко", "Директор Зимин Игорь Олегович", "Руководителева Анна", "Иванов__Иван"],
)
def test_people_are_neither(text: str) -> None:
    assert not is_total(text)
    assert not is_signature(text)


def test_many_are_told_by_the_first_five() -> None:
    assert said_of([], "школа", "школы") == []
    assert said_of(list(range(2, 9)), "школа", "школы") == [
        "Строки 2, 3, 4, 5, 6 и другие не читаем: это итоги и подписи под списком, а не школы."
    ]


def test_register_passes_them_over_unless_they_carry_a_code() -> None:
    rows = [SCHOOL, ("Итого", "2", ""), ("Всего организаций: 1", "", ""), ("Начальник отдела / Зимин И. О.", "", "")]

    reading = read_register(csv_of(*rows[:1], *[(name, "", "") for name, _, _ in rows[1:]], headers=HEADERS))

    assert [record.row for record in reading.records] == [2]
    assert "Строки 3, 4, 5 не читаем: это итоги и подписи под списком, а не школы." in reading.said
    kept = read_register(csv_of(("Итого", "7707083893", "ул. Речная, 1"), headers=HEADERS))
    assert len(kept.records) == 1


@pytest.mark.django_db
def test_rosters_pass_them_over_and_say_so(cast: Cast) -> None:
    data = book(
        classes=[("5А", "", ""), ("Итого", "2", "")],
        pupils=[
            ("Мороз", "Лев", "Олегович", "5А", "", "", "", ""),
            ("Всего", "2", "", "", "", "", "", ""),
            ("Директор ______", *[""] * 7),
        ],
    )

    upload = planned(cast.school, cast.sveta, data)

    assert upload.summary["waiting"] == 0
    assert upload.summary["said"] == [
        "Лист «Классы»: строку 3 не читаем: это итог или подпись под списком, а не запись.",
        "Лист «Обучающиеся»: строки 3, 4 не читаем: это итоги и подписи под списком, а не записи.",
    ]


@pytest.mark.parametrize(
    "cells",
    [("", "", "", "Директор"), ("", "Анна", "", "Директор:"), ("Итого", "Анна", "", ""), ("Всего", "", "П.", "")],
)
@pytest.mark.django_db
def test_person_without_a_surname_is_told_of_and_not_passed_over(cast: Cast, cells: tuple[str, ...]) -> None:
    data = csv_of(("Зимин", "Лев", "Ильич", "учитель"), cells, headers=("Фамилия", "Имя", "Отчество", "Должность"))

    upload = staff_planned(cast.school, cast.sveta, data)

    assert upload.summary["new"] + upload.summary["waiting"] == 2
    assert not any("не читаем" in sentence for sentence in upload.summary["said"])
