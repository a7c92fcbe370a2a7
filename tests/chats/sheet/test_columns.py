"""Cells of the spreadsheet of chats: read forgivingly, refused with what to do."""

import pytest

from chats.talks.sheet.columns import (
    CASE_CHOICES,
    COLUMNS,
    TEMPLATE_COLUMNS,
    clean_area,
    clean_case,
    clean_channel,
    clean_external_id,
    clean_raw,
    match_headers,
)
from chats.talks.sheet.titles import class_in, loose_key, title_key
from tests.habits import repeated


@pytest.mark.parametrize(
    "text", ["15", "15.0", "№ 15", "15.", "кейс 15", "15. Классный руководитель и родители", "class_parents",
             "КЛАССНЫЙ  руководитель и родители"],
)  # fmt: skip
def test_case_is_known_by_number_name_or_key(text: str) -> None:
    assert clean_case(text) == (15, None)


@pytest.mark.parametrize(
    "text, code, hint",
    [
        ("99", "no_case", None),
        ("Служба сопровожденя", "no_case", "9. Служба сопровождения"),
        ("1. Классный руководитель и родители", "two_cases", None),
        ("<script>", "no_case", None),
    ],
)
def test_case_nobody_knows_is_a_mistake_with_a_hint(text: str, code: str, hint: str | None) -> None:
    value, problem = clean_case(text)

    assert value is None
    assert problem is not None
    assert (problem.code, problem.suggestion) == (code, hint)
    assert hint is None or clean_case(hint).problem is None


@pytest.mark.parametrize(
    "text", ["5", "МО: естественные науки", "ШМО физики", "Естественные науки", "мо учителей химии"]
)
def test_association_is_known_by_number_name_or_its_subject(text: str) -> None:
    assert clean_area(text) == (5, None)


def test_association_nobody_knows_is_a_mistake_that_lists_them() -> None:
    problem = clean_area("шахматы").problem

    assert problem is not None
    assert "естественные науки" in problem.message


@pytest.mark.parametrize(
    "text, channel", [("MAX", 2), ("макс", 2), ("МАХ", 2), ("вк", 1), ("VK Мессенджер", 1), ("Сферум", 0), ("", None),
                      ("иностранный мессенджер", 9)],
)  # fmt: skip
def test_channel_is_known_by_its_usual_names(text: str, channel: int | None) -> None:
    assert clean_channel(text) == (channel, None)


def test_any_other_messenger_is_a_mistake_that_offers_the_foreign_one() -> None:
    problem = clean_channel("Некий мессенджер").problem

    assert problem is not None
    assert problem.suggestion == "иностранный мессенджер"


def test_number_on_the_platform_loses_what_excel_adds_and_is_refused_where_digits_are_lost() -> None:
    assert clean_external_id("№ 770001.0").value == "770001"
    assert clean_external_id("7.70708E+09").is_mistaken
    assert clean_external_id("x" * 101).is_mistaken
    assert clean_raw("-").value == ""


@pytest.mark.parametrize("text", ["6Б. Родители", "6 «б» родители", "6-Б родители", "6б РОДИТЕЛИ", "6Б.  Родители "])
def test_names_are_one_whatever_their_case_quotes_and_signs(text: str) -> None:
    assert title_key(text) == "6б родители"


def test_latin_twins_and_yo_tell_nothing() -> None:
    assert title_key("6A. Poдители, учёба") == title_key("6А. Родители, учеба")


@pytest.mark.parametrize(
    "text", ["Чат родители 6Б", "6Б класс. Родители (школа № 375)", "Родители 6 «Б» 2026/27 уч. год"]
)
def test_loose_names_are_one_in_any_order_without_noise(text: str) -> None:
    assert loose_key(text) == loose_key("6Б. Родители") == "6б родители"


@pytest.mark.parametrize("text", ["6Б", "Чат 6 Б класса", "Класс", ""])
def test_a_class_alone_tells_no_case(text: str) -> None:
    assert loose_key(text) == ""


def test_class_in_a_name_is_found_where_it_is_the_only_one() -> None:
    assert class_in("Родители 6 «Б»") == "6б"
    assert class_in("6Б и 7А") == ""


def test_export_of_an_operator_is_read_under_its_own_headings() -> None:
    match = match_headers(
        [["№", "Название чата", "Пригласительная ссылка", "ID чата", "Кол-во участников", "Дата создания"]]
    )

    assert dict(match.columns) == {1: "title", 2: "link", 3: "external_id", 5: "opened_on"}
    assert [column.text for column in match.ignored] == ["№", "Кол-во участников"]
    assert not match.problems


def test_template_is_read_by_its_own_headings() -> None:
    match = match_headers([[column.header for column in TEMPLATE_COLUMNS]])

    assert list(match.columns.values()) == [column.key for column in TEMPLATE_COLUMNS]


def test_columns_and_choices_agree_with_their_cleaners() -> None:
    assert repeated(COLUMNS, "key", "header") == []
    for at, choice in enumerate(CASE_CHOICES, start=1):
        assert clean_case(choice) == (at, None)
    for column in COLUMNS:
        for choice in column.choices:
            assert column.cleaner(choice).problem is None
