"""Pages of orders: the register of an organisation, the draft with its preview, the issued order and its readers."""

import datetime
from collections.abc import Callable
from typing import Any, cast
from urllib.parse import quote

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from chats.models import Acknowledgement, Duty, Order, OrderTemplate
from chats.orders import doing, drafting, form, issuing, readers
from chats.orders.docx import docx_of
from chats.orders.drafting import OrderRefused, Place, may_write
from chats.orders.paper import PROFILES
from chats.orders.pdf import pdf_of
from schools.appointing.refusals import AppointRefused
from schools.models import Municipality, School, User
from schools.models.at_place import at
from schools.papers import MOST_BYTES
from schools.scope import sight_of
from schools.texts import counted
from staff.showing import crumbs

DOCX_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PAGE, SHEET_PAGE = 50, 25
FORM = ["GET", "HEAD", "POST"]


def _person(request: HttpRequest) -> User:
    return cast(User, request.user)


def _sees_orders(request: HttpRequest) -> None:
    """Orders name people: the country's observer, who sees counts, has no such pages."""
    sight = sight_of(request.user)
    if sight.country and not sight.everything and not (sight.region_ids or sight.municipality_ids or sight.school_ids):
        raise Http404


def _school(request: HttpRequest, pk: int) -> School:
    _sees_orders(request)
    return get_object_or_404(School.objects.visible_to(request.user).select_related("region", "municipality"), pk=pk)


def _municipality(request: HttpRequest, pk: int) -> Municipality:
    _sees_orders(request)
    return get_object_or_404(Municipality.objects.visible_to(request.user).select_related("region"), pk=pk)


def _order(request: HttpRequest, pk: int) -> Order:
    places = ("school__region", "school__municipality", "municipality__region", "template")
    return get_object_or_404(Order.objects.visible_to(request.user).select_related(*places, "scan", "changes"), pk=pk)


def _address(place: Place) -> str:
    return f"{place.get_absolute_url()}orders/"


def _crumbs(request: HttpRequest, place: Place, *more: tuple[str, str]) -> list[tuple[str, str]]:
    if isinstance(place, School):
        return crumbs(request.user, place, *more)
    sight = sight_of(request.user)
    way = [(place.region.name, place.region.get_absolute_url())] if sight.everything or sight.region_ids else []
    return [*way, (place.name, place.get_absolute_url()), *more]


# The register


@require_safe
@login_required
def school_orders(request: HttpRequest, pk: int) -> HttpResponse:
    """The register of a school's orders."""
    return _register(request, _school(request, pk))


@require_safe
@login_required
def municipality_orders(request: HttpRequest, pk: int) -> HttpResponse:
    """The register of the orders of a municipality's authority."""
    return _register(request, _municipality(request, pk))


def _register(request: HttpRequest, place: Place) -> HttpResponse:
    seen = Order.objects.visible_to(request.user).filter(**at(place))
    known = seen.exclude(year=None).order_by().values_list("year", flat=True).distinct()
    years = sorted({one for one in known if one is not None}, reverse=True)
    year = request.GET.get("year", "")
    shown = seen.numbered().order_by("-signed_on", "-id")
    if year.isascii() and year.isdecimal() and int(year) in years:
        shown = shown.filter(year=int(year))
    else:
        year = ""
    level = issuing.level_of(place)
    context = {
        "place": place,
        "crumbs": _crumbs(request, place, ("Приказы", "")),
        "page": Paginator(shown.with_readers(), PAGE).get_page(request.GET.get("page")),
        "drafts": list(seen.filter(state=Order.State.DRAFT).select_related("template").order_by("-updated_at")[:20]),
        "years": [("все", ""), *((str(one), str(one)) for one in years)],
        "year": year,
        "templates": list(OrderTemplate.objects.visible_to(request.user).current().filter(level=level)),
        "may_write": may_write(request.user, place),
        "duties": _duties(request, place) if isinstance(place, School) else [],
        "address": _address(place),
        "closed": isinstance(place, School) and bool(place.closed_on and place.closed_on <= timezone.localdate()),
    }
    return render(request, "orders/register.html", context)


def _duties(request: HttpRequest, place: School) -> list[dict[str, Any]]:
    """Who answers for what by the orders in force."""
    today = timezone.localdate()
    names = doing.duty_names()
    held = Duty.objects.visible_to(request.user).filter(order__school=place, starts_on__lte=today)
    found = held.exclude(ends_on__lt=today).select_related("staff", "order").order_by("field", "-starts_on")[:20]
    return [{"name": names.get(duty.field, duty.field), "duty": duty} for duty in found]


@require_POST
@login_required
def school_order_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin an order of a school."""
    return _new(request, _school(request, pk))


@require_POST
@login_required
def municipality_order_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin an order of a municipality's authority."""
    return _new(request, _municipality(request, pk))


