"""Rows given one by one, by a form or by REST: planned by the rules of an upload, the right ones written at once."""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.db import transaction
from django.utils import timezone

from schools.jobs import tell_changed
from schools.models import Guardian, Guardianship, Pupil, School, SchoolClass, User
from schools.sheets import Sheet
from staff.imports.plan import NEW, WAIT
from staff.imports.roster import load_roster
from staff.names import NO_PATRONYMIC
from staff.rosters.applying import write_plan
from staff.rosters.kinds import CLASSES, GUARDIANS, KIND_BY_KEY, PUPILS
from staff.rosters.plan import Plan, PlannedRow
from staff.rosters.plan.making import make_plan
from staff.rosters.present import load_present, row_key
from staff.rosters.records import Book, HeaderMatch, Record, SheetReading, clean_record
from staff.rosters.written import Written

STALE = "Запись изменили, пока вы её правили. Откройте её снова и повторите правку."
_KEYS = {CLASSES: "class", PUPILS: "pupil", GUARDIANS: "guardian"}
_MODELS: Mapping[str, Any] = {CLASSES: SchoolClass, PUPILS: Pupil, GUARDIANS: Guardian}


@dataclass(frozen=True, slots=True)
class Given:
    """A row: its cells as texts by key, an empty one empties the field; `id` and `version` of a known one.

    `pupil` is whose representative it is.
    """

    texts: Mapping[str, str]
    id: int | None = None
    version: int | None = None
    pupil: int | None = None
    group: str = ""


@dataclass(slots=True)
class Result:
    """What came of a row: action new, change, same or wait; its id; what is wrong: (key, sentence, suggestion)."""

    action: str
    id: int | None = None
    problems: list[tuple[str, str, str | None]] = field(default_factory=list)
    is_stale: bool = False


@transaction.atomic
def save_rows(*, school: School, year: int, kind: str, rows: Sequence[Given], by: User) -> list[Result]:
    """Write classes, pupils, or representatives with their pupil: every right row, in one act; tell of each."""
    locked = School.objects.select_for_update().get(pk=school.pk)
    stale = stale_rows(kind, rows)
    listed = records_of(kind, rows)
    asked = [record for number, record in enumerate(listed) if number not in stale]
    plan = plan_rows(locked, year, kind, asked)
    today = timezone.localdate()
    written = write_plan(locked, plan, today=today, left_on=today)
    tell_changed(school.pk)
    done = {row.row: row for row in plan.rows[kind]}
    ids = ids_of(kind, plan, written)
    return [
        Result(WAIT, rows[number].id, [("", STALE, None)], is_stale=True)
        if number in stale
        else _result(done[number + 1], ids)
        for number in range(len(rows))
    ]


def stale_rows(kind: str, rows: Sequence[Given]) -> set[int]:
    """Rows whose known version is not the present one."""
    asked = {row.id: row.version for row in rows if row.id is not None and row.version is not None}
    present = dict(_MODELS[kind].objects.filter(pk__in=list(asked)).values_list("pk", "version"))
    return {
        number
        for number, row in enumerate(rows)
        if row.version is not None and present.get(row.id) not in (None, row.version)
    }


def records_of(kind: str, rows: Sequence[Given]) -> list[Record]:
    """The rows, cleaned; a known person keeps what is not spoken of in the name, whatever we would say of it."""
    ids = [row.id for row in rows if row.id is not None and kind != CLASSES]
    stored = (
        {one.pop("pk"): one for one in _MODELS[kind].objects.filter(pk__in=ids).values("pk", *_NAMES)} if ids else {}
    )
    records = []
    for number, row in enumerate(rows, start=1):
        name = stored.get(row.id or 0)
        told = {*_NAMES, "full_name"} & row.texts.keys()
        record = _record(
            kind, number, replace(row, texts=_name_texts(name) | dict(row.texts)) if name and told else row
        )
        if name and not told:
            record.values |= name
            record.mistakes = [one for one in record.mistakes if one.key not in _NAMES]
        records.append(record)
    return records


_NAMES = ("last_name", "first_name", "patronymic", "no_patronymic")


def _name_texts(name: Mapping[str, Any]) -> dict[str, str]:
    middle = name["patronymic"] or (NO_PATRONYMIC if name["no_patronymic"] else "")
    return {"last_name": name["last_name"], "first_name": name["first_name"], "patronymic": middle}


def _record(kind: str, number: int, row: Given) -> Record:
    texts = dict(row.texts)
    if row.id is not None:
        texts["row_key"] = row_key(_KEYS[kind], row.id)
    if row.pupil is not None:
        texts["pupil_key"] = row_key("pupil", row.pupil)
    record = Record(0, number, {}, texts, dict.fromkeys(texts, "A"), erases=row.id is not None, group=row.group)
    return clean_record(KIND_BY_KEY[kind], record)


def plan_rows(school: School, year: int, kind: str, records: list[Record]) -> Plan:
    """The plan of records of one kind against what the school has now."""
    sheet = Sheet(name="", hidden=False, first_row=1, first_column=0, rows=[])
    book = Book([SheetReading(0, sheet, KIND_BY_KEY[kind], HeaderMatch(0, 0, {}), records)])
    staff = load_roster(school).people if any(record.values.get("teachers") for record in records) else ()
    return make_plan(book, load_present(school, year), today=timezone.localdate(), staff=staff)


def ids_of(kind: str, plan: Plan, written: Written) -> dict[int, int]:
    """Row → id of what was made; a representative's row that made only a link is told by its person."""
    fresh = [row for row in plan.rows[kind] if row.action == NEW]
    if kind == PUPILS:
        return dict(zip((row.row for row in fresh), written.made_pupils, strict=True))
    if kind == CLASSES:
        return dict(zip((row.row for row in fresh), written.made_classes[-len(fresh) :] if fresh else (), strict=True))
    marks = dict.fromkeys(row.refs["guardian"] for row in fresh if isinstance(row.refs["guardian"], str))
    made = dict(zip(marks, written.made_guardians, strict=True))
    return {row.row: made.get(row.refs["guardian"], row.refs["guardian"]) for row in plan.rows[kind] if row.refs}


def _result(row: PlannedRow, ids: Mapping[int, int]) -> Result:
    wrong = [one for one in row.mistakes if one.severity == "mistake"]
    problems = [(one.key, one.message, one.suggestion) for one in wrong]
    return Result(row.action, ids.get(row.row, row.id), problems if row.action == WAIT else [])


@transaction.atomic
def remove_links(*, links: Iterable[Guardianship], by: User) -> int:
    """End representations; the people stay. Return how many."""
    ids = [link.pk for link in links]
    found = Guardianship.objects.filter(pk__in=ids)
    schools = set(found.values_list("pupil__school_id", flat=True))
    found.delete()
    for school in schools:
        tell_changed(school)
    return len(ids)


@transaction.atomic
def mark_left(*, pupil: Pupil, on: datetime.date | None, by: User) -> Pupil:
    """Write the day a pupil left the school, or take it back with None."""
    fresh: Pupil = Pupil.objects.select_for_update(of=("self",)).get(pk=pupil.pk)
    fresh.left_on = on
    fresh.save(update_fields=["left_on"])
    tell_changed(fresh.school_id)
    return fresh
