"""A plan of a roster as the bytes kept with the upload."""

from typing import Any

from staff.imports.stored import pack, pack_plan, unpack, unpack_plan
from staff.rosters.plan import KINDS, Plan, PlannedRow
from staff.rosters.records import Mistake

Stored = bytes | memoryview | None


def pack_roster(plan: Plan) -> bytes:
    """Return a plan as bytes."""
    whole: dict[str, Any] = {kind: [_packed(row) for row in plan.rows[kind]] for kind in KINDS}
    whole |= {
        "year": plan.year,
        "stamp": plan.stamp,
        "made_classes": plan.made_classes,
        "leaving": plan.leaving,
        "here": plan.here,
        "sheets": plan.sheets,
        "said": plan.said,
        "staff": pack_plan(plan.staff).hex() if plan.staff else "",
    }
    return pack(whole)


def _packed(row: PlannedRow) -> tuple[Any, ...]:
    mistakes = [tuple(one) for one in row.mistakes]
    return row.sheet, row.row, row.action, row.title, row.id, row.values, row.changes, row.refs, mistakes


def unpack_roster(data: Stored) -> Plan:
    """Return the plan behind `pack_roster`'s bytes."""
    stored = unpack(data)
    rows = {kind: [_row(cells) for cells in stored[kind]] for kind in KINDS}
    leaving = [(pupil, title) for pupil, title in stored["leaving"]]
    staff = unpack_plan(bytes.fromhex(stored["staff"])) if stored["staff"] else None
    plain = {key: stored[key] for key in ("year", "stamp", "made_classes", "here", "sheets", "said")}
    return Plan(rows=rows, leaving=leaving, staff=staff, **plain)


def _row(cells: list[Any]) -> PlannedRow:
    sheet, row, action, title, row_id, values, changes, refs, mistakes = cells
    return PlannedRow(sheet, row, action, title, row_id, values, changes, refs, [Mistake(*one) for one in mistakes])
