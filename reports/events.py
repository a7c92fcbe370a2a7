"""Events that webhooks tell of: what each says, by the place a webhook is limited to."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse

from reports.models import Rating
from schools.models import Municipality, Region
from schools.webhooks.events import WEEK_PUBLISHED, Event, Place


def week_published(rating: Rating) -> Event:
    """A revision of a week came out: which, its fingerprint, where its rating is."""
    week = str(rating.iso_week)

    def data_for(place: Place | None) -> Mapping[str, Any]:
        facts = {"week": week, "revision": rating.revision, "sha256": rating.sha256}
        return {**facts, "rating": rating_address(week, rating.revision, place)}

    assert rating.published_at is not None
    return Event(WEEK_PUBLISHED, f"{week}:{rating.revision}", rating.published_at, data_for)


def rating_address(week: str, revision: int, place: Place | None) -> str:
    """The address in REST of this very revision: of the places below a place, or of what the reader sees."""
    query: dict[str, Any] = {"revision": revision}
    if isinstance(place, Region):
        query |= {"level": "municipality", "region": place.code}
    elif isinstance(place, Municipality):
        query |= {"level": "school", "region": place.region.code, "municipality": place.pk}
    elif place is not None:
        query |= {"level": "school", "region": place.region.code}
    return f"{settings.PORTAL_URL}{reverse('api-ratings-detail', args=[week])}?{urlencode(query)}"
