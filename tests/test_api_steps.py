"""REST of the nine steps: shape, filters, files, sight, marks one by one and in bulk, tokens."""

import csv
import io
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from reports.models import SchoolStep, StepState
from reports.steps.counting import count_steps
from schools.models import School, StepMark
from tests.conftest import Cast, ClientOf

pytestmark = pytest.mark.django_db
URL, MARKS = "/api/v1/steps/", "/api/v1/step-marks/"
REASON = "Интернат без представителей"


@pytest.fixture
def counted(cast: Cast) -> Cast:
    """The cast with its steps counted."""
    count_steps()
    return cast


def ids(client: Client, query: str = "") -> set[int]:
    """Schools listed."""
    return {record["id"] for record in client.get(f"{URL}{query}").json()["results"]}


def test_school_has_its_nine_by_key(counted: Cast, client_of: ClientOf) -> None:
    record = client_of(counted.sveta).get(f"{URL}{counted.school.pk}/").json()

    assert list(record["steps"]) == [
        "region_coordinator", "register", "municipal_coordinator", "school_administrator", "staff", "classes",
        "guardians", "pupils", "use",
    ]  # fmt: skip
    assert record["steps"]["staff"]["state"] == "locked"
    assert record["steps"]["staff"]["whole"] == 40
    assert (record["code"], record["finished"]) == ("780001", 0)


def test_everyone_lists_their_own_schools(counted: Cast, client_of: ClientOf) -> None:
    assert ids(client_of(counted.sveta)) == {counted.school.pk}
    assert ids(client_of(counted.marat)) == {counted.school.pk, counted.sibling.pk}
    assert ids(client_of(counted.nina)) == {counted.school.pk, counted.sibling.pk, counted.cousin.pk}
    assert len(ids(client_of(counted.observer))) == 4


def test_state_is_asked_of_a_step_or_of_any(counted: Cast, client_of: ClientOf) -> None:
    SchoolStep.objects.filter(school=counted.school, number=5).update(state=StepState.STALLED)
    client = client_of(counted.nina)

    assert ids(client, "?state=stalled") == ids(client, "?state=stalled&step=staff") == {counted.school.pk}
    assert ids(client, "?state=stalled&step=classes") == set()
    assert client.get(f"{URL}?state=wrong").status_code == 400
    assert client.get(f"{URL}?stalled=1").status_code == 400


def test_overdue_schools_are_those_whose_day_has_passed(counted: Cast, client_of: ClientOf) -> None:
    SchoolStep.objects.filter(school=counted.school, number=5).update(planned_on="2020-01-01")
    SchoolStep.objects.filter(school=counted.sibling, number=5).update(planned_on="2020-01-01", state=StepState.DONE)

    assert ids(client_of(counted.nina), "?overdue=true") == {counted.school.pk}


def test_file_has_a_row_a_school_and_columns_of_every_step(counted: Cast, client_of: ClientOf) -> None:
    answer = client_of(counted.nina).get(f"{URL}?format=csv")

    rows = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig")), delimiter=";"))  # type: ignore[attr-defined]

    assert len(rows) == 4
    assert "Этап: 5. педагоги: состояние" in rows[0]


def test_queries_do_not_grow_with_schools(counted: Cast, client_of: ClientOf) -> None:
    client = client_of(counted.nina)
    client.get(URL)
    with CaptureQueriesContext(connection) as few:
        client.get(URL)
    for number in range(20):
        School.objects.create(code=f"7890{number}", region=counted.region, short_name=f"Школа {number}", full_name="Ш")
    count_steps()

    with CaptureQueriesContext(connection) as many:
        found = client.get(URL).json()

    assert found["count"] == 23
    assert len(many) == len(few)


def mark(**facts: Any) -> dict[str, Any]:
    """A mark's body."""
    return {"number": 7, "kind": "needless", "reason": REASON} | facts


def test_coordinator_marks_and_takes_back(counted: Cast, client_of: ClientOf) -> None:
    client = client_of(counted.marat)

    put = client.post(MARKS, mark(school="780001"), content_type="application/json")

    assert put.status_code == 201
    assert put.json()["school"]["code"] == "780001"
    assert client.get(put["Location"]).json()["reason"] == REASON
    taken = client.post(f"{put['Location']}withdraw/")
    assert (taken.status_code, taken.json()["withdrawn_at"] is not None) == (200, True)
    assert client.post(f"{put['Location']}withdraw/").status_code == 409


@pytest.mark.parametrize(
    "body, status",
    [
        (mark(), 400),
        (mark(school="780001", region="78"), 400),
        (mark(school="780001", marked_by=1), 400),
        (mark(school="470004"), 400),
        (mark(school="780001", number=10), 400),
        (mark(school="780001", reason="ой"), 409),
        (mark(school="780001", kind="confirmed"), 409),
        (mark(municipality=10**30), 400),
        (mark(region="78"), 400),  # a region is out of a municipal coordinator's sight
        ([], 400),
    ],
)
def test_wrong_mark_is_refused_in_words(counted: Cast, client_of: ClientOf, body: Any, status: int) -> None:
    answer = client_of(counted.marat).post(MARKS, body, content_type="application/json")

    assert answer.status_code == status, answer.content
    assert answer.json()["detail"] or answer.json()["errors"]
    assert not StepMark.objects.exists()


@pytest.mark.parametrize("name", ["sveta", "observer"])
def test_school_and_observer_put_no_mark(counted: Cast, client_of: ClientOf, name: str) -> None:
    answer = client_of(counted.people[name]).post(MARKS, mark(school="780001"), content_type="application/json")

    assert answer.status_code == 403
    assert not StepMark.objects.exists()


def test_list_of_marks_tells_of_each(counted: Cast, client_of: ClientOf) -> None:
    body = [mark(school="780001"), mark(school="470004"), mark(school="780002", reason="")]

    results = client_of(counted.marat).post(f"{MARKS}bulk/", body, content_type="application/json").json()["results"]

    assert [each["id"] is not None for each in results] == [True, False, False]
    assert "Такого места нет" in results[1]["error"]
    assert StepMark.objects.count() == 1


def test_token_marks_only_with_its_right(counted: Cast, client: Client, token_of: Callable[..., Any]) -> None:
    for flags, status in (({}, 403), ({"loads_staff": True}, 403), ({"marks_steps": True}, 201)):
        headers = token_of(counted.marat, **flags)
        answer = client.post(MARKS, mark(school="780001"), content_type="application/json", headers=headers)
        assert answer.status_code == status, flags
