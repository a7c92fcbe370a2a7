"""A reconciliation's page: the bar, the lines with their decisions, one line, the outcome, ready to print."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import F, QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone

from schools.jobs import JobState
from schools.models import Reconciliation, Region, School, SchoolChange
from schools.models.registers import ReconcileStage
from schools.reconciling.board import LINK, Board
from schools.reconciling.compare import FIELD_BY_KEY, value_text
from schools.reconciling.deciding import board_of, standing
from schools.reconciling.forms import MARKS, Typed, column_choices, filter_from
from schools.reconciling.lines import KIND_BY_KEY, KINDS, Line
from schools.reconciling.match import Confidence
from schools.reconciling.telling import HAPPENED, confirm_text, decision_text, done_text, excerpts, lead_text
from schools.reconciling.working import BOUNDS, Days
from schools.texts import counted, moment_text, number

PAGE = 50
DIFFS_SHOWN = 3
TRAIL = ("Файл", "Решения", "Готово")
FOUND = 8  # schools offered for a search


def progress_context(found: Reconciliation) -> dict[str, Any]:
    """The bar of a running job."""
    titles = {
        ReconcileStage.UPLOADED: "Читаем перечень и сверяем с реестром",
        ReconcileStage.APPLYING: "Вносим решения",
    }
    return {
        "title": titles.get(ReconcileStage(found.stage), "Готово"),
        "done": found.done_count,
        "total": found.total_count,
        "is_over": found.is_over,
    }


def context_of(found: Reconciliation, params: Mapping[str, Any]) -> dict[str, Any]:
    """What the page needs at the present stage, and which template shows it."""
    stage = standing(found)
    context = _frame(found, stage)
    if found.state in {JobState.QUEUED, JobState.RUNNING} and stage in {
        ReconcileStage.UPLOADED,
        ReconcileStage.APPLYING,
    }:
        return context | progress_context(found) | {"page_template": "register/working.html"}
    if stage == ReconcileStage.UPLOADED:
        return context | {"page_template": "register/stopped.html"}
    if stage == ReconcileStage.REFUSED:
        return context | _refused(found) | {"page_template": "register/refused.html"}
    if stage == ReconcileStage.PLANNED:
        return context | plan_context(found, params) | {"page_template": "register/plan.html"}
    return context | _outcome(found, params) | {"page_template": "register/outcome.html"}


def _frame(found: Reconciliation, stage: ReconcileStage) -> dict[str, Any]:
    stopped = found.state in {JobState.FAILED, JobState.ABORTED} and stage != ReconcileStage.DISCARDED
    region = found.region
    return {
        "reconciliation": found,
        "region": region,
        "stage": stage.value,
        "summary": found.summary,
        "said": found.summary.get("said", []),
        "refused": found.error if stopped else "",
        "trail": TRAIL,
        "register_url": f"{reverse('register')}?region={region.code}",
        "crumbs": [
            (region.name, region.get_absolute_url()),
            ("Реестр школ", f"{reverse('register')}?region={region.code}"),
            (moment_text(found.created_at), ""),
        ],
    }


def _refused(found: Reconciliation) -> dict[str, Any]:
    return {"columns": column_choices(), "known_columns": found.summary.get("columns", [])}


# The lines


def plan_context(found: Reconciliation, params: Mapping[str, Any]) -> dict[str, Any]:
    """A page of lines under a filter, what may be decided at once, what confirming would do."""
    board = board_of(found)
    wanted = filter_from(params)
    lines = board.found(wanted)
    page = Paginator(lines, PAGE).get_page(params.get("page"))
    asked = _asked(params)
    counts = board.counts()
    reconciled = School.objects.filter(region=found.region_id).reconciled()
    return {
        "lead": lead_text(board),
        "five": _five(counts),
        "rows": [_row(board, line, found.pk, asked) for line in page.object_list],
        "page": page,
        "bulk": _bulk(board, lines, wanted.kind),
        "kinds": [
            ("все строки", ""),
            *(
                (f"{kind.plural} — {number(counts[kind.key].total)}", kind.key)
                for kind in KINDS
                if counts[kind.key].total
            ),
        ],
        "marks": [
            ("любые", ""),
            *((f"{title} — {number(count)}", key) for key, title in MARKS.items() if (count := board.marks().get(key))),
        ],
        "places": [("все территории", ""), *((name, name) for name in board.territories())],
        "states": (("ждут решения", "open"), ("решены", "settled"), ("все", "all")),
        "wanted": wanted,
        "asked": asked,
        "keep": {key: value for key, value in params.items() if key in _KEPT and value},
        "confirm": confirm_text(
            board,
            set(reconciled.values_list("pk", flat=True)),
            days_of_schools(found.region),
            timezone.localdate().isoformat(),
        ),
        "posted": {},
        "trail_at": 2,
        "is_open": any(count.open for count in counts.values()),
    }


def days_of_schools(region: Region) -> dict[int, Days]:
    """The days on which schools of the region opened and closed, of those that have any."""
    dated = School.objects.filter(region=region).exclude(opened_on=None, closed_on=None)
    return {
        pk: (opened.isoformat() if opened else "", closed.isoformat() if closed else "")
        for pk, opened, closed in dated.values_list("pk", *BOUNDS)
    }


_KEPT = ("kind", "mark", "state", "q", "territory", "page")


def _asked(params: Mapping[str, Any]) -> str:
    kept = [(key, str(params[key])) for key in _KEPT if params.get(key)]
    return f"?{urlencode(kept)}" if kept else ""


def _five(counts: Mapping[str, Any]) -> list[dict[str, Any]]:
    shown = ("differs", "theirs", "ours", "doubtful", "same")
    rows = []
    for key in shown:
        kind, count = KIND_BY_KEY[key], counts[key]
        open_text = f", ждут {number(count.open)}" if count.open and count.open != count.total else ""
        rows.append(
            {
                "number_text": number(count.total),
                "glyph": kind.glyph,
                "label": kind.plural.lower() + open_text,
                "url": f"?kind={key}&state=all" if count.total else "",
                "tone": "warn" if key == "doubtful" and count.open else "",
            }
        )
    return rows


_SURE_STATES = {"certain": "confirmed", "likely": "done", "doubtful": "stalled"}


def _row(board: Board, line: Line, pk: int, asked: str) -> dict[str, Any]:
    kind = KIND_BY_KEY[line.kind]
    diffs = board.diffs(line)
    decision = board.decisions.get(line.key)
    by_hand = (decision or {}).get("do") == LINK
    shown = [_excerpt(key, pair) for key, pair in list(diffs.items())[:DIFFS_SHOWN]]
    return {
        "key": line.key,
        "number": line.row,
        "theirs": line.title if line.row else "",
        "ours": (decision or {}).get("title") or line.our_title if line.row else line.title,
        "territory": line.territory,
        "kind": kind.title,
        "glyph": kind.glyph,
        "sure": "указали вы" if by_hand else Confidence(line.confidence).word if line.confidence else "",
        "sure_state": "done" if by_hand else _SURE_STATES.get(line.confidence, ""),
        "reason": "" if by_hand else _reason(line),
        "diffs": shown,
        "more": max(len(diffs) - DIFFS_SHOWN, 0),
        "wrong": [(address, message, severity) for address, _, message, severity in line.wrong[:DIFFS_SHOWN]],
        "settled": board.is_settled(line),
        "decision": decision_text(decision, diffs) if decision else "",
        "quick": _quick(line) if decision is None else [],
        "url": reverse("reconciliation_line", args=[pk, line.key]) + asked,
        "asks": line.kind not in {"same", "duplicate"},
    }


def _diff(key: str, pair: Sequence[Any]) -> dict[str, str]:
    return {
        "key": key,
        "field": FIELD_BY_KEY[key].title,
        "old": value_text(key, pair[0]),
        "new": value_text(key, pair[1]),
    }


def _excerpt(key: str, pair: Sequence[Any]) -> dict[str, str]:
    diff = _diff(key, pair)
    old, new = excerpts(diff["old"], diff["new"])
    return diff | {"old": old, "new": new}


def _reason(line: Line) -> str:
    if line.kind == "duplicate":
        return f"{line.reason}, что в строке {line.twin}"
    if line.hint:
        kind, _, title, reason = line.hint
        return f"Возможно, {HAPPENED[kind]}: {title} — {reason}"
    return line.reason


def _quick(line: Line) -> list[tuple[str, str]]:
    """(verb, words) of the buttons that need no reason."""
    if line.school and line.row and line.diffs and not line.mistakes:
        return [("take", "Взять из перечня")]
    if line.kind == "wrong" and line.school and not line.diffs:
        return [("fine", "Школа та же")]
    return [("add", "Добавить")] if line.kind == "theirs" and not line.hint and not line.mistakes else []


_VERBS = {
    "differs": (("take", "Взять из перечня", False), ("keep", "Оставить наше", True)),
    "renamed": (("take", "Взять из перечня", False), ("keep", "Оставить наше", True)),
    "theirs": (("add", "Добавить", False), ("skip", "Оставить без внимания", True)),
    "ours": (("explain", "Объяснить", True),),
    "wrong": (("keep", "Оставить наше", True), ("skip", "Оставить без внимания", True)),
}


def _bulk(board: Board, lines: Sequence[Line], kind: str) -> dict[str, Any] | None:
    """What may be decided about all lines shown at once; None where nothing may."""
    if kind not in _VERBS:
        return None
    plain = board.in_bulk(lines)
    if len(plain) < 2:
        return None
    fields = dict.fromkeys(key for line in plain for key in line.diffs)
    return {
        "title": f"Решить сразу: {counted(len(plain), 'строка', 'строки', 'строк')}",
        "left": len([line for line in lines if not board.is_settled(line)]) - len(plain),
        "verbs": _VERBS[kind],
        "fields": [("все поля", ""), *((FIELD_BY_KEY[key].title, key) for key in fields)] if fields else [],
    }


# One line


def line_context(
    found: Reconciliation, key: str, params: Mapping[str, Any], posted: QueryDict | None = None
) -> dict[str, Any] | None:
    """A line's own page; None where there is no such line or the plan is forgotten.

    `posted` is what a person sent and was refused: it stays in its form.
    """
    board = board_of(found)
    line = board.by_key.get(key)
    if line is None or (not line.row and line.school in board.row_of):
        return None
    asked = _asked(params)
    decision = board.decisions.get(key)
    hint = line.hint or ["", "", "", ""]
    context = _frame(found, standing(found))
    context["crumbs"] = [*context["crumbs"][:-1], ("Сверка", found.get_absolute_url() + asked), (line.title, "")]
    return context | {
        "line": line,
        "kind": KIND_BY_KEY[line.kind],
        "row": _row(board, line, found.pk, asked),
        "diffs": [_diff(name, pair) for name, pair in board.diffs(line).items()],
        "card": _card(line),
        "mistaken": {name for _, name, _, _ in line.mistakes},
        "candidates": _candidates(board, line, hint),
        "hint": _hint(board, hint, found.pk, asked),
        "decision": decision or {},
        "words": str(params.get("find", ""))[:100],
        "found": _searched(found, str(params.get("find", ""))[:100]),
        "asked": asked,
        "keep": {key: value for key, value in params.items() if key in _KEPT and value},
        "today": timezone.localdate().isoformat(),
        "editable": standing(found) == ReconcileStage.PLANNED,
        "next_url": _next(board, line, found.pk, params),
        "typed": Typed(decision or {}, posted or QueryDict()),
        "said": [],
        "trail_at": 2,
    }


def _card(line: Line) -> list[tuple[str, str]]:
    """What the list, or our card, says of the school."""
    values = line.values or line.ours
    return [(field.title, value_text(key, values.get(key))) for key, field in FIELD_BY_KEY.items() if values.get(key)]


def _candidates(board: Board, line: Line, hint: Sequence[str]) -> list[dict[str, Any]]:
    """Schools that a row may be: those the match names, and the one of the hint; taken ones are left out."""
    offered = [(pk, title, reason) for pk, title, reason in line.candidates]
    behind = _school_behind(board, hint[1])
    if line.row and hint[0] == "renamed" and behind:
        offered.append((behind, hint[2], hint[3]))
    return [
        {"school": pk, "title": title, "reason": reason}
        for pk, title, reason in offered
        if (holder := board.holder(pk)) is None or holder.key == line.key
    ]


def _hint(board: Board, hint: Sequence[str], pk: int, asked: str) -> dict[str, Any]:
    """What probably happened: with which school, or with which row of the list, where it is decided."""
    school = _school_behind(board, hint[1])
    is_row = hint[1].startswith("r") and not school and hint[1] in board.by_key
    return {
        "kind": hint[0],
        "school": school,
        "title": hint[2],
        "reason": hint[3],
        "row_url": reverse("reconciliation_line", args=[pk, hint[1]]) + asked if is_row else "",
    }


def _school_behind(board: Board, key: str) -> int:
    """The school of a hint's line: «s345», or the school that row «r14» is."""
    if key.startswith("s"):
        return int(key[1:])
    line = board.by_key.get(key)
    return board.school_of(line) if line is not None else 0


