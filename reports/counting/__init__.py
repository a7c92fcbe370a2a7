"""The count of a week, composed from data: sources and counts, wide rows, shares and ranks."""

from reports.counting.week import CountRefused, ReasonNeeded, count_week, preview_week

__all__ = ["CountRefused", "ReasonNeeded", "count_week", "preview_week"]
