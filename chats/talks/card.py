"""One chat as its page shows it: what is to do, who should be in it and who is, its kit, its way to another channel."""

import datetime
from typing import Any

from django.urls import reverse

from chats.findings import CARRY, Finding, expected_of, place_of, successor
from chats.kit import invitation, may_be_handed_on
from chats.models import Chat, ChatMember, ChatMove
from chats.moving import MOVE_STEPS, OPENED, target_of
from chats.proposals import title_of
from chats.roster import GUARDIAN, PUPIL, STAFF, Person, Roster, Seat
from chats.talks.loading import Reading, full_name
from chats.talks.showing import finding_words
from chats.use_cases.members import rule_text
from schools.platforms import CHANNEL_BY_NUMBER, CHAT_CHANNEL_BY_NUMBER
from schools.texts import date_text, number, out_of

KIND_WORDS = {STAFF: "сотрудник", PUPIL: "обучающийся", GUARDIAN: "представитель"}
_NAME = ("last_name", "first_name", "patronymic")


def todo_rows(findings: list[Finding]) -> list[dict[str, Any]]:
    """What there is to do about the chat: tone, words, what to do, by which acts."""
    return [
        {
            "tone": each.kind.tone,
            "title": finding_words(each),
            "todo": each.kind.todo,
            "acts": each.kind.acts,
        }
        for each in findings
        if each.kind is not CARRY
    ]


def facts(chat: Chat, read: Reading) -> list[tuple[str, str]]:
    """What is known of the chat."""
    case = chat.case
    channel = CHAT_CHANNEL_BY_NUMBER.get(chat.channel)
    owner = chat.owner.full_name if chat.owner else ""
    day = chat.ends_on or case.ends_on(chat.opened_on)
    rows = [
        ("Кейс", f"{case.number}. {case.name}"),
        ("Класс", chat.school_class.name if chat.school_class else ""),
        ("Объединение", chat.get_area_display() if chat.area else ""),
        ("Канал", channel.name if channel else ""),
        ("Владелец", owner),
        ("Создан", date_text(chat.opened_on, read.day)),
        ("Живёт", f"до {date_text(day, read.day)}" if day else case.lifetime.value),
        ("Закрыт", date_text(chat.closed_on, read.day) if chat.closed_on else ""),
        ("Номер на площадке", chat.external_id),
        ("Кто должен быть", rule_text(case.members)),
    ]
    return [(label, text) for label, text in rows if text]


# Members


def member_rows(chat: Chat, read: Reading, *, families: bool) -> dict[str, Any]:
    """The seats of the chat with who may fill them, and others who are in it; of families only counts, if so asked."""
    line = next((each for each in read.chats if each.id == chat.pk), None)
    if line is None:
        return {"seats": [], "others": [], "text": "", "shown": "", "listed": False, "absent": 0}
    seats = expected_of(line, read.roster, read.year)
    names = names_of(read.roster)
    rows = [_seat_row(each, line.present, names) for each in seats]
    asked = {person for each in seats for person in each.people}
    others = _others(chat, line.present - asked, families=families)
    boxes = [person for row in rows if not row["options"] for person in row["people"]]
    picked = [row["current"] for row in rows if row["options"] and row["current"]]
    shown = [*(each["key"] for each in boxes), *picked, *(each["key"] for each in others)]
    absent = sum(1 for row in rows if not row["is_filled"])
    rows = rows if families else [row for row in rows if row["kind"] == KIND_WORDS[STAFF]]
    return {
        "seats": sorted(rows, key=lambda row: row["is_filled"]) if line.listed else rows,
        "others": others,
        "text": "\n".join(_copy_lines(seats, names)) if families else "",
        "shown": " ".join(dict.fromkeys(shown)) if families else "",
        "listed": line.listed,
        "absent": absent,
        "there_text": out_of(len(seats) - absent, len(seats)),
        "count": number(len(line.present)),
    }


def names_of(roster: Roster) -> dict[Person, str]:
    """Names of everybody in a roster."""
    people = ((STAFF, roster.staff), (PUPIL, roster.pupils), (GUARDIAN, roster.guardians))
    return {Person(kind, each.id): each.name for kind, lines in people for each in lines}  # type: ignore[attr-defined]


MANY = 6  # more people than this for one seat are chosen from a list, not ticked


