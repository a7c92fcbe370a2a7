"""/appointments/bulk/: a spreadsheet comes in, its plan is looked at and confirmed, letters go out."""

from typing import Any, cast
from urllib.parse import quote

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from schools.appointing.refusals import AppointRefused
from schools.appointing.sheet import services
from schools.appointing.sheet import showing as sheet_page
from schools.appointing.sheet.template import template as template_file
from schools.appointing.views.access import PAGE, must_appoint
from schools.models import AppointmentSheet, User
from schools.sheets import LIMITS

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def sheets(request: HttpRequest) -> HttpResponse:
    """Take a spreadsheet; the same address shows the past ones and the template."""
    must_appoint(request)
    error = ""
    if request.method == "POST":
        file = request.FILES.get("file")
        try:
            if file is None:
                raise AppointRefused("Выберите файл: xlsx, xls, ods или csv.")
            data = file.read(LIMITS.max_bytes + 1)
            return redirect(services.start(data=data, shown_name=file.name or "", by=cast(User, request.user)))
        except AppointRefused as refusal:
            error = str(refusal)
    rows = AppointmentSheet.objects.visible_to(request.user).select_related("file").defer("plan_data", "file__content")
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    context = {"error": error, "page": page, "past": [sheet_page.line_of(row) for row in page.object_list]}
    return render(request, "appointing/sheets.html", context, status=422 if error else 200)


@require_safe
@login_required
def template(request: HttpRequest) -> HttpResponse:
    """The spreadsheet to fill in: schools without an administrator are in it already."""
    must_appoint(request)
    response = HttpResponse(template_file(request.user, timezone.localdate()), content_type=XLSX)
    name = quote("Администраторы школ.xlsx")
    response["Content-Disposition"] = f"attachment; filename=\"administrators.xlsx\"; filename*=UTF-8''{name}"
    return response


def _sheet(request: HttpRequest, pk: int) -> AppointmentSheet:
    rows = AppointmentSheet.objects.visible_to(request.user).select_related("file", "batch")
    return get_object_or_404(rows.defer("plan_data", "file__content"), pk=pk)


@require_safe
@login_required
def sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """Where a spreadsheet stands: being read, the plan, the outcome and its letters."""
    must_appoint(request)
    return _page(request, _sheet(request, pk))


def _page(request: HttpRequest, found: AppointmentSheet, refused: str = "", status: int = 200) -> HttpResponse:
    context: dict[str, Any] = sheet_page.context_of(found, request.GET)
    if refused:
        context["refused"] = refused
    return render(request, context["page_template"], context, status=status)


@require_safe
@login_required
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """The bar alone, asked for each second; when the job is over htmx is told to load the whole page."""
    must_appoint(request)
    found = _sheet(request, pk)
    context = sheet_page.progress_of(found) | {"sheet": found}
    response = render(request, "appointing/sheet_progress.html", context, status=286 if context["is_over"] else 200)
    if context["is_over"]:
        response["HX-Refresh"] = "true"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def act(request: HttpRequest, pk: int) -> HttpResponse:
    """Confirm the plan, put it away, or send again what did not arrive."""
    must_appoint(request)
    found = _sheet(request, pk)
    by = cast(User, request.user)
    try:
        if "apply" in request.POST:
            services.confirm(found, by=by)
        elif "discard" in request.POST:
            services.discard(found, by=by)
        elif "resend" in request.POST:
            services.send_again(found, by=by)
    except AppointRefused as refusal:
        return _page(request, _sheet(request, pk), refused=str(refusal), status=409)
    return redirect(found)
