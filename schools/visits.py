"""When a person was last on the portal, and first: one update a day."""

from django.db.models import F
from django.db.models.functions import Coalesce
from django.utils import timezone

from schools import jobs
from schools.models import Appointment, User


def remember(user: User) -> None:
    """Write down today's visit, if nobody has yet."""
    today = timezone.localdate()
    if user.seen_on == today:
        return
    User.objects.filter(pk=user.pk).update(seen_on=today, first_seen_on=Coalesce(F("first_seen_on"), today))
    user.seen_on = today
    if user.first_seen_on is None:
        user.first_seen_on = today
        _tell_that_it_is_the_first(user)


def _tell_that_it_is_the_first(user: User) -> None:
    """«Назначен» becomes «вошёл»: have the steps of the person's places counted afresh."""
    held = Appointment.objects.active().filter(user=user)
    for school_id, region_id, other_id in held.values_list("school_id", "region_id", "municipality__region_id")[:20]:
        jobs.tell_changed(school_id=school_id, region_id=region_id or other_id)
