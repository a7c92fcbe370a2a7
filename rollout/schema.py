"""What the OpenAPI description needs beyond the views: the bearer scheme and the errors every operation may answer."""

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


def document_problems(result: dict[str, Any], **kwargs: Any) -> dict[str, Any]:
    """Add the errors to every operation (a postprocessing hook of drf-spectacular)."""
    result.setdefault("components", {}).setdefault("schemas", {})["Problem"] = PROBLEM
    result["info"]["description"] = f"{result['info'].get('description', '')}\n\n{POLICY}"
    mark_deprecated(result.get("paths", {}), DEPRECATED)
    for methods in result.get("paths", {}).values():
        for method, operation in methods.items():
            own = [int(status) for status in operation["responses"] if int(status) >= 400]
            for status in (*EVERYWHERE, *(WITH_BODY if method == "post" else ()), *own):
                said = operation["responses"].setdefault(str(status), _response(status))
                said.setdefault("content", _response(status)["content"])
    return result


def _response(status: int) -> dict[str, Any]:
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {"description": TITLES[status], "content": content}
