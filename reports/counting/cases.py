"""Chats by case of use in a week: what every school should have and has, summed for its wide row and for its places.

The facts of schools are read once, by the statement that pages' counts go by (reports.chat_coverage), as of the week's
Sunday; what is frozen are sums by group at schools, and by case at every place above them.
"""

import datetime
from collections.abc import Mapping
from typing import Any

from django.db import connection

from chats.use_cases import USE_CASES, UseCase
from reports.chat_coverage.counting import tell_words
from reports.chat_coverage.statement import POSITIONS, SUBJECTS, cases_select, facts_select
from reports.counting.counts import CHAT_SUMS, CHATTING, WEEK_CHATS
from reports.steps.facts import COUNTRY
from schools.scope import Level

_FACTS, _CASES = "week_facts", "week_cases"


def read_cases(sunday: datetime.date, parameters: Mapping[str, Any]) -> None:
    """Make the temporary tables of a week's chats by school: by case, and summed for the wide rows.

    Parameters: sunday, school_year. `drop_cases` takes them away.
    """
    tell_words(COUNTRY, dict(parameters))
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE {_FACTS} AS {facts_select()}", parameters)
        cursor.execute(f"CREATE TEMPORARY TABLE {_CASES} AS {cases_select(_FACTS, sunday)}")
        cursor.execute(f"CREATE TEMPORARY TABLE {WEEK_CHATS} AS {_sums(sunday)}")


def drop_cases() -> None:
    """Drop the tables of `read_cases`."""
    with connection.cursor() as cursor:
        for table in (WEEK_CHATS, _CASES, _FACTS, POSITIONS, SUBJECTS):
            cursor.execute(f"DROP TABLE {table}")


def _in_season(sunday: datetime.date) -> list[UseCase]:
    return [case for case in USE_CASES if case.in_season(sunday)]


def _sums(sunday: datetime.date) -> str:
    """Sums of a school's cases by the groups of CHAT_SUMS, on every platform with chats."""
    columns = []
    for name, group in CHAT_SUMS.items():
        cases = [case for case in _in_season(sunday) if group in (None, case.group)]
        for side, letter in (("expected", "e"), ("present", "p")):
            total = " + ".join(f"{letter}_{case.number}" for case in cases) or "0"
            columns.append(f"{total} AS {name}_{side}")
    platforms = ", ".join(f"({number})" for number in CHATTING)
    return f"""
        WITH chatting(platform) AS (VALUES {platforms})
        SELECT platform, school_id, {", ".join(columns)} FROM {_CASES} CROSS JOIN chatting
    """  # noqa: S608  composed from data of this portal, no input


_COUNTS = {
    "expected": "sum(e_{0})",
    "present": "sum(p_{0})",
    "schools": "sum(CASE WHEN e_{0} > 0 THEN 1 ELSE 0 END)",
    "complete": "sum(CASE WHEN e_{0} > 0 AND p_{0} >= e_{0} THEN 1 ELSE 0 END)",
}


def insert_case_weeks(sunday: datetime.date) -> str:
    """Return the statement that fills CaseWeek for municipalities, regions and the country; parameter: rating.

    Only schools whose wide row knows their chats are in it, so the sums of all cases are the sums of the rating.
    """
    cases = _in_season(sunday)
    totals = ", ".join(
        f"{aggregate.format(case.number)} AS {name}_{case.number}"
        for case in cases
        for name, aggregate in _COUNTS.items()
    )
    names = ", ".join(_COUNTS)
    long = "\nUNION ALL\n".join(
        f"SELECT region_id, municipality_id, {case.number} AS use_case, "  # noqa: S608
        + ", ".join(f"{name}_{case.number} AS {name}" for name in _COUNTS)
        + f" FROM base WHERE schools_{case.number} > 0"
        for case in cases
    )
    sums = ", ".join(f"sum({name})" for name in _COUNTS)
    return f"""
        INSERT INTO reports_caseweek (rating_id, level, place_id, region_id, municipality_id, use_case, {names})
        WITH base AS (
          SELECT w.region_id, w.municipality_id, {totals} FROM {_CASES} c
          JOIN reports_schoolweek w ON w.rating_id = %(rating)s AND w.platform = {CHATTING[0]}
            AND w.school_id = c.school_id AND w.chats_expected IS NOT NULL
          GROUP BY w.region_id, w.municipality_id
        ), told AS ({long})
        SELECT %(rating)s, {Level.MUNICIPALITY.value}, municipality_id, region_id, municipality_id, use_case, {names}
          FROM told WHERE municipality_id IS NOT NULL
        UNION ALL
        SELECT %(rating)s, {Level.REGION.value}, region_id, region_id, NULL, use_case, {sums}
          FROM told GROUP BY region_id, use_case
        UNION ALL
        SELECT %(rating)s, {Level.COUNTRY.value}, 0, NULL, NULL, use_case, {sums} FROM told GROUP BY use_case
    """  # noqa: S608
