"""Pages of the preview of the running week: of a region, of a municipality, of a school."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from reports.models import Hold, RatingRow
from reports.reading.homes import crumbs, sees_people
from reports.reading.preview import Subject, page
from reports.views.places import school_crumbs
from schools.models import Municipality, Region, School
from schools.scope import Level, sight_of

LAST = ("Что будет в понедельник", "")


@login_required
@require_safe
def region_preview(request: HttpRequest, code: str) -> HttpResponse:
    """The running week of a region."""
    place = get_object_or_404(Region.objects.visible_to(request.user), code=code)
    return _page(request, Subject(Level.REGION, place), crumbs(request.user, place, LAST))


@login_required
@require_safe
def municipality_preview(request: HttpRequest, pk: int) -> HttpResponse:
    """The running week of a municipality."""
    place = get_object_or_404(Municipality.objects.visible_to(request.user).select_related("region"), pk=pk)
    trail = crumbs(request.user, place.region, (place.name, place.get_absolute_url()), LAST)
    return _page(request, Subject(Level.MUNICIPALITY, place), trail)


@login_required
@require_safe
def school_preview(request: HttpRequest, pk: int) -> HttpResponse:
    """The running week of a school."""
    found = School.objects.visible_to(request.user).select_related("region", "municipality")
    place = get_object_or_404(found, pk=pk)
    return _page(request, Subject(Level.SCHOOL, place), school_crumbs(request.user, place, LAST))


def _page(request: HttpRequest, subject: Subject, trail: list[tuple[str, str]]) -> HttpResponse:
    """For those who can still put the week right; an observer reads what is published."""
    if not sees_people(sight_of(request.user)):
        raise Http404
    user = request.user
    context = page(subject, RatingRow.objects.visible_to(user), Hold.objects.visible_to(user))
    return render(request, "reports/preview.html", context | {"crumbs": trail})
