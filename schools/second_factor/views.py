"""Pages of the second factor: the question after the password, the setting up, the keeping."""

from collections.abc import Callable
from typing import Any, TypeVar, cast
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from schools.models import FactorEvent, User
from schools.qr import picture
from schools.second_factor import codes, services
from schools.second_factor.forms import CodeForm
from schools.second_factor.services import CodeRefused

View = TypeVar("View", bound=Callable[..., Any])
APP_HINT = "Шесть цифр из приложения или один из кодов восстановления."


def before_factor(view: View) -> View:
    """Mark a view that answers between the password and the code; every other view waits for the code."""
    view.before_factor = True  # type: ignore[attr-defined]
    return view


def next_of(request: HttpRequest) -> str:
    """Where the person was going, on this host alone."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    fits = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if fits else reverse("home")


def led_to(request: HttpRequest) -> str:
    """The page that stands between a request and the portal, with the way back."""
    name = "second_factor" if request.user.factor_on else "second_factor_setup"  # type: ignore[union-attr]
    back = {"next": request.get_full_path()} if request.method == "GET" else {}
    return f"{reverse(name)}?{urlencode(back)}" if back else reverse(name)


@before_factor
@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def ask(request: HttpRequest) -> HttpResponse:
    """Ask for the code after the password."""
    user = cast(User, request.user)
    if services.is_passed(request):
        return redirect(next_of(request))
    if user.factor_on is None:
        return redirect(led_to(request))
    form = CodeForm(request.POST or None, hint=APP_HINT)
    if request.method == "POST" and form.is_valid():
        try:
            services.check(user=user, code=form.cleaned_data["code"])
        except CodeRefused as refusal:
            form.add_error("code", str(refusal))
        else:
            services.let_in(request, user)
            return redirect(next_of(request))
    return _door(request, "second_factor/ask.html", form)


@before_factor
@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def set_up(request: HttpRequest) -> HttpResponse:
    """Show the secret, take the first code, and then the recovery codes, once."""
    user = cast(User, request.user)
    if user.factor_on is not None:
        return redirect("second_factor_manage" if services.is_passed(request) else led_to(request))
    factor = services.begin(user=user)
    form = CodeForm(request.POST or None, hint="Шесть цифр, которые показывает приложение.")
    if request.method == "POST" and form.is_valid():
        try:
            fresh = services.confirm(user=user, code=form.cleaned_data["code"])
        except CodeRefused as refusal:
            form.add_error("code", str(refusal))
        else:
            services.let_in(request, user)
            return _recovery_codes(request, fresh, "Второй фактор настроен")
    account = user.email or user.username
    context = {
        "picture": picture(codes.address(factor.secret, account)),
        "secret": codes.spaced(factor.secret),
        "demanded": services.demands(user),
        "reset": _last_reset(user),
    }
    return _door(request, "second_factor/set_up.html", form, **context)


def _last_reset(user: User) -> FactorEvent | None:
    """Who took the factor away, if that was the last thing that happened to it."""
    last = user.factor_events.select_related("done_by").first()
    return last if last is not None and last.kind == FactorEvent.Kind.RESET else None


@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def manage(request: HttpRequest) -> HttpResponse:
    """New recovery codes, another phone, or none at all; each asks for a code."""
    user = cast(User, request.user)
    if user.factor_on is None:
        return redirect("second_factor_setup")
    form = CodeForm(request.POST or None, hint=APP_HINT)
    form.fields["code"].widget.attrs.pop("autofocus")
    if request.method == "POST" and form.is_valid():
        try:
            return _kept(request, user, form.cleaned_data["code"])
        except CodeRefused as refusal:
            form.add_error("code", str(refusal))
    context = {"form": form, "demanded": services.demands(user), "left": len(user.factor.recovery), "person": user}
    status = 422 if form.errors else 200
    return render(request, "second_factor/manage.html", context, status=status)


def _kept(request: HttpRequest, user: User, code: str) -> HttpResponse:
    """Do what the pressed button says."""
    if "renew" in request.POST:
        return _recovery_codes(request, services.renew(user=user, code=code), "Новые коды готовы")
    services.remove(user=user, code=code)
    return redirect("second_factor_setup" if "replace" in request.POST else "profile")


def _recovery_codes(request: HttpRequest, fresh: list[str], title: str) -> HttpResponse:
    return _door(request, "second_factor/recovery.html", CodeForm(), fresh=fresh, heading=title)


def _door(request: HttpRequest, template: str, form: CodeForm, **context: Any) -> HttpResponse:
    status = 422 if form.errors else 200
    return render(request, template, {"form": form, "next": next_of(request), **context}, status=status)
