"""Deciding about a held value: who may, what is kept of it, and the recount of a draft."""

from typing import Any

from django.db import transaction

from reports.confirming import is_locked, take_turn
from reports.models import Hold, HoldDecision, RatingState, Verdict, WeekRun
from schools.codes import tidy
from schools.jobs import JobState, enqueue
from schools.models import User


class DecisionRefused(ValueError):
    """A decision is not taken; the text is a Russian sentence that says what to do."""


@transaction.atomic
def decide(hold: Hold, *, verdict: int, comment: str, by: User) -> HoldDecision:
    """Keep a decision about a value, all suspicions of it together; a draft is queued to be counted afresh.

    What is published does not change: there the decision enters with the next revision.
    Raises DecisionRefused without a verdict or a comment, or where the revision is no longer the one that stands.
    """
    comment = tidy(comment)[:300]
    if verdict not in {Verdict.RIGHT, Verdict.WRONG}:
        raise DecisionRefused("Выберите решение: «верно» или «неверно».")
    if not comment:
        raise DecisionRefused("Напишите, почему так: пояснение останется в истории.")
    take_turn(hold.region_id)
    if is_locked(hold.rating.week, hold.region_id):
        raise DecisionRefused("Регион закрыл эту неделю. Чтобы решить, регион открывает исключение с причиной.")
    if hold.rating.state == RatingState.SUPERSEDED:
        raise DecisionRefused("Эта редакция уже заменена новой. Откройте действующую и решите там.")
    decision = HoldDecision._default_manager.create(
        **{name: getattr(hold, name) for name in _VALUE},
        week=hold.rating.week,
        verdict=verdict,
        comment=comment,
        decided_by=by,
    )
    if hold.rating.state == RatingState.DRAFT:
        _count_again(hold.rating.week, by)
    return decision


_VALUE = ("school_id", "municipality_id", "region_id", "indicator", "part", "whole")


def _count_again(week: int, by: User) -> None:
    """Queue one recount of a draft; decisions taken before it begins enter it together."""
    if not WeekRun.rows().filter(week=week, state=JobState.QUEUED).exists():
        enqueue(WeekRun(week=week, created_by=by))


def decisions_of(week: int, schools: set[int]) -> dict[tuple[Any, ...], HoldDecision]:
    """The newest decision about each value of some schools' week, by school, indicator, part and whole; one query."""
    rows = HoldDecision._default_manager.filter(week=week, school__in=schools).select_related("decided_by")
    return {(row.school_id, row.indicator, row.part, row.whole): row for row in rows.order_by("id")}
