"""A register of schools: bytes → rows → the plan of what it would do to a region."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from schools import registers
from schools.codes import Problem, fold
from schools.models import Municipality, Region, School
from schools.place_names import Territories
from schools.register.reading import Located, Record, read_register, refuse_other_regions
from schools.register.standing import settle_status
from schools.titles import kind_of, short_name_of

NEW, CHANGE, SAME, WAIT = "new", "change", "same", "wait"
PLAIN_FIELDS = (
    "full_name", "short_name", "kind", "inn", "kpp", "ogrn", "oktmo", "address", "phone", "email",
    "website", "director_name", "declared_teachers", "declared_classes", "declared_pupils", "external_id", "opened_on",
    "closed_on",
)  # fmt: skip
LONGEST = {"municipality": 150, "director_name": 150}


@dataclass(slots=True)
class RegisterRow:
    """What would happen to one row: a new school, changes (field → (old, new)) of a known one, or nothing yet."""

    row: int
    action: str
    title: str
    values: dict[str, Any]
    school_id: int | None = None
    changes: dict[str, tuple[Any, Any]] = field(default_factory=dict)
    problems: list[Located] = field(default_factory=list)
    is_branch: bool = False


@dataclass(slots=True)
class RegisterPlan:
    """What a register would do to a region; its counts are those of the commit."""

    rows: list[RegisterRow]
    new_municipalities: list[str]
    said: list[str]

    @property
    def counts(self) -> Counter[str]:
        """Rows by action."""
        return Counter(row.action for row in self.rows)


def plan_register(region: Region, data: bytes, *, mapping: Mapping[str, str] | None = None) -> RegisterPlan:
    """Return what a register would do to a region; `mapping` is heading → key, a person's word about columns.

    Raises RegisterRefused when the file cannot be read as one.
    """
    reading = read_register(data, headings=mapping)
    said = reading.said + refuse_other_regions(reading.records, region.code)
    planner = _Planner(region)
    rows = [planner.row(record) for record in reading.records]
    planner.refuse_shared_codes(rows)
    return RegisterPlan(rows=rows, new_municipalities=planner.new_municipalities, said=said)


class _Planner:
    """Recognises schools of a region by (ИНН, КПП), ОГРН, number in the register, then by name within the territory."""

    def __init__(self, region: Region) -> None:
        self.region = region
        self.schools = list(School.objects.filter(region=region).select_related("municipality", "parent"))
        self.today = timezone.localdate()
        ours = Municipality.objects.filter(region=region, closed_on=None).order_by("pk")
        self.known = Territories(ours.values_list("name", flat=True))
        self.met = Territories()
        self.new_municipalities: list[str] = []
        self.index: dict[tuple[str, ...], School] = {}
        self.taken: dict[tuple[str, ...], int] = {}
        self.found: dict[int, int] = {}  # school → row
        self.by_id = {school.pk: school for school in self.schools}
        self.elsewhere, self.heads_elsewhere = codes_elsewhere(region)
        for school in sorted(self.schools, key=lambda one: (one.closed_on is None, -one.pk)):
            place = school.municipality.name_key if school.municipality else ""
            for key in _keys(
                _facts(school), place, is_branch=says_branch(_facts(school)) or school.parent_id is not None
            ):
                self.index[key] = school

    def row(self, record: Record) -> RegisterRow:
        """Plan one row of the register."""
        values = record.values
        row = RegisterRow(record.row, WAIT, values["short_name"], values, problems=record.problems)
        row.is_branch = says_branch(values)
        values["municipality"] = self._territory(values.get("municipality") or "")
        keys = _keys(values, fold(values["municipality"]), is_branch=row.is_branch)
        school = self._school(keys, values)
        settle_status(
            record, known=school is not None, closed_on=school.closed_on if school else None, today=self.today
        )
        self._refuse_repeated(record, keys, school)
        refuse_long(record)
        if record.is_mistaken:
            return row
        self.taken.update(dict.fromkeys(keys, row.row))
        changes = _changes(school, values) if school else {}
        if _closes_too_early(values, school):
            record.wrong("closed_on", "closed_before_opened", "Закрыта раньше, чем открыта: проверьте даты")
            return row
        row.changes = changes
        row.action = NEW if school is None else CHANGE if changes else SAME
        if school is not None:
            row.school_id = school.pk
            self.found[school.pk] = row.row
        return row

    def _territory(self, name: str) -> str:
        """The territory a text means, ours or one met earlier in the file, under the spelling it has there."""
        found = self.known.find(name) or self.met.find(name)
        if name and found is None:
            self.met.add(name)
        return found or name

    def _refuse_repeated(self, record: Record, keys: list[tuple[str, ...]], school: School | None) -> None:
        own = keys if len(keys) == 1 else keys[:-1]  # a name tells schools apart only where there is nothing surer
        earlier = next((self.taken[key] for key in own if key in self.taken), None) or (
            school and self.found.get(school.pk)
        )
        if earlier is not None:
            message = f"Та же школа уже есть в строке {earlier}. Оставьте одну из двух"
            record.wrong("full_name", "twice", message)

    def _school(self, keys: list[tuple[str, ...]], values: Mapping[str, Any]) -> School | None:
        """The school of a row; one known by its name only must not have other codes."""
        for key in keys:
            school = self.index.get(key)
            if school is None or (key[0] == "name" and school.pk in self.found):
                continue
            if key[0] != "name" or not _codes_differ(_facts(school), values):
                return school
        return None

    def refuse_shared_codes(self, rows: list[RegisterRow]) -> None:
        """Let wait the rows whose codes another school holds, here or in another region, then note new territories."""
        while True:
            heads = self._heads(rows)
            for row in rows:
                row.is_branch = row.is_branch and any(code in heads for code in head_codes(row.values))
            held = Counter(code for row in self._after(rows) for code in row)
            held.update(dict.fromkeys(self.elsewhere, 1))
            clashing = [
                row
                for row in rows
                if row.action in {NEW, CHANGE}
                and any(held[code] > 1 for code in unique_codes(*self._facts_after(row)))
                and (row.action == NEW or {"inn", "kpp", "ogrn", "closed_on"} & row.changes.keys())
            ]
            if not clashing:
                break
            for row in clashing:
                row.action, row.changes = WAIT, {}
                message = "Школа с такими ИНН и КПП или ОГРН уже есть в другой строке или регионе: проверьте коды"
                row.problems.append((f"A{row.row}", Problem("mistake", "codes_taken", message)))
        for row in rows:
            if row.action != WAIT:
                self._note_municipality(row.values.get("municipality") or "")

    def _heads(self, rows: list[RegisterRow]) -> set[str]:
        """ИНН and ОГРН of schools that are no branches, once the rows are written."""
        known = [_facts(school) for school in self.schools if school.parent_id is None]
        fresh = [row.values for row in rows if row.action == NEW and not row.is_branch]
        heads = {facts[key] for facts in known + fresh for key in ("inn", "ogrn") if facts.get(key)}
        return heads | self.heads_elsewhere

    def _after(self, rows: list[RegisterRow]) -> Sequence[Sequence[tuple[str, ...]]]:
        """The unique codes of every school of the region once the rows are written."""
        changed = {row.school_id: row for row in rows if row.action == CHANGE}
        kept = [
            unique_codes(_facts(school), school.parent_id is not None)
            for school in self.schools
            if school.pk not in changed
        ]
        return kept + [unique_codes(*self._facts_after(row)) for row in rows if row.action in {NEW, CHANGE}]

    def _facts_after(self, row: RegisterRow) -> tuple[dict[str, Any], bool]:
        school = self.by_id.get(row.school_id or 0)
        if school is None:
            return row.values, row.is_branch
        return _facts(school) | {key: new for key, (_, new) in row.changes.items()}, school.parent_id is not None

    def _note_municipality(self, name: str) -> None:
        if name and self.known.find(name) is None and name not in self.new_municipalities:
            self.new_municipalities.append(name)


def refuse_long(record: Record) -> None:
    """Let wait what no field of ours holds; a name's search key may be longer than the name itself."""
    for key, longest in LONGEST.items():
        text = record.values.get(key) or ""
        if max(len(text), len(fold(text))) > longest:
            name = registers.COLUMN_BY_KEY[key].header
            record.wrong(key, "long", f"{name}: слишком длинно, оставьте не больше {longest} знаков")


