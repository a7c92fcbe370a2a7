"""Codes of organisations and people (ИНН, КПП, ОГРН, ОКПО, ОКТМО, СНИЛС), phones, e-mails, the key of matching.

Every cleaner takes the text of a cell and returns `Cleaned`: it never raises, and cleaning its own value again changes
nothing. A mistake leaves the value empty, so a wrong code cannot slip into the database; its suggestion, when there is
one, is a text which cleans without a mistake: to accept it is to put it in the cell and clean again.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from operator import mul
from typing import Generic, Literal, NamedTuple, TypeVar

from stdnum.ru import inn, ogrn

T_co = TypeVar("T_co", covariant=True)
Severity = Literal["mistake", "warning"]


class Problem(NamedTuple):
    """What is wrong with a cell: `code` is stable and short, `message` is Russian and says how to put it right."""

    severity: Severity
    code: str
    message: str
    suggestion: str | None = None


class Cleaned(NamedTuple, Generic[T_co]):
    """The value of a cell and its problem; a NamedTuple is built twice as fast as a frozen dataclass."""

    value: T_co
    problem: Problem | None = None

    @property
    def is_mistaken(self) -> bool:
        return self.problem is not None and self.problem.severity == "mistake"


EMPTY: Cleaned[str] = Cleaned("")


def mistake(code: str, message: str, suggestion: str | None = None) -> Cleaned[str]:
    """An empty value with a mistake: the row waits until a person mends the cell."""
    return Cleaned("", Problem("mistake", code, message, suggestion))


def warned(value: str, code: str, message: str) -> Cleaned[str]:
    """A mended value with a warning: the row may go in; the suggestion is the value itself."""
    return Cleaned(value, Problem("warning", code, message, value))


# Text


DASHES = "‐‑‒–—―−⁃﹘﹣－˗"
APOSTROPHES = "'`´ʼʹ′‘’ʻ＇"
_DASH = re.compile(f"[{DASHES}]")
_INVISIBLE = {"Cf", "Cc", "Cs", "Co", "Cn"}


def tidy(text: str) -> str:
    """Composed letters, one space between words, nothing invisible: what a person sees in the cell."""
    text = " ".join(text.split())
    if text.isprintable() and (text.isascii() or unicodedata.is_normalized("NFC", text)):
        return text
    text = "".join(char for char in text if unicodedata.category(char) not in _INVISIBLE)
    return " ".join(unicodedata.normalize("NFC", text).split())


_RUSSIAN_WORDS = re.compile("[А-Яа-яЁё]+(?: [А-Яа-яЁё]+)*")


def fold(text: str) -> str:
    """The key for searching, sorting and matching, the same on both databases: lower case, ё as е, one kind of dash."""
    if _RUSSIAN_WORDS.fullmatch(text):  # most names, four times faster
        return text.lower().replace("ё", "е")
    text = tidy(text).casefold().replace("ё", "е")
    if text.isascii():
        return text
    if not unicodedata.is_normalized("NFC", text):
        text = unicodedata.normalize("NFC", text).casefold().replace("ё", "е")
    return " ".join(_DASH.sub("-", text).split())


LONGEST_SEARCH, MOST_WORDS = 100, 8  # a name and the kind of a place; each word more makes the query deeper


def search_words(text: str) -> list[str]:
    """The folded words to look for: what stands after the hundredth sign, or after eight words, tells nothing more."""
    return fold(text[:LONGEST_SEARCH]).split()[:MOST_WORDS]


# Numeric codes


@dataclass(frozen=True, slots=True)
class _Code:
    """How one numeric code looks: its name in Russian, lengths in digits, whether Excel may eat a zero, its check."""

    name: str
    lengths: tuple[int, ...]
    zeros: int
    check: Callable[[str], bool] | None = None


_SCIENTIFIC = re.compile(r"\d+(?:[.,]\d+)?[eе][+]?\d+", re.IGNORECASE)
_FLOAT_TAIL = re.compile(r"(?<=\d)[.,]0+$")
_SEPARATORS = re.compile(rf"[\s'{DASHES}-]+")
_SHORT_OF = {1: "одной цифры", 2: "двух цифр", 3: "трёх цифр", 4: "четырёх цифр", 5: "пяти цифр"}
_DIGITS = re.compile(r"[0-9]+")


def is_scientific(text: str) -> bool:
    """Whether Excel has already lost the digits: 7.70708E+09."""
    return _SCIENTIFIC.fullmatch(text) is not None


def _lost_digits(name: str) -> Cleaned[str]:
    return mistake(
        "scientific",
        f"Excel сократил число и потерял цифры: задайте столбцу формат «Текстовый» и впишите {name} заново",
    )


def _clean_code(text: str, code: _Code) -> Cleaned[str]:
    raw = tidy(text)
    if not raw or raw == "-":
        return EMPTY
    if is_scientific(raw):
        return _lost_digits(code.name)
    plain = _FLOAT_TAIL.sub("", raw.removeprefix("'"))
    digits = _SEPARATORS.sub("", plain)
    if not _DIGITS.fullmatch(digits):
        return mistake("not_digits", f"{code.name} состоит из одних цифр: уберите лишние знаки")
    if len(digits) in code.lengths:
        return _checked(digits, code)
    return _with_zeros(digits, code, typed_as_number=plain == digits)


def _with_zeros(digits: str, code: _Code, *, typed_as_number: bool) -> Cleaned[str]:
    """Put back the zeros which Excel drops from the head of a number; only where the check digits agree."""
    for length in code.lengths:
        if typed_as_number and 0 < length - len(digits) <= code.zeros:
            padded = digits.zfill(length)
            if not _checked(padded, code).is_mistaken:
                return warned(padded, "zeros_restored", f"Excel убрал ноль в начале — вернули. Сверьте {code.name}")
    return _wrong_length(len(digits), code)


def _wrong_length(found: int, code: _Code) -> Cleaned[str]:
    lengths = " или ".join(map(str, code.lengths))
    missing = code.lengths[0] - found
    start = f"Не хватает {_SHORT_OF[missing]}" if missing in _SHORT_OF else "Число цифр не то"
    return mistake("length", f"{start}: в {code.name} {lengths} цифр, здесь {found}")


def _checked(digits: str, code: _Code) -> Cleaned[str]:
    if not digits.strip("0"):
        return mistake("zeros", f"Одни нули — это не {code.name}: впишите настоящий или оставьте пустым")
    if code.check is not None and not code.check(digits):
        return mistake("check_digit", "Контрольное число не сходится: проверьте по документу")
    return Cleaned(digits)


def _okpo_agrees(digits: str) -> bool:
    """Weights 1…7 modulo 11; when that gives 10, weights 3…9; a second 10 counts as 0 (domain 4.1)."""
    body = [int(digit) for digit in digits[:7]]
    rest = sum(map(mul, body, range(1, 8))) % 11
    if rest == 10:
        rest = sum(map(mul, body, range(3, 10))) % 11 % 10
    return rest == int(digits[7])


_SNILS_WEIGHTS = (9, 8, 7, 6, 5, 4, 3, 2, 1)
_SNILS_UNCHECKED = "001001998"  # numbers up to this one were issued before the check number existed


def _snils_agrees(digits: str) -> bool:
    """Σ of nine digits × 9…1, modulo 101, where 100 counts as 00."""
    if digits[:9] <= _SNILS_UNCHECKED:
        return True
    total = sum(map(mul, digits.encode(), _SNILS_WEIGHTS)) - 48 * 45  # 48 is the byte of «0», 45 the sum of weights
    return total % 101 % 100 == int(digits[9:])


# python-stdnum checks ИНН and ОГРН in 3-5 µs: a register of 40 000 schools costs 0.3 s, so no copy of its weights here.
_INN = _Code("ИНН", (10, 12), 1, inn.is_valid)
_OGRN = _Code("ОГРН", (13, 15), 0, ogrn.is_valid)  # begins with 1, 3 or 5: there is no zero to lose
_OKPO = _Code("ОКПО", (8,), 3, _okpo_agrees)
_OKTMO = _Code("ОКТМО", (8, 11), 1)
_SNILS = _Code("СНИЛС", (11,), 2, _snils_agrees)
_KPP = _Code("КПП", (9,), 1)
_KPP_SHAPE = re.compile(r"[0-9]{4}[0-9A-Z]{2}[0-9]{3}")


def clean_inn(text: str) -> Cleaned[str]:
    """ИНН of an organisation (10 digits) or a person (12), with its check digits."""
    return _clean_code(text, _INN)


def clean_ogrn(text: str) -> Cleaned[str]:
    """ОГРН (13 digits) or ОГРНИП (15), with its check digit."""
    return _clean_code(text, _OGRN)


def clean_okpo(text: str) -> Cleaned[str]:
    """ОКПО of an organisation: 8 digits, the last one a check digit."""
    return _clean_code(text, _OKPO)


def clean_oktmo(text: str) -> Cleaned[str]:
    """ОКТМО of a municipality (8 digits) or a settlement (11); it has no check digit."""
    return _clean_code(text, _OKTMO)


def clean_kpp(text: str) -> Cleaned[str]:
    """КПП: 9 characters, of which the fifth and sixth may be Latin capitals; it has no check digit."""
    shape = tidy(text).upper()
    return Cleaned(shape) if _KPP_SHAPE.fullmatch(shape) else _clean_code(text, _KPP)


_SNILS_USUAL = re.compile(r"([0-9]{3})-?([0-9]{3})-?([0-9]{3})[ -]?([0-9]{2})")


def clean_snils(text: str) -> Cleaned[str]:
    """СНИЛС as 11 bare digits; lists show it by `mask_snils`, only its owner's page by `format_snils`."""
    usual = _SNILS_USUAL.fullmatch(text)
    if usual:
        return _checked("".join(usual.groups()), _SNILS)
    return _clean_code(text, _SNILS)


