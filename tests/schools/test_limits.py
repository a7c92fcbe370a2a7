"""A token limited to a place: what its owner sees ∩ the place, behind every model and every resource."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.apps import apps
from django.db.models import Model
from django.test import Client

from rollout.api import RESOURCES
from schools.models import AccessToken, Appointment, Municipality, Pupil, Region, School, StepMark, User
from schools.models.at_place import limited_to
from schools.scope import Level, Paths, editable_rows, limit_to, seen_rows, sight_of
from staff.models import StaffMember
from tests.conftest import Cast, MakeWeek, make_user
from tests.test_admin import fill

pytestmark = pytest.mark.django_db
Place = Region | Municipality | School
OURS = ("schools", "staff", "chats", "reports")


def limited(user: User, place: Place) -> User:
    """A fresh user object, as a request with a token limited to a place has it."""
    fresh: User = User.objects.get(pk=user.pk)
    limit = AccessToken(user=fresh, **limited_to(place)).limit
    assert limit is not None
    limit_to(fresh, limit)
    return fresh


def token(user: User, place: Place | None, **flags: bool) -> dict[str, str]:
    """The header of a token limited to a place."""
    _, text = AccessToken.objects.create(user=user, **limited_to(place), **flags)
    return {"Authorization": f"Bearer {text}"}


@pytest.fixture
def world(cast: Cast) -> Cast:
    """One of everything in every school, and a person with two roles."""
    fill(cast, 0, 1)
    for school in (cast.school, cast.sibling):
        Pupil.objects.create(school=school, last_name="Ученикова", first_name="Анна")
    return cast


def places_of(cast: Cast) -> list[Place]:
    return [
        *(cast.region, cast.other_region, cast.municipality, cast.other_municipality, cast.foreign_municipality),
        *(cast.school, cast.sibling, cast.cousin, cast.foreign),
    ]


def ids(rows: Any) -> set[Any]:
    return set(rows.values_list("pk", flat=True))


def models() -> Iterator[type[Model]]:
    for app in OURS:
        yield from apps.get_app_config(app).get_models()


@pytest.mark.parametrize("name", ["root", "observer", "nina", "marat", "sveta", "both", "stranger"])
def test_limited_sight_is_never_wider_than_the_owners_nor_than_the_place(world: Cast, name: str) -> None:
    both = make_user("both", Level.MUNICIPALITY, municipality=world.municipality)
    Appointment.objects.create(user=both, level=Level.SCHOOL, school=world.foreign)
    Appointment.objects.create(user=both, level=Level.COUNTRY)
    user = {**world.people, "both": both}[name]
    compared = 0
    for model in models():
        seen, changed = ids(seen_rows(model, user)), ids(editable_rows(model, user))
        for place in places_of(world):
            holder = limited(user, place)
            assert ids(seen_rows(model, holder)) <= seen, (model.__name__, place)
            assert ids(editable_rows(model, holder)) <= changed, (model.__name__, place)
            assert outside(model, holder, place) == set(), (model.__name__, place)
            compared += len(ids(seen_rows(model, holder)))
    assert compared > (0 if name == "stranger" else 20) or name == "stranger"


def outside(model: type[Model], holder: User, place: Place) -> set[int]:
    """Schools outside the place to which rows that are seen belong."""
    paths: Paths | None = getattr(model, "sight", None)
    if paths is None or not paths.school:
        return set()
    around = {"region": place} if isinstance(place, Region) else {"municipality": place}
    inside = {place.pk} if isinstance(place, School) else ids(School.objects.filter(**around))
    names = (paths.school,) if isinstance(paths.school, str) else paths.school
    rows = [set(seen_rows(model, holder).values_list(name, flat=True)) for name in names]
    return set().union(*rows) - inside - {None}


def test_limit_keeps_what_the_owner_has_there(world: Cast) -> None:
    assert ids(School.objects.visible_to(limited(world.nina, world.municipality))) >= {
        world.school.pk,
        world.sibling.pk,
    }
    assert ids(School.objects.visible_to(limited(world.nina, world.school))) == {world.school.pk}
    assert ids(School.objects.visible_to(limited(world.sveta, world.region))) == {world.school.pk}
    assert world.foreign.pk in ids(School.objects.visible_to(limited(world.observer, world.other_region)))
    assert ids(Pupil.objects.visible_to(limited(world.sveta, world.school)))
    assert ids(Appointment.objects.editable_by(limited(world.nina, world.municipality)))


def test_a_coordinators_token_for_one_school_does_not_become_that_schools_own(world: Cast) -> None:
    holder = limited(world.nina, world.school)

    assert ids(StaffMember.objects.visible_to(holder)) == ids(StaffMember.objects.filter(school=world.school))
    assert not Pupil.objects.visible_to(holder).exists()
    assert sight_of(holder).school_ids == frozenset()
    assert sight_of(holder).covers_from_above(world.school)
    assert not sight_of(holder).covers_from_above(world.sibling)


def test_an_observers_token_for_a_region_still_sees_no_people(world: Cast) -> None:
    holder = limited(world.observer, world.region)

    assert not StaffMember.objects.visible_to(holder).exists()
    assert not sight_of(holder).sees_people
    assert not School.objects.editable_by(holder).exists()


def test_the_limit_binds_a_superuser_too(world: Cast) -> None:
    holder = limited(world.root, world.other_region)

    assert ids(Region.objects.visible_to(holder)) == {world.other_region.pk}
    assert not sight_of(holder).everything


def test_place_outside_the_owners_sight_opens_nothing(world: Cast) -> None:
    holder = limited(world.marat, world.cousin)

    assert sight_of(holder).level is None
    assert not School.objects.visible_to(holder).exists()


@pytest.mark.parametrize("name", ["root", "observer", "nina", "marat", "sveta"])
@pytest.mark.parametrize("resource", sorted(RESOURCES))
def test_no_resource_names_a_school_outside_the_limit(
    world: Cast, weeks_made: MakeWeek, name: str, resource: str
) -> None:
    weeks_made({school: {} for school in (world.school, world.sibling, world.cousin, world.foreign)}, "2026-W48")
    headers = token(world.people[name], world.school)

    for address in (f"{resource}/", f"{resource}/?school={world.sibling.pk}", "ratings/latest/?level=school"):
        answer = Client().get(f"/api/v1/{address}", headers=headers)
        text = answer.getvalue().decode()

        assert answer.status_code in {200, 400, 404}
        for other in (world.sibling, world.cousin, world.foreign):
            assert other.short_name not in text
            assert other.code not in text


def test_rating_of_the_limit_is_there(world: Cast, weeks_made: MakeWeek) -> None:
    weeks_made({school: {} for school in (world.school, world.sibling, world.cousin, world.foreign)}, "2026-W48")

    def rows(user: User, place: Place, level: str) -> list[str]:
        answer = Client().get(f"/api/v1/ratings/latest/?level={level}", headers=token(user, place)).json()
        return sorted({row["place"]["name"] for row in answer["results"]})

    assert rows(world.nina, world.school, "school") == ["Школа № 1"]
    assert rows(world.nina, world.municipality, "school") == ["Гимназия № 2", "Школа № 1"]
    assert rows(world.observer, world.other_region, "school") == ["Школа № 4"]


def test_token_writes_inside_its_limit_alone(cast: Cast) -> None:
    headers = token(cast.marat, cast.school, marks_steps=True)

    def mark(school: School) -> int:
        body = {"school": school.code, "number": 7, "kind": "needless", "reason": "Интернат, чатов нет"}
        return Client().post("/api/v1/step-marks/", body, "application/json", headers=headers).status_code

    assert mark(cast.school) == 201
    assert mark(cast.sibling) in {400, 403, 404}
    assert ids(School.objects.filter(pk__in=StepMark.objects.values("school"))) == {cast.school.pk}


def test_appointment_that_ended_closes_a_limited_token(cast: Cast) -> None:
    headers = token(cast.marat, cast.school)
    path = f"/api/v1/schools/{cast.school.pk}/"
    assert Client().get(path, headers=headers).status_code == 200

    Appointment.objects.filter(user=cast.marat).delete()

    assert Client().get(path, headers=headers).status_code == 404


def test_place_that_is_gone_takes_its_tokens_along(cast: Cast) -> None:
    town = Municipality.objects.create(region=cast.region, name="Временный")
    token(cast.nina, town)

    town.delete()

    assert not AccessToken.objects.exists()


def test_request_costs_no_more_queries_with_a_limit(
    cast: Cast, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    headers = token(cast.nina, cast.municipality)
    Client().get("/api/v1/regions/", headers=headers)

    with django_assert_max_num_queries(4):
        Client().get("/api/v1/schools/", headers=headers)
