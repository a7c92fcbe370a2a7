"""What a file is by its first bytes, never by its name: a kind we read, or a sentence on what to do instead (pure)."""

import re

from schools.sheets.workbook import SheetError

EXCEL = "Откройте файл в Excel и сохраните как xlsx (Файл → Сохранить как → Книга Excel)."

# First bytes, code, sentence. Order matters only where one prefix begins another.
FOREIGN: tuple[tuple[tuple[bytes, ...], str, str], ...] = (
    ((b"%PDF",), "pdf", "Это документ PDF. Таблицы из него не читаются: загрузите исходный файл Excel."),
    (
        (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM6", b"II*\0", b"MM\0*", b"RIFF"),
        "image",
        "Это картинка, а не таблица. Загрузите файл Excel, с которого сделан снимок.",
    ),
    (
        (b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"\x28\xb5\x2f\xfd"),
        "archive",
        "Это архив. Распакуйте его и загрузите файл с таблицей.",
    ),
    (
        (b"\x09\x00\x04\x00", b"\x09\x00\x06\x00", b"\x09\x02\x06\x00", b"\x09\x04\x06\x00"),
        "old_excel",
        f"Это книга очень старого Excel (до 1993 года). {EXCEL}",
    ),
    (
        (b"{\\rtf",),
        "document",
        "Это текстовый документ RTF, а не таблица. Перенесите таблицу в Excel и сохраните как xlsx.",
    ),
    (
        (b"SQLite format 3\0", b"PAR1", b"\x00\x01\x00\x00Standard"),
        "database",
        "Это база данных, а не таблица. Выгрузите из неё таблицу в xlsx или csv.",
    ),
    (
        (b"MZ", b"\x7fELF", b"\xca\xfe\xba\xbe", b"L\0\0\0\x01\x14"),
        "program",
        "Это программа или ярлык, а не таблица. Загрузите файл Excel.",
    ),
    ((b"MIME-Version:", b"From: <"), "html", f"Это веб-страница (MHTML), сохранённая как таблица. {EXCEL}"),
)
HTML = re.compile(
    rb"\s*(?:(?><!--.*?-->)\s*)*+<(?:!doctype\s+html|html|head|meta|body|table|style|div|script|title)\b", re.I | re.S
)
XML = re.compile(rb"\s*<(?:\?xml|!--|Workbook\b|!DOCTYPE|svg\b)", re.I)
JSON = re.compile(rb"\s*[\[{]")
HEAD = 4096


def detect(data: bytes) -> str:
    """'zip', 'ole' or 'csv' by the bytes; everything else is a `SheetError` that names what it is."""
    if not data.strip(b"\0\t\r\n \xef\xbb\xbf\xfe\xff"):
        raise SheetError("empty", "Файл пуст. Проверьте, тот ли файл вы выбрали, и загрузите снова.")
    if data.startswith(b"PK\x03\x04"):
        return "zip"
    if data.startswith(b"PK"):
        raise SheetError("damaged", f"Архив внутри файла пуст или повреждён. {EXCEL}")
    if data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return "ole"
    _refuse_foreign(data)
    _refuse_markup(_plain_head(data), data)
    return "csv"


def _refuse_foreign(data: bytes) -> None:
    for prefixes, code, message in FOREIGN:
        if data.startswith(prefixes):
            raise SheetError(code, message)
    if _is_dbf(data):
        raise SheetError("dbf", f"Это таблица dBase (dbf). {EXCEL}")


def _is_dbf(data: bytes) -> bool:
    """A dBase header: version, a possible date, and a header length that ends with 0x0D."""
    if len(data) < 65 or data[0] not in (0x02, 0x03, 0x30, 0x31, 0x83, 0x8B, 0xF5):
        return False
    length = int.from_bytes(data[8:10], "little")
    return 1 <= data[2] <= 12 and 1 <= data[3] <= 31 and 64 < length <= len(data)


def _plain_head(data: bytes) -> bytes:
    """The beginning as ASCII letters, whether it is in UTF-8 or UTF-16."""
    return (
        data[:HEAD]
        .removeprefix(b"\xef\xbb\xbf")
        .removeprefix(b"\xff\xfe")
        .removeprefix(b"\xfe\xff")
        .replace(b"\0", b"")
    )


def _refuse_markup(head: bytes, data: bytes) -> None:
    if HTML.match(head) or (XML.match(head) and re.search(rb"<html\b", head, re.I)):
        raise SheetError("html", f"Это страница HTML, сохранённая как таблица. {EXCEL}")
    if XML.match(head):
        old = b"urn:schemas-microsoft-com:office:spreadsheet" in head or b"office:spreadsheet" in head
        raise SheetError("xml", f"Это {'таблица XML 2003' if old else 'файл XML'}, а не книга Excel. {EXCEL}")
    if JSON.match(head) and data.rstrip(b"\0\r\n ").endswith((b"]", b"}")):
        raise SheetError("json", "Это данные JSON, а не таблица. Выгрузите их в xlsx или csv.")
