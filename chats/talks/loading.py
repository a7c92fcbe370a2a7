"""A school's people, classes and chats out of the database, as the lines that the rules of chats read."""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from chats.findings import ChatLine, Standing, standing
from chats.models import Chat, ChatMember, ChosenCase
from chats.roles import areas_of, roles_of_position, roles_of_subjects
from chats.roster import GUARDIAN, PUPIL, STAFF, ClassLine, GuardianLine, Person, PupilLine, Roster, StaffLine
from chats.use_cases import USE_CASES
from chats.use_cases.kinds import Unit
from schools.models import Guardianship, Pupil, School, SchoolClass
from schools.years import school_year_of
from staff.models import ClassTeacher, StaffMember

_ASSOCIATIONS = tuple(case.number for case in USE_CASES if case.unit == Unit.ASSOCIATION)


@dataclass(frozen=True, slots=True)
class Reading:
    """A school read on a day: its roster, its open chats, and what stands between them."""

    school: School
    day: datetime.date
    year: int
    roster: Roster
    chats: list[ChatLine]
    standing: Standing


def read_school(school: School, day: datetime.date, *, families: bool = True, names: bool = True) -> Reading:
    """Read a school in ten queries at most, whatever its size.

    Without `families` pupils and representatives are not read, and nobody of them is absent; without `names` they have
    none, which is how coordinators see them: as counts.
    """
    year = school_year_of(day)
    roster = load_roster(school, day, families=families, names=names)
    chats = load_chats(school, day)
    return Reading(school, day, year, roster, chats, standing(roster, chats, day, year))


def load_roster(school: School, day: datetime.date, *, families: bool = True, names: bool = True) -> Roster:
    """The people and classes of a school on a day."""
    classes = [
        ClassLine(*row)
        for row in SchoolClass.objects.filter(school=school, year=school_year_of(day))
        .order_by("grade", "letter")
        .values_list("id", "grade", "letter")
    ]
    owners = Chat.objects.filter(school=school, use_case__in=_ASSOCIATIONS, owner__isnull=False).open(day)
    return Roster(
        staff=_staff(school, day),
        classes=tuple(classes),
        pupils=_pupils(school, day, names=names) if families else (),
        guardians=_guardians(school, day, names=names) if families else (),
        heads=frozenset(owners.values_list("owner_id", flat=True)),
        chosen=frozenset(
            ChosenCase.objects.filter(school=school, chosen_on__lte=day).values_list("use_case", flat=True)
        ),
    )


def full_name(last: str, first: str, patronymic: str) -> str:
    """«Фамилия Имя Отчество»."""
    return " ".join(part for part in (last, first, patronymic) if part)


_NAME = ("last_name", "first_name", "patronymic")


def _staff(school: School, day: datetime.date) -> tuple[StaffLine, ...]:
    leads: dict[int, set[int]] = defaultdict(set)
    led = ClassTeacher.objects.filter(staff__school=school, school_class__year=school_year_of(day))
    for person, school_class in led.values_list("staff_id", "school_class_id"):
        leads[person].add(school_class)
    people = StaffMember.objects.filter(school=school).working(day).order_by("name_key", "id")
    return tuple(
        StaffLine(
            id=pk,
            name=full_name(*name),
            position=position,
            roles=roles_of_position(position) | roles_of_subjects(subjects),
            areas=areas_of(position, subjects),
            leads=frozenset(leads.get(pk, ())),
        )
        for pk, position, subjects, *name in people.values_list("id", "position", "subjects", *_NAME)
    )


def _pupils(school: School, day: datetime.date, *, names: bool) -> tuple[PupilLine, ...]:
    found = Pupil.objects.filter(school=school).learning(day).order_by("name_key", "id")
    if not names:
        return tuple(PupilLine(pk, "", place) for pk, place in found.values_list("id", "school_class_id"))
    rows = found.values_list("id", "school_class_id", *_NAME)
    return tuple(PupilLine(pk, full_name(*name), place) for pk, place, *name in rows)


def _guardians(school: School, day: datetime.date, *, names: bool) -> tuple[GuardianLine, ...]:
    """Representatives of pupils who learn here; those who declined for a child are not waited for on its behalf."""
    links = Guardianship.objects.filter(pupil__in=Pupil.objects.filter(school=school).learning(day), declined_on=None)
    named: dict[int, str] = {}
    children: dict[int, set[int]] = defaultdict(set)
    rows = links.order_by("guardian__name_key", "guardian_id", "pupil_id")
    paths = tuple(f"guardian__{part}" for part in _NAME) if names else ()
    for guardian, pupil, *name in rows.values_list("guardian_id", "pupil_id", *paths):
        children[guardian].add(pupil)
        named[guardian] = full_name(*name) if names else ""
    return tuple(GuardianLine(pk, named[pk], frozenset(pupils)) for pk, pupils in children.items())


def load_chats(school: School, day: datetime.date) -> list[ChatLine]:
    """The open chats of a school with those known to be in them."""
    chats = Chat.objects.filter(school=school).open(day).select_related("school_class", "owner")
    return chat_lines(chats.order_by("use_case", "id"), day)


def chat_lines(chats: Iterable[Chat], day: datetime.date) -> list[ChatLine]:
    """Lines of some chats (with school_class and owner read), in two more queries."""
    listed = list(chats)
    inside: dict[int, set[Person]] = defaultdict(set)
    gone: dict[int, int] = defaultdict(int)
    members = ChatMember.objects.filter(chat__in=[each.pk for each in listed]).inside()
    adults = _adults_with_children_here(members, day)
    rows = members.values_list("chat_id", "staff_id", "pupil_id", "guardian_id", "staff__left_on", "pupil__left_on")
    for chat, staff, pupil, guardian, staff_left, pupil_left in rows:
        person = _person(staff, pupil, guardian)
        left_on = staff_left or pupil_left
        has_left = left_on is not None and left_on <= day
        if has_left or (person.kind == GUARDIAN and person.id not in adults):
            gone[chat] += 1
        inside[chat].add(person)
    return [_line(each, inside, gone, day) for each in listed]


def _adults_with_children_here(members: QuerySet[ChatMember], day: datetime.date) -> set[int]:
    """Representatives among members who still have a child in the school."""
    adults = members.filter(guardian__isnull=False).values("guardian_id")
    links = Guardianship.objects.filter(guardian__in=adults, pupil__in=Pupil.objects.learning(day))
    return set(links.values_list("guardian_id", flat=True))


def _person(staff: int | None, pupil: int | None, guardian: int | None) -> Person:
    pairs = ((STAFF, staff), (PUPIL, pupil), (GUARDIAN, guardian))
    return next(Person(kind, pk) for kind, pk in pairs if pk is not None)


def _line(chat: Chat, inside: Mapping[int, set[Person]], gone: Mapping[int, int], day: datetime.date) -> ChatLine:
    school_class: Any = chat.school_class
    owner = chat.owner
    return ChatLine(
        id=chat.pk,
        use_case=chat.use_case,
        title=chat.title,
        channel=chat.channel,
        opened_on=chat.opened_on,
        class_line=ClassLine(school_class.pk, school_class.grade, school_class.letter) if school_class else None,
        class_year=school_class.year if school_class else None,
        area=chat.area,
        ends_on=chat.ends_on,
        owner_name=owner.full_name if owner else "",
        has_owner=owner is not None,
        owner_works=owner is not None and (owner.left_on is None or owner.left_on > day),
        listed=chat.pk in inside,
        present=frozenset(inside.get(chat.pk, ())),
        gone=gone.get(chat.pk, 0),
    )
