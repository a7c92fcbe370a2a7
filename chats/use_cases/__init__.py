"""The 27 cases in which a school uses chats, as the source deck lists them (31.05.2023); the rules are ours."""

from chats.use_cases import families, projects, staff
from chats.use_cases.kinds import Group, UseCase

__all__ = ["CLASS_CHAT_NUMBERS", "USE_CASES", "USE_CASE_BY_NUMBER", "Group", "UseCase", "use_case_choices"]

USE_CASES = (*staff.CASES, *families.CASES, *projects.CASES)
USE_CASE_BY_NUMBER = {use_case.number: use_case for use_case in USE_CASES}
CLASS_CHAT_NUMBERS = tuple(use_case.number for use_case in USE_CASES if use_case.is_class_chat)


def use_case_choices() -> list[tuple[int, str]]:
    """Return (number, name) pairs for form fields."""
    return [(use_case.number, use_case.name) for use_case in USE_CASES]
