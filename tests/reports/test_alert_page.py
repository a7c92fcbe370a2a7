"""The page of changed figures: what it says of each, in whose places, how it is narrowed, its file, line and letter."""

import io
from collections.abc import Callable
from typing import Any

import openpyxl  # type: ignore[import-untyped]
import pytest
from django.test import Client
from django.utils import timezone

from reports.alerts import METHOD, WATCHED
from reports.digests import lines_of
from reports.models import ChangeAlert, Rating, RatingState, UsageRule
from reports.reading.homes import homes_of
from schools.models import School, User
from schools.scope import Level
from tests.conftest import Cast, ClientOf, MakeWeek
from tests.test_pages import add_schools, asked

pytestmark = pytest.mark.django_db
MakeChange = Callable[..., ChangeAlert]


def inside(school: School) -> dict[str, Any]:
    """The places a school is in."""
    return {"region": school.region, "municipality": school.municipality}


@pytest.fixture
def two_weeks(cast: Cast, weeks_made: MakeWeek) -> None:
    """Between the weeks the school falls, its sibling stands, the cousin rises, a foreign one comes."""
    weeks_made({cast.school: {"active": 32}, cast.sibling: {"active": 30}, cast.cousin: {"active": 20}}, "2026-W44")
    weeks_made({cast.school: {"active": 30}, cast.sibling: {"active": 30}, cast.cousin: {"active": 20}}, "2026-W45")
    weeks_made(
        {cast.school: {"active": 4}, cast.sibling: {"active": 31}, cast.cousin: {"active": 36}, cast.foreign: {}},
        "2026-W46",
    )
    Rating.objects.update(changes_at=timezone.now())


def text_of(client: Client, query: str = "") -> str:
    """The page with common spaces."""
    answer = client.get(f"/alerts/{query}")
    assert answer.status_code == 200
    return answer.content.decode().replace("\u00a0", " ")


def test_change_says_what_was_expected_and_which_term_moved(
    cast: Cast, two_weeks: None, change_of: MakeChange, client_of: ClientOf
) -> None:
    terms = {"part": 4, "whole": 40, "part_before": 32, "whole_before": 38}
    change_of(Level.SCHOOL, cast.school.pk, **terms, **inside(cast.school))

    page = text_of(client_of(cast.sveta))

    assert "Изменения недели: 1 стало хуже" in page
    assert "80,0 %" in page
    assert "4 из 40" in page
    first = page.index("писали или звонили за неделю: было 32, стало 4")
    assert first < page.index("педагогов по ОО-1: было 38, стало 40")
    assert f"/places/school/{cast.school.pk}/indicators/staff_active/" in page
    assert f"/compare/?a=school.{cast.school.pk}&amp;indicator=staff_active&amp;with=2026-W44" in page
    assert "45-я" in page


def test_places_below_that_carry_a_fall_are_named_and_no_others(
    cast: Cast, two_weeks: None, change_of: MakeChange, client_of: ClientOf
) -> None:
    terms = {"part": 35, "whole": 80, "part_before": 62, "whole_before": 80}
    change_of(Level.MUNICIPALITY, cast.municipality.pk, **terms, **inside(cast.school))

    page = text_of(client_of(cast.marat))

    carriers = page[page.index("Больше всего сказались") :].split("</td>")[0]
    assert "Школа № 1" in carriers
    assert "32 из 40 → 4 из 40" in carriers
    assert "Гимназия" not in carriers  # it rose a little


def test_who_carries_little_of_a_rise_is_not_named_for_it(
    cast: Cast, two_weeks: None, change_of: MakeChange, client_of: ClientOf
) -> None:
    terms = {"part": 71, "whole": 120, "part_before": 50, "whole_before": 80, "direction": 1}
    change_of(Level.REGION, cast.region.pk, **terms | {"part": 119}, region=cast.region)

    page = text_of(client_of(cast.nina))

    carriers = page[page.index("Больше всего сказались") :].split("</td>")[0]
    assert "Центральный район" in carriers
    assert "20 из 40 → 36 из 40" in carriers
    assert "Невский район" not in carriers


def test_of_a_neighbour_nothing_is_told_but_its_number(
    cast: Cast, two_weeks: None, change_of: MakeChange, client_of: ClientOf
) -> None:
    town = {"region": cast.region, "municipality": cast.other_municipality}
    change_of(Level.MUNICIPALITY, cast.other_municipality.pk, direction=1, part=36, **town)
    client = client_of(cast.marat)

    own, around = text_of(client), text_of(client, "?near=all")

    assert "Центральный район</" not in own
    assert "Центральный район" in around
    assert "Лицей" not in around
    assert f"municipality/{cast.other_municipality.pk}/" not in around
    assert "Лицей № 3" in text_of(client_of(cast.nina))


