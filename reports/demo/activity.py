"""Weeks of a school: who wrote, called and logged in, week by week, and which weeks the operator did not deliver."""

import datetime
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from reports.counting.counts import CHATTING
from reports.demo.calendar import Calendar
from reports.demo.people import Worker
from reports.demo.specs import SchoolSpec
from reports.demo.tables import Tables
from reports.models import ActivityCoverage, ChatActivity, StaffActivity
from schools.platforms import MY_SCHOOL, SFERUM

EVEN_MESSAGES = 3
Chats = Sequence[tuple[int, datetime.date, datetime.date | None]]


@dataclass(slots=True)
class Late:
    """Rows that came after their week had been published."""

    activity: list[tuple[Any, ...]] = field(default_factory=list)
    coverage: list[tuple[int, int, int]] = field(default_factory=list)  # week, platform, school


@dataclass(slots=True)
class Deliveries:
    """Counts of what was delivered: (week, platform) → [schools, rows]; `loads` are ids of ActivityLoad."""

    loads: Mapping[tuple[int, int], int]
    totals: dict[tuple[int, int], list[int]] = field(default_factory=dict)


@dataclass(slots=True)
class Weeks:
    """Makes the weeks of one school after another in a region."""

    tables: Tables
    calendar: Calendar
    rng: random.Random
    deliveries: Deliveries
    late: Late

    def make(self, spec: SchoolSpec, school_id: int, staff: Sequence[Worker], chats: Chats) -> None:
        """Add the activity of a school's people and chats on both platforms."""
        noise = self.rng.gauss(0, 0.02)
        for place, week in enumerate(self.calendar.weeks):
            back = len(self.calendar.weeks) - 1 - place
            if back in spec.unmeasured or not self.deliveries.loads:
                continue
            noise = 0.5 * noise + self.rng.gauss(0, 0.005 if spec.is_demo else 0.018)
            grown = 1 - back / max(1, len(self.calendar.weeks) - 1)
            rate = self.calendar.liveliness(week) * (1 - spec.gain * (1 - grown) + noise) if back else 1.0
            rate *= 1.0 if back else self.calendar.liveliness(week)
            rate *= 0.35 if spec.leapt and back >= spec.leapt else 1.0
            silent = back in spec.silent
            late = back in spec.late
            for platform, share in ((SFERUM.number, spec.share), (MY_SCHOOL.number, spec.myschool)):
                wanted = 0 if silent else round((spec.declared or spec.teachers) * share * rate)
                active = _active(self.rng, staff, wanted, platform, week.sunday) if wanted else []
                rows = _rows(self.rng, school_id, (week.number, platform), active)
                rows = _evened(rows) if back in spec.even and platform == SFERUM.number else rows
                self._week(school_id, (week.number, platform), rows, late and platform == SFERUM.number)
            if not silent and spec.registered:
                self._chats(school_id, week.number, chats, week.sunday, 0.72 * rate)

    def _week(self, school_id: int, when: tuple[int, int], rows: list[tuple[Any, ...]], is_late: bool) -> None:
        """Deliver the rows of a school, in time or after the week had been published."""
        if is_late:
            self.late.activity.extend(rows)
            self.late.coverage.append((*when, school_id))
            return
        self.tables.extend(StaffActivity, rows)
        self.tables.add(ActivityCoverage, *when, school_id, self.deliveries.loads[when], when[1] in CHATTING)
        total = self.deliveries.totals.setdefault(when, [0, 0])
        total[0] += 1
        total[1] += len(rows)

    def _chats(self, school_id: int, week: int, chats: Chats, sunday: datetime.date, share: float) -> None:
        chance = self.rng.random
        self.tables.extend(
            ChatActivity,
            [
                (week, school_id, chat_id, 1 + int(40 * chance() ** 2))
                for chat_id, opened_on, closed_on in chats
                if opened_on <= sunday and (closed_on is None or closed_on > sunday) and chance() < share
            ],
        )


def _active(
    rng: random.Random, staff: Sequence[Worker], wanted: int, platform: int, sunday: datetime.date
) -> list[Worker]:
    """Take the most eager ones who have a profile by then: `wanted` teachers, others in the same proportion."""
    chance = rng.random
    able = [
        (worker.eagerness + 0.45 * chance(), worker.id, worker)
        for worker in staff
        if platform in worker.profiles
        and worker.profiles[platform] <= sunday
        and (worker.left_on is None or worker.left_on > sunday)
    ]
    able.sort(reverse=True)
    teachers = [worker for _, _, worker in able if worker.is_teacher]
    others = [worker for _, _, worker in able if not worker.is_teacher]
    return teachers[:wanted] + others[: round(len(others) * 0.7 * wanted / max(1, len(teachers)))]


def _rows(rng: random.Random, school_id: int, when: tuple[int, int], active: Sequence[Worker]) -> list[tuple[Any, ...]]:
    chance = rng.random
    week, platform = when
    if platform == SFERUM.number:
        return [
            (
                week,
                platform,
                school_id,
                worker.id,
                worker.is_teacher,
                1 + int(30 * chance() ** 3),
                int(3 * chance() ** 4),
                0,
            )
            for worker in active
        ]
    return [
        (week, platform, school_id, worker.id, worker.is_teacher, 0, 0, 1 + int(9 * chance() ** 2)) for worker in active
    ]


def _evened(rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """The same people, each with the same few messages and no call."""
    return [(*row[:5], EVEN_MESSAGES, 0, 0) for row in rows]
