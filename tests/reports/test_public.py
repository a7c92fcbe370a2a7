"""A rating opened to everybody: only where the region opened it, only published weeks, only what it opened."""

import datetime
import re

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from reports.counting import count_week
from reports.models import PublicRating, Rating, RatingRow
from reports.publishing import publish
from schools.scope import Level
from tests.conftest import Cast, ClientOf, make_school
from tests.reports.test_counting import add_teachers
from tests.reports.world import WEEK

pytestmark = pytest.mark.django_db
ADDRESS, SWITCH = "/public/78/", "/regions/78/public/"


@pytest.fixture(autouse=True)
def published(cast: Cast) -> Rating:
    """A week with figures of one school; the next one is a draft."""
    add_teachers(cast.school, 10, profiles=4)
    with time_machine.travel(datetime.datetime(2026, 11, 16, 5, tzinfo=datetime.UTC)):
        rating = publish(count_week(WEEK))
        add_teachers(cast.school, 20, profiles=20)
        count_week(WEEK.shift(1))
    return rating


def text_of(client: Client, query: str = "") -> str:
    """The page as text."""
    answer = client.get(f"{ADDRESS}{query}")
    assert answer.status_code == 200
    return answer.content.decode().replace("\u00a0", " ")


def test_nobody_reads_a_rating_that_is_not_opened(cast: Cast, client: Client, client_of: ClientOf) -> None:
    assert client.get(ADDRESS).status_code == 404
    assert client_of(cast.nina).get(ADDRESS).status_code == 404


def test_coordinator_opens_and_closes_it(cast: Cast, client: Client, client_of: ClientOf) -> None:
    nina = client_of(cast.nina)

    assert nina.post(SWITCH, {"open": "municipalities"}).status_code == 302
    opened = client.get(ADDRESS)
    page = nina.get(SWITCH).content.decode()
    nina.post(SWITCH, {"open": "no"})

    assert opened.status_code == 200
    assert "public" in opened["Cache-Control"]
    assert "Открыт рейтинг муниципалитетов" in page
    assert client.get(ADDRESS).status_code == 404


@pytest.mark.parametrize("who", ["marat", "sveta", "observer", "stranger"])
def test_nobody_else_opens_it(cast: Cast, client_of: ClientOf, who: str) -> None:
    answer = client_of(cast.people[who]).post(SWITCH, {"open": "schools"})

    assert answer.status_code in {403, 404}
    assert not PublicRating.objects.exists()


def test_only_what_was_opened_is_shown_and_no_way_leads_inside(cast: Cast, client: Client) -> None:
    PublicRating.objects.create(region=cast.region)

    towns = text_of(client, "?indicator=staff_profile")
    asked_for_schools = text_of(client, "?level=school&indicator=staff_profile")
    PublicRating.objects.update(shows_schools=True)
    schools = text_of(client, "?level=school&indicator=staff_profile")

    assert cast.municipality.name in towns
    assert cast.foreign_municipality.name not in towns
    assert cast.school.short_name not in asked_for_schools
    assert cast.school.short_name in schools
    assert cast.foreign.short_name not in schools
    for inner in ("/schools/", "/municipalities/", "/places/"):
        assert inner not in towns + schools


def test_every_link_of_a_guest_opens_for_a_guest(cast: Cast, client: Client, client_of: ClientOf) -> None:
    PublicRating.objects.create(region=cast.region, shows_schools=True)

    page = text_of(client, "?level=school&indicator=staff_profile")

    links = {link.replace("&amp;", "&") for link in re.findall(r'<a [^>]*href="([^"#]+)"', page)}
    answers = {link: client.get(link if link[0] == "/" else ADDRESS + link).status_code for link in links}
    assert {"/login/", "/indicators/", "/indicators/staff_profile/", "/accessibility/"} <= links
    assert set(answers.values()) == {200}, answers
    assert "/connect/" in text_of(client_of(cast.nina))


