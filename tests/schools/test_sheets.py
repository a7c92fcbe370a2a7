"""Reading ordinary spreadsheets: row numbers as Excel shows them, cells as clean text."""

import datetime
import io

import openpyxl
import pytest
import xlwt
from hypothesis import given, settings
from hypothesis import strategies as st

from schools.sheets import LIMITS, UNCOMPUTED, SheetError, cell_address, is_error_text, read_workbook
from schools.sheets.texts import cell_text, clean, number_text
from tests.schools import hostile


def xlsx(cells: dict[tuple[int, int], object], **formats: str) -> bytes:
    """A workbook with values at (row, column), both from one."""
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    assert sheet is not None
    for (row, column), value in cells.items():
        sheet.cell(row, column, value)  # type: ignore[call-overload]
    for address, number_format in formats.items():
        sheet[address].number_format = number_format
    buffer = io.BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()


def test_an_ordinary_workbook_is_read_as_text() -> None:
    data = hostile.legitimate_xlsx(rows=2)

    workbook = read_workbook(data)

    assert (workbook.kind, workbook.encoding, workbook.notes) == ("xlsx", None, [])
    assert workbook.sheets[0].rows == [
        ["Фамилия", "Имя", "СНИЛС", "Учитель"],
        ["Берёзов0", "Пётр", "10000000000", "да"],
        ["Берёзов1", "Пётр", "10000000001", "нет"],
    ]


def test_a_workbook_of_excel_97_is_read_as_text() -> None:
    data = hostile.legitimate_xls(rows=1)

    workbook = read_workbook(data)

    assert workbook.kind == "xls"
    assert workbook.sheets[0].rows == [["Фамилия", "Имя", "СНИЛС"], ["Берёзов1", "Пётр", "10000000001"]]


def test_a_table_away_from_the_corner_keeps_its_addresses() -> None:
    data = xlsx({(5, 3): "Фамилия", (8, 4): "Пётр"})

    sheet = read_workbook(data).sheets[0]

    assert (sheet.first_row, sheet.first_column) == (5, 2)
    assert sheet.rows == [["Фамилия", ""], ["", ""], ["", ""], ["", "Пётр"]]


def test_hidden_rows_and_hidden_sheets_are_read_and_told_of() -> None:
    workbook = openpyxl.Workbook()
    shown, secret = workbook.active, workbook.create_sheet("Справочник")
    assert shown is not None
    for row in range(1, 4):
        shown.cell(row, 1, row)
    shown.row_dimensions[2].hidden = True
    secret["A1"], secret.sheet_state = "предмет", "hidden"
    buffer = io.BytesIO()
    workbook.save(buffer)

    result = read_workbook(buffer.getvalue())

    assert result.sheets[0].rows == [["1"], ["2"], ["3"]]
    assert [sheet.hidden for sheet in result.sheets] == [False, True]
    assert result.notes == ["В файле есть скрытые листы: «Справочник»."]


TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc", "Cf", "Cn", "Co"]), max_size=12)


@settings(max_examples=40)
@given(st.dictionaries(st.tuples(st.integers(1, 40), st.integers(1, 12)), TEXTS, min_size=1, max_size=12))
def test_what_openpyxl_writes_is_read_back_in_its_own_row_and_column(cells: dict[tuple[int, int], str]) -> None:
    written = {place: text for place, text in cells.items() if text and not text.startswith("=")}
    expected = {place: clean(text) for place, text in written.items() if clean(text)}
    if not expected or any(is_error_text(text) for text in expected.values()):
        return

    sheet = read_workbook(xlsx(dict(written))).sheets[0]

    found = {
        (sheet.first_row + index, sheet.first_column + column + 1): text
        for index, row in enumerate(sheet.rows)
        for column, text in enumerate(row)
        if text
    }
    assert found == expected
    assert {len(row) for row in sheet.rows} == {len(sheet.rows[0])}


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1234567890.0, "1234567890"),
        (79000000000.0, "79000000000"),
        (12345678901.0, "12345678901"),
        (1e15, "1000000000000000"),
        (0.1 + 0.2, "0.3"),
        (-2.50, "-2.5"),
        (1e-7, "0.0000001"),
        (float("inf"), "#NUM!"),
        (0.0, "0"),
        (True, "да"),
        (False, "нет"),
        (None, ""),
        (datetime.date(2026, 9, 1), "01.09.2026"),
        (datetime.datetime(2026, 9, 1), "01.09.2026"),  # noqa: DTZ001
        (datetime.datetime(2026, 9, 1, 10, 9, 59, 999_997), "01.09.2026 10:10"),  # noqa: DTZ001
        (datetime.time(8, 5), "08:05"),
        (datetime.timedelta(hours=25, minutes=30), "25:30"),
        (" Пётр\u00a0Первый ", "Пётр Первый"),
        ("и\u0306е\u0308", "йё"),
        ("\u200bИва\u00adнов\u202e\ufeff", "Иванов"),
        ("Иванов\r\nИван", "Иванов Иван"),
        ("a\x00b\x07c", "abc"),
        ("x\ud800y", "x\ufffdy"),
        ("=1+1", "=1+1"),
    ],
)
def test_a_value_becomes_one_clean_line(value: object, text: str) -> None:
    assert cell_text(value) == text  # type: ignore[arg-type]


