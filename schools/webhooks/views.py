"""Pages of one's own webhooks: the list, a new one with its secret shown once, the log of deliveries."""

from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from schools.jobs import JobState
from schools.models import User, Webhook, WebhookDelivery
from schools.scope import sight_of
from schools.webhooks import services
from schools.webhooks.events import KIND_BY_KEY, PING
from schools.webhooks.forms import WebhookForm
from schools.webhooks.services import WebhookRefused

ON_A_PAGE = 25


@login_required
def webhooks(request: HttpRequest) -> HttpResponse:
    """One's own webhooks."""
    user = cast(User, request.user)
    own = Webhook.objects.editable_by(user)
    related = own.select_related("region", "municipality__region", "school__municipality", "school__region")
    context = {
        "rows": [{"webhook": row, "events": _events(row), "place": str(row.place or "")} for row in related],
        "may_make": sight_of(user).level is not None,
    }
    return render(request, "webhooks/list.html", context)


def _events(webhook: Webhook) -> str:
    return ", ".join(KIND_BY_KEY[key].title for key in webhook.events if key in KIND_BY_KEY)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def new(request: HttpRequest) -> HttpResponse:
    """Ask where to send; then show the secret, this once."""
    user = cast(User, request.user)
    if sight_of(user).level is None:
        raise Http404
    form = WebhookForm(request.POST or None, user=user)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            webhook = services.make(
                owner=user, name=data["name"], url=data["url"], events=data["events"], place=data.get("limit")
            )
        except WebhookRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            return _secret(request, webhook, webhook.secret, "Вебхук заведён")
    return render(request, "webhooks/new.html", {"form": form}, status=422 if form.errors else 200)


def _secret(request: HttpRequest, webhook: Webhook, secret: str, heading: str) -> HttpResponse:
    return render(request, "webhooks/secret.html", {"webhook": webhook, "secret": secret, "heading": heading})


def _own(request: HttpRequest, pk: int) -> Webhook:
    found: Webhook = get_object_or_404(Webhook.objects.editable_by(request.user), pk=pk)
    return found


@login_required
def webhook(request: HttpRequest, pk: int) -> HttpResponse:
    """A webhook and its log, the newest first."""
    found = _own(request, pk)
    deliveries = WebhookDelivery.objects.editable_by(request.user).filter(webhook=found).prefetch_related("log")
    page = Paginator(deliveries, ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "webhook": found,
        "events": _events(found),
        "place": str(found.place or ""),
        "rows": [_row(found, delivery) for delivery in page],
        "page": page,
    }
    return render(request, "webhooks/card.html", context)


def _row(webhook: Webhook, delivery: WebhookDelivery) -> dict[str, Any]:
    tries = list(delivery.log.all())
    waits = delivery.state == JobState.QUEUED and bool(delivery.tries)
    return {
        "delivery": delivery,
        "title": KIND_BY_KEY[delivery.event].title if delivery.event in KIND_BY_KEY else delivery.event,
        "tries": tries,
        "chip": {JobState.DONE: "confirmed", JobState.FAILED: "mistake"}.get(JobState(delivery.state), "working"),
        "state": _state(delivery),
        "due_at": delivery.due_at if waits else None,
        "may_repeat": delivery.is_over and (webhook.active or delivery.event == PING.key),
    }


def _state(delivery: WebhookDelivery) -> str:
    words = {JobState.DONE: "доставлено", JobState.FAILED: "не доставлено", JobState.RUNNING: "отправляется"}
    return words.get(JobState(delivery.state), "ждёт повтора" if delivery.tries else "ждёт отправки")


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def act(request: HttpRequest, pk: int) -> HttpResponse:
    """Do what the pressed button says."""
    found = _own(request, pk)
    if request.method != "POST":
        return redirect("webhook", pk=pk)
    if "secret" in request.POST:
        return _secret(request, found, services.renew_secret(found), "Новый секрет готов")
    if "delete" in request.POST:
        found.delete()
        messages.success(request, f"Вебхук «{found.name}» удалён вместе с журналом.")
        return redirect("webhooks")
    _do(request, found)
    return redirect("webhook", pk=pk)


def _do(request: HttpRequest, found: Webhook) -> None:
    if "ping" in request.POST:
        services.ping(found)
        messages.success(request, "Проверочное сообщение отправляется. Обновите страницу через несколько секунд.")
    elif "switch" in request.POST:
        services.switch(found, on=request.POST["switch"] == "on")
    elif (key := request.POST.get("repeat", "")).isascii() and key.isdecimal() and len(key) < 19:
        rows = WebhookDelivery.objects.editable_by(request.user).filter(webhook=found)
        again = services.repeat(get_object_or_404(rows, pk=int(key)))
        if again:
            messages.success(request, "Отправляется ещё раз, под тем же номером.")
        else:
            messages.warning(request, "Это сообщение ещё в пути, или вебхук выключен.")
