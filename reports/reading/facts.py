"""What the register says today of the schools of a place."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, Max, OuterRef, QuerySet, Sum

from schools.models import Appointment, School
from schools.scope import Level


@dataclass(frozen=True, slots=True)
class Facts:
    """What the register says today of the schools of a place."""

    schools: int
    teachers: int
    declared_on: Any
    headless: int


def facts_of(schools: "QuerySet[School]") -> Facts:
    """Count open schools, their declared teachers and those without an administrator, in one query."""
    heads = Appointment._default_manager.filter(level=Level.SCHOOL, school=OuterRef("pk"))
    found = schools.open().aggregate(  # type: ignore[attr-defined]
        schools=Count("pk"),
        teachers=Sum("declared_teachers"),
        declared_on=Max("declared_on"),
        headless=Count("pk", filter=~Exists(heads.active())),
    )
    return Facts(found["schools"], found["teachers"] or 0, found["declared_on"], found["headless"])


def without_administrator(schools: "QuerySet[School]") -> "QuerySet[School]":
    """Of these schools, those nobody is appointed to today."""
    heads = Appointment._default_manager.filter(level=Level.SCHOOL, school=OuterRef("pk"))
    return schools.filter(~Exists(heads.active()))  # type: ignore[attr-defined]
