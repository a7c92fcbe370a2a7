"""Names of organisations in a case: words of kind are declined, what is in quotes or the genitive stands (pure).

«Государственное … учреждение средняя общеобразовательная школа № 5 Невского района» – «Государственного … учреждения
средней общеобразовательной школы № 5 Невского района».
"""

import re
from functools import lru_cache

from chats.orders.cases import Case, DeclinedText, with_letters_of
from chats.orders.morphology import Reading, readings
from chats.orders.phrases import Word, read_word

LONGEST = 1000  # signs: the field holds 500
UNREAD = "Не нашли в названии слова, которое склоняется: проверьте"

# What organisations of the field are called: their heads, and the only nouns declined here.
KINDS = frozenset(
    "академия администрация гимназия дворец департамент дирекция дом институт интернат колледж комитет комплекс корпус "
    "лицей министерство общество объединение организация отдел прогимназия сад служба станция техникум университет "
    "управление учреждение училище филиал фонд центр школа".split()
)
_QUOTED = re.compile('([«"“„].*[»"”“]|[«"“„].*)', re.DOTALL)
_WORD = re.compile("([А-Яа-яЁё]+(?:-[А-Яа-яЁё]+)*)")
_BETWEEN = re.compile(r"[\s()]+")
_ABBREVIATION = re.compile(r"\s*[А-ЯЁ]{0,4}(?:ОУ|ОШ|СШ|ДО|ЦО|МЦ)(?![А-ЯЁа-яё])")  # ГБОУ, СОШ, ЦДО, ИМЦ


@lru_cache(maxsize=4096)
def decline_organisation(name: str, case: Case) -> DeclinedText:
    """A name in a case; unchanged with a doubt where no word of kind is found. Never raises.

    A name that begins with an abbreviation («ГБОУ СОШ № 5») does not decline, and there is no doubt about it.
    """
    if case is Case.NOMINATIVE or not name.strip():
        return DeclinedText(name)
    if len(name) > LONGEST:
        return DeclinedText(name, (UNREAD,))
    pieces = _QUOTED.split(name)
    found = [_decline_plain(piece, case) for piece in pieces[::2]]
    pieces[::2] = [text for text, _ in found]
    told = any(has_kind for _, has_kind in found) or _ABBREVIATION.match(name)
    return DeclinedText("".join(pieces), () if told else (UNREAD,))


def _decline_plain(text: str, case: Case) -> tuple[str, bool]:
    """Text without quotes with each word of kind declined, and the adjectives before it; whether there was any."""
    pieces = _WORD.split(text)
    kinds = {place: kind for place in range(1, len(pieces), 2) if (kind := _kind(pieces[place]))}
    for place, kind in kinds.items():
        for before, word in _adjectives(pieces, place, kind):
            pieces[before] = word.form(case, animate=False)
        pieces[place] = _form(pieces[place], case)
    return "".join(pieces), bool(kinds)


def _adjectives(pieces: list[str], place: int, kind: Reading) -> list[tuple[int, Word]]:
    """Adjectives that stand right before a word of kind and agree with it, with their places."""
    found = []
    for before in range(place - 2, 0, -2):
        word = read_word(pieces[before], True, nouns=False)
        if not word or word.main.gender != kind.gender or not _BETWEEN.fullmatch(pieces[before + 1]):
            break
        found.append((before, word))
    return found


def _kind(word: str) -> Reading | None:
    """The reading of the first part of a word of kind: of «школа» in «школа-интернат»."""
    return _noun(word.split("-")[0])


def _noun(part: str) -> Reading | None:
    lower = part.lower()
    return next((reading for reading in readings(lower) if reading.is_noun), None) if lower in KINDS else None


def _form(word: str, case: Case) -> str:
    parts = [(part, _noun(part)) for part in word.split("-")]
    return "-".join(with_letters_of(part, noun.form(case, animate=False)) if noun else part for part, noun in parts)
