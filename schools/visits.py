"""When a person was last on the portal, and first: one update a day."""

from django.db.models import F
from django.db.models.functions import Coalesce
from django.utils import timezone

from schools.models import User


def remember(user: User) -> None:
    """Write down today's visit, if nobody has yet."""
    today = timezone.localdate()
    if user.seen_on == today:
        return
    User.objects.filter(pk=user.pk).update(seen_on=today, first_seen_on=Coalesce(F("first_seen_on"), today))
    user.seen_on = today
    user.first_seen_on = user.first_seen_on or today
