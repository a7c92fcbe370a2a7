"""Steps every kind of row takes: a row that waits keeps its cells, a known one is compared field by field (pure)."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from staff.imports.plan import CHANGE, NEW, SAME, WAIT, _follow_patronymic, _promises_nothing, _stands
from staff.imports.roster import plain
from staff.rosters.plan import PlannedRow
from staff.rosters.records import Mistake, Record


def waiting(record: Record, *more: Mistake, row_id: int | None = None) -> PlannedRow:
    """The row as its file has it, with what is wrong."""
    mistakes = [*record.mistakes, *more]
    return PlannedRow(record.sheet, record.row, WAIT, record.title, row_id, dict(record.texts), mistakes=mistakes)


def fresh(record: Record, values: dict[str, Any]) -> PlannedRow:
    """A row of something new."""
    return PlannedRow(record.sheet, record.row, NEW, record.title, values=values, mistakes=record.mistakes)


def known(record: Record, old: Mapping[str, Any], row: PlannedRow) -> PlannedRow:
    """A row of something the school has, whether it changes or not; nothing is asked about what is stored already."""
    row.action = CHANGE if row.changes else SAME
    if record.mistakes:
        stored = bool(old.get("patronymic") or old.get("no_patronymic"))
        row.mistakes = [
            one
            for one in record.mistakes
            if not _promises_nothing(one, record, row.changes) and not (stored and one.code == "patronymic_missing")  # type: ignore[arg-type]
        ]
    return row


def row_of(record: Record, row_id: int, title: str, changes: dict[str, list[Any]]) -> PlannedRow:
    """The row of something known, to be finished by `known`."""
    return PlannedRow(record.sheet, record.row, SAME, title, row_id, changes=changes)


def changes_of(fields: Sequence[str], old: Mapping[str, Any], record: Record) -> dict[str, list[Any]]:
    """Field → [old, new] for what the row says otherwise; an empty cell says nothing, so it erases nothing.

    A cell that stands as in the list changes nothing either, even where we would write it otherwise today.
    """
    changes: dict[str, list[Any]] = {}
    new = record.values
    for key in fields:
        value = new.get(key)
        if not value and not (record.erases and key in new and key in record.texts):
            continue
        value = value if value is not None else _EMPTY.get(key)
        if value != old[key] and not _stands(key, record.texts, old[key]):
            changes[key] = [plain(old[key]), plain(value)]
    _follow_patronymic(changes, old, record)  # type: ignore[arg-type]
    return changes


_EMPTY = {"snils": "", "phone": "", "email": "", "external_id": "", "patronymic": "", "school_class": ""}


def plain_new(fields: Iterable[str], values: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of something new that the file gives, JSON-plain."""
    return {key: value if type(value) is str else plain(value) for key in fields if (value := values.get(key))}
