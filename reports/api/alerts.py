"""REST of changed figures: where a share has really shifted by a published week, since when and by how much."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django_filters import rest_framework as filters
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import serializers

from reports.alerts import MILLION, WATCHED
from reports.api.rating_shape import LEVEL_CHOICES, PlaceSerializer
from reports.models import ChangeAlert, Direction
from reports.pulling.revisions import LATEST, newest_week
from reports.rating_list import LEVEL_BY_KEY, LEVEL_KEYS
from reports.weeks import IsoWeek
from schools.api import DIALECT, FORMAT, IdFilter, ScopedViewSet
from schools.rest_tables import ShareField
from schools.scope import Level

DIRECTIONS = {"better": Direction.BETTER, "worse": Direction.WORSE}
DIRECTION_CHOICES = [(key, direction.label) for key, direction in DIRECTIONS.items()]
DIRECTION_KEYS = {direction: key for key, direction in DIRECTIONS.items()}
INDICATOR_CHOICES = [(each.key, each.short_name) for each in WATCHED]
DIGITS = 6


class BeforeSerializer(serializers.Serializer[Any]):
    """The last measured working week before the change."""

    week = serializers.CharField(label="неделя")
    numerator = serializers.IntegerField(label="числитель")
    denominator = serializers.IntegerField(label="знаменатель")
    share = ShareField(label="доля")


class ChangeAlertSerializer(serializers.Serializer[ChangeAlert]):
    """A change of a figure."""

    id = serializers.IntegerField(label="Номер")
    week = serializers.CharField(label="Неделя")
    revision = serializers.IntegerField(label="Редакция")
    place = PlaceSerializer(label="Территория")
    indicator = serializers.ChoiceField(choices=INDICATOR_CHOICES, label="Показатель")
    direction = serializers.ChoiceField(choices=DIRECTION_CHOICES, label="Куда")
    since_week = serializers.CharField(label="С недели")
    expected = ShareField(label="Ожидали")
    numerator = serializers.IntegerField(label="Числитель")
    denominator = serializers.IntegerField(label="Знаменатель")
    share = ShareField(label="Доля")
    before = BeforeSerializer(label="До изменения")
    sigmas = serializers.FloatField(label="Накоплено, σ")

    def to_representation(self, instance: ChangeAlert) -> dict[str, Any]:
        """Give the row as a record."""
        return super().to_representation(record(instance))  # type: ignore[arg-type]


def record(alert: ChangeAlert) -> dict[str, Any]:
    """A change with its place and its shares; needs `named` and rating."""
    level, named, town = Level(alert.level), alert.__dict__, alert.municipality_id
    place = {
        "level": LEVEL_KEYS[level],
        "id": alert.place_id,
        "code": named["place_code"] or None,
        "name": "Россия" if level == Level.COUNTRY else named["place_name"] or "",
        "region": {"code": named["region_code"], "name": named["region_name"]} if alert.region_id else None,
        "municipality": {"id": town, "name": named["municipality_name"]} if town else None,
    }
    before = {
        "week": str(alert.iso_before),
        "numerator": alert.part_before,
        "denominator": alert.whole_before,
        "share": round(alert.part_before / alert.whole_before, DIGITS),
    }
    return {
        "id": alert.pk,
        "week": str(alert.rating.iso_week),
        "revision": alert.rating.revision,
        "place": place,
        "indicator": alert.passport.key,
        "direction": DIRECTION_KEYS[Direction(alert.direction)],
        "since_week": str(alert.iso_since),
        "expected": alert.expected / MILLION,
        "numerator": alert.part,
        "denominator": alert.whole,
        "share": round(alert.part / alert.whole, DIGITS),
        "before": before,
        "sigmas": alert.size / 100,
    }


class WeekField(forms.CharField):
    """«2026-W47» or `latest`; anything else is a mistake with the sentence that says how weeks are written."""

    def clean(self, value: Any) -> Any:
        """The week's number, the query for that of the newest published week, or None."""
        text = super().clean(value)
        if text == LATEST:
            return newest_week()
        try:
            return IsoWeek.parse(text).number if text else None
        except ValueError as error:
            why = {"why": str(error)}  # it may have a % of its own
            raise forms.ValidationError("%(why)s", params=why) from error


