"""No page leads a reader to an address that is not there: every link on the pages of numbers opens for its reader."""

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.test import Client

from tests.reports.test_views import counted

__all__ = ["counted"]  # a fixture

PAGES = (
    "/",
    "/country/",
    "/ratings/",
    "/ratings/?level=region",
    "/search/",
    "/jobs/",
    "/indicators/",
    "/indicators/staff_active/",
    "/regions/78/",
    "/municipalities/{municipality}/",
    "/schools/{school}/",
    "/places/country/0/indicators/staff_active/",
    "/places/region/{region}/indicators/staff_active/",
    "/places/municipality/{municipality}/indicators/staff_active/",
    "/places/school/{school}/indicators/staff_active/",
)


def links(text: str) -> set[str]:
    """Addresses of this portal a page leads to, without the marks in them."""
    found = {unescape(each).split("#")[0] for each in re.findall(r'<a[^>]* href="(/[^"]*)"', text)}
    return {each for each in found if not each.startswith(("/static/", "/logout/"))}


@pytest.mark.parametrize("name", ["root", "observer", "nina", "marat", "sveta"])
def test_every_link_opens_for_the_one_who_sees_it(
    cast: Any, counted: Any, client_of: Callable[..., Client], name: str
) -> None:
    client = client_of(cast.people[name])
    places = {"region": cast.region.pk, "municipality": cast.municipality.pk, "school": cast.school.pk}
    dead: set[Any] = set()
    checked: set[Any] = set()

    for page in (each.format(**places) for each in PAGES):
        answer = client.get(page, follow=True)
        if answer.status_code == 200:
            for link in links(answer.content.decode()) - checked:
                checked.add(link)
                if client.get(link).status_code >= 400:
                    dead.add((page, link))

    assert dead == set()
    assert len(checked) > 10


def test_country_names_regions_out_of_sight_without_a_link(
    cast: Any, counted: Any, client_of: Callable[..., Client]
) -> None:
    address = "/places/country/0/indicators/staff_active/"
    foreign = f"/places/region/{cast.other_region.pk}/"

    own, observer = (client_of(each).get(address).content.decode() for each in (cast.nina, cast.observer))

    assert "Ленинградская область" in own
    assert foreign not in own
    assert f"/places/region/{cast.region.pk}/" in own
    assert foreign in observer
