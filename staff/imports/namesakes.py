"""Rows of one name in one file: which of them may be the same person."""

from collections.abc import Mapping
from typing import Any

from staff.imports.records import Record
from staff.imports.roster import Person, agrees, differs

MOST_NAMESAKES = 100  # rows of one name compared with each other: more is no staff list


class Namesakes:
    """Rows of new people with one surname and name; those with a СНИЛС apart, for two of them are surely two people."""

    def __init__(self) -> None:
        self.with_snils: list[tuple[int, dict[str, Any]]] = []
        self.without: list[tuple[int, dict[str, Any]]] = []

    def add(self, record: Record) -> None:
        """Remember a row."""
        rows = self.with_snils if record.values.get("snils") else self.without
        rows.append((record.row, record.values))

    def candidates(self, values: Mapping[str, Any]) -> list[tuple[int, dict[str, Any]]]:
        """Rows that may be the same person; equal СНИЛС are found elsewhere."""
        rows = self.without if values.get("snils") else self.without + self.with_snils
        return rows[-MOST_NAMESAKES:]


def same_name(group: Namesakes | None, values: dict[str, Any]) -> int | None:
    """The first row of namesakes that may be the same person."""
    for row, other in group.candidates(values) if group else ():
        same = not (values["patronymic"] and other["patronymic"]) or values["patronymic"] == other["patronymic"]
        if same and not differs(other, values):
            return row
    return None


def by_name_alone(record: Record, person: Person) -> bool:
    """Whether a row says whom it means by the name and nothing else."""
    return not record.values.get("row_key") and not agrees(person.values, record.values)
