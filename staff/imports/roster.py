"""The present staff of a school as plain values, and the rule by which a row of a file is recognised in it."""

import datetime
import hashlib
import hmac
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, NamedTuple

from django.conf import settings
from django.db.models import Count, F, Max, Q, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from schools.models import School
from schools.platforms import SFERUM
from schools.years import school_year_of
from staff.models import ClassTeacher, StaffAccount, StaffMember
from staff.names.keys import key_part, name_key

# What a file may change in a staff row; the order is that of the page.
STAFF_FIELDS = (
    "last_name", "first_name", "patronymic", "no_patronymic", "snils", "born_on", "position", "subjects", "role",
    "phone", "email", "employment", "rate", "personnel_number", "hired_on", "left_on", "note",
)  # fmt: skip
LINKED_FIELDS = ("leads_classes", "has_profile", "is_confirmed")
FIELDS = (*STAFF_FIELDS, *LINKED_FIELDS)


@dataclass(slots=True)
class Person:
    """A staff member as the plan sees one: `values` holds every field of FIELDS; `works` until the day of leaving."""

    id: int
    version: int
    values: dict[str, Any]
    works: bool = True

    @property
    def title(self) -> str:
        """«Фамилия Имя Отчество»."""
        parts = (self.values[key] for key in ("last_name", "first_name", "patronymic"))
        return " ".join(part for part in parts if part)


class Found(NamedTuple):
    """Whom a row is: the person, or why it cannot be told (a code; '' means simply new).

    With the codes of OTHERS the person is the one whose key or number the row carries, though it names somebody else.
    """

    person: Person | None
    trouble: str = ""


