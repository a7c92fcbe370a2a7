"""REST of the coverage by chats: schools by case, places above them, sight, files and queries."""

import datetime
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from chats.models import Chat
from reports.chat_coverage.counting import count_chats
from reports.counting import count_week
from reports.publishing import publish
from reports.weeks import IsoWeek
from tests.chats.school import chat, make
from tests.conftest import Cast, ClientOf
from tests.test_pages import add_schools

pytestmark = pytest.mark.django_db
URL = "/api/v1/chat-coverage/"


@pytest.fixture(autouse=True)
def day() -> Iterator[None]:
    """A Thursday in the school year."""
    with time_machine.travel(datetime.datetime(2026, 11, 26, 9, tzinfo=datetime.UTC), tick=False):
        yield


@pytest.fixture
def counted(cast: Cast) -> Cast:
    """Two schools with people, in two regions; counted."""
    for school in (cast.school, cast.foreign):
        make(school)
        chat(school, 1)
    count_chats()
    return cast


def listed(client: Client, query: str = "") -> dict[int, Any]:
    """Schools listed, by id."""
    return {record["id"]: record for record in client.get(f"{URL}{query}").json()["results"]}


def totals(client: Client, query: str = "") -> list[Any]:
    """Places listed."""
    found: list[Any] = client.get(f"{URL}totals/{query}").json()
    return found


def test_school_has_its_cases_and_sums(counted: Cast, client_of: ClientOf) -> None:
    record = client_of(counted.sveta).get(f"{URL}{counted.school.pk}/").json()

    assert (record["expected"], record["present"]) == (11, 1)
    assert record["cases"][0] == {"use_case": 1, "expected": 1, "present": 1}
    assert {"use_case": 15, "expected": 2, "present": 0} in record["cases"]


def test_everyone_lists_their_own_schools(counted: Cast, client_of: ClientOf) -> None:
    assert set(listed(client_of(counted.sveta))) == {counted.school.pk}
    assert set(listed(client_of(counted.nina))) == {counted.school.pk, counted.sibling.pk, counted.cousin.pk}
    assert len(listed(client_of(counted.observer))) == 4
    assert listed(client_of(counted.stranger)) == {}
    assert client_of(counted.sveta).get(f"{URL}{counted.foreign.pk}/").status_code == 404


def test_filters_find_those_who_lack(counted: Cast, client_of: ClientOf) -> None:
    client = client_of(counted.root)

    assert set(listed(client, "?use_case=15")) == {counted.school.pk, counted.foreign.pk}
    assert listed(client, "?use_case=1&lacking=true") == {}
    assert set(listed(client, "?use_case=15&lacking=true&region=78")) == {counted.school.pk}
    assert len(listed(client, "?lacking=true")) == 4
    assert listed(client, "?lacking=false") == {}
    assert client.get(f"{URL}?use_case=99").status_code == 400
    assert client.get(f"{URL}?nonsense=1").status_code == 400


def test_places_add_up(counted: Cast, client_of: ClientOf) -> None:
    client = client_of(counted.root)

    country, regions = totals(client, "?level=country"), totals(client)
    towns = totals(client, "?level=municipality&region=78")

    assert [(each["name"], each["expected"], each["present"]) for each in country] == [("Россия", 24, 2)]
    assert [(each["region"], each["expected"]) for each in regions] == [("47", 11), ("78", 13)]
    assert sum(each["expected"] for each in regions) == country[0]["expected"]
    assert [(each["name"], each["expected"], each["present"]) for each in towns] == [
        ("Невский район", 12, 1),
        ("Центральный район", 1, 0),
    ]
    marat = client_of(counted.marat)
    assert totals(marat, "?level=region") == totals(marat, "?level=country") == []
    assert [each["expected"] for each in totals(marat, "?level=municipality&region=78")] == [12]
    assert totals(client_of(counted.sveta), "?level=country") == []
    assert totals(client_of(counted.stranger)) == []


def test_totals_say_what_they_need(counted: Cast, client_of: ClientOf) -> None:
    client = client_of(counted.root)

    for query in ("?level=school", "?level=municipality", "?nonsense=1"):
        answer = client.get(f"{URL}totals/{query}")
        assert answer.status_code == 400
        assert answer.json()["errors"]


def test_ten_times_the_schools_cost_no_more_queries(counted: Cast, client_of: ClientOf) -> None:
    client = client_of(counted.nina)
    urls = [URL, f"{URL}totals/", f"{URL}totals/?level=municipality&region=78"]

    def asked() -> list[int]:
        found = []
        for url in urls:
            with CaptureQueriesContext(connection) as queries:
                client.get(url)
            found.append(len(queries))
        return found

    asked()
    before = asked()
    add_schools(counted.region, counted.municipality, 30)
    count_chats()

    assert asked() == before


def test_totals_of_a_week_stand_as_they_were_published(counted: Cast, client_of: ClientOf) -> None:
    publish(count_week(IsoWeek.parse("2026-W47")))
    Chat.objects.all().delete()
    count_chats()
    nina = client_of(counted.nina)

    frozen = totals(nina, "?level=region&week=2026-W47")
    living = totals(nina, "?level=region")

    assert [(place["region"], place["present"]) for place in frozen] == [("78", 1)]
    assert [(place["region"], place["present"]) for place in living] == [("78", 0)]
    assert frozen[0]["expected"] <= living[0]["expected"]  # schools without a list have no data in a week
    assert nina.get(f"{URL}totals/?week=2026-W40").status_code == 404
    assert "Неделя пишется так" in nina.get(f"{URL}totals/?week=вчера").json()["detail"]
    assert totals(client_of(counted.sveta), "?level=region&week=2026-W47") == []
