"""Pages of the library and of resources: search, filters, whose links are whose, the form of a link."""

import datetime as dt
import html
import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from chats.forms import ResourceForm
from chats.models import LegalAct, Resource
from chats.views import saved
from schools.models import Appointment, User
from schools.scope import Level
from tests.conftest import Cast, ClientOf

FORM = {"title": "Канал района", "kind": "channel", "link": "https://example.ru/channel", "for_teachers": "on"}


def text_of(client: Client, address: str) -> str:
    """A page that is there, on one line, with plain spaces."""
    response = client.get(address)
    assert response.status_code == 200, response.status_code
    return " ".join(html.unescape(response.content.decode()).replace("\u00a0", " ").split())


def regional(cast: Cast, **facts: Any) -> Resource:
    """A link of Санкт-Петербург."""
    usual = {"region": cast.region, "title": "Канарейка", "kind": "site", "link": "https://example.ru/"}
    return Resource.objects.create(**{**usual, **facts})


# The library


def test_library_is_searched_without_regard_to_case_and_yo(cast: Cast, client_of: ClientOf) -> None:
    LegalAct.objects.create(key="yo", kind="order", number="7", title="Об учёте ЁЛОК")

    page = text_of(client_of(cast.sveta), "/library/?q=елок%20УЧЕТЕ")

    assert 'href="/library/yo/"' in page
    assert 'href="/library/r-210/"' not in page


def test_library_is_narrowed_by_kind_and_state(cast: Cast, client_of: ClientOf) -> None:
    page = text_of(client_of(cast.observer), "/library/?kind=order&state=lost")

    assert 'href="/library/order-396/"' in page
    assert 'href="/library/order-542-1/"' not in page
    assert 'href="/library/r-210/"' not in page


def test_library_counts_acts_of_each_state(cast: Cast, client_of: ClientOf) -> None:
    page = text_of(client_of(cast.sveta), "/library/?kind=order")

    counts = re.findall(r'<a href="\?kind=order&state=(\w+)">([^<]+)</a></dt><dd class="num [^"]*">(\d+)</dd>', page)

    assert counts == [("lost", "утратил силу", "1"), ("unverified", "не проверено", "1")]


def test_library_is_paged_at_a_constant_cost(cast: Cast, client_of: ClientOf) -> None:
    client = client_of(cast.sveta)
    client.get("/library/")  # the first page of a day marks the visit
    with CaptureQueriesContext(connection) as few:
        client.get("/library/")
    for number in range(60):
        LegalAct.objects.create(key=f"act-{number}", kind="order", number=str(number))

    with CaptureQueriesContext(connection) as many:
        page = text_of(client, "/library/?page=2")

    assert len(many) == len(few)
    assert page.count('<th scope="row"') == LegalAct.objects.count() - 50
    assert "51–84 из 84" in page


@pytest.mark.parametrize(
    "query", ["?q=%00", "?kind=zzz&state=zzz", "?page=zzz", "?page=-1", "?q=" + "я" * 5000, "?q=%25_"]
)
def test_nonsense_in_the_address_is_no_failure(cast: Cast, client_of: ClientOf, query: str) -> None:
    client = client_of(cast.sveta)

    statuses = {client.get(f"{path}{query}").status_code for path in ("/library/", "/resources/")}

    assert statuses == {200}


def test_nothing_found_says_what_to_do(cast: Cast, client_of: ClientOf) -> None:
    client = client_of(cast.sveta)

    pages = [text_of(client, f"/{path}/?q=нетакого") for path in ("library", "resources")]

    assert all("Ничего не нашли" in page and "Показать всё" in page for page in pages)


def test_only_the_administrator_is_led_to_editing_of_acts(cast: Cast, client_of: ClientOf) -> None:
    led = [
        name for name, user in cast.people.items() if "/admin/chats/legalact/" in text_of(client_of(user), "/library/")
    ]

    assert led == ["root"]


@pytest.mark.parametrize("person", ["stranger", "sveta", "marat", "nina", "observer", "root"])
def test_menu_and_footer_lead_everyone_to_both(cast: Cast, client_of: ClientOf, person: str) -> None:
    page = text_of(client_of(cast.people[person]), "/profile/")

    assert page.count('href="/library/"') == 2
    assert page.count('href="/resources/"') == 2


# Resources


def test_link_of_a_region_is_seen_in_it_alone(cast: Cast, client_of: ClientOf) -> None:
    regional(cast)
    far = User.objects.create_user("far")
    Appointment.objects.create(user=far, level=Level.SCHOOL, school=cast.foreign)
    people = {**cast.people, "far": far}

    seen = {name for name, user in people.items() if "Канарейка" in text_of(client_of(user), "/resources/")}

    assert seen == {"root", "observer", "nina", "marat", "sveta"}


def test_resources_are_narrowed_by_kind_and_by_whom_they_are_for(cast: Cast, client_of: ClientOf) -> None:
    page = text_of(client_of(cast.sveta), "/resources/?kind=channel&for=families&q=ХИМИЯ")

    assert ">Химия</a>" in page
    assert ">Физика</a>" not in page
    assert "prof-sferum.ru" not in page


def test_links_leave_without_telling_where_from(cast: Cast, client_of: ClientOf) -> None:
    page = text_of(client_of(cast.sveta), "/resources/")

    assert page.count('rel="noopener noreferrer external"') == Resource.objects.count()


def test_resources_cost_the_same_for_ten_times_the_rows(cast: Cast, client_of: ClientOf) -> None:
    client = client_of(cast.nina)
    regional(cast)
    client.get("/resources/")  # the first page of a day marks the visit
    with CaptureQueriesContext(connection) as few:
        client.get("/resources/")
    for number in range(60):
        regional(cast, link=f"https://example.ru/{number}")

    with CaptureQueriesContext(connection) as many:
        client.get("/resources/")

    assert len(many) == len(few)


