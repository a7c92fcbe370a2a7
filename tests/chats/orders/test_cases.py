"""A declined word takes the letters of the word it came from."""

import pytest

from chats.orders.cases import with_letters_of


@pytest.mark.parametrize(
    "word, declined, expected",
    [
        ("Иванов", "иванова", "Иванова"),
        ("ИВАНОВ", "иванова", "ИВАНОВА"),
        ("МакГрегор", "макгрегора", "МакГрегора"),
        ("Пётр", "петра", "Петра"),
        ("ПЁТР", "петра", "ПЕТРА"),
        ("вахтер", "вахтёра", "вахтера"),
        ("Лев", "льва", "Льва"),
        ("Ю", "ю", "Ю"),
        ("", "", ""),
    ],
)
def test_declined_word_keeps_capitals_and_yo(word: str, declined: str, expected: str) -> None:
    assert with_letters_of(word, declined) == expected
