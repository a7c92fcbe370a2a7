"""Appointing, ending, handing over: below oneself and within one's place, in kind words, nothing half-done."""

import datetime
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from schools import jobs
from schools.appointing import invitations, services
from schools.appointing.open_work import open_work
from schools.appointing.people import NAME_CLEANERS, Order, Person, clean_order_day, new_login, split_name
from schools.appointing.refusals import AppointRefused
from schools.models import Appointment, Invitation, Reconciliation, School, StoredFile, User
from schools.scope import Level
from staff.models import ImportStage, StaffImport
from tests.conftest import Cast
from tests.schools.appointing.people import ANNA, appointed, last, person

pytestmark = pytest.mark.django_db
NOW = datetime.datetime(2026, 11, 24, 9, tzinfo=datetime.UTC)
TODAY = NOW.date()
DAY = datetime.timedelta(days=1)


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    """Stand on a morning; tests move the clock on."""
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def refused(**facts: Any) -> AppointRefused:
    """The refusal of an appointing; nothing is left of it."""
    before = User.objects.count(), Appointment.objects.count(), Invitation.objects.count()
    with pytest.raises(AppointRefused) as caught:
        services.appoint(**{"person": ANNA} | facts)
    assert (User.objects.count(), Appointment.objects.count(), Invitation.objects.count()) == before
    return caught.value


# Appointing


def test_newcomer_gets_an_account_nobody_can_enter_and_an_invitation(cast: Cast) -> None:
    made = appointed(cast.marat, cast.sibling, starts_on=TODAY)

    user = made.user
    assert (made.level, made.school, made.appointed_by) == (Level.SCHOOL, cast.sibling, cast.marat)
    assert (made.order_number, made.starts_on, made.ends_on) == ("114-ОД", TODAY, None)
    assert (user.last_name, user.first_name, user.patronymic, user.phone) == ANNA_NAMED
    assert not user.has_usable_password()
    assert user.email == ""
    assert last(made).email == ANNA.email
    assert last(made).expires_at.date() == TODAY + 14 * DAY


ANNA_NAMED = ("Ёлкина", "Анна", "Петровна", "+79000003177")


def test_known_address_gets_the_same_answer_and_its_owner_no_appointment_yet(cast: Cast) -> None:
    User.objects.filter(pk=cast.stranger.pk).update(email="elkina@school.example", last_name="Настоящая")

    made = appointed(cast.marat, cast.sibling)

    assert made.user != cast.stranger
    assert made.user.last_name == "Ёлкина"
    assert not cast.stranger.appointments.exists()


WHO_APPOINTS = {
    "root": {"country", "region", "other_region", "municipality", "school", "sibling", "cousin", "foreign"},
    "nina": {"municipality", "other_municipality", "school", "sibling", "cousin"},
    "marat": {"school", "sibling"},
    "sveta": set(),
    "observer": set(),
    "stranger": set(),
}
PLACES = ("region", "other_region", "municipality", "other_municipality", "foreign_municipality", "school", "sibling")


@pytest.mark.parametrize("name", WHO_APPOINTS)
@pytest.mark.parametrize("where", ["country", *PLACES, "cousin", "foreign"])
def test_only_below_oneself_and_within_ones_place(cast: Cast, name: str, where: str) -> None:
    place = None if where == "country" else getattr(cast, where)
    by = cast.people[name]
    allowed = where in WHO_APPOINTS[name] or name == "root"

    if allowed:
        assert appointed(by, place).place == place
    else:
        assert "ниже своего уровня" in str(refused(by=by, place=place))


def test_another_role_elsewhere_opens_nothing_here(cast: Cast) -> None:
    """A coordinator of a region who is an administrator of a school in another appoints nobody there."""
    cast.nina.appointments.create(level=Level.SCHOOL, school=cast.foreign)
    cast.marat.appointments.create(level=Level.MUNICIPALITY, municipality=cast.foreign_municipality)
    nina, marat = User.objects.get(pk=cast.nina.pk), User.objects.get(pk=cast.marat.pk)

    refused(by=nina, place=cast.foreign)
    refused(by=marat, place=cast.foreign_municipality)
    assert appointed(marat, cast.foreign, person(1))
    assert appointed(nina, cast.municipality, person(2))


def test_nobody_appoints_oneself(cast: Cast) -> None:
    User.objects.filter(pk=cast.marat.pk).update(email="Marat@example.ru")
    marat = User.objects.get(pk=cast.marat.pk)

    refusal = refused(by=marat, place=cast.school, person=person(email="marat@EXAMPLE.ru"))

    assert "Назначить себя нельзя" in str(refusal)
    assert refusal.field == "email"


