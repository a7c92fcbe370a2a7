"""The page of a school's nine steps: the list with its rules, marks, dates and history, and step 9's functions."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import timezone

from reports.models import SchoolStep, StepEvent, StepState
from reports.reading.proofs import proofs_of
from reports.reading.step_words import GLYPHS, TaskRow, is_finished, plan_text, task_rows
from reports.reading.tables import Page, bounds, page_of
from reports.steps.counting import steps_of
from schools.models import FunctionUse, School, StepMark, StepPlan
from schools.models.steps import MarkKind
from schools.scope import Level
from schools.steps import ADVICE, FUNCTIONS, STEP_BY_NUMBER, Function
from schools.texts import out_of

EVENTS = 12
KINDS = [(kind.value, kind.label) for kind in (MarkKind.CONFIRMED, MarkKind.DONE, MarkKind.NEEDLESS)]


@dataclass(frozen=True, slots=True)
class StepBlock:
    """One step on the page: its row, the marks and dates said about it, the newest first."""

    task: TaskRow
    plan: str
    marks: list[StepMark]
    plans: list[StepPlan]

    @property
    def living_mark(self) -> StepMark | None:
        """The school's own mark that holds now."""
        return next((mark for mark in self.marks if mark.withdrawn_at is None), None)


@dataclass(frozen=True, slots=True)
class Event:
    """A line of the history."""

    day: datetime.date
    title: str
    before: str
    after: str
    glyph: str
    part_text: str


def blocks(school: School, tasks: list[TaskRow]) -> list[StepBlock]:
    """The nine with the marks and dates that concern the school, its own and those of its places; two queries."""
    marks: dict[int, list[StepMark]] = {}
    for mark in _about(StepMark._default_manager.all(), school).select_related("marked_by", "withdrawn_by", "school"):
        marks.setdefault(mark.number, []).append(mark)
    plans: dict[int, list[StepPlan]] = {}
    for plan in _about(StepPlan._default_manager.all(), school).select_related("set_by"):
        plans.setdefault(plan.number, []).append(plan)
    today = timezone.localdate()
    return [
        StepBlock(task, plan_text(task.row, today), marks.get(task.number, []), plans.get(task.number, []))
        for task in tasks
    ]


def _about(rows: "QuerySet[Any]", school: School) -> "QuerySet[Any]":
    """What is said of the school itself, of its municipality and of its region."""
    own = rows.filter(level=Level.SCHOOL, school=school)
    region = rows.filter(level=Level.REGION, region=school.region_id)
    town = rows.filter(level=Level.MUNICIPALITY, municipality=school.municipality_id)
    return (own | region | town).order_by("-id")


def history(school: School, params: QueryDict) -> Page[Event]:
    """Changes of state, the newest first."""
    found = StepEvent._default_manager.filter(school=school).order_by("-id")
    total = found.count()
    first, last = bounds(params, total, size=EVENTS)
    rows = [
        Event(
            day=event.happened_on,
            title=STEP_BY_NUMBER[event.number].name,
            before=event.get_before_display() if event.before is not None else "",
            after=event.get_after_display(),
            glyph=GLYPHS[StepState(event.after)],
            part_text=out_of(event.part, event.whole) if event.whole > 1 else "",
        )
        for event in found[first:last]
    ]
    return page_of(rows, params, total, size=EVENTS, anchor="#history")


@dataclass(frozen=True, slots=True)
class FunctionRow:
    """A function of «Моя школа»: mastered since when and by whose word, or the advice how to begin."""

    function: Function
    use: FunctionUse | None


def functions(school: School) -> list[FunctionRow]:
    """All functions, those mastered with their day."""
    uses = {use.function: use for use in FunctionUse._default_manager.filter(school=school)}
    return [FunctionRow(function, uses.get(function.number)) for function in FUNCTIONS]


def title_of(rows: list[SchoolStep]) -> str:
    """«Девять этапов: выполнено пять» as a finding."""
    return f"Девять этапов: пройдено {out_of(sum(is_finished(row) for row in rows), len(rows))}"


def page(school: School, params: QueryDict, *, sees_people: bool) -> dict[str, Any]:
    """Everything templates/reports/school_steps.html shows beside the header."""
    rows = steps_of(school)
    tasks = task_rows(rows, school.pk, timezone.localdate(), sees_people, proofs_of(school))
    return {
        "school": school,
        "blocks": blocks(school, tasks),
        "title": title_of(rows) if rows else "Девять этапов",
        "counted": bool(rows),
        "events": history(school, params),
        "functions": functions(school),
        "advice": ADVICE,
        "kinds": KINDS,
    }
