"""The work a job does for an upload: read and plan, write, take back; each safe to begin again after any death."""

import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from schools.jobs import JobLost, JobRefused, Progress
from schools.models import School, User
from schools.sheets import SheetError, read_workbook
from staff.imports.holds import hold_text, is_held_for
from staff.imports.plan import Plan, make_plan
from staff.imports.records import Reading, read_records
from staff.imports.roster import load_roster, plain, stamp_of
from staff.imports.stored import changed_people, new_people, pack, pack_plan, sheet_facts, sheet_top, unpack
from staff.imports.ticks import Tick, unheard
from staff.imports.undo import take_back
from staff.imports.writing import Writer
from staff.models import ImportMode, ImportStage, StaffImport, StaffMember

REPLANNED = {
    "list": "Пока план ждал, список сотрудников изменился. План пересчитан: посмотрите ещё раз и подтвердите.",
    "year": "Пока план ждал, начался другой учебный год. План пересчитан: посмотрите ещё раз и подтвердите.",
}
NOBODY = "Под заголовком нет ни одной строки с людьми. Впишите сотрудников и загрузите файл снова."


def perform(upload: StaffImport, progress: Progress[StaffImport]) -> None:
    """Do what the upload's stage asks for."""
    if upload.stage == ImportStage.UPLOADED:
        _plan(upload, progress)
    elif upload.stage == ImportStage.APPLYING:
        _apply(upload, progress)
    elif upload.stage == ImportStage.UNDOING:
        _undo(upload, progress)


# Reading and planning


def read_file(data: bytes, upload: StaffImport, tick: Tick = unheard) -> Reading:
    """Read bytes as a staff list, with the person's own word about columns and cells.

    Raises SheetError when the bytes are not a spreadsheet that can be read.
    """
    book = read_workbook(data)
    mapping = {int(index): key for index, key in upload.mapping.items()} or None
    reading = read_records(book.sheets, mapping=mapping, fixes=upload.fixes, tick=tick)
    reading.said.extend(book.notes)
    return reading


def plan_of(reading: Reading, upload: StaffImport, tick: Tick = unheard) -> Plan:
    """Return the plan of a reading against the school's present staff."""
    return make_plan(reading, load_roster(upload.school), full=upload.mode == ImportMode.FULL, tick=tick)


def _plan(upload: StaffImport, progress: Progress[StaffImport]) -> None:
    """Read and plan. The bar's first half is the reading of rows, the second their comparison with the list."""
    progress.step(0, 0)
    data = upload.file.data
    if not data:
        raise JobRefused("Срок хранения файла вышел. Загрузите его ещё раз.")
    try:
        reading = read_file(data, upload, lambda done, total: progress.tick(done, 2 * total))
    except SheetError as error:
        _refuse(progress, {"refusal": error.message, "code": error.code})
        return
    if reading.refusal:
        facts = sheet_facts(reading)
        cells = {"top": sheet_top(reading), "unknown": facts.pop("unknown"), "headings": facts.pop("headings")}
        _refuse(progress, facts | {"refusal": reading.refusal, "code": "columns"}, cells)
        return
    if not reading.records:
        _refuse(progress, sheet_facts(reading) | {"refusal": NOBODY, "code": "no_rows"})
        return
    plan = plan_of(reading, upload, lambda done, total: progress.tick(total + done, 2 * total))
    if upload.summary.get("replan"):
        plan.said.insert(0, REPLANNED[upload.summary["replan"]])
    summary = plan.summary(timezone.localdate()) | sheet_facts(reading)
    progress.write(stage=ImportStage.PLANNED, summary=summary, plan_data=pack_plan(plan))


def _refuse(progress: Progress[StaffImport], summary: dict[str, Any], cells: dict[str, Any] | None = None) -> None:
    """Keep why; cells of a sheet whose header nobody knows may be people, so they are kept sealed, as a plan is."""
    progress.write(stage=ImportStage.REFUSED, summary=summary, plan_data=pack(cells) if cells else None)


# Writing and taking back


def _apply(upload: StaffImport, progress: Progress[StaffImport]) -> None:
    plan = unpack(upload.plan_data)
    people, changes = new_people(plan), changed_people(plan)
    progress.step(0, len(people) + len(changes) + len(plan["leaving"]))
    with transaction.atomic():
        school, fresh = _hold(progress, ImportStage.APPLYING)
        actor = _check_actor(fresh, fresh.applied_by)
        if is_held_for(actor, school, fresh.summary):
            raise JobRefused(f"Загрузка остановлена. {hold_text(fresh.summary)}")
        stamp = stamp_of(school)
        if stamp == plan["stamp"]:
            today = timezone.localdate()
            _write(fresh, Writer(school, today), changes | _leaving(plan, today), people)
            return
        same_year = stamp.partition(":")[0] == plan["stamp"].partition(":")[0]
        upload.summary = fresh.summary | {"replan": "list" if same_year else "year"}
        progress.write(stage=ImportStage.UPLOADED, summary=upload.summary)
    _plan(upload, progress)


def _hold(progress: Progress[StaffImport], stage: ImportStage) -> tuple[School, StaffImport]:
    """The school and the upload, both locked until the transaction ends.

    Raises JobLost unless this worker still holds the job: what it knows of the upload may be stale.
    """
    school = School.objects.select_for_update().get(pk=progress.job.school_id)
    fresh = progress.mine().filter(stage=stage).defer("plan_data", "undo_data").select_for_update(of=("self",)).first()
    if fresh is None:
        raise JobLost
    return school, fresh


def _check_actor(upload: StaffImport, actor: User | None) -> User:
    """Return the person who asked, who must still have the right to: appointments end."""
    if actor is None or not StaffImport.objects.editable_by(actor).filter(pk=upload.pk).exists():
        raise JobRefused("У того, кто подтвердил, больше нет права менять эту школу. Нужно подтвердить заново.")
    return actor


def _write(
    upload: StaffImport, writer: Writer, changes: dict[int, dict[str, Any]], people: list[dict[str, Any]]
) -> None:
    writer.change(changes)
    writer.create(people)
    upload.undo_data = pack(
        vars(writer.written) | {"accounts": _keyed(writer.written.accounts), "classes": _keyed(writer.written.classes)}
    )
    upload.stage = ImportStage.APPLIED
    upload.applied_at = timezone.now()
    upload.save(update_fields=["undo_data", "stage", "applied_at"])


def _leaving(plan: dict[str, Any], today: datetime.date) -> dict[int, dict[str, Any]]:
    """Those a full list does not name leave today; who has not begun yet, on the day they were to begin."""
    ids = [staff_id for staff_id, _ in plan["leaving"]]
    later = dict(StaffMember.objects.filter(pk__in=ids, hired_on__gt=today).values_list("pk", "hired_on"))
    return {staff_id: {"left_on": plain(later.get(staff_id, today))} for staff_id in ids}


def _keyed(values: dict[int, Any]) -> dict[str, Any]:
    return {str(key): value for key, value in values.items()}


def _undo(upload: StaffImport, progress: Progress[StaffImport]) -> None:
    stored = unpack(upload.undo_data)
    progress.step(0, len(stored["created"]) + len(stored["changed"]))
    with transaction.atomic():
        school, fresh = _hold(progress, ImportStage.UNDOING)
        _check_actor(fresh, User.objects.filter(pk=fresh.summary.get("undo_by")).first())
        fresh.summary = fresh.summary | {"undo": take_back(school, stored)}
        fresh.stage = ImportStage.UNDONE
        fresh.undone_at = timezone.now()
        fresh.save(update_fields=["summary", "stage", "undone_at"])
