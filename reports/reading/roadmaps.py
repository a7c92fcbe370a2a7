"""The roadmap of a territory: nine planned days, how far the schools are, and the region's documents."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from reports.models import FINISHED, SchoolStep
from reports.reading.step_matrix import finished_in, totals_of
from schools.models import (
    Municipality,
    MunicipalityRegistration,
    Region,
    RegionIntegration,
    Roadmap,
    StepPlan,
)
from schools.models.at_place import at
from schools.platforms import MY_SCHOOL, SFERUM
from schools.steps import STEPS, Step
from schools.texts import out_of

HISTORY = 30


@dataclass(frozen=True, slots=True)
class Line:
    """A step of the roadmap: the day in force, whether it is the place's own, done of all, late schools."""

    step: Step
    planned_on: datetime.date | None
    own: StepPlan | None
    source: str
    done_text: str
    is_done: bool
    late: int
    is_past: bool


def newest(plans: Iterable[StepPlan]) -> dict[int, StepPlan]:
    """The plan in force of each step, out of one place's plans, the newest first."""
    found: dict[int, StepPlan] = {}
    for plan in plans:
        found.setdefault(plan.number, plan)
    return found


def lines(place: Region | Municipality, steps: "QuerySet[SchoolStep]") -> list[Line]:
    """The nine lines; four queries."""
    today = timezone.localdate()
    own = newest(StepPlan._default_manager.filter(**at(place)).order_by("-id"))
    above: dict[int, StepPlan] = {}
    if isinstance(place, Municipality):
        above = newest(StepPlan._default_manager.filter(**at(place.region)).order_by("-id"))
    totals = totals_of(steps)
    overdue = Q(planned_on__lt=today) & ~Q(state__in=FINISHED)
    late = dict(steps.filter(overdue).values_list("number").annotate(n=Count("school_id")).order_by())
    rows = []
    for step in STEPS:
        mine, theirs = own.get(step.number), above.get(step.number)
        day = (mine and mine.planned_on) or (theirs and theirs.planned_on) or None
        source = "свой срок" if mine and mine.planned_on else "срок региона" if day else "срока нет"
        done, whole = finished_in(totals[step.number]), totals[step.number].total()
        rows.append(
            Line(
                step=step,
                planned_on=day,
                own=mine,
                source=source,
                done_text=out_of(done, whole) if whole else "—",
                is_done=bool(whole) and done == whole,
                late=late.get(step.number, 0),
                is_past=day is not None and day < today,
            )
        )
    return rows


def facts(region: Region) -> dict[str, Any]:
    """What protocol П13/1838пр asks of a region beside the dates: its municipalities registered, its ГИС integrated."""
    towns = list(region.municipalities.filter(closed_on=None).order_by("name_key"))
    registered = {
        row.municipality_id: row
        for row in MunicipalityRegistration._default_manager.filter(
            municipality__region=region, platform=SFERUM.number, closed_on=None
        )
    }
    return {
        "towns": [(town, registered.get(town.pk)) for town in towns],
        "towns_text": out_of(len(registered), len(towns)) if towns else "",
        "integration": RegionIntegration._default_manager.filter(region=region, platform=MY_SCHOOL.number).first(),
        "statuses": RegionIntegration.Status.choices,
    }


def page(place: Region | Municipality, steps: "QuerySet[SchoolStep]") -> dict[str, Any]:
    """Everything templates/reports/roadmap.html shows beside the header."""
    history = StepPlan._default_manager.filter(**at(place)).select_related("set_by").order_by("-id")[:HISTORY]
    context: dict[str, Any] = {"place": place, "lines": lines(place, steps), "history": list(history)}
    if isinstance(place, Region):
        documents = Roadmap._default_manager.filter(region=place).select_related("created_by", "file")
        documents = documents.defer("file__content").order_by("-id")[:HISTORY]
        context |= facts(place) | {"documents": list(documents), "document_statuses": Roadmap.Status.choices}
    return context
