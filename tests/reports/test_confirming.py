"""A week confirmed from below: who may say what, what shows when data change, what a locked week refuses."""

import datetime
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from django.test import Client

from reports.confirming import ConfirmRefused, Subject, is_locked, may_say, open_rating, say
from reports.counting import count_week
from reports.hold_decisions import DecisionRefused, decide
from reports.models import Hold, Rating, RatingState, StaffActivity, Verdict, WeekConfirmation, Word
from reports.publishing import publish
from reports.reading.rows import zone_of
from reports.schedule import PREVIEW_HOLDS, preview_running_week
from reports.weeks import IsoWeek
from schools.models import Appointment
from schools.scope import Level
from schools.texts import unbroken
from staff.models import StaffMember
from tests.conftest import Cast, make_user
from tests.reports.test_holds import active, declare
from tests.turns import in_turns

pytestmark = pytest.mark.django_db
WEEK = IsoWeek(2026, 46)
THURSDAY = datetime.datetime(2026, 11, 12, 11, 5, tzinfo=datetime.UTC)


@pytest.fixture(autouse=True)
def clock(cast: Cast) -> Iterator[time_machine.Traveller]:
    """Thursday of WEEK, counted; the school's value is over the whole."""
    Appointment.objects.update(starts_on="2026-09-01")
    with time_machine.travel(THURSDAY, tick=False) as traveller:
        declare(cast.school, 20)
        active(cast.school, WEEK, 40)
        preview_running_week()
        yield traveller


def school(cast: Cast) -> Subject:
    """Света's school."""
    return Subject(Level.SCHOOL, cast.school)


def town(cast: Cast) -> Subject:
    """Марат's municipality."""
    return Subject(Level.MUNICIPALITY, cast.municipality)


def region(cast: Cast) -> Subject:
    """Нина's region."""
    return Subject(Level.REGION, cast.region)


@pytest.mark.parametrize(
    ("of", "word", "who"),
    [
        (school, Word.CONFIRMED, {"sveta"}),
        (school, Word.RETURNED, {"marat", "nina"}),
        (town, Word.CONFIRMED, {"marat"}),
        (town, Word.RETURNED, {"nina"}),
        (region, Word.CONFIRMED, set()),
        (region, Word.LOCKED, {"nina"}),
        (region, Word.EXCEPTION, {"nina"}),
        (town, Word.LOCKED, set()),
    ],
)
def test_each_says_what_is_theirs_to_say(cast: Cast, of: Any, word: int, who: set[str]) -> None:
    assert {name for name, user in cast.people.items() if may_say(of(cast), word, user)} == who
    with pytest.raises(PermissionError):
        say(of(cast), word=word, comment="так", by=cast.observer)


def test_confirmed_then_returned_then_confirmed_is_all_kept(cast: Cast) -> None:
    say(school(cast), word=Word.CONFIRMED, comment="", by=cast.sveta)
    say(school(cast), word=Word.RETURNED, comment="нет 6Б", by=cast.marat)
    with pytest.raises(ConfirmRefused, match="только то, что подтверждено"):
        say(school(cast), word=Word.RETURNED, comment="нет 6Б", by=cast.marat)
    say(school(cast), word=Word.CONFIRMED, comment="", by=cast.sveta)

    assert list(WeekConfirmation.objects.order_by("id").values_list("word", "said_by")) == [
        (Word.CONFIRMED, cast.sveta.pk),
        (Word.RETURNED, cast.marat.pk),
        (Word.CONFIRMED, cast.sveta.pk),
    ]


def test_data_changed_afterwards_show(
    cast: Cast, clock: time_machine.Traveller, client_of: Callable[..., Client]
) -> None:
    say(school(cast), word=Word.CONFIRMED, comment="", by=cast.sveta)
    address = f"/municipalities/{cast.municipality.pk}/preview/"
    page = client_of(cast.marat).get(address).content.decode()
    assert ("изменилось после подтверждения" in page, "Подтвердили: 1" in page) == (False, True)
    StaffMember.objects.create(school=cast.school, last_name="Новая", first_name="Анна", hired_on="2026-11-01")
    clock.shift(PREVIEW_HOLDS + datetime.timedelta(minutes=1))
    preview_running_week()

    page = client_of(cast.marat).get(address).content.decode()

    assert ("изменилось после подтверждения" in page, "Подтвердили: 0" in page) == (True, True)


