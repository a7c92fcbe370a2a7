"""REST of weeks, ratings and activity: what is shown to whom, and how it is pulled."""

import csv
import datetime
import io
import json
from collections.abc import Callable
from typing import Any

import openpyxl
import pandas
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from chats.models import Chat
from reports.counting import count_week, engine
from reports.counting.rows import insert_place_names
from reports.indicators import INDICATOR_BY_KEY, MAIN_INDICATOR
from reports.models import (
    ActivityCoverage,
    ActivityLoad,
    ChatActivity,
    Rating,
    RatingPlace,
    RatingRow,
    RatingState,
    StaffActivity,
    UsageRule,
)
from reports.publishing import publish, verify
from reports.weeks import IsoWeek, last_finished
from schools.models import Municipality, Region, School, Succession, User
from schools.scope import Level
from staff.models import StaffMember
from tests.conftest import Cast, clear_caches

Tokens = Callable[..., dict[str, str]]
WEEK = "2026-W47"
ACTIVE = INDICATOR_BY_KEY["staff_active"].number
USES = INDICATOR_BY_KEY["r210_10"].number


def save_rating(revision: int = 1, state: str = RatingState.PUBLISHED, **facts: Any) -> Rating:
    """A revision of 2026-W47."""
    return Rating.objects.create(
        week=202647,
        revision=revision,
        state=state,
        rule=UsageRule.for_week(IsoWeek(2026, 47)),
        reason="" if revision == 1 else "данные пришли позже",
        sha256=f"{revision:064x}",
        counted_at=timezone.now(),
        published_at=timezone.now(),
        **facts,
    )


def save_row(rating: Rating, level: Level, place: Any, part: int | None, whole: int | None, **facts: Any) -> RatingRow:
    """A row of a place; None is the country."""
    region = {Level.REGION: lambda: place, Level.COUNTRY: lambda: None}.get(level, lambda: place.region)()
    municipality = place if level == Level.MUNICIPALITY else getattr(place, "municipality", None)
    return RatingRow.objects.create(
        rating=rating,
        indicator=facts.pop("indicator", ACTIVE),
        level=level,
        place_id=place.pk if place else 0,
        region=region,
        municipality=municipality,
        part=part,
        whole=whole,
        schools=1,
        **facts,
    )


@pytest.fixture
def rated(cast: Cast) -> Cast:
    """The published week: a school over 100 %, one that is too small, one without data, one abroad."""
    rating = save_rating()
    before = {"part_before": 30, "whole_before": 40, "rank_before": 3, "local_rank_before": 2}
    save_row(rating, Level.SCHOOL, cast.school, 34, 40, rank=2, ranked=2, local_rank=1, local_ranked=1, **before)
    save_row(rating, Level.SCHOOL, cast.sibling, 3, 4)
    save_row(rating, Level.SCHOOL, cast.cousin, 21, 20, rank=1, ranked=2, local_rank=1, local_ranked=1)
    save_row(rating, Level.SCHOOL, cast.foreign, None, None, missing=1)
    for indicator in (ACTIVE, USES):
        facts = {"indicator": indicator}
        save_row(rating, Level.MUNICIPALITY, cast.municipality, 37, 44, rank=2, ranked=2, **facts)
        save_row(rating, Level.MUNICIPALITY, cast.other_municipality, 21, 20, rank=1, ranked=2, **facts)
        save_row(rating, Level.MUNICIPALITY, cast.foreign_municipality, None, None, **facts)
        save_row(rating, Level.REGION, cast.region, 58, 64, rank=1, ranked=1, **facts)
        save_row(rating, Level.REGION, cast.other_region, None, None, **facts)
        save_row(rating, Level.COUNTRY, None, 58, 64, **facts)
    return cast


def pull(headers: dict[str, str], query: str = "", week: str = WEEK) -> Any:
    """The answer as JSON."""
    response = Client().get(f"/api/v1/ratings/{week}/?{query}", headers=headers)
    assert response.status_code == 200, response.content.decode()
    return response.json()


