"""The job row that is the queue: claim, lease, progress, abort, retry, burial and sending again."""

import datetime
from collections.abc import Iterator

import pytest
import time_machine
from celery import current_app
from django.utils import timezone
from kombu.exceptions import OperationalError

from reports.models import WeekRun
from schools import jobs, retention
from schools.jobs import JobLost, JobRefused, JobState, Progress
from schools.models import StoredFile
from schools.tasks import forget_old_files, resend_lost_jobs

pytestmark = pytest.mark.django_db
NOW = datetime.datetime(2026, 11, 24, 9, tzinfo=datetime.UTC)


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    """Stand on a morning; tests move the clock on."""
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, list[int]]]:
    """What the broker was given."""
    letters: list[tuple[str, list[int]]] = []
    monkeypatch.setattr(current_app, "send_task", lambda name, args, **options: letters.append((name, args)))
    return letters


def queued() -> WeekRun:
    """A job that waits."""
    run = WeekRun(week=202646)
    jobs.enqueue(run)
    return run


def nothing(run: WeekRun, progress: Progress[WeekRun]) -> None:
    """Work that is done at once."""


def broken(run: WeekRun, progress: Progress[WeekRun]) -> None:
    """Work with a fault of ours."""
    raise ZeroDivisionError


def test_message_is_sent_only_after_the_commit(sent: list[object], django_capture_on_commit_callbacks: object) -> None:
    with django_capture_on_commit_callbacks(execute=False) as callbacks:  # type: ignore[operator]
        run = queued()
    before = list(sent)

    for callback in callbacks:
        callback()

    assert before == []
    assert sent == [("reports.run_week", [run.pk])]


@pytest.mark.parametrize("error", [OperationalError("no broker"), ConnectionRefusedError()])
def test_broker_that_is_down_is_nobody_s_error(error: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: object, **options: object) -> None:
        raise error

    monkeypatch.setattr(current_app, "send_task", refuse)
    run = queued()

    jobs.send(run)

    run.refresh_from_db()
    assert run.state == JobState.QUEUED


def test_job_is_performed_once_however_often_its_message_comes() -> None:
    run = queued()
    performed: list[int] = []

    states = [jobs.run(WeekRun, run.pk, lambda job, progress: performed.append(job.pk)) for _ in range(3)]

    assert performed == [run.pk]
    assert states == [JobState.DONE, None, None]


def test_job_that_is_gone_is_left_alone() -> None:
    assert jobs.run(WeekRun, 404, nothing) is None


def test_held_job_cannot_be_taken_until_its_lease_runs_out(clock: time_machine.Traveller) -> None:
    run = queued()
    first = jobs.claim(WeekRun, run.pk)

    clock.shift(WeekRun.lease - datetime.timedelta(seconds=1))
    early = jobs.claim(WeekRun, run.pk)
    clock.shift(2)
    late = jobs.claim(WeekRun, run.pk)

    assert first is not None
    assert early is None
    assert late is not None
    assert late.job.attempts == 2


def test_step_says_how_far_the_job_is_and_renews_the_lease(clock: time_machine.Traveller) -> None:
    run = queued()
    progress = jobs.claim(WeekRun, run.pk)
    assert progress is not None
    clock.shift(30)

    progress.step(3, 10)

    run.refresh_from_db()
    assert (run.done_count, run.total_count) == (3, 10)
    assert run.lease_until == timezone.now() + WeekRun.lease


def test_worker_whose_job_was_taken_over_loses_it(clock: time_machine.Traveller) -> None:
    run = queued()
    slow = jobs.claim(WeekRun, run.pk)
    clock.shift(WeekRun.lease + datetime.timedelta(seconds=1))
    jobs.claim(WeekRun, run.pk)
    assert slow is not None

    with pytest.raises(JobLost):
        slow.step(1, 2)


def test_waiting_job_is_aborted_at_once() -> None:
    run = queued()

    jobs.abort(run)

    run.refresh_from_db()
    assert run.state == JobState.ABORTED
    assert jobs.run(WeekRun, run.pk, broken) is None


def test_running_job_is_aborted_at_its_next_step() -> None:
    run = queued()

    def asked_to_stop(job: WeekRun, progress: Progress[WeekRun]) -> None:
        jobs.abort(job)
        progress.step(1, 2)
        raise AssertionError("the step should have stopped the job")

    state = jobs.run(WeekRun, run.pk, asked_to_stop)

    run.refresh_from_db()
    assert (state, run.state) == (JobState.ABORTED, JobState.ABORTED)
    assert "Прервано по вашей просьбе" in run.error


def test_finished_job_is_not_aborted() -> None:
    run = queued()
    jobs.run(WeekRun, run.pk, nothing)

    jobs.abort(run)

    run.refresh_from_db()
    assert run.state == JobState.DONE


