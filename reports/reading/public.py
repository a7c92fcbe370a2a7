"""A rating that a region has opened to everybody: published weeks alone, places without their inner pages."""

from dataclasses import replace
from typing import Any

from django.http import QueryDict

from reports.indicators import INDICATOR_BY_KEY, MAIN_INDICATOR
from reports.models import PublicRating, Rating, RatingRow, RatingState
from reports.reading import ratings as rating_page
from reports.reading.weeks import KEPT_WEEKS, Chosen
from reports.weeks import IsoWeek
from schools.scope import NOTHING, Level


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
    context = rating_page.page(found, chosen, filters, params, NOTHING)
    table = context["table"]
    context["table"] = replace(table, rows=[replace(row, url="", opens="") for row in table.rows])
    return context
