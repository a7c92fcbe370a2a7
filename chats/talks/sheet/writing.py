"""Writing a plan of chats, and taking it back; the caller holds the transaction and the school's lock."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from chats.models import Chat
from chats.talks.giving import GivenChat, save_given
from chats.talks.services import ChatRefused, write_chat
from chats.talks.sheet.plan import Plan, PlannedRow
from chats.talks.sheet.stored import with_days
from schools.jobs import tell_changed
from schools.models import School, SchoolClass, User
from staff.imports.plan import CHANGE, NEW, WAIT
from staff.models import StaffMember
from staff.rosters.undo import CHANGED, MENTIONED, mentioned

_ATTRIBUTES = {"class_name": "school_class_id", "owner": "owner_id"}
Undoing = dict[str, list[Any]]  # made: [id, version, title]; changed: [id, version, title, old values]


def write_plan(school: School, plan: Plan, *, year: int, by: User) -> tuple[Undoing, list[list[Any]]]:
    """Write the new and changed rows of a plan; return what undo needs, and [row, title, why] of those refused."""
    rows = sorted([*plan.of(CHANGE), *plan.of(NEW)], key=lambda row: "closed_on" not in row.facts)  # who closes first
    before = _before(rows)
    given = [_given(row) for row in rows]
    told = save_given(school=school, year=year, rows=given, by=by)
    written = [result.id for result in told if result.id and result.action in (NEW, CHANGE)]
    after = dict(Chat.objects.filter(pk__in=written).values_list("pk", "version"))
    undoing: Undoing = {"made": [], "changed": []}
    left: list[list[Any]] = []
    for row, result in zip(rows, told, strict=True):
        if result.action == WAIT:
            left.append([row.row, row.title, " ".join(message for _, message, _ in result.problems)])
        elif result.action == NEW and result.id:
            undoing["made"].append([result.id, after[result.id], row.title])
        elif result.action == CHANGE:
            undoing["changed"].append([row.chat_id, after[row.chat_id], row.title, before[row.chat_id]])
    return undoing, left


def _given(row: PlannedRow) -> GivenChat:
    return GivenChat(row.facts, row.chat_id, row.version) if row.chat_id else GivenChat(row.facts)


def _before(rows: Sequence[PlannedRow]) -> dict[int, dict[str, Any]]:
    """The values that will be changed, chat by chat."""
    chats = Chat.objects.in_bulk([row.chat_id for row in rows if row.chat_id])
    return {
        row.chat_id: {
            name: getattr(chats[row.chat_id], name) for name in (_ATTRIBUTES.get(key, key) for key in row.facts)
        }
        for row in rows
        if row.chat_id in chats
    }


def take_back(school: School, stored: Mapping[str, Any], *, by: User) -> dict[str, Any]:
    """Undo an upload; what was changed since stays. Return {"removed": n, "restored": n, "kept": [[title, why]]}."""
    kept: list[list[str]] = []
    removed = _remove(stored["made"], kept)
    restored = _restore(stored["changed"], kept, by)
    if removed or restored:
        tell_changed(school.pk)
    return {"removed": removed, "restored": restored, "kept": kept}


def _remove(made: Sequence[Any], kept: list[list[str]]) -> int:
    present = dict(Chat.objects.filter(pk__in=[pk for pk, _, _ in made]).values_list("pk", "version"))
    edited = {pk for pk, version, _ in made if pk in present and present[pk] != version}
    busy = mentioned(Chat, set(present)) - edited
    for pk, _, title in made:
        if pk in edited | busy:
            kept.append([title, CHANGED if pk in edited else MENTIONED])
    free = set(present) - edited - busy
    Chat.objects.filter(pk__in=free).delete()
    return len(free)


def _restore(changed: Sequence[Any], kept: list[list[str]], by: User) -> int:
    chats = Chat.objects.in_bulk([pk for pk, *_ in changed])
    classes, staff = _still_there(changed)
    restored = 0
    for pk, version, title, old in changed:
        chat = chats.get(pk)
        if chat is None:
            continue
        if chat.version != version:
            kept.append([title, CHANGED])
            continue
        for name, value in with_days(old).items():
            gone = (name == "school_class_id" and value not in classes) or (name == "owner_id" and value not in staff)
            setattr(chat, name, None if gone else value)
        try:
            with transaction.atomic():
                write_chat(chat=chat, by=by, known_version=version)
            restored += 1
        except (ValidationError, ChatRefused) as refusal:
            kept.append([title, _reason(refusal)])
    return restored


def _still_there(changed: Sequence[Any]) -> tuple[set[int], set[int]]:
    """Of the classes and owners of old values, those that still are."""
    classes = {old.get("school_class_id") for *_, old in changed} - {None}
    staff = {old.get("owner_id") for *_, old in changed} - {None}
    return (
        set(SchoolClass.objects.filter(pk__in=classes).values_list("pk", flat=True)),
        set(StaffMember.objects.filter(pk__in=staff).values_list("pk", flat=True)),
    )


def _reason(refusal: ValidationError | ChatRefused) -> str:
    texts = refusal.messages if isinstance(refusal, ValidationError) else [str(refusal)]
    return texts[0].rstrip(".")
