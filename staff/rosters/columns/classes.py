"""The sheet «Классы»: a class of the school year, who leads it and how many learn in it."""

from collections.abc import Mapping
from typing import Any

from schools.headers import Column, Headers
from schools.values import clean_class_name
from staff.rosters.columns import cleaners
from staff.rosters.columns.people import LINE_NUMBER, CleanRow, Problems, clean_cells

COLUMNS = (
    Column(
        "row_key", "Код строки", cleaners.clean_row_key, ("row_key",), hidden=True,
        note="По нему узнаём класс при повторной загрузке. Не меняйте.",
    ),
    Column(
        "class_name", "Класс", clean_class_name,
        ("Название", "Название класса", "Наименование класса", "Имя класса", "Класс и литера", "Классы", "title"),
        required=True, width=12, example="5А", note="Параллель и литера вместе: 5А. Пробелы и кавычки уберём сами.",
    ),
    Column(
        "grade", "Параллель", cleaners.clean_grade, ("Год обучения", "Цифра", "Номер класса", "grade"),
        in_template=False, width=12, example="5", note="От 1 до 12. Нужна, если литера в своём столбце.",
    ),
    Column(
        "letter", "Литера", cleaners.clean_letter, ("Буква", "Буква класса", "letter"), in_template=False, width=10,
        example="А", note="Буква или номер класса в параллели.",
    ),
    Column(
        "teachers", "Классный руководитель", cleaners.clean_people,
        (
            "Кл. рук.", "Кл рук", "Классный рук.", "Классный рук-ль", "ФИО классного руководителя", "Руководитель",
            "Классный руководитель (СНИЛС или ФИО)", "СНИЛС классного руководителя", "Классное руководство",
        ),
        width=36, example="Каренина Ольга Семёновна",
        note="ФИО или СНИЛС сотрудника из списка школы; двух пишите через точку с запятой.",
    ),
    Column(
        "declared_pupils", "Число обучающихся", cleaners.clean_declared,
        (
            "Количество учащихся", "Кол-во учащихся", "Наполняемость", "Учащихся", "Учеников", "Количество учеников",
            "Кол-во учеников", "Число учащихся", "Количество обучающихся", "Кол-во обучающихся", "Обучающихся",
        ),
        width=14, example="27", note="По данным школы: сверим с внесёнными.",
    ),
    Column(
        "year", "Учебный год", cleaners.clean_year, ("Уч. год", "schoolYear"), in_template=False, width=14,
        example="2026/27", note="Книгу загружают в один учебный год.",
    ),
    Column(
        "shift", "Смена", cleaners.ignore, (), in_template=False, is_ignored=True,
        note="Смену не храним: для внедрения она не нужна.",
    ),
    Column(
        "pupil_chat", "Чат с обучающимися", cleaners.ignore, ("Чат с учениками", "Чат с учащимися"), in_template=False,
        is_ignored=True, note="Чаты класса ведут на странице чатов.",
    ),
    Column(
        "parent_chat", "Чат с родителями", cleaners.ignore, ("Чат с представителями", "Родительский чат"),
        in_template=False, is_ignored=True, note="Чаты класса ведут на странице чатов.",
    ),
    LINE_NUMBER,
)  # fmt: skip
HEADERS = Headers(
    COLUMNS,
    (("class_name",), ("grade", "letter")),
    sheet="классов",
    foreign=("родител", "представител", "ребен", "ученика", "обучающегося", "рожд", "телефон"),
)
_CLEANERS = {column.key: column.cleaner for column in COLUMNS if not column.is_ignored}


def clean_row(cells: Mapping[str, str]) -> CleanRow:
    """Clean one class; `values["class_name"]` is «5А» however it was given. Never raises."""
    values: dict[str, Any] = {}
    problems: Problems = []
    clean_cells(cells, _CLEANERS, values, problems)
    join_class_name(values, problems, "class_name")
    return CleanRow(values, problems)


def join_class_name(values: dict[str, Any], problems: Problems, key: str) -> None:
    """Where the parallel and the letter have columns of their own, put the name of the class together."""
    grade, letter = values.get("grade"), values.get("letter") or ""
    if values.get(key) and letter and grade is None and values[key].isdecimal():
        grade = int(values[key])  # «5» in the column «Класс», «А» in the column «Литера»
    elif values.get(key) or grade is None:
        return
    cleaned = clean_class_name(f"{grade}{letter if letter.isalpha() else '-' + letter.lstrip('-') if letter else ''}")
    values[key] = cleaned.value
    if cleaned.problem is not None:
        problems.append(("letter", cleaned.problem))
