"""The statement that counts chats expected and present by school and case, composed from the data of the cases.

It is what chats.proposals and chats.findings say of one school, said of all at once; the test compares the two. The
words of positions and subjects are told in Python, once a text (`words_of`), and joined here as bits.
"""

import datetime
from collections.abc import Iterable, Iterator

from chats.proposals import class_grades
from chats.roles import (
    ASSOCIATION_LEAST,
    ASSOCIATIONS,
    Role,
    areas_of_text,
    roles_of_position,
    roles_of_subjects,
)
from chats.use_cases import USE_CASES, UseCase
from chats.use_cases.kinds import Always, Associations, HasGrades, People, TurnedOn, Unit
from reports.counting.counts import SCHOOLS_IN_SCOPE, numbers
from reports.steps.facts import COUNTRY, Bounds
from schools.platforms import CHAT_CHANNELS

COLUMNS = ("school_id", "use_case", "region_id", "municipality_id", "expected", "present")
POSITIONS, SUBJECTS = "chat_positions", "chat_subjects"  # temporary: text, roles, areas
_FOREIGN = numbers(tuple(channel.number for channel in CHAT_CHANNELS if not channel.is_russian))
_OPEN = (
    f"c.opened_on <= %(sunday)s AND (c.closed_on IS NULL OR c.closed_on > %(sunday)s) AND c.channel NOT IN ({_FOREIGN})"
)
_WORKS = "COALESCE(m.hired_on, m.known_on, %(sunday)s) <= %(sunday)s AND (m.left_on IS NULL OR m.left_on > %(sunday)s)"


def words_of(positions: Iterable[str], subjects: Iterable[str]) -> Iterator[tuple[str, list[tuple[str, int, int]]]]:
    """(table, rows) of what texts say: (text, roles as bits, associations as bits)."""
    yield POSITIONS, [(text, int(roles_of_position(text)), _bits(text)) for text in positions]
    yield SUBJECTS, [(text, int(roles_of_subjects(text)), _bits(text)) for text in subjects]


def _bits(text: str) -> int:
    return sum(1 << number for number in areas_of_text(text))


def _case(condition: str) -> str:
    return f"CASE WHEN {condition} THEN 1 ELSE 0 END"


def _filled(expression: str, names: Iterable[str]) -> list[str]:
    return [f"COALESCE({expression}.{name}, 0) AS {name}" for name in names]


def _people(bounds: Bounds) -> tuple[str, list[str]]:
    """Staff counted by the roles of cases and by associations.

    People alike are put together first: the bits of each are worked out once, not for every column.
    """
    columns = {
        f"people_{case.number}": f"sum(n) FILTER (WHERE (roles & {int(case.counted_roles)}) > 0)"
        for case in USE_CASES
        if isinstance(case.expected, People)
    } | {f"area_{each.number}": f"sum(n) FILTER (WHERE (areas & {1 << each.number}) > 0)" for each in ASSOCIATIONS}
    subject, leader = int(Role.SUBJECT_TEACHER), int(Role.CLASS_TEACHER)
    select = f"""
        SELECT school_id, {_named(columns)} FROM (
          SELECT school_id, roles, areas, count(*) AS n FROM (
            SELECT m.school_id,
              COALESCE(p.roles, 0) | COALESCE(j.roles, 0) | CASE WHEN m.id IN (
                SELECT t.staff_id FROM staff_classteacher t
                JOIN schools_schoolclass k ON k.id = t.school_class_id AND k.year = %(school_year)s
              ) THEN {leader} ELSE 0 END AS roles,
              CASE WHEN (COALESCE(p.roles, 0) & {subject}) > 0 THEN COALESCE(p.areas, 0) | COALESCE(j.areas, 0)
                ELSE 0 END AS areas
            FROM staff_staffmember m
            LEFT JOIN {POSITIONS} p ON p.text = m.position
            LEFT JOIN {SUBJECTS} j ON j.text = m.subjects
            WHERE {_WORKS}{bounds.below.replace("school_id", "m.school_id", 1)}
          ) told GROUP BY school_id, roles, areas
        ) alike GROUP BY school_id"""  # noqa: S608  composed from data of this portal, no input
    return select, list(columns)


def _classes(bounds: Bounds) -> tuple[str, list[str]]:
    """Classes of the year, by the grades each case asks of."""
    columns = {
        f"classes_{case.number}": f"count(*) FILTER (WHERE grade IN ({_grades(case)}))"
        for case in USE_CASES
        if case.unit == Unit.CLASS or isinstance(case.expected, HasGrades)
    }
    select = f"""
        SELECT school_id, {_named(columns)} FROM schools_schoolclass
        WHERE year = %(school_year)s{bounds.below} GROUP BY school_id"""  # noqa: S608
    return select, list(columns)


def _class_chats(bounds: Bounds) -> tuple[str, list[str]]:
    """Classes that have an open chat of each case."""
    columns = {
        f"class_chats_{case.number}": (
            f"count(DISTINCT k.id) FILTER (WHERE c.use_case = {case.number} AND k.grade IN ({_grades(case)}))"
        )
        for case in USE_CASES
        if case.unit == Unit.CLASS
    }
    select = f"""
        SELECT k.school_id, {_named(columns)} FROM chats_chat c
        JOIN schools_schoolclass k ON k.id = c.school_class_id AND k.school_id = c.school_id
          AND k.year = %(school_year)s
        WHERE {_OPEN}{bounds.below.replace("school_id", "c.school_id", 1)} GROUP BY k.school_id"""  # noqa: S608
    return select, list(columns)


