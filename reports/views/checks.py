"""The pages of the data checks: the list, one check, the work list, their files, and the button that checks now."""

from collections.abc import Iterator
from typing import Any, cast

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from reports.checks import listing
from reports.checks.asking import check_now
from reports.checks.catalogue import CHECK_BY_KEY, source_of
from reports.checks.kinds import Check
from reports.checks.running import ChecksRefused, Place
from reports.models import CheckCount, CheckRequest
from reports.reading import check_work, checks
from reports.reading.bases import acts_of, lines_of
from reports.reading.checks import Area, Asked
from reports.reading.homes import crumbs, sees_municipality
from reports.reading.tables import cut
from schools.exports import Cell, Sheet, xlsx_file
from schools.models import Municipality, Region, School, User
from schools.renderers import XLSX_TYPE
from schools.scope import NOBODY, AnyUser, Level, sight_of
from schools.texts import plain

MOST_ROWS = 50_000  # of a file


@login_required
@require_safe
def check_list(request: HttpRequest) -> HttpResponse:
    """All checks of a place with what they found, the heaviest first."""
    return _list(request, _area(request.user, request.GET))


def _list(request: HttpRequest, area: Area, refusal: str = "") -> HttpResponse:
    counts, schools = CheckCount.objects.visible_to(request.user), School.objects.visible_to(request.user)
    levels = check_work.levels_at(sight_of(request.user), area.place) if isinstance(area.place, School) else NOBODY
    context = checks.overview(counts, schools, area, Asked.of(request.GET), levels)
    context |= _around(request, area) | {
        "refusal": refusal,
        "places": _places(request.user, area),
        "asked_run": _request(request.user, area),
    }
    return render(request, "reports/checks.html", context, status=429 if refusal else 200)


@login_required
@require_safe
def check(request: HttpRequest, key: str) -> HttpResponse:
    """One check: the schools of the place in which it found something, or the rows of one school."""
    found, area = _check(key), _area(request.user, request.GET)
    source = source_of(found)
    context: dict[str, Any] = {
        "check": found,
        "units": source.units,
        "of_cards": source.kind == "school",
        "bases": lines_of(found.bases, acts_of(request.user, found.bases)) if found.bases else [],
        "has_reasons": bool(found.reasons or found.facts or found.inspect),
    }
    if isinstance(area.place, School):
        levels = check_work.levels_at(sight_of(request.user), area.place)
        context |= {
            "table": check_work.rows_page(found, area.place, request.user, request.GET),
            "counted": _counted(request.user, found, area),
            "hidden": listing.kind_of(found).hidden,
            "links": listing.links(found, area.place, levels),
        }
    else:
        context["table"] = check_work.schools_page(_found_schools(request.user, found, area), found, request.GET)
    context |= _around(request, area, (found.name, ""))
    return render(request, "reports/check.html", context)


@login_required
@require_safe
def work(request: HttpRequest) -> HttpResponse:
    """What to mend first: findings in the order of what a minute of work gives."""
    area, asked = _area(request.user, request.GET), Asked.of(request.GET)
    counts = CheckCount.objects.visible_to(request.user)
    context = checks.overview(counts, School.objects.visible_to(request.user), area, asked)
    by_school = isinstance(area.place, School) or (area.place is not None and request.GET.get("by") == "school")
    if by_school:
        context["table"] = check_work.tasks_page(counts, area, asked, request.GET)
    else:
        tasks = check_work.tasks_by_check(checks.tallies(counts, area), area, asked, context["schools_total"])
        context["table"] = cut(tasks, request.GET)
    context["by_school"] = by_school
    return render(request, "reports/check_work.html", context | _around(request, area, ("Что исправить сначала", "")))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def run(request: HttpRequest) -> HttpResponse:
    """Check a place now; too soon after the last time is told kindly, on the page. Opened by itself it leads there.

    htmx asks here each second whether a region's check is over, and is told to load the page anew when it is.
    """
    if request.method != "POST":
        return _progress(request, _area(request.user, request.GET))
    area = _area(request.user, request.POST)
    if area.place is None or not _may_run(request.user):
        raise PermissionDenied
    try:
        check_now(area.place, by=cast(User, request.user))
    except ChecksRefused as refusal:
        return _list(request, area, str(refusal))
    return redirect(area.address("checks", checked="now"))


