"""Addresses of many places of one kind: the route is resolved once and each id is put into it."""

from collections.abc import Callable
from functools import lru_cache

from django.urls import reverse

from reports.indicators import Indicator
from reports.reading.weeks import Chosen
from schools.scope import Level

_MARK = 987654321987654321  # stands for the id while the route is resolved
_ROUTES = {Level.MUNICIPALITY: "municipality", Level.SCHOOL: "school"}


@lru_cache(maxsize=64)
def _pieces(name: str, *around: str) -> tuple[str, str]:
    """What stands before and after the id in the address of a route."""
    arguments = [around[0], _MARK, *around[1:]] if around else [_MARK]
    before, after = reverse(name, args=arguments).split(str(_MARK))
    return before, after


def pages_of(level: Level, suffix: str = "") -> Callable[[int], str]:
    """Give the address of a municipality's or a school's page by its id; `suffix` is what keeps the week."""
    before, after = _pieces(_ROUTES[level])
    return lambda pk: f"{before}{pk}{after}{suffix}"


def breakdowns_of(level: Level, key: str, suffix: str = "") -> Callable[[int], str]:
    """Give the address of what an indicator of a place is made of, by the place's id."""
    before, after = _pieces("breakdown", level.name.lower(), key)
    return lambda pk: f"{before}{pk}{after}{suffix}"


def breakdown_url(level: Level, place_id: int, indicator: Indicator, chosen: Chosen) -> str:
    """The address of what a number is made of."""
    return breakdowns_of(level, indicator.key, chosen.keep())(place_id)


def path_url(level: Level, place_id: int, indicator: Indicator, chosen: Chosen) -> str:
    """The address of the shortest path from a number to its target."""
    before, after = _pieces("path", level.name.lower(), indicator.key)
    return f"{before}{place_id}{after}{chosen.keep()}"
