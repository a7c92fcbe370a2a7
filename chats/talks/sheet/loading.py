"""What a school has now, read out of the database for the plan of a spreadsheet."""

import datetime
from typing import Any

from django.db.models import Count, Max, QuerySet, Sum
from django.db.models.functions import Coalesce

from chats.models import Chat
from chats.talks.loading import full_name, load_roster
from chats.talks.sheet.present import KnownChat, Owners, Present, expect
from schools.codes import fold
from schools.models import School, SchoolClass
from schools.years import school_year_of
from staff.models import StaffMember

FIELDS = (
    "use_case", "area", "channel", "title", "link", "external_id", "opened_on", "ends_on", "closed_on",
)  # fmt: skip


def load_present(school: School, day: datetime.date) -> Present:
    """Read a school in ten queries, whatever its size."""
    present = Present(
        day=day,
        year=school_year_of(day),
        stamp=stamp_of(school, day),
        chats=known_chats(Chat.objects.filter(school=school)),
        roster=load_roster(school, day, families=False),
        owners=Owners(_people(school, day)),
        names=frozenset(
            fold(text) for text in (school.code, school.inn, school.ogrn, school.short_name, school.full_name) if text
        ),
    )
    present.classes = {each.name: each for each in present.roster.classes}
    expect(present)
    return present


def _people(school: School, day: datetime.date) -> list[Any]:
    found = StaffMember.objects.filter(school=school).working(day).order_by("id")
    return list(found.values("id", "last_name", "first_name", "patronymic", "snils", "personnel_number"))


def known_chats(chats: "QuerySet[Chat]") -> list[KnownChat]:
    """Chats as plain lines, in one query."""
    rows = chats.select_related("school_class", "owner").order_by("use_case", "id")
    return [_known(each) for each in rows]


def _known(chat: Chat) -> KnownChat:
    one, owner = chat.school_class, chat.owner
    return KnownChat(
        id=chat.pk,
        version=chat.version,
        **{name: getattr(chat, name) for name in FIELDS},
        class_id=chat.school_class_id,
        class_name=one.name if one else "",
        class_year=one.year if one else None,
        owner=chat.owner_id,
        owner_name=full_name(owner.last_name, owner.first_name, owner.patronymic) if owner else "",
    )


def stamp_of(school: School, day: datetime.date) -> str:
    """A text that changes whenever a plan against the school's chats would: by an edit, or by the day itself."""
    versioned = {"count": Count("id"), "last": Coalesce(Max("id"), 0), "versions": Coalesce(Sum("version"), 0)}
    chats = Chat.objects.filter(school=school).aggregate(**versioned)
    classes = SchoolClass.objects.filter(school=school, year=school_year_of(day)).aggregate(**versioned)
    staff = StaffMember.objects.filter(school=school).working(day)
    working = staff.aggregate(count=Count("id"), ids=Coalesce(Sum("id"), 0))
    return f"{day.isoformat()} {chats} {classes} {working}"
