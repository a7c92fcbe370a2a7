"""ФИО in one cell taken apart, whatever the order of its words (pure)."""

import re
from typing import NamedTuple

from schools.codes import fold, tidy
from schools.person_names.known import KNOWN_NAMES, SURNAME
from schools.person_names.parts import (
    DASH,
    NO_PATRONYMIC,
    NONE_WORDS,
    SPLIT,
    TURKIC,
    gender_of_patronymic,
    is_patronymic,
    split_glued,
)
from staff.names.keys import gender_of_name

LONGEST_FULL_NAME = 300  # three parts of 100 letters; a longer cell is no name, and would cost time


class FullName(NamedTuple):
    """ФИО taken apart; `confidence` runs from 0 (cannot tell) to 1 (sure). Below 0.7 ask the person."""

    last_name: str
    first_name: str
    patronymic: str
    confidence: float


def split_full_name(text: str) -> FullName:
    """Take «Фамилия Имя Отчество» or «Имя Отчество Фамилия» apart; a glued «Анна-Викторовна» stays in the name.

    Never raises. The parts are as typed: clean them with `staff.names.clean_person`.
    """
    words = _words_of(text)
    patronymic = ""
    if words and words[-1] == NO_PATRONYMIC:
        patronymic = words.pop()
    split = _SPLITTERS.get(len(words), _split_many)(words)
    return split._replace(patronymic=patronymic) if patronymic and not split.patronymic else split


def _words_of(text: str) -> list[str]:
    """Words of a full name; initials come apart, «оглы» and «фон» stick to their neighbours, commas are spaces."""
    text = DASH.sub("-", tidy(text[:LONGEST_FULL_NAME].replace(",", " ")))
    tail = re.search(r"[\s(]+((?:нет|без|отсутств|отчества нет)[^()]*)\)?$", text, re.IGNORECASE)
    absent = tail is not None and tail.group(1).casefold().strip() in NONE_WORDS
    text = text[: tail.start()] if tail and absent else text
    words: list[str] = []
    for word in re.sub(r"(?<=[А-ЯЁа-яё]\.)(?=[А-ЯЁа-яё])", " ", text).split():
        lower = word.casefold()
        if words and (lower in TURKIC or word == _DOT or words[-1].split()[-1].casefold() in _PREFIXES):
            words[-1] += f" {word}"
        else:
            words.append(word)
    return [*words, NO_PATRONYMIC] if absent else words


_DOT = SPLIT.strip()  # of an accepted suggestion: it and its neighbours are one word
_PREFIXES = frozenset(
    {_DOT, "фон", "де", "ди", "да", "дю", "дель", "делла", "ван", "дер", "ден", "ла", "ле", "эль", "аль"}
)


def _split_none(words: list[str]) -> FullName:
    return FullName("", "", "", 0.0)


def _split_one(words: list[str]) -> FullName:
    return FullName(words[0], "", "", 0.2)


def _split_two(words: list[str]) -> FullName:
    one, two = words
    if _is_first(one) and is_patronymic(two) and gender_of_name(one) in {"", gender_of_patronymic(two)}:
        return FullName("", one, two, 0.5)
    if _is_name_like(one) and not _is_name_like(two):
        return FullName(two, one, "", 0.9)
    if _is_name_like(two) or "." in two:
        return FullName(one, two, "", 0.9)
    if SURNAME.search(fold(two)) and not SURNAME.search(fold(one)):
        return FullName(two, one, "", 0.6)
    return FullName(one, two, "", 0.7 if SURNAME.search(fold(one)) else 0.5)


def _is_first(word: str) -> bool:
    return fold(word) in KNOWN_NAMES or not SURNAME.search(fold(word))


def _is_name_like(word: str) -> bool:
    """A known name, alone or with something glued to it."""
    head = fold(word).split("-")[0]
    return fold(word) in KNOWN_NAMES or (head in KNOWN_NAMES and "-" in word) or split_glued(word) is not None


def _split_three(words: list[str]) -> FullName:
    one, two, three = words
    if is_patronymic(two) and (not is_patronymic(three) or fold(one) in KNOWN_NAMES):
        return FullName(three, one, two, 1.0 if not is_patronymic(three) else 0.8)
    if is_patronymic(three):
        return FullName(one, two, three, 1.0)
    if "." in two and "." in three:
        return FullName(one, two, three, 0.9)
    if "." in one and "." in two:
        return FullName(three, one, two, 0.9)
    return FullName(one, two, three, 0.8 if fold(two) in KNOWN_NAMES else 0.5)


def _split_many(words: list[str]) -> FullName:
    if is_patronymic(words[-1]):
        return FullName(" ".join(words[:-2]), words[-2], words[-1], 0.6)
    if is_patronymic(words[1]):
        return FullName(" ".join(words[2:]), words[0], words[1], 0.6)
    return FullName(words[0], words[1], " ".join(words[2:]), 0.3)


_SPLITTERS = {0: _split_none, 1: _split_one, 2: _split_two, 3: _split_three}
