"""REST of the address's question: what would be passed over in silence is refused with words."""

from typing import Any

import pytest
from django.test import Client

from reports.models import Rating
from tests.conftest import Cast, ClientOf, MakeWeek

pytestmark = pytest.mark.django_db


@pytest.fixture
def counted(cast: Cast, weeks_made: MakeWeek) -> Rating:
    """A published week."""
    return weeks_made({cast.school: {}, cast.sibling: {}})


def refused(client: Client, address: str, **headers: str) -> Any:
    """The mistakes of a question that is refused."""
    answer = client.get(f"/api/v1/{address}", headers=headers)
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
    return answer.json()["errors"]


@pytest.mark.parametrize("form", ["csv", "xlsx", "jsonl", "parquet"])
def test_file_of_a_rating_does_not_begin_at_a_page(cast: Cast, counted: Rating, client_of: ClientOf, form: str) -> None:
    client = client_of(cast.nina)
    page = client.get("/api/v1/ratings/2026-W46/?level=school&page_size=1").json()
    query = f"{page['next'].partition('?')[2]}&format={form}"

    found = refused(client, f"ratings/2026-W46/?{query}")

    assert [each["field"] for each in found] == ["after"]
    assert "Уберите after" in found[0]["message"]


def test_file_asked_for_by_header_does_not_begin_at_a_page_either(
    cast: Cast, counted: Rating, client_of: ClientOf
) -> None:
    client = client_of(cast.nina)
    page = client.get("/api/v1/ratings/2026-W46/?level=school&page_size=1").json()

    found = refused(client, f"ratings/2026-W46/?{page['next'].partition('?')[2]}", Accept="text/csv")

    assert [each["field"] for each in found] == ["after"]


@pytest.mark.parametrize("address", ["schools/?", "alerts/?", "paths/?place=region.78&", "steps/?", "chat-coverage/?"])
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_file_of_a_list_does_not_begin_at_a_page(
    cast: Cast, counted: Rating, client_of: ClientOf, address: str, form: str
) -> None:
    client = client_of(cast.nina)

    found = refused(client, f"{address}format={form}&after=1")

    assert [each["field"] for each in found] == ["after"]
    assert "Уберите after" in found[0]["message"]
    assert client.get(f"/api/v1/{address}format={form}").status_code == 200


@pytest.mark.parametrize(
    "address",
    ["ratings/2026-W46/?level=school&level=region", "schools/?region=78&region=47", "weeks/?format=json&format=csv"],
)
def test_parameter_named_twice_is_refused(cast: Cast, counted: Rating, client_of: ClientOf, address: str) -> None:
    found = refused(client_of(cast.nina), address)

    assert [each["field"] for each in found] == [address.partition("?")[2].partition("=")[0]]
    assert "одно значение" in found[0]["message"]
