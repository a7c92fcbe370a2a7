"""How the cells of the staff spreadsheet are read: one pure function per column, from text to a typed value."""

import datetime as dt
import re
from decimal import Decimal
from functools import lru_cache

from schools.codes import Cleaned, Problem, fold, is_scientific, mistake, tidy
from schools.values import clean_date, clean_text, decimal_of, refused, today, years_between

YOUNGEST, OLDEST = 14, 100  # full years; the product's own bounds of a plausible age of staff
LEAST_RATE, MOST_RATE = Decimal("0.25"), Decimal("2")

_ADULT_ROLES = frozenset({"учитель", "педагог", "преподаватель", "teacher", "учитель/сотрудник"})
_STAFF_ROLES = frozenset({"сотрудник", "employee", "работник", "администратор", "администрация", "директор", "завуч"})
_OTHER_ROLES = (
    "учащ",
    "учени",
    "обучающ",
    "студент",
    "родител",
    "законн",
    "представител",
    "мать",
    "отец",
    "student",
    "parent",
)


@lru_cache(maxsize=512)
def clean_role(text: str) -> Cleaned[str]:
    """'teacher', 'employee' or '' for an empty cell; every adult is to have the role of a teacher (source/deck.md)."""
    role = fold(text)
    if not role or role in _ADULT_ROLES:
        return Cleaned("teacher" if role else "")
    if role in _STAFF_ROLES:
        problem = Problem("warning", "not_teacher", "Взрослым дают роль учителя: так видны все чаты школы", "учитель")
        return Cleaned("employee", problem)
    if role.startswith(_OTHER_ROLES):
        return mistake("not_teacher", "Взрослый сотрудник — в роли учителя", "учитель")
    return mistake("unknown_role", "Впишите «учитель»: это роль всех взрослых", "учитель")


_MAIN = ("осн", "main", "штат", "постоян", "по основному")
_SECOND = ("совм", "внеш", "внутр", "second", "по совм")


@lru_cache(maxsize=512)
def clean_employment(text: str) -> Cleaned[str]:
    """'main' (основное место), 'second' (совместитель), or '' for an empty cell."""
    word = fold(text)
    if not word or word == "-":
        return Cleaned("")
    if word.startswith(_MAIN):
        return Cleaned("main")
    if word.startswith(_SECOND):
        return Cleaned("second")
    return mistake("unknown_employment", "Впишите «основное место» или «совместитель»")


_RATE_WORDS = re.compile(r"\s*(?:ст(?:авк[аиу]|\.)?|ед\.?)$", re.IGNORECASE)
_FRACTIONS = {"1/2": "0.5", "1/4": "0.25", "3/4": "0.75", "½": "0.5", "¼": "0.25", "¾": "0.75"}


@lru_cache(maxsize=512)
def clean_rate(text: str) -> Cleaned[Decimal | None]:
    """«0,5», «1,25 ставки», «1/2» → Decimal with two places, from 0.25 to 2; None for an empty cell."""
    bare = _RATE_WORDS.sub("", tidy(text))
    if not bare or bare == "-":
        return Cleaned(None)
    rate = decimal_of(_FRACTIONS.get(bare, bare))
    if rate is None:
        return refused("not_rate", "Впишите долю ставки числом, например 0,5 или 1")
    if not LEAST_RATE <= rate <= MOST_RATE:
        return refused("rate_range", "Ставка бывает от 0,25 до 2. Если это часы, впишите долю ставки")
    return Cleaned(rate)


def clean_birth_date(text: str, day: dt.date | None = None) -> Cleaned[dt.date | None]:
    """A date whose owner is older than 14 and younger than 100 years on `day`, today by default."""
    cleaned = clean_date(text)
    if cleaned.value is None:
        return cleaned
    age = years_between(cleaned.value, day or today())
    if YOUNGEST < age < OLDEST:
        return cleaned
    return refused("age", f"По этой дате сотруднику {_years(age)}: проверьте год рождения")


def _years(age: int) -> str:
    if age < 0:
        return "меньше нуля лет"
    tens, ones = age % 100, age % 10
    if ones == 1 and tens != 11:
        return f"{age} год"
    return f"{age} года" if 2 <= ones <= 4 and not 12 <= tens <= 14 else f"{age} лет"


def clean_work_date(text: str) -> Cleaned[dt.date | None]:
    """A day of hiring or leaving: not before 1940 and at most a year ahead."""
    cleaned = clean_date(text)
    if cleaned.value is None or 1940 <= cleaned.value.year <= today().year + 1:
        return cleaned
    return refused("work_date", "Год не похож на рабочий: проверьте дату")


def clean_personnel_number(text: str) -> Cleaned[str]:
    """Табельный номер as typed; Excel's «123.0» is 123."""
    if text.isdecimal() and text.isascii() and len(text) <= 64:
        return Cleaned(text)
    number = re.sub(r"(?<=\d)[.]0+$", "", tidy(text))
    if is_scientific(number):
        message = "Excel сократил число: задайте столбцу формат «Текстовый» и впишите номер заново"
        return mistake("scientific", message)
    return clean_text(number, 64)


_BETWEEN_SUBJECTS = re.compile(r"\s*[,;\n/]\s*")


@lru_cache(maxsize=4096)
def clean_subjects(text: str) -> Cleaned[str]:
    """«Алгебра; геометрия» → 'Алгебра, геометрия'."""
    parts = [part for part in _BETWEEN_SUBJECTS.split(tidy(text)) if part and part != "-"]
    return clean_text(", ".join(parts))


def clean_note(text: str) -> Cleaned[str]:
    """A remark of up to 300 characters in one line."""
    return clean_text(text)


def clean_row_key(text: str) -> Cleaned[str]:
    """The key our template hides in the first column, or ''."""
    return clean_text(text, 64)


def clean_full_name(text: str) -> Cleaned[str]:
    """ФИО in one cell; `clean_row` takes it apart."""
    return clean_text(text)


def ignore(text: str) -> Cleaned[str]:
    """The cell is not read."""
    return Cleaned("")
