"""Signing in: by login or by e-mail, with a pause after five wrong passwords."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from schools.models import User


class LoginOrEmailBackend(ModelBackend):
    """Django's own check of a password, for people who type their e-mail instead of their login."""

    def authenticate(  # type: ignore[override]
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **kwargs: Any
    ) -> User | None:
        """Return the user, or None; takes the same time whether or not the account exists."""
        if username and "@" in username:
            known = User.objects.filter(email__iexact=username.strip()).values_list("username", flat=True).first()
            username = known or username
        found: User | None = super().authenticate(request, username=username, password=password, **kwargs)
        return found


def locked_out(request: HttpRequest, credentials: dict[str, Any], *args: Any, **kwargs: Any) -> HttpResponse:
    """Answer to a person who must wait: 429 with the term."""
    response = render(request, "errors/429.html", status=429)
    response["Retry-After"] = "900"
    return response
