"""What a person does with an upload: start, mend, confirm, drop, undo; `performing` does the work of its job."""

import datetime
from collections.abc import Mapping

import orjson
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from schools import jobs, quotas
from schools.codes import tidy
from schools.jobs import JobState
from schools.models import School, StoredFile, User
from schools.models.files import fingerprint, printable_name
from schools.sheets import LIMITS
from schools.texts import counted, file_size
from staff.columns import COLUMN_BY_KEY
from staff.imports.holds import hold_text, is_held_for
from staff.imports.plan import WAIT
from staff.imports.records import SKIP
from staff.imports.stored import (
    unpack_plan,
)
from staff.imports.words import nothing_text
from staff.models import ImportMode, ImportStage, RosterImport, StaffImport

LONGEST_FIX, LONGEST_ROW, MOST_FIXES = 300, 7, 20_000
OPEN_STAGES = (ImportStage.UPLOADED, ImportStage.PLANNED, ImportStage.APPLYING)


Upload = StaffImport | RosterImport


class ImportRefused(Exception):
    """What was asked cannot be done now; the text is a Russian sentence that says what to do."""


# What a person asks for


@transaction.atomic
def start_import(*, school: School, data: bytes, shown_name: str, mode: str, by: User) -> StaffImport:
    """Keep an uploaded file and queue its reading; the same bytes waiting already give the upload that holds them.

    Raises ImportRefused for an empty or too large file and for a school that has used up its day.
    """
    _check_file(data)
    School.objects.select_for_update().get(pk=school.pk)
    sha256 = fingerprint(data)
    same = StaffImport.objects.filter(school=school, mode=mode, file__sha256=sha256, stage__in=OPEN_STAGES)
    waiting = same.light().filter(file__content__isnull=False).order_by("-id").first()
    if waiting is not None:
        return waiting if not _stopped(waiting) else _plan_again(waiting)
    if not by.is_superuser:  # whoever runs the portal may load a whole region from the command line
        _check_quota(school, len(data))
    file = StoredFile.objects.create(
        school=school,
        shown_name=printable_name(shown_name),
        size=len(data),
        sha256=sha256,
        content=data,
        uploaded_by=by,
    )
    upload = StaffImport(school=school, file=file, mode=ImportMode(mode), created_by=by)
    jobs.enqueue(upload)
    return upload


def _check_file(data: bytes) -> None:
    if not data:
        raise ImportRefused("Файл пустой: в нём нет ни одного байта. Сохраните его ещё раз и загрузите снова.")
    if len(data) > LIMITS.max_bytes:
        raise ImportRefused(
            f"Файл больше {file_size(LIMITS.max_bytes)}. Оставьте в нём один лист с сотрудниками и сохраните как xlsx."
        )


def _check_quota(school: School, size: int) -> None:
    refusal = quotas.refusal(school, size)
    if refusal:
        raise ImportRefused(f"{refusal} Строки можно исправить и на странице загрузки.")


@transaction.atomic
def fix_cells(upload: StaffImport, *, fixes: Mapping[str, str], by: User) -> StaffImport:
    """Put texts in place of cells («14:first_name» → text) and plan again; '' takes the file's own text back.

    A text for «14:skip» leaves the whole row out.
    """
    upload = _locked(upload, {ImportStage.PLANNED}, "Исправлять можно, пока план ждёт подтверждения.")
    upload.fixes = _fixed(upload, fixes)
    return _plan_again(upload)


def _fixed(upload: StaffImport, fixes: Mapping[str, str]) -> dict[str, str]:
    known = dict(upload.fixes)
    for address, text in fixes.items():
        row, _, key = address.partition(":")
        text = tidy(text)
        fixable = key in COLUMN_BY_KEY or key == SKIP
        if not row.isdecimal() or len(row) > LONGEST_ROW or not fixable or len(text) > LONGEST_FIX:
            raise ImportRefused("Такую ячейку исправить нельзя. Обновите страницу и попробуйте ещё раз.")
        known.pop(address, None)
        if text:
            known[address] = text
    if len(known) > MOST_FIXES:
        raise ImportRefused("Исправлений слишком много. Исправьте остальное в файле и загрузите его снова.")
    return known


def accept_suggestions(upload: StaffImport, *, by: User, fixes: Mapping[str, str] | None = None) -> StaffImport:
    """Take every suggestion there is for a mistake; the person's own `fixes` come before them."""
    if standing(upload) != ImportStage.PLANNED:
        raise ImportRefused("Исправлять можно, пока план ждёт подтверждения.")
    plan = unpack_plan(upload.plan_data)
    offered = {
        f"{mistake.row}:{mistake.key}": mistake.suggestion
        for row in plan.rows
        if row.action == WAIT
        for mistake in row.mistakes
        if mistake.severity == "mistake" and mistake.suggestion is not None
    }
    return fix_cells(upload, fixes=offered | dict(fixes or {}), by=by)


@transaction.atomic
def choose_columns(
    upload: StaffImport, *, mapping: Mapping[int, str], by: User, fixes: Mapping[str, str] | None = None
) -> StaffImport:
    """Say by hand which column of the sheet is what (index from 0 → key), mend cells, and read again."""
    upload = _locked(upload, {ImportStage.PLANNED, ImportStage.REFUSED}, "Столбцы выбирают, пока загрузка не внесена.")
    if any(key and key not in COLUMN_BY_KEY for key in mapping.values()):
        raise ImportRefused("Такого столбца в списке нет. Выберите из предложенных.")
    upload.mapping = upload.mapping | {str(index): key for index, key in mapping.items()}
    upload.fixes = _fixed(upload, fixes or {})
    return _plan_again(upload)


