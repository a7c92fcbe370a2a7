"""What the register says today of the schools of a place."""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from reports.models import Rating, SchoolWeek
from reports.reading.rows import day_of
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


# Over the open schools the caller may see, as the ORM writes them; by hand, for it takes longer to write the counts
# than the database to answer.
_FACTS = """
    SELECT count(*), COALESCE(sum(s.declared_teachers), 0), max(s.declared_on),
      count(*) FILTER (WHERE NOT EXISTS (
        SELECT 1 FROM schools_appointment a WHERE a.level = %s AND a.school_id = s.id
        AND a.starts_on <= %s AND (a.ends_on IS NULL OR a.ends_on >= %s))),
      count(*) FILTER (WHERE NOT EXISTS (
        SELECT 1 FROM reports_schoolweek w WHERE w.rating_id = %s AND w.platform = %s AND w.school_id = s.id))
    FROM ({schools}) s
"""


def facts_of(schools: "QuerySet[School]", rating: Rating | None = None) -> Facts:
    """Count open schools, their declared teachers, those without an administrator or outside the week; one query."""
    listed = schools.open().order_by().values_list("id", "declared_teachers", "declared_on")  # type: ignore[attr-defined]
    try:
        statement, values = listed.query.sql_with_params()
    except EmptyResultSet:  # whoever sees no schools
        return Facts(0, 0, None, 0)
    today = timezone.localdate().isoformat()
    asked = [Level.SCHOOL.value, today, today, rating.pk if rating else 0, SFERUM.number, *values]
    with connection.cursor() as cursor:
        cursor.execute(_FACTS.format(schools=statement), asked)
        count, teachers, declared_on, headless, uncounted = cursor.fetchone()
    return Facts(count, teachers, day_of(declared_on), headless, uncounted)


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
