"""The nine steps over a territory: the matrix school × step, its totals, the funnel, and where municipalities stand."""

import datetime
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Count, Q, QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone

from reports.charts import FunnelRow, funnel_row
from reports.models import FINISHED, SchoolStep, StepCount, StepState
from reports.reading.rows import day_of
from reports.reading.step_words import DAYS, GLYPHS, Standing, days_still, is_finished, is_overdue, percent_done
from reports.reading.tables import Page, cut
from schools.codes import fold
from schools.models import School
from schools.place_names import DIRECT
from schools.steps import STEPS
from schools.texts import counted, date_text, number, unbroken

SORTS = (
    ("застрявшие дольше", "stalled"),
    ("меньше пройдено", "ready"),
    ("больше пройдено", "-ready"),
    ("по названию", "name"),
)
MISTAKES = ("ошибка", "ошибки", "ошибок")
ENOUGH = 95  # per cent: from here on it is the mistakes that keep the step open


@dataclass(slots=True)
class Line:
    """A school of a territory in one line: how many steps it has finished, since when it stands, what is overdue."""

    school_id: int
    name: str
    name_key: str
    town_id: int | None
    ready: int
    stalled: int
    stalled_since: datetime.date | None
    overdue: int


@dataclass(frozen=True, slots=True)
class Cell:
    """A school at a step: glyph, the bar of work under way, the words, what is read aloud after the school's name."""

    number: int
    glyph: str
    tone: str
    width: int
    text: str
    label: str


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """A school's row of nine cells."""

    name: str
    url: str
    cells: list[Cell]
    ready: int
    town: str = ""


# Over the rows the caller may see, as the ORM writes them. Names are looked up line by line: the planner takes the
# lines for ten times as many as they are and would read all schools of the country to join them.
_LINES = """
    SELECT g.school_id, (SELECT short_name FROM schools_school WHERE id = g.school_id),
      (SELECT name_key FROM schools_school WHERE id = g.school_id), g.municipality_id,
      count(*) FILTER (WHERE g.state IN ({finished})), count(*) FILTER (WHERE g.state = {stalled}),
      min(g.moved_on) FILTER (WHERE g.state = {stalled}),
      count(*) FILTER (WHERE g.planned_on < %s AND g.state NOT IN ({finished}))
    FROM ({steps}) g GROUP BY g.school_id, g.municipality_id
"""
_OF_STATES = {"finished": ", ".join(str(state.value) for state in FINISHED), "stalled": StepState.STALLED.value}


def lines_of(steps: "QuerySet[SchoolStep]", today: datetime.date) -> list[Line]:
    """One line a school of the territory, in one query."""
    rows = steps.order_by().values_list("school_id", "municipality_id", "state", "moved_on", "planned_on")
    try:
        statement, values = rows.query.sql_with_params()
    except EmptyResultSet:  # whoever sees no schools
        return []
    with connection.cursor() as cursor:
        cursor.execute(_LINES.format(steps=statement, **_OF_STATES), [today.isoformat(), *values])
        lines = [Line(*row) for row in cursor.fetchall()]
    for line in lines:
        line.stalled_since = day_of(line.stalled_since)
    return lines


def chosen(lines: Iterable[Line], params: QueryDict) -> list[Line]:
    """The lines asked for by ?q, ?show and ?town, in the order of ?sort."""
    words = fold(params.get("q", "")[:100]).split()[:6]
    show = params.get("show", "")
    found = [line for line in lines if all(word in line.name_key for word in words)]
    if show == "stalled":
        found = [line for line in found if line.stalled]
    elif show == "overdue":
        found = [line for line in found if line.overdue]
    town = params.get("town", "")
    if town.isascii() and town.isdecimal():
        found = [line for line in found if str(line.town_id or 0) == town]
    return arranged(found, params.get("sort", "stalled"))


def arranged(lines: list[Line], sort: str) -> list[Line]:
    """Lines in an order of SORTS; those that stand longest first by default."""
    far = datetime.date.max
    keys: dict[str, Any] = {
        "stalled": lambda line: (line.stalled_since or far, line.ready, line.name_key),
        "ready": lambda line: (line.ready, line.stalled_since or far, line.name_key),
        "-ready": lambda line: (-line.ready, line.name_key),
        "name": lambda line: line.name_key,
    }
    return sorted(lines, key=keys.get(sort, keys["stalled"]))


