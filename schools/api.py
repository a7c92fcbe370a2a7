"""REST of regions, municipalities and schools, and the scoped viewset that every resource inherits."""

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar, Generic, TypeVar

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import Model, QuerySet
from django.utils.cache import patch_cache_control, patch_vary_headers
from django_filters import rest_framework as filters
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework.viewsets import ReadOnlyModelViewSet

from schools import codes
from schools.kinds import kind_choices
from schools.models import Municipality, Region, School
from schools.paging import PAGE_PARAMS, KeysetPagination
from schools.rest_tables import TABLE_FORMATS, check_xlsx_size, columns_of, download
from schools.rest_words import WordedFilters, WordedSerializer
from schools.scope import Scoped

M = TypeVar("M", bound=Model)
DIALECT = OpenApiParameter(
    "dialect",
    description="Для csv: excel — «;», десятичная запятая и русские заголовки; comma — «,», точка и имена полей JSON",
    enum=["excel", "comma"],
    default="excel",
)
FORMAT = OpenApiParameter(
    "format", description="json — по страницам; csv и xlsx — весь отбор файлом", enum=["json", "csv", "xlsx"]
)

ONE_VALUE = "Параметр назван несколько раз. Оставьте одно значение."
FILE_OR_AFTER = "Уберите after: файл отдаёт весь отбор с начала."


class IdFilter(filters.Filter):
    """The number of a record; what no database number can be is a mistake, not a fault of ours."""

    field_class = forms.IntegerField

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, min_value=1, max_value=2**63 - 1, **kwargs)


class YesNoField(forms.NullBooleanField):
    """«true» or «false», and nothing else: what cannot be understood must not look like an answer to it."""

    def to_python(self, value: Any) -> bool | None:  # type: ignore[override]
        """None for an empty text; raises ValidationError."""
        text = str(value or "").strip().lower()
        if text and text not in {"true", "false", "1", "0"}:
            raise forms.ValidationError("Впишите true или false.")
        return text in {"true", "1"} if text else None


class YesNoFilter(filters.BooleanFilter):
    """A yes or no; anything else is a mistake."""

    field_class = YesNoField

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, widget=forms.TextInput, **kwargs)


class SinceFilter(filters.IsoDateTimeFilter):
    """From a moment on; moments outside the years 1900–2200 are mistakes."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        bounds = [MinValueValidator(_year(1900), _FAR), MaxValueValidator(_year(2200), _FAR)]
        super().__init__(*args, lookup_expr="gte", validators=bounds, **kwargs)


_FAR = "Впишите момент между 1900 и 2200 годами."


def _year(number: int) -> dt.datetime:
    return dt.datetime(number, 1, 1, tzinfo=dt.UTC)


class StrictSerializer(WordedSerializer):
    """A body whose unknown or read-only fields are mistakes, not silence (threats.md A09)."""

    def to_internal_value(self, data: Any) -> Any:
        """Check the names of fields, then the values."""
        if isinstance(data, Mapping):
            fields = self.fields
            alien = [name for name in data if name not in fields or fields[name].read_only]
            if alien:
                raise ValidationError({str(name)[:60]: ["Такого поля здесь нет, уберите его."] for name in alien[:20]})
        return super().to_internal_value(data)


class StrictQuery(APIView):
    """A view whose unknown query parameters are mistakes: a mistyped filter must not return everything.

    So is one named twice, and a page to begin from where a file is asked for: neither would be heeded.
    """

    query_params: ClassVar[tuple[str, ...]] = ()

    def allowed_params(self) -> set[str]:
        """Names of parameters of the present action."""
        return {"format", "dialect", *self.query_params}

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Check the names of parameters once the person is known."""
        super().initial(request, *args, **kwargs)
        unknown = sorted(set(request.query_params) - self.allowed_params())
        if unknown:
            known = ", ".join(sorted(self.allowed_params()))
            raise ValidationError({name[:60]: [f"Такого параметра нет. Есть: {known}."] for name in unknown[:20]})
        _check_all_is_heeded(request)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        """Keep answers out of shared caches; personal data out of any (threats.md A20, P15)."""
        answer = super().finalize_response(request, response, *args, **kwargs)
        if not answer.has_header("Cache-Control"):
            patch_cache_control(answer, private=True, no_store=True)
        patch_vary_headers(answer, ["Accept", "Authorization", "Cookie"])
        return answer


