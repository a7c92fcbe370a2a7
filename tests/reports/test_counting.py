"""Counting a week: held row by row against an independent recount in plain Python, on random small countries."""

import datetime
from decimal import Decimal

import pytest
import time_machine
from django.db import connection
from django.db.models import Sum

from reports.counting import CountRefused, count_week, engine
from reports.indicators import INDICATOR_BY_KEY, INDICATORS
from reports.models import (
    ActivityCoverage,
    ActivityLoad,
    CaseWeek,
    Rating,
    RatingRow,
    RatingState,
    SchoolWeek,
    StaffActivity,
    UsageRule,
)
from reports.publishing import publish
from reports.weeks import IsoWeek
from schools.models import Appointment, Municipality, School, SchoolRegistration
from schools.platforms import SFERUM
from schools.scope import Level
from staff.models import StaffAccount, StaffMember
from tests.conftest import Cast, make_school
from tests.reports.world import WEEK, build_world, rating_rows, recount, recount_case_weeks, recount_rows, wide_rows

pytestmark = pytest.mark.django_db
ACTIVE = INDICATOR_BY_KEY["staff_active"]
PROFILE = INDICATOR_BY_KEY["staff_profile"]
R210 = INDICATOR_BY_KEY["r210_10"]
AFTER = datetime.datetime(2026, 11, 16, 5, tzinfo=datetime.UTC)  # WEEK is over


def cover(school: School, *, has_chats: bool = False) -> None:
    """Say that the school's activity on Сферум was delivered, with that of its chats or without."""
    load = ActivityLoad.objects.create(week=WEEK.number, platform=SFERUM.number, source="тест")
    ActivityCoverage.objects.create(
        week=WEEK.number, platform=SFERUM.number, school=school, load=load, has_chats=has_chats
    )


def add_teachers(school: School, count: int, profiles: int = 0, active: int = 0) -> None:
    """Give a school teachers, the first of them with profiles, the first of them active in WEEK."""
    for number in range(count):
        who = {"last_name": "Иванов", "first_name": "Иван", "patronymic": "Петрович", "hired_on": "2026-09-01"}
        teacher = StaffMember.objects.create(school=school, is_teacher=True, **who)
        if number < profiles:
            StaffAccount.objects.create(
                staff=teacher, school=school, platform=1, is_teacher=True, profile_on=datetime.date(2026, 9, 1)
            )
        if number < active:
            StaffActivity.objects.create(
                week=WEEK.number, platform=1, school=school, staff=teacher, is_teacher=True, messages=1
            )


def row_of(rating: Rating, level: Level, place: int, indicator: int = ACTIVE.number) -> RatingRow:
    """One row of a rating."""
    return RatingRow.objects.get(rating=rating, level=level, place_id=place, indicator=indicator)


@pytest.mark.parametrize("seed", range(12))
def test_every_count_agrees_with_a_recount_in_plain_python(seed: int) -> None:
    build_world(seed)

    rating = count_week(WEEK)

    assert wide_rows(rating) == recount(WEEK)


@pytest.mark.parametrize("seed", range(12))
def test_every_share_and_place_agrees_with_a_recount_in_plain_python(seed: int, settings: object) -> None:
    settings.SMALL_NUMBER = 3  # type: ignore[attr-defined]
    build_world(seed, schools=16)

    rating = count_week(WEEK)

    assert rating_rows(rating) == recount_rows(WEEK)


@pytest.mark.parametrize("seed", range(4))
def test_chats_by_case_agree_with_the_rules_of_pages(seed: int) -> None:
    build_world(seed, schools=30)

    rating = count_week(WEEK)

    rows = CaseWeek.objects.filter(rating=rating)
    found = {
        (row.level, row.place_id, row.use_case): (row.expected, row.present, row.schools, row.complete) for row in rows
    }
    assert found == recount_case_weeks(WEEK)
    assert any(present for _, present, _, _ in found.values())


@pytest.mark.parametrize("week", ["2026-W53", "2027-W01", "2026-W36", "2026-W35"])
def test_weeks_at_the_edges_of_years_are_counted_like_any_other(week: str) -> None:
    edge = IsoWeek.parse(week)
    build_world(7, week=edge)

    with time_machine.travel(edge.closes_at, tick=False):
        rating = count_week(edge)

    assert (rating.week, wide_rows(rating)) == (edge.number, recount(edge))


def test_rule_of_use_decides_who_uses() -> None:
    UsageRule.objects.create(
        starts_week=WEEK.number,
        administrator_required=False,
        filled_share=Decimal("0.5"),
        active_share=Decimal("0.333"),
        active_teachers=2,
        active_chats=0,
        reason="проверка",
    )
    for seed in (50, 51, 52):
        build_world(seed)

    rating = count_week(WEEK)

    assert wide_rows(rating) == recount(WEEK)
    assert SchoolWeek.objects.filter(rating=rating, uses=1).exists()


