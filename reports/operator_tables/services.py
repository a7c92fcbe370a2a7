"""What a person does with an operator's table: take it in, tell its columns, confirm it, put it away, undo it."""

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import orjson
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from reports.counting import engine
from reports.models import FigureLoad, FigureSource, FigureStage, SchoolFigure
from reports.operator_tables.columns import Headed, headers_of, read_headings
from reports.operator_tables.plan import About, Change, Given, Plan, Remark, counts_of, make_plan
from reports.operator_tables.reading import FILE_LIMITS, Lines, Table, lines_of, read_file
from reports.weeks import IsoWeek
from schools.bulk import insert_rows
from schools.headers import header_key
from schools.models import Region, School, User
from schools.models.files import fingerprint, printable_name
from schools.platforms import PLATFORM_BY_NUMBER
from schools.scope import sight_of
from schools.sheets import SheetError
from schools.texts import file_size

COLUMNS = "week platform school_id figure period value load_id".split()
MOST_WAITING = 20  # tables of one person that wait for her word
BUSY = "Прямо сейчас вносится другая таблица за то же время. Повторите через минуту."


class FiguresRefused(ValueError):
    """Nothing was done: the text says why and what to do, `remarks` name rows to put right."""

    def __init__(self, message: str, remarks: Sequence[Remark] = ()) -> None:
        super().__init__(message)
        self.remarks = tuple(remarks)


class FiguresBusy(FiguresRefused):
    """Another table for the same week and platform is being written: the same will do in a moment."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where figures come from: the region (None: the whole country), the source's name, who brings them, from what."""

    region: Region | None
    source: str
    by: User | None
    sha256: str = ""
    file_name: str = ""


@dataclass(frozen=True, slots=True)
class View:
    """A waiting table as its page shows it."""

    table: Table
    headed: Headed
    lines: Lines
    plan: Plan

    @property
    def names_schools(self) -> bool:
        """Whether it is known in which column the schools are."""
        return bool({"code", "school"} & set(self.headed.columns.values()))


def may_load(user: User) -> bool:
    """Whether a person brings figures at all: coordinators of regions, and the portal's administrator."""
    sight = sight_of(user)
    return bool(sight.everything or sight.region_ids)


def schools_for(region: Region | None) -> "QuerySet[School]":
    """The schools a table may speak of."""
    schools = School._default_manager.open()  # type: ignore[attr-defined]
    found: QuerySet[School] = schools.filter(region=region) if region is not None else schools
    return found


def about_of(load: FigureLoad) -> About:
    """What a table speaks of."""
    return About(PLATFORM_BY_NUMBER[load.platform], IsoWeek.from_number(load.week), load.period)


# What a person asks for


def start(*, data: bytes, about: About, origin: Origin) -> FigureLoad:
    """Read a file and keep it as a plan that waits; columns are read as the source's last table was."""
    _check(data, about)
    waiting = FigureLoad.objects.filter(stage=FigureStage.PLANNED, loaded_by=origin.by)
    if waiting.count() >= MOST_WAITING:
        raise FiguresRefused("Вашего слова ждёт слишком много таблиц. Подтвердите или уберите их и повторите.")
    try:
        table = read_file(data, about.platform)
    except SheetError as error:
        raise FiguresRefused(error.message) from error
    source = _source(about, origin)
    return FigureLoad.objects.create(
        week=about.week.number,
        period=about.period,
        platform=about.platform.number,
        region=origin.region,
        source=source.name,
        sha256=fingerprint(data),
        file_name=printable_name(origin.file_name),
        loaded_by=origin.by,
        stage=FigureStage.PLANNED,
        table=table.packed(),
        mapping=source.mapping,
    )


def _check(data: bytes, about: About) -> None:
    if not data:
        raise FiguresRefused("Файл пустой: в нём нет ни одного байта. Сохраните его ещё раз и загрузите снова.")
    if len(data) > FILE_LIMITS.max_bytes:
        raise FiguresRefused(f"Файл больше {file_size(FILE_LIMITS.max_bytes)}. Оставьте в нём один лист с таблицей.")
    _check_week(about)


def _check_week(about: About) -> None:
    if about.week.monday > timezone.localdate():
        raise FiguresRefused(f"Неделя {about.week} ещё не началась: чисел за неё быть не может.")