def test_activity_that_grows_takes_no_confirmation_away(
    cast: Cast, clock: time_machine.Traveller, client_of: Callable[..., Client]
) -> None:
    say(school(cast), word=Word.CONFIRMED, comment="", by=cast.sveta)
    StaffActivity.objects.filter(staff=cast.school.told[0]).delete()  # type: ignore[attr-defined]
    clock.shift(PREVIEW_HOLDS + datetime.timedelta(minutes=1))
    preview_running_week()

    page = client_of(cast.marat).get(f"/municipalities/{cast.municipality.pk}/preview/").content.decode()

    assert "Подтвердили: 1" in page


def test_locked_week_refuses_until_an_exception_with_a_reason(cast: Cast) -> None:
    hold = Hold.objects.get()
    say(region(cast), word=Word.LOCKED, comment="", by=cast.nina)

    with pytest.raises(ConfirmRefused, match="закрыл неделю"):
        say(school(cast), word=Word.CONFIRMED, comment="", by=cast.sveta)
    with pytest.raises(DecisionRefused, match="закрыл"):
        decide(hold, verdict=Verdict.RIGHT, comment="сверили", by=cast.marat)
    with pytest.raises(ConfirmRefused, match="Напишите"):
        say(region(cast), word=Word.EXCEPTION, comment=" ", by=cast.nina)
    say(region(cast), word=Word.EXCEPTION, comment="опоздала выгрузка", by=cast.nina)

    assert not is_locked(WEEK.number, cast.region.pk)
    say(school(cast), word=Word.CONFIRMED, comment="", by=cast.sveta)
    decide(hold, verdict=Verdict.RIGHT, comment="сверили", by=cast.marat)


def test_exception_is_listed_for_those_below(cast: Cast, client_of: Callable[..., Client]) -> None:
    say(region(cast), word=Word.LOCKED, comment="", by=cast.nina)
    say(region(cast), word=Word.EXCEPTION, comment="опоздала выгрузка", by=cast.nina)

    page = client_of(cast.sveta).get(f"/schools/{cast.school.pk}/preview/").content.decode()

    assert "опоздала выгрузка" in page


def test_publication_waits_for_nobody(cast: Cast, clock: time_machine.Traveller) -> None:
    say(region(cast), word=Word.LOCKED, comment="", by=cast.nina)
    clock.move_to(WEEK.closes_at + datetime.timedelta(hours=5))

    assert publish(count_week(WEEK)).state == RatingState.PUBLISHED


def test_recount_past_a_lock_is_on_record_as_an_exception(cast: Cast, clock: time_machine.Traveller) -> None:
    clock.move_to(WEEK.closes_at + datetime.timedelta(hours=5))
    publish(count_week(WEEK))
    say(region(cast), word=Word.LOCKED, comment="", by=cast.nina)
    other = WeekConfirmation.objects.get()
    other.pk, other.region = None, cast.other_region
    other.save()

    publish(count_week(WEEK, reason="проверка"), by=cast.root)
    untouched = is_locked(WEEK.number, cast.region.pk)
    declare(cast.school, 25)
    publish(count_week(WEEK, reason="уточнена численность"), by=cast.root)

    said = WeekConfirmation.objects.latest("id")
    assert untouched
    assert (said.word, said.region, said.said_by) == (Word.EXCEPTION, cast.region, cast.root)
    assert said.comment == "Пересчёт, редакция 2: уточнена численность"
    assert is_locked(WEEK.number, cast.other_region.pk)
    assert not is_locked(WEEK.number, cast.region.pk)


def test_comment_is_kept_without_what_nobody_sees(cast: Cast, client_of: Callable[..., Client]) -> None:
    say(region(cast), word=Word.LOCKED, comment="", by=cast.nina)

    said = say(region(cast), word=Word.EXCEPTION, comment="опоздала\0  выгрузка\u202e", by=cast.nina)

    assert said.comment == "опоздала выгрузка"


