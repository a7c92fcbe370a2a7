"""Plain values of cells: flags, counts, names of classes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schools import values


@pytest.mark.parametrize(
    "text, name",
    [
        ("5 А", "5А"),
        ("5-а", "5А"),
        ("8A", "8А"),
        ("10 «Б»", "10Б"),
        ('10"Б"', "10Б"),
        ("11 класс", "11"),
        ("7б класс", "7Б"),
        ("10-1", "10-1"),
        ("5.0", "5"),
        ("", ""),
    ],
)
def test_name_of_a_class_has_one_spelling(text: str, name: str) -> None:
    cleaned = values.clean_class_name(text)

    assert cleaned == (name, None)


@pytest.mark.parametrize("text", ["13А", "0А", "5D", "подготовительный", "А5"])
def test_what_is_no_class_is_a_mistake(text: str) -> None:
    cleaned = values.clean_class_name(text)

    assert cleaned.is_mistaken


@pytest.mark.parametrize(
    "text, names", [("7Б, 8А", "7Б, 8А"), ("7 б и 8 а", "7Б, 8А"), ("7Б 8А; 7Б", "7Б, 8А"), ("7 А", "7А"), ("нет", "")]
)
def test_several_classes_are_listed_once_each(text: str, names: str) -> None:
    cleaned = values.clean_classes(text)

    assert cleaned == (names, None)


@pytest.mark.parametrize("name, parts", [("7Б", (7, "Б")), ("11", (11, "")), ("10-1", (10, "-1"))])
def test_class_is_parted_into_grade_and_letter(name: str, parts: tuple[int, str]) -> None:
    found = values.split_class_name(name)

    assert found == parts


@pytest.mark.parametrize("text, flag", [("Да", True), ("+", True), ("нет", False), ("0", False), ("", None)])
def test_empty_flag_is_not_no(text: str, flag: bool | None) -> None:
    cleaned = values.clean_flag(text)

    assert cleaned == (flag, None)


@pytest.mark.parametrize("text, count", [("55", 55), ("1 240", 1240), ("55.0", 55), ("0", 0), ("", None)])
def test_missing_count_is_not_zero(text: str, count: int | None) -> None:
    cleaned = values.clean_count(text)

    assert cleaned == (count, None)


@given(text=st.text(alphabet='0123456789АБабAB-./ «»"класи,;', max_size=12))
def test_class_cleaned_twice_is_cleaned_once(text: str) -> None:
    once = values.clean_classes(text).value

    assert values.clean_classes(once).value == once