@dataclass
class Roster:
    """A school's staff with the indexes that recognise a row; `stamp` changes whenever the list does."""

    people: list[Person]
    stamp: str
    by_id: dict[int, Person] = field(default_factory=dict)
    by_snils: dict[str, Person] = field(default_factory=dict)
    by_number: dict[str, Person] = field(default_factory=dict)
    by_name: dict[str, list[Person]] = field(default_factory=lambda: defaultdict(list))
    by_short_name: dict[str, list[Person]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        for person in sorted(
            self.people, key=lambda one: (one.works, one.id)
        ):  # those who work win over those who left
            values = person.values
            self.by_id[person.id] = person
            if values["snils"]:
                self.by_snils[values["snils"]] = person
            if values["personnel_number"]:
                self.by_number[values["personnel_number"]] = person
            names = values["last_name"], values["first_name"], values["patronymic"]
            self.by_name[name_key(*names)].append(person)
            self.by_short_name[short_key(*names[:2])].append(person)

    def find(self, values: dict[str, Any], short: str) -> Found:
        """Recognise a row: by hidden key, СНИЛС, personnel number, then by name and what else tells people apart.

        `short` is the row's `short_key`.
        """
        if values.get("row_key"):
            known = self._by_key(values["row_key"])
            return _unless_another(known, values, "other_key") if known else Found(None, "foreign_key")
        sure = self.by_snils.get(values.get("snils") or "")
        if sure is not None:
            return _unless_another(sure, values, "other_snils")
        found = self._by_number(values)
        if found is not None:
            return found
        alike = self.by_short_name.get(short)
        return self._by_name(values, alike) if alike else Found(None)

    def _by_key(self, key: str) -> Person | None:
        """Whose row a template's hidden key names; None for a key that is not ours."""
        staff_id = key.partition("-")[0]
        person = self.by_id.get(int(staff_id)) if _ID.fullmatch(staff_id) else None
        return person if person is not None and hmac.compare_digest(row_key(person.id).encode(), key.encode()) else None

    def _by_number(self, values: dict[str, Any]) -> Found | None:
        """Whose personnel number it is; a number of somebody who has left may have passed to a new colleague."""
        owner = self.by_number.get(values.get("personnel_number") or "")
        if owner is None:
            return None
        if same_person(owner.values, values) and not differs(owner.values, values):
            return Found(owner)
        return Found(owner, "other_number") if owner.works else None

    def _by_name(self, values: dict[str, Any], alike: list[Person]) -> Found:
        names = values["last_name"], values["first_name"], values["patronymic"]
        candidates = self.by_name.get(name_key(*names), []) or [
            person for person in alike if not (person.values["patronymic"] and values["patronymic"])
        ]
        candidates = [person for person in candidates if not differs(person.values, values)]
        close = [person for person in candidates if agrees(person.values, values)]
        working = [person for person in close or candidates if person.works]
        chosen = working or close or candidates
        if len(chosen) > 1:
            return Found(None, "namesakes")
        return Found(chosen[0] if chosen else None)


_ID = re.compile("[0-9]{1,18}")
OTHERS = frozenset({"other_key", "other_snils", "other_number"})


def _unless_another(person: Person, values: dict[str, Any], code: str) -> Found:
    return Found(person) if same_person(person.values, values) else Found(person, code)


def same_person(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Whether two rows can be one person: some part of the name or the birthday is shared.

    A surname changes with marriage, a name is mended, but both at once mean that columns were sorted apart or moved.
    A name that could not be read says nothing.
    """
    if one["last_name"] == other["last_name"] or not (other["last_name"] and other["first_name"]):
        return True
    parts = {key_part(one[name]) for name in _NAMES} & {key_part(other[name]) for name in _NAMES} - {""}
    return bool(parts) or bool(one["born_on"] and one["born_on"] == other.get("born_on"))


_NAMES = ("last_name", "first_name", "patronymic")


def short_key(last_name: str, first_name: str) -> str:
    """The matching key without the patronymic."""
    return f"{key_part(last_name)}|{key_part(first_name)}"


_TELLING = ("snils", "born_on", "personnel_number")


def differs(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Whether two rows of one name are surely two people: both give a telling field and the values are not equal."""
    return any(one.get(key) and other.get(key) and one[key] != other[key] for key in _TELLING)


def agrees(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Whether two rows of one name share a telling field or the phone."""
    return any(one.get(key) and one[key] == other.get(key) for key in (*_TELLING, "phone"))


def row_key(staff_id: int) -> str:
    """The key a template hides in its first column: the id with a signature, so that nobody guesses another's."""
    digest = hmac.new(settings.SECRET_KEY.encode(), f"staff-row:{staff_id}".encode(), hashlib.sha256)
    return f"{staff_id}-{digest.hexdigest()[:10]}"


def stamp_of(school: School) -> str:
    """A text that changes whenever a plan against the school's list would: by an edit, or by the day itself.

    On some days people leave and accounts close as was known before; on 1 September the classes are other classes.
    """
    today = timezone.localdate()
    staff = StaffMember.objects.filter(school=school).aggregate(
        count=Count("id"),
        last=Coalesce(Max("id"), 0),
        versions=Coalesce(Sum("version"), 0),
        begun=Count("id", filter=Q(hired_on__lte=today)),
        left=Count("id", filter=Q(left_on__lte=today)),
    )
    # Sums of ids tell who, where counts only tell how many: one profile more and one fewer is a change too.
    accounts = StaffAccount.objects.filter(school=school).aggregate(
        count=Count("id"),
        last=Coalesce(Max("id"), 0),
        profiles=_whose(Q(profile_on__isnull=False)),
        confirmed=_whose(Q(confirmed_on__isnull=False)),
        closing=_whose(Q(closed_on__isnull=False)),
        closed=_whose(Q(closed_on__lte=today)),
    )
    classes = ClassTeacher.objects.filter(staff__school=school).aggregate(
        count=Count("id"),
        last=Coalesce(Max("id"), 0),
        pairs=Coalesce(Sum(F("staff_id") * F("school_class_id")), 0),
        names=Coalesce(Sum(F("staff_id") * F("school_class__grade")), 0),
    )
    facts = "-".join(str(number) for each in (staff, accounts, classes) for number in each.values())
    return f"{school_year_of(today)}:{facts}"


def _whose(condition: Q) -> Coalesce:
    return Coalesce(Sum("staff_id", filter=condition), 0)


def load_roster(school: School) -> Roster:
    """Read a school's whole staff, those who left included, in six queries."""
    stamp = stamp_of(school)
    today = timezone.localdate()
    classes = _led_classes(school, school_year_of(today))
    accounts = {
        staff: (bool(profile), bool(confirmed))
        for staff, profile, confirmed in StaffAccount.objects.filter(
            Q(closed_on=None) | Q(closed_on__gt=today), school=school, platform=SFERUM.number
        ).values_list("staff", "profile_on", "confirmed_on")
    }
    people = []
    rows: Iterable[tuple[Any, ...]] = StaffMember.objects.filter(school=school).values_list(
        "id", "version", *STAFF_FIELDS
    )
    for staff_id, version, *values in rows:
        known = dict(zip(STAFF_FIELDS, values, strict=True))
        known["leads_classes"] = classes.get(staff_id, "")
        known["has_profile"], known["is_confirmed"] = accounts.get(staff_id, (False, False))
        works = known["left_on"] is None or known["left_on"] > today
        people.append(Person(id=staff_id, version=version, values=known, works=works))
    return Roster(people=people, stamp=stamp)


def _led_classes(school: School, year: int) -> dict[int, str]:
    """For each class teacher the classes of a school year, «7Б, 8А»."""
    led = (
        ClassTeacher.objects.filter(staff__school=school, school_class__year=year)
        .order_by("school_class__grade", "school_class__letter")
        .values_list("staff", "school_class__grade", "school_class__letter")
    )
    names: dict[int, list[str]] = defaultdict(list)
    for staff, grade, letter in led:
        names[staff].append(f"{grade}{letter}")
    return {staff: ", ".join(classes) for staff, classes in names.items()}


def plain(value: Any) -> Any:
    """A value as JSON keeps it: dates and decimals as text."""
    if isinstance(value, datetime.date):
        return value.isoformat()
    return f"{value.normalize():f}" if isinstance(value, Decimal) else value
