"""The page of changed figures, and its file."""

from dataclasses import replace
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from reports.alerts import METHOD, WATCHED
from reports.indicators import INDICATOR_BY_KEY
from reports.models import ChangeAlert, Direction, RatingState
from reports.rating_list import LEVEL_BY_KEY, LEVEL_KEYS
from reports.reading import alerts as alert_page
from reports.reading import weeks
from reports.reading.homes import crumbs
from schools.exports import Sheet, xlsx_file
from schools.models import Municipality, Region
from schools.renderers import XLSX_TYPE
from schools.scope import Level, Sight, sight_of

DIRECTIONS = {"worse": Direction.WORSE, "better": Direction.BETTER}
LEVEL_TITLES = {
    Level.COUNTRY: "страна",
    Level.REGION: "регионы",
    Level.MUNICIPALITY: "муниципалитеты",
    Level.SCHOOL: "школы",
}


@login_required
@require_safe
def changed_figures(request: HttpRequest) -> HttpResponseBase:
    """Figures that are not what they used to be: of the reader's own places, or of all whose numbers she sees."""
    sight = sight_of(request.user)
    if sight.level is None:
        raise Http404
    chosen = _published(request)
    near = ChangeAlert.objects.visible_to(request.user).filter(rating=chosen.rating)
    if request.GET.get("near") != "all":
        near = near.at_home(sight)
    found = _narrowed(near, request)
    counts = alert_page.count(found)
    way = DIRECTIONS.get(request.GET.get("direction", ""))
    if way is not None:
        found = found.filter(direction=way)
    if request.GET.get("format") == "xlsx":
        return _file(found, chosen)
    total = {Direction.WORSE: counts.worse, Direction.BETTER: counts.better}.get(way, sum(counts))  # type: ignore[arg-type]
    context: dict[str, Any] = weeks.header(chosen, request.GET) | {
        "table": alert_page.page(found, chosen, request.GET, total, sight),
        "counts": counts,
        "params": request.GET,
        "method": METHOD,
        "looked": _is_looked(chosen),
        "may_look_around": not sight.country and sight.level < Level.SCHOOL,
        "is_school": sight.level == Level.SCHOOL,
        "crumbs": crumbs(request.user, None, ("Изменения", "")),
    }
    return render(request, "reports/alerts.html", context | _choices(request, near, sight))


def _is_looked(chosen: weeks.Chosen) -> bool:
    """Whether changes were looked for; a replaced revision has given its own away."""
    rating = chosen.rating
    return rating is not None and rating.changes_at is not None and rating.state == RatingState.PUBLISHED


def _published(request: HttpRequest) -> weeks.Chosen:
    """The week asked for, by default the newest that is published: of a draft nothing is looked for."""
    chosen = weeks.choose(request)
    if request.GET.get("week") or chosen.rating is None or chosen.rating.state != RatingState.DRAFT:
        return chosen
    rating = next((each for each in chosen.ratings if each.state == RatingState.PUBLISHED), None)
    return replace(chosen, week=rating.iso_week, rating=rating) if rating else chosen


def _narrowed(alerts: "QuerySet[ChangeAlert]", request: HttpRequest) -> "QuerySet[ChangeAlert]":
    """Those of the indicator, the level, the region and the municipality asked for; out of sight is 404."""
    indicator = INDICATOR_BY_KEY.get(request.GET.get("indicator", ""))
    level = LEVEL_BY_KEY.get(request.GET.get("level", ""))
    code, town = _code(request), request.GET.get("municipality", "")
    if indicator is not None:
        alerts = alerts.filter(indicator=indicator.number)
    if level is not None:
        alerts = alerts.filter(level=level)
    if code:
        alerts = alerts.filter(region=get_object_or_404(Region.objects.visible_to(request.user), code=code))
    if town.isascii() and town.isdecimal() and len(town) < 16:
        place = get_object_or_404(Municipality.objects.visible_to(request.user), pk=int(town))
        alerts = alerts.filter(municipality=place)
    return alerts


def _code(request: HttpRequest) -> str:
    """The code of the region asked for; of what no code looks like, «?»: PostgreSQL takes no NUL for a text."""
    code = request.GET.get("region", "")
    return code[:2] if code.isascii() and code.isalnum() else "?" * bool(code)


def _choices(request: HttpRequest, alerts: "QuerySet[ChangeAlert]", sight: Sight) -> dict[str, Any]:
    """What the list may be narrowed to, where there is a choice."""
    regions = alert_page.regions_of(alerts, Region.objects.visible_to(request.user)) if sight.country else []
    code = _code(request)
    towns = Municipality.objects.visible_to(request.user)
    towns = towns.filter(region__code=code) if code or sight.country else towns
    levels = [level for level in Level if level >= (sight.level or Level.SCHOOL)]
    return {
        "regions": [(region.name, region.code) for region in regions],
        "municipalities": [(town.name, str(town.pk)) for town in towns.order_by("name_key")]
        if sight.region_ids or code
        else [],
        "levels": [(LEVEL_TITLES[level], LEVEL_KEYS[level]) for level in levels] if len(levels) > 1 else [],
        "indicators": [(each.short_name, each.key) for each in WATCHED],
    }


def _file(alerts: "QuerySet[ChangeAlert]", chosen: weeks.Chosen) -> FileResponse:
    if chosen.rating is None:
        raise Http404
    rows = alert_page.file_rows(alerts, chosen.rating)
    file = xlsx_file([Sheet("Изменения", alert_page.HEADER, rows, alert_page.KINDS)])
    return FileResponse(file, as_attachment=True, filename=f"Изменения {chosen.week}.xlsx", content_type=XLSX_TYPE)
