"""REST of the nine steps: where every school stands, and the marks people put beside the data."""

from typing import Any, ClassVar

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django_filters import rest_framework as filters
from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from reports.api.bases import bases_field
from reports.models import FINISHED, SchoolStep, StepState
from reports.reading.step_words import percent_done
from reports.steps import services
from reports.steps.services import Place, StepRefused
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
from schools.models import Municipality, Region, School, StepMark
from schools.models.steps import MarkKind
from schools.problems import Conflict
from schools.steps import STEP_BY_NUMBER, STEPS

STATES = {state.name.lower(): state for state in StepState}
STATE_CHOICES = [(key, state.label) for key, state in STATES.items()]
KEYS = {step.number: step.key for step in STEPS}
MOST_MARKS = 200


class StepSerializer(serializers.Serializer[SchoolStep]):
    """A school at a step; `share` is a fraction of the whole without those excused, null where nobody declared it."""

    number = serializers.IntegerField(label="номер")
    state = serializers.ChoiceField(choices=STATE_CHOICES, source="state_key", label="состояние")
    part = serializers.IntegerField(label="сделано")
    whole = serializers.IntegerField(label="всего")
    excused = serializers.IntegerField(label="не в счёт: отказались")
    mistakes = serializers.IntegerField(label="строк с ошибками")
    percent = serializers.SerializerMethodField(label="готово, %")
    is_manual = serializers.BooleanField(label="отмечен вручную")
    planned_on = serializers.DateField(allow_null=True, label="срок")
    moved_on = serializers.DateField(label="последнее движение")
    since_on = serializers.DateField(label="в этом состоянии с")
    bases = bases_field()

    def to_representation(self, instance: SchoolStep) -> dict[str, Any]:
        """A row says what its step rests on."""
        instance.bases = STEP_BY_NUMBER[instance.number].bases  # type: ignore[attr-defined]
        return super().to_representation(instance)

    def get_percent(self, row: SchoolStep) -> int:
        """Whole per cent, 0–100."""
        return percent_done(row)


StepsSerializer = type(
    "StepsSerializer",
    (serializers.Serializer,),
    {"__doc__": "The nine by key."}
    | {step.key: StepSerializer(label=f"{step.number}. {step.short}", read_only=True) for step in STEPS},
)


class SchoolStepsSerializer(serializers.ModelSerializer[School]):
    """A school and its nine steps."""

    name = serializers.CharField(source="short_name", label="название")
    region = RegionRef(read_only=True, label="Регион")
    municipality = MunicipalityRef(read_only=True, allow_null=True, label="Муниципалитет")
    finished = serializers.IntegerField(label="пройдено этапов")
    steps = StepsSerializer(source="by_key", label="Этап")

    class Meta:
        model = School
        fields = ["id", "code", "name", "region", "municipality", "finished", "steps"]

    def to_representation(self, instance: School) -> dict[str, Any]:
        """Give the nine by key."""
        rows = list(instance.steps.all())  # type: ignore[attr-defined]
        instance.by_key = {KEYS[row.number]: row for row in rows}  # type: ignore[attr-defined]
        instance.finished = sum(row.state in FINISHED for row in rows)  # type: ignore[attr-defined]
        return super().to_representation(instance)


class SchoolStepsFilter(filters.FilterSet):
    """Filters of schools by their steps."""

    region = filters.CharFilter(field_name="region__code", label="Код региона", max_length=2)
    municipality = IdFilter(field_name="municipality_id", label="Номер муниципалитета")
    code = filters.CharFilter(label="Код школы", max_length=16)
    step = filters.ChoiceFilter(
        choices=[(step.key, step.name) for step in STEPS], method="by_step", label="Этап, к которому относится state"
    )
    state = filters.ChoiceFilter(choices=STATE_CHOICES, method="by_state", label="Состояние: этого этапа или любого")
    overdue = YesNoFilter(method="by_overdue", label="true — есть этап, срок которого прошёл")

    def by_step(self, found: QuerySet[School], name: str, key: str) -> QuerySet[School]:
        """Used by `by_state`; alone it narrows nothing."""
        return found

    def by_state(self, found: QuerySet[School], name: str, key: str) -> QuerySet[School]:
        """Schools with a step, or with the step named, in a state."""
        rows = self._steps().filter(state=STATES[key])
        step = self.data.get("step", "")
        number = next((each.number for each in STEPS if each.key == step), None)
        return found.filter(Exists(rows.filter(number=number) if number else rows))

    def _steps(self) -> QuerySet[SchoolStep]:
        return SchoolStep.objects.visible_to(self.request.user).filter(school=OuterRef("pk"))  # type: ignore[no-any-return]

    def by_overdue(self, found: QuerySet[School], name: str, value: bool) -> QuerySet[School]:
        """Schools with a step whose planned day has passed, or without one."""
        late = Q(planned_on__lt=timezone.localdate()) & ~Q(state__in=FINISHED)
        condition = Exists(self._steps().filter(late))
        return found.filter(condition if value else ~condition)


