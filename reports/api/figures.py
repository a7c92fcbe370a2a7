"""REST of operators' figures of schools or places for a week or a month, taken in whole, and the list of tables."""

import hashlib
from collections.abc import Mapping
from typing import Any, ClassVar, cast

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from reports.models import FigureLoad, FigurePeriod
from reports.operator_figures import OPERATOR_FIGURES
from reports.operator_tables import periods, services
from reports.operator_tables.columns import level_of
from reports.operator_tables.given import About, Given
from reports.operator_tables.plan import Plan
from reports.operator_tables.services import FiguresBusy, FiguresRefused, Origin
from reports.weeks import IsoWeek
from schools.api import RegionRef, ScopedViewSet, StrictSerializer
from schools.models import AccessToken, Region, User
from schools.platforms import PLATFORM_BY_KEY, PLATFORM_BY_NUMBER
from schools.problems import Conflict
from schools.renderers import to_json
from schools.rest import JSONParser
from schools.scope import Level, sight_of

MOST_ROWS = 50_000
MOST_ERRORS = 100
BUSY_SECONDS = 10
_KEYS = {
    platform.key: {f.key for f in OPERATOR_FIGURES if platform in f.platforms} for platform in PLATFORM_BY_KEY.values()
}
_PLACES = {
    "school": "Код школы или её ИНН",
    "municipality": "Вместо школы: название муниципалитета или его ОКТМО; в строках региона не пишут",
    "region": "Вместо школы: код региона или его название; рядом с муниципалитетом — в каком он регионе",
}
_LONGEST = {"school": 64, "municipality": 150, "region": 100}
_FIGURES = sorted({figure.key for figure in OPERATOR_FIGURES})


@extend_schema_field(
    {
        "type": "array",
        "maxItems": MOST_ROWS,
        "items": {
            "type": "object",
            "anyOf": [{"required": [key]} for key in _PLACES],
            "additionalProperties": False,
            "properties": {
                **{
                    key: {"type": "string", "minLength": 1, "maxLength": _LONGEST[key], "description": said}
                    for key, said in _PLACES.items()
                },
                **{
                    figure.key: {"type": "integer", "minimum": 0, "description": figure.name}
                    for figure in OPERATOR_FIGURES
                },
            },
        },
    }
)
class FigureRowsField(serializers.Field[list[Any], Any, Any, Any]):
    """Rows of places, checked by hand: a serializer a row would take a minute for a region."""

    def to_internal_value(self, data: Any) -> list[Any]:
        """List of objects as they came; all mistakes at once, up to 100."""
        if not isinstance(data, list) or not 0 < len(data) <= MOST_ROWS:
            raise ValidationError(f"Здесь нужен непустой список не длиннее {MOST_ROWS} строк.")
        wrong = {}
        level = _level(data[0])
        for index, row in enumerate(data):
            if problem := _problem(row, level):
                wrong[str(index)] = [problem]
                if len(wrong) == MOST_ERRORS:
                    break
        if wrong:
            raise ValidationError(wrong)
        return data

    def to_representation(self, value: Any) -> Any:
        """Never shown."""
        return None


def _level(row: Any) -> Level:
    """Whose a row is; a row that names nobody is taken for a school's, and its mistake is told as such."""
    return (level_of(row) if isinstance(row, Mapping) else None) or Level.SCHOOL


def _problem(row: Any, level: Level) -> str:
    if not isinstance(row, Mapping):
        return "Строка — это объект со школой (или муниципалитетом, регионом) и её числами."
    if wrong := _names(row, level):
        return wrong
    if alien := sorted(set(row) - {*_PLACES, *_FIGURES}):
        return f"Поля «{alien[0][:40]}» здесь нет, уберите его."
    if not all(type(value) is int and value >= 0 for key, value in row.items() if key not in _PLACES):
        return "Числа оператора — целые от нуля."
    return ""


def _names(row: Mapping[str, Any], level: Level) -> str:
    """What is wrong with the place a row names: beside its own level only a municipality's region may be told."""
    named = set(row) & set(_PLACES)
    if not named:
        return "Впишите код школы текстом; если строка не школы — муниципалитет или регион."
    if not all(isinstance(row[key], str) and 0 < len(row[key]) <= _LONGEST[key] for key in named):
        return "Впишите код школы текстом." if level == Level.SCHOOL else "Впишите место текстом: название или код."
    if _level(row) != level or (level == Level.SCHOOL and len(named) > 1):
        return "В одной посылке — строки одного уровня: школ, муниципалитетов или регионов. Пришлите их отдельно."
    return ""


