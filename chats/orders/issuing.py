"""From a draft to an order with its number and day, and to its cancelling."""

import datetime
import re
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from chats.models import Order
from chats.orders import doing
from chats.orders.drafting import OrderRefused, Place, locked
from chats.orders.fields import FIELD_BY_KEY, Field, Kind, asked_of
from chats.orders.paper import Appendix, Letterhead, Paper, Signer, day_words
from chats.orders.text import Mistake, Slot, fill, leftovers, slots_of
from chats.orders.values import day_of, words_of
from schools.models import School, User
from schools.models.at_place import at
from schools.scope import Level
from schools.texts import date_text
from schools.word import clean

FIRST_DAY = datetime.date(2020, 1, 1)  # the platforms are younger
NUMBER = re.compile(
    r"[0-9]{1,6}[0-9A-Za-zА-Яа-яЁё/\-.]{0,20}|[0-9A-Za-zА-Яа-яЁё]{1,6}[-/][0-9]{1,6}[0-9A-Za-zА-Яа-яЁё/\-.]{0,15}"
)
NEIGHBOURS = 300


BLANK = "________"
_WORDS = re.compile(r"[А-ЯЁа-яё]{3}")


def own_values(place: Place) -> dict[str, str]:
    """What is known of the organisation itself."""
    if isinstance(place, School):
        return {"учреждение": place.short_name, "наименование": place.full_name}
    return {"учреждение": place.name, "наименование": place.name}


def paper_of(order: Order, blank: str = "") -> Paper:
    """An order as it stands on paper: as issued, or as its draft would be issued now, with a blank for empty fields."""
    issued = order.issued_paper
    if issued is not None:
        return issued
    place = order.place
    own = own_values(place)  # type: ignore[arg-type]
    values = {**order.values, **own}
    name = order.organisation or own["наименование"]
    short = "" if order.organisation or own["учреждение"] == name else own["учреждение"]
    return Paper(
        letterhead=Letterhead(order.founder, name, short, order.city),
        subject=order.subject,
        body=fill(order.text, words_of(values), blank),
        signer=Signer(order.signer_position, signature_of(order.signer_name)),
        profile=order.profile,
        appendix=_appendix(doing.asked_values(order)),
        sheet=tuple((name, position) for _, name, position in doing.readers_of(order)),
        code=f"{settings.PORTAL_URL}{reverse('order', args=[order.pk])}",
    )


def signature_of(name: str) -> str:
    """«А.П. Иванова» of «Иванова Анна Петровна»; what already has initials stands as it is."""
    parts = name.split()
    if len(parts) < 2 or "." in name:
        return name.strip()
    return f"{''.join(f'{part[0]}.' for part in parts[1:3])} {parts[0]}"


def _appendix(values: dict[str, Any]) -> Appendix | None:
    rows = values.get("чаты")
    if not rows:
        return None
    return Appendix("Перечень чатов", ("Чат", "Участники", "Владелец"), tuple(tuple(row) for row in rows))


def missing_in(order: Order) -> list[Field]:
    """Fields a draft cannot be issued without: all but those asked for only within square brackets."""
    needed = asked_of(slots_of(re.sub(r"\[[^\[\]\n]*\]", "", order.text)))
    words = words_of(order.values)
    return [
        field for field in needed if not any(words(slot) for slot in slots_of(order.text) if slot.name == field.key)
    ]


def mistakes_in(order: Order) -> list[Mistake]:
    """Blanks and foreign organisations left in a draft, by the lines of its paper."""
    place = order.place
    own = own_values(place).values()  # type: ignore[arg-type]
    others: list[str] = []
    if isinstance(place, School):
        near = School._default_manager.filter(region=place.region_id, municipality=place.municipality_id).exclude(
            pk=place.pk
        )
        others = list(near.order_by().values_list("short_name", flat=True)[:NEIGHBOURS])
    words = words_of({**order.values, **own_values(place)})  # type: ignore[arg-type]

    def written(slot: Slot) -> str:
        """The words of a field; a person's own place of work is no mistake."""
        is_person = slot.name in FIELD_BY_KEY and FIELD_BY_KEY[slot.name].kind == Kind.PERSON
        return "некто" if is_person and words(slot) else words(slot)

    body = fill(order.text, written)
    lines = [order.subject, *body.preamble, *(point.text for point in body.points)]
    lines += [order.founder, order.signer_position] if order.school_id else []
    empty = [
        Mistake(1, 1, point.number, "В пункте нет слов: впишите поручение.")
        for point in body.points
        if not _WORDS.search(point.text)
    ]
    return empty + leftovers("\n".join(lines), own_names=list(own), other_names=others, foreign=bool(order.school_id))


_FIRST = ("", 0, "-ОД")


def next_number(place: Place, year: int) -> str:
    """The number after the highest of the year, with the same letters: «45-ОД» → «46-ОД», «01-03/7» → «01-03/8»."""
    numbers = Order.objects.numbered().filter(year=year, **at(place)).values_list("number", flat=True)
    parts = [match for number in numbers if (match := re.fullmatch(r"(.*?)(\d+)(\D*)", number))]
    head, highest, tail = max(((one[1], int(one[2]), one[3]) for one in parts), key=lambda one: one[1], default=_FIRST)
    return f"{head}{highest + 1}{tail}"


