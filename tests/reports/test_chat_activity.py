"""Weekly activity of chats on their pages and in REST: read by the rule of sight, in as many queries for any number."""

import csv
import datetime
import io
from collections.abc import Callable, Iterator

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from chats.models import Chat
from chats.talks import activity
from reports.models import ActivityCoverage, ActivityLoad, ChatActivity
from reports.weeks import IsoWeek
from schools.models import School, User
from tests.chats.school import chat
from tests.conftest import Cast

ClientOf = Callable[[User | None], Client]
pytestmark = pytest.mark.django_db
LAST = IsoWeek(2026, 47)  # the last finished week of the day below


@pytest.fixture(autouse=True)
def day() -> Iterator[None]:
    """A Thursday of the 48th week."""
    with time_machine.travel(datetime.datetime(2026, 11, 26, 9, tzinfo=datetime.UTC), tick=False):
        yield


def deliver(school: School, week: IsoWeek, rows: dict[Chat, int] | None = None, *, has_chats: bool = True) -> None:
    """Save what an operator delivered of a school's week on Сферум."""
    load = ActivityLoad.objects.create(week=week.number, platform=1, source="t")
    ActivityCoverage.objects.create(week=week.number, platform=1, school=school, load=load, has_chats=has_chats)
    for one, messages in (rows or {}).items():
        ChatActivity.objects.create(week=week.number, school=school, chat=one, messages=messages)


def page(client: Client, url: str) -> str:
    """A page as text."""
    answer = client.get(url)
    assert answer.status_code == 200
    return answer.content.decode()


def test_page_of_a_chat_says_its_weeks_aloud_and_silence_is_no_gap(cast: Cast, client_of: ClientOf) -> None:
    talk = chat(cast.school, 1)
    deliver(cast.school, LAST, {talk: 12})
    deliver(cast.school, LAST.shift(-1))
    deliver(cast.school, LAST.shift(-2), has_chats=False)

    shown = page(client_of(cast.sveta), f"/chats/{talk.pk}/")

    assert "47-я неделя: 12\u00a0сообщений" in shown
    assert "45-я — нет данных, 46-я — 0, 47-я — 12." in shown
    assert "Прочерк — за эту неделю данных о чатах нет." in shown


def test_silent_chat_is_said_to_be_silent_on_its_page_and_in_the_list(cast: Cast, client_of: ClientOf) -> None:
    talk, other = chat(cast.school, 1, title="Тихий"), chat(cast.school, 3, title="Живой")
    for back in range(3):
        deliver(cast.school, LAST.shift(-back), {other: 5 + back})
    deliver(cast.school, LAST.shift(-3), {talk: 1})
    client = client_of(cast.sveta)

    listed = page(client, f"/schools/{cast.school.pk}/chats/")

    assert "Молчит 3\u00a0недели" in page(client, f"/chats/{talk.pk}/")
    assert listed.count("молчит 3\u00a0недели") == 1
    assert "5\u00a0сообщений за неделю" in listed


def test_where_chats_never_came_there_is_no_data_and_no_silence(cast: Cast, client_of: ClientOf) -> None:
    talk = chat(cast.school, 1)
    deliver(cast.school, LAST, has_chats=False)
    deliver(cast.sibling, LAST)
    client = client_of(cast.sveta)

    assert "Сообщения по неделям: нет данных" in page(client, f"/chats/{talk.pk}/")
    assert "никто не писал" not in page(client, f"/schools/{cast.school.pk}/chats/")


def test_reader_gives_nothing_of_a_school_out_of_sight(cast: Cast) -> None:
    talk = chat(cast.foreign, 1)
    deliver(cast.foreign, LAST, {talk: 7})

    seen = activity.read(cast.foreign, cast.root)
    unseen = activity.read(cast.foreign, cast.marat)

    assert (seen.messages, len(seen.delivered)) == ({(talk.pk, LAST.monday): 7}, 1)
    assert (unseen.messages, unseen.delivered) == ({}, frozenset())