def _searched(found: Reconciliation, words: str) -> "QuerySet[School] | list[School]":
    if not words.strip():
        return []
    schools = School.objects.filter(region=found.region_id).search(words)
    return schools.select_related("municipality").order_by(F("closed_on").asc(nulls_first=True), "name_key", "pk")[
        :FOUND
    ]


def _next(board: Board, line: Line, pk: int, params: Mapping[str, Any]) -> str:
    """The address of the next line that waits under the same filter; "" for none."""
    waiting = [one for one in board.found(filter_from(params)) if not board.is_settled(one) and one.key != line.key]
    after = [one for one in waiting if (one.row or 10**9, one.key) > (line.row or 10**9, line.key)]
    target = (after or waiting)[:1]
    return reverse("reconciliation_line", args=[pk, target[0].key]) + _asked(params) if target else ""


# The outcome


def _outcome(found: Reconciliation, params: Mapping[str, Any]) -> dict[str, Any]:
    done = found.summary.get("done", {})
    changes = SchoolChange.objects.filter(reconciliation=found).select_related("school").order_by("pk")
    page = Paginator(changes, PAGE).get_page(params.get("page"))
    return {
        "trail_at": 3,
        "done": done_text(done),
        "applied": moment_text(found.applied_at) if found.applied_at else "",
        "skipped": done.get("skipped", []),
        "open": found.summary.get("open", 0),
        "changes": [_change(change) for change in page.object_list],
        "page": page,
    }


def _change(change: SchoolChange) -> dict[str, Any]:
    field = FIELD_BY_KEY.get(change.field)
    old, new = (value_text(change.field, value) if field and value else value for value in (change.old, change.new))
    return {
        "school": change.school.short_name,
        "url": change.school.get_absolute_url(),
        "field": field.title if field else "Пояснение",
        "old": old,
        "new": new,
        "reason": change.reason,
    }