def _school_chats(bounds: Bounds) -> tuple[str, list[str]]:
    """Whether a school has an open chat of a case, or of an association."""
    columns = {
        f"chat_{case.number}": f"max({_case(f'c.use_case = {case.number}')})"
        for case in USE_CASES
        if case.unit == Unit.SCHOOL
    }
    for case in _of_associations():
        for each in ASSOCIATIONS:
            about = _case(f"c.use_case = {case.number} AND c.area = {each.number}")
            columns[f"chat_{case.number}_{each.number}"] = f"max({about})"
    select = f"""
        SELECT c.school_id, {_named(columns)} FROM chats_chat c
        WHERE {_OPEN}{bounds.below.replace("school_id", "c.school_id", 1)} GROUP BY c.school_id"""  # noqa: S608
    return select, list(columns)


def _chosen(bounds: Bounds) -> tuple[str, list[str]]:
    """Optional cases turned on."""
    columns = {
        f"chosen_{case.number}": f"max({_case(f'use_case = {case.number}')})" for case in USE_CASES if case.is_optional
    }
    select = f"""
        SELECT school_id, {_named(columns)} FROM chats_chosencase
        WHERE chosen_on <= %(sunday)s{bounds.below} GROUP BY school_id"""  # noqa: S608
    return select, list(columns)


def _named(columns: dict[str, str]) -> str:
    return ", ".join(f"{expression} AS {name}" for name, expression in columns.items())


def _grades(case: UseCase) -> str:
    return numbers(tuple(sorted(class_grades(case.expected))))


def _of_associations() -> list[UseCase]:
    return [case for case in USE_CASES if case.unit == Unit.ASSOCIATION]


_ENOUGH = " + ".join(f"CASE WHEN area_{each.number} >= {ASSOCIATION_LEAST} THEN 1 ELSE 0 END" for each in ASSOCIATIONS)


def _expected(case: UseCase) -> str:
    """How many chats of a case a school should have, over the facts."""
    number = case.number
    match case.expected:
        case Always():
            return "1"
        case People(least=least):
            return _case(f"people_{number} >= {least}")
        case Associations(least=least):
            return _case(f"({_ENOUGH}) >= {least}")
        case HasGrades():
            return _case(f"classes_{number} > 0")
        case TurnedOn(unit=Unit.CLASS):
            return f"chosen_{number} * classes_{number}"
        case TurnedOn():
            return f"chosen_{number}"
    return _ENOUGH if case.unit == Unit.ASSOCIATION else f"classes_{number}"


def _present(case: UseCase) -> str:
    """How many of them there are."""
    number = case.number
    if case.unit == Unit.CLASS:
        return f"class_chats_{number}"
    if case.unit == Unit.ASSOCIATION:
        return " + ".join(
            _case(f"area_{each.number} >= {ASSOCIATION_LEAST} AND chat_{number}_{each.number} = 1")
            for each in ASSOCIATIONS
        )
    return f"chat_{number}"


def facts_select(bounds: Bounds = COUNTRY) -> str:
    """Return the statement of one wide row a school: counts of people, classes and chats.

    Parameters: sunday (the day), school_year, and the keys of the bounds. Needs the tables of `words_of`.
    """
    columns, joins = [], []
    for name, (select, names) in {
        "people": _people(bounds),
        "classes": _classes(bounds),
        "class_chats": _class_chats(bounds),
        "school_chats": _school_chats(bounds),
        "chosen": _chosen(bounds),
    }.items():
        columns += _filled(name, names)
        joins.append(f"LEFT JOIN ({select}) {name} ON {name}.school_id = s.id")
    return (
        f"SELECT s.id AS school_id, s.region_id, s.municipality_id, {', '.join(columns)}"  # noqa: S608
        f" FROM ({SCHOOLS_IN_SCOPE}) scope JOIN schools_school s ON s.id = scope.school_id {' '.join(joins)}"
        f" WHERE true{bounds.schools}"
    )


def cases_select(facts: str, day: datetime.date) -> str:
    """Return one wide row a school over `facts_select`: e_N chats of case N expected on a day, p_N of them present."""
    pairs = ", ".join(
        f"{_expected(case)} AS e_{case.number}, {_present_of(case)} AS p_{case.number}"
        for case in USE_CASES
        if case.in_season(day)
    )
    return f"SELECT school_id, region_id, municipality_id, {pairs} FROM {facts}"  # noqa: S608


def _present_of(case: UseCase) -> str:
    """How many there are of those expected: a chat nobody expects does not count."""
    return f"CASE WHEN {_expected(case)} > 0 THEN {_present(case)} ELSE 0 END"


def rows_select(facts: str, day: datetime.date) -> str:
    """Return the rows of COLUMNS, of every case expected on a day, over a table or a name of `facts_select`."""
    cases = "\n UNION ALL ".join(
        f"SELECT school_id, {case.number} AS use_case, region_id, municipality_id, {_expected(case)} AS expected,"  # noqa: S608
        f" {_present(case)} AS present FROM {facts}"
        for case in USE_CASES
        if case.in_season(day)
    )
    return f"SELECT {', '.join(COLUMNS)} FROM ({cases}) counted WHERE expected > 0"  # noqa: S608
