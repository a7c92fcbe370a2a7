"""The statements that turn wide rows into rows of the rating: shares, ranks and last week's values of every place."""

from reports.indicators import INDICATORS, Indicator
from schools.scope import Level

_ROW = (
    "rating_id, indicator, level, place_id, region_id, municipality_id, part, whole, schools, missing,"
    " rank, ranked, local_rank, local_ranked, part_before, whole_before, rank_before, local_rank_before"
)
_SUMS = "sum(part) AS part, sum(whole) AS whole, sum(schools) AS schools, sum(missing) AS missing"


def insert_school_rows(small_number: int) -> str:
    """Return the statement for schools, from their wide rows; parameters: rating, before (last week's rating or None).

    Places are ranked among those of the same region, and again within the municipality; schools directly under a region
    rank among themselves there.
    """
    measured = "\nUNION ALL\n".join(_of_schools(indicator) for indicator in INDICATORS)
    return _insert(
        measured,
        _scores(small_number),
        _rank("indicator, region_id", "rank", "ranked")
        + ", "
        + _rank("indicator, region_id, municipality_id", "local_rank", "local_ranked"),
    )


def insert_place_rows(small_number: int) -> str:
    """Return the statement for municipalities, regions and the country: sums of the schools' rows; same parameters.

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
    )"""  # noqa: S608
    peers = f"indicator, level, CASE level WHEN {municipality} THEN region_id END"
    ranks = (
        _rank(peers, "rank", "ranked") + ", CAST(NULL AS integer) AS local_rank, CAST(NULL AS integer) AS local_ranked"
    )
    return _insert(measured, _scores(small_number), ranks, f"{base},")


def insert_place_names() -> str:
    """Return the statement that keeps what the rated places are called; parameter: rating."""
    municipality, region, school = Level.MUNICIPALITY.value, Level.REGION.value, Level.SCHOOL.value
    number = INDICATORS[0].number
    rated = f"SELECT place_id FROM reports_ratingrow WHERE rating_id = %(rating)s AND indicator = {number} AND level ="  # noqa: S608
    return f"""
        INSERT INTO reports_ratingplace (rating_id, level, place_id, code, name)
        SELECT %(rating)s, {school}, id, code, short_name FROM schools_school WHERE id IN ({rated} {school})
        UNION ALL
        SELECT %(rating)s, {municipality}, id, '', name FROM schools_municipality WHERE id IN ({rated} {municipality})
        UNION ALL
        SELECT %(rating)s, {region}, id, code, short_name FROM schools_region WHERE id IN ({rated} {region})
    """  # noqa: S608


def _of_schools(indicator: Indicator) -> str:
    """Return one indicator's values of all schools; both terms are NULL where either is not known."""
    known = f"{indicator.part} IS NOT NULL AND {indicator.whole} IS NOT NULL"
    return f"""
        SELECT {indicator.number} AS indicator, {Level.SCHOOL.value} AS level, school_id AS place_id, region_id,
          municipality_id, CASE WHEN {known} THEN {indicator.part} END AS part,
          CASE WHEN {known} THEN {indicator.whole} END AS whole,
          CASE WHEN {known} THEN 1 ELSE 0 END AS schools, CASE WHEN {known} THEN 0 ELSE 1 END AS missing
        FROM reports_schoolweek WHERE rating_id = %(rating)s AND platform = {indicator.platform.number}
    """  # noqa: S608


def _scores(small_number: int) -> str:
    """Return which indicators are ranked at which level, from how many people on, and which direction is better."""
    ranked = ", ".join(
        f"({indicator.number}, {level.value}, {max(small_number, 1) if indicator.counts_people else 1},"
        f" {1 if indicator.good_is_up else -1})"
        for indicator in INDICATORS
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


def _insert(measured: str, passports: str, ranks: str, base: str = "") -> str:
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
