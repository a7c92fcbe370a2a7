"""Signing in: how many passwords are looked at, who has to wait, and that nobody is locked out by a stranger."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import time_machine
from django.contrib.auth.tokens import default_token_generator
from django.db import connection
from django.http import HttpRequest
from django.test import Client
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from schools import counters
from schools.addresses import address_of
from schools.models import Counter, User
from schools.tries import ADDRESS, DEVICE_COOKIE, HERE, PERSON

PASSWORD = "правильный-пароль-2026"
MOMENT = "2026-11-23T07:00:00Z"


@pytest.fixture
def anna(db: None) -> User:
    """Somebody with a login, an e-mail and a password."""
    return User.objects.create_user("Анна", email="anna@school.ru", password=PASSWORD)


@pytest.fixture
def checked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The passwords that were looked at: of a known person, and for the same time of nobody."""
    seen: list[str] = []
    lock, check, spend = threading.Lock(), User.check_password, User.set_password

    def looked(user: User, password: str) -> Any:
        with lock:
            seen.append(password)
        return check(user, password)

    def spent(user: User, password: str | None) -> None:
        with lock:
            seen.append(str(password))
        spend(user, password)

    monkeypatch.setattr(User, "check_password", looked)
    monkeypatch.setattr(User, "set_password", spent)
    return seen


def sign_in(client: Client, login: str, password: str = "мимо", address: str = "10.0.0.1", **headers: str) -> Any:
    """Send the form of the door."""
    return client.post("/login/", {"username": login, "password": password}, REMOTE_ADDR=address, headers=headers)


def test_right_password_opens_by_login_and_by_email(anna: User) -> None:
    for login in ("Анна", "anna@school.ru", " ANNA@School.RU "):
        assert sign_in(Client(), login, PASSWORD).status_code == 302


def test_after_five_wrong_passwords_none_is_looked_at(anna: User, checked: list[str]) -> None:
    answers = [sign_in(Client(), "Анна") for _ in range(7)]
    right = sign_in(Client(), "Анна", PASSWORD)

    assert [answer.status_code for answer in answers] == [200] * 5 + [429] * 2
    assert "Осталось 4" in answers[0].content.decode()
    assert "Попытки кончились: пауза 15" in answers[4].content.decode()
    assert right.status_code == 429
    assert 890 <= int(right["Retry-After"]) <= 900
    assert "Подождите 15" in right.content.decode()
    assert len(checked) == HERE.tries


def test_one_account_is_counted_once_however_it_is_written(anna: User, checked: list[str]) -> None:
    names = ["Анна", "anna@school.ru", "ANNA@school.ru", "aNNa@SCHOOL.ru", " anna@school.ru", "Anna@School.Ru"]

    answers = [sign_in(Client(), name).status_code for name in names]

    assert answers == [200] * 5 + [429]
    assert len(checked) == HERE.tries


def test_pause_ends_when_it_said_and_tries_do_not_prolong_it(anna: User) -> None:
    with time_machine.travel(MOMENT, tick=False) as clock:
        for _ in range(5):
            sign_in(Client(), "Анна")
        waits = []
        for _ in range(7):
            clock.shift(120)
            waits.append(int(sign_in(Client(), "Анна")["Retry-After"]))
        clock.shift(61)

        assert waits == [780, 660, 540, 420, 300, 180, 60]
        assert sign_in(Client(), "Анна", PASSWORD).status_code == 302


def test_right_password_begins_the_count_anew(anna: User) -> None:
    for _ in range(3):
        for _ in range(4):
            sign_in(Client(), "Анна")
        assert sign_in(Client(), "Анна", PASSWORD).status_code == 302

    assert Counter.objects.filter(number__gt=ADDRESS.tries).count() == 0
    assert sorted(Counter.objects.values_list("number", flat=True)) == [12, 12]  # the wrong ones alone


def test_spraying_many_accounts_from_one_address_stops(db: None, checked: list[str]) -> None:
    answers = [sign_in(Client(), f"somebody{number}").status_code for number in range(ADDRESS.tries + 20)]

    assert answers == [200] * ADDRESS.tries + [429] * 20
    assert len(checked) == ADDRESS.tries
    assert sign_in(Client(), "another", address="10.0.0.2").status_code == 200


def test_account_tried_from_many_addresses_stops(anna: User, checked: list[str]) -> None:
    answers = [sign_in(Client(), "Анна", address=f"10.0.1.{number}").status_code for number in range(PERSON.tries + 5)]

    assert answers == [200] * PERSON.tries + [429] * 5
    assert len(checked) == PERSON.tries


def test_stranger_locks_nobody_out_of_a_browser_she_uses(anna: User, checked: list[str]) -> None:
    own = Client()
    assert sign_in(own, "Анна", PASSWORD).status_code == 302
    own.post("/logout/")

    for number in range(120):  # from her own address too, and from many
        sign_in(Client(), "Анна", address="10.0.0.1" if number % 2 else f"10.0.2.{number}")

    assert (
        sign_in(Client(), "Анна", PASSWORD, address="10.9.9.9").status_code == 429
    )  # a new browser waits, an hour at most
    assert sign_in(own, "anna@school.ru", PASSWORD).status_code == 302


def test_cookie_of_a_device_opens_nothing_by_itself(anna: User, checked: list[str]) -> None:
    own = Client()
    sign_in(own, "Анна", PASSWORD)
    stolen = Client()
    stolen.cookies[DEVICE_COOKIE] = own.cookies[DEVICE_COOKIE].value
    checked.clear()

    answers = [sign_in(stolen, "Анна", address=f"10.0.3.{number}").status_code for number in range(8)]

    assert stolen.get("/country/").status_code == 302
    assert answers == [200] * 5 + [429] * 3
    assert len(checked) == HERE.tries
    assert own.cookies[DEVICE_COOKIE]["httponly"]