class FigureDeliverySerializer(StrictSerializer):
    """Figures of schools, of municipalities or of regions for a week or for a month."""

    platform = serializers.ChoiceField(choices=sorted(PLATFORM_BY_KEY))
    week = serializers.CharField(required=False, max_length=10, help_text="Неделя: 2026-W47")
    month = serializers.CharField(required=False, max_length=10, help_text="Или месяц: 2026-10")
    region = serializers.CharField(required=False, max_length=2, help_text="Код региона, если у вас их несколько")
    source = serializers.CharField(required=False, max_length=120, help_text="Откуда числа")  # type: ignore[assignment]
    checked = serializers.BooleanField(
        required=False, default=False, help_text="Странные числа (активных больше, чем зарегистрированных) проверены"
    )
    rows = FigureRowsField(
        help_text="Школы и их числа, или муниципалитеты, или регионы; о чём строка молчит, остаётся как было"
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """One period, and figures of the platform named."""
        if ("week" in attrs) == ("month" in attrs):
            raise ValidationError("Напишите одно из двух: week (2026-W47) или month (2026-10).")
        name = "week" if "week" in attrs else "month"
        try:
            week = IsoWeek.parse(attrs["week"]) if name == "week" else periods.week_of_month(attrs["month"])
        except ValueError as error:
            raise ValidationError({name: [str(error)]}) from error
        period = FigurePeriod.WEEK if name == "week" else FigurePeriod.MONTH
        platform = PLATFORM_BY_KEY[attrs["platform"]]
        alien = {
            str(index): [f"Числа «{key}» площадка «{platform.full_name}» не даёт, уберите его."]
            for index, row in enumerate(attrs["rows"])
            for key in sorted(set(row) - set(_PLACES) - _KEYS[platform.key])[:1]
        }
        if alien:
            raise ValidationError({"rows": dict(list(alien.items())[:MOST_ERRORS])})
        return attrs | {"about": About(platform, week, period.value, _level(attrs["rows"][0]))}


class FigureLoadSerializer(serializers.ModelSerializer[FigureLoad]):
    """A table of figures in the journal."""

    week = serializers.SerializerMethodField(label="неделя")
    period = serializers.SerializerMethodField(label="за что")
    platform = serializers.SerializerMethodField(label="площадка")
    level = serializers.SerializerMethodField(label="чьи строки")
    region = RegionRef(read_only=True, allow_null=True, label="Регион")

    class Meta:
        model = FigureLoad
        fields = [
            "id",
            "week",
            "period",
            "platform",
            "level",
            "region",
            "source",
            "stage",
            "schools",
            "loaded_at",
            "applied_at",
        ]

    def get_week(self, load: FigureLoad) -> str:
        """«2026-W47»; of a month the week of its last day."""
        return str(IsoWeek.from_number(load.week))

    def get_period(self, load: FigureLoad) -> str:
        """week or month."""
        return FigurePeriod(load.period).name.lower()

    def get_platform(self, load: FigureLoad) -> str:
        """Key of the platform."""
        return PLATFORM_BY_NUMBER[load.platform].key

    def get_level(self, load: FigureLoad) -> str:
        """school, municipality or region: whose rows the table has, and what `schools` counts."""
        return Level(load.level).name.lower()


class DeliveredSerializer(StrictSerializer):
    """What a delivery did; `load` is null where every figure was there already."""

    load = FigureLoadSerializer(allow_null=True)
    new = serializers.IntegerField(help_text="Новых чисел")
    changed = serializers.IntegerField(help_text="Изменённых")
    same = serializers.IntegerField(help_text="Таких же")


EXAMPLE = OpenApiExample(
    "неделя школы",
    {
        "platform": "myschool",
        "week": "2026-W47",
        "rows": [{"school": "780001", "registered": 1, "teachers": 40, "profiles": 38, "active": 31}],
    },
    request_only=True,
)


EXAMPLE_OF_PLACES = OpenApiExample(
    "месяц муниципалитетов",
    {
        "platform": "myschool",
        "month": "2026-10",
        "rows": [{"municipality": "Невский район", "registered": 45, "teachers": 2100, "active": 1730}],
    },
    request_only=True,
)


class FigureViewSet(ScopedViewSet[FigureLoad]):
    """Числа операторов по школам, муниципалитетам или регионам: таблицы за неделю или за месяц.

    Числа муниципалитетов и регионов — контрольные итоги: они стоят рядом с числами портала и в рейтинг не идут.

    Та же площадка и то же время ещё раз заменяют прежние числа, а не прибавляются к ним. Принимаются либо все строки,
    либо ни одной. Нужен токен с правом присылать активность или вход координатора региона.
    """

    model = FigureLoad
    serializer_class = FigureLoadSerializer
    related = ("region",)
    file_name = "figures"
    parser_classes = [JSONParser]
    http_method_names = ["get", "head", "options", "post"]
    token_flags: ClassVar[dict[str, str]] = {"create": "loads_activity"}

    @extend_schema(
        summary="Прислать числа",
        request=FigureDeliverySerializer,
        responses={200: DeliveredSerializer, 201: DeliveredSerializer},
        examples=[EXAMPLE, EXAMPLE_OF_PLACES],
    )
    def create(self, request: Request) -> Response:
        """Take figures in, whole or not at all; 200 where nothing was new."""
        if not isinstance(request.auth, AccessToken) and not services.may_load(cast(User, request.user)):
            raise PermissionDenied
        form = FigureDeliverySerializer(data=request.data)
        form.is_valid(raise_exception=True)
        asked = form.validated_data
        load, plan = _recorded(request, asked)
        body = DeliveredSerializer({"load": load, **_counts(plan)}).data
        return Response(body, status=201 if load else 200)


def _recorded(request: Request, asked: Mapping[str, Any]) -> tuple[FigureLoad | None, Plan]:
    rows = [_given(number, row, asked["about"].level) for number, row in enumerate(asked["rows"], start=1)]
    origin = Origin(
        _region(request, asked.get("region")),
        asked.get("source") or _source(request),
        cast(User, request.user),
        hashlib.sha256(to_json(request.data)).hexdigest(),
    )
    try:
        return services.record(rows=rows, about=asked["about"], origin=origin, sure=asked["checked"])
    except FiguresBusy as busy:
        raise Conflict(str(busy), retry_after=BUSY_SECONDS) from busy
    except FiguresRefused as refusal:
        raise ValidationError(_mistakes(refusal)) from refusal


def _given(number: int, row: Mapping[str, Any], level: Level) -> Given:
    values = {key: value for key, value in row.items() if key not in _PLACES}
    if level == Level.REGION:
        return Given(number, "", row["region"], values)
    told = row["school"] if level == Level.SCHOOL else row["municipality"]
    is_code = level == Level.SCHOOL or told.isdecimal()
    return Given(number, told if is_code else "", "" if is_code else told, values, row.get("region", ""))


def _region(request: Request, code: str | None) -> Region | None:
    """The region named, or the only one the reader answers for; None is the whole country, of a trusted token."""
    sight = sight_of(request.user)
    mine = Region.objects.visible_to(request.user)
    whole = sight.everything or (sight.country and isinstance(request.auth, AccessToken))
    if not whole:
        mine = mine.filter(pk__in=sight.ids_at(Level.REGION))
    if code is not None:
        try:
            return get_object_or_404(mine, code=code)
        except Http404:
            raise ValidationError({"region": ["Региона с таким кодом нет среди ваших."]}) from None
    if whole:
        return None
    found = list(mine[:2])
    if not found:
        raise PermissionDenied
    if len(found) > 1:
        raise ValidationError({"region": ["У вас несколько регионов: напишите код одного."]})
    return found[0]


def _counts(plan: Plan) -> dict[str, int]:
    return {"new": len(plan.fresh), "changed": len(plan.changed), "same": plan.same}


def _mistakes(refusal: FiguresRefused) -> dict[str, Any]:
    rows: dict[str, list[str]] = {}
    for remark in refusal.remarks[:MOST_ERRORS]:
        rows.setdefault(str(remark.row - 1), []).append(remark.text)
    return {"rows": rows} if rows else {"non_field_errors": [str(refusal)]}


def _source(request: Request) -> str:
    name = request.auth.name if isinstance(request.auth, AccessToken) else ""
    return f"REST, токен «{name}»" if name else "REST"
