"""The running week beside the official ones: counted once an hour, seen on its own page, never anywhere else."""

import datetime
import re
from collections.abc import Callable, Iterator
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import IntegrityError
from django.test import Client
from django.utils import timezone

from reports.checks.statements import parameters
from reports.counting import count_week
from reports.models import (
    ActivityCoverage,
    Hold,
    PublicRating,
    Rating,
    RatingRow,
    RatingState,
    StaffActivity,
)
from reports.publishing import PublishRefused, publish, verify
from reports.reading.preview import latest
from reports.schedule import PREVIEW_HOLDS, preview_running_week, weeks_to_count
from reports.steps.counting import count_steps
from reports.tasks import preview_week as beat
from reports.weeks import IsoWeek, corrections_until
from schools.models import Appointment, Change, WebhookDelivery
from schools.scope import Level
from schools.texts import unbroken
from tests.conftest import Cast, ClientOf, make_school
from tests.reports.test_counting import row_of
from tests.reports.test_holds import active, declare

pytestmark = pytest.mark.django_db
WEEK = IsoWeek(2026, 46)
THURSDAY = datetime.datetime(2026, 11, 12, 11, 5, tzinfo=datetime.UTC)  # 14:05 in Moscow


@pytest.fixture(autouse=True)
def clock(cast: Cast) -> Iterator[time_machine.Traveller]:
    """The week before is out; Thursday of WEEK, in which two schools have begun to write."""
    Appointment.objects.update(starts_on="2026-09-01")
    for school in (cast.school, cast.sibling):
        declare(school, 20)
    active(cast.school, WEEK.shift(-1), 10)
    active(cast.sibling, WEEK.shift(-1), 5)
    with time_machine.travel(WEEK.shift(-1).closes_at, tick=False) as traveller:
        publish(count_week(WEEK.shift(-1)))
        traveller.move_to(THURSDAY)
        active(cast.school, WEEK, 4)
        active(cast.sibling, WEEK, 12)
        yield traveller


def table(client: Client) -> str:
    """The rows of the rating as a person sees it."""
    return client.get("/ratings/").content.decode().split("<tbody>")[1].split("</tbody>")[0]


def test_preview_changes_nothing_official(
    cast: Cast, clock: time_machine.Traveller, client_of: Callable[..., Client]
) -> None:
    official = Rating.objects.get()
    before = table(client_of(cast.nina))

    preview = preview_running_week()

    assert preview is not None
    assert (preview.week, preview.revision, preview.state) == (WEEK.number, 0, RatingState.PREVIEW)
    assert verify(official)
    assert not Rating.objects.visible_to(cast.root).filter(pk=preview.pk).exists()
    assert table(client_of(cast.nina)) == before
    clock.move_to(WEEK.counts_at)
    assert weeks_to_count(WEEK.counts_at) == [WEEK]
    with pytest.raises(PublishRefused):
        publish(preview)
    assert publish(count_week(WEEK)).revision == 1


PAGES = (
    *("/", "/country/", "/regions/78/", "/ratings/", "/ratings/?week={week}", "/ratings/?week={week}&revision=0"),
    *("/ratings/?week={week}&level=school", "/compare/?a=region.78&with={week}", "/regions/78/?week={week}&revision=0"),
    *("/municipalities/{town}/", "/schools/{school}/", "/schools/{school}/?week={week}", "/schools/{school}/chats/"),
    *(
        "/steps/",
        "/checks/",
        "/held/?week={week}",
        "/jobs/",
        "/indicators/staff_active/?week={week}",
        "/regions/78/gaps/",
    ),
    *("/connect/", "/public/78/", "/public/78/?week={week}", "/regions/78/roadmap/", "/regions/78/chats/"),
)
REST = (
    *("weeks/", "weeks/{week}/", "ratings/{week}/", "ratings/{week}/?revision=0", "ratings/latest/?level=school"),
    *("ratings/{week}/?revision=0&format=csv", "ratings/latest/?format=csv&region=78", "changes/", "steps/"),
    *("chat-coverage/?week={week}", "chats/", "indicators/"),
)


