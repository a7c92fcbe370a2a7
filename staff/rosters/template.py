"""The workbook a school downloads: four sheets with what it has now, drop-downs, lists to choose from, a guide."""

import datetime
import io
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import xlsxwriter

from schools.codes import format_phone, format_snils, tidy
from schools.exports import neutralise, printable
from schools.headers import Column, column_letter
from schools.models import School
from schools.texts import date_text
from schools.texts import plain as plain_text
from schools.years import school_year_title
from staff.imports.roster import Person, load_roster
from staff.imports.template import TEMPLATE_COLUMNS as STAFF_COLUMNS
from staff.imports.template import _shown as shown_of_staff
from staff.rosters.columns.cleaners import KIND_TITLES
from staff.rosters.kinds import CLASSES, GUARDIANS, GUIDE, KIND_BY_KEY, PUPILS, REFERENCE, STAFF
from staff.rosters.present import Present, load_present, row_key
from staff.rosters.records import Mistake

SPARE_ROWS = 200  # empty rows that carry the drop-downs
TEXT_KEYS = frozenset(
    {"snils", "phone", "external_id", "personnel_number", "class_name", "school_class", "pupil_class", "leads_classes"}
)
Row = Sequence[Any]


def school_workbook(school: School, year: int, today: datetime.date) -> bytes:
    """Return the xlsx of a school's roster of one year, those who learn and work now."""
    present = load_present(school, year)
    staff = sorted((one for one in load_roster(school).people if one.works), key=lambda one: one.title)
    pupils = sorted((one for one in present.pupils if one.works), key=lambda one: (_place(one), one.title))
    lists = _Lists([each.name for each in present.classes], [one.title for one in staff], [one.title for one in pupils])
    book = _Book()
    book.sheet(
        STAFF, STAFF_COLUMNS, [[shown_of_staff(column.key, one) for column in STAFF_COLUMNS] for one in staff], lists
    )
    for kind, rows in (
        (CLASSES, _class_rows(present, {one.id: one.title for one in staff})),
        (PUPILS, _pupil_rows(pupils)),
        (GUARDIANS, _guardian_rows(present, pupils)),
    ):
        book.sheet(kind, template_columns(kind), rows, lists)
    book.lists(lists)
    book.guide(school, year, today)
    return book.close()


def mistakes_workbook(waiting: Mapping[str, Sequence[tuple[Mapping[str, str], Sequence[Mistake]]]]) -> bytes:
    """Return an xlsx with only the rows that wait: kind → (cells as the file has them, what is wrong)."""
    book = _Book()
    for kind, rows in waiting.items():
        keys = {key for cells, _ in rows for key in cells}
        columns = tuple(column for column in KIND_BY_KEY[kind].columns if column.key in keys and not column.is_ignored)
        book.mistakes(kind, columns, rows)
    return book.close()


def template_columns(kind: str) -> tuple[Column, ...]:
    """The columns our template shows of a kind of sheet."""
    return tuple(column for column in KIND_BY_KEY[kind].columns if column.in_template)


def _place(person: Person) -> tuple[int, str]:
    name = person.values["school_class"]
    return int("".join(filter(str.isdigit, name[:2])) or 99), name


# Rows


def _class_rows(present: Present, staff: Mapping[int, str]) -> list[Row]:
    rows: list[Row] = []
    for each in present.classes:
        teachers = "; ".join(sorted(staff[pk] for pk in each.teachers if pk in staff))
        cells = {"row_key": row_key("class", each.id), "teachers": teachers, **each.values}
        rows.append([cells[column.key] for column in template_columns(CLASSES)])
    return rows


def _pupil_rows(pupils: Iterable[Person]) -> list[Row]:
    columns = template_columns(PUPILS)
    return [[_shown("pupil", column.key, one) for column in columns] for one in pupils]


