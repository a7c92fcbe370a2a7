"""Tokens made in the profile: who may, what they may, shown once, from where, last used, reminded of, revoked."""

import datetime
import re
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.db import OperationalError, connection
from django.db.models import QuerySet
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from schools.models import AccessToken, Appointment, School, User
from schools.own_tokens import services
from schools.own_tokens.rights import TOKEN_RIGHTS, rights_to_give
from schools.scope import Level
from schools.tasks import remind_of_tokens
from tests.conftest import Cast, ClientOf, MakeWeek, make_user
from tests.schools.test_second_factor import now_code, with_factor

pytestmark = pytest.mark.django_db
NEW, LIST, REVOKE = "/profile/tokens/new/", "/profile/tokens/", "/profile/tokens/revoke/"
GOOD = {"name": "Витрина", "days": "90", "secret": "password"}


def made(client: Client, **changes: Any) -> str:
    """Make a token by the form; return its text from the page."""
    answer = client.post(NEW, {**GOOD, **changes})
    assert answer.status_code == 200, answer.content.decode()
    found = re.search(r'link-once">([0-9a-f]{64})<', answer.content.decode())
    assert found is not None
    return found[1]


def get(text: str, path: str = "schools/", **more: Any) -> Any:
    """Ask REST with a token."""
    return Client().get(f"/api/v1/{path}", headers={"Authorization": f"Bearer {text}"}, **more)


def test_token_is_made_shown_once_and_opens_rest(cast: Cast, client_of: ClientOf) -> None:
    client = client_of(cast.marat)

    text = made(client, purpose="сайт района")
    token = AccessToken.objects.get()

    assert get(text).json()["count"] == 2
    assert text not in client.get(LIST).content.decode()
    assert (token.name, token.purpose, token.place) == ("Витрина", "сайт района", None)
    assert token.expiry is not None
    assert datetime.timedelta(days=89) < token.expiry - timezone.now() <= datetime.timedelta(days=90)


def test_page_with_the_token_is_kept_by_no_cache(cast: Cast, client_of: ClientOf) -> None:
    answer = client_of(cast.marat).post(NEW, GOOD)

    assert {"no-store", "private", "no-cache"} <= set(answer["Cache-Control"].replace(" ", "").split(","))
    assert answer["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize(
    "changes, words",
    [
        ({"secret": "чужой"}, "Пароль не подошёл"),
        ({"secret": ""}, "Впишите пароль"),
        ({"name": ""}, "Назовите токен"),
        ({"days": "366"}, "Не больше 365 дней"),
        ({"days": "0"}, "от 1 до 365"),
        ({"rights": ["loads_activity"]}, "Этого права у вас нет"),
        ({"rights": ["reconciles"]}, "Этого права у вас нет"),
        ({"rights": ["is_superuser"]}, "Этого права у вас нет"),
        ({"place": "region-78"}, "Этого места среди ваших нет"),
        ({"place": "municipality-999999"}, "Этого места среди ваших нет"),
        ({"school": "470004"}, "Школы с таким кодом среди ваших нет"),
        ({"school": "780003"}, "Школы с таким кодом среди ваших нет"),
        ({"networks": "где-то"}, "не адрес и не сеть"),
        ({"networks": "0.0.0.0/0"}, "слишком широкая"),
        ({"networks": "::/0"}, "слишком широкая"),
        ({"networks": " ".join(f"10.0.0.{n}" for n in range(11))}, "Не больше 10"),
    ],
)
def test_wrong_wish_makes_no_token(cast: Cast, client_of: ClientOf, changes: dict[str, Any], words: str) -> None:
    answer = client_of(cast.marat).post(NEW, {**GOOD, **changes})

    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not AccessToken.objects.exists()


