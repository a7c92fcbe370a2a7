"""The nine steps of every school: facts against a plain recount, states, movement, history, marks and dates."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from reports.models import SchoolStep, StepCount, StepEvent, StepState
from reports.steps.counting import count_steps, steps_of
from reports.steps.services import StepRefused, mark_step, master_function, plan_step, withdraw_mark
from schools.models import (
    Appointment,
    FunctionUse,
    Guardian,
    Guardianship,
    Pupil,
    School,
    SchoolClass,
    StepMark,
    StoredFile,
)
from schools.scope import Level
from schools.steps import STEPS
from schools.years import school_year_of
from staff.models import ClassTeacher, StaffImport, StaffMember
from tests.conftest import Cast
from tests.reports.steps_oracle import facts_of

pytestmark = pytest.mark.django_db
DAY = datetime.date(2026, 11, 26)


@pytest.fixture(autouse=True)
def day() -> Any:
    """A Thursday in the school year."""
    with time_machine.travel(datetime.datetime(2026, 11, 26, 9, tzinfo=datetime.UTC), tick=False) as traveller:
        yield traveller


def states(school: School) -> dict[int, str]:
    """Stored states by step, as words."""
    return {row.number: row.state_key for row in SchoolStep.objects.filter(school=school)}


def row(school: School, number: int) -> SchoolStep:
    """A stored row."""
    return SchoolStep.objects.get(school=school, number=number)


def come_in(cast: Cast) -> None:
    """Everyone appointed has signed in."""
    for person in (cast.nina, cast.marat, cast.sveta):
        person.last_login = timezone.now()
        person.save()


def teachers(school: School, count: int, **facts: Any) -> list[StaffMember]:
    """Save teachers of a school."""
    return [
        StaffMember.objects.create(
            school=school, last_name=f"Учителева{n}", first_name="Анна", is_teacher=True, **facts
        )
        for n in range(count)
    ]


def fill(school: School, number: int) -> None:
    """Give a school something of everything, different for every number."""
    people = teachers(school, 30 + number * 3)
    people[0].left_on = DAY
    people[0].save()
    for n in range(3 + number):
        one = SchoolClass.objects.create(school=school, year=school_year_of(DAY), grade=1 + n, letter="А")
        if n % (number + 2):
            ClassTeacher.objects.create(staff=people[n % 2], school_class=one)
        for m in range(4):
            pupil = Pupil.objects.create(school=school, school_class=one, last_name=f"Детева{n}{m}", first_name="Оля")
            for kind, dates in family(n + m + number):
                guardian = Guardian.objects.create(school=school, last_name=f"Родителева{n}{m}{kind}", first_name="Ия")
                Guardianship.objects.create(pupil=pupil, guardian=guardian, kind=kind, **dates)
    Pupil.objects.filter(school=school, last_name="Детева01").update(left_on=DAY)
    School.objects.filter(pk=school.pk).update(declared_pupils=14, declared_classes=4, declared_teachers=34 + number)
    for function in range(1, 2 + number):
        FunctionUse.objects.create(school=school, function=function, mastered_on=DAY)


def family(number: int) -> list[tuple[str, dict[str, Any]]]:
    """Representatives of a pupil: none, one, two, declined, registered…"""
    registered, declined, invited = {"registered_on": DAY}, {"declined_on": DAY}, {"invited_on": DAY}
    return [
        [],
        [("mother", registered)],
        [("mother", declined), ("father", declined)],
        [("mother", declined), ("father", registered)],
        [("mother", invited)],
        [("mother", declined), ("father", invited)],
    ][number % 6]


@pytest.fixture
def filled(cast: Cast, weeks_made: Callable[..., Any]) -> Cast:
    """Schools with something of everything, and a published week."""
    cast.marat.last_login = timezone.now()
    cast.marat.save()
    for number, school in enumerate((cast.school, cast.sibling, cast.cousin, cast.foreign)):
        fill(school, number)
    file = StoredFile.objects.create(school=cast.sibling, shown_name="список.xlsx", size=1, sha256="0" * 64)
    StaffImport.objects.create(school=cast.sibling, file=file, stage="planned", summary={"waiting": 2})
    School.objects.filter(pk=cast.cousin.pk).update(reconciled_on=DAY, municipality=None, region=cast.other_region)
    cast.cousin.refresh_from_db()
    weeks_made({cast.school: {}, cast.sibling: {"uses": 0, "active_chats": 0}, cast.cousin: {"uses": None}})
    return cast


def test_facts_agree_with_a_plain_recount(filled: Cast) -> None:
    count_steps()

    for school in School.objects.all():
        wanted = facts_of(school, DAY)
        found = {each.number: each for each in SchoolStep.objects.filter(school=school)}
        assert set(found) == set(range(1, 10))
        for number, facts in wanted.items():
            one = found[number]
            assert (one.part, one.whole, one.excused, one.mistakes) == facts[:4], (school, number)
            done = one.state in (StepState.DONE, StepState.CONFIRMED)
            assert done == (facts.proved and one.state != StepState.NEEDLESS), (school, number)


def test_one_school_alone_is_counted_as_among_all(filled: Cast) -> None:
    count_steps()

    for school in School.objects.all():
        stored = list(SchoolStep.objects.filter(school=school).order_by("number"))
        fresh = steps_of(school)
        names = [field.attname for field in SchoolStep._meta.concrete_fields]
        assert [[getattr(each, name) for name in names] for each in fresh] == [
            [getattr(each, name) for name in names] for each in stored
        ]


@pytest.mark.parametrize("bounds", [{"region"}, {"school"}, set()])
def test_counting_again_writes_no_row(filled: Cast, bounds: set[str]) -> None:
    count_steps()

    changed = count_steps(
        region=filled.region if "region" in bounds else None, school=filled.school if "school" in bounds else None
    )

    assert changed == 0
    assert StepEvent.objects.count() == 0


def test_a_part_of_the_country_is_counted_alone(filled: Cast) -> None:
    count_steps(region=filled.region)

    assert set(SchoolStep.objects.values_list("region__code", flat=True)) == {"78"}
    count_steps(school=filled.foreign)
    assert SchoolStep.objects.filter(school=filled.foreign).count() == 9
    assert StepCount.objects.count() == 1  # a single school is no count of a territory


def test_school_of_a_region_itself_needs_no_municipal_coordinator(filled: Cast) -> None:
    count_steps()

    assert row(filled.cousin, 3).state == StepState.NEEDLESS


def test_appointed_is_not_connected(cast: Cast) -> None:
    count_steps()
    assert states(cast.school)[4] == "working"

    cast.sveta.last_login = timezone.now()
    cast.sveta.save()
    count_steps()

    assert states(cast.school)[4] == "done"
    assert states(cast.sibling)[4] == "locked"  # nobody has come in for the municipality


def test_what_waits_for_another_step_is_locked_until_it_is_done(cast: Cast) -> None:
    Appointment.objects.filter(level=Level.SCHOOL).delete()
    count_steps()
    assert states(cast.school)[5] == "locked"

    teachers(cast.school, 10)
    count_steps()

    assert states(cast.school)[5] == "working"  # what has begun is not locked away


def test_part_stands_still_for_a_fortnight_and_is_stalled(cast: Cast, day: Any) -> None:
    come_in(cast)
    teachers(cast.school, 10)
    count_steps()
    assert states(cast.school)[5] == "working"

    day.shift(datetime.timedelta(days=14))
    count_steps()
    assert states(cast.school)[5] == "stalled"
    assert row(cast.school, 5).moved_on == DAY

    teachers(cast.school, 1)
    count_steps()

    assert states(cast.school)[5] == "working"
    history = StepEvent.objects.filter(school=cast.school, number=5).order_by("id")
    assert list(history.values_list("before", "after")) == [
        (StepState.WORKING, StepState.STALLED),
        (StepState.STALLED, StepState.WORKING),
    ]


def test_not_begun_is_stalled_only_where_it_is_the_schools_turn(cast: Cast, day: Any) -> None:
    come_in(cast)
    School.objects.update(reconciled_on=DAY)
    count_steps()

    day.shift(datetime.timedelta(days=20))
    count_steps()

    assert states(cast.school)[5] == "stalled"
    assert states(cast.school)[6] == "todo"


def test_declined_families_are_not_chased(cast: Cast) -> None:
    one = SchoolClass.objects.create(school=cast.school, year=2026, grade=1)
    for number in range(5):
        pupil = Pupil.objects.create(school=cast.school, school_class=one, last_name=f"Детева{number}", first_name="Я")
        guardian = Guardian.objects.create(school=cast.school, last_name="Родителева", first_name="Ия")
        dates: dict[str, Any] = {"declined_on": DAY} if number < 3 else {"registered_on": DAY}
        Guardianship.objects.create(pupil=pupil, guardian=guardian, kind="mother", **dates)
    School.objects.filter(pk=cast.school.pk).update(declared_pupils=5)

    count_steps()

    assert (row(cast.school, 7).part, row(cast.school, 7).excused) == (2, 3)
    assert states(cast.school)[7] == "done"


def test_school_that_closes_leaves_the_matrix_and_keeps_its_history(cast: Cast, day: Any) -> None:
    come_in(cast)
    teachers(cast.school, 10)
    count_steps()
    day.shift(datetime.timedelta(days=20))
    count_steps()

    School.objects.filter(pk=cast.school.pk).update(closed_on=DAY)
    count_steps()

    assert not SchoolStep.objects.filter(school=cast.school).exists()
    assert SchoolStep.objects.filter(school=cast.sibling).exists()
    assert StepEvent.objects.filter(school=cast.school).exists()


def test_two_counts_at_once_do_not_trip(cast: Cast) -> None:
    """Temporary tables of a count are gone when it ends, so that the same connection counts again."""
    count_steps()
    with pytest.raises(StepRefused):
        mark_step(place=cast.school, number=5, kind="done", reason="", by=cast.nina)
    count_steps()

    assert SchoolStep.objects.count() == 36


# Marks, dates, functions


def test_mark_by_hand_needs_a_reason_and_is_shown_as_such(cast: Cast) -> None:
    come_in(cast)
    mark_step(place=cast.school, number=7, kind="needless", reason="Интернат без представителей", by=cast.nina)
    mark_step(place=cast.school, number=6, kind="done", reason="Классы внесены в другой системе", by=cast.marat)

    assert (states(cast.school)[7], row(cast.school, 7).is_manual) == ("needless", True)
    assert (states(cast.school)[6], row(cast.school, 6).is_manual) == ("done", True)


def test_mark_opens_the_steps_that_wait_for_it(cast: Cast) -> None:
    Appointment.objects.filter(level=Level.SCHOOL).delete()
    count_steps()
    assert states(cast.school)[5] == "locked"

    mark_step(place=cast.school, number=4, kind="done", reason="Администратор ведёт две школы", by=cast.marat)

    assert states(cast.school)[5] == "todo"


def test_only_what_is_proved_can_be_confirmed(cast: Cast) -> None:
    come_in(cast)
    count_steps()
    with pytest.raises(StepRefused, match="доказано данными"):
        mark_step(place=cast.school, number=5, kind="confirmed", reason="Проверено", by=cast.marat)

    teachers(cast.school, 40)
    mark_step(place=cast.school, number=5, kind="confirmed", reason="Проверено по списку", by=cast.marat)
    assert states(cast.school)[5] == "confirmed"

    StaffMember.objects.filter(school=cast.school)[0].delete()
    StaffMember.objects.filter(pk__in=StaffMember.objects.filter(school=cast.school).values("pk")[:10]).delete()
    count_steps()
    assert states(cast.school)[5] == "working"  # the data take the word back


def test_mark_taken_back_stays_in_the_history(cast: Cast) -> None:
    mark = mark_step(place=cast.school, number=7, kind="needless", reason="По ошибке отмечено", by=cast.nina)

    withdraw_mark(mark, by=cast.marat)

    mark.refresh_from_db()
    assert mark.withdrawn_by == cast.marat
    assert states(cast.school)[7] == "locked"
    with pytest.raises(StepRefused, match="уже сняли"):
        withdraw_mark(mark, by=cast.marat)


def test_newer_mark_takes_the_place_of_the_older(cast: Cast) -> None:
    mark_step(place=cast.school, number=7, kind="needless", reason="Сначала одно", by=cast.nina)
    mark_step(place=cast.school, number=7, kind="done", reason="Потом другое", by=cast.nina)

    assert StepMark.objects.filter(withdrawn_at=None).count() == 1
    assert states(cast.school)[7] == "done"


def test_mark_of_a_municipality_holds_for_its_schools(cast: Cast) -> None:
    mark_step(place=cast.municipality, number=7, kind="needless", reason="Пилот без представителей", by=cast.nina)

    assert [states(school)[7] for school in (cast.school, cast.sibling)] == ["needless", "needless"]
    count_steps()
    assert states(cast.cousin)[7] == "locked"


@pytest.mark.parametrize("name", ["sveta", "observer", "stranger"])
def test_school_and_observer_mark_nothing(cast: Cast, name: str) -> None:
    with pytest.raises(StepRefused, match="координатор этой территории"):
        mark_step(place=cast.school, number=7, kind="done", reason="Сами себе отметили", by=cast.people[name])


def test_coordinator_marks_nothing_outside_the_territory(cast: Cast) -> None:
    for place in (cast.cousin, cast.foreign, cast.region, cast.other_municipality):
        with pytest.raises(StepRefused):
            mark_step(place=place, number=7, kind="needless", reason="Чужая территория", by=cast.marat)


def test_date_of_a_region_is_everybodys_until_a_place_has_its_own(cast: Cast) -> None:
    first, own = datetime.date(2026, 12, 1), datetime.date(2027, 1, 15)
    plan_step(place=cast.region, number=5, planned_on=first, by=cast.nina)
    plan_step(place=cast.school, number=5, planned_on=own, by=cast.marat)
    count_steps()

    assert [row(school, 5).planned_on for school in (cast.school, cast.sibling, cast.foreign)] == [own, first, None]

    plan_step(place=cast.school, number=5, planned_on=None, reason="Как у всех", by=cast.marat)
    assert row(cast.school, 5).planned_on == first


def test_date_is_moved_with_a_reason(cast: Cast) -> None:
    plan_step(place=cast.school, number=5, planned_on=DAY, by=cast.marat)

    with pytest.raises(StepRefused, match="с причиной"):
        plan_step(place=cast.school, number=5, planned_on=DAY + datetime.timedelta(days=9), by=cast.marat)
    with pytest.raises(StepRefused, match="уже такой"):
        plan_step(place=cast.school, number=5, planned_on=DAY, reason="Ещё раз то же", by=cast.marat)


def test_function_is_mastered_and_taken_back(cast: Cast) -> None:
    master_function(school=cast.school, number=2, mastered=True, note="Урок 12 ноября", by=cast.sveta)
    assert row(cast.school, 9).part == 1

    master_function(school=cast.school, number=2, mastered=False, by=cast.sveta)

    assert row(cast.school, 9).part == 0


def test_count_of_steps_asks_the_same_number_of_queries(cast: Cast) -> None:
    with CaptureQueriesContext(connection) as few:
        count_steps()
    for number in range(30):
        School.objects.create(
            code=f"78100{number}", region=cast.region, municipality=cast.municipality,
            short_name=f"Школа {number}", full_name=f"Школа {number}",
        )  # fmt: skip

    with CaptureQueriesContext(connection) as many:
        count_steps()

    assert len(many) == len(few)
    assert SchoolStep.objects.count() == 34 * len(STEPS)


@pytest.mark.postgres("SQLite has no planner to tell")
@pytest.mark.django_db(transaction=True)
def test_steps_of_a_school_leave_the_planner_as_it_was(cast: Cast) -> None:
    found = steps_of(cast.school)

    with connection.cursor() as cursor:
        cursor.execute("SHOW join_collapse_limit")
        limit = cursor.fetchone()[0]
    assert len(found) == len(STEPS)
    assert limit == "8"
