"""The tasks every installation runs by the clock: sending lost jobs again, forgetting old uploads."""

from celery import shared_task
from django.utils import timezone

from schools import jobs, retention


@shared_task(name="schools.resend_lost_jobs")
def resend_lost_jobs() -> None:
    """Send again the jobs whose message or worker was lost."""
    jobs.resend_lost()


@shared_task(name="schools.forget_old_files")
def forget_old_files() -> None:
    """Erase the uploads whose term is over."""
    retention.forget_old_files(timezone.now())
