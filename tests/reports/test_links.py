"""No page leads a reader to an address that is not there: the portal is walked by its links, as each role."""

import re
from collections import Counter, deque
from html import unescape
from typing import Any

import pytest
from django.test import Client

from reports.checks.running import run_checks
from tests.conftest import Cast, ClientOf
from tests.reports.check_cases import CASES
from tests.reports.test_views import counted
from tests.staff.uploads import csv_of, planned

__all__ = ["counted"]  # a fixture

ALIKE = 2  # pages that differ in ids and weeks only: so many of a kind are opened
PLANTED = (
    "name_glued", "account_unconfirmed", "class_without_teacher", "pupil_without_class", "pupil_phone_of_guardian",
    "guardian_untouched", "inn", "administrator_never_came", "chat_without_owner",
)  # fmt: skip


@pytest.fixture
def lived_in(cast: Cast, counted: Any) -> Cast:
    """The cast with two published weeks, rows of every kind that a check names, an upload that waits."""
    for school in (cast.school, cast.cousin):
        for key in PLANTED:
            CASES[key].wrong(school)
    planned(cast.school, cast.sveta, csv_of(("Каренина", "Анна", "Львовна")))
    run_checks()
    return cast


def links(text: str) -> list[str]:
    """Addresses of this portal a page leads to, without the marks in them."""
    found = dict.fromkeys(unescape(each).split("#")[0] for each in re.findall(r'<a[^>]* href="(/[^"]*)"', text))
    return [each for each in found if not each.startswith(("/static/", "/logout/", "/admin/"))]


def kind_of(address: str) -> str:
    """An address without what differs from page to page of a kind: ids, weeks, what is asked for."""
    path, _, query = address.partition("?")
    return re.sub(r"\d+", "N", path) + "?" + ",".join(sorted(re.findall(r"(?:^|&)(\w+)=", query)))


def walk(client: Client, start: str) -> tuple[dict[str, str], int]:
    """Follow links from a page. Returns the dead ones with the page that leads there, and how many were opened."""
    ahead, met, dead, opened = deque([(start, "")]), {start}, {}, Counter[str]()
    while ahead:
        address, page = ahead.popleft()
        if opened[kind_of(address)] == ALIKE:
            continue
        opened[kind_of(address)] += 1
        answer = client.get(address, follow=True)
        if answer.status_code >= 400:
            dead[address] = page
        elif answer["Content-Type"].startswith("text/html"):
            found = [link for link in links(answer.content.decode()) if link not in met]
            met.update(found)
            ahead.extend((link, address) for link in found)
    return dead, opened.total()


@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    ("name", "pages"), [("root", 150), ("observer", 60), ("nina", 150), ("marat", 120), ("sveta", 100)]
)
def test_every_link_opens_for_the_one_who_sees_it(lived_in: Cast, client_of: ClientOf, name: str, pages: int) -> None:
    dead, opened = walk(client_of(lived_in.people[name]), "/")

    assert dead == {}
    assert opened > pages


def test_country_names_regions_out_of_sight_without_a_link(cast: Cast, counted: Any, client_of: ClientOf) -> None:
    address = "/places/country/0/indicators/staff_active/"
    foreign = f"/places/region/{cast.other_region.pk}/"

    own, observer = (client_of(each).get(address).content.decode() for each in (cast.nina, cast.observer))

    assert "Ленинградская область" in own
    assert foreign not in own
    assert f"/places/region/{cast.region.pk}/" in own
    assert foreign in observer
