"""Data checks: what may be wrong with a school's data, why it matters, how to mend it; counted as sets, listed by row.

To add a check, add an entry to of_staff, of_rosters, of_schools or of_life (kinds.Check says what an entry is) and a
case to tests/reports/check_cases.py: a check without a case fails the tests.
"""
