"""What was delivered, counted and published, in the admin."""

from reports.admin import activity, plans, ratings, steps

__all__ = ["activity", "plans", "ratings", "steps"]