def _check_all_is_heeded(request: Request) -> None:
    """Refuse parameters that would be passed over in silence; raises ValidationError."""
    repeated = [name for name, texts in request.query_params.lists() if len(texts) > 1]
    if repeated:
        raise ValidationError({name: [ONE_VALUE] for name in repeated})
    if "after" in request.query_params and request.accepted_renderer.format != "json":
        raise ValidationError({"after": [FILE_OR_AFTER]})


class ScopedViewSet(StrictQuery, ReadOnlyModelViewSet[M], Generic[M]):
    """A resource read within the rule of sight: out of sight is 404, as if it did not exist."""

    model: type[Scoped]
    pagination_class = KeysetPagination
    filter_backends = [WordedFilters]
    lookup_value_regex = r"\d{1,18}"
    related: ClassVar[tuple[str, ...]] = ()
    prefetched: ClassVar[tuple[Any, ...]] = ()
    file_name: ClassVar[str] = "list"

    def get_queryset(self) -> QuerySet[M]:
        """What the person may see."""
        visible: QuerySet[M] = self.model.objects.visible_to(self.request.user)
        return visible.select_related(*self.related).prefetch_related(*self.prefetched)

    def allowed_params(self) -> set[str]:
        """Paging and filters for the list, the format alone for one record."""
        names = super().allowed_params()
        if self.detail:
            return names
        return names | set(PAGE_PARAMS) | set(getattr(self.filterset_class, "base_filters", ()))

    filterset_class: type[filters.FilterSet] | None = None

    @extend_schema(parameters=[FORMAT, DIALECT])
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Any:
        """A page of JSON, or everything as a file."""
        if request.accepted_renderer.format not in TABLE_FORMATS:
            return super().list(request, *args, **kwargs)
        found = self.filter_queryset(self.get_queryset()).order_by("pk")
        check_xlsx_size(request, found.count())
        serializer = self.get_serializer()
        return download(request, self.file_name, columns_of(serializer), _records(found, serializer))

    @extend_schema(parameters=[FORMAT])
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """One record."""
        return super().retrieve(request, *args, **kwargs)


def _records(found: QuerySet[Any], serializer: serializers.BaseSerializer[Any]) -> Iterator[Mapping[str, Any]]:
    for instance in found.iterator(chunk_size=1000):
        yield serializer.to_representation(instance)


# Places


class RegionRef(serializers.ModelSerializer[Region]):
    """A region as other records name it."""

    name = serializers.CharField(source="short_name", label="название")

    class Meta:
        model = Region
        fields = ["code", "name"]


class MunicipalityRef(serializers.ModelSerializer[Municipality]):
    """A municipality as other records name it."""

    class Meta:
        model = Municipality
        fields = ["id", "name"]


class SchoolRef(serializers.ModelSerializer[School]):
    """A school as other records name it."""

    name = serializers.CharField(source="short_name", label="название")

    class Meta:
        model = School
        fields = ["id", "code", "name"]


class RegionSerializer(serializers.ModelSerializer[Region]):
    """A region."""

    class Meta:
        model = Region
        fields = ["id", "code", "name", "short_name", "federal_district", "iso_code", "oktmo", "timezone"]


class RegionFilter(filters.FilterSet):
    """Filters of regions."""

    search = filters.CharFilter(method="by_name", label="Слова из названия", max_length=100)

    def by_name(self, found: QuerySet[Region], name: str, text: str) -> QuerySet[Region]:
        """Regions whose name holds every word; 89 names are compared in Python, alike on both engines."""
        words = codes.search_words(text)
        fitting = [
            pk for pk, title in found.values_list("pk", "name") if all(word in codes.fold(title) for word in words)
        ]
        return found.filter(pk__in=fitting)


