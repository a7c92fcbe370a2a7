"""The page of changed figures: which, since when, what may stand behind each, and the same rows for a spreadsheet."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple

from django.db.models import Count, Q, QuerySet
from django.http import QueryDict
from django.urls import reverse

from reports.alerts import MILLION
from reports.called import Called, called
from reports.charts import Spark
from reports.models import ChangeAlert, Direction, Rating
from reports.rating_list import LEVEL_KEYS
from reports.reading.addresses import breakdown_url, pages_of
from reports.reading.alert_reasons import Carrier, Key, carriers_of, circumstances_of, past_of, row_of, terms_of
from reports.reading.figures import Figure, Row, figure, shown_share, spark
from reports.reading.homes import sees_country, sees_municipality, sees_school
from reports.reading.tables import Page, bounds, page_of
from reports.reading.weeks import HISTORY, Chosen
from schools.exports import Cell, Kind
from schools.models import Region
from schools.scope import Level, Sight
from schools.texts import NBSP, number, percent, unbroken, week_short

PAGE = 20
CHUNK = 1000  # rows of a file named at once


class Counted(NamedTuple):
    """How many figures went which way."""

    worse: int
    better: int

    @property
    def text(self) -> str:
        """«3 стало хуже, 2 — лучше», "" where nothing changed."""
        if self.worse and self.better:
            return f"{number(self.worse)}{NBSP}стало хуже, {number(self.better)}{NBSP}— лучше"
        if self.worse or self.better:
            return f"{number(self.worse or self.better)}{NBSP}стало {'хуже' if self.worse else 'лучше'}"
        return ""


@dataclass(frozen=True, slots=True)
class Shown:
    """A change as the page prints it; addresses are "" where the place's pages are not the reader's."""

    alert: ChangeAlert
    name: str
    note: str
    url: str
    opens: str
    compare: str
    figure: Figure
    spark: Spark
    since: str
    terms: list[str]
    carriers: list[Carrier]
    circumstances: list[str]

    @property
    def expected_text(self) -> str:
        """What was expected."""
        return percent(self.alert.expected / MILLION)

    @property
    def delta(self) -> float:
        """How far the newest week is from what was expected, as a difference of shares."""
        return self.alert.part / self.alert.whole - self.alert.expected / MILLION


def count(alerts: "QuerySet[ChangeAlert]") -> Counted:
    """Count both ways; one query."""
    found = alerts.order_by().aggregate(
        worse=Count("pk", filter=Q(direction=Direction.WORSE)), better=Count("pk", filter=Q(direction=Direction.BETTER))
    )
    return Counted(**found)


def page(alerts: "QuerySet[ChangeAlert]", chosen: Chosen, params: QueryDict, total: int, sight: Sight) -> Page[Shown]:
    """One page of changes, the largest first; at most nine queries, however many there are."""
    first, last = bounds(params, total, size=PAGE)
    rows = list(alerts.select_related("region").order_by("-size", "pk")[first:last])
    shown = _shown(rows, chosen, chosen.rating, sight) if rows and chosen.rating else []
    return page_of(shown, params, total, size=PAGE)


class _Read(NamedTuple):
    """What a page of changes has read: rows of the weeks behind it, what the places were called, who carries what."""

    past: Mapping[Key, Row]
    titles: Mapping[Level, Mapping[int, Called]]
    carriers: Mapping[int, list[Carrier]]


def _shown(alerts: Sequence[ChangeAlert], chosen: Chosen, rating: Rating, sight: Sight) -> list[Shown]:
    own = [alert for alert in alerts if _opens(alert, sight)]
    read = _Read(past_of(alerts, chosen), _titles(alerts, rating), carriers_of(own, chosen, sight))
    return [_one(alert, read, chosen, sight) for alert in alerts]


def _one(alert: ChangeAlert, read: _Read, chosen: Chosen, sight: Sight) -> Shown:
    level, indicator = Level(alert.level), alert.passport
    key = (alert.indicator, alert.level, alert.place_id)
    line = [read.past.get((pk or 0, *key)) for _, pk in chosen.history(HISTORY)]
    shares = [shown_share(indicator, row.part, row.whole) if row else None for row in line]
    seen = _opens(alert, sight)
    since = alert.iso_since
    return Shown(
        alert=alert,
        name=name_of(alert, read.titles),
        note=_where(alert, read.titles, sight),
        url=_page_of(alert, chosen) if seen else "",
        opens=breakdown_url(level, alert.place_id, indicator, chosen) if seen else "",
        compare=_compare(alert, chosen) if seen else "",
        figure=figure(row_of(alert), indicator, None, level),
        spark=spark(shares),
        since=week_short(since.week, since.monday, since.sunday),
        terms=terms_of(alert),
        carriers=read.carriers.get(alert.pk, []),
        circumstances=circumstances_of(alert, chosen, read.past),
    )


def line(alerts: "QuerySet[ChangeAlert]", chosen: Chosen, **asked: object) -> dict[str, str]:
    """«Изменения недели: 3 стало хуже, 2 — лучше» with its address, for the page of a place; one query."""
    found = count(alerts.filter(rating=chosen.rating))
    if not found.text:
        return {}
    return {"text": f"Изменения недели: {found.text}", "url": reverse("changed_figures") + chosen.keep(**asked)}


# ---- names and addresses


def _opens(alert: ChangeAlert, sight: Sight) -> bool:
    """Whether the pages of the place are the reader's."""
    region, town = alert.region_id or 0, alert.municipality_id
    if alert.level == Level.COUNTRY:
        return sees_country(sight)
    if alert.level == Level.REGION:
        return sight.country or region in sight.region_ids
    if alert.level == Level.MUNICIPALITY:
        return sees_municipality(sight, alert.place_id, region)
    return sees_school(sight, alert.place_id, region, town)


