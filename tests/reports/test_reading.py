"""Frozen rows turned into what a page prints: small numbers, three kinds of nothing, sums, order, weeks and words."""

from collections.abc import Callable
from typing import Any

import pytest
from django.http import QueryDict
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from reports.indicators import COMPOSITE, INDICATOR_BY_KEY, MAIN_INDICATOR
from reports.indicators.score import FULL_SCORE
from reports.models import RatingState, Target
from reports.reading import breakdowns, facts, rows, schools, sentences, tables, territories, weeks
from reports.reading.figures import Row, figure
from reports.reading.kept import kept
from reports.reading.tables import Child
from reports.weeks import IsoWeek
from schools.models import School
from schools.scope import Level

SCHOOLS = INDICATOR_BY_KEY["r210_10"]


def row(part: int | None, whole: int | None, before: tuple[int | None, int | None] = (None, None), **more: Any) -> Row:
    """A row of the main indicator."""
    return Row(1, 1, 1, None, part, whole, part_before=before[0], whole_before=before[1], **more)


def child(name: str, part: int | None, whole: int | None, place_id: int = 1) -> Child:
    """A row of a table."""
    return Child(place_id, name, "", "", 1, figure(row(part, whole), MAIN_INDICATOR, 0.85))


@pytest.mark.parametrize(
    "part, whole, text, kind",
    [
        (None, 40, "нет данных", "missing"),
        (0, 40, "0,0\u00a0%", "measured"),
        (0, 0, "—", "absent"),
        (3, 4, "3 из\u00a04", "few"),
        (41, 40, "102,5\u00a0%", "over"),
    ],
)
def test_nothing_measured_zero_and_not_applicable_are_told_apart(
    part: int | None, whole: int | None, text: str, kind: str
) -> None:
    given_row = row(part, whole)

    shown = figure(given_row, MAIN_INDICATOR, 0.85)

    assert (shown.text, shown.kind) == (text, kind)


def test_few_people_have_neither_share_nor_place_nor_movement() -> None:
    few = row(3, 4, (2, 4), rank=1, ranked=9, rank_before=3)

    shown = figure(few, MAIN_INDICATOR, 0.85)

    assert (shown.share, shown.rank, shown.ranked, shown.rank_move, shown.delta, shown.gap) == (None,) * 6


def test_few_schools_are_no_secret() -> None:
    few = row(3, 4)

    shown = figure(few, SCHOOLS, 0.95)

    assert shown.text == "75,0\u00a0%"


def test_one_school_uses_the_platform_or_does_not() -> None:
    rows_of_schools = [row(1, 1), row(0, 1), row(None, 1)]

    texts = [figure(each, SCHOOLS, 0.95, Level.SCHOOL).text for each in rows_of_schools]

    assert texts == ["да", "нет", "нет данных"]


@given(st.integers(0, 500), st.integers(0, 500), st.sampled_from([0.6, 0.85, 0.98, 1.0]))
def test_the_gap_is_the_fewest_people_that_reach_the_target(part: int, whole: int, target: float) -> None:
    shown = figure(row(part, whole), MAIN_INDICATOR, target)

    gap = shown.gap

    if gap is None:
        assert whole < 5
    else:
        assert (part + gap) / whole >= target - 1e-6
        assert gap == 0 or (part + gap - 1) / whole < target


def test_laggards_come_first_and_the_unmeasured_last() -> None:
    children = [child("А", 38, 40), child("Б", None, 40), child("В", 10, 40), child("Г", 30, 40)]

    names = [each.name for each in tables.arranged(children, "share")]

    assert names == ["В", "Г", "А", "Б"]


def test_an_unknown_order_is_the_usual_one() -> None:
    children = [child("А", 38, 40), child("Б", 10, 40)]

    names = [each.name for each in tables.arranged(children, "-password")]

    assert names == ["Б", "А"]


@pytest.mark.parametrize("text", ["0", "-1", "x", "²", "99999", "9" * 40])
def test_a_page_that_is_not_there_is_the_nearest_one(text: str) -> None:
    params = QueryDict(mutable=True)
    params["page"] = text

    page = tables.cut(list(range(120)), params)

    assert page.text in {"1–50 из 120", "101–120 из 120"}


def test_a_title_counts_laggards_and_leaders() -> None:
    children = [child("А", 30, 40), child("Б", 39, 40), child("В", 20, 40), child("Напрямую", 1, 40, place_id=0)]

    title = sentences.table_title(children, MAIN_INDICATOR, ("район", "района", "районов"), 0.85)

    assert title == "Два района ниже 80\u00a0%, один уже за целью"


