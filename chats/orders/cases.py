"""The six grammatical cases, and how a declined word takes the letters of the word it came from (pure)."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

Gender = Literal["m", "f", ""]  # '' where nothing tells
CYRILLIC = re.compile("[А-Яа-яЁё]+")


class Case(StrEnum):
    """The cases, as their questions: an order appoints whom (accusative), tells whom (dative), is signed by whom."""

    NOMINATIVE = "nominative"  # кто, что
    GENITIVE = "genitive"  # кого, чего
    DATIVE = "dative"  # кому, чему
    ACCUSATIVE = "accusative"  # кого, что
    INSTRUMENTAL = "instrumental"  # кем, чем
    PREPOSITIONAL = "prepositional"  # о ком, о чём


def with_letters_of(word: str, declined: str) -> str:
    """Give a declined word, in small letters, the letters of the word it came from: capitals, ё or е.

    («ИВАНОВ», «иванова») → «ИВАНОВА»; («Пётр», «петра») → «Петра»; («вахтер», «вахтёра») → «вахтера».
    """
    kept = "".join(_like(old, new) for old, new in zip(word, declined, strict=False))
    rest = declined[len(word) :]
    return kept + (rest.upper() if len(word) > 1 and word.isupper() else rest)


def _like(old: str, new: str) -> str:
    """A new letter as the old one in its place: the very same one where it is only written otherwise."""
    if old.lower() == new or (old.lower() == "е" and new == "ё"):
        return old
    return new.upper() if old.isupper() else new


@dataclass(frozen=True, slots=True)
class DeclinedText:
    """A text in a case, and in Russian why a person must look at it."""

    text: str
    doubts: tuple[str, ...] = ()

    @property
    def unsure(self) -> bool:
        """Whether a person must look at the text before the order is issued."""
        return bool(self.doubts)
