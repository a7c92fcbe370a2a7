"""Hostile and odd spreadsheets, made from nothing: each function gives the bytes of one file."""

import io
import random
import struct
import zipfile
import zlib
from collections.abc import Iterator

import openpyxl
import xlwt

TYPES = (
    '<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>{extra}'
    '<Override PartName="/xl/workbook.xml"'
    ' ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
    '<Override PartName="/xl/worksheets/sheet1.xml"'
    ' ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>'
)
RELATIONS = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}"'
    ' Target="{target}"/>'
    "</Relationships>"
)
WORKBOOK = (
    '<?xml version="1.0" encoding="UTF-8"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    ' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
    '<sheets><sheet name="Лист1" sheetId="1" r:id="rId1"/></sheets></workbook>'
)
SHEET = (
    '<?xml version="1.0" encoding="UTF-8"?>{doctype}'
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">{dimension}<sheetData>{rows}</sheetData></worksheet>'
)
ROW = '<row r="1"><c r="A1"><v>1</v></c></row>'


def parts(rows: str = ROW, *, doctype: str = "", dimension: str = "", types: str = "") -> dict[str, bytes]:
    """The parts of a minimal workbook around the XML of its rows."""
    return {
        "[Content_Types].xml": TYPES.format(extra=types).encode(),
        "_rels/.rels": RELATIONS.format(kind="officeDocument", target="xl/workbook.xml").encode(),
        "xl/workbook.xml": WORKBOOK.encode(),
        "xl/_rels/workbook.xml.rels": RELATIONS.format(kind="worksheet", target="worksheets/sheet1.xml").encode(),
        "xl/worksheets/sheet1.xml": SHEET.format(doctype=doctype, dimension=dimension, rows=rows).encode(),
    }


