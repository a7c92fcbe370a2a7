"""Beginning and changing the draft of an order: what is known of the organisation and its people is filled in."""

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from django.db import transaction
from django.utils import timezone

from chats.legal_acts.kinds import CITED_CASES
from chats.models import LegalAct, NameForms, Order, OrderTemplate
from chats.orders.chat_list import chat_rows
from chats.orders.fields import FIELD_BY_KEY, Field, Kind, asked_of, why_unknown
from chats.orders.paper import PROFILE_BY_KEY
from chats.orders.text import mistakes_of, slots_of
from chats.orders.values import PersonValue, day_of
from schools.models import Municipality, School, User
from schools.models.at_place import at
from schools.scope import AnyUser, Level, sight_of
from schools.word import clean
from staff.models import StaffMember

Place = School | Municipality
DAYS_TO_REGISTER = 14
LONGEST_TEXT = 20_000


class OrderRefused(Exception):
    """What was asked cannot be done: a Russian sentence that says what to do, and the field of the form it is about."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field


def may_write(by: AnyUser, place: Place) -> bool:
    """Whether a person writes orders of a place: those appointed to it or above it; country observers only read."""
    sight = sight_of(by)
    if isinstance(place, School):
        return sight.covers_from_above(place) or place.pk in sight.school_ids
    return sight.everything or place.region_id in sight.region_ids or place.pk in sight.municipality_ids


@transaction.atomic
def begin(
    *, place: Place, template: OrderTemplate, by: User, values: Mapping[str, Any] | None = None, batch: Any = None
) -> Order:
    """Start an order from a text, with all that the portal knows filled in, `values` before it. Raises OrderRefused."""
    if not may_write(by, place):
        raise OrderRefused("Приказы этой организации ведут её администратор и координаторы.")
    if template.level != (Level.SCHOOL if isinstance(place, School) else Level.MUNICIPALITY):
        raise OrderRefused("Этот приказ издают на другом уровне: выберите шаблон из списка.")
    return Order.objects.create(
        template=template,
        subject=template.subject,
        text=template.text,
        values=_first_values(place, template) | printable(dict(values or {})),
        batch=batch,
        created_by=by,
        **_of_organisation(place),
        **at(place),
    )


def _of_organisation(place: Place) -> dict[str, str]:
    """Founder, signer and town: those of the last order, else of the card."""
    last = Order.objects.filter(**at(place)).order_by("-id").first()
    if last is not None:
        kept = ("organisation", "founder", "city", "signer_name", "signer_position", "profile")
        return {name: getattr(last, name) for name in kept}
    if isinstance(place, School):
        return {"signer_name": place.director_name, "signer_position": "Директор", "city": _town(place.address)}
    return {"signer_position": "Начальник управления образования"}


def _town(address: str) -> str:
    """The town of an address: «Санкт-Петербург, ул. Седова, 12» → «Санкт-Петербург»; "" where it does not begin so."""
    parts = [part.strip() for part in address.split(",") if part.strip() and not part.strip().isdecimal()]
    first = parts[0] if parts else ""
    return first if first[:1].isupper() and not any(sign.isdigit() for sign in first) and len(first) <= 60 else ""


def _first_values(place: Place, template: OrderTemplate) -> dict[str, Any]:
    """What is the same for every place, who of the staff it usually is, the chats the school should have."""
    people, values = _people(place), common_values(template)
    for field in asked_of(slots_of(template.text)):
        if field.kind == Kind.PERSON:
            found = _usual(people, field)
            values[field.key] = person_value(found).kept() if found else None
        elif field.kind == Kind.CHATS and isinstance(place, School):
            values[field.key] = chat_rows(place)
    return values


def common_values(template: OrderTemplate) -> dict[str, Any]:
    """What a text begins with, whoever issues it: days, purpose, acts."""
    today = timezone.localdate()
    values: dict[str, Any] = {}
    for field in asked_of(slots_of(template.text)):
        if field.kind == Kind.DATE:
            later = today + datetime.timedelta(days=DAYS_TO_REGISTER)
            values[field.key] = {"действует": today, "переход": later + datetime.timedelta(days=1)}.get(
                field.key, later
            ).isoformat()
        elif field.kind == Kind.ACTS:
            values[field.key] = acts_value(template.acts)
        elif field.default:
            values[field.key] = field.default
    return values


def _people(place: Place) -> list[StaffMember]:
    """Those who work in the school today and are named in orders most: heads first; a municipality has no list."""
    if not isinstance(place, School):
        return []
    working = StaffMember.objects.filter(school=place).working()
    return list(working.filter(position__icontains="замест").order_by("name_key")[:100]) + list(
        working.exclude(position__icontains="замест").order_by("name_key")[:400]
    )


def _usual(people: list[StaffMember], field: Field) -> StaffMember | None:
    """The first whose position holds a word usual for a duty: deputies before others, the earlier word first."""
    found = [
        (place, rank)
        for place, person in enumerate(people)
        for rank, word in enumerate(field.usual)
        if word in person.position.casefold()
    ]
    deputy = {place: "замест" not in person.position.casefold() for place, person in enumerate(people)}
    best = min(found, key=lambda pair: (deputy[pair[0]], pair[1], pair[0]), default=None)
    return people[best[0]] if best else None


def person_value(person: StaffMember) -> PersonValue:
    """Somebody of the staff as an order names them, with the forms put right before."""
    forms = NameForms.objects.filter(staff=person).select_related("staff").first()
    names, positions = forms.of_today() if forms else ({}, {})
    return PersonValue(
        last_name=person.last_name,
        first_name=person.first_name,
        patronymic=person.patronymic,
        position=person.position,
        staff_id=person.pk,
        email=person.email,
        names=names,
        positions=positions,
    )


def acts_value(keys: Any) -> list[dict[str, Any]]:
    """Acts of the library as an order keeps them: the key and what is cited in each case, in the order asked for.

    Acts an order must not rest on are left out: a text written years ago may still name one by default.
    """
    found = {act.key: act for act in LegalAct.objects.filter(key__in=list(keys)) if act.may_be_cited}
    return [
        {"key": key, "cited": {case.value: found[key].cited(case) for case in CITED_CASES}}
        for key in keys
        if key in found
    ]


@dataclass(frozen=True, slots=True)
class Change:
    """What a person has written into the form of a draft; `version` is of the draft she looked at."""

    version: int
    subject: str
    text: str
    values: Mapping[str, Any]
    signer_name: str
    signer_position: str
    organisation: str
    founder: str
    city: str
    profile: str


@transaction.atomic
def change(order: Order, change: Change, *, by: User) -> Order:
    """Write a draft anew. Raises OrderRefused; nothing is written then."""
    fresh, change = locked(order, by), _without_controls(change)
    if fresh.version != change.version:
        raise OrderRefused(
            "Этот проект только что изменили в другом окне. Откройте его заново: ваш текст остался в этой форме."
        )
    if len(change.text) > LONGEST_TEXT:
        raise OrderRefused("Текст слишком длинный для приказа: вынесите подробности в приложение.", "text")
    for mistake in mistakes_of(change.text, why_unknown):
        raise OrderRefused(f"Строка {mistake.line}, знак {mistake.column}: {mistake.message}", "text")
    check_lines(change)
    check_values(change.values)
    fresh.subject = " ".join(change.subject.split())
    fresh.text, before = change.text.replace("\r\n", "\n"), fresh.values
    fresh.values = {key: value for key, value in change.values.items() if key in FIELD_BY_KEY}
    fresh.signer_name = " ".join(change.signer_name.split())
    fresh.signer_position = " ".join(change.signer_position.split())
    if fresh.municipality_id:  # a school issues orders under the name of its card
        fresh.organisation = " ".join(change.organisation.split())
    fresh.founder, fresh.city = " ".join(change.founder.split()), " ".join(change.city.split())
    fresh.profile = change.profile if change.profile in PROFILE_BY_KEY else fresh.profile
    fresh.version += 1
    fresh.updated_at = timezone.now()
    fresh.save()
    _remember(fresh, before)
    return fresh


_LONGEST = {
    "subject": ("Заголовок", 300),
    "signer_name": ("Имя подписывающего", 200),
    "signer_position": ("Должность подписывающего", 200),
    "organisation": ("Название органа", 300),
    "founder": ("Учредитель", 300),
    "city": ("Место издания", 100),
}
_NAME = re.compile(r"[А-ЯЁа-яё][А-ЯЁа-яё .’'\-]*")
FAR = datetime.timedelta(days=5 * 366)


def check_lines(change: Change) -> None:
    """Refuse lines that do not fit and names that are none. Raises OrderRefused."""
    if not change.subject.strip():
        raise OrderRefused(
            "Впишите заголовок: о чём приказ. ГОСТ Р 7.0.97-2025 требует его у каждого документа.", "subject"
        )
    for name, (title, most) in _LONGEST.items():
        if len(" ".join(getattr(change, name).split())) > most:
            raise OrderRefused(f"{title} длиннее {most} знаков: сократите.", name)
    if change.signer_name.strip() and not _NAME.fullmatch(change.signer_name.strip()):
        raise OrderRefused("Имя подписывающего — русскими буквами: фамилия, имя, отчество.", "signer_name")


def check_values(values: Mapping[str, Any]) -> None:
    """Refuse days no order can mean and people without a name in letters. Raises OrderRefused with the field."""
    latest = timezone.localdate() + FAR
    for key, value in values.items():
        field = FIELD_BY_KEY.get(key)
        if field is None or not value:
            continue
        if field.kind == Kind.DATE:
            day = day_of(value)
            if day is None or day > latest:
                raise OrderRefused(f"«{field.label}»: проверьте год, такого срока у приказа быть не может.", key)
        person = PersonValue.of(value) if field.kind == Kind.PERSON else None
        if person is not None and not _NAME.fullmatch(person.full_name):
            raise OrderRefused(f"«{field.label}»: впишите фамилию, имя и отчество русскими буквами.", key)


def _without_controls(change: Change) -> Change:
    """The change without the control signs that neither a database nor paper takes."""
    return replace(change, **{field.name: printable(getattr(change, field.name)) for field in fields(change)})


def printable(value: Any) -> Any:
    """A value without the control signs that neither a database nor paper takes, however deep they are."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, Mapping):
        return {printable(key): printable(each) for key, each in value.items()}
    return [printable(each) for each in value] if isinstance(value, list | tuple) else value


