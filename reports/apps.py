"""The app as Django sees it."""

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    """reports."""

    name = "reports"
    verbose_name = "Отчёты"
