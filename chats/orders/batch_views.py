"""Pages of a coordinator who prepares one order for many schools: the choice, the job, the archive."""

from typing import Any, cast
from urllib.parse import quote

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from chats.models import OrderBatch, OrderTemplate
from chats.orders import batches, drafting, form
from chats.orders.drafting import OrderRefused
from chats.orders.fields import Kind
from schools.models import Municipality, User
from schools.scope import Level
from schools.senders import Sender, schools_of, sender_of


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def order_batch_new(request: HttpRequest) -> HttpResponse:
    """Choose the text, what is the same for all, and the schools."""
    sender = sender_of(request.GET, request.user)
    texts = OrderTemplate.objects.visible_to(request.user).current().filter(level=Level.SCHOOL)
    templates = [one for one in texts if one.key not in ("amend", "cancel")]
    template = next(
        (one for one in templates if one.key == request.GET.get("template", "")), templates[0] if templates else None
    )
    if template is None:
        raise Http404
    if request.method != "POST":
        return _page(request, sender, template, templates)
    values = _values(template, request.POST, request)
    ids = frozenset(
        int(text) for text in request.POST.getlist("school") if text.isascii() and text.isdecimal() and len(text) < 19
    )
    try:
        batch = batches.prepare(
            sender=sender, template=template, values=values, school_ids=ids, by=cast(User, request.user)
        )
    except OrderRefused as refusal:
        return _page(request, sender, template, templates, str(refusal))
    return redirect(batch)


def _values(template: OrderTemplate, sent: QueryDict, request: HttpRequest) -> dict[str, Any]:
    values: dict[str, Any] = {}
    allowed = {act.key for act in form.acts_to_cite(request.user)}
    for field in batches.common_fields(template):
        name = f"f-{field.key}"
        if field.kind == Kind.ACTS:
            values[field.key] = drafting.acts_value(
                [key for key in dict.fromkeys(sent.getlist(name)) if key in allowed][:20]
            )
        else:
            values[field.key] = sent.get(name, "").strip()[:4000]
    return values


def _page(
    request: HttpRequest, sender: Sender, template: OrderTemplate, templates: list[OrderTemplate], problem: str = ""
) -> HttpResponse:
    schools = schools_of(sender, request.user)
    lacking = batches.without(template, schools).order_by("name_key", "pk")
    shown = list(lacking.only("pk", "short_name", "director_name")[: batches.MOST_SCHOOLS])
    chosen = set(request.POST.getlist("school")) if problem else {str(school.pk) for school in shown}
    first = drafting.common_values(template)
    fields = [
        (
            field,
            request.POST.get(f"f-{field.key}", "") if problem and field.kind != Kind.ACTS else first.get(field.key, ""),
        )
        for field in batches.common_fields(template)
    ]
    where = f"municipality={sender.pk}" if isinstance(sender, Municipality) else f"region={sender.code}"
    context = {
        "sender": sender,
        "where": where,
        "template": template,
        "templates": templates,
        "fields": fields,
        "acts": form.acts_to_cite(request.user),
        "chosen_acts": request.POST.getlist("f-основание") if problem else list(template.acts),
        "rows": [(school, str(school.pk) in chosen) for school in shown],
        "have": schools.count() - lacking.count(),
        "problem": problem,
        "crumbs": [(sender.name, sender.get_absolute_url()), ("Приказы школам", "")],
        "batches": list(OrderBatch.objects.visible_to(request.user).select_related("template", "created_by")[:10]),
        "today": timezone.localdate(),
    }
    return render(request, "orders/batch_new.html", context, status=422 if problem else 200)


@require_safe
@login_required
def order_batch(request: HttpRequest, pk: int) -> HttpResponse:
    """One batch: how far it is, its archive, whose drafts it made."""
    seen = OrderBatch.objects.visible_to(request.user)
    found = get_object_or_404(seen.select_related("region", "municipality__region", "template", "archive"), pk=pk)
    orders = found.orders.select_related("school").order_by("school__name_key")[:200]  # type: ignore[attr-defined]
    context = {
        "batch": found,
        "place": found.place,
        "orders": list(orders) if found.is_over else [],
        "crumbs": [(found.place.name, found.place.get_absolute_url()), ("Приказы школам", "")],
    }
    return render(request, "orders/batch.html", context)


@require_safe
@login_required
def order_batch_archive(request: HttpRequest, pk: int) -> HttpResponse:
    """The archive of a batch."""
    found = get_object_or_404(OrderBatch.objects.visible_to(request.user).select_related("archive"), pk=pk)
    if found.archive is None or not found.archive.data:
        raise Http404
    response = HttpResponse(found.archive.data, content_type="application/zip")
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(found.archive.shown_name)}"
    return response
