"""A new password, whoever sets it and where: tokens of REST and other sessions end with the old one."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher, PBKDF2PasswordHasher
from django.contrib.auth.tokens import default_token_generator
from django.core.management import call_command
from django.db import OperationalError
from django.db.models import QuerySet
from django.test import Client
from django.utils import timezone
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from schools.appointing import invitations
from schools.models import AccessToken, Appointment, User
from schools.models.tokens import NEW_PASSWORD
from schools.own_tokens import services
from schools.own_tokens.services import TokenRefused, Wish
from tests.conftest import Cast, ClientOf
from tests.schools.appointing.people import PASSWORD, accepted
from tests.schools.test_own_tokens import LIST, get

pytestmark = pytest.mark.django_db
TwoTokens = tuple[str, str]
WILL_END = "токены REST перестанут действовать"


@pytest.fixture
def tokens(cast: Cast) -> TwoTokens:
    """Texts of a token of Марат, and of one of Нина."""
    return tuple(AccessToken.objects.create(user=user)[1] for user in (cast.marat, cast.nina))  # type: ignore[return-value]


def reset_link(user: User) -> str:
    """The address in a letter of «Забыли пароль?»."""
    return f"/password/{urlsafe_base64_encode(force_bytes(user.pk))}/{default_token_generator.make_token(user)}/"


def by_link(cast: Cast, browser: Client) -> None:
    """«Забыли пароль?»."""
    page = browser.get(reset_link(cast.marat), follow=True)
    browser.post(page.request["PATH_INFO"], {"new_password1": PASSWORD, "new_password2": PASSWORD})


def by_hand(cast: Cast, browser: Client) -> None:
    """A link that Нина hands over."""
    made = Appointment.objects.get(user=cast.marat)
    accepted(
        invitations.link_of(invitations.invite(made, by=cast.nina, by_hand=True)).removeprefix("http://testserver")
    )


def in_the_admin(cast: Cast, browser: Client) -> None:
    """By a superuser."""
    browser.force_login(cast.root, backend="schools.login.LoginOrEmailBackend")
    sent = {"password1": PASSWORD, "password2": PASSWORD, "usable_password": "true"}
    browser.post(f"/admin/schools/user/{cast.marat.pk}/password/", sent)


def taken_away(cast: Cast, browser: Client) -> None:
    """By a superuser, who leaves the person none."""
    browser.force_login(cast.root, backend="schools.login.LoginOrEmailBackend")
    browser.post(f"/admin/schools/user/{cast.marat.pk}/password/", {"usable_password": "false", "unset-password": "1"})


def at_the_command_line(cast: Cast, browser: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """By whoever runs the portal."""
    monkeypatch.setattr("getpass.getpass", lambda *given, **more: PASSWORD)
    call_command("changepassword", "marat")


WAYS = [by_link, by_hand, in_the_admin, taken_away]


@pytest.mark.parametrize("way", WAYS)
def test_new_password_ends_the_persons_tokens_and_nobody_elses(
    cast: Cast, tokens: TwoTokens, way: Callable[[Cast, Client], None]
) -> None:
    before = User.objects.get(pk=cast.marat.pk).password
    assert [get(text).status_code for text in tokens] == [200, 200]

    way(cast, Client())

    assert User.objects.get(pk=cast.marat.pk).password != before
    assert [get(text).status_code for text in tokens] == [401, 200]
    assert get(tokens[0]).status_code == 401
    assert AccessToken.objects.get(user=cast.marat).ended_because == NEW_PASSWORD


def test_command_that_changes_the_password_ends_tokens_too(
    cast: Cast, tokens: TwoTokens, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_the_command_line(cast, Client(), monkeypatch)

    assert [get(text).status_code for text in tokens] == [401, 200]


@pytest.mark.parametrize("way", WAYS)
def test_sessions_begun_with_the_old_password_end(
    cast: Cast, client_of: ClientOf, way: Callable[[Cast, Client], None]
) -> None:
    elsewhere = client_of(cast.marat)
    assert elsewhere.get("/profile/").status_code == 200

    way(cast, Client())

    assert elsewhere.get("/profile/").status_code == 302
    assert elsewhere.get("/api/v1/schools/").status_code in {401, 403}


def test_token_that_cannot_be_ended_leaves_the_old_password(
    cast: Cast, tokens: TwoTokens, monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked(rows: Any, **values: Any) -> int:
        raise OperationalError("database is locked")

    monkeypatch.setattr(QuerySet, "update", locked)
    cast.marat.set_password(PASSWORD)
    with pytest.raises(OperationalError):
        cast.marat.save()

    assert User.objects.get(pk=cast.marat.pk).check_password("password")


def test_same_password_hashed_anew_and_other_changes_end_nothing(cast: Cast, tokens: TwoTokens, settings: Any) -> None:
    settings.PASSWORD_HASHERS = [
        f"{each.__module__}.{each.__name__}" for each in (PBKDF2PasswordHasher, MD5PasswordHasher)
    ]
    User.objects.filter(pk=cast.marat.pk).update(password=MD5PasswordHasher().encode("password", "salt" * 6))

    assert Client().post("/login/", {"username": "marat", "password": "password"}).status_code == 302
    marat = User.objects.get(pk=cast.marat.pk)
    marat.phone = "+79000003177"
    marat.save()

    assert marat.password.startswith("pbkdf2")
    assert get(tokens[0]).status_code == 200


def test_no_token_is_made_by_whom_the_old_password_let_in(cast: Cast) -> None:
    stale = User.objects.get(pk=cast.marat.pk)
    cast.marat.set_password(PASSWORD)
    cast.marat.save()

    with pytest.raises(TokenRefused, match="только что сменили"):
        services.make(user=stale, wish=Wish("Витрина", "", 90, [], None, []))

    assert not AccessToken.objects.exists()


def test_pages_say_it_beforehand_to_whom_it_concerns(cast: Cast, tokens: TwoTokens, client_of: ClientOf) -> None:
    said = {
        user.username: WILL_END in Client().get(reset_link(user), follow=True).content.decode().replace("Т", "т")
        for user in (cast.marat, cast.sveta)
    }
    made = Appointment.objects.get(user=cast.marat)
    handed = Client()
    handed.get(
        invitations.link_of(invitations.invite(made, by=cast.nina, by_hand=True)).removeprefix("http://testserver")
    )
    admin = client_of(cast.root).get(f"/admin/schools/user/{cast.marat.pk}/password/").content.decode()

    assert said == {"marat": True, "sveta": False}
    assert WILL_END in handed.get("/invitations/").content.decode()
    assert "Перестанут действовать: 1" in admin.replace("\xa0", " ")
    profiles = [client_of(user).get("/profile/").content.decode() for user in (cast.marat, cast.sveta)]
    assert [WILL_END in page for page in profiles] == [True, False]


def test_profile_and_the_list_say_it_afterwards(cast: Cast, tokens: TwoTokens, client_of: ClientOf) -> None:
    cast.marat.set_password(PASSWORD)
    cast.marat.save()
    AccessToken.objects.filter(user=cast.nina).update(expiry=timezone.now())  # by its term

    page = client_of(cast.marat).get("/profile/").content.decode().replace("\xa0", " ")
    listed = client_of(cast.marat).get(LIST).content.decode()

    assert "Пароль сменили, поэтому 1 токен больше не действует. Выпустите взамен новый." in page
    assert WILL_END not in page
    assert NEW_PASSWORD in listed.split("Срок вышел")[1]
    assert "Пароль сменили" not in client_of(cast.nina).get("/profile/").content.decode()
