"""A person's name in a case, in full and with initials, and what a person must look at (pure)."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from chats.orders.cases import Case, Gender
from chats.orders.genders import UNKNOWN, gender_of
from chats.orders.name_parts import decline_part
from chats.orders.name_rules import RULES
from schools.person_names.parts import NO_PATRONYMIC, gender_of_patronymic

_CLAN_WORD = re.compile(r"[\s-].*")  # «оглы» of «Мамед-оглы» has no initial
WRONG_GENDER = "Пол не сходится с отчеством: проверьте"


@dataclass(frozen=True, slots=True)
class DeclinedName:
    """A person's name in a case. `doubts` ask a person to look, `notes` say why a part stands unchanged (Russian)."""

    last_name: str
    first_name: str
    patronymic: str
    case: Case
    gender: Gender
    doubts: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def unsure(self) -> bool:
        """Whether a person must look at the forms before the order is issued."""
        return bool(self.doubts)

    @property
    def text(self) -> str:
        """«Иванову Ивану Ивановичу»."""
        return " ".join(part for part in (self.last_name, self.first_name, self.patronymic) if part)

    @property
    def initials_first(self) -> str:
        """«И.И. Иванову», as a signature is written."""
        return " ".join(part for part in (self._initials(), self.last_name) if part)

    @property
    def surname_first(self) -> str:
        """«Иванову И.И.», as a list is written."""
        return " ".join(part for part in (self.last_name, self._initials()) if part)

    def _initials(self) -> str:
        return _initial(self.first_name) + _initial(_CLAN_WORD.sub("", self.patronymic))


def decline_name(
    last_name: str, first_name: str, patronymic: str, *, case: Case, gender: Gender | None = None
) -> DeclinedName:
    """Put a name into a case; a gender given is believed before the one that the name tells.

    Never raises: what cannot be declined stays as it is, with a doubt. In the nominative everything is returned as
    given. Where the gender is unknown all three parts stand unchanged: half a name declined is worse than none.
    """
    patronymic = "" if patronymic.strip().casefold() == NO_PATRONYMIC else patronymic
    guess = gender_of(last_name, first_name, patronymic)
    known = gender or guess.gender
    doubts = [_disagreement(gender, patronymic) if gender else guess.doubt]
    texts = (last_name, first_name, patronymic)
    if not known or not "".join(texts).strip():
        return DeclinedName(*texts, case, known, (guess.doubt or UNKNOWN,))
    declined = [decline_part(part, text, known) for part, text in zip(RULES, texts, strict=True)]
    last, first, middle = (
        text if case is Case.NOMINATIVE else one.forms[case] for text, one in zip(texts, declined, strict=True)
    )
    doubts += [doubt for one in declined for doubt in one.doubts]
    notes = [note for one in declined for note in one.notes]
    return DeclinedName(last, first, middle, case, known, _each(doubts), _each(notes))


def _disagreement(gender: Gender, patronymic: str) -> str:
    return WRONG_GENDER if gender_of_patronymic(patronymic) not in ("", gender) else ""


def _each(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for text in texts if text))


def _initial(name: str) -> str:
    """«А.» of «Анна», «А.-М.» of «Анна-Мария»; nothing of what begins with no letter."""
    return "-".join(f"{part[0].upper()}." for part in name.strip().split("-") if part[:1].isalpha())
