"""The spreadsheet a coordinator downloads: her schools without an administrator, and a sheet that explains it."""

import datetime
import io

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from schools.appointing.sheet.columns import COLUMNS
from schools.appointing.vacancies import schools_of, vacant
from schools.exports import neutralise, printable
from schools.scope import AnyUser
from schools.texts import counted, date_text, plain

SHEET, GUIDE = "Администраторы", "Как заполнять"
MOST_SCHOOLS = 5_000
_HEAD = PatternFill("solid", fgColor="EEECE7")
_BOLD = Font(bold=True, name="Arial", size=10)
_PLAIN = Font(name="Arial", size=10)
_TEXT_KEYS = frozenset({"code", "phone", "order_number"})
TEMPLATE_COLUMNS = tuple(column for column in COLUMNS if column.in_template)


def template(user: AnyUser, today: datetime.date) -> bytes:
    """Return the xlsx: a row for each school of the person's places that nobody is appointed to."""
    schools = vacant(schools_of(user), today).order_by("region_id", "municipality__name_key", "name_key")
    rows = list(schools.values_list("code", "short_name")[:MOST_SCHOOLS])
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = SHEET
    _head(sheet)
    for number, (code, name) in enumerate(rows, start=2):
        _text(sheet, number, 1, code)
        _text(sheet, number, 2, name)
    _guide(book.create_sheet(GUIDE), len(rows), today)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _head(sheet: Worksheet) -> None:
    for index, column in enumerate(TEMPLATE_COLUMNS, start=1):
        cell = sheet.cell(1, index, column.header)
        cell.font = _BOLD if column.required else _PLAIN
        cell.fill = _HEAD
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        dimension = sheet.column_dimensions[get_column_letter(index)]
        dimension.width = column.width
        if column.key in _TEXT_KEYS:
            dimension.number_format = "@"
    sheet.freeze_panes = "C2"


def _text(sheet: Worksheet, row: int, column: int, text: str) -> None:
    cell = sheet.cell(row, column, neutralise(printable(text)))
    cell.data_type = "s"  # a text that begins with «=» is a text
    cell.number_format = "@"
    cell.font = _PLAIN


def _guide(sheet: Worksheet, count: int, today: datetime.date) -> None:
    day = plain(date_text(today))
    if count:
        schools = plain(counted(count, "школа", "школы", "школ"))
        first = f"На {day} без администратора {schools}: они уже вписаны."
    else:
        first = f"На {day} у всех ваших школ есть администратор. Впишите код школы, если нужен второй."
    lines = [
        (first, ""),
        ("Строку без ФИО не читаем: школу, для которой человека ещё нет, можно оставить.", ""),
        ("Сначала покажем, кого назначим; письма уйдут только после вашего подтверждения.", ""),
        ("", ""),
        *((column.header, f"{column.note} Например: {column.example}" if column.example else column.note)
          for column in TEMPLATE_COLUMNS),
    ]  # fmt: skip
    for number, (left, right) in enumerate(lines, start=1):
        sheet.cell(number, 1, left).font = _BOLD if right else _PLAIN
        sheet.cell(number, 2, right).font = _PLAIN
        sheet.cell(number, 2).alignment = Alignment(wrap_text=True, vertical="top")
    sheet.column_dimensions["A"].width = 26
    sheet.column_dimensions["B"].width = 90
