"""What people did in a week, what was counted from it, and the ratings published."""

from reports.models.activity import ActivityCoverage, ActivityLoad, ChatActivity, Holiday, StaffActivity
from reports.models.alerts import ChangeAlert, Direction
from reports.models.chats import CaseWeek, ChatCount, SchoolChats
from reports.models.checks import CheckCount, CheckRequest, CheckRun
from reports.models.confirmations import WeekConfirmation, Word
from reports.models.figures import (
    CompositeRule,
    Feed,
    FigureLoad,
    FigurePeriod,
    FigureSource,
    FigureStage,
    IndicatorFeed,
    PlaceFigure,
    RegionFigure,
    SchoolFigure,
)
from reports.models.holds import Hold, HoldDecision, HoldRule, Verdict
from reports.models.public import PublicRating
from reports.models.ratings import (
    LateNotice,
    Rating,
    RatingPlace,
    RatingRow,
    RatingState,
    Target,
    UsageRule,
    WeekRun,
)
from reports.models.steps import FINISHED, SchoolStep, StepCount, StepEvent, StepState
from reports.models.weeks import SchoolWeek

__all__ = [
    "FINISHED",
    "ActivityCoverage",
    "ActivityLoad",
    "CaseWeek",
    "ChangeAlert",
    "ChatActivity",
    "ChatCount",
    "CheckCount",
    "CheckRequest",
    "CheckRun",
    "CompositeRule",
    "Direction",
    "Feed",
    "FigureLoad",
    "FigurePeriod",
    "FigureSource",
    "FigureStage",
    "Hold",
    "HoldDecision",
    "HoldRule",
    "Holiday",
    "IndicatorFeed",
    "LateNotice",
    "PlaceFigure",
    "PublicRating",
    "Rating",
    "RatingPlace",
    "RatingRow",
    "RatingState",
    "RegionFigure",
    "SchoolChats",
    "SchoolFigure",
    "SchoolStep",
    "SchoolWeek",
    "StaffActivity",
    "StepCount",
    "StepEvent",
    "StepState",
    "Target",
    "UsageRule",
    "Verdict",
    "WeekConfirmation",
    "WeekRun",
    "Word",
]
