"""What a person does with an operator's table: take it in, tell its columns, confirm it, put it away, undo it."""

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import orjson
from django.db import transaction
from django.utils import timezone

from reports.counting import engine
from reports.models import FigureLoad, FigureSource, FigureStage
from reports.operator_tables.columns import Headed, Heading, headers_of, read_headings
from reports.operator_tables.given import About, Given, given_of
from reports.operator_tables.ledgers import LEDGERS, Ledger
from reports.operator_tables.periods import too_early
from reports.operator_tables.places import places_for
from reports.operator_tables.plan import Plan, Remark, counts_of, make_plan
from reports.operator_tables.reading import FILE_LIMITS, Lines, Table, lines_of, read_file
from reports.weeks import IsoWeek
from schools.codes import tidy
from schools.headers import header_key
from schools.models import Region, User
from schools.models.files import fingerprint, printable_name
from schools.platforms import PLATFORM_BY_NUMBER, Platform
from schools.scope import Level, sight_of
from schools.sheets import SheetError
from schools.texts import file_size

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
    def names_places(self) -> bool:
        """Whether it is known in which column the schools, municipalities or regions are."""
        return self.headed.level is not None


def may_load(user: User) -> bool:
    """Whether a person brings figures at all: coordinators of regions, and the portal's administrator."""
    sight = sight_of(user)
    return bool(sight.everything or sight.region_ids)


def about_of(load: FigureLoad) -> About:
    """What a table speaks of."""
    return About(PLATFORM_BY_NUMBER[load.platform], IsoWeek.from_number(load.week), load.period, Level(load.level))


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
    source = source_name(origin.source)
    known = FigureSource.objects.filter(region=origin.region, platform=about.platform.number, name=source).first()
    mapping = known.mapping if known is not None else {}
    return FigureLoad.objects.create(
        week=about.week.number,
        period=about.period,
        platform=about.platform.number,
        level=_level(table, about.platform, mapping),
        region=origin.region,
        source=source,
        sha256=fingerprint(data),
        file_name=printable_name(origin.file_name),
        loaded_by=origin.by,
        stage=FigureStage.PLANNED,
        table=table.packed(),
        mapping=mapping,
    )


def _check(data: bytes, about: About) -> None:
    if not data:
        raise FiguresRefused("Файл пустой: в нём нет ни одного байта. Сохраните его ещё раз и загрузите снова.")
    if len(data) > FILE_LIMITS.max_bytes:
        raise FiguresRefused(f"Файл больше {file_size(FILE_LIMITS.max_bytes)}. Оставьте в нём один лист с таблицей.")
    _check_week(about)


def _check_week(about: About) -> None:
    early = too_early(about.week, about.period, timezone.localdate())
    if early:
        raise FiguresRefused(early)


def source_name(text: str) -> str:
    """The name of a source as it is kept: in one line, without signs nobody sees, 120 characters at most."""
    return tidy(text)[:120].rstrip()


def headings_of(load: FigureLoad) -> tuple[Heading, ...]:
    """The columns of a waiting table as its page offers them; none once it waits no longer."""
    return read_headings(_table_of(load).rows, about_of(load).platform, load.mapping).headings


def view_of(load: FigureLoad) -> View:
    """The plan of a waiting table, made anew: it is never older than the page."""
    table, about = _table_of(load), about_of(load)
    headed = read_headings(table.rows, about.platform, load.mapping)
    lines = lines_of(table, headed)
    if headed.level is None:
        return View(table, headed, lines, Plan())
    given = [given_of(each.number, each.texts, headed.level) for each in lines.rows]
    plan = make_plan(given, replace(about, level=headed.level), places_for(load.region, headed.level))
    return View(table, headed, lines, plan)


def _table_of(load: FigureLoad) -> Table:
    data = FigureLoad.objects.values_list("table", flat=True).get(pk=load.pk)
    return Table.unpacked(bytes(data)) if data else Table("", 1, 0, [])


def _level(table: Table, platform: Platform, mapping: Mapping[str, str]) -> Level:
    """Whose rows a table has; schools' while nobody knows."""
    return read_headings(table.rows, platform, mapping).level or Level.SCHOOL


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
    fresh.level = _level(_table_of(fresh), PLATFORM_BY_NUMBER[fresh.platform], fresh.mapping)
    fresh.save(update_fields=["mapping", "level"])


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
    FigureSource.objects.update_or_create(
        region=fresh.region, platform=fresh.platform, name=fresh.source, defaults={"mapping": fresh.mapping}
    )
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
    LEDGERS[Level(fresh.level)].rows(fresh.week, fresh.platform).filter(load=fresh).delete()
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
        level=about.level,
        region=origin.region,
        source=source_name(origin.source),
        sha256=origin.sha256,
        file_name=origin.file_name[:200],
        loaded_by=origin.by,
    )
    _hold(unsaved)
    plan = make_plan(rows, about, places_for(origin.region, about.level))
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
    ledger = LEDGERS[Level(load.level)]
    replaced = ledger.rows(load.week, load.platform).filter(period=load.period)
    ledger.clear(replaced, [(each.place_id, each.figure) for each in plan.changed])
    rows = [(each.place_id, each.figure, load.period, each.new, load.pk) for each in plan.changes]
    ledger.write(load.week, load.platform, rows)
    before = [[each.place_id, each.figure, each.old, load.period, each.old_load] for each in plan.changes]
    load.before = zlib.compress(orjson.dumps(before), 1)
    load.stage, load.table, load.applied_at = FigureStage.APPLIED, None, timezone.now()
    load.summary, load.schools = counts_of(plan), len(plan.places)
    load.save(update_fields=["before", "stage", "table", "applied_at", "summary", "schools"])
    return load


def _put_back(load: FigureLoad) -> None:
    """Write the rows a table replaced, of places and tables that are still there.

    Tables taken in while the period was no part of the key replaced a month by a week; that month may have come anew.
    """
    ledger = LEDGERS[Level(load.level)]
    before = orjson.loads(zlib.decompress(bytes(load.before or b"")))
    places = set(ledger.places._default_manager.values_list("pk", flat=True)) if before else set()
    loads = set(FigureLoad.objects.filter(week=load.week, platform=load.platform).values_list("pk", flat=True))
    crossed = any(period not in (None, load.period) for _, _, _, period, _ in before)
    anew = _of_other_periods(load, ledger) if crossed else set()
    rows = [
        (place, figure, period, old, old_load)
        for place, figure, old, period, old_load in before
        if old is not None and place in places and old_load in loads and (place, figure, period) not in anew
    ]
    ledger.write(load.week, load.platform, rows)


def _of_other_periods(load: FigureLoad, ledger: Ledger) -> set[tuple[int, int, int]]:
    """(place, figure, period) of what is kept for the other period of the same week."""
    rows = ledger.rows(load.week, load.platform).exclude(period=load.period)
    return set(rows.values_list(ledger.place, "figure", "period"))
