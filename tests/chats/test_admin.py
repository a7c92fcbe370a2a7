"""Acts and resources in the admin: who edits what, keys that stay, searches that fold."""

import pytest
from django.test import Client

from chats.models import LegalAct, Resource
from schools.models import User
from schools.rights import coordinators_group
from tests.conftest import Cast, ClientOf

ACT = {"key": "order-1", "kind": "order", "number": "№ 1", "state": "in_force", "title": "О чатах"}
LINK = {"title": "Наш канал", "kind": "channel", "link": "https://example.ru/"}


@pytest.fixture
def nina(cast: Cast) -> User:
    """The coordinator with the rights an installation gives her."""
    cast.nina.is_staff = True
    cast.nina.save()
    cast.nina.groups.add(coordinators_group())
    return cast.nina


def added(client: Client, model: str, facts: dict[str, str]) -> int:
    """Send the form of a new row; the status."""
    return client.post(f"/admin/chats/{model}/add/", facts).status_code


def test_administrator_adds_an_act_and_its_number_loses_the_sign(cast: Cast, client_of: ClientOf) -> None:
    status = added(client_of(cast.root), "legalact", ACT)

    act = LegalAct.objects.get(key="order-1")

    assert status == 302
    assert act.number == "1"
    assert "о чатах" in act.search_key


def test_key_of_an_act_is_chosen_once(cast: Cast, client_of: ClientOf) -> None:
    act = LegalAct.objects.get(key="law-8")
    facts = {"key": "other", "kind": "law", "number": "8-ФЗ", "state": "in_force", "title": "Правка"}

    client_of(cast.root).post(f"/admin/chats/legalact/{act.pk}/change/", facts)

    act.refresh_from_db()
    assert (act.key, act.title) == ("law-8", "Правка")


def test_nobody_deletes_an_act_or_a_link(cast: Cast, client_of: ClientOf) -> None:
    act, link, client = LegalAct.objects.all()[0], Resource.objects.all()[0], client_of(cast.root)

    statuses = {
        client.post(f"/admin/chats/{model}/{row.pk}/delete/", {"post": "yes"}).status_code
        for model, row in (("legalact", act), ("resource", link))
    }

    assert statuses == {403}
    assert LegalAct.objects.filter(pk=act.pk).exists()


def test_coordinator_reads_acts_and_changes_none(nina: User, client_of: ClientOf) -> None:
    act, client = LegalAct.objects.get(key="law-8"), client_of(nina)

    page = client.get("/admin/chats/legalact/?q=ИНФОРМАЦИИ")
    status = client.post(f"/admin/chats/legalact/{act.pk}/change/", ACT).status_code

    assert "149-ФЗ" in page.content.decode()
    assert "542/1" not in page.content.decode()
    assert status == 403
    assert added(client, "legalact", ACT) == 403


def test_coordinator_keeps_links_of_her_region_alone(cast: Cast, nina: User, client_of: ClientOf) -> None:
    client = client_of(nina)

    added(client, "resource", {**LINK, "region": str(cast.region.pk)})
    added(client, "resource", {**LINK, "region": str(cast.other_region.pk)})
    added(client, "resource", {**LINK, "region": ""})

    kept = Resource.objects.filter(title="Наш канал")
    assert [(link.region, link.created_by) for link in kept] == [(cast.region, nina)]


def test_coordinator_does_not_change_a_common_link_in_the_admin(nina: User, client_of: ClientOf) -> None:
    common = Resource.objects.get(key="sferum-site")

    status = client_of(nina).post(f"/admin/chats/resource/{common.pk}/change/", LINK).status_code

    assert status == 403
    assert Resource.objects.get(pk=common.pk).title == common.title
