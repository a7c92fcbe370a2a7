"""Who is in a chat, as composable rules over a roster: each part of a rule gives the seats it asks for (pure)."""

from collections.abc import Iterable
from dataclasses import dataclass

from chats.roles import ROLE_NAMES, Role
from chats.roster import CLASS, GUARDIAN, PUPIL, STAFF, ClassLine, Person, Place, Roster, Seat, StaffLine, seat

ALL_GRADES = frozenset(range(1, 13))


@dataclass(frozen=True, slots=True)
class Staff:
    """Staff whose position names any of the roles."""

    roles: Role

    @property
    def text(self) -> str:
        """«заместители директора»."""
        return " и ".join(ROLE_NAMES[role] for role in self.roles)

    def seats(self, roster: Roster, place: Place) -> list[Seat]:
        """One seat each."""
        return _of_staff(roster.with_roles(self.roles))


@dataclass(frozen=True, slots=True)
class ClassTeachers:
    """Those who lead the class of the chat, or every class where it is about none; of some grades where said."""

    grades: frozenset[int] = ALL_GRADES

    @property
    def text(self) -> str:
        """«классный руководитель»."""
        return "классные руководители" + _grades_text(self.grades)

    def seats(self, roster: Roster, place: Place) -> list[Seat]:
        """One seat each."""
        ids = {each.id for each in _classes(roster, place, self.grades)}
        return _of_staff(person for person in roster.staff if person.leads & ids)


@dataclass(frozen=True, slots=True)
class AssociationTeachers:
    """Teachers of the subjects of the chat's association."""

    text = "учителя предметов объединения"

    def seats(self, roster: Roster, place: Place) -> list[Seat]:
        """One seat each."""
        return _of_staff(person for person in roster.staff if place.area in person.areas)


@dataclass(frozen=True, slots=True)
class AssociationHeads:
    """Heads of associations: those whose position says so, and the owners of the associations' chats."""

    text = "руководители методических объединений"

    def seats(self, roster: Roster, place: Place) -> list[Seat]:
        """One seat each."""
        heads = roster.heads
        return _of_staff(
            person for person in roster.staff if person.id in heads or Role.ASSOCIATION_HEAD in person.roles
        )


@dataclass(frozen=True, slots=True)
class Pupils:
    """Pupils of the chat's class, or of all classes of some grades."""

    grades: frozenset[int] = ALL_GRADES

    @property
    def text(self) -> str:
        """«обучающиеся 9 и 11 классов»."""
        return "обучающиеся" + _grades_text(self.grades)

    def seats(self, roster: Roster, place: Place) -> list[Seat]:
        """One seat each."""
        pupils = roster.pupils_of(_classes(roster, place, self.grades))
        return [seat(pupil.name, [Person(PUPIL, pupil.id)]) for pupil in pupils]


@dataclass(frozen=True, slots=True)
class Representatives:
    """Representatives of those pupils: one of a child's is enough; those who declined are not waited for."""

    grades: frozenset[int] = ALL_GRADES

    @property
    def text(self) -> str:
        """«законные представители»."""
        return "законные представители обучающихся" + _grades_text(self.grades)

    def seats(self, roster: Roster, place: Place) -> list[Seat]:
        """One seat a child that has a representative who did not decline."""
        found = []
        for pupil in roster.pupils_of(_classes(roster, place, self.grades)):
            adults = roster.guardians_of_pupil.get(pupil.id, [])
            if adults:
                names = ", ".join(adult.name for adult in adults if adult.name)
                people = [Person(GUARDIAN, adult.id) for adult in adults]
                found.append(seat(names, people, pupil.name, Person(PUPIL, pupil.id)))
        return found


@dataclass(frozen=True, slots=True)
class Delegates:
    """One person from every class of some grades: a pupil, or a representative."""

    kind: str
    grades: frozenset[int] = ALL_GRADES

    @property
    def text(self) -> str:
        """«по одному обучающемуся от класса»."""
        who = "обучающемуся" if self.kind == PUPIL else "представителю"
        return f"по одному {who} от каждого класса{_grades_text(self.grades)}"

    def seats(self, roster: Roster, place: Place) -> list[Seat]:
        """One seat a class that has anybody to send."""
        found = []
        for each in _classes(roster, place, self.grades):
            people = self._of_class(roster, each)
            if people:
                found.append(seat("", people, f"{each.name} класс", Person(CLASS, each.id)))
        return found

    def _of_class(self, roster: Roster, each: ClassLine) -> list[Person]:
        pupils = roster.pupils_of([each])
        if self.kind == PUPIL:
            return [Person(PUPIL, pupil.id) for pupil in pupils]
        adults = [adult.id for pupil in pupils for adult in roster.guardians_of_pupil.get(pupil.id, [])]
        return [Person(GUARDIAN, pk) for pk in dict.fromkeys(adults)]


@dataclass(frozen=True, slots=True)
class ByHand:
    """People whom no list of the school names: the owner adds them; `kinds` are those of children and families."""

    text: str
    kinds: frozenset[str] = frozenset()

    def seats(self, roster: Roster, place: Place) -> list[Seat]:
        """None that could be told absent."""
        return []


Part = Staff | ClassTeachers | AssociationTeachers | AssociationHeads | Pupils | Representatives | Delegates | ByHand
Rule = tuple[Part, ...]


def seats_of(rule: Rule, roster: Roster, place: Place) -> list[Seat]:
    """The seats of a chat, in the order of the rule; somebody named by two parts of it has one."""
    found: dict[tuple[frozenset[Person], Person | None], Seat] = {}
    for part in rule:
        for each in part.seats(roster, place):
            found.setdefault((each.people, each.whose), each)
    return list(found.values())


def staff_roles(rule: Rule) -> Role:
    """The roles that make the staff of a rule, as one mask: what a set statement counts people by."""
    mask = Role(0)
    for part in rule:
        if isinstance(part, Staff):
            mask |= part.roles
        elif isinstance(part, ClassTeachers):
            mask |= Role.CLASS_TEACHER
    return mask


def rule_text(rule: Rule) -> str:
    """«заместитель директора по ВР; классные руководители»."""
    return "; ".join(part.text for part in rule)


def _classes(roster: Roster, place: Place, grades: frozenset[int]) -> list[ClassLine]:
    if place.school_class is not None:
        return [place.school_class]
    return [each for each in roster.classes if each.grade in grades]


def _of_staff(people: Iterable[StaffLine]) -> list[Seat]:
    return [seat(person.name, [Person(STAFF, person.id)]) for person in people]


def _grades_text(grades: frozenset[int]) -> str:
    if grades == ALL_GRADES:
        return ""
    ordered = sorted(grades)
    if len(ordered) > 2 and ordered[-1] - ordered[0] == len(ordered) - 1:
        return f" {ordered[0]}–{ordered[-1]} классов"
    return f" {', '.join(map(str, ordered[:-1]))} и {ordered[-1]} классов" if ordered[1:] else f" {ordered[0]} классов"
