"""Changed figures: held row by row against a plain recount, and each guard that keeps a chance from being news."""

import datetime
import random
from collections.abc import Callable, Sequence
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from reports import alerts
from reports.alerts import Break, off_regions
from reports.change_alerts import find_changes
from reports.counting import count_week
from reports.counting.changes import Window, insert_changes
from reports.indicators import INDICATOR_BY_KEY
from reports.models import ChangeAlert, Direction, Holiday, Rating, RatingRow, RatingState, UsageRule, WeekRun
from reports.publishing import publish, verify
from reports.tasks import run_week
from reports.weeks import IsoWeek
from schools.models import School
from schools.scope import Level, sight_of
from tests.conftest import Cast
from tests.reports.changes_oracle import Found, Week, found

pytestmark = pytest.mark.django_db
WEEK = IsoWeek(2026, 46)
ACTIVE = INDICATOR_BY_KEY["staff_active"]
STEADY = (32, 33, 31, 32, 33, 32)
Terms = tuple[int | None, int | None]


def rating_of(week: IsoWeek, state: str = RatingState.PUBLISHED, revision: int = 1) -> Rating:
    """Save a revision without rows."""
    return Rating.objects.create(
        week=week.number,
        revision=revision,
        state=state,
        rule=UsageRule.for_week(week),
        reason="поправлено" if revision > 1 else "",
        counted_at=timezone.now(),
        published_at=None if state == RatingState.DRAFT else week.closes_at + datetime.timedelta(hours=6),
        sha256="" if state == RatingState.DRAFT else "0" * 64,
    )


def row_of(rating: Rating, school: School, terms: Terms, indicator: int = ACTIVE.number) -> RatingRow:
    """A row of a school, not saved."""
    part, whole = terms
    return RatingRow(
        rating=rating,
        indicator=indicator,
        level=Level.SCHOOL,
        place_id=school.pk,
        region_id=school.region_id,
        municipality_id=school.municipality_id,
        part=part,
        whole=whole,
    )


def story(school: School, parts: Sequence[int | None], whole: int = 40, last: IsoWeek = WEEK) -> list[Rating]:
    """Publish as many weeks up to the last one, with these of the whole active; None is a week without data."""
    ratings = []
    for week, part in zip(last.back(len(parts)), parts, strict=True):
        rating = Rating.objects.filter(week=week.number).first() or rating_of(week)
        row_of(rating, school, (part, None if part is None else whole)).save(force_insert=True)
        ratings.append(rating)
    return ratings


def told(school: School) -> list[tuple[int, int]]:
    """(direction, since) of what is found of a school."""
    return list(ChangeAlert.objects.filter(place_id=school.pk).values_list("direction", "since_week"))


# ---- against the oracle


def made_up(rng: random.Random, weeks: int) -> list[Terms]:
    """Weeks of a place to try everything on: gaps, few people, over 100 %, steps and slopes either way, still lines."""
    whole = rng.choice((3, 6, 12, 40, 75, 900, 33_000))
    level, noise = rng.choice((0.0, 0.1, 0.5, 0.8, 1.0)), rng.choice((0.0, 0.01, 0.05))
    slope, breaks = rng.choice((0.0, 0.0, 0.01, -0.02)), rng.sample(range(weeks), rng.randint(0, 3))
    terms: list[Terms] = []
    for place in range(weeks):
        level = rng.random() if place in breaks else level + slope
        if rng.random() < 0.06:
            terms.append((None, None))
            continue
        size = max(0, whole + rng.choice((0, 0, 0, 1, -1)))
        terms.append((max(0, round(size * (level + rng.gauss(0, noise)))), size))
    return terms


@pytest.mark.parametrize("seed", range(6))
def test_statement_finds_what_a_plain_recount_finds(cast: Cast, seed: int) -> None:
    rng = random.Random(seed)
    weeks = WEEK.back(rng.choice((8, 13, 26, 33)))
    off = {week.number for week in weeks[:-1] if rng.random() < 0.1}
    for number in off:
        monday = IsoWeek.from_number(number).monday
        Holiday.objects.create(
            region=cast.region, starts_on=monday, ends_on=monday + datetime.timedelta(days=rng.randint(2, 9))
        )
    ratings = [rating_of(week) for week in weeks]
    expected: dict[tuple[int, int], Found] = {}
    rows = []
    for place in range(1, 151):
        indicator = rng.choice(alerts.WATCHED)
        school = School(pk=place, region=cast.region if place % 3 else cast.other_region)
        terms = made_up(rng, len(weeks))
        rows += [row_of(rating, school, each, indicator.number) for rating, each in zip(ratings, terms, strict=True)]
        if answer := recounted(school, weeks, terms):
            expected[indicator.number, place] = answer
    RatingRow.objects.bulk_create(rows)

    count = find_changes()

    stored = {(row.indicator, row.place_id): fact(row) for row in ChangeAlert.objects.all()}
    assert stored == expected
    assert count == len(expected)
    assert {answer.direction for answer in expected.values()} == set(Direction)


