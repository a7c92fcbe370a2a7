"""The passports of the indicators: part, whole, why, legal act, direction, source, limits."""

from reports.indicators.chats import CHAT_INDICATORS
from reports.indicators.kinds import Indicator, Period, Theme
from reports.indicators.my_school import MY_SCHOOL_INDICATORS
from reports.indicators.public import PUBLIC_INDICATORS
from reports.indicators.score import COMPOSITE
from reports.indicators.sferum import SFERUM_INDICATORS

__all__ = [
    "COMPOSITE",
    "INDICATORS",
    "INDICATOR_BY_KEY",
    "INDICATOR_BY_NUMBER",
    "MAIN_INDICATOR",
    "USE_INDICATOR",
    "Indicator",
    "Period",
    "Theme",
    "indicator_choices",
]

INDICATORS = (*SFERUM_INDICATORS, *CHAT_INDICATORS, *MY_SCHOOL_INDICATORS, *PUBLIC_INDICATORS, COMPOSITE)
INDICATOR_BY_KEY = {indicator.key: indicator for indicator in INDICATORS}
INDICATOR_BY_NUMBER = {indicator.number: indicator for indicator in INDICATORS}
# What pages, REST and files open with at every level: it is ranked at all of them, moves every week, and its formula is
# plain. Indicator 10 is for a school only «да» or «нет», without a place, and hangs on a rule of ours.
MAIN_INDICATOR = INDICATOR_BY_KEY["staff_active"]
USE_INDICATOR = INDICATOR_BY_KEY["r210_10"]  # the one the configurable rule «использует» defines


def indicator_choices() -> list[tuple[int, str]]:
    """Return (number, name) pairs for form fields."""
    return [(indicator.number, indicator.short_name) for indicator in INDICATORS]
