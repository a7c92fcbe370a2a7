"""The 27 cases as data: complete, named as the source names them, with rules that say who and when."""

import datetime

import pytest

from chats.roles import Role
from chats.roster import STAFF, ClassLine, GuardianLine, Person, Place, PupilLine, Roster, StaffLine
from chats.use_cases import CLASS_CHAT_NUMBERS, USE_CASE_BY_NUMBER, USE_CASES, Group
from chats.use_cases.kinds import Lifetime, Season
from chats.use_cases.members import Pupils, rule_text, seats_of, staff_roles

DAY = datetime.date(2026, 11, 26)


def test_there_are_thirteen_eight_and_six() -> None:
    groups = [each.group for each in USE_CASES]

    assert [groups.count(group) for group in Group] == [13, 8, 6]
    assert [each.number for each in USE_CASES] == list(range(1, 28))
    assert CLASS_CHAT_NUMBERS == (14, 15)
    assert len({each.key for each in USE_CASES}) == 27


@pytest.mark.parametrize("case", USE_CASES, ids=[each.key for each in USE_CASES])
def test_case_says_what_for_who_and_when(case: object) -> None:
    texts = (case.purpose, case.title, case.expected.why, rule_text(case.members))  # type: ignore[attr-defined]

    assert all(len(text) > 4 for text in texts)
    assert "{class}" in case.title or not case.per_class  # type: ignore[attr-defined]
    assert (case.season is not None) == (case.lifetime == Lifetime.SEASON)  # type: ignore[attr-defined]


def test_class_chat_with_parents_asks_one_adult_a_child() -> None:
    class_line = ClassLine(7, 6, "Б")
    roster = Roster(
        staff=(StaffLine(1, "Каренина О. С.", leads=frozenset({7})), StaffLine(2, "Зимин О. И.")),
        classes=(class_line,),
        pupils=(PupilLine(11, "Мороз Лев", 7), PupilLine(12, "Рябов Пётр", 7), PupilLine(13, "Чужой Ян", None)),
        guardians=(GuardianLine(21, "Мороз Зоя", frozenset({11})), GuardianLine(22, "Мороз Олег", frozenset({11}))),
    )

    seats = seats_of(USE_CASE_BY_NUMBER[15].members, roster, Place(class_line))

    assert [(each.about, each.name) for each in seats] == [
        ("", "Каренина О. С."),
        ("Мороз Лев", "Мороз Зоя, Мороз Олег"),
    ]
    assert seats[1].is_filled(frozenset({Person("guardian", 22)}))
    assert not seats[1].is_filled(frozenset({Person("staff", 21)}))


def test_person_named_by_two_parts_of_a_rule_has_one_seat() -> None:
    roster = Roster(
        staff=(StaffLine(1, "Каренина", roles=Role.UPBRINGING, leads=frozenset({7})),), classes=(ClassLine(7, 6, "Б"),)
    )

    seats = seats_of(USE_CASE_BY_NUMBER[7].members, roster, Place())

    assert [each.people for each in seats] == [frozenset({Person(STAFF, 1)})]
    assert staff_roles(USE_CASE_BY_NUMBER[7].members) == Role.UPBRINGING | Role.CLASS_TEACHER


def test_pupils_council_takes_one_from_each_class_from_the_fifth_on() -> None:
    roster = Roster(
        classes=(ClassLine(1, 4, "А"), ClassLine(2, 5, "А"), ClassLine(3, 6, "А")),
        pupils=(PupilLine(11, "", 1), PupilLine(12, "", 2), PupilLine(13, "", 2)),
    )

    seats = seats_of(USE_CASE_BY_NUMBER[19].members, roster, Place())

    assert [(each.about, len(each.people)) for each in seats] == [("5А класс", 2)]


@pytest.mark.parametrize(
    "number, opened_on, ends_on",
    (
        (1, DAY, None),
        (15, DAY, None),
        (21, DAY, datetime.date(2027, 8, 31)),
        (22, DAY, datetime.date(2027, 6, 30)),
        (24, datetime.date(2026, 8, 20), datetime.date(2026, 9, 30)),
        (25, datetime.date(2026, 2, 10), datetime.date(2026, 4, 20)),
        (27, DAY, None),
    ),
)
def test_chat_ends_by_the_lifetime_of_its_case(
    number: int, opened_on: datetime.date, ends_on: datetime.date | None
) -> None:
    found = USE_CASE_BY_NUMBER[number].ends_on(opened_on)

    assert found == ends_on


def test_season_may_run_over_the_new_year() -> None:
    season = Season((10, 1), (6, 30))

    assert season.holds_on(DAY)
    assert season.holds_on(datetime.date(2027, 6, 30))
    assert not season.holds_on(datetime.date(2027, 7, 1))
    assert season.end_after(DAY) == datetime.date(2027, 6, 30)


def test_grades_are_named_where_they_narrow() -> None:
    texts = [Pupils(frozenset(grades)).text for grades in (range(1, 13), {9, 11}, range(5, 13), {9})]

    assert texts == [
        "обучающиеся",
        "обучающиеся 9 и 11 классов",
        "обучающиеся 5–12 классов",
        "обучающиеся 9 классов",
    ]
