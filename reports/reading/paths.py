"""The page of the shortest path: through which schools and how many people, and the place it would give."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.conf import settings
from django.http import QueryDict

from reports.indicators import COMPOSITE, INDICATOR_BY_KEY, Indicator
from reports.indicators.score import FULL_SCORE
from reports.models import RatingRow
from reports.paths import Path, Stop, Term, Weighed, exact, gains, place_after, shortest
from reports.reading import rows as read
from reports.reading.addresses import breakdown_url, path_url
from reports.reading.breakdowns import Subject, known_places
from reports.reading.figures import Figure, Row, figure, goal_text
from reports.reading.tables import bounds, cut, page_of
from reports.reading.weeks import Chosen
from schools.exports import Kind
from schools.models import School
from schools.scope import Level, Sight
from schools.texts import counted, number, percent
from schools.values import decimal_of

NOUNS = {
    Level.REGION: ("регион", "региона", "регионов"),
    Level.MUNICIPALITY: ("муниципалитет", "муниципалитета", "муниципалитетов"),
    Level.SCHOOL: ("школа", "школы", "школ"),
}
PEERS = {
    Level.REGION: "среди регионов",
    Level.MUNICIPALITY: "среди муниципалитетов региона",
    Level.SCHOOL: "среди школ региона",
}


@dataclass(frozen=True, slots=True)
class StopRow:
    """A place on the way as the page prints it; `url` is where its people are, "" where that is not the reader's."""

    name: str
    note: str
    url: str
    people: int
    lack: int
    part: int
    whole: int


@dataclass(frozen=True, slots=True)
class Way:
    """A subject's path with what it was found from."""

    level: Level
    terms: dict[int, Term]
    path: Path
    target: Fraction

    @property
    def unmeasured(self) -> list[int]:
        """Places without data: they are in neither part nor whole."""
        return [pk for pk, term in self.terms.items() if term.part is None or term.whole is None]


def page(subject: Subject, indicator: Indicator, chosen: Chosen, params: QueryDict, *, sight: Sight) -> dict[str, Any]:
    """Everything templates/reports/path.html shows beside the people of a school."""
    context: dict[str, Any] = {"subject": subject, "indicator": indicator, "chosen": chosen, "way": None}
    context |= {"title": "Путь к цели", "problem": "", "target": None}
    if chosen.rating is None:
        return context | {"refusal": ("Данных за неделю ещё нет", "Путь появится, когда неделю подсчитают.")}
    current = chosen.rating.pk
    rows = read.place_rows(subject.level, subject.place_id, [(chosen.week, current)])
    target, problem = asked_target(params, chosen, subject, indicator)
    row = rows.get((current, indicator.number))
    shown = figure(row, indicator, target, subject.level)
    context |= {"figure": shown, "problem": problem, "target": target, "refusal": refusal(shown, subject)}
    if context["refusal"] or target is None or row is None:
        return context
    context["target_text"] = goal_text(target)
    if indicator == COMPOSITE:
        return context | _composite(rows, subject, chosen, exact(target))
    way = find(subject, row, indicator, chosen, exact(target))
    hand = "target" in params and not problem
    place = _place(subject, row, way, chosen, may_count=not hand or sees_peers(subject, sight))
    return context | {
        "way": way,
        "title": _title(way, shown, indicator),
        "note": _note(way, indicator),
        "after": _after(row, way),
        "place": place,
        "peers": PEERS.get(subject.level, ""),
        "table": _table(way, indicator, chosen, params, sight),
        "unmeasured": _unmeasured(way, params, sight),
        "columns": NOUNS[way.level],
    }


def asked_target(params: QueryDict, chosen: Chosen, subject: Subject, indicator: Indicator) -> tuple[float | None, str]:
    """(the share asked for by ?target=85,5 or else the target that is set, a sentence about an address in error)."""
    goals = read.targets(chosen.week, subject.region.pk if subject.region else None, subject.level)
    text = params.get("target", "").strip().removesuffix("%").strip()[:10]
    if not text:
        return goals[indicator.number], ""
    share = decimal_of(text)
    if share is None or not 0 < share <= 100:
        return goals[
            indicator.number
        ], "Цель пишется числом процентов от 0 до 100, например 85. Показан путь к заданной."
    return float(round(share, 1) / Decimal(100)), ""


