"""What people say of steps: a mark with its reason, a mark taken back, a planned date, a function mastered."""

import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from reports.models import SchoolStep, StepState
from reports.steps.counting import count_steps
from schools.models import FunctionUse, Municipality, Region, School, StepMark, StepPlan, User
from schools.models.at_place import at
from schools.models.steps import MarkKind
from schools.scope import sight_of
from schools.steps import FUNCTION_BY_NUMBER, STEP_BY_NUMBER

Place = Region | Municipality | School
REASON_LENGTH = (5, 300)


class StepRefused(Exception):
    """What was asked cannot be done; the text is a Russian sentence that says what to do."""


def rules_place(user: User, place: Place) -> bool:
    """Whether a person may mark and plan for a place: coordinators of its region or municipality; never a school."""
    sight = sight_of(user)
    if isinstance(place, School):
        return sight.covers_from_above(place)
    if sight.everything:
        return True
    region_id = place.pk if isinstance(place, Region) else place.region_id
    if region_id in sight.region_ids:
        return True
    return isinstance(place, Municipality) and place.pk in sight.municipality_ids


@transaction.atomic
def mark_step(*, place: Place, number: int, kind: str, reason: str, by: User) -> StepMark:
    """Put a mark on a step of a place, in place of the one there is, and count the steps anew.

    Raises StepRefused without a reason, for a step that is not the place's, and for confirming what is not done.
    """
    _may(place, by)
    reason = " ".join(reason.split())
    if kind not in MarkKind.values or number not in STEP_BY_NUMBER:
        raise StepRefused("Такой отметки нет. Обновите страницу и выберите из предложенных.")
    if len(reason) < REASON_LENGTH[0]:
        raise StepRefused("Напишите причину: её увидят все, кто смотрит на этот этап.")
    if len(reason) > REASON_LENGTH[1]:
        raise StepRefused(f"Причина длиннее {REASON_LENGTH[1]} знаков. Сократите её.")
    if kind == MarkKind.CONFIRMED:
        _check_done(place, number)
    _withdraw(place, number, by)
    try:
        mark = StepMark.objects.create(number=number, kind=kind, reason=reason, marked_by=by, **at(place))
    except IntegrityError as error:  # somebody marked it this very moment
        raise StepRefused("Этот этап только что отметили. Обновите страницу и посмотрите отметку.") from error
    _count(place)
    return mark


def _check_done(place: Place, number: int) -> None:
    """Only what the data prove can be confirmed."""
    if not isinstance(place, School):
        raise StepRefused("Подтверждают этап каждой школы: откройте её страницу.")
    _count(place)
    row = SchoolStep.objects.filter(school=place, number=number).first()
    if row is None or row.state not in (StepState.DONE, StepState.CONFIRMED) or row.is_manual:
        raise StepRefused("Подтвердить можно то, что доказано данными. Этап ещё не выполнен.")


@transaction.atomic
def withdraw_mark(mark: StepMark, *, by: User) -> None:
    """Take a mark back; it stays in the history. Raises StepRefused if it is taken back already."""
    _may(mark.place, by)
    if not _withdraw(mark.place, mark.number, by, mark.pk):
        raise StepRefused("Эту отметку уже сняли.")
    _count(mark.place)


def _withdraw(place: Place, number: int, by: User, pk: int | None = None) -> int:
    rows = StepMark.objects.filter(number=number, withdrawn_at=None, **at(place))
    rows = rows if pk is None else rows.filter(pk=pk)
    now = timezone.now()
    return rows.update(withdrawn_at=now, withdrawn_by=by, updated_at=now)


@transaction.atomic
def plan_step(*, place: Place, number: int, planned_on: datetime.date | None, reason: str = "", by: User) -> StepPlan:
    """Set the day a place is to have finished a step, or take the place's own date back (None).

    A date that replaces another needs a reason. Raises StepRefused.
    """
    _may(place, by)
    if number not in STEP_BY_NUMBER:
        raise StepRefused("Такого этапа нет. Обновите страницу.")
    reason = " ".join(reason.split())[: REASON_LENGTH[1]]
    last = StepPlan.objects.filter(number=number, **at(place)).order_by("-id").first()
    before = last.planned_on if last else None
    if before == planned_on:
        raise StepRefused("Срок уже такой: менять нечего.")
    if before is not None and len(reason) < REASON_LENGTH[0]:
        raise StepRefused("Срок переносят с причиной: напишите её, она останется в истории.")
    if planned_on is not None and not 2020 <= planned_on.year <= 2100:
        raise StepRefused("Проверьте год: срок назначают между 2020 и 2100 годами.")
    plan = StepPlan.objects.create(number=number, planned_on=planned_on, reason=reason, set_by=by, **at(place))
    _count(place)
    return plan


def _may(place: Place, by: User) -> None:
    """Ask the rule again where the writing is: appointments end between a page and its form."""
    if not rules_place(by, place):
        raise StepRefused("Отметки и сроки ставит координатор этой территории.")


def _count(place: Place) -> None:
    if isinstance(place, School):
        count_steps(school=place)
    else:
        count_steps(region=place if isinstance(place, Region) else place.region)


@transaction.atomic
def master_function(*, school: School, number: int, mastered: bool, note: str = "", by: User) -> None:
    """Say that a school has mastered a function of «Моя школа», or take it back, and count its steps anew."""
    if number not in FUNCTION_BY_NUMBER:
        raise StepRefused("Такой функции нет. Обновите страницу.")
    if mastered:
        facts = {"note": " ".join(note.split())[:300], "marked_by": by}
        FunctionUse.objects.get_or_create(school=school, function=number, defaults=facts)
    else:
        FunctionUse.objects.filter(school=school, function=number).delete()
    count_steps(school=school)
