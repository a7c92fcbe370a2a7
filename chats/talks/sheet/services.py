"""What a person does with a spreadsheet of chats: start, mend, name columns, confirm, put away, undo."""

from collections.abc import Mapping

from django.conf import settings
from django.db import transaction

from chats.models import ChatImport
from chats.talks.sheet.columns import COLUMN_BY_KEY
from chats.talks.sheet.records import PLACE
from chats.talks.sheet.stored import unpack_plan
from schools import jobs, quotas
from schools.codes import tidy
from schools.jobs import JobState
from schools.models import School, StoredFile, User
from schools.models.files import fingerprint, printable_name
from schools.sheets import LIMITS
from schools.texts import counted, file_size
from staff.imports import services as staff_imports
from staff.imports.plan import WAIT
from staff.imports.records import SKIP
from staff.imports.services import LONGEST_ROW, MOST_FIXES, OPEN_STAGES, ImportRefused
from staff.models import ImportStage

LONGEST_FIX = 500
_FIXABLE = frozenset({*COLUMN_BY_KEY, SKIP, PLACE})


@transaction.atomic
def start_import(*, school: School, data: bytes, shown_name: str, by: User) -> ChatImport:
    """Keep an uploaded file and queue its reading; the same bytes waiting already give the upload that holds them.

    Raises ImportRefused for an empty or too large file and for a school that has used up its day.
    """
    if not data:
        raise ImportRefused("Файл пустой: в нём нет ни одного байта. Сохраните его ещё раз и загрузите снова.")
    if len(data) > LIMITS.max_bytes:
        raise ImportRefused(f"Файл больше {file_size(LIMITS.max_bytes)}. Оставьте в нём один лист с чатами.")
    School.objects.select_for_update().get(pk=school.pk)
    same = ChatImport.objects.filter(school=school, file__sha256=fingerprint(data), stage__in=OPEN_STAGES)
    waiting = same.light().filter(file__content__isnull=False).order_by("-id").first()
    if waiting is not None:
        stopped = waiting.state in {JobState.ABORTED, JobState.FAILED}
        return _plan_again(waiting) if stopped else waiting
    refusal = "" if by.is_superuser else quotas.refusal(school, len(data))
    if refusal:
        raise ImportRefused(f"{refusal} Строки можно исправить и на странице загрузки.")
    file = StoredFile.objects.create(
        school=school,
        shown_name=printable_name(shown_name),
        size=len(data),
        sha256=fingerprint(data),
        content=data,
        uploaded_by=by,
    )
    upload = ChatImport(school=school, file=file, created_by=by)
    jobs.enqueue(upload)
    return upload


@transaction.atomic
def fix_cells(upload: ChatImport, *, fixes: Mapping[str, str], by: User) -> ChatImport:
    """Put texts in place of cells («14:case» → text) and plan again; '' takes the file's own text back.

    «14:skip» leaves the row out, «14:place» names its class or association.
    """
    upload = locked(upload, {ImportStage.PLANNED}, "Исправлять можно, пока план ждёт подтверждения.")
    upload.fixes = _fixed(upload, fixes)
    return _plan_again(upload)


def _fixed(upload: ChatImport, fixes: Mapping[str, str]) -> dict[str, str]:
    known = dict(upload.fixes)
    for address, text in fixes.items():
        row, _, key = address.partition(":")
        text = tidy(text)
        is_row = row.isascii() and row.isdecimal() and len(row) <= LONGEST_ROW
        if not is_row or key not in _FIXABLE or len(text) > LONGEST_FIX:
            raise ImportRefused("Такую ячейку исправить нельзя. Обновите страницу и попробуйте ещё раз.")
        known.pop(address, None)
        if text:
            known[address] = text
    if len(known) > MOST_FIXES:
        raise ImportRefused("Исправлений слишком много. Исправьте остальное в файле и загрузите его снова.")
    return known


def accept_suggestions(upload: ChatImport, *, by: User, fixes: Mapping[str, str] | None = None) -> ChatImport:
    """Take every suggestion there is for a mistake; the person's own `fixes` come before them."""
    return fix_cells(upload, fixes=suggestions(upload) | dict(fixes or {}), by=by)


