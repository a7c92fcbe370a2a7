"""Who comes to the pages of appointing, and what a person may change there."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from schools.appointing.services import Place, may_appoint_at
from schools.models import Appointment, Municipality, Region, School
from schools.scope import sight_of

PAGE = 50
Crumbs = list[tuple[str, str]]


def sees_people(request: HttpRequest) -> None:
    """The list is for those who answer for some place; out of sight is 404, the country's observer included."""
    sight = sight_of(request.user)
    if not (sight.everything or sight.region_ids or sight.municipality_ids or sight.school_ids):
        raise Http404


def appoints(request: HttpRequest) -> bool:
    """Whether the person appoints anybody at all."""
    sight = sight_of(request.user)
    return bool(sight.everything or sight.region_ids or sight.municipality_ids)


def must_appoint(request: HttpRequest) -> None:
    """Pages of appointing: 404 for those who see nobody, 403 for those who see and do not appoint."""
    sees_people(request)
    if not appoints(request):
        raise PermissionDenied


def found(request: HttpRequest, pk: int) -> Appointment:
    """The appointment behind an address, 404 out of sight."""
    rows = Appointment.objects.visible_to(request.user)
    related = ("user", "appointed_by", "region", "municipality__region", "school__municipality", "school__region")
    return get_object_or_404(rows.select_related(*related), pk=pk)


def may_change(request: HttpRequest, appointment: Appointment) -> bool:
    """Whether the appointment is the person's own to change."""
    return bool(Appointment.objects.editable_by(request.user).filter(pk=appointment.pk).exists())


def place_of(request: HttpRequest) -> tuple[bool, Place]:
    """(a place is named, the place) of an address such as ?school=5; out of sight is 404, not below is 403."""
    params = request.GET
    if params.get("school"):
        place: Any = get_object_or_404(School.objects.visible_to(request.user), pk=number(params["school"]))
    elif params.get("municipality"):
        rows = Municipality.objects.visible_to(request.user)
        place = get_object_or_404(rows.select_related("region"), pk=number(params["municipality"]))
    elif params.get("region"):
        place = get_object_or_404(Region.objects.visible_to(request.user), code=params["region"])
    elif params.get("country"):
        place = None
    else:
        return False, None
    if not may_appoint_at(place, request.user):
        raise PermissionDenied
    return True, place


def number(text: str) -> int:
    """A number of a record; what is none is of no record."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0
