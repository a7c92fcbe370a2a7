"""The demo's time: the weeks shown, the school year, its holidays and how quiet they are."""

import datetime
from dataclasses import dataclass
from functools import cached_property, lru_cache

from reports.weeks import MOSCOW, IsoWeek
from schools.years import school_year_of


@dataclass(frozen=True, slots=True)
class Break:
    """Holidays of the whole country, and the share of the usual activity that falls away in them."""

    name: str
    starts_on: datetime.date
    ends_on: datetime.date
    depth: float


def _breaks_of(year: int) -> list[Break]:
    """Holidays of the school year that began in `year`: the usual ones, regions may differ."""
    autumn = IsoWeek.of(datetime.date(year, 10, 29))
    spring = IsoWeek.of(datetime.date(year + 1, 3, 27))
    return [
        Break("осенние каникулы", autumn.monday, autumn.sunday, 0.13),
        Break("зимние каникулы", datetime.date(year, 12, 31), datetime.date(year + 1, 1, 10), 0.75),
        Break("весенние каникулы", spring.monday, spring.sunday, 0.13),
        Break("летние каникулы", datetime.date(year + 1, 6, 1), datetime.date(year + 1, 8, 31), 0.85),
    ]


@dataclass(frozen=True)
class Calendar:
    """The demo as seen on a day: its last week is the last one that was over by then."""

    today: datetime.date
    weeks: tuple[IsoWeek, ...]

    @classmethod
    def of(cls, today: datetime.date, count: int) -> "Calendar":
        """Return the calendar of `count` weeks that ended before a day."""
        return cls(today, tuple(IsoWeek.of(today).shift(-1).back(count)))

    @cached_property
    def years(self) -> list[int]:
        """School years the weeks belong to, the present one last."""
        return sorted({week.school_year for week in self.weeks})

    @cached_property
    def declared_on(self) -> datetime.date:
        """The latest 20 September: the day of form ОО-1."""
        day = datetime.date(self.today.year, 9, 20)
        return day if day <= self.today else day.replace(year=day.year - 1)

    @property
    def breaks(self) -> list[Break]:
        """Holidays of the years shown and of the one before, which is the summer behind us."""
        first = self.years[0]
        return [each for year in range(first - 1, school_year_of(self.today) + 1) for each in _breaks_of(year)]

    def liveliness(self, week: IsoWeek) -> float:
        """Return the share of the usual activity that a week keeps, 1 outside of holidays."""
        return _liveliness(self, week)

    def at(self, day: datetime.date, hour: int, minute: int = 0) -> datetime.datetime:
        """Return a moment of Moscow time."""
        return datetime.datetime(day.year, day.month, day.day, hour, minute, tzinfo=MOSCOW)

    def reported(self, week: IsoWeek) -> datetime.date:
        """The Monday after a week: the day its figures arrive and are published."""
        return week.sunday + datetime.timedelta(days=1)


@lru_cache(maxsize=256)
def _liveliness(calendar: Calendar, week: IsoWeek) -> float:
    kept = 1.0
    for each in calendar.breaks:
        days = (min(each.ends_on, week.sunday) - max(each.starts_on, week.monday)).days + 1
        if days > 0:
            kept -= each.depth * (min(days, 5) / 5) ** 1.5
    return max(0.05, kept)
