"""What a person does with a spreadsheet of administrators, and the job that reads it and appoints."""

import datetime
import zlib
from typing import Any

import orjson
from django.db import transaction
from django.utils import timezone

from schools import jobs
from schools.appointing import services
from schools.appointing.refusals import AppointRefused
from schools.appointing.sheet.plan import NEW, SAME, WAIT, Row, make_plan, packed, read, unpacked
from schools.jobs import JobRefused, JobState, Progress
from schools.models import AppointmentSheet, Invitation, InvitationBatch, School, StoredFile, User
from schools.models.files import fingerprint, printable_name
from schools.models.invitations import SheetStage
from schools.sheets import LIMITS, SheetError, read_workbook
from schools.texts import file_size

MOST_A_DAY = 100

# What a person asks for


@transaction.atomic
def start(*, data: bytes, shown_name: str, by: User) -> AppointmentSheet:
    """Keep a spreadsheet and queue its reading; the same bytes waiting already give the sheet that holds them.

    Raises AppointRefused for an empty or too large one.
    """
    if not data:
        raise AppointRefused("Файл пустой: в нём нет ни одного байта. Сохраните его ещё раз и загрузите снова.")
    if len(data) > LIMITS.max_bytes:
        raise AppointRefused(
            f"Файл больше {file_size(LIMITS.max_bytes)}. Оставьте в нём один лист и сохраните как xlsx."
        )
    own = AppointmentSheet.objects.filter(created_by=by)
    waiting = own.filter(stage__in=[SheetStage.UPLOADED, SheetStage.PLANNED], file__sha256=fingerprint(data))
    same = waiting.exclude(state__in=[JobState.FAILED, JobState.ABORTED]).first()
    if same is not None:
        return same
    if own.filter(created_at__gte=timezone.now() - datetime.timedelta(days=1)).count() >= MOST_A_DAY:
        raise AppointRefused("За сутки загружено слишком много файлов. Продолжите завтра.")
    file = StoredFile.objects.create(
        shown_name=printable_name(shown_name), size=len(data), sha256=fingerprint(data), content=data, uploaded_by=by
    )
    sheet = AppointmentSheet(file=file, created_by=by)
    jobs.enqueue(sheet)
    return sheet


@transaction.atomic
def confirm(sheet: AppointmentSheet, *, by: User) -> AppointmentSheet:
    """Queue the appointing of a plan's new rows; the rows with mistakes stay out. Raises AppointRefused."""
    fresh = _locked(sheet)
    if not fresh.summary.get(NEW):
        raise AppointRefused("Назначать некого: в файле нет новых людей без ошибок.")
    fresh.stage = SheetStage.APPLYING
    jobs.enqueue(fresh, "stage")
    return fresh


@transaction.atomic
def discard(sheet: AppointmentSheet, *, by: User) -> AppointmentSheet:
    """Put a spreadsheet away without appointing anybody. Raises AppointRefused."""
    fresh = _locked(sheet)
    fresh.stage = SheetStage.DISCARDED
    fresh.plan_data = None
    fresh.save(update_fields=["stage", "plan_data"])
    return fresh


def _locked(sheet: AppointmentSheet) -> AppointmentSheet:
    fresh = AppointmentSheet.objects.select_for_update(of=("self",)).get(pk=sheet.pk)
    if fresh.state in {JobState.QUEUED, JobState.RUNNING}:
        raise AppointRefused("Список сейчас обрабатывается. Подождите немного и обновите страницу.")
    if standing(fresh) != SheetStage.PLANNED:
        raise AppointRefused("Этот список уже подтвердили или убрали.")
    return fresh


def standing(sheet: AppointmentSheet) -> SheetStage:
    """The stage a sheet really stands at: appointing that failed has appointed nobody."""
    stopped = sheet.state in {JobState.FAILED, JobState.ABORTED}
    return SheetStage.PLANNED if sheet.stage == SheetStage.APPLYING and stopped else SheetStage(sheet.stage)


def rows_of(sheet: AppointmentSheet) -> list[Row]:
    """The plan a sheet keeps; empty before there is one and after it is forgotten."""
    data = AppointmentSheet.objects.values_list("plan_data", flat=True).get(pk=sheet.pk)
    return unpacked(orjson.loads(zlib.decompress(bytes(data)))) if data else []


# What the job does


def perform(sheet: AppointmentSheet, progress: Progress[AppointmentSheet]) -> None:
    """Do what the sheet's stage asks for; safe to run again after being killed at any point."""
    if sheet.stage == SheetStage.UPLOADED:
        _plan(sheet)
    elif sheet.stage == SheetStage.APPLYING:
        _apply(sheet, progress)


