"""Whether a code and a name speak of one school: of a name without a number, or with one too many, neither is sure."""

import pytest

from reports.operator_tables.doubts import school_differs, school_is_vague

NUMBERED = ("Школа № 5 Невского района", "ГБОУ СОШ № 5 Невского района Санкт-Петербурга")
PLAIN = ("Гимназия «Альфа»", "ГБОУ гимназия «Альфа»")


@pytest.mark.parametrize(
    ("name", "own", "vague"),
    [
        ("Школа Невского района", NUMBERED, True),
        ("Гимназия № 3 «Альфа»", PLAIN, True),
        ("Школа № 5", NUMBERED, False),
        ("Школа № 6", NUMBERED, False),
        ("Школа № 5, корпус № 2", NUMBERED, False),
        ("Гимназия «Бета»", PLAIN, False),
        ("Школа Невского района", ("Школа № 5", "Школа Невского района"), False),
    ],
)
def test_name_is_vague_where_only_one_of_the_two_says_a_number(name: str, own: tuple[str, str], vague: bool) -> None:
    assert school_is_vague(name, own) == vague


def test_one_number_of_several_is_enough() -> None:
    assert not school_differs("Школа № 5, корпус № 2", NUMBERED)
    assert school_differs("Школа № 6, корпус № 2", NUMBERED)


def test_vague_name_does_not_differ_by_itself() -> None:
    assert not school_differs("Школа Невского района", NUMBERED)
    assert school_is_vague("Школа Невского района", NUMBERED)