def _closes_too_early(values: Mapping[str, Any], school: School | None) -> bool:
    opened, closed = (
        values.get(key) or (getattr(school, key) if school else None) for key in ("opened_on", "closed_on")
    )
    return bool(opened and closed and closed < opened)


def codes_elsewhere(region: Region) -> tuple[set[tuple[str, ...]], set[str]]:
    """The unique codes that schools of other regions hold, and the ИНН and ОГРН of those that are no branches."""
    held: set[tuple[str, ...]] = set()
    heads: set[str] = set()
    fields = ("inn", "kpp", "ogrn", "closed_on", "parent")
    for inn, kpp, ogrn, closed_on, parent in School.objects.exclude(region=region).values_list(*fields):
        facts = {"inn": inn, "kpp": kpp, "ogrn": ogrn, "closed_on": closed_on}
        held.update(unique_codes(facts, parent is not None))
        heads.update(code for code in (inn, ogrn) if code and parent is None)
    return held, heads


def unique_codes(facts: Mapping[str, Any], is_branch: bool) -> list[tuple[str, ...]]:
    """What no two schools may share (constraints of School)."""
    codes: list[tuple[str, ...]] = []
    if facts.get("inn") and facts.get("kpp"):
        codes.append(("inn", facts["inn"], facts["kpp"]))
    if facts.get("ogrn") and not is_branch and not facts.get("closed_on"):
        codes.append(("ogrn", facts["ogrn"]))
    return codes


