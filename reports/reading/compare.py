"""Two weeks of a place, or two places in a week, side by side: every indicator, its difference and where it is from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict

from reports.charts import Change
from reports.indicators import INDICATORS, Indicator
from reports.models import Rating
from reports.reading import rows as read
from reports.reading.addresses import breakdown_url
from reports.reading.breakdowns import Subject, known_places, rows_below, shifts_of
from reports.reading.figures import Figure, Row, figure, shown_share
from reports.reading.territories import chosen_indicator
from reports.reading.weeks import LISTED_WEEKS, Chosen
from reports.weeks import IsoWeek
from schools.models import Municipality, Region, School
from schools.place_names import DIRECT
from schools.scope import Level, Sight
from schools.texts import unbroken, week_short

MOST = 5  # places named as having changed most, each way
SIBLINGS = 200  # places offered to be compared with


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two: whose numbers, and of which week."""

    subject: Subject
    week: IsoWeek
    rating: Rating | None
    title: str


@dataclass(frozen=True, slots=True)
class Compared:
    """An indicator on both sides; `now` carries the difference from `before`."""

    indicator: Indicator
    before: Figure
    now: Figure
    shifts: list[Change]
    url: str


@dataclass(frozen=True, slots=True)
class Mover:
    """A place below and how its share changed."""

    name: str
    before: Figure
    now: Figure
    delta: float


def sides(subject: Subject, other: Subject | None, chosen: Chosen, params: QueryDict) -> tuple[Side, Side]:
    """(the one compared with, the one looked at): another place in the same week, or the place in an earlier week."""
    if other is not None:
        return place_side(other, chosen), place_side(subject, chosen)
    now = Side(subject, chosen.week, chosen.rating, _week_title(chosen.week))
    rating = _earlier(chosen, params.get("with", ""))
    if rating is not None:
        return week_side(subject, rating), now
    week = chosen.week.shift(-1)
    return Side(subject, week, None, _week_title(week)), now


def place_side(subject: Subject, chosen: Chosen) -> Side:
    """A place among two, in the week they share."""
    return Side(subject, chosen.week, chosen.rating, unbroken(subject.name))


def week_side(subject: Subject, rating: Rating) -> Side:
    """A week among two of a place."""
    return Side(subject, rating.iso_week, rating, _week_title(rating.iso_week))


def _week_title(week: IsoWeek) -> str:
    return week_short(week.week, week.monday, week.sunday)


def _earlier(chosen: Chosen, text: str) -> Rating | None:
    """The revision of the week asked for, by default of the one before: among those that stand."""
    known = {str(rating.iso_week): rating for rating in chosen.ratings if rating.week != chosen.week.number}
    before = [rating for rating in known.values() if rating.week < chosen.week.number]
    return known.get(text) or (before[0] if before else None)


def page(before: Side, now: Side, chosen: Chosen, params: QueryDict, *, sight: Sight) -> dict[str, Any]:
    """Everything templates/reports/compare.html shows beside the choices."""
    indicator = chosen_indicator(params)
    context: dict[str, Any] = {"before": before, "now": now, "indicator": indicator, "rows": [], "movers": None}
    if before.rating is None or now.rating is None:
        return context
    context["rows"] = compared(before, now, chosen)
    if before.subject == now.subject and now.subject.level < Level.SCHOOL:
        context["movers"] = _movers(before, now, indicator, sight)
    return context


def compared(before: Side, now: Side, chosen: Chosen) -> list[Compared]:
    """Every indicator that both sides have a row of, in the order of the passports; two queries."""
    mine, theirs = _rows_of(now), _rows_of(before)
    return [
        _compared(each, mine[each.number], theirs[each.number], now, chosen)
        for each in INDICATORS
        if each.number in mine and each.number in theirs
    ]


def _rows_of(side: Side) -> dict[int, Row]:
    """The rows of a side by the number of the indicator."""
    history: read.History = [(side.week, side.rating.pk if side.rating else None)]
    rows = read.place_rows(side.subject.level, side.subject.place_id, history)
    return {number: row for (_, number), row in rows.items()}


def _compared(indicator: Indicator, row: Row, other: Row, now: Side, chosen: Chosen) -> Compared:
    level = now.subject.level
    joined = row._replace(part_before=other.part, whole_before=other.whole)
    return Compared(
        indicator,
        figure(other, indicator, None, level),
        figure(joined, indicator, None, level),
        shifts_of(joined, indicator),
        breakdown_url(level, now.subject.place_id, indicator, chosen),
    )


def _movers(before: Side, now: Side, indicator: Indicator, sight: Sight) -> dict[str, list[Mover]]:
    """Places below whose share rose most, and fell most, between the two weeks; four queries at most."""
    level, then = _below(before, indicator)
    rows = _below(now, indicator)[1]
    deltas = []
    for pk in rows.keys() & then.keys():
        shares = [shown_share(indicator, row.part, row.whole) for row in (then[pk], rows[pk])]
        if shares[0] is not None and shares[1] is not None and shares[0] != shares[1]:
            deltas.append((shares[1] - shares[0], pk))
    deltas.sort(key=lambda pair: (pair[0], pair[1]))
    down = [pair for pair in deltas[:MOST] if pair[0] < 0]
    up = [pair for pair in reversed(deltas[-MOST:]) if pair[0] > 0]
    names = known_places(level, [pk for _, pk in down + up], sight)

    def listed(pairs: Sequence[tuple[float, int]]) -> list[Mover]:
        return [
            Mover(
                unbroken(names.get(pk, (DIRECT if not pk else "", False))[0]),
                figure(then[pk], indicator, None, level),
                figure(rows[pk], indicator, None, level),
                delta,
            )
            for delta, pk in pairs
            if pk in names or not pk
        ]

    return {"up": listed(up), "down": listed(down)}


def _below(side: Side, indicator: Indicator) -> tuple[Level, Mapping[int, Row]]:
    rating_id = side.rating.pk if side.rating else 0
    level, rows = rows_below(side.subject, indicator, [(side.week, rating_id)])
    return level, read.of_rating(rows, rating_id)


def siblings(
    subject: Subject,
    regions: "QuerySet[Region]",
    towns: "QuerySet[Municipality]",
    schools: "QuerySet[School]",
    other: Subject | None,
) -> list[tuple[str, str]]:
    """(name, «region.78») of places of the same level within the reader's sight; the querysets are what is seen.

    `other` is compared with now: it is among them wherever it lies.
    """
    region = subject.region.pk if subject.region else 0
    found: list[tuple[int, str]] = []
    if subject.level == Level.REGION:
        found = list(regions.order_by("name").values_list("pk", "name"))
    elif subject.level == Level.MUNICIPALITY:
        found = list(towns.filter(region=region).order_by("name_key").values_list("pk", "name")[:SIBLINGS])
    elif subject.school is not None:
        around = schools.filter(region=region, municipality=subject.school.municipality_id)
        found = list(around.order_by("name_key", "pk").values_list("pk", "short_name")[:SIBLINGS])
    if other is not None and other.place_id not in {pk for pk, _ in found}:
        found.append((other.place_id, other.name))
    word = subject.level.name.lower()
    return [(unbroken(name), f"{word}.{pk}") for pk, name in found if pk != subject.place_id]


def week_choices(chosen: Chosen) -> list[tuple[str, str]]:
    """(name, «2026-W45») of the weeks that may be compared with."""
    weeks = [rating.iso_week for rating in chosen.ratings if rating.week != chosen.week.number]
    return [(_week_title(week), str(week)) for week in weeks[: LISTED_WEEKS * 2]]
