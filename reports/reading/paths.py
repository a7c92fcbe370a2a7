"""The page of the shortest path: through which schools and how many people, and the place it would give."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.http import QueryDict

from reports.indicators import INDICATOR_BY_KEY, Indicator
from reports.indicators.score import FULL_SCORE
from reports.paths import Gain, Stop
from reports.reading.addresses import breakdown_url, path_url
from reports.reading.breakdowns import Subject, known_places
from reports.reading.figures import Figure, goal_text
from reports.reading.path_answers import NOT_COUNTED, Answer, Way, answer
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


def page(subject: Subject, indicator: Indicator, chosen: Chosen, params: QueryDict, *, sight: Sight) -> dict[str, Any]:
    """Everything templates/reports/path.html shows beside the people of a school."""
    context: dict[str, Any] = {"subject": subject, "indicator": indicator, "chosen": chosen, "way": None}
    context |= {"title": "Путь к цели", "problem": "", "target": None}
    if chosen.rating is None:
        return context | {"refusal": NOT_COUNTED}
    asked, problem = asked_target(params)
    found = answer(subject, indicator, chosen, asked, sight=sight)
    context |= {"figure": found.shown, "problem": problem, "target": found.target, "refusal": found.refusal}
    if found.refusal or found.target is None:
        return context
    context["target_text"] = goal_text(found.target)
    if found.way is None:
        return context | _composite(found, subject, chosen)
    return context | {
        "way": found.way,
        "title": _title(found.way, indicator),
        "note": _note(found.way, indicator),
        "after": _after(found.shown, found.way),
        "place": found.place,
        "peers": PEERS.get(subject.level, ""),
        "table": _table(found.way, indicator, chosen, params, sight),
        "unmeasured": _unmeasured(found.way, params, sight),
        "columns": NOUNS[found.way.level],
    }


def asked_target(params: QueryDict) -> tuple[float | None, str]:
    """(the share asked for by ?target=85,5 or None for the one that is set, a sentence about an address in error)."""
    text = params.get("target", "").strip().removesuffix("%").strip()[:10]
    if not text:
        return None, ""
    share = decimal_of(text)
    if share is None or not 0 < round(share, 1) <= 100:
        return None, "Цель пишется числом процентов от 0 до 100, например 85. Показан путь к заданной."
    return float(round(share, 1) / Decimal(100)), ""


def _title(way: Way, indicator: Indicator) -> str:
    path, goal = way.path, goal_text(float(way.target))
    if not path.need:
        return f"Цель {goal} достигнута"
    people = counted(path.need, *indicator.unit)
    if path.short:
        return f"До цели {goal} — {people}, а по измеренным найдено {number(path.people)}"
    if indicator.counts_people and len(way.terms) == 1:
        return f"До цели {goal} — {people}"
    if not indicator.counts_people:
        return f"До цели {goal} — {people}"
    return f"До цели {goal} — {counted(len(path.stops), *NOUNS[way.level])}, {people}"


def _note(way: Way, indicator: Indicator) -> str:
    """What is worth knowing of the set: others would do as well; not all can be found."""
    if way.path.short:
        words = (
            f"Даже если на этом пути никого не останется, цели не хватает: {counted(way.path.short, *indicator.unit)}."
        )
        if way.unmeasured:
            return f"{words} Нужны данные тех, кто не измерен."
        return f"{words} Они там, где людей мало: такие места в путь не входят."
    if way.path.alike:
        return f"Выбор не единственный: последнее место в списке заменит любое из {number(way.path.alike)} других."
    return ""


def _after(shown: Figure, way: Way) -> dict[str, str]:
    part, whole = shown.part or 0, shown.whole or 1
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


def _composite(found: Answer, subject: Subject, chosen: Chosen) -> dict[str, Any]:
    """A score is no sum of schools: which of its indicators gives most by one more, and how many reach the target."""
    listed = [_gain_row(gain, subject, chosen) for gain in found.gains if gain.lack]
    taken, goal = [gain for gain in found.gains if gain.take], goal_text(found.target or 0)
    if not taken:
        title = f"Цель {goal} достигнута" if not found.left else "Прибавить нечего"
    else:
        title = f"До цели {goal} — через {counted(len(taken), *_INDICATOR)}"
    return {"gains": listed, "title": title, "score_left": found.left > 0}


_INDICATOR = ("показатель", "показателя", "показателей")


def _gain_row(gain: Gain, subject: Subject, chosen: Chosen) -> GainRow:
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
