"""Addresses of the register and of reconciliations."""

from django.urls import path

from schools.reconciling import views

urlpatterns = [
    path("register/", views.register, name="register"),
    path("register/ours.xlsx", views.ours, name="register_file"),
    path("register/<int:pk>/", views.reconciliation, name="reconciliation"),
    path("register/<int:pk>/progress/", views.progress, name="reconciliation_progress"),
    path("register/<int:pk>/act/", views.act, name="reconciliation_act"),
    path("register/<int:pk>/open.xlsx", views.open_lines, name="reconciliation_open"),
    path("register/<int:pk>/<str:key>/", views.line, name="reconciliation_line"),
]
