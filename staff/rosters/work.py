"""What the job of a roster's upload does: read and plan, write, take back; safe to begin again after any death."""

import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from schools.jobs import JobLost, JobRefused, Progress
from schools.models import School, User
from schools.sheets import SheetError
from staff.imports.holds import ending_text
from staff.imports.plan import Plan as StaffPlan
from staff.imports.plan import make_plan as make_staff_plan
from staff.imports.records import read_records
from staff.imports.roster import Roster, load_roster
from staff.imports.stored import pack, unpack
from staff.imports.ticks import Tick, unheard
from staff.models import ImportMode, ImportStage, RosterImport
from staff.rosters.applying import write_plan
from staff.rosters.plan import Plan
from staff.rosters.plan.making import make_plan
from staff.rosters.present import load_present, roster_stamp
from staff.rosters.reading import read_roster
from staff.rosters.records import NO_ROWS, Book, of_sheet
from staff.rosters.stored import pack_roster, unpack_roster
from staff.rosters.undo import undo

REPLANNED = "Пока план ждал, данные школы изменились. План пересчитан: посмотрите ещё раз и подтвердите."


def perform(upload: RosterImport, progress: Progress[RosterImport]) -> None:
    """Do what the upload's stage asks for."""
    if upload.stage == ImportStage.UPLOADED:
        _plan(upload, progress)
    elif upload.stage == ImportStage.APPLYING:
        _apply(upload, progress)
    elif upload.stage == ImportStage.UNDOING:
        _undo(upload, progress)


# Reading and planning


def _plan(upload: RosterImport, progress: Progress[RosterImport]) -> None:
    """Read and plan. The bar's first half is the reading of rows, the second their comparison with the school."""
    progress.step(0, 0)
    data = upload.file.data
    if not data:
        raise JobRefused("Срок хранения файла вышел. Загрузите его ещё раз.")
    try:
        book = read_roster(data, upload.fixes, upload.year, lambda done, total: progress.tick(done, 2 * total))
    except SheetError as error:
        _refuse(progress, {"refusal": error.message, "code": error.code})
        return
    if book.refusal:
        _refuse(progress, {"refusal": book.refusal, "code": "sheets"})
        return
    full = upload.mode == ImportMode.FULL
    plan = plan_of(
        book,
        upload.school,
        upload.year,
        full=full,
        fixes=upload.fixes,
        tick=lambda done, total: progress.tick(total + done, 2 * total),
    )
    if not (plan.all_rows() or plan.staff or book.said or upload.fixes):
        _refuse(progress, {"refusal": NO_ROWS, "code": "sheets"})
        return
    if upload.summary.get("replan"):
        plan.said.insert(0, REPLANNED)
    summary = plan.summary(timezone.localdate().month)
    progress.write(stage=ImportStage.PLANNED, summary=summary, plan_data=pack_roster(plan))


def _refuse(progress: Progress[RosterImport], summary: dict[str, Any]) -> None:
    progress.write(stage=ImportStage.REFUSED, summary=summary, plan_data=None)


def plan_of(book: Book, school: School, year: int, *, full: bool, fixes: dict[str, str], tick: Tick = unheard) -> Plan:
    """Return the plan of a book against what the school has now; staff is read only where the book speaks of it."""
    led = any(record.values.get("teachers") for each in book.readings for record in each.records)
    roster = load_roster(school) if led or book.staff else None
    staff = _plan_staff(book, roster, fixes) if book.staff and roster else None
    return make_plan(
        book,
        load_present(school, year),
        today=timezone.localdate(),
        staff=roster.people if roster else (),
        staff_plan=staff,
        full=full,
        tick=tick,
    )


def _plan_staff(book: Book, roster: Roster, fixes: dict[str, str]) -> StaffPlan | None:
    """The sheet of staff goes the way of every staff list, but nobody leaves for not being named in it."""
    number, sheet = book.staff[0]
    prefix = f"{number}:"
    own = {key.removeprefix(prefix): text for key, text in fixes.items() if key.startswith(prefix)}
    reading = read_records([sheet], fixes=own)
    if len(book.staff) > 1:
        book.said.append(f"Листов с сотрудниками несколько: взяли «{sheet.name}».")
    if reading.refusal:
        return None
    book.said += of_sheet(sheet.name, reading.said)
    if not reading.records:
        return None
    plan = make_staff_plan(reading, roster)
    today = timezone.localdate()
    if plan.is_held(today):
        book.said.append(
            f"Лист «{sheet.name}» отсюда не вносим: по нему {ending_text(plan.ending(today), plan.working)}. "
            "Загрузите его на странице сотрудников: там его подтвердит координатор."
        )
        return None
    return plan


# Writing and taking back


def _apply(upload: RosterImport, progress: Progress[RosterImport]) -> None:
    plan = unpack_roster(upload.plan_data)
    progress.step(0, len(plan.all_rows()))
    with transaction.atomic():
        school, fresh = _hold(progress, ImportStage.APPLYING)
        _check_actor(fresh, fresh.applied_by)
        if roster_stamp(school) == plan.stamp:
            _write(fresh, school, plan)
            return
        upload.summary = fresh.summary | {"replan": True}
        progress.write(stage=ImportStage.UPLOADED, summary=upload.summary)
    _plan(upload, progress)


def _hold(progress: Progress[RosterImport], stage: ImportStage) -> tuple[School, RosterImport]:
    """The school and the upload, both locked until the transaction ends.

    Raises JobLost unless this worker still holds the job: what it knows of the upload may be stale.
    """
    school = School.objects.select_for_update().get(pk=progress.job.school_id)
    fresh = progress.mine().filter(stage=stage).defer("plan_data", "undo_data").select_for_update(of=("self",)).first()
    if fresh is None:
        raise JobLost
    return school, fresh


def _check_actor(upload: RosterImport, actor: User | None) -> None:
    """The person who asked must still have the right to: appointments end."""
    if actor is None or not RosterImport.objects.editable_by(actor).filter(pk=upload.pk).exists():
        raise JobRefused("У того, кто подтвердил, больше нет права менять эту школу. Нужно подтвердить заново.")


def _write(upload: RosterImport, school: School, plan: Plan) -> None:
    today = timezone.localdate()
    told = upload.summary.get("left_on")
    left_on = datetime.date.fromisoformat(told) if told else today
    written = write_plan(school, plan, today=today, left_on=left_on)
    upload.undo_data = pack(vars(written))
    upload.stage = ImportStage.APPLIED
    upload.applied_at = timezone.now()
    upload.save(update_fields=["undo_data", "stage", "applied_at"])


def _undo(upload: RosterImport, progress: Progress[RosterImport]) -> None:
    stored = unpack(upload.undo_data)
    progress.step(0, sum(len(stored[key]) for key in ("made_pupils", "pupils", "made_links", "links")))
    with transaction.atomic():
        school, fresh = _hold(progress, ImportStage.UNDOING)
        _check_actor(fresh, User.objects.filter(pk=fresh.summary.get("undo_by")).first())
        fresh.summary = fresh.summary | {"undo": undo(school, fresh.year, stored)}
        fresh.stage = ImportStage.UNDONE
        fresh.undone_at = timezone.now()
        fresh.save(update_fields=["summary", "stage", "undone_at"])
