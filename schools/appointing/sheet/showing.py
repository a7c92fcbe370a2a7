"""A spreadsheet's page: the plan, the outcome, its letters, ready to print."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse

from schools.appointing.sheet import services
from schools.appointing.sheet.plan import NEW, SAME, WAIT, Mistake, Row
from schools.jobs import JobState
from schools.models import AppointmentSheet, Invitation
from schools.models.invitations import SheetStage
from schools.texts import counted, date_text, moment_text, number, plural

PAGE = 50
TRAIL = ("Файл", "Проверка", "Готово")
_WORDS = {
    SheetStage.UPLOADED: ("working", "читаем файл"),
    SheetStage.PLANNED: ("working", "ждёт вас"),
    SheetStage.APPLYING: ("working", "назначаем"),
    SheetStage.APPLIED: ("done", "назначены"),
    SheetStage.DISCARDED: ("none", "убран"),
    SheetStage.REFUSED: ("stalled", "файл не прочитан"),
}


def line_of(sheet: AppointmentSheet) -> dict[str, str]:
    """A spreadsheet as a row of the list."""
    stage = services.standing(sheet)
    chip, word = _WORDS[stage]
    if sheet.state == JobState.FAILED and stage == SheetStage.UPLOADED:
        chip, word = "stalled", "не удалось"
    return {
        "url": sheet.get_absolute_url(),
        "file": sheet.file.shown_name,
        "when": moment_text(sheet.created_at),
        "result": _result(sheet, stage),
        "chip": chip,
        "word": word,
    }


def _result(sheet: AppointmentSheet, stage: SheetStage) -> str:
    counts = sheet.summary
    if stage == SheetStage.APPLIED:
        return counted(counts["appointed"], "человек", "человека", "человек")
    if "rows" not in counts:
        return str(counts.get("refusal", ""))
    parts = [(counts[NEW], "новых"), (counts[SAME], "уже назначены"), (counts[WAIT], "с ошибкой")]
    return ", ".join(f"{count} {word}" for count, word in parts if count)


def progress_of(sheet: AppointmentSheet) -> dict[str, Any]:
    """The bar of the job that runs: the spreadsheet's own, then that of its letters."""
    job: Any = sheet
    titles = {SheetStage.UPLOADED: "Читаем файл и ищем школы", SheetStage.APPLYING: "Назначаем"}
    title = titles.get(SheetStage(sheet.stage), "Готово")
    if sheet.stage == SheetStage.APPLIED and sheet.batch is not None:
        job, title = sheet.batch, "Отправляем приглашения"
    return {"title": title, "done": job.done_count, "total": job.total_count, "is_over": job.is_over}


def context_of(sheet: AppointmentSheet, params: Mapping[str, str]) -> dict[str, Any]:
    """What the page needs at the present stage, and which template shows it."""
    sheet.stage = stage = services.standing(sheet)
    crumbs = [("Назначения", reverse("appointments")), ("Списком", reverse("appointment_sheets"))]
    context: dict[str, Any] = {
        "sheet": sheet,
        "counts": sheet.summary,
        "crumbs": [*crumbs, (moment_text(sheet.created_at), "")],
        "trail": TRAIL,
        "trail_at": 1,
        "refused": sheet.error if sheet.state == JobState.FAILED else "",
    }
    if sheet.state in {JobState.QUEUED, JobState.RUNNING}:
        return context | progress_of(sheet) | {"page_template": "appointing/sheet_working.html"}
    if stage == SheetStage.PLANNED:
        return context | _plan(sheet, params) | {"page_template": "appointing/sheet_plan.html", "trail_at": 2}
    if stage == SheetStage.APPLIED:
        return context | _outcome(sheet) | {"page_template": "appointing/sheet_outcome.html", "trail_at": 3}
    refusal = sheet.summary.get("refusal", "") if stage == SheetStage.REFUSED else ""
    return context | {"page_template": "appointing/sheet_refused.html", "refusal": refusal}


def _plan(sheet: AppointmentSheet, params: Mapping[str, str]) -> dict[str, Any]:
    rows = services.rows_of(sheet)
    wrong = [mistake for row in rows for mistake in row.mistakes if mistake.severity == "mistake"]
    warned = [mistake for row in rows if not row.waits for mistake in row.mistakes if mistake.severity == "warning"]
    new = [row for row in rows if row.action == NEW]
    same = [row for row in rows if row.action == SAME]
    lists: dict[str, list[Any]] = {"wrong": wrong, "warned": warned, "new": new, "same": same}
    return {
        "four": _four(sheet.summary),
        "mistakes": [_mistake(each) for each in page_of(wrong, params, "wrong")],
        "warnings": [_mistake(each) for each in page_of(warned, params, "warned")],
        "fresh": [_row(row) for row in page_of(new, params, "new")],
        "present": [_row(row) for row in page_of(same, params, "same")],
        "pages": {name: pager_of(len(each), params, name) for name, each in lists.items()},
        "confirm": _confirm(sheet.summary),
    }


