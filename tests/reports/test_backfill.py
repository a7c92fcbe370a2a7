"""Counting a range of weeks again: one run a week, in order, however often it is asked for and by whom."""

import datetime
from collections.abc import Callable, Iterator
from io import StringIO

import pytest
import time_machine
from celery import current_app
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.utils import timezone

from reports.counting import engine
from reports.models import Rating, RatingRow, RatingState, WeekRun
from reports.schedule import TURN, BackfillRefused, backfill, enqueue_next_week
from reports.tasks import run_week
from reports.weeks import MOST_WEEKS, IsoWeek, parse_range
from schools.jobs import JobState
from schools.models import Appointment
from schools.texts import number
from tests.conftest import Cast
from tests.turns import in_turns

pytestmark = pytest.mark.django_db
WEEK = IsoWeek(2026, 46)
MONDAY = datetime.datetime(2026, 11, 16, 8, 5, tzinfo=datetime.UTC)  # WEEK is due


@pytest.fixture(autouse=True)
def clock(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Iterator[time_machine.Traveller]:
    """Stand on the Monday after WEEK, with a broker that takes everything and brings nothing."""
    Appointment.objects.update(starts_on="2026-09-01")
    monkeypatch.setattr(current_app, "send_task", lambda *given, **options: None)
    with time_machine.travel(MONDAY, tick=False) as traveller:
        yield traveller


def weeks_of(runs: object) -> list[int]:
    """The weeks of runs, in the order they were queued."""
    return list(WeekRun.objects.order_by("pk").values_list("week", flat=True))


def test_range_is_its_weeks_across_the_year() -> None:
    assert [str(week) for week in parse_range("2026-W52..2027-W02")] == [
        "2026-W52",
        "2026-W53",
        "2027-W01",
        "2027-W02",
    ]
    assert parse_range("2026-W47") == [IsoWeek(2026, 47)]


@pytest.mark.parametrize(
    "text", ["2026-W47..2026-W46", "2025-W53..2026-W01", "..", "", f"2020-W01..2021-W{MOST_WEEKS - 51}"]
)
def test_range_that_is_none_is_refused_in_words(text: str) -> None:
    with pytest.raises(ValueError, match="[а-я]"):
        parse_range(text)


def test_each_week_gets_one_run_and_a_second_start_none(cast: Cast) -> None:
    weeks = WEEK.back(3)

    assert backfill(weeks, reason="новая выгрузка", publish=True, by=cast.root) == (3, 0)
    assert backfill(WEEK.back(4), reason="ещё раз", publish=True, by=cast.root) == (1, 3)

    assert weeks_of(WeekRun) == [week.number for week in [*weeks, WEEK.shift(-3)]]


def test_runs_wait_for_the_earlier_ones_and_movement_is_against_the_week_before(
    cast: Cast, clock: time_machine.Traveller
) -> None:
    backfill(WEEK.back(2), reason="новая выгрузка", publish=True)
    first, second = WeekRun.objects.order_by("pk")

    run_week(second.pk)

    second.refresh_from_db()
    assert (second.state, second.rating, second.attempts) == (JobState.QUEUED, None, 0)
    run_week(first.pk)
    clock.shift(TURN)
    run_week(second.pk)
    assert list(Rating.objects.order_by("week").values_list("week", "state")) == [
        (week.number, RatingState.PUBLISHED) for week in WEEK.back(2)
    ]
    assert RatingRow.objects.filter(rating__week=WEEK.number, whole_before__isnull=False).exists()
    second.refresh_from_db()
    assert second.rows_counted == RatingRow.objects.filter(rating=second.rating).count() > 0


def test_failed_week_does_not_hold_up_those_after_it(cast: Cast) -> None:
    backfill(WEEK.back(2), reason="новая выгрузка", publish=True)
    first, second = WeekRun.objects.order_by("pk")
    WeekRun.objects.filter(pk=first.pk).update(state=JobState.FAILED)

    run_week(second.pk)

    assert Rating.objects.get().week == WEEK.number


def test_backfill_needs_a_reason_and_weeks_that_are_over(cast: Cast) -> None:
    with pytest.raises(BackfillRefused, match="причину"):
        backfill([WEEK], reason=" ", publish=False)
    with pytest.raises(BackfillRefused, match="не закончилась"):
        backfill([WEEK, WEEK.shift(1)], reason="рано", publish=False)

    assert not WeekRun.objects.exists()


def test_command_queues_a_range(cast: Cast) -> None:
    told = StringIO()

    call_command("count_week", "2026-W44..2026-W46", "--reason", "новая выгрузка", stdout=told)

    assert told.getvalue().strip() == "Поставлено в очередь недель: 3."
    assert weeks_of(WeekRun) == [202644, 202645, 202646]
    assert not WeekRun.objects.filter(publish=True).exists()
    call_command("count_week", "2026-W43..2026-W43", "--reason", "новая выгрузка", "--publish", stdout=told)
    assert WeekRun.objects.get(week=202643).publish
    with pytest.raises(CommandError, match="причину"):
        call_command("count_week", "2026-W44..2026-W46")


def test_form_queues_for_a_superuser_alone(cast: Cast, client_of: Callable[..., Client]) -> None:
    sent = {"first": "2026-W45", "last": "2026-W46", "reason": "новая выгрузка", "publish": "1"}

    assert client_of(cast.nina).post("/jobs/backfill/", sent).status_code == 403
    assert not WeekRun.objects.exists()
    assert client_of(cast.root).post("/jobs/backfill/", sent).status_code == 302

    assert list(WeekRun.objects.order_by().values_list("created_by", "publish", "reason").distinct()) == [
        (cast.root.pk, True, "новая выгрузка")
    ]
    assert "backfill" not in client_of(cast.nina).get("/jobs/").content.decode()


def test_form_says_what_is_wrong_and_keeps_what_was_typed(cast: Cast, client_of: Callable[..., Client]) -> None:
    answer = client_of(cast.root).post(
        "/jobs/backfill/", {"first": "2026-W46", "last": "2026-W45", "reason": "поправка"}
    )

    page = answer.content.decode()
    assert (answer.status_code, "Промежуток недель пуст" in page, "поправка" in page) == (422, True, True)


def test_everybody_with_an_appointment_sees_who_began_and_how_many_rows(
    cast: Cast, client_of: Callable[..., Client]
) -> None:
    WeekRun.objects.create(week=WEEK.number, created_by=cast.root, rows_counted=4321, started_at=timezone.now())
    WeekRun.objects.create(week=WEEK.number)

    page = client_of(cast.sveta).get("/jobs/").content.decode()

    assert str(cast.root) in page
    assert "по расписанию" in page
    assert f">{number(4321)}<" in page


@pytest.mark.postgres("SQLite has one writer at a time")
@pytest.mark.django_db(transaction=True)
def test_two_who_start_at_once_queue_one_run_a_week(cast: Cast) -> None:
    weeks = WEEK.back(3)

    second = in_turns(
        lambda: backfill(weeks, reason="новая выгрузка", publish=True),
        lambda: backfill(weeks, reason="она же", publish=True),
    )

    assert second == (0, 3)
    assert sorted(weeks_of(WeekRun)) == [week.number for week in weeks]


@pytest.mark.postgres("SQLite has one writer at a time")
@pytest.mark.django_db(transaction=True)
def test_two_beats_at_once_queue_one_week(cast: Cast) -> None:
    assert in_turns(enqueue_next_week, enqueue_next_week) is None

    assert weeks_of(WeekRun) == [WEEK.number]


@pytest.mark.postgres("SQLite has one writer at a time")
def test_run_that_meets_another_count_of_its_week_waits_its_turn(cast: Cast, clock: time_machine.Traveller) -> None:
    backfill([WEEK], reason="поправка", publish=True)
    run = WeekRun.objects.get()
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [engine.WEEK_LOCKS, WEEK.number])

        run_week(run.pk)
        cursor.execute("ROLLBACK")
    other.close()
    waited = WeekRun.objects.get().state
    clock.shift(TURN + datetime.timedelta(seconds=1))
    run_week(run.pk)

    assert (waited, WeekRun.objects.get().state) == (JobState.QUEUED, JobState.DONE)
