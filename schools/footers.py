"""Rows under a list that are no records of it: totals and signatures (pure)."""

import re
from collections.abc import Sequence

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


def said_of(rows: Sequence[int], one: str, many: str) -> list[str]:
    """What is said of rows passed over, by the numbers Excel shows: («сотрудник», «сотрудники»)."""
    if not rows:
        return []
    if len(rows) == 1:
        return [f"Строку {rows[0]} не читаем: это итог или подпись под списком, а не {one}."]
    shown = ", ".join(map(str, rows[:_TOLD])) + (" и другие" if len(rows) > _TOLD else "")
    return [f"Строки {shown} не читаем: это итоги и подписи под списком, а не {many}."]
