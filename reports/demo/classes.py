"""Classes of a school, their teachers, pupils and legal representatives: families whose names agree."""

import datetime
import random
from collections.abc import Sequence
from dataclasses import dataclass

from reports.demo import names
from reports.demo.calendar import Calendar
from reports.demo.codes import PUPILS_FROM, make_phone, make_snils
from reports.demo.names import Culture, Name
from reports.demo.people import Worker
from reports.demo.specs import SchoolSpec, class_names
from reports.demo.tables import Tables
from schools.codes import fold
from schools.models import Guardian, Guardianship, Pupil, SchoolClass
from schools.models.people import Guardianship as Link
from schools.sealed import seal
from staff.models import ClassTeacher


@dataclass(frozen=True, slots=True)
class MadeClass:
    """A class as chats need to know it."""

    id: int
    year: int
    name: str
    grade: int
    letter: str
    teacher: Worker | None


def make_classes(
    tables: Tables, calendar: Calendar, rng: random.Random, spec: SchoolSpec, school_id: int, staff: Sequence[Worker]
) -> list[MadeClass]:
    """Add the classes of every school year shown, each (but about one of fifty) with a class teacher."""
    leaders = [worker for worker in staff if worker.is_teacher and worker.left_on is None]
    rng.shuffle(leaders)
    made: list[MadeClass] = []
    for year in calendar.years:
        for number, (grade, letter) in enumerate(class_names(spec)):
            class_id = tables.new_id(SchoolClass)
            tables.add(SchoolClass, class_id, school_id, year, grade, letter, 22 + int(rng.random() * 9))
            teacher = leaders[number % len(leaders)] if leaders and rng.random() > 0.02 else None
            if teacher is not None:
                tables.add(ClassTeacher, tables.new_id(ClassTeacher), teacher.id, class_id)
            made.append(MadeClass(class_id, year, f"{grade}{letter}", grade, letter, teacher))
    return made


@dataclass(slots=True)
class Families:
    """Makes pupils class by class with their representatives; about one child of eight has a sibling in the school."""

    tables: Tables
    calendar: Calendar
    rng: random.Random
    mix: Sequence[float]
    school_id: int
    first_snils: int
    zeal: float = 0.72  # share of invited representatives who have registered
    made: int = 0

    def make(self, classes: Sequence[MadeClass], count: int) -> None:
        """Add `count` pupils into as few classes as hold them, some of them without a class yet."""
        present = [each for each in classes if each.year == self.calendar.years[-1]]
        family: tuple[Culture, Name, list[tuple[int, str]]] | None = None
        for number in range(count if present else 0):
            school_class = present[number // 25 * 7 % len(present)]
            if family is None or self.rng.random() > 0.12:
                family = self._family()
            placed = None if self.rng.random() < 0.01 else school_class.id
            self._child(family, placed, school_class.grade, number)

    def _family(self) -> tuple[Culture, Name, list[tuple[int, str]]]:
        """Return the culture, the father's name and the representatives there are: (id, kind)."""
        rng = self.rng
        culture = names.draw_culture(rng, self.mix)
        father = names.draw(rng, "m", culture)
        mother = names.draw(rng, "f", culture)
        if rng.random() < 0.8:
            mother = mother._replace(last=names.feminine(father.last))
        adults = [(mother, Link.Kind.MOTHER.value)] if rng.random() < 0.96 else []
        if rng.random() < 0.45 or not adults:
            adults.append((father, Link.Kind.FATHER.value))
        elif rng.random() < 0.04:
            adults = [(mother, Link.Kind.GUARDIAN.value)]
        return culture, father, [(self._guardian(adult), kind) for adult, kind in adults]

    def _guardian(self, name: Name) -> int:
        guardian_id = self.tables.new_id(Guardian)
        mail = f"{names.latin(name.last)}.p{self.first_snils + self.made}@example.ru" if self.rng.random() < 0.6 else ""
        self.tables.add(
            Guardian, guardian_id, self.school_id, *self._person(name, snils=0.3),
            make_phone((self.first_snils + self.made) * 7) if self.rng.random() < 0.95 else "", mail,
        )  # fmt: skip
        return guardian_id

    def _person(self, name: Name, snils: float) -> tuple[object, ...]:
        self.made += 1
        number = make_snils(PUPILS_FROM + self.first_snils + self.made) if self.rng.random() < snils else ""
        last, first, patronymic, _, none = name
        return last, first, patronymic, none, fold(f"{last} {first} {patronymic}"), seal(number)

    def _child(
        self, family: tuple[Culture, Name, list[tuple[int, str]]], class_id: int | None, grade: int, number: int
    ) -> None:
        rng = self.rng
        culture, father, adults = family
        year = self.calendar.years[-1]
        name = names.draw(rng, rng.choice("mf"), culture)
        surname = father.last if name.gender == "m" else names.feminine(father.last)
        child = name._replace(last=surname, patronymic=_patronymic(culture, father, name))
        born_on = datetime.date(year - 6 - grade, 1, 1) + datetime.timedelta(days=int(rng.random() * 365))
        pupil_id = self.tables.new_id(Pupil)
        self.tables.add(
            Pupil, pupil_id, self.school_id, class_id, *self._person(child, snils=0.75), born_on,
            datetime.date(year, 9, 1), f"{number + 1:05d}",
        )  # fmt: skip
        for guardian_id, kind in adults:
            self.tables.add(
                Guardianship, self.tables.new_id(Guardianship), pupil_id, guardian_id, kind, *self._invitation()
            )

    def _invitation(self) -> tuple[datetime.date | None, datetime.date | None, datetime.date | None]:
        """Return (invited, registered, declined): most registered, one of twenty-five declined, as is their right."""
        rng = self.rng
        invited = self.calendar.today - datetime.timedelta(days=15 + int(rng.random() * 60))
        answered = invited + datetime.timedelta(days=1 + int(rng.random() * 14))
        chance = rng.random()
        if chance < 0.04:
            return None, None, None
        if chance < 0.08:
            return invited, None, answered
        return invited, answered if rng.random() < self.zeal else None, None


def _patronymic(culture: Culture, father: Name, child: Name) -> str:
    """The child's patronymic after the father's name where the culture's list has it, else the one drawn."""
    for his, hers in culture.patronymics:
        if his.startswith(father.first[:-1] or father.first) and len(his) - len(father.first) <= 4:
            return his if child.gender == "m" else hers
    return child.patronymic
