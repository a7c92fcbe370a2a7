"""Where figures of a level are kept: of schools for the rating, of municipalities and regions beside it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet

from reports.models import PlaceFigure, SchoolFigure
from schools.bulk import insert_rows
from schools.models import Municipality, Region, School
from schools.scope import Level

Kept = tuple[int, int, int, int, int]  # place, figure, period, value, table


@dataclass(frozen=True, slots=True)
class Ledger:
    """A table of figures, the column that names the place, and what is the same in all rows of the level."""

    model: Any
    place: str
    places: Any
    same: Mapping[str, int] = field(default_factory=dict)

    def rows(self, week: int, platform: int) -> "QuerySet[Any]":
        """Figures of this level for a week and a platform, weekly and monthly."""
        found: QuerySet[Any] = self.of(platform).filter(week=week)
        return found

    def of(self, platform: int) -> "QuerySet[Any]":
        """Figures of this level of a platform."""
        found: QuerySet[Any] = self.model._default_manager.filter(platform=platform, **self.same)
        return found

    def write(self, week: int, platform: int, rows: Iterable[Kept]) -> None:
        """Insert figures."""
        columns = [self.place, "figure", "period", "value", "load_id"]
        insert_rows(self.model, columns, list(rows), {"week": week, "platform": platform, **self.same})

    def clear(self, found: "QuerySet[Any]", pairs: Sequence[tuple[int, int]]) -> None:
        """Delete the rows of (place, figure) pairs among those found."""
        by_figure: dict[int, list[int]] = {}
        for place, figure in pairs:
            by_figure.setdefault(figure, []).append(place)
        for figure, places in by_figure.items():
            found.filter(figure=figure, **{f"{self.place}__in": places}).delete()


LEDGERS = {
    Level.SCHOOL: Ledger(SchoolFigure, "school_id", School),
    Level.MUNICIPALITY: Ledger(PlaceFigure, "municipality_id", Municipality, {"level": Level.MUNICIPALITY.value}),
    Level.REGION: Ledger(PlaceFigure, "region_id", Region, {"level": Level.REGION.value}),
}