def _new(request: HttpRequest, place: Place) -> HttpResponse:
    if not may_write(request.user, place):
        raise PermissionDenied
    texts = OrderTemplate.objects.visible_to(request.user).current()
    template = get_object_or_404(
        texts, key=request.POST.get("template", "").replace("\0", "")[:60], level=issuing.level_of(place)
    )
    return redirect(drafting.begin(place=place, template=template, by=_person(request)))


# One order


@require_http_methods(FORM)
@login_required
def order(request: HttpRequest, pk: int) -> HttpResponse:
    """A draft with its form and preview; an issued order as it stands, with all that is done with it."""
    found = _order(request, pk)
    if request.method == "POST":
        return _save(request, found)
    return _draft_page(request, found) if found.is_draft else _issued_page(request, found)


def _save(request: HttpRequest, found: Order) -> HttpResponse:
    if not may_write(request.user, found.place):  # type: ignore[arg-type]
        raise PermissionDenied
    if not found.is_draft:  # sent twice: the order is issued, there it is
        return redirect(found)
    change = form.change_of(found, request.POST, request.user)
    try:
        saved = drafting.change(found, change, by=_person(request))
    except OrderRefused as refusal:
        now = Order.objects.visible_to(request.user).filter(pk=found.pk).first()
        if now is not None and not now.is_draft:
            return redirect(now)
        earlier = found.text
        for name in ("subject", "text", "signer_name", "signer_position", "organisation", "founder", "city"):
            setattr(found, name, getattr(change, name))
        found.values = dict(change.values)
        return _draft_page(request, found, refusal, earlier)
    if "issue" in request.POST:
        return _issue(request, saved)
    return redirect(f"{saved.get_absolute_url()}#preview" if "preview" in request.POST else saved.get_absolute_url())


def _issue(request: HttpRequest, saved: Order) -> HttpResponse:
    day = _day(request.POST.get("signed_on", ""))
    try:
        if day is None:
            raise OrderRefused("Впишите дату подписания, например 05.09.2026.", "signed_on")
        number = request.POST.get("number", "")
        issued = issuing.issue(saved, number=number, signed_on=day, by=_person(request), version=saved.version)
    except OrderRefused as refusal:
        saved.refresh_from_db()
        return _draft_page(request, saved, refusal) if saved.is_draft else redirect(saved)
    return redirect(issued)


def _day(text: str) -> datetime.date | None:
    """A day as a browser sends it or as a person writes it: «2026-09-05», «05.09.2026»; None for anything else."""
    written = ".".join(reversed(text.strip().split("."))).replace(".", "-")
    try:
        return parse_date(written)
    except ValueError:
        return None


def _draft_page(
    request: HttpRequest, found: Order, refusal: OrderRefused | None = None, earlier: str = ""
) -> HttpResponse:
    place = cast(Place, found.place)
    today = timezone.localdate()
    context = {
        "order": found,
        "place": place,
        "crumbs": _crumbs(request, place, ("Приказы", _address(place)), ("Проект", "")),
        "asked": form.asked(found, earlier),
        "people": form.people_of_school(found, request.user),
        "acts": form.acts_to_cite(request.user),
        "others": form.orders_to_change(found, request.user),
        "parts": form.PARTS,
        "profiles": [(one.name, one.key) for one in PROFILES],
        "paper": issuing.paper_of(found, issuing.BLANK),
        "leftovers": issuing.mistakes_in(found),
        "missing": issuing.missing_in(found),
        "may_write": may_write(request.user, place),
        "refusal": refusal,
        "kept": "issue" in request.POST and not earlier,
        "number": request.POST.get("number", "") or issuing.next_number(place, today.year),
        "signed_on": request.POST.get("signed_on", "") or today.isoformat(),
        "today": today,
    }
    return render(request, "orders/draft.html", context, status=422 if refusal else 200)


def _issued_page(request: HttpRequest, found: Order, refusal: OrderRefused | None = None) -> HttpResponse:
    place = cast(Place, found.place)
    sheet = Acknowledgement.objects.visible_to(request.user).filter(order=found).order_by("name", "id")
    show = request.GET.get("show", "")
    shown = sheet.filter(acknowledged_on=None) if show == "waiting" else sheet
    total, read = sheet.count(), sheet.exclude(acknowledged_on=None).count()
    context = {
        "order": found,
        "place": place,
        "crumbs": _crumbs(request, place, ("Приказы", _address(place)), (f"№ {found.number}", "")),
        "paper": issuing.paper_of(found),
        "page": Paginator(shown, SHEET_PAGE).get_page(request.GET.get("page")),
        "total": total,
        "read": read,
        "show": show,
        "done": _done_lines(found),
        "waiting": doing.waiting_for(found),
        "may_appoint": bool(doing.may_appoint(found, request.user)),
        "may_write": may_write(request.user, place),
        "changed_by": list(
            Order.objects.visible_to(request.user).numbered().filter(changes=found).order_by("signed_on")
        ),
        "refusal": refusal,
        "today": timezone.localdate(),
        "address": _address(place),
    }
    return render(request, "orders/issued.html", context, status=422 if refusal else 200)


