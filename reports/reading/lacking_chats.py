"""The chats and classes behind a school's figure of chats: what is in the whole and not in the part, on the Sunday."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import QueryDict
from django.urls import reverse

from chats.talks.loading import Reading, read_school
from chats.use_cases import CLASS_CHAT_NUMBERS, USE_CASES, Group
from reports.counting.counts import CHAT_SUMS
from reports.indicators import Indicator
from reports.reading.tables import Page, bounds, page_of
from reports.reading.weeks import Chosen
from schools.models import School

_GROUP_OF = {f"{name}_present": group for name, group in CHAT_SUMS.items()} | {"all_chats_present": None}
CLASSES = "classes_with_chat"


@dataclass(frozen=True, slots=True)
class Lacking:
    """A chat or a class that is missing: what it is called, of which case, where it is mended."""

    name: str
    note: str
    url: str


def is_of_chats(indicator: Indicator) -> bool:
    """Whether an indicator counts chats or classes with chats."""
    return indicator.part in _GROUP_OF or indicator.part == CLASSES


def lacking(school: School, indicator: Indicator, chosen: Chosen, params: QueryDict) -> Page[Lacking]:
    """What a school lacks of an indicator of chats, a page of it; a dozen queries whatever the school."""
    read = read_school(school, chosen.week.sunday, families=False, names=False)
    rows = list(_classes(read) if indicator.part == CLASSES else _chats(read, _GROUP_OF[indicator.part]))
    first, last = bounds(params, len(rows))
    return page_of(rows[first:last], params, len(rows))


def _chats(read: Reading, group: Group | None) -> Iterable[Lacking]:
    """Chats expected that nobody has opened, or only in a foreign messenger."""
    standing = read.standing
    for each in standing.proposals:
        there = standing.chat_of.get(each.key)
        if (group is None or each.use_case.group == group) and (there is None or there.is_foreign):
            note = "есть только в иностранном мессенджере" if there else each.use_case.name
            yield Lacking(each.title, note, _url(read.school))


def _classes(read: Reading) -> Iterable[Lacking]:
    """Classes without a chat of their teacher with pupils or with parents."""
    served = {
        chat.class_line.id
        for chat in read.chats
        if chat.class_line and chat.use_case in CLASS_CHAT_NUMBERS and not chat.is_foreign
    }
    cases = " или ".join(f"«{case.name}»" for case in USE_CASES if case.number in CLASS_CHAT_NUMBERS)
    for each in read.roster.classes:
        if each.id not in served:
            yield Lacking(each.name, f"нет чата {cases}", _url(read.school))


def _url(school: School) -> str:
    return reverse("chats", args=[school.pk]) + "?show=missing"
