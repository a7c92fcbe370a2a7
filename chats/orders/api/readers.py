"""REST of those who are to read orders: the sheet, marks one by one and by the list."""

import datetime
from typing import Any, ClassVar, cast

from django.db.models import QuerySet
from django.utils import timezone
from django_filters import rest_framework as filters
from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from chats.models import Acknowledgement
from chats.orders import readers
from chats.orders.api.orders import NOT_YOURS
from chats.orders.drafting import OrderRefused
from schools.api import IdFilter, ScopedViewSet, SinceFilter, StrictSerializer, YesNoFilter
from schools.models import User
from schools.problems import Conflict

MOST_AT_ONCE = 500
NO_ROW = "Такой записи нет среди тех, что вам можно менять. Проверьте номер."


class AcknowledgementSerializer(serializers.ModelSerializer[Acknowledgement]):
    """Somebody who is to read an order, and the day it was read."""

    order = serializers.IntegerField(source="order_id", read_only=True, label="номер приказа на портале")
    requisites = serializers.CharField(source="order.requisites", read_only=True, label="реквизиты приказа")
    staff = serializers.IntegerField(source="staff_id", read_only=True, allow_null=True, label="номер сотрудника")

    class Meta:
        model = Acknowledgement
        fields = ["id", "order", "requisites", "staff", "name", "position", "acknowledged_on", "updated_at"]
        read_only_fields = fields


class AcknowledgementFilter(filters.FilterSet):
    """Filters of the sheets."""

    order = IdFilter(field_name="order_id", label="Номер приказа на портале")
    school = IdFilter(field_name="order__school_id", label="Номер школы")
    staff = IdFilter(field_name="staff_id", label="Номер сотрудника")
    acknowledged = YesNoFilter(
        field_name="acknowledged_on", lookup_expr="isnull", exclude=True, label="true — ознакомлен, false — ещё нет"
    )
    updated_since = SinceFilter(field_name="updated_at", label="Изменены с этого момента")


class MarkReadSerializer(StrictSerializer):
    """The day an order was read; today where it is not named."""

    acknowledged_on = serializers.DateField(required=False, label="когда ознакомлен")


class MarkReadItemSerializer(StrictSerializer):
    """A line of a sheet and the day its person read the order; null takes the mark back."""

    id = serializers.IntegerField(min_value=1, max_value=2**63 - 1, label="номер записи")
    acknowledged_on = serializers.DateField(required=False, allow_null=True, label="когда ознакомлен")


class MarkReadResultSerializer(serializers.Serializer[Any]):
    """What became of one item of a list."""

    index = serializers.IntegerField(label="место в списке, с нуля")
    id = serializers.IntegerField(allow_null=True, label="номер записи")
    changed = serializers.BooleanField(label="изменена ли отметка")
    error = serializers.CharField(allow_null=True, label="почему не отмечен")


class MarkReadResultsSerializer(serializers.Serializer[Any]):
    """The outcome of a list."""

    results = MarkReadResultSerializer(many=True)


@extend_schema_view(
    mark=extend_schema(
        summary="Отметить ознакомление", request=MarkReadSerializer, responses={200: AcknowledgementSerializer}
    ),
    unmark=extend_schema(summary="Снять отметку", request=None, responses={200: AcknowledgementSerializer}),
    bulk=extend_schema(
        summary="Отметить многих",
        request=MarkReadItemSerializer(many=True),
        responses={200: MarkReadResultsSerializer},
        description=f"До {MOST_AT_ONCE} отметок; каждая сама по себе, ответ говорит о каждой. "
        "Без даты — сегодня, null снимает отметку.",
        examples=[OpenApiExample("отметка", {"id": 5, "acknowledged_on": "2026-09-10"}, request_only=True)],
    ),
)
class AcknowledgementViewSet(ScopedViewSet[Acknowledgement]):
    """Ознакомление с приказами: кому знакомиться, кто и когда ознакомлен. Токену нужно право вести приказы."""

    model = Acknowledgement
    serializer_class = AcknowledgementSerializer
    filterset_class = AcknowledgementFilter
    related = ("order",)
    file_name = "acknowledgements"
    http_method_names = ["get", "head", "options", "post"]
    token_flags: ClassVar[dict[str, str]] = dict.fromkeys(("mark", "unmark", "bulk"), "writes_orders")

    def get_queryset(self) -> QuerySet[Acknowledgement]:
        """Lines in sight; of their orders the requisites alone."""
        heavy = ("text", "values", "paper_kept", "done")
        return super().get_queryset().defer(*(f"order__{name}" for name in heavy))

    @action(detail=True, methods=["post"])
    def mark(self, request: Request, pk: str) -> Response:
        """Mark one."""
        body = MarkReadSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        return self._told(self._own(), body.validated_data.get("acknowledged_on") or timezone.localdate())

    @action(detail=True, methods=["post"])
    def unmark(self, request: Request, pk: str) -> Response:
        """Take one mark back."""
        return self._told(self._own(), None)

    @action(detail=False, methods=["post"])
    def bulk(self, request: Request) -> Response:
        """Mark many, each by itself."""
        items = request.data
        if not isinstance(items, list) or not 1 <= len(items) <= MOST_AT_ONCE:
            raise serializers.ValidationError(f"Пришлите список от 1 до {MOST_AT_ONCE} отметок.")
        bodies = [MarkReadItemSerializer(data=item) for item in items]
        ids = [body.validated_data["id"] for body in bodies if body.is_valid()]
        editable = Acknowledgement.objects.editable_by(request.user).filter(pk__in=ids).select_related("order")
        rows = {row.pk: row for row in editable}
        return Response({"results": [self._result(index, body, rows) for index, body in enumerate(bodies)]})

    def _result(self, index: int, body: MarkReadItemSerializer, rows: dict[int, Acknowledgement]) -> dict[str, Any]:
        told: dict[str, Any] = {"index": index, "id": None, "changed": False, "error": None}
        if body.errors:
            return told | {"error": _sentence(body.errors)}
        row = rows.get(body.validated_data["id"])
        if row is None:
            return told | {"error": NO_ROW}
        day = body.validated_data.get("acknowledged_on", timezone.localdate())
        try:
            return told | {"id": row.pk, "changed": self._write(row, day) > 0}
        except OrderRefused as refusal:
            return told | {"id": row.pk, "error": str(refusal)}

    def _write(self, row: Acknowledgement, day: datetime.date | None) -> int:
        """Mark, or take the mark back; how many lines changed."""
        by = cast(User, self.request.user)
        if day is None:
            return readers.unmark(row.order, [row.pk], by=by)
        return readers.mark(row.order, [row.pk], on=day, by=by)

    def _own(self) -> Acknowledgement:
        """The line of the address, for those who may mark it."""
        row: Acknowledgement = self.get_object()
        if not Acknowledgement.objects.editable_by(self.request.user).filter(pk=row.pk).exists():
            raise PermissionDenied(NOT_YOURS)
        return row

    def _told(self, row: Acknowledgement, day: datetime.date | None) -> Response:
        try:
            self._write(row, day)
        except OrderRefused as refusal:
            raise Conflict(str(refusal)) from refusal
        return Response(AcknowledgementSerializer(self.get_queryset().get(pk=row.pk)).data)


def _sentence(errors: Any) -> str:
    """One sentence out of the mistakes of one item."""
    return "; ".join(f"{name}: {' '.join(map(str, texts))}" for name, texts in errors.items())
