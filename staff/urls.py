"""Addresses of staff lists and their uploads."""

from django.urls import path

from staff import views
from staff.rosters.urls import urlpatterns as rosters

urlpatterns = [
    path("schools/<int:pk>/staff/", views.staff_list, name="staff"),
    path("schools/<int:pk>/staff/upload/", views.upload, name="staff_upload"),
    path("schools/<int:pk>/staff/template.xlsx", views.template, name="staff_template"),
    path("imports/", views.import_list, name="imports"),
    path("imports/<int:pk>/", views.import_page, name="import"),
    path("imports/<int:pk>/progress/", views.import_progress, name="import_progress"),
    path("imports/<int:pk>/act/", views.import_act, name="import_act"),
    path("imports/<int:pk>/mistakes.xlsx", views.mistakes, name="import_mistakes"),
    *rosters,
]
