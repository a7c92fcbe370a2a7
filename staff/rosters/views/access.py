"""Whom the pages of a roster are open to: counts to coordinators, people to their own school alone."""

from typing import Any, TypeVar, cast

from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.shortcuts import get_object_or_404

from schools.models import Guardian, Guardianship, Pupil, School, SchoolClass, User
from schools.scope import Scoped, sight_of

S = TypeVar("S", bound=Scoped)


class SeeOther(HttpResponseRedirect):
    """«Done; the page is there»: 303, so that nothing is sent twice."""

    status_code = 303


def person(request: HttpRequest) -> User:
    """Who asks."""
    return cast(User, request.user)


def sees_people(request: HttpRequest, school_id: int) -> bool:
    """Whether pupils and representatives of a school are shown to this person."""
    sight = sight_of(request.user)
    return sight.everything or school_id in sight.school_ids


def school_in_sight(request: HttpRequest, pk: int) -> School:
    """A school whose counts the person sees; the country's observer sees no single classes."""
    sight = sight_of(request.user)
    if sight.country and not sight.everything and not (sight.region_ids or sight.municipality_ids or sight.school_ids):
        raise Http404
    return get_object_or_404(School.objects.visible_to(request.user).select_related("region", "municipality"), pk=pk)


def own_school(request: HttpRequest, pk: int) -> School:
    """The person's own school; for everybody else it is not there."""
    school = school_in_sight(request, pk)
    if not sees_people(request, school.pk):
        raise Http404
    return school


_PLACES = ("school__region", "school__municipality")


def pupil_in_sight(request: HttpRequest, pk: int) -> Pupil:
    """A pupil of the person's own school."""
    found: Any = Pupil.objects.visible_to(request.user).select_related("school_class", *_PLACES)
    return get_object_or_404(found, pk=pk)


def guardian_in_sight(request: HttpRequest, pk: int) -> Guardian:
    """A representative of the person's own school."""
    found: Any = Guardian.objects.visible_to(request.user).select_related(*_PLACES)
    return get_object_or_404(found, pk=pk)


def link_in_sight(request: HttpRequest, pk: int) -> Guardianship:
    """Who represents whom, in the person's own school."""
    places = (f"pupil__{path}" for path in _PLACES)
    found: Any = Guardianship.objects.visible_to(request.user).select_related(
        "guardian", "pupil__school_class", *places
    )
    return get_object_or_404(found, pk=pk)


def class_in_sight(request: HttpRequest, pk: int) -> SchoolClass:
    """A class whose pupils the person sees."""
    found: Any = SchoolClass.objects.visible_to(request.user).select_related(*_PLACES)
    school_class: SchoolClass = get_object_or_404(found, pk=pk)
    if not sees_people(request, school_class.school_id):
        raise Http404
    return school_class