def test_share_over_a_hundred_is_explained_in_its_row(cast: Cast, client: Client) -> None:
    PublicRating.objects.create(region=cast.region, shows_schools=True)
    usual = text_of(client, "?level=school&indicator=staff_profile")
    over = make_school(cast.municipality, "789998", "Школа с новыми", declared_teachers=45)
    add_teachers(over, 47, profiles=47)
    with time_machine.travel(datetime.datetime(2026, 11, 16, 6, tzinfo=datetime.UTC)):
        publish(count_week(WEEK, reason="ещё одна школа"))

    page = text_of(client, "?level=school&indicator=staff_profile")

    words = '<span class="sub">больше 100 %</span>'
    assert [words in row for row in page.split("<tr>") if over.short_name in row] == [True]
    assert page.count(words) == 1
    assert "<dt>Больше 100 %</dt><dd>Численность по ОО-1 — на 20 сентября" in page
    assert "ольше 100 %" not in usual.split("</table>")[0] + usual.split("<dl")[1]


def test_running_week_and_drafts_are_never_shown(cast: Cast, client: Client) -> None:
    PublicRating.objects.create(region=cast.region)
    draft = WEEK.shift(1)

    page = text_of(client, f"?week={draft}&indicator=staff_profile")

    assert f"{WEEK.week}-я неделя" in page
    assert f"{draft.week}-я неделя" not in page


def test_few_people_are_not_told_of(cast: Cast, client: Client) -> None:
    small = make_school(cast.municipality, "789999", "Малая школа", declared_teachers=3)
    add_teachers(small, 3, profiles=2)
    with time_machine.travel(datetime.datetime(2026, 11, 16, 6, tzinfo=datetime.UTC)):
        publish(count_week(WEEK, reason="ещё одна школа"))
    PublicRating.objects.create(region=cast.region, shows_schools=True)

    page = text_of(client, "?level=school&indicator=staff_profile")

    assert "Малая школа" in page
    assert "мало людей" in page
    assert "2 из 3" not in page


@pytest.mark.parametrize(
    ("few", "hidden"),
    [([3], {"Школа А"}), ([2, 2], {"Школа А"}), ([3, 4], set()), ([4], {"Школа А"}), ([5], set()), ([], set())],
)
def test_few_people_are_not_told_of_by_subtraction(
    cast: Cast, client: Client, few: list[int], hidden: set[str]
) -> None:
    town = cast.other_municipality
    for name, count in (("Школа А", 8), ("Школа Б", 9), ("Школа В", 30)):
        add_teachers(make_school(town, f"code{count}", name, declared_teachers=count), count, profiles=count - 1)
    for number, count in enumerate(few):
        add_teachers(make_school(town, f"few{number}", f"Малая {number}", declared_teachers=count), count, profiles=1)
    with time_machine.travel(datetime.datetime(2026, 11, 16, 6, tzinfo=datetime.UTC)):
        rating = publish(count_week(WEEK, reason="ещё школы"))
    PublicRating.objects.create(region=cast.region, shows_schools=True)

    page = text_of(client, "?level=school&indicator=staff_profile")

    rows = page.split("<tbody>")[1].split("</tbody>")[0].split("<tr>")[1:]
    silent = {
        name for name in ("Школа А", "Школа Б", "Школа В") for row in rows if name in row and "не показано" in row
    }
    assert silent == hidden
    assert ("7 из 8" in page) != bool(hidden)
    told = [row for row in RatingRow.objects.filter(rating=rating, level=Level.SCHOOL, municipality=town) if row.whole]
    shown = [row for row in told if f"{row.part} из {row.whole}" in page]
    left_out = sum(row.whole or 0 for row in told) - sum(row.whole or 0 for row in shown)
    assert left_out == 0 or left_out >= 5
    assert [("не показано" in row) for row in rows].index(True) > 1 if hidden else True


def test_page_costs_as_many_queries_for_more_places(cast: Cast, client: Client) -> None:
    PublicRating.objects.create(region=cast.region, shows_schools=True)
    query = f"{ADDRESS}?level=school&indicator=staff_profile"
    publish(count_week(WEEK, reason="есть с чем сравнить"))
    client.get(query)
    with CaptureQueriesContext(connection) as few:
        client.get(query)
    for number in range(20):
        add_teachers(make_school(cast.municipality, f"78{number:04}x", f"Школа {number}", declared_teachers=9), 9)
    publish(count_week(WEEK, reason="ещё школы"))
    client.get(query)

    with CaptureQueriesContext(connection) as many:
        client.get(query)

    assert len(many) == len(few)
