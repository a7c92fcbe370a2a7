"""The ISO week: the only place that does calendar arithmetic."""

import datetime
import re
from dataclasses import dataclass
from zoneinfo import ZoneInfo

MOSCOW = ZoneInfo("Europe/Moscow")  # one closing rule for eleven time zones: a week ends with Moscow's Sunday
CORRECTIONS_END = datetime.time(10)  # of the Monday after a week, by the clock of the region: our closing rule
COUNTED_FROM = datetime.time(11)  # in Moscow: 10:00 in Kaliningrad, the last region to reach it
_PATTERN = re.compile(r"(?P<year>\d{4})-?W(?P<week>\d{2})", re.ASCII)


@dataclass(frozen=True, slots=True, order=True)
class IsoWeek:
    """A week of ISO 8601: Monday to Sunday; its year is the year of its Thursday.

    Raises ValueError for a week that its year does not have (2025-W53).
    """

    year: int
    week: int

    def __post_init__(self) -> None:
        if not 2000 <= self.year <= 2099:
            raise ValueError(f"Год {self.year} вне пределов 2000–2099.")
        try:
            datetime.date.fromisocalendar(self.year, self.week, 1)
        except ValueError as error:
            raise ValueError(f"В {self.year} году нет {self.week}-й недели.") from error

    @classmethod
    def of(cls, day: datetime.date) -> "IsoWeek":
        """Return the week a day belongs to."""
        year, week, _ = day.isocalendar()
        return cls(year, week)

    @classmethod
    def at(cls, moment: datetime.datetime) -> "IsoWeek":
        """Return the week of an aware moment, by Moscow time."""
        return cls.of(moment.astimezone(MOSCOW).date())

    @classmethod
    def parse(cls, text: str) -> "IsoWeek":
        """Return the week written as 2026-W47 or 2026W47.

        Raises ValueError with a Russian sentence for anything else.
        """
        match = _PATTERN.fullmatch(text.strip().upper())
        if match is None:
            raise ValueError(f"Неделя пишется так: 2026-W47. Получено: «{text[:20]}».")
        return cls(int(match["year"]), int(match["week"]))

    @classmethod
    def from_number(cls, number: int) -> "IsoWeek":
        """Return the week behind the database's number: 202647 is 2026-W47."""
        return cls(*divmod(number, 100))

    @property
    def number(self) -> int:
        """What the database stores: 202647; it sorts as the weeks do."""
        return self.year * 100 + self.week

    @property
    def monday(self) -> datetime.date:
        """First day."""
        return datetime.date.fromisocalendar(self.year, self.week, 1)

    @property
    def sunday(self) -> datetime.date:
        """Last day."""
        return datetime.date.fromisocalendar(self.year, self.week, 7)

    @property
    def closes_at(self) -> datetime.datetime:
        """The moment the week is over: Monday 00:00 in Moscow."""
        day = self.sunday + datetime.timedelta(days=1)
        return datetime.datetime(day.year, day.month, day.day, tzinfo=MOSCOW)

    @property
    def counts_at(self) -> datetime.datetime:
        """The moment the schedule counts the week: Monday 11:00 in Moscow, when corrections have ended everywhere."""
        return datetime.datetime.combine(self.closes_at.date(), COUNTED_FROM, tzinfo=MOSCOW)

    def shift(self, weeks: int) -> "IsoWeek":
        """Return the week so many weeks later (earlier if negative)."""
        return IsoWeek.of(self.monday + datetime.timedelta(weeks=weeks))

    def back(self, count: int) -> list["IsoWeek"]:
        """Return this week and those before it, `count` in all, the oldest first."""
        return [self.shift(-step) for step in reversed(range(count))]

    def is_over(self, now: datetime.datetime) -> bool:
        """Tell whether the week has ended by Moscow time."""
        return now >= self.closes_at

    @property
    def school_year(self) -> int:
        """The year in which the school year of this week's Sunday began (1 September)."""
        return self.sunday.year if self.sunday.month >= 9 else self.sunday.year - 1

    def __str__(self) -> str:
        return f"{self.year}-W{self.week:02d}"


def corrections_until(week: IsoWeek, zone: ZoneInfo) -> datetime.datetime:
    """Until when a week's data may be put right before it is final: Monday 10:00 of the region's own time zone."""
    return datetime.datetime.combine(week.shift(1).monday, CORRECTIONS_END, tzinfo=zone)


MOST_WEEKS = 60  # of a range: a school year and more


def parse_range(text: str) -> list[IsoWeek]:
    """Return the weeks of 2026-W30..2026-W40, the oldest first; a single week is a range of one.

    Raises ValueError with a Russian sentence for anything else, an empty range or one longer than MOST_WEEKS.
    """
    first, _, last = text.partition("..")
    begins, ends = IsoWeek.parse(first), IsoWeek.parse(last or first)
    if begins > ends:
        raise ValueError(f"Промежуток недель пуст: {begins} позже, чем {ends}. Поменяйте их местами.")
    count = (ends.monday - begins.monday).days // 7 + 1
    if count > MOST_WEEKS:
        raise ValueError(f"В промежутке {count} недель, а можно не больше {MOST_WEEKS}. Разделите его на части.")
    return ends.back(count)


def last_finished(now: datetime.datetime) -> IsoWeek:
    """Return the latest week that is over at an aware moment."""
    return IsoWeek.at(now).shift(-1)


def last_due(now: datetime.datetime) -> IsoWeek:
    """Return the latest week that the schedule has to have counted at an aware moment: its corrections have ended."""
    week = last_finished(now)
    return week if now >= week.counts_at else week.shift(-1)
