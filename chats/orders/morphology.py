"""Words of the general language in the nominative and their other forms, by pymorphy3's dictionary (pure)."""

import re
from dataclasses import dataclass
from functools import lru_cache
from threading import Lock
from typing import Any, Literal

from pymorphy3 import MorphAnalyzer

from chats.orders.cases import Case

WordGender = Literal["masc", "femn", "neut"]

_TAGS = {
    Case.NOMINATIVE: "nomn",
    Case.GENITIVE: "gent",
    Case.DATIVE: "datv",
    Case.ACCUSATIVE: "accs",
    Case.INSTRUMENTAL: "ablt",
    Case.PREPOSITIONAL: "loct",
}
_SIDE_FORMS = ("V-oy", "V-ey", "V-ie", "V-bi", "Infr", "Erro", "Arch")  # «заведующею», «о знаньи»: not in a document
_LIKE = ("POS", "tense", "voice", "aspect")  # a verb's lexeme holds all of its participles
_OCCUPATIONS = frozenset("документовед тьютор видеоинженер тифлопедагог нейропсихолог".split())  # not in the dictionary
_LONGEST = 60  # letters: no word of a position is longer, and guessing at one costs time
_lock = Lock()  # the analyzer is loaded once, and promises nothing about threads


@dataclass(frozen=True, slots=True)
class Reading:
    """A word read as a noun or an adjective in the nominative singular, with its form in each case."""

    is_noun: bool
    gender: WordGender
    is_animate: bool  # of a noun that the dictionary does not know: taken for a person
    is_known: bool
    forms: dict[Case, str]

    def form(self, case: Case, *, animate: bool) -> str:
        """The word in a case; the accusative of masculine words is told by what they name: a person or a thing.

        «старшего методиста», but «преподавательский состав»; «главу» of «глава» has a form of its own.
        """
        alike = self.forms[Case.NOMINATIVE], self.forms[Case.GENITIVE]
        if case is Case.ACCUSATIVE and self.gender == "masc" and self.forms[case] in alike:
            return alike[animate]
        return self.forms[case]


@lru_cache(maxsize=1)
def _analyzer() -> MorphAnalyzer:
    return MorphAnalyzer(lang="ru")


@lru_cache(maxsize=4096)
def readings(word: str) -> tuple[Reading, ...]:
    """Every reading of a word as a nominative singular, the likeliest first; none for what is no Russian word."""
    if len(word) > _LONGEST or not re.fullmatch("[а-яё]+", word):
        return ()
    with _lock:
        read = [_reading(parse) for parse in _analyzer().parse(word) if _is_nominative(parse.tag)]
    return tuple(reading for reading in read if reading)


@lru_cache(maxsize=1024)
def is_adverb(word: str) -> bool:
    """Whether a word is an adverb, as «временно» of «временно исполняющий»."""
    if len(word) > _LONGEST or not re.fullmatch("[а-яё]+", word):
        return False
    with _lock:
        return any("ADVB" in parse.tag and parse.is_known for parse in _analyzer().parse(word))


def _is_nominative(tag: Any) -> bool:
    return tag.POS in ("NOUN", "ADJF", "PRTF") and tag.case == "nomn" and tag.number == "sing" and not _is_aside(tag)


def _is_aside(tag: Any) -> bool:
    return any(name in tag for name in (*_SIDE_FORMS, "Surn", "Name", "Patr", "Abbr"))


def _reading(parse: Any) -> Reading | None:
    """The reading of a parse of pymorphy3; None where its lexeme lacks a case."""
    tag, is_noun = parse.tag, parse.tag.POS == "NOUN"
    same = [
        form
        for form in parse.lexeme
        if form.tag.number == "sing"
        and all(getattr(form.tag, name) == getattr(tag, name) for name in _LIKE)
        and form.tag.gender == tag.gender  # «вожатая» stands in the lexeme of «вожатый»
        and ("Supr" in form.tag) == ("Supr" in tag)
        and not _is_aside(form.tag)
    ]
    forms = {case: form.word for case, name in _TAGS.items() for form in reversed(same) if form.tag.case == name}
    if len(forms) < len(_TAGS):
        return None
    is_animate = not is_noun or tag.animacy == "anim" or not parse.is_known
    return Reading(is_noun, tag.gender or "masc", is_animate, parse.is_known or parse.word in _OCCUPATIONS, forms)