def _source(about: About, origin: Origin) -> FigureSource:
    name = " ".join(origin.source.split())[:120]
    known = FigureSource.objects.get_or_create(region=origin.region, platform=about.platform.number, name=name)
    return known[0]


def view_of(load: FigureLoad) -> View:
    """The plan of a waiting table, made anew: it is never older than the page."""
    data = FigureLoad.objects.values_list("table", flat=True).get(pk=load.pk)
    table = Table.unpacked(bytes(data or b"")) if data else Table("", 1, 0, [])
    about = about_of(load)
    headed = read_headings(table.rows, about.platform, load.mapping)
    lines = lines_of(table, headed)
    given = [
        Given(each.number, each.texts.get("code", ""), each.texts.get("school", ""), each.texts) for each in lines.rows
    ]
    known = {"code", "school"} & set(headed.columns.values())
    plan = make_plan(given, about, schools_for(load.region)) if known else Plan()
    return View(table, headed, lines, plan)


@transaction.atomic
def tell_columns(load: FigureLoad, told: Mapping[str, str], *, by: User) -> None:
    """Keep by hand what columns mean: heading → key, "" is passed by. Raises FiguresRefused."""
    fresh = _locked(load, FigureStage.PLANNED)
    known = headers_of(PLATFORM_BY_NUMBER[fresh.platform]).columns
    kept = {header_key(text): key for text, key in told.items() if not key or key in known}
    twice = [key for key in kept.values() if key and list(kept.values()).count(key) > 1]
    if twice:
        raise FiguresRefused(f"«{known[twice[0]].header}» выбрано для двух столбцов. Оставьте один из них.")
    fresh.mapping = {**fresh.mapping, **kept}
    fresh.save(update_fields=["mapping"])


@transaction.atomic
def confirm(load: FigureLoad, *, by: User, digest: str, sure: bool = False) -> FigureLoad:
    """Write a plan as it was seen, and remember how the source's columns are read. Raises FiguresRefused."""
    fresh = _locked(load, FigureStage.PLANNED)
    _hold(fresh)
    plan = view_of(fresh).plan
    if not plan.changes:
        raise FiguresRefused("Вносить нечего: таких чисел, каких ещё нет на портале, в таблице не нашлось.")
    if plan.digest != digest:
        raise FiguresRefused("Пока вы смотрели, числа на портале изменились. Вот новый план: проверьте его ещё раз.")
    if plan.odd and not sure:
        raise FiguresRefused("Отметьте, что странные числа проверены, и подтвердите снова.")
    sources = FigureSource.objects.filter(region=fresh.region, platform=fresh.platform, name=fresh.source)
    sources.update(mapping=fresh.mapping)
    return _apply(fresh, plan)


@transaction.atomic
def discard(load: FigureLoad, *, by: User) -> None:
    """Put a waiting table away. Raises FiguresRefused."""
    fresh = _locked(load, FigureStage.PLANNED)
    fresh.stage, fresh.table = FigureStage.DISCARDED, None
    fresh.save(update_fields=["stage", "table"])


@transaction.atomic
def undo(load: FigureLoad, *, by: User) -> None:
    """Put back what a table replaced; refused while a later table stands on it. Raises FiguresRefused."""
    fresh = _locked(load, FigureStage.APPLIED)
    _hold(fresh)
    if fresh.before is None:
        raise FiguresRefused("Что было до этой таблицы, не записано: отменить её нельзя. Загрузите верную таблицу.")
    later = later_than(fresh)
    if later:
        names = "; ".join(f"№ {each.pk} от {timezone.localtime(each.loaded_at):%d.%m.%Y}" for each in later[:3])
        raise FiguresRefused(f"Сначала отмените таблицы, которые внесены поверх этой: {names}.")
    SchoolFigure.objects.filter(load=fresh).delete()
    _put_back(fresh)
    fresh.stage, fresh.undone_at, fresh.before = FigureStage.UNDONE, timezone.now(), None
    fresh.save(update_fields=["stage", "undone_at", "before"])


def later_than(load: FigureLoad) -> list[FigureLoad]:
    """Tables that replaced or repeated this one's figures and stand."""
    rivals = FigureLoad.objects.filter(stage=FigureStage.APPLIED, week=load.week, platform=load.platform)
    found = rivals.exclude(pk=load.pk).defer("before", "table").order_by("pk")
    return [each for each in found if load.pk in each.summary.get("stands_on", [])]