def _page_of(alert: ChangeAlert, chosen: Chosen) -> str:
    if alert.level == Level.COUNTRY:
        return reverse("country") + chosen.keep()
    if alert.level == Level.REGION:
        return (alert.region.get_absolute_url() if alert.region else "") + chosen.keep()
    return pages_of(Level(alert.level), chosen.keep())(alert.place_id)


def _compare(alert: ChangeAlert, chosen: Chosen) -> str:
    """The page that holds the week before the change against this one."""
    place = f"{LEVEL_KEYS[Level(alert.level)]}.{alert.place_id}"
    return reverse("compare") + chosen.keep(**{"a": place, "indicator": alert.passport.key, "with": alert.iso_before})


def _titles(alerts: Sequence[ChangeAlert], rating: Rating) -> dict[Level, dict[int, Called]]:
    """What the places, and those they are in, were called when the week was counted."""
    schools = [each.place_id for each in alerts if each.level == Level.SCHOOL]
    towns = [each.municipality_id for each in alerts if each.municipality_id]
    regions = [each.region_id for each in alerts if each.region_id]
    return called(rating, {Level.SCHOOL: schools, Level.MUNICIPALITY: towns, Level.REGION: regions})


def name_of(alert: ChangeAlert, titles: Mapping[Level, Mapping[int, Called]]) -> str:
    """What the place is called."""
    if alert.level == Level.COUNTRY:
        return "Россия"
    found = titles.get(Level(alert.level), {}).get(alert.place_id, ("", ""))
    return unbroken(found[1])


def _where(alert: ChangeAlert, titles: Mapping[Level, Mapping[int, Called]], sight: Sight) -> str:
    """The places around, as far as the reader has several of them."""
    around = []
    if alert.level == Level.SCHOOL and alert.municipality_id and (sight.level or Level.SCHOOL) < Level.MUNICIPALITY:
        around.append(titles[Level.MUNICIPALITY].get(alert.municipality_id, ("", ""))[1])
    if alert.level > Level.REGION and alert.region_id and sight.country:
        around.append(titles[Level.REGION].get(alert.region_id, ("", ""))[1])
    return ", ".join(filter(None, around))


# ---- as a file

HEADER = (
    "Неделя", "Уровень", "Место", "Муниципалитет", "Регион", "Показатель", "Куда", "С недели", "Ожидали", "Доля",
    "Числитель", "Знаменатель", "Неделя до изменения", "Числитель тогда", "Знаменатель тогда", "Накоплено, σ",
)  # fmt: skip
KINDS: tuple[Kind, ...] = ("text",) * 8 + ("share",) * 2 + ("number",) * 2 + ("text",) + ("number",) * 3


def file_rows(alerts: "QuerySet[ChangeAlert]", rating: Rating) -> Iterator[list[Cell]]:
    """All of the changes for a spreadsheet, with names by the thousand."""
    found = alerts.order_by("-size", "pk").iterator(chunk_size=CHUNK)
    while some := list(islice(found, CHUNK)):
        titles = _titles(some, rating)
        for alert in some:
            yield _cells(alert, rating, titles)


def _cells(alert: ChangeAlert, rating: Rating, titles: Mapping[Level, Mapping[int, Called]]) -> list[Cell]:
    town = titles[Level.MUNICIPALITY].get(alert.municipality_id or 0, ("", ""))[1]
    region = titles[Level.REGION].get(alert.region_id or 0, ("", ""))[1]
    return [
        str(rating.iso_week), alert.get_level_display(), name_of(alert, titles), town, region,
        alert.passport.short_name, alert.get_direction_display(), str(alert.iso_since),
        alert.expected / MILLION, alert.part / alert.whole, alert.part, alert.whole,
        str(alert.iso_before), alert.part_before, alert.whole_before, alert.size / 100,
    ]  # fmt: skip


def regions_of(alerts: "QuerySet[ChangeAlert]", regions: "QuerySet[Region]") -> list[Region]:
    """Regions the list may be narrowed to; nothing to choose from one."""
    found = list(regions.filter(pk__in=alerts.order_by().values("region")).order_by("name"))
    return found if len(found) > 1 else []