class StepViewSet(ScopedViewSet[School]):
    """Девять этапов «Порядка работы региона» по школам. Считаются по данным, раз в час и после каждой загрузки.

    Адрес одной школы — её номер: `/api/v1/steps/15/`.
    """

    model = School
    serializer_class = SchoolStepsSerializer
    filterset_class = SchoolStepsFilter
    related = ("region", "municipality")
    prefetched = ("steps",)
    file_name = "steps"

    def get_queryset(self) -> QuerySet[School]:
        """Schools in sight whose steps are counted."""
        counted = SchoolStep.objects.visible_to(self.request.user).filter(school=OuterRef("pk"))
        return super().get_queryset().filter(Exists(counted))


# Marks


class MarkSerializer(serializers.ModelSerializer[StepMark]):
    """A mark by hand, with its reason."""

    region = RegionRef(read_only=True, allow_null=True, label="Регион")
    municipality = MunicipalityRef(read_only=True, allow_null=True, label="Муниципалитет")
    school = SchoolRef(read_only=True, allow_null=True, label="Школа")

    class Meta:
        model = StepMark
        fields = [
            "id", "number", "kind", "reason", "region", "municipality", "school", "marked_at", "withdrawn_at",
            "updated_at",
        ]  # fmt: skip
        read_only_fields = fields


class NewMarkSerializer(StrictSerializer):
    """A mark to put: exactly one place."""

    number = serializers.ChoiceField(choices=[(step.number, step.name) for step in STEPS], label="номер этапа")
    kind = serializers.ChoiceField(choices=MarkKind.choices, label="отметка")
    reason = serializers.CharField(max_length=300, label="причина")
    region = serializers.CharField(max_length=2, required=False, label="код региона")
    municipality = serializers.IntegerField(min_value=1, max_value=2**63 - 1, required=False, label="муниципалитет")
    school = serializers.CharField(max_length=16, required=False, label="код школы")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """One place, and no more."""
        if len({"region", "municipality", "school"} & set(attrs)) != 1:
            raise serializers.ValidationError(
                "Назовите одно место: school (код), municipality (номер) или region (код)."
            )
        return attrs


class MarkFilter(filters.FilterSet):
    """Filters of marks."""

    school = IdFilter(field_name="school_id", label="Номер школы")
    number = filters.NumberFilter(label="Номер этапа", min_value=1, max_value=len(STEPS))
    kind = filters.ChoiceFilter(choices=MarkKind.choices, label="Отметка")
    living = YesNoFilter(field_name="withdrawn_at", lookup_expr="isnull", label="true — не снята")
    updated_since = SinceFilter(field_name="updated_at", label="Поставлены или сняты с этого момента")


class BulkResultSerializer(serializers.Serializer[Any]):
    """What became of one item of a list."""

    index = serializers.IntegerField(label="место в списке, с нуля")
    id = serializers.IntegerField(allow_null=True, label="номер отметки")
    error = serializers.CharField(allow_null=True, label="почему не поставлена")


class BulkSerializer(serializers.Serializer[Any]):
    """The outcome of a list."""

    results = BulkResultSerializer(many=True)