def _guardian_rows(present: Present, pupils: Sequence[Person]) -> list[Row]:
    """A row for each adult of each pupil, in the order of the pupils."""
    adults = {one.id: one for one in present.guardians}
    links = defaultdict(list)
    for link in present.links:
        links[link.pupil].append(link)
    rows: list[Row] = []
    for child in pupils:
        for link in links[child.id]:
            adult = adults[link.guardian]
            own = {
                "pupil_key": row_key("pupil", child.id),
                "pupil": child.title,
                "pupil_class": child.values["school_class"],
                "kind": KIND_TITLES[link.values["kind"]],
                **{key: link.values[key] for key in ("invited_on", "registered_on", "declined_on")},
            }
            columns = template_columns(GUARDIANS)
            rows.append(
                [own[key] if (key := column.key) in own else _shown("guardian", key, adult) for column in columns]
            )
    return rows


def _shown(kind: str, key: str, person: Person) -> Any:
    """A value as a person types it."""
    if key == "row_key":
        return row_key(kind, person.id)
    if key == "patronymic" and person.values["no_patronymic"] and not person.values["patronymic"]:
        return "нет по документам"
    value = person.values[key]
    if key == "snils" and len(value) == 11:
        return format_snils(value)
    if key == "phone" and value.startswith("+7") and len(value) == 12:
        return plain_text(format_phone(value))
    return tidy(value) if isinstance(value, str) else value


# The workbook


@dataclass(frozen=True, slots=True)
class _Lists:
    """What the drop-downs offer, on the sheet «Справочник»."""

    classes: list[str]
    staff: list[str]
    pupils: list[str]
    kinds: list[str] = field(default_factory=lambda: list(KIND_TITLES.values()))

    def columns(self) -> list[tuple[str, list[str]]]:
        """(heading, choices) in the order of the sheet."""
        return [
            ("Классы", self.classes),
            ("Сотрудники", self.staff),
            ("Обучающиеся", self.pupils),
            ("Кем приходится", self.kinds),
        ]

    def range_of(self, kind: str, key: str) -> str:
        """The cells a column's drop-down offers; '' for a column that is typed freely."""
        place = {
            "school_class": 0, "pupil_class": 0, "leads_classes": 0, "teachers": 1, "pupil": 2, "kind": 3,
        }.get(key)  # fmt: skip
        count = len(self.columns()[place][1]) if place is not None else 0
        if place is None or not count:
            return ""
        letter = column_letter(place)
        return f"='{REFERENCE}'!${letter}$2:${letter}${count + 1}"


