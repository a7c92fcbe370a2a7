"""Pages of the nine steps: a territory's matrix, a school's list, and the forms that mark, plan and master."""

import datetime
from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_http_methods, require_safe

from reports.models import SchoolStep
from reports.reading import step_country, step_matrix, step_pages
from reports.reading.bases import BasisLine, acts_of, lines_of
from reports.reading.homes import crumbs, homes_of
from reports.reading.rows import zone_of
from reports.steps import services
from reports.steps.services import StepRefused, rules_place
from reports.views.places import school_crumbs
from schools.exports import Sheet, xlsx_file
from schools.models import Municipality, Region, School, StepMark, User
from schools.renderers import XLSX_TYPE
from schools.scope import Level, sight_of
from schools.steps import STEPS

FORM = ["GET", "HEAD", "POST"]  # a form's address opened by hand leads back to its page


@login_required
@require_safe
def steps(request: HttpRequest) -> HttpResponse:
    """The steps of the reader's own place; regions side by side for the country."""
    homes = homes_of(request.user)
    if not homes:
        raise Http404
    if homes[0].level != Level.COUNTRY:
        return redirect(f"{homes[0].url}steps/")
    context = step_country.page(SchoolStep.objects.visible_to(request.user))
    return render(request, "reports/steps_country.html", context | {"crumbs": crumbs(request.user, None, _LAST)})


_LAST = ("Этапы", "")


@login_required
@require_safe
def region_steps(request: HttpRequest, code: str) -> HttpResponseBase:
    """A region: schools × nine steps, or municipalities × nine steps."""
    place = get_object_or_404(Region.objects.visible_to(request.user), code=code)
    return _territory(request, place, place, {"region": place.pk}, crumbs(request.user, place, _LAST))


