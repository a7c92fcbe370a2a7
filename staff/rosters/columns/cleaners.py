"""How the cells of a roster are read: one pure function per column, from text to a typed value."""

import datetime as dt
import re
from functools import lru_cache
from typing import NamedTuple

from schools.codes import Cleaned, Problem, fold, mistake, tidy
from schools.texts import counted
from schools.values import clean_count, clean_date, clean_text, refused, today, years_between

YOUNGEST, OLDEST = 4, 80  # full years: bounds of a possible age of a pupil, evening schools included
USUAL_AGES = range(5, 22)
MOST_PUPILS = 60  # of a class; more is the number of a whole school
NOTHING = frozenset({"", "-", "—", "–"})


def clean_row_key(text: str) -> Cleaned[str]:
    """The key our template hides, or ''; «-» says: forget the key, go by the name."""
    return Cleaned("") if text in NOTHING else clean_text(text, 64)


def clean_pupil_birth_date(text: str, day: dt.date | None = None) -> Cleaned[dt.date | None]:
    """A date whose owner may be a pupil on `day`, today by default; an unusual age is a warning."""
    cleaned = clean_date(text)
    if cleaned.value is None:
        return cleaned
    age = years_between(cleaned.value, day or today())
    if age in USUAL_AGES:
        return cleaned
    if age < 0:
        return refused("age", "Дата рождения ещё не наступила: проверьте год")
    told = f"По этой дате обучающемуся {counted(age, 'год', 'года', 'лет')}: проверьте год рождения"
    if not YOUNGEST <= age <= OLDEST:
        return refused("age", told)
    return Cleaned(cleaned.value, cleaned.problem or Problem("warning", "age", told))


def clean_school_date(text: str) -> Cleaned[dt.date | None]:
    """A day of a child's way through school: not before 1990 and at most a year ahead."""
    cleaned = clean_date(text)
    if cleaned.value is None or 1990 <= cleaned.value.year <= today().year + 1:
        return cleaned
    return refused("school_date", "Год не похож на учебный: проверьте дату")


class Answer(NamedTuple):
    """What a cell says of an invitation, a registration or a refusal: yes on a day (None: not told which), or no."""

    yes: bool
    on: dt.date | None = None


_YES = frozenset({"да", "д", "+", "1", "есть", "v", "✓", "✔", "true", "yes", "зарегистрирован", "зарегистрирована"})
_YES |= {"отказался", "отказалась", "отказ", "приглашен", "приглашена"}
_NO = frozenset({"нет", "н", "0", "false", "no", "не зарегистрирован", "не зарегистрирована", "не приглашен"})
_NO |= {"не отказался", "не отказалась", "не приглашена"}


@lru_cache(maxsize=2048)
def clean_answer(text: str) -> Cleaned[Answer | None]:
    """A date, «да» or «нет»; None for an empty cell, which says nothing."""
    if not text:
        return Cleaned(None)
    cleaned = clean_date(text)
    if cleaned.value is None:
        return _answer_in_words(text)
    if not cleaned.value.year >= 2020 or cleaned.value > today() + dt.timedelta(days=1):
        return refused("answer_date", "Эта дата ещё не наступила или слишком давняя: проверьте её")
    return Cleaned(Answer(True, cleaned.value), cleaned.problem)


def _answer_in_words(text: str) -> Cleaned[Answer | None]:
    word = fold(text).removesuffix(".0")
    if word in NOTHING:
        return Cleaned(None)
    if word in _YES:
        return Cleaned(Answer(True))
    if word in _NO:
        return Cleaned(Answer(False))
    return refused("not_answer", "Впишите дату, например 05.09.2026, или «да» и «нет»")


# Kind of representation: key → words people write. The keys are those of schools.models.people.Guardianship.Kind.
KIND_WORDS: dict[str, tuple[str, ...]] = {
    "mother": ("мать", "мама", "матушка", "mother", "мать ребенка"),
    "father": ("отец", "папа", "father", "отец ребенка"),
    "adopter": ("усыновитель", "усыновительница", "удочеритель", "удочерительница", "adopter"),
    "guardian": ("опекун", "опекунша", "опека", "опекун (бабушка)", "guardian"),
    "trustee": ("попечитель", "попечительница", "trustee"),
    "foster": (
        "приемный родитель", "приемная мать", "приемный отец", "приемная мама", "приемный папа", "патронатный родитель",
        "патронатный воспитатель", "foster",
    ),
    "other": ("иное", "другое", "прочее", "иной", "other", "представитель организации", "орган опеки", "детский дом"),
}  # fmt: skip
KIND_TITLES = {
    "mother": "мать", "father": "отец", "adopter": "усыновитель", "guardian": "опекун", "trustee": "попечитель",
    "foster": "приёмный родитель", "other": "иное",
}  # fmt: skip
_KIND_OF = {word: key for key, words in KIND_WORDS.items() for word in words}
_RELATIVES = frozenset(
    {"бабушка", "дедушка", "тетя", "дядя", "сестра", "брат", "отчим", "мачеха", "родственник", "родственница", "няня"}
)
_PARENT = frozenset({"родитель", "родители", "законный представитель", "представитель", "parent"})


