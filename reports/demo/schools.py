"""A school with all that belongs to it: register facts, administrator, staff, classes, families, chats, weeks."""

import datetime
import random
from collections.abc import Sequence
from dataclasses import dataclass, field

from reports.demo.activity import Deliveries, Late, Weeks
from reports.demo.calendar import Calendar
from reports.demo.classes import Families, MadeClass, make_classes
from reports.demo.codes import make_inn, make_kpp, make_ogrn
from reports.demo.figures import Teller, Told
from reports.demo.names import MIX_BY_REGION, USUAL_MIX
from reports.demo.people import Staffing, Worker
from reports.demo.specs import PUPILS_A_CLASS, RegionSpec, SchoolSpec, class_names
from reports.demo.tables import Tables, User
from reports.demo.talks import make_chats
from schools.models import Appointment, Municipality, Region, School, SchoolRegistration
from schools.models.places import name_key
from schools.platforms import MY_SCHOOL, SFERUM
from schools.scope import Level

MARK = "demo"  # external ids of demo schools begin with it: how a demo is told from real data
NO_LOGIN = "!demo"  # a password nobody can enter
_STREETS = tuple(
    "Берёзовая Садовая Школьная Лесная Заречная Озёрная Парковая Солнечная Кленовая Рябиновая Цветочная".split()
)


@dataclass(slots=True)
class MadeRegion:
    """Ids of a region's places, and what its schools came to."""

    row: Region
    territories: list[int]
    schools: list[int] = field(default_factory=list)
    own: int | None = None  # the school of the demo account
    latest: list[Worker] = field(default_factory=list)


