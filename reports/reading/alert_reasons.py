"""What may stand behind a change of a figure: its terms, what is counted another way, the places that carry it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from django.db.models import Q

from reports.indicators import USE_INDICATOR, Indicator
from reports.models import ChangeAlert, Feed, Rating, RatingRow
from reports.reading.addresses import breakdown_url
from reports.reading.breakdowns import known_places, shifts_of
from reports.reading.figures import Row
from reports.reading.weeks import HISTORY, Chosen
from schools.scope import Level, Sight
from schools.texts import NO_DATA, number, ordinal, out_of, unbroken

MOST_CARRIERS = 3  # places below that are named; the comparison of the two weeks has the rest
LEAST_PART = 0.1  # of the whole change: who carries less is not named for it
Key = tuple[int, int, int, int]  # revision, indicator, level, place


@dataclass(frozen=True, slots=True)
class Carrier:
    """A place below that carries much of a change."""

    name: str
    url: str
    text: str


def row_of(alert: ChangeAlert) -> Row:
    """Both ends of a change as a row of the rating."""
    return Row(
        alert.rating_id, alert.indicator, alert.place_id, alert.municipality_id, alert.part, alert.whole,
        part_before=alert.part_before, whole_before=alert.whole_before,
    )  # fmt: skip


def terms_of(alert: ChangeAlert) -> list[str]:
    """«педагогов по ОО-1: было 40, стало 52» of both terms that have moved, what weighs more first."""
    passport = alert.passport
    numbers = {
        passport.part_text: (alert.part_before, alert.part),
        passport.whole_text: (alert.whole_before, alert.whole),
    }
    moved = sorted(shifts_of(row_of(alert), passport), key=lambda each: -abs(each.delta))
    return [
        f"{each.label}: было {number(before)}, стало {number(now)}"
        for each in moved
        if (terms := numbers[each.label]) and (before := terms[0]) != (now := terms[1])
    ]


def past_of(alerts: Sequence[ChangeAlert], chosen: Chosen) -> dict[Key, Row]:
    """The rows of the places in the weeks of the line and in those before the changes; one query."""
    ids = {rating.week: rating.pk for rating in chosen.ratings}
    ratings = {pk for _, pk in chosen.history(HISTORY) if pk} | {ids.get(each.before_week, 0) for each in alerts}
    places = Q()
    for alert in alerts:
        places |= Q(indicator=alert.indicator, level=alert.level, place_id=alert.place_id)
    found = RatingRow._default_manager.filter(places, rating__in=ratings).values_list("level", *Row._fields)
    rows = ((level, Row(*values)) for level, *values in found)
    return {(row.rating_id, row.indicator, level, row.place_id): row for level, row in rows}


def circumstances_of(alert: ChangeAlert, chosen: Chosen, past: Mapping[Key, Row]) -> list[str]:
    """What else changed meanwhile: whose figures are taken, the rule, how many schools are in the count."""
    ratings = sorted(
        (each for each in chosen.ratings if alert.before_week <= each.week <= chosen.week.number),
        key=lambda each: each.week,
    )
    found = list(_switched(alert.passport, ratings))
    if alert.level == Level.SCHOOL or not ratings:
        return found
    key = (alert.indicator, alert.level, alert.place_id)
    before, now = past.get((ratings[0].pk, *key)), past.get((ratings[-1].pk, *key))
    if before is None or now is None:
        return found
    if before.schools != now.schools:
        found.append(f"школ в счёте было {number(before.schools)}, стало {number(now.schools)}")
    if before.missing != now.missing:
        found.append(f"школ без данных было {number(before.missing)}, стало {number(now.missing)}")
    return found


def _switched(indicator: Indicator, ratings: Sequence[Rating]) -> Iterator[str]:
    """Sentences about weeks in which an indicator began to be counted another way."""
    name = str(indicator.number)
    for before, now in pairwise(ratings):
        week = ordinal(now.iso_week.week, "й")
        if before.feeds.get(name) != now.feeds.get(name):
            whose = "оператора площадки" if now.feeds.get(name) == Feed.OPERATOR else "портала"
            yield f"с {week} недели берём числа {whose}"
        if indicator == USE_INDICATOR and before.rule_id != now.rule_id:
            yield f"с {week} недели действует другое правило «использует»"


# ---- the places below that carry most of it

Child = tuple[Level, int]
Ends = tuple[Row | None, Row | None]


def carriers_of(alerts: Sequence[ChangeAlert], chosen: Chosen, sight: Sight) -> dict[int, list[Carrier]]:
    """By change the places below that carry most of it; four queries at most."""
    below = _below(alerts, chosen, {rating.week: rating.pk for rating in chosen.ratings})
    heaviest = {alert.pk: _heaviest(alert, below.get(alert.pk, {})) for alert in alerts}
    names = _names_below([child for pairs in heaviest.values() for child, _ in pairs], sight)
    return {alert.pk: _carriers(alert, heaviest[alert.pk], names, chosen) for alert in alerts}


def _below(alerts: Sequence[ChangeAlert], chosen: Chosen, ids: Mapping[int, int]) -> dict[int, dict[Child, Ends]]:
    """Rows of the places one level below, before and now, by change; one query."""
    above = [alert for alert in alerts if alert.level < Level.SCHOOL and alert.before_week in ids]
    current = chosen.rating.pk if chosen.rating else 0
    asked, wanted = Q(), []
    for alert in above:
        ratings = (ids[alert.before_week], current)
        inside = _inside(alert)
        asked |= inside & Q(indicator=alert.indicator, rating__in=ratings)
        wanted.append((alert, ratings))
    if not wanted:
        return {}
    rows = RatingRow._default_manager.filter(asked).values_list("level", "region_id", *Row._fields)
    found = [(level, region, Row(*values)) for level, region, *values in rows]
    ends: dict[tuple[int, int, int, int | None], dict[Child, Row]] = {}
    for level, region, row in found:
        for parent in _parents(Level(level), region, row.municipality_id):
            ends.setdefault((row.rating_id, row.indicator, *parent), {})[Level(level), row.place_id] = row
    return {
        alert.pk: _paired(*(ends.get((pk, alert.indicator, alert.level, alert.place_id), {}) for pk in ratings))
        for alert, ratings in wanted
    }


def _inside(alert: ChangeAlert) -> Q:
    if alert.level == Level.COUNTRY:
        return Q(level=Level.REGION)
    if alert.level == Level.REGION:
        direct = Q(level=Level.SCHOOL, municipality=None)
        return (Q(level=Level.MUNICIPALITY) | direct) & Q(region=alert.place_id)
    return Q(level=Level.SCHOOL, region=alert.region_id, municipality=alert.place_id)


def _parents(level: Level, region: int | None, town: int | None) -> Iterator[tuple[Level, int]]:
    """Whose child a row is: a school of its municipality, without one of its region."""
    if level == Level.REGION:
        yield Level.COUNTRY, 0
    elif level == Level.MUNICIPALITY or town is None:
        yield Level.REGION, region or 0
    else:
        yield Level.MUNICIPALITY, town


def _paired(before: Mapping[Child, Row], now: Mapping[Child, Row]) -> dict[Child, Ends]:
    return {child: (before.get(child), now.get(child)) for child in before.keys() | now.keys()}


def _heaviest(alert: ChangeAlert, below: Mapping[Child, Ends]) -> list[tuple[Child, Ends]]:
    """The places whose own change weighs most in this one, the same way; what they weigh adds up to the whole."""
    share = alert.part_before / alert.whole_before
    rose = alert.part * alert.whole_before > alert.part_before * alert.whole
    wholes = (alert.whole_before, alert.whole)

    def weight(ends: Ends) -> float:
        excess = [
            (row.part - share * row.whole) / whole if row and row.part is not None and row.whole is not None else 0.0
            for row, whole in zip(ends, wholes, strict=True)
        ]
        return (excess[1] - excess[0]) if rose else (excess[0] - excess[1])

    least = LEAST_PART * abs(alert.part / alert.whole - share)
    weighed = sorted(((weight(ends), child, ends) for child, ends in below.items()), key=lambda each: -each[0])
    return [(child, ends) for heavy, child, ends in weighed[:MOST_CARRIERS] if heavy > least]


def _names_below(children: Sequence[Child], sight: Sight) -> dict[Child, tuple[str, bool]]:
    """Names of places and whether their pages are the reader's; a query a level."""
    found: dict[Child, tuple[str, bool]] = {}
    for level in {level for level, _ in children}:
        names = known_places(level, [pk for own, pk in children if own == level], sight)
        found |= {(level, pk): facts for pk, facts in names.items()}
    return found


def _carriers(
    alert: ChangeAlert,
    heaviest: Sequence[tuple[Child, Ends]],
    names: Mapping[Child, tuple[str, bool]],
    chosen: Chosen,
) -> list[Carrier]:
    carriers = []
    for (level, pk), ends in heaviest:
        name, seen = names.get((level, pk), ("", False))
        if name:
            url = breakdown_url(level, pk, alert.passport, chosen) if seen else ""
            carriers.append(Carrier(unbroken(name), url, " → ".join(_end_text(row) for row in ends)))
    return carriers


def _end_text(row: Row | None) -> str:
    if row is None or row.part is None or row.whole is None:
        return NO_DATA
    return out_of(row.part, row.whole)
