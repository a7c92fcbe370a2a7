"""In whose name a coordinator speaks to many schools at once, by letters and by orders: a region or a municipality."""

from django.db.models import QuerySet
from django.http import Http404, QueryDict
from django.shortcuts import get_object_or_404

from schools.models import Municipality, Region, School
from schools.scope import AnyUser, sight_of

Sender = Region | Municipality


def speaks_for(user: AnyUser, sender: Sender) -> bool:
    """Whether a person acts in the name of a place: its coordinators, those of its region and who sees everything."""
    sight = sight_of(user)
    region_id = sender.pk if isinstance(sender, Region) else sender.region_id
    own = isinstance(sender, Municipality) and sender.pk in sight.municipality_ids
    return sight.everything or region_id in sight.region_ids or own


def schools_of(sender: Sender, user: AnyUser) -> "QuerySet[School]":
    """Open schools of the sender's place within the person's sight."""
    place = {"region": sender} if isinstance(sender, Region) else {"municipality": sender}
    return School.objects.visible_to(user).open().filter(**place)


def sender_of(params: QueryDict, user: AnyUser) -> Sender:
    """The place an address names by ?region= or ?municipality=; 404 unless the person speaks for it."""
    code, pk = params.get("region", ""), params.get("municipality", "")
    found: Sender
    if pk.isascii() and pk.isdecimal() and len(pk) < 16:
        found = get_object_or_404(Municipality.objects.visible_to(user).select_related("region"), pk=int(pk))
    elif code.isascii() and code.isalnum():  # PostgreSQL takes no NUL for a text
        found = get_object_or_404(Region.objects.visible_to(user), code=code[:2])
    else:
        raise Http404
    if not speaks_for(user, found):
        raise Http404
    return found