class _Book:
    """Writes sheets one after another."""

    def __init__(self) -> None:
        self.stream = io.BytesIO()
        options = {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        }
        self.book = xlsxwriter.Workbook(self.stream, options)
        plain = {"font_name": "Arial", "font_size": 10}
        head = plain | {"bg_color": "#EEECE7", "text_wrap": True, "valign": "top"}
        self.formats = {
            "plain": self.book.add_format(plain),
            "text": self.book.add_format(plain | {"num_format": "@"}),
            "date": self.book.add_format(plain | {"num_format": "dd.mm.yyyy"}),
            "head": self.book.add_format(head),
            "needed": self.book.add_format(head | {"bold": True}),
            "wrong": self.book.add_format(plain | {"num_format": "@", "bg_color": "#FBE7E4"}),
            "wrap": self.book.add_format(plain | {"text_wrap": True, "valign": "top"}),
            "bold": self.book.add_format(plain | {"bold": True}),
        }

    def sheet(self, kind: str, columns: Sequence[Column], rows: Sequence[Row], lists: _Lists) -> None:
        """A sheet of rows with its drop-downs."""
        page = self._head(kind, columns)
        for number, row in enumerate(rows, start=1):
            for index, value in enumerate(row):
                self._cell(page, number, index, value)
        for index, column in enumerate(columns):
            self._drop_down(
                page, index, len(rows) + SPARE_ROWS, lists.range_of(kind, column.key) or list(column.choices)
            )

    def _head(self, kind: str, columns: Sequence[Column]) -> Any:
        page = self.book.add_worksheet(KIND_BY_KEY[kind].title)
        for index, column in enumerate(columns):
            style = self.formats["text"] if column.key in TEXT_KEYS else self.formats["plain"]
            page.set_column(index, index, column.width, style, {"hidden": column.hidden})
            page.write_string(0, index, column.header, self.formats["needed" if column.required else "head"])
        page.freeze_panes(1, sum(column.hidden for column in columns) + 1)
        page.autofilter(0, 0, 0, len(columns) - 1)
        return page

    def _cell(self, page: Any, row: int, column: int, value: Any, style: str = "text") -> None:
        if value in (None, ""):
            return
        if isinstance(value, bool):
            page.write_string(row, column, "да" if value else "нет", self.formats["plain"])
        elif isinstance(value, datetime.date):
            page.write_datetime(row, column, value, self.formats["date"])
        elif isinstance(value, int | float):
            page.write_number(row, column, value, self.formats["plain"])
        else:
            text = printable(str(value))
            guarded = text if text.startswith("+7") else neutralise(text) if text[:1] in "=+-@" else text
            page.write_string(row, column, guarded, self.formats[style])

    @staticmethod
    def _drop_down(page: Any, column: int, last: int, source: str | list[str]) -> None:
        """Only an offer: what is not in the list may be typed all the same."""
        if not source or (isinstance(source, list) and len(",".join(source)) > 250):
            return
        options = {"validate": "list", "source": source, "ignore_blank": True, "error_type": "information"}
        page.data_validation(1, column, last, column, options | {"show_error": False})

    def lists(self, lists: _Lists) -> None:
        """The sheet the drop-downs choose from."""
        page = self.book.add_worksheet(REFERENCE)
        for index, (heading, choices) in enumerate(lists.columns()):
            page.set_column(index, index, 36 if index in (1, 2) else 16)
            page.write_string(0, index, heading, self.formats["head"])
            for number, choice in enumerate(choices, start=1):
                page.write_string(number, index, printable(choice), self.formats["text"])

    def guide(self, school: School, year: int, today: datetime.date) -> None:
        """The sheet that explains every column."""
        page = self.book.add_worksheet(GUIDE)
        page.set_column(0, 0, 32)
        page.set_column(1, 1, 90)
        day, title = plain_text(date_text(today)), school_year_title(year)
        lines = [
            (f"{school.short_name}. Классы, обучающиеся и представители на {day}, {title} учебный год", ""),
            ("Строки уже заполнены: исправьте, что изменилось, новое впишите ниже. Столбцы можно переставлять.", ""),
            ("Лишние листы можно удалить: загрузим те, что остались. Пустая ячейка ничего не стирает.", ""),
            ("Представителю двух детей отведите две строки: узнаем его по телефону, почте или СНИЛС.", ""),
        ]
        for kind in (CLASSES, PUPILS, GUARDIANS):
            lines += [("", ""), (KIND_BY_KEY[kind].title, "")]
            lines += [(column.header, column.note) for column in template_columns(kind) if not column.hidden]
        for number, (left, right) in enumerate(lines):
            page.write_string(number, 0, left, self.formats["bold" if right else "plain"])
            page.write_string(number, 1, right, self.formats["wrap"])

    def mistakes(
        self, kind: str, columns: Sequence[Column], rows: Sequence[tuple[Mapping[str, str], Sequence[Mistake]]]
    ) -> None:
        """Rows that wait: wrong cells tinted, and what is wrong in words at the end."""
        page = self._head(kind, columns)
        page.set_column(len(columns), len(columns), 60)
        page.write_string(0, len(columns), "Что исправить", self.formats["needed"])
        for number, (cells, wrong) in enumerate(rows, start=1):
            told = {one.key: one.message for one in wrong}
            for index, column in enumerate(columns):
                style = "wrong" if column.key in told else "text"
                self._cell(page, number, index, cells.get(column.key, ""), style)
                if column.key in told and not cells.get(column.key):
                    page.write_blank(number, index, None, self.formats["wrong"])
            said = "; ".join(f"{one.address}: {one.message}" for one in wrong)
            page.write_string(number, len(columns), said, self.formats["plain"])

    def close(self) -> bytes:
        """The bytes."""
        self.book.close()
        return self.stream.getvalue()
