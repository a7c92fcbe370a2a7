"""Deciding about many lines at once, and what the last reconciliation decided that still holds."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from schools.models import Reconciliation, School, User
from schools.models.registers import ReconcileStage
from schools.reconciling.board import ADD, EXPLAIN, FIELDS, KEEP, LINK, SKIP, TAKE, Board, Filter
from schools.reconciling.compare import differences
from schools.reconciling.deciding import ReconcileRefused, earlier_fields, locked, reason_of, signed
from schools.reconciling.lines import Line, unpack
from schools.reconciling.plan import card_of


@transaction.atomic
def decide_in_bulk(
    reconciliation: Reconciliation, *, wanted: Filter, verb: str, field: str = "", reason: str = "", by: User
) -> int:
    """Decide alike about every open line a filter shows that may be; return how many.

    Doubtful lines and those with a hint of something a person should weigh are never among them. `verb` is take or keep
    (of one `field`, or of all), add, skip or explain.
    """
    found = locked(reconciliation, {ReconcileStage.PLANNED}, "Решать можно, пока сверка не внесена.")
    board = Board(unpack(found.plan_data), found.decisions)
    told = reason_of(
        {"reason": reason}, needed="" if verb in {TAKE, ADD} else "Напишите причину: одну на все эти строки."
    )
    made = {
        line.key: decision
        for line in board.in_bulk(board.found(wanted))
        if (decision := _alike(board, line, verb, field))
    }
    if not made:
        raise ReconcileRefused("Среди этих строк нет таких, о которых можно решить сразу. Откройте их по одной.")
    for key, decision in made.items():
        found.decisions[key] = decision | {"reason": told} | signed(by)
    found.save(update_fields=["decisions"])
    return len(made)


def _alike(board: Board, line: Line, verb: str, field: str) -> dict[str, Any] | None:
    """The decision of a line under a verb for many; None where the verb does not suit it."""
    if verb in {TAKE, KEEP} and line.row and line.school:
        return _fields_alike(board, line, verb, field)
    if verb == ADD and line.kind == "theirs" and not line.mistakes:
        return {"do": ADD}
    if verb == SKIP and line.row and not line.school:
        return {"do": SKIP}
    return {"do": EXPLAIN} if verb == EXPLAIN and not line.row else None


def _fields_alike(board: Board, line: Line, verb: str, field: str) -> dict[str, Any] | None:
    mistaken = {key for _, key, _, _ in line.mistakes}
    chosen = {key: verb for key in line.diffs if field in {"", key} and not (verb == TAKE and key in mistaken)}
    if line.diffs and not chosen:
        return None
    return {"do": FIELDS, "fields": earlier_fields(board, line, FIELDS) | chosen}


# What was decided before


def remembered(lines: Sequence[Line], earlier: Board) -> dict[str, Any]:
    """Decisions of the last applied reconciliation that still hold for a new list, marked as carried over.

    Fields kept, rows left out, rows said to be a school of ours, schools explained.
    """
    made = _linked(lines, earlier) | _left_out(lines, earlier)
    kept = {line.school: (line, earlier.decisions[line.key]) for line in earlier.all() if _was_kept(earlier, line)}
    for line in lines:
        if line.diffs and line.school in kept:
            old, decision = kept[line.school]
            fields = _still_kept(decision["fields"], old.diffs, line.diffs)
            if fields:
                made[line.key] = dict(decision) | {"do": FIELDS, "fields": fields}
        elif not line.row and line.ours.get("reconciled_note"):
            made[line.key] = {"do": EXPLAIN, "reason": line.ours["reconciled_note"]}
    return {key: decision | {"carried": True} for key, decision in made.items()}


def _linked(lines: Sequence[Line], earlier: Board) -> dict[str, Any]:
    """Rows that a person said to be a school of ours, and that the match still does not give it."""
    before = {_identity(line): earlier.decisions[line.key] for line in earlier.all() if _was(earlier, line, LINK)}
    asked = {line.key: before[_identity(line)] for line in lines if _waits(line) and _identity(line) in before}
    taken = {line.school for line in lines if line.row and line.school}
    ids = {decision["school"] for decision in asked.values()} - taken
    schools = School.objects.filter(pk__in=ids).select_related("municipality").in_bulk()
    made: dict[str, Any] = {}
    for line in lines:
        decision = asked.get(line.key)
        school = schools.pop(decision["school"], None) if decision else None
        if decision and school is not None:
            diffs = {key: list(pair) for key, pair in differences(card_of(school), line.values).items()}
            fields = _still_kept(decision["fields"], decision["diffs"], diffs)
            made[line.key] = dict(decision) | {"diffs": diffs, "fields": fields}
    return made


def _left_out(lines: Sequence[Line], earlier: Board) -> dict[str, Any]:
    before = {_identity(line): earlier.decisions[line.key] for line in earlier.all() if _was(earlier, line, SKIP)}
    return {line.key: dict(before[_identity(line)]) for line in lines if _waits(line) and _identity(line) in before}


def _still_kept(fields: Mapping[str, str], old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, str]:
    """Fields that were kept against the very value the new list gives."""
    return {key: KEEP for key in new if fields.get(key) == KEEP and old.get(key) == new[key]}


def _waits(line: Line) -> bool:
    return bool(line.row) and line.kind in {"theirs", "wrong", "doubtful"} and not line.school


def _was(board: Board, line: Line, do: str) -> bool:
    return line.key in board.decisions and board.decisions[line.key]["do"] == do


def _was_kept(board: Board, line: Line) -> bool:
    return _was(board, line, FIELDS) and KEEP in board.decisions[line.key]["fields"].values()


def _identity(line: Line) -> tuple[Any, ...]:
    keys = ("full_name", "municipality", "inn", "kpp", "ogrn")
    return tuple(line.values.get(key) or "" for key in keys)
