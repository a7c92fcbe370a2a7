"""The page of a spreadsheet of chats: the plan, the mistakes with their cells, the outcome; ready to print."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.conf import settings
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone

from chats.models import ChatImport
from chats.roles import ASSOCIATIONS
from chats.talks.sheet.columns import CASE_CHOICES, column_choices
from chats.talks.sheet.plan import FIELD_TITLES, UNKNOWN, Plan, PlannedRow
from chats.talks.sheet.records import Mistake
from chats.talks.sheet.services import has_work, suggestions
from chats.talks.sheet.stored import unpack_plan
from schools.jobs import JobState
from schools.models import SchoolClass
from schools.texts import counted, date_text, moment_text, number, plural
from schools.years import school_year_of
from staff.imports.mending import columns_of, typed_fixes
from staff.imports.plan import CHANGE, NEW, WAIT
from staff.imports.records import SKIP
from staff.imports.services import can_undo, plan_mark, standing, undo_until
from staff.imports.showing import _page as page_of
from staff.imports.showing import _pager as pager_of
from staff.imports.showing import hinted, mistake_row, progress_context
from staff.imports.stored import unpack
from staff.imports.words import confirm_text
from staff.models import ImportStage
from staff.showing import crumbs, import_line

TRAIL = ("Файл", "Проверка", "Готово")
_PLACEHOLDERS = {
    "case": "15", "class_name": "6Б", "area": "математика и информатика", "channel": "MAX", "title": "6Б. Родители",
    "link": "https://max.ru/join/…", "owner": "ФИО", "opened_on": "05.09.2026", "ends_on": "25.05.2027",
    "closed_on": "25.05.2026",
}  # fmt: skip


def import_context(upload: ChatImport, user: Any, params: QueryDict) -> dict[str, Any]:
    """What the upload's page needs at its present stage, and which template shows it."""
    upload.stage = stage = standing(upload)  # type: ignore[arg-type]
    stopped = upload.state in {JobState.FAILED, JobState.ABORTED}
    back = reverse("chats", args=[upload.school_id])
    way = ("Чаты", back), ("Загрузка", reverse("chat_upload", args=[upload.school_id]))
    context: dict[str, Any] = {
        "upload": upload,
        "school": upload.school,
        "counts": upload.summary,
        "crumbs": crumbs(user, upload.school, *way, (moment_text(upload.created_at), "")),
        "line": import_line(upload),  # type: ignore[arg-type]
        "said": upload.summary.get("said", []) if stage == ImportStage.PLANNED else [],
        "refused": upload.error if stopped and stage != ImportStage.DISCARDED else "",
        "columns": column_choices(),
        "trail": TRAIL,
    }
    if upload.state in {JobState.QUEUED, JobState.RUNNING}:
        return context | progress_context(upload) | {"page_template": "talks/import_working.html"}  # type: ignore[arg-type]
    if stage == ImportStage.REFUSED or (stopped and stage == ImportStage.UPLOADED):
        known = [[index, key] for _, index, key in upload.summary.get("columns", [])]
        counts = upload.summary | (unpack(upload.plan_data) if stage == ImportStage.REFUSED else {})
        return context | {"page_template": "talks/import_refused.html", "counts": counts, "known_columns": known}
    if stage == ImportStage.PLANNED:
        return context | plan_context(upload, params) | {"page_template": "talks/import_plan.html"}
    return context | outcome_context(upload) | {"page_template": "talks/import_outcome.html"}


def plan_of(upload: ChatImport) -> Plan:
    """The plan an upload keeps."""
    return unpack_plan(ChatImport.objects.values_list("plan_data", flat=True).get(pk=upload.pk))


def plan_context(upload: ChatImport, params: Mapping[str, str]) -> dict[str, Any]:
    """The plan, a page of each of its lists."""
    plan, counts = plan_of(upload), upload.summary
    wrong = [one for row in plan.of(WAIT) for one in row.mistakes if one.severity == "mistake"]
    warned = [one for row in plan.rows if row.action != WAIT for one in row.mistakes if one.severity == "warning"]
    unknown, changed, new = (plan.of(kind) for kind in (UNKNOWN, CHANGE, NEW))
    lists: dict[str, list[Any]] = {"wrong": wrong, "warned": warned, "unknown": unknown, "changed": changed, "new": new}
    return {
        "five": _five(counts),
        "unknown": [_unknown(row) for row in page_of(unknown, params, "unknown")],
        "cases": [(str(at), title) for at, title in enumerate(CASE_CHOICES, start=1)] if unknown else [],
        "places": _places(upload) if unknown else [],
        "mistakes": [_mistake(one) for one in page_of(wrong, params, "wrong")],
        "warnings": [mistake_row(one, quiet=True) for one in page_of(warned, params, "warned")],
        "changes": list(_changes(page_of(changed, params, "changed"))),
        "fresh": [_fresh(row) for row in page_of(new, params, "new")],
        "by_name": any(row.about.get("by_name") for row in new),
        "pages": {name: pager_of(len(rows), params, name) for name, rows in lists.items()},
        "warning_count": len(warned),
        "seen": plan_mark(upload),  # type: ignore[arg-type]
        "confirm": confirm_text(counts, settings.KEEP_FILES_DAYS) if has_work(upload) else NOTHING,
        "trail_at": 2,
        "hinted": hinted(counts["suggestions"], counts["mistakes"]),
        "skipped": counts.get("skipped", []),
        "file_columns": columns_of(counts, column_choices()),
    }


NOTHING = {"summary": "Вносить нечего.", "text": "", "undo": "", "button": "", "possible": ""}