def test_row_of_a_school_tells_everything_about_its_week(rated: Cast, token_of: Tokens) -> None:
    answer = pull(token_of(rated.nina), "level=school&region=78")

    row = next(each for each in answer["results"] if each["place"]["code"] == "780001")
    assert row == {
        "place": {
            "level": "school",
            "id": rated.school.pk,
            "code": "780001",
            "name": "Школа № 1",
            "region": {"code": "78", "name": "Санкт-Петербург"},
            "municipality": {"id": rated.municipality.pk, "name": "Невский район"},
        },
        "indicator": "staff_active",
        "state": "ok",
        "numerator": 34,
        "denominator": 40,
        "share": 0.85,
        "rank": 2,
        "ranked": 2,
        "local_rank": 1,
        "local_ranked": 1,
        "movement": {"share_points": 10.0, "rank": 1, "local_rank": 1},
        "previous": {"numerator": 30, "denominator": 40, "share": 0.75, "rank": 3},
        "schools": 1,
        "missing": 0,
        "revision": 1,
    }
    assert (answer["week"], answer["starts_on"], answer["ends_on"]) == (WEEK, "2026-11-16", "2026-11-22")
    assert (answer["state"], answer["revision"], answer["sha256"]) == ("published", 1, f"{1:064x}")
    assert [total["numerator"] for total in answer["totals"]] == [58]


def test_rating_goes_by_rank_and_says_why_a_share_is_missing(rated: Cast, token_of: Tokens) -> None:
    answer = pull(token_of(rated.observer), "level=school")

    found = [(row["place"]["code"], row["state"], row["share"], row["rank"]) for row in answer["results"]]
    assert found == [
        ("470004", "no_data", None, None),
        ("780003", "over_100", 1.05, 1),
        ("780001", "ok", 0.85, 2),
        ("780002", "small", None, None),
    ]


SEEN = {
    "root": {"country": 1, "region": 2, "municipality": 3, "school": 4},
    "observer": {"country": 1, "region": 2, "municipality": 3, "school": 4},
    "nina": {"country": 1, "region": 2, "municipality": 2, "school": 3},
    "marat": {"country": 0, "region": 0, "municipality": 2, "school": 2},
    "sveta": {"country": 0, "region": 0, "municipality": 0, "school": 1},
}


@pytest.mark.parametrize("person", SEEN)
@pytest.mark.parametrize("form", ["json", "csv"])
def test_everyone_gets_the_rows_of_the_rule_of_sight(rated: Cast, token_of: Tokens, person: str, form: str) -> None:
    headers = token_of(rated.people[person])

    counts = {}
    for level in SEEN["root"]:
        response = Client().get(f"/api/v1/ratings/{WEEK}/?level={level}&format={form}", headers=headers)
        text = response.getvalue().decode("utf-8-sig")
        counts[level] = json.loads(text)["count"] if form == "json" else len(text.splitlines()) - 1

    assert counts == SEEN[person]


def test_person_without_appointment_finds_no_week(rated: Cast, token_of: Tokens) -> None:
    headers = token_of(rated.stranger)

    status = Client().get(f"/api/v1/ratings/{WEEK}/", headers=headers).status_code
    weeks = Client().get("/api/v1/weeks/", headers=headers).json()

    assert status == 404
    assert weeks["results"] == []


@pytest.mark.parametrize(
    "person, level", [("observer", "country"), ("nina", "region"), ("marat", "municipality"), ("sveta", "school")]
)
def test_by_default_the_highest_level_and_the_main_indicator(
    rated: Cast, token_of: Tokens, person: str, level: str
) -> None:
    answer = pull(token_of(rated.people[person]))

    assert answer["level"] == level
    assert answer["indicators"] == [f"/api/v1/indicators/{MAIN_INDICATOR.key}/"]