def _progress(request: HttpRequest, area: Area) -> HttpResponse:
    asked = _request(request.user, area)
    if not getattr(request, "htmx", False):
        return redirect(area.address("checks"))
    if asked is None or asked.is_over:
        response = HttpResponse(status=286)
        response["HX-Refresh"] = "true"
        return response
    return render(request, "reports/check_progress.html", {"area": area, "asked_run": asked})


def _request(user: AnyUser, area: Area) -> CheckRequest | None:
    """The newest wish to have the region checked, for those who may wish so."""
    if not isinstance(area.place, Region):
        return None
    return CheckRequest.objects.visible_to(user).filter(region=area.place).order_by("-id").first()


# Files


@login_required
@require_safe
def check_file(request: HttpRequest, key: str) -> FileResponse:
    """What a check's page lists, whole, as a workbook."""
    found, area = _check(key), _area(request.user, request.GET)
    if isinstance(area.place, School):
        look = listing.Look(found, area.place, request.user)
        lines = look.findings(list(look.rows()[:MOST_ROWS]))
        header = ["Что", "Подробнее", "Замечание", *(title for title, _ in found.facts)]
        table: list[list[Cell]] = [
            [line.title, line.note, ", ".join(line.reasons) or found.name, *(value for _, value in line.facts)]
            for line in lines
        ]
        return _file(key, found.name, header, iter(table), [36, 36, 44])
    header = ["Регион", "Муниципалитет", "Код", "Школа", "Найдено", "Проверено", "Находится с"]
    schools = _found_schools(request.user, found, area).select_related("school__region")[:MOST_ROWS]
    return _file(key, found.name, header, map(_school_cells, schools.iterator(2000)), [24, 28, 12, 40])


def _school_cells(row: CheckCount) -> list[Cell]:
    place = row.municipality.name if row.municipality else ""
    school = row.school
    return [school.region.name, place, school.code, school.short_name, row.found, row.looked_at, row.since_on]


@login_required
@require_safe
def work_file(request: HttpRequest) -> FileResponse:
    """The work list, whole, as a workbook."""
    area, asked = _area(request.user, request.GET), Asked.of(request.GET)
    if area.place is None:
        raise Http404
    found = check_work.work(CheckCount.objects.visible_to(request.user), area, asked)[:MOST_ROWS]
    header = ["Муниципалитет", "Школа", "Проверка", "Важность", "Найдено", "Сколько займёт", "Поднимет качество"]
    return _file("work", "Что исправить сначала", header, map(_task_cells, found.iterator(2000)), [28, 40, 48])


def _task_cells(row: CheckCount) -> list[Cell]:
    task = check_work.task(row)
    severity = task.check.severity.name
    texts = (task.place, task.school, task.check.name, severity, task.found_text, task.effort_text, task.gain_text)
    return [plain(text) for text in texts]


def _file(name: str, title: str, header: list[str], rows: Iterator[list[Cell]], widths: list[int]) -> FileResponse:
    file = xlsx_file([Sheet(title, header, rows, widths=widths)])
    return FileResponse(file, as_attachment=True, filename=f"checks-{name}.xlsx", content_type=XLSX_TYPE)


# The place


def _check(key: str) -> Check:
    if key not in CHECK_BY_KEY:
        raise Http404
    return CHECK_BY_KEY[key]


def _area(user: AnyUser, params: QueryDict) -> Area:
    """The place the address names, within sight; by default the reader's own. Out of sight is 404."""
    school, municipality, region = (params.get(name, "") for name in ("school", "municipality", "region"))
    if school:
        schools = School.objects.visible_to(user).select_related("region", "municipality")
        return Area(get_object_or_404(schools, pk=_id(school)))
    if municipality:
        towns = Municipality.objects.visible_to(user).select_related("region")
        return Area(get_object_or_404(towns, pk=_id(municipality)))
    if region:
        code = region[:2] if region.isascii() and region.isalnum() else ""  # a NUL is no text of PostgreSQL
        return Area(get_object_or_404(Region.objects.visible_to(user), code=code))
    return Area(_own_place(user))


