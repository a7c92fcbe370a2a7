"""An upload's page: the plan, the mistakes, the outcome, ready to print."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from typing import Any

from django.conf import settings
from django.http import QueryDict
from django.utils import timezone

from schools.codes import format_phone
from schools.jobs import JobState
from schools.models import User
from schools.texts import counted, date_text, moment_text, number, plural
from staff.columns import COLUMN_BY_KEY
from staff.forms import column_choices
from staff.imports import services
from staff.imports.holds import hold_text, is_held_for
from staff.imports.mending import columns_of, skipped_rows
from staff.imports.plan import CHANGE, FIELD_TITLES, NEW, WAIT, Plan, PlannedRow
from staff.imports.records import NAME_KEYS, Mistake
from staff.imports.stored import unpack, unpack_plan
from staff.imports.words import confirm_text
from staff.models import ImportMode, ImportStage, StaffImport, StaffMember
from staff.showing import PAGE, crumbs, import_line

TRAIL = ("Файл", "Проверка", "Готово")
_WORDS: dict[Any, str] = {
    True: "да",
    False: "нет",
    **dict(StaffMember.Role.choices),
    **dict(StaffMember.Employment.choices),
}
_PLACEHOLDERS = {
    "snils": "000-000-000 00",
    "phone": "+7 900 000-00-00",
    "born_on": "01.09.1980",
    "email": "imya@example.ru",
}


def progress_context(upload: StaffImport) -> dict[str, Any]:
    """The bar of a running job: half of it is reading, half comparing; writing is one act and has no middle."""
    done, total = upload.done_count, upload.total_count
    context = {"title": _course(upload), "done": done, "total": total, "share": None, "is_over": upload.is_over}
    if upload.stage == ImportStage.UPLOADED and total:
        half = total // 2
        context |= {"share": 100 * done / total, "done": done if done < half else done - half, "total": half}
    elif upload.stage in {ImportStage.APPLYING, ImportStage.UNDOING} and total:
        context["at_once"] = counted(total, "строка", "строки", "строк")
    return context


def _course(upload: StaffImport) -> str:
    """What the job is doing just now."""
    if upload.stage == ImportStage.UPLOADED and upload.total_count:
        comparing = 2 * upload.done_count >= upload.total_count
        return "Сверяем со списком школы" if comparing else "Читаем строки"
    titles = {
        ImportStage.UPLOADED: "Открываем файл",
        ImportStage.APPLYING: "Вносим все строки разом",
        ImportStage.UNDOING: "Возвращаем прежние значения",
    }
    return titles.get(ImportStage(upload.stage), "Готово")


def import_context(upload: StaffImport, user: Any, params: QueryDict) -> dict[str, Any]:
    """What the upload's page needs at its present stage, and which template shows it."""
    upload.stage = stage = services.standing(upload)
    stopped = upload.state in {JobState.FAILED, JobState.ABORTED}
    context: dict[str, Any] = {
        "upload": upload,
        "school": upload.school,
        "counts": upload.summary,
        "crumbs": crumbs(
            user,
            upload.school,
            ("Загрузки", f"/schools/{upload.school_id}/staff/upload/"),
            (moment_text(upload.created_at), ""),
        ),
        "line": import_line(upload),
        "said": upload.summary.get("said", []) if stage == ImportStage.PLANNED else [],
        "refused": upload.error if stopped and stage != ImportStage.DISCARDED else "",
        "mode_title": ImportMode(upload.mode).label,
        "trail": TRAIL,
    }
    if upload.state in {JobState.QUEUED, JobState.RUNNING}:
        return context | progress_context(upload) | {"page_template": "staff/import_working.html"}
    if stopped and stage == ImportStage.UPLOADED:
        return context | {"page_template": "staff/import_stopped.html"}
    if stage == ImportStage.REFUSED:
        known = [[index, key] for _, index, key in upload.summary.get("columns", [])]
        counts = upload.summary | unpack(upload.plan_data)
        return context | {"page_template": "staff/import_refused.html", "known_columns": known, "counts": counts}
    if stage == ImportStage.PLANNED:
        return context | plan_context(upload, user, params) | {"page_template": "staff/import_plan.html"}
    return context | outcome_context(upload) | {"page_template": "staff/import_outcome.html"}


