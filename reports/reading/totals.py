"""Control totals: what an operator says of a whole place, beside the sum over its schools; never part of a rating."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.http import QueryDict

from reports.counting.week import MONTH_HOLDS
from reports.indicators import Indicator
from reports.models import FigureLoad, FigurePeriod, FigureStage, PlaceFigure, SchoolFigure, SchoolWeek
from reports.operator_figures import OPERATOR_FIGURES
from reports.operator_tables.periods import title_of
from reports.reading.addresses import breakdown_url
from reports.reading.gaps import Gap, Side, gap_of, gaps_of_towns, side_of
from reports.reading.tables import Page, cut
from reports.reading.weeks import Chosen
from reports.weeks import IsoWeek
from schools.models import Municipality, Region, School
from schools.place_names import territory
from schools.scope import AnyUser, Level
from schools.texts import EM_DASH, counted, number, plural, signed, unbroken

SHOWN = 5  # places named in a sentence
_NUMBERS = {figure.column: figure.number for figure in OPERATOR_FIGURES}
_PLACE = {Level.REGION: "region", Level.MUNICIPALITY: "municipality"}
CAUTION = (
    "Оператор мог посчитать итог на другой день или по другому списку школ, поэтому он может отличаться от суммы. "
    "В рейтинг итог не идёт: место в нём — сумма своих школ."
)


@dataclass(frozen=True, slots=True)
class Total:
    """The operator's own number of a place: for which week or month, against the sum over schools, and what to see."""

    side: Side
    when: str
    difference: int | None  # the total less the sum of schools
    why: tuple[str, ...] = ()

    @property
    def of_text(self) -> str:
        """«1 730 из 2 100»; of a total without its whole the part alone."""
        alone = self.side.part is not None and self.side.whole is None
        return number(self.side.part or 0) if alone else self.side.of_text

    @property
    def text(self) -> str:
        """«+6»."""
        return EM_DASH if self.difference is None else signed(self.difference) if self.difference else "0"


@dataclass(frozen=True, slots=True)
class TownTotal:
    """A municipality in the table of totals."""

    name: str
    url: str
    gap: Gap
    total: Total


def total_of(level: Level, place_id: int, indicator: Indicator, chosen: Chosen, user: AnyUser) -> Total | None:
    """The operator's total of a region or a municipality for the week shown; None where there is none."""
    if level not in _PLACE or not indicator.operator_part:
        return None
    told = _told(level, PlaceFigure.objects.visible_to(user).filter(**{_PLACE[level]: place_id}), indicator, chosen)
    if place_id not in told:
        return None
    side, when = told[place_id]
    gap = gap_of(level, place_id, indicator, chosen)
    return Total(side, when, _difference(side, gap), tuple(_why(level, place_id, indicator, chosen, user)))


def _difference(side: Side, gap: Gap | None) -> int | None:
    known = gap is not None and gap.theirs.part is not None and side.part is not None
    return (side.part or 0) - (gap.theirs.part or 0) if known and gap else None


def _told(level: Level, rows: Any, indicator: Indicator, chosen: Chosen) -> dict[int, tuple[Side, str]]:
    """Place → (part and whole, «октябрь 2026»): of the very week, else of the newest month that holds; one query.

    Part and whole come from one period: a month's whole beside a week's part would be a share of nothing.
    """
    part, whole = _NUMBERS[indicator.operator_part], _NUMBERS.get(indicator.operator_whole)
    found = rows.filter(_holding(chosen.week), level=level, platform=indicator.platform.number)
    values = found.filter(figure__in=[part, whole]).values_list(
        f"{_PLACE[level]}_id", "figure", "week", "period", "value"
    )
    kept = {(place, figure, week, period): value for place, figure, week, period, value in values}
    newest: dict[int, tuple[int, int]] = {}
    for place, figure, week, period in kept:
        if figure == part:
            newest[place] = max(newest.get(place, (0, 0)), (week, period), key=_rank)
    return {
        place: (
            side_of(indicator, kept[place, part, *when], None if whole is None else kept.get((place, whole, *when))),
            title_of(IsoWeek.from_number(when[0]), when[1]),
        )
        for place, when in newest.items()
    }


def _rank(when: tuple[int, int]) -> int:
    """A table of the very week goes before any month, as in the count (counting.counts)."""
    week, period = when
    return week + 2 - period


def _holding(week: IsoWeek) -> Q:
    own = Q(week=week.number, period=FigurePeriod.WEEK)
    month = Q(week__lte=week.number, week__gt=week.shift(-MONTH_HOLDS).number, period=FigurePeriod.MONTH)
    return own | month


# Why a total and a sum may differ


def _why(level: Level, place_id: int, indicator: Indicator, chosen: Chosen, user: AnyUser) -> Iterable[str]:
    yield from _of_schools(level, place_id, indicator, chosen, user)
    yield from _unknown(level, place_id, indicator, chosen, user)
    yield CAUTION


