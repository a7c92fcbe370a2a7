"""What every response gets: no caching of signed-in pages, and a calm page when the database is out of reach."""

from collections.abc import Callable

from django.db.utils import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers, patch_vary_headers

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
