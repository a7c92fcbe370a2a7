"""What the register says today of the schools of a place."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, Max, OuterRef, QuerySet, Sum

from reports.models import Rating, SchoolWeek
from reports.weeks import IsoWeek
from schools.kinds import GENERAL_KINDS, KIND_BY_KEY
from schools.models import Appointment, School
from schools.platforms import SFERUM
from schools.scope import Level
from schools.texts import date_text


@dataclass(frozen=True, slots=True)
class Facts:
    """What the register says today of the schools of a place."""

    schools: int
    teachers: int
    declared_on: Any
    headless: int
    uncounted: int = 0  # open today, and not among the schools of the week shown


def facts_of(schools: "QuerySet[School]", rating: Rating | None = None) -> Facts:
    """Count open schools, their declared teachers, those without an administrator or outside the week; one query."""
    heads = Appointment._default_manager.filter(level=Level.SCHOOL, school=OuterRef("pk"))
    found = schools.open().aggregate(  # type: ignore[attr-defined]
        schools=Count("pk"),
        teachers=Sum("declared_teachers"),
        declared_on=Max("declared_on"),
        headless=Count("pk", filter=~Exists(heads.active())),
        uncounted=Count("pk", filter=~Exists(_counted(rating))),
    )
    return Facts(**found | {"teachers": found["teachers"] or 0})


def _counted(rating: Rating | None) -> "QuerySet[SchoolWeek]":
    return SchoolWeek._default_manager.filter(rating=rating, platform=SFERUM.number, school=OuterRef("pk"))


def outside_week(schools: "QuerySet[School]", rating: Rating | None) -> "QuerySet[School]":
    """Of these schools, those that a counted week has no row of."""
    return schools.filter(~Exists(_counted(rating)))


def without_data(schools: "QuerySet[School]", rating: Rating | None) -> "QuerySet[School]":
    """Of these schools, those of which a counted week knows no activity: the platform delivered none."""
    return schools.filter(Exists(_counted(rating).filter(active=None)))


def why_outside(school: School, week: IsoWeek) -> str:
    """Why a week has no row of a school, by what the register says of it today."""
    if school.kind not in GENERAL_KINDS:
        return f"не общеобразовательная: {KIND_BY_KEY[school.kind].name}"
    if school.excluded_because:
        return f"исключена из подсчёта: {school.excluded_because}"
    if school.opened_on and school.opened_on > week.sunday:
        return f"открыта после этой недели, {date_text(school.opened_on)}"
    return "внесена в реестр после подсчёта этой недели"


def without_administrator(schools: "QuerySet[School]") -> "QuerySet[School]":
    """Of these schools, those nobody is appointed to today."""
    heads = Appointment._default_manager.filter(level=Level.SCHOOL, school=OuterRef("pk"))
    return schools.filter(~Exists(heads.active()))  # type: ignore[attr-defined]
