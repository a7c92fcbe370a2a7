"""What uploads of rosters and changes of school years forget when their term is over: plans and values before them."""

import datetime

from django.conf import settings
from django.db.models.functions import Coalesce

from schools.jobs import JobState
from staff.imports.retention import _end as end_of
from staff.models import RosterImport, YearRollover
from staff.rosters.plan import KINDS

_KEPT = (
    "rows",
    "new",
    "changed",
    "same",
    "waiting",
    "leaving",
    "ending",
    "here",
    "made_classes",
    "staff",
    "code",
    *KINDS,
)


def forget_old_rosters(now: datetime.datetime) -> int:
    """Erase people's data of uploads and rollovers older than KEEP_FILES_DAYS and return how many; their counts stay.

    The term runs from the applying, or from the upload where nothing was applied: that is how long it can be undone.
    """
    limit = now - datetime.timedelta(days=settings.KEEP_FILES_DAYS)
    dated = RosterImport.objects.annotate(touched_at=Coalesce("applied_at", "created_at")).filter(touched_at__lt=limit)
    old = dated.exclude(state=JobState.RUNNING, lease_until__gt=now).exclude(summary__has_key="forgotten")
    count = 0
    for upload in old.only("stage", "state", "applied_at", "summary").iterator(chunk_size=500):
        count += _forget(upload, now)
    rollovers = YearRollover.objects.filter(done_at__lt=limit, undo_data__isnull=False)
    return count + rollovers.update(undo_data=None)


def _forget(upload: RosterImport, now: datetime.datetime) -> int:
    kept = {key: upload.summary[key] for key in _KEPT if key in upload.summary} | {"forgotten": True}
    unmoved = RosterImport.objects.filter(pk=upload.pk, stage=upload.stage, state=upload.state)
    values = end_of(upload) | {"plan_data": None, "undo_data": None, "fixes": {}, "summary": kept}  # type: ignore[arg-type]
    return unmoved.update(**values, holder="", lease_until=None, finished_at=Coalesce("finished_at", now))
