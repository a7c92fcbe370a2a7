"""The spreadsheet a school downloads: its staff with row keys, drop-downs, and a sheet that explains each column."""

import datetime
import io
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill, Protection
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from schools.codes import format_phone, format_snils, tidy
from schools.exports import neutralise, printable
from schools.headers import Column
from schools.models import School
from schools.texts import date_text
from schools.texts import plain as plain_text
from staff.columns import COLUMNS
from staff.imports.records import Mistake
from staff.imports.roster import Person, load_roster, row_key
from staff.models import StaffMember

SHEET, GUIDE = "Сотрудники", "Как заполнять"
SPARE_ROWS = 300  # empty rows that carry the drop-downs
_HEAD = PatternFill("solid", fgColor="EEECE7")
_REQUIRED = Font(bold=True, name="Arial", size=10)
_PLAIN = Font(name="Arial", size=10)
_WRONG = PatternFill("solid", fgColor="FBE7E4")
_TEXT_KEYS = frozenset({"snils", "phone", "personnel_number", "leads_classes", "row_key"})
_WORDS: dict[Any, str] = dict([*StaffMember.Role.choices, *StaffMember.Employment.choices])
TEMPLATE_COLUMNS = tuple(column for column in COLUMNS if column.in_template)


def school_template(school: School, today: datetime.date) -> bytes:
    """Return the xlsx for a school: sheet «Сотрудники» with the staff who work now, sheet «Как заполнять»."""
    people = sorted((person for person in load_roster(school).people if person.works), key=lambda one: one.title)
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = SHEET
    _head(sheet, TEMPLATE_COLUMNS)
    for number, person in enumerate(people, start=2):
        _row(sheet, number, [_shown(column.key, person) for column in TEMPLATE_COLUMNS])
    _drop_downs(sheet, last=len(people) + 1 + SPARE_ROWS)
    _guide(book.create_sheet(GUIDE), school, today)
    return _bytes(book)


def mistakes_file(mistakes: Sequence[tuple[dict[str, str], list[Mistake]]]) -> bytes:
    """Return an xlsx with only the rows that wait: their cells as they were, the wrong ones tinted and explained.

    Each item is (key → the file's text, the row's mistakes). Mended, the file is uploaded like any other.
    """
    keys = {key for cells, _ in mistakes for key in cells}
    columns = tuple(column for column in COLUMNS if column.key in keys)
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = SHEET
    _head(sheet, columns)
    last = sheet.cell(1, len(columns) + 1, "Что исправить")
    last.font, last.fill = _REQUIRED, _HEAD
    sheet.column_dimensions[get_column_letter(len(columns) + 1)].width = 60
    for number, (cells, wrong) in enumerate(mistakes, start=2):
        _row(sheet, number, [cells.get(column.key, "") for column in columns])
        _mark(sheet, number, columns, wrong)
    return _bytes(book)


def _head(sheet: Worksheet, columns: Sequence[Column]) -> None:
    for index, column in enumerate(columns, start=1):
        cell = sheet.cell(1, index, column.header)
        cell.font = _REQUIRED if column.required else _PLAIN
        cell.fill = _HEAD
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        dimension = sheet.column_dimensions[get_column_letter(index)]
        dimension.width = column.width
        dimension.hidden = column.hidden
        if column.key in _TEXT_KEYS:
            dimension.number_format = "@"
    sheet.freeze_panes = "D2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(columns))}1"


def _row(sheet: Worksheet, number: int, values: Sequence[Any]) -> None:
    for index, value in enumerate(values, start=1):
        value = printable(value) if isinstance(value, str) else value
        if value in (None, ""):
            continue
        cell = sheet.cell(number, index, value)
        if isinstance(value, str):
            cell.value = neutralise(value) if value[0] in "=+-@" and not value.startswith("+7") else value
            cell.data_type = "s"  # a text that begins with «=» is a text
            cell.number_format = "@"
        elif isinstance(value, datetime.date):
            cell.number_format = "DD.MM.YYYY"
        cell.font = _PLAIN
        cell.protection = Protection(locked=False)


def _mark(sheet: Worksheet, number: int, columns: Sequence[Column], wrong: Sequence[Mistake]) -> None:
    places = {column.key: index for index, column in enumerate(columns, start=1)}
    for mistake in wrong:
        if mistake.key in places:
            cell = sheet.cell(number, places[mistake.key])
            cell.fill = _WRONG
            cell.comment = Comment(printable(mistake.message), "Портал")
    said = "; ".join(f"{mistake.address}: {mistake.message}" for mistake in wrong)
    sheet.cell(number, len(columns) + 1, printable(said)).font = _PLAIN


def _shown(key: str, person: Person) -> Any:
    """A value as a person types it."""
    if key == "row_key":
        return row_key(person.id)
    if key == "patronymic" and person.values["no_patronymic"] and not person.values["patronymic"]:
        return "нет по документам"
    value = person.values[key]
    if key == "snils" and len(value) == 11:
        return format_snils(value)
    if key == "phone" and value.startswith("+7") and len(value) == 12:
        return plain_text(format_phone(value))
    if isinstance(value, bool):
        return "да" if value else "нет"
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, str):
        return _WORDS[value] if key in {"role", "employment"} and value in _WORDS else tidy(value)
    return value


def _drop_downs(sheet: Worksheet, *, last: int) -> None:
    for index, column in enumerate(TEMPLATE_COLUMNS, start=1):
        if not column.choices:
            continue
        letter = get_column_letter(index)
        listed = ",".join(column.choices)
        if len(listed) > 250:  # Excel's limit of a list written in place: the guide sheet holds the long ones
            listed = _listed_in_guide(index, len(column.choices))
        else:
            listed = f'"{listed}"'
        choice = DataValidation(type="list", formula1=listed, allow_blank=True, showErrorMessage=False)
        choice.add(f"{letter}2:{letter}{last}")
        sheet.add_data_validation(choice)


def _listed_in_guide(index: int, count: int) -> str:
    letter = get_column_letter(index + 10)
    return f"'{GUIDE}'!${letter}$1:${letter}${count}"


def _guide(sheet: Worksheet, school: School, today: datetime.date) -> None:
    lines = [
        (f"{school.short_name}. Список сотрудников на {plain_text(date_text(today))}", ""),
        (
            "Строки с людьми уже заполнены: исправьте, что изменилось, новых впишите ниже. Столбцы можно переставлять.",
            "",
        ),
        ("Пустая ячейка ничего не стирает. Кто выбыл — впишите дату увольнения.", ""),
        ("", ""),
    ]
    lines += [(column.header, column.note) for column in TEMPLATE_COLUMNS if not column.hidden]
    for number, (left, right) in enumerate(lines, start=1):
        sheet.cell(number, 1, left).font = _REQUIRED if right else _PLAIN
        sheet.cell(number, 2, right).font = _PLAIN
        sheet.cell(number, 2).alignment = Alignment(wrap_text=True, vertical="top")
    sheet.column_dimensions["A"].width = 32
    sheet.column_dimensions["B"].width = 90
    for index, column in enumerate(TEMPLATE_COLUMNS, start=1):
        if len(",".join(column.choices)) > 250:
            letter = get_column_letter(index + 10)
            sheet.column_dimensions[letter].hidden = True
            for number, choice in enumerate(column.choices, start=1):
                sheet[f"{letter}{number}"] = choice


def _bytes(book: Workbook) -> bytes:
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()
