"""Addresses of the page bench: the portal's, and the base page without content, which is the floor."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from rollout.urls import handler400, handler403, handler404, handler500, urlpatterns

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]


@login_required
def base(request: HttpRequest) -> HttpResponse:
    """The logged-in base page: session, user, appointments, the bar; nothing between header and footer."""
    return render(request, "base.html")


urlpatterns = [path("bench-base/", base), *urlpatterns]
