"""Pre-scan of the old container of Office (OLE2): a book, or a document, a protected file, macros (pure)."""

import re
import struct

from schools.sheets.kinds import EXCEL
from schools.sheets.texts import MACROS, PROTECTED
from schools.sheets.workbook import SheetError

SECTOR, ENTRY = 512, 128
FILEPASS = 0x002F
BOF = re.compile(rb"\x09\x08(?:\x10\x00\x00\x06|\x08\x00\x00\x05)")


def check_ole(data: bytes) -> None:
    """Refuse what is not a plain BIFF workbook; directory entries are found by their names and alignment."""
    if _has_entry(data, "EncryptedPackage") or _has_filepass(data):
        raise SheetError("protected", PROTECTED)
    if _has_entry(data, "_VBA_PROJECT_CUR"):
        raise SheetError("macros", MACROS)
    if not any(_has_entry(data, name) for name in ("Workbook", "WORKBOOK", "Book", "BOOK")):
        _refuse_other(data)


def _refuse_other(data: bytes) -> None:
    if _has_entry(data, "WordDocument"):
        raise SheetError(
            "document", "Это документ Word, а не таблица. Перенесите таблицу в Excel и сохраните как xlsx."
        )
    if _has_entry(data, "PowerPoint Document"):
        raise SheetError("document", "Это презентация, а не таблица. Перенесите таблицу в Excel и сохраните как xlsx.")
    raise SheetError("damaged", f"Файл повреждён или это не книга Excel. {EXCEL}")


def _has_entry(data: bytes, name: str) -> bool:
    """Whether the directory names such a stream or storage: 128-byte entries, a UTF-16 name, its length at 64."""
    wanted = name.encode("utf-16-le") + b"\0\0"
    found = data.find(wanted, SECTOR)
    while found >= 0:
        if found % ENTRY == 0 and data[found + 64 : found + 66] == struct.pack("<H", len(wanted)):
            return True
        found = data.find(wanted, found + 1)
    return False


def _has_filepass(data: bytes) -> bool:
    """Whether a workbook stream says within its first records that the rest is encrypted."""
    return any(
        match.start() % 64 == 0 and _filepass_follows(data, match.start()) for match in BOF.finditer(data, SECTOR)
    )


def _filepass_follows(data: bytes, place: int) -> bool:
    for _ in range(8):
        head = data[place : place + 4]
        if len(head) < 4:
            return False
        kind, length = struct.unpack("<HH", head)
        if kind == FILEPASS:
            return True
        place += 4 + length
    return False