@pytest.mark.parametrize("seed", [3, 4])
def test_every_place_is_the_sum_of_its_schools(seed: int) -> None:
    build_world(seed, schools=16)

    rating = count_week(WEEK)

    for indicator in INDICATORS:
        terms = {
            level: RatingRow.objects.filter(rating=rating, indicator=indicator.number, level=level).aggregate(
                part=Sum("part"), whole=Sum("whole"), schools=Sum("schools"), missing=Sum("missing")
            )
            for level in (Level.COUNTRY, Level.REGION, Level.SCHOOL)
        }
        assert terms[Level.COUNTRY] == terms[Level.REGION] == terms[Level.SCHOOL]
        for municipality in Municipality.objects.filter(schools__weeks__rating=rating).distinct():
            own = row_of(rating, Level.MUNICIPALITY, municipality.pk, indicator.number)
            schools = RatingRow.objects.filter(
                rating=rating, indicator=indicator.number, level=Level.SCHOOL, municipality=municipality
            ).aggregate(part=Sum("part"), whole=Sum("whole"))
            assert (own.part, own.whole) == (schools["part"], schools["whole"])


def test_school_nobody_delivered_is_missing_and_not_zero(cast: Cast) -> None:
    cover(cast.school)
    add_teachers(cast.school, 10, active=4)

    rating = count_week(WEEK)

    school, silent = (row_of(rating, Level.SCHOOL, one.pk) for one in (cast.school, cast.sibling))
    municipality = row_of(rating, Level.MUNICIPALITY, cast.municipality.pk)
    assert (school.part, school.whole, school.missing) == (4, 40, 0)
    assert (silent.part, silent.share, silent.rank, silent.missing) == (None, None, None, 1)
    assert (municipality.part, municipality.whole, municipality.schools, municipality.missing) == (4, 40, 1, 1)


def test_covered_school_without_activity_is_a_zero(cast: Cast) -> None:
    cover(cast.school)

    rating = count_week(WEEK)

    assert (row_of(rating, Level.SCHOOL, cast.school.pk).part, row_of(rating, Level.SCHOOL, cast.school.pk).rank) == (
        0,
        1,
    )


def test_school_that_never_gave_a_list_is_missing_and_not_zero(cast: Cast) -> None:
    add_teachers(cast.school, 10, profiles=4)
    gone = StaffMember.objects.create(
        school=cast.cousin, last_name="Иванов", first_name="Иван", known_on=None, left_on=WEEK.sunday, is_teacher=True
    )
    StaffAccount.objects.create(
        staff=gone, school=cast.cousin, platform=1, is_teacher=True, profile_on=datetime.date(2026, 9, 1)
    )

    rating = count_week(WEEK)

    for key in ("staff_profile", "staff_confirmed", "names_in_order"):
        number = INDICATOR_BY_KEY[key].number
        listed = row_of(rating, Level.SCHOOL, cast.school.pk, number)
        assert (listed.part is not None, listed.missing) == (True, 0)
        for school in (cast.sibling, cast.cousin):
            row = row_of(rating, Level.SCHOOL, school.pk, number)
            assert (row.part, row.whole, row.rank, row.local_rank, row.missing) == (None, None, None, None, 1)
        region = row_of(rating, Level.REGION, cast.region.pk, number)
        assert (region.schools, region.missing) == (1, 2)
        assert region.part == listed.part


def test_indicator_ten_is_not_known_where_chats_were_not_delivered(cast: Cast) -> None:
    for school, has_chats in ((cast.school, True), (cast.sibling, False)):
        SchoolRegistration.objects.create(school=school, platform=1, registered_on=datetime.date(2026, 9, 1))
        Appointment.objects.create(user=cast.sveta, level=4, school=school, starts_on=datetime.date(2026, 9, 1))
        add_teachers(school, 5, active=3)
        cover(school, has_chats=has_chats)

    rating = count_week(WEEK)

    rows = [row_of(rating, Level.SCHOOL, one.pk, R210.number) for one in (cast.school, cast.sibling, cast.cousin)]
    assert [(row.part, row.missing) for row in rows] == [(0, 0), (None, 1), (None, 1)]
    municipality = row_of(rating, Level.MUNICIPALITY, cast.municipality.pk, R210.number)
    assert (municipality.part, municipality.whole, municipality.missing) == (0, 1, 1)


def test_rule_without_chats_needs_no_chats(cast: Cast) -> None:
    UsageRule.objects.create(
        starts_week=WEEK.number, administrator_required=False, active_chats=0, active_teachers=1, reason="проверка"
    )
    SchoolRegistration.objects.create(school=cast.school, platform=1, registered_on=datetime.date(2026, 9, 1))
    add_teachers(cast.school, 5, active=3)
    cover(cast.school)

    rating = count_week(WEEK)

    assert row_of(rating, Level.SCHOOL, cast.school.pk, R210.number).part == 1


