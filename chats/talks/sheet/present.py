"""What a school has now, as the plan of a spreadsheet compares with it: its chats, classes, staff, names to expect."""

import datetime
import hashlib
import hmac
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings

from chats.proposals import proposals, title_of
from chats.roles import ASSOCIATION_BY_NUMBER
from chats.roster import ClassLine, Place, Roster
from chats.talks.sheet.titles import loose_key, title_key
from chats.use_cases import USE_CASES
from chats.use_cases.kinds import Unit
from schools.codes import fold
from staff.rosters.plan.classes import Teachers

Key = tuple[int, int, int]  # case, class id, association


@dataclass(slots=True)
class KnownChat:
    """A chat the school has; `class_year` is that of its class, `owner_name` its owner's though he may have left."""

    id: int
    version: int
    use_case: int
    area: int | None
    channel: int
    title: str
    link: str
    external_id: str
    opened_on: datetime.date
    ends_on: datetime.date | None
    closed_on: datetime.date | None
    class_id: int | None
    class_name: str
    class_year: int | None
    owner: int | None
    owner_name: str

    @property
    def key(self) -> Key:
        """What it is about."""
        return (self.use_case, self.class_id or 0, self.area or 0)


class Owners:
    """Those who may own a chat: who work in the school now, by ФИО, СНИЛС or personnel number."""

    def __init__(self, people: list[dict[str, Any]]) -> None:
        self.teachers = Teachers()
        self.by_number: dict[str, list[int]] = defaultdict(list)
        for values in people:
            self.teachers.add(values["id"], values)
            if values["personnel_number"]:
                self.by_number[fold(values["personnel_number"])].append(values["id"])

    def find(self, text: str) -> list[int]:
        """Whom a text means: nobody, one, or several people of one name."""
        numbered = self.by_number.get(fold(text.removesuffix(".0")))
        return numbered or [one for one in self.teachers.find(text) if isinstance(one, int)]

    def name(self, pk: int | None) -> str:
        """«Фамилия Имя Отчество»."""
        return self.teachers.titles.get(pk, "") if pk is not None else ""


@dataclass(slots=True)
class Present:
    """A school on a day. `expected` and `alike` find what a chat is about by its name, strictly and loosely."""

    day: datetime.date
    year: int
    stamp: str
    chats: list[KnownChat]
    roster: Roster
    owners: Owners
    names: frozenset[str] = frozenset()  # by which a column «Школа» may call this school
    classes: dict[str, ClassLine] = field(default_factory=dict)
    asked: list[Key] = field(default_factory=list)  # the chats it should have, there or not
    expected: dict[str, list[Key]] = field(default_factory=lambda: defaultdict(list))
    alike: dict[str, list[Key]] = field(default_factory=lambda: defaultdict(list))

    def place(self, key: Key) -> Place:
        """The class or association of a key."""
        line = next((each for each in self.roster.classes if each.id == key[1]), None)
        return Place(line, key[2] or None)


def expect(present: Present) -> None:
    """Names by the rule of every case for every class and association; what a school needs comes first."""
    asked = [each.key for each in proposals(present.roster, present.day)]
    present.asked = asked
    classes = [each.id for each in present.roster.classes]
    places: dict[Unit, list[tuple[int, int]]] = {
        Unit.SCHOOL: [(0, 0)],
        Unit.CLASS: [(each, 0) for each in classes],
        Unit.ASSOCIATION: [(0, area) for area in ASSOCIATION_BY_NUMBER],
    }
    by_id = {each.id: each for each in present.roster.classes}
    rest = [(case.number, *place) for case in USE_CASES for place in places[case.unit]]
    cases = {case.number: case for case in USE_CASES}
    for key in dict.fromkeys([*asked, *rest]):
        title = title_of(cases[key[0]], Place(by_id.get(key[1]), key[2] or None), present.day)
        present.expected[title_key(title)].append(key)
        if loose_key(title):
            present.alike[loose_key(title)].append(key)


def chat_key(chat_id: int) -> str:
    """The key a file hides in its first column: the id with a signature, so that nobody guesses another's."""
    digest = hmac.new(settings.SECRET_KEY.encode(), f"chat-row:{chat_id}".encode(), hashlib.sha256)
    return f"{chat_id}-{digest.hexdigest()[:10]}"


def chat_of_key(text: str) -> int | None:
    """The id behind `chat_key`; None for a text that is none."""
    head = text.partition("-")[0]
    known = head.isascii() and head.isdecimal() and len(head) < 19
    return int(head) if known and hmac.compare_digest(chat_key(int(head)).encode(), text.encode()) else None
