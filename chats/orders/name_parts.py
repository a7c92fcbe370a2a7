"""One part of a name in every case: pytrovich, corrected by the rules of name_rules (pure)."""

import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from pytrovich.enums import Case as PetrovichCase
from pytrovich.enums import Gender as PetrovichGender
from pytrovich.enums import NamePart
from pytrovich.maker import PetrovichDeclinationMaker

from chats.orders.cases import Case, Gender, with_letters_of
from chats.orders.name_rules import RULES
from chats.orders.name_rules.rule import FIXED, Part, Rule
from schools.person_names.parts import PARTICLES, TURKIC

logging.getLogger("pytrovich").setLevel(logging.CRITICAL)  # it logs every name it is given

CLAN = "Имена с «оглы», «кызы», «заде» обычно не склоняют: проверьте"
STRANGE = "Здесь не только русские буквы: оставили без изменения"

Place = Literal["head", "tail"]

_PARTS = {
    "last_name": NamePart.LASTNAME,
    "first_name": NamePart.FIRSTNAME,
    "patronymic": NamePart.MIDDLENAME,
}
_GENDERS = {"m": PetrovichGender.MALE, "f": PetrovichGender.FEMALE}
_OBLIQUE = (Case.GENITIVE, Case.DATIVE, Case.ACCUSATIVE, Case.INSTRUMENTAL, Case.PREPOSITIONAL)
_WORD = re.compile("([А-Яа-яЁё]+(?:['’ʼ][А-Яа-яЁё]+)*)")
_BETWEEN = re.compile(r"[\s‐-―-]*")
_APOSTROPHE = re.compile("['’ʼ]")
_CLAN = frozenset({*TURKIC, "заде"})
_TITLES = frozenset("бай бек гирей кыс оол паша хан шах".split())  # of «Кара-оол» only the last part declines
_STILL = Rule("«фон», «де» and what stands before a Turkic title or a Tuvan «оол» stand still (Розенталь).", FIXED)
_NEVER = re.compile("(?!)")


@lru_cache(maxsize=1)
def _maker() -> PetrovichDeclinationMaker:
    """pytrovich with its rules read; declining changes nothing in it, so threads may share it."""
    return PetrovichDeclinationMaker()


@dataclass(frozen=True, slots=True)
class DeclinedPart:
    """A surname, a name or a patronymic: its form in each oblique case, doubts and notes in Russian."""

    forms: dict[Case, str]
    doubts: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@lru_cache(maxsize=4096)
def decline_part(part: Part, text: str, gender: Gender) -> DeclinedPart:
    """Every form of a part, each of its words by a rule of its own; the gender is 'm' or 'f'. Never raises."""
    pieces = _WORD.split(text)
    words = pieces[1::2]
    if _CLAN.intersection(word.lower() for word in words):
        return _unchanged(text, CLAN)
    if not all(_BETWEEN.fullmatch(between) for between in pieces[::2]):
        return _unchanged(text, STRANGE)
    titled = bool(words) and words[-1].lower() in _TITLES
    rules = [
        _STILL if titled and place == "head" else _rule_of(part, word, gender, place) for word, place in _placed(words)
    ]
    found = list(zip(words, rules, strict=True))
    forms = {}
    for case in _OBLIQUE:
        pieces[1::2] = [_form(part, word, gender, case=case, rule=rule) for word, rule in found]
        forms[case] = "".join(pieces)
    doubts = tuple(rule.doubt for rule in rules if rule and rule.doubt)
    return DeclinedPart(forms, doubts, tuple(rule.note for rule in rules if rule and rule.note))


def _unchanged(text: str, doubt: str) -> DeclinedPart:
    return DeclinedPart(dict.fromkeys(_OBLIQUE, text), (doubt,))


def _placed(words: list[str]) -> Iterator[tuple[str, Place]]:
    """Words of a part with their places: the last one is the tail."""
    return ((word, "tail" if number == len(words) else "head") for number, word in enumerate(words, start=1))


def _rule_of(part: Part, word: str, gender: Gender, place: Place) -> Rule | None:
    """The first rule that fits a word; None where only pytrovich has one."""
    lower = _APOSTROPHE.sub("", word.lower())
    folded = lower.replace("ё", "е")
    if place == "head" and lower in PARTICLES:
        return _STILL
    return next(
        (
            rule
            for rule, words, pattern in _INDEX[part, gender]
            if rule.place in ("", place) and (folded in words or pattern.fullmatch(lower))
        ),
        None,
    )


def _form(part: Part, word: str, gender: Gender, *, case: Case, rule: Rule | None) -> str:
    lower = word.lower()
    if rule and rule.endings:
        declined = PetrovichDeclinationMaker.apply_mod2name(rule.endings.split(" ")[_OBLIQUE.index(case)], lower)
    else:
        declined = _maker().make(_PARTS[part], _GENDERS[gender], PetrovichCase[case.name], lower)
    return with_letters_of(word, declined)


_Index = dict[tuple[str, str], list[tuple[Rule, frozenset[str], re.Pattern[str]]]]
_INDEX: _Index = {
    (part, gender): [
        (rule, frozenset(rule.words.split()), re.compile(rule.pattern) if rule.pattern else _NEVER)
        for rule in RULES[part]
        if rule.gender in ("", gender)
    ]
    for part in RULES
    for gender in _GENDERS
}
