"""What a person does with a roster's upload: start, mend, confirm, drop, undo; and the work a job does for it."""

import datetime
from collections.abc import Mapping

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from schools import jobs, quotas
from schools.codes import tidy
from schools.jobs import JobState
from schools.models import School, StoredFile, User
from schools.models.files import fingerprint, printable_name
from schools.sheets import LIMITS
from schools.texts import counted, file_size
from schools.years import school_year_of, school_year_title
from staff.imports.records import SKIP
from staff.imports.services import (
    LONGEST_FIX,
    LONGEST_ROW,
    MOST_FIXES,
    OPEN_STAGES,
    ImportRefused,
    can_undo,
    check_seen,
    standing,
)
from staff.models import ImportMode, ImportStage, RosterImport
from staff.rosters.kinds import COLUMN_OF
from staff.rosters.plan import KINDS
from staff.rosters.stored import unpack_roster

_FIXABLE = {key for kind in COLUMN_OF for key in COLUMN_OF[kind]} | {SKIP}


@transaction.atomic
def start_import(*, school: School, data: bytes, shown_name: str, mode: str, year: int, by: User) -> RosterImport:
    """Keep an uploaded file and queue its reading; the same bytes waiting already give the upload that holds them.

    Raises ImportRefused for an empty or too large file, an impossible year and a school that has used up its day.
    """
    _check_file(data)
    if year not in open_years(timezone.localdate()):
        raise ImportRefused("Выберите учебный год из предложенных.")
    School.objects.select_for_update().get(pk=school.pk)
    sha256 = fingerprint(data)
    same = RosterImport.objects.filter(school=school, mode=mode, year=year, file__sha256=sha256, stage__in=OPEN_STAGES)
    waiting = same.filter(file__content__isnull=False).order_by("-id").first()
    if waiting is not None:
        return waiting if waiting.state not in {JobState.ABORTED, JobState.FAILED} else _plan_again(waiting)
    _check_quota(school, len(data))
    file = StoredFile.objects.create(
        school=school,
        shown_name=printable_name(shown_name),
        size=len(data),
        sha256=sha256,
        content=data,
        uploaded_by=by,
    )
    upload = RosterImport(school=school, file=file, mode=ImportMode(mode), year=year, created_by=by)
    jobs.enqueue(upload)
    return upload


def open_years(today: datetime.date) -> tuple[int, ...]:
    """School years a roster may be uploaded for: the present one and, from spring on, the next."""
    now = school_year_of(today)
    return (now, now + 1)


def _check_file(data: bytes) -> None:
    if not data:
        raise ImportRefused("Файл пустой: в нём нет ни одного байта. Сохраните его ещё раз и загрузите снова.")
    if len(data) > LIMITS.max_bytes:
        raise ImportRefused(
            f"Файл больше {file_size(LIMITS.max_bytes)}. Оставьте в нём одни таблицы, без картинок, и загрузите снова."
        )


def _check_quota(school: School, size: int) -> None:
    refusal = quotas.refusal(school, size)
    if refusal:
        raise ImportRefused(f"{refusal} Строки можно исправить и на странице загрузки.")


@transaction.atomic
def fix_cells(upload: RosterImport, *, fixes: Mapping[str, str], by: User) -> RosterImport:
    """Put texts in place of cells («0:14:first_name» → text) and plan again; '' takes the file's own text back."""
    upload = _locked(upload, {ImportStage.PLANNED}, "Исправлять можно, пока план ждёт подтверждения.")
    known = dict(upload.fixes)
    for address, text in fixes.items():
        text = tidy(text)
        if not _is_address(address) or len(text) > LONGEST_FIX:
            raise ImportRefused("Такую ячейку исправить нельзя. Обновите страницу и попробуйте ещё раз.")
        known.pop(address, None)
        if text:
            known[address] = text
    if len(known) > MOST_FIXES:
        raise ImportRefused("Исправлений слишком много. Исправьте остальное в файле и загрузите его снова.")
    upload.fixes = known
    return _plan_again(upload)


def _is_address(address: str) -> bool:
    sheet, _, rest = address.partition(":")
    row, _, key = rest.partition(":")
    numbers = all(part.isascii() and part.isdecimal() and len(part) <= LONGEST_ROW for part in (sheet, row))
    return numbers and key in _FIXABLE


def accept_suggestions(upload: RosterImport, *, by: User, fixes: Mapping[str, str] | None = None) -> RosterImport:
    """Take every suggestion there is for a mistake; the person's own `fixes` come before them."""
    if standing(upload) != ImportStage.PLANNED:
        raise ImportRefused("Исправлять можно, пока план ждёт подтверждения.")
    plan = unpack_roster(RosterImport.objects.values_list("plan_data", flat=True).get(pk=upload.pk))
    offered = {
        one.fix_key: one.suggestion
        for kind in KINDS
        for row in plan.rows[kind]
        if row.action == "wait"
        for one in row.mistakes
        if one.severity == "mistake" and one.suggestion is not None and one.key
    }
    return fix_cells(upload, fixes=offered | dict(fixes or {}), by=by)


