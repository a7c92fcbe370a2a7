"""The statement that gives every school's facts for the nine steps: part, whole, started, proved; one row a school."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db import connection

from reports.counting.counts import SCHOOLS_IN_SCOPE
from schools.models import Region, School
from schools.platforms import SFERUM
from schools.scope import Level
from schools.steps import FUNCTION_BY_NUMBER, FUNCTIONS, FUNCTIONS_ENOUGH, STEP_BY_NUMBER, STEPS

CHATS = next(number for number, function in FUNCTION_BY_NUMBER.items() if function.key == "chats")
CONDITIONS_OF_USE = 1 + len(FUNCTIONS)


@dataclass(frozen=True, slots=True)
class Bounds:
    """How a count is narrowed: conditions that begin with AND, '' where nothing is, and their parameters."""

    schools: str = ""  # on schools_school s
    below: str = ""  # on a table led by a school: its school_id
    places: Mapping[str, str] = field(default_factory=dict)  # place → on rows of such places: its …_id
    keys: Mapping[str, int | None] = field(default_factory=dict)

    def of_place(self, place: str, alias: str = "") -> str:
        """The condition on rows of regions, municipalities or schools."""
        return self.places.get(place, "").replace(f"{place}_id", f"{alias}{place}_id")


COUNTRY = Bounds()


def bounds_of_region(region: Region) -> Bounds:
    """The schools of a region."""
    below = " AND school_id IN (SELECT id FROM schools_school WHERE region_id = %(region)s)"
    return Bounds(" AND s.region_id = %(region)s", below, keys={"region": region.pk})


def bounds_of_school(school: School) -> Bounds:
    """One school, its municipality and its region: nothing else is read."""
    places = {place: f" AND {place}_id = %({place})s" for place in PLACES}
    keys = {"school": school.pk, "municipality": school.municipality_id, "region": school.region_id}
    return Bounds(" AND s.id = %(school)s", " AND school_id = %(school)s", places, keys)


# An appointee who has come in at least once: «appointed» is not «connected».
_HEADS = """
    SELECT a.{place} AS place_id, count(*) AS appointed,
      max(CASE WHEN u.last_login IS NOT NULL OR u.seen_on IS NOT NULL THEN 1 ELSE 0 END) AS connected
    FROM schools_appointment a JOIN schools_user u ON u.id = a.user_id
    WHERE a.level = {level} AND a.starts_on <= %(today)s AND (a.ends_on IS NULL OR a.ends_on >= %(today)s)
      AND u.is_active{within} GROUP BY a.{place}
"""

PLACES = ("school", "municipality", "region")  # of marks and planned dates, the nearest place's word wins
_JOINS = {"region_heads": "s.region_id", "town_heads": "s.municipality_id"} | {
    f"{kind}_of_{place}": column
    for kind in ("marks", "plans")
    for place, column in zip(PLACES, ("s.id", "s.municipality_id", "s.region_id"), strict=True)
}


def _pivoted(rows: str, place: str, column: str, letter: str) -> str:
    """Nine columns of a place's rows, one a step: `letter`_1 … `letter`_9."""
    columns = ", ".join(
        f"max(CASE WHEN number = {step.number} THEN {column} END) AS {letter}_{step.number}" for step in STEPS
    )
    return f"SELECT {place}_id, {columns} FROM {rows} GROUP BY {place}_id"  # noqa: S608


def _words(bounds: Bounds) -> dict[str, str]:
    """What people said of steps: living marks and newest planned dates, by place."""
    found = {}
    for place in PLACES:
        its = f"{place}_id IS NOT NULL{bounds.of_place(place)}"
        marks = f"schools_stepmark WHERE {its} AND withdrawn_at IS NULL"
        newest = f"SELECT max(id) FROM schools_stepplan WHERE {its} GROUP BY {place}_id, number"  # noqa: S608
        found[f"marks_of_{place}"] = _pivoted(marks, place, "kind", "kind")
        found[f"plans_of_{place}"] = _pivoted(f"schools_stepplan WHERE id IN ({newest})", place, "planned_on", "day")
    return found


def _json_number(column: str, key: str) -> str:
    """An integer out of a JSON column, 0 where it is not there; both engines."""
    if connection.vendor == "postgresql":
        return f"COALESCE(CAST({column} ->> '{key}' AS integer), 0)"
    return f"COALESCE(CAST(json_extract({column}, '$.{key}') AS integer), 0)"


