"""Addresses of one's own webhooks."""

from django.urls import path

from schools.webhooks import views

urlpatterns = [
    path("profile/webhooks/", views.webhooks, name="webhooks"),
    path("profile/webhooks/new/", views.new, name="webhook_new"),
    path("profile/webhooks/<int:pk>/", views.webhook, name="webhook"),
    path("profile/webhooks/<int:pk>/act/", views.act, name="webhook_act"),
]
