"""Check digits of ИНН and ОГРН, shapes of КПП and ОКТМО as SQL of both engines, as schools.codes judges them.

«%%» is one % once the statement has its parameters.
"""

_DIGITS = "0123456789"
_KPP_SIGNS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_INN_WEIGHTS = (2, 4, 10, 3, 5, 9, 4, 6, 8)


def _only(text: str, signs: str) -> str:
    """Whether a text is made of these signs alone: what is left when they are stripped is nothing."""
    return f"trim({text}, '{signs}') = ''"


def _digit(column: str, place: int) -> str:
    return f"CAST(substr({column}, {place}, 1) AS integer)"


def wrong_inn(column: str) -> str:
    """Whether an ИНН of an organisation is not ten digits that agree; an empty one is not wrong."""
    total = " + ".join(f"{weight} * {_digit(column, place)}" for place, weight in enumerate(_INN_WEIGHTS, start=1))
    agrees = f"({total}) %% 11 %% 10 = {_digit(column, 10)} AND {column} <> '0000000000'"
    return _wrong(column, f"length({column}) = 10 AND {_only(column, _DIGITS)}", agrees)


def wrong_ogrn(column: str) -> str:
    """Whether an ОГРН is not thirteen digits that agree; an empty one is not wrong."""
    remainder = f"CAST(substr({column}, 1, 12) AS bigint) %% 11 %% 10 = {_digit(column, 13)}"
    agrees = f"{remainder} AND substr({column}, 1, 1) <> '0'"
    return _wrong(column, f"length({column}) = 13 AND {_only(column, _DIGITS)}", agrees)


def wrong_kpp(column: str) -> str:
    """Whether a КПП is not four digits, two digits or Latin capitals, three digits; an empty one is not wrong."""
    middle = _only(f"substr({column}, 5, 2)", _KPP_SIGNS)
    ends = f"{_only(f'substr({column}, 1, 4)', _DIGITS)} AND {_only(f'substr({column}, 7, 3)', _DIGITS)}"
    return _wrong(column, f"length({column}) = 9", f"{ends} AND {middle}")


def wrong_oktmo(column: str) -> str:
    """Whether an ОКТМО is neither 8 nor 11 digits; an empty one is not wrong."""
    return _wrong(column, f"length({column}) IN (8, 11)", _only(column, _DIGITS))


def _wrong(column: str, shape: str, agrees: str) -> str:
    """A code with the wrong shape, or of the right one whose digits do not agree; CASE keeps casts from bad texts."""
    return f"{column} <> '' AND CASE WHEN {shape} THEN CASE WHEN {agrees} THEN 0 ELSE 1 END ELSE 1 END = 1"
