"""What demo regions enter once a quarter: services in electronic form, regional systems joined."""

import random
from collections.abc import Iterator

from reports.counting.week import quarter_of
from reports.demo.calendar import Calendar
from reports.indicators import INDICATOR_BY_KEY
from reports.models import RegionFigure
from schools.models import Region

_SILENT = 9  # one region in so many has entered nothing yet
_NOTE = "Показательные данные"


def enter_quarters(calendar: Calendar, seed: int) -> None:
    """Save the figures of the quarters before and within the told weeks, each a little better than the last."""
    first = quarter_of(calendar.weeks[0])
    before = first - 7 if first % 10 == 1 else first - 1
    quarters = sorted({before, *map(quarter_of, calendar.weeks)})
    regions = Region.objects.filter(schools__isnull=False).distinct().order_by("code")
    RegionFigure.objects.bulk_create(
        figure
        for region in regions
        for figure in _of_region(region, quarters, random.Random(f"{seed}-{region.code}-q"))
    )


def _of_region(region: Region, quarters: list[int], rng: random.Random) -> Iterator[RegionFigure]:
    for key, least, most in (("r210_9", 12, 18), ("systems_integrated", 2, 5)):
        whole = rng.randint(least, most)
        part = round(whole * rng.uniform(0.5, 0.85))
        if rng.randrange(_SILENT) == 0:
            continue
        for quarter in quarters:
            year, number = divmod(quarter, 10)
            indicator = INDICATOR_BY_KEY[key].number
            facts = {"year": year, "quarter": number, "part": part, "whole": whole, "note": _NOTE}
            yield RegionFigure(region=region, indicator=indicator, **facts)
            part = min(whole, part + rng.randint(0, 2))
