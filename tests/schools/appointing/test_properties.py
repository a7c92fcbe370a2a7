"""Escalation (threats.md A10): whatever roles people hold, nobody grants what is not below and within her own."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schools.appointing import services
from schools.appointing.refusals import AppointRefused
from schools.models import Appointment, Municipality, Region, School, User
from schools.scope import Level
from tests.conftest import make_school
from tests.schools.appointing.people import person

pytestmark = pytest.mark.django_db
# Two regions, each of two districts of two schools and one school directly under the region.
REGIONS, TOWNS, SCHOOLS = 2, 4, 10
Spot = tuple[Level, int]
SPOTS: list[Spot] = [
    (Level.COUNTRY, 0),
    *((Level.REGION, number) for number in range(REGIONS)),
    *((Level.MUNICIPALITY, number) for number in range(TOWNS)),
    *((Level.SCHOOL, number) for number in range(SCHOOLS)),
]


class World:
    """The places, by spot."""

    def __init__(self) -> None:
        self.places: dict[Spot, Any] = {(Level.COUNTRY, 0): None}
        for number, code in enumerate(("78", "47")):
            self.places[Level.REGION, number] = Region.objects.get(code=code)
        for number in range(TOWNS):
            region = self.places[Level.REGION, number // 2]
            self.places[Level.MUNICIPALITY, number] = Municipality.objects.create(region=region, name=f"Район {number}")
        for number in range(SCHOOLS):
            owner = (Level.MUNICIPALITY, number // 2) if number < 8 else (Level.REGION, number - 8)
            school = make_school(self.places[owner], f"9000{number:02}", f"Школа № {number}")
            self.places[Level.SCHOOL, number] = school

    def holds(self, spot: Spot, inside: Spot) -> bool:
        """Whether a place lies within another, told by the drawing above and not by the program."""
        (level, number), (other, below) = spot, inside
        region = {
            Level.REGION: below,
            Level.MUNICIPALITY: below // 2,
            Level.SCHOOL: below // 4 if below < 8 else below - 8,
        }
        if level == Level.REGION:
            return other != Level.COUNTRY and region[other] == number
        if level == Level.MUNICIPALITY:
            return (other == level and below == number) or (
                other == Level.SCHOOL and below < 8 and below // 2 == number
            )
        return spot == inside


def allowed(world: World, roles: list[Spot], wanted: Spot) -> bool:
    """The rule in one line: some role of mine stands above the wanted one in the same branch."""
    return any(
        role[0] in (Level.REGION, Level.MUNICIPALITY) and role[0] < wanted[0] and world.holds(role, wanted)
        for role in roles
    )


@settings(max_examples=60, derandomize=True, suppress_health_check=list(HealthCheck))
@given(roles=st.lists(st.sampled_from(SPOTS), max_size=4), wanted=st.sampled_from(SPOTS))
def test_nobody_grants_above_beside_or_level_with_oneself(db: None, roles: list[Spot], wanted: Spot) -> None:
    world = World()
    by = User.objects.create_user("giver")
    for level, number in roles:
        Appointment.objects.create(user=by, **services.fields_of(world.places[level, number]))
    by = User.objects.get(pk=by.pk)
    before = Appointment.objects.count()

    try:
        made = services.appoint(by=by, place=world.places[wanted], person=person())
    except AppointRefused:
        made = None

    may = allowed(world, roles, wanted)
    assert (made is not None) is may
    assert Appointment.objects.count() == before + may
    _clean(world, by)


def _clean(world: World, by: User) -> None:
    """Leave the database as it was: Hypothesis goes on in the same transaction."""
    Appointment.objects.all().delete()
    User.objects.all().delete()
    School.objects.all().delete()
    Municipality.objects.all().delete()


@settings(max_examples=40, derandomize=True, suppress_health_check=list(HealthCheck))
@given(first=st.sampled_from(SPOTS), second=st.sampled_from(SPOTS), third=st.sampled_from(SPOTS))
def test_a_chain_of_grants_never_climbs(db: None, first: Spot, second: Spot, third: Spot) -> None:
    """Whoever was appointed by somebody appoints less than that somebody could, however long the chain."""
    world = World()
    giver = User.objects.create_user("giver")
    Appointment.objects.create(user=giver, **services.fields_of(world.places[first]))
    try:
        made = services.appoint(by=User.objects.get(pk=giver.pk), place=world.places[second], person=person(1))
        services.appoint(by=User.objects.get(pk=made.user_id), place=world.places[third], person=person(2))
    except AppointRefused:
        reached = False
    else:
        reached = True

    assert not reached or (allowed(world, [first], second) and allowed(world, [first], third) and third[0] > second[0])
    _clean(world, giver)
