"""What people did in a week, what was counted from it, and the ratings published."""

from reports.models.activity import ActivityCoverage, ActivityLoad, ChatActivity, Holiday, StaffActivity
from reports.models.chats import CaseWeek, ChatCount, SchoolChats
from reports.models.checks import CheckCount, CheckRequest, CheckRun
from reports.models.ratings import (
    Rating,
    RatingPlace,
    RatingRow,
    RatingState,
    SchoolWeek,
    Target,
    UsageRule,
    WeekRun,
)
from reports.models.steps import FINISHED, SchoolStep, StepCount, StepEvent, StepState

__all__ = [
    "FINISHED",
    "ActivityCoverage",
    "ActivityLoad",
    "CaseWeek",
    "ChatActivity",
    "ChatCount",
    "CheckCount",
    "CheckRequest",
    "CheckRun",
    "Holiday",
    "Rating",
    "RatingPlace",
    "RatingRow",
    "RatingState",
    "SchoolChats",
    "SchoolStep",
    "SchoolWeek",
    "StaffActivity",
    "StepCount",
    "StepEvent",
    "StepState",
    "Target",
    "UsageRule",
    "WeekRun",
]
