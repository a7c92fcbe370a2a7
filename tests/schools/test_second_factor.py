"""The second factor: set up, asked for everywhere, guesses counted, recovery codes once, resets from above alone."""

import base64
import datetime
import re
from collections.abc import Callable, Iterator
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from schools.models import FactorEvent, SecondFactor, User
from schools.qr import picture
from schools.scope import Level
from schools.second_factor import codes, services
from schools.second_factor.services import CodeRefused
from tests.conftest import Cast, make_user

pytestmark = pytest.mark.django_db
NOW = datetime.datetime(2026, 11, 24, 9, tzinfo=datetime.UTC)
ASK, SET_UP, MANAGE = "/second-factor/", "/second-factor/setup/", "/second-factor/manage/"


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    """Stand on a morning; tests move the clock on."""
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def required(settings: Any) -> None:
    """Demand the second factor of coordinators and above, as production does."""
    settings.SECOND_FACTOR = "required"


def now_code(user: User, shift: int = 0) -> str:
    """The code a person's phone shows, or showed some steps ago."""
    moment = datetime.datetime.now(datetime.UTC).timestamp() + shift * codes.STEP
    return codes.code_at(SecondFactor.objects.get(user=user).secret, moment)


def with_factor(user: User) -> list[str]:
    """Set a person's factor up; return the recovery codes."""
    services.begin(user=user)
    fresh = services.confirm(user=user, code=now_code(user))
    SecondFactor.objects.filter(user=user).update(last_counter=0)  # the next test may use the same half-minute
    return fresh


def wrong_code(user: User) -> str:
    """Six digits the phone shows at none of the steps that would be taken."""
    right = {now_code(user, shift) for shift in range(-2, 3)}
    return next(code for code in ("000000", "000001", "000002", "000003", "000004", "000005") if code not in right)


def signed_in(login: str) -> Client:
    """A browser after the password, before any code."""
    client = Client()
    answer = client.post("/login/", {"username": login, "password": "password"})
    assert answer.status_code == 302
    return client


# Codes


@pytest.mark.parametrize("moment, code", [(59, "287082"), (1111111109, "081804"), (1234567890, "005924")])
def test_codes_are_those_of_rfc_6238(moment: int, code: str) -> None:
    secret = base64.b32encode(b"12345678901234567890").decode()

    assert codes.code_at(secret, moment) == code


def test_code_of_the_step_before_and_after_is_taken_and_no_other() -> None:
    secret, moment = codes.new_secret(), 1_700_000_000

    taken = [
        codes.matching_step(secret, codes.code_at(secret, moment + shift * 30), moment, 0) is not None
        for shift in range(-3, 4)
    ]

    assert taken == [False, False, True, True, True, False, False]


def test_picture_has_no_styles_and_the_address_names_the_portal(settings: Any) -> None:
    settings.PORTAL_URL = "https://portal.example.ru"
    drawn = picture(codes.address("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", "nina@example.ru"))

    assert "style" not in drawn
    assert drawn.startswith("<svg")
    assert "portal.example.ru:n?" in codes.address("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", "n")


def test_nothing_of_the_secret_or_the_recovery_codes_lies_open_in_the_database(cast: Cast) -> None:
    fresh = with_factor(cast.nina)

    stored = SecondFactor.objects.filter(user=cast.nina).extra(select={"raw": "secret"}).values_list("raw", "recovery")
    raw, recovery = stored[0]

    factor = SecondFactor.objects.get(user=cast.nina)
    assert factor.secret not in raw
    assert len(recovery) == codes.RECOVERY_CODES
    assert not {codes.tidy_code(code) for code in fresh} & set(recovery)


# The gate


PATHS = ("/", "/regions/78/", "/profile/", "/admin/", "/password/", "/ratings/", MANAGE)


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("login", ["nina", "marat", "observer", "root"])
def test_where_it_is_demanded_the_password_opens_the_set_up_and_nothing_else(
    cast: Cast, required: None, login: str, path: str
) -> None:
    client = signed_in(login)

    answer = client.get(path)

    assert answer.status_code == 302
    assert answer["Location"].startswith(SET_UP)
    assert client.get(SET_UP).status_code == 200


def test_rest_by_session_waits_and_rest_by_token_does_not(
    cast: Cast, required: None, token_of: Callable[..., dict[str, str]]
) -> None:
    client = signed_in("nina")

    by_session = client.get("/api/v1/schools/")
    by_token = client.get("/api/v1/schools/", headers=token_of(cast.nina))
    by_something = client.get("/api/v1/schools/", headers={"Authorization": "Basic bmluYTpwYXNzd29yZA=="})

    assert by_session.status_code == by_something.status_code == 403
    assert "вторым фактором" in by_session.json()["detail"]
    assert by_token.status_code == 200


