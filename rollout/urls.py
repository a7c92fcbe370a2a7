"""Every address of the portal."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("admin/", admin.site.urls),
    path("", include("schools.urls")),
    path("", include("staff.urls")),
    path("", include("reports.urls")),
]

handler400 = "schools.views.bad_request"
handler403 = "schools.views.forbidden"
handler404 = "schools.views.not_found"
handler500 = "schools.views.broken"
