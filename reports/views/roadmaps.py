"""Pages of the roadmap: planned days of a territory, the region's documents and facts."""

from typing import Any
from urllib.parse import quote

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from reports.models import SchoolStep
from reports.reading import roadmaps
from reports.reading.homes import crumbs
from reports.steps import roadmaps as papers
from reports.steps import services
from reports.steps.services import StepRefused, rules_place
from reports.views.steps import day_of, number_of, user_of
from schools.models import Municipality, Region, Roadmap
from schools.papers import MOST_BYTES

FORM = ["GET", "HEAD", "POST"]


@login_required
@require_http_methods(FORM)
def region_roadmap(request: HttpRequest, code: str) -> HttpResponse:
    """A region's roadmap; its forms come back here."""
    place = get_object_or_404(Region.objects.visible_to(request.user), code=code)
    steps = SchoolStep.objects.visible_to(request.user).filter(region=place)
    return _page(request, place, steps, crumbs(request.user, place, ("Дорожная карта", "")))


@login_required
@require_http_methods(FORM)
def municipality_roadmap(request: HttpRequest, pk: int) -> HttpResponse:
    """A municipality's roadmap: the region's days, or its own."""
    place = get_object_or_404(Municipality.objects.visible_to(request.user).select_related("region"), pk=pk)
    steps = SchoolStep.objects.visible_to(request.user).filter(municipality=place)
    trail = crumbs(request.user, place.region, (place.name, place.get_absolute_url()), ("Дорожная карта", ""))
    return _page(request, place, steps, trail)


def _page(request: HttpRequest, place: Region | Municipality, steps: Any, trail: Any) -> HttpResponse:
    may_plan = rules_place(user_of(request), place)
    problem: dict[str, Any] = {}
    if request.method == "POST":
        if not may_plan:
            raise PermissionDenied
        form = request.POST.get("form", "")
        try:
            _act(request, place, form)
            return redirect(f"{place.get_absolute_url()}roadmap/#{form}")
        except StepRefused as refusal:
            typed = {name: value[:500] for name, value in request.POST.items()}
            number = number_of(request.POST.get("number", ""))
            problem = {"form": form, "number": number, "text": str(refusal), "typed": typed}
    context = roadmaps.page(place, steps) | {
        "crumbs": trail,
        "may_plan": may_plan,
        "problem": problem,
        "is_region": isinstance(place, Region),
    }
    return render(request, "reports/roadmap.html", context, status=422 if problem else 200)


def _act(request: HttpRequest, place: Region | Municipality, form: str) -> None:
    sent, by = request.POST, user_of(request)
    if form == "plan":
        day, number = day_of(sent.get("planned_on", "")), number_of(sent.get("number", ""))
        services.plan_step(place=place, number=number, planned_on=day, reason=sent.get("reason", ""), by=by)
    elif form == "document" and isinstance(place, Region):
        _keep(request, place)
    elif form == "integration" and isinstance(place, Region):
        day = day_of(sent.get("done_on", ""))
        papers.say_integration(
            region=place, status=sent.get("status", ""), system_name=sent.get("system_name", ""), done_on=day, by=by
        )
    elif form == "towns" and isinstance(place, Region):
        towns = Municipality.objects.visible_to(request.user).filter(region=place)
        town = get_object_or_404(towns, pk=number_of(sent.get("number", "")))
        papers.register_municipality(municipality=town, registered_on=day_of(sent.get("registered_on", "")), by=by)
    else:
        raise StepRefused("Форма устарела. Обновите страницу и попробуйте ещё раз.")


def _keep(request: HttpRequest, region: Region) -> None:
    sent, file = request.POST, request.FILES.get("file")
    paper = papers.Paper(
        title=sent.get("title", ""),
        status=sent.get("status", ""),
        number=sent.get("paper_number", "").strip(),
        signed_on=day_of(sent.get("signed_on", "")),
        note=sent.get("note", ""),
    )
    content = (file.name or "", file.read(MOST_BYTES + 1)) if file else None
    papers.keep_roadmap(region=region, paper=paper, by=user_of(request), file=content)


@login_required
@require_safe
def roadmap_file(request: HttpRequest, pk: int) -> HttpResponse:
    """The document itself, always as a download."""
    found = get_object_or_404(Roadmap.objects.visible_to(request.user).select_related("file"), pk=pk)
    if found.file is None or not found.file.data:
        raise Http404
    response = HttpResponse(found.file.data, content_type="application/octet-stream")
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(found.file.shown_name)}"
    return response
