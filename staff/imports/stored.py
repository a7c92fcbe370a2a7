"""A plan and an undo record as the bytes kept with the upload: JSON, compressed."""

import zlib
from typing import Any

import orjson

from staff.imports.plan import Plan, PlannedRow
from staff.imports.records import Mistake, Reading


def pack(value: Any) -> bytes:
    """Return a JSON-plain value as compressed bytes."""
    return zlib.compress(orjson.dumps(value), 1)


def unpack(data: bytes | memoryview | None) -> Any:
    """Return what `pack` was given; {} for nothing."""
    return orjson.loads(zlib.decompress(bytes(data))) if data else {}


def pack_plan(plan: Plan) -> bytes:
    """Return a plan as bytes."""
    rows = [
        (row.row, row.action, row.title, row.staff_id, row.values, row.changes, [tuple(one) for one in row.mistakes])
        for row in plan.rows
    ]
    return pack(
        {"rows": rows, "leaving": plan.leaving, "stamp": plan.stamp, "working": plan.working, "said": plan.said}
    )


def unpack_plan(data: bytes | memoryview | None) -> Plan:
    """Return the plan behind `pack_plan`'s bytes."""
    stored = unpack(data)
    rows = [
        PlannedRow(row, action, title, staff_id, values, changes, [Mistake(*mistake) for mistake in mistakes])
        for row, action, title, staff_id, values, changes, mistakes in stored["rows"]
    ]
    leaving = [(staff_id, title) for staff_id, title in stored["leaving"]]
    return Plan(rows=rows, leaving=leaving, stamp=stored["stamp"], working=stored["working"], said=stored["said"])


def sheet_facts(reading: Reading) -> dict[str, Any]:
    """What a page says of the sheet, and the first rows for choosing columns by hand; JSON-plain."""
    sheet, match = reading.sheet, reading.match
    return {
        "sheet": sheet.name,
        "header_row": reading.header_row,
        "columns": [[reading.letter(index), index, key] for index, key in sorted(match.columns.items())],
        "unknown": [[reading.letter(column.index), column.text] for column in match.unknown],
    }


def sheet_top(reading: Reading, *, rows: int = 8, columns: int = 24) -> list[list[str]]:
    """The first rows of a sheet whose columns nobody recognised, cells cut to 40 characters."""
    return [[cell[:40] for cell in row[:columns]] for row in reading.sheet.rows[:rows]]
