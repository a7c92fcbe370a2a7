"""Two numbers side by side: both are said, lists explain the difference, names keep to the rule of sight."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from reports.indicators import INDICATOR_BY_KEY
from reports.models import Rating
from reports.reading import gaps
from reports.reading.weeks import Chosen
from schools.models import User
from schools.scope import Level
from staff.models import StaffAccount, StaffMember
from tests.conftest import Cast

ClientOf = Callable[[User | None], Client]
PROFILE = INDICATOR_BY_KEY["staff_profile"]
DAY = datetime.date(2026, 11, 1)  # before the Sunday of 2026-W46


def hire(cast: Cast, name: str, *, profile: bool = True, school: Any = None, **facts: Any) -> StaffMember:
    """Save a member of staff, with a profile in «Сферум» unless told otherwise."""
    facts = {"is_teacher": True, "first_name": "Анна", "hired_on": datetime.date(2020, 9, 1)} | facts
    member = StaffMember.objects.create(school=school or cast.school, last_name=name, **facts)
    if profile:
        StaffAccount.objects.create(
            staff=member, school=member.school, platform=1, is_teacher=member.is_teacher, profile_on=DAY
        )
    return member


def chosen(rating: Rating) -> Chosen:
    """The week of a rating."""
    return Chosen(rating.iso_week, rating, (rating,))


def causes(cast: Cast, rating: Rating, user: User) -> dict[str, gaps.Cause]:
    """Causes by code."""
    return {each.code: each for each in gaps.causes_of(cast.school, PROFILE, chosen(rating), user)}


def test_both_numbers_are_sums_over_the_schools_each_is_known_of(cast: Cast, weeks_made: Any) -> None:
    rating = weeks_made(
        {cast.school: {"op_profiles": 40, "op_teachers": 44}, cast.sibling: {}, cast.foreign: {"op_profiles": 9}}
    )

    gap = gaps.gap_of(Level.REGION, cast.region.pk, PROFILE, chosen(rating))

    assert gap is not None
    assert (gap.theirs.part, gap.theirs.whole) == (40, 44)
    assert (gap.ours.part, gap.ours.whole) == (76, 80)


def test_nothing_is_compared_where_the_operator_gave_nothing(cast: Cast, weeks_made: Any) -> None:
    rating = weeks_made({cast.school: {}})

    assert gaps.sides_of(Level.SCHOOL, cast.school.pk, PROFILE, chosen(rating)) is None


def test_every_cause_is_counted_from_the_lists(cast: Cast, weeks_made: Any) -> None:
    hire(cast, "Несвязанная", profile=False)
    hire(cast, "Секретарева", is_teacher=False)
    hire(cast, "Ушедшая", left_on=datetime.date(2026, 10, 20))
    hire(cast, "Давняя", left_on=datetime.date(2026, 8, 1))
    hire(cast, "Двойная", born_on=datetime.date(1980, 1, 1))
    hire(cast, "Двойная", born_on=datetime.date(1980, 1, 1))
    hire(cast, "Совместная", snils="11223344595")
    hire(cast, "Совместная", snils="11223344595", school=cast.foreign)
    rating = weeks_made({cast.school: {"op_profiles": 45, "op_teachers": 44}})

    found = causes(cast, rating, cast.nina)

    assert {code: cause.count for code, cause in found.items()} == {
        "not_linked": 1,
        "wrong_role": 1,
        "left": 1,
        "duplicate": 1,
        "other_school": 1,
        "not_entered": 4,
    }
    assert [name for name, _ in found["not_linked"].people] == ["Несвязанная Анна"]
    assert not found["other_school"].people


@pytest.mark.parametrize(("person", "named"), [("nina", True), ("marat", True), ("sveta", True), ("observer", False)])
def test_names_are_for_those_who_may_read_them(
    cast: Cast, weeks_made: Any, client_of: ClientOf, person: str, named: bool
) -> None:
    hire(cast, "Секретарева", is_teacher=False)
    weeks_made({cast.school: {"op_profiles": 45, "op_teachers": 44}})
    address = f"/places/school/{cast.school.pk}/indicators/staff_profile/"

    page = client_of(cast.people[person]).get(address).content.decode()

    assert "wrong_role" in page
    assert ("Секретарева" in page) == named


def test_schools_furthest_apart_come_first_and_only_of_the_region(
    cast: Cast, weeks_made: Any, client_of: ClientOf
) -> None:
    weeks_made(
        {
            cast.school: {"op_profiles": 39, "op_teachers": 40},
            cast.sibling: {"op_profiles": 30, "op_teachers": 40},
            cast.cousin: {},
            cast.foreign: {"op_profiles": 1, "op_teachers": 40},
        }
    )

    page = client_of(cast.nina).get("/regions/78/gaps/?indicator=staff_profile").content.decode()

    assert page.index("Гимназия №\xa02") < page.index("Школа №\xa01")
    assert "Лицей №\xa03" not in page
    assert "Школа №\xa04" not in page


def test_unknown_indicator_shows_the_first_one(cast: Cast, weeks_made: Any, client_of: ClientOf) -> None:
    weeks_made({cast.school: {"op_active": 39, "op_teachers": 40}})

    page = client_of(cast.nina).get("/regions/78/gaps/?indicator=нет-такого")

    assert page.status_code == 200
    assert gaps.COMPARED[0].short_name in page.content.decode()
