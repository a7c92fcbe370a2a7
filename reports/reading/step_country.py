"""The nine steps over the country: regions side by side, those that have done least first."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet
from django.urls import reverse

from reports.models import FINISHED, SchoolStep, StepState
from reports.reading.step_matrix import finished_in, funnel, funnel_title, totals_of
from schools.models import Region
from schools.steps import STEPS
from schools.texts import counted


@dataclass(frozen=True, slots=True)
class RegionRow:
    """A region: schools, the share of finished steps in whole per cent, finished schools by step."""

    name: str
    url: str
    schools: int
    share: int
    done: list[int]
    stalled: int


def page(steps: "QuerySet[SchoolStep]") -> dict[str, Any]:
    """Everything templates/reports/steps_country.html shows beside the header; three queries."""
    totals = totals_of(steps)
    rows = region_rows(steps)
    schools = max((sum(counts.values()) for counts in totals.values()), default=0)
    return {
        "rows": rows,
        "heads": [(step, finished_in(totals[step.number])) for step in STEPS],
        "funnel": funnel(totals, ""),
        "funnel_title": funnel_title(totals),
        "caption": " · ".join(
            (counted(len(rows), "регион", "региона", "регионов"), counted(schools, "школа", "школы", "школ"))
        ),
    }


def region_rows(steps: "QuerySet[SchoolStep]") -> list[RegionRow]:
    """Regions with at least one school; one query for the counts, one for the names."""
    done: dict[int, Counter[int]] = {}
    schools, stalled = Counter[int](), Counter[int]()
    for region, number, state, count in (
        steps.values_list("region_id", "number", "state").annotate(n=Count("school_id")).order_by()
    ):
        by_step = done.setdefault(region, Counter())
        by_step[number] += count if state in FINISHED else 0
        schools[region] += count if number == 1 else 0
        stalled[region] += count if state == StepState.STALLED else 0
    names = Region._default_manager.filter(pk__in=done).values_list("pk", "code", "name")
    rows = [
        RegionRow(
            name=name,
            url=reverse("region_steps", args=[code]),
            schools=schools[pk],
            share=round(100 * done[pk].total() / (schools[pk] * len(STEPS))) if schools[pk] else 0,
            done=[done[pk][step.number] for step in STEPS],
            stalled=stalled[pk],
        )
        for pk, code, name in names
    ]
    return sorted(rows, key=lambda row: (row.share, row.name))
