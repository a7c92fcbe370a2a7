"""How numbers, plurals and dates read in Russian."""

import datetime as dt
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from schools import texts

TODAY = dt.date(2026, 11, 24)
MOSCOW = ZoneInfo("Europe/Moscow")
KRASNOYARSK = ZoneInfo("Asia/Krasnoyarsk")
SCHOOLS = ("школа", "школы", "школ")


@pytest.mark.parametrize(
    "value, digits, text",
    [
        (0, 0, "0"),
        (999, 0, "999"),
        (1000, 0, "1\u2009000"),
        (33146, 0, "33\u2009146"),
        (1148620, 0, "1\u2009148\u2009620"),
        (-1240, 0, "\u22121\u2009240"),
        (2.25, 1, "2,3"),
        (-0.04, 1, "0,0"),
        (None, 0, "нет данных"),
    ],
)
def test_number_has_thin_spaces_comma_and_true_minus(value: float | None, digits: int, text: str) -> None:
    assert texts.number(value, digits) == text


@given(st.integers(-(10**12), 10**12))
def test_number_without_its_spaces_is_the_number(value: int) -> None:
    text = texts.number(value)

    assert int(text.replace("\u2009", "").replace("\u2212", "-")) == value


@pytest.mark.parametrize(
    "share, text",
    [
        (0.834, "83,4\u00a0%"),
        (0, "0,0\u00a0%"),
        (Decimal("1.0419"), "104,2\u00a0%"),
        (0.83449, "83,4\u00a0%"),
        (0.8345, "83,5\u00a0%"),
        (None, "нет данных"),
    ],
)
def test_percent_of_a_share_rounds_half_up(share: float | None, text: str) -> None:
    assert texts.percent(share) == text


def test_whole_percent_has_no_comma() -> None:
    assert texts.percent(0.85, 0) == "85\u00a0%"


def test_share_of_nothing_does_not_apply() -> None:
    assert texts.percent_of(0, 0) == "—"
    assert texts.percent_of(27646, 33146) == "83,4\u00a0%"


@pytest.mark.parametrize(
    "delta, text",
    [
        (0.021, "+2,1\u00a0п.\u00a0п."),
        (-0.004, "\u22120,4\u00a0п.\u00a0п."),
        (0.0004, "=\u00a00,0"),
        (-0.0004, "=\u00a00,0"),
        (0.0005, "+0,1\u00a0п.\u00a0п."),
    ],
)
def test_movement_below_half_a_tenth_is_no_movement(delta: float, text: str) -> None:
    assert texts.points(delta) == text


@pytest.mark.parametrize(
    "n, word",
    [(0, "школ"), (1, "школа"), (2, "школы"), (4, "школы"), (5, "школ"), (11, "школ"), (12, "школ"), (14, "школ")]
    + [(21, "школа"), (22, "школы"), (111, "школ"), (112, "школ"), (121, "школа"), (1001, "школа"), (-1, "школа")],
)
def test_word_agrees_with_its_number(n: int, word: str) -> None:
    assert texts.plural(n, *SCHOOLS) == word
    assert texts.counted(n, *SCHOOLS).endswith(f"\u00a0{word}")


@given(st.integers(0, 10**6))
def test_word_depends_on_the_last_two_digits_only(n: int) -> None:
    assert texts.plural(n, *SCHOOLS) == texts.plural(n % 100, *SCHOOLS) == texts.plural(n + 100, *SCHOOLS)


@pytest.mark.parametrize(
    "whole, text",
    [(47, "3 из\u00a047 школ"), (21, "3 из\u00a021 школы"), (11, "3 из\u00a011 школ"), (4, "3 из\u00a04 школ")],
)
def test_word_after_iz_is_genitive(whole: int, text: str) -> None:
    assert texts.out_of(3, whole, "школы", "школ") == text


def test_out_of_without_a_word_is_two_numbers() -> None:
    assert texts.out_of(27646, 33146) == "27\u2009646 из\u00a033\u2009146"


def test_year_is_written_only_when_it_is_not_the_current_one() -> None:
    assert texts.date_text(dt.date(2026, 11, 20), TODAY) == "20\u00a0ноября"
    assert texts.date_text(dt.date(2025, 11, 20), TODAY) == "20\u00a0ноября\u00a02025"


