"""In a real browser: a school's administrator goes from «нет приказа» to an issued one that has been read."""

import re
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from chats.models import Duty, Order
from schools.models import StepPlan
from tests.chats.orders.office import furnish
from tests.conftest import Cast
from tests.test_browser import Visit, browser, visit

__all__ = ["browser", "visit"]  # fixtures, found by their names

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.timeout(180)]


def test_a_school_goes_from_no_order_to_one_that_everybody_has_read(cast: Cast, visit: Visit) -> None:
    furnish(cast.school)
    page: Any = visit("sveta", f"/schools/{cast.school.pk}/orders/")
    expect(page.get_by_text("Приказов ещё нет")).to_be_visible()

    # A text is begun: people, their cases and the acts are there.
    page.get_by_role("button", name="Начать приказ «Об использовании платформы «Сферум»»").click()
    preview = page.locator("#preview")
    expect(preview).to_contain_text("Зимину Анну Петровну, заместителя директора по информатизации")
    expect(preview).to_contain_text("письмом Минпросвещения России")

    # A form is put right, somebody else is chosen, the preview follows.
    page.get_by_text("Падежи: «Зимину Анну Петровну»").click()
    page.get_by_label("винительный, кого", exact=True).first.fill("Зимину Анну П.")
    page.get_by_label("Ответственный за методическую поддержку: кто").select_option(
        label="Учителева Анна Петровна, учитель"
    )
    page.get_by_role("button", name="Сохранить и показать").click()
    expect(preview).to_contain_text("администратором Платформы Зимину Анну П., заместителя")
    expect(preview).to_contain_text("Учителеву Анну Петровну, учителя")

    # What is left of a neighbour's order is refused, and the words stay.
    page.get_by_label("С какой целью").fill("помощи ГБУ ИМЦ")
    page.get_by_label("Номер", exact=True).fill("45-ОД")
    page.get_by_role("button", name="Издать приказ").click()
    expect(page.get_by_text("«ГБУ ИМЦ» — не ваша организация").first).to_be_visible()
    expect(page.get_by_label("С какой целью")).to_have_value("помощи ГБУ ИМЦ")

    # Mended, it is issued and acts.
    page.get_by_label("С какой целью").fill("порядка в чатах")
    page.get_by_role("button", name="Издать приказ").click()
    expect(page.get_by_role("heading", name=re.compile("Приказ № 45-ОД"), level=1)).to_be_visible()
    order = Order.objects.get()
    assert (order.state, order.signed_on) == ("issued", timezone.localdate())
    assert Duty.objects.count() == StepPlan.objects.count() == 2
    expect(page.get_by_text("доступ откроет координатор")).to_be_visible()

    # Everybody reads it; the paper is there to be printed.
    page.get_by_role("button", name="Отметить всех").click()
    expect(page.get_by_role("heading", name=re.compile("Лист ознакомления: 4.из.4"))).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="PDF").click()
    assert download.value.suggested_filename.startswith("Приказ 45-ОД от ")


def test_all_schools_are_ticked_and_unticked_at_once_and_a_tick_stands_beside_its_name(
    cast: Cast, visit: Visit
) -> None:
    narrow = {"width": 390, "height": 844}
    page: Any = visit("marat", f"/orders/for-schools/?municipality={cast.municipality.pk}", viewport=narrow)
    boxes = page.locator("input[name=school]")
    chosen = page.locator("input[name=school]:checked")

    page.get_by_role("button", name="Снять все").click()
    expect(chosen).to_have_count(0)
    page.get_by_role("button", name="Выбрать все").click()
    expect(chosen).to_have_count(boxes.count())

    box, name = boxes.first.bounding_box(), page.locator(".batch-schools tbody th").first.bounding_box()
    assert abs((box["y"] + box["height"] / 2) - (name["y"] + name["height"] / 2)) < name["height"] / 2
    assert box["x"] + box["width"] <= name["x"]
