"""How a chat lived week by week: silence is not missing data, weeks outside of its life do not count (pure)."""

import datetime

import pytest

from chats.talks.activity import WEEKS, Delivery, Life, Week, bars, life_of, sentence, title_of, words_of

MONDAY = datetime.date(2026, 9, 28)  # of the 40th week
ALL = tuple(
    Week(40 + number, MONDAY + datetime.timedelta(weeks=number), MONDAY + datetime.timedelta(weeks=number, days=6))
    for number in range(WEEKS)
)
LONG_AGO = datetime.date(2025, 9, 1)
CHAT, OTHER = 7, 8


def lived(
    counts: list[int | None], opened_on: datetime.date = LONG_AGO, closed_on: datetime.date | None = None
) -> Life:
    """The life of a chat with so many messages in the last weeks; None is a week that was not delivered."""
    weeks = ALL[-len(counts) :]
    delivered = frozenset(week.monday for week, count in zip(weeks, counts, strict=True) if count is not None)
    rows = {(CHAT, week.monday): count for week, count in zip(weeks, counts, strict=True) if count}
    rows |= {(OTHER, week.monday): 99 for week in weeks}
    return life_of(Delivery(weeks, delivered, rows), CHAT, opened_on, closed_on)


@pytest.mark.parametrize(
    "counts, tone, words",
    (
        ([3, 4, 12], "", "12\u00a0сообщений за неделю"),
        ([3, 4, 1], "", "1\u00a0сообщение за неделю"),
        ([3, 4, 0], "", "за неделю никто не писал"),
        ([3, 0, 0], "warn", "молчит 2\u00a0недели"),
        ([3, 0, None, 0, 0], "warn", "молчит 3\u00a0недели"),
        ([3, 5, None], "", "5\u00a0сообщений за 46-ю\u00a0неделю"),
        ([3, 0, None], "", "за 46-ю\u00a0неделю никто не писал"),
        ([None, None], "", ""),
        ([0] * 8, "warn", "молчит 8\u00a0недель или дольше"),
        ([0] * 5, "warn", "молчит 5\u00a0недель"),
        ([None] * 6 + [0, 0], "warn", "молчит 2\u00a0недели или дольше"),
    ),
)
def test_line_says_messages_or_silence_and_nothing_where_nothing_is_known(
    counts: list[int | None], tone: str, words: str
) -> None:
    assert words_of(lived(counts)) == (tone, words)


def test_weeks_before_a_chat_was_opened_are_no_silence() -> None:
    life = lived([0] * 8, opened_on=ALL[-2].sunday)

    assert [week.number for week, _ in life.weeks] == [46, 47]
    assert words_of(life) == ("warn", "молчит 2\u00a0недели")


def test_weeks_after_a_chat_was_closed_are_no_silence() -> None:
    life = lived([5, 6, 0, 0], closed_on=ALL[-2].monday)

    assert [count for _, count in life.weeks] == [5, 6]


def test_title_is_a_finding() -> None:
    assert title_of(lived([3, 12])) == "47-я неделя: 12\u00a0сообщений"
    assert title_of(lived([3, 0, 0])) == "Молчит 2\u00a0недели"
    assert title_of(lived([None])) == "Сообщения по неделям: нет данных"


def test_bars_stand_on_one_scale_and_a_gap_is_no_zero() -> None:
    drawn = bars(lived([0, None, 6, 12]))

    assert [column["text"] for column in drawn["columns"]] == ["0", "—", "6", "12"]
    talls = [column["tall"] for column in drawn["columns"]]
    assert talls[:2] == [0, 0]
    assert talls[3] == 2 * talls[2]
    assert drawn["has_gaps"]
    assert not bars(lived([0, 0]))["has_gaps"]


def test_numbers_are_said_aloud_in_one_sentence() -> None:
    assert sentence(lived([0, None, 1200])) == ("Сообщений по неделям: 45-я — 0, 46-я — нет данных, 47-я — 1\u2009200.")
