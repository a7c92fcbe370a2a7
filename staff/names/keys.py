"""The key people are matched by, and the gender of the commonest names (pure)."""

import re
from functools import lru_cache

from schools.codes import APOSTROPHES, fold
from schools.person_names.known import FEMALE_NAMES, MALE_NAMES
from schools.person_names.parts import LOOK_ALIKES, NONE_WORDS, Gender


def gender_of_name(first: str) -> Gender:
    """'m' or 'f' of the commonest names, '' for the rest."""
    folded = fold(first)
    if folded in MALE_NAMES:
        return "m"
    return "f" if folded in FEMALE_NAMES else ""


_ALIASES = (
    (re.compile(r"инична$"), "ична"),  # Ильинична and Ильична, Кузьминична and Кузьмична
    (re.compile(r"и(ев(?:ич|на))$"), r"ь\1"),  # Валериевна and Валерьевна
)
_KEY_SIGNS = re.compile(rf"[{APOSTROPHES}.]")


@lru_cache(maxsize=16384)
def key_part(text: str) -> str:
    """A surname or a name for comparing: folded, Latin twins made Russian, hyphens as spaces."""
    key = fold(_KEY_SIGNS.sub("", text.translate(LOOK_ALIKES)))
    return " ".join(key.replace("-", " ").split())


@lru_cache(maxsize=16384)
def _patronymic_key(text: str) -> str:
    key = key_part(text)
    if key in NONE_WORDS or not key:
        return ""
    for ending, usual in _ALIASES:
        key = ending.sub(usual, key)
    return key


def name_key(last_name: str, first_name: str, patronymic: str) -> str:
    """'иванова|анна мария|петровна': equal for ё and е, any dash or space, Latin twins, Ильична and Ильинична."""
    return f"{key_part(last_name)}|{key_part(first_name)}|{_patronymic_key(patronymic)}"
