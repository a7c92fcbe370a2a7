"""Pre-scan of a zip: members, names, overlaps, sizes, and parts inflated with every byte counted (pure)."""

import io
import struct
import zipfile
import zlib
from dataclasses import dataclass

from schools.sheets.kinds import EXCEL
from schools.sheets.texts import PROTECTED
from schools.sheets.workbook import MEGABYTE, Limits, SheetError

LOCAL_HEADER = struct.Struct("<4s5H3I2H")
ENTRY_MARK = b"PK\1\2"  # begins each entry of the directory
ENCRYPTED, SYMLINK = 0x1, 0o120000
DAMAGED = f"Файл повреждён или передан не полностью. {EXCEL}"
BOMB = (
    "Файл после распаковки больше {limit} МБ. Оставьте в нём одну таблицу с нужными строками, без других листов и "
    "картинок, и загрузите снова."
)
BLANK = (
    "Одна из частей файла после распаковки больше в {limit} раз: так бывает, когда оформлены пустые строки до конца "
    "листа. Скопируйте таблицу в новую книгу и загрузите её."
)
STRANGE = f"Файл устроен не так, как книга Excel, и похож на поддельный. {EXCEL}"


@dataclass(frozen=True, slots=True)
class Member:
    """One part of the archive: name with '/', where its packed bytes stand, and what the directory says about it."""

    name: str
    start: int
    packed: int
    unpacked: int
    method: int
    crc: int


def open_archive(data: bytes, limits: Limits) -> list[Member]:
    """The parts of a zip, once names, spans and declared sizes are plausible; nothing is inflated yet."""
    crowd = SheetError("bomb", f"Внутри файла больше {limits.max_members} частей. {EXCEL}")
    if data.count(ENTRY_MARK) > 10 * limits.max_members:  # before zipfile makes an object of each
        raise crowd
    infos, directory = _directory(data)
    if len(infos) > limits.max_members:
        raise crowd
    if any(info.flag_bits & ENCRYPTED for info in infos):
        raise SheetError("protected", PROTECTED)
    _check_names(infos)
    _check_sizes(infos, limits)
    return _spans(data, infos, directory)


def _directory(data: bytes) -> tuple[list[zipfile.ZipInfo], int]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return archive.infolist(), archive.start_dir
    except (
        zipfile.BadZipFile,
        NotImplementedError,
        struct.error,
        ValueError,
        OverflowError,
        EOFError,
        OSError,
        IndexError,
    ):
        raise SheetError("damaged", DAMAGED) from None


def _check_names(infos: list[zipfile.ZipInfo]) -> None:
    """No way out of the archive and no two parts of one name; some generators write '\\' for '/'."""
    names = [info.orig_filename.replace("\\", "/") for info in infos]
    folded = [name.casefold() for name in names]
    for info, name in zip(infos, names, strict=True):
        steps = name.split("/")
        if (
            "\0" in name
            or name.startswith("/")
            or ".." in steps
            or ":" in steps[0]
            or info.external_attr >> 16 & 0o170000 == SYMLINK
        ):
            raise SheetError("strange", STRANGE)
    if len(set(folded)) < len(folded):
        raise SheetError("strange", STRANGE)


def _check_sizes(infos: list[zipfile.ZipInfo], limits: Limits) -> None:
    if sum(info.file_size for info in infos) > limits.max_unpacked:
        raise SheetError("bomb", BOMB.format(limit=limits.max_unpacked // MEGABYTE))
    for info in infos:
        if info.file_size > MEGABYTE and info.file_size > limits.max_ratio * max(info.compress_size, 1):
            raise SheetError("bomb", BLANK.format(limit=limits.max_ratio))


def _spans(data: bytes, infos: list[zipfile.ZipInfo], directory: int) -> list[Member]:
    """Members with the place of their bytes; spans that overlap or leave the file are refused (CVE-2024-0450)."""
    members, end = [], 0
    for info in sorted(infos, key=lambda info: info.header_offset):
        if info.header_offset < end or info.header_offset + LOCAL_HEADER.size > directory:
            raise SheetError("strange", STRANGE)
        mark, *_, name_length, extra_length = LOCAL_HEADER.unpack_from(data, info.header_offset)
        start = info.header_offset + LOCAL_HEADER.size + name_length + extra_length
        end = start + info.compress_size
        if mark != b"PK\3\4" or end > directory:
            raise SheetError("damaged", DAMAGED)
        name = info.orig_filename.replace("\\", "/")
        members.append(Member(name, start, info.compress_size, info.file_size, info.compress_type, info.CRC))
    if members and min(info.header_offset for info in infos) != 0:
        raise SheetError("strange", STRANGE)
    return members


def inflate(data: bytes, member: Member) -> bytes:
    """The bytes of one part; refused unless exactly as many as declared come out, with the declared checksum."""
    packed = memoryview(data)[member.start : member.start + member.packed]
    if member.method == zipfile.ZIP_STORED:
        raw = bytes(packed)
    elif member.method == zipfile.ZIP_DEFLATED:
        raw = _deflated(packed, member.unpacked)
    else:
        raise SheetError("damaged", f"Файл сжат способом, который Excel не использует. {EXCEL}")
    if len(raw) != member.unpacked or zlib.crc32(raw) != member.crc:
        raise SheetError("damaged", DAMAGED)
    return raw


def _deflated(packed: memoryview, expected: int) -> bytes:
    try:
        return zlib.decompressobj(-zlib.MAX_WBITS).decompress(packed, expected + 1)
    except zlib.error:
        raise SheetError("damaged", DAMAGED) from None
