"""What a school's page says of its order and its chats: two lines, calm once both are in place."""

from typing import Any

from django.db.models import Count, Sum
from django.urls import reverse

from chats.models import Order
from chats.use_cases import USE_CASES
from reports.models import SchoolChats
from schools.models import School
from schools.scope import AnyUser
from schools.texts import counted, date_text, out_of

PLATFORM_ORDER = "sferum-use"  # the text by which a school begins (chats/orders/first_templates.py)


def lines_of(school: School, user: AnyUser) -> list[dict[str, Any]]:
    """Rows of parts/steps.html case_list: the order on the platform, then the chats; two queries."""
    return [_order_line(school, user), _chats_line(school, user)]


def finished(lines: list[dict[str, Any]]) -> bool:
    """Whether nothing is left to do in any of the lines."""
    return all(line["state"] == "done" for line in lines)


def _order_line(school: School, user: AnyUser) -> dict[str, Any]:
    """The newest order on the use of the platform that is in force, else its draft, else that there is none."""
    orders = Order.objects.visible_to(user).filter(school=school, template__key=PLATFORM_ORDER)
    alive = list(orders.exclude(state=Order.State.CANCELLED).with_readers().order_by("-signed_on", "-id"))
    issued: Any = next((each for each in alive if not each.is_draft), None)
    if issued is not None:
        waits = issued.have_read < issued.readers
        return {
            "title": f"Приказ № {issued.number} от {date_text(issued.signed_on)}: действует",
            "state": "working" if waits else "done",
            "note": f"ознакомлены {out_of(issued.have_read, issued.readers)}" if issued.readers else "",
            "url": issued.get_absolute_url(),
        }
    if alive:
        return {
            "title": "Приказ об использовании платформы: проект ждёт подписи",
            "state": "working",
            "note": "",
            "url": alive[0].get_absolute_url(),
        }
    return {
        "title": "Приказа об использовании платформы нет",
        "state": "todo",
        "note": "начните с него",
        "url": reverse("school_orders", args=[school.pk]),
    }


def _chats_line(school: School, user: AnyUser) -> dict[str, Any]:
    """How many of the chats expected there are, as last counted."""
    counts = SchoolChats.objects.visible_to(user).filter(school=school)
    sums = counts.aggregate(expected=Sum("expected"), present=Sum("present"), cases=Count("use_case"))
    expected, present = sums["expected"] or 0, sums["present"] or 0
    row = {"url": reverse("chats", args=[school.pk]), "note": out_of(present, expected) if expected else ""}
    if not expected:
        return row | {"title": "Чаты ещё не посчитаны", "state": "todo", "note": ""}
    if present == expected:
        cases = counted(len(USE_CASES), "кейс", "кейса", "кейсов")
        return row | {"title": f"Чаты, {cases}: всё на месте", "state": "done"}
    missing = counted(expected - present, "чата", "чатов", "чатов")
    return row | {"title": f"Не хватает {missing}", "state": "working" if present else "todo"}
