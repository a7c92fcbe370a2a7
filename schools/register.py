"""Taking a register of schools into a region: rows → plan → apply. Running it again changes nothing."""

import datetime
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils import timezone

from schools import registers
from schools.codes import Problem, fold
from schools.headers import HeaderMatch, column_letter
from schools.models import Municipality, Region, RegisterImport, School, User
from schools.models.files import fingerprint, printable_name
from schools.models.places import MunicipalityKind, name_key
from schools.sheets import Sheet, SheetError, read_workbook

NEW, CHANGE, SAME, WAIT = "new", "change", "same", "wait"
PLAIN_FIELDS = (
    "full_name", "short_name", "kind", "inn", "kpp", "ogrn", "oktmo", "address", "phone", "email",
    "website", "director_name", "declared_teachers", "declared_classes", "declared_pupils", "external_id", "opened_on", "closed_on",
)  # fmt: skip
DECLARED = frozenset({"declared_teachers", "declared_classes", "declared_pupils"})


class RegisterRefused(Exception):
    """The file is no register that can be read; the text is a Russian sentence that says what to do."""


@dataclass(slots=True)
class RegisterRow:
    """What would happen to one row: a new school, changes (field → (old, new)) of a known one, or nothing yet."""

    row: int
    action: str
    title: str
    values: dict[str, Any]
    school_id: int | None = None
    changes: dict[str, tuple[Any, Any]] = field(default_factory=dict)
    problems: list[tuple[str, Problem]] = field(default_factory=list)  # (cell address, problem)


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


def read_register(data: bytes, *, mapping: Mapping[str, str] | None = None) -> tuple[Sheet, HeaderMatch, list[str]]:
    """Read bytes as a register: the sheet, its header and Russian sentences worth saying.

    `mapping` is heading → key of `registers.COLUMNS`, a person's word about columns.
    Raises RegisterRefused.
    """
    try:
        book = read_workbook(data)
    except SheetError as error:
        raise RegisterRefused(error.message) from error
    best: tuple[Sheet, HeaderMatch] | None = None
    for sheet in book.sheets:
        match = registers.match_headers(sheet.rows, _indexes(sheet, mapping or {}))
        if best is None or (match.is_usable, len(match.columns)) > (best[1].is_usable, len(best[1].columns)):
            best = sheet, match
    if best is None:
        raise RegisterRefused("В файле нет ни одного листа с данными.")
    if not best[1].is_usable:
        raise RegisterRefused(" ".join(problem.message for problem in best[1].problems))
    said = [problem.message for problem in best[1].problems]
    return best[0], best[1], [*book.notes, *said]


def _indexes(sheet: Sheet, mapping: Mapping[str, str]) -> dict[int, str] | None:
    """Column indexes of the headings a person named."""
    wanted = {fold(heading): key for heading, key in mapping.items()}
    found = {
        index: wanted[fold(cell)] for row in sheet.rows[:30] for index, cell in enumerate(row) if fold(cell) in wanted
    }
    return found or None


def plan_register(region: Region, data: bytes, *, mapping: Mapping[str, str] | None = None) -> RegisterPlan:
    """Return what a register would do to a region.

    Raises RegisterRefused when the file cannot be read as one.
    """
    sheet, match, said = read_register(data, mapping=mapping)
    planner = _Planner(region)
    rows = [planner.row(*record) for record in _records(sheet, match)]
    return RegisterPlan(rows=rows, new_municipalities=planner.new_municipalities, said=said)


def _records(sheet: Sheet, match: HeaderMatch) -> Sequence[tuple[int, dict[str, Any], list[tuple[str, Problem]]]]:
    """(Excel row, typed values, problems by cell address) of every row that holds something."""
    letters = {key: column_letter(sheet.first_column + index) for index, key in match.columns.items()}
    records = []
    for number, cells in enumerate(sheet.rows[match.first_data_row :], start=sheet.first_row + match.first_data_row):
        texts = {key: cells[index] for index, key in match.columns.items() if index < len(cells)}
        if not any(texts.values()) or match.repeats_header(cells):
            continue
        values, problems = registers.clean_record(texts)
        records.append((number, values, [(f"{letters.get(key, 'A')}{number}", problem) for key, problem in problems]))
    return records


class _Planner:
    """Recognises schools of a region by (ИНН, КПП), ОГРН, number in the register, then by name within the territory."""

    def __init__(self, region: Region) -> None:
        self.region = region
        self.schools = list(School.objects.filter(region=region).select_related("municipality", "parent"))
        self.municipalities = {
            municipality.name_key: municipality
            for municipality in Municipality.objects.filter(region=region, closed_on=None)
        }
        self.new_municipalities: list[str] = []
        self.index: dict[tuple[str, ...], School] = {}
        self.taken: dict[tuple[str, ...], int] = {}
        for school in sorted(self.schools, key=lambda one: (one.closed_on is None, -one.pk)):
            place = school.municipality.name_key if school.municipality else ""
            for key in _keys(_facts(school), place, is_branch=school.parent_id is not None):
                self.index[key] = school

    def row(self, number: int, values: dict[str, Any], problems: list[tuple[str, Problem]]) -> RegisterRow:
        """Plan one row of the register."""
        row = RegisterRow(row=number, action=WAIT, title=values["short_name"], values=values, problems=problems)
        place = fold(values.get("municipality") or "")
        keys = _keys(values, place, is_branch=bool(values.get("is_branch")))
        earlier = next((self.taken[key] for key in keys if key in self.taken), None)
        if earlier is not None:
            problem = Problem("mistake", "twice", f"Та же школа уже есть в строке {earlier}. Оставьте одну из двух")
            row.problems.append((f"A{number}", problem))
        if any(problem.severity == "mistake" for _, problem in row.problems):
            return row
        self.taken.update(dict.fromkeys(keys, number))
        self._note_municipality(values.get("municipality") or "")
        school = next((self.index[key] for key in keys if key in self.index), None)
        if school is None:
            row.action = NEW
            return row
        row.school_id = school.pk
        row.changes = _changes(school, values)
        row.action = CHANGE if row.changes else SAME
        return row

    def _note_municipality(self, name: str) -> None:
        if name and fold(name) not in self.municipalities and name not in self.new_municipalities:
            self.new_municipalities.append(name)


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
    if not keys:
        keys.append(("name", fold(values["full_name"]), place))
    return keys