def test_reader_of_one_chat_does_not_read_the_others(cast: Cast) -> None:
    talk, other = chat(cast.school, 1), chat(cast.school, 3)
    deliver(cast.school, LAST, {talk: 7, other: 8})

    assert activity.read(cast.school, cast.sveta, chat=talk.pk).messages == {(talk.pk, LAST.monday): 7}


def test_week_that_is_not_over_is_not_shown(cast: Cast) -> None:
    deliver(cast.school, LAST.shift(1))

    found = activity.read(cast.school, cast.sveta)

    assert found.weeks[-1].number == 47
    assert found.delivered == frozenset()


def test_pages_ask_as_many_queries_for_ten_times_the_chats(cast: Cast, client_of: ClientOf) -> None:
    talk = chat(cast.school, 23)
    deliver(cast.school, LAST, {talk: 1})
    urls = [f"/schools/{cast.school.pk}/chats/", f"/chats/{talk.pk}/"]
    client = client_of(cast.sveta)

    def asked() -> list[int]:
        counts = []
        for url in urls:
            with CaptureQueriesContext(connection) as queries:
                page(client, url)
            counts.append(len(queries))
        return counts

    asked()
    before = asked()
    for back in range(1, 8):
        deliver(cast.school, LAST.shift(-back), {chat(cast.school, 23): 3, talk: 2})

    assert asked() == before


def test_rest_gives_the_messages_of_the_last_counted_week(
    cast: Cast, weeks_made: Callable[..., object], client_of: ClientOf
) -> None:
    loud, silent, unknown = chat(cast.school, 1), chat(cast.school, 3), chat(cast.sibling, 1)
    client = client_of(cast.nina)
    (first, *_) = client.get("/api/v1/chats/").json()["results"]
    assert (first["messages_week"], first["messages"]) == (None, None)

    weeks_made({cast.school: {}}, "2026-W46")
    deliver(cast.school, LAST.shift(-1), {loud: 12})
    deliver(cast.school, LAST, {loud: 99})  # not counted yet
    deliver(cast.sibling, LAST.shift(-1), has_chats=False)
    rows = {row["id"]: row for row in client.get("/api/v1/chats/").json()["results"]}

    assert {row["messages_week"] for row in rows.values()} == {"2026-W46"}
    assert [rows[each.pk]["messages"] for each in (loud, silent, unknown)] == [12, 0, None]
    assert client.get(f"/api/v1/chats/{loud.pk}/").json()["messages"] == 12


def test_files_of_rest_carry_the_messages(cast: Cast, weeks_made: Callable[..., object], client_of: ClientOf) -> None:
    talk = chat(cast.school, 1)
    weeks_made({cast.school: {}}, "2026-W47")
    deliver(cast.school, LAST, {talk: 12})
    client = client_of(cast.nina)

    text = b"".join(client.get("/api/v1/chats/?format=csv&dialect=comma").streaming_content)  # type: ignore[attr-defined]
    (line,) = csv.DictReader(io.StringIO(text.decode("utf-8-sig")))
    book = b"".join(client.get("/api/v1/chats/?format=xlsx").streaming_content)  # type: ignore[attr-defined]
    head, row = list(load_workbook(io.BytesIO(book)).worksheets[0].iter_rows(values_only=True))[:2]

    assert (line["messages_week"], line["messages"]) == ("2026-W47", "12")
    assert dict(zip(head, row, strict=True))["Сообщений за неё"] == 12


def test_rest_asks_as_many_queries_for_ten_times_the_chats(
    cast: Cast, weeks_made: Callable[..., object], client_of: ClientOf
) -> None:
    weeks_made({cast.school: {}}, "2026-W47")
    client = client_of(cast.nina)
    deliver(cast.school, LAST, {chat(cast.school, 1): 1})

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/api/v1/chats/").status_code == 200
        return len(queries)

    asked()
    before = asked()
    for place in (cast.sibling, cast.cousin):
        deliver(place, LAST, {chat(place, 23): number for number in range(10)})

    assert asked() == before
