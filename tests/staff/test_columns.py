"""Columns of the staff spreadsheet: headers in any dress, cells of any kind, whole rows."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schools.headers import Column
from staff.columns import COLUMNS, clean_row, cleaners, is_teaching_position, match_headers
from staff.columns.positions import clean_position

PLAIN = ["Фамилия", "Имя", "Отчество", "Должность", "Телефон"]


def _keys(header: list[str]) -> list[str]:
    return list(match_headers([header]).columns.values())


def test_every_heading_of_the_template_is_recognised() -> None:
    headers = [column.header for column in COLUMNS if column.in_template]

    match = match_headers([headers])

    assert list(match.columns.values()) == [column.key for column in COLUMNS if column.in_template]
    assert match.problems == ()


@pytest.mark.parametrize(
    "header, keys",
    [
        (["№ п/п", "Ф.И.О.", "Должн."], ["full_name", "position"]),
        (["ФИО педагога", "Моб. тел."], ["full_name", "phone"]),
        (["ИМЯ", "фамилия*", "Отчество (при наличии)"], ["first_name", "last_name", "patronymic"]),
        (["Surname", "First name", "E-mail"], ["last_name", "first_name", "email"]),
        (["Фамлия", "Имя", "Отчиство", "Должнасть"], ["last_name", "first_name", "patronymic", "position"]),
        (["Фамилия сотрудника ОО", "Имя сотрудника ОО"], ["last_name", "first_name"]),
        (["ФИО", "Пол", "Дата рожд."], ["full_name", "born_on"]),
        (["ФИО"], ["full_name"]),
    ],
)
def test_usual_headings_are_recognised_in_any_order(header: list[str], keys: list[str]) -> None:
    found = _keys(header)

    assert found == keys


def test_misprint_is_matched_with_less_confidence() -> None:
    match = match_headers([["Фамлия", "Имя"]])

    assert match.confidence[1] == 1
    assert 0.7 <= match.confidence[0] < 1


def test_header_is_found_below_notes_and_merged_titles() -> None:
    rows = [["Список сотрудников ГБОУ СОШ № 375"], [], ["на 01.09.2026", "", ""], PLAIN, ["Каренина", "Ольга"]]

    match = match_headers(rows)

    assert (match.header_row, match.first_data_row) == (3, 4)
    assert match.is_usable


def test_header_of_two_rows_is_read_as_one() -> None:
    rows = [
        ["№", "Сотрудник", "", "", "Контакты", "", "Должность"],
        ["", "Фамилия", "Имя", "Отчество", "Телефон", "Эл. почта", ""],
        ["1", "Каренина", "Ольга", "Семёновна", "", "", "учитель"],
    ]

    match = match_headers(rows)

    assert (match.header_row, match.first_data_row) == (0, 2)
    assert match.columns == {1: "last_name", 2: "first_name", 3: "patronymic", 4: "phone", 5: "email", 6: "position"}


def test_header_of_one_row_does_not_swallow_the_first_person() -> None:
    match = match_headers([PLAIN, ["Каренина", "Ольга", "Семёновна", "учитель", "8 921 000-00-12"]])

    assert match.first_data_row == 1


def test_repeated_header_and_numbering_are_not_people() -> None:
    match = match_headers([PLAIN])

    assert match.repeats_header([*PLAIN, ""])
    assert match.repeats_header(["1", "2", "3", "4", "5"])
    assert not match.repeats_header(["Каренина", "Ольга", "Семёновна", "учитель", ""])
    assert not match.repeats_header(["", "", ""])


def test_unknown_column_is_warned_of_by_letter_and_name() -> None:
    match = match_headers([["Фамилия", "Имя", "Любимый цвет"]])

    assert match.is_usable
    assert [(column.index, column.text) for column in match.unknown] == [(2, "Любимый цвет")]
    assert [problem.message for problem in match.problems] == ["Не взяли столбец: C «Любимый цвет»."]


def test_many_unknown_columns_are_one_warning() -> None:
    match = match_headers([["Фамилия", "Имя", *(f"Графа {letter}" for letter in "абвгде")]])

    assert len(match.unknown) == 6
    assert [problem.message for problem in match.problems] == [
        "Не взяли 6\xa0столбцов: C «Графа а», D «Графа б», E «Графа в» и ещё 3."
    ]


@pytest.mark.parametrize(
    "heading, key",
    [
        ("Кл. рук-во", "leads_classes"),
        ("Кл.рук.", "leads_classes"),
        ("Кл. рук-ль", "leads_classes"),
        ("Классн. рук.", "leads_classes"),
        ("Таб. №", "personnel_number"),
        ("Т/н", "personnel_number"),
        ("Дата рожд.", "born_on"),
        ("Д. рожд.", "born_on"),
        ("Эл. почта", "email"),
        ("Адрес эл. почты", "email"),
        ("Моб.", "phone"),
        ("Сот. тел.", "phone"),
        ("Долж.", "position"),
        ("Предм.", "subjects"),
        ("Осн./совм.", "employment"),
        ("Кол-во ст.", "rate"),
        ("Дата увол.", "left_on"),
        ("Примеч.", "note"),
        ("Ф. И. О. пед. работника", "full_name"),
        ("Фамилия И.О.", "full_name"),
    ],
)
def test_usual_abbreviation_of_a_heading_is_understood(heading: str, key: str) -> None:
    match = match_headers([["Фамилия", "Имя", heading]])

    assert match.columns.get(2) == key


@pytest.mark.parametrize("heading", ["Место рожд.", "Проф. переподготовка", "Кв. категория", "Дата пр. проверки"])
def test_abbreviation_of_something_else_is_not_taken_for_ours(heading: str) -> None:
    match = match_headers([["Фамилия", "Имя", heading]])

    assert [column.text for column in match.unknown] == [heading]


def test_somebody_elses_name_is_not_taken_for_the_teachers() -> None:
    match = match_headers([["Фамилия", "Имя", "ФИО родителя", "Телефон родителя"]])

    assert set(match.columns.values()) == {"last_name", "first_name"}
    assert len(match.unknown) == 2


def test_second_column_of_the_same_name_is_reported_and_the_first_taken() -> None:
    match = match_headers([["Фамилия", "Имя", "Фамилия"]])

    assert match.columns == {0: "last_name", 1: "first_name"}
    assert match.problems[0].message == "Столбец «Фамилия» встречается дважды: A и C. Берём A."


def test_missing_column_is_a_mistake_that_names_what_was_found() -> None:
    match = match_headers([["Фамилия", "Должность", "Телефон"]])

    assert not match.is_usable
    assert match.missing == ("first_name",)
    assert "нет столбца «Имя»" in match.problems[0].message
    assert "Нашли: «Фамилия», «Должность»" in match.problems[0].message


@pytest.mark.parametrize(
    "rows", [[["Дата", "Сумма", "Статья"], ["01.02.2026", "12,5", "хлеб"]], [["a", "b"], ["1", "2"]], [[]], []]
)
def test_sheet_which_is_no_staff_list_is_refused_with_advice(rows: list[list[str]]) -> None:
    match = match_headers(rows)

    assert not match.is_usable
    assert match.header_row is None
    assert match.problems[0].message.endswith("возьмите наш шаблон.")


def test_refusal_does_not_quote_what_looks_like_a_person() -> None:
    match = match_headers([["Каренина Ольга Семёновна", "8 921 000-00-12"]])

    assert "Каренина" not in match.problems[0].message


def test_mapping_by_hand_has_the_last_word() -> None:
    match = match_headers([["Фамилия", "Имя", "Псевдоним", "Цвет"]], {2: "first_name", 1: "", 3: "note"})

    assert match.columns == {0: "last_name", 2: "first_name", 3: "note"}
    assert match.problems == ()


def test_sheet_without_header_is_read_by_a_mapping() -> None:
    match = match_headers([["Каренина", "Ольга"]], {0: "last_name", 1: "first_name"})

    assert match.is_usable
    assert (match.header_row, match.first_data_row) == (None, 0)


@pytest.mark.parametrize(
    "text, day",
    [
        ("05.09.1980", dt.date(1980, 9, 5)),
        ("5.9.1980", dt.date(1980, 9, 5)),
        ("1980-09-05", dt.date(1980, 9, 5)),
        ("1980-09-05 00:00:00", dt.date(1980, 9, 5)),
        ("05/09/1980", dt.date(1980, 9, 5)),
        ("29469", dt.date(1980, 9, 5)),
        ("29469.0", dt.date(1980, 9, 5)),
        ("5 сентября 1980 г.", dt.date(1980, 9, 5)),
        ("05.09.1980 г.", dt.date(1980, 9, 5)),
    ],
)
def test_date_is_read_in_every_usual_form(text: str, day: dt.date) -> None:
    cleaned = cleaners.clean_birth_date(text, dt.date(2026, 11, 24))

    assert cleaned == (day, None)


def test_two_digits_of_a_year_are_a_warning() -> None:
    cleaned = cleaners.clean_birth_date("05.09.80", dt.date(2026, 11, 24))

    assert cleaned.value == dt.date(1980, 9, 5)
    assert cleaned.problem is not None
    assert (cleaned.problem.severity, cleaned.problem.suggestion) == ("warning", "05.09.1980")


@pytest.mark.parametrize(
    "text, code",
    [
        ("31.02.1980", "no_such_date"),
        ("09.25.1980", "day_and_month"),
        ("давно", "not_date"),
        ("24.11.2012", "age"),
        ("24.11.1926", "age"),
        ("01.01.2090", "age"),
    ],
)
def test_impossible_birth_date_is_a_mistake(text: str, code: str) -> None:
    cleaned = cleaners.clean_birth_date(text, dt.date(2026, 11, 24))

    assert cleaned.value is None
    assert cleaned.problem is not None
    assert cleaned.problem.code == code


@pytest.mark.parametrize(
    "text, role, code",
    [
        ("Учитель", "teacher", ""),
        ("", "", ""),
        ("сотрудник", "employee", "not_teacher"),
        ("учащийся", "", "not_teacher"),
        ("родитель", "", "not_teacher"),
    ],
)
def test_every_adult_has_the_role_of_a_teacher(text: str, role: str, code: str) -> None:
    cleaned = cleaners.clean_role(text)

    assert cleaned.value == role
    assert (cleaned.problem.code if cleaned.problem else "") == code
    assert cleaned.problem is None or cleaned.problem.suggestion == "учитель"


@pytest.mark.parametrize(
    "text, rate", [("0,5", "0.50"), ("1", "1.00"), ("1,25 ставки", "1.25"), ("1/2", "0.50"), ("0.5 ст.", "0.50")]
)
def test_rate_is_read_as_a_share(text: str, rate: str) -> None:
    cleaned = cleaners.clean_rate(text)

    assert cleaned == (Decimal(rate), None)


@pytest.mark.parametrize("text", ["18", "0", "0,1", "полная", "-1"])
def test_hours_are_not_a_rate(text: str) -> None:
    cleaned = cleaners.clean_rate(text)

    assert cleaned.value is None
    assert cleaned.is_mistaken


@pytest.mark.parametrize(
    "text, position",
    [
        ("уч. математики", "учитель математики"),
        ("Учитель математики", "учитель математики"),
        ("зам. дир. по УВР", "заместитель директора по УВР"),
        ("Зам.директора по УР", "заместитель директора по УР"),
        ("учитель нач. кл.", "учитель начальных классов"),
        ("соц.педагог", "социальный педагог"),
        ("ПДО", "педагог дополнительного образования"),
        ("ст. вожатый", "старший вожатый"),
    ],
)
def test_abbreviated_position_is_written_out(text: str, position: str) -> None:
    cleaned = clean_position(text)

    assert cleaned == (position, None)


def test_function_is_not_a_position() -> None:
    cleaned = clean_position("Классный руководитель")

    assert cleaned.problem is not None
    assert cleaned.problem.code == "function"


@pytest.mark.parametrize(
    "position, teaching",
    [
        ("учитель", True),
        ("уч. физики", True),
        ("Учитель-логопед", True),
        ("преподаватель-организатор ОБЗР", True),
        ("советник директора по воспитанию", True),
        ("заместитель директора, учитель истории", True),
        ("старший вожатый", True),
        ("вожатый", False),
        ("директор", False),
        ("заместитель директора по УВР", False),
        ("секретарь учебной части", False),
        ("помощник воспитателя", False),
        ("младший воспитатель", False),
        ("библиотекарь", False),
        ("учительская", False),
        ("", False),
    ],
)
def test_teaching_positions_are_told_from_others(position: str, teaching: bool) -> None:
    found = is_teaching_position(position)

    assert found is teaching


def test_row_comes_out_in_typed_values() -> None:
    cells = {
        "full_name": "Ольга Семёновна Каренина",
        "phone": "8 921 000-00-12",
        "rate": "0,5",
        "leads_classes": "7 б, 8A",
    }

    row = clean_row(cells)

    assert row.problems == ()
    assert row.values == {
        "last_name": "Каренина",
        "first_name": "Ольга",
        "patronymic": "Семёновна",
        "no_patronymic": False,
        "phone": "+79210000012",
        "rate": Decimal("0.50"),
        "leads_classes": "7Б, 8А",
    }


def test_row_with_the_mistakes_of_the_picture_names_each_in_its_column() -> None:
    cells = {
        "last_name": "Pябова",
        "first_name": "Анна-Викторовна",
        "patronymic": "",
        "snils": "112-233-445 96",
        "phone": "8 (921) 000-12",
        "role": "учащийся",
    }

    row = clean_row(cells)

    assert row.is_mistaken
    assert [(key, problem.suggestion) for key, problem in row.problems] == [
        ("last_name", "Рябова"),
        ("first_name", "Анна · Викторовна"),
        ("snils", None),
        ("phone", None),
        ("role", "учитель"),
    ]


@pytest.mark.parametrize(
    "cells, key",
    [
        ({"hired_on": "01.09.2020", "left_on": "01.08.2020"}, "left_on"),
        ({"born_on": "01.09.1990", "hired_on": "01.09.1999"}, "hired_on"),
        ({"has_profile": "нет", "is_confirmed": "да"}, "is_confirmed"),
    ],
)
def test_values_that_disagree_are_a_mistake(cells: dict[str, str], key: str) -> None:
    row = clean_row({"last_name": "Мороз", "first_name": "Зоя", "patronymic": "Талгатовна", **cells})

    assert [column for column, _ in row.problems] == [key]
    assert row.is_mistaken


@pytest.mark.parametrize("column", COLUMNS, ids=lambda column: column.key)
@given(text=st.one_of(st.text(max_size=30), st.text(alphabet="0123456789.,-/ еЕaА«»БбAи", max_size=14)))
def test_no_text_breaks_a_cleaner_and_suggestions_are_clean(column: Column, text: str) -> None:
    cleaner = column.cleaner

    cleaned = cleaner(text)

    if cleaned.problem and cleaned.problem.suggestion is not None:
        assert not cleaner(cleaned.problem.suggestion).is_mistaken
    if isinstance(cleaned.value, str):
        assert cleaner(cleaned.value).value == cleaned.value


@pytest.mark.parametrize("column", COLUMNS, ids=lambda column: column.key)
def test_example_and_choices_of_the_template_are_clean(column: Column) -> None:
    texts = [column.example, *column.choices]

    cleaned = [column.cleaner(text) for text in texts]

    assert not any(cell.is_mistaken for cell in cleaned)


@given(rows=st.lists(st.lists(st.one_of(st.text(max_size=12), st.sampled_from(PLAIN)), max_size=8), max_size=12))
def test_no_sheet_breaks_the_search_for_a_header(rows: list[list[str]]) -> None:
    match = match_headers(rows)

    assert match.is_usable is (match.missing == ())
    assert len(set(match.columns.values())) == len(match.columns)
    assert 0 <= match.first_data_row <= len(rows)
