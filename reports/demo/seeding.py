"""Seeding as a whole: refuse real data, make places and people, then count and publish the weeks one after another."""

import datetime
import random
from collections.abc import Callable
from dataclasses import dataclass

from django.db import transaction

from reports.change_alerts import find_changes
from reports.counting import count_week, preview_week
from reports.demo.accounts import ACCOUNTS, appoint_coordinators, make_accounts
from reports.demo.activity import Deliveries, Late
from reports.demo.calendar import Calendar
from reports.demo.figures import Told, tables_of
from reports.demo.places import MOSCOW, PETERSBURG, WEEK_OF_LATE, add_schools, plan_region
from reports.demo.progress import finish, settle
from reports.demo.quarters import enter_quarters
from reports.demo.schools import MARK, MadeRegion, Maker, add_territories
from reports.demo.specs import COUNTRY, Scale, enrol
from reports.demo.stories import tell
from reports.demo.tables import COLUMNS, Tables
from reports.demo.totals import add_totals
from reports.models import ActivityCoverage, ActivityLoad, Holiday, Rating, RatingRow, StaffActivity, WeekRun
from reports.publishing import publish
from reports.weeks import IsoWeek
from schools.bulk import insert_rows, update_rows
from schools.jobs import JobState
from schools.models import Region, School, User
from schools.platforms import PLATFORM_BY_NUMBER, PLATFORMS, SFERUM

_MOSCOW_SCHOOLS = 8


class SeedRefused(ValueError):
    """The demo cannot be made here; the text is a Russian sentence that says what to do."""


@dataclass(frozen=True, slots=True)
class Request:
    """What to make: `schools` is their number in St Petersburg, or in the whole country at that scale."""

    scale: Scale
    seed: int
    today: datetime.date
    regions: int
    schools: int
    password: str


def is_seeded() -> bool:
    """Tell whether a demo is here already.

    Raises SeedRefused where there are schools or people that are not of a demo: real data is never mixed with it.
    """
    seeded = School.objects.filter(external_id__startswith=f"{MARK}-").exists()
    if School.objects.exclude(external_id__startswith=f"{MARK}-").exists():
        if seeded:
            return True
        raise SeedRefused(
            "В базе уже есть школы, и это не демонстрация. Показ не смешивают с настоящими данными: "
            "укажите другую базу (DATABASE_URL или DATA_DIR) и повторите."
        )
    logins = [account.login for account in ACCOUNTS]
    if not seeded and User.objects.filter(username__in=logins).exists():
        raise SeedRefused(
            f"В базе уже есть пользователь с логином из списка: {', '.join(logins)}. "
            "Переименуйте его или укажите другую базу (DATABASE_URL или DATA_DIR)."
        )
    return seeded


@transaction.atomic
def seed(request: Request, say: Callable[[str], None]) -> dict[str, int]:
    """Make the demo, all of it or nothing; return how many rows of each table there are, by verbose name."""
    calendar = Calendar.of(request.today, request.scale.weeks)
    tables, late = Tables(checked=request.scale is not COUNTRY), Late()
    _holidays(calendar)
    own = None
    numbers = _schools_by_region(request)
    made = 0
    for place, (code, count) in enumerate(numbers.items(), start=1):
        region = _seed_region(request, calendar, tables, late, code, count, made)
        own = region if code == PETERSBURG else own
        made += count
        if place % 10 == 0 or place == len(numbers):
            say(f"регионов {place} из {len(numbers)}, школ {made}")
    tables.finish()
    if own is not None:
        make_accounts(request.password, calendar, own)
    enter_quarters(calendar, request.seed)
    settle(calendar, request.seed)
    _publish_weeks(calendar, late, own)
    find_changes()
    finish(calendar, request.seed)
    if request.scale is not COUNTRY:
        preview_week(IsoWeek.of(calendar.today))
    return {str(model._meta.verbose_name_plural): count for model, count in tables.counts.items()}


def _schools_by_region(request: Request) -> dict[str, int]:
    """Return how many schools each region gets, St Petersburg and Moscow first."""
    rng = random.Random(f"{request.seed}-regions")
    codes = [PETERSBURG, MOSCOW]
    codes += [code for code in Region.objects.values_list("code", flat=True) if code not in codes]
    codes = codes[: request.regions]
    if request.scale is not COUNTRY:
        counts = {code: rng.randint(3, 6) for code in codes} | {PETERSBURG: request.schools}
        return counts | ({MOSCOW: _MOSCOW_SCHOOLS} if MOSCOW in codes else {})
    weights = [rng.lognormvariate(0, 0.6) for _ in codes]
    whole = sum(weights)
    counts = {code: max(1, int(request.schools * weight / whole)) for code, weight in zip(codes, weights, strict=True)}
    counts[PETERSBURG] += max(0, request.schools - sum(counts.values()))
    return counts


