"""The app as Django sees it."""

from django.apps import AppConfig


class StaffConfig(AppConfig):
    """staff."""

    name = "staff"
    verbose_name = "Сотрудники"
