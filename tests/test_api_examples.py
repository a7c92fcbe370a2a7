"""Every example of the REST schema: it fits its own schema, and the portal understands it."""

from collections.abc import Callable, Iterator
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest
from django.test import Client

from rollout.schema import whole_schema
from schools.scope import Level
from tests.conftest import Cast
from tests.test_api_ratings import rated

__all__ = ["rated"]
Tokens = Callable[..., dict[str, str]]
SCHEMA = whole_schema()
ASKED = {  # what an answer of the shape of its example is asked for with
    "/api/v1/ratings/{week}/": {"level": "school"},
    "/api/v1/alerts/": {"level": "school"},
    "/api/v1/comparisons/": {"a": "region.78", "b": "region.47", "week": "2026-W47"},
    "/api/v1/paths/": {"place": "region.78", "target": "1", "week": "2026-W47"},
}


def operations() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Path, method and description of every operation."""
    for path, methods in SCHEMA["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def of_content(content: dict[str, Any]) -> Iterator[tuple[Any, Any]]:
    """(schema, value) of the examples of a body."""
    for kind in content.values():
        for example in kind.get("examples", {}).values():
            yield kind["schema"], example["value"]


BODIES = [
    pytest.param(path, method, schema, value, id=f"{method} {path}")
    for path, method, operation in operations()
    for schema, value in of_content(operation.get("requestBody", {}).get("content", {}))
]
ANSWERS = [
    pytest.param(path, schema, value, id=path)
    for path, _, operation in operations()
    for answer in operation["responses"].values()
    for schema, value in of_content(answer.get("content", {}))
]
PARAMETERS = [
    pytest.param(path, parameter["name"], example["value"], id=f"{path} {name}")
    for path, method, operation in operations()
    if method == "get"
    for parameter in operation.get("parameters", [])
    for name, example in parameter.get("examples", {}).items()
]


def fits(schema: Any, value: Any) -> None:
    """Check a value against a schema that refers to the components."""
    jsonschema.validate(value, {**schema, "components": SCHEMA["components"]})


@pytest.mark.parametrize("path, method, schema, value", BODIES)
def test_example_of_a_body_fits_and_is_understood(
    cast: Cast, token_of: Tokens, path: str, method: str, schema: Any, value: Any
) -> None:
    flags = ("loads_activity", "loads_staff", "appoints", "marks_steps", "reconciles", "writes_orders")
    headers = token_of(cast.nina, **dict.fromkeys(flags, True))
    address = path.replace("{id}", "1").replace("{key}", "1")

    answer = getattr(Client(), method)(address, value, content_type="application/json", headers=headers)

    fits(schema, value)
    assert answer.status_code in {200, 201, 400, 403, 404, 409}
    assert "Такого поля" not in answer.content.decode()


@pytest.mark.parametrize("path, schema, value", ANSWERS)
def test_example_of_an_answer_has_the_fields_of_the_answer(
    rated: Cast, token_of: Tokens, change_of: Callable[..., Any], path: str, schema: Any, value: Any
) -> None:
    headers = token_of(rated.observer)
    place = {"region": rated.region, "municipality": rated.municipality}
    change_of(Level.SCHOOL, rated.school.pk, week="2026-W47", **place)

    answer = Client().get(path.replace("{week}", "2026-W47"), ASKED[path], headers=headers).json()

    fits(schema, value)
    fits(schema, answer)
    assert value.keys() == answer.keys()
    assert shape(value["results"][0]) == shape(answer["results"][0])


def shape(value: Any) -> Any:
    """Names of fields, however deep."""
    return {name: shape(each) for name, each in value.items()} if isinstance(value, dict) else None


@pytest.mark.parametrize("path, name, value", PARAMETERS)
def test_example_of_a_parameter_is_answered(rated: Cast, token_of: Tokens, path: str, name: str, value: str) -> None:
    assert Client().get(path, {name: value}, headers=token_of(rated.nina)).status_code == 200


def test_there_are_examples_of_every_kind() -> None:
    assert len(BODIES) >= 10
    assert ANSWERS
    assert PARAMETERS