def _four(counts: Mapping[str, Any]) -> list[dict[str, Any]]:
    wait = counts[WAIT]
    return [
        {"number_text": number(counts[NEW]), "glyph": "plus", "label": "назначим"},
        {"number_text": number(counts[SAME]), "glyph": "equal", "label": "уже назначены"},
        {
            "number_text": number(wait),
            "glyph": "mistake",
            "label": "с ошибкой, не тронем",
            "tone": "bad" if wait else "",
        },
        {"number_text": number(counts["by_hand"]), "glyph": "warning", "label": "без почты: ссылку передадите сами"},
    ]


def _confirm(counts: Mapping[str, Any]) -> dict[str, str]:
    new, by_hand = counts[NEW], counts["by_hand"]
    letters = new - by_hand
    people = counted(new, "человека", "человека", "человек")
    sent = f"Письма уйдут на {counted(letters, 'адрес', 'адреса', 'адресов')}." if letters else "Писем не будет."
    wait = counts[WAIT]
    left = plural(wait, "останется", "останутся", "останутся")
    rest = f" {counted(wait, 'строка', 'строки', 'строк')} с ошибками {left}."
    return {
        "summary": f"Назначим {people}." if new else "Назначать некого.",
        "text": f"{sent}{rest if wait else ''}" if new else "",
        "button": f"Назначить {people}" if new else "",
    }


def _mistake(mistake: Mistake) -> dict[str, str]:
    """A mistake with what may have been meant; a warning says itself what is written instead."""
    offered = mistake.suggestion if mistake.severity == "mistake" else ""
    return {
        "cell": mistake.address,
        "column": mistake.header,
        "value": mistake.text,
        "message": f"{mistake.message}. Может быть, {offered}?" if offered else mistake.message,
    }


def _row(row: Row) -> dict[str, str]:
    order = f"№ {row.order.number}" if row.order.number else ""
    day = f" от {date_text(row.order.signed_on)}" if row.order.signed_on else ""
    return {
        "row": str(row.number),
        "school": row.school,
        "person": f"{row.person.last_name} {row.person.first_name} {row.person.patronymic}".strip(),
        "email": row.person.email,
        "order": f"{order}{day}".strip(),
    }


def _outcome(sheet: AppointmentSheet) -> dict[str, Any]:
    """Who was appointed, and how the letters fare."""
    appointed = sheet.summary["appointed"]
    letters = _letters(sheet)
    busy = sheet.batch is not None and not sheet.batch.is_over
    return {
        "done": f"{plural(appointed, 'Назначен', 'Назначены', 'Назначено')} "
        f"{counted(appointed, 'человек', 'человека', 'человек')}.",
        "applied": upper_first(moment_text(sheet.applied_at)) if sheet.applied_at else "",
        "letters": letters,
        "bar": progress_of(sheet) if busy else None,
        "left": [{"row": row, "reason": reason} for row, reason in sheet.summary.get("left", [])][:PAGE],
    }


def _letters(sheet: AppointmentSheet) -> dict[str, int]:
    found = Invitation.objects.filter(batch=sheet.batch_id) if sheet.batch_id else Invitation.objects.none()
    return found.aggregate(
        sent=Count("pk", filter=Q(delivered_at__isnull=False)),
        failed=Count("pk", filter=~Q(delivery_error="") & Q(withdrawn_at=None, accepted_at=None)),
        accepted=Count("pk", filter=Q(accepted_at__isnull=False)),
    )


def upper_first(text: str) -> str:
    """The text as the beginning of a sentence."""
    return f"{text[:1].upper()}{text[1:]}"


# Pages of the lists of a plan


def _at(params: Mapping[str, str], name: str) -> int:
    text = params.get(name, "1")
    return max(int(text), 1) if text.isascii() and text.isdecimal() and len(text) < 6 else 1


def page_of(rows: list[Any], params: Mapping[str, str], name: str) -> list[Any]:
    """The rows of the page an address asks for."""
    start = (_at(params, name) - 1) * PAGE
    return rows[start : start + PAGE]


def pager_of(total: int, params: Mapping[str, str], name: str) -> dict[str, Any]:
    """What stands under a list of a plan."""
    page, last = _at(params, name), max((total + PAGE - 1) // PAGE, 1)
    first = min((page - 1) * PAGE + 1, total)
    return {
        "text": f"{number(first)}–{number(min(page * PAGE, total))} из {number(total)}" if total > PAGE else "",
        "previous": page - 1 if page > 1 else None,
        "next": page + 1 if page < last else None,
    }
