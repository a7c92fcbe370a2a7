"""By what a row of a file is recognised as somebody the school has, and two rows as one person (pure)."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple

from staff.imports.roster import Person, short_key
from staff.names.keys import key_part, name_key
from staff.rosters.records import Record

Values = Mapping[str, Any]
NAMES = ("last_name", "first_name", "patronymic")
TELLING = ("snils", "born_on", "external_id")  # both rows give one and the values differ: two people


class Found(NamedTuple):
    """Whom a row is: the person, or why it cannot be told (a code; '' means simply new)."""

    person: Person | None
    trouble: str = ""


def differs(one: Values, other: Values) -> bool:
    """Whether two rows of one name are surely two people."""
    return any(one.get(key) and other.get(key) and one[key] != other[key] for key in TELLING)


def same_person(one: Values, other: Values) -> bool:
    """Whether two rows can be one person: some part of the name or the birthday is shared.

    A surname changes, a name is mended, but both at once mean that columns were sorted apart. A name that could not be
    read says nothing.
    """
    if one["last_name"] == other["last_name"] or not (other["last_name"] and other["first_name"]):
        return True
    parts = {key_part(one[name]) for name in NAMES} & {key_part(other[name]) for name in NAMES} - {""}
    return bool(parts) or bool(one.get("born_on") and one["born_on"] == other.get("born_on"))


def full_key(values: Values) -> str:
    """The matching key of the whole name."""
    return name_key(values["last_name"], values["first_name"], values["patronymic"])


@lru_cache(maxsize=16384)
def family_stem(last_name: str) -> str:
    """«Иванов», «Иванова» → 'иванов'; «Белый», «Белая» → 'бел': what brothers and sisters share."""
    key = key_part(last_name)
    for ending in ("ая", "ый", "ий", "ой", "а"):
        if key.endswith(ending) and len(key) > len(ending) + 2:
            return key[: -len(ending)]
    return key


def is_family(one: Values, other: Values) -> bool:
    """Whether two children may be brother and sister: one surname, and no two patronymics of different fathers."""
    if family_stem(one["last_name"]) != family_stem(other["last_name"]):
        return False
    fathers = {father_of(each["patronymic"]) for each in (one, other)} - {""}
    return len(fathers) < 2


@lru_cache(maxsize=16384)
def father_of(patronymic: str) -> str:
    """«Олегович», «Олеговна» → 'олег'."""
    key = key_part(patronymic)
    for ending in ("ович", "евич", "овна", "евна", "инична", "ична", "ич"):
        if key.endswith(ending):
            return key[: -len(ending)]
    return key


@dataclass(slots=True)
class PupilMatcher:
    """Recognises the rows of a file among the pupils of the school, the surest first, so that order tells nothing.

    The passes: hidden key, СНИЛС, number; then the name with birthday, phone or class; then the name alone. Nobody is
    two rows. `key_of` opens a hidden key.
    """

    people: Sequence[Person]
    key_of: Callable[[str], int | None]
    claimed: dict[int, Record] = field(default_factory=dict)
    by_id: dict[int, Person] = field(default_factory=dict)
    by_snils: dict[str, Person] = field(default_factory=dict)
    by_number: dict[str, Person] = field(default_factory=dict)
    by_name: dict[str, list[Person]] = field(default_factory=lambda: defaultdict(list))
    by_short: dict[str, list[Person]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        for person in sorted(self.people, key=lambda one: (one.works, one.id)):  # those who learn here win
            values = person.values
            self.by_id[person.id] = person
            if values["snils"]:
                self.by_snils[values["snils"]] = person
            if values["external_id"]:
                self.by_number[values["external_id"]] = person
            self.by_name[full_key(values)].append(person)
            self.by_short[short_key(values["last_name"], values["first_name"])].append(person)

    def match(self, records: Iterable[Record]) -> list[Found]:
        """Whom each record is, in their order."""
        listed = list(records)
        found: list[Found | None] = [self._sure(record) for record in listed]
        if self.people:
            for place, record in enumerate(listed):
                found[place] = found[place] or self._close(record)
            self._only(listed, found)
        return [each or Found(None) for each in found]

    def _claim(self, record: Record, person: Person) -> Found:
        owner = self.claimed.setdefault(person.id, record)
        return Found(person, "" if owner is record else "twice")

    def _sure(self, record: Record) -> Found | None:
        values = record.values
        if values.get("row_key"):
            return self._by_key(record)
        known = self.by_snils.get(values.get("snils") or "")
        if known is not None:
            return self._claim(record, known) if same_person(known.values, values) else Found(known, "other_snils")
        owner = self.by_number.get(values.get("external_id") or "")
        if owner is None:
            return None
        if same_person(owner.values, values) and not differs(owner.values, values):
            return self._claim(record, owner)
        return Found(owner, "other_number") if owner.works else None

    def _by_key(self, record: Record) -> Found:
        person = self.by_id.get(self.key_of(record.values["row_key"]) or 0)
        if person is None:
            return Found(None, "foreign_key")
        return self._claim(record, person) if same_person(person.values, record.values) else Found(person, "other_key")

    def _candidates(self, record: Record) -> list[Person]:
        values = record.values
        if not (values["last_name"] and values["first_name"]):
            return []
        alike = self.by_short.get(short_key(values["last_name"], values["first_name"]))
        if not alike:
            return []
        named = alike
        if values["patronymic"] or values["no_patronymic"]:
            compatible = [one for one in alike if not (one.values["patronymic"] and values["patronymic"])]
            named = self.by_name.get(full_key(values)) or compatible
        return [one for one in named if not differs(one.values, values)]

    def _close(self, record: Record) -> Found | None:
        """By the name and something else that agrees; of several, those with whom more does."""
        values, agree, told = record.values, self._candidates(record), False
        for key in ("born_on", "phone", "school_class"):
            closer = [one for one in agree if one.values[key] and one.values[key] == values.get(key)]
            agree, told = closer or agree, told or bool(closer)
        here = nearest(values, agree) if told else []
        if len(here) > 1:
            return Found(None, "namesakes")
        return self._claim(record, here[0]) if here else None

    def _only(self, records: Sequence[Record], found: list[Found | None]) -> None:
        """By the name alone, among those no surer row is; whom several rows may be, none of them is."""
        free = {
            place: nearest(record.values, [one for one in self._candidates(record) if one.id not in self.claimed])
            for place, record in enumerate(records)
            if found[place] is None
        }
        rows = Counter(here[0].id for here in free.values() if len(here) == 1)
        for place, here in free.items():
            if len(here) > 1:
                found[place] = Found(None, "namesakes")
            elif here:
                alone = rows[here[0].id] == 1
                found[place] = self._claim(records[place], here[0]) if alone else Found(here[0], "rivals")


def nearest(values: Values, people: Sequence[Person]) -> Sequence[Person]:
    """Of those a row may be: who learn here before who left, then those of the very same name."""
    here = [one for one in people if one.works] or people
    return [one for one in here if full_key(one.values) == full_key(values)] or here
