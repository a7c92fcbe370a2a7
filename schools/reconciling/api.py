"""REST of reconciliations and of the history of schools' cards; the same services as the pages."""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django_filters import rest_framework as filters
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from schools.api import IdFilter, RegionRef, SchoolRef, ScopedViewSet, SinceFilter, StrictSerializer
from schools.models import Reconciliation, SchoolChange
from schools.models.registers import ReconcileStage
from schools.paging import page_size_of
from schools.problems import Conflict
from schools.reconciling import deciding, services
from schools.reconciling.board import Board
from schools.reconciling.compare import FIELD_BY_KEY
from schools.reconciling.deciding import ReconcileRefused
from schools.reconciling.forms import MARKS, filter_from
from schools.reconciling.lines import KINDS, Line
from schools.reconciling.views import regions_of
from schools.rest import JSONParser
from schools.scope import sight_of

MOST_AT_ONCE = 200
KIND_CHOICES = [(kind.key, kind.title) for kind in KINDS]


class ReconciliationSerializer(serializers.ModelSerializer[Reconciliation]):
    """A reconciliation: where it is, how many lines of each kind, how many wait."""

    region = RegionRef(read_only=True, label="Регион")
    file_name = serializers.CharField(source="file.shown_name", read_only=True, label="перечень")
    sha256 = serializers.CharField(source="file.sha256", read_only=True, label="отпечаток файла")
    scope = serializers.SerializerMethodField(label="что в перечне")
    rows = serializers.SerializerMethodField(label="строк")
    open = serializers.SerializerMethodField(label="без решения")
    kinds = serializers.SerializerMethodField(label="строк по видам")
    page = serializers.CharField(source="get_absolute_url", read_only=True, label="страница на портале")

    class Meta:
        model = Reconciliation
        fields = [
            "id", "region", "file_name", "sha256", "scope", "stage", "state", "done_count", "total_count", "error",
            "rows", "open", "kinds", "created_at", "applied_at", "page",
        ]  # fmt: skip
        read_only_fields = fields

    def get_scope(self, one: Reconciliation) -> str:
        """«whole», or «part» for a list that speaks only of the territories it names."""
        return "part" if one.summary.get("partial") else "whole"

    def get_rows(self, one: Reconciliation) -> int | None:
        """Rows of the list; null until it is read."""
        rows: int | None = one.summary.get("rows")
        return rows

    def get_open(self, one: Reconciliation) -> int | None:
        """Lines that wait for a decision, when the list was read or written."""
        count: int | None = one.summary.get("open")
        return count

    def get_kinds(self, one: Reconciliation) -> dict[str, int]:
        """Kind of lines → how many."""
        return dict(one.summary.get("kinds", {}))


class NewReconciliationSerializer(StrictSerializer):
    """An official list to reconcile with."""

    file = serializers.FileField(label="xlsx, xls, ods или csv", allow_empty_file=True)
    region = serializers.CharField(label="код региона", max_length=2)
    scope = serializers.ChoiceField(
        choices=[("whole", "все школы региона"), ("part", "часть территорий")], default="whole", label="что в перечне"
    )


class DiffSerializer(serializers.Serializer[Any]):
    """A field that differs."""

    field = serializers.CharField(label="поле")
    title = serializers.CharField(label="название")
    ours = serializers.CharField(label="у нас", allow_null=True)
    theirs = serializers.CharField(label="в перечне", allow_null=True)


class LineSerializer(serializers.Serializer[Any]):
    """A row of the list, or a school of ours that no row is."""

    line = serializers.CharField(label="строка сверки")
    row = serializers.IntegerField(label="строка файла", allow_null=True)
    kind = serializers.ChoiceField(choices=KIND_CHOICES, label="что это")
    title = serializers.CharField(label="школа")
    territory = serializers.CharField(label="территория")
    school = serializers.IntegerField(label="наша школа", allow_null=True)
    confidence = serializers.CharField(label="уверенность")
    reason = serializers.CharField(label="почему")
    diffs = DiffSerializer(many=True, label="отличия")
    problems = serializers.ListField(child=serializers.CharField(), label="что не так")
    candidates = serializers.ListField(child=serializers.DictField(), label="похожие школы")
    settled = serializers.BooleanField(label="решена")
    decision = serializers.DictField(label="решение", allow_null=True)