def test_school_sees_its_own_alone(cast: Cast, two_weeks: None, change_of: MakeChange, client_of: ClientOf) -> None:
    for school in (cast.school, cast.sibling):
        change_of(Level.SCHOOL, school.pk, **inside(school))
    change_of(Level.MUNICIPALITY, cast.municipality.pk, **inside(cast.school))

    page = text_of(client_of(cast.sveta), "?near=all")

    assert page.count('<th scope="row"') == 1
    assert "Гимназия" not in page


def test_circumstances_are_told_beside_the_numbers(
    cast: Cast, two_weeks: None, change_of: MakeChange, client_of: ClientOf
) -> None:
    rule = UsageRule.objects.create(starts_week=202645, reason="строже")
    Rating.objects.filter(week__gte=202645).update(rule=rule, feeds={"1": "operator"})
    change_of(Level.REGION, cast.region.pk, region=cast.region)
    change_of(Level.COUNTRY, 0)
    change_of(Level.COUNTRY, 0, indicator=3)
    client = client_of(cast.observer)

    pages = {level: text_of(client, f"?level={level}") for level in ("region", "country")}

    assert "с 45-й недели берём числа оператора площадки" in pages["region"]
    assert "школ в счёте" not in pages["region"]
    assert "школ в счёте было 3, стало 4" in pages["country"]
    assert pages["country"].count("другое правило «использует»") == 1


def test_list_is_narrowed_and_sorted_by_size(
    cast: Cast, two_weeks: None, change_of: MakeChange, client_of: ClientOf
) -> None:
    change_of(Level.SCHOOL, cast.school.pk, size=700, **inside(cast.school))
    change_of(Level.SCHOOL, cast.sibling.pk, size=900, direction=1, indicator=4, **inside(cast.sibling))
    change_of(Level.SCHOOL, cast.cousin.pk, size=800, **inside(cast.cousin))
    client = client_of(cast.nina)

    whole = text_of(client)

    assert "1 стало лучше" not in whole
    assert "2 стало хуже, 1 — лучше" in whole
    assert whole.index("Гимназия № 2<") < whole.index("Лицей № 3<") < whole.index("Школа № 1<")
    rows = {
        query: {name for name in ("Школа № 1<", "Гимназия № 2<", "Лицей № 3<") if name in text_of(client, query)}
        for query in (
            "?direction=better",
            "?indicator=staff_confirmed",
            "?level=municipality",
            f"?municipality={cast.other_municipality.pk}",
        )
    }
    assert [len(found) for found in rows.values()] == [1, 1, 0, 1]
    assert rows["?direction=better"] == rows["?indicator=staff_confirmed"] == {"Гимназия № 2<"}


@pytest.mark.parametrize(
    ("query", "looked", "said"),
    [
        ("", True, "Всё как обычно"),
        ("?direction=worse", True, "Таких изменений нет"),
        ("", False, "изменений ещё не искали"),
    ],
)
def test_empty_page_says_why(
    cast: Cast, two_weeks: None, client_of: ClientOf, query: str, looked: bool, said: str
) -> None:
    if not looked:
        Rating.objects.update(changes_at=None)

    page = text_of(client_of(cast.nina), query)

    assert said in page
    assert all(name in page for name, _ in METHOD)


def test_a_draft_of_a_newer_week_does_not_hide_the_published_one(
    cast: Cast, two_weeks: None, weeks_made: MakeWeek, change_of: MakeChange, client_of: ClientOf
) -> None:
    change_of(Level.SCHOOL, cast.school.pk, **inside(cast.school))
    weeks_made({cast.school: {}}, "2026-W47", "draft")

    page = text_of(client_of(cast.sveta))

    assert "1 стало хуже" in page
    assert "46-я неделя" in page


