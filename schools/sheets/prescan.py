"""Pre-scan of xlsx, xlsb and ods: kind, active content, plain UTF-8 XML, far corners, cells with errors (pure)."""

import html
import itertools
import posixpath
import re
from dataclasses import dataclass, field

from schools.sheets.archive import STRANGE, Member, inflate, open_archive
from schools.sheets.kinds import EXCEL
from schools.sheets.texts import MACROS, PROTECTED, grouped
from schools.sheets.workbook import UNCOMPUTED, Limits, SheetError, column_letters

Marks = dict[int, list[tuple[int, int, str]]]  # sheet → row and column from zero, text

# Parts that do something, or hide something; matched against the lower-case name.
ACTIVE_PARTS: tuple[tuple[re.Pattern[str], str, str], ...] = (
    (re.compile(r"vbaproject|vbadata|^basic/|^scripts/"), "macros", MACROS),
    (re.compile(r"^xl/(macrosheets|dialogsheets|intlmacrosheets)/"), "macros", MACROS),
    (
        re.compile(r"^xl/externallinks/"),
        "external_links",
        "Таблица ссылается на другие книги. В Excel: Данные → Изменить связи → Разорвать связь, затем сохраните.",
    ),
    (
        re.compile(r"^xl/(connections\.|querytables/)"),
        "connections",
        "Таблица подключена к внешним данным. В Excel: Данные → Запросы и подключения, удалите их и сохраните.",
    ),
    (
        re.compile(r"^xl/(embeddings|activex|ctrlprops)/|^object [^/]*$"),
        "embedded",
        "В таблицу вложены другие файлы или кнопки. Скопируйте ячейки в новую книгу, сохраните её и загрузите.",
    ),
)
MACRO_TYPES = re.compile(
    rb"vnd\.ms-office\.vbaProject|intlmacrosheet|ms-excel\.(?:macrosheet|dialogsheet)|activeX\+xml|oleObject", re.I
)
OUTSIDE = (b"ddeLink", b"oleLink", b"dde-source", b"externalBook", b"database-range-source")
OUTSIDE_TAG = re.compile(rb"<(?:[^\s<>/:]++:)?(?:" + b"|".join(OUTSIDE) + rb")\b")
DTD = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.I)
DECLARED = re.compile(rb"""<\?xml[^>]*?encoding\s*+=\s*+["']([^"']*)["']""")
ERROR_VALUE = re.compile(rb"<v>([^<]{1,40})</v>")
# Runs of white space are possessive: two of them side by side, or one tried again, cost the square of their length.
UNCOMPUTED_CELL = re.compile(rb"<f(?:\s[^<>]*)?(?:/>|>[^<]*+</f>)\s*+(?:<v\s*+/>|<v>\s*+</v>)?+\s*+</c>")
ADDRESS = re.compile(rb'<c\s(?:[^<>]{0,500}\s)?r="([A-Z]{1,3})(\d{1,7})"')
RELATION_TAG, SHEET_TAG = (
    re.compile(rb"<(?:\w++:)?" + name + rb"\s[^<>]{0,2000}+>") for name in (b"Relationship", b"sheet")
)
MAX_MARKS = 20_000  # cells with errors in a file; whoever has more has seen enough of them
MAX_TAGS = 1_000  # sheets, and links of a workbook to its parts: three times as many as parts are allowed
MAX_ROW_TAGS = 1_100_000  # all rows of an Excel sheet may carry formatting


@dataclass(slots=True)
class Found:
    """What the pre-scan learnt: the kind, and cells that calamine would lose (errors, formulas without a value)."""

    kind: str
    marks: Marks = field(default_factory=dict)


def check_zip(data: bytes, limits: Limits) -> Found:
    """Look at every part of the archive without parsing it; the reader in the child gets what passed."""
    members = open_archive(data, limits)
    names = {member.name.casefold(): member for member in members}
    found = Found(_kind(data, names))
    _refuse_active(names)
    parts: dict[str, bytes] = {}
    tags = 0
    for name, member in names.items():
        raw = inflate(data, member)
        if name.endswith((".xml", ".rels", ".vml")):
            _check_xml(raw)
            tags = _check_sheet(raw, limits, tags)
            if found.kind == "xlsx" and _may_lose_cells(raw) or name.endswith(("workbook.xml", "workbook.xml.rels")):
                parts[name] = raw
    found.marks = _marks(parts)
    return found


