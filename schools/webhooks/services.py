"""What is done with webhooks: made, told of an event, tried again later and later, switched off with a word why."""

import datetime
import json
import logging
from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from schools import jobs
from schools.jobs import JobPostponed, JobRefused, Progress
from schools.models import Municipality, Region, School, User, Webhook, WebhookDelivery, WebhookTry
from schools.models.at_place import limited_to
from schools.scope import sight_of
from schools.texts import counted
from schools.webhooks import sending, signing
from schools.webhooks.events import EVENT_KINDS, PING, Event, Place

logger = logging.getLogger(__name__)
DELAYS = tuple(datetime.timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 360, 1440))  # between two tries
MOST_FAILURES = 3  # events in a row that never arrived: then the webhook is switched off
MOST_WEBHOOKS = 10
KEPT = datetime.timedelta(days=180)  # how long deliveries stay in the log
GONE = 410  # the other side asks not to be told any more
SILENT = "Адрес не принял {events} подряд, каждое — после {tries}."


class WebhookRefused(Exception):
    """What was asked cannot be done; the text is a Russian sentence that says what to do."""


# By its owner


@transaction.atomic
def make(*, owner: User, name: str, url: str, events: Sequence[str], place: Place | None) -> Webhook:
    """Make a webhook with a secret of its own. Raises WebhookRefused."""
    User.objects.select_for_update().get(pk=owner.pk)
    if sight_of(owner).level is None:
        raise WebhookRefused("У вас нет действующих назначений: сообщать было бы не о чем.")
    if Webhook.objects.filter(owner=owner).count() >= MOST_WEBHOOKS:
        raise WebhookRefused(f"Больше {MOST_WEBHOOKS} вебхуков нельзя. Удалите те, что не нужны.")
    known = [kind.key for kind in EVENT_KINDS if kind.key in events]
    facts = {"name": name, "url": url, "events": known, "secret": signing.new_secret()}
    return Webhook.objects.create(owner=owner, **facts, **limited_to(place))


def renew_secret(webhook: Webhook) -> str:
    """Give a webhook another secret; what waits is signed with it from now on."""
    secret = signing.new_secret()
    Webhook.objects.filter(pk=webhook.pk).update(secret=secret)
    return secret


def switch(webhook: Webhook, *, on: bool) -> None:
    """Switch a webhook on, with a clean record, or off."""
    now = None if on else timezone.now()
    why = "" if on else "Выключен вами."
    Webhook.objects.filter(pk=webhook.pk).update(active=on, failures=0, disabled_at=now, disabled_because=why)


def ping(webhook: Webhook) -> WebhookDelivery:
    """Send a test message, once."""
    now = timezone.now()
    event = Event(PING, f"{webhook.pk}:{now.isoformat()}", now, lambda place: {"webhook": webhook.name})
    delivery = _delivery(webhook, event)
    with transaction.atomic():
        jobs.enqueue(delivery)
    return delivery


@transaction.atomic
def repeat(delivery: WebhookDelivery) -> bool:
    """Send a delivery that is over once more from the start, under the same number; False while it is on its way."""
    fresh = WebhookDelivery.objects.select_for_update(of=("self",)).select_related("webhook").get(pk=delivery.pk)
    if not fresh.is_over or not (fresh.webhook.active or fresh.event == PING.key):
        return False
    fresh.tries, fresh.due_at = 0, timezone.now()
    jobs.enqueue(fresh, "tries", "due_at")
    return True


# By whoever makes events


@transaction.atomic
def announce(event: Event) -> int:
    """Queue an event for every webhook that asked for its kind; return for how many. Told twice, it is sent once.

    Inside the caller's transaction: an event that did not happen is told to nobody.
    """
    active = Webhook.objects.filter(active=True, owner__is_active=True).select_related("region", "municipality__region")
    count = 0
    for webhook in active.select_related("school__region").order_by("pk"):
        if event.kind.key in webhook.events:
            count += _queue(webhook, event)
    return count


def _queue(webhook: Webhook, event: Event) -> int:
    try:
        with transaction.atomic():
            jobs.enqueue(_delivery(webhook, event))
    except IntegrityError:  # told already: each webhook has an event once, whoever else tells it this very moment
        return 0
    return 1


def _delivery(webhook: Webhook, event: Event) -> WebhookDelivery:
    body = {
        "type": event.kind.key,
        "timestamp": event.happened_at.isoformat(),
        "data": {"event_id": event.message_id, **event.data_for(webhook.place)},
    }
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    return WebhookDelivery(webhook=webhook, event=event.kind.key, message_id=event.message_id, body=text)


# By the worker


