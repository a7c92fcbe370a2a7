"""What uploads of chats forget when their term is over: plans, values before them, cells mended by hand."""

import datetime

from django.conf import settings
from django.db.models.functions import Coalesce

from chats.models import ChatImport
from schools.jobs import JobState
from staff.imports.retention import _end as end_of

_KEPT = ("rows", "new", "changed", "same", "waiting", "unrecognised", "later", "leaving", "made", "wrote")


def forget_old_imports(now: datetime.datetime) -> int:
    """Erase the contents of uploads older than KEEP_FILES_DAYS and return how many; their counts stay.

    The term runs from the applying, or from the upload where nothing was applied: that is how long it can be undone.
    """
    limit = now - datetime.timedelta(days=settings.KEEP_FILES_DAYS)
    dated = ChatImport.objects.annotate(touched_at=Coalesce("applied_at", "created_at")).filter(touched_at__lt=limit)
    old = dated.exclude(state=JobState.RUNNING, lease_until__gt=now).exclude(summary__has_key="forgotten")
    uploads = old.only("stage", "state", "applied_at", "summary").iterator(chunk_size=500)
    return sum(_forget(upload, now) for upload in uploads)


def _forget(upload: ChatImport, now: datetime.datetime) -> int:
    kept = {key: upload.summary[key] for key in _KEPT if key in upload.summary} | {"forgotten": True}
    unmoved = ChatImport.objects.filter(pk=upload.pk, stage=upload.stage, state=upload.state)
    emptied = {"plan_data": None, "undo_data": None, "fixes": {}, "mapping": {}, "summary": kept}
    values = end_of(upload) | emptied  # type: ignore[arg-type]
    return unmoved.update(**values, holder="", lease_until=None, finished_at=Coalesce("finished_at", now))
