"""Columns of the spreadsheet of school administrators, under any usual heading (pure)."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from schools.appointing.people import NAME_CLEANERS, clean_order_day, split_name
from schools.codes import Cleaned, Problem, clean_email, clean_phone, fold, tidy
from schools.headers import Column, HeaderMatch, Headers, Row
from schools.values import clean_date, clean_text


def clean_code(text: str) -> Cleaned[str]:
    """A school's code, or its ИНН or ОГРН: Excel's «780001.0» is 780001."""
    code = re.sub(r"(?<=[0-9])\.0+$", "", tidy(text))
    return clean_text(code, 64)


def clean_order(text: str) -> Cleaned[str]:
    """The number of an order without the sign «№»."""
    number = re.sub(r"(?<=[0-9])\.0+$", "", tidy(text)).lstrip("№ ")
    number = "" if fold(number) in {"-", "нет", "б/н"} else number
    return Cleaned(number)


def clean_title(text: str) -> Cleaned[str]:
    """A school's name."""
    return clean_text(text, 300)


def ignore(text: str) -> Cleaned[str]:
    """The cell is not read."""
    return Cleaned("")


COLUMNS = (
    Column(
        "code",
        "Код школы",
        clean_code,
        ("Код", "Код ОО", "Код ОУ", "Код организации", "ИНН", "ИНН школы", "ИНН ОО", "ОГРН", "Идентификатор ОО"),
        required=True,
        width=14,
        note="Код из портала, ИНН или ОГРН. В шаблоне уже вписан.",
    ),
    Column(
        "school",
        "Школа",
        clean_title,
        (
            "Название школы",
            "Наименование школы",
            "Наименование ОО",
            "Наименование",
            "Краткое наименование",
            "Образовательная организация",
            "Общеобразовательная организация",
            "Организация",
            "ОО",
            "ОУ",
        ),
        width=44,
        note="Для вас: школу узнаём по коду, а без кода — по названию, как оно записано в портале.",
    ),
    Column(
        "full_name",
        "ФИО",
        split_name,
        (
            "Ф.И.О.",
            "Ф. И. О.",
            "ФИО администратора",
            "ФИО ответственного",
            "ФИО администратора ОО",
            "ФИО полностью",
            "Фамилия, имя, отчество",
            "Администратор",
            "Администратор ОО",
            "Администратор школы",
            "Ответственный",
        ),
        required=True,
        width=36,
        example="Зимина Светлана Игоревна",
        note="Фамилия, имя и отчество через пробел.",
    ),
    Column("last_name", "Фамилия", NAME_CLEANERS["last_name"], ("Фамилия администратора",), in_template=False),
    Column("first_name", "Имя", NAME_CLEANERS["first_name"], ("Имя администратора",), in_template=False),
    Column("patronymic", "Отчество", NAME_CLEANERS["patronymic"], ("Отчество администратора",), in_template=False),
    Column(
        "email",
        "Электронная почта",
        clean_email,
        ("E-mail", "Email", "Почта", "Эл. почта", "Эл почта", "Адрес электронной почты", "Электронный адрес", "mail"),
        required=True,
        width=30,
        example="zimina@school375.example",
        note="На неё придёт приглашение. Без почты человека назначим, а ссылку вы передадите сами.",
    ),
    Column(
        "phone",
        "Телефон",
        clean_phone,
        ("Тел", "Контактный телефон", "Мобильный телефон", "Номер телефона", "Телефон администратора"),
        width=20,
        example="+7 900 000-31-77",
        note="Виден вам и тем, кто стоит выше.",
    ),
    Column(
        "order_number",
        "Приказ №",
        clean_order,
        ("Номер приказа", "Приказ", "Реквизиты приказа", "№ приказа", "Приказ о назначении"),
        width=16,
        example="114-ОД",
        note="Номер приказа школы о назначении.",
    ),
    Column(
        "order_on",
        "Дата приказа",
        clean_date,
        ("Дата", "Дата назначения приказом", "От какого числа", "Приказ от"),
        width=14,
        example="01.09.2026",
        note="ДД.ММ.ГГГГ.",
    ),
    Column(
        "starts_on",
        "Назначен с",
        clean_date,
        ("Дата назначения", "Начало", "С какого числа", "Начало полномочий", "Назначена с"),
        width=14,
        note="Пусто — с сегодняшнего дня.",
    ),
    Column("municipality", "Муниципалитет", ignore, ("Район", "МО", "Округ"), in_template=False, is_ignored=True),
    Column("position", "Должность", ignore, ("Должность администратора",), in_template=False, is_ignored=True),
    Column("line_number", "№", ignore, ("№ п/п", "п/п", "N п/п", "N", "No"), in_template=False, is_ignored=True),
)
COLUMN_BY_KEY: Mapping[str, Column] = {column.key: column for column in COLUMNS}
_NAMES = (("full_name",), ("last_name", "first_name"))
_HEADERS = Headers(
    COLUMNS,
    tuple((place, *names) for place in ("code", "school") for names in _NAMES),
    sheet="администраторов школ",
    foreign=("директор", "руководител", "родител", "учител"),
)


