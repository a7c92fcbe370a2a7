"""Pages of the register: its state in numbers, a list, and a reconciliation from its first second to its end."""

from collections.abc import Callable
from typing import Any, cast
from urllib.parse import quote

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from schools import jobs
from schools.models import Reconciliation, Region, School, User
from schools.reconciling import bulk, deciding, services, showing, state
from schools.reconciling.deciding import ReconcileRefused
from schools.reconciling.files import open_lines_file, register_file
from schools.reconciling.forms import ListForm, filter_from, item_from, mapping_from, quick_from

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def regions_of(user: Any) -> "QuerySet[Region]":
    """Regions whose register a person may reconcile."""
    sight = user.seen
    visible: QuerySet[Region] = Region.objects.visible_to(user)
    return visible if sight.everything else visible.filter(pk__in=sight.region_ids)


def _region(request: HttpRequest) -> Region | None:
    """The region the address names, or the only one; None where a person must choose."""
    regions = regions_of(request.user)
    code = request.GET.get("region") or request.POST.get("region")
    if code:
        return get_object_or_404(regions, code=code)
    return regions.first() if regions.count() == 1 else None


def _reconciliation(request: HttpRequest, pk: int) -> Reconciliation:
    visible = Reconciliation.objects.visible_to(request.user).defer("plan_data", "decisions", "file__content")
    return get_object_or_404(visible.select_related("region", "file", "created_by", "applied_by"), pk=pk)


# The register


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def register(request: HttpRequest) -> HttpResponse:
    """The register's state; a region takes in an official list here, a municipality only looks."""
    sight = request.user.seen  # type: ignore[union-attr]
    if not (sight.everything or sight.region_ids or sight.municipality_ids):
        raise Http404
    if not (sight.everything or sight.region_ids):
        if request.method == "POST":
            raise PermissionDenied
        return render(request, "register/municipal.html", state.schools_context(request.user, request.GET))
    region = _region(request)
    if region is None:
        return render(request, "register/choose.html", state.choice_context(request.user, regions_of(request.user)))
    error = ""
    if request.method == "POST":
        made, error = _started(request, region)
        if made is not None:
            return redirect(made)
    context = state.register_context(request.user, region, request.GET) | {"error": error}
    return render(request, "register/register.html", context, status=422 if error else 200)


def _started(request: HttpRequest, region: Region) -> tuple[Reconciliation | None, str]:
    form = ListForm(request.POST, request.FILES)
    if not form.is_valid():
        return None, " ".join(str(message) for messages in form.errors.values() for message in messages)
    file = form.cleaned_data["file"]
    try:
        made = services.start_reconciliation(
            region=region,
            data=file.read(services.LIMITS.max_bytes + 1),
            shown_name=file.name,
            partial=form.cleaned_data["scope"] == "part",
            by=cast(User, request.user),
        )
    except ReconcileRefused as refusal:
        return None, str(refusal)
    return made, ""


@require_safe
@login_required
def ours(request: HttpRequest) -> HttpResponse:
    """Our register as a spreadsheet, in the columns a list is read by."""
    region = _region(request)
    if region is None:
        raise Http404
    schools = School.objects.visible_to(request.user).filter(region=region)
    return _xlsx(register_file(schools), f"Реестр {region.short_name}.xlsx")


def _xlsx(data: bytes, name: str) -> HttpResponse:
    response = HttpResponse(data, content_type=XLSX)
    response["Content-Disposition"] = f"attachment; filename=\"register.xlsx\"; filename*=UTF-8''{quote(name)}"
    return response


# One reconciliation


@require_safe
@login_required
def reconciliation(request: HttpRequest, pk: int) -> HttpResponse:
    """Where a reconciliation stands: being read, its lines, being written, the outcome."""
    context = showing.context_of(_reconciliation(request, pk), request.GET)
    return render(request, context["page_template"], context)


@require_safe
@login_required
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """The bar alone, asked for each second; when the job is over htmx is told to load the whole page."""
    found = _reconciliation(request, pk)
    context = showing.progress_context(found) | {"reconciliation": found}
    response = render(request, "register/progress.html", context, status=286 if context["is_over"] else 200)
    if context["is_over"]:
        response["HX-Refresh"] = "true"
    return response


@require_safe
@login_required
def line(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """One line: what differs, what it may be, and every way to decide."""
    found = _reconciliation(request, pk)
    context = showing.line_context(found, key, request.GET)
    if context is None:
        raise Http404
    return render(request, "register/line.html", context)


@require_POST
@login_required
def act(request: HttpRequest, pk: int) -> HttpResponse:
    """Whatever a person does with a reconciliation: decide, confirm, drop, stop, match again."""
    found = _reconciliation(request, pk)
    editable = Reconciliation.objects.editable_by(request.user).filter(pk=pk).select_related("region", "file").first()
    if editable is None:
        raise PermissionDenied
    try:
        target = _act(request, editable)
    except ReconcileRefused as refusal:
        return _refused(request, found, str(refusal))
    return HttpResponseRedirect(target or _back(request, found))


def _back(request: HttpRequest, found: Reconciliation) -> str:
    """The list as it was filtered."""
    asked = request.POST.get("back", "")
    query = asked if asked.startswith("?") else ""
    return found.get_absolute_url() + query


def _refused(request: HttpRequest, found: Reconciliation, refusal: str) -> HttpResponse:
    key = request.POST.get("line", "")
    params = QueryDict(request.POST.get("back", "").removeprefix("?"), mutable=True)
    params["find"] = request.POST.get("find", "")
    context = showing.line_context(found, key, params, request.POST) if key else None
    if context is not None:
        return render(request, "register/line.html", context | {"refused": refusal}, status=409)
    whole = showing.context_of(found, params) | {"refused": refusal, "posted": request.POST}
    return render(request, whole["page_template"], whole, status=409)


def _act(request: HttpRequest, found: Reconciliation) -> str:
    """Do what was asked; return the address to go to, "" for back to the list."""
    by, post = cast(User, request.user), request.POST
    decisions: dict[str, Callable[[], Any]] = {
        "quick": lambda: deciding.decide(found, items=[quick_from(post)], by=by),
        "line": lambda: deciding.decide(found, items=[item_from(post["line"], post)], by=by),
        "bulk": lambda: bulk.decide_in_bulk(
            found,
            wanted=filter_from(post),
            verb=post["bulk"],
            field=post.get("field", ""),
            reason=post.get("reason", ""),
            by=by,
        ),
    }
    whole: dict[str, Callable[[], Any]] = {
        "apply": lambda: services.request_apply(found, by=by),
        "discard": lambda: services.discard(found, by=by),
        "again": lambda: services.match_again(found, by=by),
        "mapping": lambda: services.choose_columns(found, mapping=mapping_from(post.dict()), by=by),
        "abort": lambda: jobs.abort(found),
    }
    for name, action in decisions.items():
        if name in post:
            action()
            return ""
    if "anew" in post:
        return services.start_again(found, by=by).get_absolute_url()
    for name, action in whole.items():
        if name in post:
            action()
            break
    return reverse("reconciliation", args=[found.pk])


@require_safe
@login_required
def open_lines(request: HttpRequest, pk: int) -> HttpResponse:
    """The lines nobody has decided about, as a spreadsheet."""
    found = _reconciliation(request, pk)
    data = open_lines_file(found)
    if data is None:
        raise Http404
    return _xlsx(data, f"Без решения {found.region.short_name}.xlsx")
