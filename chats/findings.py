"""What stands between the chats a school should have and those it has, each with what to do about it (pure)."""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from chats.proposals import Proposal, expected_seats, proposals
from chats.roster import ClassLine, Person, Place, Roster, Seat
from chats.use_cases import USE_CASE_BY_NUMBER, UseCase
from chats.use_cases.kinds import Lifetime, Unit
from schools.platforms import CHANNEL_BY_NUMBER, CHAT_CHANNEL_BY_NUMBER


@dataclass(frozen=True, slots=True)
class FindingKind:
    """A kind of finding: its number orders findings, the most pressing first."""

    number: int
    key: str
    title: str
    todo: str
    tone: str  # bad where somebody must act, warn where somebody should look
    acts: tuple[tuple[str, str], ...] = ()  # keys of the acts it rests on, and how they are called here


FOREIGN = FindingKind(
    1,
    "foreign",
    "в иностранном мессенджере",
    "Заведите чат в MAX, пригласите участников и закройте этот.",
    "bad",
    (("law-149", "149-ФЗ, статья 10, часть 8"), ("letter-04-643", "письмо Минпросвещения № 04-643")),
)
MISSING = FindingKind(2, "missing", "чата нет", "Заведите чат и внесите его сюда.", "bad")
CARRY = FindingKind(3, "carry", "чат прошлого года", "Класс перешёл в следующую параллель: продолжите его чат.", "warn")
OWNER_LEFT = FindingKind(4, "owner_left", "владелец выбыл", "Передайте чат тому, кто работает в школе.", "bad")
LEFT_INSIDE = FindingKind(
    5, "left_inside", "в чате есть выбывшие", "Удалите их из чата: там личные сведения других.", "bad"
)
OVERDUE = FindingKind(6, "overdue", "пора закрыть", "Срок чата вышел: закройте его или продлите.", "warn")
OLD_CHANNEL = FindingKind(7, "old_channel", "в прежнем канале", "Перенесите чат в MAX по списку шагов.", "warn")
PLACELESS = FindingKind(
    10, "placeless", "не сказано, о чём он", "Назовите класс или объединение, о котором чат.", "warn"
)
NO_OWNER = FindingKind(8, "no_owner", "владелец не назван", "Назовите того, кто ведёт чат.", "warn")
ABSENT = FindingKind(9, "absent", "не все в чате", "Пригласите тех, кого нет.", "warn")
FINDING_KINDS = (FOREIGN, MISSING, CARRY, OWNER_LEFT, LEFT_INSIDE, OVERDUE, OLD_CHANNEL, NO_OWNER, ABSENT, PLACELESS)


@dataclass(frozen=True, slots=True)
class ChatLine:
    """A chat as rules see it: what it is about, where it is, who owns it, who is known to be in it.

    `class_line` is its class whatever the year; `class_year` tells which. `listed` is whether anybody has said who is
    in it at all: without a list nobody is absent. `gone` counts people in it who have left the school.
    """

    id: int
    use_case: int
    title: str
    channel: int
    opened_on: datetime.date
    class_line: ClassLine | None = None
    class_year: int | None = None
    area: int | None = None
    ends_on: datetime.date | None = None
    owner_name: str = ""
    has_owner: bool = True
    owner_works: bool = True
    listed: bool = False
    present: frozenset[Person] = frozenset()
    gone: int = 0

    @property
    def case(self) -> UseCase:
        """The case it serves."""
        return USE_CASE_BY_NUMBER[self.use_case]

    @property
    def is_foreign(self) -> bool:
        """Whether it is in a messenger that a school may not use."""
        channel = CHAT_CHANNEL_BY_NUMBER.get(self.channel)
        return channel is not None and not channel.is_russian


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to do: about a chat there is, a chat proposed, or both; `absent` are the seats nobody fills."""

    kind: FindingKind
    chat: ChatLine | None = None
    proposal: Proposal | None = None
    absent: tuple[Seat, ...] = ()
    expected: int = 0

    @property
    def use_case(self) -> UseCase:
        """The case it is about."""
        if self.chat is not None:
            return self.chat.case
        assert self.proposal is not None
        return self.proposal.use_case


@dataclass(frozen=True)
class Standing:
    """A school's chats on a day: every proposal with its chat or without, the other open chats, and all findings."""

    proposals: list[Proposal]
    chat_of: dict[tuple[int, int, int], ChatLine]
    others: list[ChatLine]
    findings: list[Finding] = field(default_factory=list)

    def findings_of(self, chat: ChatLine) -> list[Finding]:
        """What there is to do about one chat."""
        return [each for each in self.findings if each.chat is chat]


def standing(roster: Roster, chats: Sequence[ChatLine], day: datetime.date, year: int) -> Standing:
    """Compare the open chats of a school with those it should have; `year` is the school year of the day."""
    asked = proposals(roster, day)
    serving: dict[tuple[int, int, int], list[ChatLine]] = defaultdict(list)
    for chat in chats:
        serving[_key(chat, year)].append(chat)
    chat_of = {each.key: min(serving[each.key], key=_fitness) for each in asked if each.key in serving}
    matched = {chat.id for chat in chat_of.values()}
    result = Standing(asked, chat_of, [chat for chat in chats if chat.id not in matched])
    carried = _carried(chats, roster, year)
    for each in asked:
        if each.key not in chat_of:  # one in a foreign messenger is told of as such
            before = carried.get(each.key)
            result.findings.append(Finding(CARRY if before else MISSING, before, each))
    going_on = {chat.id for chat in carried.values()}
    proposed = {each.key: each for each in asked}
    for chat in chats:
        proposal = proposed.get(_key(chat, year))
        result.findings.extend(_of_chat(chat, proposal, roster, day, year, chat.id in going_on))
    result.findings.sort(key=_pressing)
    return result