@dataclass(slots=True)
class Maker:
    """Makes the schools of one region, each from a random stream of its own."""

    tables: Tables
    calendar: Calendar
    seed: int
    region: MadeRegion
    deliveries: Deliveries
    late: Late
    told: Told
    first_number: int  # of schools in the whole country so far: СНИЛС do not meet

    def make(self, spec: SchoolSpec, plan: RegionSpec) -> None:
        """Add one school with everything that belongs to it."""
        number = len(self.region.schools) + 1
        code = f"{plan.code}{number:05d}"
        rng = random.Random(f"{self.seed}-{code}")
        school_id = self.tables.new_id(School)
        mix = MIX_BY_REGION.get(plan.code, USUAL_MIX)
        snils = (self.first_number + number) * 1000
        moment = self.calendar.at(self.calendar.declared_on, 12, number % 60)
        staffing = Staffing(self.tables, self.calendar, rng, mix, moment, snils)
        neighbours = [worker for worker in self.region.latest if worker.is_teacher][:3] if spec.second_jobs else []
        staff = staffing.make(spec, school_id, neighbours)
        self._add_school(spec, school_id, number, staff, moment)
        self._register(spec, school_id, rng)
        self._appoint(spec, school_id, code, staff, rng)
        classes = make_classes(self.tables, self.calendar, rng, spec, school_id, staff)
        families = Families(self.tables, self.calendar, rng, mix, school_id, snils * 3, spec.families)
        families.make(classes, spec.pupils)
        self._weeks(spec, school_id, staff, classes, rng)
        dice = random.Random(f"{self.seed}-{code}-figures")
        Teller(self.tables, self.calendar, self.told, dice, school_id, spec).tell(staff)
        self.region.schools.append(school_id)
        self.region.own = school_id if spec.is_demo else self.region.own
        self.region.latest = staff
        self.tables.flush_if_full()

    def _add_school(
        self, spec: SchoolSpec, school_id: int, number: int, staff: Sequence[Worker], moment: datetime.datetime
    ) -> None:
        calendar, code = self.calendar, self.region.row.code
        parent = spec.branch_of
        classes = len(class_names(spec))
        closed_on = spec.closed_days_ago and calendar.today - datetime.timedelta(days=spec.closed_days_ago)
        registered = parent + 1 if parent is not None else number
        director = staff[0].name
        self.tables.add(
            School,
            school_id, f"{code}{number:05d}", self.region.row.pk,
            None if spec.territory is None else self.region.territories[spec.territory],
            spec.full_name, spec.short_name, name_key(spec.short_name, spec.full_name), spec.kind, spec.subordination,
            make_inn(code, registered), make_kpp(code, branch=number if parent is not None else 0),
            make_ogrn(code, registered), f"{self.region.row.oktmo or '00'}300000",
            None if parent is None else self.region.schools[parent],
            datetime.date(1960 + number * 7 % 55, 9, 1), closed_on, spec.excluded_because,
            f"{self.region.row.name}, {_STREETS[number % len(_STREETS)]} улица, дом {1 + number * 3 % 60}",
            f"+7900000{number * 37 % 10_000:04d}", f"school{code}{number:05d}@example.ru",
            f"school{code}{number:05d}.example.ru", f"{director.last} {director.first} {director.patronymic}".strip(),
            spec.declared, classes, classes * PUPILS_A_CLASS, None if spec.declared is None else calendar.declared_on,
            f"{MARK}-{code}{number:05d}", moment,
        )  # fmt: skip

    def _register(self, spec: SchoolSpec, school_id: int, rng: random.Random) -> None:
        first = self.calendar.years[0]
        platforms = [(MY_SCHOOL.number, MY_SCHOOL.channels[0].number)]
        if spec.registered:
            platforms.append((SFERUM.number, spec.channel))
        for platform, channel in platforms:
            day = datetime.date(first - 2, 9, 1) + datetime.timedelta(days=int(rng.random() * 600))
            self.tables.add(
                SchoolRegistration, self.tables.new_id(SchoolRegistration), school_id, platform, channel, "", day
            )

    def _appoint(
        self, spec: SchoolSpec, school_id: int, code: str, staff: Sequence[Worker], rng: random.Random
    ) -> None:
        """Make the deputy for computers the administrator by an order; the demo account's school has its own."""
        if spec.administrator == "absent" or spec.is_demo:
            return
        ordered_on = datetime.date(self.calendar.years[0] - 1, 9, 2 + int(rng.random() * 20))
        ends_on = self.calendar.today - datetime.timedelta(days=27) if spec.administrator == "left" else None
        name = staff[min(3, len(staff) - 1)].name
        user_id = self.tables.new_id(User)
        self.tables.add(
            User, user_id, NO_LOGIN, False, f"a{code}", name.last, name.first, name.patronymic,
            f"a{code}@example.ru", False, True, self.calendar.at(ordered_on, 10),
        )  # fmt: skip
        self.tables.add(
            Appointment, self.tables.new_id(Appointment), user_id, Level.SCHOOL.value, None, None, school_id,
            ordered_on, ends_on, f"{60 + int(rng.random() * 140)}-ОД", ordered_on,
        )  # fmt: skip

    def _weeks(
        self,
        spec: SchoolSpec,
        school_id: int,
        staff: Sequence[Worker],
        classes: Sequence[MadeClass],
        rng: random.Random,
    ) -> None:
        chats = (
            make_chats(self.tables, self.calendar, rng, spec, school_id, (staff, classes)) if spec.registered else []
        )
        Weeks(self.tables, self.calendar, rng, self.deliveries, self.late).make(spec, school_id, staff, chats)


def add_territories(tables: Tables, row: Region, plan: RegionSpec) -> MadeRegion:
    """Add a region's municipalities to the tables."""
    made = MadeRegion(row, [])
    for number, territory in enumerate(plan.territories, start=1):
        municipality_id = tables.new_id(Municipality)
        key = name_key(territory.name, "").strip()
        oktmo = f"{row.oktmo or '00'}{300 + number:03d}000"
        tables.add(Municipality, municipality_id, row.pk, territory.name, key, territory.kind, oktmo)
        made.territories.append(municipality_id)
    return made
