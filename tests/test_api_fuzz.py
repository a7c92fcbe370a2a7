"""REST against its own schema: generated requests, right and wrong, in process; about 300 of them."""

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

from rollout.schema import whole_schema
from schools.models import AccessToken
from schools.scope import Level
from staff.models import StaffMember
from tests.conftest import Cast
from tests.test_api_ratings import save_rating, save_row

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    unsupported_method,
]


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
def headers(cast: Cast, one_connection: None) -> dict[str, str]:
    """A region's token that may load everything, and something to find behind the schema."""
    StaffMember.objects.create(school=cast.school, last_name="Иванова", first_name="Анна")
    rating = save_rating()
    for level, place in ((Level.SCHOOL, cast.school), (Level.REGION, cast.region)):
        save_row(rating, level, place, 30, 40, rank=1, ranked=1)
    flags = {"loads_activity": True, "loads_staff": True, "appoints": True, "writes_orders": True}
    _, text = AccessToken.objects.create(user=cast.nina, **flags)
    return {"Authorization": f"Bearer {text}"}


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=["right", "wrong"])
@pytest.mark.parametrize("path, method", OPERATIONS)
def test_answers_keep_to_the_schema(headers: dict[str, str], path: str, method: str, mode: GenerationMode) -> None:
    cases = SCHEMA[path][method].as_strategy(generation_mode=mode)

    @settings(
        max_examples=7,
        derandomize=True,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=cases)
    def answer(case: Any) -> None:
        case.validate_response(case.call(headers=headers), checks=CHECKS)

    try:
        answer()
    except Unsatisfiable:
        pytest.skip("nothing can be wrong in this request")
