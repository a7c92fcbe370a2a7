"""What every request passes: private caching, calm about a lost database, the second factor, visits."""

from collections.abc import Callable
from typing import Any

from django.db.utils import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.utils.cache import add_never_cache_headers, patch_vary_headers

from schools.problems import problem_response
from schools.second_factor.services import is_passed
from schools.second_factor.views import led_to
from schools.visits import remember

GetResponse = Callable[[HttpRequest], HttpResponse]


def private_pages(get_response: GetResponse) -> GetResponse:
    """Mark every answer to a signed-in person as private; answers that set their own caching keep it."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        user = getattr(request, "user", None)
        if user is not None and user.is_authenticated and not response.has_header("Cache-Control"):
            add_never_cache_headers(response)
            patch_vary_headers(response, ["Cookie", "Authorization"])
        return response

    return middleware


def told_methods(get_response: GetResponse) -> GetResponse:
    """Say in words, in the portal's look, what Django would answer by an empty 405: this address is not opened so."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if not isinstance(response, HttpResponseNotAllowed) or response.content:
            return response
        page = render(request, "errors/405.html", status=405)
        page["Allow"] = response["Allow"]
        return page

    return middleware


def calm_about_database(get_response: GetResponse) -> GetResponse:
    """Answer 503 with Retry-After when the database does not answer, instead of a 500."""

    def middleware(request: HttpRequest) -> HttpResponse:
        return get_response(request)

    def process_exception(request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, OperationalError | InterfaceError):
            return None
        response = render(request, "errors/503.html", status=503)
        response["Retry-After"] = "15"
        return response

    middleware.process_exception = process_exception  # type: ignore[attr-defined]
    return middleware


def second_factor_gate(get_response: GetResponse) -> GetResponse:
    """Let nobody past a password whose second factor is still to come: pages, the admin and REST by session.

    A bearer token is a credential of its own (schools/rest.py) and is not asked for a code. Views that answer before
    the code are marked by `before_factor`; all others wait.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        return get_response(request)

    def process_view(request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        if getattr(view, "before_factor", False) or _is_by_token(request) or is_passed(request):
            return None
        if request.path.startswith("/api/"):
            return problem_response(403, "Сначала подтвердите вход вторым фактором: откройте портал в браузере.")
        if getattr(request, "htmx", False):
            return HttpResponse(status=204, headers={"HX-Redirect": led_to(request)})
        return redirect(led_to(request))

    middleware.process_view = process_view  # type: ignore[attr-defined]
    return middleware


def _is_by_token(request: HttpRequest) -> bool:
    """Whether REST will know the person by a bearer token, and by nothing else."""
    scheme = request.META.get("HTTP_AUTHORIZATION", "").split()[:1]
    return request.path.startswith("/api/") and [each.lower() for each in scheme] == ["bearer"]


def remember_visit(get_response: GetResponse) -> GetResponse:
    """Write down, once a day, that a person was here; stands after the gate, so that a password alone is no visit."""

    def middleware(request: HttpRequest) -> HttpResponse:
        return get_response(request)

    def process_view(request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        user: Any = request.user
        if user.is_authenticated and is_passed(request):
            remember(user)
        return None

    middleware.process_view = process_view  # type: ignore[attr-defined]
    return middleware
