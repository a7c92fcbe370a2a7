"""Chats of a school: those of its classes, then those of the other cases of use a school of its size runs."""

import datetime
import random
from collections.abc import Sequence

from chats.models import Chat
from chats.proposals import title_of
from chats.roster import ClassLine, Place
from chats.use_cases import USE_CASE_BY_NUMBER, Group
from reports.demo.calendar import Calendar
from reports.demo.classes import MadeClass
from reports.demo.people import Worker
from reports.demo.specs import SchoolSpec
from reports.demo.tables import Tables

_PUPILS, _PARENTS, _EVERYONE, _ALONE = 14, 15, 16, 17
_USUAL = (1, 3, 7, 10, 2, 5, 9, 13, 8, 18, 20, 6, 12, 19, 22, 23, 24, 21, 27)  # the commonest first
_CLOSED_EARLY = frozenset({24})  # «Сдача рабочих программ» ends in September
_NEED_MANY = 30  # people: smaller schools run a few chats only


def make_chats(
    tables: Tables,
    calendar: Calendar,
    rng: random.Random,
    spec: SchoolSpec,
    school_id: int,
    people: tuple[Sequence[Worker], Sequence[MadeClass]],
) -> list[tuple[int, datetime.date, datetime.date | None]]:
    """Add a school's chats; return (id, opened, closed) of each."""
    staff, classes = people
    talks = _Talks(tables, calendar, rng, spec, school_id)
    for each in classes:
        if rng.random() < spec.with_chat:
            talks.of_class(each)
    heads = [worker for worker in staff if not worker.is_teacher and worker.left_on is None] or list(staff)
    wanted = spec.cases if len(staff) > _NEED_MANY else min(spec.cases, 4)
    for number in _USUAL[: wanted if spec.with_chat > 0.2 else 0]:
        if rng.random() < 0.85:
            talks.of_school(number, rng.choice(heads[:5]))
    return talks.made


class _Talks:
    def __init__(
        self, tables: Tables, calendar: Calendar, rng: random.Random, spec: SchoolSpec, school_id: int
    ) -> None:
        self.tables, self.calendar, self.rng, self.spec, self.school_id = tables, calendar, rng, spec, school_id
        self.made: list[tuple[int, datetime.date, datetime.date | None]] = []

    def of_class(self, each: MadeClass) -> None:
        """Parents first, pupils in most classes from the fifth on; rarely the two other cases."""
        rng = self.rng
        numbers = [_PARENTS]
        if each.grade >= 5 and rng.random() < 0.8:
            numbers.append(_PUPILS)
        if rng.random() < 0.06:
            numbers.append(rng.choice((_EVERYONE, _ALONE)))
        for number in numbers:
            owner = each.teacher.id if each.teacher is not None and number != _ALONE else None
            self._add(number, each, each.year, owner)

    def of_school(self, number: int, owner: Worker) -> None:
        """A chat of a case that is not about one class."""
        self._add(number, None, self.calendar.years[-1], owner.id)

    def _add(self, number: int, of_class: MadeClass | None, year: int, owner_id: int | None) -> None:
        """Most chats were opened in the first days of the year, the rest in the weeks since."""
        rng = self.rng
        begins = datetime.date(year, 9, 1)
        passed = max(1, (min(self.calendar.today, datetime.date(year + 1, 5, 31)) - begins).days)
        opened_on = begins + datetime.timedelta(days=int(min(passed, rng.expovariate(0.09))))
        closed_on = None
        if number in _CLOSED_EARLY:
            closed_on = max(opened_on, begins + datetime.timedelta(days=29))
        elif year < self.calendar.years[-1]:
            closed_on = datetime.date(year + 1, 8, 31)
        elif USE_CASE_BY_NUMBER[number].group is Group.PROJECTS and rng.random() < 0.4:
            closed_on = datetime.date(year + 1, 6, 30)
        chat_id = self.tables.new_id(Chat)
        place = Place(ClassLine(of_class.id, of_class.grade, of_class.letter) if of_class else None)
        title = title_of(USE_CASE_BY_NUMBER[number], place, opened_on)
        self.tables.add(
            Chat,
            chat_id,
            self.school_id,
            number,
            of_class.id if of_class else None,
            self.spec.channel,
            title,
            owner_id,
            opened_on,
            closed_on,
        )
        self.made.append((chat_id, opened_on, closed_on))