@pytest.mark.parametrize("level", ["region", "municipality", "school"])
def test_a_page_opens_with_the_indicator_rest_answers_with(
    rated: Cast, client_of: Callable[..., Client], token_of: Tokens, level: str
) -> None:
    page = client_of(rated.nina).get(f"/ratings/?level={level}").content.decode()
    answer = pull(token_of(rated.nina), f"level={level}")

    assert f'<option value="{MAIN_INDICATOR.key}" selected>' in page
    assert answer["indicators"] == [f"/api/v1/indicators/{MAIN_INDICATOR.key}/"]
    assert {row["indicator"] for row in answer["results"]} == {MAIN_INDICATOR.key}


def test_totals_stay_hidden_where_their_place_is_out_of_sight(rated: Cast, token_of: Tokens) -> None:
    marat = pull(token_of(rated.marat), f"level=school&municipality={rated.municipality.pk}")
    above = pull(token_of(rated.marat), "level=school&region=78")

    assert [total["place"]["name"] for total in marat["totals"]] == ["Невский район"]
    assert above["totals"] == []


def test_every_indicator_at_once(rated: Cast, token_of: Tokens) -> None:
    answer = pull(token_of(rated.nina), "level=municipality&indicator=all&region=78")

    assert {row["indicator"] for row in answer["results"]} == {"staff_active", "r210_10"}
    assert len(answer["totals"]) == 2


@pytest.mark.parametrize("level", ["region", "municipality", "school"])
def test_pages_of_a_rating_join_into_the_whole(rated: Cast, token_of: Tokens, level: str) -> None:
    headers = token_of(rated.root)
    whole = pull(headers, f"level={level}&indicator=all")["results"]
    path, joined = f"/api/v1/ratings/{WEEK}/?level={level}&indicator=all&page_size=1", []

    while path:
        page = Client().get(path, headers=headers).json()
        joined += page["results"]
        path = page["next"]

    assert joined == whole


@pytest.mark.parametrize(
    "query, words",
    [
        ("level=planet", "level"),
        ("indicator=love", "indicator"),
        ("region=Москва", "region"),
        ("revision=0", "revision"),
        ("page_size=100000", "page_size"),
        ("after=1", "after"),
        ("dialect=tabs", "dialect"),
        ("regoin=77", "Такого параметра нет"),
    ],
)
def test_mistyped_question_is_a_400(rated: Cast, token_of: Tokens, query: str, words: str) -> None:
    response = Client().get(f"/api/v1/ratings/{WEEK}/?{query}", headers=token_of(rated.nina))

    assert response.status_code == 400
    assert words in response.json()["detail"]


# Revisions and weeks


def test_the_revision_that_stands_and_the_one_asked_for(rated: Cast, token_of: Tokens) -> None:
    Rating.objects.update(state=RatingState.SUPERSEDED)
    second = save_rating(revision=2)
    save_row(second, Level.SCHOOL, rated.school, 36, 40)
    headers = token_of(rated.sveta)

    standing, first = pull(headers), pull(headers, "revision=1")
    week = Client().get(f"/api/v1/weeks/{WEEK}/", headers=headers).json()

    assert (standing["revision"], standing["results"][0]["numerator"]) == (2, 36)
    assert (first["revision"], first["state"], first["results"][0]["numerator"]) == (1, "published", 34)
    assert [each["revision"] for each in week["revisions"]] == [2, 1]
    assert week["revisions"][0]["reason"] == "данные пришли позже"


def test_week_is_written_either_way_or_as_latest(rated: Cast, token_of: Tokens) -> None:
    headers = token_of(rated.nina)

    assert pull(headers, week="2026W47") == pull(headers) == pull(headers, week="latest")


def test_weeks_are_read_in_one_query_however_many(rated: Cast, token_of: Tokens) -> None:
    headers = token_of(rated.nina)
    for week in (202645, 202646):
        Rating.objects.create(week=week, revision=1, rule=UsageRule.objects.get(), counted_at=timezone.now())

    Client().get("/api/v1/weeks/", headers=headers)  # the first request writes down that the token is used

    with CaptureQueriesContext(connection) as queries:
        answer = Client().get("/api/v1/weeks/?since=2026-W46", headers=headers).json()

    assert [week["week"] for week in answer["results"]] == ["2026-W47", "2026-W46"]
    assert len(queries) == 2


