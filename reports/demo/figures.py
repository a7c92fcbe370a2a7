"""Operators' tables of a demo region: both platforms, «Моя школа» by months at first and by weeks later."""

import datetime
import random
from collections.abc import Sequence
from dataclasses import dataclass, field

from reports.demo.calendar import Calendar
from reports.demo.people import Worker
from reports.demo.specs import PUPILS_A_CLASS, SchoolSpec, class_names
from reports.demo.tables import Tables
from reports.models import FigureLoad, FigurePeriod, SchoolFigure
from reports.operator_figures import OPERATOR_FIGURE_BY_KEY, OPERATOR_FIGURES
from reports.weeks import IsoWeek
from schools.bulk import update_rows
from schools.models import Region
from schools.platforms import MY_SCHOOL, PLATFORM_BY_NUMBER, SFERUM

WEEKLY_SINCE = 5  # weeks back: before them «Моя школа» was told once a month
FORGOTTEN_DAYS = 60  # how long an operator goes on counting those who left
_SUBSYSTEMS = {"library": 0.55, "tests": 0.3, "files": 0.42, "diary": 0.9, "tv": 0.08}
When = tuple[int, int, int]  # week, platform, period


@dataclass(slots=True)
class Told:
    """Tables of a region: ids of loads by week, platform and period, and how many schools each speaks of."""

    loads: dict[When, int] = field(default_factory=dict)
    schools: dict[int, int] = field(default_factory=dict)

    def finish(self) -> None:
        """Write down how many schools each table had."""
        update_rows(FigureLoad, ["schools"], list(self.schools.items()))


def tables_of(calendar: Calendar, region: Region, *, weeks: int) -> Told:
    """Save the tables of the last weeks, a table a platform and period; they came on the Monday after."""
    told = Told()
    for week in calendar.weeks[-weeks:]:
        for platform, period in _periods(calendar, week):
            load = FigureLoad.objects.create(
                week=week.number,
                platform=platform,
                period=period,
                region=region,
                source=f"Таблица оператора {PLATFORM_BY_NUMBER[platform].full_name}",
            )
            moment = calendar.at(calendar.reported(week), 4, 50)
            FigureLoad.objects.filter(pk=load.pk).update(loaded_at=moment, applied_at=moment)
            told.loads[week.number, platform, period] = load.pk
            told.schools[load.pk] = 0
    return told


def _periods(calendar: Calendar, week: IsoWeek) -> list[tuple[int, int]]:
    """(platform, period) of the tables that come for a week."""
    back = len(calendar.weeks) - 1 - calendar.weeks.index(week)
    found = [(SFERUM.number, FigurePeriod.WEEK.value)]
    if back < WEEKLY_SINCE:
        return [*found, (MY_SCHOOL.number, FigurePeriod.WEEK.value)]
    days = [week.monday + datetime.timedelta(days=day) for day in range(7)]
    if any((day + datetime.timedelta(days=1)).day == 1 for day in days):
        found.append((MY_SCHOOL.number, FigurePeriod.MONTH.value))
    return found


@dataclass(slots=True)
class Teller:
    """Tells the figures of one school, table after table."""

    tables: Tables
    calendar: Calendar
    told: Told
    rng: random.Random
    school_id: int
    spec: SchoolSpec

    def tell(self, staff: Sequence[Worker]) -> None:
        """Add the figures of a school to every table that speaks of it."""
        habits = [self.rng.random() for _ in OPERATOR_FIGURES]
        for (number, platform, period), load in self.told.loads.items():
            week = IsoWeek.from_number(number)
            back = len(self.calendar.weeks) - 1 - self.calendar.weeks.index(week)
            if back in self.spec.unmeasured:
                continue
            figures = self._figures(platform, week, back, (staff, habits))
            self.told.schools[load] += 1
            self.tables.extend(
                SchoolFigure,
                [
                    (number, platform, self.school_id, OPERATOR_FIGURE_BY_KEY[key].number, period, count, load)
                    for key, count in figures.items()
                ],
            )

    def _figures(
        self, platform: int, week: IsoWeek, back: int, of_people: tuple[Sequence[Worker], list[float]]
    ) -> dict[str, int]:
        staff, habits = of_people
        spec = self.spec
        is_here = spec.registered or platform != SFERUM.number
        if not is_here:
            return {"registered": 0, "teachers": spec.declared or spec.teachers}
        whole = spec.declared or spec.teachers
        profiles = _counted(staff, platform, week.sunday) + (3 if spec.is_demo else int(habits[0] * 3))
        share = spec.share if platform == SFERUM.number else spec.myschool
        grown = 1 - spec.gain * back / max(1, len(self.calendar.weeks) - 1)
        rate = 0.0 if back in spec.silent else share * grown * self.calendar.liveliness(week)
        active = min(profiles, round(whole * rate + habits[1] * 2)) if rate else 0
        common = {"registered": 1, "teachers": whole, "profiles": profiles, "active": active}
        pupils = len(class_names(spec)) * PUPILS_A_CLASS
        joined = round(pupils * min(0.99, 0.35 + 0.6 * spec.share * (0.8 + 0.2 * habits[2])))
        families = {"pupils_registered": joined, "guardians": round(pupils * spec.families * (0.7 + 0.3 * habits[3]))}
        families["pupils_active"] = round(joined * min(0.95, 0.2 + rate * 0.7))
        own = self._of_sferum(profiles, habits) if platform == SFERUM.number else _of_my_school(profiles, rate, habits)
        return {**common, **families, **own, **self._log_ins(platform, active, families["pupils_active"])}

    def _of_sferum(self, profiles: int, habits: list[float]) -> dict[str, int]:
        classes = len(class_names(self.spec))
        return {
            "confirmed": min(profiles, round(profiles * self.spec.confirmed)),
            "classes": classes,
            "classes_with_chat": round(classes * self.spec.with_chat),
            "community": int(habits[4] < 0.86),
            "posts": max(0, round(habits[5] * 6 + self.rng.random() * 2)),
        }

    def _log_ins(self, platform: int, active: int, pupils_active: int) -> dict[str, int]:
        if platform == SFERUM.number:
            return {}
        return {
            "logins": round(active * (2 + 3 * self.rng.random())),
            "pupil_logins": round(pupils_active * (1.5 + 2 * self.rng.random())),
        }


def _of_my_school(profiles: int, rate: float, habits: list[float]) -> dict[str, int]:
    linked = round(profiles * (0.82 + 0.17 * habits[6]))
    parts = {
        key: min(linked, round(linked * share * (0.5 + rate) * (0.6 + 0.6 * habits[place])))
        for place, (key, share) in enumerate(_SUBSYSTEMS.items(), start=7)
    }
    return {"linked": linked, **parts}


def _counted(staff: Sequence[Worker], platform: int, day: datetime.date) -> int:
    """Teachers an operator counts on a day: those who left lately are among them."""
    return sum(
        worker.is_teacher
        and worker.profiles.get(platform, datetime.date.max) <= day
        and (worker.left_on is None or (day - worker.left_on).days < FORGOTTEN_DAYS)
        for worker in staff
    )
