"""Totals that operators give of a demo region and its municipalities: a little more than the sums over schools."""

from django.db.models import F, Max, Sum

from reports.models import FigureLoad, FigureStage, SchoolFigure
from reports.operator_tables.ledgers import LEDGERS
from schools.models import Region
from schools.platforms import PLATFORM_BY_NUMBER
from schools.scope import Level

_MORE = 40  # one in so many is counted of schools that the tables of schools leave out
_PLACES = {Level.MUNICIPALITY: "school__municipality_id", Level.REGION: "school__region_id"}


def add_totals(region: Region) -> None:
    """Save a table of municipalities and one of the region beside the last table of schools of each platform."""
    tables = FigureLoad.objects.filter(region=region, level=Level.SCHOOL, stage=FigureStage.APPLIED)
    last = tables.order_by().values("platform").annotate(last=Max("pk")).values_list("last", flat=True)
    for table in tables.filter(pk__in=list(last)):
        for level in _PLACES:
            _add(table, level)


def _add(table: FigureLoad, level: Level) -> None:
    place = _PLACES[level]
    rows = SchoolFigure.objects.filter(load=table, **{f"{place}__isnull": False}).order_by()
    sums = rows.values_list(place, "figure").annotate(Sum("value"))
    load = FigureLoad.objects.create(
        week=table.week,
        period=table.period,
        platform=table.platform,
        level=level,
        region=table.region,
        source=f"Сводка оператора {PLATFORM_BY_NUMBER[table.platform].full_name}",
        schools=rows.values(place).distinct().count(),
    )
    FigureLoad.objects.filter(pk=load.pk).update(loaded_at=table.loaded_at, applied_at=F("loaded_at"))
    kept = [(place_id, figure, table.period, value + value // _MORE, load.pk) for place_id, figure, value in sums]
    LEDGERS[level].write(table.week, table.platform, kept)
