"""/appointments/: who is appointed in one's places, vacancies, those who have not come in, those whose term is over."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from schools.appointing import listing, vacancies
from schools.appointing.views.access import PAGE, appoints, sees_people
from schools.models import Appointment
from schools.scope import sight_of


@require_safe
@login_required
def appointments(request: HttpRequest) -> HttpResponse:
    """The people of one's places, fifty a page."""
    sees_people(request)
    show = request.GET.get("show", "")
    may = appoints(request)
    context: dict[str, Any] = {
        "show": show,
        "words": request.GET.get("q", "")[:100],
        "segments": listing.SHOWN if may else [pair for pair in listing.SHOWN if pair[1] != "vacant"],
        "levels": listing.levels_of(sight_of(request.user), show),
        "appoints": may,
    }
    if may:
        summary = vacancies.summary_of(request.user)
        context |= listing.opening_of(summary)
    shown = _vacant(request) if show == "vacant" and may else _people(request, show)
    return render(request, "appointing/list.html", context | shown)


def _people(request: HttpRequest, show: str) -> dict[str, Any]:
    rows = Appointment.objects.visible_to(request.user)
    level, words = request.GET.get("level", ""), request.GET.get("q", "")[:100]
    found = listing.with_address(listing.narrowed(rows, show, level, words, timezone.localdate()))
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    shown = list(page.object_list)
    mine = Appointment.objects.editable_by(request.user).filter(pk__in=[row.pk for row in shown])
    editable = set(mine.values_list("pk", flat=True))
    return {"rows": [listing.row_of(row, editable) for row in shown], "page": page, "vacancies": []}


def _vacant(request: HttpRequest) -> dict[str, Any]:
    """Schools nobody is appointed to; with ?level=municipality or region, those places."""
    today = timezone.localdate()
    level = request.GET.get("level", "")
    found: Any = {
        "municipality": lambda: vacancies.municipalities_of(request.user).select_related("region"),
        "region": lambda: vacancies.regions_of(request.user),
    }.get(level, lambda: vacancies.schools_of(request.user).select_related("municipality", "region"))()
    words = listing.fold(request.GET.get("q", "")[:100]).split()[: listing.MOST_WORDS]
    for word in words if level != "region" else ():
        found = found.filter(name_key__contains=word)
    page = Paginator(vacancies.vacant(found, today), PAGE).get_page(request.GET.get("page"))
    return {"vacancies": [listing.vacancy_row(place, today) for place in page.object_list], "page": page, "rows": []}
