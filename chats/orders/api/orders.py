"""REST of orders: the register, drafts from a text, issuing and cancelling, the order as DOCX and PDF."""

from collections.abc import Callable
from typing import Any, ClassVar, cast

from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django_filters import rest_framework as filters
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from chats.models import Order, OrderTemplate
from chats.orders import drafting, issuing
from chats.orders.api.fields import change_by
from chats.orders.docx import docx_of
from chats.orders.drafting import OrderRefused, Place, may_write
from chats.orders.pdf import pdf_of
from schools.api import IdFilter, MunicipalityRef, SchoolRef, ScopedViewSet, SinceFilter, StrictSerializer
from schools.models import Municipality, School, User
from schools.problems import Conflict

NOT_YOURS = "Приказы этой организации ведут её администратор и координаторы."
DOCX_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


class DocxRenderer(BaseRenderer):
    """A DOCX as it is."""

    media_type = DOCX_TYPE
    format = "docx"
    charset = None
    render_style = "binary"

    def render(self, data: bytes, accepted_media_type: str | None = None, renderer_context: Any = None) -> bytes:
        """The bytes."""
        return data


class PdfRenderer(DocxRenderer):
    """A PDF as it is."""

    media_type = "application/pdf"
    format = "pdf"


class OrderSerializer(serializers.ModelSerializer[Order]):
    """An order: whose, what about, how far, its requisites, how many are to read it and have."""

    school = SchoolRef(read_only=True, allow_null=True, label="Школа")
    municipality = MunicipalityRef(read_only=True, allow_null=True, label="Муниципалитет")
    template: Any = serializers.SlugRelatedField("key", read_only=True, label="шаблон")
    requisites = serializers.CharField(read_only=True, label="реквизиты")
    readers = serializers.IntegerField(read_only=True, label="кому знакомиться")
    have_read = serializers.IntegerField(read_only=True, label="ознакомлены")
    changes = serializers.IntegerField(
        source="changes_id", read_only=True, allow_null=True, label="какой приказ меняет"
    )
    docx = serializers.SerializerMethodField(label="адрес DOCX")
    pdf = serializers.SerializerMethodField(label="адрес PDF")

    class Meta:
        model = Order
        fields = [
            "id", "school", "municipality", "template", "state", "subject", "requisites", "number", "signed_on", "year",
            "signer_name", "signer_position", "readers", "have_read", "changes", "cancelled_on", "cancel_reason",
            "sha256", "docx", "pdf", "created_at", "updated_at",
        ]  # fmt: skip
        read_only_fields = fields

    def get_docx(self, order: Order) -> str:
        """«/api/v1/orders/5/docx/»."""
        return reverse("api-orders-docx", args=[order.pk])

    def get_pdf(self, order: Order) -> str:
        """«/api/v1/orders/5/pdf/»."""
        return reverse("api-orders-pdf", args=[order.pk])


class NewOrderSerializer(StrictSerializer):
    """A draft to begin: exactly one organisation, a text, and values of its fields beside those known already."""

    school = serializers.CharField(max_length=16, required=False, label="код школы")
    municipality = serializers.IntegerField(min_value=1, max_value=2**63 - 1, required=False, label="муниципалитет")
    template = serializers.CharField(max_length=60, label="ключ шаблона")
    values = serializers.DictField(
        required=False,
        label="значения полей",
        help_text="Чего не назвать, то портал заполнит сам: людей по должностям, акты, сроки.",
        error_messages={"not_a_dict": 'Нужен объект JSON: {{"поле": значение}}.'},
    )
    signer_name = serializers.CharField(max_length=200, required=False, label="кто подписывает")
    signer_position = serializers.CharField(max_length=200, required=False, label="его должность")
    organisation = serializers.CharField(max_length=300, required=False, label="какой орган издаёт")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """One organisation, and no more."""
        if len({"municipality", "school"} & set(attrs)) != 1:
            raise serializers.ValidationError("Назовите одну организацию: school (код) или municipality (номер).")
        return attrs


class IssueSerializer(StrictSerializer):
    """The requisites of the signed paper; without a number the next of the year is given."""

    number = serializers.CharField(max_length=30, required=False, label="номер")
    signed_on = serializers.DateField(required=False, label="дата подписания", help_text="Без неё — сегодня.")


class CancelSerializer(StrictSerializer):
    """From which day and why."""

    on = serializers.DateField(required=False, label="с какого дня", help_text="Без него — с сегодняшнего.")
    reason = serializers.CharField(max_length=300, label="почему отменён")


class OrderFilter(filters.FilterSet):
    """Filters of orders."""

    region = filters.CharFilter(method="by_region", label="Код региона", max_length=2)
    municipality = IdFilter(method="by_municipality", label="Номер муниципалитета: приказы его и его школ")
    school = IdFilter(field_name="school_id", label="Номер школы")
    state = filters.ChoiceFilter(choices=Order.State.choices, label="Состояние")
    year = filters.NumberFilter(label="Год подписания", min_value=2000, max_value=2100)
    template = filters.CharFilter(field_name="template__key", label="Ключ шаблона", max_length=60)
    updated_since = SinceFilter(field_name="updated_at", label="Изменены с этого момента")

    def by_region(self, found: QuerySet[Order], name: str, code: str) -> QuerySet[Order]:
        """Of the schools and municipalities of a region."""
        return found.filter(Q(school__region__code=code) | Q(municipality__region__code=code))

    def by_municipality(self, found: QuerySet[Order], name: str, pk: int) -> QuerySet[Order]:
        """Of a municipality and of its schools."""
        return found.filter(Q(municipality=pk) | Q(school__municipality=pk))


