"""An upload's page: the plan by kind of row, the mistakes with their cells, the outcome; ready to print."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone

from schools.jobs import JobState
from schools.texts import counted, date_text, moment_text, number, plural
from schools.years import school_year_title
from staff.imports.mending import typed_fixes
from staff.imports.plan import CHANGE, NEW, WAIT
from staff.imports.records import SKIP
from staff.imports.services import can_undo, plan_mark, standing, undo_until
from staff.imports.showing import _page as page_of
from staff.imports.showing import _pager as pager_of
from staff.imports.showing import hinted, progress_context
from staff.imports.showing import value_text as staff_value
from staff.models import ImportMode, ImportStage, RosterImport
from staff.rosters import showing
from staff.rosters.columns.cleaners import KIND_TITLES
from staff.rosters.kinds import CLASSES, COLUMN_OF, GUARDIANS, KIND_BY_KEY, PUPILS, STAFF
from staff.rosters.plan import KINDS, Plan
from staff.rosters.records import Mistake
from staff.rosters.services import has_work, school_year_start
from staff.rosters.stored import unpack_roster
from staff.showing import crumbs, import_line

TRAIL = ("Файл", "Проверка", "Готово")
ALL_KINDS = (STAFF, *KINDS)
_PLACEHOLDERS = {
    "snils": "000-000-000 00", "phone": "+7 900 000-00-00", "born_on": "05.09.2015", "email": "imya@example.ru",
    "school_class": "5А", "pupil_class": "5А", "class_name": "5А", "kind": "мать",
}  # fmt: skip
_SKIPPABLE = frozenset({"twice", "rivals"})


@dataclass(frozen=True, slots=True)
class Item:
    """A planned row of any kind, staff included, as the lists of the page need it."""

    kind: str
    sheet: int
    row: int
    action: str
    title: str
    values: Mapping[str, Any]
    changes: Mapping[str, list[Any]]
    refs: Mapping[str, Any]
    mistakes: list[Mistake]


def items_of(plan: Plan) -> list[Item]:
    """Every row of a plan, kind by kind in the order of the workbook."""
    found = list(_staff_items(plan))
    for kind in KINDS:
        found += [
            Item(kind, row.sheet, row.row, row.action, row.title, row.values, row.changes, row.refs, row.mistakes)
            for row in plan.rows[kind]
        ]
    return found


def _staff_items(plan: Plan) -> Iterator[Item]:
    sheet = next((each["number"] for each in plan.sheets if each["kind"] == STAFF), 0)
    for row in plan.staff.rows if plan.staff else ():
        mistakes = [Mistake(sheet, *one) for one in row.mistakes]
        yield Item(STAFF, sheet, row.row, row.action, row.title, row.values, row.changes, {}, mistakes)


def import_context(upload: RosterImport, user: Any, params: QueryDict) -> dict[str, Any]:
    """What the upload's page needs at its present stage, and which template shows it."""
    upload.stage = stage = standing(upload)
    stopped = upload.state in {JobState.FAILED, JobState.ABORTED}
    school = upload.school
    way = showing.school_crumb(school), ("Загрузки", reverse("roster_upload", args=[school.pk]))
    context: dict[str, Any] = {
        "upload": upload,
        "school": school,
        "counts": upload.summary,
        "crumbs": crumbs(user, school, *way, (moment_text(upload.created_at), "")),
        "line": import_line(upload),  # type: ignore[arg-type]
        "said": upload.summary.get("said", []) if stage == ImportStage.PLANNED else [],
        "refused": upload.error if stopped and stage != ImportStage.DISCARDED else "",
        "mode_title": ImportMode(upload.mode).label,
        "year_title": school_year_title(upload.year),
        "trail": TRAIL,
    }
    if upload.state in {JobState.QUEUED, JobState.RUNNING}:
        return context | progress_context(upload) | {"page_template": "rosters/import_working.html"}  # type: ignore[arg-type]
    if stage == ImportStage.REFUSED or (stopped and stage == ImportStage.UPLOADED):
        return context | {"page_template": "rosters/import_refused.html"}
    if stage == ImportStage.PLANNED:
        return context | plan_context(upload, params) | {"page_template": "rosters/import_plan.html"}
    return context | outcome_context(upload) | {"page_template": "rosters/import_outcome.html"}


