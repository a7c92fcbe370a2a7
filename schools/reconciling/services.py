"""What a person does with a reconciliation: start, choose columns, match again, confirm, drop; and the job's work."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from schools import jobs, quotas
from schools.jobs import JobRefused, Progress
from schools.models import Reconciliation, Region, StoredFile, User
from schools.models.files import fingerprint, printable_name
from schools.models.registers import ReconcileStage
from schools.reconciling.apply import Writer
from schools.reconciling.board import Board
from schools.reconciling.bulk import remembered
from schools.reconciling.deciding import ReconcileRefused, board_of, locked, standing
from schools.reconciling.lines import Line, pack, unpack
from schools.reconciling.plan import make_lines
from schools.register.reading import ColumnsRefused, Reading, RegisterRefused, read_register
from schools.registers import COLUMN_BY_KEY
from schools.sheets import LIMITS
from schools.texts import file_size

OPEN_STAGES = (ReconcileStage.UPLOADED, ReconcileStage.PLANNED, ReconcileStage.APPLYING)
TOP_ROWS, TOP_COLUMNS, TOP_CELL = 8, 24, 40


# What a person asks for


@transaction.atomic
def start_reconciliation(*, region: Region, data: bytes, shown_name: str, partial: bool, by: User) -> Reconciliation:
    """Keep an official list and queue its reading; the same bytes waiting already give the reconciliation they have.

    `partial` says that the list speaks only of the territories it names. Raises ReconcileRefused.
    """
    _check_file(data)
    Region.objects.select_for_update().get(pk=region.pk)
    sha256 = fingerprint(data)
    same = Reconciliation.objects.filter(region=region, file__sha256=sha256, stage__in=OPEN_STAGES)
    waiting = same.filter(file__content__isnull=False, summary__partial=partial).defer("plan_data").first()
    if waiting is not None and not waiting.error:
        return waiting
    _check_quota(region, len(data))
    file = StoredFile.objects.create(
        region=region,
        shown_name=printable_name(shown_name),
        size=len(data),
        sha256=sha256,
        content=data,
        uploaded_by=by,
    )
    made = Reconciliation(region=region, file=file, created_by=by, summary={"partial": partial})
    jobs.enqueue(made)
    return made


def _check_file(data: bytes) -> None:
    if not data:
        raise ReconcileRefused("Файл пустой: в нём нет ни одного байта. Сохраните его ещё раз и загрузите снова.")
    if len(data) > LIMITS.max_bytes:
        limit = file_size(LIMITS.max_bytes)
        raise ReconcileRefused(f"Файл больше {limit}. Оставьте в нём один лист со школами и сохраните как xlsx.")


def _check_quota(region: Region, size: int) -> None:
    refusal = quotas.refusal(region, size)
    if refusal:
        raise ReconcileRefused(f"{refusal} Начатые сверки можно решать дальше.")


@transaction.atomic
def choose_columns(reconciliation: Reconciliation, *, mapping: Mapping[int, str], by: User) -> Reconciliation:
    """Say by hand which column is what (index from 0 → key, "" for «не брать») and read again."""
    stages = {ReconcileStage.PLANNED, ReconcileStage.REFUSED}
    found = locked(reconciliation, stages, "Столбцы выбирают, пока сверка не внесена.")
    if any(key and key not in COLUMN_BY_KEY for key in mapping.values()):
        raise ReconcileRefused("Такого столбца в списке нет. Выберите из предложенных.")
    found.mapping = {str(index): key for index, key in mapping.items()}
    return _again(found)


@transaction.atomic
def match_again(reconciliation: Reconciliation, *, by: User) -> Reconciliation:
    """Hold the same file against our register as it is now; decisions about lines that are the same stay."""
    return _again(locked(reconciliation, {ReconcileStage.PLANNED}, "Пересчитать можно, пока сверка не внесена."))


def _again(found: Reconciliation) -> Reconciliation:
    _check_kept(found)
    found.stage = ReconcileStage.UPLOADED
    jobs.enqueue(found, "stage", "mapping")
    return found


def _check_kept(found: Reconciliation) -> None:
    if not StoredFile.objects.filter(pk=found.file_id, content__isnull=False).exists():
        raise ReconcileRefused("Срок хранения файла вышел. Загрузите его ещё раз.")


@transaction.atomic
def start_again(reconciliation: Reconciliation, *, by: User) -> Reconciliation:
    """Begin a new reconciliation with the file of one that is over: what was decided then is decided already."""
    stages = {ReconcileStage.APPLIED, ReconcileStage.DISCARDED}
    found = locked(reconciliation, stages, "Эта сверка ещё не закончена: продолжите её.")
    _check_kept(found)
    waiting = Reconciliation.objects.filter(region=found.region_id, file=found.file_id, stage__in=OPEN_STAGES).first()
    if waiting is not None:
        return waiting
    made = Reconciliation(
        region=found.region,
        file_id=found.file_id,
        created_by=by,
        mapping=found.mapping,
        summary={"partial": found.summary.get("partial", False)},
    )
    jobs.enqueue(made)
    return made


@transaction.atomic
def request_apply(reconciliation: Reconciliation, *, by: User) -> Reconciliation:
    """Confirm: queue the writing of what is decided; open lines stay in the reconciliation."""
    found = locked(reconciliation, {ReconcileStage.PLANNED}, "Эту сверку уже внесли или убрали.")
    if not Board(unpack(found.plan_data), found.decisions).settled_schools() and not found.decisions:
        raise ReconcileRefused("Вносить нечего: ни одна строка не решена. Начните с тех, где школа найдена точно.")
    found.stage = ReconcileStage.APPLYING
    found.applied_by = by
    jobs.enqueue(found, "stage", "applied_by")
    return found


@transaction.atomic
def discard(reconciliation: Reconciliation, *, by: User) -> Reconciliation:
    """Put a reconciliation away without writing anything."""
    stages = {ReconcileStage.PLANNED, ReconcileStage.REFUSED, ReconcileStage.UPLOADED}
    found = locked(reconciliation, stages, "Эту сверку уже внесли или убрали.")
    found.stage = ReconcileStage.DISCARDED
    found.save(update_fields=["stage"])
    jobs.abort(found)
    return found


# What the job does


def perform(reconciliation: Reconciliation, progress: "Progress[Any]") -> None:
    """Do what the stage asks for; safe to run again after being killed at any point."""
    if reconciliation.stage == ReconcileStage.UPLOADED:
        _plan(reconciliation, progress)
    elif reconciliation.stage == ReconcileStage.APPLYING:
        _apply(reconciliation, progress)


def _plan(reconciliation: Reconciliation, progress: "Progress[Any]") -> None:
    data = reconciliation.file.data
    if not data:
        raise JobRefused("Срок хранения файла вышел. Загрузите его ещё раз.")
    partial = bool(reconciliation.summary.get("partial"))
    columns = {int(index): key for index, key in reconciliation.mapping.items()} or None
    try:
        reading = read_register(data, columns=columns)
    except RegisterRefused as refusal:
        facts = _sheet_facts(refusal.reading) if isinstance(refusal, ColumnsRefused) else {}
        _refuse(reconciliation, str(refusal), facts)
        return
    if not reading.records:
        _refuse(reconciliation, "Под заголовком нет ни одной строки со школами.", _sheet_facts(reading))
        return
    progress.step(0, len(reading.records))
    lines, said = make_lines(reconciliation.region, reading, partial=partial, step=progress.step)
    decisions = _still_valid(lines, reconciliation)
    summary = {"partial": partial, "said": said, "sheet": reading.sheet.name} | counts_of(Board(lines, decisions))
    _save(reconciliation, stage=ReconcileStage.PLANNED, summary=summary, plan_data=pack(lines), decisions=decisions)


def _refuse(reconciliation: Reconciliation, refusal: str, facts: Mapping[str, Any]) -> None:
    summary = {"partial": bool(reconciliation.summary.get("partial")), "refusal": refusal} | dict(facts)
    _save(reconciliation, stage=ReconcileStage.REFUSED, summary=summary, plan_data=None)


def _save(reconciliation: Reconciliation, **values: Any) -> None:
    """Write the outcome only while the reconciliation still waits for it: it may have been discarded meanwhile."""
    Reconciliation.objects.filter(pk=reconciliation.pk, stage=ReconcileStage.UPLOADED).update(**values)


def _sheet_facts(reading: Reading) -> dict[str, Any]:
    """The first rows, for choosing columns by hand; cells are cut."""
    rows = reading.sheet.rows[:TOP_ROWS]
    return {
        "sheet": reading.sheet.name,
        "columns": [[index, key] for index, key in sorted(reading.match.columns.items())],
        "top": [[cell[:TOP_CELL] for cell in row[:TOP_COLUMNS]] for row in rows],
    }


def _still_valid(lines: list[Line], reconciliation: Reconciliation) -> dict[str, Any]:
    """Decisions made before the plan was made anew, about lines that are still the same; else the last list's."""
    known = {line.key: line for line in lines}
    old = board_of(reconciliation)
    if not old.lines:
        last = Reconciliation.objects.filter(region=reconciliation.region_id, stage=ReconcileStage.APPLIED)
        before = last.filter(plan_data__isnull=False).order_by("-applied_at").first()
        return remembered(lines, board_of(before)) if before is not None else {}
    kept = {}
    for key, decision in old.decisions.items():
        here, there = known.get(key), old.lines.get(key)
        if here and there and (here.kind, here.school, here.diffs) == (there.kind, there.school, there.diffs):
            kept[key] = decision
    return kept