def plan_context(upload: StaffImport, user: User, params: Mapping[str, str]) -> dict[str, Any]:
    """The plan, a page of each of its lists."""
    plan = unpack_plan(StaffImport.objects.values_list("plan_data", flat=True).get(pk=upload.pk))
    counts = upload.summary
    wrong = [
        mistake for row in plan.rows if row.action == WAIT for mistake in row.mistakes if mistake.severity == "mistake"
    ]
    warned = list(_as_one(mistake for row in plan.rows for mistake in row.mistakes if mistake.severity == "warning"))
    held = is_held_for(user, upload.school, counts)
    return {
        "five": _five(counts, upload.mode == ImportMode.FULL),
        "mistakes": [mistake_row(mistake) for mistake in _page(wrong, params, "wrong")],
        "warnings": [_warning_row(group) for group in _page(warned, params, "warned")],
        "warned": len(warned),
        "changes": list(_changes(_page([row for row in plan.rows if row.action == CHANGE], params, "changed"))),
        "fresh": [_fresh(row) for row in _page([row for row in plan.rows if row.action == NEW], params, "new")],
        "leaving": [title for _, title in _page(plan.leaving, params, "leaving")],
        "pages": {
            "wrong": _pager(len(wrong), params, "wrong"),
            "warned": _pager(len(warned), params, "warned"),
            "changed": _pager(counts["changed"], params, "changed"),
            "new": _pager(counts["new"], params, "new"),
            "leaving": _pager(counts["leaving"], params, "leaving"),
        },
        "held": hold_text(counts) if held else "",
        "seen": services.plan_mark(upload),
        "confirm": confirm_text(counts, settings.KEEP_FILES_DAYS, held=held),
        "trail_at": 2,
        "hinted": hinted(counts["suggestions"], counts["mistakes"]),
        "skipped": skipped_rows(upload),
        "file_columns": columns_of(counts, column_choices()),
    }


_TO_HOW_MANY = ("", "одной", "двум", "трём", "четырём", "пяти", "шести", "семи", "восьми", "девяти", "десяти")


def hinted(suggestions: int, mistakes: int) -> str:
    """«к четырём есть подсказка», «ко всем есть подсказка»."""
    if suggestions == mistakes:
        return "ко всем есть подсказка" if mistakes > 1 else "к ней есть подсказка"
    if suggestions < len(_TO_HOW_MANY):
        return f"к {_TO_HOW_MANY[suggestions]} есть подсказка"
    return f"подсказок {number(suggestions)}"


def _five(counts: Mapping[str, Any], full: bool) -> list[dict[str, Any]]:
    waiting = counts["waiting"]
    return [
        {
            "number_text": number(counts["new"]),
            "glyph": "plus",
            "label": plural(counts["new"], "новый", "новых", "новых"),
        },
        {
            "number_text": number(counts["changed"]),
            "glyph": "pencil",
            "label": plural(counts["changed"], "изменится", "изменятся", "изменятся"),
        },
        {"number_text": number(counts["same"]), "glyph": "equal", "label": "без изменений"},
        {
            "number_text": number(waiting),
            "glyph": "mistake",
            "label": "с ошибкой, " + plural(waiting, "подождёт", "подождут", "подождут"),
            "tone": "bad" if waiting else "",
        },
        {
            "number_text": number(counts.get("absent", counts["leaving"])),  # older plans did not count it
            "glyph": "dash",
            "label": "выбывают" if full else "нет в файле — не трогаем",
        },
    ]


def mistake_row(mistake: Mistake, *, quiet: bool = False) -> dict[str, Any]:
    """A mistake as the macro takes it; a warning has no button, it goes in by itself."""
    row: dict[str, Any] = {
        "id": f"{mistake.row}:{mistake.key}",
        "cell": mistake.address,
        "column": mistake.header,
        "value": mistake.text,
        "message": mistake.message,
        "suggestion": mistake.suggestion or "",
        "name": "",
    }
    if mistake.key and not quiet and not mistake.suggestion:
        row |= {"name": f"fix-{mistake.row}:{mistake.key}", "placeholder": _PLACEHOLDERS.get(mistake.key, "")}
    if quiet and mistake.code != "patronymic_missing":
        row |= {"suggestion": "", "becomes": mistake.suggestion or ""}
    if mistake.code == "patronymic_missing":
        row["verb"] = "Отметить"
    if mistake.code == "twice":
        row["skip"] = str(mistake.row)
    return row


def _as_one(mistakes: Iterable[Mistake]) -> Iterator[list[Mistake]]:
    """Warnings in groups: the cells of one name written in one wrong way are one remark."""
    for (_, code, by_name), group in groupby(mistakes, lambda one: (one.row, one.code, one.key in NAME_KEYS)):
        if by_name and code in _SPELLING:
            yield list(group)
        else:
            yield from ([one] for one in group)


_SPELLING = frozenset({"letter_case", "signs"})


def _warning_row(group: list[Mistake]) -> dict[str, Any]:
    row = mistake_row(group[0], quiet=True)
    if len(group) > 1:
        whole = " ".join(one.suggestion or one.text for one in group)
        row |= {
            "cell": ", ".join(one.address for one in group),
            "column": COLUMN_BY_KEY["full_name"].header,
            "value": " ".join(one.text for one in group),
            "message": group[0].message.replace(f"«{group[0].suggestion}»", f"«{whole}»"),
        }
    return row