@transaction.atomic
def change_mode(upload: RosterImport, *, mode: str, by: User) -> RosterImport:
    """Change what happens to pupils the file does not name, and plan again."""
    upload = _locked(upload, {ImportStage.PLANNED}, "Режим меняют, пока план ждёт подтверждения.")
    if mode not in ImportMode.values:
        raise ImportRefused("Такого режима нет. Выберите из предложенных.")
    upload.mode = ImportMode(mode)
    return _plan_again(upload)


def _plan_again(upload: RosterImport) -> RosterImport:
    if not StoredFile.objects.filter(pk=upload.file_id, content__isnull=False).exists():
        raise ImportRefused("Срок хранения файла вышел. Загрузите его ещё раз.")
    upload.stage = ImportStage.UPLOADED
    jobs.enqueue(upload, "stage", "mode", "fixes")
    return upload


@transaction.atomic
def request_apply(
    upload: RosterImport, *, by: User, left_on: datetime.date | None = None, sure: bool = False, seen: str = ""
) -> RosterImport:
    """Confirm a plan: queue the writing of its good rows; the rows with mistakes stay in the upload.

    `left_on` is the day pupils whom a full list leaves out have left, today by default; where they are very many, the
    person has to be `sure`. `seen` is the `plan_mark` of the plan the person looked at; a plan that changed since is
    to be looked at again.
    """
    upload = _locked(upload, {ImportStage.PLANNED}, "Эту загрузку уже внесли или убрали.")
    check_seen(upload, seen)
    counts = upload.summary
    if not has_work(counts):
        raise ImportRefused("Вносить нечего: в файле нет ни новых строк, ни изменений.")
    day = left_on or timezone.localdate()
    _check_leaving(counts, day, sure=sure)
    upload.stage = ImportStage.APPLYING
    upload.applied_by = by
    upload.summary = counts | {"left_on": day.isoformat()}
    jobs.enqueue(upload, "stage", "applied_by", "summary")
    return upload


def has_work(counts: Mapping[str, object]) -> bool:
    """Whether confirming would write anything."""
    staff = counts.get("staff") or {}
    return bool(
        counts["new"] or counts["changed"] or counts["leaving"] or staff.get("new") or staff.get("changed")  # type: ignore[attr-defined]
    )


def _check_leaving(counts: Mapping[str, int], day: datetime.date, *, sure: bool) -> None:
    today = timezone.localdate()
    if counts["leaving"] and not school_year_start(today) <= day <= today:
        raise ImportRefused("День выбытия — не раньше начала учебного года и не позже сегодняшнего дня.")
    if counts["doubtful"] and not sure:
        raise ImportRefused(
            f"По загрузке перестанут учиться {counts['ending']} из {counts['here']}. Если это так, поставьте отметку "
            "«Они действительно выбыли»; если в файле не вся школа, выберите «Добавить и обновить»."
        )


def school_year_start(today: datetime.date) -> datetime.date:
    """1 September of the present school year."""
    return datetime.date(school_year_of(today), 9, 1)


@transaction.atomic
def discard(upload: RosterImport, *, by: User) -> RosterImport:
    """Put an upload away without writing anything."""
    waiting = {ImportStage.PLANNED, ImportStage.REFUSED, ImportStage.UPLOADED}
    upload = _locked(upload, waiting, "Эту загрузку уже внесли или убрали.")
    upload.stage = ImportStage.DISCARDED
    upload.save(update_fields=["stage"])
    jobs.abort(upload)
    return upload


@transaction.atomic
def request_undo(upload: RosterImport, *, by: User) -> RosterImport:
    """Queue the undoing of an applied upload, within its term."""
    upload = _locked(upload, {ImportStage.APPLIED}, "Отменить можно только внесённую загрузку.")
    if not can_undo(upload):
        days = counted(settings.KEEP_FILES_DAYS, "день", "дня", "дней")
        raise ImportRefused(f"Отменить загрузку можно {days}, этот срок вышел.")
    upload.stage = ImportStage.UNDOING
    upload.summary = upload.summary | {"undo_by": by.pk}
    jobs.enqueue(upload, "stage", "summary")
    return upload


def _locked(upload: RosterImport, stages: set[ImportStage], refusal: str) -> RosterImport:
    fresh: RosterImport = RosterImport.objects.light().select_for_update(of=("self",)).get(pk=upload.pk)
    fresh.stage = standing(fresh)
    if fresh.state == JobState.RUNNING:
        raise ImportRefused("Загрузка сейчас обрабатывается. Подождите немного и обновите страницу.")
    if fresh.stage not in stages:
        raise ImportRefused(refusal)
    return fresh


def title_of_year(year: int) -> str:
    """«2026/27»."""
    return school_year_title(year)
