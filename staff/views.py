"""Pages of a school's staff: the list, the upload, and the upload's own page from the first second to the undo."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any, cast
from urllib.parse import quote

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.messages import get_messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from schools import jobs
from schools.codes import LONGEST_SEARCH
from schools.models import School, User
from schools.platforms import SFERUM
from schools.scope import Level
from staff import showing
from staff.forms import UploadForm, column_choices, mapping_from
from staff.imports import mending, services
from staff.imports import showing as plan_page
from staff.imports.performing import perform
from staff.imports.template import mistakes_file, school_template
from staff.models import ImportMode, ImportStage, StaffImport, StaffMember

PAGE = 50
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
REPLANNED_AT_ONCE = 3000  # rows: a fix on a list this long is planned again within the request


def _school(request: HttpRequest, pk: int) -> School:
    return get_object_or_404(School.objects.visible_to(request.user).select_related("region", "municipality"), pk=pk)


def _may_edit(request: HttpRequest, school: School) -> bool:
    sight = request.user.seen  # type: ignore[union-attr]
    return bool(sight.covers_from_above(school) or school.pk in sight.school_ids)


def _import(request: HttpRequest, pk: int) -> StaffImport:
    found = StaffImport.objects.visible_to(request.user).light()
    return get_object_or_404(found.select_related("school__region", "school__municipality", "created_by"), pk=pk)


def _decides(request: HttpRequest, school: School) -> bool:
    """Whether held uploads of a school are this person's to confirm."""
    return bool(request.user.seen.covers_from_above(school))  # type: ignore[union-attr]


def _sees_staff(request: HttpRequest) -> None:
    """Names of staff are not for the country's observer: out of sight is 404."""
    sight = request.user.seen  # type: ignore[union-attr]
    if sight.country and not sight.everything and not (sight.region_ids or sight.municipality_ids or sight.school_ids):
        raise Http404


# The list


@require_safe
@login_required
def staff_list(request: HttpRequest, pk: int) -> HttpResponse:
    """A school's staff, fifty a page, filtered by name and by what is missing."""
    _sees_staff(request)
    school = _school(request, pk)
    people = StaffMember.objects.visible_to(request.user).filter(school=school).order_by("name_key", "id")
    shown = _filtered(people, request)
    page = Paginator(shown, PAGE).get_page(request.GET.get("page"))
    context = {
        "school": school,
        "crumbs": showing.crumbs(request.user, school, ("Сотрудники", "")),
        "people": showing.people_rows(list(page.object_list)),
        "page": page,
        "counts": showing.staff_counts(school),
        "filters": showing.STAFF_FILTERS,
        "may_edit": _may_edit(request, school),
        "words": request.GET.get("q", "")[:LONGEST_SEARCH],
    }
    return render(request, "staff/list.html", context)


def _filtered(people: "QuerySet[StaffMember]", request: HttpRequest) -> "QuerySet[StaffMember]":
    today = timezone.localdate()
    kind = request.GET.get("show", "")
    profiles = (
        StaffMember.objects.visible_to(request.user)
        .filter(accounts__platform=SFERUM.number, accounts__profile_on__isnull=False, accounts__closed_on=None)
        .values("pk")
    )
    filters: dict[str, Callable[[Any], Any]] = {
        "left": lambda found: found.filter(left_on__lte=today),
        "names": lambda found: found.working(today).exclude(name_issue=""),
        "no-profile": lambda found: found.working(today).exclude(pk__in=profiles),
        "teachers": lambda found: found.working(today).teachers(),
    }
    found = filters.get(kind, lambda found: found.working(today))(people)
    return found.search(request.GET["q"]) if request.GET.get("q") else found


