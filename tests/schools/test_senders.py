"""In whose name a coordinator speaks: her own territory and those within it, by either of the doors."""

import pytest
from django.http import Http404, QueryDict

from schools.senders import sender_of
from tests.conftest import Cast, ClientOf

pytestmark = pytest.mark.django_db
DOORS = ("/letters/new/", "/orders/for-schools/")


@pytest.mark.parametrize(
    ("name", "spoken"),
    [
        ("root", {"region", "municipality", "other_region", "foreign_municipality"}),
        ("nina", {"region", "municipality"}),
        ("marat", {"municipality"}),
        ("sveta", set()),
        ("observer", set()),
        ("stranger", set()),
    ],
)
def test_coordinator_speaks_for_what_she_coordinates(cast: Cast, name: str, spoken: set[str]) -> None:
    asked = {
        "region": f"region={cast.region.code}",
        "other_region": f"region={cast.other_region.code}",
        "municipality": f"municipality={cast.municipality.pk}",
        "foreign_municipality": f"municipality={cast.foreign_municipality.pk}",
    }

    found = set()
    for place, query in asked.items():
        try:
            assert sender_of(QueryDict(query), cast.people[name]) == getattr(cast, place)
            found.add(place)
        except Http404:
            continue

    assert found == spoken


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("query", ["", "?region=", "?region=%00", "?region=а1", "?municipality=²", "?municipality=-1"])
def test_no_place_is_no_page(cast: Cast, client_of: ClientOf, door: str, query: str) -> None:
    assert client_of(cast.nina).get(f"{door}{query}").status_code == 404
