"""The weekly work: every missed week once and in order, however many beats there are and whoever is killed."""

import datetime
import json
from collections.abc import Iterator
from zoneinfo import ZoneInfo

import pytest
import time_machine
from celery import current_app
from django.utils import timezone

from reports.counting import count_week
from reports.models import Rating, RatingRow, RatingState, SchoolWeek, WeekRun
from reports.publishing import publish, verify
from reports.schedule import LOOK_BACK, backfill, enqueue_next_week, preview_running_week, weeks_to_count
from reports.tasks import count_finished_weeks, run_week
from reports.weeks import IsoWeek, corrections_until
from schools import jobs
from schools.jobs import JobState
from schools.regions import REGIONS
from staff.models import StaffMember
from tests.conftest import Cast
from tests.servers import Portal

pytestmark = pytest.mark.django_db
WEEK = IsoWeek(2026, 46)
MONDAY = datetime.datetime(2026, 11, 16, 8, 5, tzinfo=datetime.UTC)  # 11:05 in Moscow, WEEK is due


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    """Stand on the Monday after WEEK."""
    with time_machine.travel(MONDAY, tick=False) as traveller:
        yield traveller


@pytest.fixture(autouse=True)
def letters(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The ids of the jobs the broker was given."""
    ids: list[int] = []
    monkeypatch.setattr(current_app, "send_task", lambda name, args, **options: ids.extend(args))
    return ids


def work() -> int:
    """Do every queued run, as a worker would; return how many."""
    done = 0
    while run := WeekRun.objects.filter(state=JobState.QUEUED).order_by("pk").first():
        run_week(run.pk)
        done += 1
    return done


def published_weeks() -> list[int]:
    """The weeks that are published, the oldest first."""
    return list(Rating.objects.filter(state=RatingState.PUBLISHED).order_by("week").values_list("week", flat=True))


def test_monday_counts_and_publishes_the_week_that_ended(cast: Cast) -> None:
    count_finished_weeks()

    work()

    assert published_weeks() == [WEEK.number]
    run = WeekRun.objects.get()
    assert (run.state, run.rating, run.done_count) == (JobState.DONE, Rating.objects.get(), 2)


def test_no_week_is_counted_while_some_region_may_still_put_it_right(cast: Cast, clock: time_machine.Traveller) -> None:
    publish(count_week(WEEK.shift(-1)))
    ends = {corrections_until(WEEK, ZoneInfo(region.timezone)) for region in REGIONS}
    clock.move_to(WEEK.counts_at - datetime.timedelta(seconds=1))

    count_finished_weeks()

    assert WeekRun.objects.count() == 0
    assert max(ends) == WEEK.counts_at


def test_steps_and_changes_are_counted_by_the_last_run_of_a_range(cast: Cast, clock: time_machine.Traveller) -> None:
    backfill(WEEK.back(2), reason="проверка", publish=True)
    first, last = WeekRun.objects.order_by("pk").values_list("pk", flat=True)

    run_week(first)
    looked = Rating.objects.exclude(changes_at=None).count()
    run_week(last)

    assert looked == 0
    assert [rating.week for rating in Rating.objects.exclude(changes_at=None)] == [WEEK.number]


def test_second_beat_changes_nothing(cast: Cast) -> None:
    count_finished_weeks()
    count_finished_weeks()
    work()
    count_finished_weeks()

    assert work() == 0
    assert (WeekRun.objects.count(), Rating.objects.count()) == (1, 1)


def test_every_missed_week_is_counted_once_and_in_order(cast: Cast, clock: time_machine.Traveller) -> None:
    StaffMember.objects.create(school=cast.school, last_name="Озёров", first_name="Глеб")
    publish(count_week(WEEK))
    clock.shift(datetime.timedelta(weeks=3))

    count_finished_weeks()
    work()

    assert published_weeks() == [week.number for week in WEEK.shift(3).back(4)]
    assert list(WeekRun.objects.order_by("pk").values_list("week", flat=True)) == published_weeks()[1:]
    assert RatingRow.objects.filter(rating__week=WEEK.shift(3).number, whole_before__isnull=False).exists()


def test_second_beat_does_not_overtake_the_first(cast: Cast, clock: time_machine.Traveller) -> None:
    publish(count_week(WEEK))
    clock.shift(datetime.timedelta(weeks=3))

    count_finished_weeks()
    count_finished_weeks()

    assert list(WeekRun.objects.values_list("week", flat=True)) == [WEEK.shift(1).number]


def test_catching_up_stops_after_eight_weeks(cast: Cast, clock: time_machine.Traveller) -> None:
    publish(count_week(WEEK))
    clock.shift(datetime.timedelta(weeks=20))

    count_finished_weeks()

    assert work() == LOOK_BACK


def test_week_left_out_by_a_failure_is_filled_in(cast: Cast, clock: time_machine.Traveller) -> None:
    publish(count_week(WEEK))
    clock.shift(datetime.timedelta(weeks=2))
    publish(count_week(WEEK.shift(2)))

    assert weeks_to_count(timezone.now()) == [WEEK.shift(1)]


def test_portal_without_schools_counts_nothing() -> None:
    assert enqueue_next_week() is None


def test_without_automatic_publication_a_counted_week_is_not_counted_again(cast: Cast, settings: object) -> None:
    settings.AUTO_PUBLISH = False  # type: ignore[attr-defined]

    count_finished_weeks()
    done = work()
    count_finished_weeks()

    assert (done, work()) == (1, 0)
    assert Rating.objects.get().state == RatingState.DRAFT


def test_neither_a_preview_nor_an_early_draft_stands_for_the_count_of_a_week(
    cast: Cast, clock: time_machine.Traveller, settings: object
) -> None:
    settings.AUTO_PUBLISH = False  # type: ignore[attr-defined]
    clock.move_to(WEEK.closes_at + datetime.timedelta(hours=1))
    count_week(WEEK)
    clock.move_to(WEEK.counts_at - datetime.timedelta(minutes=10))
    preview_running_week()
    clock.move_to(WEEK.counts_at + datetime.timedelta(minutes=1))

    waiting = weeks_to_count(timezone.now())

    assert Rating.objects.filter(state=RatingState.PREVIEW, week=WEEK.number).exists()
    assert waiting == [WEEK]


def test_draft_of_the_running_week_is_counted_afresh_when_it_ends(cast: Cast, settings: object) -> None:
    settings.AUTO_PUBLISH = False  # type: ignore[attr-defined]
    with time_machine.travel(datetime.datetime(2026, 11, 13, tzinfo=datetime.UTC)):
        draft = count_week(WEEK)

    count_finished_weeks()
    work()

    draft.refresh_from_db()
    assert draft.counted_at == MONDAY


def test_run_that_is_refused_says_why(cast: Cast) -> None:
    publish(count_week(WEEK))
    run = WeekRun(week=WEEK.number, created_by=cast.root)
    jobs.enqueue(run)

    run_week(run.pk)

    run.refresh_from_db()
    assert run.state == JobState.FAILED
    assert "укажите причину" in run.error


def test_run_begun_by_a_person_counts_that_week_alone(cast: Cast) -> None:
    run = WeekRun(week=WEEK.shift(-3).number, created_by=cast.root, publish=True)
    jobs.enqueue(run)

    work()

    assert published_weeks() == [WEEK.shift(-3).number]


def test_run_done_before_its_worker_died_is_not_done_twice(cast: Cast) -> None:
    run = WeekRun(week=WEEK.number, publish=True)
    jobs.enqueue(run)
    run_week(run.pk)
    WeekRun.objects.filter(pk=run.pk).update(state=JobState.QUEUED)

    run_week(run.pk)

    run.refresh_from_db()
    assert (run.state, Rating.objects.count()) == (JobState.DONE, 1)


def test_abort_during_the_count_leaves_nothing(cast: Cast) -> None:
    run = WeekRun(week=WEEK.number, publish=True)
    jobs.enqueue(run)
    WeekRun.objects.filter(pk=run.pk).update(abort_requested=True)

    run_week(run.pk)

    run.refresh_from_db()
    assert run.state == JobState.ABORTED
    assert not Rating.objects.exists()
    assert not SchoolWeek.objects.exists()


@pytest.mark.timeout(300)
def test_worker_killed_at_any_statement_loses_and_doubles_nothing() -> None:
    with Portal() as own:
        found = json.loads(own.python("-m", "tests.reports.killing"))

    assert found["points"] >= 10
    assert (found["partial"], found["lost"], found["doubled"]) == (0, 0, 0)


def test_published_weeks_of_the_schedule_verify(cast: Cast) -> None:
    count_finished_weeks()

    work()

    assert verify(Rating.objects.get())
