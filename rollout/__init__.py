"""Wiring only: settings, addresses, Celery, Jinja2; no models and no rules."""

from rollout.celery import app as celery_app

__all__ = ["celery_app"]
