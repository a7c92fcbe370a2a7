"""The page of the country: the tile map, the rating beside it, the eight federal districts."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from reports.charts import scale_of
from reports.indicators import Indicator
from reports.reading import rows as read
from reports.reading.addresses import breakdown_url
from reports.reading.figures import Figure, Row, figure, shown_share, spark
from reports.reading.kept import kept
from reports.reading.weeks import HISTORY, Chosen
from reports.tiles import map_legend, map_tiles
from schools.models import Municipality, Region
from schools.scope import Level, Sight
from schools.texts import counted

TOP, AROUND, BOTTOM = 10, 3, 5


@dataclass(frozen=True, slots=True)
class Place:
    """A region in the rating beside the map."""

    region: Region
    url: str
    figure: Figure
    spark: Any
    own: bool
    gap_before: bool = False


@dataclass(frozen=True, slots=True)
class District:
    """A federal district: Σ over its regions."""

    name: str
    figure: Figure
    spark: Any


def page(chosen: Chosen, indicator: Indicator, sight: Sight) -> dict[str, Any]:
    """Everything templates/reports/country.html shows beside the header; four queries, two of them kept."""
    context: dict[str, Any] = {"indicator": indicator, "empty": chosen.rating is None}
    if chosen.rating is None:
        return context
    history = chosen.history(HISTORY)
    regions = list(Region._default_manager.order_by("code"))
    rows, whole = kept(chosen, HISTORY, ("country", indicator.number), lambda: _rows(history, indicator))
    goals = read.Goals(chosen.week)
    target, own_target = (goals.shares(level)[indicator.number] for level in (Level.REGION, Level.COUNTRY))
    now, lines = read.of_rating(rows, chosen.rating.pk), read.series(rows, history, indicator)
    figures = {region.pk: figure(now.get(region.pk), indicator, target, Level.REGION) for region in regions}
    country = figure(read.of_rating(whole, chosen.rating.pk).get(read.COUNTRY_ID), indicator, own_target, Level.COUNTRY)
    addresses = {region.pk: _address(region, sight, chosen, indicator) for region in regions}
    tiles = map_tiles(
        [(region.code, region.name, figures[region.pk].share, addresses[region.pk]) for region in regions],
        target if target is not None else 1.0,
    )
    own = next((region for region in regions if region.pk in sight.region_ids), None)
    scale = scale_of(lines.values())
    places = [
        Place(
            region=region,
            url=addresses[region.pk],
            figure=figures[region.pk],
            spark=spark(lines.get(region.pk, ()), scale),
            own=region.pk in sight.region_ids,
        )
        for region in regions
    ]
    in_order = sorted(places, key=lambda place: (place.figure.rank is None, place.figure.rank or 0, place.region.code))
    ranked = [place for place in in_order if place.figure.rank]
    measured = [place for place in places if place.figure.share is not None]
    return context | {
        "country": country,
        "country_url": breakdown_url(Level.COUNTRY, read.COUNTRY_ID, indicator, chosen),
        "tiles": tiles,
        "legend_bars": map_legend(tiles, target if target is not None else 1.0),
        "own": own,
        "title": _map_title(measured, target),
        "rating": _excerpt(ranked),
        "ranked": len(ranked),
        "unmeasured": len(places) - len(measured),
        "above": sum(place.figure.reached for place in places),
        "measured": len(measured),
        "all_places": in_order,
        "districts": _districts(regions, rows, history, indicator, target, chosen.rating.pk),
        "summary": _summary(now, regions),
    }


def _rows(history: read.History, indicator: Indicator) -> tuple[list[Row], list[Row]]:
    """The weeks of the regions, and those of the country."""
    regions = read.level_rows(Level.REGION, history, indicator)
    return regions, read.rows_of(Level.COUNTRY, [read.COUNTRY_ID], history, indicator)


def _address(region: Region, sight: Sight, chosen: Chosen, indicator: Indicator) -> str:
    """The region's page where it may be opened, else its row in the rating."""
    if sight.country or region.pk in sight.region_ids:
        return region.get_absolute_url() + chosen.keep(indicator=indicator.key)
    return f"{reverse('ratings')}{chosen.keep(level='region', indicator=indicator.key)}#place-{region.pk}"


def _map_title(measured: list[Place], target: float | None) -> str:
    """«Дальше всех от цели — Ингушетия, Чукотка и Тыва»; a plain noun when every region is there."""
    far = sorted((place for place in measured if place.figure.gap), key=lambda place: place.figure.share or 0)[:3]
    if target is None or not far:
        return "Регионы"
    names = [place.region.short_name for place in far]
    return f"Дальше всех от цели — {' и '.join([', '.join(names[:-1]), names[-1]] if len(names) > 1 else names)}"


def _excerpt(ranked: list[Place]) -> list[Place]:
    """The top, the neighbours of one's own and the bottom; a mark where regions are left out."""
    if len(ranked) <= TOP + BOTTOM + 2 * AROUND + 1:
        return ranked
    kept = set(range(TOP)) | set(range(len(ranked) - BOTTOM, len(ranked)))
    for at, place in enumerate(ranked):
        if place.own:
            kept |= set(range(max(0, at - AROUND), min(len(ranked), at + AROUND + 1)))
    order = sorted(kept)
    return [
        Place(p.region, p.url, p.figure, p.spark, p.own, gap_before=i > 0 and order[i - 1] != at - 1)
        for i, at in enumerate(order)
        for p in [ranked[at]]
    ]


def _districts(
    regions: list[Region],
    rows: list[Row],
    history: read.History,
    indicator: Indicator,
    target: float | None,
    current: int,
) -> list[District]:
    """Σ part ÷ Σ whole over the regions of each federal district, the furthest behind first."""
    names = {region.pk: region.federal_district for region in regions}
    sums: dict[tuple[str, int], list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for row in rows:
        district = names.get(row.place_id)
        if district and row.part is not None and row.whole is not None:
            before = (
                (row.part_before, row.whole_before)
                if row.part_before is not None and row.whole_before is not None
                else (0, 0)
            )
            for slot, value in enumerate((row.part, row.whole, *before)):
                sums[district, row.rating_id][slot] += value
    lines = {
        name: [
            shown_share(indicator, *sums[name, pk][:2]) if pk is not None and (name, pk) in sums else None
            for _, pk in history
        ]
        for name in sorted({name for name, _ in sums})
    }
    scale = scale_of([*lines.values(), [target]])
    found = []
    for name, line in lines.items():
        part, whole, part_before, whole_before = sums.get((name, current), (None, None, None, None))
        row = Row(current, indicator.number, 0, None, part, whole, part_before=part_before, whole_before=whole_before)
        found.append(District(name, figure(row, indicator, target), _wide_spark(line, scale, target)))
    return sorted(found, key=lambda district: (district.figure.share is None, district.figure.share or 0))


def _wide_spark(line: list[float | None], scale: tuple[float, float], target: float | None) -> Any:
    return spark(line, scale, width=170, height=34, target=target)


def _summary(now: dict[int, Row], regions: list[Region]) -> str:
    """«89 регионов · 2 361 муниципалитет · 39 084 школы»."""
    schools = sum(row.schools + row.missing for row in now.values())
    municipalities = Municipality._default_manager.filter(closed_on=None).count()
    words = [
        counted(len(regions), "регион", "региона", "регионов"),
        counted(municipalities, "муниципалитет", "муниципалитета", "муниципалитетов"),
        counted(schools, "школа", "школы", "школ"),
    ]
    return " · ".join(words)
