"""The staff spreadsheet: its header found, and the cells of a row cleaned together."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from schools.codes import Problem
from schools.headers import Column, HeaderMatch, Headers, Row
from staff import names
from staff.columns import cleaners
from staff.columns.listed import COLUMNS
from staff.columns.positions import is_teaching_position

__all__ = ["COLUMNS", "COLUMN_BY_KEY", "CleanRow", "clean_row", "is_teaching_position", "match_headers"]

COLUMN_BY_KEY: Mapping[str, Column] = {column.key: column for column in COLUMNS}

NAMES_NEEDED = (("last_name", "first_name"), ("full_name",))
_FOREIGN = ("родител", "представител", "ученик", "учащ", "обучающ", "ребен", "матер", "отца", "директор", "организац")
_HEADERS = Headers(COLUMNS, NAMES_NEEDED, sheet="списка сотрудников", foreign=_FOREIGN)


def match_headers(rows: Sequence[Row], mapping: Mapping[int, str] | None = None) -> HeaderMatch:
    """Find the header of a staff list in rows of text; see `schools.headers.Headers.match`."""
    return _HEADERS.match(rows, mapping)


class CleanRow(NamedTuple):
    """A row, read: `values` holds a typed value for each column of the sheet, names always in three fields and a flag.

    `problems` are (key of the column, Problem): where the name came as ФИО, its problems are of the column full_name,
    but for a missing patronymic, which is of its own.
    """

    values: dict[str, Any]
    problems: tuple[tuple[str, Problem], ...]

    @property
    def is_mistaken(self) -> bool:
        """Whether the row has to wait."""
        return any(problem.severity == "mistake" for _, problem in self.problems)


_NAME_KEYS = frozenset({*names.PARTS, "full_name"})
_CLEANERS = {column.key: column.cleaner for column in COLUMNS if column.key not in _NAME_KEYS}


def clean_row(cells: Mapping[str, str]) -> CleanRow:
    """Clean the cells of one row (key → text, as `match_headers` names them) together. Never raises."""
    values: dict[str, Any] = {}
    problems: list[tuple[str, Problem]] = []
    person = _person(cells, problems)
    values["last_name"], values["first_name"], values["patronymic"], values["no_patronymic"] = person[:4]
    for key, text in cells.items():
        cleaner = _CLEANERS.get(key)
        if cleaner is not None:
            values[key], problem = cleaner(text)
            if problem is not None:
                problems.append((key, problem))
    problems += _disagreements(values)
    return CleanRow(values, tuple(problems))


def _person(cells: Mapping[str, str], problems: list[tuple[str, Problem]]) -> names.PersonName:
    """Three cells where the surname or the name has its own, else ФИО in one."""
    own = [cells.get(part, "") for part in names.PARTS]
    full = cells.get("full_name", "")
    if own[0].strip() or own[1].strip() or not full.strip():
        person = names.clean_person(*own)
        problems += person.problems
        return person
    person, found = names.clean_full_name(full, own[2])
    problems += [("patronymic" if problem.code == "patronymic_missing" else "full_name", problem) for problem in found]
    return person


def _disagreements(values: Mapping[str, Any]) -> list[tuple[str, Problem]]:
    """Values that are right alone and wrong together."""
    problems = []
    born: dt.date | None = values.get("born_on")
    hired: dt.date | None = values.get("hired_on")
    left: dt.date | None = values.get("left_on")
    if hired and left and left < hired:
        problems.append(
            ("left_on", Problem("mistake", "left_before_hired", "Увольнение раньше приёма: проверьте обе даты"))
        )
    if born and hired and hired.year - born.year < cleaners.YOUNGEST:
        message = "Принят на работу раньше 14 лет: проверьте дату рождения и дату приёма"
        problems.append(("hired_on", Problem("mistake", "hired_too_young", message)))
    if values.get("is_confirmed") and values.get("has_profile") is False:
        message = "Статус подтверждён, а профиля нет: проверьте оба столбца"
        problems.append(("is_confirmed", Problem("mistake", "confirmed_without_profile", message)))
    return problems