def match_headers(rows: Sequence[Row]) -> HeaderMatch:
    """Find the header in rows of text; see `schools.headers.Headers.match`."""
    return _HEADERS.match(rows)


def clean_record(cells: Mapping[str, str]) -> tuple[dict[str, Any], list[tuple[str, Problem]]]:
    """Clean one row (key → text): typed values, the name in three parts, and problems as (key, Problem)."""
    values: dict[str, Any] = {"code": "", "school": "", "email": "", "phone": "", "order_number": ""}
    problems: list[tuple[str, Problem]] = []
    for key, text in cells.items():
        if key in {"full_name", "last_name", "first_name", "patronymic"} or COLUMN_BY_KEY[key].is_ignored:
            continue
        values[key], problem = COLUMN_BY_KEY[key].cleaner(text)
        if problem is not None:
            problems.append((key, problem))
    where = _split_order(values, problems)
    _check_order_day(values, problems, where)
    return values | _name(cells, problems), problems


_WITH_DATE = re.compile(r"(?P<number>.{1,60}?)\s+от\s+(?P<day>.{5,30})", re.IGNORECASE)


def _split_order(values: dict[str, Any], problems: list[tuple[str, Problem]]) -> str:
    """«114-ОД от 04.09.2026» in one cell is a number and a date; a date in its own column wins.

    Return the column that the date stands in.
    """
    where = "order_on"
    parts = _WITH_DATE.fullmatch(values["order_number"])
    if parts is not None:
        day = clean_date(parts["day"]).value
        values["order_number"] = parts["number"] if day else values["order_number"]
        where = "order_number" if day and not values.get("order_on") else where
        values["order_on"] = values.get("order_on") or day
    if len(values["order_number"]) > 40:
        said = Problem("mistake", "long", "Номер приказа длиннее 40 знаков: оставьте только номер")
        problems.append(("order_number", said))
    return where


def _check_order_day(values: dict[str, Any], problems: list[tuple[str, Problem]], where: str) -> None:
    """A day no order can have is told in the cell it stands in."""
    values["order_on"], problem = clean_order_day(values.get("order_on"))
    if problem is not None:
        problems.append((where, problem))


def _name(cells: Mapping[str, str], problems: list[tuple[str, Problem]]) -> dict[str, str]:
    if not any(cells.get(part, "").strip() for part in NAME_CLEANERS):
        name, problem = split_name(cells.get("full_name", ""))
        if problem is not None:
            problems.append(("full_name" if "full_name" in cells else "last_name", problem))
        return dict(zip(NAME_CLEANERS, name, strict=True))
    found: dict[str, str] = {}
    for part, clean in NAME_CLEANERS.items():
        found[part], problem = clean(cells.get(part, ""))
        if problem is None and part != "patronymic" and not found[part]:
            problem = Problem("mistake", "empty", "Впишите фамилию и имя")
        if problem is not None:
            problems.append((part, problem))
    return found
