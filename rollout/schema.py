"""What the OpenAPI description needs beyond the views: the bearer scheme and the errors every operation may answer."""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.generators import SchemaGenerator

from schools.deprecations import DEPRECATED, POLICY, mark_deprecated
from schools.problems import TITLES

PROBLEM = {
    "type": "object",
    "description": "Ошибка по RFC 9457: detail — предложение, которое говорит, что делать.",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "example": "about:blank"},
        "title": {"type": "string", "example": "Не найдено"},
        "status": {"type": "integer", "example": 404},
        "detail": {"type": "string", "example": "Здесь ничего нет, или это не относится к вашему региону."},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "message"],
                "properties": {"field": {"type": "string"}, "message": {"type": "string"}},
            },
        },
    },
}
EVERYWHERE = (400, 401, 403, 404, 406, 429)
WITH_BODY = (409, 413, 415)


class BearerScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """`Authorization: Bearer …`."""

    target_class = "schools.rest.BearerAuthentication"
    name = "bearer"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """The scheme in OpenAPI."""
        return {"type": "http", "scheme": "bearer", "description": "Токен выпускают в профиле: `/profile/tokens/`."}


@lru_cache(maxsize=1)
def whole_schema() -> dict[str, Any]:
    """The OpenAPI description, made once per process."""
    schema: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)
    return schema


def describe(result: dict[str, Any], **kwargs: Any) -> dict[str, Any]:
    """Add the errors to every operation, and mend what clients are generated from (a hook of drf-spectacular)."""
    document_problems(result)
    name_types(result)
    return result


def document_problems(result: dict[str, Any]) -> None:
    """Add the errors to every operation."""
    result.setdefault("components", {}).setdefault("schemas", {})["Problem"] = PROBLEM
    result["info"]["description"] = f"{result['info'].get('description', '')}\n\n{POLICY}"
    mark_deprecated(result.get("paths", {}), DEPRECATED)
    for methods in result.get("paths", {}).values():
        for method, operation in methods.items():
            own = [int(status) for status in operation["responses"] if int(status) >= 400]
            for status in (*EVERYWHERE, *(WITH_BODY if method == "post" else ()), *own):
                said = operation["responses"].setdefault(str(status), _response(status))
                said.setdefault("content", _response(status)["content"])


def name_types(result: dict[str, Any]) -> None:
    """Describe choices and maps so that clients can be generated: values of their type, names in Latin letters.

    A filter by words over a column of numbers was said to be a number; and a generator calls the class of a choice by
    its title, which is there to be printed: it goes into the description.
    """
    for part in _with_class(result):
        part.pop("x-spec-enum-id", None)
        title = part.pop("title", "")
        if title:
            part.setdefault("description", title)
        if part.get("type") == "integer" and all(isinstance(value, str) for value in part.get("enum", [0])):
            part["type"] = "string"


def _with_class(part: Any) -> Iterator[dict[str, Any]]:
    """Every schema a generator makes a class of without a name of its own: choices, and maps of any keys."""
    if isinstance(part, dict) and (isinstance(part.get("enum"), list) or "additionalProperties" in part):
        yield part
    inside = part.values() if isinstance(part, dict) else part if isinstance(part, list) else ()
    for each in inside:
        yield from _with_class(each)


def _response(status: int) -> dict[str, Any]:
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {"description": TITLES[status], "content": content}
