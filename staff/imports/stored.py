"""A plan and an undo record as the bytes kept with the upload: JSON, compressed."""

import zlib
from typing import Any

import orjson

from schools.headers import SEARCHED_COLUMNS
from staff.imports.plan import CHANGE, NEW, Plan, PlannedRow
from staff.imports.records import Mistake, Reading

SAMPLED_ROWS = 50  # looked at for columns without a heading


def pack(value: Any) -> bytes:
    """Return a JSON-plain value as compressed bytes."""
    return zlib.compress(orjson.dumps(value), 1)


def unpack(data: bytes | memoryview | None) -> Any:
    """Return what `pack` was given; {} for nothing."""
    return orjson.loads(zlib.decompress(bytes(data))) if data else {}


def pack_plan(plan: Plan) -> bytes:
    """Return a plan as bytes."""
    keys = sorted({key for row in plan.rows for key in row.values})  # named once, not in every row
    rows = [
        (
            row.row,
            row.action,
            row.title,
            row.staff_id,
            [row.values.get(key) for key in keys] if row.values else None,
            row.changes,
            [tuple(one) for one in row.mistakes],
        )
        for row in plan.rows
    ]
    whole = {"keys": keys, "rows": rows, "leaving": plan.leaving, "absent": plan.absent}
    return pack(whole | {"stamp": plan.stamp, "working": plan.working, "said": plan.said})


def unpack_plan(data: bytes | memoryview | None) -> Plan:
    """Return the plan behind `pack_plan`'s bytes."""
    stored = unpack(data)
    keys = stored["keys"]
    rows = [
        PlannedRow(row, action, title, staff_id, _named(keys, cells), changes, [Mistake(*one) for one in mistakes])
        for row, action, title, staff_id, cells, changes, mistakes in stored["rows"]
    ]
    leaving = [(staff_id, title) for staff_id, title in stored["leaving"]]
    facts = {key: stored[key] for key in ("stamp", "working", "said")}
    absent = stored.get("absent", len(leaving))  # plans made before it was counted wait for their confirmation yet
    return Plan(rows=rows, leaving=leaving, absent=absent, **facts)


def new_people(stored: dict[str, Any]) -> list[dict[str, Any]]:
    """The values of each new person of an unpacked plan, without building the rest of it."""
    keys = stored["keys"]
    return [_named(keys, row[4]) for row in stored["rows"] if row[1] == NEW]


def changed_people(stored: dict[str, Any]) -> dict[int, dict[str, Any]]:
    """Staff id → field → new value for each known person an unpacked plan changes."""
    return {row[3]: {key: new for key, (_, new) in row[5].items()} for row in stored["rows"] if row[1] == CHANGE}


def _named(keys: list[str], cells: list[Any] | None) -> dict[str, Any]:
    return {key: cell for key, cell in zip(keys, cells, strict=True) if cell is not None} if cells else {}


def sheet_facts(reading: Reading) -> dict[str, Any]:
    """What a page says of the sheet and of its columns; JSON-plain, nobody's data."""
    sheet, match = reading.sheet, reading.match
    return {
        "sheet": sheet.name,
        "header_row": reading.header_row,
        "columns": [[reading.letter(index), index, key] for index, key in sorted(match.columns.items())],
        "unknown": [[reading.letter(column.index), column.text] for column in match.unknown],
        "headings": _headings(reading),
    }


def _headings(reading: Reading) -> list[list[Any]]:
    """(letter, index, heading) of every column of the sheet that holds something: for choosing by hand."""
    sheet, match = reading.sheet, reading.match
    heads = sheet.rows[match.header_row : match.first_data_row] if match.header_row is not None else []
    below = sheet.rows[match.first_data_row : match.first_data_row + SAMPLED_ROWS]
    found = []
    for index in range(min(max(map(len, [*heads, *below]), default=0), SEARCHED_COLUMNS)):
        heading = next((row[index] for row in reversed(heads) if index < len(row) and row[index].strip()), "")
        if heading or any(index < len(row) and row[index].strip() for row in below):
            found.append([reading.letter(index), index, " ".join(heading.split())[:40]])
    return found


def sheet_top(reading: Reading, *, rows: int = 8, columns: int = 24) -> list[list[str]]:
    """The first rows of a sheet whose columns nobody recognised, cells cut to 40 characters."""
    return [[cell[:40] for cell in row[:columns]] for row in reading.sheet.rows[:rows]]