def _sources(bounds: Bounds) -> dict[str, str]:
    """Sub-selects by name, one row a place."""
    within = bounds.below

    def of(column: str) -> str:
        return within.replace("school_id", column)

    def heads(place: str, level: Level, its: str) -> str:
        return _HEADS.format(place=f"{place}_id", level=level.value, within=its)

    return {
        "region_heads": heads("region", Level.REGION, bounds.of_place("region", "a.")),
        "town_heads": heads("municipality", Level.MUNICIPALITY, bounds.of_place("municipality", "a.")),
        "school_heads": heads("school", Level.SCHOOL, of("a.school_id")),
        "people": f"""
            SELECT school_id, count(*) AS teachers FROM staff_staffmember
            WHERE is_teacher AND (hired_on IS NULL OR hired_on <= %(today)s)
              AND (left_on IS NULL OR left_on > %(today)s){within} GROUP BY school_id""",  # noqa: S608
        "uploads": f"""
            SELECT school_id, sum({_json_number("summary", "waiting")}) AS waiting
            FROM staff_staffimport WHERE stage = 'planned'{within} GROUP BY school_id""",  # noqa: S608
        "year_classes": f"""
            SELECT k.school_id, count(*) AS entered, count(l.school_class_id) AS led
            FROM schools_schoolclass k LEFT JOIN (
              SELECT DISTINCT t.school_class_id FROM staff_classteacher t JOIN staff_staffmember m ON m.id = t.staff_id
              WHERE (m.left_on IS NULL OR m.left_on > %(today)s){of("m.school_id")}
            ) l ON l.school_class_id = k.id
            WHERE k.year = %(school_year)s{of("k.school_id")} GROUP BY k.school_id""",  # noqa: S608
        "year_pupils": f"""
            SELECT p.school_id, count(*) AS pupils, count(*) FILTER (WHERE g.registered > 0) AS represented,
              count(*) FILTER (WHERE g.registered = 0 AND g.declined = g.named) AS declined
            FROM schools_pupil p LEFT JOIN (
              SELECT pupil_id, count(*) AS named, count(registered_on) AS registered, count(declined_on) AS declined
              FROM schools_guardianship{_of_pupils(within)} GROUP BY pupil_id
            ) g ON g.pupil_id = p.id
            WHERE (p.enrolled_on IS NULL OR p.enrolled_on <= %(today)s)
              AND (p.left_on IS NULL OR p.left_on > %(today)s){of("p.school_id")} GROUP BY p.school_id""",  # noqa: S608
        "last_week": f"""
            SELECT school_id, uses, active_chats FROM reports_schoolweek
            WHERE rating_id = %(rating)s AND platform = {SFERUM.number}{within}""",  # noqa: S608
        "mastered": f"""
            SELECT school_id, count(*) AS functions, max(CASE WHEN function = {CHATS} THEN 1 ELSE 0 END) AS chats
            FROM schools_functionuse WHERE mastered_on <= %(today)s{within} GROUP BY school_id""",  # noqa: S608
    }


def _of_pupils(within: str) -> str:
    """Narrow guardianships to the pupils of the schools asked for: they carry no school of their own."""
    if not within:
        return ""
    return f" WHERE pupil_id IN (SELECT id FROM schools_pupil WHERE true{within})"  # noqa: S608


def _greatest(one: str, other: str) -> str:
    """The larger of two numbers; SQLite and PostgreSQL name the function differently."""
    return f"CASE WHEN {one} >= {other} THEN {one} ELSE {other} END"


def _enough(number: int, part: str, whole: str) -> str:
    """Whether the part reaches the step's threshold of the whole; whole per mille, no division."""
    return f"({whole}) > 0 AND ({part}) * 1000 >= {round(STEP_BY_NUMBER[number].enough * 1000)} * ({whole})"


def _flag(condition: str) -> str:
    return f"CASE WHEN {condition} THEN 1 ELSE 0 END"


