"""What is decided about a place and a school before its people are made."""

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
    after the week had been published.
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
    silent: frozenset[int] = frozenset()
    unmeasured: frozenset[int] = frozenset()
    late: frozenset[int] = frozenset()
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
    pupils: int  # entered per school of St Petersburg, about
    staff: tuple[int, int] = (9, 15)  # of a school outside St Petersburg


DEMO = Scale("demo", regions=89, schools=60, weeks=12, pupils=80)
COUNTRY = Scale("country", regions=89, schools=40_000, weeks=8, pupils=0, staff=(18, 47))
SCALES = {scale.key: scale for scale in (DEMO, COUNTRY)}