def test_refused_word_keeps_what_was_typed(cast: Cast, client_of: Callable[..., Client]) -> None:
    say(region(cast), word=Word.LOCKED, comment="", by=cast.nina)
    stale = {"word": "open", "week": WEEK.shift(-1).number, "comment": "опоздала выгрузка"}

    answer = client_of(cast.nina).post(f"/confirmations/region/{cast.region.pk}/", stale)

    assert answer.status_code == 422
    assert 'value="опоздала выгрузка"' in answer.content.decode()


def test_week_just_over_is_spoken_of_until_ten_on_monday(cast: Cast, clock: time_machine.Traveller) -> None:
    zone = zone_of(cast.region)
    monday = WEEK.closes_at
    clock.move_to(monday + datetime.timedelta(hours=5))
    rating = publish(count_week(WEEK))
    preview_running_week()

    assert open_rating(zone, monday + datetime.timedelta(hours=9, minutes=59)) == rating
    after = open_rating(zone, monday + datetime.timedelta(hours=10))
    assert after == Rating.objects.get(week=WEEK.shift(1).number)


def test_week_just_over_is_closed_until_the_next_one_is_counted(cast: Cast, clock: time_machine.Traveller) -> None:
    clock.move_to(WEEK.closes_at + datetime.timedelta(hours=10))

    assert open_rating(zone_of(cast.region)) is None
    with pytest.raises(ConfirmRefused, match="ещё не подсчитана"):
        say(school(cast), word=Word.CONFIRMED, comment="", by=cast.sveta)


def test_words_hold_of_their_week_and_region_alone(cast: Cast, clock: time_machine.Traveller) -> None:
    other = make_user("olga", Level.REGION, region=cast.other_region)
    say(Subject(Level.REGION, cast.other_region), word=Word.LOCKED, comment="", by=other)
    say(school(cast), word=Word.CONFIRMED, comment="", by=cast.sveta)
    say(region(cast), word=Word.LOCKED, comment="", by=cast.nina)
    clock.shift(datetime.timedelta(weeks=1))
    preview_running_week()

    with pytest.raises(ConfirmRefused, match="только то, что подтверждено"):
        say(school(cast), word=Word.RETURNED, comment="нет 6Б", by=cast.marat)
    assert say(school(cast), word=Word.CONFIRMED, comment="", by=cast.sveta).week == WEEK.shift(1).number


def test_lock_of_another_region_closes_nothing_here(cast: Cast) -> None:
    other = make_user("olga", Level.REGION, region=cast.other_region)
    say(Subject(Level.REGION, cast.other_region), word=Word.LOCKED, comment="", by=other)

    assert say(school(cast), word=Word.CONFIRMED, comment="", by=cast.sveta).word == Word.CONFIRMED


def test_open_week_needs_no_exception_and_a_locked_one_no_second_lock(cast: Cast) -> None:
    with pytest.raises(ConfirmRefused, match="и так открыта"):
        say(region(cast), word=Word.EXCEPTION, comment="опоздала выгрузка", by=cast.nina)
    say(region(cast), word=Word.LOCKED, comment="", by=cast.nina)
    with pytest.raises(ConfirmRefused, match="уже закрыта"):
        say(region(cast), word=Word.LOCKED, comment="", by=cast.nina)

    assert [row.word for row in WeekConfirmation.objects.all()] == [Word.LOCKED]


def test_pressed_twice_is_said_once(cast: Cast, clock: time_machine.Traveller) -> None:
    first = say(school(cast), word=Word.CONFIRMED, comment="", by=cast.sveta)

    assert say(school(cast), word=Word.CONFIRMED, comment="", by=cast.sveta) == first
    colleague = make_user("olya", Level.SCHOOL, school=cast.school)
    assert say(school(cast), word=Word.CONFIRMED, comment="", by=colleague) != first
    StaffMember.objects.create(school=cast.school, last_name="Новая", first_name="Анна", hired_on="2026-11-01")
    clock.shift(PREVIEW_HOLDS + datetime.timedelta(minutes=1))
    preview_running_week()
    assert say(school(cast), word=Word.CONFIRMED, comment="", by=colleague).sha256 != first.sha256


