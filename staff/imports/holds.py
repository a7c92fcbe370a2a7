"""Uploads after which too many would stop working at once: a coordinator confirms them, not the school itself."""

from collections.abc import Mapping
from typing import Any

from schools.models import School
from schools.scope import AnyUser, sight_of
from schools.texts import counted, number, plural


def is_held_for(user: AnyUser, school: School, counts: Mapping[str, Any]) -> bool:
    """Whether this person may not confirm a plan of such counts for this school."""
    return bool(counts["held"]) and not sight_of(user).covers_from_above(school)


def hold_text(counts: Mapping[str, Any]) -> str:
    """What would happen and who decides."""
    ending = ending_text(counts["ending"], counts["working"])
    return f"По ней {ending}. Столько подтверждает координатор муниципалитета или региона."


def ending_text(ending: int, working: int) -> str:
    """«сразу перестанут работать 12 сотрудников из 40»."""
    people = counted(ending, "сотрудник", "сотрудника", "сотрудников")
    return f"сразу {plural(ending, 'перестанет', 'перестанут', 'перестанут')} работать {people} из {number(working)}"
