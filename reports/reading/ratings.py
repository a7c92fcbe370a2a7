"""The page of the rating: which places of which level, in order, with their weeks; and what a new revision changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F, QuerySet
from django.http import QueryDict

from reports.called import called
from reports.charts import scale_of
from reports.indicators import INDICATORS, Indicator
from reports.models import Rating, RatingRow
from reports.peers import Group, Grouping, of_municipality, places_in
from reports.reading import rows as read
from reports.reading.addresses import breakdowns_of, pages_of
from reports.reading.figures import Figure, Row, figure, is_small, shown_share, spark
from reports.reading.homes import sees_municipality, sees_region
from reports.reading.kept import kept
from reports.reading.tables import Page, bounds, page_of
from reports.reading.weeks import HISTORY, Chosen
from schools.models import Municipality, Region, School
from schools.scope import Level, Sight
from schools.texts import unbroken

TITLES = {Level.REGION: "регионов", Level.MUNICIPALITY: "муниципалитетов", Level.SCHOOL: "школ"}
COLUMNS = {Level.REGION: "Регион", Level.MUNICIPALITY: "Муниципалитет", Level.SCHOOL: "Школа"}
LEVELS = {"region": Level.REGION, "municipality": Level.MUNICIPALITY, "school": Level.SCHOOL}


@dataclass(frozen=True, slots=True)
class Listed:
    """One place of the rating."""

    place_id: int
    name: str
    note: str
    url: str
    opens: str
    figure: Figure
    spark: Any
    weeks_here: int
    own: bool
    group_rank: int | None = None


@dataclass(frozen=True, slots=True)
class Filters:
    """What the address asks for, already within what may be seen."""

    level: Level
    indicator: Indicator
    region: Region | None
    municipality: Municipality | None
    okrug: str
    group: tuple[Grouping, Group] | None = None


def levels_for(sight: Sight) -> list[Level]:
    """Levels whose rating a person reads: those at or below the appointment."""
    top = max(sight.level or Level.SCHOOL, Level.REGION)
    return [level for level in LEVELS.values() if level >= top]


def indicators_for(level: Level) -> list[Indicator]:
    """Indicators by which places of a level are ranked."""
    return [indicator for indicator in INDICATORS if level in indicator.ranked_levels]


def selected(rows: "QuerySet[RatingRow]", chosen: Chosen, asked: Filters) -> "QuerySet[RatingRow]":
    """The rows of the rating asked for, best place first, the unranked last."""
    found = rows.filter(rating=chosen.rating, indicator=asked.indicator.number, level=asked.level)
    if asked.level == Level.REGION:
        found = found.filter(region__federal_district=asked.okrug) if asked.okrug else found
    elif asked.region is not None:
        found = found.filter(region=asked.region)
    if asked.level == Level.SCHOOL and asked.municipality is not None:
        found = found.filter(municipality=asked.municipality)
    if asked.group is not None:
        found = found.filter(place_id__in=_alike(asked.level, asked.group[1]))
    return found.order_by(F("rank").asc(nulls_last=True), "place_id")


def _alike(level: Level, group: Group) -> "QuerySet[Any, Any]":
    """Ids of the places of a group, by what is known of them today."""
    if level == Level.MUNICIPALITY:
        return Municipality._default_manager.filter(**of_municipality(group.where)).order_by().values("pk")
    return School._default_manager.filter(**group.where).order_by().values("pk")


def _group_ranks(found: "QuerySet[RatingRow]", asked: Filters) -> dict[int, int]:
    """Places among the rows of the group that the reader sees; one query, none without a group."""
    if asked.group is None:
        return {}
    rows = found.filter(rank__isnull=False).order_by().values_list("place_id", "part", "whole")
    return places_in({pk: part / whole for pk, part, whole in rows if part is not None and whole})


def page(
    found: "QuerySet[RatingRow]", chosen: Chosen, asked: Filters, params: QueryDict, sight: Sight
) -> dict[str, Any]:
    """One page of the rating: its rows with names, twelve weeks and weeks at the place; five queries."""
    total = found.count()
    first, last = bounds(params, total)
    now = [Row(*values) for values in found.values_list(*Row._fields)[first:last]]
    history = chosen.history(HISTORY)
    past = _past(chosen, asked, [row.place_id for row in now])
    lines = read.series(past, history, asked.indicator)
    scale = scale_of(lines.values())
    region = asked.region.pk if asked.region else None
    target = read.targets(chosen.week, region, asked.level)[asked.indicator.number]
    names = _names(asked.level, now, chosen.rating, sight) if chosen.rating else {}
    streaks = _streaks(past, history)
    group_ranks = _group_ranks(found, asked)
    listed = [
        Listed(
            place_id=row.place_id,
            name=unbroken(names[row.place_id][0]),
            note=names[row.place_id][1],
            url=names[row.place_id][2] + (chosen.keep() if names[row.place_id][2] else ""),
            opens=_opens(row, names, asked, chosen),
            figure=figure(row, asked.indicator, target, asked.level),
            spark=spark(lines.get(row.place_id, ()), scale),
            weeks_here=streaks.get(row.place_id, 0),
            own=_own(asked.level, row.place_id, sight),
            group_rank=group_ranks.get(row.place_id),
        )
        for row in now
        if row.place_id in names
    ]
    table: Page[Listed] = page_of(listed, params, total)
    return {
        "table": table,
        "target": target,
        "group_ranked": len(group_ranks),
        "changes": _changes(chosen, asked, now, names),
        "small": sum(is_small(asked.indicator, row.whole) for row in now),
    }


def _past(chosen: Chosen, asked: Filters, ids: list[int]) -> list[Row]:
    """The weeks of the places of a page up to this one, which are kept once they are published."""
    subject = ("rating", int(asked.level), asked.indicator.number, *ids)
    history = chosen.history(HISTORY)
    return kept(chosen, HISTORY, subject, lambda: read.rows_of(asked.level, ids, history, asked.indicator))


def _opens(row: Row, names: Mapping[int, tuple[str, str, str]], asked: Filters, chosen: Chosen) -> str:
    if not names[row.place_id][2]:
        return ""
    return breakdowns_of(asked.level, asked.indicator.key, chosen.keep())(row.place_id)


def _names(level: Level, rows: Sequence[Row], rating: Rating, sight: Sight) -> dict[int, tuple[str, str, str]]:
    """(name, second line, address or "" where the page is not to be opened) of the places, as they were called then."""
    ids = [row.place_id for row in rows]
    if level == Level.REGION:
        regions = Region._default_manager.filter(pk__in=ids)
        return {one.pk: (one.name, "", one.get_absolute_url() if sees_region(sight, one) else "") for one in regions}
    if level == Level.MUNICIPALITY:
        names = called(rating, {level: ids})[level]
        towns = Municipality._default_manager.filter(pk__in=ids)
        return {town.pk: (names[town.pk][1], "", _address(town, sight)) for town in towns}
    found = called(
        rating, {level: ids, Level.MUNICIPALITY: {row.municipality_id for row in rows if row.municipality_id}}
    )
    where = {row.place_id: _where(found[Level.MUNICIPALITY], row.municipality_id) for row in rows}
    address = pages_of(Level.SCHOOL)
    return {pk: (name, where[pk], address(pk)) for pk, (_, name) in found[level].items()}


def _where(towns: Mapping[int, tuple[str, str]], municipality: int | None) -> str:
    return towns[municipality][1] if municipality else "подведомственная региону"


def _address(town: Municipality, sight: Sight) -> str:
    return town.get_absolute_url() if sees_municipality(sight, town.pk, town.region_id) else ""


def _own(level: Level, place_id: int, sight: Sight) -> bool:
    ids = {Level.REGION: sight.region_ids, Level.MUNICIPALITY: sight.municipality_ids, Level.SCHOOL: sight.school_ids}
    return place_id in ids[level]


def _streaks(past: Sequence[Row], history: read.History) -> dict[int, int]:
    """How many weeks running, up to this one, a place has held its rank."""
    ranks = {(row.place_id, row.rating_id): row.rank for row in past}
    newest = [pk for _, pk in reversed(history)]
    streaks = {}
    for place in {row.place_id for row in past}:
        held = ranks.get((place, newest[0] or 0))
        count = 0
        for pk in newest:
            if held is None or pk is None or ranks.get((place, pk)) != held:
                break
            count += 1
        streaks[place] = count
    return streaks


def _changes(
    chosen: Chosen, asked: Filters, now: Sequence[Row], names: Mapping[int, tuple[str, str, str]]
) -> list[dict[str, Any]]:
    """Places of this page whose numbers differ from the revision before; nothing in a first revision."""
    if chosen.rating is None or chosen.rating.revision == 1:
        return []
    earlier = Rating._default_manager.filter(week=chosen.rating.week, revision=chosen.rating.revision - 1).values("pk")
    was = {
        place: (part, whole, rank)
        for place, part, whole, rank in RatingRow._default_manager.filter(
            rating__in=earlier,
            indicator=asked.indicator.number,
            level=asked.level,
            place_id__in=[row.place_id for row in now],
        ).values_list("place_id", "part", "whole", "rank")
    }
    changes = []
    for row in now:
        before = was.get(row.place_id)
        if before is not None and before != (row.part, row.whole, row.rank) and row.place_id in names:
            old = Row(0, row.indicator, row.place_id, None, before[0], before[1])
            changes.append(
                {
                    "name": names[row.place_id][0],
                    "was": figure(old, asked.indicator, None, asked.level),
                    "now": figure(row, asked.indicator, None, asked.level),
                    "rank_was": before[2] if shown_share(asked.indicator, before[0], before[1]) is not None else None,
                }
            )
    return changes
