"""Words of schools' names: legal form, kind, level, or the school's own; misspelt, glued and broken ones too (pure)."""

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import zip_longest
from typing import NamedTuple

from rapidfuzz.distance import OSA


class Sort(NamedTuple):
    """What a word of a name is; all empty for a word that is the school's own."""

    kinds: tuple[str, ...] = ()
    level: str = ""
    is_form: bool = False
    is_private: bool = False

    @property
    def is_known(self) -> bool:
        """Whether the word says something of form, kind or level."""
        return bool(self.kinds or self.level or self.is_form)


OWN = Sort()
_FORM, _PRIVATE = Sort(is_form=True), Sort(is_form=True, is_private=True)


def _kind(*kinds: str, level: str = "") -> Sort:
    return Sort(kinds, level, is_form=not (kinds or level))


_ADJECTIVE = r"(?:ая|ое|ой|ого|ые|ых|ую|ом|ому|ый|ий)?"
_NOUN = r"(?:а|ы|е|у|ой|ом|ов|и|я|ю|й|ем)?"
_ANY = r"\w{0,4}"
# (stem, endings, sort): a word is the stem with one of the endings.
_STEMS = (
    *((stem, _ANY, _FORM) for stem in (
        "федеральн", "государственн", "муниципальн", "автономн", "бюджетн", "казенн", "некоммерческ",
        "общеобразовательн", "образовательн", "учреждени", "организаци", "дошкольн", "профессиональн")),
    *((stem, _ADJECTIVE, _FORM) for stem in ("краев", "областн", "республиканск", "окружн")),
    ("негосударственн", _ANY, _PRIVATE),
    ("частн", _ADJECTIVE, _PRIVATE),
    ("средн", "(?:яя|ей|ее|его|юю)", _kind(level="средняя")),
    ("основн", _ADJECTIVE, _kind(level="основная")),
    ("начальн", _ADJECTIVE, _kind(level="начальная")),
    ("школ", "(?:а|ы|е|у|ой)?", _kind("школа")),
    ("гимнази", _ANY, _kind("гимназия")),
    ("прогимнази", _ANY, _kind("прогимназия")),
    ("лице", "(?:й|я|ю|е|ем|и)", _kind("лицей")),
    ("интернат", _NOUN, _kind("интернат")),
    ("кадетск", _ANY, _kind("кадетская")),
    ("суворовск", _ANY, _kind("кадетская")),
    ("нахимовск", _ANY, _kind("кадетская")),
    ("вечерн", _ANY, _kind("вечерняя")),
    ("сменн", _ADJECTIVE, _kind("вечерняя")),
    ("коррекционн", _ANY, _kind("коррекционная")),
    ("санаторн", _ANY, _kind("санаторная")),
    ("колледж", _NOUN, _kind("колледж")),
    ("техникум", _NOUN, _kind("техникум")),
    ("училищ", _NOUN, _kind("училище")),
    ("институт", _NOUN, _kind("вуз")),
    ("университет", _NOUN, _kind("вуз")),
    ("академи", "(?:я|и|ю|ей)", _kind("вуз")),
    ("центр", _NOUN, _kind("центр")),
    ("комплекс", _NOUN, _kind("комплекс")),
    ("филиал", _NOUN, _kind("филиал")),
    ("детсад", _NOUN, _kind("сад")),
    ("сад", "(?:а|у|ом)?", _kind("сад")),
)  # fmt: skip
_FORM_STEMS = frozenset(stem for stem, _, sort in _STEMS if sort.is_form)
_PATTERNS = tuple((re.compile(stem + endings), stem, sort) for stem, endings, sort in _STEMS)
# «ош» is both «основная школа» and «общеобразовательная школа»: it says no level.
_SHORTS = {
    "сош": _kind("школа", level="средняя"),
    "сш": _kind("школа", level="средняя"),
    "оош": _kind("школа", level="основная"),
    "нош": _kind("школа", level="начальная"),
    "нш": _kind("школа", level="начальная"),
    "ош": _kind("школа"),
    "соши": _kind("школа", "интернат", level="средняя"),
    "оши": _kind("школа", "интернат"),
    "ши": _kind("школа", "интернат"),
    "осош": _kind("школа", "вечерняя"),
    "всош": _kind("школа", "вечерняя"),
    "скош": _kind("школа", "коррекционная"),
    "скоши": _kind("школа", "интернат", "коррекционная"),
    "кш": _kind("школа", "кадетская"),
    "цо": _kind("центр"),
    "увк": _kind("комплекс"),
    "дс": _kind("сад"),
    "ншдс": _kind("школа", "сад", level="начальная"),
}
_FORM_SHORT = re.compile(r"[фгмчнокрбасдпув]{1,6}(?:оу|обу|ау|бу|ку)|о?ано|[чгм]у")
_PRIVATE_SHORT = re.compile(r"(?:ч|н).{0,3}оу|чу|о?ано")
_GLUED_SHORT = re.compile(rf"([фгмчнокрбасдпув]{{1,6}}оу)({'|'.join(_SHORTS)}|лицей|гимназия)")


@lru_cache(maxsize=65536)
def sort_of(word: str) -> Sort:
    """What a folded word is; words of form and kind are known even a letter or two off."""
    if word in _SHORTS:
        return _SHORTS[word]
    if len(word) <= 8 and _FORM_SHORT.fullmatch(word):
        return _PRIVATE if _PRIVATE_SHORT.fullmatch(word) else _FORM
    found = _exactly(word)
    return found if found.is_known or len(word) < 5 else _misspelt(word)


@lru_cache(maxsize=65536)
def _exactly(word: str) -> Sort:
    return next((sort for pattern, _, sort in _PATTERNS if pattern.fullmatch(word)), OWN)


