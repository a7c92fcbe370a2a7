"""How far classes are: pupils, those with a representative, registered ones, and refusals, which are a right."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from schools.models import Guardianship, Pupil, School, SchoolClass
from schools.texts import number, percent
from staff.models import ClassTeacher


@dataclass(frozen=True, slots=True)
class Counts:
    """Pupils who learn now; of them: with a representative, with a registered one, with all who were named refusing."""

    pupils: int = 0
    named: int = 0
    registered: int = 0
    declined: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(
            self.pupils + other.pupils,
            self.named + other.named,
            self.registered + other.registered,
            self.declined + other.declined,
        )

    @property
    def share(self) -> float | None:
        """Registered of all pupils."""
        return self.registered / self.pupils if self.pupils else None

    @property
    def share_without_refusals(self) -> float | None:
        """Registered of those whose representatives have not refused."""
        asked = self.pupils - self.declined
        return self.registered / asked if asked else None

    @property
    def share_text(self) -> str:
        """«83,4 %»."""
        return percent(self.share) if self.pupils else "—"


NONE = Counts()


@dataclass(frozen=True, slots=True)
class ClassLine:
    """A class with its numbers and those who lead it."""

    id: int
    name: str
    grade: int
    declared: int | None
    counts: Counts
    teachers: tuple[str, ...]


def counts_by_class(school: School, today: datetime.date) -> dict[int | None, Counts]:
    """Counts of each class, whatever its year, in one query; None for pupils without a class."""
    mine = Guardianship.objects.filter(pupil=OuterRef("pk"))
    willing = Exists(mine.filter(declined_on=None))
    rows = (
        Pupil.objects.filter(school=school)
        .learning(today)
        .order_by()
        .values("school_class_id")
        .annotate(
            pupils=Count("pk"),
            named=Count("pk", filter=Exists(mine)),
            registered=Count("pk", filter=Exists(mine.filter(registered_on__isnull=False))),
            declined=Count("pk", filter=Exists(mine) & ~willing),
        )
    )
    return {
        row["school_class_id"]: Counts(row["pupils"], row["named"], row["registered"], row["declined"]) for row in rows
    }


def class_lines(school: School, year: int, today: datetime.date) -> tuple[list[ClassLine], Counts]:
    """The classes of a year in three queries, and the counts of pupils without a class of any year."""
    counts = counts_by_class(school, today)
    teachers: dict[int, list[str]] = {}
    led = ClassTeacher.objects.filter(school_class__school=school, school_class__year=year, staff__left_on=None)
    for pk, last, first, middle in led.order_by("staff__name_key").values_list(
        "school_class_id", "staff__last_name", "staff__first_name", "staff__patronymic"
    ):
        teachers.setdefault(pk, []).append(" ".join(part for part in (last, first, middle) if part))
    rows: Any = SchoolClass.objects.filter(school=school, year=year).order_by("grade", "letter")
    lines = [
        ClassLine(pk, f"{grade}{letter}", grade, declared, counts.get(pk, NONE), tuple(teachers.get(pk, ())))
        for pk, grade, letter, declared in rows.values_list("pk", "grade", "letter", "declared_pupils")
    ]
    return lines, counts.get(None, NONE)


def said(total: Counts) -> str:
    """«Без 18 отказавшихся — 67,5 %»: the coverage shown both ways."""
    if not total.declined:
        return ""
    return f"Без {number(total.declined)} отказавшихся — {percent(total.share_without_refusals)}: отказ — право семьи"


def with_coverage(classes: QuerySet[SchoolClass]) -> QuerySet[SchoolClass]:
    """Classes with their counts: `pupils_here`, `named`, `registered`, `declined`, numbers of pupils who learn now."""
    here = Pupil.objects.learning()
    mine = Guardianship.objects.filter(pupil=OuterRef("pk"))
    registered, willing = mine.filter(registered_on__isnull=False), mine.filter(declined_on=None)
    return classes.annotate(
        pupils_here=_counted(here),
        named=_counted(here.filter(Exists(mine))),
        registered=_counted(here.filter(Exists(registered))),
        declined=_counted(here.filter(Exists(mine), ~Exists(willing))),
    )


def _counted(pupils: QuerySet[Pupil]) -> Coalesce:
    """The number of pupils of the class a row is."""
    mine = pupils.filter(school_class=OuterRef("pk")).order_by().values("school_class").annotate(n=Count("pk"))
    return Coalesce(Subquery(mine.values("n"), output_field=IntegerField()), 0)
