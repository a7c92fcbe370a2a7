"""The count of a week, composed from data: sources and counts, wide rows, shares and ranks."""

from reports.counting.week import CountRefused, count_week

__all__ = ["CountRefused", "count_week"]
