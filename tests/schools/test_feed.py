"""The feed of changes: nothing lost, nothing foreign, tombstones by code."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from reports.counting import count_week
from reports.publishing import publish
from reports.weeks import last_finished
from schools.feed.telling import number_changes
from schools.models import Change, Region, School
from tests.conftest import Cast, make_school

Tokens = Callable[..., dict[str, str]]


def feed(headers: dict[str, str], since: str = "0", query: str = "") -> Any:
    """A piece of the feed."""
    answer = Client().get(f"/api/v1/changes/?since={since}{query}", headers=headers)
    assert answer.status_code == 200, answer.content.decode()
    return answer.json()


def told(piece: Any) -> list[tuple[str, str]]:
    """(key, event) of each change."""
    return [(row["key"], row["event"]) for row in piece["results"]]


def test_every_way_to_write_a_school_is_told(cast: Cast, token_of: Tokens) -> None:
    headers = token_of(cast.nina)
    since = feed(headers, "latest")["cursor"]

    cast.school.save()
    School.objects.filter(pk=cast.sibling.pk).update(phone="1")
    cast.cousin.phone = "2"
    School.objects.bulk_update([cast.cousin], ["phone"])
    fresh = School(code="790001", region=cast.region, short_name="Ш", full_name="Ш")
    School.objects.bulk_create([fresh])
    School.objects.filter(code="790001").delete()

    assert told(feed(headers, since)) == [
        ("780001", "changed"), ("780002", "changed"), ("780003", "changed"), ("790001", "changed"), ("790001", "gone"),
    ]  # fmt: skip


def test_school_that_moves_or_changes_its_code_is_gone_from_where_it_was(cast: Cast, token_of: Tokens) -> None:
    headers = token_of(cast.marat)
    since = feed(headers, "latest")["cursor"]

    cast.school.code = "780099"
    cast.school.save()
    School.objects.filter(pk=cast.sibling.pk).update(municipality=cast.other_municipality)
    piece = feed(headers, since)
    make_school(cast.municipality, "790002", "Ш").delete()

    assert told(piece) == [("780001", "gone"), ("780099", "changed"), ("780002", "gone")]
    assert told(feed(headers, piece["cursor"])) == [("790002", "changed"), ("790002", "gone")]


@pytest.mark.parametrize(
    "person, schools",
    [("root", 4), ("observer", 4), ("nina", 3), ("marat", 2), ("sveta", 1), ("stranger", 0)],
)
def test_feed_follows_the_rule_of_sight(cast: Cast, token_of: Tokens, person: str, schools: int) -> None:
    publish(count_week(last_finished(timezone.now())))

    rows = feed(token_of(cast.people[person]))["results"]

    assert len({row["key"] for row in rows if row["kind"] == "schools"}) == schools
    assert [row["event"] for row in rows if row["kind"] == "ratings"] == (["published"] if schools else [])


def test_publications_are_told_with_their_permanent_address(cast: Cast, token_of: Tokens) -> None:
    week, headers = last_finished(timezone.now()), token_of(cast.sveta)
    first = publish(count_week(week))
    School.objects.filter(pk=cast.school.pk).update(declared_teachers=7)
    second = publish(count_week(week, reason="поправка"))

    rows = [row for row in feed(headers)["results"] if row["kind"] == "ratings"]

    assert [(row["key"], row["event"], row["facts"]["revision"]) for row in rows] == [
        (str(week), "published", 1), (str(week), "superseded", 1), (str(week), "published", 2),
    ]  # fmt: skip
    assert [row["facts"]["sha256"] for row in rows] == [first.sha256, first.sha256, second.sha256]
    assert Client().get(rows[-1]["facts"]["rating"], headers=headers).json()["sha256"] == second.sha256


def test_pieces_follow_one_another_and_the_end_stays_where_it_is(cast: Cast, token_of: Tokens) -> None:
    headers, since, found = token_of(cast.observer), "0", []

    while True:
        piece = feed(headers, since, "&page_size=1")
        found += told(piece)
        since = piece["cursor"]
        if not piece["more"]:
            break

    assert len(found) == 4
    assert feed(headers, since)["cursor"] == since
    assert feed(headers, "latest")["cursor"] == since


@pytest.mark.parametrize("since", ["-1", "x", "", "1.5", "²", "9" * 30])
def test_foreign_cursor_is_a_400(cast: Cast, token_of: Tokens, since: str) -> None:
    answer = Client().get(f"/api/v1/changes/?since={since}", headers=token_of(cast.nina))

    assert answer.status_code == 400
    assert "cursor" in answer.json()["detail"]


def test_cursor_the_feed_has_not_come_to_is_no_end_of_it(cast: Cast, token_of: Tokens) -> None:
    everything, mine = feed(token_of(cast.observer), "latest")["cursor"], feed(token_of(cast.sveta), "latest")["cursor"]

    ahead = Client().get(f"/api/v1/changes/?since={int(everything) + 1}", headers=token_of(cast.sveta))

    assert (ahead.status_code, "с since=0" in ahead.json()["detail"]) == (400, True)
    assert int(mine) < int(everything)
    assert feed(token_of(cast.sveta), everything)["cursor"] == everything


def test_rolled_back_change_is_not_told(cast: Cast, token_of: Tokens) -> None:
    since = feed(token_of(cast.nina), "latest")["cursor"]

    with transaction.atomic():
        School.objects.filter(pk=cast.school.pk).update(phone="1")
        transaction.set_rollback(True)

    assert feed(token_of(cast.nina), since)["results"] == []


@pytest.mark.postgres("SQLite has one writer at a time")
@pytest.mark.django_db(transaction=True)
def test_change_that_took_a_smaller_id_and_commits_later_is_not_lost(reference_data: None) -> None:
    region = Region.objects.get(code="78")
    slow_has_written, fast_was_read = threading.Event(), threading.Event()

    def slow() -> None:
        with transaction.atomic():
            make_school(region, "780001", "Медленная")
            slow_has_written.set()
            assert fast_was_read.wait(10)
        connection.close()

    thread = threading.Thread(target=slow)
    thread.start()
    assert slow_has_written.wait(10)
    make_school(region, "780002", "Быстрая")
    number_changes()
    first = list(Change.objects.filter(number__isnull=False).values_list("key", "number"))
    fast_was_read.set()
    thread.join(10)
    number_changes()
    later = list(Change.objects.filter(number__gt=first[-1][1]).values_list("key", flat=True))

    assert first == [("780002", 1)]
    assert later == ["780001"]
    assert Change.objects.get(key="780001").pk < Change.objects.get(key="780002").pk


@pytest.mark.postgres("SQLite has one writer at a time")
@pytest.mark.django_db(transaction=True)
def test_many_writers_and_readers_lose_nothing(reference_data: None) -> None:
    region, stop = Region.objects.get(code="78"), threading.Event()
    seen: list[str] = []

    def write(start: int) -> None:
        for number in range(25):
            make_school(region, f"{start}{number:03}", "Ш")
        connection.close()

    def read() -> None:
        cursor, last_look = 0, False
        while not last_look:
            last_look = stop.is_set()
            number_changes()
            rows = list(Change.objects.filter(number__gt=cursor).order_by("number").values_list("key", "number"))
            seen.extend(key for key, _ in rows)
            cursor = (rows[-1][1] or 0) if rows else cursor
        connection.close()

    reader = threading.Thread(target=read)
    writers = [threading.Thread(target=write, args=(start,)) for start in (1, 2, 3)]
    _start(reader, *writers)
    _join(*writers)
    stop.set()
    _join(reader)

    assert len(seen) == len(set(seen)) == 75


def _start(*threads: threading.Thread) -> None:
    for thread in threads:
        thread.start()


def _join(*threads: threading.Thread) -> None:
    for thread in threads:
        thread.join(60)
