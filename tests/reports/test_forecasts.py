"""Paces and promises: reports/forecasts.py."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.forecasts import Way, between, pace, promise, weeks_to
from reports.weeks import IsoWeek

WEEK = IsoWeek(2026, 46)
shares = st.floats(0, 1)


def rising(count: int, by: float = 0.02, first: float = 0.5) -> list[float | None]:
    return [first + by * n for n in range(count)]


@given(st.floats(-0.1, 0.1), shares, st.integers(4, 12))
def test_a_straight_line_has_its_own_pace(by: float, first: float, count: int) -> None:
    assert pace(rising(count, by, first), [False] * count) == pytest.approx(by, abs=1e-9)


def test_one_odd_week_does_not_move_the_pace() -> None:
    values = rising(6)
    values[3] = 0.0

    assert pace(values, [False] * 6) == pytest.approx(0.02, abs=0.002)


def test_holidays_are_out_of_the_line_with_their_time() -> None:
    values: list[float | None] = [0.50, 0.52, 0.01, 0.02, 0.54, 0.56]

    assert pace(values, [False, False, True, True, False, False]) == pytest.approx(0.02)


def test_a_week_without_data_takes_its_time_and_gives_no_slope() -> None:
    values = rising(7)
    values[2] = None

    assert pace(values, [False] * 7) == pytest.approx(0.02)


def test_only_the_last_six_weeks_count() -> None:
    assert pace([*[0.9] * 6, *rising(6)], [False] * 12) == pytest.approx(0.02)


def test_three_weeks_promise_nothing_and_say_so() -> None:
    values = rising(3)

    assert pace(values, [False] * 3) is None
    assert "прогноза нет" in promise(values, [False] * 3, 0.9, WEEK, None)


def test_a_target_is_met_in_the_week_the_pace_says() -> None:
    assert promise(rising(6), [False] * 6, 0.9, WEEK, None) == (
        "При таком темпе цель 90\u00a0% будет к 8-й неделе 2027 года."
    )


@pytest.mark.parametrize(
    "due, words",
    [
        (IsoWeek(2027, 8), "в срок: нужна к 8-й неделе 2027 года"),
        (IsoWeek(2027, 7), "на 1\u00a0неделю позже срока"),
        (IsoWeek(2026, 53), "на 8\u00a0недель позже срока"),
    ],
)
def test_a_promise_is_held_against_the_date(due: IsoWeek, words: str) -> None:
    assert words in promise(rising(6), [False] * 6, 0.9, WEEK, due)


def test_a_line_that_stands_or_falls_reaches_nothing() -> None:
    for by in (0.0, 0.0004, -0.02):
        assert promise(rising(6, by), [False] * 6, 0.9, WEEK, None) == "При таком темпе цели 90\u00a0% не будет."


def test_nothing_is_promised_where_nothing_is_asked_or_all_is_done() -> None:
    off = [False] * 6

    assert promise(rising(6), off, None, WEEK, None) == ""
    assert promise(rising(6), off, 0.6, WEEK, None) == ""
    assert promise([*rising(5), None], off, 0.9, WEEK, None) == ""


@given(shares, shares, st.floats(0.001, 0.2))
def test_in_the_week_said_the_line_is_there_and_a_week_before_it_is_not(
    last: float, target: float, speed: float
) -> None:
    weeks = weeks_to(last, target, speed)

    if weeks:
        assert last + speed * weeks >= target - 1e-6
        assert last + speed * (weeks - 1) < target + 1e-6


def test_a_way_is_straight_from_its_first_week_to_its_date() -> None:
    way = Way(IsoWeek(2026, 50), 0.5, IsoWeek(2027, 1), 0.9)

    found = [way.at(IsoWeek(2026, 49).shift(step)) for step in range(7)]

    assert between(way.starts, way.due) == 4  # 2026 has 53 weeks
    assert found == [None, *[pytest.approx(0.5 + 0.1 * n) for n in range(5)], None]
