"""Places nobody is appointed to, since when, and who was appointed and never came in; for lists and home pages."""

import datetime
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db.models import Count, Exists, Max, Min, Model, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, TruncDate
from django.utils import timezone

from schools.appointing.states import NEED_WORD, NOT_IN, with_state
from schools.models import Appointment, Municipality, Region, School
from schools.scope import AnyUser, Level, sight_of

LONG_DAYS = 14  # ours: so long without an administrator, and it is said aloud
P = TypeVar("P", bound=Model)
_LEVELS: dict[type[Model], tuple[Level, str]] = {
    Region: (Level.REGION, "region"),
    Municipality: (Level.MUNICIPALITY, "municipality"),
    School: (Level.SCHOOL, "school"),
}


def vacant(places: "QuerySet[P]", today: datetime.date | None = None) -> "QuerySet[P]":
    """Of these regions, municipalities or schools, those nobody is appointed to; annotated with `empty_after`.

    `empty_after` is the last day of the last appointment or, for a school that never had one, the day it came to the
    portal; None where neither is known. Longest empty first.
    """
    day = today or timezone.localdate()
    level, name = _LEVELS[places.model]
    held = Appointment.objects.filter(level=level, **{name: OuterRef("pk")})
    ended = held.filter(ends_on__lt=day).order_by().values(name).annotate(last=Max("ends_on")).values("last")
    since: Any = Subquery(ended)
    if places.model is School:
        since = Coalesce(since, TruncDate("created_at"))
    found = places.filter(~Exists(held.active(day))).annotate(empty_after=since)
    return found.order_by("empty_after", "pk")  # type: ignore[return-value]


def days_empty(place: Any, today: datetime.date | None = None) -> int | None:
    """For how many days a place of `vacant` has been without anybody; None where that is not known."""
    return None if place.empty_after is None else ((today or timezone.localdate()) - place.empty_after).days


def empty_for(places: "QuerySet[P]", days: int, today: datetime.date | None = None) -> "QuerySet[P]":
    """Of vacant places, those that have been so for at least so many days."""
    return places.filter(empty_after__lte=(today or timezone.localdate()) - datetime.timedelta(days=days))


# Places a person answers for


def schools_of(user: AnyUser) -> "QuerySet[School]":
    """Open schools within the places a person appoints in."""
    return School.objects.editable_by(user).open()  # type: ignore[no-any-return]


def municipalities_of(user: AnyUser) -> "QuerySet[Municipality]":
    """Municipalities a person appoints to: those that have schools."""
    schools = School.objects.open().filter(municipality=OuterRef("pk"))
    return Municipality.objects.editable_by(user).filter(Exists(schools), closed_on=None)  # type: ignore[no-any-return]


def regions_of(user: AnyUser) -> "QuerySet[Region]":
    """Regions a person appoints to: superusers' work; those that have schools."""
    regions = Region.objects.filter(Exists(School.objects.filter(region=OuterRef("pk"))))
    return regions if sight_of(user).everything else regions.none()


def appointees_of(user: AnyUser) -> "QuerySet[Appointment]":
    """Appointments a person may change that are not over."""
    today = timezone.localdate()
    return Appointment.objects.editable_by(user).filter(Q(ends_on=None) | Q(ends_on__gte=today))


@dataclass(frozen=True, slots=True)
class Summary:
    """What of appointing needs a coordinator today; every number is a list behind /appointments/."""

    schools: int  # open schools in all
    empty_schools: int
    long_empty_schools: int  # for LONG_DAYS days and more
    longest_days: int | None  # of the school that has been empty longest
    empty_municipalities: int
    empty_regions: int
    appointed: int
    not_in: int  # appointed, and never came in
    need_word: int  # of those, where nothing will happen by itself: letter lost, link expired, refusal, no invitation

    @property
    def is_calm(self) -> bool:
        """Whether there is nothing to do."""
        return not (self.empty_schools or self.empty_municipalities or self.empty_regions or self.not_in)


def summary_of(user: AnyUser, today: datetime.date | None = None) -> Summary:
    """Count what of appointing needs this person; six queries at most, whatever the number of places."""
    day = today or timezone.localdate()
    schools = schools_of(user)
    empty = vacant(schools, day).aggregate(
        all=Count("pk"),
        long=Count("pk", filter=Q(empty_after__lte=day - datetime.timedelta(days=LONG_DAYS))),
        first=Min("empty_after"),
    )
    people = with_state(appointees_of(user), day).aggregate(
        all=Count("pk"),
        not_in=Count("pk", filter=Q(state__in=NOT_IN)),
        need_word=Count("pk", filter=Q(state__in=NEED_WORD)),
    )
    return Summary(
        schools=schools.count(),
        empty_schools=empty["all"],
        long_empty_schools=empty["long"],
        longest_days=(day - empty["first"]).days if empty["first"] else None,
        empty_municipalities=vacant(municipalities_of(user), day).count(),
        empty_regions=vacant(regions_of(user), day).count(),
        appointed=people["all"],
        not_in=people["not_in"],
        need_word=people["need_word"],
    )
