"""What is on its way out says so in its answers and in the schema; every entry keeps the promised term."""

import copy
import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client

from rollout.schema import whole_schema
from schools import deprecations
from schools.deprecations import DEPRECATED, LEAST_NOTICE, POLICY, Deprecated, mark_deprecated
from tests.conftest import Cast

pytestmark = pytest.mark.django_db
Tokens = Callable[..., dict[str, str]]
PLANTED = (
    Deprecated("weeks/{week}/", dt.date(2026, 9, 1), dt.date(2027, 9, 1), "Берите ratings."),
    Deprecated("schools/", dt.date(2026, 10, 1), dt.date(2027, 6, 1), "Берите search.", parameter="code"),
)


@pytest.fixture
def planted(monkeypatch: pytest.MonkeyPatch) -> None:
    """An address and a parameter on their way out."""
    monkeypatch.setattr(deprecations, "DEPRECATED", PLANTED)


def test_deprecated_address_says_since_when_until_when_and_where_to_read(
    cast: Cast, token_of: Tokens, planted: None
) -> None:
    answer = Client().get("/api/v1/weeks/2026-W47/", headers=token_of(cast.nina))

    assert answer["Deprecation"] == f"@{int(dt.datetime(2026, 9, 1, tzinfo=dt.UTC).timestamp())}"
    assert answer["Sunset"] == "Wed, 01 Sep 2027 00:00:00 GMT"
    assert answer["Link"] == '</api/v1/docs/>; rel="deprecation"'


@pytest.mark.parametrize("path, told", [("schools/?code=780001", True), ("schools/", False), ("weeks/", False)])
def test_parameter_says_so_only_where_it_is_used(
    cast: Cast, token_of: Tokens, planted: None, path: str, told: bool
) -> None:
    answer = Client().get(f"/api/v1/{path}", headers=token_of(cast.nina))

    assert answer.status_code == 200
    assert answer.has_header("Deprecation") is told
    assert answer.has_header("Sunset") is told


def test_schema_marks_what_is_on_its_way_out() -> None:
    paths = copy.deepcopy(whole_schema()["paths"])

    mark_deprecated(paths, PLANTED)

    assert paths["/api/v1/weeks/{week}/"]["get"]["deprecated"] is True
    listed = {each["name"]: each for each in paths["/api/v1/schools/"]["get"]["parameters"]}
    assert listed["code"]["deprecated"] is True
    assert "Берите search." in listed["code"]["description"]
    assert "deprecated" not in listed["kind"]


def test_entries_name_what_there_is_and_keep_the_promised_term() -> None:
    for each in (*DEPRECATED, *PLANTED):
        operations = whole_schema()["paths"][f"/api/v1/{each.path}"]
        names = {one["name"] for operation in operations.values() for one in operation.get("parameters", [])}

        assert not each.parameter or each.parameter in names
        assert each.until - each.since >= LEAST_NOTICE
        assert each.instead.endswith(".")


def test_policy_stands_in_the_schema() -> None:
    told = whole_schema()["info"]["description"]

    assert POLICY in told
    assert "RFC 9745" in told
    assert "RFC 8594" in told
