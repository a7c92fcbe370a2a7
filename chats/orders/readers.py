"""Who has read an order, and the scan that bears the signatures."""

import datetime
from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from chats.models import Acknowledgement, Order
from chats.orders.drafting import OrderRefused, locked
from schools import papers
from schools.models import User


@transaction.atomic
def mark(order: Order, ids: Iterable[int] | None, *, on: datetime.date, by: User) -> int:
    """Mark that these, or all (None), have read the order; return how many were new. Raises OrderRefused."""
    fresh = _in_force(order, by)
    if fresh.signed_on is None or not fresh.signed_on <= on <= timezone.localdate():
        raise OrderRefused("С приказом знакомятся не раньше его подписания и не позже сегодняшнего дня.", "on")
    rows = Acknowledgement.objects.filter(order=fresh, acknowledged_on=None)
    rows = rows if ids is None else rows.filter(pk__in=list(ids))
    return rows.update(acknowledged_on=on, marked_by=by, updated_at=timezone.now())


@transaction.atomic
def unmark(order: Order, ids: Iterable[int], *, by: User) -> int:
    """Take marks back; return how many there were. Raises OrderRefused."""
    fresh = _in_force(order, by)
    rows = Acknowledgement.objects.filter(order=fresh, pk__in=list(ids), acknowledged_on__isnull=False)
    return rows.update(acknowledged_on=None, marked_by=by, updated_at=timezone.now())


def _in_force(order: Order, by: User) -> Order:
    fresh = locked(order, by, draft=False)
    if fresh.state != Order.State.ISSUED:
        raise OrderRefused("Знакомят только с действующим приказом.")
    return fresh


@transaction.atomic
def attach_scan(order: Order, *, name: str, data: bytes, by: User) -> Order:
    """Keep the scan of a signed order, in place of the one there was. Raises OrderRefused."""
    fresh = locked(order, by, draft=False)
    if fresh.is_draft:
        raise OrderRefused("Сначала издайте приказ: у скана должны быть номер и дата.")
    if problem := papers.why_not(data, papers.SCANS):
        raise OrderRefused(problem, "file")
    old = fresh.scan
    fresh.scan = papers.keep_paper(name=name, data=data, by=by, place=fresh.place)
    fresh.updated_at = timezone.now()
    fresh.save(update_fields=["scan", "updated_at"])
    if old is not None:
        old.delete()
    return fresh
