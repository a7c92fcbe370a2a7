"""Positions in schools: usual abbreviations written out, and which positions are педагогические."""

import re
from functools import lru_cache

from schools.codes import Cleaned, Problem, fold, mistake, tidy

LONGEST = 200  # the field of the position

# Positions of «иные педагогические работники» by ПП РФ № 225 of 21.02.2022. UNVERIFIED: written down from memory
# (domain.md 3.6); compare with the official text before calling a figure official.
TEACHING_POSITIONS = (
    "воспитатель",
    "инструктор-методист",
    "инструктор по труду",
    "инструктор по физической культуре",
    "концертмейстер",
    "логопед",
    "мастер производственного обучения",
    "методист",
    "музыкальный руководитель",
    "педагог",
    "педагог дополнительного образования",
    "педагог-библиотекарь",
    "педагог-организатор",
    "педагог-психолог",
    "преподаватель",
    "преподаватель-организатор",
    "руководитель физического воспитания",
    "советник директора",
    "социальный педагог",
    "старший вожатый",
    "старший воспитатель",
    "старший инструктор-методист",
    "старший методист",
    "старший педагог дополнительного образования",
    "старший тренер-преподаватель",
    "тренер-преподаватель",
    "тьютор",
    "учитель",
    "учитель-дефектолог",
    "учитель-логопед",
    "учитель-методист",
)
_FUNCTIONS = ("классный руководитель", "руководитель мо", "администратор сферум", "классное руководство")

_ABBREVIATIONS = tuple(
    (re.compile(rf"(?<!\w){short}(?!\w)\.?", re.IGNORECASE), full)
    for short, full in (
        (r"зам\.?\s*дир(?:ектора|\.)?|завуч\s+(?=по\b)", "заместитель директора "),
        (r"зам\.?\s*(?=завед|рук|нач)", "заместитель "),
        (r"дир\.?", "директор"),
        (r"уч\.?(?=\s|-)|учит\.", "учитель"),
        (r"восп\.|воспит\.", "воспитатель"),
        (r"преп\.|препод\.", "преподаватель"),
        (r"пед\.?\s*доп\.?\s*обр(?:аз(?:ования)?)?|пдо", "педагог дополнительного образования"),
        (r"доп\.\s*обр(?:аз(?:ования)?)?", "дополнительного образования"),
        (r"соц\.?\s*пед(?:агог)?", "социальный педагог"),
        (r"пед\.?-?\s*псих(?:олог)?|психолог-педагог", "педагог-психолог"),
        (r"пед\.?-?\s*орг(?:анизатор)?", "педагог-организатор"),
        (r"нач\.?\s*кл(?:ассов)?", "начальных классов"),
        (r"рус(?:ск)?\.?\s*яз(?:ыка)?", "русского языка"),
        (r"англ?\.?\s*яз(?:ыка)?", "английского языка"),
        (r"ин(?:остр)?\.\s*яз(?:ыка)?", "иностранного языка"),
        (r"физ-?ры", "физкультуры"),
        (r"лит-ры", "литературы"),
        (r"биб-рь|библ\.", "библиотекарь"),
        (r"ст\.(?=\s*(?:вож|восп|мет|пед|тренер))", "старший "),
    )
)


@lru_cache(maxsize=4096)
def clean_position(text: str) -> Cleaned[str]:
    """«уч. математики» → 'учитель математики', «зам. дир. по УВР» → 'заместитель директора по УВР'.

    A function that is not a position («классный руководитель») gets a warning.
    """
    position = tidy(text)
    if len(position) > LONGEST:
        return mistake("long", f"Слишком длинно: оставьте не больше {LONGEST} знаков")
    if position.islower() or position.istitle() or position.isupper() or "." in position or position[1:].islower():
        position = _written_out(position)
    if fold(position).startswith(_FUNCTIONS):
        message = "Это поручение, а не должность: впишите должность по приказу, например «учитель математики»"
        return Cleaned(position, Problem("warning", "function", message))
    return Cleaned(position)


def _written_out(position: str) -> str:
    for pattern, full in _ABBREVIATIONS:
        position = pattern.sub(full, position)
    position = " ".join(position.split())
    return position[:1].lower() + position[1:] if position[1:2].islower() else position


_PARTS = re.compile(r"\s*[,;/+]\s*|\s+и\s+")
_TEACHING = re.compile(
    "(?:" + "|".join(sorted(map(re.escape, TEACHING_POSITIONS), key=len, reverse=True)) + r")(?![\w-])"
)


@lru_cache(maxsize=4096)
def is_teaching_position(position: str) -> bool:
    """Whether the person counts as a педагог: some part of «заместитель директора, учитель физики» begins as one."""
    folded = fold(clean_position(position).value)
    return any(_TEACHING.match(part) for part in _PARTS.split(folded))