def test_guessing_the_password_here_ends_in_a_pause(cast: Cast, client_of: ClientOf) -> None:
    client = client_of(cast.marat)

    answers = [client.post(NEW, {**GOOD, "secret": f"догадка {n}"}) for n in range(6)]
    right = client.post(NEW, GOOD)

    assert "Слишком много неверных паролей" in answers[-1].content.decode()
    assert right.status_code == 422
    assert not AccessToken.objects.exists()


def test_with_a_second_factor_its_code_is_asked_and_the_password_is_not_enough(cast: Cast) -> None:
    with_factor(cast.marat)
    client = Client()
    client.post("/login/", {"username": "marat", "password": "password"})
    client.post("/second-factor/", {"code": now_code(cast.marat)})
    cast.marat.factor.refresh_from_db()
    cast.marat.factor.last_counter = 0
    cast.marat.factor.save()

    by_password = client.post(NEW, GOOD)
    by_code = client.post(NEW, {**GOOD, "secret": now_code(cast.marat)})

    assert by_password.status_code == 422
    assert by_code.status_code == 200
    assert AccessToken.objects.count() == 1


def test_nobody_gives_a_token_what_she_has_not(cast: Cast) -> None:
    given = {name: {right.flag for right in rights_to_give(user)} for name, user in cast.people.items()}

    assert given["stranger"] == given["observer"] == set()
    assert given["sveta"] == {"loads_staff", "writes_orders"}
    assert given["marat"] == given["sveta"] | {"marks_steps", "appoints"}
    assert given["nina"] == given["root"] == given["marat"] | {"reconciles"}
    assert not any("loads_activity" in flags for flags in given.values())


def test_every_flag_of_a_token_is_a_right_and_of_the_command_line() -> None:
    flags = {field.name for field in AccessToken._meta.fields if field.get_internal_type() == "BooleanField"}

    assert {right.flag for right in TOKEN_RIGHTS} == flags


def test_right_that_is_not_given_is_refused_and_one_that_is_given_works(cast: Cast, client_of: ClientOf) -> None:
    body = {
        "school": cast.school.code,
        "number": 7,
        "kind": "needless",
        "reason": "Интернат, чатов нет",
    }

    def mark(text: str) -> int:
        headers = {"Authorization": f"Bearer {text}"}
        return Client().post("/api/v1/step-marks/", body, "application/json", headers=headers).status_code

    assert mark(made(client_of(cast.marat))) == 403
    assert mark(made(client_of(cast.marat), rights=["marks_steps"])) == 201


@pytest.mark.parametrize("field, key", [("place", "municipality"), ("school", "school")])
def test_limit_chosen_in_the_form_is_kept(cast: Cast, client_of: ClientOf, field: str, key: str) -> None:
    place = getattr(cast, key)
    value = f"municipality-{place.pk}" if field == "place" else place.code

    text = made(client_of(cast.nina), **{field: value})

    assert AccessToken.objects.get().place == place
    assert get(text).json()["count"] == (2 if field == "place" else 1)


def test_twenty_tokens_are_enough(cast: Cast, client_of: ClientOf) -> None:
    for number in range(services.MOST_TOKENS):
        AccessToken.objects.create(user=cast.marat, name=str(number))

    answer = client_of(cast.marat).post(NEW, GOOD)

    assert "больше нельзя" in answer.content.decode()
    AccessToken.objects.filter(user=cast.marat, name="0").update(expiry=timezone.now())
    assert client_of(cast.marat).post(NEW, GOOD).status_code == 200


@pytest.mark.parametrize("address, status", [("203.0.113.7", 200), ("203.0.113.200", 200), ("198.51.100.9", 403)])
def test_token_works_from_its_networks_alone(cast: Cast, client_of: ClientOf, address: str, status: int) -> None:
    text = made(client_of(cast.marat), networks="203.0.113.0/24, 2001:db8::1")

    answer = get(text, REMOTE_ADDR=address)

    assert answer.status_code == status
    assert status == 200 or "не принимают с адреса" in answer.json()["detail"]
    assert get(text, REMOTE_ADDR="2001:db8::1").status_code == 200
    assert get(text, REMOTE_ADDR="2001:db8::2").status_code == 403
    assert get(text, REMOTE_ADDR="198.51.100.9", HTTP_X_FORWARDED_FOR="203.0.113.7").status_code == 403