def plan_context(upload: RosterImport, params: Mapping[str, str]) -> dict[str, Any]:
    """The plan, a page of each of its lists."""
    plan = unpack_roster(RosterImport.objects.values_list("plan_data", flat=True).get(pk=upload.pk))
    items = items_of(plan)
    many = len(plan.sheets) > 1
    names = {each["number"]: each["name"] for each in plan.sheets} if many else {}
    wrong = [(one, item) for item in items if item.action == WAIT for one in item.mistakes if one.severity == "mistake"]
    warned = [(one, item) for item in items for one in item.mistakes if one.severity == "warning"]
    changed = [item for item in items if item.action == CHANGE]
    lists: dict[str, list[Any]] = {"wrong": wrong, "warned": warned, "changed": changed, "leaving": plan.leaving}
    lists |= {kind: [item for item in items if item.kind == kind and item.action == NEW] for kind in ALL_KINDS}
    today = timezone.localdate()
    return {
        "five": _five(upload, plan),
        "kinds": [_kind_row(kind, plan) for kind in ALL_KINDS if _kind_counts(kind, plan)["rows"]],
        "mistakes": [mistake_row(one, item, names) for one, item in page_of(wrong, params, "wrong")],
        "mistake_count": len(wrong),
        "hinted": hinted(sum(one.suggestion is not None for one, _ in wrong), len(wrong)),
        "hints": sum(one.suggestion is not None for one, _ in wrong),
        "warnings": [mistake_row(one, item, names, quiet=True) for one, item in page_of(warned, params, "warned")],
        "warning_count": len(warned),
        "changes": list(_changes(page_of(changed, params, "changed"), names)),
        "change_count": len(changed),
        "fresh": [
            (kind, len(lists[kind]), [_fresh(item, names) for item in page_of(lists[kind], params, kind)])
            for kind in ALL_KINDS
            if lists[kind]
        ],
        "fresh_titles": {kind: _fresh_title(kind, len(lists[kind])) for kind in ALL_KINDS},
        "made_classes": plan.made_classes,
        "leaving": [title for _, title in page_of(plan.leaving, params, "leaving")],
        "pages": {name: pager_of(len(rows), params, name) for name, rows in lists.items()},
        "skipped": skipped_rows(upload),
        "unknown": [(each["name"], letter, text) for each in plan.sheets for letter, text in each["unknown"]],
        "confirm": confirm_text(upload.summary),
        "seen": plan_mark(upload),
        "today": today,
        "first_day": school_year_start(today),
        "trail_at": 2,
        "full": upload.mode == ImportMode.FULL,
    }


def _kind_counts(kind: str, plan: Plan) -> dict[str, int]:
    rows: Iterable[Any] = (plan.staff.rows if plan.staff else ()) if kind == STAFF else plan.rows[kind]
    listed = list(rows)
    counts = {action: sum(row.action == action for row in listed) for action in (NEW, CHANGE, "same", WAIT)}
    return counts | {"rows": len(listed)}


def _kind_row(kind: str, plan: Plan) -> dict[str, Any]:
    counts = _kind_counts(kind, plan)
    names = [each["name"] for each in plan.sheets if each["kind"] == kind and each["name"]]
    return {"title": KIND_BY_KEY[kind].title, "sheets": ", ".join(f"«{name}»" for name in names[:4])} | {
        key: number(counts[key]) if counts[key] else "" for key in ("rows", NEW, CHANGE, "same", WAIT)
    }


def _five(upload: RosterImport, plan: Plan) -> list[dict[str, Any]]:
    counts = [_kind_counts(kind, plan) for kind in ALL_KINDS]
    new, changed, same, waiting = (sum(each[key] for each in counts) for key in (NEW, CHANGE, "same", WAIT))
    full = upload.mode == ImportMode.FULL
    known = sum(row.id is not None for row in plan.rows[PUPILS])
    leaving = len(plan.leaving) if full else max(plan.here - known, 0)
    return [
        {"number_text": number(new), "glyph": "plus", "label": plural(new, "новая строка", "новые", "новых")},
        {
            "number_text": number(changed),
            "glyph": "pencil",
            "label": plural(changed, "изменится", "изменятся", "изменятся"),
        },
        {"number_text": number(same), "glyph": "equal", "label": "без изменений"},
        {
            "number_text": number(waiting),
            "glyph": "mistake",
            "label": "с ошибкой, " + plural(waiting, "подождёт", "подождут", "подождут"),
            "tone": "bad" if waiting else "",
        },
        {
            "number_text": number(leaving),
            "glyph": "dash",
            "label": "обучающихся выбывают" if full else "обучающихся нет в файле — не трогаем",
        },
    ]


