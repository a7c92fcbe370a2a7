"""Webhooks in the admin, for superusers: whose they are and how deliveries go; secrets are shown to nobody."""

from django.contrib import admin

from schools.admin.scoped import ReadOnly, ScopedAdmin
from schools.models import Webhook, WebhookDelivery, WebhookTry

WEBHOOK = ("owner", "name", "url", "region", "municipality", "school", "events", "active", "failures")
DELIVERY = ("webhook", "event", "message_id", "state", "tries", "due_at", "created_at", "finished_at", "error")


@admin.register(Webhook)
class WebhookAdmin(ReadOnly, ScopedAdmin):
    """Where people let events be sent."""

    list_display = ["name", "owner", "url", "active", "failures", "created_at"]
    list_select_related = ["owner"]
    list_filter = ["active"]
    search_fields = ["name__contains", "url__contains", "owner__username__contains"]
    ordering = ["-id"]
    fields = [*WEBHOOK, "disabled_at", "disabled_because", "created_at"]
    hint = "Вебхук заводит и выключает его хозяин в профиле. Здесь видно, куда и как доставляется."


@admin.register(WebhookDelivery)
class WebhookDeliveryAdmin(ReadOnly, ScopedAdmin):
    """What was sent."""

    list_display = ["message_id", "webhook", "event", "state", "tries", "created_at"]
    list_select_related = ["webhook"]
    list_filter = ["state", "event"]
    ordering = ["-id"]
    fields = [*DELIVERY, "body"]


@admin.register(WebhookTry)
class WebhookTryAdmin(ReadOnly, ScopedAdmin):
    """How each try went."""

    list_display = ["delivery", "number", "tried_at", "status", "milliseconds", "error"]
    list_select_related = ["delivery"]
    ordering = ["-id"]
    fields = ["delivery", "number", "tried_at", "status", "milliseconds", "answer", "error"]