class LinesSerializer(serializers.Serializer[Any]):
    """A page of lines."""

    count = serializers.IntegerField(label="всего")
    next = serializers.IntegerField(label="следующая страница", allow_null=True)
    results = LineSerializer(many=True)


class DecisionSerializer(StrictSerializer):
    """What to do with a line; an empty «do» takes a decision back."""

    line = serializers.CharField(max_length=20, label="строка сверки")
    do = serializers.ChoiceField(
        choices=["", "fields", "link", "add", "succeed", "skip", "explain", "close", "merge"], label="что сделать"
    )
    fields = serializers.JSONField(  # type: ignore[assignment]
        required=False, label="поле → take или keep; или одно слово на все поля"
    )
    school = serializers.IntegerField(required=False, min_value=1, max_value=2**31 - 1, label="номер школы")
    schools = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=2**31 - 1), required=False, max_length=20, label="прежние"
    )
    kind = serializers.ChoiceField(choices=["renamed", "merged", "split"], required=False, label="что произошло")
    on = serializers.DateField(required=False, label="с какого дня")
    reason = serializers.CharField(required=False, allow_blank=True, max_length=300, label="причина")

    def validate_fields(self, value: Any) -> Any:
        """One word for all, or a word for each."""
        if value in {"take", "keep"} if isinstance(value, str) else isinstance(value, dict):
            return value
        raise serializers.ValidationError("Впишите take, keep или объект «поле → take или keep».")


class DecidedSerializer(serializers.Serializer[Any]):
    """The outcome of one decision."""

    index = serializers.IntegerField(label="место в списке, с нуля")
    line = serializers.CharField(label="строка сверки", allow_null=True)
    error = serializers.CharField(allow_null=True, label="почему не принято")


class ResultsSerializer(serializers.Serializer[Any]):
    """The outcome of a list."""

    results = DecidedSerializer(many=True)


class ReconciliationFilter(filters.FilterSet):
    """Filters of reconciliations."""

    region = filters.CharFilter(field_name="region__code", label="Код региона", max_length=2)
    stage = filters.ChoiceFilter(choices=ReconcileStage.choices, label="Ход")


ACCEPTED = {202: ReconciliationSerializer}
LINE_PARAMS = {
    "kind": "Вид строк",
    "mark": "Пометка",
    "state": "open, settled или all",
    "q": "Слова из названия",
    "territory": "Территория",
    "page": "Страница, с 1",
    "page_size": "Строк на странице",
}