# ETag


def test_unchanged_rating_is_a_304_from_three_queries(rated: Cast, token_of: Tokens) -> None:
    headers, path = token_of(rated.nina), f"/api/v1/ratings/{WEEK}/?level=school"
    first = Client().get(path, headers=headers)

    with CaptureQueriesContext(connection) as queries:
        second = Client().get(path, headers=headers | {"If-None-Match": first["ETag"]})

    assert (second.status_code, second.content, second["ETag"]) == (304, b"", first["ETag"])
    assert first["Cache-Control"] == second["Cache-Control"] == "private, no-cache"
    assert len(queries) <= 3  # the token, the appointments, the revision


def test_etag_follows_the_revision_the_person_and_the_question(rated: Cast, token_of: Tokens) -> None:
    def etag(user: User, query: str = "level=school", accept: str = "application/json") -> str:
        headers = token_of(user) | {"Accept": accept}
        return str(Client().get(f"/api/v1/ratings/{WEEK}/?{query}", headers=headers)["ETag"])

    tags = [etag(rated.nina), etag(rated.marat), etag(rated.nina, "level=region"), etag(rated.nina, accept="text/csv")]
    same = etag(rated.nina)
    Rating.objects.update(state=RatingState.SUPERSEDED)
    save_rating(revision=2)

    assert len({*tags, etag(rated.nina)}) == 5
    assert same == tags[0]


