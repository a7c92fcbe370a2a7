"""Pages of the texts of orders: the list, one text with its versions and what changed, the form of a new version."""

from typing import Any, cast

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from chats.models import OrderTemplate
from chats.orders import templates, text_showing
from chats.orders.drafting import OrderRefused
from chats.orders.fields import why_unknown
from chats.orders.sample import sample_paper
from chats.orders.text import mistakes_of
from chats.orders.text_form import TextPageForm
from schools.models import User

VERSIONS = 20
TITLE = "Тексты приказов"


def _text(request: HttpRequest, pk: int) -> OrderTemplate:
    return get_object_or_404(OrderTemplate.objects.visible_to(request.user).select_related("changed_by"), pk=pk)


def _may_edit(request: HttpRequest, found: OrderTemplate) -> bool:
    return OrderTemplate.objects.editable_by(request.user).filter(pk=found.pk).exists()


@require_safe
@login_required
def order_templates(request: HttpRequest) -> HttpResponse:
    """The texts in use, by who issues such orders."""
    texts = OrderTemplate.objects.visible_to(request.user).current().select_related("changed_by")
    context = {
        "title": TITLE,
        "groups": text_showing.groups(texts),
        "may_edit": OrderTemplate.objects.editable_by(request.user).exists(),
    }
    return render(request, "orders/texts.html", context)


@require_safe
@login_required
def order_template(request: HttpRequest, pk: int) -> HttpResponse:
    """A version of a text: its words, fields and acts, the other versions, what changed since one of them."""
    found = _text(request, pk)
    seen = OrderTemplate.objects.visible_to(request.user).filter(key=found.key)
    asked = request.GET.get("with", "")
    number = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 6 else 0
    other = seen.filter(version=number).exclude(pk=found.pk).first() if number else None
    versions = seen.select_related("changed_by").order_by("-version")
    current = found if found.replaced_at is None else seen.current().first()
    context = {
        "text": found,
        "current": current,
        "crumbs": [(TITLE, reverse("order_templates")), (found.name, "")],
        "paper": sample_paper(found),
        "fields": text_showing.fields_of(found),
        "acts": text_showing.acts_of(found, request.user),
        "facts": text_showing.facts_of(found),
        "page": Paginator(versions, VERSIONS).get_page(request.GET.get("page")),
        "choices": text_showing.version_choices(versions, found),
        "other": other,
        "changes": text_showing.changes(other, found) if other else None,
        "may_edit": current is not None and current.pk == found.pk and _may_edit(request, found),
    }
    return render(request, "orders/text.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def order_template_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Write a new version: what is typed is checked at once, saved only with a reason."""
    found = _text(request, pk)
    if not _may_edit(request, found):
        raise PermissionDenied
    if found.replaced_at is not None and request.method != "POST":
        return redirect(found)
    form = TextPageForm(request.POST or None, instance=found, user=request.user)
    checking = "check" in request.POST
    if request.method == "POST" and not checking and form.is_valid() and (made := _saved(request, found, form)):
        return redirect(made)
    if checking:
        form = TextPageForm(initial=_typed(request), instance=_text(request, pk), user=request.user)
    return _edit_page(request, found.pk, form, status=422 if form.errors else 200)


def _typed(request: HttpRequest) -> dict[str, Any]:
    """What a person has typed so far, to stand in the form unjudged."""
    lists = ("acts", "plan_steps")
    return {name: request.POST.getlist(name) if name in lists else request.POST.get(name, "") for name in request.POST}


def _saved(request: HttpRequest, found: OrderTemplate, form: TextPageForm) -> OrderTemplate | None:
    try:
        by = cast(User, request.user)
        return templates.rewrite(found, form.facts(), reason=form.cleaned_data["reason"], by=by)
    except OrderRefused as refusal:
        form.tell(refusal)
        return None


def _edit_page(request: HttpRequest, pk: int, form: TextPageForm, status: int) -> HttpResponse:
    text = _text(request, pk)
    shown = {name: request.POST.get(name, getattr(text, name)) for name in ("subject", "text")}
    known = {key for key, _ in form.fields["acts"].choices}  # type: ignore[attr-defined]
    acts = [key for key in request.POST.getlist("acts") if key in known] if request.POST else text.acts
    tried = OrderTemplate(level=text.level, acts=acts, **templates.tidy_lines(shown))
    mistakes = mistakes_of(tried.text, why_unknown)[:10]
    context = {
        "text": text,
        "form": form,
        "crumbs": [(TITLE, reverse("order_templates")), (text.name, text.get_absolute_url()), ("Правка", "")],
        "mistakes": mistakes,
        "paper": None if mistakes else sample_paper(tried),
        "fields": text_showing.all_fields(),
    }
    return render(request, "orders/text_edit.html", context, status=status)
