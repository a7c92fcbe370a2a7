"""Pages of the library of legal acts and of useful resources: two lists, and the form of a resource."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from chats import showing
from chats.forms import ResourceForm
from chats.legal_acts.kinds import KIND_BY_KEY, STATE_BY_KEY
from chats.models import LegalAct, Resource
from chats.useful_links import AUDIENCE_BY_KEY
from chats.useful_links import KIND_BY_KEY as RESOURCE_KINDS
from schools.codes import LONGEST_SEARCH
from schools.scope import sight_of

PAGE = 50


@require_safe
@login_required
def library(request: HttpRequest) -> HttpResponse:
    """Acts, the newest first, narrowed by words, kind and state."""
    words, kind, state = request.GET.get("q", "")[:LONGEST_SEARCH], request.GET.get("kind"), request.GET.get("state")
    acts = LegalAct.objects.visible_to(request.user)
    found = acts.search(words)
    if kind in KIND_BY_KEY:
        found = found.filter(kind=kind)
    counts = showing.state_counts(found, request.GET)
    if state in STATE_BY_KEY:
        found = found.filter(state=state)
    page = Paginator(found.newest_first(), PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "words": words,
        "counts": counts,
        "kinds": showing.kinds_of(acts),
        "states": showing.ACT_STATES,
        "kind": kind if kind in KIND_BY_KEY else "",
        "state": state if state in STATE_BY_KEY else "",
        "may_edit": sight_of(request.user).everything,
    }
    return render(request, "library/acts.html", context)


@require_safe
@login_required
def resources(request: HttpRequest) -> HttpResponse:
    """Links worth having, by kind; those of a region are seen in it alone."""
    words, kind = request.GET.get("q", "")[:LONGEST_SEARCH], request.GET.get("kind")
    audience = AUDIENCE_BY_KEY.get(request.GET.get("for", ""))
    seen = Resource.objects.visible_to(request.user)
    withdrawn = _edits(request) and request.GET.get("show") == "withdrawn"
    found = seen.search(words)
    if withdrawn:
        found = found.exclude(withdrawn_on=None).filter(pk__in=Resource.objects.editable_by(request.user).values("pk"))
    else:
        found = found.shown()
    if kind in RESOURCE_KINDS:
        found = found.filter(kind=kind)
    if audience is not None:
        found = found.filter(**{audience.field: True})
    page = Paginator(found.in_order().select_related("region"), PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "groups": showing.resource_groups(list(page.object_list), _editable(request, page.object_list)),
        "words": words,
        "kind": kind if kind in RESOURCE_KINDS else "",
        "audience": audience.key if audience else "",
        "kinds": showing.RESOURCE_KINDS,
        "audiences": showing.AUDIENCES,
        "may_add": _edits(request),
        "withdrawn": withdrawn,
    }
    return render(request, "library/resources.html", context)


def _edits(request: HttpRequest) -> bool:
    """Whether the person keeps links at all: of their regions, or of the country."""
    sight = sight_of(request.user)
    return sight.everything or bool(sight.region_ids)


def _editable(request: HttpRequest, shown: Any) -> set[int]:
    if not _edits(request):
        return set()
    mine = Resource.objects.editable_by(request.user).filter(pk__in=[each.pk for each in shown])
    return set(mine.values_list("pk", flat=True))


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def resource_new(request: HttpRequest) -> HttpResponse:
    """Add a link."""
    if not _edits(request):
        raise PermissionDenied
    return _form(request, Resource(created_by=request.user))  # type: ignore[misc]


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def resource_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Mend a link, take it off the list, or put it back."""
    found = get_object_or_404(Resource.objects.visible_to(request.user), pk=pk)
    resource = Resource.objects.editable_by(request.user).filter(pk=found.pk).first()
    if resource is None:
        raise PermissionDenied
    if request.method == "POST" and "withdraw" in request.POST:
        resource.withdrawn_on = timezone.localdate() if request.POST["withdraw"] == "1" else None
        resource.save()
        return redirect("resources")
    return _form(request, resource)


def _form(request: HttpRequest, resource: Resource) -> HttpResponse:
    form = ResourceForm(request.POST or None, instance=resource, user=request.user)
    if request.method == "POST" and form.is_valid() and saved(form):
        return redirect("resources")
    context = {
        "form": form,
        "resource": resource,
        "crumbs": [("Полезные ресурсы", "/resources/"), ("Правка" if resource.pk else "Новая ссылка", "")],
    }
    return render(request, "library/resource_form.html", context, status=422 if form.errors else 200)


def saved(form: ResourceForm) -> bool:
    """Save; the same link added by somebody else a moment ago is told on the form."""
    try:
        with transaction.atomic():
            form.save()
    except IntegrityError:
        form.add_error("link", "Такая ссылка здесь уже есть: поправьте её.")
        return False
    return True