def mistake_row(one: Mistake, item: Item, names: Mapping[int, str], *, quiet: bool = False) -> dict[str, Any]:
    """A mistake as the macro takes it; a warning has no button, it goes in by itself."""
    column = COLUMN_OF[item.kind].get(one.key)
    hint = "без кода" if one.suggestion == "-" else one.suggestion or ""
    row: dict[str, Any] = {
        "id": one.fix_key,
        "cell": _cell(one.sheet, one.address if one.key else str(one.row), names),
        "column": column.header if column else "Строка",
        "value": one.text if column is None or not column.hidden else "код строки",
        "message": one.message,
        "suggestion": hint,
        "name": "",
    }
    if quiet:
        return row | ({"suggestion": ""} if one.code != "patronymic_missing" else {"verb": "Отметить"})
    if one.code in _SKIPPABLE:
        row["skip"] = f"{one.sheet}:{one.row}"
    if one.key and not hint:
        row |= {"name": f"fix-{one.fix_key}", "placeholder": _PLACEHOLDERS.get(one.key, "")}
    return row


def _cell(sheet: int, address: str, names: Mapping[int, str]) -> str:
    """«Обучающиеся, C14»; in a file of one sheet «C14»."""
    return f"{names[sheet]}, {address}" if names.get(sheet) else address


def _changes(items: Iterable[Item], names: Mapping[int, str]) -> Iterator[dict[str, Any]]:
    for item in items:
        for place, (key, (old, new)) in enumerate(item.changes.items()):
            yield {
                "row": _cell(item.sheet, str(item.row), names),
                "field": _title_of(item.kind, key),
                "old": value_text(item.kind, key, old),
                "new": value_text(item.kind, key, new),
                "person": item.title if not place else "там же",
                "same_person": bool(place),
            }


def _title_of(kind: str, key: str) -> str:
    if key == "no_patronymic":
        return "Отчества нет по документам"
    return COLUMN_OF[kind][key].header


def value_text(kind: str, key: str, value: Any) -> str:
    """A stored value as a person reads it: masked СНИЛС, Russian dates, words for choices."""
    if kind == GUARDIANS and key == "kind":
        return KIND_TITLES.get(value, "")
    return staff_value(key, value)


def _fresh(item: Item, names: Mapping[int, str]) -> dict[str, Any]:
    values = item.values
    where = {
        STAFF: values.get("position", ""),
        CLASSES: values.get("teachers", ""),
        PUPILS: values.get("school_class", ""),
        GUARDIANS: f"{KIND_TITLES.get(values.get('kind', ''), '')}: {item.refs.get('child', '')}",
    }[item.kind]
    return {
        "row": _cell(item.sheet, str(item.row), names),
        "title": item.title,
        "where": where or "—",
        "phone": staff_value("phone", values.get("phone")),
    }


_FRESH = {
    STAFF: ("новый сотрудник", "новых сотрудника", "новых сотрудников"),
    CLASSES: ("новый класс", "новых класса", "новых классов"),
    PUPILS: ("новый обучающийся", "новых обучающихся", "новых обучающихся"),
    GUARDIANS: ("новая связь с представителем", "новые связи с представителями", "новых связей с представителями"),
}


def _fresh_title(kind: str, count: int) -> str:
    return counted(count, *_FRESH[kind])


def skipped_rows(upload: RosterImport) -> list[str]:
    """Rows a person left out: «0:14», in order."""
    found = [key.removesuffix(f":{SKIP}") for key in upload.fixes if key.endswith(f":{SKIP}")]
    return sorted(found, key=lambda place: [int(part) for part in place.split(":")])


def confirm_text(counts: Mapping[str, Any]) -> dict[str, str]:
    """«Внесём 21 строку: …» and the words of the button."""
    staff = counts.get("staff") or {}
    new, changed = (counts[key] + staff.get(key, 0) for key in ("new", "changed"))
    waiting = counts["waiting"] + staff.get("waiting", 0)
    total = new + changed
    parts = [
        (new, counted(new, "новая", "новые", "новых")),
        (changed, counted(changed, "изменение", "изменения", "изменений")),
        (counts["leaving"], "отметим " + counted(counts["leaving"], "выбывшего", "выбывших", "выбывших")),
    ]
    said = ", ".join(text for count, text in parts if count)
    wait = plural(waiting, "подождёт", "подождут", "подождут")
    waits = f"{counted(waiting, 'строка', 'строки', 'строк')} с ошибками {wait}." if waiting else ""
    rows = counted(total, "строку", "строки", "строк")
    button = (
        f"Внести {rows}" if total else f"Отметить {counted(counts['leaving'], 'выбывшего', 'выбывших', 'выбывших')}"
    )
    possible = has_work(counts)
    days = counted(settings.KEEP_FILES_DAYS, "день", "дня", "дней")
    return {
        "summary": f"Внесём {rows}:" if total else "",
        "text": " ".join(filter(None, [f"{said}." if said else "", waits])),
        "button": button,
        "possible": "yes" if possible else "",
        "undo": f"Отменить целиком можно {days}." if possible else "",
    }


