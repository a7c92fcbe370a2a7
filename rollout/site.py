"""The admin site: its Russian titles, the portal's own door in front of it, and nothing for those outside the staff."""

from collections.abc import Callable
from functools import update_wrapper
from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.views import LogoutView, redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme


class PortalAdminSite(AdminSite):
    """The admin of the portal: people sign in at /login/, where guesses are counted."""

    site_header = "Портал внедрения"
    site_title = "Портал внедрения"
    index_title = "Управление данными"
    site_url = "/"
    empty_value_display = "—"

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Send a visitor to the portal's door; for somebody signed in without the right there is nothing here."""
        wanted = request.GET.get(REDIRECT_FIELD_NAME, "")
        if not url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure()):
            wanted = reverse("admin:index")
        if not request.user.is_authenticated:
            return redirect_to_login(wanted)
        if not self.has_permission(request):
            raise Http404
        return HttpResponseRedirect(wanted)

    def logout(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """Sign out to the portal's door."""
        return LogoutView.as_view(next_page=reverse("login"))(request)

    def admin_view(self, view: Callable[..., Any], cacheable: bool = False) -> Any:
        """Guard a view as Django does, but hide it from those who are signed in without the right."""
        guarded = super().admin_view(view, cacheable)

        def hidden(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.user.is_authenticated and not self.has_permission(request):
                raise Http404
            return guarded(request, *args, **kwargs)

        return update_wrapper(hidden, guarded)
