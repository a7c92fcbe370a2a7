"""Pages of REST lists by key, not by offset: the last page of a country costs what the first one does."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from rest_framework.exceptions import ValidationError
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param
from rest_framework.views import APIView

PAGE_SIZE = 100
MAX_PAGE_SIZE = 1000
PAGE_PARAMS = ("page_size", "after")


def page_size_of(request: Request) -> int:
    """How many records a page has; raises ValidationError beyond 1–1000."""
    text = request.query_params.get("page_size", str(PAGE_SIZE))
    if not text.isascii() or not text.isdecimal() or not 1 <= int(text[:9]) <= MAX_PAGE_SIZE or len(text) > 9:
        raise ValidationError({"page_size": [f"Впишите число от 1 до {MAX_PAGE_SIZE}."]})
    return int(text)


def next_link(request: Request, after: str, *, path: str = "", **more: object) -> str:
    """The address of the next page, under another path where the present one may come to mean something else."""
    link: str = request.build_absolute_uri()
    if path:
        link = urlsplit(link)._replace(path=path).geturl()
    for name, value in {"after": after, **more}.items():
        link = replace_query_param(link, name, str(value))
    return link


class KeysetPagination(BasePagination):
    """`?page_size=100&after=<id>`: records in the order of their ids, from the one after `after`."""

    def paginate_queryset(self, queryset: Any, request: Request, view: APIView | None = None) -> list[Any]:
        """Return one page; the count is of all pages."""
        size = page_size_of(request)
        self.request = request
        self.count = queryset.count()
        found = list(queryset.order_by("pk").filter(pk__gt=_after(request))[: size + 1])
        page = found[:size]
        self.last = page[-1].pk if len(found) > size else None
        return page

    def get_paginated_response(self, data: Any) -> Response:
        """The page, how many records there are in all, and where the next page is."""
        link = None if self.last is None else next_link(self.request, str(self.last))
        return Response({"count": self.count, "next": link, "results": data})

    def get_paginated_response_schema(self, schema: Mapping[str, Any]) -> dict[str, Any]:
        """The page in OpenAPI."""
        return {
            "type": "object",
            "required": ["count", "next", "results"],
            "properties": {
                "count": {"type": "integer", "description": "Записей на всех страницах", "example": 1},
                "next": {
                    "type": ["string", "null"],
                    "format": "uri",
                    "description": "Следующая страница; null на последней",
                    "example": None,
                },
                "results": schema,
            },
        }

    def get_schema_operation_parameters(self, view: APIView) -> list[dict[str, Any]]:
        """Its parameters in OpenAPI."""
        size = {"type": "integer", "minimum": 1, "maximum": MAX_PAGE_SIZE, "default": PAGE_SIZE}
        after = {"type": "integer", "minimum": 0}
        return [
            {"name": "page_size", "in": "query", "description": "Записей на странице", "schema": size},
            {"name": "after", "in": "query", "description": "Начать после записи с этим номером", "schema": after},
        ]


def _after(request: Request) -> int:
    text = request.query_params.get("after", "0")
    if not text.isascii() or not text.isdecimal() or len(text) > 18:
        raise ValidationError({"after": ["Возьмите значение из поля next предыдущей страницы."]})
    return int(text)
