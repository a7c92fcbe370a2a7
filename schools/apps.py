"""The app as Django sees it."""

from django.apps import AppConfig


class SchoolsConfig(AppConfig):
    """schools."""

    name = "schools"
    verbose_name = "Школы"
