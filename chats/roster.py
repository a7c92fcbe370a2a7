"""A school as the rules of its chats see it: plain lines of people and classes, and the seats a chat has (pure)."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from chats.roles import Role


class Person(NamedTuple):
    """Somebody who may be in a chat: «staff», «pupil» or «guardian», and the id there; «class» whose seat it may be."""

    kind: str
    id: int


STAFF, PUPIL, GUARDIAN, CLASS = "staff", "pupil", "guardian", "class"


@dataclass(frozen=True, slots=True)
class ClassLine:
    """A class of the present school year."""

    id: int
    grade: int
    letter: str

    @property
    def name(self) -> str:
        """«7Б»."""
        return f"{self.grade}{self.letter}"


@dataclass(frozen=True, slots=True)
class StaffLine:
    """Somebody who works in the school today: roles of the position, associations, classes led this year."""

    id: int
    name: str
    position: str = ""
    roles: Role = Role(0)
    areas: frozenset[int] = frozenset()
    leads: frozenset[int] = frozenset()

    @property
    def all_roles(self) -> Role:
        """The roles of the position, and that of a class teacher where a class is led."""
        return self.roles | Role.CLASS_TEACHER if self.leads else self.roles


@dataclass(frozen=True, slots=True)
class PupilLine:
    """Somebody who learns in the school today; the name is empty for those who may not see it."""

    id: int
    name: str
    class_id: int | None


@dataclass(frozen=True, slots=True)
class GuardianLine:
    """A representative, and the pupils on whose behalf they have not declined."""

    id: int
    name: str
    pupil_ids: frozenset[int]


@dataclass(frozen=True)
class Roster:
    """The people and classes of a school on a day; `heads` own chats of associations, `chosen` are cases turned on."""

    staff: tuple[StaffLine, ...] = ()
    classes: tuple[ClassLine, ...] = ()
    pupils: tuple[PupilLine, ...] = ()
    guardians: tuple[GuardianLine, ...] = ()
    heads: frozenset[int] = frozenset()
    chosen: frozenset[int] = frozenset()

    @cached_property
    def class_of_pupil(self) -> dict[int, ClassLine]:
        """Classes by pupil, for pupils of classes of this year."""
        by_id = {each.id: each for each in self.classes}
        return {pupil.id: by_id[pupil.class_id] for pupil in self.pupils if pupil.class_id in by_id}

    @cached_property
    def guardians_of_pupil(self) -> dict[int, list[GuardianLine]]:
        """Representatives by pupil."""
        found: dict[int, list[GuardianLine]] = {}
        for guardian in self.guardians:
            for pupil in guardian.pupil_ids:
                found.setdefault(pupil, []).append(guardian)
        return found

    @cached_property
    def area_sizes(self) -> dict[int, int]:
        """How many teachers each association has."""
        sizes: dict[int, int] = {}
        for person in self.staff:
            for area in person.areas:
                sizes[area] = sizes.get(area, 0) + 1
        return sizes

    def with_roles(self, roles: Role) -> list[StaffLine]:
        """Staff with any of the roles, in order."""
        return [person for person in self.staff if person.all_roles & roles]

    def pupils_of(self, classes: Iterable[ClassLine]) -> list[PupilLine]:
        """Pupils of some classes, in order."""
        ids = {each.id for each in classes}
        return [pupil for pupil in self.pupils if pupil.class_id in ids]


@dataclass(frozen=True, slots=True)
class Place:
    """What one chat of a case is about: the school, one class of it, or one association."""

    school_class: ClassLine | None = None
    area: int | None = None

    @property
    def key(self) -> tuple[int, int]:
        """(class id, association), 0 where the chat is about neither."""
        return (self.school_class.id if self.school_class else 0, self.area or 0)


@dataclass(frozen=True, slots=True)
class Seat:
    """A place in a chat and who may fill it: one of them is enough.

    Whose seat it is, if not theirs: `whose` (a child, a class) by kind and id, `about` in words.
    """

    name: str
    people: frozenset[Person]
    about: str = ""
    order: tuple[Person, ...] = field(default=())
    whose: Person | None = None

    def is_filled(self, present: frozenset[Person]) -> bool:
        """Whether anybody of the seat is in the chat."""
        return not self.people.isdisjoint(present)


def seat(name: str, people: Iterable[Person], about: str = "", whose: Person | None = None) -> Seat:
    """A seat for people in order."""
    order = tuple(people)
    return Seat(name, frozenset(order), about, order, whose)
