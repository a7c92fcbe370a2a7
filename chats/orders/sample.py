"""A text of orders as a school that does not exist would print it: what an editor sees before saving."""

import datetime
from typing import Any

from django.utils import timezone

from chats.models import OrderTemplate
from chats.orders.drafting import common_values
from chats.orders.fields import Kind, asked_of
from chats.orders.paper import Appendix, Letterhead, Paper, Signer
from chats.orders.text import fill, slots_of
from chats.orders.values import PersonValue, words_of
from schools.scope import Level

PERSON = PersonValue("Зимина", "Анна", "Петровна", "заместитель директора по информатизации")
CHATS = (("7Б. Родители", "Классный руководитель и родители", "Зимина Анна Петровна"),)
_OWN = {
    Level.SCHOOL: ("Муниципальное бюджетное общеобразовательное учреждение «Школа-образец»", "МБОУ «Школа-образец»"),
    Level.MUNICIPALITY: ("Управление образования администрации района-образца",) * 2,
}


def sample_paper(template: OrderTemplate) -> Paper:
    """The text filled in with people and days made up; the template may be one that is not saved."""
    level = Level(template.level)
    name, short = _OWN[level]
    values = {**_values(template), "учреждение": short, "наименование": name}
    is_school = level == Level.SCHOOL
    asks_for_chats = any(field.kind == Kind.CHATS for field in asked_of(slots_of(template.text)))
    return Paper(
        letterhead=Letterhead("", name, short if is_school else "", "Образцово"),
        subject=template.subject,
        body=fill(template.text, words_of(values), "________"),
        signer=Signer("Директор" if is_school else "Начальник управления", "М.И. Иванова"),
        appendix=Appendix("Перечень чатов", ("Чат", "Участники", "Владелец"), CHATS) if asks_for_chats else None,
    )


def _values(template: OrderTemplate) -> dict[str, Any]:
    """Something for every field that the text asks for."""
    made_up: dict[Kind, Any] = {
        Kind.PERSON: PERSON.kept(),
        Kind.CHATS: [list(row) for row in CHATS],
        Kind.LINES: "слова «до 1 декабря» заменить словами «до 15 декабря»",
        Kind.TEXT: "порядка в переписке",
        Kind.ORDER: {
            "number": "45-ОД",
            "signed_on": (timezone.localdate() - datetime.timedelta(days=30)).isoformat(),
            "subject": "Об использовании платформы «Сферум»",
        },
    }
    asked = asked_of(slots_of(template.text))
    return {field.key: made_up[field.kind] for field in asked if field.kind in made_up} | common_values(template)
