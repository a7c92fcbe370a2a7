"""Surnames, names and patronymics: cleaning, checking, splitting and the key people are matched by (pure).

The rules are those of the ministry's slides: names in Russian letters, the patronymic in its own field, or a word that
there is none by documents. To accept a suggestion is to put it in its cell and clean again.
"""

import re
from functools import lru_cache
from typing import NamedTuple

from schools.codes import Problem, fold
from schools.person_names.known import KNOWN_NAMES
from schools.person_names.parts import (
    NO_PATRONYMIC,
    SPLIT,
    clean_first_name,
    clean_last_name,
    clean_patronymic,
    foreign_letters_text,
    gender_of_patronymic,
    is_patronymic,
    parted,
    proper_case,
    split_glued,
)
from staff.names.full_name import LONGEST_FULL_NAME, FullName, split_full_name
from staff.names.keys import gender_of_name, key_part, name_key

__all__ = [
    "ISSUES",
    "NO_PATRONYMIC",
    "PARTS",
    "SPLIT",
    "FullName",
    "PersonName",
    "clean_first_name",
    "clean_full_name",
    "clean_last_name",
    "clean_patronymic",
    "clean_person",
    "gender_of_patronymic",
    "is_patronymic",
    "name_issue",
    "name_key",
    "proper_case",
    "split_full_name",
    "split_glued",
]

PARTS = ("last_name", "first_name", "patronymic")
SURE = 0.7  # below it the order of words is asked about


class PersonName(NamedTuple):
    """A person's name, clean; `problems` are (field, Problem) with field last_name, first_name or patronymic."""

    last_name: str
    first_name: str
    patronymic: str
    no_patronymic: bool
    problems: tuple[tuple[str, Problem], ...] = ()


# Three plain words, each in its own cell: nine names of ten need no closer look.
_USUAL = re.compile("[А-ЯЁ][а-яё]{0,39} [А-ЯЁ][а-яё]{1,39} [А-ЯЁ][а-яё]{1,39}")


def clean_person(last_name: str, first_name: str, patronymic: str) -> PersonName:
    """Clean three cells together: finds a patronymic glued to the name, a missing one, genders that disagree.

    A missing patronymic is a warning: it is legal, and «нет по документам» in the cell silences it.
    """
    if _USUAL.fullmatch(f"{last_name} {first_name} {patronymic}") and is_patronymic(patronymic):
        odd = _gender_problem(last_name, first_name, patronymic)
        return PersonName(last_name, first_name, patronymic, False, (("patronymic", odd),) if odd else ())
    cells = (clean_last_name(last_name), clean_first_name(first_name), clean_patronymic(patronymic))
    last, first, middle = (cell.value for cell in cells)
    absent = middle == NO_PATRONYMIC
    problems = [(part, cell.problem) for part, cell in zip(PARTS, cells, strict=True) if cell.problem]
    if SPLIT in first and (middle in {"", NO_PATRONYMIC} or first.endswith(SPLIT + middle)):
        first, middle = first.split(SPLIT)
        absent = False
    found = _glued(first, "" if absent else middle) or _swapped(first, middle)
    if found:
        problems.append(("first_name", found))
    problems += _lacking((last, first, middle or ("?" if found else "")), {part for part, _ in problems})
    disagreement = None if absent or found else _gender_problem(last, first, middle)
    if disagreement:
        problems.append(("patronymic", disagreement))
    return PersonName(last, first, "" if absent else middle, absent, tuple(problems))


_LACKS = {
    "last_name": Problem("mistake", "last_name_missing", "Впишите фамилию"),
    "first_name": Problem("mistake", "first_name_missing", "Впишите имя"),
    "patronymic": Problem(
        "warning", "patronymic_missing", "Впишите отчество или отметьте, что по документам отчества нет", NO_PATRONYMIC
    ),
}


def _lacking(values: tuple[str, str, str], troubled: set[str]) -> list[tuple[str, Problem]]:
    """Parts that are empty for no reason already told: not even a cell of invisible signs slips through."""
    if all(values):
        return []
    return [
        (part, _LACKS[part]) for part, value in zip(PARTS, values, strict=True) if not value and part not in troubled
    ]


@lru_cache(maxsize=16384)
def _glued(first: str, patronymic: str) -> Problem | None:
    if "-" not in first and " " not in first:
        return None
    parts = split_glued(first)
    if parts is None:
        return None
    if not patronymic:
        how = "склеены дефисом" if "-" in first else "в одной ячейке"
        return Problem("mistake", "glued", f"Имя и отчество {how}", _offered(*parts))
    if key_part(parts[1]) == key_part(patronymic):
        return Problem("mistake", "glued", "Отчество повторено в имени", parts[0])
    return Problem("mistake", "glued", "В имени одно отчество, в своём столбце другое: оставьте верное")


