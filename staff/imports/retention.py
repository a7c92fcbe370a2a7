"""What an upload forgets when its term is over: the plan, the values before it and the cells people mended."""

import datetime

from django.conf import settings
from django.db.models.functions import Coalesce

from staff.models import ImportStage, StaffImport

_NEVER_APPLIED = (ImportStage.UPLOADED, ImportStage.PLANNED, ImportStage.REFUSED)
_KEPT = ("rows", "new", "changed", "same", "waiting", "leaving", "working", "fields", "mistakes", "warnings", "code")


def forget_old_plans(now: datetime.datetime) -> int:
    """Erase people's data of uploads older than KEEP_FILES_DAYS and return how many; their counts stay.

    The term runs from the applying, or from the upload where nothing was applied: that is how long it can be undone.
    An upload nobody confirmed in all that time is put away.
    """
    limit = now - datetime.timedelta(days=settings.KEEP_FILES_DAYS)
    dated = StaffImport.objects.annotate(touched_at=Coalesce("applied_at", "created_at")).filter(touched_at__lt=limit)
    old = dated.exclude(summary__has_key="forgotten").values_list("pk", "stage", "summary")
    count = 0
    for pk, stage, summary in old.iterator(chunk_size=500):
        kept = {key: summary[key] for key in _KEPT if key in summary} | {"forgotten": True}
        StaffImport.objects.filter(pk=pk).update(
            plan_data=None,
            undo_data=None,
            fixes={},
            mapping={},
            summary=kept,
            stage=ImportStage.DISCARDED if stage in _NEVER_APPLIED else stage,
        )
        count += 1
    return count
