"""The composite score: a place's shares put together by published weights, from the rows of the same revision."""

from collections.abc import Iterator, Mapping

from reports.counting.rows import PLACE_RANKS, SCHOOL_RANKS, Shape, insert, passports
from reports.indicators import COMPOSITE, INDICATOR_BY_KEY
from reports.indicators.score import FULL_SCORE
from schools.scope import Level

_SHARE = 1_000_000  # shares are whole millionths, so that both engines come to the same score


def insert_scores(weights: Mapping[str, int], shape: Shape) -> Iterator[str]:
    """Yield the statements for schools and for the places above them; parameters: rating, before.

    A score needs every indicator that applies to the place, measured and of people enough to show; one that does not
    apply (a whole of zero) is left out with its weight. A share above 100 % counts as 100 %. At every level the shares
    are the level's own: a score is no sum of scores.
    """
    known = {each.key for each in shape.indicators}
    chosen = {key: weight for key, weight in weights.items() if key in known and weight > 0}
    if not chosen:
        return
    for condition, ranks in ((f"= {Level.SCHOOL.value}", SCHOOL_RANKS), (f"< {Level.SCHOOL.value}", PLACE_RANKS)):
        measured = _measured(condition, len(chosen))
        yield insert(measured, passports([COMPOSITE], shape.small_number), ranks, f"{_weights(chosen, shape)},")


def _weights(chosen: Mapping[str, int], shape: Shape) -> str:
    rows = ", ".join(
        f"({indicator.number}, {int(weight)}, {max(shape.small_number, 1) if indicator.counts_people else 1})"
        for indicator, weight in ((INDICATOR_BY_KEY[key], weight) for key, weight in sorted(chosen.items()))
    )
    return f"weights(w_indicator, weight, enough) AS (VALUES {rows})"


def _measured(level: str, indicators: int) -> str:
    known = "part IS NOT NULL AND whole IS NOT NULL AND (whole = 0 OR whole >= enough)"
    share = f"CASE WHEN part >= whole THEN {_SHARE} ELSE CAST(part AS bigint) * {_SHARE} / whole END"
    all_known = f"count(*) = {indicators} AND min(CASE WHEN {known} THEN 1 ELSE 0 END) = 1"
    is_whole = f"{all_known} AND sum(CASE WHEN whole > 0 THEN 1 ELSE 0 END) > 0"
    reached = f"CAST(sum(CASE WHEN whole > 0 THEN weight * ({share}) END) AS bigint)"
    score = f"{reached} * {FULL_SCORE} / (CAST(sum(CASE WHEN whole > 0 THEN weight END) AS bigint) * {_SHARE})"
    return f"""
        SELECT {COMPOSITE.number} AS indicator, level, place_id, region_id, municipality_id,
          CASE WHEN {is_whole} THEN CAST({score} AS integer) END AS part,
          CASE WHEN {is_whole} THEN {FULL_SCORE} END AS whole, min(schools) AS schools, max(missing) AS missing
        FROM reports_ratingrow JOIN weights ON w_indicator = indicator
        WHERE rating_id = %(rating)s AND level {level}
        GROUP BY level, place_id, region_id, municipality_id
    """  # noqa: S608  composed from data of this portal, no input
