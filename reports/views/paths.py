"""The page of the shortest path to a target, and its file."""

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from reports.indicators import INDICATOR_BY_KEY
from reports.reading import paths, weeks
from reports.reading.rows import zone_of
from reports.views.places import people_of, subject_of
from schools.exports import Sheet, xlsx_file
from schools.renderers import XLSX_TYPE
from schools.scope import sight_of


@login_required
@require_safe
def path_page(request: HttpRequest, level: str, place_id: int, key: str) -> HttpResponseBase:
    """Through which schools, or people of a school, the target is nearest; ?target= asks for another one."""
    indicator = INDICATOR_BY_KEY.get(key)
    if indicator is None:
        raise Http404
    subject, trail = subject_of(request.user, level, place_id, ("Путь к цели", ""))
    chosen, sight = weeks.choose(request), sight_of(request.user)
    context = paths.page(subject, indicator, chosen, request.GET, sight=sight)
    if request.GET.get("format") == "xlsx":
        if context["way"] is None:
            raise Http404
        sheets = [
            Sheet("Путь к цели", paths.HEADER, paths.file_rows(context["way"], indicator, chosen, sight), paths.KINDS),
            Sheet("Не измерены", ("Место",), paths.unmeasured_names(context["way"], sight)),
        ]
        name = f"Путь к цели {chosen.week}.xlsx"
        return FileResponse(xlsx_file(sheets), as_attachment=True, filename=name, content_type=XLSX_TYPE)
    context |= {"people": None, "lacking": None, "covered": True}
    if subject.school is not None and context["way"] is not None:
        context |= people_of(request, subject.school, indicator, chosen, nearest=True)
    zone = zone_of(subject.region) if subject.region else None
    header = weeks.header(chosen, request.GET, zone)
    header["problem"] = header["problem"] or context["problem"]
    return render(request, "reports/path.html", context | header | {"crumbs": trail, "params": request.GET})
