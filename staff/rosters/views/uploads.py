"""Pages of a roster's uploads: the file, the template, OneRoster out, and the upload's own page until its undo."""

import datetime
from collections.abc import Callable
from contextlib import suppress
from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.messages import get_messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from schools import jobs
from schools.models import Pupil
from schools.values import clean_date
from schools.years import school_year_of, school_year_title
from staff.imports.showing import progress_context
from staff.models import ImportMode, RosterImport
from staff.rosters import plan_page, services, showing
from staff.rosters.forms import UploadForm
from staff.rosters.oneroster.writing import make_archive
from staff.rosters.template import mistakes_workbook, school_workbook
from staff.rosters.views.access import SeeOther, own_school, person
from staff.rosters.work import perform
from staff.showing import crumbs, import_line

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
REPLANNED_AT_ONCE = 3000  # rows: a fix on a book this long is planned again within the request
ASK_AGAIN = "Сначала сохранили ваши исправления и сверили файл ещё раз. Посмотрите, что изменится, и подтвердите."
_TOLD = {messages.ERROR: "bad"}


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def upload(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a file; the same address shows past uploads and the template."""
    school = own_school(request, pk)
    form = UploadForm(request.POST or None, request.FILES or None)
    today = timezone.localdate()
    error = ""
    if request.method == "POST":
        if form.is_valid():
            try:
                return redirect(_start(request, school, form.cleaned_data))
            except services.ImportRefused as refusal:
                error = str(refusal)
        else:
            error = " ".join(str(message) for found in form.errors.values() for message in found)
    past = RosterImport.objects.visible_to(request.user).filter(school=school).light()
    context = {
        "school": school,
        "crumbs": crumbs(request.user, school, showing.school_crumb(school), ("Загрузка", "")),
        "error": error,
        "mode": request.POST.get("mode", ImportMode.UPDATE),
        "years": [(str(year), school_year_title(year)) for year in services.open_years(today)],
        "year": request.POST.get("year", str(school_year_of(today))),
        "past": [import_line(one) for one in past[:8]],
        "pupils": Pupil.objects.visible_to(request.user).filter(school=school).learning(today).count(),
    }
    return render(request, "rosters/upload.html", context, status=422 if error else 200)


def _start(request: HttpRequest, school: Any, given: dict[str, Any]) -> RosterImport:
    file = given["file"]
    return services.start_import(
        school=school,
        data=file.read(services.LIMITS.max_bytes + 1),
        shown_name=file.name,
        mode=given["mode"],
        year=given["year"] or school_year_of(timezone.localdate()),
        by=person(request),
    )


@require_safe
@login_required
def template(request: HttpRequest, pk: int) -> HttpResponse:
    """The school's own workbook, with what it has now."""
    school = own_school(request, pk)
    today = timezone.localdate()
    data = school_workbook(school, _year(request, today), today)
    return attachment(data, XLSX, "roster.xlsx", f"Классы и обучающиеся {school.short_name}.xlsx")


def _year(request: HttpRequest, today: datetime.date) -> int:
    asked = request.GET.get("year", "")
    years = services.open_years(today)
    return int(asked) if asked in map(str, years) else years[0]


@require_safe
@login_required
def oneroster(request: HttpRequest, pk: int) -> HttpResponse:
    """The roster of a year as a OneRoster 1.2 archive."""
    school = own_school(request, pk)
    year = _year(request, timezone.localdate())
    name = f"OneRoster {school.short_name} {year}.zip"
    return attachment(make_archive(school, year), "application/zip", "oneroster.zip", name)


def attachment(data: bytes, kind: str, plain: str, name: str) -> HttpResponse:
    """Bytes to be saved under a Russian name."""
    response = HttpResponse(data, content_type=kind)
    response["Content-Disposition"] = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name)}"
    return response


# The upload's own page


def _import(request: HttpRequest, pk: int) -> RosterImport:
    found: Any = RosterImport.objects.visible_to(request.user).light()
    return get_object_or_404(found.select_related("school__region", "school__municipality", "created_by"), pk=pk)


@require_safe
@login_required
def import_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Where an upload stands: being read, the plan, being written, the outcome."""
    found = _import(request, pk)
    context = plan_page.import_context(found, request.user, request.GET)
    if found.is_over:  # told once, so on the page where a person stays
        context["told"] = [(_TOLD.get(one.level, "info"), one.message) for one in get_messages(request)]
    return render(request, context["page_template"], context)


@require_safe
@login_required
def import_progress(request: HttpRequest, pk: int) -> HttpResponse:
    """The bar alone, asked for each second; when the job is over htmx is told to load the whole page."""
    found = _import(request, pk)
    context = progress_context(found) | {"upload": found}  # type: ignore[arg-type]
    response = render(request, "rosters/progress.html", context, status=286 if context["is_over"] else 200)
    if context["is_over"]:
        response["HX-Refresh"] = "true"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def import_act(request: HttpRequest, pk: int) -> HttpResponse:
    """Whatever a person does with an upload: mend, confirm, drop, stop, undo. Opened by itself it leads to the page."""
    found = _import(request, pk)
    if request.method != "POST":
        return redirect(found)
    try:
        said = _act(request, found)
    except services.ImportRefused as refusal:
        messages.error(request, str(refusal))
        return SeeOther(found.get_absolute_url())
    if said:
        messages.info(request, said)
        return SeeOther(found.get_absolute_url())
    mended = {"accept", "fix", "accept_all", "skip"} & set(request.POST)
    return SeeOther(found.get_absolute_url() + ("#mistakes" if mended else ""))


def _act(request: HttpRequest, found: RosterImport) -> str:
    """Do what the pressed button says; what was typed is kept first, and then a plan is asked about again."""
    by, post = person(request), request.POST
    simple: dict[str, Callable[[], Any]] = {
        "discard": lambda: services.discard(found, by=by),
        "undo": lambda: services.request_undo(found, by=by),
        "abort": lambda: jobs.abort(found),
        "mode": lambda: _again(services.change_mode(found, mode=post["mode"], by=by)),
    }
    for name, action in simple.items():
        if name in post:
            action()
            return ""
    fixes = plan_page.fixes_from(found, post)
    if "accept_all" in post:
        _again(services.accept_suggestions(found, fixes=fixes, by=by))
    elif fixes:
        _again(services.fix_cells(found, fixes=fixes, by=by))
    elif "apply" in post:
        left_on = clean_date(post.get("left_on", "")).value
        services.request_apply(found, by=by, left_on=left_on, sure="sure" in post, seen=post.get("seen", ""))
        return ""
    return ASK_AGAIN if "apply" in post else ""


def _again(found: RosterImport) -> None:
    """Plan a short book again within the request, so that a fix shows at once; a worker takes the long ones."""
    if found.summary.get("rows", 0) <= REPLANNED_AT_ONCE:
        with suppress(Exception):  # jobs.run has logged it and given the job back: a worker tries again
            jobs.run(RosterImport, found.pk, perform)


@require_safe
@login_required
def mistakes(request: HttpRequest, pk: int) -> HttpResponse:
    """The rows that wait, as a workbook to mend and upload again."""
    found = _import(request, pk)
    waiting = plan_page.waiting_rows(found)
    if not waiting:
        raise Http404
    return attachment(mistakes_workbook(waiting), XLSX, "mend.xlsx", f"Исправить {found.school.short_name}.xlsx")
