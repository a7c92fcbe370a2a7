"""What a school's week is counted from: sources of rows and the counts taken of them, as data."""

from dataclasses import dataclass

from chats.use_cases import CLASS_CHAT_NUMBERS
from chats.use_cases.kinds import Group
from reports.models.steps import StepState
from reports.operator_figures import OPERATOR_FIGURES
from schools.kinds import GENERAL_KINDS
from schools.platforms import MY_SCHOOL, PLATFORMS, SFERUM
from schools.scope import Level


@dataclass(frozen=True, slots=True)
class Source:
    """Rows that belong to schools: what stands after FROM, and by which expressions a row names school and platform.

    A source no count is taken of is asked only whether a school is in it, and for the columns of `also`: it has one row
    per school and platform. The text may use the week's parameters: %(week)s, %(sunday)s, %(school_year)s.
    """

    key: str
    rows: str
    school: str = "school_id"
    platform: str = ""
    also: tuple[str, ...] = ()


# Chats by the 27 cases, all together and by group: pairs of columns of SchoolWeek, and of the table they come from.
CHAT_SUMS: dict[str, Group | None] = {
    "chats": None,
    "staff_chats": Group.STAFF,
    "family_chats": Group.FAMILIES,
    "project_chats": Group.PROJECTS,
}
WEEK_CHATS = "week_chats"  # temporary: one row a school, filled by counting.cases before the wide rows

# When silence is a zero; otherwise nobody knows, and the count is NULL.
LISTED = "people.school_id IS NOT NULL"  # the school has a staff list
DELIVERED = "coverage.school_id IS NOT NULL"  # the operator delivered the school's activity
CHATS_DELIVERED = "coverage.has_chats"  # … and that of its chats


@dataclass(frozen=True, slots=True)
class Count:
    """A column of SchoolWeek: an aggregate of a source's rows, NULL unless `known` holds of the school.

    Without an aggregate the source has the column itself, and one row per school and platform.
    """

    column: str
    source: str
    aggregate: str = "count(*)"
    known: str = ""


# What counts as use in a week, by platform: the sum of these columns of StaffActivity is above zero (platforms.py).
USE_BY_PLATFORM = {SFERUM.number: ("messages", "calls"), MY_SCHOOL.number: ("logins",)}
# Platforms with chats: elsewhere the chat conditions of the ladder do not apply.
CHATTING = (SFERUM.number,)


def numbers(values: tuple[int, ...]) -> str:
    """Return numbers of ours as an SQL list."""
    return ", ".join(str(int(value)) for value in values)


_GENERAL = ", ".join(f"'{kind}'" for kind in GENERAL_KINDS)
_PLATFORM_OF_CHANNEL = " ".join(
    f"WHEN {channel.number} THEN {platform.number}" for platform in PLATFORMS for channel in platform.channels
)
_CHAT_PLATFORM = f"CASE c.channel {_PLATFORM_OF_CHANNEL} END"
_USE = " ".join(f"WHEN {platform} THEN {' + '.join(columns)}" for platform, columns in USE_BY_PLATFORM.items())
_OPEN = "({0}.closed_on IS NULL OR {0}.closed_on > %(sunday)s)"

# Schools counted: general ones that work on the week's Sunday and are not excluded with a reason.
SCHOOLS_IN_SCOPE = f"""
    SELECT s.id AS school_id, s.region_id, s.municipality_id, s.declared_teachers, s.declared_pupils
    FROM schools_school s
    WHERE s.kind IN ({_GENERAL}) AND s.excluded_because = ''
      AND (s.opened_on IS NULL OR s.opened_on <= %(sunday)s) AND {_OPEN.format("s")}
"""  # noqa: S608  data of this portal, no input

