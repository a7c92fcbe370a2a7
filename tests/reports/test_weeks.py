"""The ISO week: bounds, years of 53 weeks, Moscow's midnight, what is written and what is stored."""

import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.weeks import IsoWeek, last_finished
from schools.regions import REGIONS

days = st.dates(datetime.date(2001, 1, 1), datetime.date(2098, 12, 31))
weeks = days.map(IsoWeek.of)


@given(days)
def test_every_day_lies_in_its_week(day: datetime.date) -> None:
    week = IsoWeek.of(day)

    assert week.monday <= day <= week.sunday
    assert (week.sunday - week.monday).days == 6


@given(weeks)
def test_week_survives_being_written_and_stored(week: IsoWeek) -> None:
    assert IsoWeek.parse(str(week)) == week
    assert IsoWeek.from_number(week.number) == week


@given(weeks, st.integers(-60, 60))
def test_weeks_follow_one_another(week: IsoWeek, steps: int) -> None:
    moved = week.shift(steps)

    assert (moved.monday - week.monday).days == 7 * steps
    assert (moved.number > week.number) == (steps > 0)


@pytest.mark.parametrize("year", [2020, 2026, 2032, 2037, 2043])
def test_long_years_have_a_fifty_third_week(year: int) -> None:
    assert IsoWeek(year, 53).shift(1) == IsoWeek(year + 1, 1)


@pytest.mark.parametrize("year", [2021, 2024, 2025, 2027])
def test_other_years_have_none(year: int) -> None:
    with pytest.raises(ValueError, match=f"В {year} году нет 53-й недели"):
        IsoWeek(year, 53)


def test_third_of_january_2027_still_belongs_to_2026() -> None:
    week = IsoWeek.of(datetime.date(2027, 1, 3))

    assert (str(week), week.number, week.monday) == ("2026-W53", 202653, datetime.date(2026, 12, 28))


@pytest.mark.parametrize("text", ["2026-47", "2026-W7", "вчера", "", "2026-W٤٧", "2026-W471"])
def test_anything_else_is_refused_in_a_sentence(text: str) -> None:
    with pytest.raises(ValueError, match="Неделя пишется так: 2026-W47"):
        IsoWeek.parse(text)


@given(st.integers(1_577_836_800, 2_208_988_800), st.sampled_from(REGIONS))
def test_a_moment_is_in_one_week_whatever_zone_it_is_told_in(seconds: int, region: object) -> None:
    utc = datetime.datetime.fromtimestamp(seconds, tz=datetime.UTC)

    local = utc.astimezone(ZoneInfo(region.timezone))  # type: ignore[attr-defined]

    assert IsoWeek.at(local) == IsoWeek.at(utc)


def test_week_is_over_at_moscow_midnight_and_not_before() -> None:
    week = IsoWeek(2026, 47)
    midnight = datetime.datetime(2026, 11, 22, 21, tzinfo=datetime.UTC)

    assert week.closes_at == midnight
    assert week.is_over(midnight)
    assert not week.is_over(midnight - datetime.timedelta(seconds=1))
    assert last_finished(midnight) == week


def test_school_year_begins_with_the_week_whose_sunday_is_in_september() -> None:
    assert IsoWeek.of(datetime.date(2026, 8, 30)).school_year == 2025
    assert IsoWeek.of(datetime.date(2026, 8, 31)).school_year == 2026
