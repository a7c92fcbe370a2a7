"""Numbers of published weeks, read once and kept: they never change, so they are never stale."""

import hashlib
from collections.abc import Callable
from typing import TypeVar

from django.core.cache import cache

from reports.models import RatingState
from reports.reading.weeks import Chosen

TERM = 24 * 3600  # seconds; only to give the memory back
SHAPE = 3  # of what is kept: raise it with any change of it, for the cache outlives an update of the portal
T = TypeVar("T")


def kept(chosen: Chosen, weeks: int, subject: tuple[object, ...], read: Callable[[], T]) -> T:
    """Return what `read` finds in the last `weeks` weeks, from the cache if all of them are published.

    The key names the subject and every revision read with its hash; the caller has already found the subject by the
    rule of sight, and what is kept holds counts only: no names, nothing of the reader (threats.md A20).
    """
    key = _key(chosen, weeks, subject)
    if key is None:
        return read()
    found: T | None = cache.get(key)
    if found is None:
        found = read()
        cache.set(key, found, TERM)
    return found


def _key(chosen: Chosen, weeks: int, subject: tuple[object, ...]) -> str | None:
    """A key for frozen weeks; None where any of them is a draft, which may change under the same id."""
    if chosen.rating is None:
        return None
    ids = {pk for _, pk in chosen.history(weeks) if pk is not None}
    read = [rating for rating in {*chosen.ratings, chosen.rating} if rating.pk in ids]
    if any(rating.state == RatingState.DRAFT for rating in read):
        return None
    names = sorted(f"{rating.pk}:{rating.sha256}" for rating in read)
    return f"reading:{hashlib.sha256(repr((SHAPE, chosen.week.number, weeks, subject, names)).encode()).hexdigest()}"
