"""The weekly work: which finished weeks still wait to be counted, one after another, and the job that does one."""

import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from reports.counting import CountBusy, CountRefused, count_week, engine, preview_week
from reports.models import Rating, RatingRow, RatingState, WeekRun
from reports.publishing import PublishRefused, publish
from reports.weeks import IsoWeek, last_due, last_finished
from schools.codes import tidy
from schools.jobs import JobPostponed, JobRefused, JobState, Progress, enqueue
from schools.models import School, User

PREVIEW_HOLDS = datetime.timedelta(minutes=50)  # counted once an hour, whatever the beat does
LOOK_BACK = 8  # weeks; older gaps are for a person to decide about
TURN = datetime.timedelta(seconds=20)  # how long a run waits before it asks again whether it is its turn
_SCHEDULE_LOCK = 1  # no week has this number


def weeks_to_count(now: datetime.datetime) -> list[IsoWeek]:
    """Return the weeks whose corrections have ended and nobody has published, the oldest first.

    Without AUTO_PUBLISH: nobody has counted. They begin after the first week ever published, so a gap left by a
    failure is filled; before any publication it is the last such week alone.
    """
    last = last_due(now)
    official = Rating.objects.exclude(state=RatingState.PREVIEW).filter(week__lte=last.number)
    ratings = list(official.values_list("week", "state", "counted_at"))
    published = {week for week, state, _ in ratings if state == RatingState.PUBLISHED}
    done = set(published)
    if not settings.AUTO_PUBLISH:
        done |= {week for week, _, counted_at in ratings if counted_at >= IsoWeek.from_number(week).counts_at}
    begins = min(published, default=last.number)
    return [week for week in last.back(LOOK_BACK) if week.number >= begins and week.number not in done]


@transaction.atomic
def enqueue_next_week(after: int = 0) -> WeekRun | None:
    """Queue the oldest week that waits, later than the week number `after`; None if there is none.

    One at a time, since a week's movement is measured against the week before. Any number of beats may call this at
    once: they take turns, and a week with a living run gets no second one.
    """
    engine.wait_for(_SCHEDULE_LOCK)
    living = _living()
    if living.filter(scheduled()).exists() or not School.objects.exists():
        return None
    busy = set(living.values_list("week", flat=True))
    weeks = [week for week in weeks_to_count(timezone.now()) if week.number > after and week.number not in busy]
    if not weeks:
        return None
    run = WeekRun(week=weeks[0].number, publish=settings.AUTO_PUBLISH)
    enqueue(run)
    return run


class BackfillRefused(ValueError):
    """A range cannot be counted again; the text is a Russian sentence that says what to do."""


@transaction.atomic
def backfill(weeks: list[IsoWeek], *, reason: str, publish: bool, by: User | None = None) -> tuple[int, int]:
    """Queue one run for each week, the oldest first; return how many were queued and how many were queued already.

    A week with a living run gets no second one, so starting twice is harmless. Runs keep their order (`perform`).
    Raises BackfillRefused without a reason, or for a week that is not over.
    """
    reason = tidy(reason)[:300]
    if not reason:
        raise BackfillRefused("Напишите причину: она останется в истории каждой недели.")
    if weeks[-1] > last_finished(timezone.now()):
        raise BackfillRefused(f"Неделя {weeks[-1]} ещё не закончилась: считать можно то, что уже прошло.")
    engine.wait_for(_SCHEDULE_LOCK)
    living = set(_living().values_list("week", flat=True))
    for week in weeks:
        if week.number not in living:
            enqueue(WeekRun(week=week.number, reason=reason, publish=publish, created_by=by))
    waiting = sum(week.number in living for week in weeks)
    return len(weeks) - waiting, waiting


def is_busy() -> bool:
    """Whether a run waits or goes on."""
    return _living().exists()


def _living() -> "QuerySet[WeekRun]":
    return WeekRun.rows().filter(state__in=[JobState.QUEUED, JobState.RUNNING])


def preview_running_week() -> Rating | None:
    """Count the running week for the pages of the preview, and return it; None while the last such count is fresh.

    On Monday, until the schedule counts it, the week just over too: it is still put right.
    """
    now = timezone.now()
    over = last_finished(now)
    if now < over.counts_at and not Rating.objects.filter(state=RatingState.PUBLISHED, week=over.number).exists():
        _preview(over, now)
    return _preview(IsoWeek.at(now), now)


def _preview(week: IsoWeek, now: datetime.datetime) -> Rating | None:
    fresh = Rating.objects.filter(state=RatingState.PREVIEW, week=week.number, counted_at__gt=now - PREVIEW_HOLDS)
    if fresh.exists() or not School.objects.exists():
        return None
    try:
        return preview_week(week)
    except CountRefused:  # somebody counts the week, or no school is in scope: the next hour will do
        return None


def scheduled() -> Q:
    """Return the condition of a run the schedule began, not a person."""
    return Q(created_by=None, reason="")


def perform(run: WeekRun, progress: Progress[WeekRun]) -> None:
    """Count a run's week and publish it if so asked: one transaction with the run's own record of it.

    It waits for runs of earlier weeks that were queued before it: movement is measured against the week before.
    Killed at any point, nothing has happened; done once, it is never done again. An abort or a lost lease undoes all.
    """
    if run.rating_id is not None:
        return
    if _living().filter(week__lt=run.week, pk__lt=run.pk).exists():
        raise JobPostponed(timezone.now() + TURN)
    progress.step(0, 2)
    try:
        with transaction.atomic():
            rating = count_week(IsoWeek.from_number(run.week), by=run.created_by, reason=run.reason)
            if run.publish:
                rating = publish(rating, by=run.created_by)
            rows = RatingRow.objects.filter(rating=rating).count()
            WeekRun.rows().filter(pk=run.pk).update(rating=rating, rows_counted=rows)
            progress.step(2, 2)
    except CountBusy as busy:  # a preview of the same week, or a person at the command line: it takes a minute
        raise JobPostponed(timezone.now() + TURN) from busy
    except (CountRefused, PublishRefused) as refusal:
        raise JobRefused(str(refusal)) from refusal
