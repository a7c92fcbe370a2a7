"""Rows of a rating as records: shares, ranks, movement and the names of their places, joined by the thousand."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, NamedTuple

from django.db.models import QuerySet

from reports.called import called
from reports.indicators import INDICATOR_BY_NUMBER, Indicator
from reports.models import Feed, Rating, RatingRow
from reports.reading.figures import is_small
from schools.scope import Level

MILLION = 1_000_000
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
            yield record(row, names, rating)


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


def record(row: Row, names: Names, rating: Rating) -> dict[str, Any]:
    """One row as REST gives it; shares are fractions with six digits, hidden where the people are too few."""
    indicator = INDICATOR_BY_NUMBER[row.indicator]
    share = millionths(indicator, row.part, row.whole)
    before = millionths(indicator, row.part_before, row.whole_before)
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
            "share_points": points(share, before),
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
        "revision": rating.revision,
        "feed": feed_of(indicator, rating.feeds),
    }


def feed_of(indicator: Indicator, feeds: Mapping[str, str]) -> str | None:
    """Whose figures a revision took for an indicator, «ours» or «operator»; None where only one counts it."""
    return feeds.get(str(indicator.number), Feed.OURS.value) if indicator.operator_part else None


def millionths(indicator: Indicator, part: int | None, whole: int | None) -> int | None:
    """The share in millionths, half up, where it may be shown: whole numbers, which databases round alike."""
    if part is None or not whole or is_small(indicator, whole):
        return None
    return (part * 2 * MILLION + whole) // (2 * whole)


def points(share: int | None, before: int | None) -> float | None:
    """By how many percentage points the shares shown differ, with two digits."""
    if share is None or before is None:
        return None
    hundredths = (abs(share - before) + 50) // 100
    return (hundredths if share >= before else -hundredths) / 100


def _fraction(share: int | None) -> float | None:
    return None if share is None else share / MILLION


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
