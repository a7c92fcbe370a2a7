"""Texts of orders as their pages show them: ready to print."""

from collections.abc import Iterable
from typing import Any

from chats.models import LegalAct, OrderTemplate
from chats.orders.fields import FIELD_BY_KEY, FIELDS, Kind, asked_of
from chats.orders.text import slots_of
from chats.orders.versions import difference
from schools.scope import AnyUser, Level
from schools.steps import STEP_BY_NUMBER

GROUPS = {Level.SCHOOL: "Издаёт школа", Level.MUNICIPALITY: "Издаёт муниципалитет"}
KINDS = {
    Kind.PERSON: "человек",
    Kind.DATE: "дата",
    Kind.TEXT: "слова",
    Kind.LINES: "строки",
    Kind.ACTS: "документы",
    Kind.ORDER: "приказ",
    Kind.CHATS: "перечень чатов",
    Kind.OWN: "из карточки",
}
FIRST = "Первый текст портала"


def groups(texts: Iterable[OrderTemplate]) -> list[dict[str, Any]]:
    """The texts in use by who issues such orders."""
    listed = list(texts)
    found = [
        {"title": title, "rows": [each for each in listed if each.level == level]} for level, title in GROUPS.items()
    ]
    return [group for group in found if group["rows"]]


def fields_of(text: OrderTemplate) -> list[dict[str, str]]:
    """What the text asks for: name in braces, label, what it holds."""
    return [_field(field) for field in asked_of(slots_of(text.text))]


def all_fields() -> list[dict[str, str]]:
    """Every field a text may ask for."""
    return [_field(field) for field in FIELDS]


def _field(field: Any) -> dict[str, str]:
    return {"key": f"{{{field.key}}}", "label": field.label, "kind": KINDS[field.kind], "hint": field.hint}


def acts_of(text: OrderTemplate, user: AnyUser) -> list[LegalAct]:
    """The acts an order of this text rests on unless its author chooses others."""
    known = {act.key: act for act in LegalAct.objects.visible_to(user).filter(key__in=text.acts)}
    return [known[key] for key in text.acts if key in known]


def facts_of(text: OrderTemplate) -> list[tuple[str, str]]:
    """What is known of the text beside its words."""
    rows = [
        ("Когда нужен", text.purpose),
        ("Кто издаёт", text.get_level_display()),
        ("Кого знакомят", "всех сотрудников" if text.to_all else "тех, кто назван в приказе"),
        ("Назначает срок", plans_text(text)),
    ]
    return [(label, words) for label, words in rows if words]


def plans_text(text: OrderTemplate) -> str:
    """«этапам 5 и 9 — поле «Срок»»."""
    by_field: dict[str, list[str]] = {}
    for step, key in sorted(text.plans.items(), key=lambda pair: int(pair[0])):
        by_field.setdefault(key, []).append(step)
    parts = []
    for key, steps in by_field.items():
        label = FIELD_BY_KEY[key].label if key in FIELD_BY_KEY else key
        names = "; ".join(f"{step}. {STEP_BY_NUMBER[int(step)].name}" for step in steps if int(step) in STEP_BY_NUMBER)
        parts.append(f"{names} — «{label}»")
    return "; ".join(parts)


def version_choices(versions: Iterable[OrderTemplate], shown: OrderTemplate) -> list[tuple[str, str]]:
    """The versions one may compare with; none where there is only one."""
    others = [each for each in versions if each.pk != shown.pk][:100]
    return (
        [("не сравнивать", ""), *((f"версия {each.version}", f"{each.version}") for each in others)] if others else []
    )


_COMPARED = (
    ("name", "Название"),
    ("purpose", "Когда нужен"),
    ("subject", "Заголовок"),
    ("place_in_list", "Место в списке"),
)


def changes(one: OrderTemplate, other: OrderTemplate) -> dict[str, Any]:
    """What differs between two versions, the earlier first: facts and lines of the text."""
    before, after = sorted((one, other), key=lambda each: each.version)
    rows = [(label, str(getattr(before, name)), str(getattr(after, name))) for name, label in _COMPARED]
    rows += [
        ("Документы", ", ".join(before.acts) or "нет", ", ".join(after.acts) or "нет"),
        ("Назначает срок", plans_text(before) or "нет", plans_text(after) or "нет"),
        ("Знакомят всех", "да" if before.to_all else "нет", "да" if after.to_all else "нет"),
    ]
    return {
        "before": before,
        "after": after,
        "facts": [row for row in rows if row[1] != row[2]],
        "lines": difference(before.text, after.text),
    }
