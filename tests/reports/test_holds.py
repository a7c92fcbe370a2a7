"""Values held for a human: which are, what that does to the rating, who decides, and who ever learns of it."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from celery import current_app
from django.test import Client

from reports.counting import count_week
from reports.hold_decisions import DecisionRefused, decide
from reports.holds import EVEN, HOLD_KINDS, JUMP, OVER, STALE
from reports.indicators import INDICATOR_BY_KEY
from reports.models import (
    ActivityCoverage,
    ActivityLoad,
    Hold,
    HoldDecision,
    HoldRule,
    Holiday,
    Rating,
    StaffActivity,
    Verdict,
    WeekRun,
)
from reports.publishing import publish, verify
from reports.tasks import run_week
from reports.weeks import IsoWeek
from schools.jobs import JobState
from schools.models import School, User
from schools.platforms import SFERUM
from schools.scope import Level
from staff.models import StaffMember
from tests.conftest import Cast
from tests.reports.test_counting import row_of

pytestmark = pytest.mark.django_db
WEEK = IsoWeek(2026, 46)
ACTIVE = INDICATOR_BY_KEY["staff_active"]
AFTER = datetime.datetime(2026, 11, 16, 5, tzinfo=datetime.UTC)  # WEEK is over


def active(school: School, week: IsoWeek, count: int, *, even: bool = False) -> None:
    """Deliver a school's week in which so many teachers wrote, each a number of messages of their own unless even."""
    if not hasattr(school, "told"):
        school.told = []  # type: ignore[attr-defined]
    told: list[StaffMember] = school.told  # type: ignore[attr-defined]
    while len(told) < count:
        who = {"last_name": "Иванов", "first_name": "Иван", "patronymic": "Петрович", "hired_on": "2026-09-01"}
        told.append(StaffMember.objects.create(school=school, is_teacher=True, **who))
    load = ActivityLoad.objects.create(week=week.number, platform=SFERUM.number, source="тест")
    ActivityCoverage.objects.create(week=week.number, platform=SFERUM.number, school=school, load=load)
    StaffActivity.objects.bulk_create(
        StaffActivity(
            week=week.number,
            platform=SFERUM.number,
            school=school,
            staff=member,
            is_teacher=True,
            messages=3 if even else number + 1,
        )
        for number, member in enumerate(told[:count])
    )


def declare(school: School, teachers: int) -> None:
    """Say how many teachers the school has by ОО-1."""
    School.objects.filter(pk=school.pk).update(declared_teachers=teachers)


def published(weeks: int, school: School, counts: list[int], **how: Any) -> None:
    """Publish the weeks before WEEK, the oldest first, with so many active in each."""
    for week, count in zip(WEEK.shift(-1).back(weeks), counts, strict=True):
        active(school, week, count, **how)
        with time_machine.travel(week.closes_at + datetime.timedelta(hours=5), tick=False):
            publish(count_week(week))


def kinds(rating: Rating) -> list[tuple[int, int]]:
    """(indicator, kind) of everything held in a revision."""
    return sorted(Hold.objects.filter(rating=rating).values_list("indicator", "kind"))


@pytest.mark.parametrize(("wrote", "found"), [(30, []), (31, [(ACTIVE.number, OVER.number)])])
def test_half_as_much_again_as_the_whole_is_held(cast: Cast, wrote: int, found: list[tuple[int, int]]) -> None:
    declare(cast.school, 20)
    active(cast.school, WEEK, wrote)

    assert kinds(count_week(WEEK)) == found


@pytest.mark.parametrize(("whole", "wrote", "held"), [(4, 13, False), (10, 19, False), (10, 20, True)])
def test_few_people_over_the_whole_are_only_marked(cast: Cast, whole: int, wrote: int, held: bool) -> None:
    declare(cast.school, whole)
    active(cast.school, WEEK, wrote)

    assert kinds(count_week(WEEK)) == ([(ACTIVE.number, OVER.number)] if held else [])


@pytest.mark.parametrize(
    ("before", "wrote", "held"), [(6, 36, True), (6, 30, False), (6, 35, False), (8, 40, False), (0, 36, False)]
)
def test_jump_is_more_than_five_times_and_thirty_people(cast: Cast, before: int, wrote: int, held: bool) -> None:
    declare(cast.school, 60)
    published(1, cast.school, [before])
    active(cast.school, WEEK, wrote)

    assert kinds(count_week(WEEK)) == ([(ACTIVE.number, JUMP.number)] if held else [])


def test_jump_after_holidays_is_no_news(cast: Cast) -> None:
    declare(cast.school, 60)
    published(1, cast.school, [6])
    active(cast.school, WEEK, 40)
    day = WEEK.shift(-1).sunday
    Holiday.objects.create(region=cast.foreign.region, starts_on=day, ends_on=day)
    assert kinds(count_week(WEEK)) == [(ACTIVE.number, JUMP.number)]

    Holiday.objects.create(region=cast.region, starts_on=day, ends_on=day)

    assert kinds(count_week(WEEK)) == []


