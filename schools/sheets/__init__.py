"""Untrusted spreadsheet bytes → rows of text, read in a child process with limits.

`read_workbook(data)` is the whole interface: a `Workbook`, or a `SheetError` whose message helps a person.
"""

from schools.sheets.reader import read_workbook
from schools.sheets.workbook import (
    LIMITS,
    UNCOMPUTED,
    Limits,
    Sheet,
    SheetError,
    Workbook,
    cell_address,
    is_error_text,
)

__all__ = [
    "LIMITS",
    "UNCOMPUTED",
    "Limits",
    "Sheet",
    "SheetError",
    "Workbook",
    "cell_address",
    "is_error_text",
    "read_workbook",
]
