"""Sentences about what an upload would do and did, from its counts (pure)."""

from collections.abc import Mapping
from typing import Any

from schools.texts import counted, plural


def nothing_text(counts: Mapping[str, Any]) -> str:
    """Why there is nothing to put in, and what to do about it."""
    if not counts["waiting"]:
        return "Вносить нечего: в файле нет ни новых сотрудников, ни изменений."
    rows = counted(counts["waiting"], "строке", "строках", "строках")
    where = f"в {rows} ошибки, остальные без изменений" if counts["same"] else "во всех строках ошибки"
    return f"Вносить нечего: {where}. Исправьте их на странице загрузки или в файле и загрузите его снова."


def confirm_text(counts: Mapping[str, Any], days: int, *, held: bool = False) -> dict[str, str]:
    """«Внесём 21 строку: …», the words of the button, and how many days it can be undone.

    `held` from this reader: somebody else confirms it, so no undoing is promised.
    """
    total, leaving = counts["new"] + counts["changed"], counts["leaving"]
    rows = counted(total, "строку", "строки", "строк")
    does = f"Внесём {rows}:" if total else "Изменим список:" if leaving else ""
    return {
        "summary": "Подтверждает координатор:" if held else does,
        "text": f"{_parts_text(counts)} {_waiting_text(counts)}".strip(),
        "button": f"Внести {rows}" if total else f"Отметить {_gone(leaving)}",
        "possible": "yes" if does else "",
        "undo": f"Отменить целиком можно {counted(days, 'день', 'дня', 'дней')}." if does and not held else "",
    }


def _gone(leaving: int) -> str:
    return counted(leaving, "выбывшего", "выбывших", "выбывших")


def _parts_text(counts: Mapping[str, Any]) -> str:
    """«12 новых, 9 изменений, отметим 3 выбывших.»"""
    parts = (
        (counts["new"], counted(counts["new"], "новый", "новых", "новых")),
        (counts["changed"], counted(counts["changed"], "изменение", "изменения", "изменений")),
        (counts["leaving"], f"отметим {_gone(counts['leaving'])}"),
    )
    told = ", ".join(text for count, text in parts if count)
    return f"{told}." if told else ""


def _waiting_text(counts: Mapping[str, Any]) -> str:
    """«6 строк с ошибками подождут здесь.»"""
    waiting = counts["waiting"]
    wait = plural(waiting, "подождёт", "подождут", "подождут")
    return f"{counted(waiting, 'строка', 'строки', 'строк')} с ошибками {wait} здесь." if waiting else ""
