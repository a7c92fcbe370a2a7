"""Changing a text of orders: what is changed becomes a new version, and a text with mistakes is refused."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from chats.models import LegalAct, OrderTemplate
from chats.orders.drafting import LONGEST_TEXT, OrderRefused
from chats.orders.fields import FIELD_BY_KEY, Kind, asked_of, why_unknown
from chats.orders.text import mistakes_of, slots_of
from schools.models import User
from schools.steps import STEP_BY_NUMBER
from schools.word import clean

NO_REASON = "Впишите, что и почему изменили: это увидят рядом с версией."
CHANGEABLE = ("name", "purpose", "place_in_list", "subject", "text", "plans", "acts", "to_all")


@transaction.atomic
def rewrite(template: OrderTemplate, facts: Mapping[str, Any], *, reason: str, by: User) -> OrderTemplate:
    """Put a new version of a text in the place of the one in use; the same facts make none. Raises OrderRefused.

    Orders keep the version they were written by. `facts` may hold any of CHANGEABLE; `reason` is shown beside the
    version.
    """
    now = OrderTemplate.objects.select_for_update().get(pk=template.pk)
    if not OrderTemplate.objects.editable_by(by).filter(pk=now.pk).exists():
        raise OrderRefused("Тексты приказов меняет администратор портала.")
    if now.replaced_at is not None:
        raise OrderRefused("Это прежняя версия текста. Откройте действующую и меняйте её.")
    wanted = {name: getattr(now, name) for name in CHANGEABLE}
    new = tidy(wanted | {name: facts[name] for name in CHANGEABLE if name in facts})
    check(new)
    if new == tidy(wanted):
        return now
    why = " ".join(clean(reason).split())
    if not why:
        raise OrderRefused(NO_REASON, "reason")
    now.replaced_at = timezone.now()
    now.save(update_fields=["replaced_at"])
    return OrderTemplate.objects.create(
        key=now.key, version=now.version + 1, level=now.level, reason=why, changed_by=by, **new
    )


@transaction.atomic
def begin(key: str, level: int, facts: Mapping[str, Any], *, by: User) -> OrderTemplate:
    """The first version of a new text. Raises OrderRefused."""
    if not OrderTemplate.objects.editable_by(by).exists():
        raise OrderRefused("Тексты приказов меняет администратор портала.")
    check_key(key)
    new = tidy(facts)
    check(new)
    return OrderTemplate.objects.create(key=key, level=level, changed_by=by, **new)


def tidy_lines(facts: Mapping[str, Any]) -> dict[str, Any]:
    """The subject and the text alone, tidied; for a look before saving."""
    text = clean(facts["text"]).replace("\r\n", "\n").strip("\n")[:LONGEST_TEXT]
    return {"subject": " ".join(clean(facts["subject"]).split()), "text": text}


def tidy(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Texts as a draft will take them: one line where it is one, no control signs, one kind of line ends."""
    new = dict(facts)
    for name in ("name", "purpose", "subject"):
        new[name] = " ".join(clean(new[name]).split())
    text = clean(new["text"]).replace("\r\n", "\n").strip("\n")
    return new | {"text": text, "plans": new["plans"] or {}, "acts": new["acts"] or []}


def check_key(key: str) -> None:
    """Raise OrderRefused where another text has the key."""
    if OrderTemplate.objects.filter(key=key).exists():
        raise OrderRefused("Такой ключ уже есть. Впишите другой или измените тот текст.", "key")


def check(facts: Mapping[str, Any]) -> None:
    """Raise OrderRefused for the first thing that keeps the facts from being a template, with its place."""
    text = facts["text"]
    if len(text) > LONGEST_TEXT:
        raise OrderRefused(f"Текст длиннее {LONGEST_TEXT} знаков: сократите его.", "text")
    for mistake in mistakes_of(text, why_unknown):
        raise OrderRefused(f"Строка {mistake.line}, знак {mistake.column}: {mistake.message}", "text")
    if not facts["subject"]:
        raise OrderRefused("Впишите заголовок: о чём приказ.", "subject")
    _check_plans(facts["plans"], text)
    _check_acts(facts["acts"])


def _check_plans(plans: Any, text: str) -> None:
    """«{"9": "срок"}»: numbers of steps, and fields of the text that hold a day."""
    if not isinstance(plans, dict):
        raise OrderRefused('Сроки пишутся так: {"9": "срок"} — номер этапа и поле с датой.', "plans")
    days = [field.key for field in asked_of(slots_of(text)) if field.kind == Kind.DATE]
    for number, key in plans.items():
        if not (str(number).isascii() and str(number).isdecimal() and int(number) in STEP_BY_NUMBER):
            raise OrderRefused(f"Этапа «{number}» нет: этапы — с 1 по {max(STEP_BY_NUMBER)}.", "plans")
        if key not in days:
            there = ", ".join(days) or "ни одного"
            label = FIELD_BY_KEY[key].label if isinstance(key, str) and key in FIELD_BY_KEY else key
            raise OrderRefused(f"Поля с датой «{label}» в тексте нет. Есть: {there}.", "plans")


def _check_acts(acts: Any) -> None:
    """Keys of acts an order may rest on."""
    if not isinstance(acts, list) or not all(isinstance(key, str) for key in acts):
        raise OrderRefused('Основания пишутся так: ["letter-04-643"] — ключи актов из нормативной базы.', "acts")
    known = {act.key: act for act in LegalAct.objects.filter(key__in=acts)}
    for key in acts:
        if key not in known:
            raise OrderRefused(f"Акта с ключом «{key}» в нормативной базе нет.", "acts")
        if not known[key].may_be_cited:
            raise OrderRefused(
                f"На акт «{key}» ссылаться нельзя: он утратил силу или не все реквизиты известны.", "acts"
            )
