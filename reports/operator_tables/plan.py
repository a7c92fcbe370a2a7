"""What a table of figures would do: each figure is new, another than before, or as it is; and what looks odd."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson
from django.db.models import QuerySet

from reports.models import SchoolFigure
from reports.models.figures import LARGEST
from reports.operator_figures import OPERATOR_FIGURE_BY_KEY, OPERATOR_FIGURE_BY_NUMBER
from reports.operator_tables.columns import SCHOOL_KEYS, headers_of
from reports.weeks import IsoWeek
from schools.codes import fold
from schools.models import School
from schools.platforms import Platform
from schools.sheets import is_error_text

JUMP, JUMP_FROM = 3, 20  # times the previous period, and by how many at least: nine after two is no jump
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


@dataclass(frozen=True, slots=True)
class About:
    """What a table speaks of: the platform, the week (of a month its last day's), and whether it is a month."""

    platform: Platform
    week: IsoWeek
    period: int


@dataclass(frozen=True, slots=True)
class Given:
    """A row as it came: its number, whom it names, and figures as texts or numbers by key."""

    number: int
    code: str
    name: str
    values: Mapping[str, str | int]


@dataclass(frozen=True, slots=True)
class Change:
    """One figure of a school against what is kept: `old` is None where nothing is."""

    row: int
    school_id: int
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
    schools: set[int] = field(default_factory=set)
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
        told = [[c.school_id, c.figure, c.old, c.new] for c in self.changes]
        return hashlib.sha256(orjson.dumps([told, [each.text for each in self.odd]])).hexdigest()[:32]


def make_plan(rows: Iterable[Given], about: About, schools: "QuerySet[School]") -> Plan:
    """Plan rows against the schools they may speak of; four queries, however many rows there are."""
    plan = Plan()
    found = _found(rows, Register(schools), about, plan)
    kept = _kept(about, schools)
    before = _before(about, schools) if found else {}
    for school_id, (row, values) in found.items():
        plan.schools.add(school_id)
        for figure, value in values.items():
            _compare(plan, row, (school_id, figure, value), kept)
        plan.odd += [Remark(row, plan.names[school_id], text) for text in _odd(school_id, values, before)]
    return plan


def _compare(plan: Plan, row: int, told: tuple[int, int, int], kept: Mapping[tuple[int, int], tuple[int, int]]) -> None:
    school_id, figure, value = told
    old, load = kept.get((school_id, figure), (None, None))
    if load is not None:
        plan.stands_on.add(load)
    if old == value:
        plan.same += 1
    else:
        plan.changes.append(Change(row, school_id, figure, old, value, load))


# Whose rows


class Register:
    """The schools that rows may speak of, by code, by ИНН, by name; one query."""

    def __init__(self, schools: "QuerySet[School]") -> None:
        self.by_code: dict[str, list[School]] = defaultdict(list)
        self.by_name: dict[str, list[School]] = defaultdict(list)
        for school in schools.only("pk", "code", "inn", "short_name", "full_name"):
            for code in {school.code, school.inn} - {""}:
                self.by_code[code].append(school)
            for name in {fold(school.short_name), fold(school.full_name)}:
                self.by_name[name].append(school)

    def find(self, code: str, name: str) -> tuple[School | None, str]:
        """(the school, what is wrong): several that fit are a mistake with hints, never a guess."""
        key = code.removesuffix(".0").strip()
        found = self.by_code.get(key, []) if key else self.by_name.get(fold(name), [])
        if key and len(found) > 1 and name:  # branches share an ИНН
            found = [
                school for school in found if fold(name) in {fold(school.short_name), fold(school.full_name)}
            ] or found
        if len(found) == 1:
            return found[0], ""
        if found:
            hints = ", ".join(f"{school.code} — {school.short_name}" for school in found[:3])
            return None, f"Таких школ несколько: впишите код одной из них ({hints})."
        if not key and not name:
            return None, "Впишите код или название школы."
        if key:
            return None, "Школы с таким кодом или ИНН среди ваших нет: проверьте код."
        return None, f"Школы с таким названием среди ваших нет: впишите её код.{self._hint(name)}"

    def _hint(self, name: str) -> str:
        digits = {word for word in fold(name).replace("№", " ").split() if word.isdigit()}
        alike = [] if not digits else [each for key, each in self.by_name.items() if digits & set(key.split())]
        codes = {school.code: school.short_name for group in alike for school in group}
        shown = ", ".join(f"{code} — {title}" for code, title in sorted(codes.items())[:3])
        return f" Похожие: {shown}." if shown else ""


def _found(
    rows: Iterable[Given], register: Register, about: About, plan: Plan
) -> dict[int, tuple[int, dict[int, int]]]:
    """School → (row, figures) of the rows without a mistake; a school named twice waits in both rows."""
    named: dict[int, list[tuple[int, dict[int, int]]]] = defaultdict(list)
    for given in rows:
        subject = given.name or given.code
        school, wrong = register.find(given.code, given.name)
        values, mistakes = _values(given, about.platform)
        if school is None and not values and not mistakes:
            continue  # a heading of a group among the rows
        plan.mistakes += [Remark(given.number, subject, text) for text in [wrong, *mistakes] if text]
        if school is not None and not mistakes and values:
            plan.names[school.pk] = school.short_name
            named[school.pk].append((given.number, values))
    for school_id, twice in named.items():
        if len(twice) > 1:
            numbers = " и ".join(str(row) for row, _ in twice[:3])
            said = f"Школа названа несколько раз: строки {numbers}. Оставьте одну из них."
            plan.mistakes += [Remark(row, plan.names[school_id], said) for row, _ in twice]
    return {school_id: each[0] for school_id, each in named.items() if len(each) == 1}


def _values(given: Given, platform: Platform) -> tuple[dict[int, int], list[str]]:
    """(figures by number, mistakes) of a row; an empty cell says nothing."""
    columns = headers_of(platform).columns
    values: dict[int, int] = {}
    mistakes = []
    for key, told in given.values.items():
        if key in SCHOOL_KEYS:
            continue
        figure = OPERATOR_FIGURE_BY_KEY[key]
        text = str(told)
        if is_error_text(text):
            mistakes.append(f"«{figure.name}»: в ячейке ошибка формулы, впишите значение.")
            continue
        value, problem = columns[key].cleaner(text)
        if problem is not None:
            mistakes.append(f"«{figure.name}»: {problem.message[:1].lower()}{problem.message[1:]}.")
        elif value is not None and value > LARGEST:
            mistakes.append(f"«{figure.name}»: столько не бывает, проверьте число.")
        elif value is not None:
            values[figure.number] = value
    return values, mistakes


# Against what is kept


def _kept(about: About, schools: "QuerySet[School]") -> dict[tuple[int, int], tuple[int, int]]:
    """(school, figure) → (value, table) of what is kept for the same week or month."""
    rows = SchoolFigure.objects.filter(
        week=about.week.number, period=about.period, platform=about.platform.number, school__in=schools
    )
    told = rows.values_list("school_id", "figure", "value", "load_id")
    return {(school, figure): (value, load) for school, figure, value, load in told}


def _before(about: About, schools: "QuerySet[School]") -> dict[tuple[int, int], int]:
    """(school, figure) → value of the newest period of the same length before this one."""
    newest = SchoolFigure.objects.filter(
        platform=about.platform.number,
        period=about.period,
        school__in=schools,
        week__lt=about.week.number,
        week__gte=about.week.shift(-SEARCHED_WEEKS).number,
    )
    last = newest.order_by("-week").values_list("week", flat=True).first()
    if last is None:
        return {}
    told = newest.filter(week=last).values_list("school_id", "figure", "value")
    return {(school, figure): value for school, figure, value in told}


def _odd(school_id: int, values: Mapping[int, int], before: Mapping[tuple[int, int], int]) -> list[str]:
    """What a person should look at before such figures are taken."""
    of_key = {OPERATOR_FIGURE_BY_NUMBER[number].key: value for number, value in values.items()}
    said = []
    for part, whole, times in _PAIRS:
        if part in of_key and whole in of_key and of_key[part] > of_key[whole] * times:
            names = OPERATOR_FIGURE_BY_KEY[part].name, OPERATOR_FIGURE_BY_KEY[whole].name
            more = "больше, чем" if times == 1 else "в полтора с лишним раза больше, чем"
            said.append(f"«{names[0]}» {of_key[part]} — {more} «{names[1]}» {of_key[whole]}.")
    for number, value in values.items():
        old = before.get((school_id, number))
        figure = OPERATOR_FIGURE_BY_NUMBER[number]
        if old is not None and not figure.is_flag and value > old * JUMP and value - old >= JUMP_FROM:
            said.append(f"«{figure.name}»: было {old}, стало {value} — больше чем втрое.")
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
        "schools": len(plan.schools),
        "stands_on": sorted(plan.stands_on),
    }
