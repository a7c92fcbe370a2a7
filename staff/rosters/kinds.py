"""Kinds of sheets a roster's workbook has, and how a sheet is recognised by its headings and its name (pure)."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from schools.codes import fold
from schools.headers import Column, HeaderMatch, Row
from schools.values import clean_class_name
from staff import columns as staff
from staff.rosters.columns import classes, guardians, pupils
from staff.rosters.columns.people import CleanRow

CLASSES, PUPILS, GUARDIANS, STAFF = "classes", "pupils", "guardians", "staff"
GUIDE, REFERENCE = "Как заполнять", "Справочник"  # sheets of our template that hold no rows


@dataclass(frozen=True, slots=True)
class SheetKind:
    """One kind of sheet: its name in the template, words of usual names, its columns and how they are read.

    `marks` are the keys no other kind has: they tell a list of staff from a list of pupils.
    """

    key: str
    title: str
    row_word: tuple[str, str, str]  # 1 класс, 2 класса, 5 классов
    words: tuple[str, ...]
    columns: tuple[Column, ...]
    match: Callable[[Sequence[Row]], HeaderMatch]
    clean_row: Callable[[Mapping[str, str]], CleanRow | staff.CleanRow]
    marks: frozenset[str]


SHEET_KINDS = (
    SheetKind(
        STAFF, "Сотрудники", ("сотрудник", "сотрудника", "сотрудников"), ("сотрудник", "педагог", "учител", "персонал"),
        staff.COLUMNS, staff.match_headers, staff.clean_row,
        frozenset(
            {"position", "subjects", "role", "employment", "rate", "personnel_number", "hired_on", "is_confirmed"}
        ),
    ),
    SheetKind(
        CLASSES, "Классы", ("класс", "класса", "классов"), ("классы", "список классов", "комплектование"),
        classes.COLUMNS, classes.HEADERS.match, classes.clean_row,
        frozenset({"teachers", "declared_pupils", "year"}),
    ),
    SheetKind(
        PUPILS, "Обучающиеся", ("обучающийся", "обучающихся", "обучающихся"),
        ("обучающ", "учащ", "ученик", "учени", "контингент", "дети", "школьник"),
        pupils.COLUMNS, pupils.HEADERS.match, pupils.clean_row, frozenset({"school_class", "grade", "enrolled_on"}),
    ),
    SheetKind(
        GUARDIANS, "Представители", ("представитель", "представителя", "представителей"),
        ("представител", "родител", "законн"),
        guardians.COLUMNS, guardians.HEADERS.match, guardians.clean_row, frozenset({"kind", "pupil", "registered_on"}),
    ),
)  # fmt: skip
KIND_BY_KEY: Mapping[str, SheetKind] = {kind.key: kind for kind in SHEET_KINDS}
COLUMN_OF: Mapping[str, Mapping[str, Column]] = {
    kind.key: {column.key: column for column in kind.columns} for kind in SHEET_KINDS
}


@dataclass(frozen=True, slots=True)
class Recognised:
    """What a sheet is, and what its header says; `kind` is None for a sheet nobody knows."""

    kind: SheetKind | None
    match: HeaderMatch | None = None


_NAMED = re.compile(r"[^а-яёa-z0-9 ]+")


def _titled(title: str) -> str | None:
    """The kind a sheet's name speaks of; «5А» is a list of a class."""
    words = " ".join(_NAMED.sub(" ", fold(title)).split())
    if class_of_title(title):
        return PUPILS
    for key in (GUARDIANS, STAFF, PUPILS, CLASSES):
        if any(word in words for word in KIND_BY_KEY[key].words):
            return key
    return None


def class_of_title(title: str) -> str:
    """«5А» of a sheet named «5 А» or «5-А класс», where each class has a sheet of its own; '' for any other name."""
    cleaned = clean_class_name(title)
    return cleaned.value if cleaned.value and not cleaned.value.isdecimal() else ""


def recognise(title: str, rows: Sequence[Row]) -> Recognised:
    """Tell what a sheet holds: its headings decide, its name settles what they leave open."""
    usable = {kind.key: match for kind in SHEET_KINDS if (match := kind.match(rows)).is_usable and match.columns}
    titled = _titled(title)
    key = _chosen(usable, titled)
    return Recognised(KIND_BY_KEY[key], usable[key]) if key else Recognised(None)


def _chosen(usable: Mapping[str, HeaderMatch], titled: str | None) -> str | None:
    if GUARDIANS in usable:  # nothing else names two people in a row
        return GUARDIANS
    if titled in (STAFF, PUPILS) and titled in usable:
        return titled
    if STAFF in usable and PUPILS in usable:
        return STAFF if _marks(STAFF, usable[STAFF]) > _marks(PUPILS, usable[PUPILS]) else PUPILS
    return next((key for key in (PUPILS, STAFF, CLASSES) if key in usable), None)


def _marks(key: str, match: HeaderMatch) -> int:
    return len(KIND_BY_KEY[key].marks.intersection(match.columns.values()))