def format_snils(digits: str) -> str:
    """'11223344595' → '112-233-445 95'; an empty string stays empty."""
    return f"{digits[:3]}-{digits[3:6]}-{digits[6:9]} {digits[9:]}" if digits else ""


def mask_snils(digits: str) -> str:
    """'11223344595' → '***-***-445 95': enough to tell two people apart in a list."""
    return f"***-***-{digits[6:9]} {digits[9:]}" if digits else ""


# Phones


_PHONE = re.compile(r"(?:\+?7|\+?8)?[ (-]*([3489][0-9]{2})[ )-]*([0-9]{3})[ -]?([0-9]{2})[ -]?([0-9]{2})")
_EXTENSION = re.compile(r"(?:,?\s*\(?\s*(?:доб|вн|ext)[а-яa-z]*\.?|#)\s*:?\s*[0-9]{1,6}\s*\)?\s*$", re.IGNORECASE)
_SEVERAL = re.compile(r"\s*(?:[,;/\n]|\bили\b)\s*")
_PHONE_WORDS = re.compile(r"^(?:(?:моб|тел|сот)[а-я]*|phone|т)[.: ]+", re.IGNORECASE)
_NATIONAL_STARTS = "3489"  # the first digit of a Russian area or mobile code; 7 belongs to Kazakhstan


