"""What people do with the chats of a school: write them down, close and carry them, move them, say who is in them."""

import datetime
from collections.abc import Collection, Iterable

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from chats.links import LinkRefused, clean_link
from chats.models import Chat, ChatMember, ChatMove, ChosenCase
from chats.moving import MOVE_STEP_BY_KEY, MOVE_STEPS, OPENED, target_of
from chats.proposals import title_of
from chats.roster import ClassLine, Person, Place
from chats.use_cases import USE_CASE_BY_NUMBER
from chats.use_cases.kinds import Unit
from schools.jobs import tell_changed
from schools.models import School, SchoolClass, User
from schools.years import school_year_of

STALE = "Чат изменили, пока вы его правили. Откройте его снова и повторите правку."


class ChatRefused(Exception):
    """What was asked cannot be done; the text is a Russian sentence that says what to do."""


def save_chat(*, chat: Chat, by: User, known_version: int | None = None) -> Chat:
    """Write a chat, new or changed. Raises ValidationError for its fields, ChatRefused if it was changed meanwhile."""
    write_chat(chat=chat, by=by, known_version=known_version)
    tell_changed(chat.school_id)
    return chat


@transaction.atomic
def write_chat(*, chat: Chat, by: User, known_version: int | None = None) -> Chat:
    """As `save_chat`, for whoever writes many and tells of the school's change once."""
    _hold_school(chat)
    if chat.pk is not None:
        stored = Chat.objects.select_for_update().get(pk=chat.pk)
        if known_version is not None and stored.version != known_version:
            raise ChatRefused(STALE)
        chat.version = stored.version
    chat.full_clean()
    _refuse_twins(chat)
    try:
        with transaction.atomic():
            chat.save()
    except IntegrityError as error:  # the same number on the platform, written this very moment
        raise ChatRefused("Чат с таким номером на площадке у школы уже есть: откройте его.") from error
    return chat


def _refuse_twins(chat: Chat) -> None:
    """A class and an association have one open chat of a case in a channel; events and trips may be many."""
    if chat.closed_on is not None or chat.case.unit == Unit.SCHOOL:
        return
    place = {"school_class": chat.school_class_id, "area": chat.area}
    same = Chat.objects.filter(school=chat.school_id, use_case=chat.use_case, channel=chat.channel, **place)
    if same.filter(closed_on=None).exclude(pk=chat.pk).exists():
        field = "school_class" if chat.case.unit == Unit.CLASS else "area"
        raise ValidationError({field: "Такой чат в этом канале уже есть: откройте его и поправьте."})


@transaction.atomic
def close_chat(*, chat: Chat, closed_on: datetime.date, by: User) -> None:
    """Write down that a chat is no more. Raises ChatRefused for a day before it was opened or still to come."""
    kept = _locked(chat)
    if closed_on < kept.opened_on:
        raise ChatRefused("Этот день раньше дня создания чата.")
    if closed_on > timezone.localdate():
        raise ChatRefused("Этот день ещё не наступил: впишите день, когда чат закрыли.")
    kept.closed_on = closed_on
    kept.save()
    tell_changed(kept.school_id)


@transaction.atomic
def reopen_chat(*, chat: Chat, by: User) -> None:
    """Take the closing of a chat back. Raises ChatRefused where another has taken its place."""
    _hold_school(chat)
    kept = _locked(chat)
    kept.closed_on = None
    try:
        _refuse_twins(kept)
    except ValidationError as error:
        raise ChatRefused("Такой чат в этом канале уже открыт: закройте его, чтобы вернуть этот.") from error
    kept.save()
    tell_changed(kept.school_id)


@transaction.atomic
def carry_chat(*, chat: Chat, to: SchoolClass, by: User) -> None:
    """Go on with a chat of last year's class as one of this year's; a title by the rule follows the class.

    Raises ChatRefused for a class of another school or year, or one whose chat of this case is there already.
    """
    _hold_school(chat)
    kept = _locked(chat)
    today = timezone.localdate()
    if to.school_id != kept.school_id or to.year != school_year_of(today) or not kept.case.per_class:
        raise ChatRefused("Продолжить чат можно только классом этой школы в этом учебном году.")
    same = Chat.objects.filter(school=kept.school_id, use_case=kept.use_case, school_class=to).open(today)
    if same.exclude(pk=kept.pk).exists():
        raise ChatRefused(f"У {to.name} уже есть такой чат. Закройте один из них.")
    before = kept.school_class
    if before is not None and kept.title == title_of(kept.case, _place(before), kept.opened_on):
        kept.title = title_of(kept.case, _place(to), today)
    kept.school_class, kept.ends_on = to, None
    kept.save()
    tell_changed(kept.school_id)


def _place(school_class: SchoolClass) -> Place:
    return Place(ClassLine(school_class.pk, school_class.grade, school_class.letter))


def _hold_school(chat: Chat) -> None:
    """Two who open chats of one school come one after the other: or there would be twins."""
    School.objects.select_for_update().filter(pk=chat.school_id).first()


def _locked(chat: Chat) -> Chat:
    return Chat.objects.select_for_update().get(pk=chat.pk)


# Who is in it