def _changes(school: School, values: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """Field → (ours, theirs) for what the register says otherwise; an empty cell says nothing."""
    changes: dict[str, tuple[Any, Any]] = {}
    for key in PLAIN_FIELDS:
        value = values.get(key)
        if value not in (None, "") and value != getattr(school, key):
            changes[key] = (getattr(school, key), value)
    name = values.get("municipality") or ""
    ours = school.municipality.name if school.municipality else ""
    if name and fold(name) != fold(ours):
        changes["municipality"] = (ours, name)
    return changes


def municipality_kind(name: str) -> str:
    """Guess the type of a territory from its name."""
    folded = fold(name)
    for words, kind in (
        ("административный округ", MunicipalityKind.CITY_OKRUG),
        ("муниципальный район", MunicipalityKind.DISTRICT),
        ("муниципальный округ", MunicipalityKind.OKRUG),
        ("городской округ", MunicipalityKind.CITY),
        ("район", MunicipalityKind.DISTRICT),
        ("округ", MunicipalityKind.OKRUG),
    ):
        if words in folded:
            return kind
    return MunicipalityKind.OTHER


@transaction.atomic
def apply_register(
    region: Region, data: bytes, *, shown_name: str, by: User | None, mapping: Mapping[str, str] | None = None
) -> RegisterPlan:
    """Write a register into a region and log it; the plan is made anew under the region's lock.

    Raises RegisterRefused; then nothing is written.
    """
    region = Region.objects.select_for_update().get(pk=region.pk)
    plan = plan_register(region, data, mapping=mapping)
    _write(region, plan)
    counts = plan.counts
    if counts[NEW] or counts[CHANGE]:
        RegisterImport.objects.create(
            region=region,
            shown_name=printable_name(shown_name),
            sha256=fingerprint(data),
            rows_read=len(plan.rows),
            schools_added=counts[NEW],
            schools_changed=counts[CHANGE],
            rows_refused=counts[WAIT],
            created_by=by,
        )
    return plan


def _write(region: Region, plan: RegisterPlan) -> None:
    places = {one.name_key: one for one in Municipality.objects.filter(region=region, closed_on=None)}
    for name in plan.new_municipalities:
        made = Municipality(region=region, name=name, kind=municipality_kind(name))
        made.save()
        places[made.name_key] = made
    fresh = [_new_school(region, row.values, places) for row in plan.rows if row.action == NEW]
    for school, code in zip(fresh, new_codes(region, len(fresh)), strict=True):
        school.code = code
    School.objects.bulk_create(fresh, batch_size=1000)
    _link_branches(region, plan)
    changed = [row for row in plan.rows if row.action == CHANGE]
    known = School.objects.in_bulk([row.school_id for row in changed])
    for row in changed:
        _update(known[row.school_id or 0], row, places)
    School.objects.bulk_update(
        known.values(), [*PLAIN_FIELDS, "municipality", "name_key", "declared_on"], batch_size=500
    )


def _new_school(region: Region, values: Mapping[str, Any], places: Mapping[str, Municipality]) -> School:
    given = {key: values[key] for key in PLAIN_FIELDS if values.get(key) not in (None, "")}
    school = School(region=region, municipality=places.get(fold(values.get("municipality") or "")), **given)
    school.name_key = name_key(school.short_name, school.full_name)
    if DECLARED & set(given):
        school.declared_on = last_declaration(timezone.localdate())
    return school


def last_declaration(today: datetime.date) -> datetime.date:
    """Return the day of the latest ОО-1: 20 September of the school year (domain.md 1.3)."""
    return datetime.date(today.year if (today.month, today.day) >= (9, 20) else today.year - 1, 9, 20)


def _update(school: School, row: RegisterRow, places: Mapping[str, Municipality]) -> None:
    for key, (_, value) in row.changes.items():
        if key == "municipality":
            school.municipality = places[fold(value)]
        else:
            setattr(school, key, value)
    if DECLARED & set(row.changes):
        school.declared_on = last_declaration(timezone.localdate())
    school.name_key = name_key(school.short_name, school.full_name)


def _link_branches(region: Region, plan: RegisterPlan) -> None:
    """Join new branches to their heads by the head's ИНН."""
    for row in plan.rows:
        head_inn = row.values.get("parent_inn") or (row.values.get("inn") if row.values.get("is_branch") else "")
        if row.action == NEW and head_inn and row.values.get("kpp"):
            head = (
                School.objects.filter(region=region, inn=head_inn, parent=None).exclude(kpp=row.values["kpp"]).first()
            )
            School.objects.filter(region=region, inn=row.values.get("inn", ""), kpp=row.values["kpp"]).update(
                parent=head
            )


def new_codes(region: Region, count: int) -> list[str]:
    """Return codes «78-00001» that no school of the region has; the region's row must be locked."""
    last = 0
    for code in School.objects.filter(region=region, code__startswith=f"{region.code}-").values_list("code", flat=True):
        tail = code.partition("-")[2]
        last = max(last, int(tail)) if tail.isdecimal() else last
    return [f"{region.code}-{number:05d}" for number in range(last + 1, last + 1 + count)]
