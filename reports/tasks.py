"""The tasks of the weeks queue: a run by its id, the daily look for weeks that wait, counts of steps, chats, alerts."""

from celery import shared_task

from reports import digests, late, schedule
from reports.change_alerts import find_changes
from reports.chat_coverage.counting import count_chats
from reports.checks import asking
from reports.checks.running import run_checks
from reports.letters.services import perform as send
from reports.models import CheckRequest, WeekRun
from reports.steps.counting import count_steps
from schools import jobs
from schools.jobs import JobState
from schools.models import Letter, Region, School


@shared_task(name="reports.run_week")
def run_week(pk: int) -> None:
    """Do a run; once it is over, queue the next week that waits behind it."""
    if jobs.run(WeekRun, pk, schedule.perform) in {
        None,
        JobState.QUEUED,
    }:  # another worker has it, or it waits its turn
        return
    if not schedule.is_busy():  # of a range the last run does it: both look at all the published weeks
        count_steps()
        find_changes()
    week = WeekRun.rows().filter(schedule.scheduled(), pk=pk).values_list("week", flat=True).first()
    if week is not None:
        schedule.enqueue_next_week(after=week)


@shared_task(name="reports.count_finished_weeks")
def count_finished_weeks() -> None:
    """Queue the oldest finished week that waits; each run queues the one after it."""
    schedule.enqueue_next_week()


@shared_task(name="reports.find_changes")
def find_all_changes() -> None:
    """Find the changes of the newest published week, if it has not been done since."""
    find_changes()


@shared_task(name="reports.preview_week")
def preview_week() -> None:
    """Count the running week for the pages of the preview."""
    schedule.preview_running_week()


@shared_task(name="reports.tell_late")
def tell_late() -> None:
    """Write once about a week that is not out in time."""
    late.tell_late()


@shared_task(name="reports.count_steps")
def count_all_steps() -> None:
    """Count the steps of every school."""
    count_steps()


@shared_task(name="reports.count_chats")
def count_all_chats() -> None:
    """Count the chats of every school against what it should have."""
    count_chats()


@shared_task(name="reports.count_steps_of")
def count_steps_of(school_id: int, region_id: int) -> None:
    """Count the steps and the chats of a school, or of a region, whose data changed; either may be gone by now."""
    school = School.objects.filter(pk=school_id).first()
    region = Region.objects.filter(pk=region_id).first()
    if school is not None:
        count_steps(school=school)
        count_chats(school=school)
    elif region is not None:
        count_steps(region=region)
        count_chats(region=region)


@shared_task(name="reports.run_checks")
def run_all_checks() -> None:
    """Check the data of every school."""
    run_checks()


@shared_task(name="schools.send_letter")
def send_letter(pk: int) -> None:
    """Send a letter to the schools it is for; Letter names the task."""
    jobs.run(Letter, pk, send)


@shared_task(name="reports.send_digests")
def send_digests() -> None:
    """Send this week's digests that have not gone out."""
    digests.send_digests()


@shared_task(name="reports.run_checks_of")
def run_checks_of(pk: int) -> None:
    """Check the region a person asked to be checked."""
    jobs.run(CheckRequest, pk, asking.perform)
