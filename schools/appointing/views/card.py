"""Appointing somebody, the card of an appointment, and what is done with it."""

import datetime
from collections.abc import Callable
from typing import Any, cast

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from schools.appointing import invitations, services, showing
from schools.appointing.forms import AddressForm, AppointForm, EndForm, OrderForm, ResetForm
from schools.appointing.open_work import open_work
from schools.appointing.refusals import AppointRefused
from schools.appointing.views.access import PAGE, found, may_change, must_appoint, place_of, sees_people
from schools.models import Appointment, Municipality, School, User
from schools.scope import sight_of
from schools.second_factor.services import CodeRefused, reset

# Appointing


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def new(request: HttpRequest) -> HttpResponse:
    """Choose a place, then say who; the same address with ?school=… goes straight to the form."""
    must_appoint(request)
    is_named, place = place_of(request)
    if not is_named:
        return _choose_place(request)
    form = AppointForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.appoint(
                by=cast(User, request.user),
                place=place,
                person=form.person,
                starts_on=form.cleaned_data["starts_on"],
                order=form.order,
            )
        except AppointRefused as refusal:
            form.add_error(refusal.field or None, str(refusal))
        else:
            return redirect("appointment", made.pk)
    context = showing.form_context(request.user, place) | {"form": form}
    return render(request, "appointing/new.html", context, status=422 if form.errors else 200)


def _choose_place(request: HttpRequest) -> HttpResponse:
    """Places one appoints to, found by name or code."""
    words = request.GET.get("q", "")[:100].strip()
    schools = School.objects.editable_by(request.user).open().search(words).select_related("municipality", "region")
    towns = Municipality.objects.editable_by(request.user).filter(closed_on=None).select_related("region")
    for word in showing.words_of(words):
        towns = towns.filter(name_key__contains=word)
    page = Paginator(schools.order_by("name_key", "pk"), PAGE).get_page(request.GET.get("page"))
    context = {
        "words": words,
        "towns": [showing.choice_row(town) for town in towns.order_by("name_key")[:PAGE]] if page.number == 1 else [],
        "schools": [showing.choice_row(school) for school in page.object_list],
        "page": page,
        "is_root": sight_of(request.user).everything,
    }
    return render(request, "appointing/choose.html", context)


# The card


@require_safe
@login_required
def card(request: HttpRequest, pk: int) -> HttpResponse:
    """Who, where, since when, by what order; invitations; what can be done."""
    sees_people(request)
    return _card(request, found(request, pk))


def _card(request: HttpRequest, appointment: Appointment, status: int = 200, **more: Any) -> HttpResponse:
    may = may_change(request, appointment)
    context = showing.card_context(appointment, request.user, may=may) | {"refused": "", "link": "", **more}
    return render(request, "appointing/card.html", context, status=status)


@sensitive_post_parameters("reason")
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def act(request: HttpRequest, pk: int) -> HttpResponse:
    """Invite, hand the link over, withdraw it, end, write the order down, reset a lost second factor."""
    sees_people(request)
    appointment = found(request, pk)
    if request.method != "POST":
        return redirect("appointment", pk)
    if not may_change(request, appointment):
        raise PermissionDenied
    actions: dict[str, Callable[[HttpRequest, Appointment], HttpResponse]] = {
        "invite": _invite, "link": _link, "withdraw": _withdraw, "order": _order, "end": _end, "factor": _factor,
    }  # fmt: skip
    chosen = next((action for name, action in actions.items() if name in request.POST), None)
    if chosen is None:
        return redirect("appointment", pk)
    try:
        return chosen(request, appointment)
    except (AppointRefused, CodeRefused) as refusal:
        return _card(request, appointment, status=409, refused=str(refusal))


def _by(request: HttpRequest) -> User:
    return cast(User, request.user)


def _told(form: Form) -> None:
    """Raise AppointRefused with what is wrong in a small form of the card."""
    if not form.is_valid():
        raise AppointRefused(" ".join(str(error) for errors in form.errors.values() for error in errors))


def _invite(request: HttpRequest, appointment: Appointment) -> HttpResponse:
    form = AddressForm(request.POST)
    _told(form)
    invitations.invite(appointment, by=_by(request), email=form.cleaned_data["email"])
    back = request.POST.get("back", "")
    return redirect(back if back.startswith("/appointments/?") else appointment.get_absolute_url())


def _link(request: HttpRequest, appointment: Appointment) -> HttpResponse:
    """The link is in this answer and nowhere else: shown again, it is another link."""
    email = showing.address_of(appointment)
    made = invitations.invite(appointment, by=_by(request), email=email, by_hand=True)
    return _card(request, appointment, link=invitations.link_of(made))


def _withdraw(request: HttpRequest, appointment: Appointment) -> HttpResponse:
    invitations.withdraw(appointment, by=_by(request))
    return redirect(appointment)


def _order(request: HttpRequest, appointment: Appointment) -> HttpResponse:
    form = OrderForm(request.POST)
    _told(form)
    services.put_order(appointment, order=form.order, by=_by(request))
    return redirect(appointment)


def _end(request: HttpRequest, appointment: Appointment) -> HttpResponse:
    form = EndForm(request.POST)
    _told(form)
    services.end(appointment, on=form.cleaned_data["ends_on"], by=_by(request))
    return redirect(appointment)


def _factor(request: HttpRequest, appointment: Appointment) -> HttpResponse:
    form = ResetForm(request.POST)
    _told(form)
    reset(user=appointment.user, by=_by(request), reason=form.cleaned_data["reason"])
    return redirect(appointment)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def hand_over(request: HttpRequest, pk: int) -> HttpResponse:
    """A successor from a day on; what is left open is listed beside the form."""
    sees_people(request)
    appointment = found(request, pk)
    if not may_change(request, appointment):
        raise PermissionDenied
    tomorrow = timezone.localdate() + datetime.timedelta(days=1)
    form = AppointForm(request.POST or None, initial={"starts_on": tomorrow})
    if request.method == "POST" and form.is_valid():
        try:
            made = services.hand_over(
                appointment,
                by=_by(request),
                person=form.person,
                starts_on=form.cleaned_data["starts_on"],
                order=form.order,
            )
        except AppointRefused as refusal:
            form.add_error(refusal.field or None, str(refusal))
        else:
            return redirect(made)
    context = showing.form_context(request.user, appointment.place) | {
        "form": form,
        "appointment": appointment,
        "person": showing.full_name(appointment.user),
        "left_open": open_work(appointment, request.user),
    }
    return render(request, "appointing/hand_over.html", context, status=422 if form.errors else 200)
