"""REST of the feed: what changed since a cursor, what is gone among it, by keys that copies share."""

from typing import Any

from drf_spectacular.helpers import forced_singular_serializer
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from schools.api import FORMAT, StrictQuery
from schools.feed.telling import newest_number, number_changes
from schools.models import Change
from schools.paging import page_size_of

LATEST = "latest"
SINCE = OpenApiParameter(
    "since",
    description="cursor прошлого ответа. Без него — с начала; latest — только узнать нынешний cursor",
    examples=[OpenApiExample("с начала", "0"), OpenApiExample("нынешний", LATEST)],
)


class ChangeSerializer(serializers.ModelSerializer[Change]):
    """A change."""

    class Meta:
        model = Change
        fields = ["number", "kind", "event", "key", "facts", "happened_at"]


class FeedSerializer(serializers.Serializer[Any]):
    """A piece of the feed."""

    cursor = serializers.CharField(help_text="Передайте его в since, чтобы получить дальнейшее")
    more = serializers.BooleanField(help_text="true — есть ещё, спросите сразу")
    results = ChangeSerializer(many=True)


class ChangeViewSet(StrictQuery, ViewSet):
    """Лента изменений: школы и публикации рейтингов с того места, где вы остановились.

    `gone` — школы с таким кодом на этом месте больше нет: её удалили, перевели или сменили код. `changed` — возьмите
    школу заново: `/api/v1/schools/?code=…`. Ни одно изменение не пропадёт: номер даётся после того, как оно записано.
    """

    query_params = ("since", "page_size")

    @extend_schema(
        parameters=[SINCE, OpenApiParameter("page_size", int), FORMAT],
        responses=forced_singular_serializer(FeedSerializer),
        summary="Что изменилось",
    )
    def list(self, request: Request) -> Response:
        """Changes after a cursor, in the order of their numbers."""
        size, since = page_size_of(request), request.query_params.get("since", "0")
        number_changes()
        seen = Change.objects.visible_to(request.user).filter(number__isnull=False)
        newest = seen.order_by("-number").values_list("number", flat=True).first() or 0
        if since == LATEST:
            return Response(FeedSerializer({"cursor": str(newest), "more": False, "results": []}).data)
        after = _number(since)
        if after > newest and after > newest_number():
            raise ValidationError({"since": [AHEAD]})
        found = list(seen.filter(number__gt=after).order_by("number")[: size + 1])
        cursor = str(found[:size][-1].number) if found else since
        answer = {"cursor": cursor, "more": len(found) > size, "results": found[:size]}
        return Response(FeedSerializer(answer).data)


# A copy that waits there would miss everything until the numbers come up to it.
AHEAD = "До этого места лента не дошла: возможно, портал восстановили из копии. Возьмите всё заново с since=0."


def _number(text: str) -> int:
    if not text.isascii() or not text.isdecimal() or len(text) > 18:
        raise ValidationError({"since": ["Возьмите значение из поля cursor прошлого ответа."]})
    return int(text)
