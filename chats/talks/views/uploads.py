"""Chats from a file: the upload, the template and the list to download, the upload's own page until its undo."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.messages import get_messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from chats.models import ChatImport
from chats.talks.sheet import files, services, showing, work
from chats.talks.sheet.columns import column_choices
from chats.talks.views.access import own_school
from schools import jobs
from schools.models import School
from schools.sheets import LIMITS
from staff.imports.services import ImportRefused
from staff.imports.showing import progress_context
from staff.rosters.views.access import SeeOther, person, school_in_sight, sees_people
from staff.rosters.views.uploads import ASK_AGAIN, XLSX, attachment
from staff.showing import crumbs, import_line

REPLANNED_AT_ONCE = 1000  # rows: a fix on a list this long is planned again within the request
_TOLD = {messages.ERROR: "bad"}


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def upload(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a file; the same address shows past uploads and the template."""
    school = own_school(request, pk)
    error = ""
    if request.method == "POST":
        try:
            return redirect(_start(request, school))
        except ImportRefused as refusal:
            error = str(refusal)
    past = ChatImport.objects.visible_to(request.user).filter(school=school).light()
    context = {
        "school": school,
        "crumbs": crumbs(request.user, school, ("Чаты", reverse("chats", args=[school.pk])), ("Загрузка", "")),
        "error": error,
        "past": [import_line(one) for one in past[:8]],
    }
    return render(request, "talks/upload.html", context, status=422 if error else 200)


def _start(request: HttpRequest, school: School) -> ChatImport:
    file = request.FILES.get("file")
    if file is None:
        raise ImportRefused("Выберите файл: xlsx, xls, ods или csv.")
    data = file.read(LIMITS.max_bytes + 1)
    return services.start_import(school=school, data=data, shown_name=file.name or "", by=person(request))


@require_safe
@login_required
def template(request: HttpRequest, pk: int) -> HttpResponse:
    """The school's own spreadsheet: the chats it has, and those it should have."""
    school = own_school(request, pk)
    data = files.template(school, timezone.localdate())
    return attachment(data, XLSX, "chats-template.xlsx", f"Чаты {school.short_name} шаблон.xlsx")


@require_safe
@login_required
def chat_list_file(request: HttpRequest, pk: int) -> HttpResponse:
    """All chats of a school; for coordinators without the links into chats of families."""
    school = school_in_sight(request, pk)
    data = files.chat_list(school, own=sees_people(request, school.pk))
    return attachment(data, XLSX, "chats.xlsx", f"Чаты {school.short_name}.xlsx")


# The upload's own page


def _own_import(request: HttpRequest, pk: int) -> ChatImport:
    """An upload of the person's own school; for those above it, 403."""
    rows: Any = ChatImport.objects.visible_to(request.user).light()
    related = ("school__region", "school__municipality", "created_by", "applied_by")
    found: ChatImport = get_object_or_404(rows.select_related(*related), pk=pk)
    if not ChatImport.objects.editable_by(request.user).filter(pk=pk).exists():
        raise PermissionDenied
    return found


@require_safe
@login_required
def import_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Where an upload stands: being read, the plan, being written, the outcome."""
    found = _own_import(request, pk)
    context = showing.import_context(found, request.user, request.GET)
    if found.is_over:  # told once, so on the page where a person stays
        context["told"] = [(_TOLD.get(one.level, "info"), one.message) for one in get_messages(request)]
    return render(request, context["page_template"], context)


@require_safe
@login_required
def import_progress(request: HttpRequest, pk: int) -> HttpResponse:
    """The bar alone, asked for each second; when the job is over htmx is told to load the whole page."""
    found = _own_import(request, pk)
    context = progress_context(found) | {"upload": found}  # type: ignore[arg-type]
    response = render(request, "talks/import_progress.html", context, status=286 if context["is_over"] else 200)
    if context["is_over"]:
        response["HX-Refresh"] = "true"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def import_act(request: HttpRequest, pk: int) -> HttpResponse:
    """Whatever a person does with an upload: mend, confirm, drop, stop, undo. Opened by itself it leads to the page."""
    found = _own_import(request, pk)
    if request.method != "POST":
        return redirect(found)
    try:
        said = _act(request, found)
    except ImportRefused as refusal:
        messages.error(request, str(refusal))
        return SeeOther(found.get_absolute_url())
    if said:
        messages.info(request, said)
        return SeeOther(found.get_absolute_url())
    anchor = next((name for name in ("pick", "accept", "fix", "accept_all", "skip") if name in request.POST), "")
    return SeeOther(found.get_absolute_url() + ("#unknown" if anchor == "pick" else "#mistakes" if anchor else ""))


def _act(request: HttpRequest, found: ChatImport) -> str:
    """Do what the pressed button says; what was typed is kept first, and then a plan is asked about again."""
    by, post = person(request), request.POST
    simple: dict[str, Callable[[], Any]] = {
        "discard": lambda: services.discard(found, by=by),
        "undo": lambda: services.request_undo(found, by=by),
        "abort": lambda: jobs.abort(found),
    }
    for name, action in simple.items():
        if name in post:
            action()
            return ""
    fixes, mapping = showing.fixes_from(found, post), _mapping(post.dict())
    if "accept_all" in post:
        _again(services.accept_suggestions(found, fixes=fixes, by=by))
    elif "mapping" in post or ("apply" in post and _are_other(found, mapping)):
        _again(services.choose_columns(found, mapping=mapping, fixes=fixes, by=by))
    elif fixes:
        _again(services.fix_cells(found, fixes=fixes, by=by))
    elif "apply" in post:
        services.request_apply(found, by=by, seen=post.get("seen", ""))
        return ""
    return ASK_AGAIN if "apply" in post else ""


def _mapping(data: dict[str, str]) -> dict[int, str]:
    """Read «column-3» → key from a posted form; empty choices say «не брать»."""
    known = {"", *(key for key, _ in column_choices())}
    named = {name.removeprefix("column-"): key for name, key in data.items() if name.startswith("column-")}
    return {
        int(at): key for at, key in named.items() if at.isascii() and at.isdecimal() and len(at) < 5 and key in known
    }


def _are_other(found: ChatImport, mapping: dict[int, str]) -> bool:
    """Whether a posted choice of columns is not the one the plan was made with."""
    known = {index: key for _, index, key in found.summary.get("columns", [])}
    return any(known.get(index, "") != key for index, key in mapping.items())


def _again(found: ChatImport) -> None:
    """Plan a short list again within the request, so that a fix shows at once; a worker takes the long ones."""
    if found.summary.get("rows", 0) <= REPLANNED_AT_ONCE:
        with suppress(Exception):  # jobs.run has logged it and given the job back: a worker tries again
            jobs.run(ChatImport, found.pk, work.perform)
