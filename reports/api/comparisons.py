"""REST of comparisons: two weeks of a place, or two places in a week, by every indicator."""

from typing import Any

from drf_spectacular.helpers import forced_singular_serializer
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from reports.api.places import WeekOfPlaceQuery, chosen_of, place_field, place_record, subject_named, week_field
from reports.api.rating_shape import EXAMPLE_ROW, INDICATOR_CHOICES, STATES, PlaceSerializer
from reports.indicators import Indicator
from reports.models import Rating, RatingState
from reports.rating_list import MILLION, millionths, state_of
from reports.reading.breakdowns import Subject
from reports.reading.compare import Compared, Side, compared, place_side, week_side
from reports.reading.compare_files import about, differences
from reports.reading.figures import Figure
from reports.reading.weeks import Chosen
from schools.api import StrictQuery
from schools.rest_tables import TABLE_FORMATS, Download, ShareField, columns_of, download
from schools.scope import AnyUser

OTHER_LEVEL = "Сравнивают два разных места одного уровня: два региона, два муниципалитета или две школы."
ONE_OF_TWO = "Назовите что-то одно: другое место (b) или другую неделю (with)."
OTHER_WEEK = "Назовите другую неделю: место с самим собой в ту же неделю не сравнивают."
NO_WEEK_BEFORE = "Сравнить не с чем: более ранних недель нет. Какие недели есть: /api/v1/weeks/."


