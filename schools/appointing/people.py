"""Who is appointed, as typed: names, address, order; cleaned alike for forms, REST and spreadsheets (pure)."""

import re
import secrets
from dataclasses import dataclass
from datetime import date

from schools.codes import Cleaned, fold, mistake, tidy

LONGEST_NAME = 100
_NAME = re.compile(r"[^\W\d_]+(?:[ '’.-]{1,2}[^\W\d_]+)*\.?")
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


def clean_name(text: str) -> Cleaned[str]:
    """One part of a name: letters, a hyphen, an apostrophe; '' for an empty cell."""
    name = tidy(text)
    if len(name) > LONGEST_NAME:
        return mistake("long", f"Слишком длинно: оставьте не больше {LONGEST_NAME} знаков")
    if name and not _NAME.fullmatch(name):
        return mistake("not_name", f"В имени лишние знаки. {_HOW}")
    return Cleaned(name)


def split_name(text: str) -> Cleaned[tuple[str, str, str]]:
    """«Иванова Анна Сергеевна» → its three parts; what follows the second word is the patronymic."""
    words = tidy(text).split(" ")
    parts = (words[0], words[1] if len(words) > 1 else "", " ".join(words[2:]))
    if not parts[0]:
        return Cleaned(("", "", ""), mistake("empty", "Впишите фамилию, имя и отчество").problem)
    if not parts[1]:
        return Cleaned(("", "", ""), mistake("one_word", f"Здесь одно слово, а нужны фамилия и имя. {_HOW}").problem)
    for part in parts:
        cleaned = clean_name(part)
        if cleaned.is_mistaken:
            return Cleaned(("", "", ""), cleaned.problem)
    return Cleaned(parts)


def new_login(last_name: str, first_name: str) -> str:
    """A login nobody has to think up: «ivanova.a4821»; four random digits, so that it tells nothing of others."""
    letters = "".join(_LATIN.get(char, char) for char in fold(last_name))
    last = re.sub(r"[^a-z]", "", letters)[:30] or "user"
    first = _LATIN.get(fold(first_name)[:1], "")[:1]
    return f"{last}.{first}{secrets.randbelow(9000) + 1000}"