def test_forged_cookie_of_a_device_is_no_cookie(anna: User) -> None:
    client = Client()
    answers = []
    for number in range(7):
        client.cookies[DEVICE_COOKIE] = f"eyJpZCI6ICJ{number}:1abc:forged"
        answers.append(sign_in(client, "Анна").status_code)

    assert answers == [200] * 5 + [429] * 2


def test_reset_of_the_password_lets_the_besieged_in(anna: User) -> None:
    for number in range(60):
        sign_in(Client(), "Анна", address=f"10.0.4.{number}")
    own = Client()
    link = f"/password/{urlsafe_base64_encode(force_bytes(anna.pk))}/{default_token_generator.make_token(anna)}/"

    page = own.get(link, follow=True)
    own.post(page.request["PATH_INFO"], {"new_password1": "другой-пароль-2026", "new_password2": "другой-пароль-2026"})

    assert sign_in(own, "Анна", "другой-пароль-2026").status_code == 302


def text_of(answer: Any) -> str:
    """What is seen of an answer: without the token of the form and what was typed."""
    page = answer.content.decode()
    token = page.partition('name="csrfmiddlewaretoken" value="')[2].partition('"')[0]
    return (page.replace(token, "") if token else page).replace("anna@school.ru", "").replace("nobody@school.ru", "")


def test_known_and_unknown_logins_are_answered_alike(anna: User) -> None:
    off = User.objects.create_user("off", email="off@school.ru", password=PASSWORD, is_active=False)
    logins = {"anna@school.ru": "10.1.0.1", "nobody@school.ru": "10.1.0.2"}

    answers = {
        login: [sign_in(Client(), login if number % 2 else login.upper(), address=address) for number in range(7)]
        for login, address in logins.items()
    }
    switched_off = sign_in(Client(), off.username, PASSWORD, address="10.1.0.3")

    known, unknown = answers.values()
    assert [one.status_code for one in known] == [one.status_code for one in unknown] == [200] * 5 + [429] * 2
    for one, other in zip(known[1::2], unknown[1::2], strict=True):
        assert text_of(one) == text_of(other)
    assert "Логин или пароль не подошёл. Осталось 4" in switched_off.content.decode()


def test_known_and_unknown_logins_cost_the_same_queries(anna: User, django_assert_num_queries: Any) -> None:
    for login in ("anna@school.ru", "nobody@school.ru"):
        with django_assert_num_queries(5):  # whom it means, three counts, Django's own look
            sign_in(Client(), login, address="10.1.1.1")


def test_counters_name_nobody(anna: User) -> None:
    sign_in(Client(), "anna@school.ru", address="10.7.7.7")

    assert Counter.objects.count() == 3
    for key in Counter.objects.values_list("key", flat=True):
        assert len(key) == 64
        assert set(key) <= set("0123456789abcdef")


def test_ended_counters_are_forgotten(anna: User) -> None:
    with time_machine.travel(MOMENT, tick=False) as clock:
        sign_in(Client(), "Анна")
        clock.shift(16 * 60)

        assert counters.forget_ended() == 2
        assert Counter.objects.count() == 1  # of the person: an hour


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, "1.1.1.1", "10.0.0.1"),
        (1, "", "10.0.0.1"),
        (1, "1.1.1.1", "1.1.1.1"),
        (1, "6.6.6.6, 1.1.1.1", "1.1.1.1"),
        (2, "6.6.6.6, 1.1.1.1, 10.0.0.7", "1.1.1.1"),
        (2, "1.1.1.1", "1.1.1.1"),
        (1, "6.6.6.6, мусор", "10.0.0.1"),
        (1, "2001:db8:1:2:aaaa::1", "2001:db8:1:2::/64"),
        (1, "::ffff:1.1.1.1", "1.1.1.1"),
    ],
)
def test_address_is_the_one_the_last_trusted_proxy_saw(
    settings: Any, proxies: int, forwarded: str, address: str
) -> None:
    settings.PROXY_COUNT = proxies
    request = HttpRequest()
    request.META = {"REMOTE_ADDR": "10.0.0.1", "HTTP_X_FORWARDED_FOR": forwarded}

    assert address_of(request) == address


@pytest.mark.parametrize("proxies", [0, 1])
def test_forged_addresses_are_one_address(anna: User, checked: list[str], settings: Any, proxies: int) -> None:
    settings.PROXY_COUNT = proxies
    real = ", 1.1.1.1" if proxies else ""

    for number in range(200):
        sign_in(Client(), "Анна", **{"X-Forwarded-For": f"6.6.{number}.6{real}"})

    assert len(checked) == HERE.tries


def at_once(tries: int, one: Callable[[int], int]) -> list[int]:
    """Run tries in forty threads, each with a connection of its own."""

    def tried(number: int) -> int:
        try:
            return one(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(40) as pool:
        return list(pool.map(tried, range(tries)))


@pytest.mark.postgres("threads of a test share SQLite's memory")
@pytest.mark.django_db(transaction=True)
def test_forty_threads_with_forged_addresses_check_no_more_passwords_than_one(checked: list[str]) -> None:
    User.objects.create_user("anna", password=PASSWORD)
    checked.clear()

    answers = at_once(
        1000, lambda number: sign_in(Client(), "anna", **{"X-Forwarded-For": f"6.{number % 200}.6.6"}).status_code
    )

    assert len(checked) == HERE.tries
    assert answers.count(200) == HERE.tries
    assert answers.count(429) == 1000 - HERE.tries
