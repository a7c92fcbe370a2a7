"""REST of the indicators: their passports, and what «использует» means now."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from reports.api.bases import bases_field
from reports.indicators import INDICATOR_BY_KEY, INDICATORS, USE_INDICATOR, Indicator
from reports.models import Feed, IndicatorFeed, UsageRule
from reports.rating_list import LEVEL_KEYS
from reports.weeks import IsoWeek
from schools.api import FORMAT, StrictQuery


class UsageRuleSerializer(serializers.ModelSerializer[UsageRule]):
    """The rule by which a school «использует»."""

    starts_week = serializers.SerializerMethodField(label="действует с недели")

    class Meta:
        model = UsageRule
        fields = [
            "starts_week",
            "administrator_required",
            "filled_share",
            "active_teachers",
            "active_share",
            "active_chats",
            "reason",
        ]

    def get_starts_week(self, rule: UsageRule) -> str:
        """The week written as 2026-W47."""
        return str(IsoWeek.from_number(rule.starts_week))


class IndicatorSerializer(serializers.Serializer[Any]):
    """A passport."""

    key = serializers.CharField(label="ключ")
    number = serializers.IntegerField(label="номер")
    name = serializers.CharField(label="название")
    short_name = serializers.CharField(label="кратко")
    platform = serializers.CharField(label="площадка")
    theme = serializers.CharField(label="раздел")
    base = serializers.CharField(label="на каком уровне измеряют")
    period = serializers.CharField(label="как часто")
    unit = serializers.ListField(child=serializers.CharField(), label="что считаем")
    question = serializers.CharField(label="на какой вопрос отвечает")
    definition = serializers.CharField(label="определение")
    part_text = serializers.CharField(label="числитель")
    whole_text = serializers.CharField(label="знаменатель")
    act = serializers.CharField(label="основание")
    bases = bases_field()
    source = serializers.CharField(label="источник")  # type: ignore[assignment]
    limits = serializers.ListField(child=serializers.CharField(), label="ограничения")
    target = serializers.FloatField(allow_null=True, label="цель")
    alarm = serializers.FloatField(allow_null=True, label="порог тревоги")
    good_is_up = serializers.BooleanField(label="чем больше, тем лучше")
    counts_people = serializers.BooleanField(label="считает людей")
    official = serializers.BooleanField(label="формула опубликована")
    version = serializers.IntegerField(label="версия")
    author = serializers.CharField(label="кто составил")
    checker = serializers.CharField(label="кто проверил")
    reviewed_on = serializers.CharField(label="пересмотрен")
    review_by = serializers.CharField(label="пересмотреть не позже")
    ranked_levels = serializers.ListField(child=serializers.CharField(), label="где есть места")
    feed = serializers.ChoiceField(
        Feed.choices, allow_null=True, label="чьи числа идут в рейтинг сейчас; null там, где выбора нет"
    )
    usage_rule = UsageRuleSerializer(allow_null=True, label="Правило «использует»")


def present_feeds() -> dict[int, str]:
    """Whose figures indicators take in the present week, by number, where they are not the portal's."""
    return IndicatorFeed.for_week(IsoWeek.at(timezone.now()))


def passport(indicator: Indicator, feeds: Mapping[int, str]) -> dict[str, Any]:
    """The passport as a record; the usage rule of the present week stands by the indicator it defines."""
    rule = None
    if indicator == USE_INDICATOR:
        rule = UsageRule.for_week(IsoWeek.at(timezone.now()))
    return asdict(indicator) | {
        "bases": indicator.bases,
        "platform": indicator.platform.key,
        "theme": indicator.theme.value,
        "base": LEVEL_KEYS[indicator.base],
        "period": indicator.period.value,
        "ranked_levels": [LEVEL_KEYS[level] for level in indicator.ranked_levels],
        "feed": feeds.get(indicator.number, Feed.OURS.value) if indicator.operator_part else None,
        "usage_rule": rule,
    }


class IndicatorViewSet(StrictQuery, ViewSet):
    """Показатели: из чего складываются, на чём основаны и чего не говорят."""

    lookup_field = "key"
    lookup_value_regex = "[a-z0-9_]+"

    @extend_schema(responses=IndicatorSerializer(many=True), parameters=[FORMAT], summary="Паспорта показателей")
    def list(self, request: Request) -> Response:
        """All passports."""
        feeds = present_feeds()
        return Response(IndicatorSerializer([passport(each, feeds) for each in INDICATORS], many=True).data)

    @extend_schema(responses=IndicatorSerializer, parameters=[FORMAT], summary="Паспорт показателя")
    def retrieve(self, request: Request, key: str) -> Response:
        """One passport."""
        indicator = INDICATOR_BY_KEY.get(key)
        if indicator is None:
            raise Http404
        return Response(IndicatorSerializer(passport(indicator, present_feeds())).data)