def _places(upload: ChatImport) -> list[tuple[str, list[tuple[str, str]]]]:
    """Classes of this year and associations, for saying what an unknown chat is about."""
    year = school_year_of(timezone.localdate())
    classes = SchoolClass.objects.filter(school=upload.school_id, year=year).order_by("grade", "letter")
    names = [(one.name, one.name) for one in classes]
    return [("Класс", names), ("Объединение", [(f"МО: {each.name}", each.name) for each in ASSOCIATIONS])]


def _five(counts: Mapping[str, Any]) -> list[dict[str, Any]]:
    new, changed, waiting, unknown = (counts[key] for key in ("new", "changed", "waiting", "unrecognised"))
    return [
        {"number_text": number(new), "glyph": "plus", "label": plural(new, "новый", "новых", "новых")},
        {
            "number_text": number(changed),
            "glyph": "pencil",
            "label": plural(changed, "изменится", "изменятся", "изменятся"),
        },
        {"number_text": number(counts["same"]), "glyph": "equal", "label": "без изменений"},
        {
            "number_text": number(unknown),
            "glyph": "warning",
            "label": plural(unknown, "не узнали", "не узнали", "не узнали"),
            "tone": "warn" if unknown else "",
            "url": "#unknown" if unknown else "",
        },
        {
            "number_text": number(waiting),
            "glyph": "mistake",
            "label": "с ошибкой, " + plural(waiting, "подождёт", "подождут", "подождут"),
            "tone": "bad" if waiting else "",
            "url": "#mistakes" if waiting else "",
        },
    ]


def _unknown(row: PlannedRow) -> dict[str, Any]:
    about = row.about
    facts = [about.get(name, "") for name in ("external_id", "link")]
    return {
        "row": row.row,
        "title": row.title or "без названия",
        "facts": " · ".join(filter(None, facts)),
        "note": about.get("note", ""),
        "place": about.get("class_name", ""),
    }


def _mistake(mistake: Mistake) -> dict[str, Any]:
    row = mistake_row(mistake)
    if row["name"]:
        row["placeholder"] = _PLACEHOLDERS.get(mistake.key, "")
    if not row["column"] or not mistake.key:
        row["column"] = "Строка"
    return row


def _changes(rows: list[PlannedRow]) -> Iterator[dict[str, Any]]:
    for row in rows:
        for position, (name, (old, new)) in enumerate(row.changes.items()):
            yield {
                "row": row.row,
                "field": FIELD_TITLES[name],
                "old": old,
                "new": new,
                "person": "он же" if position else row.title,
                "same_person": bool(position),
            }


def _fresh(row: PlannedRow) -> dict[str, Any]:
    return {"row": row.row, "title": row.title, **row.about}


# What came of it


def outcome_context(upload: ChatImport) -> dict[str, Any]:
    """What was done, by whom, when; what was left out; until when it can be undone."""
    until = undo_until(upload)  # type: ignore[arg-type]
    undoable = until and can_undo(upload)  # type: ignore[arg-type]
    undo = upload.summary.get("undo") or {}
    return {
        "undo_until": date_text(timezone.localtime(until).date()) if until and undoable else "",
        "undo": undo,
        "undo_text": _undo_text(undo),
        "kept": undo.get("kept", [])[:50],
        "left": upload.summary.get("left", [])[:50],
        "applied": moment_text(upload.applied_at) if upload.applied_at else "",
        "undone": moment_text(upload.undone_at) if upload.undone_at else "",
        "applied_by": str(upload.applied_by) if upload.applied_by else "",
        "done": done_text(upload.summary),
        "waits": _waits(upload.summary),
        "trail_at": 3,
    }


def done_text(counts: Mapping[str, Any]) -> str:
    """«Записано 12 новых чатов, изменено 3 чата.»"""
    made, wrote = counts.get("made", 0), counts.get("wrote", 0)
    parts = []
    if made:
        verb = plural(made, "записан", "записаны", "записано")
        parts.append(f"{verb} {counted(made, 'новый чат', 'новых чата', 'новых чатов')}")
    if wrote:
        parts.append(f"{plural(wrote, 'изменён', 'изменены', 'изменено')} {counted(wrote, 'чат', 'чата', 'чатов')}")
    text = ", ".join(parts) or "ничего не записано"
    return f"{text[:1].upper()}{text[1:]}."


def _waits(counts: Mapping[str, Any]) -> str:
    """«6 строк не внесли: исправьте их в файле и загрузите его снова»; '' for none."""
    count = 0 if counts.get("forgotten") else counts.get("waiting", 0) + counts.get("unrecognised", 0)
    rows = counted(count, "строку", "строки", "строк")
    return f"{rows} не внесли: исправьте их в файле и загрузите его снова" if count else ""


def _undo_text(undo: Mapping[str, Any]) -> str:
    removed, restored = undo.get("removed", 0), undo.get("restored", 0)
    parts = []
    if removed:
        parts.append(f"убрали {counted(removed, 'чат', 'чата', 'чатов')}")
    if restored:
        parts.append(f"вернули прежнее {counted(restored, 'чату', 'чатам', 'чатам')}")
    text = ", ".join(parts) or "возвращать было нечего"
    return f"{text[:1].upper()}{text[1:]}."


# What a person mends on the page


def fixes_from(upload: ChatImport, post: QueryDict) -> dict[str, str]:
    """The cells a person mended: every filled input, an accepted suggestion, the row left out or taken back."""
    fixes = typed_fixes(post)
    if post.get("skip"):
        fixes[f"{post['skip']}:{SKIP}"] = "да"
    if "unskip" in post:
        fixes |= {f"{row}:{SKIP}": "" for row in upload.summary.get("skipped", [])}
    wanted = post.get("accept", "")
    return fixes | {key: text for key, text in suggestions(upload).items() if key == wanted} if wanted else fixes
