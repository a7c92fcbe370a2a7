"""For what a table may be: recent weeks and months, as one choice; a month is kept under its last day's week (pure)."""

import datetime
import re

from reports.weeks import IsoWeek
from schools.texts import NBSP, date_text, week_title

WEEKS, MONTHS = 16, 12
NAMES = tuple("январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь".split())
WEEK, MONTH = 1, 2  # as FigurePeriod has them
_MONTH = re.compile(r"(20[0-9]{2})-(0[1-9]|1[0-2])", re.ASCII)


def week_of_month(text: str) -> IsoWeek:
    """«2026-10» → the week of 31 October. Raises ValueError with a Russian sentence for anything else."""
    found = _MONTH.fullmatch(text.strip())
    if found is None:
        raise ValueError(f"Месяц пишется так: 2026-10. Получено: «{text[:20]}».")
    year, month = int(found[1]), int(found[2])
    first_of_next = datetime.date(year + month // 12, month % 12 + 1, 1)
    return IsoWeek.of(first_of_next - datetime.timedelta(days=1))


def parse(text: str) -> tuple[IsoWeek, int]:
    """«2026-W47» or «2026-10» → (week, period). Raises ValueError with a Russian sentence."""
    if "W" in text.upper():
        return IsoWeek.parse(text), WEEK
    return week_of_month(text), MONTH


def month_of(week: IsoWeek) -> tuple[int, int]:
    """(year, month) of the month whose last day is in a week; of a week without one, its Monday's month."""
    days = [week.monday + datetime.timedelta(days=day) for day in range(7)]
    last = next((day for day in days if (day + datetime.timedelta(days=1)).day == 1), week.monday)
    return last.year, last.month


def title_of(week: IsoWeek, period: int) -> str:
    """«47-я неделя, 16–22 ноября» or «октябрь 2026»."""
    if period == WEEK:
        return week_title(week.week, week.monday, week.sunday)
    year, month = month_of(week)
    return f"{NAMES[month - 1]} {year}"


def opens_on(week: IsoWeek, period: int) -> datetime.date:
    """The first day on which there may be figures: the Monday of a week, the last day of a month."""
    if period == WEEK:
        return week.monday
    year, month = month_of(week)
    return datetime.date(year + month // 12, month % 12 + 1, 1) - datetime.timedelta(days=1)


def too_early(week: IsoWeek, period: int, today: datetime.date) -> str:
    """Why a table cannot be for such a time yet, in Russian; empty where it can."""
    opens = opens_on(week, period)
    if opens <= today:
        return ""
    if period == WEEK:
        return f"Неделя {week} ещё не началась: чисел за неё быть не может."
    name = NAMES[opens.month - 1].capitalize() + (f" {opens.year}" if opens.year != today.year else "")
    return f"{name} ещё не кончился: его таблицу можно внести с{NBSP}{date_text(opens, today)}."


def choices(today: datetime.date) -> list[tuple[str, list[tuple[str, str]]]]:
    """Groups of a select: weeks up to the present one, then months that are over or on their last day; newest first."""
    now = IsoWeek.of(today)
    weeks = [(str(week), title_of(week, WEEK)) for week in reversed(now.back(WEEKS))]
    months = []
    first = (today + datetime.timedelta(days=1)).replace(day=1)  # of the month after the newest offered
    for back in range(1, MONTHS + 1):
        year, month = divmod(first.year * 12 + first.month - 1 - back, 12)
        months.append((f"{year}-{month + 1:02d}", f"{NAMES[month]} {year}"))
    return [("Неделя", weeks), ("Месяц", months)]
