"""Pages of chats over a territory: schools × cases of use, and the workbook of it."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from reports.models import SchoolChats
from reports.reading import chat_matrix, weeks
from reports.reading.case_weeks import case_lines
from reports.reading.homes import crumbs
from reports.reading.rows import zone_of
from reports.reading.step_matrix import towns_of
from schools.exports import Sheet, xlsx_file
from schools.models import Municipality, Region, School
from schools.renderers import XLSX_TYPE
from schools.scope import Level, sight_of

_LAST = ("Чаты", "")


@login_required
@require_safe
def region_chats(request: HttpRequest, code: str) -> HttpResponseBase:
    """A region: schools × cases, or municipalities × cases."""
    place = get_object_or_404(Region.objects.visible_to(request.user), code=code)
    return _territory(request, place, place, {"region": place.pk}, crumbs(request.user, place, _LAST))


@login_required
@require_safe
def municipality_chats(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A municipality: its schools × cases."""
    place = get_object_or_404(Municipality.objects.visible_to(request.user).select_related("region"), pk=pk)
    trail = crumbs(request.user, place.region, (place.name, place.get_absolute_url()), _LAST)
    return _territory(request, place, place.region, {"municipality": place.pk}, trail)


def _territory(
    request: HttpRequest, place: Region | Municipality, region: Region, where: dict[str, int], trail: Any
) -> HttpResponseBase:
    found = SchoolChats.objects.visible_to(request.user).filter(**where)
    towns = towns_of(School.objects.visible_to(request.user).filter(**where))
    if request.GET.get("format") == "xlsx":
        rows = chat_matrix.export_rows(found, towns, request.GET)
        file = xlsx_file([Sheet("Чаты", chat_matrix.export_header(), rows)])
        return FileResponse(file, as_attachment=True, filename=f"Чаты {place.name}.xlsx", content_type=XLSX_TYPE)
    by_town = isinstance(place, Region) and request.GET.get("by") == "town"
    sight = sight_of(request.user)
    chosen = weeks.choose(request)
    level = Level.REGION if isinstance(place, Region) else Level.MUNICIPALITY
    context = chat_matrix.page(found, towns, request.GET, by_town=by_town) | {
        "place": place,
        "crumbs": trail,
        "params": request.GET,
        "counted_at": chat_matrix.stamp(region.pk),
        "zone": zone_of(region),
        "is_region": isinstance(place, Region),
        "by_town": by_town,
        "chosen": chosen,
        "case_weeks": case_lines(request.user, level, place.pk, chosen),
        "opens": sight.everything or bool(sight.region_ids or sight.municipality_ids),
    }
    return render(request, "reports/chats.html", context)