@extend_schema_view(
    withdraw=extend_schema(summary="Снять отметку", request=None, responses={200: MarkSerializer}),
    bulk=extend_schema(
        summary="Поставить несколько отметок",
        request=NewMarkSerializer(many=True),
        responses={200: BulkSerializer},
        description="До 200 отметок; каждая ставится сама по себе, ответ говорит о каждой.",
    ),
)
class StepMarkViewSet(ScopedViewSet[StepMark]):
    """Отметки этапов вручную: «подтверждён», «выполнен», «не требуется» — с причиной.

    Ставит координатор территории; снятые остаются в истории (`withdrawn_at`). Токену нужно право отмечать этапы.
    """

    model = StepMark
    serializer_class = MarkSerializer
    filterset_class = MarkFilter
    related = ("region", "municipality", "school")
    file_name = "step-marks"
    http_method_names = ["get", "head", "options", "post"]
    token_flags: ClassVar[dict[str, str]] = dict.fromkeys(("create", "bulk", "withdraw"), "marks_steps")

    @extend_schema(
        summary="Поставить отметку",
        request=NewMarkSerializer,
        responses={201: MarkSerializer},
        examples=[
            OpenApiExample(
                "отметка",
                {"school": "780001", "number": 5, "kind": "confirmed", "reason": "Список сверен с кадровым учётом"},
                request_only=True,
            )
        ],
    )
    def create(self, request: Request) -> Response:
        """Put one mark."""
        mark = self._put(request.data)
        address = self.reverse_action("detail", args=[mark.pk])
        return Response(MarkSerializer(mark).data, status=201, headers={"Location": address})

    @action(detail=False, methods=["post"])
    def bulk(self, request: Request) -> Response:
        """Put many marks, each by itself."""
        if not isinstance(request.data, list) or not 1 <= len(request.data) <= MOST_MARKS:
            raise serializers.ValidationError(f"Пришлите список от 1 до {MOST_MARKS} отметок.")
        results: list[dict[str, Any]] = []
        for index, item in enumerate(request.data):
            try:
                results.append({"index": index, "id": self._put(item).pk, "error": None})
            except (serializers.ValidationError, Conflict, PermissionDenied) as error:
                results.append({"index": index, "id": None, "error": _sentence(error)})
        return Response({"results": results})

    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: str) -> Response:
        """Take a mark back."""
        mark: StepMark = self.get_object()
        if not services.rules_place(request.user, mark.place):  # type: ignore[arg-type]
            raise PermissionDenied
        try:
            services.withdraw_mark(mark, by=request.user)  # type: ignore[arg-type]
        except StepRefused as refusal:
            raise Conflict(str(refusal)) from refusal
        return Response(MarkSerializer(self.get_queryset().get(pk=mark.pk)).data)

    def _put(self, data: Any) -> StepMark:
        form = NewMarkSerializer(data=data)
        form.is_valid(raise_exception=True)
        wanted = form.validated_data
        place = place_of(self.request.user, wanted)
        if not services.rules_place(self.request.user, place):  # type: ignore[arg-type]
            raise PermissionDenied("Отметки ставит координатор этой территории.")
        facts = {key: wanted[key] for key in ("number", "kind", "reason")}
        try:
            return services.mark_step(place=place, by=self.request.user, **facts)  # type: ignore[arg-type]
        except StepRefused as refusal:
            raise Conflict(str(refusal)) from refusal


def place_of(user: Any, wanted: dict[str, Any]) -> Place:
    """The one place a body names, within the person's sight; raises ValidationError for any other."""
    found: Place | None
    if "school" in wanted:
        found = School.objects.visible_to(user).filter(code=wanted["school"]).first()
    elif "municipality" in wanted:
        found = Municipality.objects.visible_to(user).filter(pk=wanted["municipality"]).first()
    else:
        found = Region.objects.visible_to(user).filter(code=wanted["region"]).first()
    if found is None:
        raise serializers.ValidationError("Такого места нет среди видимых вам. Проверьте код или номер.")
    return found


def _sentence(error: Exception) -> str:
    """One sentence out of a refusal of one item."""
    detail = getattr(error, "detail", None) or str(error)
    if isinstance(detail, dict):
        return "; ".join(f"{name}: {' '.join(map(str, texts))}" for name, texts in detail.items())
    return " ".join(map(str, detail)) if isinstance(detail, list) else str(detail)