def test_coordinator_adds_a_link_of_her_region(cast: Cast, client_of: ClientOf) -> None:
    response = client_of(cast.nina).post("/resources/new/", {**FORM, "region": cast.region.pk})

    added = Resource.objects.get(title="Канал района")

    assert response.status_code == 302
    assert (added.region, added.created_by, added.audiences) == (cast.region, cast.nina, ["педагогам"])
    assert added.search_key


@pytest.mark.parametrize("region", ["other_region", None])
def test_coordinator_adds_nothing_outside_her_region(cast: Cast, client_of: ClientOf, region: str | None) -> None:
    chosen = getattr(cast, region).pk if region else ""

    response = client_of(cast.nina).post("/resources/new/", {**FORM, "region": chosen})

    assert response.status_code == 422
    assert not Resource.objects.filter(title="Канал района").exists()


def test_administrator_adds_a_link_for_the_whole_country(cast: Cast, client_of: ClientOf) -> None:
    response = client_of(cast.root).post("/resources/new/", {**FORM, "region": ""})

    added = Resource.objects.get(title="Канал района")

    assert response.status_code == 302
    assert added.region is None


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"link": "javascript:alert(1)"}, "Впишите адрес страницы целиком"),
        ({"link": ""}, "Впишите ссылку"),
        ({"title": ""}, "Заполните это поле"),
        ({"title": "я" * 151}, "оставьте не больше 150 знаков"),
        ({"kind": "zzz"}, "Выберите вид из списка"),
        ({"region": "zzz"}, "Выберите регион из списка"),
        ({"checked_on": "вчера"}, "Впишите дату"),
        ({"checked_on": "2199-01-01"}, "ещё не наступил"),
        ({"link": "https://example.ru/"}, "Такая ссылка у региона уже есть"),
        ({"note": "\0"}, ""),
    ],
)
def test_mistake_in_the_form_is_told_and_keeps_what_was_typed(
    cast: Cast, client_of: ClientOf, wrong: dict[str, str], said: str
) -> None:
    regional(cast)

    response = client_of(cast.nina).post("/resources/new/", {**FORM, "region": cast.region.pk, **wrong})
    page = " ".join(html.unescape(response.content.decode()).split())

    assert response.status_code == 422
    assert said in page
    assert Resource.objects.filter(region=cast.region).count() == 1
    assert 'value="Канал района"' in page or "title" in wrong


def test_the_same_link_of_the_whole_country_is_told(cast: Cast, client_of: ClientOf) -> None:
    link = Resource.objects.filter(region=None)[0].link

    response = client_of(cast.root).post("/resources/new/", {**FORM, "region": "", "link": link})

    assert response.status_code == 422
    assert "в общем списке уже есть" in response.content.decode()


def test_the_same_link_added_a_moment_ago_is_told(cast: Cast) -> None:
    form = ResourceForm({**FORM, "region": cast.region.pk}, user=cast.nina)
    valid = form.is_valid()
    regional(cast, link=FORM["link"])

    done = saved(form)

    assert (valid, done) == (True, False)
    assert "уже есть" in str(form.errors["link"])


@pytest.mark.parametrize("person", ["sveta", "marat", "observer", "stranger"])
def test_who_keeps_no_links_changes_none(cast: Cast, client_of: ClientOf, person: str) -> None:
    link, common, client = regional(cast), Resource.objects.filter(region=None)[0], client_of(cast.people[person])
    addresses = ["/resources/new/", f"/resources/{link.pk}/edit/", f"/resources/{common.pk}/edit/"]

    statuses = {client.post(address, {**FORM, "withdraw": "1"}).status_code for address in addresses}

    assert statuses <= {403, 404}
    assert not Resource.objects.exclude(withdrawn_on=None).exists()


def test_coordinator_does_not_change_a_common_link(cast: Cast, client_of: ClientOf) -> None:
    common = Resource.objects.filter(region=None)[0]

    response = client_of(cast.nina).post(f"/resources/{common.pk}/edit/", {**FORM, "region": cast.region.pk})

    assert response.status_code == 403
    assert Resource.objects.get(pk=common.pk).title == common.title


def test_withdrawn_link_leaves_the_list_and_comes_back(cast: Cast, client_of: ClientOf) -> None:
    link, client = regional(cast), client_of(cast.nina)
    client.post(f"/resources/{link.pk}/edit/", {"withdraw": "1"})
    gone = text_of(client, "/resources/")
    kept = text_of(client, "/resources/?show=withdrawn")

    client.post(f"/resources/{link.pk}/edit/", {"withdraw": "0"})

    assert "Канарейка" not in gone
    assert "Канарейка" in kept
    assert "Канарейка" in text_of(client, "/resources/")


def test_withdrawn_links_are_shown_to_those_who_keep_them(cast: Cast, client_of: ClientOf) -> None:
    regional(cast, withdrawn_on=timezone.localdate())

    pages = {name: text_of(client_of(cast.people[name]), "/resources/?show=withdrawn") for name in ("sveta", "nina")}

    assert "Канарейка" not in pages["sveta"]
    assert "Сферум для школ" in pages["sveta"]
    assert "Канарейка" in pages["nina"]


def test_day_a_link_was_looked_at_stands_beside_it(cast: Cast, client_of: ClientOf) -> None:
    regional(cast, checked_on=dt.date(2026, 9, 5))

    page = text_of(client_of(cast.sveta), "/resources/?q=канарейка")

    assert "ссылку открывали 05.09.2026" in page
    assert cast.region.short_name in page
