"""The comparison of two weeks and of two places: reports/reading/compare.py and its page."""

from typing import Any

import pytest
from django.test import Client

from tests.reports.test_views import ClientOf, MakeWeek
from tests.test_pages import add_schools, asked

pytestmark = pytest.mark.django_db


@pytest.fixture
def two_weeks(cast: Any, weeks_made: MakeWeek) -> None:
    """Three weeks: the school rises by ten teachers over two of them, the sibling falls, the cousin stands."""
    for week, school, sibling in (("2026-W44", 10, 30), ("2026-W45", 16, 24), ("2026-W46", 20, 18)):
        weeks_made(
            {cast.school: {"active": school}, cast.sibling: {"active": sibling}, cast.cousin: {}, cast.foreign: {}},
            week,
        )


def text_of(client: Client, query: str) -> str:
    """The page with common spaces."""
    return client.get(f"/compare/{query}").content.decode().replace("\u00a0", " ")


def test_a_place_is_compared_with_its_week_before_unless_another_is_named(
    cast: Any, two_weeks: None, client_of: ClientOf
) -> None:
    client = client_of(cast.sveta)

    pages = [text_of(client, query) for query in ("", "?with=2026-W44", "?with=1999-W99")]

    assert ["20 из 40" in page for page in pages] == [True, True, True]
    assert ["16 из 40" in page for page in pages] == [True, False, True]
    assert ["10 из 40" in page for page in pages] == [False, True, False]
    assert "25,0" in pages[1]  # the difference in points, all of it from the part


def test_who_changed_most_is_named_each_way(cast: Any, two_weeks: None, client_of: ClientOf) -> None:
    page = client_of(cast.marat).get("/compare/?with=2026-W44").content.decode()

    up, down = page[page.index("Выросли") : page.index("Упали")], page[page.index("Упали") :]
    assert "Школа №\u00a01" in up
    assert "Гимназия" not in up
    assert "Гимназия №\u00a02" in down
    assert "Лицей" not in page


def test_two_schools_stand_side_by_side(cast: Any, two_weeks: None, client_of: ClientOf) -> None:
    page = text_of(client_of(cast.marat), f"?a=school.{cast.school.pk}&b=school.{cast.sibling.pk}")

    assert "Школа № 1 и Гимназия № 2" in page
    assert "20 из 40" in page
    assert "18 из 40" in page


@pytest.mark.parametrize("name", ["sveta", "marat", "nina"])
def test_only_places_in_sight_are_offered(cast: Any, two_weeks: None, client_of: ClientOf, name: str) -> None:
    client = client_of(cast.people[name])

    page = client.get(f"/compare/?a=school.{cast.school.pk}").content.decode()

    assert (f'value="school.{cast.sibling.pk}"' in page) == (name != "sveta")
    assert f'value="school.{cast.foreign.pk}"' not in page
    assert f'value="school.{cast.cousin.pk}"' not in page


def test_one_week_alone_has_nothing_to_be_compared_with(cast: Any, weeks_made: MakeWeek, client_of: ClientOf) -> None:
    weeks_made({cast.school: {}})

    assert "Сравнить пока нечего" in client_of(cast.sveta).get("/compare/").content.decode()


@pytest.mark.parametrize("name", ["nina", "marat", "sveta"])
def test_ten_times_the_schools_cost_no_more_queries(
    cast: Any, weeks_made: MakeWeek, client_of: ClientOf, name: str
) -> None:
    client = client_of(cast.people[name])
    known = [cast.school, cast.sibling, *add_schools(cast.region, None, 1)]
    for number in (43, 44):
        weeks_made({school: {"active": number - 40} for school in known}, f"2026-W{number}")
    few = asked(client, "/compare/")
    known += add_schools(cast.region, cast.municipality, 20) + add_schools(cast.region, None, 10)
    for number in (45, 46):
        weeks_made({school: {"active": number - 40} for school in known}, f"2026-W{number}")

    assert asked(client, "/compare/") <= few
