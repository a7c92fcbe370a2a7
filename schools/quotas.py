"""How much one school, or one region's office, may upload in a day: so many files, and so many bytes of them."""

import datetime

from django.conf import settings
from django.db.models import Count, Sum
from django.utils import timezone

from schools.models import Region, School, StoredFile
from schools.texts import file_size

DAY = datetime.timedelta(days=1)


def refusal(place: School | Region, size: int) -> str:
    """Why a place may not upload `size` bytes more today; '' if it may. The caller holds the place's lock.

    Files of superusers do not count: whoever runs the portal loads whole regions, and only tries some files out.
    """
    here = {"school": place} if isinstance(place, School) else {"region": place}
    recent = StoredFile.objects.filter(**here, uploaded_at__gte=timezone.now() - DAY)
    kept = recent.exclude(uploaded_by__is_superuser=True).aggregate(files=Count("id"), bytes=Sum("size"))
    if kept["files"] >= settings.UPLOADS_PER_SCHOOL_A_DAY:
        return "За сутки загружено слишком много файлов. Продолжите завтра."
    limit = settings.UPLOAD_MB_PER_SCHOOL_A_DAY * 1024 * 1024
    if (kept["bytes"] or 0) + size > limit:
        return (
            f"За сутки загружено файлов на {file_size(kept['bytes'] or 0)}, а с этим вышло бы больше "
            f"{file_size(limit)}. Продолжите завтра или загрузите файл поменьше."
        )
    return ""