def test_ended_appointment_appoints_nobody(cast: Cast) -> None:
    cast.marat.appointments.update(starts_on=TODAY - 9 * DAY, ends_on=TODAY - DAY)

    refused(by=User.objects.get(pk=cast.marat.pk), place=cast.school)


@pytest.mark.parametrize(
    "again", [ANNA, person(email="ELKINA@school.example"), person(last_name="Другая", email=ANNA.email)]
)
def test_the_same_person_is_not_appointed_twice_to_one_place(cast: Cast, again: Person) -> None:
    appointed(cast.marat, cast.sibling)

    assert "уже назначен" in str(refused(by=cast.nina, place=cast.sibling, person=again))
    assert appointed(cast.marat, cast.school, again)  # to another place, why not


def test_person_without_an_address_is_known_by_the_name(cast: Cast) -> None:
    nobody = person(email="")
    made = appointed(cast.marat, cast.sibling, nobody)

    assert not made.invitations.exists()
    assert "уже назначен" in str(refused(by=cast.marat, place=cast.sibling, person=nobody))


def test_closed_school_and_far_days_are_refused_in_words(cast: Cast) -> None:
    School.objects.filter(pk=cast.sibling.pk).update(closed_on=TODAY - DAY)
    closed = School.objects.get(pk=cast.sibling.pk)

    assert "закрыта" in str(refused(by=cast.marat, place=closed))
    far = refused(by=cast.marat, place=cast.school, starts_on=TODAY + 400 * DAY)
    assert far.field == "starts_on"


def test_several_administrators_of_one_school_are_allowed(cast: Cast) -> None:
    appointed(cast.marat, cast.school, person(1))
    appointed(cast.marat, cast.school, person(2))

    assert services.holding(cast.school).count() == 3


