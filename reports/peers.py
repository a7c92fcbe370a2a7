"""Groups of like places that a rating may be narrowed to, as data: by size, by settlement, by kind of school (pure)."""

from collections.abc import Mapping
from dataclasses import dataclass

from schools.kinds import KINDS
from schools.scope import Level

SMALL, LARGE = 20, 60  # teachers by ОО-1: our own bounds, no act sets them
CITY = ("city", "city_district", "city_okrug")  # kinds of municipalities
COUNTRYSIDE = ("district", "okrug")


@dataclass(frozen=True, slots=True)
class Group:
    """Places that are alike: `where` are conditions on the school, or on the municipality with its prefix cut off."""

    key: str
    name: str
    where: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Grouping:
    """A way to group: its groups, the levels it is asked of, and what to know of it."""

    key: str
    name: str
    groups: tuple[Group, ...]
    levels: tuple[Level, ...]
    note: str


TODAY = "Группы — по сведениям на сегодня, места в группе посчитаны сейчас и в закрытую неделю не записаны."

SIZE = Grouping(
    "size",
    "Размер",
    (
        Group("small", f"малые: до {SMALL - 1} педагогов", {"declared_teachers__lt": SMALL}),
        Group(
            "middle",
            f"средние: {SMALL}–{LARGE - 1} педагогов",
            {"declared_teachers__gte": SMALL, "declared_teachers__lt": LARGE},
        ),
        Group("large", f"крупные: от {LARGE} педагогов", {"declared_teachers__gte": LARGE}),
    ),
    (Level.SCHOOL,),
    "Размер — по численности педагогов из ОО-1, границы наши. Школа без численности не входит ни в одну группу.",
)
SETTLEMENT = Grouping(
    "settlement",
    "Город или село",
    (
        Group("city", "город", {"municipality__kind__in": CITY}),
        Group("village", "район, округ", {"municipality__kind__in": COUNTRYSIDE}),
    ),
    (Level.MUNICIPALITY, Level.SCHOOL),
    "Надёжного признака села у школы в портале нет, поэтому — по типу муниципалитета: город — городские округа и "
    "территории городов федерального значения, остальное — муниципальные районы и округа, где бывают и города.",
)
KIND = Grouping(
    "kind",
    "Вид",
    tuple(Group(kind.key, kind.name, {"kind": kind.key}) for kind in KINDS),
    (Level.SCHOOL,),
    "Вид — по карточке школы.",
)
GROUPINGS = (SIZE, SETTLEMENT, KIND)
CHOICES = {(grouping.key, group.key): (grouping, group) for grouping in GROUPINGS for group in grouping.groups}


def chosen(text: str, level: Level) -> tuple[Grouping, Group] | None:
    """The group that «size.small» names, None for none or one that the level is not asked of."""
    grouping, _, group = text.partition(".")
    found = CHOICES.get((grouping, group))
    return found if found is not None and level in found[0].levels else None


def options(level: Level) -> list[tuple[str, str]]:
    """(what it is called, «size.small») of all groups of a level."""
    return [
        (f"{grouping.name}: {group.name}", f"{grouping.key}.{group.key}")
        for grouping in GROUPINGS
        if level in grouping.levels
        for group in grouping.groups
    ]


def of_municipality(where: Mapping[str, object]) -> dict[str, object]:
    """The conditions of a group on municipalities themselves."""
    return {key.removeprefix("municipality__"): value for key, value in where.items()}


def places_in(shares: Mapping[int, float]) -> dict[int, int]:
    """Places within a group: 1, 2, 2, 4, the highest share first."""
    places: dict[int, int] = {}
    ahead, before = 0, None
    for count, (place_id, share) in enumerate(sorted(shares.items(), key=lambda pair: -pair[1])):
        if share != before:
            ahead, before = count, share
        places[place_id] = ahead + 1
    return places
