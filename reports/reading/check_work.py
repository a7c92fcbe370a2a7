"""Behind the list of checks: the schools of a check, its rows in a school, and the order in which to mend them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict

from reports.checks import listing, quality
from reports.checks.catalogue import CHECK_BY_NUMBER, CHECKS, WEIGHTS
from reports.checks.kinds import Check
from reports.models import CheckCount
from reports.reading.checks import SCHOOLS, Area, Asked, Tally
from reports.reading.tables import Page, bounds, page_of
from schools.models import School
from schools.scope import BELOW_COUNTRY, Level, Sight
from schools.texts import NBSP, POINTS, counted, date_text, number, out_of, points, unbroken


@dataclass(frozen=True, slots=True)
class SchoolLine:
    """A school in which a check found something."""

    school_id: int
    name: str
    place: str
    url: str
    found_text: str
    of_text: str
    told: str
    since_text: str


def found_schools(counts: "QuerySet[CheckCount]", check: Check, area: Area) -> "QuerySet[CheckCount]":
    """Return the counts of a check at a place, the most first."""
    found = counts.filter(check_number=check.number, **area.filters).select_related("school", "municipality")
    return found.order_by("-found", "school__name_key", "school_id")


def schools_page(found: "QuerySet[CheckCount]", check: Check, params: QueryDict) -> Page[SchoolLine]:
    """Return one page of the schools in which a check found something; three queries for any number of them."""
    total = found.count()
    first, last = bounds(params, total)
    rows = list(found[first:last])
    told = listing.told_of_schools(check, [row.school_id for row in rows])
    return page_of([_school_line(row, check, told) for row in rows], params, total)


def _school_line(row: CheckCount, check: Check, told: Mapping[int, str]) -> SchoolLine:
    return SchoolLine(
        school_id=row.school_id,
        name=unbroken(row.school.short_name),
        place=row.municipality.name if row.municipality else "подведомственная региону",
        url=Area(row.school).address("check", check.key),
        found_text=number(row.found),
        of_text=number(row.looked_at),
        told=told.get(row.school_id, ""),
        since_text=date_text(row.since_on),
    )


def rows_page(check: Check, school: School, user: Any, params: QueryDict) -> Page[listing.Finding]:
    """Return one page of the rows a check finds in a school now, within the reader's sight."""
    look = listing.Look(check, school, user)
    found = look.rows()
    total = found.count()
    first, last = bounds(params, total)
    return page_of(look.findings(list(found[first:last])), params, total)


# The work list


@dataclass(frozen=True, slots=True)
class Task:
    """A piece of work: mend a check's findings in a school, or in all schools of a place."""

    check: Check
    school: str
    place: str
    url: str
    found_text: str
    effort_text: str
    gain_text: str


def tasks_page(counts: "QuerySet[CheckCount]", area: Area, asked: Asked, params: QueryDict) -> Page[Task]:
    """Return one page of the work list: what gives most for a minute of work first."""
    found = work(counts, area, asked)
    total = found.count()
    first, last = bounds(params, total)
    return page_of([task(row) for row in found[first:last]], params, total)


def work(counts: "QuerySet[CheckCount]", area: Area, asked: Asked) -> "QuerySet[CheckCount]":
    """Return the counts of a place in the order of work."""
    numbers = [check.number for check in CHECKS if asked.fits(check)]
    found = counts.filter(check_number__in=numbers, **area.filters).select_related("school", "municipality")
    return found.annotate(speed=quality.speed()).order_by("-speed", "check_number", "school_id")


def task(row: CheckCount) -> Task:
    """Return a count as a piece of work."""
    check = CHECK_BY_NUMBER[row.check_number]
    return Task(
        check=check,
        school=unbroken(row.school.short_name),
        place=row.municipality.name if row.municipality else "подведомственная региону",
        url=Area(row.school).address("check", check.key),
        found_text=out_of(row.found, row.looked_at) if row.looked_at > 1 else number(row.found),
        effort_text=effort(quality.minutes(check, row.found)),
        gain_text=gain_text(quality.gain(check, row.found, row.looked_at)),
    )


def tasks_by_check(found: Mapping[int, Tally], area: Area, asked: Asked, schools: int) -> list[Task]:
    """Return the work of a place by check: what gives most for a minute of it first."""
    rows = [tally for tally in found.values() if asked.fits(tally.check)]
    rows.sort(key=lambda tally: (-tally.lost / _minutes(tally), tally.check.number))
    return [
        Task(
            check=tally.check,
            school=counted(tally.schools, *SCHOOLS),
            place="",
            url=area.address("check", tally.check.key),
            found_text=number(tally.found),
            effort_text=effort(_minutes(tally)),
            gain_text=gain_text(tally.lost / WEIGHTS / max(schools, 1)),
        )
        for tally in rows
    ]


def _minutes(tally: Tally) -> int:
    return tally.check.minutes * (tally.schools if tally.check.at_once else tally.found)


def gain_text(share: float) -> str:
    """«+1,6 п. п.»; what rounds to nothing is still something: «до 0,1 п. п.»."""
    return points(share) if share >= 0.0005 else f"до 0,1{NBSP}{POINTS}"


def effort(minutes: int) -> str:
    """«2 минуты», «1 час 20 минут», «3 дня» of eight hours."""
    if minutes < 60:
        return counted(minutes, "минута", "минуты", "минут")
    if minutes < 8 * 60:
        hours, rest = divmod(minutes, 60)
        text = counted(hours, "час", "часа", "часов")
        return f"{text} {counted(rest, 'минута', 'минуты', 'минут')}" if rest else text
    return counted(-(-minutes // (8 * 60)), "рабочий день", "рабочих дня", "рабочих дней")


def levels_at(sight: Sight, school: School) -> frozenset[Level]:
    """The levels at which a person answers for a school; an observer of the country has none, a superuser all."""
    if sight.everything:
        return BELOW_COUNTRY
    held = {
        Level.REGION: school.region_id in sight.region_ids,
        Level.MUNICIPALITY: school.municipality_id in sight.municipality_ids,
        Level.SCHOOL: school.pk in sight.school_ids,
    }
    return frozenset(level for level, is_held in held.items() if is_held)