def test_a_pace_promises_weeks_only_when_it_leads_somewhere() -> None:
    rising, falling = [0.70, 0.72, 0.74, 0.76, 0.78], [0.80, 0.79, 0.78, 0.77, 0.76]

    titles = [sentences.trend(values, 0.82, [False] * 5).title for values in (rising, falling)]

    assert titles == ["До цели — две недели, если темп сохранится", "5\u00a0недель"]


def test_schools_directly_under_a_region_add_up_to_a_row_of_their_own(
    cast: Any, weeks_made: Callable[..., Any]
) -> None:
    School.objects.filter(pk__in=[cast.school.pk, cast.sibling.pk]).update(municipality=None)
    under = list(School.objects.filter(pk__in=[cast.school.pk, cast.sibling.pk]))
    rating = weeks_made({under[0]: {"active": 10}, under[1]: {"active": 30}, cast.cousin: {}})

    summed = rows.direct_rows(cast.region.pk, [(rating.iso_week, rating.pk)], MAIN_INDICATOR)

    assert [(each.part, each.whole, each.schools) for each in summed] == [(40, 80, 2)]


def test_an_unmeasured_school_adds_neither_part_nor_whole(cast: Any, weeks_made: Callable[..., Any]) -> None:
    rating = weeks_made({cast.school: {"active": None}, cast.sibling: {"active": 30}})

    found = rows.place_rows(Level.MUNICIPALITY, cast.municipality.pk, [(rating.iso_week, rating.pk)])

    assert (found[rating.pk, 1].part, found[rating.pk, 1].whole, found[rating.pk, 1].missing) == (30, 40, 1)


def test_silence_is_counted_from_the_last_word(cast: Any, weeks_made: Callable[..., Any]) -> None:
    weeks_made({cast.school: {"active": 9}, cast.sibling: {}}, "2026-W44")
    weeks_made({cast.school: {"active": 0}, cast.sibling: {}}, "2026-W45")
    rating = weeks_made({cast.school: {"active": 0}, cast.sibling: {"active": None}}, "2026-W46")
    chosen = weeks.Chosen(rating.iso_week, rating, tuple(type(rating).objects.order_by("-week")))

    silent = rows.silent_schools(chosen.history(12), MAIN_INDICATOR, region=cast.region.pk)

    assert silent == [(cast.school.pk, cast.municipality.pk, 202644)]


def test_a_regions_own_target_stands_before_the_countrys(cast: Any) -> None:
    week = IsoWeek(2026, 46)
    Target.objects.create(indicator=1, region=None, starts_week=202640, value="0.700")
    Target.objects.create(indicator=1, region=cast.region, starts_week=202601, value="0.600")
    Target.objects.create(indicator=1, region=cast.region, starts_week=202650, value="0.900")

    found = [rows.targets(week, region.pk, Level.SCHOOL)[1] for region in (cast.region, cast.other_region)]

    assert found == [0.6, 0.7]


def test_a_levels_own_target_stands_before_that_of_all_levels_and_behind_the_regions(cast: Any) -> None:
    week = IsoWeek(2026, 46)
    Target.objects.create(indicator=1, region=None, starts_week=202640, value="0.700")
    Target.objects.create(indicator=1, region=None, level=Level.SCHOOL, starts_week=202601, value="0.500")
    Target.objects.create(indicator=1, region=cast.region, starts_week=202602, value="0.600", due_week=202652)
    other, own = rows.Goals(week, cast.other_region.pk), rows.Goals(week, cast.region.pk)

    found = [other.shares(level)[1] for level in (Level.SCHOOL, Level.REGION)]

    assert found == [0.5, 0.7]
    assert own.at(Level.SCHOOL)[1] == rows.Goal(0.6, IsoWeek(2026, 2), IsoWeek(2026, 52))


def test_a_target_with_a_date_draws_its_way_from_what_was_measured(
    cast: Any, weeks_made: Callable[..., Any], client_of: Callable[..., Any]
) -> None:
    for number, active in zip(range(42, 47), (10, 12, 14, 16, 18), strict=True):
        weeks_made({cast.school: {"active": active}}, f"2026-W{number}")
    Target.objects.create(
        indicator=1, region=cast.region, level=Level.SCHOOL, starts_week=202642, due_week=202648, value="0.900"
    )

    page = client_of(cast.sveta).get(f"/schools/{cast.school.pk}/").content.decode()
    above = client_of(cast.nina).get("/regions/78/").content.decode()

    assert 'class="way"' in page
    assert "цель 90\u00a0% будет ко 2-й неделе 2027 года — на 7\u00a0недель позже срока" in page
    assert 'class="way"' not in above