def _offered(first: str, patronymic: str) -> str | None:
    text = f"{proper_case(first)}{SPLIT}{proper_case(patronymic)}"
    return text if parted(text) else None


def _swapped(first: str, patronymic: str) -> Problem | None:
    if patronymic and is_patronymic(first) and not is_patronymic(patronymic) and fold(patronymic) in KNOWN_NAMES:
        return Problem("warning", "swapped", "Похоже, имя и отчество переставлены: проверьте оба столбца")
    return None


_MALE_SURNAME = re.compile(r"[а-яё]{3}(?:[оеё]в|[иы]н|[сц]кий)$")
_FEMALE_SURNAME = re.compile(r"[а-яё]{3}(?:[оеё]ва|[иы]на|[сц]кая)$")


@lru_cache(maxsize=16384)
def _gender_problem(last: str, first: str, patronymic: str) -> Problem | None:
    """Only sure signs are compared: endings of surnames on -ов, -ин, -ский, and the commonest names."""
    gender = gender_of_patronymic(patronymic)
    if not gender:
        return None
    name = gender_of_name(first)
    if name and name != gender:
        return Problem("warning", "gender", "Отчество не подходит к имени: одно мужское, другое женское. Проверьте")
    surname = "m" if _MALE_SURNAME.search(last) else "f" if _FEMALE_SURNAME.search(last) else ""
    if surname and surname != gender and not name:
        return Problem("warning", "gender", "Отчество не подходит к фамилии: одно мужское, другое женское. Проверьте")
    return None


def clean_full_name(text: str, patronymic: str = "") -> tuple[PersonName, tuple[Problem, ...]]:
    """The person of ФИО in one cell (the patronymic may have its own), and problems, one of a kind.

    They suggest a whole ФИО; only the word that there is no patronymic stands for the patronymic alone.
    """
    if len(text) > LONGEST_FULL_NAME:
        return PersonName("", "", "", False), (Problem("mistake", "long", "Слишком длинно: оставьте только ФИО"),)
    split = split_full_name(text)
    middle = split.patronymic or patronymic
    person = clean_person(split.last_name, split.first_name, middle)
    problems = [_of_whole(problem, person, split._replace(patronymic=middle)) for _, problem in person.problems]
    if split.confidence < SURE and person.last_name and person.first_name:
        message = f"Поняли как фамилию «{person.last_name}» и имя «{person.first_name}»: проверьте порядок слов"
        problems.append(Problem("warning", "name_order", message))
    return person, tuple({problem.code: problem for problem in reversed(problems)}.values())[::-1]


def _of_whole(problem: Problem, person: PersonName, split: FullName) -> Problem:
    """The same problem with a suggestion for the whole cell: every part mended, or none where one cannot be."""
    if problem.suggestion is None or problem.code == "patronymic_missing":
        return problem
    texts = dict(zip(PARTS, split[:3], strict=True))
    for part, other in person.problems:
        if other.severity == "mistake" and other.suggestion is None:
            return problem._replace(suggestion=None)
        if other.suggestion is not None and other.code != "patronymic_missing":
            texts[part] = other.suggestion
    whole = " ".join(text for text in texts.values() if text)
    message = problem.message.replace(f"«{problem.suggestion}»", f"«{whole}»")
    if problem.code == "mixed_alphabets":  # a place in one word says nothing of a cell of three
        message = foreign_letters_text(" ".join(split[:3]))
    return problem._replace(message=message, suggestion=whole)


_IN_ORDER = frozenset({"gender", "signs"})  # worth a look, but the name stands as the slides want it


def name_issue(last_name: str, first_name: str, patronymic: str, no_patronymic: bool) -> str:
    """'' when the name is in order, else the code of its worst problem, at most 20 letters: feeds the indicator.

    Codes: last_name_missing, first_name_missing, not_cyrillic, mixed_alphabets, digits, symbols, long, glued,
    initials, letter_case, swapped, patronymic_missing; `ISSUES` words them for people.
    """
    person = clean_person(last_name, first_name, patronymic or (NO_PATRONYMIC if no_patronymic else ""))
    codes = [problem.code for _, problem in person.problems if problem.code not in _IN_ORDER]
    return min(codes, key=tuple(ISSUES).index, default="")


ISSUES = {  # code → what a list of people says, worst first
    "last_name_missing": "нет фамилии",
    "first_name_missing": "нет имени",
    "not_cyrillic": "не русскими буквами",
    "mixed_alphabets": "латинская буква среди русских",
    "digits": "цифры в имени",
    "symbols": "лишние знаки",
    "long": "слишком длинно",
    "glued": "имя и отчество склеены",
    "initials": "инициалы вместо имени",
    "letter_case": "заглавные или строчные буквы",
    "swapped": "имя и отчество переставлены",
    "patronymic_missing": "нет отчества",
}
