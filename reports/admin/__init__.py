"""What was delivered, counted and published, in the admin."""

from reports.admin import activity, figures, holds, plans, ratings, steps

__all__ = ["activity", "figures", "holds", "plans", "ratings", "steps"]