def _kind(data: bytes, names: dict[str, Member]) -> str:
    """xlsx, xlsb or ods by the parts inside; other zips are told apart for the sake of a helpful sentence."""
    if "mimetype" in names and names["mimetype"].unpacked < 200:
        mime = inflate(data, names["mimetype"]).strip()
        if b"opendocument.spreadsheet" in mime:
            _refuse_encrypted_ods(data, names)
            return "ods"
    if "xl/workbook.bin" in names:
        return "xlsb"
    if "xl/workbook.xml" in names or ("[content_types].xml" in names and any(name.startswith("xl/") for name in names)):
        return "xlsx"
    if "[content_types].xml" in names and b"spreadsheetml" in inflate(data, names["[content_types].xml"]):
        return "xlsx"
    raise _foreign_zip(names)


def _refuse_encrypted_ods(data: bytes, names: dict[str, Member]) -> None:
    manifest = names.get("meta-inf/manifest.xml")
    if manifest and b"encryption-data" in inflate(data, manifest):
        raise SheetError("protected", PROTECTED)
    if "content.xml" not in names:
        raise SheetError("damaged", f"Файл повреждён: в нём нет таблицы. {EXCEL}")


def _foreign_zip(names: dict[str, Member]) -> SheetError:
    if any(name.startswith(("word/", "ppt/")) for name in names):
        return SheetError(
            "document",
            "Это документ Word или презентация, а не таблица. Перенесите таблицу в Excel и сохраните как xlsx.",
        )
    if any(name.endswith(".iwa") or name == "index.zip" for name in names):
        return SheetError(
            "numbers",
            "Это таблица Apple Numbers. В Numbers выберите «Файл → Экспортировать в → Excel».",
        )
    if "mimetype" in names:
        return SheetError("document", f"Это документ OpenDocument, но не таблица. {EXCEL}")
    return SheetError("archive", "Это архив, а не таблица. Распакуйте его и загрузите файл xlsx, xls, ods или csv.")


def _refuse_active(names: dict[str, Member]) -> None:
    for pattern, code, message in ACTIVE_PARTS:
        if any(pattern.search(name) for name in names):
            raise SheetError(code, message)


def _check_xml(raw: bytes) -> None:
    """UTF-8 without a document type, and no reference to a thing that acts."""
    encoding = DECLARED.match(raw.removeprefix(b"\xef\xbb\xbf").lstrip())
    if (
        raw[:2] in (b"\xff\xfe", b"\xfe\xff")
        or b"\0" in raw[:64]
        or (encoding and encoding[1].lower() not in (b"utf-8", b"us-ascii", b"ascii"))
    ):
        raise SheetError("strange", STRANGE)
    if DTD.search(raw):
        raise SheetError("dtd", STRANGE)
    if b"<Types" in raw[:2000] and MACRO_TYPES.search(raw):
        raise SheetError("macros", MACROS)
    if any(word in raw for word in OUTSIDE) and OUTSIDE_TAG.search(raw):
        raise SheetError("external_links", ACTIVE_PARTS[2][2])


def _check_sheet(raw: bytes, limits: Limits, tags: int) -> int:
    """Count cells and rows, and refuse a value outside of the limits; an empty formatted cell is nothing."""
    if b"sheetData" not in raw:
        return tags
    tags += raw.count(b"<c ") + raw.count(b"<c>") + raw.count(b"<c/>") + raw.count(b":c ")
    rows = raw.count(b"<row ") + raw.count(b"<row>") + raw.count(b"<row/>") + raw.count(b":row ")
    if tags > limits.max_cell_tags or rows > MAX_ROW_TAGS:
        raise SheetError(
            "bomb",
            "В файле миллионы пустых ячеек. Скопируйте таблицу на чистый лист новой книги, сохраните её и загрузите.",
        )
    far = _far_value(limits).search(raw)
    if far:
        raise _far_error(far, rows, limits)
    return tags


def _far_value(limits: Limits) -> re.Pattern[bytes]:
    columns = _above(column_letters(limits.max_columns - 1), "A", "Z")
    rows = _above(str(limits.max_rows), "0", "9")
    return re.compile(rf' r="((?:{columns})\d+|[A-Z]+(?:{rows}))"[^<>]{{0,100}}+(?<!/)>\s*+<(?!/)'.encode())


