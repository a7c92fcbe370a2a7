"""Where a person belongs: the pages of the places they are appointed to, and what they are called there."""

from dataclasses import dataclass

from django.urls import reverse

from schools.models import Appointment, Region
from schools.scope import AnyUser, Held, Level, Sight, held_by, sight_of


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
    """Appointments of today as ways in, the highest level first; a superuser's is the country."""
    if not user.is_authenticated:
        return []
    if getattr(user, "is_superuser", False):
        return [COUNTRY]
    homes = [_home(held) for held in held_by(user)]
    return list({home.url: home for home in homes}.values())


def _home(held: Held) -> Home:
    role = Appointment(level=held.level).title
    if held.level == Level.REGION:
        url = reverse("region", args=[held.region_code])
        return Home(Level.REGION, role, held.region or "", url, held.region_id or 0)
    if held.level == Level.MUNICIPALITY:
        url = reverse("municipality", args=[held.municipality_id])
        return Home(Level.MUNICIPALITY, role, held.municipality or "", url, held.municipality_id or 0)
    if held.level == Level.SCHOOL:
        url = reverse("school", args=[held.school_id])
        return Home(Level.SCHOOL, role, held.school or "", url, held.school_id or 0)
    return Home(Level.COUNTRY, role, "Россия", reverse("country"))


def sees_country(sight: Sight) -> bool:
    """Whether the ratings of all regions are this person's to read: from the level of a region up."""
    return sight.level is not None and sight.level <= Level.REGION


def sees_region(sight: Sight, region: Region) -> bool:
    """Whether the page of this region is."""
    return sight.country or region.pk in sight.region_ids


def sees_municipality(sight: Sight, municipality_id: int, region_id: int) -> bool:
    """Whether the page of this municipality is."""
    return sight.country or region_id in sight.region_ids or municipality_id in sight.municipality_ids


def sees_school(sight: Sight, school_id: int, region_id: int, municipality_id: int | None) -> bool:
    """Whether the page of this school is."""
    return sees_municipality(sight, municipality_id or 0, region_id) or school_id in sight.school_ids


def sees_people(sight: Sight) -> bool:
    """Whether names of staff are this person's to read: from the level of a region down."""
    return sight.everything or (sight.level is not None and sight.level > Level.COUNTRY)


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