def _changes(rows: list[PlannedRow]) -> Iterator[dict[str, Any]]:
    for row in rows:
        for position, (key, (old, new)) in enumerate(row.changes.items()):
            yield {
                "row": row.row,
                "field": FIELD_TITLES[key],
                "old": value_text(key, old),
                "new": value_text(key, new),
                "person": "он же, она же" if position else row.title,
                "same_person": bool(position),
            }


def _fresh(row: PlannedRow) -> dict[str, Any]:
    return {
        "row": row.row,
        "title": row.title,
        "position": row.values.get("position", ""),
        "classes": row.values.get("leads_classes", ""),
        "phone": value_text("phone", row.values.get("phone")),
    }


def value_text(key: str, value: Any) -> str:
    """A stored value as a person reads it: masked СНИЛС, Russian dates, words for choices."""
    if value in (None, ""):
        return ""
    if key == "snils":
        return f"***-***-{value[6:9]} {value[9:]}"
    if key == "phone":
        return format_phone(value)
    if key.endswith("_on"):
        year, month, day = value.split("-")
        return f"{day}.{month}.{year}"
    if isinstance(value, bool) or key in {"role", "employment"}:
        return _WORDS.get(value, str(value))
    return str(value).replace(".", ",") if key == "rate" else str(value)


def _number(params: Mapping[str, str], name: str) -> int:
    text = params.get(name, "1")
    return max(int(text), 1) if text.isascii() and text.isdecimal() and len(text) < 6 else 1


def _page(rows: list[Any], params: Mapping[str, str], name: str) -> list[Any]:
    start = (_number(params, name) - 1) * PAGE
    return rows[start : start + PAGE]


def _pager(total: int, params: Mapping[str, str], name: str) -> dict[str, Any]:
    page = _number(params, name)
    last = max((total + PAGE - 1) // PAGE, 1)
    first = min((page - 1) * PAGE + 1, total)
    return {
        "text": f"{number(first)}–{number(min(page * PAGE, total))} из {number(total)}" if total > PAGE else "",
        "previous": page - 1 if page > 1 else None,
        "next": page + 1 if page < last else None,
    }


def outcome_context(upload: StaffImport) -> dict[str, Any]:
    """What was done, by whom, when; what waits; until when it can be undone."""
    until = services.undo_until(upload)
    undo = upload.summary.get("undo") or {}
    return {
        "undo_until": date_text(timezone.localtime(until).date()) if until and services.can_undo(upload) else "",
        "undo": undo,
        "undo_reasons": _undo_reasons(undo),
        "applied": moment_text(upload.applied_at) if upload.applied_at else "",
        "undone": moment_text(upload.undone_at) if upload.undone_at else "",
        "applied_by": str(upload.applied_by) if upload.applied_by else "",
        "trail_at": 3,
        "done": done_text(upload.summary),
        "waits": "" if upload.summary.get("forgotten") else waits_text(upload.summary.get("waiting", 0)),
    }


def done_text(counts: Mapping[str, Any]) -> tuple[str, str]:
    """(«Внесена 21 строка.», «12 новых сотрудников, 9 изменений»)."""
    if "rows" not in counts:
        return "", ""
    total = counts["new"] + counts["changed"]
    verb = plural(total, "Внесена", "Внесены", "Внесено")
    parts = [
        (counts["new"], counted(counts["new"], "новый сотрудник", "новых сотрудника", "новых сотрудников")),
        (counts["changed"], counted(counts["changed"], "изменение", "изменения", "изменений")),
        (counts["leaving"], counted(counts["leaving"], "отмечен выбывшим", "отмечены выбывшими", "отмечены выбывшими")),
    ]
    rows = f"{verb} {counted(total, 'строка', 'строки', 'строк')}." if total else "Список обновлён."
    return rows, ", ".join(text for count, text in parts if count)


def waits_text(waiting: int) -> str:
    """«6 строк с ошибками ждут исправления»; '' for none."""
    if not waiting:
        return ""
    rows = counted(waiting, "строка с ошибкой ждёт", "строки с ошибками ждут", "строк с ошибками ждут")
    return f"{rows} исправления"


def _undo_reasons(undo: Mapping[str, Any]) -> list[str]:
    kept: dict[str, int] = {}
    for _, reason in undo.get("kept", []):
        kept[reason] = kept.get(reason, 0) + 1
    return [
        f"{counted(count, 'сотрудник', 'сотрудника', 'сотрудников')}: {reason}, оставлено как есть"
        for reason, count in kept.items()
    ]


def waiting_rows(upload: StaffImport) -> list[tuple[dict[str, str], list[Mistake]]]:
    """The rows that wait, as their file has them, with what is wrong."""
    data = StaffImport.objects.values_list("plan_data", flat=True).get(pk=upload.pk)
    if not data:
        return []
    plan: Plan = unpack_plan(data)
    return [(row.values, row.mistakes) for row in plan.rows if row.action == WAIT]