def _seat_row(each: Seat, present: frozenset[Person], names: dict[Person, str]) -> dict[str, Any]:
    people = [
        {"key": key_of(person), "name": names.get(person, ""), "is_in": person in present} for person in each.order
    ]
    current = next((row["key"] for row in people if row["is_in"]), "")
    kinds = {person.kind for person in each.order}
    return {
        "about": each.about,
        "people": people,
        "options": people if len(people) > MANY else [],
        "current": current,
        "is_filled": each.is_filled(present),
        "kind": KIND_WORDS[next(iter(kinds))] if len(kinds) == 1 else "",
    }


def _others(chat: Chat, people: frozenset[Person], *, families: bool) -> list[dict[str, Any]]:
    """People in the chat whom its rule does not ask for: guests, those of other classes, those who have left."""
    rows = []
    members = ChatMember.objects.filter(chat=chat).inside().select_related("staff", "pupil", "guardian")
    for member in members:
        person = member.person
        if person in people and (families or person.kind == STAFF):
            one: Any = member.staff or member.pupil or member.guardian
            gone = getattr(one, "left_on", None)
            name = full_name(*(getattr(one, part) for part in _NAME))
            rows.append({"key": key_of(person), "name": name, "kind": KIND_WORDS[person.kind], "gone": gone})
    return sorted(rows, key=lambda row: (row["gone"] is None, row["name"]))


def _copy_lines(seats: list[Seat], names: dict[Person, str]) -> list[str]:
    """The list to copy: one line a seat, «Мороз Зоя Юрьевна (Мороз Лев Олегович)»."""
    lines = []
    for each in seats:
        who = ", ".join(names.get(person, "") for person in each.order) if len(each.order) <= MANY else "—"
        lines.append(f"{each.about}: {who}" if each.about else who)
    return lines


def key_of(person: Person) -> str:
    """«guardian-12», as forms name people."""
    return f"{person.kind}-{person.id}"


def people_of(texts: list[str]) -> set[Person]:
    """The people that keys of a form name; anything else is passed over."""
    found = set()
    for text in texts:
        kind, _, pk = text.partition("-")
        if kind in KIND_WORDS and pk.isascii() and pk.isdecimal() and len(pk) < 16:
            found.add(Person(kind, int(pk)))
    return found


# Kit, move, class


def kit(chat: Chat, school_name: str, *, own: bool) -> dict[str, str] | None:
    """What is handed out; None where nothing may be: a foreign messenger, a chat of families for those above."""
    channel = CHAT_CHANNEL_BY_NUMBER.get(chat.channel)
    if channel is None or not channel.is_russian or not may_be_handed_on(chat.case, own=own):
        return None
    owner = chat.owner.full_name if chat.owner else ""
    text = invitation(
        chat.case, title=chat.title, channel=chat.channel, link=chat.link, owner=owner, school=school_name
    )
    return {
        "text": text,
        "link": chat.link,
        "poster_url": reverse("chat_poster", args=[chat.pk]) if chat.link else "",
    }


def move_rows(chat: Chat, move: ChatMove | None) -> dict[str, Any] | None:
    """The check list of the move; None where there is nowhere to move to."""
    target = target_of(chat.channel)
    if target is None or (not chat.is_open and move is None):
        return None
    done = move.done if move else {}
    return {
        "to": CHANNEL_BY_NUMBER[target].name,
        "started": move is not None,
        "finished": bool(move and move.finished_on),
        "new_url": move.new_chat.get_absolute_url() if move and move.new_chat else "",
        "new_title": move.new_chat.title if move and move.new_chat else "",
        "title": chat.title,
        "part_text": out_of(len(done), len(MOVE_STEPS)),
        "is_ready": len(done) == len(MOVE_STEPS),
        "steps": [
            {
                "key": step.key,
                "title": step.title,
                "hint": step.hint,
                "done": date_text(datetime.date.fromisoformat(done[step.key])) if step.key in done else "",
                "is_first": step.key == OPENED,
            }
            for step in MOVE_STEPS
        ],
    }


def carry_to(chat: Chat, read: Reading) -> dict[str, Any] | None:
    """The class of this year that a chat of an earlier one goes on with, and the title it would have."""
    line = next((each for each in read.chats if each.id == chat.pk), None)
    if line is None:
        return None
    now = successor(line, {(each.grade, each.letter): each for each in read.roster.classes}, read.year)
    if now is None:
        return None
    place = place_of(line, line.class_year or 0)
    was = title_of(line.case, place, line.opened_on)
    kept = line.title if line.title != was else ""
    new = kept or title_of(line.case, type(place)(now), read.day)
    return {"class_id": now.id, "name": now.name, "title": new}
