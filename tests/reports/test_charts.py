"""Numbers become geometry without lying: gaps stay gaps, scales hold, nothing leaves the drawing."""

import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports import charts

SHARES = st.one_of(st.none(), st.floats(0, 1.2))


def coordinates(path: str) -> list[tuple[float, float]]:
    """All places of a path made of M and L commands."""
    return [(float(x), float(y)) for x, y in re.findall(r"[ML](-?[\d.]+) (-?[\d.]+)", path)]


def test_week_without_data_lifts_the_pen() -> None:
    spark = charts.sparkline_path([0.1, 0.2, None, 0.3, 0.4])

    assert spark.path.count("M") == 2
    assert len(coordinates(spark.path)) == 4


def test_lone_week_between_gaps_is_still_seen() -> None:
    spark = charts.sparkline_path([None, 0.2, None])

    assert spark.path.endswith("h0")


def test_last_week_without_data_has_no_dot() -> None:
    assert charts.sparkline_path([0.1, None]).last_x == ""
    assert charts.sparkline_path([]).path == ""


def test_level_line_runs_through_the_middle() -> None:
    spark = charts.sparkline_path([0.5, 0.5, 0.5], height=18)

    assert {y for _, y in coordinates(spark.path)} == {9.0}


def test_one_scale_makes_rows_comparable() -> None:
    low, high = charts.scale_of([[0.2, 0.4], [None, 0.8]])

    lower = charts.sparkline_path([0.2, 0.4], low=low, high=high)
    higher = charts.sparkline_path([0.4, 0.8], low=low, high=high)

    assert (low, high) == (0.2, 0.8)
    assert float(lower.last_y) == coordinates(higher.path)[0][1]


def test_scale_of_nothing_is_the_whole() -> None:
    assert charts.scale_of([[None], []]) == (0.0, 1.0)


@given(st.lists(SHARES, max_size=14), st.one_of(st.none(), st.floats(0, 1)))
def test_sparkline_stays_inside_its_box(values: list[float | None], target: float | None) -> None:
    spark = charts.sparkline_path(values, target=target)

    places = coordinates(spark.path)
    assert len(places) == sum(value is not None for value in values)
    assert all(0 <= x <= spark.width and 0 <= y <= spark.height for x, y in places)


@pytest.mark.parametrize("share, width", [(None, "0"), (0.0, "0"), (0.834, "83.4"), (1.0, "100"), (1.042, "100")])
def test_bar_is_cut_at_its_ends(share: float | None, width: str) -> None:
    assert charts.share_width(share) == width


@pytest.mark.parametrize("share, tone", [(0.79, "bad"), (0.8, "data"), (None, "none")])
def test_bar_is_red_only_below_the_action_threshold(share: float | None, tone: str) -> None:
    assert charts.share_bar(share, target=0.85, act_below=0.8).tone == tone
    assert charts.share_bar(share, target=0.85).tone != "bad"


def test_stack_fills_the_bar_in_order() -> None:
    segments = charts.stack([("есть", 56, "ink"), ("ошибка", 6, "bad"), ("нет", 12, "rest")])

    assert [segment.x for segment in segments] == ["0", "75.7", "83.8"]
    assert math.isclose(sum(float(segment.width) for segment in segments), 100, abs_tol=0.2)


def test_stack_of_nothing_has_no_length() -> None:
    assert [segment.width for segment in charts.stack([("есть", 0, "ink")])] == ["0"]


def test_stack_never_overflows_a_whole_that_is_too_small() -> None:
    segments = charts.stack([("есть", 80, "ink"), ("ещё", 40, "part")], whole=100)

    assert float(segments[-1].x) + float(segments[-1].width) <= 100.1


def test_funnel_row_says_its_numbers_in_words() -> None:
    row = charts.funnel_row(5, "Педагоги внесены", {"done": 688, "working": 60, "stalled": 22, "whole": 776})

    assert row.sentence == "Педагоги внесены: выполнен 688 из\u00a0776, в работе 60, застряли 22"
    assert row.whole_text == ""
    assert row.stalled_text == "22"


def test_losses_grow_left_of_the_axis() -> None:
    gain, loss = charts.changes([("заговорили", 0.015), ("уволились", -0.005)])

    assert (gain.tone, loss.tone) == ("good", "bad")
    assert (loss.x, loss.axis_x, gain.x) == ("0", "25", "25")
    assert gain.width == "75"


WEEKS = list(range(36, 48))
VALUES = [0.66, 0.69, 0.72, 0.73, 0.75, 0.77, 0.78, 0.79, 0.70, 0.80, 0.81, 0.834]


def test_line_chart_names_both_ends_and_the_target() -> None:
    chart = charts.line_chart(charts.LineSpec(WEEKS, VALUES, target=0.85, title="Активные педагоги"))

    assert chart.sentence == ("Активные педагоги: 66,0\u00a0% на 36-й неделе, 83,4\u00a0% на 47-й, цель 85\u00a0%")
    assert chart.target_text == "цель 85"
    assert [tick.text for tick in chart.rows] == ["60", "70", "80", "90"]


def test_line_chart_always_marks_its_last_week() -> None:
    chart = charts.line_chart(charts.LineSpec(WEEKS, VALUES))

    assert (chart.columns[-1].text, chart.columns[-1].strong) == ("47", True)
    assert sum(tick.strong for tick in chart.columns) == 1


def test_two_holiday_weeks_in_a_row_are_one_band() -> None:
    spec = charts.LineSpec(WEEKS, VALUES, holidays={44: "каникулы", 45: "каникулы", 47: "каникулы"})

    assert [band.text for band in charts.line_chart(spec).bands] == ["каникулы", "каникулы"]


def test_forecast_continues_the_line_and_needs_a_last_value() -> None:
    chart = charts.line_chart(charts.LineSpec(WEEKS, VALUES, forecast=[0.84, 0.85]))
    silent = charts.line_chart(charts.LineSpec([46, 47], [0.8, None], forecast=[0.84]))

    assert chart.forecast.startswith(f"M{chart.last_x} {chart.last_y}")
    assert chart.fan.endswith("Z")
    assert silent.forecast == silent.last_text == ""


def test_chart_without_data_says_so() -> None:
    chart = charts.line_chart(charts.LineSpec([46, 47], [None, None], title="Доля"))

    assert chart.sentence == "Доля: данных ещё нет"
    assert chart.path == ""


@given(st.lists(SHARES, min_size=1, max_size=14), st.one_of(st.none(), st.floats(0, 1)))
def test_line_stays_inside_its_frame(values: list[float | None], target: float | None) -> None:
    chart = charts.line_chart(charts.LineSpec(list(range(1, len(values) + 1)), values, target=target))

    assert all(
        chart.left <= x <= float(chart.right) + 0.1 and 9.9 <= y <= float(chart.bottom) + 0.1
        for x, y in coordinates(chart.path)
    )
    assert 2 <= len(chart.rows) <= 8
