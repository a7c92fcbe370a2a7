"""REST of chats: use cases, chats read and written one by one and in lists, what a school should have."""

import datetime
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from chats.models import Chat, ChatMember
from schools.models import Appointment
from schools.scope import Level
from tests.chats.school import FOREIGN, Made, chat, make
from tests.conftest import Cast, ClientOf
from tests.staff.roster_books import adult, child, form

Tokens = Callable[..., dict[str, str]]
pytestmark = pytest.mark.django_db
URL = "/api/v1/chats/"
DAY = "2026-11-20"


@pytest.fixture(autouse=True)
def day() -> Iterator[None]:
    """A Thursday in the school year."""
    with time_machine.travel(datetime.datetime(2026, 11, 26, 9, tzinfo=datetime.UTC), tick=False):
        yield


@pytest.fixture
def made(cast: Cast) -> Made:
    """Света's school with people and classes."""
    return make(cast.school)


@pytest.fixture
def sveta(cast: Cast, token_of: Tokens) -> dict[str, str]:
    """Headers of the program of Света's school, which may write."""
    return token_of(cast.sveta, loads_staff=True)


def send(headers: dict[str, str], method: str, path: str, body: Any) -> tuple[int, Any]:
    """(status, body)."""
    answer = Client().generic(
        method, f"/api/v1/{path}", json.dumps(body), content_type="application/json", headers=headers
    )
    return answer.status_code, json.loads(answer.content)


def given(**facts: Any) -> dict[str, Any]:
    """A chat to write."""
    return {"use_case": 15, "class_name": "6 «б»", "channel": "max", "opened_on": DAY} | facts


def test_use_cases_are_read_whole(cast: Cast, client_of: ClientOf) -> None:
    client = client_of(cast.stranger)

    cases = client.get("/api/v1/use-cases/").json()
    one = client.get("/api/v1/use-cases/15/").json()

    assert len(cases) == 27
    assert one in cases
    assert (one["key"], one["group"], one["unit"], one["is_optional"]) == ("class_parents", "families", "класс", False)
    assert client.get("/api/v1/use-cases/28/").status_code == 404


def test_chat_is_written_read_and_changed(made: Made, sveta: dict[str, str]) -> None:
    members = {"staff": [made.staff[2].pk], "guardians": [each.pk for each in made.adults]}

    status, record = send(
        sveta, "POST", "chats/", given(link="https://max.ru/join/x", owner=made.staff[2].pk, members=members)
    )

    assert status == 201
    assert (record["title"], record["school_class"]["name"], record["channel"]) == ("6Б. Родители", "6Б", "max")
    assert record["members"] == {"staff": 1, "pupils": 0, "guardians": 2}
    assert record["owner"]["name"] == "Физикова Анна Юрьевна"
    path = f"chats/{record['id']}/"
    body = {"closed_on": "2026-11-25", "members": {"guardians": []}, "version": record["version"]}
    status, record = send(sveta, "PATCH", path, body)
    assert (status, record["closed_on"], record["members"]["guardians"]) == (200, "2026-11-25", 0)
    assert record["members"]["staff"] == 1
    assert send(sveta, "PATCH", path, {"title": "Иначе", "version": 1})[0] == 409
    assert Chat.objects.get().title == "6Б. Родители"


@pytest.mark.parametrize(
    "facts, field",
    (
        ({"class_name": ""}, "class_name"),
        ({"class_name": "9Ж"}, "class_name"),
        ({"use_case": 5, "class_name": ""}, "area"),
        ({"use_case": 99}, "use_case"),
        ({"channel": "telegram"}, "channel"),
        ({"link": "javascript:alert(1)"}, "link"),
        ({"owner": 10**17}, "owner"),
        ({"members": {"pupils": [10**17]}}, "members.pupils"),
        ({"closed_on": "2026-01-01"}, "closed_on"),
        ({"nonsense": 1}, "nonsense"),
        ({"school": "470004"}, "school"),
    ),
)
def test_mistakes_are_told_by_field_and_nothing_is_written(
    made: Made, sveta: dict[str, str], facts: dict[str, Any], field: str
) -> None:
    status, body = send(sveta, "POST", "chats/", given(**facts))

    assert status == 400
    assert field in {error["field"] for error in body["errors"]}
    assert not Chat.objects.exists()
    assert not ChatMember.objects.exists()


def test_list_goes_in_item_by_item_and_again_changes_nothing(made: Made, sveta: dict[str, str]) -> None:
    items = [
        given(external_id="17"),
        given(use_case=1, class_name="", external_id="18", title="Администрация"),
        given(class_name="1А", link="https://evil.example/"),
        {"id": 10**17, "title": "Нет такого"},
        "не запись",
    ]

    status, first = send(sveta, "POST", "chats/bulk/", items)
    _, again = send(sveta, "POST", "chats/bulk/", items[:2])
    _, changed = send(sveta, "POST", "chats/bulk/", [{"id": first["results"][0]["id"], "title": "Иначе"}])

    assert status == 207
    assert [each["status"] for each in first["results"]] == [201, 201, 400, 404, 400]
    assert [each["action"] for each in again["results"]] == ["same", "same"]
    assert [each["action"] for each in changed["results"]] == ["change"]
    assert set(Chat.objects.values_list("title", flat=True)) == {"Иначе", "Администрация"}