def clean_phone(text: str) -> Cleaned[str]:
    """A Russian number, mobile or not, as '+7XXXXXXXXXX'; the fast path is one regular expression, about 1 µs."""
    usual = _PHONE.fullmatch(text)
    if usual and not _lacks_a_digit(usual):
        return Cleaned("+7" + "".join(usual.groups()))
    return _clean_odd_phone(text)


def clean_mobile(text: str) -> Cleaned[str]:
    """As `clean_phone`, and a warning where the number is not a mobile one: people log in to «Сферум» by it."""
    cleaned = clean_phone(text)
    if cleaned.value and cleaned.value[2] != "9" and cleaned.problem is None:
        problem = Problem(
            "warning",
            "landline",
            "Это не мобильный номер, в «Сферум» с ним не войти: впишите номер, где после +7 идёт 9",
        )
        return Cleaned(cleaned.value, problem)
    return cleaned


def _lacks_a_digit(match: re.Match[str]) -> bool:
    """Ten digits which begin with 89 or 79: the eight of «8 921…» was taken for the code, and one digit is missing."""
    return match.group(1)[:2] == "89" and not match.group(0)[: match.start(1)].strip("( -")


def _clean_odd_phone(text: str) -> Cleaned[str]:
    raw = tidy(text.replace("\n", ";"))
    if not raw or raw in {"-", "нет"}:
        return EMPTY
    if is_scientific(raw):
        return _lost_digits("телефон")
    bare = _EXTENSION.sub("", raw)
    first, *others = _SEVERAL.split(bare)
    cleaned = _single_phone(first)
    if cleaned.is_mistaken:
        return cleaned
    if any(others):
        return warned(cleaned.value, "several", "В ячейке несколько номеров: взяли первый")
    if bare != raw:
        return warned(cleaned.value, "extension", "Добавочный номер не храним: оставили основной")
    return cleaned