def _pressing(found: Finding) -> tuple[int, bool, int]:
    """What comes first: by the kind, chats of classes before others."""
    case = found.use_case
    return (found.kind.number, not case.is_class_chat, case.number)


def _key(chat: ChatLine, year: int) -> tuple[int, int, int]:
    """What a chat is about; a class of another year is no class of this one's proposals."""
    unit = chat.case.unit
    of_class = chat.class_line.id if chat.class_line and chat.class_year == year else -chat.id
    return (
        chat.use_case,
        of_class if unit == Unit.CLASS else 0,
        (chat.area or -chat.id) if unit == Unit.ASSOCIATION else 0,
    )


def _fitness(chat: ChatLine) -> tuple[bool, bool, int]:
    """The better of two chats of one case first: allowed before foreign, the new channel before the old."""
    return (chat.is_foreign, is_old_channel(chat.channel), chat.id)


def _carried(chats: Iterable[ChatLine], roster: Roster, year: int) -> dict[tuple[int, int, int], ChatLine]:
    """Open chats of last years' classes by the class of this year they would go on with: 5А of 2025 is 6А of 2026."""
    by_name = {(each.grade, each.letter): each for each in roster.classes}
    found: dict[tuple[int, int, int], ChatLine] = {}
    for chat in chats:
        now = successor(chat, by_name, year)
        if now is not None and not chat.is_foreign:
            found.setdefault((chat.use_case, now.id, 0), chat)
    return found


def successor(chat: ChatLine, by_name: dict[tuple[int, str], ClassLine], year: int) -> ClassLine | None:
    """The class of this year that a chat's class of an earlier year has become, by grade and letter."""
    if chat.class_line is None or chat.class_year is None or chat.class_year >= year or not chat.case.per_class:
        return None
    grown = chat.class_line.grade + year - chat.class_year
    return by_name.get((grown, chat.class_line.letter))


def is_old_channel(channel: int) -> bool:
    """Whether the channel's platform has moved on to another."""
    known = CHANNEL_BY_NUMBER.get(channel)
    return known is not None and known.succeeded_by is not None


def _of_chat(
    chat: ChatLine, proposal: Proposal | None, roster: Roster, day: datetime.date, year: int, goes_on: bool
) -> list[Finding]:
    """What there is to do about a chat there is."""
    holds = {
        FOREIGN: chat.is_foreign,
        OLD_CHANNEL: is_old_channel(chat.channel),
        OWNER_LEFT: chat.has_owner and not chat.owner_works,
        NO_OWNER: not chat.has_owner and chat.use_case != PARENTS_ALONE,
        PLACELESS: is_placeless(chat),
        LEFT_INSIDE: chat.gone > 0,
        OVERDUE: is_overdue(chat, day, year) and not goes_on,
    }
    found = [
        Finding(kind, chat, proposal, expected=chat.gone if kind is LEFT_INSIDE else 0)
        for kind, does_hold in holds.items()
        if does_hold
    ]
    seats = expected_of(chat, roster, year) if chat.listed else []
    absent = tuple(each for each in seats if not each.is_filled(chat.present))
    if absent:
        found.append(Finding(ABSENT, chat, proposal, absent, len(seats)))
    return found


PARENTS_ALONE = 17  # parents keep it themselves: nobody of the school owns it


def is_placeless(chat: ChatLine) -> bool:
    """Whether a chat of a case of classes or associations names none: it serves nobody's expectation."""
    unit = chat.case.unit
    return (unit == Unit.CLASS and chat.class_line is None) or (unit == Unit.ASSOCIATION and chat.area is None)


def is_overdue(chat: ChatLine, day: datetime.date, year: int) -> bool:
    """Whether a chat has outlived its work: past its day, or its class has left the school."""
    if chat.case.lifetime == Lifetime.CLASS and chat.class_year is not None and chat.class_year < year:
        return True
    end = chat.ends_on or chat.case.ends_on(chat.opened_on)
    return end is not None and end < day


def place_of(chat: ChatLine, year: int) -> Place:
    """What a chat is about, as the rules of its case ask."""
    return Place(chat.class_line if chat.class_year == year else None, chat.area)


def expected_of(chat: ChatLine, roster: Roster, year: int) -> list[Seat]:
    """The seats of a chat there is; none where it has lost its class or association."""
    place = place_of(chat, year)
    unit = chat.case.unit
    if (unit == Unit.CLASS and place.school_class is None) or (unit == Unit.ASSOCIATION and place.area is None):
        return []
    return expected_seats(chat.case, place, roster)


def covered(found: Standing, use_cases: Iterable[UseCase]) -> tuple[int, int]:
    """(chats there are, chats expected) of some cases; a chat in a foreign messenger does not count."""
    numbers = {each.number for each in use_cases}
    asked = [each for each in found.proposals if each.use_case.number in numbers]
    there = [each for each in asked if each.key in found.chat_of and not found.chat_of[each.key].is_foreign]
    return len(there), len(asked)