def answers(cast: Cast, client_of: ClientOf) -> dict[tuple[str, str], tuple[int, str]]:
    """What everybody finds behind every door that shows a week; without the tokens of forms."""
    facts = {"week": WEEK, "town": cast.municipality.pk, "school": cast.school.pk}
    addresses = [*PAGES, *(f"/api/v1/{path}" for path in REST)]
    found = {}
    for person in ("root", "observer", "nina", "marat", "sveta"):
        client = client_of(cast.people[person])
        for address in addresses:
            answer = client.get(address.format(**facts))
            text = b"".join(answer) if answer.streaming else answer.content  # type: ignore[arg-type]
            plain = re.sub(r'csrfmiddlewaretoken" value="\w+"|"X-CSRFToken": "\w+"|nonce-[\w+/=-]+', "", text.decode())
            found[person, address] = answer.status_code, plain
    return found


def test_no_door_but_its_own_page_knows_that_there_is_a_preview(
    cast: Cast, clock: time_machine.Traveller, client_of: ClientOf
) -> None:
    PublicRating.objects.create(region=cast.region, shows_schools=True)
    answers(cast, client_of)  # the first look of the day is written down, and is a step done
    count_steps()
    before = answers(cast, client_of)
    told = Change.objects.count(), WebhookDelivery.objects.count(), parameters()["rating"]

    assert preview_running_week() is not None
    count_steps()

    assert {key: before[key] for key, text in answers(cast, client_of).items() if text != before[key]} == {}
    assert (Change.objects.count(), WebhookDelivery.objects.count(), parameters()["rating"]) == told
    assert {status for status, _ in before.values()} <= {200, 302, 400, 403, 404}
    assert sum(status == 200 for status, _ in before.values()) > len(before) / 2


def test_beats_within_the_hour_count_once(cast: Cast, clock: time_machine.Traveller) -> None:
    beat()
    clock.shift(PREVIEW_HOLDS - datetime.timedelta(minutes=1))
    beat()
    first = Rating.objects.get(state=RatingState.PREVIEW)
    assert first.counted_at == THURSDAY
    clock.shift(PREVIEW_HOLDS + datetime.timedelta(minutes=1))
    beat()

    again = Rating.objects.get(state=RatingState.PREVIEW)
    assert (again.pk, again.counted_at > first.counted_at) == (first.pk, True)
    assert RatingRow.objects.filter(rating=again, level=Level.COUNTRY, indicator=1).count() == 1


def test_week_just_over_is_counted_anew_on_monday_until_it_is_out(cast: Cast, clock: time_machine.Traveller) -> None:
    clock.move_to(WEEK.counts_at - datetime.timedelta(hours=1))
    beat()
    clock.shift(PREVIEW_HOLDS + datetime.timedelta(minutes=1))
    beat()
    publish(count_week(WEEK))
    clock.shift(PREVIEW_HOLDS + datetime.timedelta(minutes=1))
    beat()

    previews = Rating.objects.filter(state=RatingState.PREVIEW).order_by("week")
    assert [rating.week for rating in previews] == [WEEK.number, WEEK.shift(1).number]
    assert previews[0].counted_at == WEEK.counts_at - datetime.timedelta(minutes=9)
    assert previews[1].counted_at == timezone.now()


def test_page_is_of_the_week_just_over_until_corrections_end_in_the_region(
    cast: Cast, clock: time_machine.Traveller
) -> None:
    zone = ZoneInfo("Asia/Kamchatka")
    clock.move_to(corrections_until(WEEK, zone) - datetime.timedelta(hours=1))
    beat()
    before = latest(zone)
    clock.shift(datetime.timedelta(hours=1))

    after = latest(zone)

    assert before is not None
    assert after is not None
    assert (before.week, after.week) == (WEEK.number, WEEK.shift(1).number)
    assert latest(ZoneInfo("Europe/Moscow")) == before


