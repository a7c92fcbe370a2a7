"""Celery's door to the jobs of orders: it brings an id, the row says what to do."""

from celery import shared_task

from chats.models import OrderBatch
from chats.orders.batches import perform
from schools import jobs


@shared_task(name="chats.prepare_orders")
def prepare_orders(pk: int) -> None:
    """Prepare the orders of one batch."""
    jobs.run(OrderBatch, pk, perform)
