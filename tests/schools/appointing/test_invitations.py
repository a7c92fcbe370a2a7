"""The way in: a link is mailed or handed over, works once and for a term, tells nobody who is known, is refused."""

import datetime
import logging
import re
import smtplib
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.test import Client
from django.utils import timezone

from schools import jobs
from schools.appointing import invitations, letters
from schools.appointing.refusals import AppointRefused
from schools.jobs import JobState
from schools.logs import LineFormatter
from schools.models import Appointment, Invitation, InvitationBatch, User
from schools.scope import Level
from schools.second_factor import services as second_factor
from tests.conftest import Cast
from tests.schools.appointing.people import (
    ANNA,
    PASSWORD,
    accepted,
    appointed,
    last,
    link_in,
    mailed_link,
    person,
    send_all,
)

pytestmark = pytest.mark.django_db
NOW = datetime.datetime(2026, 11, 24, 9, tzinfo=datetime.UTC)
DAY = datetime.timedelta(days=1)
PAGE = "/invitations/"


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    """Stand on a morning; tests move the clock on."""
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture(autouse=True)
def host(settings: Any) -> None:
    """Where links in letters lead."""
    settings.PORTAL_URL = "https://portal.example.ru"


def with_address(user: User, email: str) -> User:
    """A person of the cast with an address."""
    User.objects.filter(pk=user.pk).update(email=email)
    return User.objects.get(pk=user.pk)


# Letters


def test_letter_is_short_plain_and_kind(cast: Cast) -> None:
    marat = with_address(cast.marat, "marat@example.ru")
    appointed(marat, cast.sibling)
    send_all()

    letter = mail.outbox[0]
    assert letter.to == ["elkina@school.example"]
    assert letter.reply_to == ["marat@example.ru"]
    assert letter.subject == "Вас назначили: администратор школы, Гимназия № 2 (Невский район)"
    assert letter.content_subtype == "plain"
    assert not letter.attachments
    body = str(letter.body)
    for words in (
        "Здравствуйте, Анна Петровна!",
        "администратор школы, Гимназия № 2 (Невский район). Приказ № 114-ОД.",
        "Назначает Marat, координатор муниципалитета, marat@example.ru.",
        "действует до 8\u00a0декабря и только один раз",
        "https://portal.example.ru/invitations/",
        "нажмите «Отказаться»",
        "Ответ на него получит тот, кто вас назначил",
    ):
        assert words in body, words
    assert len(body) < 1200
    assert "<" not in body
    assert "&" not in body


def test_names_with_quotes_and_newlines_stay_what_they_are(cast: Cast) -> None:
    type(cast.sibling).objects.filter(pk=cast.sibling.pk).update(short_name='Школа "Радуга" & <Ко>\nBcc: all@x.example')
    made = appointed(cast.marat, type(cast.sibling).objects.get(pk=cast.sibling.pk))

    message = letters.letter(last(made))

    assert 'Школа "Радуга" & <Ко>' in str(message.body)
    assert "\n" not in message.subject
    assert message.message()["Bcc"] is None


def test_letter_to_a_district_says_of_which_region(cast: Cast) -> None:
    appointed(cast.nina, cast.municipality, person())
    appointed(cast.root, cast.region, person())
    appointed(cast.root, None, person())
    send_all()

    subjects = [letter.subject for letter in mail.outbox]
    assert subjects == [
        "Вас назначили: координатор муниципалитета, Невский район (Санкт-Петербург)",
        "Вас назначили: координатор региона, Санкт-Петербург",
        "Вас назначили: наблюдатель федерального уровня, Россия",
    ]
    assert "администратор портала" in str(mail.outbox[1].body)


def test_appointing_does_not_wait_for_the_mail_server(cast: Cast) -> None:
    made = appointed(cast.marat, cast.sibling)

    assert mail.outbox == []
    assert last(made).batch is not None
    assert last(made).batch.state == JobState.QUEUED  # type: ignore[union-attr]


class Refusing(EmailBackend):
    """A mail server that answers as a test says."""

    error: Exception

    def send_messages(self, messages: Any) -> int:
        """Refuse the addresses that begin with «bad»; lose the connection at «lost»."""
        if messages[0].to[0].startswith(("bad", "lost")):
            raise self.error
        return super().send_messages(messages)


