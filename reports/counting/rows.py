"""The statements that turn wide rows into rows of the rating: shares, ranks and last week's values of every place."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from reports.indicators import COMPOSITE, MAIN_INDICATOR, Indicator
from reports.models.holds import Verdict
from schools.scope import Level

_ROW = (
    "rating_id, indicator, level, place_id, region_id, municipality_id, part, whole, schools, missing,"
    " rank, ranked, local_rank, local_ranked, part_before, whole_before, rank_before, local_rank_before"
)
_SUMS = "sum(part) AS part, sum(whole) AS whole, sum(schools) AS schools, sum(missing) AS missing"


@dataclass(frozen=True, slots=True)
class Shape:
    """What of a week is rated: the indicators, whose figures they take (Rating.feeds), how many people are too few.

    `held` are the numbers of indicators of which some school's value waits for a human (counting.held).
    """

    indicators: tuple[Indicator, ...]
    feeds: Mapping[str, str]
    small_number: int
    held: frozenset[int] = frozenset()

    def of(self, base: Level) -> list[Indicator]:
        """The indicators whose rows begin at a level."""
        return [each for each in self.indicators if each.base == base and each != COMPOSITE]


def columns_of(indicator: Indicator, feeds: Mapping[str, str]) -> tuple[str, str]:
    """The columns of SchoolWeek that are part and whole of an indicator, by whose figures it takes."""
    if str(indicator.number) in feeds:
        return indicator.operator_part, indicator.operator_whole
    return indicator.part, indicator.whole


def insert_school_rows(shape: Shape) -> str:
    """Return the statement for schools, from their wide rows; parameters: rating, before (last week's rating or None).

    Places are ranked among those of the same region, and again within the municipality; schools directly under a region
    rank among themselves there.
    """
    measured = "\nUNION ALL\n".join(
        _of_schools(indicator, columns_of(indicator, shape.feeds), held=indicator.number in shape.held)
        for indicator in shape.of(Level.SCHOOL)
    )
    return insert(measured, passports(shape.indicators, shape.small_number), SCHOOL_RANKS)


def insert_place_rows(shape: Shape) -> str:
    """Return the statement for municipalities, regions and the country: sums of the rows of what is below them.

    Parameters: those of schools, sunday, quarter (20264: the newest whose figures hold).

    Both terms of a school without data are NULL, so plain sums add up at every level. Regions are ranked in the
    country, municipalities in their region.
    """
    school, municipality, region, country = (
        level.value for level in (Level.SCHOOL, Level.MUNICIPALITY, Level.REGION, Level.COUNTRY)
    )
    measured = f"""
        SELECT indicator, {municipality} AS level, municipality_id AS place_id, min(region_id) AS region_id,
          municipality_id, {_SUMS}
        FROM base WHERE municipality_id IS NOT NULL GROUP BY indicator, municipality_id
        UNION ALL
        SELECT indicator, {region}, region_id, region_id, NULL, {_SUMS} FROM base GROUP BY indicator, region_id
        UNION ALL
        SELECT indicator, {country}, 0, NULL, NULL, {_SUMS} FROM base GROUP BY indicator
    """  # noqa: S608  composed from data of this portal, no input
    base = f"""base AS (
        SELECT indicator, region_id, municipality_id, {_SUMS} FROM reports_ratingrow
        WHERE rating_id = %(rating)s AND level = {school} GROUP BY indicator, region_id, municipality_id
        {"".join(_above_schools(shape))}
    )"""  # noqa: S608
    return insert(measured, passports(shape.indicators, shape.small_number), PLACE_RANKS, f"{base},")


def _above_schools(shape: Shape) -> Iterable[str]:
    """What is measured of municipalities and of regions themselves, not of their schools."""
    for indicator in shape.of(Level.MUNICIPALITY):
        yield f"""
        UNION ALL
        SELECT {indicator.number}, w.region_id, w.municipality_id,
          max(CASE WHEN a.id IS NULL THEN 0 ELSE 1 END), 1, 1, 0
        FROM reports_schoolweek w LEFT JOIN schools_appointment a ON a.municipality_id = w.municipality_id
          AND a.level = {Level.MUNICIPALITY.value} AND a.starts_on <= %(sunday)s
          AND (a.ends_on IS NULL OR a.ends_on >= %(sunday)s)
        WHERE w.rating_id = %(rating)s AND w.platform = {indicator.platform.number} AND w.municipality_id IS NOT NULL
        GROUP BY w.region_id, w.municipality_id"""  # noqa: S608
    entered = ", ".join(str(indicator.number) for indicator in shape.of(Level.REGION))
    if entered:
        yield f"""
        UNION ALL
        SELECT f.indicator, f.region_id, NULL, f.part, f.whole, 1, 0 FROM reports_regionfigure f
        WHERE f.indicator IN ({entered}) AND f.year * 10 + f.quarter = (
          SELECT max(n.year * 10 + n.quarter) FROM reports_regionfigure n
          WHERE n.region_id = f.region_id AND n.indicator = f.indicator AND n.year * 10 + n.quarter <= %(quarter)s)"""  # noqa: S608


def insert_place_names() -> str:
    """Return the statement that keeps what the rated places are called; parameter: rating."""
    municipality, region, school = Level.MUNICIPALITY.value, Level.REGION.value, Level.SCHOOL.value
    number = MAIN_INDICATOR.number
    rated = f"SELECT place_id FROM reports_ratingrow WHERE rating_id = %(rating)s AND indicator = {number} AND level ="  # noqa: S608
    return f"""
        INSERT INTO reports_ratingplace (rating_id, level, place_id, code, name)
        SELECT %(rating)s, {school}, id, code, short_name FROM schools_school WHERE id IN ({rated} {school})
        UNION ALL
        SELECT %(rating)s, {municipality}, id, '', name FROM schools_municipality WHERE id IN ({rated} {municipality})
        UNION ALL
        SELECT %(rating)s, {region}, id, code, short_name FROM schools_region WHERE id IN ({rated} {region})
    """  # noqa: S608


# Nothing that waits for a human, or that one found wrong, is rated: for everybody else it is not known.
_LET_IN = f"""NOT EXISTS (SELECT 1 FROM reports_hold h WHERE h.rating_id = %(rating)s AND h.indicator = {{}}
    AND h.school_id = reports_schoolweek.school_id AND h.state <> {Verdict.RIGHT.value})"""  # noqa: S608


def _of_schools(indicator: Indicator, columns: tuple[str, str], *, held: bool) -> str:
    """Return one indicator's values of all schools; both terms are NULL where either is not known, or is held."""
    part, whole = columns
    known = f"{part} IS NOT NULL AND {whole} IS NOT NULL"
    if held:
        known += f" AND {_LET_IN.format(indicator.number)}"
    return f"""
        SELECT {indicator.number} AS indicator, {Level.SCHOOL.value} AS level, school_id AS place_id, region_id,
          municipality_id, CASE WHEN {known} THEN {part} END AS part,
          CASE WHEN {known} THEN {whole} END AS whole,
          CASE WHEN {known} THEN 1 ELSE 0 END AS schools, CASE WHEN {known} THEN 0 ELSE 1 END AS missing
        FROM reports_schoolweek WHERE rating_id = %(rating)s AND platform = {indicator.platform.number}
    """  # noqa: S608


def passports(indicators: Iterable[Indicator], small_number: int) -> str:
    """Return which indicators are ranked at which level, from how many people on, and which direction is better."""
    ranked = ", ".join(
        f"({indicator.number}, {level.value}, {max(small_number, 1) if indicator.counts_people else 1},"
        f" {1 if indicator.good_is_up else -1})"
        for indicator in indicators
        for level in indicator.ranked_levels
    )
    return f"passports(p_indicator, p_level, least, direction) AS (VALUES {ranked})"


def _rank(peers: str, rank: str, ranked: str) -> str:
    """Return competition ranks (1, 2, 2, 4) among peers, and how many of them are ranked; NULL for the unranked."""
    return (
        "CASE WHEN score IS NOT NULL THEN"
        f" rank() OVER (PARTITION BY {peers} ORDER BY score DESC NULLS LAST) END AS {rank},"
        f" CASE WHEN score IS NOT NULL THEN count(score) OVER (PARTITION BY {peers}) END AS {ranked}"
    )


SCHOOL_RANKS = (
    _rank("indicator, region_id", "rank", "ranked")
    + ", "
    + _rank("indicator, region_id, municipality_id", "local_rank", "local_ranked")
)
PLACE_RANKS = (
    _rank(f"indicator, level, CASE level WHEN {Level.MUNICIPALITY.value} THEN region_id END", "rank", "ranked")
    + ", CAST(NULL AS integer) AS local_rank, CAST(NULL AS integer) AS local_ranked"
)


def insert(measured: str, passports: str, ranks: str, base: str = "") -> str:
    """Return the INSERT: values, scores, ranks, and beside them the row published for the week before.

    The score is a share in double precision, and that is exact here: of two different fractions with terms below 2^26
    IEEE division never makes one number, and of two equal ones never two (tests/reports/test_counting.py).
    """
    return f"""
        INSERT INTO reports_ratingrow ({_ROW})
        WITH {base} {passports},
        measured AS ({measured}),
        scored AS (
          SELECT measured.*,
            CASE WHEN whole >= least THEN direction * CAST(part AS double precision) / whole END AS score
          FROM measured LEFT JOIN passports ON p_indicator = indicator AND p_level = level
        ),
        placed AS (SELECT scored.*, {ranks} FROM scored)
        SELECT %(rating)s, r.indicator, r.level, r.place_id, r.region_id, r.municipality_id, r.part, r.whole, r.schools,
          r.missing, r.rank, r.ranked, r.local_rank, r.local_ranked, b.part, b.whole, b.rank, b.local_rank
        FROM placed r LEFT JOIN reports_ratingrow b ON b.rating_id = %(before)s AND b.indicator = r.indicator
          AND b.level = r.level AND b.place_id = r.place_id
    """  # noqa: S608