def _of_schools(level: Level, place_id: int, indicator: Indicator, chosen: Chosen, user: AnyUser) -> Iterable[str]:
    """Schools of ours the operator's table of schools says nothing of, and those it has beside the count; 3 queries."""
    weeks = SchoolWeek.objects.visible_to(user).filter(
        rating=chosen.rating, platform=indicator.platform.number, in_scope=1, **{_PLACE[level]: place_id}
    )
    told = dict(weeks.values_list("school_id", indicator.operator_part))
    lacking = [school for school, value in told.items() if value is None]
    figures = SchoolFigure.objects.visible_to(user).filter(
        _holding(chosen.week),
        platform=indicator.platform.number,
        figure=_NUMBERS[indicator.operator_part],
        **{f"school__{_PLACE[level]}": place_id},
    )
    beside = sorted(set(figures.values_list("school_id", flat=True)) - set(told))
    known = School.objects.visible_to(user).filter(pk__in=[*lacking, *beside]).order_by("name_key", "pk")
    names = dict(known.values_list("pk", "short_name"))
    if told and len(lacking) == len(told) and not beside:
        yield "Таблицы оператора по школам за это время нет: сравнить итог не с чем."
    elif lacking:
        count = counted(len(lacking), "школы", "школ", "школ")
        yield f"В таблице оператора по школам нет {count} из {number(len(told))}: {_those(lacking, names)}."
    if beside:
        count = counted(len(beside), "школа", "школы", "школ")
        which = plural(len(beside), "которую", "которые", "которые")
        yield f"В таблице оператора есть {count}, {which} показатель не считает: {_those(beside, names)}."


def _unknown(level: Level, place_id: int, indicator: Indicator, chosen: Chosen, user: AnyUser) -> Iterable[str]:
    """Schools the operator's last table of schools names and we do not know; for those who may see the table."""
    town = Municipality.objects.visible_to(user).filter(pk=place_id).first() if level == Level.MUNICIPALITY else None
    region_id = town.region_id if town else place_id
    tables = FigureLoad.objects.visible_to(user).filter(
        _holding(chosen.week),
        level=Level.SCHOOL,
        stage=FigureStage.APPLIED,
        platform=indicator.platform.number,
        region=region_id,
    )
    found = max(
        tables.values_list("week", "period", "pk", "summary"), key=lambda row: (_rank(row[:2]), row[2]), default=None
    )
    names, count = _names_in(found[3] if found else {}, town)
    if count:
        rows = counted(count, "строке", "строках", "строках")
        yield f"В {rows} таблицы оператора по школам портал не узнал школу: {_named(names[:SHOWN], count)}."


def _names_in(summary: Mapping[str, Any], town: Municipality | None) -> tuple[list[str], int]:
    """Names that a table's journal keeps of schools not known, and how many there were; of a town only its own."""
    names = [(name, within) for name, within in summary.get("unknown_names", [])]
    if town is None:
        return [name for name, _ in names], summary.get("unknown", 0)
    own = [name for name, within in names if within and territory(within).words == territory(town.name).words]
    return own, len(own)


def _those(schools: list[int], names: Mapping[int, str]) -> str:
    """Names of schools, in the order of names."""
    return _named([name for pk, name in names.items() if pk in schools][:SHOWN], len(schools))


def _named(names: list[str], count: int) -> str:
    """«Школа № 1; Школа № 2 и ещё 3»."""
    more = f" и ещё {number(count - len(names))}" if count > len(names) else ""
    return "; ".join(unbroken(name) for name in names) + more


# Municipalities of a region


def towns_of(region: Region, indicator: Indicator, chosen: Chosen, params: QueryDict, user: AnyUser) -> Page[TownTotal]:
    """Municipalities an operator gave totals of, those whose total is furthest from the sum first; three queries."""
    names = dict(Municipality.objects.visible_to(user).filter(region=region).values_list("pk", "name"))
    told = _told(
        Level.MUNICIPALITY,
        PlaceFigure.objects.visible_to(user).filter(municipality__region=region),
        indicator,
        chosen,
    )
    gaps = gaps_of_towns(region, indicator, chosen) if told else {}
    rows = []
    for place_id, (side, when) in told.items():
        if place_id in names:
            gap = gaps.get(place_id, Gap(Side(), Side()))
            url = breakdown_url(Level.MUNICIPALITY, place_id, indicator, chosen)
            total = Total(side, when, _difference(side, gap))
            rows.append(TownTotal(unbroken(names[place_id]), url, gap, total))
    rows.sort(key=lambda row: (row.total.difference is None, -abs(row.total.difference or 0), row.name))
    return cut(rows, params, "towns", anchor="#towns")
