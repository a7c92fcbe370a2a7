"""The journal of counts, for everybody whose numbers depend on it, and counting a range of weeks again."""

from typing import cast

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from reports.models import WeekRun
from reports.reading import weeks
from reports.reading.tables import bounds, page_of
from reports.schedule import backfill
from reports.weeks import parse_range
from schools.models import User
from schools.scope import sight_of


@login_required
@require_safe
def jobs(request: HttpRequest) -> HttpResponse:
    """The journal of counts: state, who began it, how long, how many rows."""
    return _page(request)


def _page(request: HttpRequest, problem: str = "") -> HttpResponse:
    sight = sight_of(request.user)
    if sight.level is None:
        raise Http404
    runs = WeekRun.objects.visible_to(request.user).select_related("rating", "created_by").order_by("-id")
    total = runs.count()
    first, last = bounds(request.GET, total)
    context = {
        "table": page_of(list(runs[first:last]), request.GET, total),
        "late": weeks.freshness(weeks.choose(request)),
        "may_start": sight.everything,
        "problem": problem,
        "typed": {name: request.POST.get(name, "")[:300] for name in ("first", "last", "reason")},
        "crumbs": [("Обзор", reverse("home")), ("Подсчёты недель", "")],
    }
    return render(request, "reports/jobs.html", context, status=422 if problem else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def jobs_backfill(request: HttpRequest) -> HttpResponse:
    """Queue a range of weeks; superusers only. Opened by itself the address leads to the journal."""
    sight = sight_of(request.user)
    if sight.level is None:
        raise Http404
    if request.method != "POST":
        return redirect("jobs")
    if not sight.everything:
        raise PermissionDenied
    sent = {name: request.POST.get(name, "").strip()[:20] for name in ("first", "last")}
    reason, publish = request.POST.get("reason", ""), request.POST.get("publish") == "1"
    try:
        asked = parse_range(f"{sent['first']}..{sent['last']}")
        backfill(asked, reason=reason, publish=publish, by=cast(User, request.user))
    except ValueError as refusal:
        return _page(request, str(refusal))
    return redirect("jobs")