def test_place_all_of_whose_schools_are_missing_has_no_part(cast: Cast) -> None:
    cover(cast.school)

    rating = count_week(WEEK)

    region = row_of(rating, Level.REGION, cast.other_region.pk)
    assert (region.part, region.whole, region.schools, region.missing, region.rank) == (None, None, 0, 1, None)


def test_more_than_a_hundred_percent_is_kept_and_ranked_first(cast: Cast) -> None:
    add_teachers(cast.cousin, 25, profiles=25)
    add_teachers(cast.school, 40, profiles=39)

    rating = count_week(WEEK)

    row = row_of(rating, Level.SCHOOL, cast.cousin.pk, PROFILE.number)
    assert (row.part, row.whole, row.share, row.rank) == (25, 20, 1.25, 1)


def test_equal_shares_of_different_sizes_share_a_place(cast: Cast) -> None:
    for place, code, declared, profiles in (
        (cast.municipality, "1", 6, 2),
        (cast.municipality, "2", 9, 3),
        (cast.municipality, "3", 12, 4),
        (cast.region, "4", 7, 6),
    ):
        add_teachers(make_school(place, code, f"Школа {code}", declared_teachers=declared), profiles, profiles=profiles)

    rating = count_week(WEEK)

    rows = {
        row.place_id: row
        for row in RatingRow.objects.filter(rating=rating, level=Level.SCHOOL, indicator=PROFILE.number)
    }
    ranks = {School.objects.get(pk=pk).code: (row.rank, row.local_rank) for pk, row in rows.items()}
    assert ranks["4"] == (1, 1)
    assert ranks["1"] == ranks["2"] == ranks["3"] == (2, 1)
    assert ranks["780001"] == ranks["780002"] == ranks["780003"] == (None, None)


def test_too_few_people_are_counted_but_not_ranked(cast: Cast) -> None:
    cast.school.declared_teachers = 4
    cast.school.save()
    add_teachers(cast.school, 4, profiles=3)

    rating = count_week(WEEK)

    row = row_of(rating, Level.SCHOOL, cast.school.pk, PROFILE.number)
    assert (row.part, row.whole, row.rank, row.ranked, row.local_rank) == (3, 4, None, None, None)


def test_movement_is_measured_against_the_published_week_before(cast: Cast) -> None:
    add_teachers(cast.school, 4, profiles=4)
    with time_machine.travel(AFTER):
        before = publish(count_week(WEEK.shift(-1)))
    add_teachers(cast.sibling, 20, profiles=20)

    rating = count_week(WEEK)

    earlier = row_of(before, Level.SCHOOL, cast.school.pk, PROFILE.number)
    row = row_of(rating, Level.SCHOOL, cast.school.pk, PROFILE.number)
    assert (row.part_before, row.whole_before, row.rank_before) == (earlier.part, earlier.whole, 1)
    assert (row.local_rank_before, row.rank) == (1, 2)


def test_draft_of_the_week_before_is_no_measure_of_movement(cast: Cast) -> None:
    count_week(WEEK.shift(-1))

    rating = count_week(WEEK)

    assert row_of(rating, Level.SCHOOL, cast.school.pk, PROFILE.number).rank_before is None


def test_counting_a_draft_again_replaces_it(cast: Cast) -> None:
    first = count_week(WEEK)
    add_teachers(cast.school, 3, profiles=3)

    second = count_week(WEEK, by=cast.root)

    assert (second.pk, second.revision, second.counted_by) == (first.pk, 1, cast.root)
    assert row_of(second, Level.SCHOOL, cast.school.pk, PROFILE.number).part == 3


@time_machine.travel(AFTER)
def test_counting_after_publication_needs_a_reason_and_makes_the_next_revision(cast: Cast) -> None:
    published = publish(count_week(WEEK))

    with pytest.raises(CountRefused, match="укажите причину"):
        count_week(WEEK, reason="   ")
    second = count_week(WEEK, reason="школа прислала\nсписок")

    published.refresh_from_db()
    assert (second.revision, second.state, second.reason) == (2, RatingState.DRAFT, "школа прислала список")
    assert (published.revision, published.state) == (1, RatingState.PUBLISHED)


def test_week_that_has_not_begun_is_refused(cast: Cast) -> None:
    with time_machine.travel(AFTER), pytest.raises(CountRefused, match="ещё не началась"):
        count_week(WEEK.shift(2))


def test_portal_without_schools_is_refused_and_leaves_no_draft() -> None:
    with pytest.raises(CountRefused, match="загрузите реестр"):
        count_week(WEEK)

    assert not Rating.objects.exists()


@pytest.mark.postgres("SQLite has one writer at a time")
def test_two_counts_of_one_week_do_not_meet(cast: Cast) -> None:
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [engine.WEEK_LOCKS, WEEK.number])

        with pytest.raises(CountRefused, match="прямо сейчас считает"):
            count_week(WEEK)

        cursor.execute("ROLLBACK")
    other.close()
    assert count_week(WEEK).revision == 1