def packed(members: dict[str, bytes]) -> bytes:
    """A zip of the parts, in their order."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def book(rows: str = ROW, **options: str) -> bytes:
    """A minimal xlsx around the XML of its rows."""
    return packed(parts(rows, **options))


def with_part(name: str, content: bytes = b"<x/>") -> bytes:
    """A minimal xlsx with one more part."""
    return packed({**parts(), name: content})


def deflate_bomb(megabytes: int = 400) -> bytes:
    """F01: a sheet of spaces that unpacks to much more than it weighs."""
    sheet = SHEET.format(doctype="", dimension="", rows=ROW).encode()
    compressor = zlib.compressobj(9, zlib.DEFLATED, -15)
    stream = compressor.compress(sheet)
    crc, size = zlib.crc32(sheet), len(sheet)
    block = b" " * 1024 * 1024
    for _ in range(megabytes):
        stream += compressor.compress(block)
        crc, size = zlib.crc32(block, crc), size + len(block)
    stream += compressor.flush()
    return _with_raw_sheet(stream, size, crc)


def lying_size(declared: int = 100) -> bytes:
    """F06: the directory says fewer bytes than come out."""
    content = SHEET.format(doctype="", dimension="", rows=ROW * 50).encode()
    compressor = zlib.compressobj(9, zlib.DEFLATED, -15)
    stream = compressor.compress(content) + compressor.flush()
    return _with_raw_sheet(stream, declared, zlib.crc32(content))


def _with_raw_sheet(stream: bytes, size: int, crc: int) -> bytes:
    """A zip whose sheet has any declared size and checksum: local headers and directory are written by hand."""
    body, directory = b"", b""
    members = parts()
    del members["xl/worksheets/sheet1.xml"]
    raw = [(name, content, content, 0) for name, content in members.items()]
    entries = [(name, packed_, len(content), zlib.crc32(content), method) for name, packed_, content, method in raw]
    entries.append(("xl/worksheets/sheet1.xml", stream, size, crc, 8))
    for name, packed_bytes, length, checksum, method in entries:
        fields = (20, 0, method, 0, 33, checksum, len(packed_bytes), length, len(name), 0)
        directory += struct.pack("<4s6H3I5H2I", b"PK\1\2", 20, *fields[:5], *fields[5:], 0, 0, 0, 0, len(body))
        directory += name.encode()
        body += struct.pack("<4s5H3I2H", b"PK\3\4", *fields) + name.encode() + packed_bytes
    end = struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, len(entries), len(entries), len(directory), len(body), 0)
    return body + directory + end


def overlapping(copies: int = 5) -> bytes:
    """F05: several names in the directory for the same bytes (CVE-2024-0450)."""
    whole = book()
    start = whole.index(b"PK\1\2")
    end = whole.index(b"PK\5\6")
    directory, count = whole[start:end], struct.unpack("<H", whole[end + 8 : end + 10])[0]
    last = directory[directory.rindex(b"PK\1\2") :]
    extra = b"".join(last.replace(b"sheet1.xml", f"sheet{number}.xml".encode()) for number in range(2, 2 + copies))
    fields = (0, 0, count + copies, count + copies, len(directory) + len(extra), start, 0)
    return whole[:start] + directory + extra + struct.pack("<4s4H2IH", b"PK\5\6", *fields)


def cell_bomb(cells: int = 5_000_000) -> bytes:
    """F02: millions of empty cells in a few kilobytes."""
    return book('<row r="1">' + "<c/>" * cells + "</row>")


def corner(address: str = "XFD1048576", *, filled: bool = True) -> bytes:
    """F03: A1 and a cell in the far corner, with a value or only with formatting."""
    row = address.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    cell = f'<c r="{address}" s="0"><v>1</v></c>' if filled else f'<c r="{address}" s="0"/>'
    return book(f'{ROW}<row r="{row}">{cell}</row>')


def entities(kind: str) -> bytes:
    """F07–F09: billion laughs, quadratic blow-up, a reference to a file."""
    bodies = {
        "laughs": '<!ENTITY a "ха">'
        + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9)),
        "quadratic": f'<!ENTITY j "{"x" * 50_000}">',
        "file": '<!ENTITY j SYSTEM "file:///etc/hostname">',
    }
    row = '<row r="1"><c r="A1" t="inlineStr"><is><t>&j;</t></is></c></row>'
    return book(row, doctype=f"<!DOCTYPE worksheet [{bodies[kind]}]>")


def utf16_dtd() -> bytes:
    """F10: a document type that a search for ASCII bytes does not see."""
    members = parts(
        '<row r="1"><c r="A1" t="inlineStr"><is><t>&j;</t></is></c></row>', doctype='<!DOCTYPE w [<!ENTITY j "boom">]>'
    )
    text = members["xl/worksheets/sheet1.xml"].decode().replace('encoding="UTF-8"', 'encoding="UTF-16"')
    members["xl/worksheets/sheet1.xml"] = text.encode("utf-16")
    return packed(members)


def with_workbook_part(name: str, content: str, rows: str = ROW) -> bytes:
    """A minimal xlsx with one of its parts replaced."""
    return packed({**parts(rows), name: content.encode()})


ERRORS = '<row r="1">' + '<c r="A1" t="e"><v>#N/A</v></c>' * 300 + "</row>"

# Parts made to slow the pre-scan down, by a size: its work must grow with the size and not with its square.
SLOW = {
    "spaces after a formula": lambda size: book('<row r="1"><c r="A1"><f>1</f>' + " " * size),
    "spaces after a far cell": lambda size: book('<row r="1"><c r="A99999">' + " " * size + "</c></row>"),
    "one endless tag of errors": lambda size: book('<row r="1"><c' + ' t="e"' * size),
    "many sheets of one part": lambda size: with_workbook_part(
        "xl/workbook.xml",
        "<workbook><sheets>" + '<sheet name="x" r:id="rId1"/>' * size + "</sheets></workbook>",
        ERRORS,
    ),
    "many links to one part": lambda size: with_workbook_part(
        "xl/_rels/workbook.xml.rels", "<x>" + '<Relationship Id="a" Target="b"/>' * size + "</x>", ERRORS
    ),
    "spaces in a link": lambda size: with_workbook_part(
        "xl/_rels/workbook.xml.rels", "<Relationship " + "Target " * size + 'Target="' + " " * size + "/>", ERRORS
    ),
    "spaces in a declaration": lambda size: with_part("xl/a.xml", b"<?xml " + b"encoding  " * size),
    "an endless name": lambda size: with_part("xl/a.xml", b"<" + b"a" * size + b" ddeLink"),
    "many brackets": lambda size: with_part("xl/a.xml", b"<" * size + b" ddeLink"),
}


def crowded_directory(entries: int) -> bytes:
    """A zip whose directory names one part very many times."""
    whole = book()
    start, end = whole.index(b"PK\1\2"), whole.index(b"PK\5\6")
    entry = whole[start : start + 28] + struct.pack("<3H", 1, 0, 0) + whole[start + 34 : start + 46] + b"a"
    fields = (0, 0, 0xFFFF, 0xFFFF, end - start + entries * len(entry), start, 0)
    return whole[:end] + entry * entries + struct.pack("<4s4H2IH", b"PK\5\6", *fields)


def shared_text_bomb() -> bytes:
    """One text of 30 000 characters that a hundred thousand cells refer to: 3 GB out of a small file."""
    cells = "".join(f'<row r="{row}">' + '<c t="s"><v>0</v></c>' * 20 + "</row>" for row in range(1, 5001))
    members = parts(cells)
    members["xl/sharedStrings.xml"] = (
        '<?xml version="1.0" encoding="UTF-8"?><sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        f"<si><t>{'я' * 30_000}</t></si></sst>"
    ).encode()
    members["xl/_rels/workbook.xml.rels"] = (
        RELATIONS.format(kind="worksheet", target="worksheets/sheet1.xml")
        .replace(
            "</Relationships>",
            '<Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"'
            ' Target="sharedStrings.xml"/></Relationships>',
        )
        .encode()
    )
    return packed(members)


def legitimate_xlsx(rows: int = 12) -> bytes:
    """A small ordinary workbook of generated people."""
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    assert sheet is not None
    sheet.append(["Фамилия", "Имя", "СНИЛС", "Учитель"])
    for number in range(rows):
        sheet.append([f"Берёзов{number}", "Пётр", 10_000_000_000 + number, number % 2 == 0])
    buffer = io.BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()


def legitimate_xls(rows: int = 12) -> bytes:
    """The same in the format of Excel 97."""
    workbook = xlwt.Workbook()
    sheet = workbook.add_sheet("Лист1")
    for column, heading in enumerate(("Фамилия", "Имя", "СНИЛС")):
        sheet.write(0, column, heading)
    for number in range(1, rows + 1):
        for column, value in enumerate((f"Берёзов{number}", "Пётр", 10_000_000_000 + number)):
            sheet.write(number, column, value)
    buffer = io.BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()


def mutations(count: int, seed: int) -> Iterator[tuple[str, bytes]]:
    """(name, bytes): ordinary files cut, with flipped bits, with bytes overwritten; the same for the same seed."""
    dice = random.Random(seed)
    bases = {
        "xlsx": legitimate_xlsx(),
        "xls": legitimate_xls(),
        "csv": "Фамилия;Имя\nБерёзов;Пётр\n".encode("cp1251") * 20,
        "raw": book(),
    }
    for number in range(count):
        if number % 3 == 0:
            yield f"{number}-inside", _spoilt_inside(dice)
            continue
        name, base = dice.choice(sorted(bases.items()))
        data = bytearray(base)
        kind = dice.choice(("cut", "bits", "bytes", "insert"))
        if kind == "cut":
            del data[dice.randrange(len(data)) :]
        for _ in range(dice.randint(1, 6)) if kind != "cut" else ():
            place = dice.randrange(len(data))
            if kind == "bits":
                data[place] ^= 1 << dice.randrange(8)
            elif kind == "bytes":
                data[place : place + 4] = dice.randbytes(4)
            else:
                data[place:place] = dice.randbytes(dice.randint(1, 30))
        yield f"{number}-{name}-{kind}", bytes(data)


def _spoilt_inside(dice: random.Random) -> bytes:
    """A sound zip around parts of which one is spoilt: what gets past the checksums."""
    with zipfile.ZipFile(io.BytesIO(legitimate_xlsx())) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    name = dice.choice(sorted(members))
    content = bytearray(members[name])
    for _ in range(dice.randint(1, 5)):
        place = dice.randrange(len(content))
        content[place : place + dice.randint(0, 3)] = dice.choice((b"", b"9", b"<", b'"', b"&#0;", dice.randbytes(2)))
    return packed({**members, name: bytes(content)})
