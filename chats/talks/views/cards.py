"""One chat: its page, the form of its fields, who is in it, what is done with it, the poster that prints."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_http_methods, require_safe

from chats.kit import greeting, may_be_handed_on, where_of
from chats.models import Chat, ChatMove
from chats.roster import GUARDIAN, PUPIL, STAFF, Person, Roster
from chats.talks import activity, card, services
from chats.talks.forms import ChatForm
from chats.talks.loading import load_roster, read_school
from chats.talks.services import ChatRefused
from chats.talks.views.access import chat_in_sight, own_chat
from chats.talks.views.saving import saved
from schools.models import SchoolClass
from schools.qr import picture
from schools.texts import unbroken
from staff.rosters.views.access import SeeOther, person, sees_people
from staff.showing import crumbs

FORM = ["GET", "HEAD", "POST"]  # a form's address opened by hand leads back to its page


@require_safe
@login_required
def chat_page(request: HttpRequest, pk: int) -> HttpResponse:
    """A chat: what to do about it, who is in it, what to hand out."""
    return _page(request, chat_in_sight(request, pk))


def _page(request: HttpRequest, chat: Chat, status: int = 200, **more: Any) -> HttpResponse:
    school, today = chat.school, timezone.localdate()
    own = sees_people(request, school.pk)
    read = read_school(school, today, names=own)
    line = next((each for each in read.chats if each.id == chat.pk), None)
    move = ChatMove.objects.visible_to(request.user).filter(chat=chat).select_related("new_chat").first()
    life = activity.life_of(activity.read(school, request.user, chat=chat.pk), chat.pk, chat.opened_on, chat.closed_on)
    context = {
        "chat": chat,
        "school": school,
        "life_title": activity.title_of(life),
        "life": activity.bars(life) if life.last else None,
        "crumbs": crumbs(request.user, school, _chats(chat), (unbroken(chat.title), "")),
        "caption": f"{unbroken(school.short_name)} · {chat.case.name}",
        "todo": card.todo_rows(read.standing.findings_of(line)) if line else [],
        "facts": card.facts(chat, read),
        "members": card.member_rows(chat, read, families=own),
        "kit": card.kit(chat, school.short_name, own=own),
        "move": card.move_rows(chat, move),
        "carry": card.carry_to(chat, read) if own else None,
        "may_edit": own,
        "today": f"{today}",
        "refused": "",
        "refused_form": "",
    }
    return render(request, "talks/chat.html", context | more, status=status)


def _chats(chat: Chat) -> tuple[str, str]:
    return "Чаты", reverse("chats", args=[chat.school_id])


@require_http_methods(FORM)
@login_required
def chat_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Mend the fields of a chat."""
    chat = own_chat(request, pk)
    title, back = unbroken(chat.title), chat.get_absolute_url()
    form = ChatForm(request.POST or None, instance=chat, user=request.user, school=chat.school, owners=[])
    if request.method == "POST" and form.is_valid() and saved(form, person(request)):
        return SeeOther(back)
    context = {
        "school": chat.school,
        "form": form,
        "title": title,
        "caption": "",
        "crumbs": crumbs(request.user, chat.school, _chats(chat), (title, back), ("Правка", "")),
        "back": back,
        "button": "Сохранить",
    }
    return render(request, "rosters/form.html", context, status=422 if form.errors else 200)


