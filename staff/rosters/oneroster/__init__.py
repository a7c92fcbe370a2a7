"""OneRoster 1.2, the CSV binding: a school's roster as a zip of files other systems read, and such a zip read in."""

from schools.sheets import LIMITS, SheetError
from schools.sheets.archive import open_archive

MANIFEST = "manifest.csv"


def is_oneroster(data: bytes) -> bool:
    """Whether the bytes are a zip with a manifest, perhaps in a folder; damaged zips are no concern of ours."""
    if not data.startswith(b"PK\x03\x04"):
        return False
    try:
        return any(member.name.rsplit("/", 1)[-1].lower() == MANIFEST for member in open_archive(data, LIMITS))
    except SheetError:
        return False