def test_a_bearer_header_opens_no_page(cast: Cast, required: None) -> None:
    client = signed_in("nina")

    answer = client.get("/regions/78/", headers={"Authorization": "Bearer anything"})

    assert answer.status_code == 302


def test_part_of_a_page_tells_htmx_where_to_go(cast: Cast, required: None) -> None:
    client = signed_in("nina")

    answer = client.get("/regions/78/", headers={"HX-Request": "true"})

    assert answer.status_code == 204
    assert answer["HX-Redirect"].startswith(SET_UP)


def test_school_administrators_are_not_made_to(cast: Cast, required: None) -> None:
    client = signed_in("sveta")

    assert client.get(f"/schools/{cast.school.pk}/").status_code == 200


def test_where_it_is_optional_the_password_alone_opens(cast: Cast) -> None:
    assert signed_in("nina").get("/regions/78/").status_code == 200


def test_whoever_has_set_it_up_is_asked_even_where_it_is_optional(cast: Cast) -> None:
    with_factor(cast.sveta)
    client = signed_in("sveta")

    led = client.get(f"/schools/{cast.school.pk}/staff/?show=left")
    answer = client.post(led["Location"], {"code": now_code(cast.sveta), "next": f"/schools/{cast.school.pk}/"})

    assert led["Location"].startswith(ASK)
    assert f"next=%2Fschools%2F{cast.school.pk}%2Fstaff%2F%3Fshow%3Dleft" in led["Location"]
    assert answer["Location"] == f"/schools/{cast.school.pk}/"
    assert client.get(f"/schools/{cast.school.pk}/").status_code == 200


def test_theme_exit_and_accessibility_do_not_wait(cast: Cast, required: None) -> None:
    client = signed_in("nina")

    assert client.get("/accessibility/").status_code == 200
    assert client.post("/theme/", {"theme": "dark", "next": ASK})["Location"] == ASK
    assert client.post("/logout/")["Location"] == "/login/"
    assert client.get(SET_UP)["Location"].startswith("/login/")


def test_password_without_the_code_is_no_visit(cast: Cast, required: None) -> None:
    client = signed_in("nina")
    client.get("/regions/78/")
    cast.nina.refresh_from_db()
    before = cast.nina.seen_on

    client.post(SET_UP, {"code": _first_code(client, cast.nina)})
    client.get("/regions/78/")

    cast.nina.refresh_from_db()
    assert before is None
    assert cast.nina.seen_on == NOW.date()


def _first_code(client: Client, user: User) -> str:
    client.get(SET_UP)
    return now_code(user)


def test_nobody_is_led_to_another_site(cast: Cast) -> None:
    with_factor(cast.sveta)
    client = signed_in("sveta")

    answer = client.post(ASK, {"code": now_code(cast.sveta), "next": "https://elsewhere.example/"})

    assert answer["Location"] == reverse("home")


def test_another_session_must_give_its_own_code(cast: Cast) -> None:
    with_factor(cast.sveta)
    first, second = signed_in("sveta"), signed_in("sveta")
    first.post(ASK, {"code": now_code(cast.sveta)})

    assert first.get("/profile/").status_code == 200
    assert second.get("/profile/")["Location"].startswith(ASK)


def test_session_key_changes_with_the_code(cast: Cast) -> None:
    with_factor(cast.sveta)
    client = signed_in("sveta")
    before = client.cookies["sessionid"].value

    client.post(ASK, {"code": now_code(cast.sveta)})

    assert client.cookies["sessionid"].value != before


# Setting up


def test_set_up_in_the_browser_shows_recovery_codes_once(cast: Cast, required: None) -> None:
    client = signed_in("nina")
    page = client.get(SET_UP).content.decode()
    secret = SecondFactor.objects.get(user=cast.nina).secret

    done = client.post(SET_UP, {"code": now_code(cast.nina), "next": "/regions/78/"}).content.decode()
    again = client.get(SET_UP)

    shown = re.findall(r"<code class=\"cell\">([a-z0-9]{5}-[a-z0-9]{5})</code>", done)
    assert codes.spaced(secret) in page
    assert "<svg" in page
    assert len(set(shown)) == codes.RECOVERY_CODES
    assert 'href="/regions/78/"' in done
    assert again["Location"] == MANAGE
    assert client.get("/regions/78/").status_code == 200


def test_page_of_the_secret_is_kept_by_no_cache(cast: Cast, required: None) -> None:
    answer = signed_in("nina").get(SET_UP)

    assert "no-store" in answer["Cache-Control"]


def test_reloading_keeps_the_secret_and_a_wrong_code_turns_nothing_on(cast: Cast) -> None:
    first = services.begin(user=cast.nina).secret

    with pytest.raises(CodeRefused, match="Осталось"):
        services.confirm(user=cast.nina, code=wrong_code(cast.nina))

    cast.nina.refresh_from_db()
    assert services.begin(user=cast.nina).secret == first
    assert cast.nina.factor_on is None


