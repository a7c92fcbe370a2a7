"""The line of a place's weeks as its page draws it: with its target, the way there, the forecast and its words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from reports.charts import LineSpec, line_chart
from reports.forecasts import Way, promise
from reports.indicators import Indicator
from reports.models import RatingRow
from reports.reading import rows as read
from reports.reading.figures import Row, shown_share
from reports.reading.sentences import trend
from reports.reading.weeks import HISTORY, Chosen
from reports.weeks import IsoWeek
from schools.models import Region
from schools.scope import Level
from schools.texts import ordinal

AHEAD = 4  # weeks of a way drawn beyond the last one


@dataclass(frozen=True, slots=True)
class Curve:
    """Whose line of which indicator, and the goal set for it."""

    level: Level
    place_id: int
    region: Region
    indicator: Indicator
    goal: read.Goal | None


def line_of(line: Curve, chosen: Chosen, rows: Mapping[tuple[int, int], Row]) -> dict[str, Any]:
    """The chart of twelve weeks, wide and narrow, its title, its promise and its table."""
    history = chosen.history(HISTORY)
    values = read.shares_of(rows, history, line.indicator)
    named = read.holidays(history, line.region)
    breaks = [week.week in named for week, _ in history]
    target, due = (line.goal.value, line.goal.due) if line.goal else (None, None)
    found = trend(values, target, breaks)
    weeks = [week.week for week, _ in history]
    ahead = _drawn(_way(line, chosen, values), chosen)
    spec = LineSpec(weeks, values, target, named, found.ahead, title=line.indicator.short_name, way=ahead)
    caption = f"{line.indicator.short_name}, %, {weeks[0]}–{ordinal(weeks[-1])} недели"
    caption += "; бледное — прогноз" if found.ahead else ""
    return {
        "known": any(value is not None for value in values),
        "title": found.title,
        "caption": caption + ("; длинный пунктир — путь к сроку" if ahead else ""),
        "promise": promise(values, breaks, target, chosen.week, due),
        "wide": line_chart(spec),
        "narrow": line_chart(spec, width=350),
        "table": [(week, value, named.get(week.week, "")) for (week, _), value in zip(history, values, strict=True)],
    }


def _drawn(way: Way | None, chosen: Chosen) -> list[float | None]:
    """Where the line should be in the weeks shown, and in the few after them until the date."""
    if way is None or way.due < chosen.week.shift(1 - HISTORY):
        return []
    weeks = [week for week, _ in chosen.history(HISTORY)]
    weeks += [week for step in range(1, AHEAD + 1) if (week := chosen.week.shift(step)) <= way.due]
    return [way.at(week) for week in weeks]


def _way(line: Curve, chosen: Chosen, values: Sequence[float | None]) -> Way | None:
    """The straight line from what the place had in the goal's first week; None without a date or a first share.

    Where the first week was not measured, from the first one after it that was.
    """
    goal = line.goal
    if goal is None or goal.due is None or goal.starts is None:
        return None
    first = chosen.history(HISTORY)[0][0]
    known = [] if goal.starts >= first else [(goal.starts, _share_of(line, chosen, goal.starts))]
    known += [(week, value) for (week, _), value in zip(chosen.history(HISTORY), values, strict=True)]
    for week, share in known:
        if share is not None and goal.starts <= week < goal.due:
            return Way(week, share, goal.due, goal.value)
    return None


def _share_of(line: Curve, chosen: Chosen, week: IsoWeek) -> float | None:
    """The share of a week before those shown; one query."""
    rating = next((each for each in chosen.ratings if each.week == week.number), None)
    rows = RatingRow._default_manager.filter(
        rating=rating, indicator=line.indicator.number, level=line.level, place_id=line.place_id
    )
    found = rows.values_list("part", "whole").first() if rating else None
    return shown_share(line.indicator, *found) if found else None
