"""CSV as people really save it: which encoding, which delimiter, which rows (pure; runs inside the child process)."""

import csv
import io
import itertools
import re
from collections import Counter

from schools.sheets.texts import Refusal, grouped

DELIMITERS = ";\t|,"  # in order of trust: a Russian file has commas inside numbers and addresses
BOMS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
CYRILLIC_ENCODINGS = ("cp1251", "cp866", "koi8-r", "mac-cyrillic", "iso8859-5")
ENCODING_NAMES = {
    "cp1251": "Windows-1251", "cp866": "DOS (866)", "koi8-r": "КОИ-8", "mac-cyrillic": "Mac", "cp1252": "Windows-1252",
    "iso8859-5": "ISO 8859-5", "utf-16-le": "UTF-16", "utf-16-be": "UTF-16", "utf-32-le": "UTF-32",
}  # fmt: skip
# How often a letter stands in Russian text, per mille (public frequency tables, rounded).
FREQUENCY = dict(
    zip(
        "оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъё",
        (110, 85, 80, 74, 67, 63, 55, 47, 45, 44, 35, 32, 30, 28, 26, 20, 19, 17, 17, 16, 16, 14, 12, 10, 9, 7, 6, 5)
        + (4, 3, 3, 1, 1),
        strict=True,
    )
)  # fmt: skip
SAMPLE = 200_000  # bytes are enough to tell UTF-16 and a delimiter
LETTERS = 8_000  # bytes are enough to tell an encoding by its letters
SAMPLE_ROWS = 60  # rows are enough to tell a delimiter
MAX_BLANK_ROWS = 1_048_576  # the height of an Excel sheet
DECLARATION = re.compile(r'"?sep=(?P<delimiter>[;,\t|])"?(?:\r\n|\n|\r|$)', re.IGNORECASE)
END = "\ufdd0"  # a non-character: stands after the last row, and shows whether a quote swallowed it


def decode(data: bytes) -> tuple[str, str, list[str]]:
    """Bytes → (text, encoding, notes): byte order mark, strict UTF-8, NUL pattern of UTF-16, then Russian letters."""
    for mark, encoding in BOMS:
        if data.startswith(mark):
            return _decoded(data[len(mark) :], encoding)
    wide = _wide_encoding(data)
    if wide:
        return _decoded(data, wide)
    if b"\0" in data:
        raise Refusal(
            "not_a_table", "Это не таблица: внутри двоичные данные. Откройте файл в Excel и сохраните как xlsx."
        )
    if _mostly_utf8(data):
        return _decoded(data, "utf-8")
    return _decoded(data, _single_byte_encoding(data))


def _decoded(data: bytes, encoding: str) -> tuple[str, str, list[str]]:
    text = data.decode(encoding, errors="replace")
    notes = [f"Кодировка файла: {ENCODING_NAMES[encoding]}."] if encoding in ENCODING_NAMES else []
    spoilt = text.count("\ufffd")
    if spoilt:
        notes.append(f"Не удалось прочитать символов: {spoilt}, на их месте стоит «\ufffd».")
    return text, encoding, notes


def _wide_encoding(data: bytes) -> str | None:
    """UTF-16 without a mark has a NUL in most even or odd places where the text is Latin, digits and delimiters."""
    head = data[: SAMPLE - SAMPLE % 2]
    if len(head) < 4 or b"\0" not in head:
        return None
    even, odd = head[::2].count(0), head[1::2].count(0)
    few, floor = len(head) // 100, max(2, len(head) // 30)
    if odd >= floor and even <= few:
        return "utf-16-le"
    return "utf-16-be" if even >= floor and odd <= few else None


