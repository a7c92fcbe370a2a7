"""REST of the coverage by chats: of schools by case of use, and of the places above them."""

import re
from collections import defaultdict
from typing import Any

from django.db.models import Exists, F, OuterRef, QuerySet, Sum
from django_filters import rest_framework as filters
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from chats.use_cases import USE_CASES
from reports.api.weeks import NO_RATING, parse_week
from reports.models import CaseWeek, Rating, SchoolChats
from reports.rating_list import LEVEL_BY_KEY
from schools.api import FORMAT, IdFilter, MunicipalityRef, RegionRef, ScopedViewSet, YesNoFilter
from schools.models import Municipality, Region, School
from schools.scope import AnyUser, Level, Sight, sight_of

LEVELS = (("country", "страна"), ("region", "регионы"), ("municipality", "муниципалитеты региона"))


class CaseCoverageSerializer(serializers.Serializer[Any]):
    """Chats of one case."""

    use_case = serializers.IntegerField(label="номер кейса")
    expected = serializers.IntegerField(label="должно быть")
    present = serializers.IntegerField(label="есть")


class SchoolCoverageSerializer(serializers.ModelSerializer[School]):
    """A school's chats, all together and by case; a case that the school is not expected to have is left out."""

    name = serializers.CharField(source="short_name", label="название")
    region = RegionRef(read_only=True, label="Регион")
    municipality = MunicipalityRef(read_only=True, allow_null=True, label="Муниципалитет")
    expected = serializers.IntegerField(label="должно быть чатов")
    present = serializers.IntegerField(label="есть чатов")
    cases = CaseCoverageSerializer(many=True, label="по кейсам")

    class Meta:
        model = School
        fields = ["id", "code", "name", "region", "municipality", "expected", "present", "cases"]

    def to_representation(self, instance: School) -> dict[str, Any]:
        """Add the rows up."""
        rows = sorted(instance.chat_coverage.all(), key=lambda row: row.use_case)  # type: ignore[attr-defined]
        found: Any = instance
        found.cases = rows
        found.expected = sum(row.expected for row in rows)
        found.present = sum(row.present for row in rows)
        return super().to_representation(instance)


class SchoolCoverageFilter(filters.FilterSet):
    """Filters of schools by their chats."""

    region = filters.CharFilter(field_name="region__code", label="Код региона", max_length=2)
    municipality = IdFilter(field_name="municipality_id", label="Номер муниципалитета")
    code = filters.CharFilter(label="Код школы", max_length=16)
    use_case = filters.ChoiceFilter(
        choices=[(case.number, case.name) for case in USE_CASES], method="by_case", label="Кейс, к которому lacking"
    )
    lacking = YesNoFilter(method="by_lacking", label="true — не хватает чатов (этого кейса или любого)")

    def by_case(self, found: QuerySet[School], name: str, number: str) -> QuerySet[School]:
        """Schools that are expected to have a chat of a case."""
        return found.filter(Exists(self._rows().filter(use_case=int(number))))

    def by_lacking(self, found: QuerySet[School], name: str, value: bool) -> QuerySet[School]:
        """Schools that lack a chat, or of the case named, or that lack none."""
        rows = self._rows().filter(present__lt=F("expected"))
        number = str(self.data.get("use_case", ""))
        if number.isascii() and number.isdecimal() and len(number) < 4:
            rows = rows.filter(use_case=int(number))
        return found.filter(Exists(rows) if value else ~Exists(rows))

    def _rows(self) -> QuerySet[SchoolChats]:
        return SchoolChats.objects.visible_to(self.request.user).filter(school=OuterRef("pk"))  # type: ignore[no-any-return]


class PlaceCoverageSerializer(serializers.Serializer[Any]):
    """Chats of all schools of a place."""

    region = serializers.CharField(allow_null=True, label="код региона")
    municipality = serializers.IntegerField(allow_null=True, label="номер муниципалитета")
    name = serializers.CharField(label="название")
    expected = serializers.IntegerField(label="должно быть чатов")
    present = serializers.IntegerField(label="есть чатов")
    cases = CaseCoverageSerializer(many=True, label="по кейсам")


