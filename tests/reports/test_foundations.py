"""The order and the chats on a school's page: what is missing, what waits, and the calm lines once all is there."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from chats.models import Acknowledgement
from chats.orders import readers
from reports.chat_coverage.counting import count_chats
from reports.reading.foundations import finished, lines_of
from schools.models import School, User
from tests.chats.orders.office import begun, furnish, issued
from tests.chats.school import chat
from tests.conftest import Cast

ClientOf = Callable[[User | None], Client]
pytestmark = pytest.mark.django_db


def states(school: School, user: User) -> list[tuple[str, str]]:
    """(state, title) of both lines."""
    return [(line["state"], line["title"]) for line in lines_of(school, user)]


def test_school_without_order_and_chats_is_told_where_to_begin(cast: Cast) -> None:
    furnish(cast.school)
    count_chats(school=cast.school)

    order, chats = states(cast.school, cast.sveta)

    assert order == ("todo", "Приказа об использовании платформы нет")
    assert chats[0] == "todo"
    assert chats[1].startswith("Не хватает ")


def test_draft_waits_for_its_signature_and_an_issued_order_for_its_readers(cast: Cast) -> None:
    furnish(cast.school)
    begun(cast.sveta, cast.school)
    assert states(cast.school, cast.sveta)[0] == ("working", "Приказ об использовании платформы: проект ждёт подписи")

    order = issued(cast.sveta, cast.school, number="45-ОД")
    state, title = states(cast.school, cast.sveta)[0]
    assert (state, title.partition(" от ")[0]) == ("working", "Приказ № 45-ОД")

    sheet = Acknowledgement.objects.filter(order=order).values_list("pk", flat=True)
    readers.mark(order, list(sheet), on=timezone.localdate(), by=cast.sveta)
    assert states(cast.school, cast.sveta)[0][0] == "done"


def test_order_about_something_else_is_not_the_order_on_the_platform(cast: Cast) -> None:
    furnish(cast.school)
    issued(cast.sveta, cast.school, "my-school")

    assert states(cast.school, cast.sveta)[0][0] == "todo"


def test_all_expected_chats_make_a_calm_line(cast: Cast) -> None:
    chat(cast.school, 13)
    count_chats(school=cast.school)

    lines = lines_of(cast.school, cast.sveta)

    assert (lines[1]["state"], lines[1]["title"]) == ("done", "Чаты, 27\u00a0кейсов: всё на месте")
    assert not finished(lines)
    assert finished(lines[1:])


def test_page_shows_the_lines_to_the_school_and_not_to_the_observer(cast: Cast, client_of: ClientOf) -> None:
    url = f"/schools/{cast.school.pk}/"

    assert "Приказа об использовании платформы нет" in client_of(cast.sveta).get(url).content.decode()
    assert 'id="foundations"' not in client_of(cast.observer).get(url).content.decode()


def test_lines_cost_two_queries_for_any_number_of_orders(cast: Cast) -> None:
    furnish(cast.school)
    for _ in range(3):
        issued(cast.sveta, cast.school)
        chat(cast.school, 13)
    count_chats(school=cast.school)

    with CaptureQueriesContext(connection) as queries:
        lines_of(cast.school, cast.sveta)

    assert len(queries) <= 4  # two are of the rule of sight: her appointments