@transaction.atomic
def set_members(*, chat: Chat, shown: Collection[Person], present: Collection[Person], by: User) -> tuple[int, int]:
    """Write down who of the people shown is in a chat and who is not; others stay as they are.

    Returns (came, left). The caller has seen to it that the people are of the chat's school.
    """
    kept = _locked(chat)
    today = timezone.localdate()
    known = {member.person: member for member in ChatMember.objects.filter(chat=chat)}
    asked = set(present) & set(shown)
    came = [person for person in asked if person not in known or known[person].left_on is not None]
    gone = [known[person] for person in set(shown) - asked if person in known and known[person].left_on is None]
    _let_in(chat, came, known, today)
    ChatMember.objects.filter(pk__in=[member.pk for member in gone]).update(left_on=today)
    if came or gone:
        kept.save(update_fields=[])  # those who keep a copy of the chat learn that its list has changed
    return len(came), len(gone)


def _let_in(chat: Chat, people: Iterable[Person], known: dict[Person, ChatMember], today: datetime.date) -> None:
    back = [known[person].pk for person in people if person in known]
    ChatMember.objects.filter(pk__in=back).update(joined_on=today, left_on=None)
    ChatMember.objects.bulk_create(
        ChatMember(chat=chat, joined_on=today, **{f"{person.kind}_id": person.id})
        for person in people
        if person not in known
    )


# Moving to another channel


@transaction.atomic
def start_move(*, chat: Chat, by: User) -> ChatMove:
    """Begin to move a chat by the check list; a move begun is given back. Raises ChatRefused where there is no need."""
    kept = _locked(chat)
    if target_of(kept.channel) is None:
        raise ChatRefused("Этот чат уже в нынешнем канале: переносить не нужно.")
    if not kept.is_open:
        raise ChatRefused("Чат закрыт: переносить нечего. Заведите новый.")
    return ChatMove.objects.get_or_create(chat=kept, defaults={"started_by": by})[0]


@transaction.atomic
def open_new_chat(*, move: ChatMove, title: str, link: str, by: User) -> Chat:
    """Write down the chat that takes the place of the old one: the same case, class and owner, in the new channel.

    Raises ChatRefused, ValidationError.
    """
    old = _locked(move.chat)
    move.refresh_from_db()
    channel = target_of(old.channel)
    if channel is None or move.finished_on is not None:
        raise ChatRefused("Этот чат уже перенесён.")
    if move.new_chat_id is not None:
        raise ChatRefused("Новый чат уже внесён: откройте его, чтобы поправить.")
    try:
        link = clean_link(link, channel)
    except LinkRefused as refusal:
        raise ChatRefused(str(refusal)) from refusal
    new = Chat(
        school_id=old.school_id,
        use_case=old.use_case,
        school_class_id=old.school_class_id,
        area=old.area,
        channel=channel,
        title=" ".join(title.split())[:150] or old.title,
        link=link,
        owner_id=old.owner_id,
        opened_on=timezone.localdate(),
        ends_on=old.ends_on,
    )
    save_chat(chat=new, by=by)
    move.new_chat = new
    move.done |= {OPENED: f"{timezone.localdate()}"}
    move.save()
    return new


@transaction.atomic
def tick_steps(*, move: ChatMove, keys: Collection[str], by: User) -> None:
    """Write down which steps of the check list are done; the first is done by the new chat itself."""
    _locked(move.chat)
    move.refresh_from_db()
    _locked(move.chat)
    kept = ChatMove.objects.filter(pk=move.pk).first()
    if kept is None:
        return
    if kept.finished_on is not None:
        raise ChatRefused("Перенос закончен: список больше не меняют.")
    today = f"{timezone.localdate()}"
    wanted = {key for key in keys if key in MOVE_STEP_BY_KEY} - {OPENED}
    first = {OPENED: move.done.get(OPENED, today)} if move.new_chat_id else {}
    move.done = first | {key: move.done.get(key, today) for key in sorted(wanted)}
    move.save()


@transaction.atomic
def finish_move(*, move: ChatMove, by: User) -> None:
    """Close the old chat: every step is done. Raises ChatRefused, naming the first that is not."""
    kept = _locked(move.chat)
    move.refresh_from_db()
    if move.finished_on is not None:
        return
    undone = next((step for step in MOVE_STEPS if step.key not in move.done), None)
    if undone is not None or move.new_chat_id is None:
        raise ChatRefused(f"Ещё не сделано: «{(undone or MOVE_STEPS[0]).title}».")
    today = timezone.localdate()
    move.finished_on = today
    move.save()
    kept.closed_on = today
    kept.save()
    tell_changed(kept.school_id)


@transaction.atomic
def cancel_move(*, move: ChatMove, by: User) -> None:
    """Forget a move that has not been finished; the new chat, if there is one, stays."""
    _locked(move.chat)
    kept = ChatMove.objects.filter(pk=move.pk).first()
    if kept is None:
        return
    if kept.finished_on is not None:
        raise ChatRefused("Перенос закончен: отменить его нельзя, прежний чат можно открыть снова.")
    kept.delete()


# Optional cases


@transaction.atomic
def choose_case(*, school: School, number: int, wanted: bool, by: User) -> None:
    """Turn an optional case on or off for a school. Raises ChatRefused for a case that is no matter of choice."""
    case = USE_CASE_BY_NUMBER.get(number)
    if case is None or not case.is_optional:
        raise ChatRefused("Этот кейс не выбирают: он нужен школе по её людям и классам.")
    if wanted:
        ChosenCase.objects.get_or_create(school=school, use_case=number, defaults={"chosen_by": by})
    else:
        ChosenCase.objects.filter(school=school, use_case=number).delete()
    tell_changed(school.pk)