def cell(row: Standing, today: datetime.date) -> Cell:
    """A school at a step."""
    state = _STATES[row.state]
    words, text, width = _LABELS[state], "", 0
    if state == StepState.STALLED:
        text = counted(days_still(row, today), *DAYS)
        words = f"застрял, без движения {text}"
    elif state == StepState.WORKING and row.number > 4:
        width = percent_done(row)
        text = counted(row.mistakes, *MISTAKES) if row.mistakes and width >= ENOUGH else f"{width}\u00a0%"
        words = f"в работе, {text}"
    late = is_overdue(row, today)
    if late and row.planned_on:
        words += f", просрочен с {date_text(row.planned_on)}"
    tone = "stalled" if state == StepState.STALLED else "late" if late else ""
    return Cell(row.number, GLYPHS[state], tone, width, text, f"{_SHORT[row.number]}: {words}")


_STATES = {state.value: state for state in StepState}
_LABELS = {state: state.label for state in StepState}
_SHORT = {step.number: step.short.lower() for step in STEPS}


def standings(steps: "QuerySet[SchoolStep]", lines: Sequence[Line]) -> dict[int, list[Standing]]:
    """The stored rows of these schools by school, nine each in the order of the steps; one query."""
    by_school: dict[int, list[Standing]] = {line.school_id: [] for line in lines}
    rows = steps.filter(school_id__in=list(by_school)).order_by("school_id", "number")
    for row in rows.values_list(*Standing._fields):
        by_school[row[0]].append(Standing(*row))
    return by_school


def matrix(
    lines: Sequence[Line], steps: "QuerySet[SchoolStep]", towns: dict[int, str], today: datetime.date
) -> list[MatrixRow]:
    """The rows of these schools, nine cells each, in one query."""
    by_school = standings(steps, lines)
    return [
        MatrixRow(
            name=unbroken(line.name),
            url=reverse("school_steps", args=[line.school_id]),
            cells=[cell(row, today) for row in by_school[line.school_id]],
            ready=line.ready,
            town=towns.get(line.town_id or 0, ""),
        )
        for line in lines
    ]


Totals = dict[int, Counter[int]]


def totals_of(steps: "QuerySet[SchoolStep]") -> Totals:
    """Schools by step and state, in one query."""
    totals: Totals = {step.number: Counter() for step in STEPS}
    try:
        statement, values = steps.order_by().values_list("number", "state").query.sql_with_params()
    except EmptyResultSet:
        return totals
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT number, state, count(*) FROM ({statement}) x GROUP BY number, state", values)  # noqa: S608
        for step, state, count in cursor.fetchall():
            totals[step][state] = count
    return totals


def finished_in(counts: Counter[int]) -> int:
    """Schools that a step keeps no more."""
    return sum(counts[state] for state in FINISHED)


def funnel(totals: Totals, url: str) -> list[FunnelRow]:
    """Nine bars on one scale: finished, under way, stalled."""
    rows = []
    for step in STEPS:
        counts = totals[step.number]
        facts = {
            "done": finished_in(counts),
            "working": counts[StepState.WORKING],
            "stalled": counts[StepState.STALLED],
            "whole": sum(counts.values()),
        }
        rows.append(funnel_row(step.number, step.over_schools, facts, url))
    return rows


def funnel_title(totals: Totals) -> str:
    """«Чаще застревают на этапе „Учащиеся“», or a plain noun where nobody is stalled."""
    worst = max(STEPS, key=lambda step: totals[step.number][StepState.STALLED])
    count = totals[worst.number][StepState.STALLED]
    return f"Чаще застревают на этапе «{worst.short}»" if count else "Девять этапов"


@dataclass(frozen=True, slots=True)
class TownRow:
    """A municipality: schools, finished by step, stalled schools."""

    name: str
    url: str
    schools: int
    done: list[str]
    stalled: int
    share: int


