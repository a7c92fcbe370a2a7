"""Pages of the preview of the running week: of a region, of a municipality, of a school; and who confirms it."""

import re
from collections.abc import Mapping
from typing import Any, cast

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from reports.confirming import ConfirmRefused, Seen, Subject, say
from reports.models import Hold, RatingRow, Word
from reports.reading.confirmations import block
from reports.reading.homes import crumbs, sees_people
from reports.reading.preview import page
from reports.views.places import school_crumbs
from schools.models import Municipality, Region, School, User
from schools.scope import Level, sight_of

LAST = ("Что будет в понедельник", "")


@login_required
@require_safe
def region_preview(request: HttpRequest, code: str) -> HttpResponse:
    """The running week of a region."""
    place = get_object_or_404(Region.objects.visible_to(request.user), code=code)
    return _page(request, Subject(Level.REGION, place))


@login_required
@require_safe
def municipality_preview(request: HttpRequest, pk: int) -> HttpResponse:
    """The running week of a municipality."""
    place = get_object_or_404(Municipality.objects.visible_to(request.user).select_related("region"), pk=pk)
    return _page(request, Subject(Level.MUNICIPALITY, place))


@login_required
@require_safe
def school_preview(request: HttpRequest, pk: int) -> HttpResponse:
    """The running week of a school."""
    found = School.objects.visible_to(request.user).select_related("region", "municipality")
    place = get_object_or_404(found, pk=pk)
    return _page(request, Subject(Level.SCHOOL, place))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, level: str, place_id: int) -> HttpResponse:
    """Say a word about a place's week and come back to where it was said; opened by itself it leads there."""
    subject = _subject(request, level, place_id)
    shown = _above(request, subject) if request.POST.get("back", "") == "above" else subject
    if request.method != "POST":
        return redirect(f"{shown.place.get_absolute_url()}preview/")
    word = WORDS.get(request.POST.get("word", ""))
    if word is None:
        raise PermissionDenied
    try:
        comment = request.POST.get("comment", "")
        say(subject, word=word, comment=comment, by=cast(User, request.user), seen=_seen(request))
    except PermissionError as refusal:
        raise PermissionDenied from refusal
    except ConfirmRefused as refusal:
        return _page(request, shown, str(refusal), {"about": (level, place_id), "typed": comment[:300]})
    return redirect(f"{shown.place.get_absolute_url()}preview/#confirmation")


def _seen(request: HttpRequest) -> Seen:
    """What the form was about; one that says nothing of it is about no week."""
    week = request.POST.get("week", "")
    return Seen(int(week) if WEEK_NUMBER.fullmatch(week) else 0, request.POST.get("sha256", ""))


WEEK_NUMBER = re.compile(r"[0-9]{6}")
WORDS = {"confirm": Word.CONFIRMED, "return": Word.RETURNED, "lock": Word.LOCKED, "open": Word.EXCEPTION}


def _above(request: HttpRequest, subject: Subject) -> Subject:
    """The place that returns: the municipality of a school, the region of the rest; whoever sees it not stays."""
    town = getattr(subject.place, "municipality", None)
    above = Subject(Level.MUNICIPALITY, town) if town else Subject(Level.REGION, subject.region)
    models: Mapping[Level, Any] = {Level.MUNICIPALITY: Municipality, Level.REGION: Region}
    seen = models[above.level].objects.visible_to(request.user).filter(pk=above.place.pk)
    return above if seen.exists() else subject


def _trail(request: HttpRequest, subject: Subject) -> list[tuple[str, str]]:
    place = subject.place
    if isinstance(place, School):
        return school_crumbs(request.user, place, LAST)
    if isinstance(place, Municipality):
        return crumbs(request.user, place.region, (place.name, place.get_absolute_url()), LAST)
    return crumbs(request.user, place, LAST)


def _subject(request: HttpRequest, level: str, place_id: int) -> Subject:
    user = request.user
    if not sees_people(sight_of(user)):
        raise Http404
    if level == "region":
        return Subject(Level.REGION, get_object_or_404(Region.objects.visible_to(user), pk=place_id))
    if level == "municipality":
        towns = Municipality.objects.visible_to(user).select_related("region")
        return Subject(Level.MUNICIPALITY, get_object_or_404(towns, pk=place_id))
    schools = School.objects.visible_to(user).select_related("region", "municipality")
    if level != "school":
        raise Http404
    return Subject(Level.SCHOOL, get_object_or_404(schools, pk=place_id))


def _page(
    request: HttpRequest, subject: Subject, problem: str = "", typed: Mapping[str, Any] | None = None
) -> HttpResponse:
    """For those who can still put the week right; an observer reads what is published. What was typed is kept."""
    if not sees_people(sight_of(request.user)):
        raise Http404
    user = request.user
    context = page(subject, RatingRow.objects.visible_to(user), Hold.objects.visible_to(user))
    context |= block(subject, cast(User, user))
    context |= {"crumbs": _trail(request, subject), "refusal": problem, "about": None, "typed": ""} | dict(typed or {})
    return render(request, "reports/preview.html", context, status=422 if problem else 200)