def test_recovery_code_does_not_confirm_a_set_up(cast: Cast) -> None:
    services.begin(user=cast.nina)
    SecondFactor.objects.filter(user=cast.nina).update(recovery=[codes.digest_of("abcde-fghjk")])

    with pytest.raises(CodeRefused):
        services.confirm(user=cast.nina, code="abcde-fghjk")


# Guessing


def test_five_wrong_codes_make_a_pause_that_no_new_session_shortens(cast: Cast, clock: time_machine.Traveller) -> None:
    with_factor(cast.sveta)
    wrong = wrong_code(cast.sveta)
    answers = [signed_in("sveta").post(ASK, {"code": wrong}) for _ in range(5)]
    client = signed_in("sveta")

    during = client.post(ASK, {"code": now_code(cast.sveta)})
    clock.shift(datetime.timedelta(minutes=15, seconds=1))
    after = client.post(ASK, {"code": now_code(cast.sveta)})

    assert {answer.status_code for answer in answers} == {422}
    assert "Осталось: 4" in answers[0].content.decode()
    assert "пять раз" in answers[4].content.decode()
    assert during.status_code == 422
    assert "через 15" in during.content.decode()
    assert after.status_code == 302
    assert FactorEvent.objects.filter(user=cast.sveta, kind="paused").count() == 1


def test_a_right_code_forgets_the_wrong_ones(cast: Cast) -> None:
    with_factor(cast.sveta)
    for _ in range(4):
        with pytest.raises(CodeRefused):
            services.check(user=cast.sveta, code=wrong_code(cast.sveta))

    services.check(user=cast.sveta, code=now_code(cast.sveta))

    assert SecondFactor.objects.get(user=cast.sveta).failures == 0


def test_a_code_is_taken_once(cast: Cast) -> None:
    with_factor(cast.sveta)
    code = now_code(cast.sveta)
    services.check(user=cast.sveta, code=code)

    with pytest.raises(CodeRefused):
        services.check(user=cast.sveta, code=code)


@pytest.mark.parametrize("typed", ["{0}{1}{2} {3}{4}{5}", " {0}{1}{2}-{3}{4}{5} "])
def test_spaces_and_dashes_are_no_mistakes(cast: Cast, typed: str) -> None:
    with_factor(cast.sveta)

    services.check(user=cast.sveta, code=typed.format(*now_code(cast.sveta)))


@pytest.mark.parametrize("typed", ["", "٠١٢٣٤٥", "12345", "1234567", "a" * 5000, "\0", "null", "' OR 1=1"])
def test_odd_codes_are_refused_in_words(cast: Cast, typed: str) -> None:
    with_factor(cast.sveta)

    answer = signed_in("sveta").post(ASK, {"code": typed})

    assert answer.status_code == 422
    assert "field-error" in answer.content.decode()


def test_recovery_code_lets_in_once_and_is_written_down(cast: Cast) -> None:
    code = with_factor(cast.sveta)[3]

    services.check(user=cast.sveta, code=code.upper().replace("-", " "))
    with pytest.raises(CodeRefused):
        services.check(user=cast.sveta, code=code)

    assert len(SecondFactor.objects.get(user=cast.sveta).recovery) == codes.RECOVERY_CODES - 1
    assert [event.kind for event in FactorEvent.objects.filter(user=cast.sveta)] == ["recovered", "set"]


def test_recovery_codes_are_guessed_no_longer_than_codes(cast: Cast) -> None:
    fresh = with_factor(cast.sveta)
    for number in range(5):
        with pytest.raises(CodeRefused):
            services.check(user=cast.sveta, code=f"aaaaa-aaaa{number}")

    with pytest.raises(CodeRefused, match="Слишком много"):
        services.check(user=cast.sveta, code=fresh[0])


# Keeping


def test_new_recovery_codes_make_the_old_ones_void(cast: Cast) -> None:
    old = with_factor(cast.sveta)
    client = _passed(cast.sveta)

    page = client.post(MANAGE, {"code": old[0], "renew": "1"}).content.decode()

    fresh = re.findall(r"[a-z0-9]{5}-[a-z0-9]{5}(?=</code>)", page)
    assert len(fresh) == codes.RECOVERY_CODES
    with pytest.raises(CodeRefused):
        services.check(user=cast.sveta, code=old[1])
    services.check(user=cast.sveta, code=fresh[0])


def _passed(user: User) -> Client:
    client = signed_in(user.username)
    client.post(ASK, {"code": now_code(user)})
    return client