def says_branch(values: Mapping[str, Any]) -> bool:
    """Whether a row is a branch: it says so, or its КПП gives another reason of registration than 01, the head's."""
    if values.get("is_branch") is not None:
        return bool(values["is_branch"])
    return bool(values.get("parent_inn")) or (values.get("kpp") or "____01___")[4:6] != "01"


def _codes_differ(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    return any(
        one.get(key) and other.get(key) and one[key] != other[key] for key in ("inn", "kpp", "ogrn", "external_id")
    )


def _facts(school: School) -> dict[str, Any]:
    return {key: getattr(school, key) for key in PLAIN_FIELDS}


def _keys(values: Mapping[str, Any], place: str, *, is_branch: bool) -> list[tuple[str, ...]]:
    """What a school is recognised by, the surest first; a branch shares ИНН and ОГРН with its head."""
    keys: list[tuple[str, ...]] = []
    if values.get("inn") and values.get("kpp"):
        keys.append(("inn", values["inn"], values["kpp"]))
    if values.get("ogrn") and not is_branch:
        keys.append(("ogrn", values["ogrn"]))
    if values.get("external_id"):
        keys.append(("id", values["external_id"]))
    keys.append(("name", fold(values["full_name"]), place))
    return keys


def _changes(school: School, values: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """Field → (ours, theirs) for what the register says otherwise; an empty cell says nothing.

    What we make of the full name ourselves (short name, kind) follows it only until a person has put it right.
    """
    changes: dict[str, tuple[Any, Any]] = {}
    ours_made = {"short_name": short_name_of(school.full_name), "kind": kind_of(school.full_name)}
    for key in PLAIN_FIELDS:
        value = values.get(key)
        if key not in values["given"] and ours_made.get(key) != getattr(school, key):
            continue
        if value not in (None, "") and value != getattr(school, key):
            changes[key] = (getattr(school, key), value)
    name = values.get("municipality") or ""
    ours = school.municipality.name if school.municipality else ""
    if name and fold(name) != fold(ours):
        changes["municipality"] = (ours, name)
    return changes


def head_codes(values: Mapping[str, Any]) -> list[str]:
    """By what a branch finds its head: the head's ИНН, else its own ИНН or ОГРН, which it shares with the head."""
    return [code for code in (values.get("parent_inn"), values.get("inn"), values.get("ogrn")) if code]
