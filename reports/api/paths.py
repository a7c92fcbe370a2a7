"""REST of the shortest path: through which schools, and how many people, a number of a place reaches its target."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import islice
from typing import Any

from drf_spectacular.helpers import forced_singular_serializer
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from reports.api.places import WeekOfPlaceQuery, chosen_of, place_field, row_of, rows_of, subject_named
from reports.api.rating_shape import EXAMPLE_ROW, INDICATOR_CHOICES, PlaceSerializer, RatingRowSerializer
from reports.indicators import INDICATOR_BY_KEY, MAIN_INDICATOR, Indicator
from reports.models import Rating, RatingState
from reports.paths import Stop
from reports.rating_list import LEVEL_KEYS
from reports.reading.breakdowns import Subject
from reports.reading.path_answers import Answer, answer
from reports.reading.weeks import Chosen
from schools.api import StrictQuery
from schools.paging import MAX_PAGE_SIZE, PAGE_SIZE, next_link
from schools.rest_tables import TABLE_FORMATS, Download, ShareField, check_xlsx_size, columns_of, download
from schools.scope import AnyUser, Level, sight_of

CHUNK = 1000
TOO_LONG = ("max_digits", "max_decimal_places", "max_whole_digits", "max_string_length")
FROM_NEXT = {"after": ["Возьмите значение из поля next предыдущей страницы."]}


class PathQuery(WeekOfPlaceQuery):
    """Whose path, of which number, to which share."""

    place = place_field(help_text="country, region.78 (код), municipality.12 или school.15 (номер)")
    indicator = serializers.ChoiceField(
        choices=list(INDICATOR_BY_KEY), default=MAIN_INDICATOR.key, help_text="Ключ показателя"
    )
    target = serializers.DecimalField(
        max_digits=4,
        decimal_places=3,
        min_value=Decimal("0.001"),
        max_value=Decimal(1),
        required=False,
        help_text="Доля от 0 до 1, например 0.85. По умолчанию — цель, которая задана",
        error_messages=dict.fromkeys(("invalid", *TOO_LONG), "Цель — доля от 0 до 1, до трёх знаков: 0.855."),
    )
    page_size = serializers.IntegerField(min_value=1, max_value=MAX_PAGE_SIZE, default=PAGE_SIZE)
    after = serializers.IntegerField(min_value=1, max_value=2**63 - 1, required=False, help_text="Берётся из next")
    dialect = serializers.ChoiceField(choices=["excel", "comma"], default="excel")
    format = serializers.ChoiceField(
        choices=["json", "csv", "xlsx"], default="json", help_text="json — по страницам; csv и xlsx — все остановки"
    )


class StopSerializer(serializers.Serializer[Any]):
    """A place on the way; no people are named."""

    place = PlaceSerializer(label="Место")
    people = serializers.IntegerField(label="Привлечь")
    lack = serializers.IntegerField(label="Не хватает всего")
    numerator = serializers.IntegerField(label="Сейчас в части")
    denominator = serializers.IntegerField(label="Целое")


class GainSerializer(serializers.Serializer[Any]):
    """An indicator of a composite score, by what it gives."""

    indicator = serializers.ChoiceField(choices=INDICATOR_CHOICES, label="показатель")
    lack = serializers.IntegerField(label="не хватает до полной доли")
    take = serializers.IntegerField(label="взять до цели")
    by_one = ShareField(label="доля балла за одного")
    by_all = ShareField(label="доля балла за всех")


class UnmeasuredSerializer(serializers.Serializer[Any]):
    """Places below without data: they are in neither part nor whole."""

    count = serializers.IntegerField(label="сколько")
    rating = serializers.CharField(allow_null=True, label="где они перечислены")


class PathSerializer(serializers.Serializer[Any]):
    """The shortest path: the fewest places, then the fewest people.

    `refusal` says why there is no path; then `need` and what follows from it are null. A composite score is no sum of
    schools: it has `gains` and no stops.
    """

    week = serializers.CharField(label="неделя")
    state = serializers.ChoiceField(choices=RatingState.choices, label="состояние")
    revision = serializers.IntegerField(label="редакция")
    row = RatingRowSerializer(label="Строка рейтинга")
    target = ShareField(allow_null=True, label="цель")
    refusal = serializers.CharField(allow_blank=True, label="почему пути нет")
    need = serializers.IntegerField(allow_null=True, label="не хватает до цели")
    people = serializers.IntegerField(allow_null=True, label="нашлось на пути")
    short = serializers.IntegerField(allow_null=True, label="не нашлось нигде")
    alike = serializers.IntegerField(allow_null=True, label="мест, что заменят последнее")
    share_then = ShareField(allow_null=True, label="какой станет доля")
    rank_then = serializers.IntegerField(allow_null=True, label="каким станет место, если остальные не сдвинутся")
    gains = GainSerializer(many=True, label="что даёт показатель сводного балла")
    unmeasured = UnmeasuredSerializer(label="Не измерены")
    count = serializers.IntegerField(label="остановок")
    next = serializers.CharField(allow_null=True)
    results = StopSerializer(many=True, label="остановки")


EXAMPLE = OpenApiExample(
    "путь региона",
    {
        "week": "2026-W47",
        "state": "published",
        "revision": 1,
        "row": EXAMPLE_ROW,
        "target": 0.9,
        "refusal": "",
        "need": 2,
        "people": 2,
        "short": 0,
        "alike": 0,
        "share_then": 0.9,
        "rank_then": 1,
        "gains": [],
        "unmeasured": {"count": 0, "rating": None},
        "count": 1,
        "next": None,
        "results": [
            {"place": EXAMPLE_ROW["place"], "people": 2, "lack": 6, "numerator": 34, "denominator": 40},
        ],
    },
    response_only=True,
)
ONE_PATH = forced_singular_serializer(PathSerializer)  # an object, not a list of them


class PathViewSet(StrictQuery, ViewSet):
    """Кратчайший путь к цели: наименьшее число школ, затем людей, которые доводят число места до доли.

    Видно то же, что на странице «Кратчайший путь»: людей школы здесь не называют.
    """

    def allowed_params(self) -> set[str]:
        """A path is asked for by PathQuery."""
        return set(PathQuery().fields)

    @extend_schema(
        parameters=[PathQuery], responses={200: ONE_PATH}, examples=[EXAMPLE], summary="Кратчайший путь к цели"
    )
    def list(self, request: Request) -> Response | Download:
        """The path and a page of its stops; a file holds them all."""
        query = PathQuery(data=request.query_params.dict())
        query.is_valid(raise_exception=True)
        asked = query.validated_data
        indicator = INDICATOR_BY_KEY[asked["indicator"]]
        subject = subject_named(request.user, asked["place"])
        chosen = chosen_of(request.user, asked["week"], asked.get("revision"))
        share = float(asked["target"]) if "target" in asked else None
        found = answer(subject, indicator, chosen, share, sight=sight_of(request.user))
        stops = found.way.path.stops if found.way else ()
        if request.accepted_renderer.format in TABLE_FORMATS:
            check_xlsx_size(request, len(stops))
            listed = _all_stops(request.user, found, indicator, chosen)
            return download(request, f"path-{chosen.week}", columns_of(StopSerializer()), listed)
        page = _behind(stops, asked.get("after"))[: asked["page_size"] + 1]
        link = None
        if len(page) > asked["page_size"]:
            page = page[:-1]
            link = next_link(request, str(page[-1].place_id), week=chosen.week, revision=_rating(chosen).revision)
        return Response(
            _head(request.user, found, subject, indicator, chosen)
            | {"count": len(stops), "next": link, "results": _stops(request.user, found, page, indicator, chosen)}
        )


def _rating(chosen: Chosen) -> Rating:
    assert chosen.rating is not None  # places.chosen_of
    return chosen.rating


def _behind(stops: Sequence[Stop], after: int | None) -> Sequence[Stop]:
    """The stops after the one that ended the page before; raises ValidationError for a place that is no stop."""
    if after is None:
        return stops
    places = [stop.place_id for stop in stops]
    if after not in places:
        raise ValidationError(FROM_NEXT)
    return stops[places.index(after) + 1 :]


def _head(user: AnyUser, found: Answer, subject: Subject, indicator: Indicator, chosen: Chosen) -> dict[str, Any]:
    """The path without its stops."""
    rating, path = _rating(chosen), found.way.path if found.way else None
    part, whole = found.shown.part, found.shown.whole
    return {
        "week": str(chosen.week),
        "state": rating.state,
        "revision": rating.revision,
        "row": row_of(user, rating, subject, indicator),
        "target": found.target,
        "refusal": f"{found.refusal[0]}. {found.refusal[1]}" if found.refusal else "",
        "need": path.need if path else None,
        "people": path.people if path else None,
        "short": path.short if path else None,
        "alike": path.alike if path else None,
        "share_then": round(((part or 0) + path.people) / whole, 6) if path and whole else None,
        "rank_then": found.place,
        "gains": [
            {
                "indicator": gain.key,
                "lack": gain.lack,
                "take": gain.take,
                "by_one": round(float(gain.by_one), 6),
                "by_all": round(float(gain.by_all), 6),
            }
            for gain in found.gains
        ],
        "unmeasured": _unmeasured(found, subject, indicator, chosen),
    }


def _unmeasured(found: Answer, subject: Subject, indicator: Indicator, chosen: Chosen) -> dict[str, Any]:
    """How many places below have no data, and the rating that lists them."""
    count = len(found.way.unmeasured) if found.way else 0
    if found.way is None or not count:
        return {"count": count, "rating": None}
    where = f"&region={subject.region.code}" if subject.region else ""
    if subject.level == Level.MUNICIPALITY:
        where += f"&municipality={subject.place_id}"
    query = f"level={LEVEL_KEYS[found.way.level]}{where}&indicator={indicator.key}&state=no_data"
    address = f"/api/v1/ratings/{chosen.week}/?{query}&revision={_rating(chosen).revision}"
    return {"count": count, "rating": address}


def _stops(
    user: AnyUser, found: Answer, stops: Sequence[Stop], indicator: Indicator, chosen: Chosen
) -> list[dict[str, Any]]:
    """Stops with the names of their places; three queries however many."""
    if found.way is None or not stops:
        return []
    rows = rows_of(user, _rating(chosen), indicator, found.way.level, [stop.place_id for stop in stops])
    known = [(stop, rows[stop.place_id]) for stop in stops if stop.place_id in rows]
    return [
        {"people": stop.people, "lack": stop.lack} | {name: row[name] for name in ("place", "numerator", "denominator")}
        for stop, row in known
    ]


def _all_stops(user: AnyUser, found: Answer, indicator: Indicator, chosen: Chosen) -> Iterator[Mapping[str, Any]]:
    stops = iter(found.way.path.stops if found.way else ())
    while chunk := list(islice(stops, CHUNK)):
        yield from _stops(user, found, chunk, indicator, chosen)