def test_item_refused_leaves_no_trace_in_the_next(made: Made, sveta: dict[str, str]) -> None:
    send(sveta, "POST", "chats/", given(external_id="17"))
    wrong = given(external_id="17", title="Испорчено", link="http://max.ru/x")

    _, body = send(sveta, "POST", "chats/bulk/", [wrong, given(external_id="17", ends_on="2026-12-31")])

    assert [each["status"] for each in body["results"]] == [400, 200]
    assert (Chat.objects.get().title, f"{Chat.objects.get().ends_on}") == ("6Б. Родители", "2026-12-31")


def test_same_class_written_twice_in_a_list_is_one_chat(made: Made, sveta: dict[str, str]) -> None:
    _, body = send(sveta, "POST", "chats/bulk/", [given(), given(title="Второй")])

    assert [each["status"] for each in body["results"]] == [201, 400]
    assert Chat.objects.count() == 1


def test_coordinators_read_and_are_refused_writing(cast: Cast, made: Made, token_of: Tokens) -> None:
    talk = chat(made.school, 1)
    headers = token_of(cast.marat, loads_staff=True)

    assert send(headers, "GET", f"chats/{talk.pk}/", None)[0] == 200
    assert send(headers, "PATCH", f"chats/{talk.pk}/", {"title": "Иначе"})[0] == 403
    assert send(headers, "POST", "chats/", given(school="780001"))[0] == 400
    assert send(headers, "POST", "chats/bulk/", [{"id": talk.pk, "title": "Иначе"}])[1]["results"][0]["status"] == 404
    assert Chat.objects.get().title == "Чат 1"


def test_token_without_the_right_reads_only(cast: Cast, made: Made, token_of: Tokens) -> None:
    status, _ = send(token_of(cast.sveta), "POST", "chats/", given())

    assert status == 403
    assert not Chat.objects.exists()


def test_foreign_school_is_out_of_sight(cast: Cast, sveta: dict[str, str]) -> None:
    foreign = chat(cast.foreign, 1)

    assert send(sveta, "GET", f"chats/{foreign.pk}/", None)[0] == 404
    assert send(sveta, "GET", "chats/", None)[1]["count"] == 0
    assert send(sveta, "GET", f"expected-chats/{cast.foreign.pk}/", None)[0] == 404


def test_filters_narrow_and_files_are_written(cast: Cast, made: Made, client_of: ClientOf) -> None:
    first, _, third = chat(made.school, 1, title="=1+1"), chat(made.school, 3, channel=1), chat(made.school, 5)
    third.closed_on = datetime.date(2026, 11, 1)
    third.save()
    client = client_of(cast.nina)

    def titles(query: str) -> list[int]:
        return [each["use_case"] for each in client.get(f"{URL}?{query}").json()["results"]]

    assert titles("use_case=1") == [1]
    assert titles("channel=vk") == [3]
    assert titles("open=true") == [1, 3]
    assert titles("open=false") == [5]
    assert titles(f"school={made.school.pk}&region=78&municipality={cast.municipality.pk}") == [1, 3, 5]
    assert titles("updated_since=2026-11-26T08:00:00Z") == [1, 3, 5]
    assert titles("updated_since=2026-11-27T08:00:00Z") == []
    assert client.get(f"{URL}?nonsense=1").status_code == 400
    csv = b"".join(client.get(f"{URL}?format=csv").streaming_content).decode()  # type: ignore[attr-defined]
    assert "'=1+1" in csv
    assert first.title == "=1+1"


def test_expected_chats_are_told_with_findings_and_without_names(cast: Cast, made: Made, client_of: ClientOf) -> None:
    talk = chat(made.school, 15, school_class=made.sixth, owner=made.staff[2])
    ChatMember.objects.create(chat=talk, guardian=made.adults[0])
    chat(made.school, 1, channel=FOREIGN)

    for person in (cast.sveta, cast.marat, cast.nina, cast.root):
        answer = client_of(person).get(f"/api/v1/expected-chats/{made.school.pk}/")
        record = answer.json()
        assert (record["expected"], record["present"]) == (11, 1)
        assert next(each["chat"] for each in record["chats"] if each["title"] == "6Б. Родители") == talk.pk
        assert record["findings"][0]["kind"] == "foreign"
        absent = next(each for each in record["findings"] if each["kind"] == "absent")
        assert (absent["absent"], absent["expected"], absent["words"]) == (2, 3, "не хватает 2 из 3")
        assert "Мороз" not in answer.content.decode()
    assert client_of(cast.observer).get(f"/api/v1/expected-chats/{made.school.pk}/").status_code == 404
    assert client_of(cast.stranger).get(f"/api/v1/expected-chats/{made.school.pk}/").status_code == 404


def test_list_asks_as_many_queries_for_ten_times_the_rows(cast: Cast, made: Made, client_of: ClientOf) -> None:
    client = client_of(cast.sveta)

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(URL)
        return len(queries)

    chat(made.school, 1, owner=made.staff[0])
    asked()
    before = asked()
    for number in range(20):
        one = form(made.school, f"7{chr(1040 + number)}")
        talk = chat(made.school, 15, school_class=one, owner=made.staff[0])
        ChatMember.objects.create(
            chat=talk, guardian=adult(made.school, "Мороз Зоя", child(made.school, "Мороз Лев", one))
        )

    assert asked() == before


def test_person_of_two_schools_names_the_school(cast: Cast, made: Made, token_of: Tokens) -> None:
    Appointment.objects.create(user=cast.sveta, level=Level.SCHOOL, school=cast.sibling)
    headers = token_of(cast.sveta, loads_staff=True)

    status, body = send(headers, "POST", "chats/", given())
    right, _ = send(headers, "POST", "chats/", given(school="780001"))

    assert (status, right) == (400, 201)
    assert "Школ у вас несколько" in body["errors"][0]["message"]
