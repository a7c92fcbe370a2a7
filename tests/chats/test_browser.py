"""In a real browser: a school goes from «нет приказа» to «27 кейсов: всё на месте», chat by chat."""

import re
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from chats.models import Chat, ChosenCase, Order
from chats.talks.loading import read_school
from chats.use_cases import Group
from reports.chat_coverage.counting import count_chats
from tests.chats.orders.office import hire
from tests.chats.school import make
from tests.conftest import Cast
from tests.test_browser import Visit, browser, visit

__all__ = ["browser", "visit"]  # fixtures, found by their names

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.timeout(180)]
MOST = 20  # chats a school of two classes could be asked for in any season


def test_a_school_goes_from_no_order_to_all_27_cases_in_place(cast: Cast, visit: Visit) -> None:
    make(cast.school)
    hire(cast.school, "Зимина", "заместитель директора по информатизации и воспитательной работе")
    cast.school.director_name = "Директорова Анна Юрьевна"
    cast.school.address = "Санкт-Петербург, ул. Седова, 12"
    cast.school.save()
    page: Any = visit("sveta", f"/schools/{cast.school.pk}/")

    issue_the_order(page)
    to_chats(page)
    turn_on(page, "Выездные мероприятия")
    write_every_chat_down(page)

    # The list is finished and calm, and says so of every group.
    expect(page.get_by_text(re.compile("27.кейсов: всё на месте"))).to_be_visible()
    expect(page.get_by_text("Начните с этого")).to_have_count(0)
    expect(page.locator(".state", has_text="на месте").first).to_be_visible()
    assert page.locator("#case-27").get_attribute("class") == "is-done"
    saw_every_group(cast)

    # So does the school's page, once a worker has counted.
    count_chats(school=cast.school)
    up(page, "Школа № 1")
    block = page.locator("#foundations")
    expect(block.get_by_role("heading", name="Приказ и чаты: всё на месте")).to_be_visible()
    expect(block.get_by_text(re.compile("Приказ № 45-ОД от .* действует"))).to_be_visible()
    expect(block.get_by_text(re.compile("Чаты, 27.кейсов: всё на месте"))).to_be_visible()
    assert block.locator("li.is-done").count() == 2


def issue_the_order(page: Any) -> None:
    """From the line «нет» of the school's page to an order that everybody has read."""
    page.get_by_role("link", name="Приказа об использовании платформы нет").click()
    expect(page.get_by_text("Приказов ещё нет")).to_be_visible()
    page.get_by_role("button", name="Начать приказ «Об использовании платформы «Сферум»»").click()
    page.get_by_label("Номер", exact=True).fill("45-ОД")
    page.get_by_label("Дата подписания").fill(timezone.localdate().isoformat())
    page.get_by_role("button", name="Издать приказ").click()
    expect(page.get_by_role("heading", name=re.compile("Приказ № 45-ОД"), level=1)).to_be_visible()
    page.get_by_role("button", name="Отметить всех").click()
    expect(page.get_by_role("heading", name=re.compile("Лист ознакомления: 6.из.6"))).to_be_visible()
    assert Order.objects.get().state == "issued"


def up(page: Any, name: str) -> None:
    """Follow the trail of a page to one of the places above it."""
    page.get_by_label("Где вы").get_by_role("listitem").get_by_role("link", name=name).click()
    expect(page.get_by_role("heading", name=name, level=1, exact=True)).to_be_visible()
    page.wait_for_load_state()  # what follows may count what is there: a page half read has less


def to_chats(page: Any) -> None:
    """By the trail to the school, then to its chats: all of them are missing."""
    up(page, "Школа № 1")
    page.locator("#foundations").get_by_role("link", name="Чаты", exact=True).click()
    expect(page.get_by_text("Начните с этого")).to_be_visible()


def turn_on(page: Any, name: str) -> None:
    """Choose a case that nobody demands."""
    page.locator("section.block", has_text="Временные").get_by_text("Сейчас не требуются").click()
    page.get_by_role("button", name=name).click()
    expect(page.get_by_role("button", name="Больше не нужен")).to_be_visible()
    assert [each.use_case for each in ChosenCase.objects.all()] == [27]


def write_every_chat_down(page: Any) -> None:
    """Follow the one next thing until there is none."""
    for number in range(MOST):
        if not page.get_by_role("link", name="Завести чат", exact=True).count():
            return
        page.get_by_role("link", name="Завести чат", exact=True).click()
        page.get_by_label("Ссылка-приглашение").fill(f"https://max.ru/join/{number}")
        page.get_by_role("button", name="Записать чат").click()
        expect(page.get_by_text(f"https://max.ru/join/{number}").first).to_be_visible()
        up(page, "Чаты")
    raise AssertionError("the list asks for ever more chats")


def saw_every_group(cast: Cast) -> None:
    """Every group had its chats, each with a link and an owner, and exactly those expected."""
    chats = list(Chat.objects.filter(school=cast.school))
    assert {each.case.group for each in chats} == set(Group)
    assert all(each.link and each.owner_id for each in chats)
    assert len(chats) == len(read_school(cast.school, timezone.localdate()).standing.proposals)
