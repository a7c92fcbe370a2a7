"""Codes that agree with their check digits and belong to nobody: from tax offices and series that do not exist."""

from stdnum.ru import inn

_WEIGHTS = (9, 8, 7, 6, 5, 4, 3, 2, 1)
STAFF_FROM = 900_000_000  # СНИЛС issued so far begin with 0, 1 and 2
PUPILS_FROM = 950_000_000


def make_inn(region: str, number: int) -> str:
    """ИНН of an organisation in tax office «RR00», which no region has."""
    body = f"{region}00{number:05d}"
    return body + inn.calc_company_check_digit(body)


def make_kpp(region: str, *, branch: int = 0) -> str:
    """КПП of the same office; branches are numbered from 1."""
    return f"{region}0043{branch:03d}" if branch else f"{region}0001001"


def make_ogrn(region: str, number: int) -> str:
    """ОГРН of the year «00», before the register of legal entities began: its last digit is a remainder by eleven."""
    body = f"100{region}{number:07d}"
    return f"{body}{int(body) % 11 % 10}"


def make_snils(number: int) -> str:
    """СНИЛС of nine digits given as a number: eleven bare digits."""
    digits = str(number)
    total = sum(int(digit) * weight for digit, weight in zip(digits, _WEIGHTS, strict=True))
    return f"{digits}{total % 101 % 100:02d}"


def make_phone(number: int) -> str:
    """+7 900 000-xx-xx."""
    return f"+7900000{number % 10_000:04d}"
