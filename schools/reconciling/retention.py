"""What a reconciliation forgets when its term is over: the plan; its counts and decisions' traces in history stay."""

import datetime

from django.conf import settings
from django.db.models import Max
from django.db.models.functions import Coalesce

from schools.models import Reconciliation
from schools.models.registers import ReconcileStage

_NEVER_APPLIED = (ReconcileStage.UPLOADED, ReconcileStage.PLANNED, ReconcileStage.REFUSED)


def forget_old_plans(now: datetime.datetime) -> int:
    """Erase the plans of reconciliations older than KEEP_FILES_DAYS; return how many.

    The last applied one of a region stays: the next list is told by it what was decided before. One that nobody
    confirmed in all that time is put away.
    """
    limit = now - datetime.timedelta(days=settings.KEEP_FILES_DAYS)
    last = Reconciliation.objects.filter(stage=ReconcileStage.APPLIED).values("region").annotate(last=Max("pk"))
    dated = Reconciliation.objects.annotate(touched_at=Coalesce("applied_at", "created_at"))
    old = dated.filter(touched_at__lt=limit).exclude(pk__in=last.values("last"))
    old.filter(stage__in=_NEVER_APPLIED).update(stage=ReconcileStage.DISCARDED)
    return old.filter(plan_data__isnull=False).update(plan_data=None, decisions={})
