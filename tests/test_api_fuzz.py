"""REST against its own schema: generated requests, right and wrong, in process; seven an operation, or FUZZ_EXAMPLES.

`FUZZ_EXAMPLES=60 ARGS=tests/test_api_fuzz.py make test` goes deep: other requests every time, tokens of every sight.
How many were really sent, and how they were answered, stands at the end of the run.
"""

import os
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

from reports.models import Rating
from rollout.schema import whole_schema
from schools.models import AccessToken, User
from schools.scope import Level
from tests.conftest import Cast
from tests.test_access import ids
from tests.test_api_ratings import save_rating, save_row

__all__ = ["ids"]
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    unsupported_method,
]
DEEP = "FUZZ_EXAMPLES" in os.environ
EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "7"))
FLAGS = ("loads_activity", "loads_staff", "appoints", "marks_steps", "reconciles", "writes_orders")
Known = dict[str, list[Any]]
KNOWN: Known = {
    "week": ["2026-W47", "latest"],
    "code": ["78", "47"],
    "key": ["staff_active", "name_glued", "r-210"],
    "number": [1, 27],
    "with": ["2026-W47", "2026-W45"],
    "region": ["78", "47"],
}  # what addresses may name and chance never would; beside it, the ids of what is there

OPERATIONS = [(path, method.upper()) for path, item in whole_schema()["paths"].items() for method in item]
SCHEMA = schemathesis.openapi.from_dict(whole_schema())
SCHEMA.app = WSGIHandler()


@pytest.fixture
def one_connection() -> Iterator[None]:
    """Keep the test's connection through its requests, as Django's own test client does."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def known(cast: Cast, ids: dict[str, int]) -> Known:
    """Something of every kind to find behind the schema; a week's rating too."""
    Rating.objects.filter(week=202647).delete()
    rating = save_rating()
    for level, place in ((Level.SCHOOL, cast.school), (Level.REGION, cast.region)):
        save_row(rating, level, place, 30, 40, rank=1, ranked=1)
    named = [f"school.{cast.school.pk}", f"municipality.{cast.municipality.pk}", "region.78", "region.47", "country"]
    schools, municipalities = [cast.school.pk, cast.foreign.pk], [cast.municipality.pk, cast.foreign_municipality.pk]
    places: Known = {"place": named, "a": named, "b": named[::-1], "school": schools, "municipality": municipalities}
    return KNOWN | places | {"id": sorted(set(ids.values()))}


@pytest.fixture
def askers(cast: Cast, known: Known, one_connection: None) -> list[dict[str, str]]:
    """Headers of those who ask: a region's token that may do everything, and in depth of every other sight."""

    def token(user: User, **place: Any) -> dict[str, str]:
        _, text = AccessToken.objects.create(user=user, **dict.fromkeys(FLAGS, True), **place)
        return {"Authorization": f"Bearer {text}"}

    region = token(cast.nina)
    if not DEEP:
        return [region]
    school, municipality = token(cast.nina, school=cast.school), token(cast.root, municipality=cast.municipality)
    return [region, school, municipality, token(cast.root), token(cast.observer), token(cast.stranger), {}]


@pytest.mark.timeout(120 + EXAMPLES * 20)
@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=["right", "wrong"])
@pytest.mark.parametrize("path, method", OPERATIONS)
def test_answers_keep_to_the_schema(
    askers: list[dict[str, str]],
    known: Known,
    record_property: Callable[[str, object], None],
    path: str,
    method: str,
    mode: GenerationMode,
) -> None:
    cases = SCHEMA[path][method].as_strategy(generation_mode=mode)
    places = st.none() | st.integers(0, 99) if mode == GenerationMode.POSITIVE else st.none()
    sent: Counter[str] = Counter()

    @settings(
        max_examples=EXAMPLES,
        derandomize=not DEEP,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=cases, headers=st.sampled_from(askers), place=places)
    def answer(case: Any, headers: dict[str, str], place: int | None) -> None:
        if place is not None:
            name_what_is_there(case, known, place)
        response = case.call(headers=headers)
        sent[str(response.status_code)] += 1
        case.validate_response(response, checks=CHECKS)

    try:
        answer()
    except Unsatisfiable:
        pytest.skip("nothing can be wrong in this request")
    finally:
        record_property("sent", dict(sent))


def name_what_is_there(case: Any, known: Known, place: int) -> None:
    """Put into the path and the query of a right request what the database holds; `place` says which of it."""
    for name in case.path_parameters or {}:
        case.path_parameters[name] = known[name][place % len(known[name])]
    for name in case.query or {}:
        if name in known and name != "key":
            case.query[name] = known[name][place % len(known[name])]
