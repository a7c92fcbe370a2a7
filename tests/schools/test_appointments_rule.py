"""Whose appointments a person may change: below each of her own roles, and nowhere else (threats.md A10)."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schools.models import Appointment, Municipality, Region, School, User
from schools.scope import Level
from tests.conftest import Cast, make_school, make_user

pytestmark = pytest.mark.django_db
ROLES = [
    (Level.COUNTRY, None),
    *((Level.REGION, name) for name in ("region", "other_region")),
    *((Level.MUNICIPALITY, name) for name in ("municipality", "other_municipality", "foreign_municipality")),
    *((Level.SCHOOL, name) for name in ("school", "sibling", "cousin", "foreign")),
]


def place_of(cast: Cast, name: str | None) -> Any:
    """The place of a role, as the field of its level."""
    place = getattr(cast, name) if name else None
    kinds = {Region: "region", Municipality: "municipality", School: "school"}
    return {kinds[type(place)]: place} if place else {}


def chain(appointment: Appointment) -> dict[Level, Any]:
    """The places an appointment lies in, from the country down to its own: what plain Python says."""
    school = appointment.school
    municipality = appointment.municipality or (school.municipality if school else None)
    region = appointment.region or (municipality.region if municipality else school.region if school else None)
    return {Level.COUNTRY: "Россия", Level.REGION: region, Level.MUNICIPALITY: municipality, Level.SCHOOL: school}


def may_change(mine: list[Appointment], other: Appointment) -> bool:
    """Whether one of my roles, at its own level, stands above an appointment in the same place."""
    return any(
        role.level != Level.COUNTRY and role.level < other.level and chain(other)[Level(role.level)] == role.place
        for role in mine
    )


@settings(max_examples=120, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(roles=st.sets(st.sampled_from(ROLES), max_size=5))
def test_roles_open_what_is_below_them_and_nothing_else(cast: Cast, roles: set[tuple[Level, str | None]]) -> None:
    Appointment.objects.all().delete()
    direct = School.objects.filter(code="789999").first() or make_school(cast.region, "789999", "Прямая")
    for level, name in ROLES:
        Appointment.objects.create(user=cast.stranger, level=level, **place_of(cast, name))
    Appointment.objects.create(user=cast.stranger, level=Level.SCHOOL, school=direct)
    for level, name in sorted(roles, key=str):
        Appointment.objects.create(user=cast.nina, level=level, **place_of(cast, name))
    everything = list(
        Appointment.objects.select_related("region", "municipality__region", "school__municipality__region")
    )
    mine = [each for each in everything if each.user_id == cast.nina.pk]

    found = set(Appointment.objects.editable_by(User.objects.get(pk=cast.nina.pk)).values_list("pk", flat=True))

    assert found == {each.pk for each in everything if may_change(mine, each)}


def test_role_high_up_elsewhere_opens_no_peers_here(cast: Cast) -> None:
    peer = make_user("peer", Level.SCHOOL, school=cast.foreign)
    both = make_user("both", Level.REGION, region=cast.region)
    Appointment.objects.create(user=both, level=Level.SCHOOL, school=cast.foreign)

    editable = Appointment.objects.editable_by(User.objects.get(pk=both.pk))

    assert not editable.filter(user=peer).exists()
    assert editable.filter(user=cast.sveta).exists()


def test_observer_with_a_region_opens_no_coordinators_of_it(cast: Cast) -> None:
    both = make_user("both", Level.COUNTRY)
    Appointment.objects.create(user=both, level=Level.REGION, region=cast.region)

    editable = set(Appointment.objects.editable_by(User.objects.get(pk=both.pk)).values_list("user", flat=True))

    assert editable == {cast.marat.pk, cast.sveta.pk}