def _actor(sheet: AppointmentSheet) -> User:
    """Who uploaded it, while she may still appoint (threats.md A21)."""
    by = sheet.created_by
    if by is None or not by.is_active or not School.objects.editable_by(by).exists():
        raise JobRefused("У того, кто загрузил список, больше нет права назначать администраторов.")
    return by


def _plan(sheet: AppointmentSheet) -> None:
    by = _actor(sheet)
    if not sheet.file.data:
        raise JobRefused("Срок хранения файла вышел. Загрузите его ещё раз.")
    try:
        reading = read(read_workbook(sheet.file.data).sheets)
    except SheetError as error:
        _write(sheet, SheetStage.REFUSED, {"refusal": error.message})
        return
    if reading.refusal:
        _write(sheet, SheetStage.REFUSED, {"refusal": reading.refusal})
        return
    rows = make_plan(reading, by)
    said = [problem.message for problem in reading.match.problems if problem.severity == "warning"]
    _write(sheet, SheetStage.PLANNED, counts_of(rows) | {"said": said, "sheet": reading.sheet.name}, rows)


def counts_of(rows: list[Row]) -> dict[str, Any]:
    """How many rows of each kind, and how many of the new ones have no address."""
    counts = {action: sum(row.action == action for row in rows) for action in (NEW, SAME, WAIT)}
    by_hand = sum(row.action == NEW and not row.person.email for row in rows)
    return {**counts, "rows": len(rows), "by_hand": by_hand}


def _write(sheet: AppointmentSheet, stage: SheetStage, summary: dict[str, Any], rows: list[Row] | None = None) -> None:
    data = zlib.compress(orjson.dumps(packed(rows)), 1) if rows is not None else None
    waiting = AppointmentSheet.objects.filter(pk=sheet.pk, stage=SheetStage.UPLOADED)
    waiting.update(stage=stage, summary=summary, plan_data=data)


def _apply(sheet: AppointmentSheet, progress: Progress[AppointmentSheet]) -> None:
    """Appoint everybody of the plan in one transaction; letters go out by a job of their own, once it is committed."""
    by = _actor(sheet)
    new = [row for row in rows_of(sheet) if row.action == NEW and row.school_id is not None]
    progress.step(0, len(new))
    with transaction.atomic():
        fresh = AppointmentSheet.objects.select_for_update(of=("self",)).get(pk=sheet.pk)
        if fresh.stage != SheetStage.APPLYING:
            return
        batch = InvitationBatch(created_by=by) if any(row.person.email for row in new) else None
        if batch is not None:
            jobs.enqueue(batch)
        done = _appoint(new, by, batch)
        fresh.batch = batch
        fresh.stage = SheetStage.APPLIED
        fresh.applied_at = timezone.now()
        fresh.summary = fresh.summary | done
        fresh.save(update_fields=["batch", "stage", "applied_at", "summary"])
    progress.step(len(new), len(new))


def _appoint(rows: list[Row], by: User, batch: InvitationBatch | None) -> dict[str, Any]:
    """Appoint rows, schools locked in one order; who could not be appointed meanwhile is told with the reason."""
    ids = [row.school_id for row in rows if row.school_id is not None]
    mine = School.objects.editable_by(by).select_for_update(of=("self",)).filter(pk__in=ids).order_by("pk")
    schools = {school.pk: school for school in mine}
    left: list[list[Any]] = []
    for row in rows:
        school = schools.get(row.school_id or 0)
        try:
            if school is None:
                raise AppointRefused(services.NOT_YOURS)
            with transaction.atomic():
                services.appoint(
                    by=by, place=school, person=row.person, starts_on=row.starts_on, order=row.order, batch=batch
                )
        except AppointRefused as refusal:
            left.append([row.number, str(refusal)])
    for region_id in {school.region_id for school in schools.values()}:
        jobs.tell_changed(region_id=region_id)
    return {"appointed": len(rows) - len(left), "left": left}


@transaction.atomic
def send_again(sheet: AppointmentSheet, *, by: User) -> int:
    """Send the letters of an applied sheet that did not go out once more; return how many. Raises AppointRefused."""
    batch = sheet.batch
    if batch is None or not batch.is_over:
        raise AppointRefused("Письма ещё отправляются. Подождите немного и обновите страницу.")
    failed = Invitation.objects.filter(batch=batch, delivered_at=None, withdrawn_at=None, accepted_at=None)
    count = failed.exclude(delivery_error="").update(delivery_error="")
    if not count:
        raise AppointRefused("Отправлять нечего: все письма ушли.")
    jobs.enqueue(batch)
    return count