@transaction.atomic
def issue(order: Order, *, number: str, signed_on: datetime.date, by: User, version: int | None = None) -> Order:
    """Give a draft its number and day, keep it as it is, and do what it orders. Raises OrderRefused.

    The number and the day are those of the signed paper: an order is registered after it has been signed.
    """
    _lock_register(order)
    fresh = locked(order, by)
    number = "".join(number.split()).removeprefix("№")
    _check_requisites(number, signed_on)
    if version is not None and fresh.version != version:
        raise OrderRefused("Этот проект только что изменили в другом окне. Посмотрите его и издайте ещё раз.")
    _check_text(fresh, signed_on)
    fresh.number, fresh.signed_on, fresh.year = number, signed_on, signed_on.year
    fresh.changes = _changed_order(fresh)
    paper = paper_of(fresh)
    paper = Paper(
        **{name: getattr(paper, name) for name in Paper.__slots__} | {"number": number, "day": day_words(signed_on)}
    )
    fresh.state, fresh.paper_kept, fresh.sha256 = Order.State.ISSUED, paper.kept(), paper.sha256
    fresh.issued_by, fresh.issued_at, fresh.updated_at = by, timezone.now(), timezone.now()
    try:
        with transaction.atomic():
            fresh.save()
    except IntegrityError as error:
        raise OrderRefused(
            f"Приказ № {number} в {signed_on.year} году уже есть. Впишите следующий номер.", "number"
        ) from error
    fresh.done = doing.do(fresh, by=by)
    fresh.save(update_fields=["done"])
    return fresh


def _lock_register(order: Order) -> None:
    """Orders of one organisation are issued and cancelled one after the other: they number and undo each other."""
    place = order.place
    type(place)._default_manager.select_for_update().get(pk=place.pk)


def _check_requisites(number: str, signed_on: datetime.date) -> None:
    if not NUMBER.fullmatch(number):
        raise OrderRefused("Впишите номер так, как он стоит на приказе: «45», «45-ОД», «01-03/482».", "number")
    today = timezone.localdate()
    if not FIRST_DAY <= signed_on <= today:
        raise OrderRefused(
            f"Дата приказа — день подписания: с {date_text(FIRST_DAY)} по сегодняшний, будущим днём не подписывают.",
            "signed_on",
        )


def _check_text(order: Order, signed_on: datetime.date) -> None:
    if missing := missing_in(order):
        names = ", ".join(f"«{field.label}»" for field in missing)
        raise OrderRefused(f"Заполните: {names}. Без этого в тексте останется пустое место.", missing[0].key)
    if not order.signer_name.strip() or not order.signer_position.strip():
        raise OrderRefused("Впишите, кто подписывает приказ: фамилию, имя, отчество и должность.", "signer_name")
    if order.municipality_id and not order.organisation:
        raise OrderRefused("Впишите, какой орган издаёт приказ: управление или отдел образования.", "organisation")
    for key in ("срок", "переход"):
        day = day_of(order.values.get(key))
        if day is not None and day < signed_on and any(slot.name == key for slot in slots_of(order.text)):
            raise OrderRefused("Срок раньше дня подписания: исполнить такой приказ уже нельзя.", key)
    for mistake in mistakes_in(order):
        raise OrderRefused(f"{mistake.message} Место: «{mistake.words}».", "text")
    if doing.is_needing_order(order) and _changed_order(order) is None:
        raise OrderRefused("Выберите приказ, который меняете или отменяете: он должен действовать.", "приказ")


def _changed_order(order: Order) -> Order | None:
    """The order in force that this one changes or cancels."""
    value = order.values.get("приказ") or {}
    same_place = Order.objects.in_force().filter(school=order.school_id, municipality=order.municipality_id)
    return same_place.filter(pk=value.get("id") or 0).first() if isinstance(value, dict) else None


@transaction.atomic
def cancel(order: Order, *, on: datetime.date, reason: str, by: User) -> Order:
    """Cancel an order from a day on: all that was done by it is undone, the order itself stays. Raises OrderRefused."""
    _lock_register(order)
    fresh = locked(order, by, draft=False)
    reason = " ".join(clean(reason).split())[:300]
    if fresh.state != Order.State.ISSUED:
        raise OrderRefused("Отменить можно только действующий приказ.")
    if fresh.done.get("cancelled"):
        raise OrderRefused(
            "Этим приказом отменён другой. Чтобы вернуть прежний порядок, издайте прежний приказ заново."
        )
    assert fresh.signed_on is not None  # the constraint of issued orders
    if not fresh.signed_on <= on <= timezone.localdate():
        raise OrderRefused("Приказ отменяют днём не раньше его подписания и не позже сегодняшнего.", "on")
    if len(reason) < 5:
        raise OrderRefused("Напишите, почему приказ отменён: причина останется в журнале.", "reason")
    doing.undo(fresh, on=on, by=by)
    fresh.state, fresh.cancelled_on, fresh.cancel_reason = Order.State.CANCELLED, on, reason
    fresh.updated_at = timezone.now()
    fresh.save()
    return fresh


def level_of(place: Place) -> Level:
    """The level on which a place issues orders."""
    return Level.SCHOOL if isinstance(place, School) else Level.MUNICIPALITY
