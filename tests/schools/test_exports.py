"""CSV and xlsx that no spreadsheet takes for a formula."""

import csv
import datetime as dt
import io
from decimal import Decimal
from typing import IO, Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schools.exports import COMMA, EXCEL, Cell, Kind, Sheet, csv_stream, neutralise, xlsx_file


def active_sheet(file: IO[bytes]) -> Any:
    """The first sheet of a written workbook."""
    return openpyxl.load_workbook(file).active


STARTS = ["=", "+", "-", "@", "\t", "\r", "\0", "＝", "＋", "－", "＠"]
PADS = ["", " ", "  ", "\u00a0", '"', "'", ' "', "«", "\n"]
CALLS = ["1+1", "cmd|' /C calc'!A0", 'HYPERLINK("http://x","y")', "SUM(A1:A9)", "2"]
PAYLOADS = [pad + start + call for pad in PADS for start in STARTS for call in CALLS[:2]] + [
    start + call for start in STARTS for call in CALLS
]


def test_what_begins_like_a_formula_is_neutralised() -> None:
    assert [neutralise(payload) for payload in PAYLOADS] == [f"'{payload}" for payload in PAYLOADS]


@pytest.mark.parametrize(
    "text", ["", "Школа № 1", "Иванова-Петрова", "а=б", "«Лицей»", "5-9 классы", "3+3", "a@b.ru", "—"]
)
def test_ordinary_text_is_left_as_it_is(text: str) -> None:
    assert neutralise(text) == text


@given(st.text(min_size=1))
def test_no_csv_cell_begins_with_a_sign_of_a_formula(text: str) -> None:
    data = b"".join(csv_stream(["столбец"], [[text]])).decode("utf-8-sig")

    cell = next(iter(list(csv.reader(io.StringIO(data, newline=""), delimiter=";"))[1:]), [""])[0]

    assert not cell.lstrip(' "\n\u00a0').startswith(tuple(STARTS))


def test_dialects_differ_in_mark_delimiter_and_decimal() -> None:
    rows: list[list[Cell]] = [["Школа; № 1", 0.8125, True, None, dt.date(2026, 11, 16)]]

    excel = b"".join(csv_stream(["а", "б", "в", "г", "д"], rows, EXCEL)).decode()
    comma = b"".join(csv_stream(["a", "b", "c", "d", "e"], rows, COMMA)).decode()

    assert excel == '\ufeffа;б;в;г;д\r\n"Школа; № 1";0,8125;да;;2026-11-16\r\n'
    assert comma == "a,b,c,d,e\r\nШкола; № 1,0.8125,true,,2026-11-16\r\n"


def test_negative_number_is_a_number_and_not_a_formula() -> None:
    data = b"".join(csv_stream(["а", "б"], [[-2.5, -3]], EXCEL)).decode()

    assert data.splitlines()[1] == "-2,5;-3"


def test_csv_goes_out_in_pieces() -> None:
    pieces = list(csv_stream(["н"], ([number] for number in range(1200))))

    assert len(pieces) == 3
    assert len(b"".join(pieces).splitlines()) == 1201


def test_xlsx_holds_texts_as_texts_and_numbers_as_numbers() -> None:
    moment = dt.datetime(2026, 11, 23, 2, 0, tzinfo=dt.UTC)
    row: list[Cell] = ["=1+1", 12, 0.8125, Decimal("1.25"), dt.date(2026, 11, 16), moment, None, "http://x.ru", True]
    kinds: list[Kind] = ["text", "number", "share", "number", "date", "moment", "text", "text", "text"]

    with xlsx_file([Sheet("Лист", [f"с{n}" for n in range(9)], [row], kinds)]) as file:
        sheet = active_sheet(file)

    values = [cell.value for cell in sheet[2]]
    assert values[:4] == ["=1+1", 12, 0.8125, 1.25]
    assert values[4].date() == dt.date(2026, 11, 16)
    assert (values[5].hour, values[5].minute) == (5, 0)  # by Moscow's clock
    assert values[6:] == [None, "http://x.ru", "да"]
    assert [cell.data_type for cell in sheet[2]][:4] == ["s", "n", "n", "n"]
    assert sheet["C2"].number_format == "0.0%"
    assert sheet["H2"].hyperlink is None


def print_setup(*sheets: Sheet) -> list[tuple[Any, ...]]:
    """(orientation, paper, repeated rows, repeated columns, pages across, pages down) of each sheet."""
    with xlsx_file(sheets) as file:
        pages = list(openpyxl.load_workbook(file))
    assert all(page.sheet_properties.pageSetUpPr.fitToPage for page in pages)  # type: ignore[union-attr]
    return [
        (
            page.page_setup.orientation,
            page.page_setup.paperSize,
            page.print_title_rows,
            page.print_title_cols,
            page.page_setup.fitToWidth,
            page.page_setup.fitToHeight,
        )
        for page in pages
    ]


def test_sheet_prints_on_its_side_with_its_header_on_each_page() -> None:
    sheets = [Sheet(title, [f"с{n}" for n in range(20)], [["x"] * 20] * 3) for title in ("Раз", "Два")]

    assert print_setup(*sheets) == [("landscape", 9, "$1:$1", None, None, 0)] * 2


def test_wide_sheet_takes_more_pages_across_and_repeats_the_names() -> None:
    row = [7, "ГБОУ СОШ № 375", *range(38)]

    (setup,) = print_setup(Sheet("Рейтинг", ["Номер", "Школа", *[f"Показатель {n}" for n in range(38)]], [row]))

    assert setup == ("landscape", 9, "$1:$1", "$A:$B", 3, 0)


def test_column_is_as_wide_as_what_it_holds_and_its_heading_wraps() -> None:
    header = ["Школа", "Изменение за неделю: мест вверх в муниципалитете", "Примечание"]

    with xlsx_file([Sheet("Лист", header, [["Школа № 1 имени Героя", 3, "д" * 500]])]) as file:
        sheet = active_sheet(file)

    assert [round(sheet.column_dimensions[letter].width) for letter in "ABC"] == [24, 17, 43]
    assert sheet.row_dimensions[1].height == 4 * 15


@pytest.mark.parametrize(("number", "width"), [(7, 8), (123_456_789_012, 14), (-123_456_789_012, 15)])
def test_column_of_numbers_is_as_wide_as_the_longest_of_them(number: int, width: int) -> None:
    with xlsx_file([Sheet("Л", ["№"], [[1], [number], [2]])]) as file:
        sheet = active_sheet(file)

    assert int(sheet.column_dimensions["A"].width) == width


def test_names_repeated_on_each_page_are_texts_and_not_days() -> None:
    header = [f"Столбец {number}" for number in range(40)]
    row: list[Cell] = [dt.date(2026, 9, 1), "Школа с длинным названием", *["слово" * 4] * 38]

    (setup,) = print_setup(Sheet("Л", header, [row]))

    assert setup[3] == "$A:$B"


def test_no_payload_becomes_a_formula_in_xlsx() -> None:
    with xlsx_file([Sheet("Лист", ["а"], [[payload] for payload in PAYLOADS])]) as file:
        sheet = active_sheet(file)

    assert sheet.max_row == len(PAYLOADS) + 1
    assert {cell.data_type for row in sheet for cell in row} == {"s"}


@given(st.text())
def test_any_text_gives_a_workbook_that_opens(text: str) -> None:
    with xlsx_file([Sheet("Лист", ["а"], [[text]])]) as file:
        sheet = active_sheet(file)

    assert sheet["A1"].value == "а"