@extend_schema_view(
    apply=extend_schema(summary="Внести решения", request=None, responses=ACCEPTED),
    discard=extend_schema(summary="Не вносить", request=None, responses=ACCEPTED),
    lines=extend_schema(
        summary="Строки сверки",
        responses={200: LinesSerializer},
        parameters=[OpenApiParameter(name, description=text) for name, text in LINE_PARAMS.items()],
    ),
    decide=extend_schema(
        summary="Решить",
        request=DecisionSerializer(many=True),
        responses={200: ResultsSerializer},
        description="До 200 решений; каждое принимается само по себе, ответ говорит о каждом.",
        examples=[
            OpenApiExample(
                "решения",
                {"line": "r14", "do": "fields", "fields": {"phone": "take", "address": "keep"}, "reason": "переезд"},
                request_only=True,
            )
        ],
    ),
)
class ReconciliationViewSet(ScopedViewSet[Reconciliation]):
    """Сверки реестра школ с официальным перечнем.

    Перечень читается в очереди: отправьте его, спрашивайте `GET /reconciliations/{id}/`, пока `stage` не станет
    `planned`, посмотрите строки, решите и внесите. Токену нужно право сверять реестр.
    """

    model = Reconciliation
    serializer_class = ReconciliationSerializer
    filterset_class = ReconciliationFilter
    related = ("region", "file")
    file_name = "reconciliations"
    http_method_names = ["get", "head", "options", "post"]
    token_flags: ClassVar[dict[str, str]] = dict.fromkeys(("create", "apply", "discard", "decide"), "reconciles")

    def get_queryset(self) -> QuerySet[Reconciliation]:
        """Reconciliations in sight, without their bytes."""
        return super().get_queryset().defer("file__content", "plan_data", "decisions", "mapping")

    def get_parsers(self) -> list[Any]:
        """A file comes as multipart/form-data, decisions as JSON."""
        return [MultiPartParser(), JSONParser()]

    def allowed_params(self) -> set[str]:
        """The filters of lines, where lines are asked for."""
        return super().allowed_params() | (set(LINE_PARAMS) if self.action == "lines" else set())

    @extend_schema(
        summary="Отправить перечень",
        request={"multipart/form-data": NewReconciliationSerializer},
        responses={201: ReconciliationSerializer},
    )
    def create(self, request: Request) -> Response:
        """Take a list in and queue its reading."""
        form = NewReconciliationSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        wanted = form.validated_data
        region = regions_of(request.user).filter(code=wanted["region"]).first()
        if region is None:
            raise serializers.ValidationError({"region": ["Такого региона нет среди ваших. Проверьте код."]})
        made = _asked(
            services.start_reconciliation,
            region=region,
            data=wanted["file"].read(services.LIMITS.max_bytes + 1),
            shown_name=wanted["file"].name,
            partial=wanted["scope"] == "part",
            by=request.user,
        )
        return self._answer(made, 201)

    @action(detail=True, methods=["get"])
    def lines(self, request: Request, pk: str) -> Response:
        """A page of lines under a filter."""
        board = deciding.board_of(self.get_object())
        _check_words(request.query_params)
        found = board.found(filter_from(request.query_params))
        size, page = page_size_of(request), _page(request)
        shown = found[(page - 1) * size : page * size]
        following = page + 1 if page * size < len(found) else None
        return Response({"count": len(found), "next": following, "results": [line_record(board, one) for one in shown]})

    @action(detail=True, methods=["post"])
    def decide(self, request: Request, pk: str) -> Response:
        """Decide about lines, each by itself."""
        found = self._editable()
        if not isinstance(request.data, list) or not 1 <= len(request.data) <= MOST_AT_ONCE:
            raise serializers.ValidationError(f"Пришлите список от 1 до {MOST_AT_ONCE} решений.")
        results = []
        for index, item in enumerate(request.data):
            line = item.get("line") if isinstance(item, Mapping) else None
            results.append({"index": index, "line": line, "error": self._decide(found, item)})
        return Response({"results": results})

    def _decide(self, found: Reconciliation, item: Any) -> str | None:
        """Keep one decision; return why it cannot be kept."""
        form = DecisionSerializer(data=item)
        if not form.is_valid():
            errors = form.errors
            return "; ".join(f"{name}: {' '.join(map(str, texts))}" for name, texts in errors.items())
        values = form.validated_data | {"on": str(form.validated_data.get("on", ""))}
        try:
            deciding.decide(found, items=[values], by=self.request.user)  # type: ignore[arg-type]
        except ReconcileRefused as refusal:
            return str(refusal)
        return None

    @action(detail=True, methods=["post"])
    def apply(self, request: Request, pk: str) -> Response:
        """Confirm the decisions."""
        return self._answer(_asked(services.request_apply, self._editable(), by=request.user), 202)

    @action(detail=True, methods=["post"])
    def discard(self, request: Request, pk: str) -> Response:
        """Put the reconciliation away."""
        return self._answer(_asked(services.discard, self._editable(), by=request.user), 202)

    def _editable(self) -> Reconciliation:
        found: Reconciliation = self.get_object()
        if not Reconciliation.objects.editable_by(self.request.user).filter(pk=found.pk).exists():
            raise PermissionDenied
        return found

    def _answer(self, one: Reconciliation, status: int) -> Response:
        fresh = self.get_queryset().get(pk=one.pk)
        address = self.reverse_action("detail", args=[one.pk])
        return Response(ReconciliationSerializer(fresh).data, status=status, headers={"Location": address})


