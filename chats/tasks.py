"""Celery's door to the jobs of orders and of chats: it brings an id, the row says what to do; and what is forgotten."""

from celery import shared_task
from django.utils import timezone

from chats.models import ChatImport, OrderBatch
from chats.orders.batches import perform
from chats.talks.sheet import retention, work
from schools import jobs


@shared_task(name="chats.prepare_orders")
def prepare_orders(pk: int) -> None:
    """Prepare the orders of one batch."""
    jobs.run(OrderBatch, pk, perform)


@shared_task(name="chats.run_import")
def run_import(pk: int) -> None:
    """Read, apply or undo one upload of chats."""
    jobs.run(ChatImport, pk, work.perform)


@shared_task(name="chats.forget_old_imports")
def forget_old_imports() -> None:
    """Erase the plans of uploads of chats whose term is over."""
    retention.forget_old_imports(timezone.now())
