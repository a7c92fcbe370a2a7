"""What a school hands out with a chat: words for those who are invited."""

import pytest

from chats.kit import VOLUNTARY, audience, greeting, invitation, may_be_handed_on
from chats.use_cases import USE_CASE_BY_NUMBER, USE_CASES

PUPILS, PARENTS, EVERYONE, STAFF = 14, 15, 16, 1


@pytest.mark.parametrize(
    "number, words",
    (
        (PUPILS, "Дорогие ребята!"),
        (PARENTS, "Уважаемые родители!"),
        (EVERYONE, "Дорогие ребята и уважаемые родители!"),
        (STAFF, "Уважаемые коллеги!"),
    ),
)
def test_greeting_is_for_those_invited(number: int, words: str) -> None:
    assert greeting(USE_CASE_BY_NUMBER[number]) == words


def test_parents_are_told_where_what_for_and_that_they_may_decline() -> None:
    text = invitation(
        USE_CASE_BY_NUMBER[PARENTS],
        title="6Б. Родители",
        channel=1,
        link="https://vk.me/join/x",
        owner="Каренина Ольга Семёновна",
        school="Школа № 1",
    )

    assert "в чат «6Б. Родители» (Школа № 1) в VK Мессенджере." in text
    assert "Вступить: https://vk.me/join/x" in text
    assert "Чат ведёт Каренина Ольга Семёновна." in text
    assert VOLUNTARY in text


def test_without_a_link_nobody_is_sent_nowhere() -> None:
    text = invitation(USE_CASE_BY_NUMBER[STAFF], title="Администрация", channel=2, link="", owner="", school="Школа")

    assert "Вступить" not in text
    assert "Ссылку-приглашение пришлёт тот, кто ведёт чат." in text
    assert VOLUNTARY not in text


def test_links_into_chats_of_families_are_not_handed_on_from_above() -> None:
    closed = {case.number for case in USE_CASES if not may_be_handed_on(case, own=False)}

    assert closed == {case.number for case in USE_CASES if audience(case)}
    assert {*range(14, 23), 27} == closed
    assert all(may_be_handed_on(case, own=True) for case in USE_CASES)
