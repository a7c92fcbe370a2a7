"""Bytes of any origin → a book of records: a workbook, a list, or a OneRoster archive (no database)."""

from collections.abc import Mapping

from schools.sheets import read_workbook
from staff.imports.ticks import Tick, unheard
from staff.rosters.oneroster import is_oneroster
from staff.rosters.oneroster.reading import read_archive
from staff.rosters.records import Book, read_book


def read_roster(data: bytes, fixes: Mapping[str, str], year: int, tick: Tick = unheard) -> Book:
    """Read bytes as a roster, with the person's own word about cells.

    Raises SheetError when they are neither a spreadsheet nor a OneRoster archive that can be read.
    """
    if is_oneroster(data):
        return read_archive(data, fixes=fixes, year=year)
    workbook = read_workbook(data)
    book = read_book(workbook.sheets, fixes=fixes, tick=tick)
    book.said.extend(workbook.notes)
    return book