def test_long_comment_is_cut_to_what_is_kept(cast: Cast) -> None:
    say(school(cast), word=Word.CONFIRMED, comment="", by=cast.sveta)

    assert len(say(school(cast), word=Word.RETURNED, comment="нет 6Б " * 60, by=cast.marat).comment) == 300


def fields(client: Client, address: str) -> dict[str, str]:
    """What a form of the page says it is about, the last of its fields of a name."""
    page = client.get(address).content.decode()
    return dict(re.findall(r'<input type="hidden" name="(week|sha256)" value="(\w*)">', page))


def test_page_left_open_over_a_change_confirms_nothing(
    cast: Cast, clock: time_machine.Traveller, client_of: Callable[..., Client]
) -> None:
    sveta, address = client_of(cast.sveta), f"/schools/{cast.school.pk}/preview/"
    about = fields(sveta, address)
    StaffMember.objects.create(school=cast.school, last_name="Новая", first_name="Анна", hired_on="2026-11-01")
    clock.shift(PREVIEW_HOLDS + datetime.timedelta(minutes=1))
    preview_running_week()

    stale = sveta.post(f"/confirmations/school/{cast.school.pk}/", {"word": "confirm", **about})

    assert (stale.status_code, "данные изменились" in stale.content.decode()) == (422, True)
    assert not WeekConfirmation.objects.exists()
    again = {"word": "confirm", **fields(sveta, address)}
    assert sveta.post(f"/confirmations/school/{cast.school.pk}/", again).status_code == 302


@pytest.mark.parametrize("week", ["", "0", "202645", "２０２６４６", "9" * 5000, "202646 "])
def test_word_about_another_week_is_not_taken(cast: Cast, client_of: Callable[..., Client], week: str) -> None:
    say(school(cast), word=Word.CONFIRMED, comment="", by=cast.sveta)
    sent = {"word": "return", "comment": "нет 6Б", "week": week}

    refused = client_of(cast.marat).post(f"/confirmations/school/{cast.school.pk}/", sent)

    assert (refused.status_code, "срок той недели прошёл" in refused.content.decode()) == (422, True)
    assert WeekConfirmation.objects.count() == 1


def test_page_of_a_municipality_names_its_own_schools_alone(cast: Cast, client_of: Callable[..., Client]) -> None:
    page = client_of(cast.marat).get(f"/municipalities/{cast.municipality.pk}/preview/").content.decode()

    assert unbroken(cast.sibling.short_name) in page
    assert unbroken(cast.cousin.short_name) not in page
    assert unbroken(cast.foreign.short_name) not in page


def test_return_is_offered_above_for_what_is_confirmed_alone(cast: Cast, client_of: Callable[..., Client]) -> None:
    marat, address = client_of(cast.marat), f"/municipalities/{cast.municipality.pk}/preview/"
    before = marat.get(address).content.decode()
    say(school(cast), word=Word.CONFIRMED, comment="", by=cast.sveta)

    after = marat.get(address).content.decode()

    assert (before.count('value="return"'), after.count('value="return"')) == (0, 1)
    assert 'value="return"' not in client_of(cast.nina).get(address).content.decode()


def offered(client: Client, address: str) -> list[str]:
    """The words a page offers to say of its own place."""
    return re.findall(r'name="word" value="(confirm|lock|open)"', client.get(address).content.decode())


def test_page_offers_each_what_they_may_say_now(cast: Cast, client_of: Callable[..., Client]) -> None:
    nina, own = client_of(cast.nina), f"/schools/{cast.school.pk}/preview/"
    town_page, region_page = f"/municipalities/{cast.municipality.pk}/preview/", "/regions/78/preview/"

    assert [offered(client_of(user), own) for user in (cast.sveta, cast.marat, cast.nina)] == [["confirm"], [], []]
    assert [offered(client_of(user), town_page) for user in (cast.marat, cast.nina)] == [["confirm"], []]
    assert offered(nina, region_page) == ["lock"]
    say(region(cast), word=Word.LOCKED, comment="", by=cast.nina)
    assert offered(nina, region_page) == ["open"]


