"""Chats expected and present counted as a set: equal to the rules applied to each school alone."""

import datetime
import random
from collections.abc import Iterator

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from chats.findings import covered
from chats.models import Chat, ChosenCase
from chats.roles import ASSOCIATIONS
from chats.talks.loading import read_school
from chats.use_cases import USE_CASES
from chats.use_cases.kinds import Unit
from reports.chat_coverage.counting import count_chats
from reports.models import ChatCount, SchoolChats
from schools.kinds import GENERAL_KINDS
from schools.models import Municipality, Region, School, SchoolClass
from staff.models import ClassTeacher, StaffMember
from tests.chats.school import chat, make
from tests.conftest import Cast

pytestmark = pytest.mark.django_db
DAYS = (datetime.date(2026, 11, 26), datetime.date(2027, 3, 2), datetime.date(2026, 8, 20), datetime.date(2027, 6, 30))
POSITIONS = (
    "директор",
    "заместитель директора по УВР",
    "Заместитель директора по ВР, учитель истории",
    "заместитель директора по ИКТ",
    *("учитель физики", "учитель химии", "УЧИТЕЛЬ БИОЛОГИИ", "учитель географии", "учитель") * 2,
    "учитель начальных классов",
    "инженер-программист",
    "педагог-психолог",
    "учитель-логопед",
    "рабочий по комплексному обслуживанию и ремонту зданий",
    "заведующий хозяйством",
    "",
)
SUBJECTS = ("", "", "физика", "химия, биология", "история", "начальные классы", "русский язык", "Алгебра")


@pytest.fixture(autouse=True)
def day() -> Iterator[time_machine.Traveller]:
    """A Thursday in the school year; a test may move it."""
    with time_machine.travel(datetime.datetime(2026, 11, 26, 9, tzinfo=datetime.UTC), tick=False) as traveller:
        yield traveller


def build(seed: int, day: datetime.date) -> None:
    """Save a random country around a day on which every comparison decides."""
    dice = random.Random(seed)
    regions = list(Region.objects.filter(code__in=["47", "78"]))
    places = [Municipality.objects.create(region=regions[n % 2], name=f"Район {seed}-{n}") for n in range(3)]
    for number in range(8):
        place = dice.choice([*places, None])
        school = School.objects.create(
            code=f"{seed}-{number}",
            region=place.region if place else dice.choice(regions),
            municipality=place,
            full_name="Школа",
            short_name=f"Школа {number}",
            kind=dice.choice(["school", "lyceum", "school", "preschool"]),
            excluded_because=dice.choice(["", "", "", "", "на ремонте"]),
        )
        _fill(dice, school, day)


def _near(dice: random.Random, day: datetime.date) -> datetime.date | None:
    return dice.choice([None, None, None, day + datetime.timedelta(days=dice.randint(-1, 1))])


def _fill(dice: random.Random, school: School, day: datetime.date) -> None:
    year = day.year if day.month >= 9 else day.year - 1
    classes = []
    for grade in dice.sample(range(1, 12), dice.randint(0, 6)):
        letter = dice.choice("АБ")
        classes.append(
            SchoolClass.objects.create(school=school, year=year - dice.choice([0, 0, 0, 1]), grade=grade, letter=letter)
        )
    for number in range(dice.randint(0, 20)):
        hired_on = _near(dice, day)
        person = StaffMember.objects.create(
            school=school,
            last_name=f"Людина{number}",
            first_name="Анна",
            position=dice.choice(POSITIONS),
            subjects=dice.choice(SUBJECTS),
            hired_on=hired_on,
            known_on=_near(dice, day),
            left_on=None if hired_on else _near(dice, day),
        )
        for one in dice.sample(classes, min(len(classes), dice.choice([0, 0, 1]))):
            ClassTeacher.objects.create(staff=person, school_class=one)
    for number in dice.sample([case.number for case in USE_CASES if case.is_optional], dice.randint(0, 3)):
        ChosenCase.objects.create(school=school, use_case=number)
    for number in range(dice.randint(0, 25)):
        _add_chat(dice, school, classes, day, number)


