"""Celery's door to uploads: it brings an id, the row says what to do; and the forgetting of old ones."""

from celery import shared_task
from django.utils import timezone

from schools import jobs
from staff.imports import retention
from staff.imports.services import perform
from staff.models import StaffImport


@shared_task(name="staff.run_import")
def run_import(pk: int) -> None:
    """Read, apply or undo one upload, whichever its row asks for."""
    jobs.run(StaffImport, pk, perform)


@shared_task(name="staff.forget_old_plans")
def forget_old_plans() -> None:
    """Erase the plans of uploads whose term is over."""
    retention.forget_old_plans(timezone.now())
