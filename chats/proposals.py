"""Which chats a school should have on a day, given its people and classes; findings compare with it (pure)."""

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from chats.roles import ASSOCIATION_BY_NUMBER, ASSOCIATION_LEAST
from chats.roster import STAFF, ClassLine, Place, Roster, Seat
from chats.use_cases import USE_CASES, UseCase
from chats.use_cases.kinds import (
    Always,
    Associations,
    Condition,
    EachAssociation,
    EachClass,
    HasGrades,
    People,
    TurnedOn,
    Unit,
)
from chats.use_cases.members import ALL_GRADES, Rule, seats_of
from schools.years import school_year_of, school_year_title


@dataclass(frozen=True, slots=True)
class Proposal:
    """A chat that a school should have: the case, the class or association it is about, its name by the rule."""

    use_case: UseCase
    place: Place
    title: str

    @property
    def key(self) -> tuple[int, int, int]:
        """(case, class, association): what a chat is found by."""
        return (self.use_case.number, *self.place.key)


def proposals(roster: Roster, day: datetime.date) -> list[Proposal]:
    """Every chat expected on a day, in the order of the cases, classes and associations."""
    return [
        Proposal(use_case, place, title_of(use_case, place, day))
        for use_case in USE_CASES
        if use_case.in_season(day)
        for place in places_of(use_case, roster)
    ]


def places_of(use_case: UseCase, roster: Roster) -> list[Place]:
    """What the chats of a case would be about; empty where the school is not expected to have any."""
    condition = use_case.expected
    if condition.unit == Unit.CLASS:
        return [Place(school_class=each) for each in _classes(condition, use_case.number, roster)]
    if condition.unit == Unit.ASSOCIATION:
        return [Place(area=area) for area in associations_of(roster)]
    return [Place()] if _holds(condition, use_case, roster) else []


def associations_of(roster: Roster) -> list[int]:
    """Numbers of the associations that have enough teachers."""
    sizes = roster.area_sizes
    return [area for area in ASSOCIATION_BY_NUMBER if sizes.get(area, 0) >= ASSOCIATION_LEAST]


def _classes(condition: Condition, number: int, roster: Roster) -> list[ClassLine]:
    if isinstance(condition, EachClass):
        return [each for each in roster.classes if each.grade in condition.grades]
    return list(roster.classes) if number in roster.chosen else []


def _holds(condition: Condition, use_case: UseCase, roster: Roster) -> bool:
    match condition:
        case People(least=least):
            return len(roster.with_roles(use_case.counted_roles)) >= least
        case Associations(least=least):
            return len(associations_of(roster)) >= least
        case HasGrades(grades=grades):
            return any(each.grade in grades for each in roster.classes)
        case TurnedOn():
            return use_case.number in roster.chosen
        case Always():
            return True
        case EachClass() | EachAssociation():
            raise ValueError("a condition of classes or associations asks for places, not for yes or no")


def class_grades(condition: Condition) -> frozenset[int]:
    """The grades a condition speaks of; all where it speaks of none."""
    return condition.grades if isinstance(condition, EachClass | HasGrades) else ALL_GRADES


def title_of(use_case: UseCase, place: Place, day: datetime.date) -> str:
    """The name of a chat by the case's rule: «9А. Родители», «МО: естественные науки»."""
    class_name = place.school_class.name if place.school_class else ""
    association = ASSOCIATION_BY_NUMBER[place.area].name if place.area in ASSOCIATION_BY_NUMBER else ""
    year = school_year_title(school_year_of(day))
    return use_case.title.format(**{"class": class_name, "association": association, "year": year}).strip(". ")


def expected_seats(use_case: UseCase, place: Place, roster: Roster) -> list[Seat]:
    """Who should be in a chat of a case."""
    return seats_of(use_case.members, roster, place)


def likely_owners(use_case: UseCase, place: Place, roster: Roster) -> list[int]:
    """Ids of staff who may own a chat, the likeliest first: by the case's roles, else whoever of the staff is in it."""
    found: list[int] = []
    for role in use_case.owner:
        found += [person.id for person in roster.with_roles(role)]
    if not found:
        found = list(_staff_in(use_case.members, place, roster))
    return list(dict.fromkeys(found))


def _staff_in(rule: Rule, place: Place, roster: Roster) -> Iterator[int]:
    for each in seats_of(rule, roster, place):
        yield from (person.id for person in each.order if person.kind == STAFF)


def by_key(rows: Iterable[Proposal]) -> dict[tuple[int, int, int], Proposal]:
    """Proposals by what a chat is found by."""
    return {row.key: row for row in rows}
