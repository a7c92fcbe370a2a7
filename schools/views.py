"""Pages of signing in and of a person's own settings."""

from typing import Any

from django.conf import settings
from django.contrib.auth import views as auth
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from schools.forms import NewPasswordForm, ResetForm
from schools.login import NewPassword, SignIn
from schools.own_tokens.services import counts_of
from schools.second_factor.views import before_factor

THEMES = {"light", "dark"}
YEAR = 365 * 24 * 3600


class SignOut(auth.LogoutView):
    """Sign out by the button; a link that leads here signs nobody out and goes home."""

    http_method_names = ["get", "head", "post", "options"]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Leave the person signed in."""
        return redirect(settings.LOGIN_REDIRECT_URL)


login = sensitive_post_parameters("password")(
    SignIn.as_view(
        extra_context={"password_reset_url": reverse_lazy("password_reset"), "notice": "", "towers": None},
    )
)
logout = before_factor(SignOut.as_view())
password_reset = auth.PasswordResetView.as_view(
    template_name="password_reset.html",
    form_class=ResetForm,
    email_template_name="password_email.txt",
    subject_template_name="password_subject.txt",
    success_url=reverse_lazy("password_sent"),
)
password_sent = auth.PasswordResetDoneView.as_view(template_name="password_sent.html")
password_confirm = NewPassword.as_view(
    template_name="password_confirm.html", form_class=NewPasswordForm, success_url=reverse_lazy("password_done")
)
password_done = auth.PasswordResetCompleteView.as_view(template_name="password_done.html")


@before_factor
@require_http_methods(["GET", "HEAD", "POST"])
def theme(request: HttpRequest) -> HttpResponse:
    """Remember the theme in a cookie the server reads, so that no page flashes; go back to where the person was."""
    if request.method != "POST":
        return redirect(settings.LOGIN_REDIRECT_URL)
    chosen = request.POST.get("theme", "")
    back = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
        back = "/"
    response = HttpResponseRedirect(back)
    if not chosen:
        response.delete_cookie("theme", samesite="Lax")
    elif chosen in THEMES:
        response.set_cookie("theme", chosen, max_age=YEAR, samesite="Lax", httponly=True, secure=settings.HTTPS)
    return response


@login_required
def profile(request: HttpRequest) -> HttpResponse:
    """Who I am here: my appointments and how to change the password."""
    user: Any = request.user
    appointments = user.appointments.active().select_related("region", "municipality__region", "school")
    context = {"appointments": appointments, "person": user, "tokens": counts_of(user)}
    return render(request, "profile.html", context)


@before_factor
def accessibility(request: HttpRequest) -> HttpResponse:
    """How the portal is read by everyone."""
    return render(request, "accessibility.html")


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that came without its token: say what to do, keep nothing."""
    return render(request, "errors/403.html", {"reason": "csrf"}, status=403)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400."""
    return render(request, "errors/400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403."""
    return render(request, "errors/403.html", status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: the page is not there, or is not for this person to see; both read the same."""
    return render(request, "errors/404.html", status=404)


def broken(request: HttpRequest) -> HttpResponse:
    """500: rendered without any context, for the fault may be anywhere."""
    return render(None, "errors/500.html", status=500)  # type: ignore[arg-type]
