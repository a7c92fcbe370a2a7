"""REST of the ratings: the shape of a rating and of the question for one, with an example."""

from collections.abc import Sequence
from typing import Any

from drf_spectacular.utils import OpenApiExample
from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from reports.indicators import INDICATOR_BY_KEY, INDICATORS, MAIN_INDICATOR
from reports.models import Feed, RatingState
from reports.pulling.questions import ORDERS
from reports.rating_list import LEVEL_BY_KEY
from schools.paging import MAX_PAGE_SIZE, PAGE_SIZE
from schools.rest_tables import Column, ShareField, columns_of
from schools.rest_words import WordedSerializer

LEVEL_CHOICES = [(key, level.label) for key, level in LEVEL_BY_KEY.items()]
INDICATOR_CHOICES = [(each.key, each.short_name) for each in INDICATORS]
STATES = (
    ("ok", "посчитано"),
    ("over_100", "больше 100 %"),
    ("small", "людей мало: без доли и места"),
    ("not_applicable", "показатель сюда не относится"),
    ("no_data", "нет данных: это не ноль"),
)


class PlaceRegionSerializer(serializers.Serializer[Any]):
    """The region of a place."""

    code = serializers.CharField(label="код")
    name = serializers.CharField(label="название")


class PlaceMunicipalitySerializer(serializers.Serializer[Any]):
    """The municipality of a place."""

    id = serializers.IntegerField(label="номер")
    name = serializers.CharField(label="название")


class PlaceSerializer(serializers.Serializer[Any]):
    """Whose figures these are, as on the day of the count."""

    level = serializers.ChoiceField(choices=LEVEL_CHOICES, label="уровень")
    id = serializers.IntegerField(label="номер")
    code = serializers.CharField(allow_null=True, label="код")
    name = serializers.CharField(label="название", allow_blank=True)
    region = PlaceRegionSerializer(allow_null=True, label="регион")
    municipality = PlaceMunicipalitySerializer(allow_null=True, label="муниципалитет")


class MovementSerializer(serializers.Serializer[Any]):
    """Against the week before; a rank's plus is upwards."""

    share_points = serializers.FloatField(allow_null=True, label="доля, п. п.")
    rank = serializers.IntegerField(allow_null=True, label="мест вверх")
    local_rank = serializers.IntegerField(allow_null=True, label="мест вверх в муниципалитете")


class PreviousSerializer(serializers.Serializer[Any]):
    """The week before, as it was published."""

    numerator = serializers.IntegerField(allow_null=True, label="числитель")
    denominator = serializers.IntegerField(allow_null=True, label="знаменатель")
    share = ShareField(allow_null=True, label="доля")
    rank = serializers.IntegerField(allow_null=True, label="место")


class RatingRowSerializer(serializers.Serializer[Any]):
    """A row of the rating."""

    place = PlaceSerializer(label="Территория")
    indicator = serializers.ChoiceField(choices=INDICATOR_CHOICES, label="Показатель")
    state = serializers.ChoiceField(choices=STATES, label="Состояние")
    numerator = serializers.IntegerField(allow_null=True, label="Числитель")
    denominator = serializers.IntegerField(allow_null=True, label="Знаменатель")
    share = ShareField(allow_null=True, label="Доля")
    rank = serializers.IntegerField(allow_null=True, label="Место")
    ranked = serializers.IntegerField(allow_null=True, label="Из скольких")
    local_rank = serializers.IntegerField(allow_null=True, label="Место в муниципалитете")
    local_ranked = serializers.IntegerField(allow_null=True, label="Из скольких в муниципалитете")
    movement = MovementSerializer(label="Изменение за неделю")
    previous = PreviousSerializer(label="Прошлая неделя")
    schools = serializers.IntegerField(label="Школ в счёте")
    missing = serializers.IntegerField(label="Школ без данных")
    revision = serializers.IntegerField(label="Редакция")
    feed = serializers.ChoiceField(
        Feed.choices,
        allow_null=True,
        required=False,
        label="Чьи числа",
        help_text="Чьи числа взяты: портала или оператора; null, где выбора нет. Только по fields=…,feed",
    )


ON_DEMAND = {("feed",)}  # columns that `fields` must name: without it an address answers what it always did


class RatingSerializer(serializers.Serializer[Any]):
    """A rating of a week at one level."""

    week = serializers.CharField()
    starts_on = serializers.DateField()
    ends_on = serializers.DateField()
    level = serializers.ChoiceField(choices=LEVEL_CHOICES)
    indicators = serializers.ListField(child=serializers.CharField(), help_text="Адреса паспортов показателей")
    state = serializers.ChoiceField(choices=RatingState.choices)
    revision = serializers.IntegerField()
    published_at = serializers.DateTimeField(allow_null=True)
    sha256 = serializers.CharField(allow_blank=True)
    totals = RatingRowSerializer(many=True, help_text="Строки территории, внутри которой построен рейтинг")
    count = serializers.IntegerField()
    next = serializers.CharField(allow_null=True)
    results = RatingRowSerializer(many=True)


