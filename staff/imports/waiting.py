"""Whom the rows that wait may be about: nobody of them is offered to leave."""

import re
from collections.abc import Mapping
from typing import Any

from staff.imports.records import NAME_KEYS, Record
from staff.imports.roster import Person
from staff.names.keys import key_part

_LETTERS = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
_DIGIT_LETTERS = str.maketrans("03", "оз")


class Waiting:
    """The names of rows that wait, as far as they can be made out: these people are in the file all the same."""

    def __init__(self) -> None:
        self.ids: set[int] = set()
        self.surnames: set[str] = set()
        self.names: set[tuple[str, str]] = set()  # (name, patronymic)
        self.nameless: set[str] = set()  # names of rows whose surname nobody can read

    def add(self, record: Record, person: Person | None) -> None:
        """Remember a row and whom its key or number belongs to."""
        if person is not None:
            self.ids.add(person.id)
        words = {key for name in (*NAME_KEYS, "full_name") for key in _words(record.texts.get(name, ""))}
        words |= {key for name in NAME_KEYS for key in _words(record.values[name])}
        self.surnames |= words
        self.names |= {(one, other) for one in words for other in words if one != other} if len(words) < 12 else set()
        if not record.values["last_name"]:
            self.nameless |= words

    def may_be(self, values: Mapping[str, Any]) -> bool:
        """Whether a person's surname, or the name and patronymic, stand in a row that waits."""
        last, first, middle = (key_part(values[key]) for key in ("last_name", "first_name", "patronymic"))
        return last in self.surnames or (first, middle) in self.names or (first in self.nameless and not middle)


def _words(text: str) -> set[str]:
    """Matching keys of the words of a name however it is written: whole, in parts, with digits for letters."""
    if not text:
        return set()
    words = {text, *_LETTERS.findall(text), *re.split(r"[\s·-]+", text)}
    words |= {word.translate(_DIGIT_LETTERS) for word in words}
    return {key_part(word) for word in words} - {""}
