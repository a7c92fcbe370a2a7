"""What is decided about a place and a school before its people are made."""

import random
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class TerritorySpec:
    """A municipality to be: its name, type (MunicipalityKind), genitive for schools' names, usual share of active."""

    name: str
    kind: str
    of: str  # «Невского района»
    share: float
    weight: int = 1


@dataclass(slots=True)
class SchoolSpec:
    """A school to be. Shares are what its last week comes to, 0–1 of the declared teachers.

    `territory` is a place in the region's list, None directly under the region. `silent` and `unmeasured` are weeks
    counted back from the last one (0): without any activity, and not delivered by the operator. `late` was delivered
    after the week had been published. In `even` weeks everybody wrote as many messages: that waits for a word.
    """

    short_name: str
    full_name: str
    territory: int | None
    kind: str = "school"
    subordination: str = "municipal"
    teachers: int = 40
    others: int = 6
    declared: int | None = 41
    grades: tuple[int, ...] = tuple(range(1, 12))
    parallels: int = 2
    pupils: int = 0  # entered; the declared number comes from the classes
    share: float = 0.83
    myschool: float = 0.6
    profiles: float = 0.97
    confirmed: float = 0.93
    gain: float = 0.15  # how much the share has grown over the weeks shown
    careless: float = 0.05  # share of names against the rules
    with_chat: float = 0.93  # share of classes with a chat
    cases: int = 16  # cases of use beyond classes for which the school runs a chat, at most
    administrator: str = "present"  # or "left", "absent"
    registered: bool = True
    channel: int = 2
    families: float = 0.72  # share of invited representatives who have registered
    silent: frozenset[int] = frozenset()
    unmeasured: frozenset[int] = frozenset()
    late: frozenset[int] = frozenset()
    even: frozenset[int] = frozenset()
    leapt: int = 0  # weeks ago its people really began: before that, a third of them did
    closed_days_ago: int | None = None
    branch_of: int | None = None
    excluded_because: str = ""
    second_jobs: bool = False  # some of its staff work in the school before it as well
    defects: tuple[int, ...] = ()  # kinds of spoilt names there must be (names.DEFECTS)
    is_demo: bool = False  # the school of the demo account `school`


@dataclass(slots=True)
class RegionSpec:
    """A region to be: territories, then schools."""

    code: str
    territories: list[TerritorySpec] = field(default_factory=list)
    schools: list[SchoolSpec] = field(default_factory=list)
    is_delivered: bool = True  # False: the operator never sent anything


@dataclass(frozen=True, slots=True)
class Scale:
    """How much of everything: regions, schools, weeks, and the bounds of a school's staff outside St Petersburg."""

    key: str
    regions: int
    schools: int
    weeks: int
    pupils: float  # share of the declared pupils that a school of St Petersburg has entered, about
    staff: tuple[int, int] = (9, 15)  # of a school outside St Petersburg


DEMO = Scale("demo", regions=89, schools=60, weeks=12, pupils=0.8)
COUNTRY = Scale("country", regions=89, schools=40_000, weeks=8, pupils=0, staff=(18, 47))
SCALES = {scale.key: scale for scale in (DEMO, COUNTRY)}

PUPILS_A_CLASS = 26


def class_names(spec: SchoolSpec) -> list[tuple[int, str]]:
    """Classes of a school: the upper two grades have fewer parallels, as they do after the ninth."""
    return [
        (grade, _LETTERS[place])
        for grade in spec.grades
        for place in range(min(spec.parallels, len(_LETTERS)) if grade < 10 else (spec.parallels + 1) // 2)
    ]


_LETTERS = "АБВГДЕЖЗИК"


def enrol(spec: SchoolSpec, usual: float, rng: random.Random) -> None:
    """Decide how many pupils a school has entered and how many families answered: most nearly all, some hardly any."""
    declared = len(class_names(spec)) * PUPILS_A_CLASS
    if not usual or not declared or spec.pupils:
        return
    share = rng.choice((1.0, 0.98, 0.97, 0.96, 0.93, 0.9, 0.8, 0.7, 0.55, 0.35, 0.1)) * min(1.0, usual / 0.8)
    spec.pupils = round(declared * share)
    spec.families = rng.choice((0.97, 0.95, 0.93, 0.9, 0.85, 0.72, 0.6, 0.4, 0.2))