def town_rows(steps: "QuerySet[SchoolStep]", lines: Sequence[Line], towns: dict[int, str]) -> list[TownRow]:
    """Municipalities of a region, those that have done least first; one query."""
    done: dict[int, Counter[int]] = {}
    finished = steps.filter(state__in=FINISHED).values_list("municipality_id", "number")
    for town, step, count in finished.annotate(n=Count("school_id")).order_by():
        done.setdefault(town or 0, Counter())[step] = count
    schools = Counter(line.town_id or 0 for line in lines)
    stalled = Counter(line.town_id or 0 for line in lines if line.stalled)
    rows = [
        TownRow(
            name=towns.get(town, DIRECT),
            url=reverse("municipality_steps", args=[town]) if town else "?town=0",
            schools=count,
            done=[number(done.get(town, Counter())[step.number]) for step in STEPS],
            stalled=stalled[town],
            share=round(100 * sum(done.get(town, Counter()).values()) / (count * len(STEPS))),
        )
        for town, count in schools.items()
    ]
    return sorted(rows, key=lambda row: (row.share, row.name))


def stamp(region_id: int) -> datetime.datetime | None:
    """When the steps of a region were last counted, alone or with the country."""
    found = StepCount._default_manager.filter(Q(region=region_id) | Q(region=None)).order_by("-id")
    return found.values_list("counted_at", flat=True).first()


def caption(lines: Sequence[Line]) -> str:
    """«47 школ · 14 застряли хотя бы на одном этапе · 6 прошли все девять»."""
    stalled = sum(1 for line in lines if line.stalled)
    through = sum(1 for line in lines if line.ready == len(STEPS))
    parts = [counted(len(lines), "школа", "школы", "школ")]
    if stalled:
        parts.append(f"{counted(stalled, 'застряла', 'застряли', 'застряли')} хотя бы на одном этапе")
    if through:
        parts.append(f"{counted(through, 'прошла', 'прошли', 'прошли')} все девять")
    return " · ".join(parts)


def page(
    steps: "QuerySet[SchoolStep]", towns: dict[int, str], params: QueryDict, *, by_town: bool = False
) -> dict[str, Any]:
    """Everything templates/reports/steps.html shows beside the header; three or four queries."""
    today = timezone.localdate()
    lines = lines_of(steps, today)
    found = chosen(lines, params)
    table: Page[Any] = cut(found, params)
    totals = totals_of(steps)
    stalled, overdue = sum(1 for line in lines if line.stalled), sum(1 for line in lines if line.overdue)
    return {
        "caption": caption(lines),
        "table": table,
        "rows": [] if by_town else matrix(table.rows, steps, towns, today),
        "towns": town_rows(steps, lines, towns) if by_town else [],
        "heads": [(step, finished_in(totals[step.number])) for step in STEPS],
        "shows": [
            (f"все {number(len(lines))}", ""),
            (f"застряли {number(stalled)}", "stalled"),
            (f"просрочены {number(overdue)}", "overdue"),
        ],
        "sorts": SORTS,
        "glyphs": tuple(GLYPHS.values()),
        "total": len(lines),
    }


def export_rows(steps: "QuerySet[SchoolStep]", towns: dict[int, str], params: QueryDict) -> Iterator[list[Any]]:
    """The chosen schools as rows of a sheet: place, school, then state, part and whole of each step."""
    today = timezone.localdate()
    found = chosen(lines_of(steps, today), params)
    for start in range(0, len(found), 500):
        some = found[start : start + 500]
        by_school = standings(steps, some)
        for line in some:
            cells: list[Any] = [towns.get(line.town_id or 0, ""), line.name, line.ready]
            for row in by_school[line.school_id]:
                still = days_still(row, today) if row.state == StepState.STALLED else None
                cells += [
                    _LABELS[_STATES[row.state]],
                    row.part,
                    row.whole,
                    None if is_finished(row) else row.planned_on,
                    still,
                ]
            yield cells


def export_header() -> list[str]:
    """Headings of export_rows."""
    header = ["Муниципалитет", "Школа", "Пройдено этапов"]
    for step in STEPS:
        header += [f"{step.number}. {step.short}", "сделано", "всего", "срок", "дней без движения"]
    return header


def towns_of(schools: "QuerySet[School]") -> dict[int, str]:
    """Names of the municipalities of these schools by id."""
    pairs = schools.exclude(municipality=None).values_list("municipality_id", "municipality__name").distinct()
    return {pk: name for pk, name in pairs.order_by() if pk is not None}
