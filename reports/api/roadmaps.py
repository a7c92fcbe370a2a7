"""REST of the roadmap: planned days of steps by place, with the history of their moves."""

from typing import Any, ClassVar

from django.core.exceptions import PermissionDenied
from django.db.models import Max, QuerySet
from django_filters import rest_framework as filters
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from reports.api.steps import place_of
from reports.steps import services
from reports.steps.services import StepRefused
from schools.api import (
    IdFilter,
    MunicipalityRef,
    RegionRef,
    SchoolRef,
    ScopedViewSet,
    SinceFilter,
    StrictSerializer,
    YesNoFilter,
)
from schools.models import StepPlan
from schools.problems import Conflict
from schools.steps import STEPS


class PlanSerializer(serializers.ModelSerializer[StepPlan]):
    """A planned day; the newest of a place and step holds, a null takes the place's own day back."""

    region = RegionRef(read_only=True, allow_null=True, label="Регион")
    municipality = MunicipalityRef(read_only=True, allow_null=True, label="Муниципалитет")
    school = SchoolRef(read_only=True, allow_null=True, label="Школа")

    class Meta:
        model = StepPlan
        fields = ["id", "number", "planned_on", "reason", "region", "municipality", "school", "set_at"]
        read_only_fields = fields


class NewPlanSerializer(StrictSerializer):
    """A day to set: exactly one place."""

    number = serializers.ChoiceField(choices=[(step.number, step.name) for step in STEPS], label="номер этапа")
    planned_on = serializers.DateField(allow_null=True, label="срок")
    reason = serializers.CharField(
        max_length=300, required=False, default="", allow_blank=True, label="почему переносим"
    )
    region = serializers.CharField(max_length=2, required=False, label="код региона")
    municipality = serializers.IntegerField(min_value=1, max_value=2**63 - 1, required=False, label="муниципалитет")
    school = serializers.CharField(max_length=16, required=False, label="код школы")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """One place, and no more."""
        if len({"region", "municipality", "school"} & set(attrs)) != 1:
            raise serializers.ValidationError("Назовите одно место: school, municipality или region.")
        return attrs


class PlanFilter(filters.FilterSet):
    """Filters of planned days."""

    region = filters.CharFilter(field_name="region__code", label="Код региона: его собственные сроки", max_length=2)
    municipality = IdFilter(field_name="municipality_id", label="Номер муниципалитета: его собственные сроки")
    school = IdFilter(field_name="school_id", label="Номер школы: её собственные сроки")
    number = filters.NumberFilter(label="Номер этапа", min_value=1, max_value=len(STEPS))
    current = YesNoFilter(method="by_current", label="true — только действующие")
    updated_since = SinceFilter(field_name="set_at", label="Назначены с этого момента")

    def by_current(self, found: QuerySet[StepPlan], name: str, value: bool) -> QuerySet[StepPlan]:
        """The newest of each place and step, or those replaced since."""
        keys = ("level", "region", "municipality", "school", "number")
        newest = found.order_by().values(*keys).annotate(last=Max("pk")).values("last")
        return found.filter(pk__in=newest) if value else found.exclude(pk__in=newest)


class RoadmapViewSet(ScopedViewSet[StepPlan]):
    """Дорожные карты: сроки этапов региона, муниципалитета, школы и история их переносов.

    Действующий срок школы, с учётом унаследованного, — в `/api/v1/steps/`. Токену нужно право отмечать этапы.
    """

    model = StepPlan
    serializer_class = PlanSerializer
    filterset_class = PlanFilter
    related = ("region", "municipality", "school")
    file_name = "roadmaps"
    http_method_names = ["get", "head", "options", "post"]
    token_flags: ClassVar[dict[str, str]] = {"create": "marks_steps"}

    @extend_schema(
        summary="Назначить или перенести срок",
        request=NewPlanSerializer,
        responses={201: PlanSerializer},
        examples=[
            OpenApiExample("срок", {"school": "780001", "number": 5, "planned_on": "2026-12-15"}, request_only=True)
        ],
    )
    def create(self, request: Request) -> Response:
        """Set a day."""
        form = NewPlanSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        wanted = form.validated_data
        place = place_of(request.user, wanted)
        if not services.rules_place(request.user, place):  # type: ignore[arg-type]
            raise PermissionDenied
        facts = {key: wanted[key] for key in ("number", "planned_on", "reason")}
        try:
            plan = services.plan_step(place=place, by=request.user, **facts)  # type: ignore[arg-type]
        except StepRefused as refusal:
            raise Conflict(str(refusal)) from refusal
        address = self.reverse_action("detail", args=[plan.pk])
        return Response(PlanSerializer(plan).data, status=201, headers={"Location": address})