@pytest.mark.parametrize(("counts", "held"), [([30, 30, 30], True), ([31, 30, 30], False), ([30, 30, 31], False)])
def test_same_number_four_weeks_running_is_held(cast: Cast, counts: list[int], held: bool) -> None:
    declare(cast.school, 60)
    published(3, cast.school, counts)
    active(cast.school, WEEK, 30)

    assert kinds(count_week(WEEK)) == ([(ACTIVE.number, STALE.number)] if held else [])


def test_three_same_weeks_are_not_four(cast: Cast) -> None:
    declare(cast.school, 60)
    published(2, cast.school, [30, 30])
    active(cast.school, WEEK, 30)

    assert kinds(count_week(WEEK)) == []


def test_same_small_number_is_chance(cast: Cast) -> None:
    declare(cast.school, 60)
    published(3, cast.school, [29, 29, 29])
    active(cast.school, WEEK, 29)

    assert kinds(count_week(WEEK)) == []


@pytest.mark.parametrize(("wrote", "held"), [(10, True), (9, False)])
def test_everybody_doing_the_same_is_held(cast: Cast, wrote: int, held: bool) -> None:
    declare(cast.school, 60)
    active(cast.school, WEEK, wrote, even=True)

    assert kinds(count_week(WEEK)) == ([(ACTIVE.number, EVEN.number)] if held else [])


def test_those_who_do_not_teach_are_not_asked_about(cast: Cast) -> None:
    declare(cast.school, 60)
    active(cast.school, WEEK, 10, even=True)
    StaffActivity.objects.filter(pk=StaffActivity.objects.order_by("pk")[0].pk).update(is_teacher=False)

    assert kinds(count_week(WEEK)) == []


def test_held_value_leaves_ranks_and_sums_and_others_stay(cast: Cast) -> None:
    for school in (cast.school, cast.sibling):
        declare(school, 20)
    active(cast.school, WEEK, 40)
    active(cast.sibling, WEEK, 10)

    rating = count_week(WEEK)

    held = row_of(rating, Level.SCHOOL, cast.school.pk)
    assert (held.part, held.whole, held.rank, held.missing) == (None, None, None, 1)
    town = row_of(rating, Level.MUNICIPALITY, cast.municipality.pk)
    assert (town.part, town.whole, town.schools, town.missing) == (10, 20, 1, 1)
    assert row_of(rating, Level.SCHOOL, cast.sibling.pk).rank == 1


def test_rule_switched_off_holds_nothing(cast: Cast) -> None:
    HoldRule.objects.create(starts_week=WEEK.number, is_on=False, reason="проверяем вручную")
    declare(cast.school, 20)
    active(cast.school, WEEK, 40)

    rating = count_week(WEEK)

    assert kinds(rating) == []
    assert row_of(rating, Level.SCHOOL, cast.school.pk).part == 40


def test_rule_of_a_later_week_changes_nothing_before_it(cast: Cast) -> None:
    HoldRule.objects.create(starts_week=WEEK.shift(1).number, is_on=False, reason="со следующей недели")
    declare(cast.school, 20)
    active(cast.school, WEEK, 40)

    assert kinds(count_week(WEEK)) == [(ACTIVE.number, OVER.number)]