@given(st.text())
def test_clean_text_is_printable_trimmed_and_stays_as_it_is(text: str) -> None:
    result = clean(text)

    assert clean(result) == result
    assert result == result.strip()
    assert not set(result) & set("\n\r\t\0\u200b\u202e\xa0")
    result.encode()


@given(st.floats(allow_nan=False, allow_infinity=False, min_value=-1e22, max_value=1e22))
def test_a_number_is_never_written_with_an_exponent(value: float) -> None:
    text = number_text(value)

    assert "e" not in text
    assert float(text) == pytest.approx(value, rel=1e-14, abs=1e-19)


def test_dates_and_numbers_of_a_workbook_are_what_a_person_sees() -> None:
    day = datetime.datetime(1985, 3, 7)  # noqa: DTZ001
    data = xlsx({(1, 1): day, (1, 2): 79001234567, (1, 3): 0.5}, A1="DD.MM.YYYY")

    rows = read_workbook(data).sheets[0].rows

    assert rows == [["07.03.1985", "79001234567", "0.5"]]


def test_an_error_of_a_formula_stays_in_its_cell() -> None:
    row = '<row r="3"><c r="B3" t="e"><f>A9</f><v>#REF!</v></c><c r="C3" t="str"><f>A1</f><v>ok</v></c></row>'

    sheet = read_workbook(hostile.book(row)).sheets[0]

    assert (sheet.first_row, sheet.first_column, sheet.rows) == (3, 1, [["#REF!", "ok"]])
    assert is_error_text(sheet.rows[0][0])


def test_a_formula_without_a_value_is_an_error_and_its_text_is_not_imported() -> None:
    data = xlsx({(1, 1): "Имя", (2, 1): '="Пётр"&"!"', (3, 1): "Анна"})

    workbook = read_workbook(data)

    assert workbook.sheets[0].rows == [["Имя"], [UNCOMPUTED], ["Анна"]]
    assert "формулы без сохранённых значений" in workbook.notes[0]


def test_a_formula_that_says_an_empty_text_is_an_empty_cell() -> None:
    row = '<row r="1"><c r="A1"><v>1</v></c><c r="B1" t="str"><f>""</f><v></v></c><c r="C1"><v>2</v></c></row>'

    rows = read_workbook(hostile.book(row)).sheets[0].rows

    assert rows == [["1", "", "2"]]


def test_formatting_to_the_end_of_the_sheet_is_no_reason_to_refuse() -> None:
    rows = "".join(f'<row r="{number}"><c r="A{number}" s="0"/></row>' for number in range(2, 100_000))
    data = hostile.book(hostile.ROW + rows + '<row r="1048576"><c r="XFD1048576" s="0"/></row>')

    sheet = read_workbook(data).sheets[0]

    assert sheet.rows == [["1"]]


def test_the_last_allowed_row_and_column_are_read() -> None:
    bottom, right = cell_address(LIMITS.max_rows, 0), cell_address(1, LIMITS.max_columns - 1)

    deep, wide = (read_workbook(hostile.corner(address)).sheets[0] for address in (bottom, right))

    assert len(deep.rows) == LIMITS.max_rows
    assert wide.rows[0][-1] == "1"
    assert len(wide.rows[0]) == LIMITS.max_columns


def test_an_error_of_an_old_workbook_stays_in_its_cell() -> None:
    workbook = xlwt.Workbook()
    workbook.add_sheet("Пусто")
    sheet = workbook.add_sheet("Лист2")
    sheet.write(2, 1, "Имя")
    sheet.row(4).set_cell_error(1, "#REF!")
    buffer = io.BytesIO()
    workbook.save(buffer)

    result = read_workbook(buffer.getvalue()).sheets[1]

    assert (result.first_row, result.first_column, result.rows) == (3, 1, [["Имя"], [""], ["#REF!"]])


@pytest.mark.parametrize("place", [(14, 2, "C14"), (1, 0, "A1"), (9, 25, "Z9"), (9, 26, "AA9"), (1, 16383, "XFD1")])
def test_an_address_is_what_excel_shows(place: tuple[int, int, str]) -> None:
    row, column, address = place

    assert cell_address(row, column) == address


def test_a_file_without_a_filled_cell_is_refused_kindly() -> None:
    with pytest.raises(SheetError) as refusal:
        read_workbook(xlsx({}))

    assert refusal.value.code == "empty"
    assert "ни одной заполненной ячейки" in str(refusal.value)


def test_ten_thousand_rows_are_read_whole() -> None:
    rows = "".join(
        f'<row r="{row}">'
        + "".join(f'<c r="{c}{row}" t="inlineStr"><is><t>Имя {row}</t></is></c>' for c in "ABCDEFGHIJ")
        + "</row>"
        for row in range(1, 10_001)
    )

    sheet = read_workbook(hostile.book(rows)).sheets[0]

    assert len(sheet.rows) == 10_000
    assert set(sheet.rows[-1]) == {"Имя 10000"}