def _seed_region(
    request: Request, calendar: Calendar, tables: Tables, late: Late, code: str, count: int, before: int
) -> MadeRegion:
    rng = random.Random(f"{request.seed}-{code}-schools")
    plan = plan_region(code, count, request.scale, request.seed)
    if code == PETERSBURG:
        tell(plan, count)
    add_schools(plan, count, request.scale, rng)
    if code == PETERSBURG:
        for spec in plan.schools:
            enrol(spec, request.scale.pupils, rng)
    region = add_territories(tables, Region.objects.get(code=code), plan)
    appoint_coordinators(tables, calendar, region, rng)
    deliveries = Deliveries(_loads(tables, calendar, region) if plan.is_delivered else {})
    told = tables_of(calendar, region.row, weeks=_weeks_told(request, code)) if plan.is_delivered else Told()
    maker = Maker(tables, calendar, request.seed, region, deliveries, late, told, before)
    for spec in plan.schools:
        maker.make(spec, plan)
    tables.flush()
    totals = [(deliveries.loads[when], schools, rows) for when, (schools, rows) in deliveries.totals.items()]
    update_rows(ActivityLoad, ["schools_covered", "rows"], totals)
    told.finish()
    add_totals(region.row)
    return region


def _weeks_told(request: Request, code: str) -> int:
    """How many weeks of operators' tables a region has: all where they are looked at, elsewhere what a week needs."""
    if request.scale is COUNTRY:
        return 1
    return request.scale.weeks if code == PETERSBURG else 2


def _loads(tables: Tables, calendar: Calendar, region: MadeRegion) -> dict[tuple[int, int], int]:
    """Add a delivery per week and platform, on the Monday after; return their ids."""
    loads = {}
    for week in calendar.weeks:
        for platform in PLATFORMS:
            load_id = loads[week.number, platform.number] = tables.new_id(ActivityLoad)
            moment = calendar.at(calendar.reported(week), 4, int(region.row.code) % 45)
            tables.add(
                ActivityLoad, load_id, week.number, platform.number, region.row.pk,
                f"Выгрузка оператора {platform.full_name}", "", 0, 0, moment,
            )  # fmt: skip
    return loads


def _holidays(calendar: Calendar) -> None:
    Holiday.objects.bulk_create(
        Holiday(name=each.name, starts_on=each.starts_on, ends_on=each.ends_on) for each in calendar.breaks
    )


def _publish_weeks(calendar: Calendar, late: Late, own: MadeRegion | None) -> None:
    """Count and publish week after week; what came late makes a second revision two days after the first."""
    late_week = calendar.weeks[-1 - WEEK_OF_LATE].number if len(calendar.weeks) > WEEK_OF_LATE else 0
    for week in calendar.weeks:
        monday = calendar.reported(week)
        _publish(week, calendar.at(monday, 11), calendar.at(monday, 11, 1))
        if week.number == late_week and late.activity and own is not None:
            day = monday + datetime.timedelta(days=1)
            _deliver(late, own, calendar.at(day, 11, 5))
            reason = "Оператор дослал активность школ Колпинского района"
            _publish(week, calendar.at(day, 11, 30), calendar.at(day, 11, 31), reason)


def _publish(week: IsoWeek, counted_at: datetime.datetime, published_at: datetime.datetime, reason: str = "") -> None:
    """Count and publish a week with the run behind it, dated as they would have been: moments are not hashed."""
    rating = publish(count_week(week, reason=reason))
    Rating.objects.filter(pk=rating.pk).update(counted_at=counted_at, published_at=published_at)
    run = WeekRun.objects.create(
        week=week.number, reason=reason, publish=True, rating=rating, state=JobState.DONE, attempts=1,
        rows_counted=RatingRow.objects.filter(rating=rating).count(), done_count=2, total_count=2,
        started_at=counted_at, finished_at=published_at,
    )  # fmt: skip
    WeekRun.objects.filter(pk=run.pk).update(created_at=counted_at)


def _deliver(late: Late, region: MadeRegion, moment: datetime.datetime) -> None:
    week = late.coverage[0][0]
    load = ActivityLoad.objects.create(
        week=week,
        platform=SFERUM.number,
        region=region.row,
        source=f"Повторная выгрузка оператора {PLATFORM_BY_NUMBER[SFERUM.number].full_name}",
        rows=len(late.activity),
        schools_covered=len(late.coverage),
    )
    ActivityLoad.objects.filter(pk=load.pk).update(loaded_at=moment)
    insert_rows(ActivityCoverage, COLUMNS[ActivityCoverage], [(*each, load.pk, True) for each in late.coverage])
    insert_rows(StaffActivity, COLUMNS[StaffActivity], late.activity)
