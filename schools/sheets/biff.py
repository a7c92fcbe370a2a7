"""Errors of formulas in an .xls, found by their records: calamine gives nothing for them (pure; runs in the child).

Sources: [MS-CFB] (sectors and chains) and [MS-XLS] (BOUNDSHEET, BOOLERR, FORMULA). A file that does not follow them
gives no marks: whether it can be read at all is for the child to say.
"""

import struct
from collections.abc import Iterator

FREE, DIRECTORY_ENTRY, STREAM = 0xFFFFFFFA, 128, 2
BOF, END, BOUNDSHEET, BOOLERR, FORMULA = (0x0809, 0x000A, 0x0085, 0x0205, 0x0006)
ERRORS = {0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A"}

Marks = dict[int, list[tuple[int, int, str]]]


def error_cells(data: bytes) -> Marks:
    """Sheet in the order of the workbook → (row, column, text of the error), all from zero."""
    try:
        stream = _workbook_stream(data)
        places = [struct.unpack_from("<I", body)[0] for kind, body in _records(stream, 0) if kind == BOUNDSHEET]
        found = {number: list(_sheet_errors(stream, place)) for number, place in enumerate(places)}
    except (struct.error, LookupError, ValueError, StopIteration):
        return {}
    return {number: cells for number, cells in found.items() if cells}


def _workbook_stream(data: bytes) -> bytes:
    """The stream «Workbook» (or «Book») of the container, out of its chain of sectors."""
    size = 1 << struct.unpack_from("<H", data, 30)[0]
    mini_size = 1 << struct.unpack_from("<H", data, 32)[0]
    if size not in (512, 4096) or mini_size != 64:
        raise ValueError("sector size")
    first_directory, cutoff, first_mini = struct.unpack_from("<I4xII", data, 48)
    table = _table(data, size)
    entries = _entries(_chain(data, table, first_directory, size))
    start, length = next(place for name, place in entries.items() if name.casefold() in ("workbook", "book"))
    if length >= cutoff:
        return _chain(data, table, start, size)[:length]
    mini_table = [number for (number,) in struct.iter_unpack("<I", _chain(data, table, first_mini, size))]
    pool = _chain(data, table, entries["Root Entry"][0], size)
    return _chain(b"\0" * mini_size + pool, mini_table, start, mini_size)[:length]


def _table(data: bytes, size: int) -> list[int]:
    """The allocation table, out of the sectors that the header lists (enough for 7 MB) and of their continuation."""
    listed = list(struct.unpack_from("<109I", data, 76))
    following, left = struct.unpack_from("<II", data, 68)
    left = min(left, len(data) // size)
    while following < FREE and left > 0:
        more = struct.unpack_from(f"<{size // 4}I", data, (following + 1) * size)
        listed, following, left = listed + list(more[:-1]), more[-1], left - 1
    sectors = b"".join(data[(number + 1) * size : (number + 2) * size] for number in listed if number < FREE)
    return [number for (number,) in struct.iter_unpack("<I", sectors)]


def _chain(data: bytes, table: list[int], start: int, size: int) -> bytes:
    """Sectors from `start` on; a chain that runs in a circle is cut at the length of the file."""
    sectors: list[bytes] = []
    while start < FREE and len(sectors) * size <= len(data):
        sectors.append(data[(start + 1) * size : (start + 2) * size])
        start = table[start]
    return b"".join(sectors)


def _entries(directory: bytes) -> dict[str, tuple[int, int]]:
    """Name → (first sector, length) of the streams and of the root."""
    entries = {}
    for place in range(0, len(directory) - DIRECTORY_ENTRY + 1, DIRECTORY_ENTRY):
        length, kind = struct.unpack_from("<HB", directory, place + 64)
        if kind and 2 <= length <= 64:
            name = directory[place : place + length - 2].decode("utf-16-le", "replace")
            entries[name] = struct.unpack_from("<II", directory, place + 116)
    return entries


def _records(stream: bytes, place: int) -> Iterator[tuple[int, bytes]]:
    """Records of one substream, from its BOF to its END; charts inside have their own pair."""
    depth = 0
    while place + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, place)
        yield kind, stream[place + 4 : place + 4 + length]
        depth += (kind == BOF) - (kind == END)
        if depth <= 0:
            return
        place += 4 + length


def _sheet_errors(stream: bytes, place: int) -> Iterator[tuple[int, int, str]]:
    for kind, body in _records(stream, place):
        if kind == BOOLERR and len(body) >= 8 and body[7] == 1:
            code = body[6]
        elif kind == FORMULA and len(body) >= 14 and body[12:14] == b"\xff\xff" and body[6] == 2:
            code = body[8]
        else:
            continue
        row, column = struct.unpack_from("<HH", body)
        yield row, column, ERRORS.get(code, "#VALUE!")
