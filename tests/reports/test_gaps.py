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


def page_of(client: Client) -> str:
    """The list of a region with common spaces."""
    answer = client.get("/regions/78/gaps/?indicator=staff_profile")
    assert answer.status_code == 200
    return answer.content.decode().replace("\u00a0", " ")


def test_heading_says_of_which_rows_of_the_list_it_speaks(cast: Cast, weeks_made: Any, client_of: ClientOf) -> None:
    weeks_made(
        {
            cast.school: {"op_profiles": 39, "op_teachers": 40},
            cast.sibling: {"op_profiles": 38, "op_teachers": 40},
            cast.cousin: {"op_profiles": 38, "op_teachers": 40} | {"profiles": None},
        }
    )

    page = page_of(client_of(cast.nina))

    assert "Расходится 1 из 2 школ, где есть оба числа" in page
    assert "В конце ещё 1 школа с одним числом из двух: сравнить не с чем" in page
    assert page.count('data-label="Разница"') == 2 + 1
    assert page.index("Школа № 1") < page.index("Гимназия № 2") < page.index("Лицей № 3")


@pytest.mark.parametrize(
    ("apart", "compared", "alone", "heading", "caption"),
    [
        (37, 54, 1, "Расходятся 37 из 54 школ, где есть оба числа", "В конце ещё 1 школа с одним числом из двух"),
        (21, 21, 0, "Расходится 21 из 21 школы, где есть оба числа", "Сначала те, где разница больше"),
        (0, 2, 5, "Сходятся у 2 школ, где есть оба числа", "В конце ещё 5 школ с одним числом из двух"),
        (0, 0, 2, "Школ, где есть оба числа, нет", "В списке 2 школы с одним числом из двух"),
    ],
)
def test_heading_and_caption_agree_with_the_list(
    apart: int, compared: int, alone: int, heading: str, caption: str
) -> None:
    assert gaps.heading_of(apart, compared).replace("\u00a0", " ") == heading
    said = gaps.caption_of(compared, alone).replace("\u00a0", " ")
    assert caption in said
    assert ("одним числом" in said) == bool(alone)


def test_shares_of_few_people_are_hidden_as_in_the_rating(cast: Cast, weeks_made: Any, client_of: ClientOf) -> None:
    few = {"op_profiles": 3, "op_teachers": 4, "profiles": 1, "declared_teachers": 4}
    weeks_made({cast.school: few, cast.sibling: {"op_profiles": 37, "op_teachers": 40, "profiles": 36}})
    client = client_of(cast.nina)

    rows = page_of(client).split("<tbody>")[-1].split("<tr>")[1:3]
    school = client.get(f"/places/school/{cast.school.pk}/indicators/staff_profile/").content.decode()

    assert [["мало людей" in row, "п. п." in row] for row in rows] == [[True, False], [False, True]]
    assert "3 из 4" in rows[0]
    two_numbers = school[school.index("Оператор и мы") :].split("</table>")[0].replace("\u00a0", " ")
    assert two_numbers.count("мало людей") == 3
    assert not any(shown in two_numbers for shown in ("75,0", "25,0", "п. п."))


def test_unknown_indicator_shows_the_first_one(cast: Cast, weeks_made: Any, client_of: ClientOf) -> None:
    weeks_made({cast.school: {"op_active": 39, "op_teachers": 40}})

    page = client_of(cast.nina).get("/regions/78/gaps/?indicator=нет-такого")

    assert page.status_code == 200
    assert gaps.COMPARED[0].short_name in page.content.decode()
