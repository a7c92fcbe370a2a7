"""What the job of a spreadsheet of chats does: read and plan, write, take back; safe to begin again after any death."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from chats.models import ChatImport
from chats.talks.sheet.loading import load_present, stamp_of
from chats.talks.sheet.planning import make_plan
from chats.talks.sheet.records import Reading, read_records
from chats.talks.sheet.stored import pack_plan, unpack_plan
from chats.talks.sheet.writing import take_back, write_plan
from schools.jobs import JobLost, JobRefused, Progress
from schools.models import School, User
from schools.sheets import SheetError, read_workbook
from schools.years import school_year_of
from staff.imports.stored import pack, sheet_facts, sheet_top, unpack
from staff.models import ImportStage

REPLANNED = "Пока план ждал, чаты школы изменились. План пересчитан: посмотрите ещё раз и подтвердите."


def perform(upload: ChatImport, progress: Progress[ChatImport]) -> None:
    """Do what the upload's stage asks for."""
    if upload.stage == ImportStage.UPLOADED:
        _plan(upload, progress)
    elif upload.stage == ImportStage.APPLYING:
        _apply(upload, progress)
    elif upload.stage == ImportStage.UNDOING:
        _undo(upload, progress)


def _plan(upload: ChatImport, progress: Progress[ChatImport]) -> None:
    progress.step(0, 0)
    data = upload.file.data
    if not data:
        raise JobRefused("Срок хранения файла вышел. Загрузите его ещё раз.")
    try:
        reading = read_file(data, upload)
    except SheetError as error:
        progress.write(stage=ImportStage.REFUSED, summary={"refusal": error.message}, plan_data=None)
        return
    facts: dict[str, Any] = sheet_facts(reading)  # type: ignore[arg-type]
    if reading.refusal:
        _refuse(reading, facts, progress)
        return
    plan = make_plan(reading, load_present(upload.school, timezone.localdate()))
    if upload.summary.get("replan"):
        plan.said.insert(0, REPLANNED)
    summary = plan.counts() | facts | {"said": plan.said, "skipped": reading.skipped}
    progress.write(stage=ImportStage.PLANNED, summary=summary, plan_data=pack_plan(plan))


def _refuse(reading: Reading, facts: dict[str, Any], progress: Progress[ChatImport]) -> None:
    """Keep why; where nobody knows the columns, the first rows too, sealed, to choose them by hand."""
    cells = None
    if not reading.match.is_usable:
        top = sheet_top(reading)  # type: ignore[arg-type]
        cells = pack({"top": top, "unknown": facts.pop("unknown"), "headings": facts.pop("headings")})
    progress.write(stage=ImportStage.REFUSED, summary=facts | {"refusal": reading.refusal}, plan_data=cells)


def read_file(data: bytes, upload: ChatImport) -> Reading:
    """Read bytes as a list of chats, with the person's own word about columns and cells. Raises SheetError."""
    book = read_workbook(data)
    mapping = {int(index): key for index, key in upload.mapping.items()} or None
    reading = read_records(book.sheets, mapping=mapping, fixes=upload.fixes)
    reading.said.extend(book.notes)
    return reading


def _apply(upload: ChatImport, progress: Progress[ChatImport]) -> None:
    plan = unpack_plan(upload.plan_data)
    counts = plan.counts()
    progress.step(0, counts["new"] + counts["changed"])
    day = timezone.localdate()
    with transaction.atomic():
        school, fresh = _hold(progress, ImportStage.APPLYING)
        actor = _actor(fresh, fresh.applied_by)
        if stamp_of(school, day) == plan.stamp:
            undoing, left = write_plan(school, plan, year=school_year_of(day), by=actor)
            fresh.undo_data = pack(undoing)
            fresh.summary = fresh.summary | {
                "left": left,
                "made": len(undoing["made"]),
                "wrote": len(undoing["changed"]),
            }
            fresh.stage = ImportStage.APPLIED
            fresh.applied_at = timezone.now()
            fresh.save(update_fields=["undo_data", "summary", "stage", "applied_at"])
            return
        upload.summary = fresh.summary | {"replan": True}
        progress.write(stage=ImportStage.UPLOADED, summary=upload.summary)
    _plan(upload, progress)


def _undo(upload: ChatImport, progress: Progress[ChatImport]) -> None:
    stored = unpack(upload.undo_data)
    progress.step(0, len(stored["made"]) + len(stored["changed"]))
    with transaction.atomic():
        school, fresh = _hold(progress, ImportStage.UNDOING)
        actor = _actor(fresh, User.objects.filter(pk=fresh.summary.get("undo_by")).first())
        fresh.summary = fresh.summary | {"undo": take_back(school, stored, by=actor)}
        fresh.stage = ImportStage.UNDONE
        fresh.undone_at = timezone.now()
        fresh.save(update_fields=["summary", "stage", "undone_at"])


def _hold(progress: Progress[ChatImport], stage: ImportStage) -> tuple[School, ChatImport]:
    """The school and the upload, both locked until the transaction ends.

    Raises JobLost unless this worker still holds the job: what it knows of the upload may be stale.
    """
    school = School.objects.select_for_update().get(pk=progress.job.school_id)
    fresh = progress.mine().filter(stage=stage).defer("plan_data", "undo_data").select_for_update(of=("self",)).first()
    if fresh is None:
        raise JobLost
    return school, fresh


def _actor(upload: ChatImport, actor: User | None) -> User:
    """The person who asked, who must still have the right to: appointments end."""
    if actor is None or not ChatImport.objects.editable_by(actor).filter(pk=upload.pk).exists():
        raise JobRefused("У того, кто подтвердил, больше нет права менять эту школу. Нужно подтвердить заново.")
    return actor