def suggestions(upload: ChatImport) -> dict[str, str]:
    """«14:link» → what was surely meant, for every mistake of a plan that has it."""
    if staff_imports.standing(upload) != ImportStage.PLANNED:  # type: ignore[arg-type]
        return {}
    plan = unpack_plan(ChatImport.objects.values_list("plan_data", flat=True).get(pk=upload.pk))
    return {
        f"{one.row}:{one.key}": one.suggestion
        for row in plan.of(WAIT)
        for one in row.mistakes
        if one.severity == "mistake" and one.suggestion is not None
    }


@transaction.atomic
def choose_columns(
    upload: ChatImport, *, mapping: Mapping[int, str], by: User, fixes: Mapping[str, str] | None = None
) -> ChatImport:
    """Say by hand which column of the sheet is what (index from 0 → key), mend cells, and read again."""
    stages = {ImportStage.PLANNED, ImportStage.REFUSED}
    upload = locked(upload, stages, "Столбцы выбирают, пока загрузка не внесена.")
    if any(key and key not in COLUMN_BY_KEY for key in mapping.values()):
        raise ImportRefused("Такого столбца в списке нет. Выберите из предложенных.")
    upload.mapping = upload.mapping | {str(index): key for index, key in mapping.items()}
    upload.fixes = _fixed(upload, fixes or {})
    return _plan_again(upload)


def _plan_again(upload: ChatImport) -> ChatImport:
    if not StoredFile.objects.filter(pk=upload.file_id, content__isnull=False).exists():
        raise ImportRefused("Срок хранения файла вышел. Загрузите его ещё раз.")
    upload.stage = ImportStage.UPLOADED
    jobs.enqueue(upload, "stage", "fixes", "mapping")
    return upload


@transaction.atomic
def request_apply(upload: ChatImport, *, by: User, seen: str = "") -> ChatImport:
    """Confirm a plan: queue the writing of its good rows; the rows with mistakes stay in the upload.

    `seen` is the `plan_mark` of the plan the person looked at; a plan that changed since is to be looked at again.
    """
    upload = locked(upload, {ImportStage.PLANNED}, "Эту загрузку уже внесли или убрали.")
    staff_imports.check_seen(upload, seen)  # type: ignore[arg-type]
    if not has_work(upload):
        raise ImportRefused("Вносить нечего: в файле нет ни новых чатов, ни изменений.")
    upload.stage = ImportStage.APPLYING
    upload.applied_by = by
    jobs.enqueue(upload, "stage", "applied_by")
    return upload


def has_work(upload: ChatImport) -> bool:
    """Whether confirming would write anything."""
    return bool(upload.summary.get("new") or upload.summary.get("changed"))


@transaction.atomic
def discard(upload: ChatImport, *, by: User) -> ChatImport:
    """Put an upload away without writing anything."""
    waiting = {ImportStage.PLANNED, ImportStage.REFUSED, ImportStage.UPLOADED}
    upload = locked(upload, waiting, "Эту загрузку уже внесли или убрали.")
    upload.stage = ImportStage.DISCARDED
    upload.save(update_fields=["stage"])
    jobs.abort(upload)
    return upload


@transaction.atomic
def request_undo(upload: ChatImport, *, by: User) -> ChatImport:
    """Queue the undoing of an applied upload, within its term."""
    upload = locked(upload, {ImportStage.APPLIED}, "Отменить можно только внесённую загрузку.")
    if not staff_imports.can_undo(upload):  # type: ignore[arg-type]
        days = counted(settings.KEEP_FILES_DAYS, "день", "дня", "дней")
        raise ImportRefused(f"Отменить загрузку можно {days}, этот срок вышел.")
    upload.stage = ImportStage.UNDOING
    upload.summary = upload.summary | {"undo_by": by.pk}
    jobs.enqueue(upload, "stage", "summary")
    return upload


def locked(upload: ChatImport, stages: set[ImportStage], refusal: str) -> ChatImport:
    """The upload's row, locked, at one of the stages. Raises ImportRefused."""
    fresh: ChatImport = ChatImport.objects.light().select_for_update(of=("self",)).get(pk=upload.pk)
    fresh.stage = staff_imports.standing(fresh)  # type: ignore[arg-type]
    if fresh.state == JobState.RUNNING:
        raise ImportRefused("Загрузка сейчас обрабатывается. Подождите немного и обновите страницу.")
    if fresh.stage not in stages:
        raise ImportRefused(refusal)
    return fresh
