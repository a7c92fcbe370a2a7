"""A rating that a region has opened to everybody: published weeks alone, places without their inner pages."""

from dataclasses import replace
from itertools import groupby
from typing import Any

from django.conf import settings
from django.db.models import Case, F, QuerySet, When
from django.http import QueryDict

from reports.indicators import INDICATOR_BY_KEY, MAIN_INDICATOR, Indicator
from reports.models import PublicRating, Rating, RatingRow, RatingState
from reports.reading import ratings as rating_page
from reports.reading.figures import spark
from reports.reading.weeks import KEPT_WEEKS, Chosen
from reports.weeks import IsoWeek
from schools.scope import NOTHING, Level

OVER = "показываем и помечаем: часть и целое — из разных источников"
WHY_HIDDEN = "иначе вычитанием узнали бы о соседней школе, где людей мало"


def opened_by(code: str) -> PublicRating | None:
    """What a region has opened to everybody, by its code: here the region's own word is the rule of sight."""
    return PublicRating._default_manager.select_related("region").filter(region__code=code).first()


def choose(params: QueryDict) -> Chosen | None:
    """The published week asked for by ?week=, the last one by default; None where there is none."""
    published = Rating._default_manager.filter(state=RatingState.PUBLISHED).select_related("rule")
    ratings = tuple(published.order_by("-week")[:KEPT_WEEKS])
    if not ratings:
        return None
    try:
        week = IsoWeek.parse(params.get("week", ""))
    except ValueError:
        week = ratings[0].iso_week
    rating = next((each for each in ratings if each.week == week.number), ratings[0])
    return Chosen(rating.iso_week, rating, ratings)


def asked(opened: PublicRating, params: QueryDict) -> rating_page.Filters:
    """Level and indicator asked for, within what the region has opened."""
    level = rating_page.LEVELS.get(params.get("level", ""), Level.MUNICIPALITY)
    level = level if level in opened.levels else Level.MUNICIPALITY
    indicator = INDICATOR_BY_KEY.get(params.get("indicator", ""), MAIN_INDICATOR)
    if indicator not in rating_page.indicators_for(level):
        indicator = MAIN_INDICATOR
    return rating_page.Filters(level, indicator, opened.region, None, "")


def page(opened: PublicRating, chosen: Chosen, filters: rating_page.Filters, params: QueryDict) -> dict[str, Any]:
    """A page of the region's rows with names and weeks, as those who are signed in read it, but without ways inside."""
    rows = RatingRow._default_manager.filter(level__in=[level.value for level in opened.levels])
    found = rating_page.selected(rows, chosen, filters)
    telling = _telling(found, filters)
    if telling:  # behind all that have a place: where one stands among its neighbours tells its share
        last = Case(When(place_id__in=telling, then=1), default=0)
        found = found.order_by(last, F("rank").asc(nulls_last=True), "place_id")
    context = rating_page.page(found, chosen, filters, params, NOTHING)
    table = context["table"]
    context["table"] = replace(table, rows=[_outside(row, hidden=row.place_id in telling) for row in table.rows])
    context["over"] = _why_over(filters.indicator) if any(row.figure.kind == "over" for row in table.rows) else ""
    return context


def _why_over(indicator: Indicator) -> str:
    """Why a share may be over 100 %, in the words of the passport's limits."""
    return next((limit for limit in indicator.limits if "больше 100 %" in limit), OVER)


def _telling(found: "QuerySet[RatingRow]", filters: rating_page.Filters) -> set[int]:
    """Schools not shown lest the sum of their municipality, less what is shown, tell of fewer than SMALL_NUMBER.

    Beside the small ones the next in size are left out until those left out are people enough together.
    """
    if filters.level != Level.SCHOOL or not filters.indicator.counts_people:
        return set()
    counted = found.filter(whole__gt=0, municipality__isnull=False).order_by("municipality", "whole", "place_id")
    hidden: set[int] = set()
    rows: Any = counted.values_list("municipality", "place_id", "whole")
    for _, group in groupby(rows, key=lambda row: row[0]):
        left_out = 0
        for _, place, whole in group:
            if whole >= settings.SMALL_NUMBER:
                if not 0 < left_out < settings.SMALL_NUMBER:
                    break
                hidden.add(place)
            left_out += whole
    return hidden


def _outside(row: rating_page.Listed, *, hidden: bool) -> rating_page.Listed:
    """A row as anybody reads it: without ways inside; one that would tell of its neighbour, without its number."""
    if not hidden:
        return replace(row, url="", opens="")
    nothing: Any = {"part": None, "whole": None, "share": None, "delta": None, "rank": None, "ranked": None}
    figure = replace(row.figure, **nothing, rank_move=None, text="не показано", kind="few", note=WHY_HIDDEN)
    return replace(row, url="", opens="", figure=figure, spark=spark(()), weeks_here=0)
