"""How long uploads are kept: after their term the bytes go, the name and the fingerprint stay."""

import datetime

from django.conf import settings

from schools.models import StoredFile


def forget_old_files(now: datetime.datetime) -> int:
    """Erase the content of files uploaded more than KEEP_FILES_DAYS before a moment; return how many."""
    term = now - datetime.timedelta(days=settings.KEEP_FILES_DAYS)
    return StoredFile.objects.filter(uploaded_at__lt=term, content__isnull=False).update(content=None)
