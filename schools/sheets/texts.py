"""How one cell becomes one clean line of text: characters, numbers, dates (pure; runs inside the child process)."""

import datetime
import unicodedata
from collections.abc import Sequence

# Refusals that both the parent and the child give.
AGAIN = "сохраните как xlsx и загрузите снова."
DAMAGED = f"Файл повреждён, прочитать его не удалось. Откройте его в Excel, {AGAIN}"
MEMORY = f"Файл требует слишком много памяти. Удалите пустые строки и столбцы за таблицей, {AGAIN}"
TIMEOUT = f"Файл читается слишком долго. Оставьте в нём только таблицу, {AGAIN}"
MACROS = "В файле есть макросы. Сохраните его в Excel как «Книга Excel (.xlsx)» — без макросов — и загрузите снова."
PROTECTED = "Файл защищён паролем. Снимите пароль в Excel (Файл → Сведения → Защита книги) и загрузите снова."

REFUSED_CATEGORIES = frozenset({"Cc", "Cf"})  # control; zero-width, bidi, soft hyphen, byte order mark
Value = str | float | bool | datetime.date | datetime.time | datetime.timedelta | None


def grouped(number: int) -> str:
    """«20 000» with U+2009, as `schools.texts.number` writes it: the child does without Django."""
    return f"{number:,}".replace(",", "\u2009")


class Refusal(Exception):
    """A file refused inside the child: stable code and a Russian sentence."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(code, message)
        self.code = code
        self.message = message


def clean(value: str) -> str:
    """One trimmed NFC line: any white space is a space, invisible characters are gone, lone surrogates are «�»."""
    if value.isprintable() and (value.isascii() or unicodedata.is_normalized("NFC", value)):
        return value.strip()
    visible = "".join(map(_visible, value.replace("\r\n", "\n")))
    return unicodedata.normalize("NFC", visible).strip()


def _visible(character: str) -> str:
    if character.isspace():
        return " "
    category = unicodedata.category(character)
    if category == "Cs":
        return "\ufffd"
    return "" if category in REFUSED_CATEGORIES else character


def row_texts(values: Sequence[Value]) -> list[str]:
    """The texts of a row; a row of clean texts, the usual one, is looked at once and not cell by cell."""
    try:
        whole = "".join(values)  # type: ignore[arg-type]
    except TypeError:  # numbers, dates, booleans
        return [cell_text(value) for value in values]
    if whole.isprintable() and (whole.isascii() or unicodedata.is_normalized("NFC", whole)):
        return [value.strip() for value in values]  # type: ignore[union-attr]
    return [cell_text(value) for value in values]


def cell_text(value: Value) -> str:
    """The text of a value as calamine gives it; '' for an empty cell."""
    if isinstance(value, str):  # most cells: no call for those that are clean already
        if value.isprintable() and (value.isascii() or unicodedata.is_normalized("NFC", value)):
            return value.strip()
        return clean(value)
    if isinstance(value, float):
        return number_text(value)
    if isinstance(value, int):  # a bool is an int; calamine has no other
        return ("нет", "да")[value] if isinstance(value, bool) else str(value)
    return "" if value is None else moment_text(value)


def number_text(value: float) -> str:
    """Plain digits, never an exponent: 79000000000.0 → '79000000000', 0.30000000000000004 → '0.3'."""
    if value != value or value in (float("inf"), float("-inf")):
        return "#NUM!"
    if value == int(value):
        return str(int(value))
    short = f"{value:.15g}"
    return f"{value:.20f}".rstrip("0").rstrip(".") if "e" in short else short


def moment_text(value: datetime.date | datetime.time | datetime.timedelta) -> str:
    """ДД.ММ.ГГГГ, with the time when it is not midnight; a duration is hours:minutes."""
    if isinstance(value, datetime.timedelta):
        seconds = round(value.total_seconds())
        sign, seconds = ("-", -seconds) if seconds < 0 else ("", seconds)
        return f"{sign}{seconds // 3600}:{seconds // 60 % 60:02}" + (f":{seconds % 60:02}" if seconds % 60 else "")
    if isinstance(value, datetime.time):
        return _clock(value)
    if not isinstance(value, datetime.datetime):
        return f"{value.day:02}.{value.month:02}.{value.year:04}"
    moment = _whole_second(value)
    day = f"{moment.day:02}.{moment.month:02}.{moment.year:04}"
    return day if moment.time() == datetime.time() else f"{day} {_clock(moment.time())}"


def _whole_second(moment: datetime.datetime) -> datetime.datetime:
    """Excel keeps days as fractions: 10:10 comes back as 10:09:59.999997."""
    try:
        return (moment + datetime.timedelta(microseconds=500_000)).replace(microsecond=0)
    except OverflowError:
        return moment.replace(microsecond=0)


def _clock(time: datetime.time) -> str:
    return f"{time.hour:02}:{time.minute:02}" + (f":{time.second:02}" if time.second else "")
