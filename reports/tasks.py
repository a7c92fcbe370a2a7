"""The tasks of the weeks queue: a run by its id, and the daily look for weeks that wait."""

from celery import shared_task

from reports import schedule
from reports.models import WeekRun
from schools import jobs


@shared_task(name="reports.run_week")
def run_week(pk: int) -> None:
    """Do a run; once it is over, queue the next week that waits behind it."""
    if jobs.run(WeekRun, pk, schedule.perform) is None:
        return
    week = WeekRun.rows().filter(schedule.scheduled(), pk=pk).values_list("week", flat=True).first()
    if week is not None:
        schedule.enqueue_next_week(after=week)


@shared_task(name="reports.count_finished_weeks")
def count_finished_weeks() -> None:
    """Queue the oldest finished week that waits; each run queues the one after it."""
    schedule.enqueue_next_week()