def test_exception_of_another_region_is_not_told_here(cast: Cast, client_of: Callable[..., Client]) -> None:
    other = make_user("olga", Level.REGION, region=cast.other_region)
    for word in (Word.LOCKED, Word.EXCEPTION):
        say(Subject(Level.REGION, cast.other_region), word=word, comment="опоздала выгрузка", by=other)

    page = client_of(cast.sveta).get(f"/schools/{cast.school.pk}/preview/").content.decode()

    assert "опоздала выгрузка" not in page


@pytest.mark.parametrize(
    ("who", "level", "place"),
    [
        ("sveta", "school", "sibling"),
        ("nina", "school", "foreign"),
        ("nina", "municipality", "foreign_municipality"),
        ("nina", "region", "other_region"),
        ("observer", "school", "school"),
        ("observer", "region", "region"),
        ("stranger", "school", "school"),
    ],
)
def test_place_out_of_sight_is_not_spoken_of(
    cast: Cast, client_of: Callable[..., Client], who: str, level: str, place: str
) -> None:
    sent = {"word": "confirm", "week": str(WEEK.number), "comment": "так"}
    found = getattr(cast, place)

    answer = client_of(cast.people[who]).post(f"/confirmations/{level}/{found.pk}/", sent)

    assert answer.status_code == 404
    assert client_of(cast.people[who]).get(f"{found.get_absolute_url()}preview/").status_code == 404
    assert not WeekConfirmation.objects.exists()


def test_refusal_never_shows_a_school_the_page_above_it(cast: Cast, client_of: Callable[..., Client]) -> None:
    sveta, sent = client_of(cast.sveta), {"word": "confirm", "back": "above"}
    taken = sveta.post(
        f"/confirmations/school/{cast.school.pk}/", sent | fields(sveta, f"/schools/{cast.school.pk}/preview/")
    )
    say(region(cast), word=Word.LOCKED, comment="", by=cast.nina)

    refused = sveta.post(f"/confirmations/school/{cast.school.pk}/", sent)

    assert taken["Location"] == f"/schools/{cast.school.pk}/preview/#confirmation"
    assert refused.status_code == 422
    assert unbroken(cast.sibling.short_name) not in refused.content.decode()


def test_forms_confirm_return_and_say_what_is_wrong(cast: Cast, client_of: Callable[..., Client]) -> None:
    address = f"/confirmations/school/{cast.school.pk}/"
    about = fields(client_of(cast.sveta), f"/schools/{cast.school.pk}/preview/")

    assert client_of(cast.sveta).post(address, {"word": "confirm", **about}).status_code == 302
    assert client_of(cast.sveta).post(address, {"word": "return", "comment": "так"}).status_code == 403
    assert client_of(cast.sveta).post(address, {"word": "nonsense"}).status_code == 403
    refused = client_of(cast.marat).post(address, {"word": "return", "back": "above", **about})
    assert (refused.status_code, "Напишите, почему" in refused.content.decode()) == (422, True)
    sent = client_of(cast.marat).post(address, {"word": "return", "back": "above", "comment": "нет 6Б", **about})
    assert sent["Location"] == f"/municipalities/{cast.municipality.pk}/preview/#confirmation"
    assert "нет 6Б" in client_of(cast.sveta).get(f"/schools/{cast.school.pk}/preview/").content.decode()


@pytest.mark.postgres("SQLite has one writer at a time")
@pytest.mark.django_db(transaction=True)
def test_word_said_while_the_region_locks_comes_after_the_lock(cast: Cast) -> None:
    hold = Hold.objects.get()

    def lock() -> None:
        say(region(cast), word=Word.LOCKED, comment="", by=cast.nina)

    said = in_turns(lock, lambda: say(school(cast), word=Word.CONFIRMED, comment="", by=cast.sveta))
    say(region(cast), word=Word.EXCEPTION, comment="опоздала выгрузка", by=cast.nina)
    decided = in_turns(lock, lambda: decide(hold, verdict=Verdict.RIGHT, comment="сверили", by=cast.marat))

    assert (type(said), type(decided)) == (ConfirmRefused, DecisionRefused)
