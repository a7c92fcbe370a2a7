"""What an upload forgets when its term is over: the plan, the values before it and the cells people mended."""

import datetime
from typing import Any

from django.conf import settings
from django.db.models.functions import Coalesce

from schools.jobs import JobState
from staff.models import ImportStage, StaffImport

_KEPT = (
    "rows", "new", "changed", "same", "waiting", "leaving", "ending", "working", "fields", "mistakes", "warnings",
    "code",
)  # fmt: skip
OVER = "Срок хранения вышел, загрузку убрали. Если она ещё нужна, загрузите файл снова."


def forget_old_plans(now: datetime.datetime) -> int:
    """Erase people's data of uploads older than KEEP_FILES_DAYS and return how many; their counts stay.

    The term runs from the applying, or from the upload where nothing was applied: that is how long it can be undone.
    An upload at which a worker is just now waits for the next night.
    """
    limit = now - datetime.timedelta(days=settings.KEEP_FILES_DAYS)
    dated = StaffImport.objects.annotate(touched_at=Coalesce("applied_at", "created_at")).filter(touched_at__lt=limit)
    old = dated.exclude(state=JobState.RUNNING, lease_until__gt=now).exclude(summary__has_key="forgotten")
    uploads = old.only("stage", "state", "applied_at", "summary").iterator(chunk_size=500)
    return sum(_forget(upload, now) for upload in uploads)


def _forget(upload: StaffImport, now: datetime.datetime) -> int:
    kept = {key: upload.summary[key] for key in _KEPT if key in upload.summary} | {"forgotten": True}
    unmoved = StaffImport.objects.filter(pk=upload.pk, stage=upload.stage, state=upload.state)
    values = _end(upload) | {"plan_data": None, "undo_data": None, "fixes": {}, "mapping": {}, "summary": kept}
    return unmoved.update(**values, holder="", lease_until=None, finished_at=Coalesce("finished_at", now))


def _end(upload: StaffImport) -> dict[str, Any]:
    """Where an upload stands for ever: what did not happen in all that time will not, for its plan is gone."""
    if upload.applied_at:
        undone = upload.stage == ImportStage.UNDONE
        stage = ImportStage.UNDONE if undone else ImportStage.APPLIED
        return {"stage": stage, "state": JobState.DONE, "error": ""}
    if upload.stage == ImportStage.DISCARDED and upload.is_over:
        return {}
    return {"stage": ImportStage.DISCARDED, "state": JobState.ABORTED, "error": OVER}
