"""Filters of the admin's lists: every choice of every filter answers, places are chosen in one compact field."""

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from reports.models import ActivityLoad
from schools.admin import filters
from schools.models import Municipality, School
from staff.models import StaffMember
from tests.test_admin import MODELS, filled, ids, staff_cast, url

pytestmark = pytest.mark.django_db
__all__ = ["filled", "staff_cast"]  # fixtures


def choices(text: str) -> set[str]:
    """Every address a list's filters lead to: the links, and the first options of the fields of places."""
    nav = re.search(r'<nav id="changelist-filter".*?</nav>', text, re.DOTALL)
    shown = nav[0] if nav else ""
    links = {unescape(link) for link in re.findall(r'href="(\?[^"]*)"', shown)}
    for name, options in re.findall(r'<select[^>]* name="(\w+)".*?>(.*?)</select>', shown, re.DOTALL):
        links |= {f"?{name}={value}" for value in re.findall(r'<option value="([^"]*)"', options)[:5]}
    return links


@pytest.mark.parametrize("model", MODELS, ids=ids)
def test_every_choice_of_every_filter_answers(filled: Any, client_of: Callable[..., Client], model: Any) -> None:
    address = url(model, "changelist")

    for client in (client_of(filled.root), client_of(filled.nina)):
        page = client.get(address)
        links = choices(page.content.decode()) if page.status_code == 200 else set()
        statuses = {link: client.get(address + link).status_code for link in links}

        assert set(statuses.values()) <= {200}, statuses
        assert len(links) >= len(page.context["cl"].filter_specs if links else ())


@pytest.mark.parametrize("model", [StaffMember, Municipality, ActivityLoad], ids=lambda model: model.__name__)
def test_junk_in_a_filter_is_no_failure(filled: Any, client_of: Callable[..., Client], model: Any) -> None:
    client = client_of(filled.root)
    page = client.get(url(model, "changelist"))
    names = {re.split(r"[?=]", link)[1] for link in choices(page.content.decode()) if "=" in link}

    for value in ("", "zzz", str(10**20), "-1", "\0", "1"):
        statuses = {name: client.get(url(model, "changelist"), {name: value}).status_code for name in names}
        assert set(statuses.values()) <= {200, 302, 400 if value == "\0" else 200}, (value, statuses)


def test_places_of_a_filter_narrow_the_list(filled: Any, client_of: Callable[..., Client]) -> None:
    client = client_of(filled.root)
    chosen = {"in_region": filled.region.pk, "in_municipality": filled.other_municipality.pk}

    page = client.get(url(School, "changelist"), chosen)
    people = client.get(url(StaffMember, "changelist"), {"in_municipality": filled.other_municipality.pk})

    assert [row.pk for row in page.context["cl"].result_list] == [filled.cousin.pk]
    assert {row.school_id for row in people.context["cl"].result_list} == {filled.cousin.pk}


def test_places_out_of_sight_are_not_offered(filled: Any, client_of: Callable[..., Client]) -> None:
    text = client_of(filled.nina).get(url(School, "changelist")).content.decode()

    assert f'<option value="{filled.municipality.pk}"' in text
    assert f'<option value="{filled.foreign_municipality.pk}"' not in text


def test_other_filters_are_kept_and_another_region_forgets_the_municipality(
    filled: Any, client_of: Callable[..., Client]
) -> None:
    chosen = {"kind__exact": "lyceum", "in_region": filled.region.pk, "in_municipality": filled.municipality.pk, "p": 1}

    page = client_of(filled.root).get(url(School, "changelist"), chosen)

    forms = {spec.parameter_name: dict(spec.hidden) for spec in page.context["cl"].filter_specs[:2]}
    assert forms["in_region"] == {"kind__exact": "lyceum"}
    assert forms["in_municipality"] == {"kind__exact": "lyceum", "in_region": str(filled.region.pk)}


def test_too_many_municipalities_ask_for_the_region_first(filled: Any, client_of: Callable[..., Client]) -> None:
    names = [f"Район {number}" for number in range(filters.MOST_CHOICES)]
    every = [Municipality(region=filled.region, name=name, name_key=name.lower()) for name in names]
    Municipality.objects.bulk_create(every)
    client = client_of(filled.root)

    asked = client.get(url(School, "changelist")).content.decode()
    chosen = client.get(url(School, "changelist"), {"in_region": filled.other_region.pk}).content.decode()

    assert "Сначала выберите регион" in asked
    assert 'name="in_municipality"' not in asked
    assert "Выборгский район" in chosen


def test_every_page_has_the_portals_icon(filled: Any, client_of: Callable[..., Client]) -> None:
    client = client_of(filled.root)
    pages = [reverse("admin:index"), url(School, "changelist"), url(School, "add"), url(School, "import")]

    texts = {page: client.get(page).content.decode() for page in pages}

    assert [page for page, text in texts.items() if 'rel="icon"' not in text] == []
