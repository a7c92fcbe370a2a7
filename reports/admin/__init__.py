"""What was delivered, counted and published, in the admin."""

from reports.admin import activity, changes, figures, holds, plans, ratings, steps

__all__ = ["activity", "changes", "figures", "holds", "plans", "ratings", "steps"]
