"""Addresses of the second factor."""

from django.urls import path

from schools.second_factor import views

urlpatterns = [
    path("second-factor/", views.ask, name="second_factor"),
    path("second-factor/setup/", views.set_up, name="second_factor_setup"),
    path("second-factor/manage/", views.manage, name="second_factor_manage"),
]
