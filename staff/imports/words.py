"""Sentences about what an upload would do and did, from its counts (pure)."""

from collections.abc import Mapping
from typing import Any

from schools.texts import counted


def nothing_text(counts: Mapping[str, Any]) -> str:
    """Why there is nothing to put in, and what to do about it."""
    if not counts["waiting"]:
        return "Вносить нечего: в файле нет ни новых сотрудников, ни изменений."
    rows = counted(counts["waiting"], "строке", "строках", "строках")
    where = f"в {rows} ошибки, остальные без изменений" if counts["same"] else "во всех строках ошибки"
    return f"Вносить нечего: {where}. Исправьте их на странице загрузки или в файле и загрузите его снова."
