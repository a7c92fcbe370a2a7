"""Celery's door to uploads: it brings an id, the row says what to do."""

from celery import shared_task

from schools import jobs
from staff.imports.services import perform
from staff.models import StaffImport


@shared_task(name="staff.run_import")
def run_import(pk: int) -> None:
    """Read, apply or undo one upload, whichever its row asks for."""
    jobs.run(StaffImport, pk, perform)
