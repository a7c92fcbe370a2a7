"""Addresses of one's own tokens."""

from django.urls import path

from schools.own_tokens import views

urlpatterns = [
    path("profile/tokens/", views.tokens, name="tokens"),
    path("profile/tokens/new/", views.new, name="token_new"),
    path("profile/tokens/revoke/", views.revoke, name="token_revoke"),
]
