"""What a case of use is: its group, who is in it, how it is called, how long it lives, when it is expected (pure)."""

import datetime
from dataclasses import dataclass
from enum import StrEnum

from chats.roles import Role
from chats.use_cases.members import ALL_GRADES, Rule, staff_roles
from schools.bases import CASES, Basis
from schools.years import school_year_of


class Group(StrEnum):
    """The deck's three groups."""

    STAFF = "постоянные, для сотрудников"
    FAMILIES = "детско-родительские"
    PROJECTS = "временные, со сроком"


class Unit(StrEnum):
    """What one chat of a case is about."""

    SCHOOL = "школа"
    CLASS = "класс"
    ASSOCIATION = "методическое объединение"


# Conditions: when a school is expected to have chats of a case. Each says why.


@dataclass(frozen=True, slots=True)
class Always:
    """Every school."""

    why: str
    unit = Unit.SCHOOL


@dataclass(frozen=True, slots=True)
class People:
    """Schools where at least so many of the staff have a role: those of the rule, where none are named here."""

    why: str
    least: int = 2
    roles: Role = Role(0)
    unit = Unit.SCHOOL


@dataclass(frozen=True, slots=True)
class EachClass:
    """Each class of some grades."""

    why: str
    grades: frozenset[int] = ALL_GRADES
    unit = Unit.CLASS


@dataclass(frozen=True, slots=True)
class EachAssociation:
    """Each association with enough teachers (roles.ASSOCIATION_LEAST)."""

    why: str
    unit = Unit.ASSOCIATION


@dataclass(frozen=True, slots=True)
class Associations:
    """Schools with several associations."""

    why: str
    least: int = 2
    unit = Unit.SCHOOL


@dataclass(frozen=True, slots=True)
class HasGrades:
    """Schools with a class of some grades."""

    why: str
    grades: frozenset[int]
    unit = Unit.SCHOOL


@dataclass(frozen=True, slots=True)
class TurnedOn:
    """Never missing until the school says that it wants the chat."""

    why: str
    unit: Unit = Unit.SCHOOL


Condition = Always | People | EachClass | EachAssociation | Associations | HasGrades | TurnedOn


@dataclass(frozen=True, slots=True)
class Season:
    """The part of a year in which a temporary chat is expected: (month, day) from, (month, day) to, both included."""

    begins: tuple[int, int]
    ends: tuple[int, int]

    def holds_on(self, day: datetime.date) -> bool:
        """Whether the day lies in it; a season may run over the new year."""
        now = (day.month, day.day)
        if self.begins <= self.ends:
            return self.begins <= now <= self.ends
        return now >= self.begins or now <= self.ends

    def end_after(self, day: datetime.date) -> datetime.date:
        """The first end of it not before a day."""
        end = datetime.date(day.year, *self.ends)
        return end if end >= day else datetime.date(day.year + 1, *self.ends)


class Lifetime(StrEnum):
    """How long a chat of a case lives; which day ends it is `UseCase.ends_on`."""

    PERMANENT = "постоянный"
    CLASS = "пока класс учится"
    SCHOOL_YEAR = "до конца учебного года"
    SEASON = "до конца своего срока"
    BY_HAND = "до дня, который назначает владелец"


@dataclass(frozen=True, slots=True)
class UseCase:
    """A case of use: its number is what the database stores and is never reused.

    `title` names a chat: {class}, {association} and {year} («2026/27») are filled in. `owner` are roles, the first that
    somebody has; a class's chat is its class teacher's.
    """

    number: int
    key: str
    name: str
    group: Group
    purpose: str
    members: Rule
    title: str
    owner: tuple[Role, ...]
    expected: Condition
    lifetime: Lifetime = Lifetime.PERMANENT
    season: Season | None = None
    is_class_chat: bool = False  # «класс с чатом»: the class teacher with pupils or with parents

    @property
    def bases(self) -> tuple[Basis, ...]:
        """What the case rests on: the deck lists it, and the ministry recommends chats with pupils and parents."""
        return (CASES, Basis("letter-04-127")) if self.group == Group.FAMILIES else (CASES,)

    @property
    def unit(self) -> Unit:
        """What one chat of it is about."""
        return self.expected.unit

    @property
    def per_class(self) -> bool:
        """Whether one chat of it is about one class."""
        return self.unit == Unit.CLASS

    @property
    def is_optional(self) -> bool:
        """Whether only a school's own wish makes it expected."""
        return isinstance(self.expected, TurnedOn)

    @property
    def counted_roles(self) -> Role:
        """The roles by which a condition of people counts the staff, as one mask."""
        named = self.expected.roles if isinstance(self.expected, People) else Role(0)
        return named or staff_roles(self.members)

    def in_season(self, day: datetime.date) -> bool:
        """Whether the case is expected at all on a day."""
        return self.season is None or self.season.holds_on(day)

    def ends_on(self, opened_on: datetime.date) -> datetime.date | None:
        """The day a chat opened on a day has done its work; None where only a person or the class decides."""
        if self.lifetime == Lifetime.SCHOOL_YEAR:
            return datetime.date(school_year_of(opened_on) + 1, 8, 31)
        if self.lifetime == Lifetime.SEASON and self.season is not None:
            return self.season.end_after(opened_on)
        return None