def test_a_median_needs_five_schools(cast: Any, weeks_made: Callable[..., Any]) -> None:
    rating = weeks_made({cast.school: {}, cast.sibling: {}})
    chosen = weeks.Chosen(rating.iso_week, rating, (rating,))

    known = schools.medians(cast.school, chosen)

    assert known == {}


def test_movement_is_shared_out_between_part_and_whole_without_rest() -> None:
    moved = row(50, 80, (30, 60))

    shifts = breakdowns.shifts_of(moved, MAIN_INDICATOR)

    assert sum(shift.delta for shift in shifts) == pytest.approx(50 / 80 - 30 / 60)


def test_a_replaced_revision_can_still_be_read(cast: Any, weeks_made: Callable[..., Any]) -> None:
    first = weeks_made({cast.school: {"active": 10}}, state=RatingState.SUPERSEDED)
    weeks_made({cast.school: {"active": 20}}, revision=2)
    request = RequestFactory().get("/", {"week": "2026-W46", "revision": "1"})
    request.user = cast.nina

    chosen = weeks.choose(request)

    assert (chosen.rating, chosen.keep()) == (first, "?week=2026-W46&revision=1")


@pytest.mark.parametrize("text", ["2025-W53", "вчера", "2026-W99", "' OR 1=1", "\x00"])
def test_an_address_that_names_no_week_shows_the_latest_and_says_so(
    cast: Any, weeks_made: Callable[..., Any], text: str
) -> None:
    latest = weeks_made({cast.school: {}})
    request = RequestFactory().get("/", {"week": text})
    request.user = cast.nina

    chosen = weeks.choose(request)

    assert (chosen.rating, chosen.problem[-26:]) == (latest, "Показана последняя неделя.")


def test_the_page_of_a_place_without_weeks_says_so(cast: Any) -> None:
    chosen = weeks.Chosen(IsoWeek(2026, 46), None, ())
    place = territories.Territory(Level.REGION, cast.region.pk, cast.region.name, cast.region)

    context = territories.page(
        place, chosen, QueryDict(), facts.Facts(3, 90, None, 0), 0, names_seen=True, appoints=True
    )

    assert context["empty"] is True


def test_numbers_of_published_weeks_are_read_once(cast: Any, weeks_made: Callable[..., Any]) -> None:
    rating = weeks_made({cast.school: {"active": 20}})
    chosen = weeks.Chosen(rating.iso_week, rating, (rating,))
    answers = iter([1, 2])

    found = [kept(chosen, 12, ("school", 1), lambda: next(answers)) for _ in range(2)]

    assert found == [1, 1]


def test_numbers_of_a_draft_are_read_again(cast: Any, weeks_made: Callable[..., Any]) -> None:
    rating = weeks_made({cast.school: {"active": 20}}, state=RatingState.DRAFT)
    chosen = weeks.Chosen(rating.iso_week, rating, (rating,))
    answers = iter([1, 2])

    found = [kept(chosen, 12, ("school", 1), lambda: next(answers)) for _ in range(2)]

    assert found == [1, 2]


def test_a_new_revision_and_another_place_have_numbers_of_their_own(cast: Any, weeks_made: Callable[..., Any]) -> None:
    first = weeks_made({cast.school: {}}, state=RatingState.SUPERSEDED)
    second = weeks_made({cast.school: {}}, revision=2)
    before, after = (weeks.Chosen(one.iso_week, one, (second,)) for one in (first, second))
    answers = iter([1, 2, 3])

    found = [
        kept(*asked, lambda: next(answers)) for asked in ((before, 12, (1,)), (after, 12, (1,)), (after, 12, (2,)))
    ]

    assert found == [1, 2, 3]


def test_list_says_the_points_of_a_score_and_the_size_of_anything_else() -> None:
    score = figure(row(8124, FULL_SCORE), COMPOSITE, None, Level.REGION)
    active = figure(row(30, 40), MAIN_INDICATOR, None, Level.REGION)

    assert (score.beside, active.beside) == (8124, 40)
