"""A plan of chats as the bytes kept with the upload."""

import datetime
from typing import Any

from chats.talks.sheet.plan import Plan, PlannedRow
from chats.talks.sheet.records import Mistake
from staff.imports.stored import pack, unpack

Stored = bytes | memoryview | None


def pack_plan(plan: Plan) -> bytes:
    """Return a plan as bytes."""
    rows = [[*_cells(row), [tuple(one) for one in row.mistakes]] for row in plan.rows]
    return pack({"rows": rows, "said": plan.said, "stamp": plan.stamp, "absent": plan.absent})


def _cells(row: PlannedRow) -> list[Any]:
    return [row.row, row.action, row.title, row.chat_id, row.version, row.facts, row.changes, row.about]


def unpack_plan(data: Stored) -> Plan:
    """Return the plan behind `pack_plan`'s bytes."""
    stored = unpack(data)
    return Plan([_row(cells) for cells in stored["rows"]], stored["said"], stored["stamp"], stored["absent"])


def _row(cells: list[Any]) -> PlannedRow:
    row, action, title, chat_id, version, facts, changes, about, mistakes = cells
    told = [Mistake(*one) for one in mistakes]
    return PlannedRow(row, action, title, chat_id, version, with_days(facts), changes, about, told)


def with_days(facts: dict[str, Any]) -> dict[str, Any]:
    """Facts whose days went through JSON, with the days again."""
    return {
        key: datetime.date.fromisoformat(value) if key.endswith("_on") and isinstance(value, str) else value
        for key, value in facts.items()
    }
