"""The page behind an invitation's link: who appoints to what; accept with a new password or an old account; decline.

The secret stands in the first address alone. That address leads on at once, with the digest kept in the session, so
that no page, log or Referer ever holds it.
"""

from typing import Any, cast

from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from schools.appointing import invitations
from schools.appointing.forms import AcceptForm
from schools.appointing.letters import order_text, place_text, role_of
from schools.appointing.listing import full_name
from schools.appointing.refusals import AppointRefused
from schools.models import Invitation, User
from schools.own_tokens.services import counts_of
from schools.second_factor.views import before_factor

SESSION_KEY = "invitation"
BACKEND = "schools.login.LoginOrEmailBackend"


@before_factor
@csrf_exempt  # it takes nothing but the address; a refusal for want of a token would write the address into the log
def opened(request: HttpRequest, token: str) -> HttpResponse:
    """Take the secret out of the address: remember its digest and go on."""
    request.session[SESSION_KEY] = invitations.digest_of(token)
    response = redirect("invitation_accept")
    response["Referrer-Policy"] = "no-referrer"
    response["Cache-Control"] = "no-store"
    return response


@sensitive_post_parameters("password", "again")
@require_http_methods(["GET", "HEAD", "POST"])
def accept(request: HttpRequest) -> HttpResponse:
    """Show what the link is for, and take the answer."""
    invitation = invitations.find(request.session.get(SESSION_KEY, ""))
    stands = invitations.standing(invitation)
    if invitation is None or not stands.is_open:
        return render(request, "appointing/closed.html", {"stands": stands}, status=410)
    try:
        if "decline" in request.POST:
            return _decline(request, invitation)
        if "take" in request.POST and request.user.is_authenticated:
            return _take(request, invitation)
        if request.method == "POST" and not request.user.is_authenticated:
            return _make_account(request, invitation)
    except AppointRefused as refusal:
        return _ask(request, invitation, refused=str(refusal), status=409)
    return _ask(request, invitation)


def _ask(request: HttpRequest, invitation: Invitation, **more: Any) -> HttpResponse:
    status = more.pop("status", 200)
    appointment = invitation.appointment
    user, by = appointment.user, invitation.invited_by
    initial = {"last_name": user.last_name, "first_name": user.first_name, "patronymic": user.patronymic}
    context = {
        "title": appointment.title,
        "place": place_text(appointment),
        "order": order_text(appointment),
        "starts_on": appointment.starts_on,
        "by": full_name(by) if by else "",
        "role": role_of(by) if by else "",
        "login": user.username,
        "email": "" if invitation.by_hand else invitation.email,
        "is_known": invitations.known_person(invitation) is not None,
        "is_new_password": user.has_usable_password(),
        "tokens": counts_of(user)["working"] if user.has_usable_password() else 0,
        "signed_in_as": full_name(request.user) if request.user.is_authenticated else "",
        "form": AcceptForm(initial=initial),
        "refused": "",
    }
    return render(request, "appointing/accept.html", context | more, status=status)


def _make_account(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    form = AcceptForm(request.POST)
    if invitations.known_person(invitation) is not None:
        raise AppointRefused("Под этой почтой уже есть вход. Войдите — назначение добавится к нему.")
    if not form.is_valid():
        return _ask(request, invitation, form=form, status=422)
    user = invitations.accept(invitation, name=form.name, password=form.cleaned_data["password"])
    login(request, user, backend=BACKEND)
    request.session.pop(SESSION_KEY, None)
    return redirect("home")


def _take(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    invitations.accept_as(invitation, user=cast(User, request.user))
    request.session.pop(SESSION_KEY, None)
    return redirect("home")


def _decline(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    invitations.decline(invitation)
    request.session.pop(SESSION_KEY, None)
    return render(request, "appointing/declined.html", {"place": place_text(invitation.appointment)})