@lru_cache(maxsize=512)
def clean_kind(text: str) -> Cleaned[str]:
    """«мама» → 'mother'; «родитель» alone waits for an answer whether mother or father; '' for an empty cell."""
    word = re.sub(r"\s*\(.*?\)$", "", fold(text)).rstrip(".") or fold(text)
    if word in NOTHING:
        return Cleaned("")
    known = _KIND_OF.get(word) or _KIND_OF.get(fold(text))
    if known:
        return Cleaned(known)
    if word in _PARENT:
        return mistake("which_parent", "Уточните: мать или отец")
    if word in _RELATIVES:
        message = "Родственник представляет ребёнка только как опекун или попечитель. Записали «иное», проверьте"
        return Cleaned("other", Problem("warning", "relative", message))
    choices = ", ".join(KIND_TITLES.values())
    return mistake("unknown_kind", f"Не поняли, кем приходится. Подойдёт: {choices}")


_YEAR = re.compile(r"(20[0-9]{2})(?:\s*[/\\–—-]\s*(?:20)?[0-9]{2})?(?:\s*(?:уч(?:ебный|\.)?\s*)?г(?:од|\.)?)?")


@lru_cache(maxsize=64)
def clean_year(text: str) -> Cleaned[int | None]:
    """«2026/27», «2026-2027», «2026» → 2026, the year in which the school year begins; None for an empty cell."""
    bare = fold(text).removesuffix(".0")
    if bare in NOTHING:
        return Cleaned(None)
    shape = _YEAR.fullmatch(bare)
    if not shape:
        return refused("not_year", "Учебный год пишут так: 2026/27")
    return Cleaned(int(shape.group(1)))


def clean_declared(text: str) -> Cleaned[int | None]:
    """How many pupils a class has by the school's own count."""
    cleaned = clean_count(text)
    if cleaned.value is not None and cleaned.value > MOST_PUPILS:
        return refused("too_many", f"В классе не бывает больше {MOST_PUPILS} обучающихся: проверьте число")
    return cleaned


_LETTER = re.compile(r"[^\W\d_]{1,4}|-?[1-9][0-9]?")


@lru_cache(maxsize=512)
def clean_letter(text: str) -> Cleaned[str]:
    """The letter of a class in a column of its own; `clean_class_name` reads it once more together with the grade."""
    bare = tidy(text).strip("\"«»'“”„ ").upper()
    if bare in NOTHING:
        return Cleaned("")
    return Cleaned(bare) if _LETTER.fullmatch(bare) else mistake("not_letter", "Литеру пишут одной буквой: А")


_GRADE = re.compile(r"(1[0-2]|[1-9])(?:[.,]0+)?(?:\s*(?:-?[йяе])?\s*(?:класс\w*|параллель)?)?")


@lru_cache(maxsize=128)
def clean_grade(text: str) -> Cleaned[int | None]:
    """The parallel, 1 to 12; None for an empty cell."""
    bare = fold(text)
    if bare in NOTHING:
        return Cleaned(None)
    shape = _GRADE.fullmatch(bare)
    return Cleaned(int(shape.group(1))) if shape else refused("not_grade", "Параллель — число от 1 до 12")


_BETWEEN_PEOPLE = re.compile(r"\s*[;,\n/]\s*")


def clean_people(text: str) -> Cleaned[tuple[str, ...]]:
    """Several people in a cell, each as ФИО or СНИЛС: «Иванова А. П.; 112-233-445 95»; () for an empty cell."""
    text = tidy(text.replace("\n", ";"))
    if text in NOTHING or fold(text) == "нет":
        return Cleaned(())
    if len(text) > 400:
        problem = Problem("mistake", "long", "Слишком длинно: впишите одно или два ФИО через точку с запятой")
        return Cleaned((), problem)
    return Cleaned(tuple(dict.fromkeys(part for part in _BETWEEN_PEOPLE.split(text) if part)))


def clean_number(text: str) -> Cleaned[str]:
    """A number in another system, as typed; Excel's «123.0» is 123."""
    return clean_text(re.sub(r"(?<=\d)[.]0+$", "", tidy(text)), 64)


def clean_whole_name(text: str) -> Cleaned[str]:
    """ФИО of somebody else in one cell: it is looked up, not stored."""
    return clean_text(text)


def ignore(text: str) -> Cleaned[str]:
    """The cell is not read."""
    return Cleaned("")
