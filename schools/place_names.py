"""Regions and territories as people write them: «г. Москва», «77», «Невский р-н» (pure)."""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from schools.codes import fold
from schools.regions import REGIONS

DIRECT = "Подведомственные региону"  # the row of schools that are under no municipality, in every table of places

_WORD = re.compile(r"[а-я]+")
_REGION_WORDS = frozenset(
    "республика респ область обл край автономный автономная авт округ ао г гор город федерального значения субъект "
    "рф российской федерации россия".split()
)
# Names that neither the full nor the short name holds.
_OTHER_NAMES = {
    "02": ("Башкирия",),
    "07": ("КБР",),
    "09": ("КЧР",),
    "14": ("Якутия", "Саха"),
    "15": ("Северная Осетия", "РСО-Алания"),
    "17": ("Тува",),
    "21": ("Чувашия - Чувашская",),
    "41": ("Камчатка",),
    "42": ("Кемеровская",),
    "78": ("СПб", "Петербург"),
    "79": ("ЕАО",),
    "86": ("Ханты-Мансийский", "ХМАО", "Югра"),
    "89": ("Ямало-Ненецкий",),
}


def _words(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(fold(text))) - _REGION_WORDS


def _names() -> dict[frozenset[str], str]:
    known = {}
    for region in REGIONS:
        for name in (region.name, region.short_name, *_OTHER_NAMES.get(region.code, ())):
            known[_words(name)] = region.code
    return known


_CODE_BY_WORDS = _names()
_CODE_BY_ISO = {region.iso_code.lower(): region.code for region in REGIONS if region.iso_code}
_CODES = frozenset(region.code for region in REGIONS)
NAME_BY_CODE = {region.code: region.name for region in REGIONS}


@lru_cache(maxsize=2048)
def region_code(text: str) -> str:
    """«г. Москва», «77», «7.0», «RU-MOW», «77 — Москва» → the region's code; '' for what names no region of ours."""
    folded = fold(text)
    if folded in _CODE_BY_ISO:
        return _CODE_BY_ISO[folded]
    words = _words(folded)
    if words:
        return _CODE_BY_WORDS.get(words, "")
    digits = re.sub(r"[.,]0+$", "", folded).zfill(2)
    return digits if digits in _CODES else ""


class Territory(NamedTuple):
    """A territory's name taken apart: its own words, and its type or '' where the text does not say."""

    words: tuple[str, ...]
    kind: str


_KINDS = tuple(
    (kind, re.compile(pattern))
    for kind, pattern in (
        ("adm", r"\bадминистративн\w+ округ\w*|(?<!\w)ао(?!\w)"),
        ("city", r"\bгородско\w+ округ\w*|\bг\.\s?о\.|(?<!\w)го(?!\w)|\bгород\w{0,2}\b|\bг\.|(?<!\w)г(?!\w)|\bзато\b"),
        ("okrug", r"\bмуниципальн\w+ округ\w*|\bм\.\s?о\."),
        ("district", r"\bмуниципальн\w+ район\w*|\bм\.\s?р\.?(?:\s?-\s?н)?|\bрайон\w*|\bр\s?-\s?о?н\w*\.?"),
        ("", r"\bмуниципальн\w+ образовани\w+|(?<!\w)мо(?!\w)"),
        ("okrug", r"\bокруг\w*"),
    )
)
_SIGNS = re.compile(r"[^\w]+")


@lru_cache(maxsize=8192)
def territory(text: str) -> Territory:
    """«Невский р-н» and «район Невский» → (("невский",), "district"); «Невский» → (("невский",), "")."""
    rest, kind = fold(text), ""
    for name, pattern in _KINDS:
        cut = pattern.sub(" ", rest)
        if cut != rest and _SIGNS.sub("", cut):
            rest, kind = cut, kind or name
    return Territory(tuple(sorted(_SIGNS.sub(" ", rest).split())), kind)


class Territories:
    """Names of a region's territories, found again under another spelling; a name in doubt is not found."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        self._exact: dict[str, str] = {}
        self._alike: dict[tuple[str, ...], list[str]] = {}
        for name in names:
            self.add(name)

    def add(self, name: str) -> None:
        """Take a name in."""
        if self._exact.setdefault(fold(name), name) == name:
            self._alike.setdefault(territory(name).words, []).append(name)

    def find(self, name: str) -> str | None:
        """The known name a text means: the same text, or the same words with no other type of territory said."""
        exact = self._exact.get(fold(name))
        if exact is not None:
            return exact
        wanted = territory(name)
        alike = [
            known
            for known in self._alike.get(wanted.words, ())
            if not (wanted.kind and territory(known).kind) or wanted.kind == territory(known).kind
        ]
        return alike[0] if len(alike) == 1 else None