def _single_phone(raw: str) -> Cleaned[str]:
    raw = _FLOAT_TAIL.sub("", _PHONE_WORDS.sub("", raw.strip()))
    digits = re.sub(r"[^0-9]", "", raw)
    if re.search(r"[^\W\d_]", raw):
        return mistake("not_phone", "В номере есть буквы: оставьте только цифры, например +7 900 000-00-00")
    if len(digits) == 11 and digits[0] in "78" and not raw.startswith("++"):
        return _national(digits[1:])
    if len(digits) == 10 and digits[:2] not in {"89", "79"}:
        return _national(digits)
    return _wrong_phone_length(digits, raw)


def _national(digits: str) -> Cleaned[str]:
    if digits[0] in _NATIONAL_STARTS:
        return Cleaned("+7" + digits)
    return mistake("phone_code", "Такого кода в России нет: проверьте первые цифры после +7")


def _wrong_phone_length(digits: str, raw: str) -> Cleaned[str]:
    if raw.startswith("+") and not raw.startswith(("+7", "+8")):
        return mistake("foreign_phone", "Номер не российский: нужен +7 и десять цифр")
    missing = (11 if digits[:1] in {"7", "8"} else 10) - len(digits)
    if missing in _SHORT_OF:
        return mistake("short", f"Не хватает {_SHORT_OF[missing]}: номер пишут так: +7 900 000-00-00")
    if missing < 0:
        return mistake("long", "Лишние цифры: номер пишут так: +7 900 000-00-00")
    return mistake("not_phone", "Это не телефон: номер пишут так: +7 900 000-00-00")


def format_phone(value: str) -> str:
    """'+79000003177' → '+7 900 000-31-77'; an empty string stays empty."""
    return f"+7 {value[2:5]} {value[5:8]}-{value[8:10]}-{value[10:]}" if value else ""


def mask_phone(value: str) -> str:
    """'+79000003177' → '+7 *** ***-31-77': enough to recognise a number one knows."""
    return f"+7 *** ***-{value[-4:-2]}-{value[-2:]}" if len(value) >= 10 else ""


# E-mail


_EMAIL = re.compile(
    r"[a-z0-9_+%'-]+(?:\.[a-z0-9_+%'-]+)*@(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]"
)
_EMAIL_RF = re.compile(r"[a-z0-9_+%'-]+(?:\.[a-z0-9_+%'-]+)*@(?:[а-яё0-9](?:[а-яё0-9-]*[а-яё0-9])?\.)+рф")
_EMAIL_LONGEST = 254  # RFC 5321
_TO_LATIN = str.maketrans("аеорсхукмтнвё", "aeopcxykmthbe")


def clean_email(text: str) -> Cleaned[str]:
    """An e-mail in lower case. Cyrillic look-alikes are a mistake with the Latin spelling as the suggestion."""
    raw = text.strip().lower()
    if _is_email(raw):
        return Cleaned(raw)
    raw = tidy(raw).removeprefix("mailto:").strip("<>;,. ")
    if not raw or raw in {"-", "нет"}:
        return EMPTY
    first, *others = re.split(r"[;,\s]+(?=\S+@)", raw)
    if others and _is_email(first):
        return warned(first, "several", "В ячейке несколько адресов: взяли первый")
    return Cleaned(raw) if _is_email(raw) else _wrong_email(raw)


def _is_email(text: str) -> bool:
    return len(text) <= _EMAIL_LONGEST and bool(_EMAIL.fullmatch(text) or _EMAIL_RF.fullmatch(text))


def _wrong_email(raw: str) -> Cleaned[str]:
    latin = raw.translate(_TO_LATIN)
    if latin != raw and _is_email(latin):
        return mistake("cyrillic_email", "В адресе русские буквы, похожие на латинские: замените их", latin)
    joined = latin.replace(" ", "").replace(",", ".")
    if _is_email(joined):
        return mistake("email_signs", "В адресе лишний пробел или запятая вместо точки", joined)
    if re.search("[а-яё]", raw):
        return mistake("cyrillic_email", "В адресе русские буквы: впишите его латиницей, например ivanova@school.ru")
    if "@" not in raw:
        return mistake("not_email", "В адресе нет знака @: впишите полностью, например ivanova@school.ru")
    return mistake("not_email", "Адрес записан неверно: впишите как ivanova@school.ru")


def mask_email(value: str) -> str:
    """'ivanova@school.ru' → 'i***@school.ru'."""
    name, at, host = value.partition("@")
    return f"{name[:1]}***@{host}" if at else ""
