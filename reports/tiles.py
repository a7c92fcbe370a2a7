"""The tile map of the country: where each of 89 regions stands on an 18×11 grid, and how a week colours it (pure)."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from reports.charts import share_width
from schools.texts import NBSP, NO_DATA, number, percent

COLUMNS, ROWS = 18, 11
SIDE, STEP = 45, 47.5  # a tile and the distance between two, in px
MAP_WIDTH, MAP_HEIGHT = 855, 523


class Place(NamedTuple):
    """A region's code (two digits of the tax service), its three letters, and its column and row on the map."""

    code: str
    letters: str
    column: int
    row: int


# fmt: off
PLACES = (
    Place("01", "АДЫ", 3, 9), Place("02", "БАШ", 9, 4), Place("03", "БУР", 13, 3), Place("04", "АЛР", 12, 5),
    Place("05", "ДАГ", 7, 9), Place("06", "ИНГ", 5, 9), Place("07", "КБР", 4, 10), Place("08", "КЛМ", 5, 8),
    Place("09", "КЧР", 4, 9), Place("10", "КАР", 5, 1), Place("11", "КОМ", 7, 2), Place("12", "МАР", 7, 4),
    Place("13", "МОР", 5, 5), Place("14", "ЯКУ", 14, 1), Place("15", "ОСЕ", 5, 10), Place("16", "ТАТ", 8, 4),
    Place("17", "ТЫВ", 13, 5), Place("18", "УДМ", 8, 3), Place("19", "ХАК", 13, 4), Place("20", "ЧЕЧ", 6, 9),
    Place("21", "ЧУВ", 6, 5), Place("22", "АЛК", 12, 4), Place("23", "КДР", 3, 8), Place("24", "КРА", 12, 2),
    Place("25", "ПРИ", 16, 3), Place("26", "СТА", 4, 8), Place("27", "ХАБ", 15, 2), Place("28", "АМУ", 14, 2),
    Place("29", "АРХ", 6, 1), Place("30", "АСТ", 6, 7), Place("31", "БЕЛ", 2, 6), Place("32", "БРН", 2, 4),
    Place("33", "ВЛА", 5, 4), Place("34", "ВЛД", 5, 7), Place("35", "ВЛГ", 5, 2), Place("36", "ВОР", 3, 7),
    Place("37", "ИВА", 6, 3), Place("38", "ИРК", 13, 2), Place("39", "КЛН", 0, 2), Place("40", "КЛЖ", 3, 3),
    Place("41", "КАМ", 16, 1), Place("42", "КЕМ", 12, 3), Place("43", "КИР", 7, 3), Place("44", "КОС", 6, 2),
    Place("45", "КГН", 10, 4), Place("46", "КУР", 2, 5), Place("47", "ЛЕН", 4, 1), Place("48", "ЛИП", 3, 6),
    Place("49", "МАГ", 15, 1), Place("50", "МСО", 4, 3), Place("51", "МУР", 5, 0), Place("52", "НИЖ", 6, 4),
    Place("53", "НВГ", 3, 2), Place("54", "НСК", 11, 3), Place("55", "ОМС", 11, 4), Place("56", "ОРЕ", 9, 5),
    Place("57", "ОРЛ", 3, 5), Place("58", "ПЕН", 5, 6), Place("59", "ПЕР", 8, 2), Place("60", "ПСК", 2, 2),
    Place("61", "РОС", 4, 7), Place("62", "РЯЗ", 4, 5), Place("63", "САМ", 8, 5), Place("64", "САР", 6, 6),
    Place("65", "САХ", 17, 2), Place("66", "СВЕ", 9, 2), Place("67", "СМО", 2, 3), Place("68", "ТАМ", 4, 6),
    Place("69", "ТВР", 4, 2), Place("70", "ТОМ", 11, 2), Place("71", "ТУЛ", 3, 4), Place("72", "ТЮМ", 10, 3),
    Place("73", "УЛЬ", 7, 5), Place("74", "ЧЕЛ", 9, 3), Place("75", "ЗАБ", 14, 3), Place("76", "ЯРО", 5, 3),
    Place("77", "МСК", 4, 4), Place("78", "СПБ", 3, 1), Place("79", "ЕАО", 15, 3), Place("83", "НЕН", 7, 1),
    Place("86", "ХАН", 10, 2), Place("87", "ЧУК", 16, 0), Place("89", "ЯНА", 10, 1), Place("90", "ЗАП", 1, 8),
    Place("91", "КРЫ", 1, 9), Place("92", "СЕВ", 0, 9), Place("93", "ДНР", 2, 8), Place("94", "ЛНР", 2, 7),
    Place("95", "ХЕР", 0, 8),
)
# fmt: on

# Distance to the target as a share: reached, up to 5, 10 and 20 points to go, and further.
STEPS = ((0.0, "q1"), (0.05, "q2"), (0.10, "q3"), (0.20, "q4"))
FURTHEST, UNKNOWN = "q5", "none"


def tone(share: float | None, target: float) -> str:
    """q1 at the target … q5 furthest from it (laggards stand out, leaders recede); "none": not measured."""
    if share is None:
        return UNKNOWN
    return next((shade for limit, shade in STEPS if target - share <= limit + 1e-9), FURTHEST)


@dataclass(frozen=True, slots=True)
class MapTile:
    """One region, ready to draw: left and top, letters, rounded value, shade, a name that begins with both, address.

    `east`: in the right half of the map, which phones show under the left one.
    """

    x: str
    y: str
    code: str
    letters: str
    text: str
    tone: str
    name: str
    url: str
    east: bool


def map_tiles(regions: Iterable[tuple[str, str, float | None, str]], target: float) -> list[MapTile]:
    """(code, full name, share, address) of the regions seen → their tiles; a code unknown to the map is left out."""
    places = {place.code: place for place in PLACES}
    tiles = []
    for code, name, share, url in regions:
        place = places.get(code)
        if place is None:
            continue
        text = "нет" if share is None else number(share * 100)
        said = NO_DATA if share is None else percent(share)
        tiles.append(
            MapTile(
                x=f"{place.column * STEP + 1:g}",
                y=f"{place.row * STEP + 1:g}",
                code=code,
                letters=place.letters,
                text=text,
                tone=tone(share, target),
                name=f"{place.letters} {text}: {name}, {said}",
                url=url,
                east=place.column >= COLUMNS // 2,
            )
        )
    return tiles


@dataclass(frozen=True, slots=True)
class LegendBar:
    """One bar of the legend, which is a histogram: how many regions wear this shade; width of 100."""

    tone: str
    label: str
    width: str
    amount_text: str


def map_legend(tiles: Iterable[MapTile], target: float) -> list[LegendBar]:
    """The legend of a map, furthest from the target first; «нет данных» only where there are such regions."""
    shades = [tile.tone for tile in tiles]
    edges = [number((target - limit) * 100) for limit, _ in STEPS]
    labels = {
        "q5": f"до {edges[3]}{NBSP}%",
        "q4": f"{edges[3]}–{edges[2]}{NBSP}%",
        "q3": f"{edges[2]}–{edges[1]}{NBSP}%",
        "q2": f"{edges[1]}–{edges[0]}{NBSP}%",
        "q1": f"{edges[0]}{NBSP}% и выше",
        UNKNOWN: NO_DATA,
    }
    most = max((shades.count(shade) for shade in labels), default=0) or 1
    return [
        LegendBar(shade, label, share_width(shades.count(shade) / most), number(shades.count(shade)))
        for shade, label in labels.items()
        if shade != UNKNOWN or UNKNOWN in shades
    ]