def is_misspelt(word: str) -> bool:
    """Whether a word of form or kind is known only by its likeness, or is glued of several."""
    if word in _SHORTS or _FORM_SHORT.fullmatch(word) or _exactly(word).is_known:
        return False
    return sort_of(word).is_known or len(unglued(word)) > 1


_LONG = tuple((stem, sort) for stem, _, sort in _STEMS if len(stem) > 5 and "вуз" not in sort.kinds)
_WHOLE = tuple(
    (word, sort_of.__wrapped__(word))
    for word in "школа школы лицей лицея средняя средней основная основной начальная начальной частное центр".split()
)


def _misspelt(word: str) -> Sort:
    """A short word with one letter wrong, a long one in a quarter of its stem; «Средне-…» is part of a place's name."""
    if word == "средне":
        return OWN
    for known, sort in _WHOLE:
        if abs(len(word) - len(known)) < 2 and OSA.distance(word, known, score_cutoff=1) <= 1:
            return sort
    return _alike(word)[1]


def _alike(word: str) -> tuple[str, Sort]:
    """The long stem a word is nearest to, near enough to be a misprint of it; ("", OWN) for none."""
    best, found = 99, ("", OWN)
    for stem, sort in _LONG:
        allowed = max(len(stem) // 4, 1)
        if not -3 < len(word) - len(stem) < 5:
            continue
        for length in range(len(stem) - allowed, len(stem) + allowed + 1):
            distance = OSA.distance(word[:length], stem, score_cutoff=allowed)
            if distance <= allowed and distance < best:
                best, found = distance, (stem, sort)
    return found


_FORM_ENDS = frozenset({"учреждени", "организаци"})


def form_of(words: Sequence[str]) -> str:
    """The legal form in letters, «мбоу», of the words of a name, misspelt or abbreviated; '' where it is not told."""
    letters = ""
    for word in words[:12]:
        if not letters and len(word) <= 8 and _FORM_SHORT.fullmatch(word):
            return word
        stem = next((stem for pattern, stem, _ in _PATTERNS if pattern.fullmatch(word)), "") or _alike(word)[0]
        if stem in _FORM_STEMS:
            letters += stem[0]
        if stem in _FORM_ENDS:
            return letters
    return ""


# Glued and broken words


_CUTS = re.compile(
    r"(общеобразовательн(?:ое|ая|ого|ой)|образовательн(?:ое|ая|ого|ой)|учреждени[ея]|муниципальн(?:ое|ого)|"
    r"государственн(?:ое|ого)|бюджетн(?:ое|ого)|казенн(?:ое|ого)|автономн(?:ое|ого)|средн(?:яя|ей)|основн(?:ая|ой)|"
    r"профессиональн(?:ое|ого)|коррекционн(?:ая|ое|ой)|сменн(?:ая|ой)|школ[аы]|гимнази[яи]|лице[йя]|"
    r"муниципального|городского|района$|области$|республики$)"
)


def unglued(word: str) -> list[str]:
    """«учреждениелицей» → «учреждение», «лицей»: known words cut out of an unknown one."""
    short = _GLUED_SHORT.fullmatch(word)
    if short:
        return [short[1], short[2]]
    if len(word) < 9 or sort_of(word).is_known:
        return [word]
    parts = [part for part in _CUTS.split(word) if part]
    return parts if min(map(len, parts)) > 2 else [word]


def joined(words: Sequence[str]) -> list[str]:
    """«учре ждение» → «учреждение»: two pieces that make a known word together are one."""
    out: list[str] = []
    skip = False
    for here, after in zip_longest(words, words[1:], fillvalue=""):
        if skip:
            skip = False
        elif after and _makes_known(here, after):
            out.append(here + after)
            skip = True
        else:
            out.append(here)
    return out


@lru_cache(maxsize=65536)
def _makes_known(one: str, other: str) -> bool:
    if len(one + other) < 7 or _exactly(one).is_known or _exactly(other).is_known:
        return False
    return (sort_of if len(one + other) > 13 else _exactly)(one + other).is_known


# Stems


_ENDINGS = re.compile(
    r"(?:ыми|ими|ого|его|ому|ему|ами|ями|ая|яя|ой|ей|ое|ее|ую|юю|ые|ие|ых|их|ый|ий|ым|им|ом|ем|ах|ях|ии|ия|ию|"
    r"а|я|ы|и|у|ю|е|о|ь|й)$"
)  # fmt: skip


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """A word without the ending of its case: «Ивановской» and «Ивановская» are «ивановск», «Ключей» «ключ»."""
    if len(word) < 4 or word.isdigit():
        return word
    cut = _ENDINGS.sub("", word)
    return cut if len(cut) > 2 else word


def is_derived(one: str, other: str) -> bool:
    """Whether one stem is the adjective of the other's place: «сергиевск» and «сергиев», «березовск» and «березовк»."""
    for adjective, noun in ((one, other), (other, one)):
        if adjective.endswith("ск") and len(adjective) > 5 and adjective != noun:
            base = adjective[:-2]
            if not noun.endswith("ск") and len(noun) > 3 and base.rstrip("иен") == noun.removesuffix("к").rstrip("иен"):
                return True
    return False


def is_typo(one: str, other: str) -> bool:
    """Whether two stems are one word but for a letter, or two letters in a long word."""
    if one.isdigit() or other.isdigit():
        return False
    longest = max(len(one), len(other))
    if min(len(one), len(other)) < 4:
        return False
    allowed = 2 if longest > 8 else 1
    return OSA.distance(one, other, score_cutoff=allowed) <= allowed
