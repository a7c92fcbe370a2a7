"""Of the schools a reconciliation settles, how many work once its decisions are followed: the register counts those."""

from collections.abc import Mapping
from typing import Any

from schools.reconciling.board import ADD, CLOSE, FIELDS, LINK, MERGE, SUCCEED, TAKE, Board
from schools.reconciling.lines import Line

Days = tuple[str, str]  # opened on, closed on; ISO, "" for none
BOUNDS = ("opened_on", "closed_on")


def settled_counts(board: Board, days: Mapping[int, Days], today: str) -> tuple[int, int]:
    """Schools that will be settled: (those that work today, those closed or not yet open).

    `days` are our schools' days by id, as they are now; a school that has none may be left out.
    """
    after, fresh = dict(days), list[Days]()
    for line in board.all():
        decision = board.decisions.get(line.key)
        if decision is not None:
            after |= _days_after(board, line, decision, after)
            fresh += [_days_of(line.values)] if decision["do"] in {ADD, SUCCEED} else []
    settled = [after.get(school, ("", "")) for school in board.settled_schools()] + fresh
    works = sum(_works(one, today) for one in settled)
    return works, len(settled) - works


def _works(days: Days, today: str) -> bool:
    opened, closed = days
    return opened <= today and (not closed or closed > today)


def _days_of(values: Mapping[str, Any]) -> Days:
    opened, closed = (values.get(key) or "" for key in BOUNDS)
    return opened, closed


def _days_after(board: Board, line: Line, decision: Mapping[str, Any], now: Mapping[int, Days]) -> dict[int, Days]:
    """The days of the schools that a decision opens, closes or opens again."""
    do = decision["do"]
    if do in {CLOSE, MERGE}:
        return {line.school: (now.get(line.school, ("", ""))[0], decision["on"])}
    if do == SUCCEED and decision["kind"] != "split":
        ended = ((school, now.get(school, ("", ""))) for school in decision["schools"])
        return {school: (opened, closed or decision["on"]) for school, (opened, closed) in ended}
    if do in {FIELDS, LINK}:
        school, diffs = board.school_of(line), board.diffs(line)
        kept = dict(zip(BOUNDS, now.get(school, ("", "")), strict=True))
        taken = {key: diffs[key][1] for key in BOUNDS if key in diffs and decision["fields"].get(key) == TAKE}
        return {school: _days_of(kept | taken)}
    return {}
