"""What a table speaks of and what its rows say, before anybody has looked which places they name (pure)."""

from collections.abc import Mapping
from dataclasses import dataclass

from reports.weeks import IsoWeek
from schools.platforms import Platform
from schools.scope import Level

_NAMED = {  # level → keys of the code, of the name, and of what is around it
    Level.SCHOOL: ("code", "school", "municipality"),
    Level.MUNICIPALITY: ("oktmo", "municipality", "region"),
    Level.REGION: ("", "region", ""),
}


@dataclass(frozen=True, slots=True)
class About:
    """What a table speaks of: the platform, the week (of a month its last day's), whether it is a month, whose rows."""

    platform: Platform
    week: IsoWeek
    period: int
    level: Level = Level.SCHOOL


@dataclass(frozen=True, slots=True)
class Given:
    """A row as it came: its number, whom it names, and figures as texts or numbers by key."""

    number: int
    code: str
    name: str
    values: Mapping[str, str | int]
    within: str = ""  # the place around it, where the row says so
    region: str = ""  # of a school's row


def given_of(number: int, texts: Mapping[str, str], level: Level) -> Given:
    """A row of a file, read as one of a level."""
    code, name, within = (texts.get(key, "") for key in _NAMED[level])
    return Given(number, code, name, texts, within, texts.get("region", "") if level == Level.SCHOOL else "")