class ChatCoverageViewSet(ScopedViewSet[School]):
    """Охват чатами: сколько нужных чатов есть у школы, всего и по кейсам. Считается раз в час и после изменений.

    Адрес одной школы — её номер: `/api/v1/chat-coverage/15/`. По территориям — `/api/v1/chat-coverage/totals/`.
    """

    model = School
    serializer_class = SchoolCoverageSerializer
    filterset_class = SchoolCoverageFilter
    related = ("region", "municipality")
    prefetched = ("chat_coverage",)
    file_name = "chat-coverage"

    def get_queryset(self) -> QuerySet[School]:
        """Schools in sight whose chats are counted."""
        counted = SchoolChats.objects.visible_to(self.request.user).filter(school=OuterRef("pk"))
        return super().get_queryset().filter(Exists(counted))

    def allowed_params(self) -> set[str]:
        """The totals ask by level and region."""
        return {"format", "level", "region", "week"} if self.action == "totals" else super().allowed_params()

    @extend_schema(
        summary="Охват по территориям",
        responses=PlaceCoverageSerializer(many=True),
        filters=False,
        parameters=[
            FORMAT,
            OpenApiParameter("level", str, enum=[key for key, _ in LEVELS], description="Какие территории: region"),
            OpenApiParameter("region", str, description="Код региона; нужен для level=municipality"),
            OpenApiParameter("week", str, description="2026-W47 — как опубликовано за неделю; без неё — как сейчас"),
        ],
    )
    @action(detail=False, methods=["get"], pagination_class=None)
    def totals(self, request: Request) -> Response:
        """Sums by place; a place not all of whose schools are seen is left out."""
        level = request.query_params.get("level", "region")
        if level not in dict(LEVELS):
            raise ValidationError({"level": ["Выберите country, region или municipality."]})
        week = request.query_params.get("week", "")
        rows = _of_week(week, level, request.user) if week else SchoolChats.objects.visible_to(request.user)
        code = request.query_params.get("region", "")
        if code and not re.fullmatch(r"[0-9]{2}", code):
            raise ValidationError({"region": ["Код региона — две цифры, например 78."]})
        if code:
            rows = rows.filter(region__code=code)
        elif level == "municipality":
            raise ValidationError({"region": ["Назовите код региона, муниципалитеты которого нужны."]})
        return Response(PlaceCoverageSerializer(_places(rows, level, request.user), many=True).data)


def _of_week(text: str, level: str, user: AnyUser) -> "QuerySet[CaseWeek]":
    """The rows of a level frozen with the standing revision of a week; 404 for one that is not counted."""
    rating = Rating.objects.visible_to(user).current().filter(week=parse_week(text).number).first()
    if rating is None:
        raise NotFound(NO_RATING)
    return CaseWeek.objects.visible_to(user).filter(rating=rating, level=LEVEL_BY_KEY[level])


def _places(rows: "QuerySet[SchoolChats] | QuerySet[CaseWeek]", level: str, user: AnyUser) -> list[dict[str, Any]]:
    """Sums by place, in three queries at most."""
    keys = {"country": (), "region": ("region_id",), "municipality": ("region_id", "municipality_id")}[level]
    sums: dict[tuple[Any, ...], list[dict[str, int]]] = defaultdict(list)
    found = rows.order_by().values_list(*keys, "use_case").annotate(Sum("expected"), Sum("present"))
    for *place, case, expected, present in found:
        sums[tuple(place)].append({"use_case": case, "expected": expected, "present": present})
    regions = {pk: (code, name) for pk, code, name in Region.objects.visible_to(user).values_list("pk", "code", "name")}
    towns = _towns({place[1] for place in sums if level == "municipality"}, user)
    sight = sight_of(user)
    made = [_place(place, cases, regions, towns) for place, cases in sums.items() if _is_whole(place, sight)]
    return sorted(made, key=lambda place: (place["region"] or "", place["name"]))


def _is_whole(place: tuple[Any, ...], sight: Sight) -> bool:
    """Whether all schools of a place are seen: a sum of some of them is not the place's."""
    if sight.country or (place and place[0] in sight.ids_at(Level.REGION)):
        return True
    return len(place) > 1 and place[1] in sight.ids_at(Level.MUNICIPALITY)


def _towns(ids: set[int | None], user: AnyUser) -> dict[int, str]:
    known = [pk for pk in ids if pk is not None]
    if not known:
        return {}
    return dict(Municipality.objects.visible_to(user).filter(pk__in=known).values_list("pk", "name"))


def _place(
    place: tuple[Any, ...],
    cases: list[dict[str, int]],
    regions: dict[int, tuple[str, str]],
    towns: dict[int, str],
) -> dict[str, Any]:
    code, name = regions.get(place[0], (None, "")) if place else (None, "Россия")
    town = place[1] if len(place) > 1 else None
    if len(place) > 1:
        name = towns.get(town, "") if town else "Подведомственные региону"
    return {
        "region": code,
        "municipality": town,
        "name": name,
        "expected": sum(case["expected"] for case in cases),
        "present": sum(case["present"] for case in cases),
        "cases": sorted(cases, key=lambda case: case["use_case"]),
    }