def recounted(school: School, weeks: Sequence[IsoWeek], terms: Sequence[Terms]) -> Found | None:
    """What the oracle says of a school, its region's holidays left out."""
    breaks = [Break(*row) for row in Holiday.objects.values_list("region_id", "starts_on", "ends_on")]
    latest = [
        (Week(week.number, *each), school.region_id in off_regions(breaks, week.monday, week.sunday))
        for week, each in zip(weeks, terms, strict=True)
    ][-alerts.WEEKS :]
    if latest[-1][1]:
        return None
    return found([week for week, is_off in latest if not is_off], settings.SMALL_NUMBER)


def fact(row: ChangeAlert) -> Found:
    """The row as the oracle writes it."""
    return Found(*(getattr(row, name) for name in Found._fields))


def test_less_is_better_where_the_indicator_says_so(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    ratings = story(cast.school, [*STEADY, 8, 7])
    ratings = story(cast.sibling, [*STEADY[:4], 8, 7, 8, 7])
    falling = [type(ACTIVE)(**{name: getattr(ACTIVE, name) for name in ACTIVE.__slots__} | {"good_is_up": False})]
    window = Window([(each.pk, each.week) for each in ratings], [], settings.SMALL_NUMBER)

    with connection.cursor() as cursor:
        cursor.execute(insert_changes(falling, window), {"rating": ratings[-1].pk})

    assert told(cast.sibling) == [(Direction.BETTER, WEEK.shift(-3).number)]


# ---- the guards


def test_fall_is_found_with_the_week_it_began_and_what_was_before(cast: Cast) -> None:
    story(cast.school, [*STEADY, 32, 31, 33, 12, 10, 11])

    assert find_changes() == 1

    row = ChangeAlert.objects.get()
    assert (row.direction, row.since_week, row.before_week) == (2, WEEK.shift(-2).number, WEEK.shift(-3).number)
    assert (row.part_before, row.whole_before, row.part, row.whole) == (33, 40, 11, 40)
    assert (row.level, row.place_id, row.municipality) == (Level.SCHOOL, cast.school.pk, cast.municipality)
    assert 79 <= row.expected // 10_000 <= 81


def test_rise_is_found_as_readily(cast: Cast) -> None:
    story(cast.school, [12, 10, 11, 12, 11, 10, 33, 34, 35])

    find_changes()

    assert told(cast.school) == [(Direction.BETTER, WEEK.shift(-2).number)]


def test_usual_noise_is_no_news(cast: Cast) -> None:
    story(cast.school, [32, 29, 35, 30, 34, 31, 33, 29, 34, 30, 28, 34])

    assert find_changes() == 0


def test_one_person_of_a_small_school_is_no_news_even_after_a_still_line(cast: Cast) -> None:
    story(cast.school, [10] * 9 + [9], whole=10)
    story(cast.sibling, [0] * 9 + [1], whole=10)

    assert find_changes() == 0


def test_of_a_rise_and_a_fall_the_later_one_is_told(cast: Cast) -> None:
    story(cast.school, [20, 21, 20, 19, 20, 21, 40, 40, 40, 0, 0])
    story(cast.sibling, [20, 21, 20, 19, 20, 21, 0, 0, 0, 40, 40])

    find_changes()

    assert told(cast.school) == [(Direction.WORSE, WEEK.shift(-1).number)]
    assert told(cast.sibling) == [(Direction.BETTER, WEEK.shift(-1).number)]


def test_growth_that_goes_on_or_stops_is_no_news(cast: Cast) -> None:
    story(cast.school, [400 + 30 * week for week in range(12)], whole=1000)
    story(cast.sibling, [min(400 + 30 * week, 580) for week in range(12)], whole=1000)
    story(cast.cousin, [400 + 30 * week for week in range(6)] + [950] * 6, whole=1000)
    story(cast.foreign, [400 + 30 * week for week in range(6)] + [300] * 6, whole=1000)

    find_changes()

    assert (told(cast.school), told(cast.sibling)) == ([], [])
    assert [direction for direction, _ in told(cast.cousin)] == [Direction.BETTER]
    assert [direction for direction, _ in told(cast.foreign)] == [Direction.WORSE]


def test_figure_that_has_come_back_is_no_news(cast: Cast) -> None:
    story(cast.school, [*STEADY, 32, 31, 0, 0, 33])
    story(cast.sibling, [*STEADY, 32, 31, 0, 0, 0])

    find_changes()

    assert told(cast.school) == []
    assert told(cast.sibling) == [(Direction.WORSE, WEEK.shift(-2).number)]


def test_database_keeps_one_change_of_a_place_and_indicator(cast: Cast) -> None:
    story(cast.school, [*STEADY, 8, 7])
    find_changes()
    row = ChangeAlert.objects.get()

    row.pk, row.direction = None, Direction.BETTER

    with pytest.raises(IntegrityError, match=r"change_once|UNIQUE"), transaction.atomic():
        row.save(force_insert=True)


@pytest.mark.parametrize(("measured", "count"), [(7, 0), (8, 1)])
def test_fewer_than_eight_measured_weeks_tell_nothing(cast: Cast, measured: int, count: int) -> None:
    story(cast.school, [None, None, *(32, 33, 32, 33, 32, 33)[8 - measured :], 2, 0])

    assert find_changes() == count


@pytest.mark.parametrize(("whole", "count"), [(4, 0), (5, 1)])
def test_too_few_people_are_never_told_of(cast: Cast, whole: int, count: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(alerts, "ADDED", 0)
    story(cast.school, [whole] * 12 + [0] * 6, whole=whole)

    assert find_changes() == count


def test_weeks_without_data_are_skipped_and_the_newest_has_to_be_measured(cast: Cast) -> None:
    story(cast.school, [*STEADY, None, 10, None, 11])
    story(cast.sibling, [*STEADY, 10, 11, 9, None])

    find_changes()

    assert told(cast.school) == [(Direction.WORSE, WEEK.shift(-2).number)]
    assert told(cast.sibling) == []


def test_dip_of_holidays_is_no_news_in_that_region_alone(cast: Cast) -> None:
    parts = [*STEADY, 32, 2, 1, 32, 33, 28]
    story(cast.school, parts)
    story(cast.foreign, parts)
    first, last = WEEK.shift(-4), WEEK.shift(-3)
    Holiday.objects.create(region=cast.other_region, starts_on=first.monday, ends_on=last.sunday)
    find_changes()
    assert told(cast.school) == [(Direction.WORSE, first.number)]
    assert told(cast.foreign) == []

    Holiday.objects.create(starts_on=first.monday, ends_on=last.sunday)
    find_changes(afresh=True)

    assert told(cast.school) == []


def test_two_days_of_a_week_are_no_holidays(cast: Cast) -> None:
    monday = WEEK.monday
    breaks = [Break(None, monday, monday + datetime.timedelta(days=1)), Break(1, monday, WEEK.sunday)]

    assert off_regions(breaks, WEEK.monday, WEEK.sunday) == {1}
    assert off_regions([Break(None, monday, monday + datetime.timedelta(days=2))], monday, WEEK.sunday) == {None}


def test_newest_week_in_holidays_has_no_changes(cast: Cast) -> None:
    story(cast.school, [*STEADY, 32, 31, 2])
    Holiday.objects.create(starts_on=WEEK.monday, ends_on=WEEK.sunday)

    assert find_changes() == 0
    assert Rating.objects.get(week=WEEK.number).changes_at is not None


def test_weeks_beyond_half_a_school_year_do_not_count(cast: Cast) -> None:
    story(cast.school, [0] * 14 + [40] * alerts.WEEKS)
    find_changes()
    assert told(cast.school) == []

    story(cast.sibling, [0] * 14 + [40] * 8)
    find_changes(afresh=True)

    assert told(cast.sibling) == [(Direction.BETTER, WEEK.shift(-7).number)]


# ---- when it is looked for


def test_looking_again_changes_nothing_and_afresh_replaces(cast: Cast, django_assert_max_num_queries: Any) -> None:
    story(cast.school, [*STEADY, 8, 7])
    find_changes()
    first = ChangeAlert.objects.get()
    with django_assert_max_num_queries(8):
        assert find_changes() == 1
    assert ChangeAlert.objects.get() == first
    RatingRow.objects.filter(rating__week=WEEK.number).update(part=33)

    assert find_changes() == 1  # a published week does not change: nobody looks again
    assert find_changes(afresh=True) == 0


def test_new_revision_of_an_earlier_week_is_looked_at(cast: Cast) -> None:
    ratings = story(cast.school, [*STEADY, 8, 7])
    find_changes()
    RatingRow.objects.filter(rating__in=ratings).update(part=32)
    Rating.objects.filter(pk=ratings[2].pk).update(published_at=timezone.now())

    find_changes()

    assert told(cast.school) == []


def test_drafts_are_not_looked_at_and_earlier_weeks_keep_theirs(cast: Cast) -> None:
    story(cast.school, [*STEADY, 8, 7], last=WEEK.shift(-1))
    find_changes()
    draft = rating_of(WEEK, RatingState.DRAFT)
    row_of(draft, cast.school, (0, 40)).save(force_insert=True)
    find_changes()
    assert set(ChangeAlert.objects.values_list("rating__week", flat=True)) == {WEEK.shift(-1).number}

    Rating.objects.filter(pk=draft.pk).update(state=RatingState.PUBLISHED, published_at=timezone.now(), sha256="1" * 64)
    find_changes()

    weeks = ChangeAlert.objects.order_by("rating__week").values_list("rating__week", flat=True)
    assert list(weeks) == [WEEK.shift(-1).number, WEEK.number]


AFTER = WEEK.closes_at + datetime.timedelta(hours=5)


def test_run_of_a_week_finds_changes_and_a_revision_replaces_them(cast: Cast) -> None:
    story(cast.school, [*STEADY, 32, 33], last=WEEK.shift(-1))
    with time_machine.travel(AFTER, tick=False):
        publish(count_week(WEEK))
    first = Rating.objects.get(week=WEEK.number)
    change = {
        "direction": 2,
        "since_week": WEEK.number,
        "before_week": WEEK.shift(-1).number,
        "expected": 1,
        "size": 600,
    }
    terms = {"part_before": 1, "whole_before": 9, "part": 1, "whole": 9}
    ChangeAlert.objects.create(rating=first, indicator=1, level=4, place_id=cast.school.pk, **change, **terms)
    School.objects.filter(pk=cast.school.pk).update(declared_teachers=50)
    run = WeekRun.objects.create(week=WEEK.number, publish=True, reason="поправили")

    with time_machine.travel(AFTER + datetime.timedelta(days=1), tick=False):
        run_week(run.pk)

    second = Rating.objects.get(week=WEEK.number, state=RatingState.PUBLISHED)
    assert (second.revision, second.changes_at is not None) == (2, True)
    assert not ChangeAlert.objects.filter(rating=first).exists()


def test_changes_are_no_part_of_the_hash(cast: Cast) -> None:
    with time_machine.travel(AFTER, tick=False):
        rating = publish(count_week(WEEK))
    digest = rating.sha256

    find_changes(afresh=True)
    change = {
        "direction": 2,
        "since_week": WEEK.number,
        "before_week": WEEK.shift(-1).number,
        "expected": 1,
        "size": 600,
    }
    terms = {"part_before": 1, "whole_before": 9, "part": 1, "whole": 9}
    ChangeAlert.objects.create(rating=rating, indicator=1, level=4, place_id=cast.school.pk, **change, **terms)

    assert Rating.objects.get(pk=rating.pk).sha256 == digest
    assert verify(rating)


# ---- who sees


@pytest.mark.parametrize(
    ("name", "seen", "own"),
    [
        ("observer", 8, 8),
        ("nina", 7, 5),
        ("marat", 4, 3),
        ("sveta", 1, 1),
        ("stranger", 0, 0),
    ],
)
def test_changes_are_seen_as_rows_of_the_rating_are(
    cast: Cast, change_of: Callable[..., ChangeAlert], name: str, seen: int, own: int
) -> None:
    for region in (cast.region, cast.other_region):
        change_of(Level.REGION, region.pk, region=region)
    for town in (cast.municipality, cast.other_municipality):
        change_of(Level.MUNICIPALITY, town.pk, region=town.region, municipality=town)
    for school in (cast.school, cast.sibling, cast.foreign):
        change_of(Level.SCHOOL, school.pk, region=school.region, municipality=school.municipality)
    change_of(Level.COUNTRY, 0)
    user = cast.people[name]

    found_rows = ChangeAlert.objects.visible_to(user)

    assert found_rows.count() == seen
    assert found_rows.at_home(sight_of(user)).count() == own
