"""Celery's door to uploads: it brings an id, the row says what to do; and the forgetting of old ones."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

from celery import shared_task
from django.utils import timezone

from schools import jobs
from staff.imports import retention
from staff.imports.performing import perform
from staff.models import RosterImport, StaffImport
from staff.rosters import work as roster_work
from staff.rosters.retention import forget_old_rosters


@shared_task(name="staff.run_import")
def run_import(pk: int) -> None:
    """Read, apply or undo one upload, whichever its row asks for."""
    with without_collector():
        jobs.run(StaffImport, pk, perform)


@contextmanager
def without_collector() -> Iterator[None]:
    """A plan is many small objects and no circles: pausing the collector saves a third of the time.

    Only for processes that do one job at a time, as Celery's: the pause is of the whole process.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


@shared_task(name="staff.run_roster_import")
def run_roster_import(pk: int) -> None:
    """Read, apply or undo one upload of classes, pupils and representatives."""
    with without_collector():
        jobs.run(RosterImport, pk, roster_work.perform)


@shared_task(name="staff.forget_old_plans")
def forget_old_plans() -> None:
    """Erase the plans of uploads whose term is over."""
    retention.forget_old_plans(timezone.now())
    forget_old_rosters(timezone.now())