def perform(delivery: WebhookDelivery, progress: Progress[WebhookDelivery]) -> None:
    """Try once to deliver; a try that fails is made again later.

    A worker killed between the answer and its record tries again: the other side knows the message by webhook-id.
    Raises JobPostponed till the next try, JobRefused when there will be none.
    """
    webhook = Webhook.objects.select_related("owner", "region", "municipality", "school").get(pk=delivery.webhook_id)
    is_test = delivery.event == PING.key
    if not webhook.active and not is_test:
        raise JobRefused("Вебхук выключен.")
    if not reaches(webhook):
        _disable(webhook, "У вас больше нет назначения, которое это открывает.")
        raise JobRefused("У владельца больше нет назначения, которое это открывает.")
    answer = sending.post(webhook.url, _headers(webhook, delivery), delivery.body.encode())
    number = delivery.tries + 1
    _record(delivery, progress, answer, number)
    if answer.is_good:
        Webhook.objects.filter(pk=webhook.pk).update(failures=0)
        return
    if is_test:
        raise JobRefused(answer.error or f"Сервер ответил {answer.status}.")
    _failed(webhook, answer, number)


def reaches(webhook: Webhook) -> bool:
    """Whether the owner still sees what the webhook is limited to: a place, or anything at all."""
    owner, place = webhook.owner, webhook.place
    if place is None:
        return sight_of(owner).level is not None
    models: Mapping[type[Any], Any] = {Region: Region, Municipality: Municipality, School: School}
    return bool(models[type(place)].objects.visible_to(owner).filter(pk=place.pk).exists())


def _headers(webhook: Webhook, delivery: WebhookDelivery) -> dict[str, str]:
    signed = signing.headers_of(webhook.secret, delivery.message_id, int(timezone.now().timestamp()), delivery.body)
    return {"Content-Type": "application/json; charset=utf-8", "User-Agent": "portal-webhooks/1", **signed}


@transaction.atomic
def _record(
    delivery: WebhookDelivery, progress: Progress[WebhookDelivery], answer: sending.Answer, number: int
) -> None:
    """Write a try down, if the delivery is still this worker's. Raises JobLost."""
    progress.write(tries=number)
    WebhookTry.objects.create(
        delivery=delivery,
        number=number,
        status=answer.status,
        milliseconds=answer.milliseconds,
        answer=answer.text,
        error=answer.error,
    )


def _failed(webhook: Webhook, answer: sending.Answer, number: int) -> None:
    """What follows a failed try: another one later, or the end of this delivery, or of the webhook."""
    if answer.status == GONE:
        _disable(webhook, "Сервер ответил 410: просит больше не присылать.")
        raise JobRefused("Сервер ответил 410: просит больше не присылать.")
    if number <= len(DELAYS):
        until = timezone.now() + DELAYS[number - 1]
        raise JobPostponed(until, due_at=until)
    Webhook.objects.filter(pk=webhook.pk).update(failures=F("failures") + 1)
    tries = counted(number, "попытки", "попыток", "попыток")
    if Webhook.objects.filter(pk=webhook.pk, failures__gte=MOST_FAILURES).exists():
        events = counted(MOST_FAILURES, "событие", "события", "событий")
        _disable(webhook, SILENT.format(events=events, tries=tries))
    raise JobRefused(f"Не доставлено после {tries}. {answer.error or f'Сервер ответил {answer.status}.'}")


def _disable(webhook: Webhook, why: str) -> None:
    """Switch a webhook off and tell its owner, once."""
    active = Webhook.objects.filter(pk=webhook.pk, active=True)
    if active.update(active=False, disabled_at=timezone.now(), disabled_because=why[:300]):
        _tell_owner(webhook, why)


def _tell_owner(webhook: Webhook, why: str) -> None:
    owner = webhook.owner
    if not owner.is_active or not owner.email:
        return
    url = f"{settings.PORTAL_URL}{reverse('webhook', args=[webhook.pk])}"
    body = render_to_string("webhooks/disabled.txt", {"owner": owner, "webhook": webhook, "why": why, "url": url})
    try:
        EmailMessage(f"Вебхук «{webhook.name}» выключен", body, to=[owner.email]).send()
    except Exception as error:  # a mail server fails in any way it likes; the page says it too
        logger.warning("The letter about webhook %s failed: %s", webhook.pk, type(error).__name__)


def forget_old(now: datetime.datetime) -> int:
    """Delete the log of deliveries that are over and old; return how many."""
    over = Q(finished_at__lt=now - KEPT)
    return WebhookDelivery.objects.filter(over).delete()[1].get("schools.WebhookDelivery", 0)