def test_steps_of_the_place_are_counted_afresh(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    told: list[Any] = []
    monkeypatch.setattr(jobs, "tell_changed", lambda **facts: told.append(facts))

    made = appointed(cast.nina, cast.municipality)
    services.end(made, on=TODAY, by=cast.nina)
    appointed(cast.marat, cast.school, person(3))

    region = cast.region.pk
    assert told == [
        {"school_id": None, "region_id": region},
        {"school_id": None, "region_id": region},
        {"school_id": cast.school.pk, "region_id": None},
    ]


# Ending


def test_last_day_is_still_open_and_the_next_is_closed(cast: Cast, clock: time_machine.Traveller) -> None:
    sveta = cast.sveta.appointments.get()

    services.end(sveta, on=TODAY, by=cast.marat)

    def sees() -> bool:
        return School.objects.visible_to(User.objects.get(pk=cast.sveta.pk)).exists()

    today = sees()
    clock.shift(DAY)
    assert (today, sees()) == (True, False)


def test_end_makes_open_links_void(cast: Cast) -> None:
    made = appointed(cast.marat, cast.sibling)

    services.end(made, on=TODAY, by=cast.marat)

    assert last(made).withdrawn_at is not None


def test_end_in_the_future_leaves_the_link_and_may_be_moved(cast: Cast) -> None:
    made = appointed(cast.marat, cast.sibling)

    services.end(made, on=TODAY + 30 * DAY, by=cast.marat)
    moved = services.end(made, on=TODAY + 60 * DAY, by=cast.marat)

    assert moved.ends_on == TODAY + 60 * DAY
    assert last(made).withdrawn_at is None


@pytest.mark.parametrize(
    "by, on, words",
    [
        ("sveta", TODAY, "стоит выше"),
        ("stranger", TODAY, "стоит выше"),
        ("observer", TODAY, "стоит выше"),
        ("marat", TODAY - 400 * DAY, "раньше закончить нельзя"),
        ("marat", TODAY + 9999 * DAY, "слишком далеко"),
    ],
)
def test_end_is_refused_in_words(cast: Cast, by: str, on: datetime.date, words: str) -> None:
    sveta = cast.sveta.appointments.get()

    with pytest.raises(AppointRefused, match=words):
        services.end(sveta, on=on, by=cast.people[by])

    sveta.refresh_from_db()
    assert sveta.ends_on is None


def test_ended_appointment_stays_as_it_is(cast: Cast) -> None:
    sveta = cast.sveta.appointments.get()
    Appointment.objects.filter(pk=sveta.pk).update(starts_on=TODAY - 9 * DAY, ends_on=TODAY - DAY)

    for change in (
        lambda: services.end(sveta, on=TODAY + DAY, by=cast.marat),
        lambda: services.put_order(sveta, order=Order("1"), by=cast.marat),
        lambda: services.hand_over(sveta, by=cast.marat, person=ANNA, starts_on=TODAY + DAY),
        lambda: invitations.invite(sveta, by=cast.marat, email="a@b.example"),
    ):
        with pytest.raises(AppointRefused, match="окончено"):
            change()


# Handing over


def test_successor_begins_the_day_after_the_predecessors_last(cast: Cast) -> None:
    sveta = cast.sveta.appointments.get()
    Appointment.objects.filter(pk=sveta.pk).update(starts_on=TODAY - 100 * DAY)

    made = services.hand_over(sveta, by=cast.marat, person=ANNA, starts_on=TODAY + 7 * DAY, order=Order("9-к", TODAY))

    sveta.refresh_from_db()
    assert (sveta.ends_on, made.starts_on) == (TODAY + 6 * DAY, TODAY + 7 * DAY)
    assert (made.school, made.order_number, made.order_on) == (cast.school, "9-к", TODAY)
    assert last(made).email == ANNA.email


def test_predecessor_who_leaves_sooner_keeps_the_day(cast: Cast) -> None:
    sveta = cast.sveta.appointments.get()
    Appointment.objects.filter(pk=sveta.pk).update(starts_on=TODAY - 100 * DAY, ends_on=TODAY + DAY)

    services.hand_over(sveta, by=cast.marat, person=ANNA, starts_on=TODAY + 7 * DAY)

    sveta.refresh_from_db()
    assert sveta.ends_on == TODAY + DAY


def test_handing_over_is_whole_or_not_at_all(cast: Cast) -> None:
    sveta = cast.sveta.appointments.get()
    Appointment.objects.filter(pk=sveta.pk).update(starts_on=TODAY - 100 * DAY)
    appointed(cast.marat, cast.school, person(7))

    with pytest.raises(AppointRefused, match="уже назначен"):
        services.hand_over(sveta, by=cast.marat, person=person(7), starts_on=TODAY + 7 * DAY)

    sveta.refresh_from_db()
    assert sveta.ends_on is None


def test_successor_cannot_begin_before_the_predecessor_has_had_a_day(cast: Cast) -> None:
    made = appointed(cast.marat, cast.sibling, starts_on=TODAY)

    with pytest.raises(AppointRefused, match="не раньше 25.11.2026"):
        services.hand_over(made, by=cast.marat, person=person(), starts_on=TODAY)


def test_what_is_left_open_is_listed_as_far_as_the_viewer_sees(cast: Cast) -> None:
    for school in (cast.school, cast.foreign):
        file = StoredFile.objects.create(school=school, shown_name="a", size=1, sha256="0" * 64)
        StaffImport.objects.create(school=school, file=file, stage=ImportStage.PLANNED)
    paper = StoredFile.objects.create(region=cast.region, shown_name="r", size=1, sha256="0" * 64)
    Reconciliation.objects.create(region=cast.region, file=paper, stage="planned")
    appointed(cast.marat, cast.sibling)

    of_school = [work.text for work in open_work(cast.sveta.appointments.get(), cast.marat)]
    of_town = [work.text for work in open_work(cast.marat.appointments.get(), cast.nina)]
    of_region = [work.text for work in open_work(cast.nina.appointments.get(), cast.root)]

    assert of_school == ["Загрузки сотрудников: ждут подтверждения 1"]
    assert of_town == [
        "Загрузки сотрудников: ждут подтверждения 1",
        "Назначены и ещё не входили: 2\u00a0администратора",
    ]
    assert "Без администратора: 1\u00a0школа" in of_region
    assert any(text.startswith("Сверки реестра") and text.endswith(" 1") for text in of_region)


# The order


def test_order_is_written_down_from_above(cast: Cast) -> None:
    sveta = cast.sveta.appointments.get()
    before = sveta.updated_at

    services.put_order(sveta, order=Order("77-ОД", TODAY), by=cast.marat)

    sveta.refresh_from_db()
    assert (sveta.order_number, sveta.order_on) == ("77-ОД", TODAY)
    assert sveta.updated_at > before or sveta.updated_at == timezone.now()
    with pytest.raises(AppointRefused, match="стоит выше"):
        services.put_order(sveta, order=Order("1"), by=cast.sveta)


# Names and logins


@pytest.mark.parametrize(
    "text, parts",
    [
        ("Иванова Анна Сергеевна", ("Иванова", "Анна", "Сергеевна")),
        ("  Иванова   Анна ", ("Иванова", "Анна", "")),
        ("Алиева Лейла Рустам кызы", ("Алиева", "Лейла", "Рустам кызы")),
        ("Салтыков-Щедрин Михаил Евграфович", ("Салтыков-Щедрин", "Михаил", "Евграфович")),
    ],
)
def test_name_in_one_cell_is_split(text: str, parts: tuple[str, str, str]) -> None:
    assert split_name(text).value == parts


@pytest.mark.parametrize("text", ["", "Иванова", "Иванова 1", "Иванова А@", "x" * 400 + " y", "<b>Анна</b> Иванова"])
def test_what_is_no_name_is_a_mistake(text: str) -> None:
    assert split_name(text).is_mistaken


def test_cleaning_a_clean_name_changes_nothing() -> None:
    for name in ("Анна", "д'Артаньян", "Мария-Тереза", "Рустам оглы", ""):
        for clean in NAME_CLEANERS.values():
            once = clean(name).value
            assert clean(once).value == once


@pytest.mark.parametrize(
    "text, offered",
    [
        ("Ivan Petrov", None),
        ("Петров Ivan", None),
        ("Пeтров Иван", "Петров Иван"),
        ("Петров1 Иван Ильич", "Петров Иван Ильич"),
        ("Пeтров Ivan", None),
    ],
)
def test_name_in_foreign_letters_is_a_mistake_that_offers_the_whole_cell(text: str, offered: str | None) -> None:
    name, problem = split_name(text)

    assert problem is not None
    assert (name, problem.severity, problem.suggestion) == (("", "", ""), "mistake", offered)
    if offered:
        assert not split_name(offered).is_mistaken


@pytest.mark.parametrize("none", ["нет", "-", "отсутствует", ""])
def test_word_that_there_is_no_patronymic_is_none(none: str) -> None:
    assert NAME_CLEANERS["patronymic"](none).value == ""


@pytest.mark.parametrize(
    "day, is_right",
    [
        (datetime.date(2019, 12, 31), False),
        (datetime.date(2020, 1, 1), True),
        (TODAY + datetime.timedelta(days=365), True),
        (TODAY + datetime.timedelta(days=370), False),
        (None, True),
    ],
)
def test_order_is_of_the_years_in_which_there_are_the_platforms(day: datetime.date | None, is_right: bool) -> None:
    cleaned = clean_order_day(day)

    assert (cleaned.value == day, cleaned.problem is None) == (is_right, is_right)


def test_service_takes_no_order_of_an_impossible_day(cast: Cast) -> None:
    order = Order("1", datetime.date(2062, 9, 4))

    with pytest.raises(AppointRefused, match="больше года"):
        services.appoint(by=cast.nina, place=cast.sibling, person=ANNA, order=order)
    with pytest.raises(AppointRefused, match="больше года"):
        services.put_order(Appointment.objects.get(user=cast.sveta), order=order, by=cast.nina)

    assert not cast.sibling.appointments.exists()


def test_login_is_latin_and_made_of_the_name() -> None:
    logins = {new_login("Щукина-Ёжикова", "Юлия") for _ in range(20)}

    assert all(login.startswith("schukinaezhikova.y") and login.isascii() for login in logins)
    assert len(logins) > 1
    assert new_login("田中", "").startswith("user.")


def test_login_taken_is_not_given_again(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = iter(["elkina.a1000", "elkina.a1000", "elkina.a2000"])
    monkeypatch.setattr(services, "new_login", lambda *names: next(answers))

    first, second = appointed(cast.marat, cast.sibling), appointed(cast.marat, cast.school)

    assert (first.user.username, second.user.username) == ("elkina.a1000", "elkina.a2000")


def test_pressing_twice_appoints_once(cast: Cast) -> None:
    appointed(cast.marat, cast.sibling)
    with pytest.raises(AppointRefused):
        appointed(cast.marat, cast.sibling)

    assert cast.sibling.appointments.count() == 1


def test_two_districts_may_have_one_coordinator(cast: Cast) -> None:
    appointed(cast.nina, cast.municipality)
    appointed(cast.nina, cast.other_municipality)

    assert Appointment.objects.filter(invitations__email=ANNA.email).count() == 2
