"""What a table of figures would do: each figure is new, another than before, or as it is; and what looks odd."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import orjson

from reports.models.figures import LARGEST, LARGEST_OF_PLACE
from reports.operator_figures import OPERATOR_FIGURE_BY_KEY, OPERATOR_FIGURE_BY_NUMBER
from reports.operator_tables.columns import PLACE_KEYS, clean_whole, headers_of
from reports.operator_tables.given import About, Given
from reports.operator_tables.ledgers import LEDGERS
from reports.operator_tables.places import Places, Register, register_of
from schools.scope import Level
from schools.sheets import is_error_text
from schools.texts import number

JUMP, JUMP_FROM = 3, 20  # times the previous period, and by how many at least: nine after two is no jump
MOST_UNKNOWN = 50  # names of places we do not know that the journal keeps
MOST_ROWS = 5  # that name one place, told by number
SEARCHED_WEEKS = 12  # back, for the previous period
MOST_TEACHERS = 1.5  # registered to those there are: the operator counts other staff as well (domain.md 2.2)
_PAIRS = (  # part, whole, how many times the whole may be exceeded
    ("active", "profiles", 1.0),
    ("confirmed", "profiles", 1.0),
    ("linked", "profiles", 1.0),
    ("pupils_active", "pupils_registered", 1.0),
    ("classes_with_chat", "classes", 1.0),
    ("profiles", "teachers", MOST_TEACHERS),
)

_TWICE = {
    Level.SCHOOL: "Школа названа несколько раз: строки {0}. Оставьте одну из них.",
    Level.MUNICIPALITY: "Муниципалитет назван несколько раз: строки {0}. Оставьте одну из них.",
    Level.REGION: "Регион назван несколько раз: строки {0}. Оставьте одну из них.",
}


@dataclass(frozen=True, slots=True)
class Change:
    """One figure of a place against what is kept: `old` is None where nothing is."""

    row: int
    place_id: int
    figure: int
    old: int | None
    new: int
    old_load: int | None = None

    @property
    def is_new(self) -> bool:
        """Whether nothing was kept."""
        return self.old is None


@dataclass(frozen=True, slots=True)
class Remark:
    """A mistake of a row, which then waits, or something odd that a person must have looked at."""

    row: int
    subject: str
    text: str


@dataclass(slots=True)
class Plan:
    """The whole of it; `stands_on` are the tables whose rows it replaces or repeats."""

    changes: list[Change] = field(default_factory=list)
    same: int = 0
    mistakes: list[Remark] = field(default_factory=list)
    odd: list[Remark] = field(default_factory=list)
    names: dict[int, str] = field(default_factory=dict)
    places: set[int] = field(default_factory=set)
    unknown: list[tuple[str, str]] = field(default_factory=list)  # rows that name no place of ours, and what is around
    stands_on: set[int] = field(default_factory=set)

    @property
    def fresh(self) -> list[Change]:
        """Figures nobody had given."""
        return [change for change in self.changes if change.is_new]

    @property
    def changed(self) -> list[Change]:
        """Figures that were others."""
        return [change for change in self.changes if not change.is_new]

    @property
    def digest(self) -> str:
        """A fingerprint of what would be written: a plan is confirmed as it was seen."""
        told = [[c.place_id, c.figure, c.old, c.new] for c in self.changes]
        return hashlib.sha256(orjson.dumps([told, [each.text for each in self.odd]])).hexdigest()[:32]


def make_plan(rows: Iterable[Given], about: About, places: Places) -> Plan:
    """Plan rows against the places they may speak of; five queries at most, however many rows there are."""
    plan = Plan()
    found = _found(rows, register_of(about.level, places), about, plan)
    kept = _kept(about, places)
    before = _before(about, places) if found else {}
    for place_id, told in found.items():
        plan.places.add(place_id)
        for figure, value in told.values.items():
            _compare(plan, told.row, (place_id, figure, value), kept)
        odd = [told.doubt] * bool(told.doubt) + _odd(place_id, told.values, before, about.level)
        plan.odd += [Remark(told.row, plan.names[place_id], text) for text in odd]
    return plan


def _compare(plan: Plan, row: int, told: tuple[int, int, int], kept: Mapping[tuple[int, int], tuple[int, int]]) -> None:
    place_id, figure, value = told
    old, load = kept.get((place_id, figure), (None, None))
    if load is not None:
        plan.stands_on.add(load)
    if old == value:
        plan.same += 1
    else:
        plan.changes.append(Change(row, place_id, figure, old, value, load))


# Whose rows


class _Told(NamedTuple):
    """A row without a mistake: its figures by number, and what is odd in whom it names."""

    row: int
    values: dict[int, int]
    doubt: str


def _found(rows: Iterable[Given], register: Register, about: About, plan: Plan) -> dict[int, _Told]:
    """Place → its row; a place named twice waits in both rows."""
    named: dict[int, list[_Told]] = defaultdict(list)
    for given in rows:
        found = register.find(given)
        values, mistakes = _values(given, about)
        if found.place_id is None and not values and not mistakes:
            continue  # a heading of a group among the rows
        subject = given.name or given.code or given.within or given.region
        plan.mistakes += [Remark(given.number, subject, text) for text in [found.wrong, *mistakes] if text]
        plan.unknown += [(subject, given.within)] * found.is_unknown
        if found.place_id is not None and not mistakes and values:
            plan.names[found.place_id] = found.name
            named[found.place_id].append(_Told(given.number, values, found.odd))
    for place_id, twice in named.items():
        if len(twice) > 1:
            said = _TWICE[about.level].format(_listed([each.row for each in twice]))
            plan.mistakes += [Remark(each.row, plan.names[place_id], said) for each in twice]
    return {place_id: each[0] for place_id, each in named.items() if len(each) == 1}


def _listed(rows: Sequence[int]) -> str:
    """«2, 3 и 4»; of many rows the first ones."""
    shown = [str(row) for row in rows[:MOST_ROWS]]
    last = "другие" if len(rows) > MOST_ROWS else shown.pop()
    return f"{', '.join(shown)} и {last}"


def _values(given: Given, about: About) -> tuple[dict[int, int], list[str]]:
    """(figures by number, mistakes) of a row; an empty cell says nothing."""
    columns = headers_of(about.platform).columns
    largest = LARGEST if about.level == Level.SCHOOL else LARGEST_OF_PLACE
    values: dict[int, int] = {}
    mistakes = []
    for key, told in given.values.items():
        if key in PLACE_KEYS:
            continue
        figure = OPERATOR_FIGURE_BY_KEY[key]
        text = str(told)
        if is_error_text(text):
            mistakes.append(f"«{figure.name}»: в ячейке ошибка формулы, впишите значение.")
            continue
        value, problem = (columns[key].cleaner if about.level == Level.SCHOOL else clean_whole)(text)
        if problem is not None:
            mistakes.append(f"«{figure.name}»: {problem.message[:1].lower()}{problem.message[1:]}.")
        elif value is not None and value > largest:
            mistakes.append(f"«{figure.name}»: слишком большое число, не больше {number(largest)}.")
        elif value is not None:
            values[figure.number] = value
    return values, mistakes


# Against what is kept


def _kept(about: About, places: Places) -> dict[tuple[int, int], tuple[int, int]]:
    """(place, figure) → (value, table) of what is kept for the same week or month."""
    ledger = LEDGERS[about.level]
    rows = ledger.rows(about.week.number, about.platform.number).filter(
        **{"period": about.period, f"{ledger.place}__in": places.values("pk")}
    )
    told = rows.values_list(ledger.place, "figure", "value", "load_id")
    return {(place, figure): (value, load) for place, figure, value, load in told}


def _before(about: About, places: Places) -> dict[tuple[int, int], int]:
    """(place, figure) → value of the newest period of the same length before this one."""
    ledger = LEDGERS[about.level]
    newest = ledger.of(about.platform.number).filter(
        **{
            "period": about.period,
            f"{ledger.place}__in": places.values("pk"),
            "week__lt": about.week.number,
            "week__gte": about.week.shift(-SEARCHED_WEEKS).number,
        }
    )
    last = newest.order_by("-week").values_list("week", flat=True).first()
    if last is None:
        return {}
    told = newest.filter(week=last).values_list(ledger.place, "figure", "value")
    return {(place, figure): value for place, figure, value in told}


def _odd(place_id: int, values: Mapping[int, int], before: Mapping[tuple[int, int], int], level: Level) -> list[str]:
    """What a person should look at before such figures are taken."""
    of_key = {OPERATOR_FIGURE_BY_NUMBER[figure].key: value for figure, value in values.items()}
    said = []
    for part, whole, times in _PAIRS:
        if part in of_key and whole in of_key and of_key[part] > of_key[whole] * times:
            names = OPERATOR_FIGURE_BY_KEY[part].name, OPERATOR_FIGURE_BY_KEY[whole].name
            more = "больше, чем" if times == 1 else "в полтора с лишним раза больше, чем"
            said.append(f"«{names[0]}» {number(of_key[part])} — {more} «{names[1]}» {number(of_key[whole])}.")
    for key, value in values.items():
        old = before.get((place_id, key))
        figure = OPERATOR_FIGURE_BY_NUMBER[key]
        if (
            old is not None
            and not (figure.is_flag and level == Level.SCHOOL)
            and value > old * JUMP
            and value - old >= JUMP_FROM
        ):
            said.append(f"«{figure.name}»: было {number(old)}, стало {number(value)} — больше чем втрое.")
    return said


def counts_of(plan: Plan) -> dict[str, Any]:
    """What the journal keeps of a plan."""
    rows = Counter(remark.row for remark in plan.mistakes)
    return {
        "new": len(plan.fresh),
        "changed": len(plan.changed),
        "same": plan.same,
        "wrong": len(rows),
        "odd": len(plan.odd),
        "places": len(plan.places),
        "unknown": len(plan.unknown),
        "unknown_names": plan.unknown[:MOST_UNKNOWN],
        "stands_on": sorted(plan.stands_on),
    }
