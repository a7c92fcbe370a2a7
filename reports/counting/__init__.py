"""The count of a week, composed from data: sources and counts, wide rows, shares and ranks."""

from reports.counting.week import CountBusy, CountRefused, ReasonNeeded, count_week, preview_week

__all__ = ["CountBusy", "CountRefused", "ReasonNeeded", "count_week", "preview_week"]
