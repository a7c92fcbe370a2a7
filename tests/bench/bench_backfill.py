"""Counting 52 weeks again, as a worker does: the later half against the earlier one; linear if they cost the same."""

import os
import time

from reports.models import Rating, RatingState, WeekRun
from reports.schedule import backfill
from reports.tasks import run_week
from reports.weeks import IsoWeek
from schools.jobs import JobState
from tests.bench.country import Dataset, fill
from tests.bench.lines import line

SCHOOLS = 4_000
LAST = IsoWeek(2026, 47)
WEEKS = 52


def run() -> list[str]:
    """Queue the range, do every run, and compare its two halves; return the lines to print."""
    schools = 500 if os.environ.get("BENCH_SCALE") == "small" else SCHOOLS
    fill(Dataset(1, schools, week=LAST.number, weeks=WEEKS))
    backfill(LAST.back(WEEKS), reason="замер", publish=True)
    times = [_timed(pk) for pk in WeekRun.rows().order_by("pk").values_list("pk", flat=True)]
    published = Rating.objects.filter(state=RatingState.PUBLISHED).count()
    assert published == WEEKS, published
    early, late = (
        sum(times[1 : WEEKS // 2]),
        sum(times[WEEKS // 2 : -1]),
    )  # the first warms up, the last counts steps too
    return [
        f"back-fill of {WEEKS} weeks of {schools} schools: {sum(times):.1f} s",
        line("back-fill, a week of the later half against one of the earlier, s", late / 25, early / 25, 1.1),
    ]


def _timed(pk: int) -> float:
    started = time.perf_counter()
    run_week(pk)
    spent = time.perf_counter() - started
    assert WeekRun.rows().get(pk=pk).state == JobState.DONE
    return spent
