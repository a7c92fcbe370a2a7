"""Documents that are kept for good beside what they prove: approved roadmaps, signed orders."""

from schools.models import Municipality, Region, School, StoredFile, User
from schools.models.files import fingerprint, printable_name
from schools.texts import file_size

MOST_BYTES = 10 * 1024 * 1024
DOCUMENTS = {b"%PDF-": "pdf", b"PK\x03\x04": "docx"}  # what a document may be, by its first bytes
SCANS = {b"%PDF-": "pdf", b"\xff\xd8\xff": "jpg", b"\x89PNG\r\n\x1a\n": "png"}


def why_not(data: bytes, kinds: dict[bytes, str]) -> str:
    """Why bytes cannot be kept as a document, in Russian with what to do; "" where they can."""
    if not data:
        return "Файл пустой. Выберите другой."
    if len(data) > MOST_BYTES:
        return f"Файл больше {file_size(MOST_BYTES)}. Сохраните его как PDF без картинок или уменьшите скан."
    if not any(data.startswith(sign) for sign in kinds):
        names = " или ".join(", ".join(kind.upper() for kind in kinds.values()).rsplit(", ", 1))
        return f"Приложите документ {names}: другой файл портал не хранит."
    return (
        "" if _is_whole(data) else "Файл повреждён или загружен не до конца. Сохраните его заново и приложите ещё раз."
    )


def _is_whole(data: bytes) -> bool:
    """Whether a file ends as files of its kind end."""
    if data.startswith(b"%PDF-"):
        return b"%%EOF" in data[-2048:] and b"obj" in data
    if data.startswith(b"\x89PNG"):
        return data.rstrip(b"\0").endswith(b"IEND\xaeB`\x82") and b"IDAT" in data
    if data.startswith(b"\xff\xd8\xff"):
        return b"\xff\xd9" in data[-64:]
    return b"PK\x05\x06" in data[-66_000:]


def keep_paper(*, name: str, data: bytes, by: User, place: Region | Municipality | School) -> StoredFile:
    """Keep a document that `why_not` has nothing against; uploads are erased by their term, documents are not."""
    where = {"school": place} if isinstance(place, School) else {"region": getattr(place, "region", place)}
    return StoredFile.objects.create(
        shown_name=printable_name(name),
        size=len(data),
        sha256=fingerprint(data),
        content=data,
        is_document=True,
        uploaded_by=by,
        **where,
    )
