"""Which signs a TrueType font can show, read from its `cmap` table (OpenType, formats 4 and 12; pure)."""

import struct
from collections.abc import Iterator

_SPACES = {"\n", "\t", " "}


def signs_of(font: bytes) -> frozenset[int]:
    """Code points a font has glyphs for. Raises ValueError where the font has no table of Unicode."""
    table = _table(font, b"cmap")
    (count,) = struct.unpack_from(">H", table, 2)
    offsets = [struct.unpack_from(">HHL", table, 4 + 8 * number) for number in range(count)]
    found: set[int] = set()
    for platform, encoding, offset in offsets:
        if platform == 0 or (platform == 3 and encoding in (1, 10)):
            found |= set(_of_subtable(table[offset:]))
    if not found:
        raise ValueError("no Unicode cmap")
    return frozenset(found)


def shown(text: str, signs: frozenset[int]) -> str:
    """The text as the font can show it: other spaces become plain ones, other letters «?», other signs go."""
    return "".join(_shown(sign) if ord(sign) not in signs else sign for sign in text)


def _shown(sign: str) -> str:
    if sign.isspace():
        return sign if sign in _SPACES else " "
    return "?" if sign.isalnum() else ""


def _table(font: bytes, tag: bytes) -> bytes:
    (count,) = struct.unpack_from(">H", font, 4)
    for number in range(count):
        name, _, offset, length = struct.unpack_from(">4sLLL", font, 12 + 16 * number)
        if name == tag:
            return font[offset : offset + length]
    raise ValueError(f"no table {tag!r}")


def _of_subtable(table: bytes) -> Iterator[int]:
    (kind,) = struct.unpack_from(">H", table)
    if kind == 4:
        yield from _of_segments(table)
    if kind == 12:
        (count,) = struct.unpack_from(">L", table, 12)
        for number in range(count):
            first, last, glyph = struct.unpack_from(">LLL", table, 16 + 12 * number)
            yield from (code for code in range(first, last + 1) if glyph + code - first)


def _of_segments(table: bytes) -> Iterator[int]:
    """Format 4: segments of codes, each with a shift or with a place in a list of glyphs."""
    (double,) = struct.unpack_from(">H", table, 6)
    ends, starts, shifts, places = (
        struct.unpack_from(f">{double // 2}H", table, at) for at in (14, 16 + double, 16 + 2 * double, 16 + 3 * double)
    )
    for number, (first, last) in enumerate(zip(starts, ends, strict=True)):
        for code in range(first, min(last, 0xFFFE) + 1):
            glyph = code
            if places[number]:
                at = 16 + 3 * double + 2 * number + places[number] + 2 * (code - first)
                (glyph,) = struct.unpack_from(">H", table, at)
                if not glyph:
                    continue
            if (glyph + shifts[number]) & 0xFFFF:
                yield code
