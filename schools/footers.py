"""Rows under a list that are no records of it: totals and signatures (pure)."""

import re
from collections.abc import Iterable, Mapping, Sequence

_TOTAL = re.compile(r"(?:итого|всего|в\s+том\s+числе)\b", re.IGNORECASE)
_SIGNATURE = re.compile(
    r"(?:директор|начальник|руководитель|исполнитель|составил|подпись|согласовано|м\.\s?п)\b"
    r"(?:[^:/_]*(?:[:/]|_{3})|\W*$)|_{3}",
    re.IGNORECASE,
)
_TOLD = 5  # rows told by number


def is_total(text: str) -> bool:
    """«Итого: 3», «Всего педагогов», «в том числе совместителей»."""
    return _TOTAL.match(text) is not None


def is_signature(text: str) -> bool:
    """«Директор ______ / Зимин И. О. /», «Исполнитель: …», «М.П.»; not «Директор Зимин Игорь Олегович»."""
    return _SIGNATURE.match(text) is not None


def is_footer(texts: Mapping[str, str], own: Iterable[str], *, signed: str, summed: str) -> bool:
    """Whether a row of texts by column is a total or a signature and names nobody.

    `signed` is the text a signature would stand in, `summed` the one a total would; `own` are the columns any of which
    makes the row a record. A row that may be a person is never passed over: letters of a first name or a patronymic
    make it one, and so does anything beside a signature.
    """
    if is_signature(signed) and sum(map(bool, texts.values())) == 1:
        return True
    if not is_total(summed):
        return False
    given = texts.get("first_name", "") + texts.get("patronymic", "")
    return not any(map(str.isalpha, given)) and not any(texts.get(key) for key in own)


def first_filled(cells: Sequence[str]) -> str:
    """The first text of a row; "" for an empty one."""
    return next((cell for cell in cells if cell), "")


def said_of(rows: Sequence[int], one: str, many: str) -> list[str]:
    """What is said of rows passed over, by the numbers Excel shows: («сотрудник», «сотрудники»)."""
    if not rows:
        return []
    if len(rows) == 1:
        return [f"Строку {rows[0]} не читаем: это итог или подпись под списком, а не {one}."]
    shown = ", ".join(map(str, rows[:_TOLD])) + (" и другие" if len(rows) > _TOLD else "")
    return [f"Строки {shown} не читаем: это итоги и подписи под списком, а не {many}."]
