"""How long uploads are kept: after their term the bytes go, the name and the fingerprint stay."""

import datetime

from django.conf import settings

from schools.models import AppointmentSheet, StoredFile
from schools.models.invitations import SheetStage


def forget_old_files(now: datetime.datetime) -> int:
    """Erase the content of files uploaded more than KEEP_FILES_DAYS before a moment; return how many.

    Documents stay: an approved roadmap and a signed order prove something for longer than that.
    """
    term = now - datetime.timedelta(days=settings.KEEP_FILES_DAYS)
    _forget_old_sheets(term)
    uploads = StoredFile.objects.filter(uploaded_at__lt=term, content__isnull=False, is_document=False)
    return uploads.update(content=None)


def _forget_old_sheets(term: datetime.datetime) -> None:
    """Erase the people's data of spreadsheets of appointments; one nobody confirmed in all that time is put away."""
    old = AppointmentSheet.objects.filter(created_at__lt=term, plan_data__isnull=False)
    old.filter(stage=SheetStage.PLANNED).update(stage=SheetStage.DISCARDED)
    old.update(plan_data=None)