SOURCES = (
    Source(
        "people",
        "staff_staffmember WHERE COALESCE(hired_on, known_on, %(sunday)s) <= %(sunday)s"
        " AND (left_on IS NULL OR left_on > %(sunday)s)",
    ),
    Source(
        "accounts",
        f"staff_staffaccount a WHERE is_teacher AND profile_on <= %(sunday)s AND {_OPEN.format('a')}",
        platform="platform",
    ),
    Source(
        "activity", f"reports_staffactivity WHERE week = %(week)s AND CASE platform {_USE} END > 0", platform="platform"
    ),
    Source("coverage", "reports_activitycoverage WHERE week = %(week)s", platform="platform", also=("has_chats",)),
    Source("year_classes", "schools_schoolclass WHERE year = %(school_year)s"),
    Source(
        "chat_classes",
        "chats_chat c JOIN schools_schoolclass k ON k.id = c.school_class_id AND k.year = %(school_year)s"
        f" WHERE c.use_case IN ({numbers(CLASS_CHAT_NUMBERS)}) AND c.opened_on <= %(sunday)s AND {_OPEN.format('c')}",
        school="k.school_id",
        platform=_CHAT_PLATFORM,
    ),
    Source(
        "open_chats",
        f"chats_chat c WHERE c.opened_on <= %(sunday)s AND {_OPEN.format('c')}",
        platform=_CHAT_PLATFORM,
    ),
    Source(
        "chat_activity",
        "reports_chatactivity a JOIN chats_chat c ON c.id = a.chat_id WHERE a.week = %(week)s AND a.messages > 0",
        school="a.school_id",
        platform=_CHAT_PLATFORM,
    ),
    Source(
        "appointments",
        f"schools_appointment WHERE level = {Level.SCHOOL.value} AND starts_on <= %(sunday)s"
        " AND (ends_on IS NULL OR ends_on >= %(sunday)s)",
    ),
    Source(
        "registrations",
        f"schools_schoolregistration r WHERE r.registered_on <= %(sunday)s AND {_OPEN.format('r')}",
        platform="platform",
    ),
    Source(
        "learners",
        "schools_pupil WHERE (enrolled_on IS NULL OR enrolled_on <= %(sunday)s)"
        " AND (left_on IS NULL OR left_on > %(sunday)s)",
    ),
    Source(
        "represented",
        "schools_pupil p WHERE (p.enrolled_on IS NULL OR p.enrolled_on <= %(sunday)s)"
        " AND (p.left_on IS NULL OR p.left_on > %(sunday)s) AND EXISTS (SELECT 1 FROM schools_guardianship g"
        " WHERE g.pupil_id = p.id AND g.registered_on <= %(sunday)s)",
    ),
    # The state of a step on the Sunday: what the first later change changed it from, else what it is since before.
    Source(
        "steps",
        "(SELECT t.school_id, COALESCE(e.before, t.state) AS state FROM reports_schoolstep t"
        " LEFT JOIN (SELECT school_id, number, min(id) AS id FROM reports_stepevent WHERE happened_on > %(sunday)s"
        " GROUP BY school_id, number) later ON later.school_id = t.school_id AND later.number = t.number"
        " LEFT JOIN reports_stepevent e ON e.id = later.id"
        " WHERE e.id IS NOT NULL OR t.since_on <= %(sunday)s) told",
    ),
    Source(
        "figures",
        "reports_schoolfigure WHERE week > %(month_ago)s AND week <= %(week)s AND (period = 2 OR week = %(week)s)",
        platform="platform",
    ),
    Source(
        "cases",
        WEEK_CHATS,
        platform="platform",
        also=tuple(f"{name}_{side}" for name in CHAT_SUMS for side in ("expected", "present")),
    ),
)
_FINISHED = numbers((StepState.DONE.value, StepState.CONFIRMED.value))
_STEPPED = "steps.school_id IS NOT NULL"
_NEWEST = 100_000_000  # the week leads the value: of two months the newer one; a table for the very week before both
_CHATTING = f"{LISTED} AND cases.school_id IS NOT NULL"

COUNTS = (
    Count("staff", "people", known=LISTED),
    Count("teachers", "people", "count(*) FILTER (WHERE is_teacher)", known=LISTED),
    Count("names_in_order", "people", "count(*) FILTER (WHERE name_issue = '')", known=LISTED),
    Count("profiles", "accounts", known=LISTED),
    Count("confirmed", "accounts", "count(*) FILTER (WHERE confirmed_on <= %(sunday)s)", known=LISTED),
    Count("active", "activity", "count(*) FILTER (WHERE is_teacher)", known=DELIVERED),
    Count("active_all", "activity", known=DELIVERED),
    Count("classes", "year_classes"),
    Count("classes_with_chat", "chat_classes", "count(DISTINCT k.id)"),
    Count("chats", "open_chats"),
    Count("active_chats", "chat_activity", known=CHATS_DELIVERED),
    Count("administrators", "appointments"),
    Count("pupils", "learners", known="learners.school_id IS NOT NULL"),
    Count("pupils_represented", "represented", known="learners.school_id IS NOT NULL"),
    Count("steps_due", "steps", f"count(*) FILTER (WHERE state <> {StepState.NEEDLESS.value})", _STEPPED),
    Count("steps_done", "steps", f"count(*) FILTER (WHERE state IN ({_FINISHED}))", _STEPPED),
    *(
        Count(
            figure.column,
            "figures",
            f"max(CASE WHEN figure = {figure.number} THEN (week + 2 - period) * CAST({_NEWEST} AS bigint) + value END)"
            f" %% {_NEWEST}",
            f"figures.{figure.column} IS NOT NULL",
        )
        for figure in OPERATOR_FIGURES
    ),
    *(Count(f"{name}_{side}", "cases", "", _CHATTING) for name in CHAT_SUMS for side in ("expected", "present")),
)
