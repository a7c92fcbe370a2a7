"""Pages of held values: the list of those in sight, and the decision about one."""

from typing import Any, cast

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from reports.hold_decisions import DecisionRefused, decide
from reports.holds import HOLD_KINDS, NOT_MEASURED
from reports.models import Hold, Verdict
from reports.reading import weeks
from reports.reading.holds import held_rows
from reports.reading.homes import crumbs, sees_people
from reports.reading.tables import bounds, page_of
from schools.models import User
from schools.scope import sight_of
from schools.texts import counted


@login_required
@require_safe
def held_values(request: HttpRequest) -> HttpResponse:
    """The held values of a week in the reader's places; a country's observer has none to see."""
    return _page(request)


def _page(request: HttpRequest, problem: str = "", about: int = 0, typed: str = "") -> HttpResponse:
    if not sees_people(sight_of(request.user)):
        raise Http404
    chosen = weeks.choose(request)
    found = Hold.objects.visible_to(request.user).filter(rating=chosen.rating)
    waiting = request.GET.get("show", "") == "waiting"
    found = found.waiting() if waiting else found
    total = found.count()
    first, last = bounds(request.GET, total)
    rows = held_rows(found.order_by("state", "school_id", "indicator", "kind")[first:last], _deciding(request))
    table: Any = page_of(rows, request.GET, total)
    context = weeks.header(chosen, request.GET) | {
        "table": table,
        "params": request.GET,
        "kinds": HOLD_KINDS,
        "not_measured": NOT_MEASURED,
        "problem_text": problem,
        "about": about,
        "typed": typed,
        "title": _title(total, waiting),
        "crumbs": crumbs(request.user, None, ("Значения на проверке", "")),
    }
    return render(request, "reports/holds.html", context, status=422 if problem else 200)


def _title(total: int, waiting: bool) -> str:
    count = counted(total, "значение", "значения", "значений")
    return f"Ждут решения: {count}" if waiting else f"На проверке: {count}"


def _deciding(request: HttpRequest) -> Any:
    return Hold.objects.editable_by(request.user)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def hold_decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a value through or keep it out; opened by itself the address leads to the list."""
    hold = get_object_or_404(Hold.objects.visible_to(request.user).select_related("rating"), pk=pk)
    if request.method != "POST":
        return redirect("held_values")
    if not _deciding(request).filter(pk=pk).exists():
        raise PermissionDenied
    verdict = {"right": Verdict.RIGHT, "wrong": Verdict.WRONG}.get(request.POST.get("verdict", ""), Verdict.WAITING)
    comment = request.POST.get("comment", "")
    try:
        decide(hold, verdict=verdict, comment=comment, by=cast(User, request.user))
    except DecisionRefused as refusal:
        return _page(request, str(refusal), hold.pk, comment[:300])
    return redirect(f"{reverse('held_values')}?week={hold.rating.iso_week}#hold-{hold.pk}")
