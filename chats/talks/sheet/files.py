"""The workbooks of chats that are given out: the template with what is missing, and the list a school has."""

import datetime
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from chats.findings import MISSING
from chats.kit import may_be_handed_on
from chats.models import Chat
from chats.moving import newest
from chats.proposals import Proposal
from chats.roles import ASSOCIATION_BY_NUMBER
from chats.talks.loading import read_school
from chats.talks.sheet.columns import CASE_CHOICES, TEMPLATE_COLUMNS
from chats.talks.sheet.loading import known_chats
from chats.talks.sheet.present import KnownChat, chat_key
from chats.use_cases import USE_CASE_BY_NUMBER
from schools.exports import printable
from schools.headers import Column
from schools.models import School
from schools.platforms import CHAT_CHANNEL_BY_NUMBER
from schools.texts import counted, date_text, plain

SHEET, GUIDE = "Чаты", "Как заполнять"
SPARE_ROWS = 100  # empty rows that carry the drop-downs
CHOICES_FROM = 10  # the guide's column of hidden choices
_HEAD = PatternFill("solid", fgColor="EEECE7")
_BOLD, _PLAIN = Font(bold=True, name="Arial", size=10), Font(name="Arial", size=10)
_WRAPPED = Alignment(wrap_text=True, vertical="top")
_FORMULA = re.compile(r"\s*[=+\-@＝＋－＠]")
Cells = Mapping[str, Any]


def template(school: School, day: datetime.date) -> bytes:
    """Return the xlsx for a school: its open chats, then those it should have and has not, without links."""
    read = read_school(school, day, families=False, names=False)
    here = known_chats(Chat.objects.filter(school=school).open(day))
    lacks = {each.proposal.key for each in read.standing.findings if each.kind is MISSING and each.proposal}
    missing = [each for each in read.standing.proposals if each.key in lacks]
    rows = [_of_chat(chat, own=True) for chat in here] + [_of_proposal(each) for each in missing]
    book, sheet = _book(TEMPLATE_COLUMNS, rows)
    _drop_downs(sheet, last=len(rows) + 1 + SPARE_ROWS)
    _guide(book.create_sheet(GUIDE), school, day, len(missing))
    return _bytes(book)


def chat_list(school: School, *, own: bool) -> bytes:
    """Return the xlsx of all chats of a school, closed ones too; links into chats of families only for its own people.

    Loaded back it changes nothing.
    """
    columns = TEMPLATE_COLUMNS if own else tuple(column for column in TEMPLATE_COLUMNS if not column.hidden)
    chats = known_chats(Chat.objects.filter(school=school))
    return _bytes(_book(columns, [_of_chat(chat, own=own) for chat in chats])[0])


def _of_chat(chat: KnownChat, *, own: bool) -> Cells:
    case = USE_CASE_BY_NUMBER[chat.use_case]
    return {
        "row_key": chat_key(chat.id),
        "case": CASE_CHOICES[case.number - 1],
        "class_name": chat.class_name,
        "area": _area_name(chat.area),
        "channel": CHAT_CHANNEL_BY_NUMBER[chat.channel].name,
        "title": chat.title,
        "link": chat.link if may_be_handed_on(case, own=own) else "",
        "external_id": chat.external_id,
        "owner": chat.owner_name,
        "opened_on": chat.opened_on,
        "ends_on": chat.ends_on,
        "closed_on": chat.closed_on,
    }


def _of_proposal(proposal: Proposal) -> Cells:
    place = proposal.place
    return {
        "case": CASE_CHOICES[proposal.use_case.number - 1],
        "class_name": place.school_class.name if place.school_class else "",
        "area": _area_name(place.area),
        "channel": CHAT_CHANNEL_BY_NUMBER[newest()].name,
        "title": proposal.title,
    }


def _area_name(area: int | None) -> str:
    return ASSOCIATION_BY_NUMBER[area].name if area in ASSOCIATION_BY_NUMBER else ""


# The sheet


def _book(columns: Sequence[Column], rows: Iterable[Cells]) -> tuple[Workbook, Worksheet]:
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = SHEET
    for index, column in enumerate(columns, start=1):
        cell = sheet.cell(1, index, column.header)
        cell.font, cell.fill, cell.alignment = _BOLD, _HEAD, _WRAPPED
        dimension = sheet.column_dimensions[get_column_letter(index)]
        dimension.width, dimension.hidden = column.width, column.hidden
        dimension.number_format = "DD.MM.YYYY" if column.key.endswith("_on") else "@"
    for number, cells in enumerate(rows, start=2):
        for index, column in enumerate(columns, start=1):
            _write(sheet, number, index, cells.get(column.key))
    sheet.freeze_panes = "B2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(columns))}1"
    return book, sheet


def _write(sheet: Worksheet, row: int, column: int, value: Any) -> None:
    if value in (None, ""):
        return
    cell = sheet.cell(row, column)
    if isinstance(value, datetime.date):
        cell.value, cell.number_format = value, "DD.MM.YYYY"
    else:
        cell.value = printable(value)
        cell.data_type, cell.number_format = "s", "@"  # a text that begins with «=» is a text
        cell.quotePrefix = bool(_FORMULA.match(value))  # and stays one when somebody edits it
    cell.font = _PLAIN


def _drop_downs(sheet: Worksheet, *, last: int) -> None:
    """Choices of the guide's hidden columns: a list in place holds 255 signs, the cases are longer."""
    for index, column in enumerate(TEMPLATE_COLUMNS, start=1):
        if column.choices:
            letter = get_column_letter(CHOICES_FROM + index)
            source = f"'{GUIDE}'!${letter}$1:${letter}${len(column.choices)}"
            choice = DataValidation(type="list", formula1=source, allow_blank=True, showErrorMessage=False)
            choice.add(f"{get_column_letter(index)}2:{get_column_letter(index)}{last}")
            sheet.add_data_validation(choice)


def _guide(sheet: Worksheet, school: School, day: datetime.date, missing: int) -> None:
    chats = plain(counted(missing, "нужный чат", "нужных чата", "нужных чатов"))
    lines = [
        (f"{school.short_name}. Чаты на {plain(date_text(day))}", ""),
        (f"Ниже тех, что есть, вписаны ещё не заведённые: {chats}." if missing else "Все нужные чаты уже есть.", ""),
        ("Завели чат — впишите его ссылку или номер. Строку без ссылки, номера и даты пропустим.", ""),
        ("Пустая ячейка ничего не стирает. Чат, которого в файле нет, остаётся как есть.", ""),
        ("", ""),
        *(
            (column.header, f"{column.note} Например: {column.example}" if column.example else column.note)
            for column in TEMPLATE_COLUMNS
            if not column.hidden
        ),
    ]
    for number, (left, right) in enumerate(lines, start=1):
        _write(sheet, number, 1, left)
        _write(sheet, number, 2, right)
        sheet.cell(number, 1).font = _BOLD if right else _PLAIN
        sheet.cell(number, 2).alignment = _WRAPPED
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 30, 90
    for index, column in enumerate(TEMPLATE_COLUMNS, start=1):
        letter = get_column_letter(CHOICES_FROM + index)
        for number, choice in enumerate(column.choices, start=1):
            sheet[f"{letter}{number}"] = choice
            sheet.column_dimensions[letter].hidden = True


def _bytes(book: Workbook) -> bytes:
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()