def counts_of(board: Board) -> dict[str, Any]:
    """What lists of reconciliations say of one, JSON-plain."""
    counts = board.counts()
    return {
        "rows": sum(bool(line.row) for line in board.lines.values()),
        "kinds": {key: count.total for key, count in counts.items()},
        "zeros": board.marks().get("zeros", 0),
        "open": sum(count.open for count in counts.values()),
    }


def _apply(reconciliation: Reconciliation, progress: "Progress[Any]") -> None:
    with transaction.atomic():
        region = Region.objects.select_for_update().get(pk=reconciliation.region_id)
        fresh = Reconciliation.objects.select_for_update().get(pk=reconciliation.pk)
        if fresh.stage != ReconcileStage.APPLYING:
            return
        fresh.region = region
        _check_actor(fresh)
        board = Board(unpack(fresh.plan_data), fresh.decisions)
        progress.step(0, len(board.lines))
        done = Writer(fresh, board, fresh.applied_by).write()
        fresh.summary = fresh.summary | counts_of(board) | {"done": done}
        fresh.stage, fresh.applied_at = ReconcileStage.APPLIED, timezone.now()
        fresh.save(update_fields=["summary", "stage", "applied_at"])


def _check_actor(reconciliation: Reconciliation) -> None:
    """The person who asked must still have the right to: appointments end."""
    actor = reconciliation.applied_by
    if actor is None or not Reconciliation.objects.editable_by(actor).filter(pk=reconciliation.pk).exists():
        raise JobRefused("У того, кто подтвердил, больше нет права менять реестр региона. Нужно подтвердить заново.")


def is_over(reconciliation: Reconciliation) -> bool:
    """Whether nothing more can be decided in a reconciliation."""
    return standing(reconciliation) in {ReconcileStage.APPLIED, ReconcileStage.DISCARDED}
