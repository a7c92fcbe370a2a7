"""Plain values of spreadsheet cells: texts, dates, yes or no, counts, names of classes."""

import datetime as dt
import re
from decimal import Decimal
from functools import lru_cache
from typing import TypeVar

from schools.codes import EMPTY, Cleaned, Problem, fold, mistake, tidy

T = TypeVar("T")


def refused(code: str, message: str, suggestion: str | None = None) -> Cleaned[None]:
    """A mistake in a cell whose value is not a text."""
    return Cleaned(None, Problem("mistake", code, message, suggestion))


@lru_cache(maxsize=4096)
def clean_text(text: str, longest: int = 300) -> Cleaned[str]:
    """Any text in one line; what is longer than the field is a mistake, not a silent cut."""
    text = tidy(text)
    if len(text) > longest:
        return mistake("long", f"Слишком длинно: оставьте не больше {longest} знаков")
    return Cleaned(text)


# Dates


_RUSSIAN = re.compile(r"([0-3]?[0-9])[./-]([0-3]?[0-9])[./-]([0-9]{4}|[0-9]{2})(?:\s*г\.?)?(?:[ T][0-9:.]+)?")
_ISO = re.compile(r"([0-9]{4})[-./]([0-9]{1,2})[-./]([0-9]{1,2})(?:[ T][0-9:.]+Z?)?")
_WORDS = re.compile(r"([0-9]{1,2})\s+([а-яё]{3})[а-яё]*\.?\s+([0-9]{4})(?:\s*г(?:\.|ода?)?)?", re.IGNORECASE)
_SERIAL = re.compile(r"([1-6][0-9]{4})(?:[.,][0-9]+)?")
_MONTHS = ("янв", "фев", "мар", "апр", "мая", "июн", "июл", "авг", "сен", "окт", "ноя", "дек")
_EXCEL_EPOCH = dt.date(1899, 12, 30)  # serial 1 is 31.12.1899: Excel believes in 29.02.1900
_HOW_DATE = "Дату пишут так: 05.09.1980"


def today() -> dt.date:
    """The day in UTC; only plausibility is judged by it, never a period."""
    return dt.datetime.now(dt.UTC).date()


@lru_cache(maxsize=8192)
def clean_date(text: str) -> Cleaned[dt.date | None]:
    """A date as ДД.ММ.ГГГГ, ГГГГ-ММ-ДД, «5 мая 1980 г.» or an Excel serial; two-digit years come with a warning."""
    text = text.strip()
    usual = _RUSSIAN.fullmatch(text)
    if usual:
        day, month, year = usual.groups()
        return _date_of(day, month, year) if len(year) == 4 else _short_year(day, month, year)
    iso = _ISO.fullmatch(text)
    if iso:
        year, month, day = iso.groups()
        return _date_of(day, month, year)
    return _odd_date(tidy(text))


def _odd_date(text: str) -> Cleaned[dt.date | None]:
    if not text or text in {"-", "нет"}:
        return Cleaned(None)
    serial = _SERIAL.fullmatch(text)
    if serial:
        return Cleaned(_EXCEL_EPOCH + dt.timedelta(days=int(serial.group(1))))
    words = _WORDS.fullmatch(text)
    if words:
        day, name, year = words.groups()
        name = name.lower().replace("май", "мая")
        if name in _MONTHS:
            return _date_of(day, str(_MONTHS.index(name) + 1), year)
    return refused("not_date", f"Это не дата. {_HOW_DATE}")


def _date_of(day: str, month: str, year: str) -> Cleaned[dt.date | None]:
    try:
        return Cleaned(dt.date(int(year), int(month), int(day)))
    except ValueError:
        return _no_such_date(day, month, year)


def _no_such_date(day: str, month: str, year: str) -> Cleaned[dt.date | None]:
    """A month above 12 with a day up to 12 is the American order: offer the Russian one."""
    if int(month) > 12 >= int(day) > 0 and int(month) <= 28 and int(year) > 0:
        turned = f"{int(month):02}.{int(day):02}.{year}"
        return refused("day_and_month", "День и месяц переставлены: сначала день, потом месяц", turned)
    return refused("no_such_date", f"Такого дня нет в календаре. {_HOW_DATE}")


def _short_year(day: str, month: str, year: str) -> Cleaned[dt.date | None]:
    """Two digits above the current year are of the last century: 80 → 1980, 19 → 2019."""
    now = today().year
    century = 2000 if 2000 + int(year) <= now + 1 else 1900
    cleaned = _date_of(day, month, str(century + int(year)))
    if cleaned.value is None:
        return cleaned
    full = f"{cleaned.value:%d.%m.%Y}"
    return Cleaned(
        cleaned.value, Problem("warning", "short_year", f"Год из двух цифр поняли как {cleaned.value.year}", full)
    )