def test_number_of_queries_does_not_grow_with_rows(rated: Cast, token_of: Tokens) -> None:
    headers, rating = token_of(rated.nina), Rating.objects.get()

    def count(form: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            path = f"/api/v1/ratings/{WEEK}/?level=school&page_size=1000&format={form}"
            Client().get(path, headers=headers).getvalue()
        return len(queries)

    name_places(rating)
    count("json")  # the first request writes down that the token is used
    clear_caches()
    few = [count("json"), count("csv")]
    clear_caches()
    for number in range(60):
        place = {"region": rated.region, "municipality": rated.municipality}
        school = School.objects.create(code=f"79{number}", short_name="Ш", full_name="Ш", **place)
        save_row(rating, Level.SCHOOL, school, 30, 40, rank=number + 3)
    name_places(rating)

    assert [count("json"), count("csv")] == few
    assert max(few) <= 7


def name_places(rating: Rating) -> None:
    """Keep the names of the rated places, as the count does."""
    RatingPlace.objects.filter(rating=rating).delete()
    with connection.cursor() as cursor:
        cursor.execute(insert_place_names(), {"rating": rating.pk})


# Files


def test_csv_for_excel(rated: Cast, token_of: Tokens) -> None:
    response = Client().get(f"/api/v1/ratings/{WEEK}/?level=school&format=csv", headers=token_of(rated.nina))
    rows = list(csv.DictReader(io.StringIO(response.getvalue().decode("utf-8-sig")), delimiter=";"))

    assert response["Content-Disposition"] == 'attachment; filename="rating-2026-W47-school.csv"'
    assert [row["Территория: название"] for row in rows] == ["Лицей № 3", "Школа № 1", "Гимназия № 2"]
    assert [row["Доля"] for row in rows] == ["1,05", "0,85", ""]
    assert [row["Состояние"] for row in rows] == ["больше 100 %", "посчитано", "людей мало: без доли и места"]
    assert rows[0]["Показатель"] == "Педагоги писали в чатах Сферума"
    assert rows[1]["Изменение за неделю: доля, п. п."] == "10,0"


def test_csv_for_programs_is_read_by_pandas(rated: Cast, token_of: Tokens) -> None:
    path = f"/api/v1/ratings/{WEEK}/?level=school&format=csv&dialect=comma"

    table = pandas.read_csv(io.BytesIO(Client().get(path, headers=token_of(rated.nina)).getvalue()))

    assert table["numerator"].tolist() == [21, 34, 3]
    assert table["state"].tolist() == ["over_100", "ok", "small"]
    assert table["share"].round(2).tolist()[:2] == [1.05, 0.85]
    assert table["rank"].isna().tolist() == [False, False, True]


def test_xlsx_has_typed_shares_and_a_passport(rated: Cast, token_of: Tokens) -> None:
    path = f"/api/v1/ratings/{WEEK}/?level=school&format=xlsx"

    book: Any = openpyxl.load_workbook(io.BytesIO(Client().get(path, headers=token_of(rated.nina)).getvalue()))
    sheet, about = book["Рейтинг"], dict(book["О показателе"].iter_rows(min_row=2, values_only=True))
    share = sheet.cell(3, [cell.value for cell in sheet[1]].index("Доля") + 1)

    assert (share.value, share.number_format) == (0.85, "0.0%")
    assert (about["Номер недели"], about["Редакция"], about["Отпечаток"]) == (WEEK, 1, f"{1:064x}")
    assert "staff_active" in about["Показатель"]
    assert about["Регион"] == "все доступные"


# Frozen


def pulled(headers: dict[str, str], week: str) -> dict[str, Any]:
    """What is pulled of a published revision, in every form whose bytes are the figures' alone."""
    found: dict[str, Any] = {}
    for level in ("country", "region", "municipality", "school"):
        for form in ("json", "csv", "csv&dialect=comma"):
            answer = Client().get(f"/api/v1/ratings/{week}/?level={level}&revision=1&format={form}", headers=headers)
            found[f"{level} {form}"] = (answer.status_code, answer.getvalue(), answer["ETag"])
        book: Any = openpyxl.load_workbook(
            io.BytesIO(
                Client()
                .get(f"/api/v1/ratings/{week}/?level={level}&revision=1&format=xlsx", headers=headers)
                .getvalue()
            )
        )
        found[f"{level} xlsx"] = list(book["Рейтинг"].iter_rows(values_only=True))
    return found


def test_published_bytes_outlive_new_names_moves_and_closings(cast: Cast, token_of: Tokens) -> None:
    week = last_finished(timezone.now())
    published = publish(count_week(week))
    headers = token_of(cast.root)
    before = pulled(headers, str(week))

    Region.objects.filter(pk=cast.region.pk).update(name="Новый край", short_name="Новый край")
    Municipality.objects.filter(pk=cast.municipality.pk).update(name="Новый район")
    School.objects.filter(pk=cast.school.pk).update(short_name="Школа имени героя", code="999999")
    School.objects.filter(pk=cast.sibling.pk).update(municipality=cast.other_municipality)
    School.objects.filter(pk=cast.cousin.pk).update(municipality=None, region=cast.other_region)
    School.objects.filter(pk=cast.foreign.pk).update(closed_on=datetime.date(2026, 9, 1))
    Succession.objects.create(
        predecessor=cast.foreign, successor=cast.school, kind="merged", happened_on=datetime.date(2026, 9, 1)
    )
    after = pulled(headers, str(week))

    assert verify(published)
    assert {key for key in before if before[key] != after[key]} == set()
    assert "Невский район" in before["municipality csv"][1].decode("utf-8-sig")


def test_revision_counted_before_names_were_kept_has_those_of_today(cast: Cast, token_of: Tokens) -> None:
    week = last_finished(timezone.now())
    rating = publish(count_week(week))
    RatingPlace.objects.filter(rating=rating).delete()

    rows = Client().get(f"/api/v1/ratings/{week}/?level=school", headers=token_of(cast.root)).json()["results"]

    assert {row["place"]["name"] for row in rows} == {"Школа № 1", "Гимназия № 2", "Лицей № 3", "Школа № 4"}
    assert {row["place"]["region"]["code"] for row in rows} == {"78", "47"}


def test_workbook_that_nobody_could_open_is_refused(
    rated: Cast, token_of: Tokens, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("schools.rest_tables.MOST_XLSX_ROWS", 2)
    path, headers = f"/api/v1/ratings/{WEEK}/?level=school&format=", token_of(rated.nina)

    refused, whole = (Client().get(path + form, headers=headers) for form in ("xlsx", "csv"))

    assert refused.status_code == 400
    assert "Сузьте отбор или возьмите csv" in refused.json()["detail"]
    assert whole.status_code == 200


# Activity


def delivery(school: School, member: StaffMember, **changes: Any) -> dict[str, Any]:
    """A delivery of one row."""
    row = {"school": school.code, "staff": member.pk, "messages": 12, "calls": 1}
    week = str(last_finished(timezone.now()))
    return {"week": week, "platform": "sferum", "covers": {"schools": [school.code]}, "rows": [row]} | changes


def deliver(headers: dict[str, str], body: Any) -> Any:
    """POST it."""
    return Client().post("/api/v1/activity/", body, content_type="application/json", headers=headers)


@pytest.fixture
def member(cast: Cast) -> StaffMember:
    """A teacher of Света's school."""
    return StaffMember.objects.create(
        school=cast.school, last_name="Иванова", first_name="Анна", is_teacher=True, personnel_number="т-7"
    )


def test_trusted_token_delivers_a_week(cast: Cast, token_of: Tokens, member: StaffMember) -> None:
    headers = token_of(cast.nina, loads_activity=True, name="Сферум")

    response = deliver(headers, delivery(cast.school, member))
    again = deliver(headers, delivery(cast.school, member, covers={"region": "78"}, rows=[]))

    assert response.status_code == 201
    assert response.json()["rows"] == 1
    assert ActivityLoad.objects.filter(source="REST, токен «Сферум»", loaded_by=cast.nina).count() == 2
    assert again.json()["schools_covered"] == 3
    assert not StaffActivity.objects.exists()
    assert ActivityCoverage.objects.count() == 3


def test_chats_are_delivered_with_the_staff(cast: Cast, token_of: Tokens, member: StaffMember) -> None:
    day = datetime.date(2026, 9, 1)
    chat = Chat.objects.create(school=cast.school, use_case=1, channel=1, title="Чат", external_id="17", opened_on=day)
    headers, chats = token_of(cast.nina, loads_activity=True), [{"school": "780001", "chat": "17", "messages": 4}]

    response = deliver(headers, delivery(cast.school, member, chats=chats))

    assert response.status_code == 201
    assert ChatActivity.objects.get().chat_id == chat.pk
    assert ActivityCoverage.objects.get().has_chats
    assert "chats" in Client().get("/api/v1/schema/?format=json").content.decode()


def test_delivery_that_meets_another_is_told_to_come_again(
    cast: Cast, token_of: Tokens, member: StaffMember, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "held_in_time", lambda number: False)

    response = deliver(token_of(cast.nina, loads_activity=True), delivery(cast.school, member))

    assert (response.status_code, response["Retry-After"]) == (409, "10")
    assert "другое поступление" in response.json()["detail"]
    assert not ActivityLoad.objects.exists()


def test_staff_may_be_named_by_personnel_number(cast: Cast, token_of: Tokens, member: StaffMember) -> None:
    rows = [{"school": cast.school.code, "staff": "т-7", "logins": 2}]

    response = deliver(
        token_of(cast.nina, loads_activity=True), delivery(cast.school, member, rows=rows, platform="myschool")
    )

    assert response.status_code == 201
    assert StaffActivity.objects.get().staff_id == member.pk


def test_plain_token_only_reads(cast: Cast, token_of: Tokens, member: StaffMember) -> None:
    for flags in ({}, {"loads_staff": True}):
        response = deliver(token_of(cast.root, **flags), delivery(cast.school, member))

        assert response.status_code == 403
    assert not ActivityLoad.objects.exists()


@pytest.mark.parametrize(
    "person, status",
    [("root", 201), ("nina", 201), ("marat", 403), ("sveta", 403), ("observer", 403), ("stranger", 403)],
)
def test_without_a_token_only_a_region_delivers(
    cast: Cast, client_of: Callable[[User], Client], member: StaffMember, person: str, status: int
) -> None:
    body = delivery(cast.school, member)

    response = client_of(cast.people[person]).post("/api/v1/activity/", body, content_type="application/json")

    assert response.status_code == status


@pytest.mark.parametrize(
    "changes, field",
    [
        ({"loaded_by": 1}, "loaded_by"),
        ({"week": "2025-W53"}, "week"),
        ({"week": "2099-W01"}, "non_field_errors"),
        ({"platform": "telegram"}, "platform"),
        ({"covers": {}}, "covers.non_field_errors"),
        ({"covers": {"schools": ["470004"]}}, "covers.schools.0"),
        ({"covers": {"schools": ["000000"]}}, "covers.schools.0"),
        ({"covers": {"region": "47"}}, "non_field_errors"),
        ({"rows": {}}, "rows"),
        ({"rows": [1]}, "rows.0"),
        ({"rows": [{"school": "780001", "staff": 1, "is_teacher": True}]}, "rows.0"),
        ({"rows": [{"school": "780001", "staff": True}]}, "rows.0"),
        ({"rows": [{"school": "780001", "staff": 999999, "messages": 1}]}, "rows.0"),
        ({"rows": [{"school": "780002", "staff": 1, "messages": 1}]}, "rows.0"),
        ({"rows": [{"school": "780001", "staff": 1, "messages": -1}]}, "rows.0"),
        ({"rows": [{"school": "780001", "staff": 1, "messages": 10**12}]}, "rows.0"),
        ({"rows": [{"school": "780001", "staff": "\x00"}]}, "rows.0"),
        ({"rows": [{"school": "780001", "staff": "К\r1"}]}, "rows.0"),
        ({"rows": [{"school": "7800\r01", "staff": "К1"}]}, "rows.0"),
        ({"chats": {}}, "chats"),
        ({"chats": [{"school": "780001", "chat": 1, "calls": 1}]}, "chats.0"),
        ({"chats": [{"school": "780001", "chat": None}]}, "chats.0"),
        ({"chats": [{"school": "780001", "chat": "17", "messages": 1}]}, "chats.0"),
        ({"chats": [{"school": "780001", "chat": "1\r7", "messages": 1}]}, "chats.0"),
        ({"chats": [], "platform": "myschool"}, "non_field_errors"),
    ],
)
def test_wrong_delivery_is_refused_whole_and_says_where(
    cast: Cast, token_of: Tokens, member: StaffMember, changes: dict[str, Any], field: str
) -> None:
    headers = token_of(cast.nina, loads_activity=True)

    response = deliver(headers, delivery(cast.school, member, **changes))

    assert response.status_code == 400
    assert [error["field"] for error in response.json()["errors"]] == [field]
    assert not ActivityLoad.objects.exists()


def test_foreign_school_and_none_are_refused_in_the_same_words(
    cast: Cast, token_of: Tokens, member: StaffMember
) -> None:
    headers = token_of(cast.nina, loads_activity=True)

    bodies = [
        deliver(headers, delivery(cast.school, member, covers={"schools": [code]})).content for code in ("470004", "47")
    ]

    assert bodies[0] == bodies[1]


@pytest.mark.parametrize(
    "body",
    [
        "",
        "{",
        "[]",
        "null",
        "NaN",
        '{"week": NaN}',
        "[" * 10_000,
        '{"rows": 1e400}',
        '"\ud800"',
        "1" * 400,
        '{"a": "\x00"}',
    ],
)
def test_traps_of_json_are_400(cast: Cast, token_of: Tokens, body: str) -> None:
    headers = token_of(cast.nina, loads_activity=True)

    response = Client().generic(
        "POST",
        "/api/v1/activity/",
        body.encode("utf-8", "surrogatepass"),
        content_type="application/json",
        headers=headers,
    )

    assert response.status_code == 400
    assert response["Content-Type"] == "application/problem+json"
