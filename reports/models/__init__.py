"""What people did in a week, what was counted from it, and the ratings published."""

from reports.models.activity import ActivityCoverage, ActivityLoad, ChatActivity, Holiday, StaffActivity
from reports.models.ratings import Rating, RatingRow, RatingState, SchoolWeek, Target, UsageRule, WeekRun

__all__ = [
    "ActivityCoverage",
    "ActivityLoad",
    "ChatActivity",
    "Holiday",
    "Rating",
    "RatingRow",
    "RatingState",
    "SchoolWeek",
    "StaffActivity",
    "Target",
    "UsageRule",
    "WeekRun",
]
