"""REST of the ratings: who stands where in a week, as JSON by pages, as CSV or xlsx whole."""

import datetime as dt
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_cache_control
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from reports.api.weeks import NO_RATING, WEEK, WeekViewSet, parse_week
from reports.indicators import INDICATOR_BY_KEY, INDICATORS, MAIN_INDICATOR, Indicator
from reports.models import Rating, RatingRow, RatingState
from reports.rating_list import LEVEL_BY_KEY, Row, after, key_of, ranked_order, read, records
from reports.weeks import IsoWeek
from schools.exports import Sheet
from schools.paging import MAX_PAGE_SIZE, PAGE_SIZE, next_link
from schools.rest_tables import TABLE_FORMATS, Download, ShareField, check_xlsx_size, columns_of, dialect_of, download
from schools.rest_words import WordedSerializer
from schools.scope import Level, sight_of
from schools.texts import week_title

LATEST = "latest"
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
    revision = serializers.IntegerField(
        min_value=1, max_value=32767, required=False, help_text="По умолчанию действующая"
    )
    page_size = serializers.IntegerField(min_value=1, max_value=MAX_PAGE_SIZE, default=PAGE_SIZE)
    after = serializers.RegexField(
        r"^\d{1,5}\.\d{1,18}\.\d{1,10}\.\d{1,18}$", required=False, help_text="Берётся из next"
    )
    dialect = serializers.ChoiceField(choices=["excel", "comma"], default="excel")
    format = serializers.ChoiceField(choices=["json", "csv", "xlsx"], default="json")


@dataclass(frozen=True, slots=True)
class Question:
    """A rating asked for, with its defaults filled in."""

    week: IsoWeek
    rating: Rating
    level: Level
    indicators: tuple[Indicator, ...]
    region: str | None
    municipality: int | None
    page_size: int
    after: str | None

    def rows(self, user: Any) -> "QuerySet[RatingRow]":
        """The rows asked for that the person may see, in the order of the rating."""
        visible: QuerySet[RatingRow] = RatingRow.objects.visible_to(user)
        found = visible.filter(
            rating=self.rating, indicator__in=[each.number for each in self.indicators], level=self.level
        )
        if self.region is not None:
            found = found.filter(region__code=self.region)
        if self.municipality is not None:
            found = found.filter(municipality=self.municipality)
        return ranked_order(found, self.level)

    def totals(self, user: Any) -> "QuerySet[RatingRow]":
        """The rows of the place the rating is built within: the municipality, the region or the country."""
        visible: QuerySet[RatingRow] = RatingRow.objects.visible_to(user)
        found = visible.filter(rating=self.rating, indicator__in=[each.number for each in self.indicators])
        if self.municipality is not None and self.level > Level.MUNICIPALITY:
            return found.filter(level=Level.MUNICIPALITY, place_id=self.municipality).order_by("indicator")
        if self.region is not None and self.level > Level.REGION:
            return found.filter(level=Level.REGION, region__code=self.region).order_by("indicator")
        if self.level > Level.COUNTRY:
            return found.filter(level=Level.COUNTRY).order_by("indicator")
        return found.none()


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
        "published_at": "2026-11-23T05:00:12+03:00",
        "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "totals": [],
        "count": 1,
        "next": None,
        "results": [EXAMPLE_ROW],
    },
    response_only=True,
)