def test_refusal_is_the_sentence_a_person_sees() -> None:
    run = queued()

    def refusing(job: WeekRun, progress: Progress[WeekRun]) -> None:
        raise JobRefused("Неделя ещё не началась.")

    state = jobs.run(WeekRun, run.pk, refusing)

    run.refresh_from_db()
    assert (state, run.error, run.attempts) == (JobState.FAILED, "Неделя ещё не началась.", 1)


def test_fault_of_ours_is_tried_three_times_and_then_buried() -> None:
    run = queued()

    for _ in range(3):
        with pytest.raises(ZeroDivisionError):
            jobs.run(WeekRun, run.pk, broken)

    run.refresh_from_db()
    assert (run.state, run.attempts) == (JobState.FAILED, 3)
    assert "трижды" in run.error
    assert jobs.run(WeekRun, run.pk, nothing) is None


def test_job_that_kills_its_workers_is_buried_after_three(clock: time_machine.Traveller, sent: list[object]) -> None:
    run = queued()

    for _ in range(5):
        jobs.claim(WeekRun, run.pk)  # and the worker dies
        clock.shift(WeekRun.lease + datetime.timedelta(seconds=1))
        resend_lost_jobs()

    run.refresh_from_db()
    assert (run.state, run.attempts) == (JobState.FAILED, 3)
    assert len(sent) == 2


def test_lost_message_is_sent_again_after_half_a_minute(clock: time_machine.Traveller, sent: list[object]) -> None:
    run = queued()

    resend_lost_jobs()
    early = list(sent)
    clock.shift(31)
    resend_lost_jobs()
    resend_lost_jobs()

    assert early == []
    assert sent == [("reports.run_week", [run.pk])]


def test_job_that_was_never_sent_is_sent(clock: time_machine.Traveller, sent: list[object]) -> None:
    run = WeekRun.objects.create(week=202646)

    resend_lost_jobs()
    early = list(sent)
    clock.shift(31)
    resend_lost_jobs()

    assert early == []
    assert sent == [("reports.run_week", [run.pk])]


def test_longest_waiting_are_sent_first_and_none_is_passed_over(
    clock: time_machine.Traveller, sent: list[tuple[str, list[int]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    runs = [WeekRun.objects.create(week=202646, sent_at=NOW) for _ in range(150)]
    WeekRun.objects.filter(pk=runs[-1].pk).update(sent_at=NOW - datetime.timedelta(hours=1))
    clock.shift(31)

    resend_lost_jobs()
    resend_lost_jobs()

    assert sent[0][1] == [runs[-1].pk]
    assert {pk for _, (pk,) in sent} == {run.pk for run in runs}
    assert len(sent) == 150


@pytest.mark.parametrize("state", JobState)
def test_only_what_failed_or_was_stopped_is_tried_again(
    state: JobState, sent: list[object], django_capture_on_commit_callbacks: object
) -> None:
    seen = WeekRun.objects.create(week=202646, state=JobState.FAILED, error="не вышло")
    WeekRun.objects.filter(pk=seen.pk).update(state=state, attempts=2, holder="другой исполнитель")

    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        again = jobs.try_again(seen)

    seen.refresh_from_db()
    over = state in {JobState.FAILED, JobState.ABORTED}
    assert again is over
    assert sent == ([("reports.run_week", [seen.pk])] if over else [])
    assert (seen.state, seen.attempts, seen.holder) == (
        (JobState.QUEUED, 0, "") if over else (state, 2, "другой исполнитель")
    )


def test_job_of_a_silent_worker_is_sent_again(clock: time_machine.Traveller, sent: list[object]) -> None:
    run = queued()
    jobs.claim(WeekRun, run.pk)

    clock.shift(WeekRun.lease + datetime.timedelta(seconds=1))
    resend_lost_jobs()

    assert sent == [("reports.run_week", [run.pk])]


def test_queueing_again_starts_from_the_beginning() -> None:
    run = queued()
    for _ in range(3):
        with pytest.raises(ZeroDivisionError):
            jobs.run(WeekRun, run.pk, broken)
    run.refresh_from_db()

    jobs.enqueue(run)

    assert jobs.run(WeekRun, run.pk, nothing) == JobState.DONE


def test_old_uploads_lose_their_bytes_and_keep_their_fingerprint(settings: object) -> None:
    settings.KEEP_FILES_DAYS = 30  # type: ignore[attr-defined]
    old, fresh = (
        StoredFile.objects.create(
            shown_name="список.xlsx",
            size=3,
            sha256="ab" * 32,
            content=b"abc",
            uploaded_at=NOW - datetime.timedelta(days=days),
        )
        for days in (31, 29)
    )

    forget_old_files()

    old.refresh_from_db()
    fresh.refresh_from_db()
    assert (old.data, old.sha256, old.shown_name) == (b"", "ab" * 32, "список.xlsx")
    assert fresh.data == b"abc"
    assert retention.forget_old_files(NOW) == 0
