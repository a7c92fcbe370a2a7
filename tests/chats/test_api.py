"""REST of legal acts and resources: filters, words, what a token sees, nothing to write."""

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client
from django.utils import timezone

from chats.models import LegalAct, Resource
from tests.conftest import Cast

Tokens = Callable[..., dict[str, str]]


def asked(client: Client, address: str, headers: dict[str, str]) -> Any:
    """The body of an answer that is there."""
    response = client.get(f"/api/v1/{address}", headers=headers)
    assert response.status_code == 200, response.content
    return response.json()


def test_act_is_read_by_its_key_with_its_citation_and_fate(cast: Cast, client: Client, token_of: Tokens) -> None:
    act = asked(client, "legal-acts/r-210/", token_of(cast.stranger))

    assert act["cited"].startswith("распоряжение Минпросвещения России от 01.09.2021 № Р-210 «Об утверждении")
    assert (act["state"], act["superseded_by"], act["amends"]) == ("lost", "methodology", None)
    assert "search_key" not in act


@pytest.mark.parametrize(
    ("query", "keys"),
    [
        ("kind=protocol", {"protocol-1612", "protocol-1838"}),
        ("state=lost", {"r-210", "order-396"}),
        ("kind=law&search=ИНФОРМАЦИИ", {"law-149", "law-8"}),
        ("search=" + quote("№ 542/1"), {"order-542-1"}),
    ],
)
def test_acts_are_narrowed(cast: Cast, client: Client, token_of: Tokens, query: str, keys: set[str]) -> None:
    found = asked(client, f"legal-acts/?{query}", token_of(cast.sveta))

    assert {act["key"] for act in found["results"]} == keys
    assert found["count"] == len(keys)


def test_acts_changed_since_a_moment_are_given(cast: Cast, client: Client, token_of: Tokens) -> None:
    moment = timezone.now()
    LegalAct.objects.get(key="law-8").save()

    found = asked(client, f"legal-acts/?updated_since={quote(moment.isoformat())}", token_of(cast.sveta))

    assert [act["key"] for act in found["results"]] == ["law-8"]


@pytest.mark.parametrize("query", ["kind=zzz", "state=zzz", "updated_since=zzz", "key=r-210"])
def test_filter_that_makes_no_sense_is_a_mistake(cast: Cast, client: Client, token_of: Tokens, query: str) -> None:
    response = client.get(f"/api/v1/legal-acts/?{query}", headers=token_of(cast.sveta))

    assert response.status_code == 400


def test_acts_go_out_as_a_table(cast: Cast, client: Client, token_of: Tokens) -> None:
    response = client.get("/api/v1/legal-acts/?format=csv", headers=token_of(cast.sveta))
    text = b"".join(response.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]

    assert "Как сослаться" in text or "как сослаться" in text
    assert "542/1" in text


def test_resources_of_a_region_are_given_in_it_alone(cast: Cast, client: Client, token_of: Tokens) -> None:
    Resource.objects.create(region=cast.region, title="Своя", kind="site", link="https://example.ru/")
    people = ("sveta", "nina", "observer", "stranger")

    seen = {name for name in people if asked(client, "resources/?region=78", token_of(cast.people[name]))["count"] == 1}

    assert seen == {"sveta", "nina", "observer"}


def test_resources_are_narrowed(cast: Cast, client: Client, token_of: Tokens) -> None:
    Resource.objects.filter(key="subject-physics").update(withdrawn_on=timezone.localdate())
    headers = token_of(cast.sveta)

    families = asked(client, "resources/?kind=channel&audience=families&withdrawn=false", headers)
    withdrawn = asked(client, "resources/?withdrawn=true", headers)

    assert {each["title"] for each in families["results"]} == {"География", "Математика", "Химия", "Начальная школа"}
    assert families["results"][0]["audiences"] == ["teachers", "families"]
    assert [each["title"] for each in withdrawn["results"]] == ["Физика"]


def test_indicator_names_its_acts_by_the_keys_of_the_library(cast: Cast, client: Client, token_of: Tokens) -> None:
    headers = token_of(cast.sveta)

    bases = asked(client, "indicators/r210_10/", headers)["bases"]

    assert bases == [{"act": "r-210", "point": "показатель 10", "url": "/library/r-210/"}]
    assert asked(client, f"legal-acts/{bases[0]['act']}/", headers)["number"] == "Р-210"
