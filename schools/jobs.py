"""The job row that is the queue: claim, heartbeat, progress, abort, retry, reaper. Celery only carries its id."""

import datetime
import logging
import time
import uuid
from collections.abc import Callable
from contextlib import suppress
from typing import Any, ClassVar, Generic, Self, TypeVar

from celery import current_app
from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone
from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)

LEASE = datetime.timedelta(seconds=60)  # a worker that is silent for longer has lost its job
MAX_ATTEMPTS = 3
PLACE_CHANGED = "reports.count_steps_of"  # by name: the apps form a line, and reports stands to the right
RESEND_AFTER = datetime.timedelta(seconds=30)  # a queued job whose message may have been lost
TICK = 0.5  # seconds between two steps of `Progress.tick`: a page asks once a second


class JobState(models.TextChoices):
    """Where a job is."""

    QUEUED = "queued", "в очереди"
    RUNNING = "running", "выполняется"
    DONE = "done", "выполнено"
    FAILED = "failed", "не удалось"
    ABORTED = "aborted", "прервано"


class JobAborted(Exception):
    """A person asked to stop the job."""


class JobLost(Exception):
    """The lease ran out and another worker holds the job: leave without touching anything."""


class JobRefused(Exception):
    """The job cannot be done; the text is a Russian sentence for the person who started it."""


class JobPostponed(Exception):
    """The job waits for something outside and is to be taken again at a moment; fields of its row may change along."""

    def __init__(self, until: datetime.datetime, **changed: Any) -> None:
        super().__init__(until)
        self.until = until
        self.changed = changed


class Job(models.Model):
    """A piece of work with a row of its own; a concrete job names its Celery task, the task passes the work to `run`.

    `lease` is how long its worker may be silent: longer than the longest statement it runs between two steps.
    """

    task_name: ClassVar[str]
    lease: ClassVar[datetime.timedelta] = LEASE

    state = models.CharField(
        "состояние", max_length=8, choices=JobState.choices, default=JobState.QUEUED, editable=False
    )
    attempts = models.PositiveSmallIntegerField("попыток", default=0, editable=False)
    holder = models.CharField("исполнитель", max_length=36, blank=True, editable=False)
    lease_until = models.DateTimeField("аренда до", null=True, blank=True, editable=False)
    sent_at = models.DateTimeField("отправлено исполнителю", null=True, blank=True, editable=False)
    done_count = models.PositiveIntegerField("сделано", default=0, editable=False)
    total_count = models.PositiveIntegerField("всего", default=0, editable=False)
    error = models.TextField("что помешало", blank=True, editable=False)
    abort_requested = models.BooleanField("просят прервать", default=False, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="кто начал",
    )
    created_at = models.DateTimeField("начато", auto_now_add=True)
    started_at = models.DateTimeField("взято в работу", null=True, blank=True, editable=False)
    finished_at = models.DateTimeField("закончено", null=True, blank=True, editable=False)

    class Meta:
        abstract = True

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen without a person."""
        return self.state in {JobState.DONE, JobState.FAILED, JobState.ABORTED}

    @classmethod
    def claimable(cls, now: datetime.datetime) -> Q:
        """Return the condition of a job a worker may take: queued, or left by a worker that fell silent."""
        return Q(state=JobState.QUEUED) | Q(state=JobState.RUNNING, lease_until__lt=now)

    @classmethod
    def rows(cls) -> "models.QuerySet[Self]":
        """All rows of this kind of job, for workers; doors use the rule of sight instead."""
        return cls._default_manager.all()


JobType = TypeVar("JobType", bound=Job)


class Progress(Generic[JobType]):
    """What a running job holds: its row, its lease, and the way to say how far it is."""

    def __init__(self, job: JobType, holder: str) -> None:
        self.job = job
        self.holder = holder
        self._stepped = 0.0

    def mine(self) -> "models.QuerySet[JobType]":
        """The job's row while this worker holds it; no row once another one has taken it, or nobody wants it done.

        Whatever a job changes for good begins with this row, locked, in the same transaction.
        """
        return self.job.rows().filter(pk=self.job.pk, holder=self.holder, state=JobState.RUNNING)

    def write(self, **values: Any) -> None:
        """Write fields of the job's row. Raises JobLost if the lease has passed to another worker."""
        if not self.mine().update(**values):
            raise JobLost

    def step(self, done: int, total: int) -> None:
        """Write progress and renew the lease.

        Raises JobAborted if a person asked to stop, JobLost if the lease has passed to another worker.
        """
        self.write(done_count=done, total_count=total, lease_until=timezone.now() + self.job.lease)
        self._stepped = time.monotonic()
        if self.mine().filter(abort_requested=True).exists():
            raise JobAborted

    def tick(self, done: int, total: int) -> None:
        """A step, but at most one in TICK seconds: cheap enough for every few hundred rows."""
        if time.monotonic() - self._stepped >= TICK:
            self.step(done, total)