class RatingViewSet(WeekViewSet):
    """Рейтинги по неделям.

    Доли — дроби от 0 до 1. `format=csv` и `format=xlsx` отдают весь отбор файлом. Ответ помечен ETag: повторный
    запрос с `If-None-Match` получает 304, пока рейтинг не пересчитан. Вместо недели можно написать `latest`.
    """

    def allowed_params(self) -> set[str]:
        """One rating is asked for by RatingQuery."""
        return set(RatingQuery().fields) if self.detail else super().allowed_params()

    @extend_schema(
        parameters=[WEEK, RatingQuery], responses=RatingSerializer, examples=[EXAMPLE], summary="Рейтинг недели"
    )
    def retrieve(self, request: Request, week: str) -> Response | HttpResponse | Download:  # type: ignore[override]
        """The rating; 304 is answered before any row is read."""
        question = self._question(request, week)
        etag = _etag(question, request)
        unchanged = get_conditional_response(request._request, etag=etag)
        response = unchanged or self._answer(request, question)
        if response.status_code in {200, 304}:
            response["ETag"] = etag
            patch_cache_control(response, private=True, no_cache=True)
        return response

    def _question(self, request: Request, week: str) -> Question:
        query = RatingQuery(data=request.query_params.dict())
        query.is_valid(raise_exception=True)
        asked = query.validated_data
        rating = self._rating(week, asked.get("revision"))
        highest = sight_of(request.user).level or Level.SCHOOL
        level = LEVEL_BY_KEY[asked["level"]] if "level" in asked else highest
        return Question(
            week=rating.iso_week,
            rating=rating,
            level=level,
            indicators=_indicators(asked.get("indicator", MAIN_INDICATOR.key)),
            region=asked.get("region"),
            municipality=asked.get("municipality"),
            page_size=asked["page_size"],
            after=asked.get("after"),
        )

    def _rating(self, text: str, revision: int | None) -> Rating:
        """The revision asked for, or the one that stands; one query."""
        found = self._ratings()
        if revision is None:
            found = found.current()  # type: ignore[attr-defined]
        else:
            found = found.filter(revision=revision)
        if text == LATEST:
            rating = found.filter(state=RatingState.PUBLISHED).first()
        else:
            rating = found.filter(week=parse_week(text).number).first()
        if rating is None:
            raise NotFound(NO_RATING)
        return rating

    def _answer(self, request: Request, question: Question) -> Response | Download:
        if request.accepted_renderer.format in TABLE_FORMATS:
            return self._file(request, question)
        rows = question.rows(request.user)
        count = rows.count()
        if question.after is not None:
            rows = _after(rows, question)
        page = [Row(*each) for each in rows.values_list(*Row._fields)[: question.page_size + 1]]
        more = len(page) > question.page_size
        page = page[: question.page_size]
        totals = [Row(*each) for each in question.totals(request.user).values_list(*Row._fields)]
        shaped = list(records([*totals, *page], question.rating))
        return Response(
            _head(question)
            | {
                "totals": shaped[: len(totals)],
                "count": count,
                "next": next_link(request, key_of(page[-1])) if more else None,
                "results": shaped[len(totals) :],
            }
        )

    def _file(self, request: Request, question: Question) -> Download:
        dialect_of(request)
        rows = question.rows(request.user)
        check_xlsx_size(request, rows.count())
        name = f"rating-{question.week}-{question.level.name.lower()}"
        found = records(read(rows), question.rating)
        about = Sheet("О показателе", ["Что", "Значение"], _about(question), widths=[28, 100])
        return download(request, name, columns_of(RatingRowSerializer()), found, [about], title="Рейтинг")


def _indicators(key: str) -> tuple[Indicator, ...]:
    return INDICATORS if key == "all" else (INDICATOR_BY_KEY[key],)


def _after(rows: "QuerySet[RatingRow]", question: Question) -> "QuerySet[RatingRow]":
    try:
        return after(rows, question.after or "", question.level)
    except ValueError as error:
        raise ValidationError({"after": ["Возьмите значение из поля next предыдущей страницы."]}) from error


def _head(question: Question) -> dict[str, Any]:
    return {
        "week": str(question.week),
        "starts_on": question.week.monday,
        "ends_on": question.week.sunday,
        "level": question.level.name.lower(),
        "indicators": [f"/api/v1/indicators/{each.key}/" for each in question.indicators],
        "state": question.rating.state,
        "revision": question.rating.revision,
        "published_at": question.rating.published_at,
        "sha256": question.rating.sha256,
    }


def _etag(question: Question, request: Request) -> str:
    """A weak ETag of the revision, which holds the names too, the person's sight and the question."""
    sight = sight_of(request.user)
    rating = question.rating
    facts = (
        (rating.pk, rating.revision, rating.state, rating.sha256, rating.counted_at.isoformat()),
        (sight.country, *map(sorted, (sight.region_ids, sight.municipality_ids, sight.school_ids))),
        sorted(request.query_params.lists()),
        request.accepted_renderer.format,
    )
    return f'W/"{hashlib.sha256(repr(facts).encode()).hexdigest()[:32]}"'


def _about(question: Question) -> Iterator[tuple[str, str | int | dt.datetime | None]]:
    """What the figures are, on the second sheet: week, revision, filters, passports."""
    rating, week = question.rating, question.week
    yield "Неделя", week_title(week.week, week.monday, week.sunday)
    yield "Номер недели", str(week)
    yield "Редакция", rating.revision
    yield "Состояние", rating.get_state_display()
    yield "Опубликована", rating.published_at
    yield "Отпечаток", rating.sha256
    yield "Уровень", question.level.label
    yield "Регион", question.region or "все доступные"
    yield "Муниципалитет", question.municipality or "все доступные"
    yield "Выгружено", timezone.now()
    for key, title in STATES:
        yield f"Состояние {key}", title
    for indicator in question.indicators:
        yield "Показатель", f"{indicator.name} ({indicator.key})"
        yield "Определение", indicator.definition
        yield "Числитель", indicator.part_text
        yield "Знаменатель", indicator.whole_text
        yield "Основание", indicator.act
        yield "Источник", indicator.source
        for limit in indicator.limits:
            yield "Ограничение", limit
