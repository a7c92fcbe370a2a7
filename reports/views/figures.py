"""/figures/: operators' tables come in, their plans are looked at, confirmed and undone."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from reports.models import FigureLoad
from reports.operator_tables import services, showing
from reports.operator_tables.forms import LoadForm, known_sources
from reports.operator_tables.reading import FILE_LIMITS
from reports.operator_tables.services import FiguresRefused, Origin
from reports.reading.tables import bounds, page_of
from reports.views.steps import user_of
from schools.scope import sight_of

_LIST = ("Числа операторов", "figures")


def _sees(request: HttpRequest) -> None:
    """Tables are for coordinators of regions and observers of the country; for others there is no such page."""
    sight = sight_of(request.user)
    if not (sight.everything or sight.country or sight.region_ids):
        raise Http404


@login_required
@require_safe
def figures(request: HttpRequest) -> HttpResponse:
    """The tables taken in, the newest first."""
    _sees(request)
    rows = FigureLoad.objects.visible_to(request.user).select_related("region").defer("table", "before")
    total = rows.count()
    first, last = bounds(request.GET, total)
    lines = [showing.line_of(load) for load in rows.order_by("-id")[first:last]]
    context = {"page": page_of(lines, request.GET, total), "may_load": services.may_load(user_of(request))}
    return render(request, "reports/figures.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    """Take a table in; the plan is shown next."""
    _sees(request)
    user = user_of(request)
    if not services.may_load(user):
        raise PermissionDenied
    form = LoadForm(request.POST or None, user=user)
    error = ""
    if request.method == "POST":
        file = request.FILES.get("file")
        if file is None:
            error = "Выберите файл: xlsx, xls, ods или csv."
        elif form.is_valid():
            try:
                origin = Origin(form.region_chosen, form.cleaned_data["source"], user, "", file.name or "")
                data = file.read(FILE_LIMITS.max_bytes + 1)
                return redirect(services.start(data=data, about=form.about, origin=origin))
            except FiguresRefused as refusal:
                error = str(refusal)
    context = {"form": form, "error": error, "sources": known_sources(user)}
    return render(request, "reports/figure_upload.html", context, status=422 if error or form.errors else 200)


@login_required
@require_safe
def load(request: HttpRequest, pk: int) -> HttpResponse:
    """A table: its plan while it waits, afterwards what it did."""
    return _page(request, _load(request, pk))


def _load(request: HttpRequest, pk: int) -> FigureLoad:
    rows = FigureLoad.objects.visible_to(request.user).select_related("region", "loaded_by").defer("table")
    return get_object_or_404(rows, pk=pk)


def _page(request: HttpRequest, found: FigureLoad, refused: str = "") -> HttpResponse:
    title = "Проверьте числа" if found.stage == "planned" else "Таблица оператора"
    context: dict[str, Any] = showing.page(found, request.GET) | {
        "title": title,
        "refused": refused,
        "may_edit": FigureLoad.objects.editable_by(request.user).filter(pk=found.pk).exists(),
        "crumbs": [(_LIST[0], reverse(_LIST[1])), (f"№ {found.pk}", "")],
    }
    return render(request, "reports/figure_load.html", context, status=409 if refused else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def act(request: HttpRequest, pk: int) -> HttpResponse:
    """Tell the columns, confirm, put away or undo."""
    found = _load(request, pk)
    if request.method == "POST":
        if not FigureLoad.objects.editable_by(request.user).filter(pk=pk).exists():
            raise PermissionDenied
        try:
            _do(request, found)
        except FiguresRefused as refusal:
            return _page(request, _load(request, pk), str(refusal))
    return redirect(found)


def _do(request: HttpRequest, found: FigureLoad) -> None:
    sent, by = request.POST, user_of(request)
    if "columns" in sent:
        headings = services.headings_of(found)
        told = {each.text: sent[f"column-{each.index}"] for each in headings if f"column-{each.index}" in sent}
        services.tell_columns(found, told, by=by)
    elif "apply" in sent:
        services.confirm(found, by=by, digest=sent.get("digest", ""), sure=bool(sent.get("sure")))
    elif "discard" in sent:
        services.discard(found, by=by)
    elif "undo" in sent:
        services.undo(found, by=by)
