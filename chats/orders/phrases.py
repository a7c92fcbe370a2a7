"""The head of a phrase: leading adjectives and the noun they go with, put into a case (pure)."""

import re
from dataclasses import dataclass

from chats.orders.cases import Case, with_letters_of
from chats.orders.morphology import Reading, is_adverb, readings

_WORD = re.compile(r"([А-Яа-яЁё]+(?:-[А-Яа-яЁё]+)*\.?)")
_COLLECTIVE = frozenset("коллектив персонал состав штат".split())  # people, and yet no person
_FIXED_FIRSTS = frozenset("бизнес веб вице видео гала медиа обер пресс топ унтер флаг шеф экс".split())


@dataclass(frozen=True, slots=True)
class Head:
    """A phrase with its head declined; whether that is a person, and whether the dictionary knows its words."""

    text: str
    is_person: bool
    is_known: bool


@dataclass(frozen=True, slots=True)
class Word:
    """A word, perhaps of several joined by hyphens, with the reading of each that declines."""

    text: str
    parts: tuple[tuple[str, Reading | None], ...]

    @property
    def main(self) -> Reading:
        return next(reading for _, reading in self.parts if reading)

    def form(self, case: Case, *, animate: bool) -> str:
        return "-".join(
            with_letters_of(part, reading.form(case, animate=animate)) if reading else part
            for part, reading in self.parts
        )


def decline_head(phrase: str, case: Case, *, capitals: bool = False, person: bool = False) -> Head | None:
    """Decline the head of a phrase, the rest stands; None where no head is found.

    Words wholly of capitals are abbreviations and stand, unless the whole text is written so (`capitals`). What is
    known to name a `person` declines as one whatever the dictionary says: «модератора», not «модератор».
    """
    pieces = _WORD.split(phrase)
    texts = pieces[1::2]
    chosen = _head_words(texts, capitals)
    if not chosen:
        return None
    noun = max(chosen)  # the last word of the head is what its adjectives go with
    animate = chosen[noun].main.is_animate
    as_person = animate or (person and chosen[noun].text.lower() not in _COLLECTIVE)
    for number, word in chosen.items():
        pieces[1 + 2 * number] = word.form(case, animate=as_person)
    return Head("".join(pieces), animate, all(word.main.is_known for word in chosen.values()))


def _head_words(texts: list[str], capitals: bool) -> dict[int, Word]:
    """Adjectives and the noun by their places; a noun told by another one («врач терапевт») declines with it."""
    adjectives: dict[int, Word] = {}
    for number, text in enumerate(texts):
        if text.endswith(".") or is_adverb(text.lower()):
            continue
        noun, adjective = read_word(text, capitals, nouns=True), read_word(text, capitals, nouns=False)
        following = _following(texts[number + 1 :], capitals)
        if adjective and any(other.main.gender == adjective.main.gender for other in following):
            adjectives[number] = adjective
            continue
        head = noun or adjective
        if not head:
            return {}
        told = next((one for one in following if noun and one.main.is_noun and one.main.is_animate), None)
        return {**adjectives, number: head, **({number + 1: told} if told and head.main.is_animate else {})}
    return {}


def _following(texts: list[str], capitals: bool) -> list[Word]:
    found = (read_word(texts[0], capitals, nouns=nouns) for nouns in (True, False)) if texts else ()
    return [word for word in found if word]


def read_word(text: str, capitals: bool, *, nouns: bool) -> Word | None:
    """A word whose last part, at least, is a noun (or an adjective) in the nominative; None for any other."""
    if text.isupper() and len(text) > 1 and not capitals:
        return None
    parts = text.split("-")
    found = [_reading(part, nouns=nouns) for part in parts]
    if not found[-1]:
        return None
    kept = [one if place == len(parts) - 1 or _declines_first(part, one) else None
            for place, (part, one) in enumerate(zip(parts, found, strict=True))]  # fmt: skip
    return Word(text, tuple(zip(parts, kept, strict=True)))


def _declines_first(part: str, reading: Reading | None) -> bool:
    """Whether a part before a hyphen declines: «учитель-логопед» does, «пресс-секретарь» does not."""
    return bool(reading and reading.is_noun and reading.is_animate and part.lower() not in _FIXED_FIRSTS)


def _reading(part: str, *, nouns: bool) -> Reading | None:
    found = [reading for reading in readings(part.lower()) if reading.is_noun == nouns]
    return next((reading for reading in found if reading.is_known), found[0] if found else None)
