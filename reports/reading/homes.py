"""Where a person belongs: the pages of the places they are appointed to, and what they are called there."""

from dataclasses import dataclass

from django.urls import reverse

from schools.models import Appointment, Region
from schools.scope import AnyUser, Level, Sight, sight_of


@dataclass(frozen=True, slots=True)
class Home:
    """One appointment as a way in: its place, that place's address, the role held there."""

    level: Level
    role: str
    title: str
    url: str
    place_id: int = 0


COUNTRY = Home(Level.COUNTRY, "Администратор портала", "Россия", "/country/")


def homes_of(user: AnyUser) -> list[Home]:
    """Appointments of today as ways in, the highest level first; a superuser's is the country. One query."""
    if not user.is_authenticated:
        return []
    if getattr(user, "is_superuser", False):
        return [COUNTRY]
    held = (
        user.appointments.active()  # type: ignore[attr-defined]
        .select_related("region", "municipality", "school")
        .order_by("level", "id")
    )
    homes = {(each.level, each.place.pk if each.place else 0): _home(each) for each in held}
    return list(homes.values())


def _home(appointment: Appointment) -> Home:
    place = appointment.place
    if place is None:
        return Home(Level.COUNTRY, appointment.title, "Россия", reverse("country"))
    return Home(Level(appointment.level), appointment.title, str(place), place.get_absolute_url(), place.pk)


def sees_country(sight: Sight) -> bool:
    """Whether the ratings of all regions are this person's to read: from the level of a region up."""
    return sight.level is not None and sight.level <= Level.REGION


def sees_region(sight: Sight, region: Region) -> bool:
    """Whether the page of this region is."""
    return sight.country or region.pk in sight.region_ids


def sees_municipality(sight: Sight, municipality_id: int, region_id: int) -> bool:
    """Whether the page of this municipality is."""
    return sight.country or region_id in sight.region_ids or municipality_id in sight.municipality_ids


def crumbs(user: AnyUser, region: Region | None = None, *more: tuple[str, str]) -> list[tuple[str, str]]:
    """Russia → federal district → region → …; only what this person may open is a link, what follows is given as is."""
    sight = sight_of(user)
    trail = [("Россия", reverse("country") if sees_country(sight) else "")]
    if region is not None:
        district = f"{region.federal_district} округ" if region.federal_district else ""
        if district and sees_country(sight):
            trail.append((district, f"{reverse('ratings')}?level=region&okrug={region.federal_district}"))
        trail.append((region.name, region.get_absolute_url() if sees_region(sight, region) else ""))
    trail += more
    linked = [step for step in trail[:-1] if step[1]]
    return [*linked, (trail[-1][0], "")]
