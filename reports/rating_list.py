"""Rows of a rating as records: shares, ranks, movement and the names of their places, joined by the thousand."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, NamedTuple

from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from reports.called import called
from reports.indicators import INDICATOR_BY_NUMBER, Indicator
from reports.models import Rating, RatingRow
from reports.reading.figures import is_small, shown_share
from schools.scope import Level

UNRANKED = 2**31 - 1  # sorts places without a rank behind those with one
CHUNK = 2000
LEVEL_KEYS = {level: level.name.lower() for level in Level}
LEVEL_BY_KEY = {key: level for level, key in LEVEL_KEYS.items()}


class Row(NamedTuple):
    """The columns read from RatingRow, in this order."""

    indicator: int
    level: int
    place_id: int
    region_id: int | None
    municipality_id: int | None
    part: int | None
    whole: int | None
    schools: int
    missing: int
    rank: int | None
    ranked: int | None
    local_rank: int | None
    local_ranked: int | None
    part_before: int | None
    whole_before: int | None
    rank_before: int | None
    local_rank_before: int | None


class Names(NamedTuple):
    """Names of the places of a chunk of rows."""

    regions: Mapping[int, Mapping[str, Any]]
    municipalities: Mapping[int, Mapping[str, Any]]
    schools: Mapping[int, tuple[str, str]]


def ranked_order(found: "QuerySet[RatingRow]", level: Level) -> "QuerySet[RatingRow]":
    """Rows as the rating lists them: by indicator, within it by region, rank and place; the unranked last."""
    keys = ("indicator", "rank_key", "place_id") if level <= Level.REGION else KEYS
    return found.annotate(rank_key=Coalesce(F("rank"), Value(UNRANKED))).order_by(*keys)


KEYS = ("indicator", "region_id", "rank_key", "place_id")


def key_of(row: Row) -> str:
    """Where a page ended: «1.78.12.3045»; `after` reads it back."""
    return f"{row.indicator}.{row.region_id or 0}.{UNRANKED if row.rank is None else row.rank}.{row.place_id}"


def after(found: "QuerySet[RatingRow]", key: str, level: Level) -> "QuerySet[RatingRow]":
    """Rows behind a key; raises ValueError for a text that is no key."""
    values = [int(part) for part in key.split(".") if part.isascii() and part.isdecimal() and len(part) < 19]
    if len(values) != len(KEYS) or len(values) != key.count(".") + 1:
        raise ValueError(key)
    steps = [
        (name, value) for name, value in zip(KEYS, values, strict=True) if level > Level.REGION or name != "region_id"
    ]
    rule, same = Q(), Q()
    for name, value in steps:
        rule |= same & Q(**{f"{name}__gt": value})
        same &= Q(**{name: value})
    return found.filter(rule)


def read(found: "QuerySet[RatingRow]") -> Iterator[Row]:
    """Read rows without building models, in flat memory."""
    values = found.values_list(*Row._fields).iterator(chunk_size=CHUNK)
    return (Row(*each) for each in values)


def records(rows: Iterable[Row], rating: Rating) -> Iterator[dict[str, Any]]:
    """Turn rows into the records REST gives, by chunks of 2000 with the names their places bore at the count."""
    iterator = iter(rows)
    while chunk := list(islice(iterator, CHUNK)):
        names = _names(chunk, rating)
        for row in chunk:
            yield record(row, names, rating.revision)


def _names(rows: Sequence[Row], rating: Rating) -> Names:
    found = called(
        rating,
        {
            Level.REGION: {row.region_id for row in rows if row.region_id},
            Level.MUNICIPALITY: {row.municipality_id for row in rows if row.municipality_id},
            Level.SCHOOL: {row.place_id for row in rows if row.level == Level.SCHOOL},
        },
    )
    return Names(
        {pk: {"code": code, "name": name} for pk, (code, name) in found[Level.REGION].items()},
        {pk: {"id": pk, "name": name} for pk, (_, name) in found[Level.MUNICIPALITY].items()},
        found[Level.SCHOOL],
    )


def record(row: Row, names: Names, revision: int) -> dict[str, Any]:
    """One row as REST gives it; shares are fractions with six digits, hidden where the people are too few."""
    indicator = INDICATOR_BY_NUMBER[row.indicator]
    share = shown_share(indicator, row.part, row.whole)
    before = shown_share(indicator, row.part_before, row.whole_before)
    rank, rank_before = (row.rank, row.rank_before) if share is not None else (None, None)
    local, local_before = (row.local_rank, row.local_rank_before) if share is not None else (None, None)
    return {
        "place": _place(row, names),
        "indicator": indicator.key,
        "state": state_of(indicator, row.part, row.whole),
        "numerator": row.part,
        "denominator": row.whole,
        "share": _fraction(share),
        "rank": rank,
        "ranked": row.ranked if rank is not None else None,
        "local_rank": local,
        "local_ranked": row.local_ranked if local is not None else None,
        "movement": {
            "share_points": None if share is None or before is None else round((share - before) * 100, 2),
            "rank": None if rank is None or rank_before is None else rank_before - rank,
            "local_rank": None if local is None or local_before is None else local_before - local,
        },
        "previous": {
            "numerator": row.part_before,
            "denominator": row.whole_before,
            "share": _fraction(before),
            "rank": rank_before,
        },
        "schools": row.schools,
        "missing": row.missing,
        "revision": revision,
    }


def _fraction(share: float | None) -> float | None:
    return None if share is None else round(share, 6)


def state_of(indicator: Indicator, part: int | None, whole: int | None) -> str:
    """Why the share is or is not there: ok, over_100, small, not_applicable, no_data."""
    if part is None or whole is None:
        return "no_data"
    if whole == 0:
        return "not_applicable"
    if is_small(indicator, whole):
        return "small"
    return "over_100" if part > whole else "ok"


def _place(row: Row, names: Names) -> dict[str, Any]:
    region = names.regions.get(row.region_id or 0)
    municipality = names.municipalities.get(row.municipality_id or 0)
    code, name = _code_and_name(row, names, region, municipality)
    return {
        "level": LEVEL_KEYS[Level(row.level)],
        "id": row.place_id,
        "code": code,
        "name": name,
        "region": region,
        "municipality": municipality,
    }


def _code_and_name(
    row: Row, names: Names, region: Mapping[str, Any] | None, municipality: Mapping[str, Any] | None
) -> tuple[str | None, str]:
    if row.level == Level.SCHOOL:
        return names.schools.get(row.place_id, (None, ""))
    if row.level == Level.MUNICIPALITY:
        return None, municipality["name"] if municipality else ""
    return (region["code"], region["name"]) if region else (None, "Россия")
