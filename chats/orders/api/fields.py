"""Values of an order's fields as REST takes them, turned into what the form of a draft sends."""

from typing import Any

from django.http import QueryDict
from rest_framework import serializers

from chats.models import Order
from chats.orders import form
from chats.orders.drafting import Change
from chats.orders.fields import Field, Kind, asked_of
from chats.orders.text import slots_of
from chats.orders.values import day_of
from schools.scope import AnyUser

MOST_TEXT, MOST_ACTS = 4000, 20
HOW = {
    Kind.PERSON: "номер сотрудника школы",
    Kind.DATE: "дату: 2026-11-22",
    Kind.TEXT: f"текст до {MOST_TEXT} знаков",
    Kind.LINES: f"текст до {MOST_TEXT} знаков",
    Kind.ACTS: "список ключей актов из legal-acts",
    Kind.ORDER: "номер записи действующего приказа этой организации",
    Kind.CHATS: "true или false",
}


def change_by(order: Order, given: dict[str, Any], user: AnyUser, **facts: str) -> Change:
    """The change of a draft that puts these values in; raises ValidationError naming the field and what to write."""
    asked = {field.key: field for field in asked_of(slots_of(order.text))}
    sent = QueryDict(mutable=True)
    sent.update({"version": str(order.version), **facts})
    wrong: dict[str, list[str]] = {}
    for key, value in given.items():
        field = asked.get(key)
        if field is None:
            wrong[key[:60]] = [f"Такого поля в этом тексте нет. Есть: {', '.join(asked)}."]
        elif not _is_right(field, value):
            wrong[key] = [f"Впишите {HOW[field.kind]}."]
        else:
            _put(sent, field, value)
    change = form.change_of(order, sent, user)
    wrong |= {
        key: [f"Не нашли среди того, что вам видно. Впишите {HOW[field.kind]}."]
        for key, field in asked.items()
        if key in given and key not in wrong and _is_lost(field, given[key], change.values.get(key))
    }
    if wrong:
        raise serializers.ValidationError({"values": [f"{key}: {texts[0]}" for key, texts in list(wrong.items())[:20]]})
    return change


def _is_right(field: Field, value: Any) -> bool:
    if value is None:
        return True
    if field.kind in (Kind.PERSON, Kind.ORDER):
        return isinstance(value, int) and not isinstance(value, bool) and 0 < value < 2**63
    if field.kind == Kind.DATE:
        return day_of(value) is not None
    if field.kind == Kind.ACTS:
        return isinstance(value, list) and len(value) <= MOST_ACTS and all(isinstance(key, str) for key in value)
    if field.kind == Kind.CHATS:
        return isinstance(value, bool)
    return isinstance(value, str) and len(value) <= MOST_TEXT


def _put(sent: QueryDict, field: Field, value: Any) -> None:
    """Write a value as the form sends it."""
    name = f"f-{field.key}"
    if field.kind == Kind.ACTS:
        sent[f"{name}-shown"] = "1"
        sent.setlist(name, value or [])
    elif field.kind == Kind.CHATS:
        sent[f"{name}-shown"] = "1"
        if value:
            sent[name] = "1"
    else:
        sent[name] = "" if value is None else str(value)


def _is_lost(field: Field, given: Any, kept: Any) -> bool:
    """Whether something was named that could not be found."""
    if field.kind in (Kind.PERSON, Kind.ORDER):
        return given is not None and not kept
    return field.kind == Kind.ACTS and len(set(given or [])) != len(kept or [])
