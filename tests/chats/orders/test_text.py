"""Texts of orders: numbering, fields, brackets, mistakes with their places, what is left of a foreign order."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chats.orders.first_templates import FIRST_TEMPLATES
from chats.orders.text import MOST_LEVELS, Slot, fill, leftovers, mistakes_of, slots_of

DECK = (
    "Разместить приказ на сайте ГБУ ИМЦ Пушкинского района; методистам ИМЦ обучить учителей ГБОУ СОШ № 511. "
    "Ответственный: ФИО, срок до 00.00.0000, ______."
)


def numbers(text: str) -> list[str]:
    """The numbers of the points of a text without fields."""
    return [point.number for point in fill(text, str).points]


def of_one(word: str) -> object:
    """What gives one word to every field."""
    return lambda slot: word


# Numbering


def test_points_are_numbered_anew_whatever_the_editor_typed() -> None:
    assert numbers("7. Один\n7.5. Два\n9. Три\n3.1. Четыре\n3.9. Пять") == ["1.", "1.1.", "2.", "2.1.", "2.2."]


def test_point_that_drops_out_leaves_no_gap() -> None:
    body = fill("1. Один\n[2. Назначить {методист.вин}.]\n3. Три", lambda slot: "")

    assert [(point.number, point.text) for point in body.points] == [("1.", "Один"), ("2.", "Три")]


def test_level_is_never_skipped() -> None:
    points = fill("1. Один\n1.1.1.1. Сразу четвёртый", str).points

    assert [(point.number, point.level) for point in points] == [("1.", 1), ("1.1.", 2)]


def test_counter_of_a_lower_level_begins_anew_under_the_next_point() -> None:
    assert numbers("1. А\n1.1. Б\n1.1.1. В\n2. Г\n2.1. Д\n2.1.1. Е") == ["1.", "1.1.", "1.1.1.", "2.", "2.1.", "2.1.1."]


def test_lines_before_the_first_point_are_the_preamble_and_later_ones_are_points() -> None:
    body = fill("В соответствии с законом\n\n1. Один\nБез номера", str)

    assert body.preamble == ("В соответствии с законом",)
    assert [(point.number, point.text) for point in body.points] == [("1.", "Один"), ("2.", "Без номера")]


@pytest.mark.parametrize("line", ["1 сентября начинается учебный год", "2026 год — год школы", "3,5 ставки добавить"])
def test_sentence_that_begins_with_a_number_is_no_point(line: str) -> None:
    body = fill(f"{line}\n1. Один", str)

    assert body.preamble == (line,)


# Fields and brackets


def test_fields_are_read_whatever_their_case_and_spaces() -> None:
    assert slots_of("{ Администратор . Вин } и {администратор.вин}, {срок}") == [
        Slot("администратор", ("вин",)),
        Slot("срок", ()),
    ]


def test_bracket_stands_only_where_every_field_in_it_is_filled() -> None:
    text = "1. Начать[ до {срок}][ с {переход} до {срок}]."

    body = fill(text, lambda slot: "мая" if slot.name == "срок" else "")

    assert body.points[0].text == "Начать до мая."


def test_bracket_without_fields_stands() -> None:
    assert fill("1. Начать[ сегодня].", str).points[0].text == "Начать сегодня."


def test_value_is_never_expanded_again() -> None:
    hostile = "{срок} [удалить {срок}] 2. ещё"

    body = fill("1. {цель}[ и {цель}]", lambda slot: hostile if slot.name == "цель" else "СРОК")

    assert [point.text for point in body.points] == [f"{hostile} и {hostile}"]


def test_date_keeps_its_words_together() -> None:
    assert fill("1. До  {срок}", lambda slot: "5\u00a0мая").points[0].text == "До 5\u00a0мая"


def test_line_break_in_a_value_makes_no_point() -> None:
    body = fill("1. {цель}", lambda slot: "учить\n2. и\u2028растить")

    assert [point.text for point in body.points] == ["учить 2. и растить"]


@given(st.text(), st.text())
def test_any_text_is_filled_without_a_fall_and_with_values_as_they_are(text: str, value: str) -> None:
    body = fill(text, lambda slot: value)
    mistakes = mistakes_of(text, lambda slot: "")

    assert all(point.level <= len(point.number.split(".")) for point in body.points)
    assert all(1 <= mistake.line <= max(len(text.splitlines()), 1) and mistake.column >= 1 for mistake in mistakes)
    assert leftovers(text, own_names=[value]) is not None


@given(st.text(alphabet="{}[].срок 12\n", max_size=60))
def test_braces_and_brackets_in_a_value_come_out_as_they_went_in(value: str) -> None:
    text = fill("1. ⟨{цель}⟩", lambda slot: value if slot.name == "цель" else "РАСКРЫТО").points[0].text

    assert text.removeprefix("⟨").removesuffix("⟩").split() == value.split()


# Mistakes of an editor


def places(text: str) -> list[tuple[int, int, str]]:
    """(line, column, words) of the mistakes of a text."""
    return [(one.line, one.column, one.words) for one in mistakes_of(text, lambda slot: "")]


@pytest.mark.parametrize(
    "text, place",
    [
        ("1. Начать {срок", (1, 11, "{")),
        ("1. Начать\n2. До срок}.", (2, 11, "}")),
        ("1. Начать [до {срок}", (1, 11, "[")),
        ("1. Начать до {срок}]", (1, 20, "]")),
        ("1. {срок} и {срок", (1, 13, "{")),
        ("1. [до {срок}] и ]", (1, 18, "]")),
    ],
)
def test_loose_brace_is_named_with_its_line_and_column(text: str, place: tuple[int, int, str]) -> None:
    assert places(text) == [place]
    assert text.splitlines()[place[0] - 1][place[1] - 1] == place[2]


def test_unknown_field_is_named_with_its_place_and_why() -> None:
    (mistake,) = mistakes_of("1. А\n2. Б {дирктор}", lambda slot: f"нет {slot.name}")

    assert (mistake.line, mistake.column, mistake.words, mistake.message) == (2, 6, "{дирктор}", "нет дирктор")


def test_four_levels_are_right_and_a_fifth_is_told() -> None:
    four = "\n".join("1." + "1." * level + " Пункт" for level in range(MOST_LEVELS))

    assert places(four) == []
    assert places(f"{four}\n1.1.1.1.1. Пятый") == [(5, 1, "1.1.1.1.1.")]


@pytest.mark.parametrize("text", ["", "Просто слова", "1 сентября – день знаний"])
def test_text_without_a_point_is_told(text: str) -> None:
    (mistake,) = mistakes_of(text, lambda slot: "")

    assert "ни одного пункта" in mistake.message


# What is left of a foreign order

OWN = ["ГБОУ СОШ № 5 Невского района", "Государственное бюджетное учреждение «Школа № 5»"]


def words_of(text: str, *others: str, own: list[str] | None = None) -> list[str]:
    """Words of what is left over."""
    return [one.words for one in leftovers(text, own_names=OWN if own is None else own, other_names=others)]


def test_foreign_organisations_and_blanks_of_the_deck_are_found() -> None:
    found = words_of(DECK)

    assert [word for word in found if "ИМЦ" in word] == ["ГБУ ИМЦ", "ИМЦ"]
    assert any("№ 511" in word for word in found)
    assert {"ФИО", "00.00.0000", "______"} <= set(found)


@pytest.mark.parametrize(
    "blank", ["____", "<наименование школы>", "XXX", "ХХХХ", "……", ".....", "ФИО", "(наименование организации)"]
)
def test_blank_is_found(blank: str) -> None:
    (found,) = leftovers(f"Назначить {blank} с понедельника", own_names=OWN)

    assert (found.line, found.column, found.words) == (1, 11, blank)


def test_own_names_are_never_told() -> None:
    assert words_of(f"Обеспечить работу {OWN[0]}, то есть {OWN[1]}; школы № 5; СОШ №5") == []


@pytest.mark.parametrize("own", ["ГБУ ИМЦ Пушкинского района", "ГБУ ДПО ЦОКО", "ИРО"])
def test_own_centre_is_not_foreign_to_itself(own: str) -> None:
    assert words_of(f"Сотрудникам {own} зарегистрироваться", own=[own]) == []


@pytest.mark.parametrize(
    "foreign", ["школы № 12", "гимназии № 7", "лицея № 30", "МБОУ СОШ № 6", "ОУ № 9", "ГБОУ № 123", "Школа №50"]
)
def test_school_of_another_number_is_foreign(foreign: str) -> None:
    assert words_of(f"Обеспечить работу {foreign}.") == [foreign]


def test_neighbour_is_foreign_by_its_name_unless_it_is_part_of_ours() -> None:
    assert words_of("Передать Гимназии имени Пушкина", "гимназии имени Пушкина") == ["гимназии имени Пушкина"]
    assert words_of("Передать в Центр образования №\u00a080", "Центр образования № 80") == ["Центр образования № 80"]
    assert words_of("Передать в Школа", "Школа") == []
    assert words_of("Наша Гимназия имени Пушкина", "имени Пушкина", own=["Гимназия имени Пушкина"]) == []


def test_first_texts_have_nothing_left_over() -> None:
    assert {one.key: words_of(f"{one.subject}\n{one.text}") for one in FIRST_TEMPLATES} == {
        one.key: [] for one in FIRST_TEMPLATES
    }
