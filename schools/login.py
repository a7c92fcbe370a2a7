"""Signing in: by login or by e-mail, with a pause after too many wrong passwords."""

from typing import Any, cast

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.views import LoginView, PasswordResetConfirmView
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from schools.forms import LoginForm
from schools.models import User
from schools.own_tokens.services import counts_of
from schools.texts import counted
from schools.tries import Knock, knock, remember_device


class LoginOrEmailBackend(ModelBackend):
    """Django's own check of a password, counted, and for people who type their e-mail instead of their login."""

    def authenticate(  # type: ignore[override]
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **kwargs: Any
    ) -> User | None:
        """Return the user, or None; takes the same time whether or not the account exists.

        Raises PermissionDenied, which ends Django's `authenticate`, where the password may not be looked at.
        """
        if not username or password is None:
            return None
        known = _known_as(username.strip())
        trial = _counted(request, key_of(known[0]) if known else f"text {username.strip().casefold()[:150]}")
        if trial is not None and not trial.admitted:
            raise PermissionDenied
        name = known[1] if known and "@" in username else username
        found: User | None = super().authenticate(request, username=name, password=password, **kwargs)
        if found is not None and trial is not None:
            trial.opened()
        return found


def key_of(pk: int) -> str:
    """Under which a person's tries are counted."""
    return f"user {pk}"


def _known_as(typed: str) -> tuple[int, str] | None:
    """Whom a typed login or e-mail means, in whatever case it is written: (id, login); one query, known or not."""
    same = Q(username__iexact=typed) | Q(username=typed.casefold()) | Q(email__iexact=typed)
    found = list(User.objects.filter(same).order_by("pk").values_list("pk", "username", "email")[:10])
    by_email = [(pk, name) for pk, name, email in found if "@" in typed and email.casefold() == typed.casefold()]
    exact = [(pk, name) for pk, name, _ in found if name == typed]
    return next(iter([*by_email, *exact, *((pk, name) for pk, name, _ in found)]), None)


def _counted(request: HttpRequest | None, person: str) -> Knock | None:
    """Count the try of a request and leave the count there for the form; commands have no request."""
    if request is None:
        return None
    request.__dict__["knock"] = knock(request, person)
    return cast(Knock, request.__dict__["knock"])


class SignIn(LoginView):
    """The door: after too many wrong passwords it stays shut for a while, for known and unknown logins alike."""

    template_name = "login.html"
    form_class = LoginForm
    redirect_authenticated_user = True

    def form_valid(self, form: Any) -> HttpResponse:
        """Let the person in; the next time this browser is known."""
        response = super().form_valid(form)
        remember_device(self.request, response, key_of(form.get_user().pk))
        return response

    def form_invalid(self, form: Any) -> HttpResponse:
        """Say what was wrong, or how long to wait."""
        trial = self.request.__dict__.get("knock")
        return super().form_invalid(form) if trial is None or trial.admitted else _must_wait(self.request, trial.wait)


class NewPassword(PasswordResetConfirmView):
    """A new password by a link from a letter: whoever reads the person's mail is no stranger to the door."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Beside the form, whether tokens of REST end with the old password."""
        context = super().get_context_data(**kwargs)
        tokens = counts_of(cast(User, self.user))["working"] if context["validlink"] else 0
        return context | {"tokens": tokens}

    def form_valid(self, form: Any) -> HttpResponse:
        """Save the password; this browser is known from now on, so that a siege of the door does not keep her out."""
        response = super().form_valid(form)
        remember_device(self.request, response, key_of(cast(User, self.user).pk))
        return response


def _must_wait(request: HttpRequest, seconds: int) -> HttpResponse:
    """Answer to a person who must wait: 429 with the term."""
    minutes = counted(-(-seconds // 60), "минуту", "минуты", "минут")
    message = f"Подождите {minutes} и попробуйте снова. Пароль за это время можно сбросить по ссылке на почту."
    response = render(request, "errors/429.html", {"message": message}, status=429)
    response["Retry-After"] = str(seconds)
    return response