class ComparisonQuery(WeekOfPlaceQuery):
    """What is compared with what."""

    a = place_field(help_text="Что сравнивают: country, region.78 (код), municipality.12 или school.15 (номер)")
    b = place_field(required=False, help_text="Другое место того же уровня, в ту же неделю")
    with_ = week_field(required=False, help_text="Другая неделя того же места. По умолчанию — предыдущая подсчитанная")
    dialect = serializers.ChoiceField(choices=["excel", "comma"], default="excel")
    format = serializers.ChoiceField(choices=["json", "csv", "xlsx"], default="json")

    def get_fields(self) -> dict[str, Any]:
        """`with` is a word of Python."""
        return {name.rstrip("_"): field for name, field in super().get_fields().items()}

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Another place, or another week: not both."""
        if "b" in attrs and "with" in attrs:
            raise ValidationError({"with": [ONE_OF_TWO]})
        return attrs


class SideSerializer(serializers.Serializer[Any]):
    """Whose numbers, of which week and revision."""

    place = PlaceSerializer(label="место")
    week = serializers.CharField(label="неделя")
    state = serializers.ChoiceField(choices=RatingState.choices, label="состояние")
    revision = serializers.IntegerField(label="редакция")


class ValueSerializer(serializers.Serializer[Any]):
    """A number of one side."""

    state = serializers.ChoiceField(choices=STATES, label="состояние")
    numerator = serializers.IntegerField(allow_null=True, label="числитель")
    denominator = serializers.IntegerField(allow_null=True, label="знаменатель")
    share = ShareField(allow_null=True, label="доля")


class ComparedSerializer(serializers.Serializer[Any]):
    """An indicator on both sides; the difference is `now` minus `before`, the two parts add up to it."""

    indicator = serializers.ChoiceField(choices=INDICATOR_CHOICES, label="Показатель")
    before = ValueSerializer(label="С чем")
    now = ValueSerializer(label="Что")
    share_points = serializers.FloatField(allow_null=True, label="Разница, п. п.")
    by_numerator = serializers.FloatField(allow_null=True, label="От числителя, п. п.")
    by_denominator = serializers.FloatField(allow_null=True, label="От знаменателя, п. п.")


class ComparisonSerializer(serializers.Serializer[Any]):
    """A comparison; indicators are few, so there are no pages."""

    before = SideSerializer(label="с чем сравнивают")
    now = SideSerializer(label="что сравнивают")
    count = serializers.IntegerField()
    next = serializers.CharField(allow_null=True)
    results = ComparedSerializer(many=True)


EXAMPLE = OpenApiExample(
    "школа против прошлой недели",
    {
        "before": {"place": EXAMPLE_ROW["place"], "week": "2026-W46", "state": "published", "revision": 1},
        "now": {"place": EXAMPLE_ROW["place"], "week": "2026-W47", "state": "published", "revision": 1},
        "count": 1,
        "next": None,
        "results": [
            {
                "indicator": "staff_active",
                "before": {"state": "ok", "numerator": 33, "denominator": 40, "share": 0.825},
                "now": {"state": "ok", "numerator": 34, "denominator": 40, "share": 0.85},
                "share_points": 2.5,
                "by_numerator": 2.5,
                "by_denominator": 0.0,
            }
        ],
    },
    response_only=True,
)
ONE_COMPARISON = forced_singular_serializer(ComparisonSerializer)  # an object, not a list of them


class ComparisonViewSet(StrictQuery, ViewSet):
    """Сравнение двух недель места или двух мест одной недели по всем показателям.

    `?a=region.78&with=2026-W40` — регион против своей недели, `?a=school.12&b=school.15` — две школы.
    """

    def allowed_params(self) -> set[str]:
        """A comparison is asked for by ComparisonQuery."""
        return set(ComparisonQuery().fields)

    @extend_schema(
        parameters=[ComparisonQuery],
        responses={200: ONE_COMPARISON},
        examples=[EXAMPLE],
        summary="Две недели или два места рядом",
    )
    def list(self, request: Request) -> Response | Download:
        """Every indicator that both sides have."""
        query = ComparisonQuery(data=request.query_params.dict())
        query.is_valid(raise_exception=True)
        asked = query.validated_data
        subject = subject_named(request.user, asked["a"])
        chosen = chosen_of(request.user, asked["week"], asked.get("revision"))
        before, now = _sides(request.user, subject, chosen, asked)
        rows = compared(before, now, chosen)
        results = [_record(row) for row in rows]
        if request.accepted_renderer.format in TABLE_FORMATS:
            sheet = about(before, now, rows)
            return download(request, f"compare-{chosen.week}", columns_of(ComparedSerializer()), results, [sheet])
        heads = {"before": _head(before), "now": _head(now)}
        return Response(heads | {"count": len(results), "next": None, "results": results})


def _sides(user: AnyUser, subject: Subject, chosen: Chosen, asked: dict[str, Any]) -> tuple[Side, Side]:
    """(with what, what): another place in the same week, or the place in another week."""
    if "b" in asked:
        other = subject_named(user, asked["b"])
        if other.level != subject.level or other.place_id == subject.place_id:
            raise ValidationError({"b": [OTHER_LEVEL]})
        return place_side(other, chosen), place_side(subject, chosen)
    return week_side(subject, _other_week(user, chosen, asked.get("with"))), week_side(subject, _rating(chosen))


def _other_week(user: AnyUser, chosen: Chosen, week: str | None) -> Rating:
    """The revision of the week asked for, by default of the one before that is counted."""
    if week is None:
        earlier = Rating.objects.visible_to(user).current().filter(week__lt=chosen.week.number)
        found = earlier.order_by("-week").first()
        if found is None:
            raise NotFound(NO_WEEK_BEFORE)
        return found
    rating = _rating(chosen_of(user, week, None, field="with"))
    if rating.week == chosen.week.number:
        raise ValidationError({"with": [OTHER_WEEK]})
    return rating


def _rating(chosen: Chosen) -> Rating:
    assert chosen.rating is not None  # places.chosen_of
    return chosen.rating


def _head(side: Side) -> dict[str, Any]:
    assert side.rating is not None  # both weeks are counted
    place = place_record(side.rating, side.subject)
    return {
        "place": place,
        "week": str(side.week),
        "state": side.rating.state,
        "revision": side.rating.revision,
    }


def _record(row: Compared) -> dict[str, Any]:
    difference, by_numerator, by_denominator = differences(row)
    return {
        "indicator": row.indicator.key,
        "before": _value(row.indicator, row.before),
        "now": _value(row.indicator, row.now),
        "share_points": difference,
        "by_numerator": by_numerator,
        "by_denominator": by_denominator,
    }


def _value(indicator: Indicator, figure: Figure) -> dict[str, Any]:
    share = millionths(indicator, figure.part, figure.whole)
    return {
        "state": state_of(indicator, figure.part, figure.whole),
        "numerator": figure.part,
        "denominator": figure.whole,
        "share": None if share is None else share / MILLION,
    }
