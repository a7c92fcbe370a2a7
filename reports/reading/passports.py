"""The passports of the indicators with what the last week measured and the targets set."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import Count, Q

from reports.indicators import COMPOSITE, INDICATOR_BY_KEY, INDICATORS, Indicator, Theme
from reports.models import CompositeRule, Feed, RatingRow, Target, UsageRule
from reports.models.ratings import EVERY_LEVEL
from reports.rating_list import feed_of
from reports.reading.figures import goal_text
from reports.reading.weeks import Chosen
from reports.weeks import IsoWeek
from schools.scope import AnyUser, Level
from schools.texts import counted

FIRST_YEAR = 2000  # the rule of the first migration holds from the beginning of time
EVERYWHERE = "Вся страна"
LEVEL_WORDS = {
    Level.REGION: ("регион", "региона", "регионов"),
    Level.MUNICIPALITY: ("муниципалитет", "муниципалитета", "муниципалитетов"),
    Level.SCHOOL: ("школа", "школы", "школ"),
}


TAKEN = {Feed.OPERATOR: "числа оператора", Feed.OURS: "числа портала: списки школ и выгрузка активности"}


def measured(user: AnyUser, chosen: Chosen, indicator: Indicator | None = None) -> dict[int, dict[int, int]]:
    """Places measured in the week, among those the reader sees: indicator → level → how many; one query."""
    if chosen.rating is None:
        return {}
    numbers = [indicator.number] if indicator else [each.number for each in INDICATORS]
    rows = (
        RatingRow.objects.visible_to(user)
        .filter(rating=chosen.rating, indicator__in=numbers, level__in=[Level.REGION, Level.MUNICIPALITY])
        .values("indicator", "level")
        .annotate(places=Count("place_id", filter=Q(part__isnull=False, whole__gt=0)))
    )
    found: dict[int, dict[int, int]] = {}
    for row in rows:
        found.setdefault(row["indicator"], {})[row["level"]] = row["places"]
    return found


def measured_text(counts: dict[int, int] | None) -> str:
    """«87 регионов, 2 300 муниципалитетов»; empty when nothing was."""
    known = counts or {}
    return ", ".join(counted(known[level], *LEVEL_WORDS[Level(level)]) for level in sorted(known) if known[level])


def targets(user: AnyUser, indicator: Indicator, chosen: Chosen) -> list[dict[str, str]]:
    """Targets for the country and the regions the reader sees, each since when; without a country's, the passport's."""
    seen = Target.objects.visible_to(user) | Target.objects.filter(region=None)
    found = seen.filter(indicator=indicator.number).select_related("region").order_by("region__code", "-starts_week")
    rows = list(found[:200])
    listed = [
        {
            "where": _where(row),
            "value": goal_text(float(row.value)),
            "since": str(IsoWeek.from_number(row.starts_week)),
            "due": str(IsoWeek.from_number(row.due_week)) if row.due_week else "",
        }
        for row in rows
    ]
    everywhere = [row for row in rows if row.region is None and row.level == EVERY_LEVEL]
    if indicator.target is None or any(row.starts_week <= chosen.week.number for row in everywhere):
        return listed
    example = {"where": EVERYWHERE, "value": goal_text(indicator.target), "since": "пока не задана другая", "due": ""}
    return [example, *listed]


def _where(row: Target) -> str:
    """«Россия», «Санкт-Петербург, школы»: the place, and the level where the target is of one only."""
    place = row.region.name if row.region else EVERYWHERE
    return f"{place}, уровень: {row.get_level_display()}" if row.level != EVERY_LEVEL else place


def usage_rule(indicator: Indicator, chosen: Chosen) -> dict[str, Any]:
    """The rule «использует» that the revision shown was counted by, and since when it holds; only for indicator 10."""
    if indicator.part != "uses":
        return {"rule": None, "rule_since": ""}
    rule = chosen.rating.rule if chosen.rating else UsageRule.for_week(chosen.week)
    first = IsoWeek.from_number(rule.starts_week)
    since = "с самого начала" if first.year == FIRST_YEAR else f"с недели {first}"
    return {"rule": rule, "rule_since": since}


def themes_of(user: AnyUser, chosen: Chosen) -> list[tuple[str, list[dict[str, Any]]]]:
    """The list of indicators by theme."""
    counts = measured(user, chosen)
    return [
        (
            theme.value,
            [
                {"indicator": each, "measured": measured_text(counts.get(each.number))}
                for each in INDICATORS
                if each.theme == theme
            ],
        )
        for theme in Theme
    ]


def feed_text(indicator: Indicator, chosen: Chosen) -> str:
    """Whose figures the week's rating took for an indicator that two count; empty where there is no choice."""
    taken = feed_of(indicator, chosen.rating.feeds if chosen.rating else {})
    return TAKEN[Feed(taken)] if taken else ""


def lines(indicator: Indicator) -> Iterator[tuple[str, str]]:
    """The passport on the second sheet of a workbook: what, by what right, from where, and what it does not say."""
    yield "Показатель", f"{indicator.name} ({indicator.key})"
    yield "Определение", indicator.definition
    yield "Числитель", indicator.part_text
    yield "Знаменатель", indicator.whole_text
    yield "Основание", indicator.act
    yield "Источник", indicator.source
    yield "Версия паспорта", f"{indicator.version}, сверена {date.fromisoformat(indicator.reviewed_on):%d.%m.%Y}"
    for limit in indicator.limits:
        yield "Ограничение", limit


def weights_of(indicator: Indicator, chosen: Chosen) -> list[dict[str, Any]]:
    """The weights a week's composite score was made with, heaviest first; none for other indicators."""
    if indicator != COMPOSITE:
        return []
    weights = chosen.rating.weights if chosen.rating else CompositeRule.for_week(chosen.week)
    total = sum(weights.values()) or 1
    return [
        {"indicator": INDICATOR_BY_KEY[key], "weight": weight, "share": weight / total}
        for key, weight in sorted(weights.items(), key=lambda pair: (-pair[1], pair[0]))
        if key in INDICATOR_BY_KEY
    ]