@pytest.fixture
def held(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Hold:
    """One value over the whole, in a draft."""
    monkeypatch.setattr(current_app, "send_task", lambda *given, **options: None)
    declare(cast.school, 20)
    active(cast.school, WEEK, 40)
    count_week(WEEK)
    return Hold.objects.get()


def count_queued() -> Rating:
    """Do the queued run, as a worker would."""
    run_week(WeekRun.objects.get(state=JobState.QUEUED).pk)
    return Rating.objects.get()


@pytest.mark.parametrize(("verdict", "part"), [(Verdict.RIGHT, 40), (Verdict.WRONG, None)])
def test_decision_on_a_draft_enters_its_recount(cast: Cast, held: Hold, verdict: Verdict, part: int | None) -> None:
    decide(held, verdict=verdict, comment="сверили с кадрами", by=cast.marat)

    rating = count_queued()

    assert row_of(rating, Level.SCHOOL, cast.school.pk).part == part
    assert Hold.objects.get().state == verdict


def test_two_decisions_queue_one_recount(cast: Cast, held: Hold) -> None:
    decide(held, verdict=Verdict.WRONG, comment="ошибка в выгрузке", by=cast.marat)
    decide(held, verdict=Verdict.RIGHT, comment="нет, всё верно", by=cast.nina)

    rating = count_queued()

    assert row_of(rating, Level.SCHOOL, cast.school.pk).part == 40
    assert list(HoldDecision.objects.values_list("verdict", "decided_by")) == [
        (Verdict.RIGHT, cast.nina.pk),
        (Verdict.WRONG, cast.marat.pk),
    ]


def test_decision_is_about_that_value_alone(cast: Cast, held: Hold) -> None:
    decide(held, verdict=Verdict.RIGHT, comment="сверили", by=cast.marat)
    declare(cast.school, 19)

    rating = count_queued()

    assert Hold.objects.get().state == Verdict.WAITING
    assert row_of(rating, Level.SCHOOL, cast.school.pk).part is None


def test_decision_of_another_week_or_school_is_none_here(cast: Cast) -> None:
    facts = {"indicator": ACTIVE.number, "part": 40, "whole": 20, "region": cast.region, "verdict": Verdict.RIGHT}
    HoldDecision.objects.create(week=WEEK.shift(-1).number, school=cast.school, comment="сверили", **facts)
    HoldDecision.objects.create(week=WEEK.number, school=cast.sibling, comment="сверили", **facts)
    declare(cast.school, 20)
    active(cast.school, WEEK, 40)

    count_week(WEEK)

    assert Hold.objects.get().state == Verdict.WAITING


@time_machine.travel(AFTER, tick=False)
def test_published_week_is_changed_by_a_new_revision_alone(cast: Cast, held: Hold) -> None:
    first = publish(count_week(WEEK))

    decide(Hold.objects.get(), verdict=Verdict.RIGHT, comment="сверили", by=cast.nina)

    assert not WeekRun.objects.exists()
    assert verify(first)
    assert Hold.objects.get().state == Verdict.WAITING
    second = publish(count_week(WEEK, reason="решения о значениях"))
    assert (second.revision, row_of(second, Level.SCHOOL, cast.school.pk).part) == (2, 40)
    with pytest.raises(DecisionRefused, match="заменена"):
        decide(Hold.objects.get(rating=first), verdict=Verdict.WRONG, comment="поздно", by=cast.nina)


@pytest.mark.parametrize(("verdict", "comment"), [(Verdict.RIGHT, " "), (Verdict.WAITING, "так"), (9, "так")])
def test_decision_needs_a_verdict_and_a_reason(cast: Cast, held: Hold, verdict: int, comment: str) -> None:
    with pytest.raises(DecisionRefused):
        decide(held, verdict=verdict, comment=comment, by=cast.marat)


def test_form_decides_and_says_what_is_missing(cast: Cast, held: Hold, client_of: Callable[..., Client]) -> None:
    marat = client_of(cast.marat)

    address = f'action="/held/{held.pk}/decide/?week={held.rating.iso_week}"'
    assert address in marat.get(f"/held/?week={held.rating.iso_week}").content.decode()
    assert "Напишите, почему" in marat.post(f"/held/{held.pk}/decide/", {"verdict": "right"}).content.decode()
    answer = marat.post(f"/held/{held.pk}/decide/", {"verdict": "right", "comment": "сверили"})

    assert (answer.status_code, HoldDecision.objects.get().decided_by) == (302, cast.marat)
    assert "пересчитывается с этим решением" in marat.get("/held/").content.decode()


def test_school_sees_its_held_value_and_does_not_decide(
    cast: Cast, held: Hold, client_of: Callable[..., Client]
) -> None:
    sveta = client_of(cast.sveta)

    page = sveta.get("/held/").content.decode()

    assert OVER.name in page
    assert '<form method="post" action="/held/' not in page
    assert sveta.post(f"/held/{held.pk}/decide/", {"verdict": "right", "comment": "да"}).status_code == 403
    assert "на проверке" in sveta.get(cast.school.get_absolute_url()).content.decode()


def test_nobody_else_learns_of_it(cast: Cast, held: Hold, client_of: Callable[..., Client]) -> None:
    observer = client_of(cast.observer)

    assert "на проверке" not in observer.get(cast.school.get_absolute_url()).content.decode()
    assert observer.get(f"/held/{held.pk}/decide/").status_code == 404
    neighbour = User.objects.create_user("neighbour", password="x")
    neighbour.appointments.create(level=Level.SCHOOL, school=cast.sibling)
    assert not Hold.objects.visible_to(neighbour).exists()
    assert Hold.objects.visible_to(cast.root).exists()


def test_list_asks_as_many_queries_for_ten_times_the_rows(
    cast: Cast, held: Hold, client_of: Callable[..., Client], django_assert_max_num_queries: Any
) -> None:
    nina = client_of(cast.nina)
    nina.get("/held/")
    with django_assert_max_num_queries(100) as few:
        nina.get("/held/")
    facts = {"rating": held.rating, "region": cast.region, "part": 9, "whole": 3, "kind": JUMP.number}
    for number in range(1, 11):
        Hold.objects.create(school=cast.sibling, indicator=number, **facts)

    with django_assert_max_num_queries(len(few)):
        nina.get("/held/")


def test_kinds_tell_what_and_why_and_what_to_do() -> None:
    assert len({kind.number for kind in HOLD_KINDS}) == len({kind.key for kind in HOLD_KINDS}) == len(HOLD_KINDS)
    assert all(kind.definition and kind.why and kind.advice and kind.people for kind in HOLD_KINDS)
