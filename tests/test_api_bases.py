"""REST of indicators, steps and checks names the acts they rest on: key, place in the act, page in the library."""

import csv
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from reports.checks.catalogue import CHECKS
from reports.checks.running import run_checks
from reports.indicators import INDICATORS
from reports.steps.counting import count_steps
from schools.steps import STEPS
from tests.conftest import Cast, ClientOf

pytestmark = pytest.mark.django_db


def named(bases: object) -> list[dict[str, str]]:
    """The bases of a data file as REST gives them."""
    return [
        {"act": basis.act, "point": basis.point, "url": f"/library/{basis.act}/"}
        for basis in bases  # type: ignore[attr-defined]
    ]


def test_every_indicator_step_and_check_gives_its_bases(cast: Cast, client_of: ClientOf) -> None:
    count_steps()
    run_checks()
    client = client_of(cast.sveta)

    steps = client.get(f"/api/v1/steps/{cast.school.pk}/").json()["steps"]
    checks = {each["key"]: each for each in client.get("/api/v1/checks/").json()["results"]}
    indicators = {each["key"]: each for each in client.get("/api/v1/indicators/").json()}

    assert {step.key: steps[step.key]["bases"] for step in STEPS} == {step.key: named(step.bases) for step in STEPS}
    assert {key: each["bases"] for key, each in checks.items()} == {each.key: named(each.bases) for each in CHECKS}
    assert {key: each["bases"] for key, each in indicators.items()} == {
        each.key: named(each.bases) for each in INDICATORS
    }


def test_one_check_gives_its_bases_and_the_library_has_their_pages(cast: Cast, client_of: ClientOf) -> None:
    run_checks()
    client = client_of(cast.sveta)
    check = next(each for each in CHECKS if each.bases)

    bases = client.get(f"/api/v1/checks/{check.key}/").json()["bases"]

    assert bases == named(check.bases)
    assert {client.get(basis["url"]).status_code for basis in bases} == {200}


def test_files_leave_out_what_is_the_same_in_every_row(cast: Cast, client_of: ClientOf) -> None:
    count_steps()

    answer = client_of(cast.sveta).get("/api/v1/steps/?format=csv&dialect=comma")
    (header, *_) = csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig")))  # type: ignore[attr-defined]

    assert "steps.staff.state" in header
    assert [name for name in header if "bases" in name] == []


def test_bases_cost_no_queries(cast: Cast, client_of: ClientOf) -> None:
    count_steps()
    client = client_of(cast.nina)

    def asked() -> list[str]:
        with CaptureQueriesContext(connection) as queries:
            client.get("/api/v1/steps/")
        return [query["sql"] for query in queries]

    asked()
    assert [sql for sql in asked() if "chats_legalact" in sql] == []
