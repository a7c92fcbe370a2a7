"""Where an appointed person is on the way in: «приглашён → вошёл впервые → активен → давно не был», as data."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, CharField, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.utils import timezone

from schools.models import Appointment, Invitation

ACTIVE_DAYS = 14  # ours: seen within so many days is active


@dataclass(frozen=True, slots=True)
class State:
    """A state of an appointment; `chip` is how it is drawn, `rank` puts first where somebody must act."""

    key: str
    name: str
    chip: str
    rank: int
    is_in: bool = False  # the person has come in
    needs_word: bool = False  # nothing will happen by itself: the coordinator must act


STATES = (
    State("undelivered", "письмо не дошло", "stalled", 1, needs_word=True),
    State("declined", "отказался", "stalled", 2, needs_word=True),
    State("expired", "ссылка истекла", "stalled", 3, needs_word=True),
    State("not_invited", "не приглашён", "todo", 4, needs_word=True),
    State("invited", "приглашён", "working", 5),
    State("away", "давно не был", "todo", 6, is_in=True),
    State("came", "вошёл впервые", "done", 7, is_in=True),
    State("active", "активен", "confirmed", 8, is_in=True),
    State("ended", "окончено", "none", 9),
)
STATE_BY_KEY = {state.key: state for state in STATES}
NOT_IN = tuple(state.key for state in STATES if not state.is_in and state.key != "ended")
NEED_WORD = tuple(state.key for state in STATES if state.needs_word)


def state_choices() -> list[tuple[str, str]]:
    """(key, name) pairs for filters."""
    return [(state.key, state.name) for state in STATES]


def _last_invitation(now: datetime.datetime) -> Subquery:
    """What became of the latest invitation of an appointment, in one word; NULL where there was none."""
    word = Case(
        When(accepted_at__isnull=False, then=Value("accepted")),
        When(declined_at__isnull=False, then=Value("declined")),
        When(withdrawn_at__isnull=False, then=Value("not_invited")),
        When(expires_at__lte=now, then=Value("expired")),
        When(~Q(delivery_error=""), then=Value("undelivered")),
        default=Value("invited"),
        output_field=CharField(),
    )
    latest = Invitation.objects.filter(appointment=OuterRef("pk")).order_by("-id")
    return Subquery(latest.annotate(word=word).values("word")[:1])


def with_state(appointments: "QuerySet[Appointment]", today: datetime.date | None = None) -> Any:
    """Annotate `state` (a key of STATES) and `rank`.

    A person who was invited counts as come in once the link is accepted, whatever the same person does elsewhere: that
    an address is known to the portal is told to nobody. Who was never invited, as by the admin, counts by visits.
    """
    day = today or timezone.localdate()
    is_in = Q(word="accepted") | Q(word=None, user__seen_on__isnull=False)
    state = Case(
        When(ends_on__lt=day, then=Value("ended")),
        When(is_in & Q(user__seen_on__lt=day - datetime.timedelta(days=ACTIVE_DAYS)), then=Value("away")),
        When(is_in & (Q(user__seen_on=None) | Q(user__seen_on=F("user__first_seen_on"))), then=Value("came")),
        When(is_in, then=Value("active")),
        When(word=None, then=Value("not_invited")),
        default=F("word"),
        output_field=CharField(),
    )
    rank = Case(*(When(state=each.key, then=Value(each.rank)) for each in STATES), output_field=IntegerField())
    return appointments.annotate(word=_last_invitation(timezone.now())).annotate(state=state).annotate(rank=rank)
