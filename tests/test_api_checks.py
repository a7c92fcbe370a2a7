"""REST of the data checks: counts by place, schools page by page, rows within sight, files."""

import io

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from reports.checks.catalogue import CHECKS
from reports.checks.running import run_checks
from tests.conftest import Cast, ClientOf, make_school
from tests.reports.check_cases import CASES, person, pupil

URL = "/api/v1/checks/"


@pytest.fixture
def checked(cast: Cast) -> Cast:
    """The cast with defects of people in three schools, counted."""
    for school in (cast.school, cast.school, cast.sibling, cast.foreign):
        person(school, last_name="Канарейкина", phone="")
    pupil(cast.school, last_name="Воробьёв")
    CASES["teachers_under"].wrong(cast.school)
    run_checks()
    return cast


def record(client: Client, key: str, query: str = "") -> dict[str, object]:
    """A check of the list."""
    return next(each for each in client.get(f"{URL}{query}").json()["results"] if each["key"] == key)


def test_all_checks_are_listed_with_what_they_found_in_sight(checked: Cast, client_of: ClientOf) -> None:
    answer = client_of(checked.nina).get(URL).json()

    assert answer["count"] == len(answer["results"]) == len(CHECKS)
    assert answer["schools"] == 3
    assert 0 < answer["quality"] < 1
    found = {name: record(client_of(user), "staff_no_phone")["found"] for name, user in checked.people.items()}
    assert found == {"root": 4, "observer": 4, "nina": 3, "marat": 3, "sveta": 2, "stranger": 0}


def test_counts_are_narrowed_to_a_place_and_a_kind(checked: Cast, client_of: ClientOf) -> None:
    client = client_of(checked.root)

    by_place = {
        query: record(client, "staff_no_phone", query)["found"]
        for query in ("?region=47", f"?municipality={checked.municipality.pk}", f"?school={checked.sibling.pk}")
    }
    errors = client.get(f"{URL}?severity=error&subject=staff").json()["results"]

    assert list(by_place.values()) == [1, 3, 1]
    assert {(each["severity"], each["subject"]) for each in errors} == {("error", "staff")}
    assert client.get(f"{URL}?severity=deadly").status_code == 400
    assert client.get(f"{URL}?place=1").status_code == 400


def test_schools_come_page_by_page(checked: Cast, client_of: ClientOf) -> None:
    client = client_of(checked.root)

    first = client.get(f"{URL}staff_no_phone/?page_size=2").json()
    second = client.get(first["next"]).json()

    ids = [row["school"]["id"] for row in first["results"] + second["results"]]
    assert ids == sorted(school.pk for school in (checked.school, checked.sibling, checked.foreign))
    assert (first["count"], first["found"], first["schools"], second["next"]) == (3, 4, 3, None)
    assert first["results"][0]["found"] == 2


def test_schools_are_given_as_a_file(checked: Cast, client_of: ClientOf) -> None:
    body = b"".join(client_of(checked.nina).get(f"{URL}staff_no_phone/?format=xlsx"))  # type: ignore[arg-type]

    rows = CalamineWorkbook.from_filelike(io.BytesIO(body)).get_sheet_by_index(0).to_python()
    assert [row[1] for row in rows[1:]] == ["780001", "780002"]


def test_rows_follow_the_rule_of_sight(checked: Cast, client_of: ClientOf) -> None:
    address = f"{URL}staff_no_phone/rows/?school={checked.school.pk}"

    seen = {name: client_of(checked.people[name]).get(address).json() for name in ("sveta", "marat", "nina")}
    observed = client_of(checked.observer).get(address).json()

    assert all([row["name"] for row in each["results"]] == ["Канарейкина Анна Петровна"] * 2 for each in seen.values())
    assert observed["results"] == []
    assert observed["hidden"].startswith("Имена сотрудников открыты школе")
    assert client_of(checked.stranger).get(address).status_code == 404


def test_children_are_named_to_their_school_alone(checked: Cast, client_of: ClientOf) -> None:
    address = f"{URL}pupil_without_guardian/rows/?school={checked.school.pk}"

    own = client_of(checked.sveta).get(address)
    above = [client_of(user).get(address) for user in (checked.marat, checked.nina, checked.observer)]

    assert "Воробьёв" in own.content.decode()
    assert own.json()["count"] == 2
    for answer in above:
        assert "Воробьёв" not in answer.content.decode()
        assert (answer.json()["count"], answer.json()["results"]) == (0, [])
        assert answer.json()["hidden"].startswith("Имена обучающихся и представителей видит только сама школа")


def test_rows_come_page_by_page_with_reasons_and_numbers(checked: Cast, client_of: ClientOf) -> None:
    client = client_of(checked.sveta)
    address = f"{URL}staff_no_phone/rows/?school={checked.school.pk}&page_size=1"

    first = client.get(address).json()
    second = client.get(first["next"]).json()
    card = client.get(f"{URL}teachers_under/rows/?school={checked.school.pk}").json()["results"][0]

    assert first["results"][0]["id"] < second["results"][0]["id"]
    assert (first["count"], second["next"]) == (2, None)
    assert card["kind"] == "school"
    assert card["facts"] == [{"name": "внесено", "value": 3}, {"name": "по ОО-1", "value": 10}]


def test_telephones_are_not_among_the_numbers(cast: Cast, client_of: ClientOf) -> None:
    person(cast.school, phone="+78121234567")

    answer = client_of(cast.sveta).get(f"{URL}staff_landline/rows/?school={cast.school.pk}")

    assert answer.json()["count"] == 1
    assert "1234567" not in answer.content.decode()


def test_rows_need_a_school_in_sight(checked: Cast, client_of: ClientOf) -> None:
    client = client_of(checked.sveta)

    assert client.get(f"{URL}staff_no_phone/rows/").status_code == 400
    assert client.get(f"{URL}staff_no_phone/rows/?school={checked.foreign.pk}").status_code == 404
    assert client.get(f"{URL}no_such_check/rows/?school={checked.school.pk}").status_code == 404


def test_more_schools_and_rows_cost_no_more_queries(checked: Cast, client_of: ClientOf) -> None:
    client = client_of(checked.nina)
    addresses = (URL, f"{URL}staff_no_phone/", f"{URL}staff_no_phone/rows/?school={checked.school.pk}")

    def asked() -> list[int]:
        counts = []
        for address in addresses:
            with CaptureQueriesContext(connection) as queries:
                assert client.get(address).status_code == 200
            counts.append(len(queries))
        return counts

    asked()
    before = asked()
    for number in range(12):
        person(make_school(checked.municipality, f"7803{number:02d}", f"Школа № 3{number:02d}"), phone="")
        person(checked.school, phone="")
    run_checks()

    assert asked() == before