EXAMPLE = {"school": "780001", "template": "sferum-use", "values": {"срок": "2026-12-15", "администратор": 512}}


@extend_schema_view(
    issue=extend_schema(summary="Издать", request=IssueSerializer, responses={200: OrderSerializer}),
    cancel=extend_schema(summary="Отменить", request=CancelSerializer, responses={200: OrderSerializer}),
    docx=extend_schema(summary="Приказ в DOCX", responses={(200, DOCX_TYPE): OpenApiTypes.BINARY}),
    pdf=extend_schema(summary="Приказ в PDF", responses={(200, "application/pdf"): OpenApiTypes.BINARY}),
)
class OrderViewSet(ScopedViewSet[Order]):
    """Приказы школ и муниципалитетов: проекты, изданные, отменённые.

    Издать — значит назначить людей, поставить сроки этапов и открыть лист ознакомления; отмена всё это возвращает.
    Отметки об ознакомлении видны по `updated_since` ресурса acknowledgements. Токену нужно право вести приказы.
    """

    model = Order
    serializer_class = OrderSerializer
    filterset_class = OrderFilter
    related = ("school", "municipality", "template")
    file_name = "orders"
    http_method_names = ["get", "head", "options", "post"]
    token_flags: ClassVar[dict[str, str]] = dict.fromkeys(("create", "issue", "cancel"), "writes_orders")

    def get_queryset(self) -> QuerySet[Order]:
        """Orders in sight with the counts of their readers."""
        return super().get_queryset().defer("text", "values", "paper_kept", "done").with_readers()  # type: ignore[attr-defined,no-any-return]

    @extend_schema(
        summary="Начать проект",
        request=NewOrderSerializer,
        responses={201: OrderSerializer},
        examples=[OpenApiExample("проект", EXAMPLE, request_only=True)],
    )
    def create(self, request: Request) -> Response:
        """Begin a draft."""
        body = NewOrderSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        wanted = body.validated_data
        place = self._place(wanted)
        if not may_write(request.user, place):
            raise PermissionDenied(NOT_YOURS)
        texts = OrderTemplate.objects.visible_to(request.user).current()
        template = texts.filter(key=wanted["template"].replace("\0", "")).first()
        if template is None:
            raise serializers.ValidationError({"template": ["Такого шаблона нет. Ключи — в order-templates."]})
        made = _asked(self._begin, place, template, wanted)
        answer = self._told(made)
        return Response(answer.data, status=201, headers={"Location": self.reverse_action("detail", args=[made.pk])})

    @transaction.atomic
    def _begin(self, place: Place, template: OrderTemplate, wanted: dict[str, Any]) -> Order:
        """A draft with the values given, or none at all."""
        by = cast(User, self.request.user)
        order = drafting.begin(place=place, template=template, by=by)
        facts = {key: wanted[key] for key in ("signer_name", "signer_position", "organisation") if key in wanted}
        if not facts and not wanted.get("values"):
            return order
        return drafting.change(order, change_by(order, wanted.get("values", {}), by, **facts), by=by)

    @action(detail=True, methods=["post"])
    def issue(self, request: Request, pk: str) -> Response:
        """Give a draft its number and day, and do what it orders."""
        order = self._own()
        body = IssueSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        day = body.validated_data.get("signed_on") or timezone.localdate()
        number = body.validated_data.get("number") or issuing.next_number(cast(Place, order.place), day.year)
        return self._told(_asked(issuing.issue, order, number=number, signed_on=day, by=request.user))

    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: str) -> Response:
        """Cancel an order, and all it has set in motion."""
        order = self._own()
        body = CancelSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        day = body.validated_data.get("on") or timezone.localdate()
        reason = body.validated_data["reason"]
        return self._told(_asked(issuing.cancel, order, on=day, reason=reason, by=request.user))

    @action(detail=True, methods=["get"], renderer_classes=[DocxRenderer])
    def docx(self, request: Request, pk: str) -> Response:
        """The order as DOCX."""
        return Response(docx_of(issuing.paper_of(self.get_object(), issuing.BLANK)))

    @action(detail=True, methods=["get"], renderer_classes=[PdfRenderer])
    def pdf(self, request: Request, pk: str) -> Response:
        """The order as PDF."""
        return Response(pdf_of(issuing.paper_of(self.get_object(), issuing.BLANK)))

    def _own(self) -> Order:
        """The order of the address, for those who may write it."""
        order: Order = self.get_object()
        if not may_write(self.request.user, cast(Place, order.place)):
            raise PermissionDenied(NOT_YOURS)
        return order

    def _told(self, order: Order) -> Response:
        return Response(OrderSerializer(self.get_queryset().get(pk=order.pk)).data)

    def _place(self, wanted: dict[str, Any]) -> Place:
        """The organisation a body names; one out of sight is as one that is not there."""
        user = self.request.user
        found: Place | None
        if "school" in wanted:
            found = School.objects.visible_to(user).filter(code=wanted["school"].replace("\0", "")).first()
        else:
            found = Municipality.objects.visible_to(user).filter(pk=wanted["municipality"]).first()
        if found is None:
            raise serializers.ValidationError("Такого места нет среди видимых вам. Проверьте код или номер.")
        return found


def _asked(service: Callable[..., Order], *args: Any, **facts: Any) -> Order:
    """Call a service; its refusal is a 409 with its own sentence."""
    try:
        return service(*args, **facts)
    except OrderRefused as refusal:
        raise Conflict(str(refusal)) from refusal
