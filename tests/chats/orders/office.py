"""A school with people, and orders begun, filled in and issued in it, for the tests of orders."""

import datetime
from typing import Any

from django.utils import timezone

from chats.models import Order, OrderTemplate
from chats.orders import drafting, issuing
from chats.orders.drafting import Change, OrderRefused
from chats.orders.values import PersonValue
from schools.models import Municipality, School, User
from staff.models import StaffMember

DAY = datetime.timedelta(days=1)
REASON = "Издан по ошибке"


def hire(school: School, last_name: str, position: str, first_name: str = "Анна", **facts: Any) -> StaffMember:
    """Somebody who works in a school."""
    names = {"last_name": last_name, "first_name": first_name, "patronymic": "Петровна"}
    return StaffMember.objects.create(school=school, position=position, **{**names, **facts})


def furnish(school: School) -> School:
    """Give a school its head, deputies, a secretary and teachers."""
    school.director_name = "Иванова Мария Ильинична"
    school.address = "Санкт-Петербург, ул. Седова, 12"
    school.save()
    hire(school, "Аверина", "секретарь учебной части")
    hire(school, "Зимина", "заместитель директора по информатизации", email="zimina@school.example")
    hire(school, "Мороз", "заместитель директора по учебно-воспитательной работе")
    hire(school, "Учителева", "учитель")
    return school


def template(key: str) -> OrderTemplate:
    """The text in use."""
    return OrderTemplate.objects.current().get(key=key)


def begun(by: User, place: School | Municipality, key: str = "sferum-use") -> Order:
    """A draft."""
    return drafting.begin(place=place, template=template(key), by=by)


def change_of(order: Order, **facts: Any) -> Change:
    """The change that changes nothing but what is named; `values` are put over those there are."""
    names = (
        "version",
        "subject",
        "text",
        "values",
        "signer_name",
        "signer_position",
        "organisation",
        "founder",
        "city",
    )
    now = {name: getattr(order, name) for name in (*names, "profile")}
    return Change(**{**now, **facts, "values": {**order.values, **facts.get("values", {})}})


def changed(order: Order, by: User, **facts: Any) -> Order:
    """The draft written anew."""
    return drafting.change(order, change_of(order, **facts), by=by)


def issued(by: User, place: School | Municipality, key: str = "sferum-use", number: str = "", **facts: Any) -> Order:
    """An order issued today, or on the day named."""
    signed_on = facts.pop("signed_on", timezone.localdate())
    order = begun(by, place, key)
    if facts:
        order = changed(order, by, **facts)
    return issuing.issue(order, number=number or issuing.next_number(place, signed_on.year), signed_on=signed_on, by=by)


def by_hand(last_name: str = "Ольхова", email: str = "olhova@example.ru") -> dict[str, Any]:
    """Somebody who is in no list."""
    return PersonValue(last_name, "Вера", "Ильинична", "методист", email=email).kept()


def about(order: Order) -> dict[str, Any]:
    """The value that names another order."""
    assert order.signed_on is not None
    return {
        "id": order.pk, "number": order.number, "signed_on": order.signed_on.isoformat(), "subject": order.subject,
    }  # fmt: skip


def refusal_of(action: Any, *args: Any, **facts: Any) -> OrderRefused:
    """The refusal of a service."""
    try:
        action(*args, **facts)
    except OrderRefused as refusal:
        return refusal
    raise AssertionError("it was not refused")
