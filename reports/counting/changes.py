"""The statement that finds changed figures: two-sided CUSUM of all places and watched indicators at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reports import alerts
from reports.alerts import MILLION
from reports.counting.counts import numbers
from reports.indicators import Indicator
from reports.models.alerts import Direction

_COLUMNS = (
    "rating_id, indicator, level, place_id, region_id, municipality_id, direction, since_week, before_week, expected,"
    " part_before, whole_before, part, whole, size"
)
_KEY = "indicator, level, place_id"


@dataclass(frozen=True, slots=True)
class Window:
    """The working weeks looked at, the oldest first: (rating's id, week's number), and who has holidays in which.

    `breaks` are pairs of a rating's id and the id of a region whose holidays that week is.
    """

    weeks: Sequence[tuple[int, int]]
    breaks: Sequence[tuple[int, int]]
    small_number: int


def insert_changes(watched: Sequence[Indicator], window: Window) -> str:
    """Return the INSERT; parameter: rating, the newest week's revision, which has to be the last of the window.

    A one-sided sum S_t = max(0, S_t−1 + d_t − k) is C_t less the lowest C so far, where C adds up d − k; its run begins
    after the last week in which C was lowest. So window functions do, and nothing is done twice for a week.
    """
    return f"""
        INSERT INTO reports_changealert ({_COLUMNS})
        WITH {_weeks(window)},
        known AS ({_known(watched, window)}),
        usual AS ({_usual()}),
        judged AS ({_judged()}),
        paths AS ({_paths()}),
        lows AS ({_lows()}),
        runs AS ({_runs()}),
        found AS ({_found()})
        {_rows(watched)}
    """


def _weeks(window: Window) -> str:
    weeks = ", ".join(f"({pk}, {week}, {slot})" for slot, (pk, week) in enumerate(window.weeks))
    breaks = ", ".join(f"({pk}, {region})" for pk, region in window.breaks) or "(0, 0)"  # no revision, no region
    return f"weeks(w_rating, week, slot) AS (VALUES {weeks}), breaks(off_rating, off_region) AS (VALUES {breaks})"


def _known(watched: Sequence[Indicator], window: Window) -> str:
    """Measured working weeks of each place, numbered from 1, each with how far it is from the one before."""
    share = f"CASE WHEN part >= whole THEN {MILLION} ELSE CAST(part AS bigint) * {MILLION} / whole END"
    return f"""
        SELECT {_KEY}, region_id, municipality_id, part, whole, week, slot, share,
          row_number() OVER turns AS turn, share - lag(share) OVER turns AS moved,
          count(*) OVER (PARTITION BY {_KEY}) AS measured
        FROM (
          SELECT {_KEY}, region_id, municipality_id, part, whole, week, slot, CAST({share} AS integer) AS share
          FROM reports_ratingrow JOIN weeks ON w_rating = rating_id
          WHERE indicator IN ({numbers(tuple(each.number for each in watched))}) AND part IS NOT NULL
            AND whole >= {max(window.small_number, 1)}
            AND NOT EXISTS (SELECT 1 FROM breaks WHERE off_rating = rating_id AND off_region = region_id)
        ) shares
        WINDOW turns AS (PARTITION BY {_KEY} ORDER BY slot)
    """  # noqa: S608


# Of n measured weeks the newest n ÷ 2 are watched, eight at most; those before them tell what is usual.
_BASE = f"measured - CASE WHEN measured / 2 < {alerts.WATCHED_WEEKS} THEN measured / 2 ELSE {alerts.WATCHED_WEEKS} END"


def _usual() -> str:
    """Of the weeks before the watched ones: mean, people in an average week, σ by moving ranges, slope by a line.

    `tilt` is the slope of least squares, times base · (base² − 1).
    """
    noise = f"sum(abs(moved)) * 1000 / ({alerts.RANGE} * (count(*) - 1))"
    return f"""
        SELECT {_KEY}, count(*) AS base, CAST(sum(share) / count(*) AS integer) AS mean,
          sum(whole) / count(*) AS people, {noise} AS noise,
          6 * (2 * sum(CAST(turn AS integer) * share) - (count(*) + 1) * sum(share)) AS tilt
        FROM known WHERE measured >= {alerts.LEAST} AND turn <= {_BASE} GROUP BY {_KEY}
    """  # noqa: S608


def _judged() -> str:
    """The same with σ: never below the error a share of so many people has by chance, nor below the floor."""
    soft = f"(mean * people + {alerts.ADDED * MILLION}) / (people + {2 * alerts.ADDED})"
    error = f"CAST(floor(sqrt(CAST(soft * ({MILLION} - soft) / people AS double precision))) AS bigint)"
    sigma = "CASE WHEN noise >= error AND noise >= {0} THEN noise WHEN error >= {0} THEN error ELSE {0} END"
    return f"""
        SELECT {_KEY}, base, mean, tilt, {sigma.format(alerts.FLOOR)} AS sigma
        FROM (SELECT softened.*, {error} AS error FROM (SELECT usual.*, {soft} AS soft FROM usual) softened) errors
    """  # noqa: S608


def _paths() -> str:
    """Both sums of the watched weeks, not yet held above zero; `step` counts the weeks from 1.

    A rise is what is above both the mean and the line gone on, a fall what is below both: neither a growth that goes on
    nor one that has stopped is news.
    """
    line = "mean + tilt * (base - 1 + 2 * step) / (2 * base * (base * base - 1))"
    kept = f"CASE WHEN line < 0 THEN 0 WHEN line > {MILLION} THEN {MILLION} ELSE line END"
    total = f"CAST(sum(CAST({{}} AS integer)) OVER (PARTITION BY {_KEY} ORDER BY step) AS bigint)"
    slack = f"step * (sigma / {alerts.SLACK})"
    top, bottom = (f"CASE WHEN line {sign} mean THEN line ELSE mean END" for sign in "><")
    return f"""
        SELECT {_KEY}, base, sigma, measured, step, share, top, bottom,
          {total.format("share - top")} - {slack} AS up, {total.format("bottom - share")} - {slack} AS down
        FROM (
          SELECT {_KEY}, base, sigma, measured, step, share, {top} AS top, {bottom} AS bottom
          FROM (
            SELECT {_KEY}, base, mean, sigma, measured, step, share, {kept} AS line
            FROM (
              SELECT {_KEY}, base, mean, sigma, measured, turn - base AS step, share,
                {line.replace("step", "(turn - base)")} AS line
              FROM known JOIN judged USING ({_KEY}) WHERE turn > base
            ) lines
          ) bounded
        ) expected
    """  # noqa: S608


def _lows() -> str:
    """The lowest of each sum; they begin at zero."""
    lowest = ", ".join(
        f"CASE WHEN min({side}) OVER (PARTITION BY {_KEY}) < 0 THEN min({side}) OVER (PARTITION BY {_KEY})"
        f" ELSE 0 END AS low_{side}"
        for side in ("up", "down")
    )
    return f"SELECT paths.*, {lowest} FROM paths"  # noqa: S608


def _runs() -> str:
    """One row a place and indicator: after which step either run began, and what it has come to in the newest week."""
    last = "max(CASE WHEN step = measured - base THEN {0} END) AS {1}"
    sides = ", ".join(
        f"max(CASE WHEN {side} <= low_{side} THEN step ELSE 0 END) AS from_{side},"
        + last.format(f"{side} - low_{side}", f"sum_{side}")
        for side in ("up", "down")
    )
    newest = ", ".join(last.format(name, name) for name in ("share", "top", "bottom"))
    facts = f"{_KEY}, base, sigma, measured"
    return f"SELECT {facts}, {sides}, {newest} FROM lows GROUP BY {facts}"  # noqa: S608


def _found() -> str:
    """The side that is over h and that the newest week is still on, by more than k: so never both."""
    sides = (("up", 1, "top", "share - top"), ("down", -1, "bottom", "bottom - share"))
    return "\nUNION ALL\n".join(
        f"""
        SELECT {_KEY}, sigma, measured, {sign} AS side, {expected} AS expected, base + from_{side} AS before_turn,
          sum_{side} AS reached
        FROM runs WHERE sum_{side} > {alerts.DECISION} * sigma AND {off} > sigma / {alerts.SLACK}
        """  # noqa: S608
        for side, sign, expected, off in sides
    )


def _rows(watched: Sequence[Indicator]) -> str:
    """What is kept of each: the newest week, the week before the run and the run's first; all of the same place."""
    falling = numbers(tuple(each.number for each in watched if not each.good_is_up)) or "0"
    better, worse = Direction.BETTER.value, Direction.WORSE.value
    good = f"(f.side = 1) = (f.indicator NOT IN ({falling}))"
    return f"""
        SELECT %(rating)s, f.indicator, f.level, f.place_id, n.region_id, n.municipality_id,
          CASE WHEN {good} THEN {better} ELSE {worse} END, s.week, b.week, f.expected, b.part, b.whole, n.part, n.whole,
          f.reached * 100 / f.sigma
        FROM found f {_joined({"n": "f.measured", "b": "f.before_turn", "s": "f.before_turn + 1"})}
        WHERE n.slot = (SELECT max(slot) FROM weeks)
    """  # noqa: S608


def _joined(turns: Mapping[str, str]) -> str:
    return " ".join(
        f"JOIN known {name} ON {name}.indicator = f.indicator AND {name}.level = f.level"
        f" AND {name}.place_id = f.place_id AND {name}.turn = {turn}"
        for name, turn in turns.items()
    )