@transaction.atomic
def change_mode(upload: StaffImport, *, mode: str, by: User) -> StaffImport:
    """Change what happens to those the file does not name, and plan again."""
    upload = _locked(upload, {ImportStage.PLANNED}, "Режим меняют, пока план ждёт подтверждения.")
    if mode not in ImportMode.values:
        raise ImportRefused("Такого режима нет. Выберите из предложенных.")
    upload.mode = ImportMode(mode)
    return _plan_again(upload)


def _plan_again(upload: StaffImport) -> StaffImport:
    if not StoredFile.objects.filter(pk=upload.file_id, content__isnull=False).exists():
        raise ImportRefused("Срок хранения файла вышел. Загрузите его ещё раз.")
    upload.stage = ImportStage.UPLOADED
    jobs.enqueue(upload, "stage", "mode", "fixes", "mapping")
    return upload


@transaction.atomic
def request_apply(upload: StaffImport, *, by: User, seen: str = "") -> StaffImport:
    """Confirm a plan: queue the writing of its good rows; the rows with mistakes stay in the upload.

    `seen` is the `plan_mark` of the plan the person looked at; a plan that changed since is to be looked at again.
    """
    upload = _locked(upload, {ImportStage.PLANNED}, "Эту загрузку уже внесли или убрали.")
    counts = upload.summary
    check_seen(upload, seen)
    if not (counts["new"] or counts["changed"] or counts["leaving"]):
        raise ImportRefused(nothing_text(counts))
    if is_held_for(by, upload.school, counts):
        raise ImportRefused(f"Загрузка остановлена. {hold_text(counts)}")
    upload.stage = ImportStage.APPLYING
    upload.applied_by = by
    jobs.enqueue(upload, "stage", "applied_by")
    return upload


def plan_mark(upload: Upload) -> str:
    """A mark of a plan that is another one once anybody mends a cell, skips a row or chooses otherwise.

    It is made of what the plan is made of and of what it counts, so a value that is only spelt otherwise shows too.
    """
    made_of = [getattr(upload, "mode", ""), upload.fixes, getattr(upload, "mapping", {}), upload.summary]
    return salted_hmac("staff.imports.plan_mark", orjson.dumps(made_of, option=orjson.OPT_SORT_KEYS)).hexdigest()[:16]


def check_seen(upload: Upload, seen: str) -> None:
    """Refuse to confirm a plan other than the one a person looked at; "" says that nobody looked."""
    if seen and seen != plan_mark(upload):
        raise ImportRefused("План с тех пор изменился: в другом окне исправили строки. Проверьте его и подтвердите.")


@transaction.atomic
def discard(upload: StaffImport, *, by: User) -> StaffImport:
    """Put an upload away without writing anything."""
    waiting = {ImportStage.PLANNED, ImportStage.REFUSED, ImportStage.UPLOADED}
    upload = _locked(upload, waiting, "Эту загрузку уже внесли или убрали.")
    upload.stage = ImportStage.DISCARDED
    upload.save(update_fields=["stage"])
    jobs.abort(upload)
    return upload


@transaction.atomic
def request_undo(upload: StaffImport, *, by: User) -> StaffImport:
    """Queue the undoing of an applied upload, within its term."""
    upload = _locked(upload, {ImportStage.APPLIED}, "Отменить можно только внесённую загрузку.")
    if not can_undo(upload):
        raise ImportRefused(
            f"Отменить загрузку можно {counted(settings.KEEP_FILES_DAYS, 'день', 'дня', 'дней')}, этот срок вышел."
        )
    upload.stage = ImportStage.UNDOING
    upload.summary = upload.summary | {"undo_by": by.pk}
    jobs.enqueue(upload, "stage", "summary")
    return upload


def undo_until(upload: Upload) -> datetime.datetime | None:
    """The last moment an applied upload can be undone."""
    return upload.applied_at and upload.applied_at + datetime.timedelta(days=settings.KEEP_FILES_DAYS)


def can_undo(upload: Upload) -> bool:
    """Whether an upload is applied, its term has not passed and the values before it are still kept."""
    until = undo_until(upload)
    kept = not upload.summary.get("forgotten")
    return kept and standing(upload) == ImportStage.APPLIED and until is not None and timezone.now() < until


def _locked(upload: StaffImport, stages: set[ImportStage], refusal: str) -> StaffImport:
    fresh = StaffImport.objects.light().select_for_update(of=("self",)).get(pk=upload.pk)
    fresh.stage = standing(fresh)
    if fresh.state == JobState.RUNNING:
        raise ImportRefused("Загрузка сейчас обрабатывается. Подождите немного и обновите страницу.")
    if fresh.stage not in stages:
        raise ImportRefused(refusal)
    return fresh


def _stopped(upload: Upload) -> bool:
    """Whether the job was aborted or failed: the stage it was to reach has not been reached."""
    return upload.state in {JobState.ABORTED, JobState.FAILED}


def standing(upload: Upload) -> ImportStage:
    """The stage an upload really stands at: writing or undoing that was stopped has changed nothing."""
    back = {ImportStage.APPLYING: ImportStage.PLANNED, ImportStage.UNDOING: ImportStage.APPLIED}
    stage = ImportStage(upload.stage)
    return back.get(stage, stage) if _stopped(upload) else stage