def refusing(settings: Any, error: Exception) -> None:
    """Put such a server in place."""
    Refusing.error = error
    settings.EMAIL_BACKEND = f"{__name__}.Refusing"


@pytest.mark.parametrize(
    "error, said",
    [
        (smtplib.SMTPRecipientsRefused({"bad@x.example": (550, b"no such user")}), letters.NO_ADDRESS),
        (smtplib.SMTPRecipientsRefused({"bad@x.example": (450, b"greylisted")}), letters.LATER),
        (smtplib.SMTPDataError(554, b"spam"), letters.NO_ADDRESS),
        (smtplib.SMTPDataError(451, b"try later"), letters.LATER),
    ],
)
def test_refused_letter_says_why_and_the_others_go_out(cast: Cast, settings: Any, error: Exception, said: str) -> None:
    refusing(settings, error)
    bad = appointed(cast.marat, cast.school, person(email="bad@x.example"))
    good = appointed(cast.marat, cast.sibling)
    Invitation.objects.update(batch=last(bad).batch)

    send_all()

    assert last(bad).delivery_error == said
    assert last(bad).delivered_at is None
    assert last(good).delivered_at is not None
    assert [letter.to for letter in mail.outbox] == [[ANNA.email]]


@pytest.mark.parametrize("error", [TimeoutError(), ConnectionRefusedError(), smtplib.SMTPServerDisconnected("gone")])
def test_silent_server_is_asked_once_and_every_letter_says_so(cast: Cast, settings: Any, error: Exception) -> None:
    refusing(settings, error)
    lost = appointed(cast.marat, cast.school, person(email="lost@x.example"))
    waiting = appointed(cast.marat, cast.sibling)
    Invitation.objects.update(batch=last(lost).batch)

    send_all()

    assert {last(lost).delivery_error, last(waiting).delivery_error} == {letters.SILENT}
    assert mail.outbox == []
    assert last(lost).batch.state == JobState.DONE  # type: ignore[union-attr]


def test_letter_sent_once_is_not_sent_again_by_a_job_that_runs_twice(cast: Cast) -> None:
    made = appointed(cast.marat, cast.sibling)
    send_all()
    InvitationBatch.objects.update(state=JobState.QUEUED, attempts=0)

    send_all()

    assert len(mail.outbox) == 1
    assert last(made).delivered_at is not None


def test_letter_whose_sending_was_cut_short_says_the_same_link_again(cast: Cast) -> None:
    made = appointed(cast.marat, cast.sibling)
    first = mailed_link()
    Invitation.objects.update(delivered_at=None)
    InvitationBatch.objects.update(state=JobState.QUEUED, attempts=0)

    assert mailed_link() == first
    assert last(made).digest == invitations.digest_of(first.split("/")[2])


def test_right_that_ended_before_the_letter_left_stops_it(cast: Cast) -> None:
    made = appointed(cast.marat, cast.sibling)
    cast.marat.appointments.update(starts_on=NOW.date() - 9 * DAY, ends_on=NOW.date() - DAY)

    send_all()

    assert mail.outbox == []
    assert last(made).delivery_error == letters.NO_RIGHT


def test_switched_off_inviter_sends_nothing(cast: Cast) -> None:
    made = appointed(cast.marat, cast.sibling)
    User.objects.filter(pk=cast.marat.pk).update(is_active=False)

    send_all()

    assert mail.outbox == []
    assert last(made).batch.state == JobState.FAILED  # type: ignore[union-attr]


# Accepting


def test_link_is_opened_the_account_made_and_the_person_in(cast: Cast) -> None:
    made = appointed(cast.marat, cast.sibling)
    link = mailed_link()
    client = Client()

    led = client.get(link)
    page = client.get(led["Location"]).content.decode()
    answer = client.post(PAGE, {"last_name": "Ёлкина", "first_name": "Анна", "patronymic": "Ивановна",
                                "password": PASSWORD, "again": PASSWORD})  # fmt: skip
    home = client.get("/", follow=True)

    made.refresh_from_db()
    user = made.user
    assert led["Location"] == PAGE
    assert "Гимназия №" in page
    assert "Marat" in page
    assert "Приказ № 114-ОД" in page
    assert answer["Location"] == "/"
    assert home.request["PATH_INFO"] == f"/schools/{cast.sibling.pk}/"
    assert (user.patronymic, user.email, user.seen_on) == ("Ивановна", ANNA.email, NOW.date())
    assert user.check_password(PASSWORD)
    assert last(made).accepted_at == NOW


