"""The sheet «Обучающиеся»: a child, the class, and what tells one namesake from another."""

from collections.abc import Mapping
from typing import Any

from schools.codes import Problem, clean_mobile, clean_snils
from schools.headers import Column, Headers
from schools.values import clean_class_name
from staff.rosters.columns import cleaners
from staff.rosters.columns.classes import join_class_name
from staff.rosters.columns.people import (
    LINE_NUMBER,
    NAME_KEYS,
    SEX,
    CleanRow,
    Problems,
    clean_cells,
    clean_person,
    name_columns,
)

_WHOSE = ("обучающегося", "учащегося", "ученика", "ребенка", "воспитанника", "школьника")
_ALONE = ("Обучающийся", "Учащийся", "Ученик", "Ребенок", "Обучающиеся", "Учащиеся", "Ученики", "Список класса")
COLUMNS = (
    Column(
        "row_key", "Код строки", cleaners.clean_row_key, ("row_key",), hidden=True,
        note="По нему узнаём обучающегося при повторной загрузке. Не меняйте.",
    ),
    *name_columns(_WHOSE, _ALONE, ("Мороз", "Лев", "Олегович")),
    Column(
        "school_class", "Класс", clean_class_name,
        ("Класс обучения", "Класс ученика", "Класс обучающегося", "Учебный класс", "class"), required=True, width=10,
        example="5А", note="5А, 5 А, 5-а, 5 \"А\" — один и тот же класс.",
    ),
    Column(
        "grade", "Параллель", cleaners.clean_grade, ("Год обучения", "grade"), in_template=False, width=12,
        note="Нужна, если литера в своём столбце.",
    ),
    Column(
        "letter", "Литера", cleaners.clean_letter, ("Буква", "Буква класса"), in_template=False, width=10,
        note="Буква или номер класса в параллели.",
    ),
    Column(
        "born_on", "Дата рождения", cleaners.clean_pupil_birth_date,
        ("Др", "Д.р.", "Д/р", "Родился", "День рождения", "Дата рожд", "birthday", "birth date", "birthDate"),
        width=14, example="05.09.2015", note="Помогает не спутать однофамильцев.",
    ),
    Column(
        "snils", "СНИЛС", clean_snils, ("Страховой номер", "Номер СНИЛС", "СНИЛС ребенка", "СНИЛС ученика", "snils"),
        note="По нему узнаём ребёнка при смене фамилии. Виден только вашей школе, можно не заполнять.",
    ),
    Column(
        "phone", "Мобильный телефон", clean_mobile,
        (
            "Телефон", "Тел", "Моб. тел.", "Моб. телефон", "Мобильный", "Сотовый", "Номер телефона", "phone",
            "Телефон ребенка", "Телефон ученика", "Телефон обучающегося",
        ),
        width=20, example="", note="Телефон самого ребёнка, не родителя: по нему входят в «Сферум».",
    ),
    Column(
        "external_id", "Номер личного дела", cleaners.clean_number,
        (
            "Личное дело", "№ личного дела", "Номер дела", "Внешний ID", "ID", "ID ученика", "Идентификатор",
            "Номер в другой системе", "Табельный номер", "identifier",
        ),
        width=16, example="К-127", note="Номер в журнале школы или другой системе: по нему тоже узнаём ребёнка.",
    ),
    Column(
        "enrolled_on", "Зачислен", cleaners.clean_school_date,
        ("Дата зачисления", "Принят", "Дата приема", "Зачисление"), width=14, example="01.09.2026",
        note="С этого дня учится в школе.",
    ),
    Column(
        "left_on", "Выбыл", cleaners.clean_school_date,
        ("Отчислен", "Дата отчисления", "Дата выбытия", "Отчисление", "Выбытие"), width=14,
        note="С этого дня не учится в школе. Никого не удаляем.",
    ),
    Column(
        "has_profile", "Учебный профиль", cleaners.ignore, ("Профиль", "Профиль создан"), in_template=False,
        is_ignored=True, note="Профиль ребёнка видно по тому, что зарегистрирован представитель.",
    ),
    SEX,
    LINE_NUMBER,
)  # fmt: skip
_FOREIGN = (
    "родител", "представител", "матер", "мамы", "мать", "отца", "отец", "папы", "сотрудник", "руководител", "учител",
    "педагог", "должност",
)  # fmt: skip
HEADERS = Headers(COLUMNS, (("last_name", "first_name"), ("full_name",)), sheet="обучающихся", foreign=_FOREIGN)
_CLEANERS = {column.key: column.cleaner for column in COLUMNS if column.key not in NAME_KEYS and not column.is_ignored}


def clean_row(cells: Mapping[str, str]) -> CleanRow:
    """Clean one pupil. Never raises."""
    values: dict[str, Any] = {}
    problems: Problems = []
    clean_person(cells, values, problems)
    clean_cells(cells, _CLEANERS, values, problems)
    if "grade" in values or "letter" in values:
        join_class_name(values, problems, "school_class")
    enrolled, left, born = values.get("enrolled_on"), values.get("left_on"), values.get("born_on")
    if enrolled and left and left < enrolled:
        message = "Выбыл раньше, чем зачислен: проверьте обе даты"
        problems.append(("left_on", Problem("mistake", "left_before_enrolled", message)))
    if born and enrolled and enrolled <= born:
        message = "Зачислен раньше, чем родился: проверьте обе даты"
        problems.append(("enrolled_on", Problem("mistake", "enrolled_before_born", message)))
    return CleanRow(values, problems)
