"""A person asks for a check now: a school or a municipality at once, a region by a worker; not twice in a minute."""

import datetime

from django.db import models, transaction
from django.utils import timezone

from reports.checks.running import ChecksRefused, Place, named, run_checks
from reports.models import CheckRequest, CheckRun
from schools.jobs import JobRefused, JobState, Progress, enqueue
from schools.models import Region, User
from schools.scope import sight_of
from schools.texts import counted

PAUSE = datetime.timedelta(seconds=60)  # between two runs a person asks for over one place


@transaction.atomic
def check_now(place: Place, *, by: User) -> None:
    """Check a place, or queue the check of a region.

    Raises ChecksRefused if the place was checked a moment ago, waits for its check, or others are checking now.
    """
    if isinstance(place, Region) and living(place).exists():
        raise ChecksRefused("Регион уже проверяют: это займёт меньше минуты. Страница обновится сама.")
    last = CheckRun.objects.filter(**named(place), started_by__isnull=False).order_by("-id").first()
    left = PAUSE - (timezone.now() - last.checked_at) if last else datetime.timedelta(0)
    if left > datetime.timedelta(0):
        seconds = counted(int(left.total_seconds()) + 1, "секунду", "секунды", "секунд")
        raise ChecksRefused(f"Проверено только что. Поправьте, что нашлось, и проверьте снова через {seconds}.")
    if isinstance(place, Region):
        enqueue(CheckRequest(region=place, created_by=by))
    else:
        run_checks(place, by=by)


def living(region: Region) -> "models.QuerySet[CheckRequest]":
    """Requests for a region's check that wait or run."""
    return CheckRequest.rows().filter(region=region, state__in=[JobState.QUEUED, JobState.RUNNING])


def perform(request: CheckRequest, progress: Progress[CheckRequest]) -> None:
    """Check the region asked for, if whoever asked may still do so: one transaction with the request's own record."""
    if request.run_id is not None:
        return
    sight = sight_of(request.created_by) if request.created_by else None
    if sight is None or not (sight.everything or request.region_id in sight.region_ids):
        raise JobRefused("Право проверять этот регион у вас закончилось. Данные проверяют и сами, каждую ночь.")
    progress.step(0, 1)
    try:
        with transaction.atomic():
            run = run_checks(request.region, by=request.created_by)
            CheckRequest.rows().filter(pk=request.pk).update(run=run)
            progress.step(1, 1)
    except ChecksRefused as refusal:
        raise JobRefused(str(refusal)) from refusal
