"""Addresses that only buttons lead to: opened by themselves they lead somewhere, or say so in words."""

import pytest

from tests.conftest import Cast, ClientOf

pytestmark = pytest.mark.django_db


def test_wrong_method_is_answered_with_a_page(cast: Cast, client_of: ClientOf) -> None:
    answer = client_of(cast.sveta).post("/ratings/")

    assert answer.status_code == 405
    assert "По этому адресу открыть нечего" in answer.content.decode()
    assert "GET" in answer["Allow"]


def test_rest_answers_a_wrong_method_as_rest(cast: Cast, client_of: ClientOf) -> None:
    answer = client_of(cast.sveta).get("/api/v1/imports/1/apply/")

    assert answer.status_code == 405
    assert answer["Content-Type"].startswith("application/")


@pytest.mark.parametrize("address", ["/logout/", "/theme/"])
def test_address_of_a_button_opened_by_itself_leads_home(cast: Cast, client_of: ClientOf, address: str) -> None:
    client = client_of(cast.sveta)

    answer = client.get(address, follow=True)

    assert answer.status_code == 200
    assert answer.redirect_chain[0] == ("/", 302)
    assert client.get("/profile/").status_code == 200  # nobody is signed out by a link


@pytest.mark.parametrize("address", ["/logout/", "/theme/", "/imports/1/act/"])
def test_signing_in_for_such_an_address_does_not_end_on_a_wrong_method(
    cast: Cast, client_of: ClientOf, address: str
) -> None:
    fields = {"username": "sveta", "password": "password", "next": address}

    answer = client_of(None).post(f"/login/?next={address}", fields, follow=True)

    assert answer.status_code == (404 if "imports" in address else 200)
    assert answer.wsgi_request.user.is_authenticated
