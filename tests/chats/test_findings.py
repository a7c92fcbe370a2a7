"""Chats expected of a school, and what stands between them and those there are; no database."""

import datetime
from dataclasses import replace
from typing import Any

from chats.findings import ChatLine, Finding, covered, standing
from chats.proposals import likely_owners, proposals
from chats.roles import Role
from chats.roster import ClassLine, GuardianLine, Person, PupilLine, Roster, StaffLine
from chats.use_cases import USE_CASE_BY_NUMBER, USE_CASES

DAY, YEAR = datetime.date(2026, 11, 26), 2026
SIX, ONE, NINE = ClassLine(6, 6, "Б"), ClassLine(1, 1, "А"), ClassLine(9, 9, "А")
PEOPLE = (
    StaffLine(1, "Директорова", roles=Role.DIRECTOR),
    StaffLine(2, "Замова", roles=Role.DEPUTY | Role.STUDIES),
    StaffLine(3, "Физикова", roles=Role.SUBJECT_TEACHER, areas=frozenset({5}), leads=frozenset({6})),
    StaffLine(4, "Химикова", roles=Role.SUBJECT_TEACHER, areas=frozenset({5})),
    StaffLine(5, "Биологова", roles=Role.SUBJECT_TEACHER, areas=frozenset({5}), leads=frozenset({1})),
)
SCHOOL = Roster(
    staff=PEOPLE,
    classes=(ONE, SIX),
    pupils=(PupilLine(11, "Мороз Лев", 6), PupilLine(12, "Рябов Пётр", 6)),
    guardians=(GuardianLine(21, "Мороз Зоя", frozenset({11})), GuardianLine(22, "Рябова Яна", frozenset({12}))),
)


def chat(use_case: int, **facts: Any) -> ChatLine:
    """A chat in MAX, opened in September by somebody who works."""
    usual: dict[str, Any] = {"id": use_case * 10, "title": "Чат", "channel": 2, "opened_on": datetime.date(2026, 9, 1)}
    return ChatLine(**(usual | {"use_case": use_case} | facts))


def keys(findings: list[Finding]) -> list[str]:
    """Kinds of findings, in order."""
    return [each.kind.key for each in findings]


def test_school_has_the_chats_its_people_and_classes_ask_for() -> None:
    found = proposals(SCHOOL, DAY)

    assert [(each.use_case.number, each.title) for each in found] == [
        (1, "Администрация"),
        (3, "Учителя-предметники"),
        (5, "МО: естественные науки"),
        (7, "Классные руководители"),
        (13, "Сайт и сообщество"),
        (14, "6Б. Класс"),
        (15, "1А. Родители"),
        (15, "6Б. Родители"),
        (18, "Совет родителей"),
        (19, "Старостат"),
        (20, "Олимпиады и конкурсы"),
    ]


def test_exam_chats_are_asked_of_schools_with_exam_classes_in_season() -> None:
    with_nine = replace(SCHOOL, classes=(ONE, NINE))

    winter = {each.use_case.number for each in proposals(with_nine, DAY)}
    summer = {each.use_case.number for each in proposals(with_nine, datetime.date(2026, 7, 15))}

    assert {21, 22} <= winter
    assert 22 not in summer
    assert not {21, 22} & {each.use_case.number for each in proposals(SCHOOL, DAY)}


def test_optional_chats_are_missing_only_once_turned_on() -> None:
    asked = {each.use_case.number for each in proposals(SCHOOL, DAY)}
    wanting = replace(SCHOOL, chosen=frozenset({17, 27}))

    more = [each.title for each in proposals(wanting, DAY) if each.use_case.number in (17, 27)]

    assert not asked & {each.number for each in USE_CASES if each.is_optional}
    assert more == ["1А. Родительский", "6Б. Родительский", "Поездка"]


def test_empty_school_is_asked_for_its_website_alone() -> None:
    found = proposals(Roster(), DAY)

    assert [each.use_case.number for each in found] == [13]


def test_owner_is_proposed_by_the_case_or_is_of_the_class() -> None:
    six = next(each for each in proposals(SCHOOL, DAY) if each.title == "6Б. Родители")

    assert likely_owners(six.use_case, six.place, SCHOOL) == [3]
    assert likely_owners(USE_CASE_BY_NUMBER[3], six.place, SCHOOL)[:2] == [2, 1]


