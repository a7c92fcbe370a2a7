"""The page that holds two weeks of a place, or two places, against each other, and its file."""

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from reports.indicators import INDICATORS
from reports.reading import compare, compare_files, weeks
from reports.reading.breakdowns import Subject
from reports.reading.homes import homes_of
from reports.reading.rows import zone_of
from reports.views.places import subject_of
from schools.exports import xlsx_file
from schools.models import Municipality, Region, School
from schools.renderers import XLSX_TYPE
from schools.scope import sight_of

LONGEST_ID = 16


@login_required
@require_safe
def compare_page(request: HttpRequest) -> HttpResponseBase:
    """?a= names a place («school.12»), by default the reader's own; ?b= another of its level, or ?with= a week.

    ?format=xlsx gives the table as a workbook.
    """
    homes = homes_of(request.user)
    own = f"{homes[0].level.name.lower()}.{homes[0].place_id}" if homes else ""
    subject, trail = _place(request, request.GET.get("a", "") or own)
    text = request.GET.get("b", "")
    other = _place(request, text)[0] if text else None
    if other is not None and (other.level != subject.level or other.place_id == subject.place_id):
        raise Http404
    chosen = weeks.choose(request)
    before, now = compare.sides(subject, other, chosen, request.GET)
    context = compare.page(before, now, chosen, request.GET, sight=sight_of(request.user))
    if request.GET.get("format") == "xlsx":
        return _file(before, now, context["rows"])
    user = request.user
    context |= weeks.header(chosen, request.GET, zone_of(subject.region) if subject.region else None)
    asked = request.GET.get("with", "")
    if other is None and asked not in {"", str(before.week)} and not context["problem"]:
        context["problem"] = f"Среди подсчитанных недель «{asked[:20]}» нет: сравниваем с неделей {before.week}."
    context |= {
        "subject": subject,
        "own": subject.key,
        "other": other.key if other else "",
        "with": str(before.week),
        "crumbs": trail,
        "params": request.GET,
        "siblings": compare.siblings(
            subject,
            Region.objects.visible_to(user),
            Municipality.objects.visible_to(user),
            School.objects.visible_to(user),
            other,
        ),
        "week_choices": compare.week_choices(chosen),
        "indicator_choices": [(each.short_name, each.key) for each in INDICATORS],
    }
    return render(request, "reports/compare.html", context)


def _file(before: compare.Side, now: compare.Side, rows: list[compare.Compared]) -> FileResponse:
    """The comparison as a workbook; 404 where there is nothing to compare."""
    if not rows:
        raise Http404
    name = f"Сравнение {now.week}.xlsx"
    file = xlsx_file(compare_files.sheets(before, now, rows))
    return FileResponse(file, as_attachment=True, filename=name, content_type=XLSX_TYPE)


def _place(request: HttpRequest, text: str) -> tuple[Subject, list[tuple[str, str]]]:
    """The place «school.12» names and the way to it; out of sight, or no place at all, is 404."""
    level, _, pk = text.partition(".")
    if not (pk.isascii() and pk.isdecimal() and len(pk) < LONGEST_ID):
        raise Http404
    return subject_of(request.user, level, int(pk), ("Сравнение", ""))