def line_record(board: Board, line: Line) -> dict[str, Any]:
    """A line as REST gives it."""
    diffs = board.diffs(line).items()
    return {
        "line": line.key,
        "row": line.row or None,
        "kind": line.kind,
        "title": line.title,
        "territory": line.territory,
        "school": board.school_of(line) or None,
        "confidence": line.confidence,
        "reason": line.reason,
        "diffs": [
            {"field": key, "title": FIELD_BY_KEY[key].title, "ours": old, "theirs": new} for key, (old, new) in diffs
        ],
        "problems": [f"{address}: {message}" for address, _, message, _ in line.wrong],
        "candidates": [{"school": pk, "title": title, "reason": reason} for pk, title, reason in line.candidates],
        "settled": board.is_settled(line),
        "decision": board.decisions.get(line.key),
    }


def _check_words(params: Mapping[str, str]) -> None:
    known = {"kind": {kind.key for kind in KINDS}, "mark": set(MARKS), "state": {"open", "settled", "all"}}
    for name, words in known.items():
        if params.get(name) and params[name] not in words:
            raise serializers.ValidationError({name: [f"Бывает: {', '.join(sorted(words))}."]})


def _page(request: Request) -> int:
    text = request.query_params.get("page", "1")
    if not text.isascii() or not text.isdecimal() or not 1 <= int(text[:7]) <= 100_000 or len(text) > 6:
        raise serializers.ValidationError({"page": ["Впишите число от 1."]})
    return int(text)


def _asked(service: Callable[..., Reconciliation], *args: Any, **kwargs: Any) -> Reconciliation:
    """Call a service; its refusal is a 409 with its own sentence."""
    try:
        return service(*args, **kwargs)
    except ReconcileRefused as refusal:
        raise Conflict(str(refusal)) from refusal


# The history of cards


class SchoolChangeSerializer(serializers.ModelSerializer[SchoolChange]):
    """A field of a school's card that changed."""

    school = SchoolRef(read_only=True, label="Школа")
    reconciliation = serializers.IntegerField(
        source="reconciliation_id", read_only=True, allow_null=True, label="сверка"
    )

    class Meta:
        model = SchoolChange
        fields = ["id", "school", "field", "old", "new", "reason", "reconciliation", "changed_at"]
        read_only_fields = fields


class SchoolChangeFilter(filters.FilterSet):
    """Filters of changes."""

    region = filters.CharFilter(field_name="school__region__code", label="Код региона", max_length=2)
    school = IdFilter(field_name="school_id", label="Номер школы")
    reconciliation = IdFilter(field_name="reconciliation_id", label="Номер сверки")
    field = filters.CharFilter(label="Поле", max_length=40)
    updated_since = SinceFilter(field_name="changed_at", label="Изменены с этого момента")


class SchoolChangeViewSet(ScopedViewSet[SchoolChange]):
    """Изменения карточек школ: что было, что стало, почему, по какой сверке."""

    model = SchoolChange
    serializer_class = SchoolChangeSerializer
    filterset_class = SchoolChangeFilter
    related = ("school",)
    file_name = "school-changes"

    def get_queryset(self) -> QuerySet[SchoolChange]:
        """Changes in sight; who is director is not for the country's observer, who sees no people."""
        sight = sight_of(self.request.user)
        found = super().get_queryset()
        named = sight.everything or (sight.sees_people and not sight.country)
        return found if named else found.exclude(field="director_name")
