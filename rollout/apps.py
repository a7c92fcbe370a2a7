"""The app as Django sees it."""

from django.apps import AppConfig


class RolloutConfig(AppConfig):
    """rollout."""

    name = "rollout"
    verbose_name = "Портал"
