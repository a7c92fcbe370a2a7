"""Kill a worker with signal 9 at every statement of a week's job, let another one resume, and print what went wrong."""

import contextlib
import datetime
import json
import os
import signal
import sys
from collections.abc import Callable
from typing import Any

import django
import time_machine

MONDAY = datetime.datetime(2026, 11, 16, 8, 5, tzinfo=datetime.UTC)
WEEK = 202646


def main() -> None:
    """Prepare a portal of three schools, then kill and resume until a job runs through unharmed."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "rollout.settings"
    django.setup()
    from django.core.management import call_command  # noqa: PLC0415  Django is set up by then

    call_command("migrate", verbosity=0)
    _make_schools()
    found = {"points": 0, "partial": 0, "lost": 0, "doubled": 0}
    point = 0
    with time_machine.travel(MONDAY, tick=False) as clock:
        while _killed_at(point := point + 1):
            found["points"] += 1
            found["partial"] += _is_partial()
            clock.shift(datetime.timedelta(minutes=11))
            _resume(found)
            clock.move_to(MONDAY)
    sys.stdout.write(json.dumps(found))


def _make_schools() -> None:
    from schools.models import Region, School  # noqa: PLC0415

    for number in range(3):
        School.objects.create(
            code=f"s{number}",
            region=Region.objects.get(code="78"),
            short_name="Школа",
            full_name="Школа",
            declared_teachers=9,
        )


def _killed_at(point: int) -> bool:
    """Queue the week afresh and do it in a child that dies before statement number `point`; False if it survived."""
    from django.db import connection  # noqa: PLC0415

    from reports.models import Rating, WeekRun  # noqa: PLC0415
    from schools import jobs  # noqa: PLC0415

    WeekRun.objects.all().delete()
    Rating.objects.all().delete()
    run = WeekRun(week=WEEK, publish=True)
    jobs.enqueue(run)
    connection.close()
    child = os.fork()
    if child == 0:
        _work_until(run.pk, point)
    return os.waitpid(child, 0)[1] == signal.SIGKILL


def _work_until(pk: int, point: int) -> None:
    from django.db import connection  # noqa: PLC0415

    from reports.tasks import run_week  # noqa: PLC0415

    left = point

    def count_down(execute: Callable[..., Any], *arguments: Any) -> Any:
        nonlocal left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return execute(*arguments)

    with contextlib.suppress(BaseException), connection.execute_wrapper(count_down):
        run_week(pk)
    os._exit(0)


def _is_partial() -> bool:
    """Tell whether anything but nothing or a whole published week is to be seen."""
    from reports.models import Rating, RatingRow, SchoolWeek, WeekRun  # noqa: PLC0415
    from reports.publishing import verify  # noqa: PLC0415

    rating = Rating.objects.first()
    if rating is None:
        return (
            SchoolWeek.objects.exists() or RatingRow.objects.exists() or WeekRun.objects.filter(rating__gt=0).exists()
        )
    return not verify(rating) or not WeekRun.objects.filter(rating=rating).exists()


def _resume(found: dict[str, int]) -> None:
    """Be the reaper and the next worker, and look at what there is."""
    from reports.models import Rating, RatingState, WeekRun  # noqa: PLC0415
    from reports.publishing import verify  # noqa: PLC0415
    from reports.tasks import run_week  # noqa: PLC0415
    from schools import jobs  # noqa: PLC0415

    jobs.resend_lost(lambda job: run_week(job.pk))
    published = Rating.objects.filter(state=RatingState.PUBLISHED)
    done = WeekRun.objects.filter(week=WEEK, state=jobs.JobState.DONE).count()
    found["lost"] += published.count() == 0 or done == 0 or not all(verify(rating) for rating in published)
    found["doubled"] += published.count() > 1 or Rating.objects.count() > 1 or done > 1


if __name__ == "__main__":
    main()
