"""Roles and associations as the words of positions and subjects tell them."""

import pytest

from chats.roles import ASSOCIATIONS, ROLES, Role, areas_of, roles_of_position, roles_of_subjects

DEPUTY = Role.DEPUTY
POSITIONS = (
    ("директор", Role.DIRECTOR),
    ("и.о. директора", Role.DIRECTOR),
    ("заместитель директора по УВР", DEPUTY | Role.STUDIES | Role.UPBRINGING),
    ("заместитель директора по учебной работе", DEPUTY | Role.STUDIES),
    ("заместитель директора по воспитательной работе", DEPUTY | Role.UPBRINGING),
    ("Заместитель директора по учебно-воспитательной работе", DEPUTY | Role.STUDIES | Role.UPBRINGING),
    ("заместитель директора по ИКТ", DEPUTY | Role.INFORMATICS),
    ("заместитель директора по АХР", DEPUTY | Role.FACILITIES),
    ("заместитель директора по начальной школе", DEPUTY | Role.PRIMARY_HEAD),
    ("заместитель директора по УВР, учитель химии", DEPUTY | Role.STUDIES | Role.UPBRINGING | Role.SUBJECT_TEACHER),
    ("учитель начальных классов", Role.PRIMARY_TEACHER),
    ("учитель физики", Role.SUBJECT_TEACHER),
    ("учитель-логопед", Role.SUPPORT),
    ("педагог-психолог", Role.SUPPORT),
    ("педагог-организатор", Role.ORGANISER),
    ("старший вожатый", Role.ORGANISER),
    ("советник директора по воспитанию", Role.ORGANISER),
    ("инженер-программист", Role.ENGINEER),
    ("инженер по охране труда", Role(0)),
    ("рабочий по комплексному обслуживанию и ремонту зданий", Role.REPAIRER),
    ("заведующий хозяйством", Role.FACILITIES),
    ("секретарь учебной части", Role(0)),
    ("", Role(0)),
)


@pytest.mark.parametrize("position, roles", POSITIONS, ids=[position or "none" for position, _ in POSITIONS])
def test_position_names_its_roles(position: str, roles: Role) -> None:
    found = roles_of_position(position)

    assert found == roles


@pytest.mark.parametrize(
    "position, subjects, areas",
    (
        ("учитель", "физическая культура", {7}),
        ("учитель", "физика, астрономия", {5}),
        ("учитель русского языка и литературы", "", {1}),
        ("учитель математики", "алгебра, геометрия, вероятность и статистика", {2}),
        ("учитель труда", "труд (технология)", {6}),
        ("заместитель директора по УВР, учитель химии", "химия", {5}),
        ("учитель начальных классов", "литературное чтение", set()),
        ("педагог-библиотекарь", "литература", set()),
        ("инженер по охране труда", "", set()),
    ),
)
def test_teachers_of_subjects_belong_to_associations(position: str, subjects: str, areas: set[int]) -> None:
    found = areas_of(position, subjects)

    assert found == areas


def test_subjects_of_primary_school_make_a_teacher_of_it() -> None:
    found = roles_of_subjects("Начальные классы")

    assert found == Role.PRIMARY_TEACHER


def test_roles_are_single_bits_and_associations_have_numbers_of_their_own() -> None:
    bits = [each.role.value for each in ROLES]

    assert all(bit & (bit - 1) == 0 for bit in bits)
    assert len(set(bits)) == len(bits)
    assert len({each.number for each in ASSOCIATIONS}) == len(ASSOCIATIONS)