# The outcome


def outcome_context(upload: RosterImport) -> dict[str, Any]:
    """What was done, by whom, when; what waits; until when it can be undone."""
    until = undo_until(upload)
    undone: Mapping[str, Any] = upload.summary.get("undo") or {}
    return {
        "undo_until": date_text(timezone.localtime(until).date()) if until and can_undo(upload) else "",
        "reasons": list(undo_reasons(undone)),
        "applied": moment_text(upload.applied_at) if upload.applied_at else "",
        "undone": moment_text(upload.undone_at) if upload.undone_at else "",
        "applied_by": str(upload.applied_by) if upload.applied_by else "",
        "trail_at": 3,
        "done": done_text(upload.summary),
        "waits": "" if upload.summary.get("forgotten") else _waits_text(upload.summary),
    }


def done_text(counts: Mapping[str, Any]) -> tuple[str, str]:
    """(«Внесена 21 строка.», «2 класса, 15 обучающихся…»)."""
    if "rows" not in counts:
        return "", ""
    staff = counts.get("staff") or {}
    total = sum(counts[key] + staff.get(key, 0) for key in ("new", "changed"))
    verb = plural(total, "Внесена", "Внесены", "Внесено")
    parts = [_done_part(kind, counts.get(kind) or {}) for kind in ALL_KINDS]
    left = counted(counts["leaving"], "отмечен выбывшим", "отмечены выбывшими", "отмечены выбывшими")
    parts += [left if counts["leaving"] else ""]
    rows = f"{verb} {counted(total, 'строка', 'строки', 'строк')}." if total else "Списки обновлены."
    return rows, "; ".join(filter(None, parts))


def _done_part(kind: str, counts: Mapping[str, int]) -> str:
    new, changed = counts.get("new", 0), counts.get("changed", 0)
    said = [counted(new, *_FRESH[kind])] if new else []
    said += [counted(changed, "изменение", "изменения", "изменений")] if changed else []
    return f"{KIND_BY_KEY[kind].title.lower()}: {', '.join(said)}" if said else ""


def _waits_text(counts: Mapping[str, Any]) -> str:
    waiting = counts.get("waiting", 0) + (counts.get("staff") or {}).get("waiting", 0)
    rows = counted(waiting, "строка с ошибкой ждёт", "строки с ошибками ждут", "строк с ошибками ждут")
    return f"{rows} исправления" if waiting else ""


def undo_reasons(undone: Mapping[str, Any]) -> Iterator[str]:
    """What an undo left as it was, and why."""
    for what, reasons in (undone.get("kept") or {}).items():
        for why, count in reasons.items():
            yield f"{what.capitalize()}, {number(count)}: {why}, оставлено как есть"


def waiting_rows(upload: RosterImport) -> dict[str, list[tuple[Mapping[str, str], list[Mistake]]]]:
    """The rows that wait, kind by kind, as their file has them."""
    data = RosterImport.objects.values_list("plan_data", flat=True).get(pk=upload.pk)
    if not data:
        return {}
    found: dict[str, list[tuple[Mapping[str, str], list[Mistake]]]] = {}
    for item in items_of(unpack_roster(data)):
        if item.action == WAIT:
            found.setdefault(item.kind, []).append((item.values, item.mistakes))
    return found


def fixes_from(upload: RosterImport, post: QueryDict) -> dict[str, str]:
    """The cells a person mended: every filled input, the suggestion that was accepted, a row left out or taken back."""
    fixes = typed_fixes(post)
    if post.get("skip"):
        fixes[f"{post['skip']}:{SKIP}"] = "да"
    if "unskip" in post:
        fixes |= {f"{place}:{SKIP}": "" for place in skipped_rows(upload)}
    wanted = post.get("accept", "")
    if not wanted or standing(upload) != ImportStage.PLANNED:
        return fixes
    plan = unpack_roster(RosterImport.objects.values_list("plan_data", flat=True).get(pk=upload.pk))
    offered = (one for item in items_of(plan) for one in item.mistakes if one.suggestion and one.key)
    return fixes | {one.fix_key: one.suggestion or "" for one in offered if one.fix_key == wanted}