def _add_chat(dice: random.Random, school: School, classes: list[SchoolClass], day: datetime.date, number: int) -> None:
    opened_on = day - datetime.timedelta(days=dice.choice([50, 1, 0, -1]))
    closed_on = dice.choice([None, None, day, day + datetime.timedelta(days=1)])
    Chat.objects.create(
        school=school,
        use_case=dice.choice([1, 2, 3, 5, 5, 5, 7, 10, 13, 14, 15, 15, 16, 18, 21, 22, 24, 27]),
        school_class=dice.choice([*classes, None]),
        area=dice.choice([None, 5, 5, *(each.number for each in ASSOCIATIONS)]),
        channel=dice.choice([1, 2, 2, 3, 9]),
        title=f"Чат {number}",
        opened_on=opened_on,
        closed_on=max(opened_on, closed_on) if closed_on else None,
    )


def by_rules(day: datetime.date) -> dict[tuple[int, int], tuple[int, int]]:
    """The oracle: every counted school read alone by the rules of pages."""
    found = {}
    for school in School.objects.filter(kind__in=GENERAL_KINDS, excluded_because=""):
        standing = read_school(school, day, families=False).standing
        for case in USE_CASES:
            present, expected = covered(standing, [case])
            if expected:
                found[school.pk, case.number] = (expected, present)
    return found


def stored() -> dict[tuple[int, int], tuple[int, int]]:
    """What the statement wrote."""
    rows = SchoolChats.objects.values_list("school_id", "use_case", "expected", "present")
    return {(school, case): (expected, present) for school, case, expected, present in rows}


@pytest.mark.parametrize("day_", DAYS, ids=str)
@pytest.mark.parametrize("seed", range(6))
def test_set_statement_equals_the_rules_of_each_school(
    day: time_machine.Traveller, seed: int, day_: datetime.date
) -> None:
    day.move_to(datetime.datetime.combine(day_, datetime.time(9), datetime.UTC))
    build(seed, day_)

    count_chats()

    expected = by_rules(day_)
    assert stored() == expected
    assert expected


def test_random_schools_try_every_unit_and_both_answers(db: None) -> None:
    for seed in range(6):
        build(seed, DAYS[0])
    count_chats()

    rows = list(SchoolChats.objects.values_list("use_case", "expected", "present"))

    units = {case.number: case.unit for case in USE_CASES}
    for unit in Unit:
        of_unit = [(expected, present) for case, expected, present in rows if units[case] == unit]
        assert any(present for _, present in of_unit), unit
        assert any(present < expected for expected, present in of_unit), unit


def test_one_school_is_counted_like_the_country_and_only_changes_are_written(cast: Cast) -> None:
    made = make(cast.school)
    count_chats()
    before = stored()
    chat(made.school, 15, school_class=made.sixth)

    changed = count_chats(school=made.school)
    again = count_chats()

    assert (changed, again) == (1, 0)
    assert stored() == before | {(made.school.pk, 15): (2, 1)}
    assert ChatCount.objects.count() == 2


def test_region_is_counted_apart(cast: Cast) -> None:
    make(cast.school)
    make(cast.foreign)

    count_chats(region=cast.region)

    schools = set(SchoolChats.objects.values_list("school_id", flat=True))
    assert cast.school.pk in schools
    assert cast.foreign.pk not in schools
    assert set(SchoolChats.objects.values_list("region_id", flat=True)) == {cast.region.pk}


def test_what_is_expected_no_more_loses_its_row(cast: Cast) -> None:
    made = make(cast.school)
    count_chats()
    made.sixth.delete()
    cast.sibling.excluded_because = "на ремонте"
    cast.sibling.save()

    count_chats(school=made.school)
    count_chats()

    assert not SchoolChats.objects.filter(school=made.school, use_case=14).exists()
    assert not SchoolChats.objects.filter(school=cast.sibling).exists()
    assert SchoolChats.objects.filter(school=cast.cousin, use_case=13).exists()


def test_country_costs_as_many_queries_for_ten_times_the_schools(cast: Cast) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            count_chats()
        return len(queries)

    make(cast.school)
    asked()
    before = asked()
    build(1, DAYS[0])
    build(2, DAYS[0])

    assert asked() == before