def locked(order: Order, by: User, *, draft: bool = True) -> Order:
    """The order for writing, by the rule of sight, in the state asked for. Raises OrderRefused."""
    fresh = Order.objects.select_for_update(of=("self",)).filter(pk=order.pk).first()
    if fresh is None:
        raise OrderRefused("Этот проект уже выбросили. Начните новый из списка шаблонов.")
    if not Order.objects.editable_by(by).filter(pk=fresh.pk).exists():
        raise OrderRefused("Приказы этой организации ведут её администратор и координаторы.")
    if draft and not fresh.is_draft:
        raise OrderRefused("Приказ уже издан: изменить его можно только другим приказом.")
    return fresh


def _remember(order: Order, before: Mapping[str, Any]) -> None:
    """Keep the forms put right with the person, for the orders to come; forms taken back are forgotten."""
    for key, value in order.values.items():
        person, was = PersonValue.of(value), PersonValue.of(before.get(key))
        if person is None or person.staff_id is None:
            continue
        taken_back = was is not None and was.staff_id == person.staff_id and bool(was.names or was.positions)
        if not (person.names or person.positions or taken_back):
            continue
        staff = StaffMember.objects.filter(pk=person.staff_id, school=order.school_id).first()
        if staff is not None:
            facts = {
                "name": staff.full_name, "names": dict(person.names),
                "position": staff.position, "positions": dict(person.positions),
            }  # fmt: skip
            NameForms.objects.update_or_create(staff=staff, defaults=facts)


@transaction.atomic
def discard(order: Order, *, by: User) -> None:
    """Throw a draft away. Raises OrderRefused for what has been issued."""
    locked(order, by).delete()
