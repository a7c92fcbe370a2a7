"""CSV as people save it: encodings, delimiters, quotes, and row numbers."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schools.sheets import LIMITS, SheetError, read_workbook
from schools.sheets.delimited import decode, sniff_delimiter, split_rows
from schools.sheets.texts import Refusal

SAMPLES = (
    "Школа;Класс\n№ 375;5А\n",
    "Фамилия;Имя;Отчество\nБерёзова;Анна;Петровна\nЩукин;Юрий;Ильич\n",
    "ФАМИЛИЯ;ИМЯ\nБЕРЁЗОВ;ПЁТР\n",
    "id;ФИО;Должность\n1;Жуков Пётр Ильич;учитель физики\n",
    "Учитель\tПредмет\nЧехова\tхимия\n",
    "ГБОУ СОШ № 12 «Надежда»;школа\n",
)
ENCODINGS = (
    "utf-8",
    "utf-8-sig",
    "cp1251",
    "cp866",
    "koi8-r",
    "mac-cyrillic",
    "utf-16",
    "utf-16-le",
    "utf-16-be",
    "iso8859-5",
)
PAIRS = [
    (text, encoding)
    for text, encoding in itertools.product(SAMPLES, ENCODINGS)
    if text.encode(encoding, errors="ignore").decode(encoding) == text
]


@pytest.mark.parametrize(("text", "encoding"), PAIRS)
def test_russian_text_is_decoded_whatever_the_encoding(text: str, encoding: str) -> None:
    data = text.encode(encoding)

    result, _, _ = decode(data)

    assert result == text


def test_accents_in_latin_words_are_not_taken_for_russian_letters() -> None:
    data = "Descripción;Gestión\nadministración;política\n".encode("cp1252")

    result, encoding, _ = decode(data)

    assert (encoding, result[:11]) == ("cp1252", "Descripción")


def test_utf8_with_one_spoilt_byte_stays_utf8_and_says_so() -> None:
    data = ("Фамилия;Имя\n" + "Берёзова;Анна\n" * 40).encode() + b"\xd0"

    text, encoding, notes = decode(data)

    assert encoding == "utf-8"
    assert text.endswith("\ufffd")
    assert "Не удалось прочитать символов: 1" in notes[0]


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [
        ("а;б;в\n1;2;3\n", ";"),
        ("а,б,в\n1,2,3\n", ","),
        ("а\tб\n1\t2\n", "\t"),
        ("а|б\n1|2\n", "|"),
        ("а;б;в\n1,5;2,5;3,5\n", ";"),
        ('"Дом, улица, город",Имя\n"1, 2, 3",Анна\n', ","),
        ("один столбец\nвторая строка\n", ";"),
    ],
)
def test_the_delimiter_is_the_one_that_cuts_evenly(text: str, delimiter: str) -> None:
    assert sniff_delimiter(text) == delimiter


def test_an_order_to_excel_names_the_delimiter_and_is_not_a_row() -> None:
    data = "sep=|\r\nФамилия|Имя\r\nБерёзов;младший|Пётр\r\n".encode()

    sheet = read_workbook(data).sheets[0]

    assert (sheet.first_row, sheet.rows[1]) == (1, ["Берёзов;младший", "Пётр"])


def test_rows_are_numbered_as_excel_does_with_breaks_in_quotes_and_blank_lines() -> None:
    data = '\r\nФамилия;Имя\r\n"Берё\r\nзов";Пётр\r\n\r\nЩукин;Юрий\r\n'.encode("cp1251")

    workbook = read_workbook(data)

    assert workbook.encoding == "cp1251"
    assert workbook.notes == ["Кодировка файла: Windows-1251."]
    assert workbook.sheets[0].first_row == 2
    assert workbook.sheets[0].rows == [["Фамилия", "Имя"], ["Берё зов", "Пётр"], ["", ""], ["Щукин", "Юрий"]]


@given(
    st.lists(st.lists(st.text('абв;,"\n\r\u0085\u2028 ', max_size=6), min_size=2, max_size=4), min_size=1, max_size=6)
)
def test_what_a_writer_quotes_is_split_back(rows: list[list[str]]) -> None:
    text = "".join(";".join('"' + cell.replace('"', '""') + '"' for cell in row) + "\r\n" for row in rows)

    result = split_rows("sep=;\n" + text, max_rows=100, max_columns=10, max_cell_text=100)

    assert result == rows


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ('Фамилия;Имя\n"Берёзов;Пётр\nЩукин;Юрий\n'.encode(), "unclosed_quote"),
        (b'a;b\n"' + b"x" * 1_000_000, "cell_too_long"),
        (b"a;b\n" + b"y" * 40_000 + b";1\n", "cell_too_long"),
        (b"a;b\n\x00\x01\x02;1\n", "not_a_table"),
        (b"a;b\n" * (LIMITS.max_rows + 1), "too_many_rows"),
        (b";".join([b"a"] * 65) + b"\n", "too_many_columns"),
        (b";".join([b"a"] * 60) + b"\n" + (b";".join([b"b"] * 60) + b"\n") * 11_000, "too_many_cells"),
        (b" \r\n\t\r\n", "empty"),
        (b"", "empty"),
        (b"x" * (LIMITS.max_bytes + 1), "too_big"),
    ],
)
def test_a_csv_out_of_bounds_is_refused_with_a_sentence(data: bytes, code: str) -> None:
    with pytest.raises(SheetError) as refusal:
        read_workbook(data)

    assert refusal.value.code == code
    assert refusal.value.message.endswith(".")


def test_a_cell_too_long_is_refused_before_it_is_gathered() -> None:
    with pytest.raises(Refusal) as refusal:
        split_rows("a;b\n" + "y" * 40_000 + ";1\n", max_rows=10, max_columns=10, max_cell_text=32_767)

    assert "В строке 2 ячейка длиннее 32\u2009767 знаков" in refusal.value.message


def test_an_unclosed_quote_is_shown_by_its_row() -> None:
    data = 'Фамилия;Имя\nЩукин;Юрий\n"Берёзов;Пётр\nНосов;Юрий\n'.encode()

    with pytest.raises(SheetError) as refusal:
        read_workbook(data)

    assert "В строке 3 открыта кавычка" in refusal.value.message