def test_last_weeks_preview_stays_until_the_next_one(cast: Cast, clock: time_machine.Traveller) -> None:
    for _ in range(3):
        beat()
        clock.shift(datetime.timedelta(weeks=1))

    previews = Rating.objects.filter(state=RatingState.PREVIEW).order_by("week")
    assert list(previews.values_list("week", flat=True)) == [week.number for week in WEEK.shift(2).back(2)]


def test_page_says_when_it_was_counted_who_moves_and_until_when(cast: Cast, client_of: Callable[..., Client]) -> None:
    beat()

    page = client_of(cast.marat).get(f"/municipalities/{cast.municipality.pk}/preview/").content.decode()

    assert "Предварительно, на" in page
    assert "14:05" in page
    assert "10:00" in page
    risers = page.split("Кто сменит место")[1]
    assert risers.index(unbroken(cast.sibling.short_name)) < risers.index(unbroken(cast.school.short_name))


def test_page_before_the_first_count_says_so(cast: Cast, client_of: Callable[..., Client]) -> None:
    page = client_of(cast.nina).get("/regions/78/preview/").content.decode()

    assert "ещё не подсчитана" in page


def test_page_shows_held_values_of_the_place_alone(cast: Cast, client_of: Callable[..., Client]) -> None:
    StaffActivity.objects.filter(school=cast.school, week=WEEK.number).delete()
    ActivityCoverage.objects.filter(school=cast.school, week=WEEK.number).delete()
    declare(cast.school, 2)
    active(cast.school, WEEK, 15)

    beat()

    assert Hold.objects.count() == 1
    assert "Больше целого".lower() in client_of(cast.sveta).get(f"/schools/{cast.school.pk}/preview/").content.decode()
    sibling = client_of(cast.marat).get(f"/schools/{cast.sibling.pk}/preview/").content.decode()
    assert "Подозрительных значений нет" in sibling
    assert row_of(Rating.objects.get(state=RatingState.PREVIEW), Level.SCHOOL, cast.school.pk).part is None


def test_queries_do_not_grow_with_the_schools(
    cast: Cast, clock: time_machine.Traveller, client_of: Callable[..., Client], django_assert_max_num_queries: Any
) -> None:
    marat, address = client_of(cast.marat), f"/municipalities/{cast.municipality.pk}/preview/"
    beat()
    marat.get(address)
    with django_assert_max_num_queries(25) as few:
        marat.get(address)
    for number in range(10):
        declare(make_school(cast.municipality, f"9{number}", f"Школа {number}"), 20)
    clock.shift(PREVIEW_HOLDS + datetime.timedelta(minutes=1))
    beat()

    with django_assert_max_num_queries(len(few)):
        assert "Школа" in marat.get(address).content.decode()


def test_only_a_preview_has_no_revision(cast: Cast) -> None:
    rule = Rating.objects.get().rule

    with pytest.raises(IntegrityError):
        Rating.objects.create(week=WEEK.number, revision=0, rule=rule, counted_at=THURSDAY)


@pytest.mark.parametrize(
    ("zone", "moment"),
    [
        ("Asia/Kamchatka", datetime.datetime(2026, 11, 15, 22, tzinfo=datetime.UTC)),
        ("Europe/Moscow", datetime.datetime(2026, 11, 16, 7, tzinfo=datetime.UTC)),
        ("Europe/Kaliningrad", datetime.datetime(2026, 11, 16, 8, tzinfo=datetime.UTC)),
    ],
)
def test_corrections_end_on_monday_at_ten_of_the_regions_clock(zone: str, moment: datetime.datetime) -> None:
    assert corrections_until(WEEK, ZoneInfo(zone)) == moment