def test_file_holds_what_the_page_does_without_formulas(
    cast: Cast, two_weeks: None, change_of: MakeChange, client_of: ClientOf
) -> None:
    School.objects.filter(pk=cast.school.pk).update(short_name="=1+1")
    for school in (cast.school, cast.cousin):
        change_of(Level.SCHOOL, school.pk, **inside(school))

    answer = client_of(cast.marat).get("/alerts/?format=xlsx&direction=worse")

    rows = list(openpyxl.load_workbook(io.BytesIO(answer.getvalue())).worksheets[0].iter_rows())
    assert len(rows) == 2
    cells = dict(zip((cell.value for cell in rows[0]), rows[1], strict=True))
    assert (cells["Место"].value, cells["Место"].data_type) == ("=1+1", "s")
    assert (cells["Доля"].value, cells["Ожидали"].value, cells["С недели"].value) == (0.5, 0.8, "2026-W45")


def test_twenty_changes_cost_no_more_queries_than_two(
    cast: Cast, two_weeks: None, change_of: MakeChange, client_of: ClientOf
) -> None:
    client = client_of(cast.nina)
    change_of(Level.REGION, cast.region.pk, region=cast.region)
    change_of(Level.MUNICIPALITY, cast.municipality.pk, **inside(cast.school))
    change_of(Level.SCHOOL, cast.school.pk, **inside(cast.school))
    asked(client, "/alerts/")
    few = asked(client, "/alerts/")
    schools = add_schools(cast.region, cast.municipality, 30)
    for number, school in enumerate(schools):
        change_of(Level.SCHOOL, school.pk, size=601 + number, **inside(school))
    change_of(Level.MUNICIPALITY, cast.other_municipality.pk, **inside(cast.cousin))
    for indicator in WATCHED[1:]:
        change_of(Level.REGION, cast.region.pk, region=cast.region, indicator=indicator.number)

    many = asked(client, "/alerts/")

    assert many <= few
    assert few <= 22
    assert "1–20 из 40" in text_of(client)


@pytest.mark.parametrize("name", ["nina", "marat", "sveta"])
def test_page_of_a_place_tells_of_its_changes_in_one_line(
    cast: Cast, two_weeks: None, change_of: MakeChange, client_of: ClientOf, name: str
) -> None:
    address = {
        "nina": "/regions/78/",
        "marat": f"/municipalities/{cast.municipality.pk}/",
        "sveta": f"/schools/{cast.school.pk}/",
    }[name]
    client = client_of(cast.people[name])
    asked(client, address)
    before = asked(client, address)
    assert "Изменения недели" not in client.get(address).content.decode()
    change_of(Level.SCHOOL, cast.school.pk, **inside(cast.school))
    change_of(Level.SCHOOL, cast.foreign.pk, **inside(cast.foreign))

    page = client.get(address).content.decode()

    assert "Изменения недели: 1\u00a0стало хуже<" in page
    assert asked(client, address) == before


def test_letter_has_one_line_of_what_got_worse_in_most_schools(
    cast: Cast, two_weeks: None, change_of: MakeChange
) -> None:
    for school in (cast.school, cast.cousin, cast.foreign):
        change_of(Level.SCHOOL, school.pk, **inside(school))
    change_of(Level.SCHOOL, cast.sibling.pk, indicator=4, **inside(cast.sibling))
    change_of(Level.SCHOOL, cast.sibling.pk, direction=1, **inside(cast.sibling))
    change_of(Level.REGION, cast.region.pk, region=cast.region)

    said = {name: letter(cast.people[name]) for name in ("nina", "marat", "sveta", "observer")}

    assert said["nina"] == [f"хуже обычного, 2 школы: «{WATCHED[0].short_name}»"]
    assert "1 школа" in said["marat"][0]
    assert said["sveta"][0].startswith("хуже обычного: «")
    assert said["observer"] == []
    assert [len(lines) for lines in said.values()] == [1, 1, 1, 0]


def letter(user: User) -> list[str]:
    """Lines of a person's letter that are about figures."""
    lines = lines_of(user, homes_of(user)[0])
    assert len(lines) <= 5
    return [line.text.replace("\u00a0", " ") for line in lines if line.url.startswith("/alerts/?direction=worse")]


def test_what_no_code_of_a_region_looks_like_is_not_found(cast: Cast, two_weeks: None, client_of: ClientOf) -> None:
    client = client_of(cast.nina)

    statuses = [client.get(f"/{page}/?region=%00").status_code for page in ("alerts", "checks")]

    assert statuses == [404, 404]


def test_replaced_revision_does_not_say_that_all_is_as_usual(cast: Cast, two_weeks: None, client_of: ClientOf) -> None:
    Rating.objects.filter(week=202646).update(changes_at=timezone.now(), state=RatingState.SUPERSEDED)

    page = text_of(client_of(cast.nina), "?week=2026-W46&revision=1")

    assert "Всё как обычно" not in page
