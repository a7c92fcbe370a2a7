"""What a person decides about lines, one by one or many at once; kept as it is made, written only when confirmed."""

import datetime
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from schools.codes import tidy
from schools.jobs import JobState
from schools.models import Reconciliation, School, Succession, User
from schools.models.registers import ReconcileStage
from schools.reconciling.board import (
    ADD,
    CLOSE,
    EXPLAIN,
    FIELDS,
    KEEP,
    LINK,
    MERGE,
    SKIP,
    SUCCEED,
    TAKE,
    Board,
)
from schools.reconciling.compare import FIELD_BY_KEY, differences
from schools.reconciling.lines import Line, unpack
from schools.reconciling.plan import card_of

LONGEST_REASON = 300
MOST_AT_ONCE = 1000
Item = Mapping[str, Any]


class ReconcileRefused(Exception):
    """What was asked cannot be done; the text is a Russian sentence that says what to do."""


def board_of(reconciliation: Reconciliation) -> Board:
    """The lines of a reconciliation and what is decided about them."""
    plan = Reconciliation.objects.filter(pk=reconciliation.pk).values_list("plan_data", "decisions").get()
    return Board(unpack(plan[0]), plan[1])


# One by one


@transaction.atomic
def decide(reconciliation: Reconciliation, *, items: Sequence[Item], by: User) -> Reconciliation:
    """Keep decisions about lines: {"line": key, "do": …, …}; "" as «do» takes a decision back.

    Raises ReconcileRefused at the first that cannot be; then none is kept.
    """
    if len(items) > MOST_AT_ONCE:
        raise ReconcileRefused(f"За один раз решают не больше {MOST_AT_ONCE} строк.")
    found = locked(reconciliation, {ReconcileStage.PLANNED}, "Решать можно, пока сверка не внесена.")
    board = Board(unpack(found.plan_data), found.decisions)
    for item in items:
        line = board.by_key.get(str(item.get("line", "")))
        if line is None:
            raise ReconcileRefused("Такой строки в сверке нет. Обновите страницу.")
        decision = _decision(found, board, line, item) | signed(by) if item.get("do") else None
        board.put(line.key, decision)
    found.save(update_fields=["decisions"])
    return found


def signed(by: User) -> dict[str, Any]:
    return {"by": by.pk, "at": timezone.now().isoformat(timespec="seconds")}


def _decision(found: Reconciliation, board: Board, line: Line, item: Item) -> dict[str, Any]:
    """A decision checked against its line; raises ReconcileRefused."""
    about_rows: dict[str, Callable[..., dict[str, Any]]] = {
        FIELDS: _fields,
        LINK: _link,
        ADD: _add,
        SUCCEED: _succeed,
        SKIP: _skip,
    }
    about_ours: dict[str, Callable[..., dict[str, Any]]] = {EXPLAIN: _skip, CLOSE: _close, MERGE: _merge}
    make = (about_rows if line.row else about_ours).get(str(item["do"]))
    if make is None or line.kind in {"same", "duplicate"}:
        raise ReconcileRefused("Со строкой так поступить нельзя. Обновите страницу и выберите из предложенного.")
    decision = make(found, board, line, item)
    return {"do": str(item["do"]), "reason": reason_of(item)} | decision


def reason_of(item: Item, *, needed: str = "") -> str:
    reason = tidy(str(item.get("reason") or ""))
    if len(reason) > LONGEST_REASON:
        raise ReconcileRefused(f"Причина длиннее {LONGEST_REASON} знаков. Сократите её.")
    if needed and not reason:
        raise ReconcileRefused(needed)
    return reason


def _fields(found: Reconciliation, board: Board, line: Line, item: Item) -> dict[str, Any]:
    """Field by field: take theirs or keep ours; what was decided earlier stays."""
    if not line.school:
        raise ReconcileRefused("Эта строка ни с какой школой не связана: сначала укажите школу.")
    return {"fields": _chosen(line, line.diffs, item, earlier_fields(board, line, FIELDS))}


def earlier_fields(board: Board, line: Line, do: str) -> dict[str, str]:
    decision = board.decisions.get(line.key, {})
    return dict(decision["fields"]) if decision.get("do") == do else {}


def _chosen(line: Line, diffs: Mapping[str, Any], item: Item, earlier: Mapping[str, str]) -> dict[str, str]:
    asked = item.get("fields") or {}
    if isinstance(asked, str):
        asked = dict.fromkeys(diffs, asked)
    mistaken = {key for _, key, _, _ in line.mistakes}
    for key, choice in asked.items():
        if key not in diffs or choice not in {TAKE, KEEP}:
            raise ReconcileRefused("Такого поля среди отличий нет. Обновите страницу.")
        if choice == TAKE and key in mistaken:
            title = FIELD_BY_KEY[key].title
            raise ReconcileRefused(f"{title}: в перечне ошибка, взять оттуда нельзя. Оставьте наше или исправьте файл.")
    if KEEP in asked.values():
        reason_of(item, needed="Напишите, почему оставляем своё: причину увидят те, кто смотрит историю школы.")
    chosen = {key: choice for key, choice in {**earlier, **asked}.items() if key in diffs}
    if diffs and not chosen:
        raise ReconcileRefused("Выберите хотя бы для одного поля, что остаётся: наше или из перечня.")
    return chosen


def _link(found: Reconciliation, board: Board, line: Line, item: Item) -> dict[str, Any]:
    """The row is a school of ours that the match did not give it."""
    if line.is_foreign:
        raise ReconcileRefused("Строка другого региона: её можно только оставить без внимания.")
    school = _our_school(found, item.get("school"))
    _refuse_taken(board, line, school.pk)
    diffs = {key: list(pair) for key, pair in differences(card_of(school), line.values).items()}
    earlier = earlier_fields(board, line, LINK) if board.school_of(line) == school.pk else {}
    return {
        "school": school.pk,
        "title": school.short_name,
        "diffs": diffs,
        "fields": _chosen(line, diffs, item, earlier),
    }


