"""Chats given in lists, by REST or a file: each found or made, changed by the fields named, told of by itself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from chats.models import Chat, ChatMember
from chats.proposals import title_of
from chats.roster import GUARDIAN, PUPIL, STAFF, ClassLine, Person, Place
from chats.talks import services
from chats.talks.services import ChatRefused
from chats.use_cases import USE_CASE_BY_NUMBER
from chats.use_cases.kinds import Unit
from schools.jobs import tell_changed
from schools.models import Guardian, Pupil, School, SchoolClass, User
from schools.values import clean_class_name
from staff.imports.plan import CHANGE, NEW, SAME, WAIT
from staff.models import StaffMember
from staff.rosters.changing import Result

FIELDS = (
    "use_case", "area", "channel", "title", "link", "external_id", "opened_on", "ends_on", "closed_on",
)  # fmt: skip
MEMBER_KINDS = {"staff": STAFF, "pupils": PUPIL, "guardians": GUARDIAN}
NO_CLASS = "Такого класса в этом учебном году нет. Заведите его на странице «Классы»."
NO_OWNER = "Такого сотрудника в школе нет. Проверьте номер."
NO_PEOPLE = "Таких людей в школе нет, проверьте номера: "


@dataclass(frozen=True, slots=True)
class GivenChat:
    """A chat: fields by name, of which only those present are changed; `class_name` and `members` besides FIELDS.

    `id` and `version` are of a known one; without an id it is known by channel and external_id.
    """

    facts: Mapping[str, Any]
    id: int | None = None
    version: int | None = None


@dataclass(slots=True)
class Known:
    """What the chats of a school may name: its classes of the year by name, its staff, its chats by number."""

    school: School
    classes: dict[str, SchoolClass]
    staff: set[int]
    chats: dict[int, Chat]
    by_number: dict[tuple[int, str], Chat]
    people: dict[str, set[int]] = field(default_factory=dict)


def save_given(*, school: School, year: int, rows: Sequence[GivenChat], by: User) -> list[Result]:
    """Write chats of a school, each in an act of its own; tell of each in the order given."""
    known = _known(school, year, rows)
    told = [_saved(row, known, by) for row in rows]
    if any(result.action in (NEW, CHANGE) for result in told):
        tell_changed(school.pk)
    return told


def _known(school: School, year: int, rows: Sequence[GivenChat]) -> Known:
    chats = list(Chat.objects.filter(school=school).select_related("school_class"))
    people: dict[str, set[int]] = {}
    models: dict[str, Any] = {"staff": StaffMember, "pupils": Pupil, "guardians": Guardian}
    for kind, model in models.items():
        asked = {pk for row in rows for pk in (row.facts.get("members") or {}).get(kind, ())}
        found = model.objects.filter(school=school, pk__in=asked) if asked else model.objects.none()
        people[kind] = set(found.values_list("pk", flat=True))
    owners = {row.facts["owner"] for row in rows if row.facts.get("owner")}
    return Known(
        school=school,
        classes={one.name: one for one in SchoolClass.objects.filter(school=school, year=year)},
        staff=set(StaffMember.objects.filter(school=school, pk__in=owners).values_list("pk", flat=True)),
        chats={chat.pk: chat for chat in chats},
        by_number={(chat.channel, chat.external_id): chat for chat in chats if chat.external_id},
        people=people,
    )


def _saved(row: GivenChat, known: Known, by: User) -> Result:
    chat = _found(row, known)
    before = _values(chat) if chat.pk else None
    problems = _fill(chat, row.facts, known)
    if problems:
        return Result(WAIT, chat.pk, problems)
    changed = before is None or _values(chat) != before
    if not changed and row.version not in (None, chat.version):
        return Result(WAIT, chat.pk, [("", services.STALE, None)], is_stale=True)
    try:
        with transaction.atomic():
            if changed:
                services.write_chat(chat=chat, by=by, known_version=row.version)
            moved = _set_members(chat, row.facts.get("members"), by)
    except ValidationError as mistakes:
        return Result(WAIT, row.id, [(name, text, None) for name, texts in _told(mistakes) for text in texts])
    except ChatRefused as refusal:
        return Result(WAIT, chat.pk, [("", str(refusal), None)], is_stale=str(refusal) == services.STALE)
    known.chats[chat.pk] = chat
    if chat.external_id:
        known.by_number[chat.channel, chat.external_id] = chat
    return Result(NEW if before is None else CHANGE if changed or moved else SAME, chat.pk)


def _told(mistakes: ValidationError) -> list[tuple[str, list[str]]]:
    return [("" if name == "__all__" else name, texts) for name, texts in mistakes.message_dict.items()]


def _found(row: GivenChat, known: Known) -> Chat:
    """A copy of the known chat, or a new one: what is refused must not stay in what is known."""
    number = (row.facts.get("channel", 0), row.facts.get("external_id") or "")
    chat = known.chats.get(row.id) if row.id is not None else known.by_number.get(number)
    if chat is None:
        return Chat(school=known.school)
    return Chat.from_db(None, [each.attname for each in chat._meta.concrete_fields], list(_values(chat)))


def _values(chat: Chat) -> list[Any]:
    return [getattr(chat, each.attname) for each in chat._meta.concrete_fields]


def _fill(chat: Chat, facts: Mapping[str, Any], known: Known) -> list[tuple[str, str, str | None]]:
    """Put the fields given into a chat; what cannot be is told: (field, sentence, None)."""
    problems: list[tuple[str, str, str | None]] = []
    for name in FIELDS:
        if name in facts:
            setattr(chat, name, facts[name])
    if "class_name" in facts:
        problems += _place(chat, facts["class_name"], known)
    if "owner" in facts:
        if facts["owner"] is not None and facts["owner"] not in known.staff:
            problems.append(("owner", NO_OWNER, None))
        else:
            chat.owner_id = facts["owner"]
    for kind, ids in (facts.get("members") or {}).items():
        alien = sorted(set(ids) - known.people[kind])[:5]
        if alien:
            problems.append((f"members.{kind}", NO_PEOPLE + ", ".join(map(str, alien)) + ".", None))
    return problems or _complete(chat)


def _place(chat: Chat, text: str, known: Known) -> list[tuple[str, str, str | None]]:
    if not text.strip():
        chat.school_class_id = None
        return []
    cleaned = clean_class_name(text)
    one = known.classes.get(cleaned.value)
    if one is None:
        return [("class_name", NO_CLASS, None)]
    chat.school_class = one
    return []


def _complete(chat: Chat) -> list[tuple[str, str, str | None]]:
    """A chat of a case of classes names one, of associations too; an empty title is the case's own."""
    case = USE_CASE_BY_NUMBER.get(chat.use_case)
    if case is None:
        return []  # full_clean tells of it
    if case.unit == Unit.CLASS and chat.school_class_id is None:
        return [("class_name", "Назовите класс: чат этого кейса — о нём.", None)]
    if case.unit == Unit.ASSOCIATION and chat.area is None:
        return [("area", "Назовите объединение: чат этого кейса — о нём.", None)]
    if not chat.title and chat.opened_on:
        one = chat.school_class if chat.school_class_id else None
        line = ClassLine(one.pk, one.grade, one.letter) if one else None
        chat.title = title_of(case, Place(line, chat.area), chat.opened_on)
    return []


def _set_members(chat: Chat, members: Mapping[str, Sequence[int]] | None, by: User) -> bool:
    """Make the members of the kinds given those named; whether anything changed."""
    if not members:
        return False
    present = {Person(MEMBER_KINDS[kind], pk) for kind, ids in members.items() for pk in ids}
    kinds = {MEMBER_KINDS[kind] for kind in members}
    inside = {member.person for member in ChatMember.objects.filter(chat=chat).inside()}
    shown = present | {person for person in inside if person.kind in kinds}
    return any(services.set_members(chat=chat, shown=shown, present=present, by=by))
