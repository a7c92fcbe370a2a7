"""Every address of the portal."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from rollout import health

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("admin/", admin.site.urls),
    path("api/v1/", include("rollout.api")),
    path("", include("schools.urls")),
    path("", include("staff.urls")),
    path("", include("chats.urls")),
    path("", include("reports.urls")),
]

handler400 = "schools.views.bad_request"
handler403 = "schools.views.forbidden"
handler404 = "schools.views.not_found"
handler500 = "schools.views.broken"