def test_newcomer_signs_in_by_address_and_by_login(cast: Cast) -> None:
    made = appointed(cast.marat, cast.sibling)
    accepted(mailed_link())
    made.refresh_from_db()

    for name in (ANNA.email, ANNA.email.upper(), made.user.username):
        answer = Client().post("/login/", {"username": name, "password": PASSWORD})
        assert answer.status_code == 302, name


def test_secret_is_in_the_first_address_alone(cast: Cast, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    made = appointed(cast.marat, cast.sibling)
    link = mailed_link()
    secret = link.split("/")[2]
    client = Client()

    led = client.get(link)
    page = client.get(PAGE)
    session = client.session
    client.post(PAGE, {"password": "1"})
    accepted(link)
    accepted(link)

    kept = (
        repr(list(Invitation.objects.values())) + repr(dict(session)) + page.content.decode() + page.headers.__repr__()
    )
    assert secret not in kept
    assert secret not in caplog.text
    assert led["Referrer-Policy"] == "no-referrer"
    assert "no-store" in led["Cache-Control"]
    assert secret not in made.user.username
    assert len(secret) >= 43


@pytest.mark.parametrize("method", ["get", "post", "put", "patch", "delete", "head", "options"])
def test_secret_is_not_logged_whatever_the_method(cast: Cast, caplog: pytest.LogCaptureFixture, method: str) -> None:
    caplog.set_level(logging.DEBUG)
    client = Client(enforce_csrf_checks=True)

    answer = getattr(client, method)("/invitations/a-secret-of-somebody/")

    assert answer.status_code == 302
    assert "a-secret-of-somebody" not in caplog.text


def test_lines_of_the_log_leave_secrets_of_links_out() -> None:
    record = logging.LogRecord("django.request", logging.ERROR, "", 0, "Gone: %s", ("/invitations/abcdefghij/",), None)
    other = logging.LogRecord(
        "x", logging.ERROR, "", 0, "Bad: /password/MQ/c9x-1234567890abcdef/ and /schools/5/", (), None
    )

    assert LineFormatter("%(message)s").format(record) == "Gone: /invitations/…/"
    assert LineFormatter("%(message)s").format(other) == "Bad: /password/MQ/…/ and /schools/5/"


def test_link_works_once(cast: Cast) -> None:
    appointed(cast.marat, cast.sibling)
    link = mailed_link()
    accepted(link)

    client, answer = accepted(link, password="другой-пароль-77", again="другой-пароль-77")

    assert answer.status_code == 410
    assert "уже принято" in answer.content.decode()
    assert "Ко входу" in answer.content.decode()
    assert not User.objects.get(email=ANNA.email).check_password("другой-пароль-77")


def test_link_ends_with_its_term(cast: Cast, clock: time_machine.Traveller) -> None:
    made = appointed(cast.marat, cast.sibling)
    link = mailed_link()
    clock.shift(14 * DAY)

    _, answer = accepted(link)

    assert answer.status_code == 410
    assert "Срок приглашения истёк" in answer.content.decode()
    assert "отправить приглашение ещё раз" in answer.content.decode()
    assert last(made).accepted_at is None


@pytest.mark.parametrize(
    "spoil, words",
    [
        (lambda made, cast: invitations.withdraw(made, by=cast.marat), "отозвано"),
        (lambda made, cast: invitations.invite(made, by=cast.marat, email="other@x.example"), "загляните в почту"),
        (lambda made, cast: Appointment.objects.filter(pk=made.pk).update(
            starts_on=NOW.date() - 5 * DAY, ends_on=NOW.date() - DAY), "Срок приглашения истёк"),
        (lambda made, cast: Invitation.objects.all().delete(), "Ссылка не подошла"),
    ],
)  # fmt: skip
def test_void_link_says_kindly_what_to_do(cast: Cast, spoil: Callable[..., Any], words: str) -> None:
    made = appointed(cast.marat, cast.sibling)
    link = mailed_link()
    spoil(made, cast)

    _, answer = accepted(link)

    assert answer.status_code == 410
    assert words in answer.content.decode()
    assert not User.objects.filter(email=ANNA.email).exists()


@pytest.mark.parametrize("token", ["x", "а" * 50, "../../etc", "a" * 3000, "%00", "null"])
def test_made_up_link_is_answered_calmly(cast: Cast, token: str) -> None:
    client = Client()

    client.get(f"/invitations/{token}/")

    assert client.get(PAGE).status_code == 410


@pytest.mark.parametrize(
    "fields, words",
    [
        ({"again": "не-тот-пароль"}, "не совпали"),
        ({"password": "12345", "again": "12345"}, "слишком короткий"),
        ({"password": "password12", "again": "password12"}, "слишком широко распространён"),
        ({"last_name": ""}, "Впишите фамилию"),
        ({"first_name": "4нна"}, "В имени цифры"),
        ({"last_name": "Elkina"}, "впишите по-русски"),
        ({"password": "", "again": ""}, "Придумайте пароль"),
    ],
)
def test_mistakes_of_the_form_are_told_and_nothing_is_taken(cast: Cast, fields: dict[str, str], words: str) -> None:
    made = appointed(cast.marat, cast.sibling)

    _, answer = accepted(mailed_link(), **fields)

    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert last(made).accepted_at is None
    assert PASSWORD not in answer.content.decode()


def test_declining_is_one_button_and_the_coordinator_sees_it(cast: Cast, client_of: Callable[..., Client]) -> None:
    made = appointed(cast.marat, cast.sibling)
    client = Client()
    client.get(mailed_link())

    answer = client.post(PAGE, {"decline": "1"})

    listed = client_of(cast.marat).get("/appointments/?show=waiting").content.decode()
    assert "Вы отказались" in answer.content.decode()
    assert last(made).declined_at == NOW
    assert "отказался" in listed
    assert not made.user.has_usable_password()


# Those who have an account


def test_known_person_signs_in_and_takes_it_with_one_button(cast: Cast) -> None:
    known = with_address(cast.stranger, ANNA.email)
    made = appointed(cast.marat, cast.sibling)
    newcomer = made.user
    client = Client()
    client.get(mailed_link())

    page = client.get(PAGE).content.decode()
    forced = client.post(PAGE, {"last_name": "А", "first_name": "Б", "password": PASSWORD, "again": PASSWORD})
    client.post("/login/?next=/invitations/", {"username": ANNA.email, "password": "password"})
    asked = client.get(PAGE).content.decode()
    taken = client.post(PAGE, {"take": "1"})

    made.refresh_from_db()
    assert "уже есть вход" in page
    assert 'name="password"' not in page
    assert forced.status_code == 409
    assert "Stranger" in asked
    assert taken["Location"] == "/"
    assert made.user == known
    assert not User.objects.filter(pk=newcomer.pk).exists()
    known.refresh_from_db()
    assert known.check_password("password")
    assert known.last_name == "Stranger"


def test_person_with_another_address_signs_in_instead_of_making_a_second_account(cast: Cast) -> None:
    made = appointed(cast.marat, cast.sibling)
    client = Client()
    client.get(mailed_link())
    page = client.get(PAGE).content.decode()
    client.post("/login/?next=/invitations/", {"username": "stranger", "password": "password"})

    client.post(PAGE, {"take": "1"})

    made.refresh_from_db()
    assert "Уже входили на портал раньше?" in page
    assert made.user == cast.stranger


def test_nobody_takes_the_appointment_she_gave(cast: Cast) -> None:
    """Otherwise a coordinator would open a school's pupils to herself by a link handed over to nobody."""
    for giver in (cast.marat, cast.nina):
        made = appointed(giver, cast.sibling, person(giver.pk))
        link = mailed_link()
        for person_in in (cast.marat, cast.nina, cast.root):
            client = Client()
            client.force_login(person_in, backend="schools.login.LoginOrEmailBackend")
            client.get(link)
            answer = client.post(PAGE, {"take": "1"})
            assert answer.status_code == 409, (giver, person_in)
            assert "Назначить себя нельзя" in answer.content.decode()
        made.refresh_from_db()
        assert last(made).accepted_at is None


def test_second_factor_stands_before_the_taking(cast: Cast) -> None:
    with_address(cast.stranger, ANNA.email)
    second_factor.begin(user=cast.stranger)
    User.objects.filter(pk=cast.stranger.pk).update(factor_on=NOW)
    made = appointed(cast.marat, cast.sibling)
    client = Client()
    client.get(mailed_link())
    client.post("/login/", {"username": "stranger", "password": "password"})

    answer = client.post(PAGE, {"take": "1"})

    assert answer["Location"].startswith("/second-factor/")
    assert last(made).accepted_at is None


def test_coordinator_who_accepts_is_led_to_the_second_factor_where_it_is_demanded(cast: Cast, settings: Any) -> None:
    settings.SECOND_FACTOR = "required"
    appointed(cast.nina, cast.municipality)

    client, _ = accepted(mailed_link())

    assert client.get("/")["Location"].startswith("/second-factor/setup/")


def test_taken_or_switched_off_address_is_not_given_to_the_newcomer(cast: Cast) -> None:
    User.objects.filter(pk=cast.stranger.pk).update(email=ANNA.email, is_active=False)
    made = appointed(cast.marat, cast.sibling)

    _, answer = accepted(mailed_link())

    made.refresh_from_db()
    assert answer["Location"] == "/"
    assert made.user.email == ""
    assert made.user != cast.stranger


# Nobody learns who is known


def pages_after(cast: Cast, client_of: Callable[..., Client], by: User, email: str) -> list[str]:
    """What a coordinator sees after appointing an address: the answer, the card, the list, REST, the link in hand."""
    client = client_of(by)
    form = {"last_name": "Ёлкина", "first_name": "Анна", "email": email, "starts_on": "2026-11-24"}
    answer = client.post(f"/appointments/new/?school={cast.sibling.pk}", form)
    assert answer.status_code == 302
    pk = int(answer["Location"].split("/")[2])
    send_all()
    shown = client.post(f"/appointments/{pk}/act/", {"link": "1"}).content.decode()
    by_hand = Client()
    by_hand.get(link_in(shown))
    texts = [
        client.get(f"/appointments/{pk}/").content.decode(),
        client.get("/appointments/").content.decode(),
        client.get("/appointments/?q=Настоящая").content.decode(),
        client.get("/api/v1/appointments/").content.decode(),
        shown,
        by_hand.get(PAGE).content.decode(),
    ]
    user = Appointment.objects.get(pk=pk).user
    login = user.username
    Appointment.objects.filter(pk=pk).delete()
    user.delete()
    return [_without_numbers(text, pk, login, email) for text in texts]


def _without_numbers(text: str, pk: int, login: str, email: str) -> str:
    text = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", text).replace(login, "LOGIN")
    text = text.replace(email, "EMAIL")
    text = re.sub(r"/invitations/[\w-]{40,}/", "LINK", text)
    return re.sub(rf'(/appointments/|"id":){pk}\b', r"\1PK", text)


def test_known_and_unknown_addresses_look_alike_to_the_coordinator(
    cast: Cast, client_of: Callable[..., Client]
) -> None:
    known = with_address(
        cast.foreign.appointments.create(level=Level.SCHOOL, user=cast.stranger).user, "known@x.example"
    )
    User.objects.filter(pk=known.pk).update(seen_on=NOW.date(), last_name="Настоящая")

    of_known = pages_after(cast, client_of, cast.marat, "known@x.example")
    of_unknown = pages_after(cast, client_of, cast.marat, "knowm@x.example")

    assert of_known == of_unknown
    assert "Настоящая" not in "".join(of_known).replace('value="Настоящая"', "").replace("«Настоящая»", "")


# Again, by hand, withdrawn


def test_new_letter_makes_the_old_link_void(cast: Cast) -> None:
    made = appointed(cast.marat, cast.sibling)
    old = mailed_link()

    invitations.invite(made, by=cast.marat, email=ANNA.email)
    new = mailed_link()

    assert accepted(old)[1].status_code == 410
    assert accepted(new)[1].status_code == 302


def test_link_in_hand_is_shown_once_and_gives_no_address(cast: Cast, client_of: Callable[..., Client]) -> None:
    made = appointed(cast.marat, cast.sibling, person(email=""))
    client = client_of(cast.marat)

    shown = client.post(f"/appointments/{made.pk}/act/", {"link": "1"})
    again = client.get(f"/appointments/{made.pk}/").content.decode()
    _, answer = accepted(link_in(shown.content.decode()))

    made.refresh_from_db()
    assert "no-store" in shown["Cache-Control"]
    assert "/invitations/" not in again
    assert "ссылка передана лично" in again
    assert mail.outbox == []
    assert answer.status_code == 302
    assert made.user.email == ""


def test_person_without_an_address_who_forgot_the_password_gets_a_new_link(
    cast: Cast, client_of: Callable[..., Client]
) -> None:
    made = appointed(cast.marat, cast.sibling, person(email=""))
    client = client_of(cast.marat)
    accepted(link_in(client.post(f"/appointments/{made.pk}/act/", {"link": "1"}).content.decode()))

    page = client.get(f"/appointments/{made.pk}/").content.decode()
    shown = client.post(f"/appointments/{made.pk}/act/", {"link": "1"}).content.decode()
    _, answer = accepted(link_in(shown), password="совсем-новый-99", again="совсем-новый-99")

    made.refresh_from_db()
    assert "ссылку для нового пароля" in page
    assert answer.status_code == 302
    assert made.user.check_password("совсем-новый-99")


def test_whoever_came_in_by_mail_is_not_given_new_links_by_others(cast: Cast) -> None:
    made = appointed(cast.marat, cast.sibling)
    accepted(mailed_link())

    for by_hand in (True, False):
        with pytest.raises(AppointRefused, match="Забыли пароль"):
            invitations.invite(made, by=cast.marat, email="other@x.example", by_hand=by_hand)


def test_invitations_to_one_person_are_few_a_day(cast: Cast, clock: time_machine.Traveller) -> None:
    made = appointed(cast.marat, cast.sibling)
    for _ in range(4):
        invitations.invite(made, by=cast.marat, email=ANNA.email)

    with pytest.raises(AppointRefused, match="пять раз"):
        invitations.invite(made, by=cast.marat, email=ANNA.email)
    clock.shift(DAY + datetime.timedelta(seconds=1))
    assert invitations.invite(made, by=cast.marat, email=ANNA.email)


@pytest.mark.parametrize("name", ["sveta", "observer", "stranger"])
def test_others_neither_invite_nor_withdraw(cast: Cast, name: str) -> None:
    made = appointed(cast.marat, cast.school)

    with pytest.raises(AppointRefused):
        invitations.invite(made, by=cast.people[name], email="a@b.example")
    with pytest.raises(AppointRefused):
        invitations.withdraw(made, by=cast.people[name])


def test_two_who_press_at_once_take_it_once(cast: Cast) -> None:
    made = appointed(cast.marat, cast.sibling)
    invitation = last(made)
    invitations.accept(invitation, name=("А", "Б", ""), password=PASSWORD)

    with pytest.raises(AppointRefused, match="уже принято"):
        invitations.accept_as(invitation, user=cast.stranger)
    with pytest.raises(AppointRefused, match="уже принято"):
        invitations.decline(invitation)


def test_lost_message_of_a_batch_is_sent_again(cast: Cast, clock: time_machine.Traveller) -> None:
    appointed(cast.marat, cast.sibling)
    resent: list[Any] = []
    clock.shift(datetime.timedelta(minutes=1))

    jobs.resend_lost(resend=resent.append)

    assert [type(job) for job in resent] == [InvitationBatch]


def test_key_that_changed_before_the_letter_left_does_not_spoil_the_link(cast: Cast, settings: Any) -> None:
    appointed(cast.marat, cast.sibling)
    settings.SECRET_KEY = "another-key-that-is-long-enough-to-be-taken-for-one"

    assert accepted(mailed_link())[1].status_code == 302


def test_moments_are_told_in_the_list_of_invitations(cast: Cast, client_of: Callable[..., Client]) -> None:
    made = appointed(cast.marat, cast.sibling)
    send_all()
    invitations.withdraw(made, by=cast.marat)

    page = client_of(cast.marat).get(f"/appointments/{made.pk}/").content.decode()

    assert "отозвано сегодня в" in page
    assert timezone.localtime(NOW).strftime("%H:%M") in page