@require_http_methods(FORM)
@login_required
def chat_members(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down who is in the chat and who is not, of those the page showed."""
    chat = own_chat(request, pk)
    if request.method != "POST":
        return redirect(chat)
    known = _known(load_roster(chat.school, timezone.localdate())) | _inside(chat)
    present = card.people_of(request.POST.getlist("in")) & known
    shown = card.people_of(request.POST.get("shown", "").split()) & known
    services.set_members(chat=chat, shown=shown | present, present=present, by=person(request))
    return SeeOther(f"{chat.get_absolute_url()}#members")


def _known(roster: Roster) -> set[Person]:
    """Everybody of the school: nobody else is let into its chats."""
    people = ((STAFF, roster.staff), (PUPIL, roster.pupils), (GUARDIAN, roster.guardians))
    return {Person(kind, each.id) for kind, lines in people for each in lines}  # type: ignore[attr-defined]


def _inside(chat: Chat) -> set[Person]:
    return {member.person for member in chat.members.inside()}  # type: ignore[attr-defined]


Act = Callable[[HttpRequest, Chat], None]


@require_http_methods(FORM)
@login_required
def chat_act(request: HttpRequest, pk: int) -> HttpResponse:
    """Close, open again, carry over or move a chat; what is refused is said beside its form."""
    chat = own_chat(request, pk)
    if request.method != "POST":
        return redirect(chat)
    name = next((name for name in ACTS if name in request.POST), None)
    if name is None:
        return redirect(chat)
    try:
        ACTS[name](request, chat)
    except ChatRefused as refusal:
        return _page(request, chat, 422, refused=str(refusal), refused_form=name)
    except ValidationError as mistakes:
        return _page(request, chat, 422, refused=" ".join(mistakes.messages), refused_form=name)
    return SeeOther(f"{chat.get_absolute_url()}{'#move' if name in MOVES else ''}")


def _close(request: HttpRequest, chat: Chat) -> None:
    try:
        day = parse_date(request.POST.get("closed_on", "").strip())
    except ValueError:
        day = None
    if day is None:
        raise ChatRefused("Впишите день, когда чат закрыли, например 05.09.2026.")
    services.close_chat(chat=chat, closed_on=day, by=person(request))


def _reopen(request: HttpRequest, chat: Chat) -> None:
    services.reopen_chat(chat=chat, by=person(request))


def _carry(request: HttpRequest, chat: Chat) -> None:
    text = request.POST["carry"]
    pk = int(text) if text.isascii() and text.isdecimal() and len(text) < 16 else 0
    found: Any = SchoolClass.objects.visible_to(request.user).filter(school=chat.school_id)
    services.carry_chat(chat=chat, to=get_object_or_404(found, pk=pk), by=person(request))


def _start(request: HttpRequest, chat: Chat) -> None:
    services.start_move(chat=chat, by=person(request))


def _move(request: HttpRequest, chat: Chat) -> ChatMove:
    move = ChatMove.objects.editable_by(request.user).filter(chat=chat).select_related("chat").first()
    if move is None:
        raise ChatRefused("Перенос ещё не начат: начните его на этой странице.")
    return move


def _open(request: HttpRequest, chat: Chat) -> None:
    title, link = request.POST.get("title", ""), request.POST.get("link", "")
    services.open_new_chat(move=_move(request, chat), title=title, link=link, by=person(request))


def _tick(request: HttpRequest, chat: Chat) -> None:
    services.tick_steps(move=_move(request, chat), keys=request.POST.getlist("step"), by=person(request))


def _finish(request: HttpRequest, chat: Chat) -> None:
    move = _move(request, chat)
    services.tick_steps(move=move, keys=request.POST.getlist("step"), by=person(request))
    services.finish_move(move=move, by=person(request))


def _cancel(request: HttpRequest, chat: Chat) -> None:
    services.cancel_move(move=_move(request, chat), by=person(request))


ACTS: dict[str, Act] = {
    "close": _close,
    "reopen": _reopen,
    "carry": _carry,
    "start": _start,
    "open": _open,
    "finish": _finish,
    "tick": _tick,
    "cancel": _cancel,
}
MOVES = frozenset({"start", "open", "tick", "finish", "cancel"})


@require_safe
@login_required
def chat_poster(request: HttpRequest, pk: int) -> HttpResponse:
    """The poster of a chat on one A4 sheet: name, what for, the link as a picture."""
    chat = chat_in_sight(request, pk)
    if not chat.link or not may_be_handed_on(chat.case, own=sees_people(request, chat.school_id)):
        raise Http404
    context = {
        "chat": chat,
        "school": chat.school,
        "greeting": greeting(chat.case),
        "where": where_of(chat.channel),
        "picture": picture(chat.link),
        "owner": chat.owner.full_name if chat.owner else "",
    }
    return render(request, "talks/poster.html", context)