def _refuse_taken(board: Board, line: Line, school: int) -> None:
    taken = board.row_of.get(school)
    matched = next(
        (one for one in board.all() if one.row and one.school == school and board.school_of(one) == school), None
    )
    other = board.by_key[taken] if taken else matched
    if other is not None and other.key != line.key:
        raise ReconcileRefused(f"Эта школа уже связана со строкой {other.row}. Сначала разберитесь с той строкой.")


def _our_school(found: Reconciliation, pk: Any) -> School:
    number = int(pk) if str(pk or "").isascii() and str(pk or "").isdecimal() and len(str(pk)) < 10 else 0
    school = School.objects.filter(region=found.region_id, pk=number).select_related("municipality").first()
    if school is None:
        raise ReconcileRefused("Такой школы в вашем реестре нет. Найдите её по названию и выберите из списка.")
    return school


def _add(found: Reconciliation, board: Board, line: Line, item: Item) -> dict[str, Any]:
    """The row is a school we do not have."""
    if line.mistakes:
        raise ReconcileRefused(f"В строке {line.row} ошибки: исправьте их в файле и загрузите его снова.")
    return {}


def _succeed(found: Reconciliation, board: Board, line: Line, item: Item) -> dict[str, Any]:
    """The row is a new organisation that came out of schools of ours: renamed, merged, split."""
    _add(found, board, line, item)
    kind = str(item.get("kind") or "")
    if kind not in Succession.Kind.values:
        raise ReconcileRefused("Выберите, что произошло: переименована, присоединена или выделена.")
    schools = [_our_school(found, pk) for pk in item.get("schools") or ()]
    if not schools or (kind != Succession.Kind.MERGED and len(schools) > 1):
        raise ReconcileRefused("Укажите прежнюю школу: одну, а для объединения одну или несколько.")
    day = _day(item, schools)
    if kind != Succession.Kind.SPLIT:
        for school in schools:
            _refuse_taken(board, line, school.pk)
    return {
        "kind": kind,
        "schools": [one.pk for one in schools],
        "titles": [one.short_name for one in schools],
        "on": day,
    }


def _day(item: Item, schools: Iterable[School]) -> str:
    """The day something happened, not before the schools began."""
    text = str(item.get("on") or "")
    try:
        day = datetime.date.fromisoformat(text)
    except ValueError:
        raise ReconcileRefused("Укажите дату, с которой это действует.") from None
    if not datetime.date(1900, 1, 1) <= day <= timezone.localdate() + datetime.timedelta(days=366):
        raise ReconcileRefused("Дата не похожа на настоящую: проверьте год.")
    for school in schools:
        if school.opened_on and school.opened_on > day:
            raise ReconcileRefused(
                f"{school.short_name} открыта {school.opened_on:%d.%m.%Y}, позже этой даты. Проверьте дату."
            )
    return day.isoformat()


def _skip(found: Reconciliation, board: Board, line: Line, item: Item) -> dict[str, Any]:
    """Nothing changes, and a person says why: the row is not ours, the school is rightly missing from the list."""
    reason_of(item, needed="Напишите причину: её увидят те, кто будет сверять реестр после вас.")
    return {}


def _close(found: Reconciliation, board: Board, line: Line, item: Item) -> dict[str, Any]:
    """A school of ours no longer works."""
    reason_of(item, needed="Напишите, почему закрываем школу: номер приказа или распоряжения.")
    return {"on": _day(item, [_our_school(found, line.school)])}


def _merge(found: Reconciliation, board: Board, line: Line, item: Item) -> dict[str, Any]:
    """A school of ours has been merged into another of ours, or carries on under another's name."""
    kind = str(item.get("kind") or Succession.Kind.MERGED)
    if kind not in {Succession.Kind.MERGED, Succession.Kind.RENAMED}:
        raise ReconcileRefused("Выберите, что произошло: присоединена или переименована.")
    into = _our_school(found, item.get("school"))
    if into.pk == line.school:
        raise ReconcileRefused("Школу нельзя присоединить к ней самой. Выберите другую.")
    day = _day(item, [_our_school(found, line.school)])
    if into.closed_on is not None and into.closed_on.isoformat() <= day:
        raise ReconcileRefused(
            f"{into.short_name} к этому дню уже закрыта. Выберите ту школу, что работает вместо неё."
        )
    return {"kind": kind, "school": into.pk, "title": into.short_name, "on": day}


# The row


def locked(reconciliation: Reconciliation, stages: Iterable[ReconcileStage], refusal: str) -> Reconciliation:
    """The reconciliation's fresh row, locked; raises ReconcileRefused where it is busy or at another stage."""
    fresh = Reconciliation.objects.select_for_update(of=("self",)).select_related("region").get(pk=reconciliation.pk)
    fresh.stage = standing(fresh)
    if fresh.state == JobState.RUNNING:
        raise ReconcileRefused("Сверка сейчас обрабатывается. Подождите немного и обновите страницу.")
    if fresh.stage not in set(stages):
        raise ReconcileRefused(refusal)
    return fresh


def standing(reconciliation: Reconciliation) -> ReconcileStage:
    """The stage a reconciliation really stands at: writing that was stopped has changed nothing."""
    stage = ReconcileStage(reconciliation.stage)
    stopped = reconciliation.state in {JobState.ABORTED, JobState.FAILED}
    return ReconcileStage.PLANNED if stopped and stage == ReconcileStage.APPLYING else stage
