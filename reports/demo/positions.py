"""Positions and subjects of a school's staff, in the proportions schools have them."""

import random
from typing import NamedTuple


class Job(NamedTuple):
    """A position and the subjects taught."""

    position: str
    subjects: str = ""


DIRECTOR = Job("директор")
DEPUTIES = (
    Job("заместитель директора по УВР"),
    Job("заместитель директора по ВР"),
    Job("заместитель директора по ИКТ"),
    Job("заместитель директора по АХР"),
    Job("заместитель директора по начальной школе"),
)
_OTHERS = (
    Job("секретарь учебной части"),
    Job("инженер-программист"),
    Job("библиотекарь"),
    Job("заведующий хозяйством"),
    Job("лаборант"),
    Job("специалист по кадрам"),
    Job("инженер по охране труда"),
    Job("медицинская сестра"),
    Job("бухгалтер"),
    Job("дежурный по режиму"),
)
_SUBJECTS = (
    (9, Job("учитель русского языка и литературы", "русский язык, литература")),
    (9, Job("учитель математики", "алгебра, геометрия, вероятность и статистика")),
    (9, Job("учитель английского языка", "английский язык")),
    (4, Job("учитель истории и обществознания", "история, обществознание")),
    (3, Job("учитель физики", "физика")),
    (2, Job("учитель химии", "химия")),
    (3, Job("учитель биологии", "биология")),
    (3, Job("учитель географии", "география")),
    (3, Job("учитель информатики", "информатика")),
    (5, Job("учитель физической культуры", "физическая культура")),
    (3, Job("учитель труда", "труд (технология)")),
    (2, Job("учитель музыки", "музыка")),
    (2, Job("учитель изобразительного искусства", "изобразительное искусство")),
    (2, Job("преподаватель-организатор основ безопасности и защиты Родины", "основы безопасности и защиты Родины")),
    (20, Job("учитель начальных классов", "начальные классы")),
    (3, Job("воспитатель группы продлённого дня")),
    (2, Job("педагог-психолог")),
    (1, Job("социальный педагог")),
    (2, Job("учитель-логопед")),
    (1, Job("педагог-организатор")),
    (1, Job("советник директора по воспитанию и взаимодействию с детскими общественными объединениями")),
    (3, Job("педагог дополнительного образования")),
    (1, Job("заместитель директора по УВР, учитель химии", "химия")),
    (1, Job("педагог-библиотекарь")),
)
_JOBS = tuple(job for _, job in _SUBJECTS)
_CUMULATIVE = tuple(sum(weight for weight, _ in _SUBJECTS[: place + 1]) for place in range(len(_SUBJECTS)))
MEN_TEACH = frozenset(
    {"физическая культура", "труд (технология)", "информатика", "основы безопасности и защиты Родины"}
)


def teaching_jobs(rng: random.Random, count: int) -> list[Job]:
    """Draw positions of педагоги."""
    return rng.choices(_JOBS, cum_weights=_CUMULATIVE, k=count)


def other_jobs(rng: random.Random, count: int) -> list[Job]:
    """Return the director, then deputies by the size of the school, then the rest: `count` positions in all."""
    deputies = min(len(DEPUTIES), count // 2)
    return [DIRECTOR, *DEPUTIES[:deputies], *rng.choices(_OTHERS, k=max(0, count - 1 - deputies))][:count]
