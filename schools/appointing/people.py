"""Who is appointed, as typed: names, address, order; cleaned alike for forms, REST and spreadsheets (pure)."""

import re
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from schools.codes import Cleaned, Problem, fold, mistake, tidy
from schools.person_names import parts
from schools.values import today

# «Сферум» and «Моя школа» grew out of the experiment that began with ПП РФ № 2040 of 07.12.2020: earlier orders on
# them there are none. A year ahead is what may be planned.
FIRST_ORDER_ON = date(2020, 1, 1)
YEAR = timedelta(days=366)
NO_NAME = ("", "", "")
_HOW = "Имя пишут русскими буквами: Иванова Анна Сергеевна"
_LATIN = dict(
    zip(
        "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
        "a b v g d e e zh z i y k l m n o p r s t u f kh ts ch sh sch  y  e yu ya".split(" "),
        strict=True,
    )
)


@dataclass(frozen=True, slots=True)
class Person:
    """A person to be appointed: what the letter needs, and what the list shows till she comes in herself."""

    last_name: str
    first_name: str
    patronymic: str = ""
    email: str = ""
    phone: str = ""

    @property
    def name_key(self) -> str:
        """By which two rows are the same person where there is no address."""
        return fold(f"{self.last_name} {self.first_name} {self.patronymic}")


@dataclass(frozen=True, slots=True)
class Order:
    """The order behind an appointment."""

    number: str = ""
    signed_on: date | None = None


def clean_last_name(text: str) -> Cleaned[str]:
    """A surname in Russian letters, as in the lists of staff; '' for an empty cell."""
    return parts.clean_last_name(text)


def clean_first_name(text: str) -> Cleaned[str]:
    """A name in Russian letters, without the patronymic; '' for an empty cell."""
    if parts.SPLIT.strip() in text:
        return mistake("symbols", "Уберите точку: имя пишут одними буквами")
    return parts.clean_first_name(text)


def clean_patronymic(text: str) -> Cleaned[str]:
    """A patronymic in Russian letters; '' for an empty cell, «нет» and «-»."""
    cleaned = parts.clean_patronymic(text)
    return Cleaned("") if cleaned.value == parts.NO_PATRONYMIC else cleaned


NAME_CLEANERS: Mapping[str, Callable[[str], Cleaned[str]]] = {
    "last_name": clean_last_name,
    "first_name": clean_first_name,
    "patronymic": clean_patronymic,
}


def split_name(text: str) -> Cleaned[tuple[str, str, str]]:
    """«Иванова Анна Сергеевна» → its three parts; what follows the second word is the patronymic."""
    words = tidy(text).split(" ")
    raw = (words[0], words[1] if len(words) > 1 else "", " ".join(words[2:]))
    if not raw[0]:
        return Cleaned(NO_NAME, mistake("empty", "Впишите фамилию, имя и отчество").problem)
    if not raw[1]:
        return Cleaned(NO_NAME, mistake("one_word", f"Здесь одно слово, а нужны фамилия и имя. {_HOW}").problem)
    cleaned = [clean(part) for clean, part in zip(NAME_CLEANERS.values(), raw, strict=True)]
    problem = _problem_of(cleaned)
    if problem is not None and problem.severity == "mistake":
        return Cleaned(NO_NAME, problem)
    last, first, patronymic = (each.value for each in cleaned)
    return Cleaned((last, first, patronymic), problem)


def _problem_of(cleaned: Sequence[Cleaned[str]]) -> Problem | None:
    """The worst problem of the parts; it offers the whole cell where each wrong part has something to offer."""
    problems = [each.problem for each in cleaned if each.problem is not None]
    if not problems:
        return None
    worst = min(problems, key=lambda problem: problem.severity != "mistake")
    mended = [each.problem.suggestion if each.problem and each.is_mistaken else each.value for each in cleaned]
    whole = " ".join(part for part in mended if part) if None not in mended else None
    return worst._replace(suggestion=whole)


# The order


def clean_order_day(day: date | None) -> Cleaned[date | None]:
    """The day of an order; a year nobody could have been appointed in is a slip of the hand."""
    if day is not None and day < FIRST_ORDER_ON:
        return Cleaned(
            None, Problem("mistake", "too_early", f"В {day.year} году площадок ещё не было: проверьте год приказа")
        )
    if day is not None and day > today() + YEAR:
        return Cleaned(None, Problem("mistake", "too_late", f"До {day:%d.%m.%Y} больше года: проверьте год приказа"))
    return Cleaned(day)


def new_login(last_name: str, first_name: str) -> str:
    """A login nobody has to think up: «ivanova.a4821»; four random digits, so that it tells nothing of others."""
    letters = "".join(_LATIN.get(char, char) for char in fold(last_name))
    last = re.sub(r"[^a-z]", "", letters)[:30] or "user"
    first = _LATIN.get(fold(first_name)[:1], "")[:1]
    return f"{last}.{first}{secrets.randbelow(9000) + 1000}"
