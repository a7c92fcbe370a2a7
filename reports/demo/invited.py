"""How the demo's appointed people came in: first visits, and invitations that nobody has taken yet."""

import datetime
import random
import secrets

from reports.demo.calendar import Calendar
from schools.appointing.letters import NO_ADDRESS
from schools.bulk import update_rows
from schools.models import Appointment, Invitation, School, User
from schools.scope import Level

_TERM = datetime.timedelta(days=14)
_SENT_DAYS_AGO = (3, 6, 21)  # the last one's term is over


def tell_of_invitations(calendar: Calendar, rng: random.Random) -> None:
    """Date the first visits; those who never came in have a letter on its way, lost, or out of its term."""
    seen = User.objects.filter(seen_on__isnull=False, first_seen_on=None).order_by("pk")
    first = [
        (pk, min(day, calendar.declared_on + datetime.timedelta(days=int(rng.random() * 60))))
        for pk, day in seen.values_list("pk", "seen_on")
    ]
    update_rows(User, ["first_seen_on"], first)
    School.objects.update(created_at=calendar.at(calendar.declared_on, 9))
    waiting = Appointment.objects.active(calendar.today).filter(user__seen_on=None, user__last_login=None)
    rows = waiting.filter(level__in=(Level.MUNICIPALITY, Level.SCHOOL)).select_related("user").order_by("pk")
    Invitation.objects.bulk_create(_invitation(calendar, number, row) for number, row in enumerate(rows))


def _invitation(calendar: Calendar, number: int, row: Appointment) -> Invitation:
    days = _SENT_DAYS_AGO[number % len(_SENT_DAYS_AGO)]
    sent_at = calendar.at(calendar.today - datetime.timedelta(days=days), 11, number % 60)
    is_lost = days == _SENT_DAYS_AGO[1]
    return Invitation(
        appointment=row,
        email=row.user.email,
        digest=secrets.token_hex(32),  # of a link nobody has
        sent_at=sent_at,
        expires_at=sent_at + _TERM,
        delivered_at=None if is_lost else sent_at,
        delivery_error=NO_ADDRESS if is_lost else "",
        invited_by=row.appointed_by,
    )
