"""What a school has now: classes of a year, pupils, representatives and who represents whom, as plain values."""

import hashlib
import hmac
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db.models import Count, Max, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from schools.models import Guardian, Guardianship, Pupil, School, SchoolClass
from schools.values import clean_class_name
from staff.imports.roster import Person, plain, stamp_of
from staff.models import ClassTeacher

# What a file may change; the order is that of the page.
PUPIL_FIELDS = (
    "last_name", "first_name", "patronymic", "no_patronymic", "school_class", "born_on", "snils", "phone",
    "external_id", "enrolled_on", "left_on",
)  # fmt: skip
GUARDIAN_FIELDS = ("last_name", "first_name", "patronymic", "no_patronymic", "snils", "phone", "email")
LINK_FIELDS = ("kind", "invited_on", "registered_on", "declined_on")
CLASS_FIELDS = ("class_name", "declared_pupils")


@dataclass(slots=True)
class PresentClass:
    """A class of the year and whom the staff list names as its leaders."""

    id: int
    version: int
    values: dict[str, Any]
    teachers: frozenset[int] = frozenset()

    @property
    def name(self) -> str:
        """«5А», spelt as every file's spelling is read."""
        return str(self.values["class_name"])


@dataclass(slots=True)
class Link:
    """Who represents whom, with what they answered."""

    id: int
    pupil: int
    guardian: int
    values: dict[str, Any]


@dataclass(slots=True)
class Present:
    """A school's present roster; `stamp` changes whenever it does."""

    year: int
    stamp: str
    classes: list[PresentClass] = field(default_factory=list)
    pupils: list[Person] = field(default_factory=list)
    guardians: list[Person] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)


def class_key(grade: int, letter: str) -> str:
    """The name of a stored class, spelt as files are read: «5а» and «5A» in Latin are 5А."""
    name = f"{grade}{letter}"
    return clean_class_name(name).value or name


def row_key(kind: str, row_id: int) -> str:
    """The key a template hides: the id with a signature, so that nobody guesses another's."""
    digest = hmac.new(settings.SECRET_KEY.encode(), f"{kind}-row:{row_id}".encode(), hashlib.sha256)
    return f"{row_id}-{digest.hexdigest()[:10]}"


def id_of_key(kind: str, key: str) -> int | None:
    """The id behind a hidden key; None for one we have not made."""
    head = key.split("-")[0]
    if not (head.isascii() and head.isdecimal() and len(head) < 19):
        return None
    return int(head) if hmac.compare_digest(row_key(kind, int(head)).encode(), key.encode()) else None


def roster_stamp(school: School) -> str:
    """A text that changes whenever classes, pupils, representatives or staff of the school do."""
    counted = {"count": Count("id"), "last": Coalesce(Max("id"), 0), "versions": Coalesce(Sum("version"), 0)}
    facts = [model.objects.filter(school=school).aggregate(**counted) for model in (SchoolClass, Pupil, Guardian)]
    links = Guardianship.objects.filter(pupil__school=school)
    facts.append(links.aggregate(count=Count("id"), last=Coalesce(Max("id"), 0), at=Max("updated_at")))
    return "-".join([*(str(value) for each in facts for value in each.values()), stamp_of(school)])


def load_present(school: School, year: int) -> Present:
    """Read a school's whole roster, those who left included; the number of queries does not depend on its size."""
    present = Present(year=year, stamp=roster_stamp(school))
    present.classes = _classes(school, year)
    names = {each.id: each.name for each in present.classes}
    today = timezone.localdate()
    columns = ("id", "version", *(_STORED_PUPIL))
    for pk, version, *values in Pupil.objects.filter(school=school).values_list(*columns):
        known = dict(zip(PUPIL_FIELDS, values, strict=True))
        known["school_class"] = names.get(known["school_class"], "")
        here = known["left_on"] is None or known["left_on"] > today
        present.pupils.append(Person(pk, version, known, here))
    rows: Iterable[tuple[Any, ...]] = Guardian.objects.filter(school=school).values_list(
        "id", "version", *GUARDIAN_FIELDS
    )
    present.guardians = [
        Person(pk, version, dict(zip(GUARDIAN_FIELDS, values, strict=True))) for pk, version, *values in rows
    ]
    links = Guardianship.objects.filter(pupil__school=school).values_list("id", "pupil_id", "guardian_id", *LINK_FIELDS)
    present.links = [
        Link(pk, pupil, guardian, dict(zip(LINK_FIELDS, values, strict=True))) for pk, pupil, guardian, *values in links
    ]
    return present


_STORED_PUPIL = tuple("school_class_id" if key == "school_class" else key for key in PUPIL_FIELDS)


def _classes(school: School, year: int) -> list[PresentClass]:
    led: dict[int, list[int]] = defaultdict(list)
    teachers = ClassTeacher.objects.filter(school_class__school=school, school_class__year=year)
    for class_id, staff in teachers.values_list("school_class_id", "staff_id"):
        led[class_id].append(staff)
    rows = SchoolClass.objects.filter(school=school, year=year).values_list(
        "id", "version", "grade", "letter", "declared_pupils"
    )
    return [
        PresentClass(
            pk, version, {"class_name": class_key(grade, letter), "declared_pupils": declared}, frozenset(led[pk])
        )
        for pk, version, grade, letter, declared in rows.order_by("grade", "letter")
    ]


def plain_values(values: dict[str, Any]) -> dict[str, Any]:
    """The values as JSON keeps them."""
    return {key: plain(value) for key, value in values.items()}