def refusal(shown: Figure, subject: Subject) -> tuple[str, str] | None:
    """(title, why) where there is no path to be told; None where there is."""
    indicator = shown.indicator
    if shown.part is None or shown.whole is None:
        return "Показатель не измерен", "Сначала нужны данные: без них неизвестно, сколько не хватает."
    if shown.whole == 0:
        return "Показатель сюда не относится", "Делить не на что, поэтому и пути нет."
    if shown.share is None:
        return "Людей мало", "Путь указывал бы на отдельных людей, поэтому портал его не показывает."
    if not indicator.good_is_up:
        return "Здесь лучше меньше", "Кратчайший путь считается для показателей, которые должны расти."
    if shown.target is None:
        return "Цель не задана", "Напишите, к какой доле искать путь."
    if indicator.base <= subject.level < Level.SCHOOL:
        return "Показатель не складывается из школ", "Его даёт само место, ниже разложить нечего."
    return None


def find(subject: Subject, row: Row, indicator: Indicator, chosen: Chosen, target: Fraction) -> Way:
    """The shortest path of a place: through its schools, the country's through its regions; one query."""
    least = settings.SMALL_NUMBER if indicator.counts_people else 1
    level = level_below(subject, indicator)
    if subject.level == Level.SCHOOL:
        terms = [Term(subject.place_id, row.part, row.whole)]
    else:
        terms = _terms(subject, indicator, chosen, level)
    path = shortest(row.part or 0, row.whole or 0, target, terms, least=least)
    return Way(level, {term.place_id: term for term in terms}, path, target)


def level_below(subject: Subject, indicator: Indicator) -> Level:
    """Whose rows a place's number is taken apart into."""
    if subject.level == Level.COUNTRY:
        return Level.REGION
    return Level.SCHOOL if subject.level == Level.SCHOOL else indicator.base


def _terms(subject: Subject, indicator: Indicator, chosen: Chosen, level: Level) -> list[Term]:
    places = {Level.REGION: "region", Level.MUNICIPALITY: "municipality"}
    within = {places[subject.level]: subject.place_id} if subject.level in places else {}
    found = RatingRow._default_manager.filter(rating=chosen.rating, indicator=indicator.number, level=level, **within)
    return [Term(*values) for values in found.values_list(*Term._fields)]


def sees_peers(subject: Subject, sight: Sight) -> bool:
    """Whether the rows a place is compared with are the reader's: a school's neighbours are not its own."""
    region = subject.region.pk if subject.region else 0
    return subject.level < Level.SCHOOL or sight.country or region in sight.region_ids


def _place(subject: Subject, row: Row, way: Way, chosen: Chosen, *, may_count: bool) -> int | None:
    """The place the path gives if nobody else moves; None where there is none or its peers are not to be probed."""
    if row.rank is None or way.path.short or not way.path.need or not may_count:
        return None
    peers = RatingRow._default_manager.filter(
        rating=chosen.rating, indicator=row.indicator, level=subject.level, rank__isnull=False
    )
    if subject.region is not None and subject.level > Level.REGION:
        peers = peers.filter(region=subject.region)
    others = peers.exclude(place_id=subject.place_id).values_list("part", "whole")
    known = [(part, whole) for part, whole in others if part is not None and whole is not None]
    return place_after(known, (row.part or 0) + way.path.need, row.whole or 0)


def _title(way: Way, shown: Figure, indicator: Indicator) -> str:
    path, goal = way.path, goal_text(float(way.target))
    if not path.need:
        return f"Цель {goal} достигнута"
    people = counted(path.need, *indicator.unit)
    if path.short:
        return f"До цели {goal} — {people}, а по измеренным найдено {number(path.people)}"
    if shown.indicator.counts_people and len(way.terms) == 1:
        return f"До цели {goal} — {people}"
    if not indicator.counts_people:
        return f"До цели {goal} — {people}"
    return f"До цели {goal} — {counted(len(path.stops), *NOUNS[way.level])}, {people}"


def _note(way: Way, indicator: Indicator) -> str:
    """What is worth knowing of the set: others would do as well; not all can be found."""
    if way.path.short:
        words = "Даже если в измеренных местах никого не останется, цели не хватает"
        return f"{words}: {counted(way.path.short, *indicator.unit)}. Нужны данные тех, кто не измерен."
    if way.path.alike:
        return f"Выбор не единственный: последнее место в списке заменит любое из {number(way.path.alike)} других."
    return ""


def _after(row: Row, way: Way) -> dict[str, str]:
    part, whole = row.part or 0, row.whole or 1
    return {"now": percent(part / whole), "then": percent((part + way.path.people) / whole)}


