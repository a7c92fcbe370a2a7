"""Which revision of a week an address means, found by one query of its own or within another one."""

import datetime
import json
from typing import Any

from django.db.models import Exists, F, JSONField, OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject
from django.utils.dateparse import parse_datetime

from reports.models import Rating, RatingPlace, RatingState
from reports.weeks import IsoWeek

LATEST = "latest"
_FACTS = ("id", "week", "revision", "state", "sha256", "counted_at", "published_at", "feeds")


def wanted(week: str, revision: int | None) -> "QuerySet[Rating]":
    """The revision asked for, or the one that stands; of `latest` those of the newest published week.

    Raises ValueError for a week that does not exist.
    """
    number = newest_week() if week == LATEST else IsoWeek.parse(week).number
    if revision is None:
        return Rating.objects.current().filter(week=number)
    return Rating.objects.filter(week=number, revision=revision)


def newest_week() -> Subquery:
    """The number of the newest published week, for use within another query."""
    published = Rating.objects.filter(state=RatingState.PUBLISHED)
    return Subquery(published.order_by("-week").values("week")[:1])


def brought_along(found: "QuerySet[Rating]") -> Subquery:
    """The first of the revisions as an annotation of some other row."""
    named = Exists(RatingPlace.objects.filter(rating=OuterRef("pk")))
    facts = JSONObject(named=named, **{name: F(name) for name in _FACTS})
    return Subquery(found.values(facts=facts)[:1], output_field=JSONField())


def from_facts(facts: dict[str, Any]) -> Rating:
    """The revision that was brought along; `named` tells whether it keeps the names of its places."""
    moments = {name: _moment(facts[name]) for name in ("counted_at", "published_at")}
    feeds = facts["feeds"]  # SQLite brings it as text
    made = moments | {"feeds": json.loads(feeds) if isinstance(feeds, str) else feeds}
    rating = Rating(**{name: facts[name] for name in _FACTS} | made)
    rating.named = bool(facts["named"])  # type: ignore[attr-defined]
    return rating


def _moment(text: str | None) -> Any:
    """PostgreSQL writes the zone, SQLite writes UTC without one."""
    moment = parse_datetime(text) if text else None
    return moment if moment is None or moment.tzinfo else moment.replace(tzinfo=datetime.UTC)


def first_of(found: "QuerySet[Rating]") -> Rating | None:
    """The first of the revisions, by a query of its own."""
    rating = found.first()
    if rating is not None:
        rating.named = RatingPlace.objects.filter(rating=rating).exists()  # type: ignore[attr-defined]
    return rating