_TEACHERS, _LED = "COALESCE(people.teachers, 0)", "COALESCE(year_classes.led, 0)"
_PUPILS, _REPRESENTED = "COALESCE(year_pupils.pupils, 0)", "COALESCE(year_pupils.represented, 0)"
_DECLINED = "COALESCE(year_pupils.declined, 0)"
_CLASSES_ALL = _greatest("COALESCE(s.declared_classes, 0)", "COALESCE(year_classes.entered, 0)")
_PUPILS_ALL = _greatest("COALESCE(s.declared_pupils, 0)", _PUPILS)
_MISTAKES = "COALESCE(uploads.waiting, 0)"
_USES = "COALESCE(last_week.uses, 0)"
_CHATS_PROVED = _flag("last_week.active_chats > 0 AND COALESCE(mastered.chats, 0) = 0")
_FUNCTIONS = f"COALESCE(mastered.functions, 0) + {_CHATS_PROVED}"


def _head(source: str) -> tuple[str, str, str, str, str, str]:
    """A step that is a person: (part, whole, excused, mistakes, started, proved)."""
    connected = f"COALESCE({source}.connected, 0)"
    return connected, "1", "0", "0", _flag(f"{source}.appointed > 0"), connected


def _columns() -> dict[int, tuple[str, str, str, str, str, str]]:
    """(part, whole, excused, mistakes, started, proved) of each step, as expressions over the sources."""
    proved_use = _flag(f"{_USES} = 1 AND {_FUNCTIONS} >= {FUNCTIONS_ENOUGH}")
    to_register, mastered = f"({_PUPILS_ALL}) - {_DECLINED}", f"{_USES} + {_FUNCTIONS}"
    return {
        1: _head("region_heads"),
        2: (_flag("s.reconciled_on IS NOT NULL"), "1", "0", "0", "0", _flag("s.reconciled_on IS NOT NULL")),
        3: _head("town_heads"),
        4: _head("school_heads"),
        5: (
            _TEACHERS, "COALESCE(s.declared_teachers, 0)", "0", _MISTAKES, _flag(f"{_TEACHERS} + {_MISTAKES} > 0"),
            _flag(f"{_enough(5, _TEACHERS, 'COALESCE(s.declared_teachers, 0)')} AND {_MISTAKES} = 0"),
        ),
        6: (_LED, _CLASSES_ALL, "0", "0", _flag("year_classes.entered > 0"), _flag(_enough(6, _LED, _CLASSES_ALL))),
        7: (
            _REPRESENTED, _PUPILS_ALL, _DECLINED, "0", _flag(f"{_REPRESENTED} + {_DECLINED} > 0"),
            _flag(f"{_PUPILS} > 0 AND ({to_register} = 0 OR {_enough(7, _REPRESENTED, to_register)})"),
        ),
        8: (
            _PUPILS, "COALESCE(s.declared_pupils, 0)", "0", "0", _flag(f"{_PUPILS} > 0"),
            _flag(_enough(8, _PUPILS, "COALESCE(s.declared_pupils, 0)")),
        ),
        9: (mastered, str(CONDITIONS_OF_USE), "0", "0", _flag(f"{mastered} > 0"), proved_use),
    }  # fmt: skip


COLUMNS = ("part", "whole", "excused", "mistakes", "started", "proved")


def facts_select(bounds: Bounds = COUNTRY) -> str:
    """Return the statement: school, region, municipality, and part_1 … proved_9.

    Parameters: today, sunday (= today), school_year, rating, and the keys of the bounds.
    """
    columns = [
        f"{expression} AS {name}_{number}"
        for number, expressions in _columns().items()
        for name, expression in zip(COLUMNS, expressions, strict=True)
    ]
    for step in STEPS:
        kinds = ", ".join(f"marks_of_{place}.kind_{step.number}" for place in PLACES)
        days = ", ".join(f"plans_of_{place}.day_{step.number}" for place in PLACES)
        columns += [f"COALESCE({kinds}, '') AS mark_{step.number}", f"COALESCE({days}) AS planned_{step.number}"]
    joins = [
        f"LEFT JOIN ({select}) {name} ON {name}.{_key(name)} = {_JOINS.get(name, 's.id')}"
        for name, select in (_sources(bounds) | _words(bounds)).items()
    ]
    return (
        f"SELECT s.id AS school_id, s.region_id, s.municipality_id, {', '.join(columns)}"  # noqa: S608
        f" FROM ({SCHOOLS_IN_SCOPE}) scope JOIN schools_school s ON s.id = scope.school_id {' '.join(joins)}"
        f" WHERE true{bounds.schools}"
    )


def _key(source: str) -> str:
    """The column of a source that names its place."""
    if "_of_" in source:
        return f"{source.rpartition('_')[2]}_id"
    return "place_id" if source.endswith("_heads") else "school_id"