def _from_the_start() -> dict[str, Any]:
    """The queue's own fields of a job that has just been queued."""
    fresh = {"state": JobState.QUEUED, "attempts": 0, "error": "", "abort_requested": False, "holder": ""}
    counts = {"done_count": 0, "total_count": 0}
    moments = {"lease_until": None, "started_at": None, "finished_at": None, "sent_at": timezone.now()}
    return {**fresh, **counts, **moments}


def enqueue(job: Job, *changed: str) -> None:
    """Queue a job from the start and send its id once the present transaction is committed.

    Of a job that has its row already, only the queue's own fields and those named in `changed` are written.
    """
    fresh = _from_the_start()
    for name, value in fresh.items():
        setattr(job, name, value)
    job.save(update_fields=None if job._state.adding else [*fresh, *changed])
    transaction.on_commit(lambda: send(job))


def try_again(job: Job) -> bool:
    """Queue a job that failed or was stopped from the start; False if its row says that it is neither any more."""
    over = job.rows().filter(pk=job.pk, state__in=[JobState.FAILED, JobState.ABORTED])
    if not over.update(**_from_the_start()):
        return False
    transaction.on_commit(lambda: send(job))
    return True


def send(job: Job) -> None:
    """Tell a worker about a job; a broker that is down is not a user's error, the reaper sends it again."""
    try:
        current_app.send_task(job.task_name, args=[job.pk], retry=False)
    except (OperationalError, OSError) as error:
        logger.warning("The broker did not take job %s %s: %s", job.task_name, job.pk, type(error).__name__)


def tell_changed(school_id: int | None = None, region_id: int | None = None) -> None:
    """Say that the data of a school, or of a whole region, changed, once the present transaction is committed.

    Whoever keeps figures of places (reports) counts them afresh; a word that is lost is made good by the hourly count.
    """
    if school_id or region_id:
        transaction.on_commit(lambda: _post(PLACE_CHANGED, [school_id or 0, region_id or 0]))


def _post(task_name: str, arguments: list[int]) -> None:
    try:
        current_app.send_task(task_name, args=arguments, retry=False)
    except (OperationalError, OSError) as error:
        logger.warning("The broker did not take %s: %s", task_name, type(error).__name__)


def claim(model: type[JobType], pk: int) -> Progress[JobType] | None:
    """Take a job by one conditional update; None if it is gone, taken or over."""
    now = timezone.now()
    holder = uuid.uuid4().hex
    free = model.rows().filter(model.claimable(now), pk=pk)
    _bury(free.filter(attempts__gte=MAX_ATTEMPTS), now)
    taken = free.update(
        state=JobState.RUNNING,
        attempts=F("attempts") + 1,
        holder=holder,
        lease_until=now + model.lease,
        started_at=now,
    )
    return Progress(model.rows().get(pk=pk), holder) if taken else None


def _bury(jobs: "models.QuerySet[Any]", now: datetime.datetime) -> int:
    return jobs.update(
        state=JobState.FAILED,
        finished_at=now,
        error="Обработка трижды прервалась. Попробуйте ещё раз; если повторится, пришлите файл координатору.",
    )