def test_factor_is_kept_from_whoever_sits_at_an_open_page(cast: Cast) -> None:
    with_factor(cast.sveta)
    client = _passed(cast.sveta)

    answer = client.post(MANAGE, {"code": "", "remove": "1"})
    wrong = client.post(MANAGE, {"code": wrong_code(cast.sveta), "remove": "1"})

    cast.sveta.refresh_from_db()
    assert answer.status_code == wrong.status_code == 422
    assert cast.sveta.factor_on is not None


def test_another_phone_begins_with_another_secret(cast: Cast, required: None) -> None:
    recovery = with_factor(cast.nina)
    before = SecondFactor.objects.get(user=cast.nina).secret
    client = _passed(cast.nina)

    led = client.post(MANAGE, {"code": recovery[0], "replace": "1"})
    client.get(SET_UP)

    assert led["Location"] == SET_UP
    assert SecondFactor.objects.get(user=cast.nina).secret != before
    assert client.get("/regions/78/")["Location"].startswith(SET_UP)


def test_profile_leads_to_it_and_says_since_when(cast: Cast) -> None:
    before = signed_in("sveta").get("/profile/").content.decode()
    with_factor(cast.sveta)

    after = _passed(cast.sveta).get("/profile/").content.decode()

    assert SET_UP in before
    assert MANAGE in after
    assert "Настроен сегодня в" in after


# Helping


@pytest.mark.parametrize(
    "helper, person, allowed",
    [
        ("root", "nina", True),
        ("nina", "marat", True),
        ("nina", "sveta", True),
        ("marat", "sveta", True),
        ("marat", "nina", False),
        ("sveta", "marat", False),
        ("nina", "nina", False),
        ("root", "root", False),
        ("nina", "root", False),
        ("observer", "sveta", False),
        ("stranger", "sveta", False),
        ("nina", "stranger", False),
    ],
)
def test_a_factor_is_reset_from_above_alone(cast: Cast, helper: str, person: str, allowed: bool) -> None:
    user = cast.people[person]
    with_factor(user)

    if allowed:
        services.reset(user=user, by=cast.people[helper], reason="потерян телефон")
    else:
        with pytest.raises(CodeRefused):
            services.reset(user=user, by=cast.people[helper], reason="потерян телефон")

    user.refresh_from_db()
    assert (user.factor_on is None) is allowed
    assert FactorEvent.objects.filter(user=user, kind="reset", done_by=cast.people[helper]).exists() is allowed


def test_whoever_also_answers_elsewhere_is_not_helped_from_below_there(cast: Cast) -> None:
    two = make_user("two", Level.SCHOOL, school=cast.school)
    two.appointments.create(level=Level.SCHOOL, school=cast.foreign)
    with_factor(two)

    with pytest.raises(CodeRefused):
        services.reset(user=two, by=cast.nina, reason="потерян телефон")


def test_reset_asks_for_a_reason_and_tells_it_to_the_person(cast: Cast, required: None) -> None:
    with_factor(cast.marat)
    client = _passed(cast.marat)

    with pytest.raises(CodeRefused, match="почему"):
        services.reset(user=cast.marat, by=cast.nina, reason="  ")
    services.reset(user=cast.marat, by=cast.nina, reason="потерян телефон")

    led = client.get("/")
    page = client.get(led["Location"]).content.decode()
    assert led["Location"].startswith(SET_UP)
    assert "потерян телефон" in page
    assert "Nina" in page


def test_root_who_lost_the_phone_is_helped_at_the_command_line(cast: Cast) -> None:
    with_factor(cast.root)
    said = StringIO()

    call_command("reset_second_factor", "root", reason="потерян телефон", stdout=said)

    cast.root.refresh_from_db()
    assert cast.root.factor_on is None
    assert "сброшен" in said.getvalue()
    with pytest.raises(CommandError, match="сбрасывать нечего"):
        call_command("reset_second_factor", "root", reason="ещё раз")
    with pytest.raises(CommandError, match="нет"):
        call_command("reset_second_factor", "nobody", reason="ещё раз")


def test_root_resets_in_the_admin_and_it_is_written_down(cast: Cast, client_of: Callable[..., Client]) -> None:
    with_factor(cast.nina)
    client = client_of(cast.root)

    answer = client.post(
        "/admin/schools/user/",
        {"action": "reset_second_factor", "_selected_action": [cast.nina.pk, cast.marat.pk]},
        follow=True,
    )

    cast.nina.refresh_from_db()
    assert cast.nina.factor_on is None
    assert "Сброшено: 1" in answer.content.decode()
    assert FactorEvent.objects.get(user=cast.nina, kind="reset").done_by == cast.root


def test_asking_costs_no_query_where_nothing_is_demanded(
    cast: Cast, client_of: Callable[..., Client], django_assert_num_queries: Any
) -> None:
    client = client_of(cast.sveta)
    client.get("/accessibility/")

    with django_assert_num_queries(3):  # session, user, appointments for the bar
        client.get("/accessibility/")
