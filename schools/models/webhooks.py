"""Webhooks: where a person's program is told of events, what was delivered to it, and how each try went."""

import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from schools.jobs import Job, JobState
from schools.models.at_place import OneOrNoPlace
from schools.models.users import User
from schools.scope import AnyUser, sight_of
from schools.sealed import SealedField


class WebhookQuerySet(models.QuerySet["Webhook"]):
    """Webhooks: each is its owner's own affair."""

    def visible_to(self, user: AnyUser) -> Self:
        """One's own; superusers see all."""
        return self.all() if sight_of(user).everything else self.filter(owner=user.pk)

    def editable_by(self, user: AnyUser) -> Self:
        """One's own: the secret is the owner's, and superusers have no business with it."""
        return self.filter(owner=user.pk)


class Webhook(OneOrNoPlace):
    """An address on the owner's side that is told of events; the secret signs what is sent."""

    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="webhooks", verbose_name="чей")
    name = models.CharField("название", max_length=100)
    url = models.CharField("адрес", max_length=500)
    secret = SealedField("секрет", max_length=200, editable=False)
    events = models.JSONField("события", default=list)
    active = models.BooleanField("включён", default=True)
    failures = models.PositiveSmallIntegerField("не доставлено подряд", default=0, editable=False)
    disabled_at = models.DateTimeField("выключен", null=True, blank=True, editable=False)
    disabled_because = models.CharField("почему выключен", max_length=300, blank=True, editable=False)
    created_at = models.DateTimeField("заведён", default=timezone.now, editable=False)

    objects = WebhookQuerySet.as_manager()

    class Meta(OneOrNoPlace.Meta):
        verbose_name = "вебхук"
        verbose_name_plural = "вебхуки"
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name


class DeliveryQuerySet(models.QuerySet["WebhookDelivery"]):
    """Deliveries are seen with their webhook."""

    def visible_to(self, user: AnyUser) -> Self:
        """Those of one's own webhooks."""
        return self.filter(webhook__in=Webhook.objects.visible_to(user))

    def editable_by(self, user: AnyUser) -> Self:
        """Those of one's own webhooks, to send them again."""
        return self.filter(webhook__in=Webhook.objects.editable_by(user))


class WebhookDelivery(Job):
    """An event on its way to a webhook; its body stays as it was first made, however often it is sent."""

    task_name = "schools.deliver_webhook"

    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="deliveries", verbose_name="вебхук")
    event = models.CharField("событие", max_length=40)
    message_id = models.CharField("номер сообщения", max_length=60)
    body = models.TextField("тело")
    tries = models.PositiveSmallIntegerField("отправлено раз", default=0, editable=False)
    due_at = models.DateTimeField("не раньше", default=timezone.now, editable=False)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = "доставка вебхука"
        verbose_name_plural = "доставки вебхуков"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["webhook", "message_id"], name="webhook_is_told_of_an_event_once"),
        ]

    def __str__(self) -> str:
        return self.message_id

    @classmethod
    def claimable(cls, now: datetime.datetime) -> Q:
        """A delivery that waits for its next try is not taken before its time, whoever brings the message."""
        return Q(state=JobState.QUEUED, due_at__lte=now) | Q(state=JobState.RUNNING, lease_until__lt=now)


class TryQuerySet(models.QuerySet["WebhookTry"]):
    """Tries are seen with their webhook."""

    def visible_to(self, user: AnyUser) -> Self:
        """Those of one's own webhooks."""
        return self.filter(delivery__webhook__in=Webhook.objects.visible_to(user))

    def editable_by(self, user: AnyUser) -> Self:
        """Nobody rewrites what happened."""
        return self.none()


class WebhookTry(models.Model):
    """One try to deliver: what the other side answered, or why it could not."""

    delivery = models.ForeignKey(WebhookDelivery, on_delete=models.CASCADE, related_name="log", verbose_name="доставка")
    number = models.PositiveSmallIntegerField("какая по счёту")
    tried_at = models.DateTimeField("когда", default=timezone.now)
    status = models.PositiveSmallIntegerField("код ответа", null=True, blank=True)
    milliseconds = models.PositiveIntegerField("длилась, мс")
    answer = models.CharField("начало ответа", max_length=200, blank=True)
    error = models.CharField("что помешало", max_length=200, blank=True)

    objects = TryQuerySet.as_manager()

    class Meta:
        verbose_name = "попытка доставки"
        verbose_name_plural = "попытки доставки"
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.number}: {self.status or self.error}"
