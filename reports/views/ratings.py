"""The pages of the rating, of the indicators' passports and of the search."""

import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from reports import peers
from reports.indicators import INDICATOR_BY_KEY, MAIN_INDICATOR
from reports.models import RatingRow
from reports.reading import passports, weeks
from reports.reading import ratings as rating_page
from reports.reading.bases import acts_of, lines_of
from reports.reading.facts import outside_week, why_outside, without_administrator, without_data
from reports.reading.homes import crumbs, sees_country
from reports.reading.tables import bounds, page_of
from schools.models import Municipality, Region, School
from schools.scope import Level, Sight, sight_of


@login_required
@require_safe
def ratings(request: HttpRequest) -> HttpResponse:
    """The rating of a level, for those with an appointment."""
    sight = sight_of(request.user)
    if sight.level is None:
        raise Http404
    chosen = weeks.choose(request)
    regions = _regions(request)
    asked = _asked(request, sight, regions)
    params = request.GET.copy()
    params["level"] = asked.level.name.lower()
    context: dict[str, Any] = {"empty": chosen.rating is None}
    if chosen.rating is not None:
        found = rating_page.selected(RatingRow.objects.visible_to(request.user), chosen, asked)
        context |= rating_page.page(found, chosen, asked, request.GET, sight)
    context |= weeks.header(chosen, request.GET) | {
        "asked": asked,
        "params": params,
        "regions": regions,
        "municipalities": _municipalities(request, asked),
        "okrugs": sorted({region.federal_district for region in regions if region.federal_district}),
        "levels": rating_page.levels_for(sight),
        "indicators": rating_page.indicators_for(asked.level),
        "title": rating_page.TITLES[asked.level],
        "column": rating_page.COLUMNS[asked.level],
        "exports": _exports(chosen, asked),
        "groups": peers.options(asked.level),
        "groups_are_of_today": peers.TODAY,
        "crumbs": crumbs(request.user, None, ("Рейтинг", "")),
    }
    return render(request, "reports/ratings.html", context)


def _regions(request: HttpRequest) -> list[Region]:
    """Regions a rating may be narrowed to: those whose places the reader sees."""
    sight = sight_of(request.user)
    if sight.country or sight.region_ids:
        return list(Region.objects.visible_to(request.user).order_by("name"))
    return []


def _municipalities(request: HttpRequest, asked: rating_page.Filters) -> list[Municipality]:
    if asked.level != Level.SCHOOL or asked.region is None:
        return []
    return list(Municipality.objects.visible_to(request.user).filter(region=asked.region).order_by("name_key"))


def _asked(request: HttpRequest, sight: Sight, regions: list[Region]) -> rating_page.Filters:
    """Level, indicator and place asked for, each within what may be seen; anything else is the reader's own."""
    levels = rating_page.levels_for(sight)
    level = rating_page.LEVELS.get(request.GET.get("level", ""), levels[0])
    if level not in levels:
        raise Http404
    possible = rating_page.indicators_for(level)
    indicator = INDICATOR_BY_KEY.get(request.GET.get("indicator", ""), MAIN_INDICATOR)
    code = request.GET.get("region", "")
    region = next((each for each in regions if each.code == code), None)
    if region is None and level > Level.REGION and regions:
        region = next((each for each in regions if each.pk in sight.region_ids), regions[0])
    municipality = None
    pk = request.GET.get("municipality", "")
    if level == Level.SCHOOL and pk.isascii() and pk.isdecimal() and len(pk) < 16:
        municipality = get_object_or_404(Municipality.objects.visible_to(request.user), pk=int(pk))
    okrug = request.GET.get("okrug", "")[:40] if sees_country(sight) else ""
    return rating_page.Filters(
        level,
        indicator if indicator in possible else MAIN_INDICATOR,
        region,
        municipality,
        okrug,
        peers.chosen(request.GET.get("group", "")[:40], level),
    )