def _own_place(user: AnyUser) -> Place | None:
    """The reader's place: None is the country's; several of one level begin with the first by name."""
    sight = sight_of(user)
    if sight.level is None:
        raise Http404
    if sight.level == Level.REGION:
        return Region.objects.visible_to(user).filter(pk__in=sight.region_ids).order_by("name").first()
    if sight.level == Level.MUNICIPALITY:
        towns = Municipality.objects.visible_to(user).select_related("region")
        return towns.filter(pk__in=sight.municipality_ids).order_by("name_key").first()
    if sight.level == Level.SCHOOL:
        schools = School.objects.visible_to(user).select_related("region", "municipality")
        return schools.filter(pk__in=sight.school_ids).order_by("name_key").first()
    return None


def _id(text: Any) -> int:
    if not text.isascii() or not text.isdecimal() or len(text) > 18:
        raise Http404
    return int(text)


def _may_run(user: AnyUser) -> bool:
    """Observers of the country change nothing, so they start nothing either."""
    sight = sight_of(user)
    return sight.everything or bool(sight.region_ids or sight.municipality_ids or sight.school_ids)


def _found_schools(user: AnyUser, found: Check, area: Area) -> "QuerySet[CheckCount]":
    return check_work.found_schools(CheckCount.objects.visible_to(user), found, area)


def _counted(user: AnyUser, found: Check, area: Area) -> int:
    """What the last run found in a school: told to those who may see the number but not the rows."""
    counts = CheckCount.objects.visible_to(user).filter(check_number=found.number, **area.filters)
    return counts.values_list("found", flat=True).first() or 0


def _around(request: HttpRequest, area: Area, *more: tuple[str, str]) -> dict[str, Any]:
    """What every page of the checks shows around its own content."""
    return {
        "area": area,
        "crumbs": _crumbs(request.user, area, *more),
        "may_run": area.place is not None and _may_run(request.user),
        "fresh": checks.freshness(area),
        "params": request.GET,
        "is_school": isinstance(area.place, School),
    }


def _crumbs(user: AnyUser, area: Area, *more: tuple[str, str]) -> list[tuple[str, str]]:
    place = area.place
    region = place if isinstance(place, Region) else place.region if place is not None else None
    steps: list[tuple[str, str]] = []
    town = place.municipality if isinstance(place, School) else place if isinstance(place, Municipality) else None
    if town is not None and region is not None:
        seen = sees_municipality(sight_of(user), town.pk, region.pk)
        steps.append((town.name, town.get_absolute_url() if seen else ""))
    if isinstance(place, School):
        steps.append((place.short_name, place.get_absolute_url()))
    return crumbs(user, region, *steps, ("Проверки", area.address("checks") if more else ""), *more)


def _places(user: AnyUser, area: Area) -> list[dict[str, Any]]:
    """Places beside or below the one shown, for the switcher."""
    found = _siblings(user, area.place)
    rows = [
        {"title": Area(place).name, "url": Area(place).address("checks"), "current": place == area.place}
        for place in found
    ]
    return rows if len(rows) > 1 else []


def _siblings(user: AnyUser, place: Place | None) -> list[Place]:
    """Regions of the country; a region and its municipalities; of those who hold several schools, these."""
    sight = sight_of(user)
    if place is None:
        return list(Region.objects.visible_to(user).order_by("name"))
    if isinstance(place, School):
        own = sight.school_ids if sight.level == Level.SCHOOL else set()
        return list(School.objects.visible_to(user).filter(pk__in=own).order_by("name_key"))
    region = place if isinstance(place, Region) else place.region
    towns = Municipality.objects.visible_to(user).filter(region=region, closed_on=None).order_by("name_key")
    above = Region.objects.visible_to(user).filter(pk=region.pk)
    return [*above, *towns]
