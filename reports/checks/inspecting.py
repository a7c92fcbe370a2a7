"""What checks judge in Python: СНИЛС, sealed in the database, and names whose spelling nobody keeps (pure)."""

import re

from reports.checks.kinds import Person
from schools.codes import clean_snils
from staff.names import ISSUES, name_issue

_LEGAL = frozenset({"", "patronymic_missing"})  # a child may have no patronymic; nobody has to mark it


def wrong_snils(person: Person) -> str:
    """Say what is wrong with a number; '' where it agrees or is not given. The number itself is never told."""
    snils = person.snils
    if not snils:
        return ""
    problem = clean_snils(snils).problem
    return "контрольное число не сходится" if problem and problem.code == "check_digit" else _other(bool(problem))


def _other(is_wrong: bool) -> str:
    return "это не СНИЛС: нужны одиннадцать цифр" if is_wrong else ""


# Three words as nearly everybody has them: nothing `name_issue` would say of them, at a tenth of its price.
_USUAL = re.compile("[А-ЯЁ][а-яё]{0,39} [А-ЯЁ][а-яё]{1,39} [А-ЯЁ][а-яё]{1,36}(?:вич|[оеёю]вна)")


def wrong_name(person: Person) -> str:
    """Say what is wrong with a name, a missing patronymic aside; '' where it is in order."""
    if _USUAL.fullmatch(f"{person.last_name} {person.first_name} {person.patronymic}"):
        return ""
    issue = name_issue(person.last_name, person.first_name, person.patronymic, person.no_patronymic)
    return "" if issue in _LEGAL else ISSUES[issue]