def _mostly_utf8(data: bytes) -> bool:
    """Strict UTF-8, or UTF-8 where one character in fifty was spoilt (a cut, a bad merge of two files)."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        text = data.decode("utf-8", errors="replace")
        good = sum(1 for character in text if character > "\x7f" and character != "\ufffd")
        return good >= 50 * text.count("\ufffd")
    return True


def _single_byte_encoding(data: bytes) -> str:
    """The encoding whose text looks most like Russian; accented letters inside Latin words are Windows-1252."""
    first = next((place for place, byte in enumerate(data) if byte > 0x7F), 0)
    sample = data[max(first - 1, 0) :][:LETTERS]
    if _western(sample):
        return "cp1252"
    return max(CYRILLIC_ENCODINGS, key=lambda encoding: _russian_score(sample.decode(encoding, errors="replace")))


def _western(sample: bytes) -> bool:
    text = sample.decode("latin-1")
    high = [index for index, character in enumerate(text) if character > "\x7f"]
    lonely = sum(1 for index in high if _latin(text[index - 1 : index]) or _latin(text[index + 1 : index + 2]))
    return lonely * 2 > len(high)


def _latin(character: str) -> bool:
    return character.isascii() and character.isalpha()


def _russian_score(text: str) -> int:
    """Letters by how usual they are, capitals a little less; odd signs and a capital after a small one are bad."""
    score, before = 0, ""
    for character in text:
        if character > "\x7f":
            score += _letter_score(character)
            if before in FREQUENCY and character.lower() in FREQUENCY and character not in FREQUENCY:
                score -= 150  # «иВАНОВ»: koi8-r read as cp1251 swaps the case
        before = character
    return score


def _letter_score(character: str) -> int:
    if character in FREQUENCY:
        return 20 + FREQUENCY[character]
    if character.lower() in FREQUENCY:
        return FREQUENCY[character.lower()]
    return 0 if character in "№«»—–…\xa0" else -150


def split_rows(text: str, *, max_rows: int, max_columns: int, max_cell_text: int) -> list[list[str]]:
    """Rows as Excel numbers them: a quoted line break stays inside its row, a blank line is a row, `sep=;` is not."""
    declared, body = _declared_delimiter(text)
    delimiter = declared or sniff_delimiter(body)
    csv.field_size_limit(max_cell_text)
    reader = csv.reader(itertools.chain(io.StringIO(body, newline=""), (END,)), delimiter=delimiter)
    rows: list[list[str]] = []
    try:
        for row in reader:
            if row == [END]:
                return rows
            rows.append(row)
            _check_row(row, len(rows), (max_rows, max_columns))
    except csv.Error:
        raise Refusal("cell_too_long", _too_long(len(rows) + 1, max_cell_text)) from None
    raise Refusal(
        "unclosed_quote",
        f"В строке {len(rows)} открыта кавычка и нигде не закрыта. Закройте или удалите её и загрузите файл снова.",
    )


def _check_row(row: list[str], number: int, limits: tuple[int, int]) -> None:
    max_rows, max_columns = limits
    if number > max_rows and (number > MAX_BLANK_ROWS or any(map(str.strip, row))):
        raise Refusal(
            "too_many_rows",
            f"В файле больше {grouped(max_rows)} строк. Разделите его на части и загрузите их по одной.",
        )
    if len(row) > max_columns and any(map(str.strip, row[max_columns:])):
        raise Refusal(
            "too_many_columns",
            f"В строке {number} столбцов: {grouped(len(row))}, мы читаем до {max_columns}. Удалите лишние столбцы.",
        )
    del row[max_columns:]


def _too_long(number: int, limit: int) -> str:
    return (
        f"В строке {number} ячейка длиннее {grouped(limit)} знаков: скорее всего, не закрыта кавычка. Исправьте строку."
    )


def _declared_delimiter(text: str) -> tuple[str | None, str]:
    """The first line «sep=;» is an order to Excel: its delimiter, and the text after it."""
    head = DECLARATION.match(text)
    return (head["delimiter"], text[head.end() :]) if head else (None, text)


def sniff_delimiter(text: str) -> str:
    """The delimiter that cuts the first rows most evenly; ';' when there is only one column."""
    sample = list(itertools.islice(io.StringIO(text[:SAMPLE], newline=""), SAMPLE_ROWS))
    scores = {delimiter: _evenness(sample, delimiter) for delimiter in DELIMITERS}
    trusted = [delimiter for delimiter in DELIMITERS if scores[delimiter] >= 0.8]
    best = trusted[0] if trusted else max(DELIMITERS, key=lambda delimiter: scores[delimiter])
    return best if scores[best] else ";"


def _evenness(sample: list[str], delimiter: str) -> float:
    """The share of rows that have the commonest number of cells, when that number is above one."""
    try:
        widths = Counter(len(row) for row in csv.reader(sample, delimiter=delimiter) if any(row))
    except csv.Error:
        return 0.0
    cut = Counter({width: count for width, count in widths.items() if width > 1})
    return cut.most_common(1)[0][1] / widths.total() if cut else 0.0
