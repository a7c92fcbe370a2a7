"""What every sheet of people has: the name in three columns or in one, and how a row of it is cleaned."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from schools.codes import Problem
from schools.headers import Column
from staff import names
from staff.rosters.columns import cleaners

Problems = list[tuple[str, Problem]]


class CleanRow(NamedTuple):
    """A row, read: a typed value for each column of the sheet, and (key of the column, problem) pairs."""

    values: dict[str, Any]
    problems: Problems


def name_columns(whose: tuple[str, ...], alone: tuple[str, ...], example: tuple[str, str, str]) -> tuple[Column, ...]:
    """Surname, name, patronymic and ФИО; `whose` are genitives («ученика»), `alone` headings of the whole name."""

    def worded(*heads: str) -> tuple[str, ...]:
        return tuple(f"{head} {who}" for head in heads for who in whose)

    last, first, middle = example
    return (
        Column(
            "last_name", "Фамилия", names.clean_last_name, ("Фам", "familyName", "last name", *worded("Фамилия")),
            required=True, width=20, example=last, note="Русскими буквами, как в документе.",
        ),
        Column(
            "first_name", "Имя", names.clean_first_name, ("givenName", "first name", *worded("Имя")), required=True,
            width=16, example=first, note="Только имя: отчество — в своём столбце.",
        ),
        Column(
            "patronymic", "Отчество", names.clean_patronymic,
            ("Отч", "Отчество при наличии", "middleName", *worded("Отчество")), width=20, example=middle,
            note="Если отчества нет по документам, так и впишите: «нет по документам».",
        ),
        Column(
            "full_name", "ФИО", cleaners.clean_whole_name,
            (
                "Ф.И.О.", "Ф. И. О.", "Фамилия, имя, отчество", "Фамилия Имя", "Фамилия и имя", "Ф.И.О. полностью",
                *alone, *worded("ФИО", "Ф.И.О.", "Ф. И. О.", "Фамилия, имя, отчество", "Фамилия имя"),
            ),
            in_template=False, width=36, note="Разделим на фамилию, имя и отчество сами.",
        ),
    )  # fmt: skip


LINE_NUMBER = Column(
    "line_number",
    "№",
    cleaners.ignore,
    ("№ п/п", "п/п", "№пп", "№ п.п.", "N п/п", "N", "No", "Номер п/п", "Номер строки"),
    in_template=False,
    is_ignored=True,
    note="Порядковый номер не храним: он меняется от файла к файлу.",
)
SEX = Column(
    "sex",
    "Пол",
    cleaners.ignore,
    ("М/Ж", "sex", "gender"),
    in_template=False,
    is_ignored=True,
    note="Не храним: для внедрения пол не нужен.",
)
NAME_KEYS = frozenset({*names.PARTS, "full_name"})
Cleaners = Mapping[str, Callable[[str], Any]]


def clean_person(cells: Mapping[str, str], values: dict[str, Any], problems: Problems) -> None:
    """Put the name into `values`: three cells where the surname or the name has its own, else ФИО in one."""
    last, first, middle = cells.get("last_name", ""), cells.get("first_name", ""), cells.get("patronymic", "")
    full = cells.get("full_name", "")
    if last or first or not full:
        person = names.clean_person(last, first, middle)
        problems += person.problems
    else:
        person, found = names.clean_full_name(full, middle)
        problems += [("patronymic" if one.code == "patronymic_missing" else "full_name", one) for one in found]
    values["last_name"], values["first_name"], values["patronymic"], values["no_patronymic"] = person[:4]


def clean_cells(cells: Mapping[str, str], how: Cleaners, values: dict[str, Any], problems: Problems) -> None:
    """Clean every cell that is not part of a name."""
    for key, text in cells.items():
        cleaner = how.get(key)
        if cleaner is not None:
            values[key], problem = cleaner(text)
            if problem is not None:
                problems.append((key, problem))