def run(model: type[JobType], pk: int, perform: Callable[[JobType, Progress[JobType]], None]) -> JobState | None:
    """Claim a job, perform it and write how it ended; return its state, or None if another worker has it.

    `perform` must be safe to run again after being killed at any point. It may raise JobRefused with a sentence for the
    person who started the job; any other exception spends one of its attempts and is raised again.
    """
    progress = claim(model, pk)
    if progress is None:
        return None
    try:
        perform(progress.job, progress)
    except JobLost:
        return None
    except JobAborted:
        return _finish(progress, JobState.ABORTED, "Прервано по вашей просьбе. Ничего не изменилось.")
    except JobRefused as refusal:
        return _finish(progress, JobState.FAILED, str(refusal))
    except JobPostponed as postponed:
        return _postpone(progress, postponed)
    except Exception as error:  # any fault of ours must end in a state a person sees, not in a job that hangs
        logger.error("Job %s %s failed: %s", model.task_name, pk, type(error).__name__, exc_info=settings.DEBUG)
        _release(progress)
        raise
    state = _finish(progress, JobState.DONE, "")
    tell_changed(getattr(progress.job, "school_id", None), getattr(progress.job, "region_id", None))
    return state


def _finish(progress: Progress, state: JobState, error: str) -> JobState:
    mine = progress.job.rows().filter(pk=progress.job.pk, holder=progress.holder)
    mine.update(state=state, error=error, finished_at=timezone.now(), lease_until=None)
    return state


def _postpone(progress: Progress, postponed: JobPostponed) -> JobState:
    """Queue a job again with all its attempts; it counts as lost when it is due, and the reaper sends it then."""
    mine = progress.job.rows().filter(pk=progress.job.pk, holder=progress.holder)
    queued = {"state": JobState.QUEUED, "holder": "", "lease_until": None, "attempts": 0}
    mine.update(**queued, sent_at=postponed.until - RESEND_AFTER, **postponed.changed)
    return JobState.QUEUED


def _release(progress: Progress) -> None:
    """Give a job back after our own fault: it is tried again until its attempts are spent."""
    mine = progress.job.rows().filter(pk=progress.job.pk, holder=progress.holder)
    now = timezone.now()
    with suppress(Exception):  # the database itself may be what failed; the lease then runs out by itself
        if not _bury(mine.filter(attempts__gte=MAX_ATTEMPTS), now):
            mine.update(state=JobState.QUEUED, holder="", lease_until=None, sent_at=now)


def abort(job: Job) -> None:
    """Ask a job to stop; one that no worker has taken stops at once."""
    rows = job.rows().filter(pk=job.pk)
    rows.filter(state__in=[JobState.QUEUED, JobState.RUNNING]).update(abort_requested=True)
    rows.filter(state=JobState.QUEUED).update(
        state=JobState.ABORTED, finished_at=timezone.now(), error="Прервано по вашей просьбе. Ничего не изменилось."
    )


def concrete_jobs() -> list[type[Job]]:
    """Every concrete kind of job in the portal."""
    found: list[type[Job]] = []
    todo: list[type[Job]] = list(Job.__subclasses__())
    while todo:
        model = todo.pop()
        todo.extend(model.__subclasses__())
        if not model._meta.abstract:
            found.append(model)
    return sorted(found, key=lambda model: model._meta.label)


def resend_lost(resend: Callable[[Job], None] = send) -> int:
    """Send again every job whose message may be lost or was never sent, or whose worker is silent; return how many."""
    now = timezone.now()
    count = 0
    for model in concrete_jobs():
        _bury(model.rows().filter(state=JobState.RUNNING, lease_until__lt=now, attempts__gte=MAX_ATTEMPTS), now)
        unsent = Q(sent_at__lt=now - RESEND_AFTER) | Q(sent_at=None, created_at__lt=now - RESEND_AFTER)
        waiting = Q(unsent, state=JobState.QUEUED) | Q(state=JobState.RUNNING, lease_until__lt=now)
        for job in model.rows().filter(waiting).order_by(F("sent_at").asc(nulls_first=True), "pk")[:100]:
            model.rows().filter(pk=job.pk).update(sent_at=now)
            resend(job)
            count += 1
    return count
