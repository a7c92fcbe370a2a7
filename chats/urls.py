"""Addresses of chats, the library and useful resources; an act's page is in reports, which knows what rests on it."""

from django.urls import path

from chats import views
from chats.talks.urls import urlpatterns as talks

urlpatterns = [
    path("library/", views.library, name="library"),
    path("resources/", views.resources, name="resources"),
    path("resources/new/", views.resource_new, name="resource_new"),
    path("resources/<int:pk>/edit/", views.resource_edit, name="resource_edit"),
    *talks,
]
