"""Counted weeks for tests of pages: wide rows given as numbers, shares and ranks by the product's own statements."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from reports.counting.rows import insert_place_rows, insert_school_rows
from reports.models import Rating, RatingState, SchoolWeek, UsageRule
from reports.weeks import IsoWeek
from schools.models import School
from schools.platforms import PLATFORMS

USUAL = {
    "declared_teachers": 40,
    "staff": 44,
    "teachers": 40,
    "names_in_order": 43,
    "profiles": 38,
    "confirmed": 36,
    "active": 32,
    "active_all": 34,
    "classes": 20,
    "classes_with_chat": 20,
    "chats": 30,
    "active_chats": 12,
    "administrators": 1,
    "registered": 1,
    "filled": 1,
    "uses": 1,
}
MakeWeek = Callable[..., Rating]


def make_week(
    numbers: Mapping[School, Mapping[str, Any]],
    week: str = "2026-W46",
    state: str = RatingState.PUBLISHED,
    revision: int = 1,
) -> Rating:
    """Save a revision of a week in which every school named has its numbers (the usual ones where none are given)."""
    iso = IsoWeek.parse(week)
    before = Rating.objects.filter(week=iso.shift(-1).number, state=RatingState.PUBLISHED).first()
    rating = Rating.objects.create(
        week=iso.number,
        revision=revision,
        state=state,
        rule=UsageRule.for_week(iso),
        reason="поправлена выгрузка" if revision > 1 else "",
        counted_at=timezone.now(),
        published_at=None if state == RatingState.DRAFT else timezone.now(),
        sha256="" if state == RatingState.DRAFT else "9f3c" + "0" * 56 + "a71e",
    )
    SchoolWeek.objects.bulk_create(
        SchoolWeek(
            rating=rating,
            platform=platform.number,
            school=school,
            municipality_id=school.municipality_id,
            region_id=school.region_id,
            **{**USUAL, **given},
        )
        for school, given in numbers.items()
        for platform in PLATFORMS
    )
    with connection.cursor() as cursor:
        for statement in (insert_school_rows, insert_place_rows):
            cursor.execute(
                statement(settings.SMALL_NUMBER), {"rating": rating.pk, "before": before.pk if before else None}
            )
    return rating


@pytest.fixture
def weeks_made() -> MakeWeek:
    """Give the maker of counted weeks."""
    return make_week