def _done_lines(found: Order) -> list[str]:
    """What the order set in motion, in words."""
    done, lines = found.done, []
    if duties := found.duties.count():
        lines.append(f"Закреплены обязанности: {counted(duties, 'человек', 'человека', 'человек')}")
    if made := len(done.get("appointed", [])):
        lines.append(f"Назначены на портале: {counted(made, 'человек', 'человека', 'человек')}")
    if done.get("numbered"):
        lines.append("Номер приказа вписан в назначение на портале")
    lines += [f"Назначен срок этапа {plan['number']}" for plan in done.get("plans", [])]
    if done.get("cancelled"):
        lines.append("Прежний приказ отменён, и всё, что было сделано по нему")
    return lines


@require_safe
@login_required
def order_docx(request: HttpRequest, pk: int) -> HttpResponse:
    """The order as DOCX."""
    return _file(request, pk, docx_of, "docx", DOCX_TYPE)


@require_safe
@login_required
def order_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The order as PDF."""
    return _file(request, pk, pdf_of, "pdf", "application/pdf")


def _file(request: HttpRequest, pk: int, draw: Callable[[Any], bytes], ending: str, kind: str) -> HttpResponse:
    found = _order(request, pk)
    name = f"Приказ {found.number} от {found.signed_on:%d.%m.%Y}" if found.number else "Проект приказа"
    response = HttpResponse(draw(issuing.paper_of(found, issuing.BLANK)), content_type=kind)
    safe = name.replace("/", "-").replace("\\", "-")
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(safe)}.{ending}"
    return response


@require_safe
@login_required
def order_scan(request: HttpRequest, pk: int) -> HttpResponse:
    """The scan of the signed order."""
    found = _order(request, pk)
    if found.scan is None or not found.scan.data:
        raise Http404
    response = HttpResponse(found.scan.data, content_type="application/octet-stream")
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(found.scan.shown_name)}"
    return response


@require_POST
@login_required
def order_act(request: HttpRequest, pk: int) -> HttpResponse:
    """What is done with an order besides its text: thrown away, cancelled, read, scanned, appointed by."""
    found = _order(request, pk)
    if not may_write(request.user, found.place):  # type: ignore[arg-type]
        raise PermissionDenied
    act = _ACTS.get(request.POST.get("act", ""))
    if act is None:
        return redirect(found)
    try:
        return act(request, found)
    except (OrderRefused, AppointRefused) as refusal:
        found = _order(request, pk)
        told = refusal if isinstance(refusal, OrderRefused) else OrderRefused(str(refusal))
        return _draft_page(request, found, told) if found.is_draft else _issued_page(request, found, told)


def _discard(request: HttpRequest, found: Order) -> HttpResponse:
    place = cast(Place, found.place)
    drafting.discard(found, by=_person(request))
    return redirect(_address(place))


def _cancel(request: HttpRequest, found: Order) -> HttpResponse:
    day = _day(request.POST.get("on", ""))
    if day is None:
        raise OrderRefused("Впишите день, с которого приказ отменён, например 05.09.2026.", "on")
    return redirect(issuing.cancel(found, on=day, reason=request.POST.get("reason", ""), by=_person(request)))


def _read(request: HttpRequest, found: Order) -> HttpResponse:
    day = _day(request.POST.get("on", "")) or timezone.localdate()
    ids = [int(text) for text in request.POST.getlist("who") if text.isascii() and text.isdecimal() and len(text) < 19]
    readers.mark(found, ids, on=day, by=_person(request))
    return redirect(f"{found.get_absolute_url()}#sheet")


def _read_all(request: HttpRequest, found: Order) -> HttpResponse:
    day = _day(request.POST.get("on", "")) or timezone.localdate()
    readers.mark(found, None, on=day, by=_person(request))
    return redirect(f"{found.get_absolute_url()}#sheet")


def _unread(request: HttpRequest, found: Order) -> HttpResponse:
    ids = [int(text) for text in request.POST.getlist("who") if text.isascii() and text.isdecimal() and len(text) < 19]
    readers.unmark(found, ids, by=_person(request))
    return redirect(f"{found.get_absolute_url()}#sheet")


def _scan(request: HttpRequest, found: Order) -> HttpResponse:
    file = request.FILES.get("file")
    if file is None:
        raise OrderRefused("Выберите файл: скан подписанного приказа в PDF, JPG или PNG.", "file")
    readers.attach_scan(found, name=file.name or "", data=file.read(MOST_BYTES + 1), by=_person(request))
    return redirect(found)


def _appoint(request: HttpRequest, found: Order) -> HttpResponse:
    doing.appoint_waiting(found, by=_person(request))
    return redirect(found)


_ACTS = {
    "discard": _discard,
    "cancel": _cancel,
    "read": _read,
    "read_all": _read_all,
    "unread": _unread,
    "scan": _scan,
    "appoint": _appoint,
}
