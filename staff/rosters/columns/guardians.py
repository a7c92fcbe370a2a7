"""The sheet «Представители»: an adult, whose legal representative they are, and what they answered."""

from collections.abc import Mapping
from typing import Any

from schools.codes import Problem, clean_email, clean_mobile, clean_snils
from schools.headers import Column, Headers
from schools.values import clean_class_name
from staff.names import gender_of_patronymic
from staff.rosters.columns import cleaners
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

_WHOSE = (
    "представителя", "законного представителя", "родителя", "родителя (законного представителя)", "матери", "мамы",
    "отца", "папы", "опекуна",
)  # fmt: skip
_ALONE = (
    "Представитель", "Законный представитель", "Родитель", "Родитель (законный представитель)", "Родители", "Мать",
    "Отец", "Мама", "Папа",
)  # fmt: skip
_PUPILS = ("обучающегося", "учащегося", "ученика", "ребенка", "воспитанника")
COLUMNS = (
    Column(
        "row_key", "Код представителя", cleaners.clean_row_key, ("row_key", "Код строки"), hidden=True,
        note="По нему узнаём представителя при повторной загрузке. Не меняйте.",
    ),
    Column(
        "pupil_key", "Код обучающегося", cleaners.clean_row_key, ("pupil_key",), hidden=True,
        note="По нему узнаём ребёнка при повторной загрузке. Не меняйте.",
    ),
    *name_columns(_WHOSE, _ALONE, ("Мороз", "Зоя", "Талгатовна")),
    Column(
        "kind", "Кем приходится", cleaners.clean_kind,
        (
            "Тип представителя", "Тип", "Степень родства", "Родство", "Вид представительства", "Статус представителя",
            "Кем является", "Кто", "relation",
        ),
        required=True, width=18, choices=tuple(cleaners.KIND_TITLES.values()), example="мать",
        note="Мать, отец, усыновитель, опекун, попечитель, приёмный родитель или иное.",
    ),
    Column(
        "pupil", "Обучающийся (ФИО)", cleaners.clean_whole_name,
        (
            "Обучающийся", "Учащийся", "Ученик", "Ребенок", "Дети", "Чей представитель",
            *(f"{head} {who}" for head in ("ФИО", "Ф.И.О.", "Ф. И. О.", "Фамилия имя") for who in _PUPILS),
        ),
        required=True, width=34, example="Мороз Лев Олегович", note="Как на листе «Обучающиеся».",
    ),
    Column(
        "pupil_class", "Класс", clean_class_name,
        ("Класс ребенка", "Класс ученика", "Класс обучающегося", "class"), required=True, width=10, example="5А",
        note="Класс ребёнка: отличает однофамильцев.",
    ),
    Column(
        "phone", "Мобильный телефон", clean_mobile,
        (
            "Телефон", "Тел", "Моб. тел.", "Моб. телефон", "Мобильный", "Сотовый", "Номер телефона", "phone",
            "Контактный телефон", "Телефон родителя", "Телефон представителя", "Телефон матери", "Телефон мамы",
        ),
        width=20, example="+7 900 000-14-02", note="По нему входят в «Сферум».",
    ),
    Column(
        "email", "Электронная почта", clean_email,
        ("Почта", "Эл. почта", "Эл почта", "E-mail", "Email", "Mail", "Адрес электронной почты"), width=28,
        example="moroz@mail.example", note="Можно не заполнять.",
    ),
    Column(
        "snils", "СНИЛС", clean_snils,
        ("Страховой номер", "Номер СНИЛС", "СНИЛС родителя", "СНИЛС представителя", "snils"),
        note="По нему узнаём человека при смене фамилии. Виден только вашей школе, можно не заполнять.",
    ),
    Column(
        "invited_on", "Приглашён", cleaners.clean_answer,
        ("Дата приглашения", "Приглашение", "Приглашение отправлено"), width=14, example="02.09.2026",
        note="Дата или «да».",
    ),
    Column(
        "registered_on", "Зарегистрирован", cleaners.clean_answer,
        ("Дата регистрации", "Регистрация", "Зарегистрировался", "Учебный профиль", "Профиль"), width=14,
        example="05.09.2026", note="Дата или «да».",
    ),
    Column(
        "declined_on", "Отказался", cleaners.clean_answer, ("Отказ", "Дата отказа", "Отказался от регистрации"),
        width=14, note="Дата или «да». Отказ — право представителя: напоминать не будем.",
    ),
    Column(
        "consent", "Согласие", cleaners.ignore, ("Согласие (дата)", "Дата согласия", "Согласие на обработку"),
        in_template=False, is_ignored=True, note="Согласия школа хранит у себя.",
    ),
    SEX,
    LINE_NUMBER,
)  # fmt: skip
_FOREIGN = ("сотрудник", "руководител", "учител", "педагог", "должност", "телефон ребен", "телефон учен", "рожд")
HEADERS = Headers(
    COLUMNS,
    (("last_name", "first_name", "pupil"), ("full_name", "pupil")),
    sheet="представителей",
    foreign=_FOREIGN,
)
_CLEANERS = {column.key: column.cleaner for column in COLUMNS if column.key not in NAME_KEYS and not column.is_ignored}


def clean_row(cells: Mapping[str, str]) -> CleanRow:
    """Clean one representative of one pupil. Never raises."""
    values: dict[str, Any] = {}
    problems: Problems = []
    clean_person(cells, values, problems)
    clean_cells(cells, _CLEANERS, values, problems)
    _guess_parent(values, problems)
    if answers_both(values):
        problems.append(("declined_on", Problem("mistake", "registered_and_declined", BOTH_ANSWERS)))
    return CleanRow(values, problems)


BOTH_ANSWERS = "И зарегистрирован, и отказался: оставьте что-то одно"


def answers_both(values: Mapping[str, Any]) -> bool:
    """Whether somebody is told both to have registered and to have refused."""
    registered, declined = values.get("registered_on"), values.get("declined_on")
    return bool(registered and declined and registered.yes and declined.yes)


def _guess_parent(values: dict[str, Any], problems: Problems) -> None:
    """«родитель» of a woman is most likely the mother: offer it."""
    for place, (key, problem) in enumerate(problems):
        if problem.code == "which_parent":
            problems[place] = key, problem._replace(suggestion=parent_of(values["patronymic"]))


def parent_of(patronymic: str) -> str | None:
    """«мать» or «отец» by the patronymic, None where it does not tell."""
    return {"f": "мать", "m": "отец"}.get(gender_of_patronymic(patronymic))
