"""What the fields of an order hold, and the words they give to its text (pure).

Values are kept with the order as JSON, so that an order says tomorrow what it said on the day it was issued.
"""

import datetime
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from chats.orders.cases import Case
from chats.orders.fields import CASES, FIELD_BY_KEY, INITIALS, NEXT_DAY, POSITION, Kind
from chats.orders.names import decline_name
from chats.orders.positions import decline_position
from chats.orders.text import Slot
from schools.texts import NBSP, date_text, quoted

YEARS = range(2020, 2101)  # the platforms are younger than the first, an order is older than the last


@dataclass(frozen=True, slots=True)
class PersonValue:
    """Somebody an order names. `names` and `positions` are the forms a person has put right, by case."""

    last_name: str
    first_name: str
    patronymic: str = ""
    position: str = ""
    staff_id: int | None = None
    email: str = ""
    names: Mapping[str, str] = field(default_factory=dict)
    positions: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, value: Any) -> "PersonValue | None":
        """Read what was kept as JSON; None where nothing was."""
        return cls(**value) if isinstance(value, dict) and value.get("last_name") else None

    def kept(self) -> dict[str, Any]:
        """What is kept as JSON."""
        return asdict(self)

    @property
    def full_name(self) -> str:
        """«Иванова Анна Петровна»."""
        return " ".join(part for part in (self.last_name, self.first_name, self.patronymic) if part)

    def name_in(self, case: Case) -> str:
        """The whole name in a case."""
        return self.names.get(case) or self._declined(case).text

    def initials_in(self, case: Case) -> str:
        """«Иванову А.П.»; of a name that was put right the surname is taken from what was written."""
        declined = self._declined(case)
        if case in self.names:
            return " ".join([self.names[case].split()[0], *declined.surname_first.split()[1:]])
        return declined.surname_first

    def position_in(self, case: Case) -> str:
        """The position in a case."""
        return self.positions.get(case) or decline_position(self.position, case).text

    def doubts_of(self, case: Case) -> tuple[str, ...]:
        """Why somebody should look at the forms in a case; none where they were put right by hand."""
        of_name = () if case in self.names else self._declined(case).doubts
        of_position = (
            () if case in self.positions or not self.position else decline_position(self.position, case).doubts
        )
        return (*of_name, *of_position)

    def _declined(self, case: Case) -> Any:
        return decline_name(self.last_name, self.first_name, self.patronymic, case=case)


def words_of(values: Mapping[str, Any]) -> Callable[[Slot], str]:
    """What each field gives to a text; "" for one that is empty."""

    def value_of(slot: Slot) -> str:
        catalogued, value = FIELD_BY_KEY.get(slot.name), values.get(slot.name)
        if catalogued is None or not value:
            return ""
        return _WORDS[catalogued.kind](value, slot.forms)

    return value_of


def _of_person(value: Any, forms: tuple[str, ...]) -> str:
    person = PersonValue.of(value)
    if person is None:
        return ""
    case = CASES.get(forms[-1] if forms else "", Case.NOMINATIVE)
    if POSITION in forms:
        return person.position_in(case)
    return person.initials_in(case) if INITIALS in forms else person.name_in(case)


def day_of(value: Any) -> datetime.date | None:
    """A day kept as «2026-12-01»; None where it is none, or of a year that no order of ours can mean."""
    try:
        day = datetime.date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return day if day is not None and day.year in YEARS else None


def _of_date(value: Any, forms: tuple[str, ...]) -> str:
    day = day_of(value)
    if day is None:
        return ""
    return full_date(day + datetime.timedelta(days=1) if NEXT_DAY in forms else day)


def full_date(day: datetime.date) -> str:
    """«5 мая 2026 г.»: the day without a zero before it, as ГОСТ Р 7.0.97 writes dates in words."""
    return f"{date_text(day, day)}{NBSP}{day.year}{NBSP}г."


def _of_acts(value: Any, forms: tuple[str, ...]) -> str:
    """Acts cited in a case, joined as in a sentence: «письмом …, приказом … и протоколом …»."""
    case = CASES.get(forms[-1] if forms else "", Case.NOMINATIVE)
    cited = [act["cited"][case] for act in value if case in act.get("cited", {})]
    return " и ".join([", ".join(cited[:-1]), cited[-1]] if len(cited) > 1 else cited)


def _of_order(value: Any, forms: tuple[str, ...]) -> str:
    """«от 5 мая 2026 г. № 45-ОД «Об использовании …»», quotes within the title as „“."""
    day = day_of(value.get("signed_on"))
    return f"от {full_date(day)} № {value['number']} {quoted(value['subject'])}" if day else ""


def _of_lines(value: Any, forms: tuple[str, ...]) -> str:
    return "; ".join(" ".join(line.split()).rstrip(" .;") for line in str(value).splitlines() if line.strip())


def _of_text(value: Any, forms: tuple[str, ...]) -> str:
    return " ".join(str(value).split()).rstrip(".")


_WORDS: dict[Kind, Callable[[Any, tuple[str, ...]], str]] = {
    Kind.PERSON: _of_person,
    Kind.DATE: _of_date,
    Kind.TEXT: _of_text,
    Kind.OWN: _of_text,
    Kind.LINES: _of_lines,
    Kind.ACTS: _of_acts,
    Kind.ORDER: _of_order,
    Kind.CHATS: lambda value, forms: "приложению № 1" if value else "",
}
