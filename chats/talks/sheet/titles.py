"""When two names of chats are one: case, ё, quotes, signs and Latin twins of Russian letters tell nothing (pure)."""

import re
from functools import lru_cache

from schools.codes import fold

_TWINS = str.maketrans("aceopxykmhtb", "асеорхукмнтв")
_SIGNS = re.compile(r"[\W_]+")
_CLASS = re.compile(r"\b(1[0-2]|[1-9]) ([а-я])\b")
_CLASS_WORD = re.compile(r"(?:1[0-2]|[1-9])[а-я]?")
_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_YEAR = re.compile(r"\b20\d\d(?:\s?[/-]\s?(?:20)?\d\d)?\b(?:\s*(?:уч\w*\.?\s*)?г(?:од)?\w*\.?)?")
_NOISE = frozenset({"чат", "группа", "беседа", "класс", "класса", "кл", "сферум", "мах", "школа", "школы"})


@lru_cache(maxsize=16384)
def title_key(text: str) -> str:
    """«6 "Б". Родители», «6B родители» → '6б родители' and '6в родители'."""
    key = _SIGNS.sub(" ", fold(text).translate(_TWINS)).strip()
    return _CLASS.sub(r"\1\2", key)


@lru_cache(maxsize=16384)
def loose_key(text: str) -> str:
    """The telling words in one order: «Чат родители 6Б (школа 375)» → '6б родители'; '' where nothing is telling."""
    bare = _YEAR.sub(" ", _BRACKETS.sub(" ", fold(text)))
    words = [word for word in title_key(bare).split() if word not in _NOISE]
    return " ".join(sorted(words)) if any(not _CLASS_WORD.fullmatch(word) for word in words) else ""


def class_in(text: str) -> str:
    """The class a name speaks of, '6б'; '' for none or several."""
    found = {word for word in title_key(text).split() if _CLASS_WORD.fullmatch(word) and not word.isdigit()}
    return found.pop() if len(found) == 1 else ""
