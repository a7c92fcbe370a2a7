"""The statement that counts every school into its wide row: one INSERT … SELECT, so one snapshot of living data."""

from reports.counting.counts import CHATTING, COUNTS, SCHOOLS_IN_SCOPE, SOURCES, Count, Source, numbers
from schools.platforms import PLATFORMS

_OF_SCHOOL = ("platform", "school_id", "municipality_id", "region_id", "declared_teachers")
_LADDER = ("registered", "filled", "uses", "all_chats_present")


def insert_school_weeks() -> str:
    """Return the statement that fills SchoolWeek for all platforms.

    Parameters: rating, week, sunday, school_year and those of the usage rule: administrator_required (0 or 1),
    filled_share and active_share (thousandths), active_teachers, active_chats.
    """
    columns = ", ".join(("rating_id", *_OF_SCHOOL, *(count.column for count in COUNTS), *_LADDER, "in_scope"))
    sources = ",\n".join(f"{source.key} AS ({_grouped(source)})" for source in SOURCES)
    counted = ", ".join((*_OF_SCHOOL, *(count.column for count in COUNTS)))
    return f"""
        INSERT INTO reports_schoolweek ({columns})
        WITH schools AS ({SCHOOLS_IN_SCOPE}),
        platforms(platform) AS (VALUES {", ".join(f"({platform.number})" for platform in PLATFORMS)}),
        {sources},
        counted AS ({_counted()}),
        rungs AS (SELECT counted.*, {_registered()} AS registered FROM counted)
        SELECT %(rating)s, {counted}, registered, {_filled()}, {_uses()}, {_ALL_CHATS}, 1 FROM rungs
    """  # noqa: S608  composed from data of this portal, no input


def _grouped(source: Source) -> str:
    """Return a source's rows as one row per school (and platform, named first as the keys of activity are ordered)."""
    platform = [f"{source.platform} AS platform"] if source.platform else []
    aggregates = [
        f"{count.aggregate} AS {count.column}" for count in COUNTS if count.source == source.key and count.aggregate
    ]
    columns = ", ".join([*platform, f"{source.school} AS school_id", *source.also, *aggregates])
    group = ("GROUP BY 1, 2" if platform else "GROUP BY 1") if aggregates else ""
    return f"SELECT {columns} FROM {source.rows} {group}"  # noqa: S608


def _counted() -> str:
    """Return every school on every platform with its counts side by side."""
    joins = "\n".join(_join(source) for source in SOURCES)
    counts = ", ".join(f"{_value(count)} AS {count.column}" for count in COUNTS)
    return f"""
        SELECT platforms.platform, schools.school_id, schools.municipality_id, schools.region_id,
          schools.declared_teachers, {counts}, registrations.school_id IS NOT NULL AS is_registered
        FROM schools CROSS JOIN platforms
        {joins}
    """  # noqa: S608


def _join(source: Source) -> str:
    same_platform = f" AND {source.key}.platform = platforms.platform" if source.platform else ""
    return f"LEFT JOIN {source.key} ON {source.key}.school_id = schools.school_id{same_platform}"


def _value(count: Count) -> str:
    """Return a count with silence read as zero, but as NULL where it tells nothing."""
    value = f"COALESCE({count.source}.{count.column}, 0)"
    return f"CASE WHEN {count.known} THEN {value} END" if count.known else value


# Nothing expected is nothing missing; NULL where chats are not counted.
_ALL_CHATS = "CASE WHEN chats_present >= chats_expected THEN 1 WHEN chats_expected IS NOT NULL THEN 0 END"


def _registered() -> str:
    """Rung 1: the organisation is on the platform and, if the rule asks so, has an appointed administrator."""
    return "CASE WHEN is_registered AND (administrators > 0 OR %(administrator_required)s = 0) THEN 1 ELSE 0 END"


def _filled() -> str:
    """Rung 2: rung 1, enough confirmed profiles of listed teachers, and a chat in every class."""
    return f"""CASE WHEN registered = 1 AND teachers > 0 AND confirmed * 1000 >= %(filled_share)s * teachers
        AND (platform NOT IN ({numbers(CHATTING)}) OR (classes > 0 AND classes_with_chat >= classes))
        THEN 1 ELSE 0 END"""


def _uses() -> str:
    """Rung 3: rung 1 and enough activity; not known where something the rule asks for is not."""
    chatting = f"platform IN ({numbers(CHATTING)}) AND %(active_chats)s > 0"
    return f"""CASE WHEN active IS NULL OR ({chatting} AND active_chats IS NULL)
          OR (%(active_share)s > 0 AND teachers IS NULL) THEN NULL
        WHEN registered = 1 AND active >= %(active_teachers)s
          AND active * 1000 >= %(active_share)s * COALESCE(teachers, 0)
          AND (NOT ({chatting}) OR active_chats >= %(active_chats)s) THEN 1 ELSE 0 END"""