class WeekFilter(filters.Filter):
    """A week."""

    field_class = WeekField


class ChangeAlertFilter(filters.FilterSet):
    """Filters of changes."""

    week = WeekFilter(
        field_name="rating__week", label="Неделя: 2026-W47 или latest. Без неё — все, в которых искали", max_length=10
    )
    level = filters.ChoiceFilter(choices=LEVEL_CHOICES, method="by_level", label="Уровень")
    indicator = filters.ChoiceFilter(choices=INDICATOR_CHOICES, method="by_indicator", label="Ключ показателя")
    direction = filters.ChoiceFilter(choices=DIRECTION_CHOICES, method="by_direction", label="Куда")
    region = filters.CharFilter(field_name="region__code", label="Код региона", max_length=2)
    municipality = IdFilter(field_name="municipality_id", label="Номер муниципалитета")

    def by_level(self, found: QuerySet[ChangeAlert], name: str, key: str) -> QuerySet[ChangeAlert]:
        """Changes of places of a level."""
        return found.filter(level=LEVEL_BY_KEY[key])

    def by_indicator(self, found: QuerySet[ChangeAlert], name: str, key: str) -> QuerySet[ChangeAlert]:
        """Changes of an indicator."""
        return found.filter(indicator=next(each.number for each in WATCHED if each.key == key))

    def by_direction(self, found: QuerySet[ChangeAlert], name: str, key: str) -> QuerySet[ChangeAlert]:
        """Changes one way."""
        return found.filter(direction=DIRECTIONS[key])


EXAMPLE_ROW = {
    "id": 1,
    "week": "2026-W47",
    "revision": 1,
    "place": {
        "level": "school",
        "id": 15,
        "code": "780001",
        "name": "Школа № 1",
        "region": {"code": "78", "name": "Санкт-Петербург"},
        "municipality": {"id": 12, "name": "Невский район"},
    },
    "indicator": "staff_active",
    "direction": "worse",
    "since_week": "2026-W45",
    "expected": 0.8125,
    "numerator": 11,
    "denominator": 40,
    "share": 0.275,
    "before": {"week": "2026-W44", "numerator": 33, "denominator": 40, "share": 0.825},
    "sigmas": 9.24,
}
EXAMPLE = OpenApiExample("школа, в которой перестали писать", EXAMPLE_ROW, response_only=True)
WEEK = OpenApiParameter(
    "week",
    description="Неделя: 2026-W47, или latest — самая новая опубликованная. Без неё — все, в которых искали",
    examples=[OpenApiExample("неделя", "2026-W47"), OpenApiExample("самая новая", LATEST)],
)


@extend_schema_view(list=extend_schema(parameters=[WEEK, FORMAT, DIALECT], examples=[EXAMPLE]))
class AlertViewSet(ScopedViewSet[ChangeAlert]):
    """Изменения показателей: где доля ушла от ожидаемой дальше, чем бывает случайно, с какой недели и насколько.

    Ищутся после публикации по последней опубликованной неделе; у заменённой редакции их нет. Пороги — наши, они
    описаны на странице `/alerts/`. `sigmas` — накопленное отклонение в обычных разбросах этого места.
    """

    model = ChangeAlert  # type: ignore[assignment]
    serializer_class = ChangeAlertSerializer
    filterset_class = ChangeAlertFilter
    related = ("rating",)
    file_name = "alerts"

    def get_queryset(self) -> QuerySet[ChangeAlert]:
        """Changes in sight, with the names of their places."""
        found: Any = super().get_queryset()
        return found.named()  # type: ignore[no-any-return]