@pytest.mark.parametrize(
    "week, first, text",
    [
        (47, dt.date(2026, 11, 16), "47-я\u00a0неделя, 16–22\u00a0ноября"),
        (44, dt.date(2026, 10, 26), "44-я\u00a0неделя, 26\u00a0октября — 1\u00a0ноября"),
        (53, dt.date(2026, 12, 28), "53-я\u00a0неделя, 28\u00a0декабря — 3\u00a0января\u00a02027"),
        (48, dt.date(2025, 11, 24), "48-я\u00a0неделя, 24–30\u00a0ноября\u00a02025"),
        (44, dt.date(2025, 10, 27), "44-я\u00a0неделя, 27\u00a0октября — 2\u00a0ноября\u00a02025"),
        (1, dt.date(2025, 12, 29), "1-я\u00a0неделя, 29\u00a0декабря\u00a02025 — 4\u00a0января"),
    ],
)
def test_week_title_names_number_and_days(week: int, first: dt.date, text: str) -> None:
    assert texts.week_title(week, first, first + dt.timedelta(days=6), TODAY) == text


def test_only_today_is_called_today() -> None:
    now = dt.datetime(2026, 11, 24, 9, 0, tzinfo=MOSCOW)

    with timezone.override(MOSCOW):
        today = texts.moment_text(now.replace(hour=6), now=now)
        yesterday = texts.moment_text(now.replace(day=23, hour=6), now=now)

    assert today == "сегодня в\u00a006:00"
    assert yesterday == "23\u00a0ноября в\u00a006:00"


def test_zone_is_named_where_it_is_not_the_readers() -> None:
    now = dt.datetime(2026, 11, 24, 9, 0, tzinfo=MOSCOW)

    with timezone.override(MOSCOW):
        text = texts.moment_text(now.replace(hour=2), zone=KRASNOYARSK, now=now)

    assert text == "сегодня в\u00a006:00 (МСК+4)"


def test_today_is_the_day_of_the_place() -> None:
    night_in_krasnoyarsk = dt.datetime(2026, 11, 23, 21, 0, tzinfo=MOSCOW)

    with timezone.override(MOSCOW):
        text = texts.moment_text(night_in_krasnoyarsk, zone=KRASNOYARSK, now=night_in_krasnoyarsk)

    assert text == "сегодня в\u00a001:00 (МСК+4)"


@pytest.mark.parametrize(
    "zone, name", [("Europe/Moscow", "МСК"), ("Europe/Kaliningrad", "МСК\u22121"), ("Asia/Kamchatka", "МСК+9")]
)
def test_zone_is_counted_from_moscow(zone: str, name: str) -> None:
    assert texts.zone_name(dt.datetime(2026, 11, 24, tzinfo=ZoneInfo(zone))) == name


def test_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="aware"):
        texts.zone_name(dt.datetime(2026, 11, 24))  # noqa: DTZ001 - the naive moment is what is tested


@pytest.mark.parametrize(
    "size, text",
    [
        (0, "0\u00a0байт"),
        (1, "1\u00a0байт"),
        (512, "512\u00a0байт"),
        (38 * 1024, "38\u00a0КБ"),
        (999 * 1024, "999\u00a0КБ"),
        (1023 * 1024, "1,0\u00a0МБ"),
        (3879731, "3,7\u00a0МБ"),
        (20 * 1024**2, "20\u00a0МБ"),
        (3 * 1024**3, "3\u00a0ГБ"),
    ],
)
def test_file_size_is_short(size: int, text: str) -> None:
    assert texts.file_size(size) == text


def test_number_sign_never_parts_from_its_number() -> None:
    assert texts.unbroken("ГБОУ СОШ № 375") == "ГБОУ СОШ №\u00a0375"
    assert texts.unbroken("+2 п. п., 74 %") == "+2 п.\u00a0п., 74\u00a0%"


def test_plain_text_has_no_thin_spaces() -> None:
    assert texts.plain(texts.number(33146)) == "33\u00a0146"


def test_ordinal_takes_its_ending() -> None:
    assert texts.ordinal(47) == "47-я"
    assert texts.ordinal(8, "м") == "8-м"


@pytest.mark.parametrize("name, text", [("Координатор региона", "КР"), ("root", "R"), ("", ""), ("«Я» и", "И")])
def test_initials_are_at_most_two_letters(name: str, text: str) -> None:
    assert texts.initials(name) == text