def _table(way: Way, indicator: Indicator, chosen: Chosen, params: QueryDict, sight: Sight) -> Any:
    total = len(way.path.stops)
    first, last = bounds(params, total)
    return page_of(stop_rows(way, way.path.stops[first:last], indicator, chosen, sight), params, total)


def stop_rows(way: Way, stops: Sequence[Stop], indicator: Indicator, chosen: Chosen, sight: Sight) -> list[StopRow]:
    """Stops with their names; two queries however many."""
    ids = [stop.place_id for stop in stops]
    known, notes = known_places(way.level, ids, sight), _notes(way.level, ids)
    address = breakdown_url if way.level == Level.SCHOOL else path_url
    rows = []
    for stop in stops:
        name, seen = known.get(stop.place_id, ("", False))
        url = address(way.level, stop.place_id, indicator, chosen) if seen else ""
        term = way.terms[stop.place_id]
        rows.append(
            StopRow(
                name or "Место, которого больше нет", notes.get(stop.place_id, ""), url, stop.people,
                stop.lack, term.part or 0, term.whole or 0,
            )
        )  # fmt: skip
    return rows


def _notes(level: Level, ids: Sequence[int]) -> dict[int, str]:
    """The municipality of each school; nothing for places above."""
    if level != Level.SCHOOL:
        return {}
    found = School._default_manager.filter(pk__in=ids).order_by().values_list("pk", "municipality__name")
    return {pk: name or "подведомственная региону" for pk, name in found}


def _unmeasured(way: Way, params: QueryDict, sight: Sight) -> Any:
    """The names of those without data, a page of them."""
    ids = sorted(way.unmeasured)
    known = known_places(way.level, ids, sight)
    names = sorted(known[pk][0] for pk in ids if pk in known)
    return cut(names, params, "rest", anchor="#unmeasured")


# ---- the composite score ----


@dataclass(frozen=True, slots=True)
class GainRow:
    """An indicator of the score as the page prints it."""

    name: str
    url: str
    lack_text: str
    by_one: str
    by_all: str
    take_text: str


def _composite(rows: dict[tuple[int, int], Row], subject: Subject, chosen: Chosen, target: Fraction) -> dict[str, Any]:
    """A score is no sum of schools: which of its indicators gives most by one more, and how many reach the target."""
    rating = chosen.rating
    terms = []
    for key, weight in (rating.weights if rating else {}).items():
        row = rows.get((rating.pk if rating else 0, INDICATOR_BY_KEY[key].number)) if key in INDICATOR_BY_KEY else None
        if row is not None and row.part is not None and row.whole is not None:
            terms.append(Weighed(key, int(weight), row.part, row.whole))
    found, left = gains(terms, target)
    listed = [_gain_row(gain, subject, chosen) for gain in found if gain.lack]
    taken = [gain for gain in found if gain.take]
    if not taken:
        title = f"Цель {goal_text(float(target))} достигнута" if not left else "Прибавить нечего"
    else:
        title = f"До цели {goal_text(float(target))} — через {counted(len(taken), *_INDICATOR)}"
    return {"gains": listed, "title": title, "score_left": left > 0}


_INDICATOR = ("показатель", "показателя", "показателей")


def _gain_row(gain: Any, subject: Subject, chosen: Chosen) -> GainRow:
    indicator = INDICATOR_BY_KEY[gain.key]
    return GainRow(
        indicator.short_name,
        path_url(subject.level, subject.place_id, indicator, chosen),
        counted(gain.lack, *indicator.unit),
        number(float(gain.by_one * FULL_SCORE), 2),
        number(float(gain.by_all * FULL_SCORE)),
        counted(gain.take, *indicator.unit) if gain.take else "",
    )


# ---- the file ----

HEADER = ("Место", "Муниципалитет", "Привлечь", "Не хватает всего", "Сейчас в части", "Целое")
KINDS: tuple[Kind, ...] = ("text", "text", "number", "number", "number", "number")


def file_rows(way: Way, indicator: Indicator, chosen: Chosen, sight: Sight) -> list[tuple[str | int, ...]]:
    """All stops of the way for a spreadsheet."""
    rows = stop_rows(way, way.path.stops, indicator, chosen, sight)
    return [(row.name, row.note, row.people, row.lack, row.part, row.whole) for row in rows]


def unmeasured_names(way: Way, sight: Sight) -> list[tuple[str]]:
    """All places without data for a spreadsheet."""
    known = known_places(way.level, way.unmeasured, sight)
    return sorted((name,) for name, _ in known.values())