def _exports(chosen: weeks.Chosen, asked: rating_page.Filters) -> dict[str, str]:
    """Addresses of the same rows as files, from the REST API."""
    region = f"&region={asked.region.code}" if asked.region and asked.level > Level.REGION else ""
    base = f"/api/v1/ratings/{chosen.week}/?level={asked.level.name.lower()}&indicator={asked.indicator.key}{region}"
    return {kind: f"{base}&format={kind}" for kind in ("xlsx", "csv", "json")}


@require_safe
def indicators(request: HttpRequest) -> HttpResponse:
    """All passports; what is counted and why is no secret, how many were measured is told to those who see them."""
    chosen = weeks.choose(request)
    sight = sight_of(request.user)
    sees_figures = bool(sight.everything or sight.country or sight.region_ids)
    themes = passports.themes_of(request.user, chosen)
    context = {"themes": themes, "chosen": chosen, "sees_figures": sees_figures}
    return render(request, "reports/indicators.html", context)


@require_safe
def indicator(request: HttpRequest, key: str) -> HttpResponse:
    """One passport: definition, sources, act, limits, targets, and the rule «использует» where it matters."""
    passport = INDICATOR_BY_KEY.get(key)
    if passport is None:
        raise Http404
    chosen = weeks.choose(request)
    counts = passports.measured(request.user, chosen, passport).get(passport.number)
    context = {
        "indicator": passport,
        "chosen": chosen,
        "measured": passports.measured_text(counts),
        "targets": passports.targets(request.user, passport, chosen),
        **passports.usage_rule(passport, chosen),
        "feed": passports.feed_text(passport, chosen),
        "weights": passports.weights_of(passport, chosen),
        "review_by": datetime.date.fromisoformat(passport.review_by),
        "reviewed_on": datetime.date.fromisoformat(passport.reviewed_on),
        "bases": lines_of(passport.bases, acts_of(request.user, passport.bases)),
        "sees": sight_of(request.user).level is not None,
    }
    return render(request, "reports/indicator.html", context)


@login_required
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Schools in sight by name or code, narrowed to a place, to those without an administrator or without a week."""
    text, lacks = request.GET.get("q", "").strip()[:100], request.GET.get("lacks", "")
    chosen = weeks.choose(request) if lacks in {"week", "data"} else None
    found = _lacking(School.objects.visible_to(request.user).search(text), lacks, chosen)
    code, under = request.GET.get("region", ""), request.GET.get("under", "")
    municipality = request.GET.get("municipality", "")
    if code:
        found = found.filter(region__code=code[:2])
    if under == "region":
        found = found.filter(municipality=None)
    if municipality.isascii() and municipality.isdecimal() and len(municipality) < 16:
        found = found.filter(municipality=int(municipality))
    total = found.count()
    first, last = bounds(request.GET, total)
    rows = found.select_related("municipality", "region").order_by("name_key", "pk")[first:last]
    table: Any = page_of(list(rows), request.GET, total)
    context = {"text": text, "lacks": lacks, "table": table, "params": request.GET, "chosen": chosen}
    context["why"] = (
        {school.pk: why_outside(school, chosen.week) for school in table.rows} if chosen and lacks == "week" else {}
    )
    return render(request, "reports/search.html", context | {"keep": _kept(request)})


def _lacking(schools: Any, lacks: str, chosen: weeks.Chosen | None) -> Any:
    """Those that lack what is asked; a week keeps the schools that have closed since, the others are open today."""
    if lacks == "data" and chosen is not None:
        return without_data(schools, chosen.rating)
    if lacks == "week" and chosen is not None:
        return outside_week(schools.open(), chosen.rating)
    return without_administrator(schools.open()) if lacks == "administrator" else schools.open()


def _kept(request: HttpRequest) -> dict[str, str]:
    """Filters that a new search keeps."""
    return {
        key: request.GET[key]
        for key in ("region", "municipality", "under", "lacks", "week", "revision")
        if request.GET.get(key)
    }