@login_required
@require_safe
def municipality_steps(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A municipality: its schools × nine steps."""
    place = get_object_or_404(Municipality.objects.visible_to(request.user).select_related("region"), pk=pk)
    trail = crumbs(request.user, place.region, (place.name, place.get_absolute_url()), _LAST)
    return _territory(request, place, place.region, {"municipality": place.pk}, trail)


def _territory(
    request: HttpRequest, place: Region | Municipality, region: Region, where: dict[str, int], trail: Any
) -> HttpResponseBase:
    found = SchoolStep.objects.visible_to(request.user).filter(**where)
    towns = step_matrix.towns_of(School.objects.visible_to(request.user).filter(**where))
    if request.GET.get("format") == "xlsx":
        return _workbook(found, towns, request, place.name)
    by_town = isinstance(place, Region) and request.GET.get("by") == "town"
    context = step_matrix.page(found, towns, request.GET, by_town=by_town) | {
        "place": place,
        "crumbs": trail,
        "params": request.GET,
        "counted_at": step_matrix.stamp(region.pk),
        "zone": zone_of(region),
        "is_region": isinstance(place, Region),
        "by_town": by_town,
        "plans": rules_place(user_of(request), place),
    }
    return render(request, "reports/steps.html", context)


def _workbook(found: Any, towns: dict[int, str], request: HttpRequest, name: str) -> FileResponse:
    rows = step_matrix.export_rows(found, towns, request.GET)
    file = xlsx_file([Sheet("Этапы", step_matrix.export_header(), rows)])
    return FileResponse(file, as_attachment=True, filename=f"Этапы {name}.xlsx", content_type=XLSX_TYPE)


def user_of(request: HttpRequest) -> User:
    """The person who has signed in."""
    assert isinstance(request.user, User)
    return request.user


# A school


@login_required
@require_safe
def school_steps(request: HttpRequest, pk: int) -> HttpResponse:
    """A school's nine steps, with what proves each and who does it."""
    return _school_page(request, _school(request, pk))


def _school(request: HttpRequest, pk: int) -> School:
    return get_object_or_404(School.objects.visible_to(request.user).select_related("region", "municipality"), pk=pk)


def _school_page(request: HttpRequest, school: School, status: int = 200, **problem: Any) -> HttpResponse:
    sight = sight_of(request.user)
    sees_people = sight.everything or (sight.level is not None and sight.level > Level.COUNTRY)
    context = step_pages.page(school, request.GET, sees_people=sees_people) | {
        "crumbs": school_crumbs(request.user, school, _LAST),
        "may_mark": rules_place(user_of(request), school),
        "may_master": _may_master(request, school),
        "bases": _bases(request),
        "problem": problem,
        "today": timezone.localdate(),
    }
    return render(request, "reports/school_steps.html", context, status=status)


def _bases(request: HttpRequest) -> dict[int, list[BasisLine]]:
    """What each step rests on, with links to the library."""
    acts = acts_of(request.user, (basis for step in STEPS for basis in step.bases))
    return {step.number: lines_of(step.bases, acts) for step in STEPS}


def _may_master(request: HttpRequest, school: School) -> bool:
    """Whether the reader may say what the school has mastered: those who may change its rows."""
    return rules_place(user_of(request), school) or school.pk in sight_of(request.user).school_ids


@login_required
@require_http_methods(FORM)
def mark(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark a step of a school by hand, or take the mark back."""
    school = _school(request, pk)
    if request.method != "POST":
        return redirect("school_steps", pk)
    if not rules_place(user_of(request), school):
        raise PermissionDenied

    def act(number: int) -> None:
        withdrawn = request.POST.get("withdraw", "")
        if withdrawn:
            marks = StepMark.objects.editable_by(request.user).filter(school=school, number=number)
            services.withdraw_mark(get_object_or_404(marks, pk=number_of(withdrawn)), by=user_of(request))
            return
        kind, reason = request.POST.get("kind", ""), request.POST.get("reason", "")
        services.mark_step(place=school, number=number, kind=kind, reason=reason, by=user_of(request))

    return _acted(request, school, "mark", act)


@login_required
@require_http_methods(FORM)
def plan(request: HttpRequest, pk: int) -> HttpResponse:
    """Set the day a school is to have finished a step."""
    school = _school(request, pk)
    if request.method != "POST":
        return redirect("school_steps", pk)
    if not rules_place(user_of(request), school):
        raise PermissionDenied

    def act(number: int) -> None:
        day = day_of(request.POST.get("planned_on", ""))
        reason = request.POST.get("reason", "")
        services.plan_step(place=school, number=number, planned_on=day, reason=reason, by=user_of(request))

    return _acted(request, school, "plan", act)


@login_required
@require_http_methods(FORM)
def master(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that the school has mastered a function, or take it back."""
    school = _school(request, pk)
    if request.method != "POST":
        return redirect("school_steps", pk)
    if not _may_master(request, school):
        raise PermissionDenied

    def act(number: int) -> None:
        mastered, note = request.POST.get("mastered") == "1", request.POST.get("note", "")
        services.master_function(school=school, number=number, mastered=mastered, note=note, by=user_of(request))

    return _acted(request, school, "use", act)


def _acted(request: HttpRequest, school: School, form: str, act: Callable[[int], None]) -> HttpResponse:
    """Act and come back to the step; what is refused is said beside its form, with what was typed."""
    number = number_of(request.POST.get("number", ""))
    try:
        act(number)
    except StepRefused as refusal:
        typed = {name: value[:300] for name, value in request.POST.items()}
        return _school_page(request, school, 422, form=form, number=number, text=str(refusal), typed=typed)
    anchor = "use" if form == "use" else f"step-{number}"
    return redirect(f"{school.get_absolute_url()}steps/#{anchor}")


def number_of(text: str) -> int:
    """The id in a form; 0 for anything that is none."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 16 else 0


def day_of(text: str) -> datetime.date | None:
    """The day of a date field; empty takes the date back. Raises StepRefused."""
    if not text.strip():
        return None
    try:
        day = parse_date(text.strip())
    except ValueError:
        day = None
    if day is None:
        raise StepRefused("Такой даты нет. Выберите день в календаре или впишите его как 2026-12-01.")
    return day
