"""The chats of a school: the list against what it should have, a new chat, an optional case turned on."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from chats.models import Chat
from chats.proposals import likely_owners, title_of
from chats.roles import ASSOCIATION_BY_NUMBER
from chats.roster import Place, Roster
from chats.talks import activity, services, showing
from chats.talks.forms import ChatForm
from chats.talks.loading import load_roster, read_school
from chats.talks.services import ChatRefused
from chats.talks.views.access import own_school
from chats.talks.views.saving import saved
from chats.use_cases import USE_CASE_BY_NUMBER
from schools.models import School
from schools.years import school_year_of, school_year_title
from staff.rosters.views.access import SeeOther, person, school_in_sight, sees_people
from staff.showing import crumbs


@require_safe
@login_required
def chat_list(request: HttpRequest, pk: int) -> HttpResponse:
    """What is missing first, then every case with its chats."""
    school = school_in_sight(request, pk)
    today = timezone.localdate()
    may_edit = sees_people(request, school.pk)
    read = read_school(school, today, names=False)
    lives = activity.read(school, request.user)
    groups = showing.groups(read, lives, request.GET, may_edit=may_edit)
    context = {
        "school": school,
        "crumbs": crumbs(request.user, school, ("Чаты", "")),
        "caption": f"{showing.caption(school, read)} · {school_year_title(school_year_of(today))} учебный год",
        "next": showing.next_thing(read, may_edit=may_edit),
        "calm": showing.calm(read),
        "lead": showing.lead(read),
        "tiles": showing.tiles(read),
        "counts": showing.finding_counts(read),
        "groups": groups,
        "any_shown": any(group["rows"] for group in groups),
        "shows": showing.SHOWS,
        "classes": showing.class_choices(read),
        "params": request.GET,
        "is_narrowed": bool(showing.shown_by(request.GET) or request.GET.get("class")),
        "may_edit": may_edit,
    }
    return render(request, "talks/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def chat_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Write a new chat down; the address may say which is missing."""
    school = own_school(request, pk)
    today = timezone.localdate()
    roster = load_roster(school, today, families=False)
    initial, owners = _asked(request, roster)
    form = ChatForm(
        request.POST or None, instance=Chat(), initial=initial, user=request.user, school=school, owners=owners
    )
    if request.method == "POST" and form.is_valid() and saved(form, person(request)):
        return SeeOther(form.instance.get_absolute_url())
    back = reverse("chats", args=[school.pk])
    context = {
        "school": school,
        "form": form,
        "title": "Новый чат",
        "caption": "Чат уже создан в мессенджере — запишите его здесь",
        "crumbs": crumbs(request.user, school, ("Чаты", back), ("Новый чат", "")),
        "back": back,
        "button": "Записать чат",
    }
    return render(request, "rosters/form.html", context, status=422 if form.errors else 200)


def _asked(request: HttpRequest, roster: Roster) -> tuple[dict[str, Any], list[int]]:
    """The fields that the address fills in, and who may own such a chat."""
    case = USE_CASE_BY_NUMBER.get(_number(request.GET.get("case", "")))
    if case is None:
        return {}, []
    class_id, area = _number(request.GET.get("class", "")), _number(request.GET.get("area", ""))
    place = Place(
        next((each for each in roster.classes if each.id == class_id), None),
        area if area in ASSOCIATION_BY_NUMBER else None,
    )
    initial: dict[str, Any] = {
        "use_case": case.number,
        "title": title_of(case, place, timezone.localdate()),
        "ends_on": case.ends_on(timezone.localdate()),
        "school_class": place.school_class.id if place.school_class else None,
        "area": place.area,
    }
    return initial, likely_owners(case, place, roster)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 16 else 0


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def case_choose(request: HttpRequest, pk: int) -> HttpResponse:
    """Turn an optional case on or off."""
    school: School = own_school(request, pk)
    back = reverse("chats", args=[school.pk])
    if request.method != "POST":
        return redirect(back)
    number = _number(request.POST.get("case", ""))
    try:
        services.choose_case(school=school, number=number, wanted=request.POST.get("wanted") == "1", by=person(request))
    except ChatRefused:
        return SeeOther(back)
    return SeeOther(f"{back}#case-{number}")