def test_last_use_is_written_with_its_network_and_not_at_every_request(cast: Cast, client_of: ClientOf) -> None:
    client = client_of(cast.marat)
    with time_machine.travel(timezone.now() + datetime.timedelta(hours=1), tick=False) as clock:
        text = made(client)
        assert "не использовался" in client.get(LIST).content.decode()
        get(text, REMOTE_ADDR="203.0.113.77")
        first = AccessToken.objects.get().used_at
        clock.shift(299)
        with CaptureQueriesContext(connection) as queries:
            get(text, REMOTE_ADDR="198.51.100.9")
        assert not [query["sql"] for query in queries if query["sql"].startswith("UPDATE")]
        second = AccessToken.objects.get()
        assert (second.used_at, second.used_from) == (first, "203.0.113.0/24")
        clock.shift(2)
        get(text, REMOTE_ADDR="198.51.100.9")

        assert AccessToken.objects.get().used_at == timezone.now()
        assert "из 198.51.100.0/24" in client.get(LIST).content.decode()


def test_use_that_cannot_be_written_costs_no_request(
    cast: Cast, client_of: ClientOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = made(client_of(cast.marat))
    real = QuerySet.update

    def locked(rows: Any, **values: Any) -> int:
        if rows.model is AccessToken:
            raise OperationalError("database is locked")
        return real(rows, **values)

    monkeypatch.setattr(QuerySet, "update", locked)

    assert get(text).status_code == 200


@pytest.mark.parametrize("loss", ["appointment", "account"])
def test_who_loses_her_appointment_or_her_account_has_tokens_that_open_nothing(
    cast: Cast, client_of: ClientOf, loss: str
) -> None:
    text = made(client_of(cast.sveta), rights=["loads_staff"])
    assert get(text).json()["count"] == 1

    if loss == "account":
        User.objects.filter(pk=cast.sveta.pk).update(is_active=False)
        assert get(text).status_code == 401
    else:
        Appointment.objects.filter(user=cast.sveta).update(starts_on="2020-01-01", ends_on="2020-01-02")
        assert get(text).json()["count"] == 0
        assert get(text, f"schools/{cast.school.pk}/").status_code == 404
        file = {"school": cast.school.code}
        headers = {"Authorization": f"Bearer {text}"}
        assert Client().post("/api/v1/imports/", file, headers=headers).status_code in {400, 403, 404}


def test_one_is_revoked_and_the_rest_works(cast: Cast, client_of: ClientOf) -> None:
    client = client_of(cast.marat)
    one, two = made(client, name="первый"), made(client, name="второй")

    client.post(REVOKE, {"token": services.handle_of(AccessToken.objects.get(name="первый"))})

    assert (get(one).status_code, get(two).status_code) == (401, 200)


def test_all_are_revoked_and_nobody_elses(cast: Cast, client_of: ClientOf) -> None:
    mine, other = made(client_of(cast.marat)), made(client_of(cast.root))

    client_of(cast.root).post(REVOKE, {"all": "1"})

    assert (get(mine).status_code, get(other).status_code) == (200, 401)


@pytest.mark.parametrize("who", ["nina", "root"])
def test_anothers_token_is_not_revoked_here(cast: Cast, client_of: ClientOf, who: str) -> None:
    text = made(client_of(cast.marat))
    handle = services.handle_of(AccessToken.objects.get())

    client_of(cast.people[who]).post(REVOKE, {"token": handle})
    client_of(cast.people[who]).post(REVOKE, {"token": ""})

    assert get(text).status_code == 200
    assert "Витрина" not in client_of(cast.people[who]).get(LIST).content.decode()


def test_reminder_comes_once_a_week_before_the_end(cast: Cast, client_of: ClientOf) -> None:
    User.objects.filter(pk=cast.marat.pk).update(email="marat@example.ru")
    made(client_of(cast.marat), days="8")
    remind_of_tokens()
    assert not mail.outbox

    AccessToken.objects.update(expiry=timezone.now() + datetime.timedelta(days=6))
    remind_of_tokens()
    remind_of_tokens()

    assert [letter.to for letter in mail.outbox] == [["marat@example.ru"]]
    assert "«Витрина»" in mail.outbox[0].body
    assert LIST in mail.outbox[0].body
    assert "скоро закончится" in client_of(cast.marat).get(LIST).content.decode()
    assert "токен заканчивается" in client_of(cast.marat).get("/profile/").content.decode()


def test_ended_token_is_listed_apart_and_then_forgotten(cast: Cast, client_of: ClientOf) -> None:
    made(client_of(cast.marat))
    AccessToken.objects.update(expiry=timezone.now() - datetime.timedelta(days=1))

    assert "Срок вышел" in client_of(cast.marat).get(LIST).content.decode()
    assert services.forget_ended(timezone.now()) == 0
    assert services.forget_ended(timezone.now() + services.KEPT) == 1


def test_list_asks_no_more_for_more_tokens(cast: Cast, client_of: ClientOf, django_assert_max_num_queries: Any) -> None:
    for number in range(15):
        AccessToken.objects.create(user=cast.nina, name=str(number), school=cast.school)
    client = client_of(cast.nina)
    client.get(LIST)

    with django_assert_max_num_queries(10):
        client.get(LIST)


def test_form_offers_places_and_no_endless_list(cast: Cast, client_of: ClientOf) -> None:
    page = client_of(cast.nina).get(NEW).content.decode()

    assert "Невский район" in page
    assert "Выборгский район" not in page
    assert School.objects.filter(region=cast.region).count() == 3
    assert "Санкт-Петербург" in page


def test_token_text_stays_out_of_the_database_and_the_log(
    cast: Cast, client_of: ClientOf, caplog: pytest.LogCaptureFixture
) -> None:
    text = made(client_of(make_user("vera", Level.SCHOOL, school=cast.school)))

    kept = [str(value) for row in AccessToken.objects.values() for value in row.values()]

    assert not any(text in value for value in kept)
    assert text not in caplog.text


def test_limit_by_place_is_told_as_it_is(cast: Cast, client_of: ClientOf, weeks_made: MakeWeek) -> None:
    weeks_made({cast.school: {}, cast.cousin: {}, cast.foreign: {}})
    client = client_of(cast.nina)
    text = made(client, place=f"municipality-{cast.municipality.pk}")

    rows = get(text, "ratings/2026-W46/?level=municipality&region=78").json()["results"]
    schools = get(text).json()["results"]
    pages = [client.get(NEW).content.decode(), client.get("/api/v1/schema/?format=json").json()["info"]["description"]]

    towns = {row["place"]["id"] for row in rows}
    assert towns == {cast.municipality.pk, cast.other_municipality.pk}
    assert {school["municipality"]["id"] for school in schools} == {cast.municipality.pk}
    assert all("все муниципалитеты региона" in page for page in pages)
    assert not any("за его пределами" in page or "не больше этого места" in page for page in pages)


def test_all_are_revoked_only_once_the_question_is_answered(cast: Cast, client_of: ClientOf) -> None:
    client = client_of(cast.nina)
    made(client, name="первый")
    made(client, name="второй")

    page = client.get(LIST).content.decode()

    asked = re.search(r"<details><summary>Отозвать все</summary>(.*?)</details>", page, re.DOTALL)
    assert asked is not None
    assert "2\N{NO-BREAK SPACE}токена" in asked[1]
    assert re.search(r'<button[^>]* name="all"[^>]*>Да, отозвать все</button>', asked[1])
    assert page.count('name="all"') == 1
