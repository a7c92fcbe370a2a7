"""The tile map: every region once, darker where further from the target."""

import pytest

from reports import tiles
from schools.regions import REGIONS


def test_eighty_nine_regions_stand_on_places_of_their_own() -> None:
    assert len(tiles.PLACES) == 89
    for column in ("code", "letters"):
        assert len({getattr(place, column) for place in tiles.PLACES}) == 89
    assert len({(place.column, place.row) for place in tiles.PLACES}) == 89
    assert all(0 <= place.column < tiles.COLUMNS and 0 <= place.row < tiles.ROWS for place in tiles.PLACES)


def test_every_region_of_the_country_has_a_tile() -> None:
    assert {place.code for place in tiles.PLACES} == {fact.code for fact in REGIONS}


@pytest.mark.parametrize(
    "share, tone",
    [(0.95, "q1"), (0.85, "q1"), (0.849, "q2"), (0.8, "q2"), (0.75, "q3"), (0.65, "q4"), (0.64, "q5"), (None, "none")],
)
def test_shade_is_the_distance_to_the_target(share: float | None, tone: str) -> None:
    assert tiles.tone(share, 0.85) == tone


def test_name_begins_with_what_is_seen() -> None:
    (tile,) = tiles.map_tiles([("51", "Мурманская область", 0.796, "/regions/51/")], target=0.85)

    assert tile.name == "МУР 80: Мурманская область, 79,6\u00a0%"
    assert tile.name.startswith(f"{tile.letters} {tile.text}")


def test_region_without_data_is_not_a_zero() -> None:
    (tile,) = tiles.map_tiles([("95", "Херсонская область", None, "")], target=0.85)

    assert (tile.text, tile.tone) == ("нет", "none")


def test_unknown_code_is_left_out() -> None:
    assert tiles.map_tiles([("00", "Нет такого", 0.5, "")], target=0.85) == []


def test_each_half_of_the_map_holds_its_own_tiles_whole() -> None:
    drawn = tiles.map_tiles([(place.code, "", 0.9, "") for place in tiles.PLACES], target=0.85)
    middle = tiles.MAP_WIDTH / 2  # where the view box of the west ends and that of the east begins (parts/charts.html)

    west = [tile for tile in drawn if not tile.east]
    east = [tile for tile in drawn if tile.east]

    assert all(float(tile.x) + tiles.SIDE <= middle for tile in west)
    assert all(float(tile.x) >= middle for tile in east)
    assert (len(west), len(east)) == (60, 29)


def test_legend_counts_the_tiles() -> None:
    regions = [("51", "М", 0.6, ""), ("77", "М", 0.9, ""), ("78", "П", 0.9, ""), ("95", "Х", None, "")]
    legend = tiles.map_legend(tiles.map_tiles(regions, 0.85), 0.85)

    assert [(bar.tone, bar.amount_text) for bar in legend if bar.amount_text != "0"] == [
        ("q5", "1"),
        ("q1", "2"),
        ("none", "1"),
    ]
    assert legend[0].label == "до 65\u00a0%"
    assert legend[4].label == "85\u00a0% и выше"


def test_legend_of_an_empty_map_has_no_lengths() -> None:
    assert {bar.width for bar in tiles.map_legend([], 0.85)} == {"0"}
