"""Orders of the demo school: one about the platform that most have read, one about «Моя школа», and a draft."""

import datetime

from django.utils import timezone

from chats.models import Acknowledgement, Order, OrderTemplate
from chats.orders import drafting, issuing, readers
from schools.models import School, User

_READ = 0.74  # of the staff
_ISSUED = (("sferum-use", "131-ОД", 10, 5), ("my-school", "87-ОД", 9, 18))  # text, number, month, day
_LEFT = "chats"  # the text of the draft that is left
_LAST_DAY = (12, 25)  # to register by, as the region's roadmap has it


def write_orders(today: datetime.date) -> None:
    """Write the orders as the school's administrator would have; nothing where the demo school is not."""
    actor = User.objects.filter(username="school").first()
    held = actor.appointments.active().select_related("school").first() if actor else None  # type: ignore[attr-defined]
    if actor is None or held is None or held.school is None:
        return
    texts = {text.key: text for text in OrderTemplate.objects.current()}
    for key, number, month, day in _ISSUED:
        _issue(held.school, texts[key], number, _past(today, month, day), actor)
    drafting.begin(place=held.school, template=texts[_LEFT], by=actor)


def _past(today: datetime.date, month: int, day: int) -> datetime.date:
    """The latest such day that has been."""
    known = min(today, timezone.localdate())
    found = datetime.date(known.year, month, day)
    return found if found <= known else found.replace(year=known.year - 1)


def _issue(school: School, template: OrderTemplate, number: str, signed_on: datetime.date, by: User) -> None:
    last_day = datetime.date(signed_on.year, *_LAST_DAY)
    values = {"срок": last_day.isoformat(), "действует": signed_on.isoformat()}
    order = drafting.begin(place=school, template=template, by=by, values=values)
    if issuing.missing_in(order) or not order.signer_name:
        return
    issued = issuing.issue(order, number=number, signed_on=signed_on, by=by)
    _read(issued, signed_on, by)


def _read(order: Order, signed_on: datetime.date, by: User) -> None:
    """Most have read it within a week; the rest are still to."""
    ids = list(Acknowledgement.objects.filter(order=order).order_by("name", "pk").values_list("pk", flat=True))
    readers.mark(order, ids[: max(1, round(len(ids) * _READ))], on=signed_on, by=by)