# The upload


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def upload(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a file; the same address shows past uploads and the template."""
    _sees_staff(request)
    school = _school(request, pk)
    if not _may_edit(request, school):
        raise PermissionDenied
    form = UploadForm(request.POST or None, request.FILES or None)
    error = ""
    if request.method == "POST":
        if form.is_valid():
            try:
                file = form.cleaned_data["file"]
                made = services.start_import(
                    school=school,
                    data=file.read(services.LIMITS.max_bytes + 1),
                    shown_name=file.name,
                    mode=form.cleaned_data["mode"],
                    by=cast(User, request.user),
                )
            except services.ImportRefused as refusal:
                error = str(refusal)
            else:
                return redirect(made)
        else:
            error = " ".join(str(message) for messages in form.errors.values() for message in messages)
    past = StaffImport.objects.visible_to(request.user).filter(school=school).light()
    context = {
        "school": school,
        "crumbs": showing.crumbs(
            request.user, school, ("Сотрудники", f"/schools/{school.pk}/staff/"), ("Загрузка", "")
        ),
        "error": error,
        "mode": request.POST.get("mode", ImportMode.UPDATE),
        "past": [showing.import_line(one, decides=_decides(request, school)) for one in past[:8]],
        "working": StaffMember.objects.visible_to(request.user).filter(school=school).working().count(),
    }
    return render(request, "staff/upload.html", context, status=422 if error else 200)


@require_safe
@login_required
def template(request: HttpRequest, pk: int) -> HttpResponse:
    """The school's own spreadsheet, with its present staff."""
    _sees_staff(request)
    school = _school(request, pk)
    if not _may_edit(request, school):
        raise PermissionDenied
    return _xlsx(school_template(school, timezone.localdate()), f"Сотрудники {school.short_name}.xlsx")


def _xlsx(data: bytes, name: str) -> HttpResponse:
    response = HttpResponse(data, content_type=XLSX)
    response["Content-Disposition"] = f"attachment; filename=\"staff.xlsx\"; filename*=UTF-8''{quote(name)}"
    return response


# The upload's own page


@require_safe
@login_required
def import_list(request: HttpRequest) -> HttpResponse:
    """Uploads within sight, the latest first."""
    _sees_staff(request)
    found = StaffImport.objects.visible_to(request.user).light()
    show = request.GET.get("show", "")
    found = found.held() if show == "held" else found.filter(stage=ImportStage.PLANNED) if show == "waiting" else found
    code, municipality = request.GET.get("region", "")[:2], request.GET.get("municipality", "")
    found = found.filter(school__region__code=code) if code else found
    if municipality.isascii() and municipality.isdecimal() and len(municipality) < 16:
        found = found.filter(school__municipality=int(municipality))
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    decides = request.user.seen.level != Level.SCHOOL  # type: ignore[union-attr]
    rows = [showing.import_line(one, decides=_decides(request, one.school)) for one in page.object_list]
    context = {"rows": rows, "page": page, "crumbs": [], "decides": decides, "narrowed": bool(code or municipality)}
    return render(request, "staff/imports.html", context)


@require_safe
@login_required
def import_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Where an upload stands: being read, the plan, being written, the outcome."""
    found = _import(request, pk)
    context = plan_page.import_context(found, request.user, request.GET)
    context["may_edit"] = _may_edit(request, found.school)
    context["columns"] = column_choices()
    if found.is_over:  # told once, so on the page where a person stays
        context["told"] = [(_KINDS.get(one.level, "info"), one.message) for one in get_messages(request)]
    return render(request, context["page_template"], context)


_KINDS = {messages.ERROR: "bad"}


@require_safe
@login_required
def import_progress(request: HttpRequest, pk: int) -> HttpResponse:
    """The bar alone, asked for each second; when the job is over htmx is told to load the whole page."""
    found = _import(request, pk)
    context = plan_page.progress_context(found) | {"upload": found, "may_edit": _may_edit(request, found.school)}
    response = render(request, "staff/progress.html", context, status=286 if context["is_over"] else 200)
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
    if not StaffImport.objects.editable_by(request.user).filter(pk=pk).exists():
        raise PermissionDenied
    try:
        told = _act(request, found)
    except services.ImportRefused as refusal:
        messages.error(request, str(refusal))
        return SeeOther(found.get_absolute_url())
    if told:
        messages.info(request, told)
        return SeeOther(found.get_absolute_url())
    mended = {"accept", "fix", "accept_all", "skip"} & set(request.POST)
    return SeeOther(found.get_absolute_url() + ("#mistakes" if mended else ""))


class SeeOther(HttpResponseRedirect):
    """«Done; the page is there»: 303, so that nothing is sent twice."""

    status_code = 303


ASK_AGAIN = "Сначала сохранили ваши исправления и сверили файл ещё раз. Посмотрите, что изменится, и подтвердите."


def _act(request: HttpRequest, upload: StaffImport) -> str:
    """Do what the pressed button says; what was typed is kept first, and then a plan is asked about again."""
    by: Any = request.user
    post = request.POST
    simple: dict[str, Callable[[], Any]] = {
        "discard": lambda: services.discard(upload, by=by),
        "undo": lambda: services.request_undo(upload, by=by),
        "abort": lambda: jobs.abort(upload),
        "mode": lambda: _again(services.change_mode(upload, mode=post["mode"], by=by)),
    }
    for name, action in simple.items():
        if name in post:
            action()
            return ""
    fixes, mapping = mending.fixes_from(upload, post), mapping_from(post.dict())
    if "accept_all" in post:
        _again(services.accept_suggestions(upload, fixes=fixes, by=by))
    elif "mapping" in post or ("apply" in post and mending.are_other(upload, mapping)):
        _again(services.choose_columns(upload, mapping=mapping, fixes=fixes, by=by))
    elif fixes:
        _again(services.fix_cells(upload, fixes=fixes, by=by))
    elif "apply" in post:
        services.request_apply(upload, by=by, seen=post.get("seen", ""))
        return ""
    return ASK_AGAIN if "apply" in post else ""


def _again(upload: StaffImport) -> None:
    """Plan a short list again within the request, so that a fix shows at once; a worker takes the long ones."""
    if upload.summary.get("rows", 0) <= REPLANNED_AT_ONCE:
        with suppress(Exception):  # jobs.run has logged it and given the job back: a worker tries again
            jobs.run(StaffImport, upload.pk, perform)


@require_safe
@login_required
def mistakes(request: HttpRequest, pk: int) -> HttpResponse:
    """The rows that wait, as a spreadsheet to mend and upload again."""
    found = _import(request, pk)
    if not _may_edit(request, found.school):
        raise PermissionDenied
    waiting = plan_page.waiting_rows(found)
    if not waiting:
        raise Http404
    return _xlsx(mistakes_file(waiting), f"Исправить {found.school.short_name}.xlsx")
