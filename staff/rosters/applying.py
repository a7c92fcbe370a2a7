"""A confirmed plan becomes rows: staff first, then classes, pupils, representatives, in one transaction."""

import datetime
from collections.abc import Iterable
from typing import Any

from schools.models import Pupil, School
from staff.imports.plan import CHANGE, NEW
from staff.imports.roster import plain
from staff.imports.writing import Writer
from staff.rosters.kinds import CLASSES, GUARDIANS, PUPILS
from staff.rosters.plan import Plan, PlannedRow
from staff.rosters.present import GUARDIAN_FIELDS, LINK_FIELDS
from staff.rosters.writing import RosterWriter
from staff.rosters.written import Written

_OF_GUARDIAN, _OF_LINK = frozenset(GUARDIAN_FIELDS), frozenset(LINK_FIELDS)


def write_plan(school: School, plan: Plan, *, today: datetime.date, left_on: datetime.date) -> Written:
    """Write every row that does not wait; those a full list leaves out leave on `left_on`.

    The caller holds the transaction and the school's lock, and knows that the plan's stamp is the present one.
    """
    writer = RosterWriter(school, plan.year)
    newcomers = _write_staff(school, plan, writer, today)
    _write_classes(plan, writer, newcomers)
    pupils = _write_pupils(plan, writer, left_on)
    _write_guardians(plan.rows[GUARDIANS], writer, pupils)
    return writer.written


def _write_staff(school: School, plan: Plan, writer: RosterWriter, today: datetime.date) -> dict[str, int]:
    """Write the sheet of staff by its own writer; return row of the file → id of the new person."""
    if plan.staff is None:
        return {}
    staff = Writer(school, today)
    changed = [row for row in plan.staff.rows if row.action == CHANGE and row.staff_id is not None]
    staff.change({row.staff_id: {key: new for key, (_, new) in row.changes.items()} for row in changed})  # type: ignore[misc]
    fresh = [row for row in plan.staff.rows if row.action == NEW]
    staff.create([row.values for row in fresh])
    written = vars(staff.written)
    keyed = {name: {str(key): value for key, value in written[name].items()} for name in ("accounts", "classes")}
    writer.written.staff = written | keyed
    return {str(row.row): pk for row, pk in zip(fresh, staff.written.created, strict=True)}


def _write_classes(plan: Plan, writer: RosterWriter, newcomers: dict[str, int]) -> None:
    rows = plan.rows[CLASSES]
    changes = {row.id: _new(row) for row in rows if row.action == CHANGE and row.id is not None}
    writer.change_classes({pk: {key: new[key] for key in new if key != "teachers"} for pk, new in changes.items()})
    there = set(writer.class_ids)  # the sheet of staff may have brought some
    named = {row.values["class_name"]: row.values for row in rows if row.action == NEW}
    made: dict[str, dict[str, Any]] = {name: {"class_name": name} for name in plan.made_classes} | named
    writer.make_classes([values for name, values in made.items() if name not in there])
    told = {name: values["declared_pupils"] for name, values in named.items() if values.get("declared_pupils")}
    writer.change_classes({writer.class_ids[name]: {"declared_pupils": told[name]} for name in there & told.keys()})
    teachers: dict[int, list[int]] = {}
    for row in rows:
        if row.action in (NEW, CHANGE) and "teachers" in row.refs:
            pk = row.id or writer.class_ids[row.values["class_name"]]
            teachers[pk] = [newcomers[ref] if isinstance(ref, str) else ref for ref in row.refs["teachers"]]
    writer.lead(teachers)


def _write_pupils(plan: Plan, writer: RosterWriter, left_on: datetime.date) -> dict[str, int]:
    """Return the mark of each new row → the pupil's id."""
    rows = plan.rows[PUPILS]
    changes = {row.id: _new(row) for row in rows if row.action == CHANGE and row.id is not None}
    writer.change_pupils(changes | _leaving(plan, left_on))
    fresh = [row for row in rows if row.action == NEW]
    ids = writer.make_pupils([row.values for row in fresh])
    return {row.mark: pk for row, pk in zip(fresh, ids, strict=True)}


def _leaving(plan: Plan, left_on: datetime.date) -> dict[int, dict[str, Any]]:
    """Who has not begun yet leaves on the day they were to begin."""
    ids = [pk for pk, _ in plan.leaving]
    later = dict(Pupil.objects.filter(pk__in=ids, enrolled_on__gt=left_on).values_list("pk", "enrolled_on"))
    return {pk: {"left_on": plain(later.get(pk, left_on))} for pk in ids}


def _write_guardians(rows: list[PlannedRow], writer: RosterWriter, pupils: dict[str, int]) -> None:
    fresh: dict[str, dict[str, Any]] = {}
    known: dict[int, dict[str, Any]] = {}
    for row in rows:
        if row.action not in (NEW, CHANGE):
            continue
        ref = row.refs["guardian"]
        brought = row.values if row.values and not row.changes else _of(row, _OF_GUARDIAN)
        if isinstance(ref, str):
            fresh[ref] = fresh[ref] | brought if ref in fresh else brought
        elif row.changes:
            known[ref] = known.get(ref, {}) | brought
    writer.change_guardians(known)
    guardians = dict(zip(fresh, writer.make_guardians(fresh.values()), strict=True))
    linked = [row for row in rows if row.action == NEW]
    writer.make_links(
        (_id(row.refs["pupil"], pupils), _id(row.refs["guardian"], guardians), row.values) for row in linked
    )
    writer.change_links(
        {row.id: new for row in rows if row.action == CHANGE and row.id is not None and (new := _of(row, _OF_LINK))}
    )


def _of(row: PlannedRow, keys: Iterable[str]) -> dict[str, Any]:
    """What a row brings for some of its fields, whether as values or as changes."""
    whole = row.values | _new(row)
    return {key: whole[key] for key in keys if key in whole}


def _new(row: PlannedRow) -> dict[str, Any]:
    return {key: new for key, (_, new) in row.changes.items()}


def _id(ref: int | str, made: dict[str, int]) -> int:
    return made[ref] if isinstance(ref, str) else ref