WHOLE_OR_AFTER = "Уберите after: whole=true отдаёт весь отбор с начала."


class RatingQuery(WordedSerializer):
    """What of a rating is asked for."""

    level = serializers.ChoiceField(
        choices=LEVEL_CHOICES, required=False, help_text="По умолчанию — самый высокий из доступных вам"
    )
    region = serializers.RegexField(
        r"^\d{2}$",
        required=False,
        help_text="Код региона",
        error_messages={"invalid": "Код региона — две цифры, например 78."},
    )
    municipality = serializers.IntegerField(min_value=1, max_value=10**18, required=False, help_text="Номер")
    indicator = serializers.ChoiceField(
        choices=["all", *INDICATOR_BY_KEY],
        required=False,
        help_text=f"Ключ или all. По умолчанию {MAIN_INDICATOR.key}, как на страницах портала",
    )
    state = serializers.ChoiceField(choices=STATES, required=False, help_text="Только строки в этом состоянии")
    rank_from = serializers.IntegerField(min_value=1, max_value=2**31 - 1, required=False, help_text="Места с этого")
    rank_to = serializers.IntegerField(min_value=1, max_value=2**31 - 1, required=False, help_text="Места по это")
    q = serializers.CharField(
        max_length=100, required=False, help_text="Слова из названия, как оно было в эту неделю, или начало кода школы"
    )
    ordering = serializers.ChoiceField(
        choices=[sign + name for name in ORDERS for sign in ("", "-")],
        required=False,
        help_text="По умолчанию — по регионам, внутри по местам. Минус — от большего; без числа — в конце",
    )
    fields_ = serializers.CharField(
        max_length=1000,
        required=False,
        help_text="Поля строки через запятую: place.code,place.name,share,feed. По умолчанию все, кроме feed",
    )
    revision = serializers.IntegerField(
        min_value=1,
        max_value=32767,
        required=False,
        help_text="По умолчанию действующая. С неделей и редакцией адрес постоянен",
    )
    page_size = serializers.IntegerField(min_value=1, max_value=MAX_PAGE_SIZE, default=PAGE_SIZE)
    whole = serializers.BooleanField(
        default=False, help_text="true — весь отбор одним ответом JSON, без страниц: next пуст, results — все строки"
    )
    after = serializers.RegexField(r"^[\w-]{1,1500}$", required=False, help_text="Берётся из next")
    dialect = serializers.ChoiceField(choices=["excel", "comma"], default="excel")
    format = serializers.ChoiceField(
        choices=["json", "jsonl", "csv", "xlsx", "parquet"],
        default="json",
        help_text="json — по страницам, или весь с whole=true; остальные — весь отбор: jsonl — по записи JSON в строке",
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """A whole has no page to begin from."""
        if attrs["whole"] and "after" in attrs:
            raise ValidationError({"whole": [WHOLE_OR_AFTER]})
        return attrs

    def get_fields(self) -> dict[str, Any]:
        """`fields` is a name that the serializer itself needs."""
        return {name.rstrip("_"): field for name, field in super().get_fields().items()}


def columns_asked(text: str) -> Sequence[Column]:
    """The columns of a row that `fields` names, in the order of the row; raises ValidationError for unknown ones."""
    columns = columns_of(RatingRowSerializer())
    if not text:
        return [column for column in columns if column.path not in ON_DEMAND]
    names = {name.strip() for name in text.split(",")}
    known = {".".join(column.path[:length]) for column in columns for length in range(1, len(column.path) + 1)}
    if unknown := names - known:
        first = ", ".join(f"«{name[:40]}»" for name in sorted(unknown)[:5])
        raise ValidationError({"fields": [f"Полей нет: {first}. Есть: {', '.join(sorted(known))}."]})
    return [column for column in columns if any(".".join(column.path[:n]) in names for n in (1, 2, 3))]


EXAMPLE_ROW = {
    "place": {
        "level": "school",
        "id": 1,
        "code": "780001",
        "name": "Школа № 1",
        "region": {"code": "78", "name": "Санкт-Петербург"},
        "municipality": {"id": 1, "name": "Невский район"},
    },
    "indicator": "staff_active",
    "state": "ok",
    "numerator": 34,
    "denominator": 40,
    "share": 0.85,
    "rank": 2,
    "ranked": 58,
    "local_rank": 1,
    "local_ranked": 6,
    "movement": {"share_points": 2.5, "rank": 3, "local_rank": 0},
    "previous": {"numerator": 33, "denominator": 40, "share": 0.825, "rank": 5},
    "schools": 1,
    "missing": 0,
    "revision": 1,
}
EXAMPLE = OpenApiExample(
    "школы региона",
    {
        "week": "2026-W47",
        "starts_on": "2026-11-16",
        "ends_on": "2026-11-22",
        "level": "school",
        "indicators": ["/api/v1/indicators/staff_active/"],
        "state": "published",
        "revision": 1,
        "published_at": "2026-11-23T11:00:12+03:00",
        "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "totals": [],
        "count": 1,
        "next": None,
        "results": [EXAMPLE_ROW],
    },
    response_only=True,
)
