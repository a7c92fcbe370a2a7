"""The school year: it begins on 1 September and is named by the year in which it began."""

import datetime


def school_year_of(day: datetime.date) -> int:
    """Return 2026 for any day from 1 September 2026 to 31 August 2027."""
    return day.year if day.month >= 9 else day.year - 1


def school_year_title(year: int) -> str:
    """«2026/27»."""
    return f"{year}/{(year + 1) % 100:02d}"
