"""What places were called when a revision was counted; a revision counted before names were kept has those of today."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Q

from reports.models import Rating, RatingPlace
from schools.models import Municipality, Region, School
from schools.scope import Level

Called = tuple[str, str]  # code, name
_TODAY: dict[Level, tuple[Any, str, str]] = {
    Level.REGION: (Region, "code", "short_name"),
    Level.MUNICIPALITY: (Municipality, "", "name"),
    Level.SCHOOL: (School, "code", "short_name"),
}


def called(rating: Rating, wanted: Mapping[Level, Iterable[int]]) -> dict[Level, dict[int, Called]]:
    """Codes and names of places by level and id; one query, one more for a level not named whole."""
    ids = {level: set(wanted.get(level, ())) for level in _TODAY}
    found: dict[Level, dict[int, Called]] = {level: {} for level in _TODAY}
    rule = Q()
    for level in (level for level in ids if ids[level]):
        rule |= Q(level=level, place_id__in=ids[level])
    kept = RatingPlace._default_manager.filter(rule, rating=rating) if rule else RatingPlace._default_manager.none()
    for number, pk, code, name in kept.values_list("level", "place_id", "code", "name"):
        found[Level(number)][pk] = (code, name)
    for level in ids:
        if unnamed := ids[level] - found[level].keys():
            found[level] |= _today(level, unnamed)
    return found


def _today(level: Level, ids: set[int]) -> dict[int, Called]:
    model, code, name = _TODAY[level]
    rows = model._default_manager.filter(pk__in=ids).order_by().values_list("pk", code or name, name)
    return {pk: (short if code else "", long) for pk, short, long in rows}
