"""The staff of a school: who they are, how well their names are written, and their accounts on both platforms."""

import datetime
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from reports.demo import names
from reports.demo.calendar import Calendar
from reports.demo.codes import STAFF_FROM, make_phone, make_snils
from reports.demo.names import Name
from reports.demo.positions import MEN_TEACH, Job, other_jobs, teaching_jobs
from reports.demo.specs import SchoolSpec
from reports.demo.tables import Tables
from schools.codes import fold
from schools.platforms import MY_SCHOOL, SFERUM
from schools.sealed import seal
from staff.columns import is_teaching_position
from staff.models import StaffAccount, StaffMember
from staff.names import name_issue

_RATES = (Decimal("1.00"), Decimal("1.00"), Decimal("1.00"), Decimal("1.25"), Decimal("1.50"), Decimal("0.75"))
_HALF = Decimal("0.50")
_WEB = MY_SCHOOL.channels[0].number


@dataclass(slots=True)
class Worker:
    """A staff member as the weeks need to know them; `profiles` is platform → day of the profile."""

    id: int
    name: Name
    job: Job
    is_teacher: bool
    eagerness: float
    hired_on: datetime.date
    left_on: datetime.date | None
    snils: str
    born_on: datetime.date
    profiles: dict[int, datetime.date] = field(default_factory=dict)


@dataclass(slots=True)
class Staffing:
    """Makes the staff of one school; `snils` numbers go on from school to school."""

    tables: Tables
    calendar: Calendar
    rng: random.Random
    mix: Sequence[float]
    moment: datetime.datetime
    first_snils: int

    def make(self, spec: SchoolSpec, school_id: int, neighbours: Sequence[Worker] = ()) -> list[Worker]:
        """Add everybody of a school to the tables; `neighbours` are people of another school who work here as well."""
        rng = self.rng
        leavers = round(spec.teachers * 0.02)
        jobs = other_jobs(rng, spec.others) + teaching_jobs(rng, spec.teachers + leavers)
        first_leaver = len(jobs) - leavers
        spoilt = list(spec.defects)
        workers = []
        for number, job in enumerate(jobs):
            second = neighbours[number - spec.others] if 0 <= number - spec.others < len(neighbours) else None
            worker = self._worker(job, number, second)
            if number >= first_leaver:
                worker.left_on = self.calendar.today - datetime.timedelta(days=rng.randint(3, 70))
                worker.hired_on = min(worker.hired_on, worker.left_on - datetime.timedelta(days=300))
            self._add(spec, school_id, worker, number, second is not None, spoilt)
            self._add_accounts(spec, school_id, worker)
            workers.append(worker)
        return workers

    def _worker(self, job: Job, number: int, second: Worker | None) -> Worker:
        rng = self.rng
        hired_on = self._hired_on()
        staff_id = self.tables.new_id(StaffMember)
        teaches = is_teaching_position(job.position)
        if second is not None:
            return Worker(staff_id, second.name, second.job, second.is_teacher, rng.random() / 2, hired_on, None,
                          second.snils, second.born_on)  # fmt: skip
        male = rng.random() < (0.6 if job.subjects in MEN_TEACH or not teaches else 0.1)
        name = names.draw(rng, "m" if male else "f", names.draw_culture(rng, self.mix))
        snils = make_snils(STAFF_FROM + self.first_snils + number) if rng.random() < 0.85 else ""
        born_on = hired_on.replace(day=1 + int(rng.random() * 28), month=1 + int(rng.random() * 12)).replace(
            year=min(hired_on.year - 22, self.calendar.today.year - 24) - int(rng.random() * 25)
        )
        return Worker(staff_id, name, job, teaches, rng.random(), hired_on, None, snils, born_on)

    def _hired_on(self) -> datetime.date:
        """Most came on a 1 September, some this autumn."""
        rng, year = self.rng, self.calendar.years[0]
        if rng.random() < 0.02:
            return self.calendar.weeks[0].monday + datetime.timedelta(days=int(rng.random() * 40))
        came = datetime.date(year - int(rng.random() ** 2 * 25), 9, 1)
        return came if rng.random() < 0.7 else came - datetime.timedelta(days=int(rng.random() * 300))

    def _add(
        self, spec: SchoolSpec, school_id: int, worker: Worker, number: int, is_second: bool, spoilt: list[int]
    ) -> None:
        rng, written = self.rng, worker.name
        if spoilt and number >= spec.others:
            written = names.spoil(rng, written, spoilt.pop())
        elif rng.random() < spec.careless:
            written = names.spoil(rng, written)
        last, first, patronymic, _, none = written
        initial = names.latin(worker.name.first[:1])
        mail = f"{names.latin(worker.name.last)}.{initial}{self.first_snils + number}@example.ru"
        self.tables.add(
            StaffMember,
            worker.id, school_id, last, first, patronymic, none, fold(f"{last} {first} {patronymic}"),
            seal(worker.snils), worker.born_on, worker.job.position, worker.is_teacher, worker.job.subjects,
            "employee" if not worker.is_teacher and rng.random() < 0.1 else "teacher",
            make_phone(self.first_snils // 1000 * 131 + number) if rng.random() < 0.93 else "",
            mail if rng.random() < 0.8 else "",
            "second" if is_second else "main", _HALF if is_second else _RATES[int(rng.random() * 6)],
            f"{number + 1:04d}", worker.hired_on, worker.left_on, "", name_issue(last, first, patronymic, none), 1,
            self.moment,
        )  # fmt: skip

    def _add_accounts(self, spec: SchoolSpec, school_id: int, worker: Worker) -> None:
        rng = self.rng
        for platform, channel, share in (
            (SFERUM.number, spec.channel, spec.profiles if worker.is_teacher else 0.8),
            (MY_SCHOOL.number, _WEB, 0.92 if worker.is_teacher else 0.5),
        ):
            profile_on = confirmed_on = None
            if rng.random() < share:
                profile_on = worker.profiles[platform] = self._profile_on(worker)
                confirmed_on = profile_on + datetime.timedelta(days=1 + int(rng.random() * 20))
                if rng.random() >= spec.confirmed or confirmed_on > self.calendar.today:
                    confirmed_on = None
            self.tables.add(
                StaffAccount, self.tables.new_id(StaffAccount), worker.id, school_id, platform, channel,
                worker.is_teacher, profile_on, confirmed_on,
            )  # fmt: skip

    def _profile_on(self, worker: Worker) -> datetime.date:
        """Four of five had their profile before the weeks shown; the rest got it week by week."""
        rng, first = self.rng, self.calendar.weeks[0].monday
        if rng.random() < 0.82:
            day = first - datetime.timedelta(days=1 + int(rng.random() * 330))
        else:
            day = first + datetime.timedelta(days=int(rng.random() ** 1.4 * 7 * len(self.calendar.weeks)))
        return max(day, worker.hired_on)
