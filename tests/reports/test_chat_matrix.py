"""The matrix of chats over a region and a municipality: who sees it, its order, filters, sheet and queries."""

import datetime
import io
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from chats.use_cases import USE_CASES
from reports.chat_coverage.counting import count_chats
from reports.reading.chat_matrix import SHORT
from schools.models import School, User
from tests.chats.school import chat, make
from tests.conftest import Cast
from tests.test_pages import add_schools

ClientOf = Callable[[User | None], Client]
pytestmark = pytest.mark.django_db
REGION = "/regions/78/chats/"


@pytest.fixture(autouse=True)
def day() -> Iterator[None]:
    """A Thursday in the school year."""
    with time_machine.travel(datetime.datetime(2026, 11, 26, 9, tzinfo=datetime.UTC), tick=False):
        yield


@pytest.fixture
def counted(cast: Cast) -> Cast:
    """Two schools with people, the second with more chats; counted."""
    for school, cases in ((cast.school, (1,)), (cast.cousin, (1, 3, 7, 13))):
        make(school)
        for number in cases:
            chat(school, number)
    count_chats()
    return cast


def text(client: Client, url: str) -> str:
    """A page."""
    answer = client.get(url)
    assert answer.status_code == 200
    return answer.content.decode()


def order(page: str, *names: str) -> list[str]:
    """Names in the order in which the page has them."""
    return sorted(names, key=lambda name: page.index(f">{name}<"))


FIRST, SECOND, THIRD = "Школа №\u00a01", "Гимназия №\u00a02", "Лицей №\u00a03"


def test_region_shows_its_schools_worst_first(counted: Cast, client_of: ClientOf) -> None:
    page = text(client_of(counted.nina), REGION)

    assert order(page, FIRST, SECOND, THIRD) == [SECOND, FIRST, THIRD]
    assert "есть 5 из\u00a023 нужных чатов" in page
    assert "0/2" not in page.split("<tbody>")[0]
    assert f"{FIRST}, Административная команда: на месте" in page
    assert f"{FIRST}, Классный руководитель и родители: нет" in page


def test_filters_order_and_groups_narrow(counted: Cast, client_of: ClientOf) -> None:
    client = client_of(counted.nina)

    assert order(text(client, f"{REGION}?sort=-share"), FIRST, THIRD) == [THIRD, FIRST]
    assert f">{THIRD}<" not in text(client, f"{REGION}?q=школа")
    assert f">{FIRST}<" not in text(client, f"{REGION}?town={counted.other_municipality.pk}")
    assert f">{THIRD}<" not in text(client, f"{REGION}?case=3")
    assert "Показаны школы, где нет «Зам. по УР и учителя-предметники»" in text(client, f"{REGION}?case=3")
    families = text(client, f"{REGION}?group=families")
    assert "Административная команда" not in families
    assert "Школьный актив родителей" in families
    for odd in ("?group=nonsense&sort=nonsense&case=99&town=x&page=99", "?case=' or 1=1", "?q=%00"):
        assert client.get(f"{REGION}{odd}").status_code == 200


def test_municipalities_are_rows_where_asked(counted: Cast, client_of: ClientOf) -> None:
    page = text(client_of(counted.nina), f"{REGION}?by=town")

    assert order(page, "Невский район", "Центральный район") == ["Невский район", "Центральный район"]
    assert f"/municipalities/{counted.municipality.pk}/chats/" in page


def test_everyone_sees_their_own_territory_alone(counted: Cast, client_of: ClientOf) -> None:
    town = f"/municipalities/{counted.municipality.pk}/chats/"

    assert client_of(counted.sveta).get(REGION).status_code == 404
    assert client_of(counted.marat).get(REGION).status_code == 404
    assert f">{THIRD}<" not in text(client_of(counted.marat), town)
    observer = text(client_of(counted.observer), REGION)
    assert f"/schools/{counted.school.pk}/chats/" not in observer


def test_sheet_holds_what_is_chosen_and_no_formula(counted: Cast, client_of: ClientOf) -> None:
    School.objects.filter(pk=counted.school.pk).update(short_name="=1+1", name_key="=1+1")

    answer = client_of(counted.nina).get(f"{REGION}?format=xlsx&case=15")

    sheet: Any = load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active  # type: ignore[attr-defined]
    rows = list(sheet.iter_rows())
    assert len(rows[0]) == 4 + 2 * len(USE_CASES)
    assert [row[1].value for row in rows[1:]] == ["=1+1", "Лицей № 3"]
    assert all(each.data_type != "f" for row in rows for each in row)
    assert [cell.value for cell in rows[1][:8]] == ["Невский район", "=1+1", 1, 11, 1, 1, None, None]


def test_before_the_first_count_the_page_says_so(cast: Cast, client_of: ClientOf) -> None:
    page = text(client_of(cast.nina), REGION)

    assert "Чаты ещё не посчитаны" in page


def test_page_asks_as_many_queries_for_ten_times_the_schools(counted: Cast, client_of: ClientOf) -> None:
    client = client_of(counted.nina)
    urls = [REGION, f"{REGION}?by=town", f"{REGION}?case=13&group=staff", f"{REGION}?format=xlsx"]

    def asked() -> list[int]:
        found = []
        for url in urls:
            with CaptureQueriesContext(connection) as queries:
                answer = client.get(url)
                if answer.streaming:
                    b"".join(answer.streaming_content)  # type: ignore[attr-defined]
            found.append(len(queries))
        return found

    asked()
    before = asked()
    add_schools(counted.region, counted.municipality, 60)
    count_chats()

    assert asked() == before
    assert max(before) <= 12
    assert "1–50 из 63" in text(client, REGION)


def test_every_case_has_a_short_name_for_its_column() -> None:
    assert set(SHORT) == {case.number for case in USE_CASES}
    assert max(len(word.replace("\u00ad", "")) for words in SHORT.values() for word in words.split()) <= 16
