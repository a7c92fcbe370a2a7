"""All checks in one list, found by key, number and source."""

from reports.checks.kinds import Check
from reports.checks.of_life import OF_LIFE
from reports.checks.of_rosters import OF_ROSTERS
from reports.checks.of_schools import OF_SCHOOLS
from reports.checks.of_staff import OF_STAFF
from reports.checks.sources import SOURCE_BY_KEY, SOURCES, Source

CHECKS: tuple[Check, ...] = (*OF_STAFF, *OF_ROSTERS, *OF_SCHOOLS, *OF_LIFE)
CHECK_BY_KEY = {check.key: check for check in CHECKS}
CHECK_BY_NUMBER = {check.number: check for check in CHECKS}
WEIGHTS = sum(check.weight for check in CHECKS)  # of a school: the whole of its quality


def source_of(check: Check) -> Source:
    """Return where a check takes its rows."""
    return SOURCE_BY_KEY[check.source]


def judged_by_sql() -> list[tuple[Source, list[Check]]]:
    """Return the sources with those of their checks that the database judges."""
    return _grouped([check for check in CHECKS if check.inspect is None])


def judged_in_python() -> list[tuple[Source, list[Check]]]:
    """Return the sources with those of their checks that Python judges."""
    return _grouped([check for check in CHECKS if check.inspect is not None])


def _grouped(checks: list[Check]) -> list[tuple[Source, list[Check]]]:
    groups = [(source, [check for check in checks if check.source == source.key]) for source in SOURCES]
    return [(source, found) for source, found in groups if found]