@transaction.atomic
def record(*, rows: Sequence[Given], about: About, origin: Origin, sure: bool) -> tuple[FigureLoad | None, Plan]:
    """Take figures in at once, all rows or none; no table is kept where nothing changes. Raises FiguresRefused."""
    _check_week(about)
    unsaved = FigureLoad(
        week=about.week.number,
        period=about.period,
        platform=about.platform.number,
        region=origin.region,
        source=" ".join(origin.source.split())[:120],
        sha256=origin.sha256,
        file_name=origin.file_name[:200],
        loaded_by=origin.by,
    )
    _hold(unsaved)
    plan = make_plan(rows, about, schools_for(origin.region))
    if plan.mistakes:
        first = plan.mistakes[0]
        raise FiguresRefused(
            f"Ничего не внесено: в данных ошибки. Первая — строка {first.row}: {first.text}", plan.mistakes
        )
    if plan.odd and not sure:
        first = plan.odd[0]
        said = f"Ничего не внесено: числа странные. Строка {first.row}: {first.text}"
        raise FiguresRefused(f"{said} Если они верны, пришлите их ещё раз с отметкой, что проверили.", plan.odd)
    if not plan.changes:
        return None, plan
    unsaved.save()
    return _apply(unsaved, plan), plan


# What is written


def _locked(load: FigureLoad, stage: FigureStage) -> FigureLoad:
    fresh = FigureLoad.objects.select_for_update(of=("self",)).select_related("region").get(pk=load.pk)
    if fresh.stage != stage:
        raise FiguresRefused(f"Так уже нельзя: таблица {fresh.get_stage_display()}. Обновите страницу.")
    return fresh


def _hold(load: FigureLoad) -> None:
    """Let one table after another be written for a week and a platform."""
    if not engine.held_in_time((100 + load.platform) * 1_000_000 + load.week):
        raise FiguresBusy(BUSY)


def _apply(load: FigureLoad, plan: Plan) -> FigureLoad:
    """Write what is new or another than before, and keep what it replaced."""
    _clear(load, plan.changed)
    rows = [
        (load.week, load.platform, each.school_id, each.figure, load.period, each.new, load.pk) for each in plan.changes
    ]
    insert_rows(SchoolFigure, COLUMNS, rows)
    before = [[each.school_id, each.figure, each.old, load.period, each.old_load] for each in plan.changes]
    load.before = zlib.compress(orjson.dumps(before), 1)
    load.stage, load.table, load.applied_at = FigureStage.APPLIED, None, timezone.now()
    load.summary, load.schools = counts_of(plan), len(plan.schools)
    load.save(update_fields=["before", "stage", "table", "applied_at", "summary", "schools"])
    return load


def _clear(load: FigureLoad, changes: Sequence[Change]) -> None:
    by_figure: dict[int, list[int]] = {}
    for each in changes:
        by_figure.setdefault(each.figure, []).append(each.school_id)
    for figure, schools in by_figure.items():
        rows = SchoolFigure.objects.filter(week=load.week, period=load.period, platform=load.platform, figure=figure)
        rows.filter(school__in=schools).delete()


def _put_back(load: FigureLoad) -> None:
    """Write the rows a table replaced, of schools and tables that are still there.

    Tables taken in while the period was no part of the key replaced a month by a week; that month may have come anew.
    """
    before = orjson.loads(zlib.decompress(bytes(load.before or b"")))
    schools = set(School._default_manager.values_list("pk", flat=True)) if before else set()
    loads = set(FigureLoad.objects.filter(week=load.week, platform=load.platform).values_list("pk", flat=True))
    anew = _of_other_periods(load) if any(period not in (None, load.period) for _, _, _, period, _ in before) else set()
    rows = [
        (load.week, load.platform, school, figure, period, old, old_load)
        for school, figure, old, period, old_load in before
        if old is not None and school in schools and old_load in loads and (school, figure, period) not in anew
    ]
    insert_rows(SchoolFigure, COLUMNS, rows)


def _of_other_periods(load: FigureLoad) -> set[tuple[int, int, int]]:
    """(school, figure, period) of what is kept for the other period of the same week."""
    rows = SchoolFigure.objects.filter(week=load.week, platform=load.platform).exclude(period=load.period)
    return set(rows.values_list("school_id", "figure", "period"))
