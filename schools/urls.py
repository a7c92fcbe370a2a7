"""Addresses of signing in and of the person's own settings."""

from django.urls import include, path

from schools import views

urlpatterns = [
    path("login/", views.login, name="login"),
    path("logout/", views.logout, name="logout"),
    path("password/", views.password_reset, name="password_reset"),
    path("password/sent/", views.password_sent, name="password_sent"),
    path("password/<uidb64>/<token>/", views.password_confirm, name="password_reset_confirm"),
    path("password/done/", views.password_done, name="password_done"),
    path("profile/", views.profile, name="profile"),
    path("", include("schools.own_tokens.urls")),
    path("", include("schools.webhooks.urls")),
    path("", include("schools.second_factor.urls")),
    path("", include("schools.appointing.urls")),
    path("", include("schools.reconciling.urls")),
    path("theme/", views.theme, name="theme"),
    path("accessibility/", views.accessibility, name="accessibility"),
]