def _above(limit: str, first: str, last: str) -> str:
    """A pattern of all words that come after `limit`: longer ones, or as long with a greater letter somewhere."""
    choices = [f"[{first}-{last}]{{{len(limit) + 1},}}"]
    for index, character in enumerate(limit):
        if character != last:
            choices.append(
                f"{limit[:index]}[{chr(ord(character) + 1)}-{last}][{first}-{last}]{{{len(limit) - index - 1}}}"
            )
    return "|".join(choices)


def _far_error(far: re.Match[bytes], rows: int, limits: Limits) -> SheetError:
    if rows > limits.max_rows // 2:
        return SheetError(
            "too_many_rows",
            f"В листе больше {grouped(limits.max_rows)} строк. Разделите файл на части и загрузите их по одной.",
        )
    address = far[1].decode()
    return SheetError(
        "far_cell",
        f"Далеко за таблицей, в ячейке {address}, что-то записано; мы читаем не больше {limits.max_columns} столбцов и "
        f"{grouped(limits.max_rows)} строк. Удалите лишние столбцы и строки или скопируйте таблицу в новую книгу.",
    )


def _may_lose_cells(raw: bytes) -> bool:
    return b"sheetData" in raw and (b't="e"' in raw or b"</f>" in raw or b"<f>" in raw or b"<f " in raw)


def _marks(parts: dict[str, bytes]) -> Marks:
    """Cells whose text calamine would lose, under the number their sheet has in the workbook."""
    marks: Marks = {}
    seen: set[str] = set()
    left = MAX_MARKS
    for number, part in enumerate(_sheet_parts(parts)):
        if part in parts and part not in seen:  # many sheets may name one part: it is searched once
            seen.add(part)
            cells, left = _lost_cells(parts[part], left)
            if cells:
                marks[number] = cells
    return marks


def _sheet_parts(parts: dict[str, bytes]) -> list[str]:
    """Names of the sheets' parts, in the order of the workbook."""
    book = next((name for name in parts if name.endswith("workbook.xml")), "")
    folder, file = posixpath.split(book)
    targets = {}
    for tag in _tags(RELATION_TAG, parts.get(f"{folder}/_rels/{file}.rels".lstrip("/"), b"")):
        path = _attribute(tag, rb"Target")
        targets[_attribute(tag, rb"Id")] = posixpath.normpath(
            path[1:] if path.startswith("/") else f"{folder}/{path}"
        ).casefold()
    return [targets.get(_attribute(tag, rb"\w++:id"), "") for tag in _tags(SHEET_TAG, parts.get(book, b""))]


def _tags(pattern: re.Pattern[bytes], raw: bytes) -> list[bytes]:
    return [match[0] for match in itertools.islice(pattern.finditer(raw), MAX_TAGS)]


def _attribute(tag: bytes, name: bytes) -> str:
    """A value of at most 500 bytes: a longer one is no path, and its «&#999…;» may be a number nobody can hold."""
    match = re.search(rb"\s" + name + rb"""\s*+=\s*+(?:"([^"]{0,500})"|'([^']{0,500})')""", tag)
    return html.unescape((match[1] or match[2] or b"").decode("utf-8", "replace")) if match else ""


def _lost_cells(raw: bytes, most: int) -> tuple[list[tuple[int, int, str]], int]:
    """Errors with their text, and formulas saved without a value (text formulas may really be empty).

    Looks at `most` places and returns how many are left for other sheets.
    """
    cells = []
    place = raw.find(b' t="e"')
    while place >= 0 and most:
        value = ERROR_VALUE.search(raw, place, place + 2_000)
        cells += _cell_at(raw, place, value[1].decode("utf-8", "replace") if value else "#VALUE!")
        place, most = raw.find(b' t="e"', place + 1), most - 1
    for match in itertools.islice(UNCOMPUTED_CELL.finditer(raw), most):
        most -= 1
        start = raw.rfind(b"<c ", max(match.start() - 500, 0), match.start())
        if b't="str"' not in raw[start : match.start()] and b't="e"' not in raw[start : match.start()]:
            cells += _cell_at(raw, start + 3, UNCOMPUTED)
    return cells, most


def _cell_at(raw: bytes, place: int, text: str) -> list[tuple[int, int, str]]:
    """The cell whose tag covers `place`, if it says its address."""
    match = ADDRESS.match(raw, max(raw.rfind(b"<c ", max(place - 500, 0), place), 0))
    if not match:
        return []
    column = 0
    for letter in match[1]:
        column = column * 26 + letter - 64
    return [(int(match[2]) - 1, column - 1, html.unescape(text))]