def test_missing_chats_come_first_and_chats_there_are_cover() -> None:
    there = [chat(1), chat(15, class_line=SIX, class_year=YEAR)]

    found = standing(SCHOOL, there, DAY, YEAR)

    assert keys(found.findings) == ["missing"] * 9
    assert covered(found, USE_CASES) == (2, 11)


def test_chat_of_last_years_class_is_carried_over_not_missing() -> None:
    last = chat(15, class_line=ClassLine(50, 5, "Б"), class_year=YEAR - 1)

    found = standing(SCHOOL, [last], DAY, YEAR)

    carried = next(each for each in found.findings if each.kind.key == "carry")
    assert carried.chat == last
    assert carried.proposal is not None
    assert carried.proposal.title == "6Б. Родители"
    assert "overdue" not in keys(found.findings)
    assert covered(found, USE_CASES) == (0, 11)


def test_chat_of_a_class_that_has_left_is_overdue() -> None:
    graduated = chat(15, class_line=ClassLine(99, 9, "А"), class_year=YEAR - 1)

    found = standing(SCHOOL, [graduated], DAY, YEAR)

    assert "overdue" in keys(found.findings_of(graduated))


def test_temporary_chat_past_its_day_is_overdue_unless_prolonged() -> None:
    late = chat(24, opened_on=datetime.date(2026, 8, 20))
    prolonged = replace(late, ends_on=datetime.date(2026, 12, 1))

    assert keys(standing(SCHOOL, [late], DAY, YEAR).findings_of(late)) == ["overdue"]
    assert standing(SCHOOL, [prolonged], DAY, YEAR).findings_of(prolonged) == []


def test_foreign_messenger_is_a_finding_with_its_ground_and_covers_nothing() -> None:
    foreign = chat(1, channel=9)

    found = standing(SCHOOL, [foreign], DAY, YEAR)

    assert found.findings[0].kind.key == "foreign"
    assert dict(found.findings[0].kind.acts)["law-149"] == "149-ФЗ, статья 10, часть 8"
    assert covered(found, [USE_CASE_BY_NUMBER[1]]) == (0, 1)
    assert not any(each.kind.key == "missing" and each.use_case.number == 1 for each in found.findings)


def test_chat_in_the_old_channel_covers_and_waits_to_be_moved() -> None:
    old, new = chat(1, id=1, channel=1), chat(1, id=2)

    alone = standing(SCHOOL, [old], DAY, YEAR)
    beside = standing(SCHOOL, [old, new], DAY, YEAR)

    assert keys(alone.findings_of(old)) == ["old_channel"]
    assert covered(alone, [USE_CASE_BY_NUMBER[1]]) == (1, 1)
    assert beside.chat_of[1, 0, 0] == new


def test_owner_who_left_and_no_owner_are_told() -> None:
    left, none = chat(1, owner_works=False), chat(3, has_owner=False, owner_works=False)
    parents = chat(17, has_owner=False, class_line=SIX, class_year=YEAR)

    found = standing(SCHOOL, [left, none, parents], DAY, YEAR)

    assert keys(found.findings_of(left)) == ["owner_left"]
    assert keys(found.findings_of(none)) == ["no_owner"]
    assert found.findings_of(parents) == []


def test_absent_are_told_once_a_list_is_there() -> None:
    unknown = chat(15, class_line=SIX, class_year=YEAR)
    listed = replace(unknown, listed=True, present=frozenset({Person("staff", 3), Person("guardian", 21)}))

    found = standing(SCHOOL, [listed], DAY, YEAR).findings_of(listed)

    assert standing(SCHOOL, [unknown], DAY, YEAR).findings_of(unknown) == []
    assert [(each.kind.key, [seat.about for seat in each.absent], each.expected) for each in found] == [
        ("absent", ["Рябов Пётр"], 3)
    ]


def test_people_who_left_the_school_but_not_the_chat_are_told() -> None:
    open_door = chat(1, gone=2)

    found = standing(SCHOOL, [open_door], DAY, YEAR).findings_of(open_door)

    assert [(each.kind.key, each.expected) for each in found] == [("left_inside", 2)]


def test_chat_of_no_class_or_association_is_told_and_chats_of_classes_are_missed_first() -> None:
    of_nothing, of_no_area = chat(15), chat(5)

    found = standing(SCHOOL, [of_nothing, of_no_area], DAY, YEAR)

    assert keys(found.findings_of(of_nothing)) == ["placeless"]
    assert keys(found.findings_of(of_no_area)) == ["placeless"]
    assert [each.use_case.number for each in found.findings[:4]] == [14, 15, 15, 1]