class RegionViewSet(ScopedViewSet[Region]):
    """Регионы. Адрес — код региона: `/api/v1/regions/78/`."""

    model = Region
    serializer_class = RegionSerializer
    filterset_class = RegionFilter
    lookup_field = "code"
    lookup_value_regex = r"\d{2}"
    file_name = "regions"


class MunicipalitySerializer(serializers.ModelSerializer[Municipality]):
    """A municipality."""

    region = RegionRef(read_only=True, label="Регион")

    class Meta:
        model = Municipality
        fields = ["id", "name", "kind", "region", "oktmo", "opened_on", "closed_on"]


class MunicipalityFilter(filters.FilterSet):
    """Filters of municipalities."""

    region = filters.CharFilter(field_name="region__code", label="Код региона", max_length=2)
    search = filters.CharFilter(method="by_name", label="Слова из названия", max_length=100)

    def by_name(self, found: QuerySet[Municipality], name: str, text: str) -> QuerySet[Municipality]:
        """Municipalities whose name holds every word."""
        for word in codes.search_words(text):
            found = found.filter(name_key__contains=word)
        return found


class MunicipalityViewSet(ScopedViewSet[Municipality]):
    """Муниципалитеты."""

    model = Municipality
    serializer_class = MunicipalitySerializer
    filterset_class = MunicipalityFilter
    related = ("region",)
    file_name = "municipalities"


class SchoolSerializer(serializers.ModelSerializer[School]):
    """A school: facts of the register, no people."""

    region = RegionRef(read_only=True, label="Регион")
    municipality = MunicipalityRef(read_only=True, allow_null=True, label="Муниципалитет")
    parent = SchoolRef(read_only=True, allow_null=True, label="Филиал школы")

    class Meta:
        model = School
        fields = [
            "id",
            "code",
            "short_name",
            "full_name",
            "region",
            "municipality",
            "kind",
            "subordination",
            "inn",
            "kpp",
            "ogrn",
            "oktmo",
            "parent",
            "opened_on",
            "closed_on",
            "excluded_because",
            "address",
            "phone",
            "email",
            "website",
            "declared_teachers",
            "declared_classes",
            "declared_pupils",
            "declared_on",
            "external_id",
            "reconciled_on",
            "reconciled_note",
            "updated_at",
        ]


class SchoolFilter(filters.FilterSet):
    """Filters of schools."""

    region = filters.CharFilter(field_name="region__code", label="Код региона", max_length=2)
    municipality = IdFilter(field_name="municipality_id", label="Номер муниципалитета")
    kind = filters.ChoiceFilter(choices=kind_choices, label="Вид")
    code = filters.CharFilter(label="Код школы", max_length=16)
    open = YesNoFilter(method="by_open", label="true — работает сегодня, false — закрыта или ещё не открыта")
    reconciled = YesNoFilter(
        field_name="reconciled_on", lookup_expr="isnull", exclude=True, label="true — сверена с официальным перечнем"
    )
    search = filters.CharFilter(method="by_text", label="Слова из названия, код, ИНН или ОГРН", max_length=100)
    updated_since = SinceFilter(field_name="updated_at", label="Изменены с этого момента")

    def by_open(self, found: QuerySet[School], name: str, value: bool) -> QuerySet[School]:
        """Schools that work today, or those that do not."""
        working = found.open()  # type: ignore[attr-defined]
        return working if value else found.exclude(pk__in=working.values("pk"))

    def by_text(self, found: QuerySet[School], name: str, text: str) -> QuerySet[School]:
        """Schools by words."""
        return found.search(text)  # type: ignore[attr-defined,no-any-return]


class SchoolViewSet(ScopedViewSet[School]):
    """Школы."""

    model = School
    serializer_class = SchoolSerializer
    filterset_class = SchoolFilter
    related = ("region", "municipality", "parent")
    file_name = "schools"