def years_between(born: dt.date, day: dt.date) -> int:
    """Full years of age on a day."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


# Yes or no, counts


_YES_WORDS = (
    "да, д, +, 1, true, yes, y, истина, есть, имеется, создан, создано, подтвержден, подтверждено, v, х, x, ✓, ✔, ☑"
)
_NO_WORDS = "нет, н, 0, false, no, n, ложь, отсутствует, -, ☐, ✗, ✘, не создан, не подтвержден, не имеется"
_YES = frozenset(_YES_WORDS.split(", "))
_NO = frozenset(_NO_WORDS.split(", "))


@lru_cache(maxsize=1024)
def clean_flag(text: str) -> Cleaned[bool | None]:
    """«да» or «нет» in its usual spellings; an empty cell is None, which is not «нет»."""
    word = fold(text).removesuffix(".0")
    if not word:
        return Cleaned(None)
    if word in _YES:
        return Cleaned(True)
    if word in _NO:
        return Cleaned(False)
    return refused("not_flag", "Впишите «да» или «нет»")


_COUNT = re.compile(r"([0-9]{1,9})(?:[.,]0+)?")


def clean_count(text: str) -> Cleaned[int | None]:
    """A whole number from 0: «1 240», «55.0»; an empty cell is None, which is not zero."""
    bare = "".join(text.split())
    if not bare or fold(bare) in {"-", "нет"}:
        return Cleaned(None)
    whole = _COUNT.fullmatch(bare)
    if whole:
        return Cleaned(int(whole.group(1)))
    return refused("not_count", "Впишите целое число, например 56")


_DECIMAL = re.compile(r"([0-9]{1,3})(?:[.,]([0-9]{1,4}))?")


def decimal_of(text: str) -> Decimal | None:
    """«0,5», «1.25», «1» → Decimal with two places; None for anything else."""
    number = _DECIMAL.fullmatch(text)
    if not number:
        return None
    return Decimal(f"{number.group(1)}.{number.group(2) or 0}").quantize(Decimal("0.01"))


# Classes


_CLASS = re.compile(r"(1[0-2]|[1-9])(?:\.0)?[\s.-]*([^\W\d_]{1,4}|[/.-][1-9][0-9]?)?")
_CLASS_NOISE = re.compile(r"[\"«»“”„'`’]|\bкласс[а-я]*\b|\bкл\b\.?")
_CLASS_TO_CYRILLIC = str.maketrans("ABCEHKMOPTXY", "АВСЕНКМОРТХУ")
_BETWEEN_CLASSES = re.compile(r"\s*(?:[,;+&\n]|\bи\b)\s*|(?<=[^\W\d_])[\"»”]?\s+(?=\d)")
_HOW_CLASS = "Класс пишут так: 7Б"


@lru_cache(maxsize=1024)
def clean_class_name(text: str) -> Cleaned[str]:
    """«5 А», «5-а», «8A» in Latin, «10 "Б"» → '5А', '5А', '8А', '10Б'; numbered parallels: «10-1» → '10-1'."""
    bare = fold_class(text)
    if not bare:
        return EMPTY
    shape = _CLASS.fullmatch(bare)
    if not shape:
        return mistake("not_class", f"Это не класс. {_HOW_CLASS}")
    grade, letter = shape.group(1), (shape.group(2) or "").translate(_CLASS_TO_CYRILLIC)
    if re.search(r"[^А-ЯЁ0-9/.-]", letter):
        return mistake("latin_class", f"Литера не русская. {_HOW_CLASS}")
    return Cleaned(f"{grade}-{letter[1:]}" if letter[:1] in set("/.-") else grade + letter)


def fold_class(text: str) -> str:
    """The text of a class without quotes and the word «класс», in capitals."""
    return " ".join(_CLASS_NOISE.sub(" ", fold(text)).split()).upper()


@lru_cache(maxsize=1024)
def clean_classes(text: str) -> Cleaned[str]:
    """Several classes in a cell: «7 Б и 8А» → '7Б, 8А', each once, in the order of the cell."""
    if fold(text) in {"", "-", "нет"}:
        return EMPTY
    found: dict[str, None] = {}
    for part in filter(None, _BETWEEN_CLASSES.split(tidy(text))):
        cleaned = clean_class_name(part)
        if cleaned.is_mistaken:
            return mistake("not_class", "Не поняли, какие это классы. Их пишут так: 7Б, 8А")
        if cleaned.value:
            found[cleaned.value] = None
    return Cleaned(", ".join(found))


def split_class_name(name: str) -> tuple[int, str]:
    """'7Б' → (7, 'Б'), '10-1' → (10, '-1'): parallel and letter of a name made by `clean_class_name`."""
    grade = re.match(r"1[0-2]|[1-9]", name)
    if grade is None:
        raise ValueError("not a cleaned name of a class")
    return int(grade.group()), name[grade.end() :]
