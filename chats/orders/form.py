"""The form of a draft: what it shows for each field of the text, and what a person has sent back."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from chats.models import LegalAct, Order
from chats.orders.cases import Case
from chats.orders.chat_list import chat_rows
from chats.orders.drafting import Change, acts_value, person_value
from chats.orders.fields import CASE_NAMES, Field, Kind, asked_of, cases_asked
from chats.orders.issuing import missing_in
from chats.orders.text import Slot, slots_of
from chats.orders.values import PersonValue
from schools.models import School
from schools.scope import AnyUser
from staff.models import StaffMember

MOST_PEOPLE = 500
OTHER = "other"
PARTS = (
    ("last_name", "Фамилия", 100),
    ("first_name", "Имя", 100),
    ("patronymic", "Отчество", 100),
    ("position", "Должность", 200),
    ("email", "Почта", 254),
)


@dataclass(frozen=True, slots=True)
class FormLine:
    """A form of a name or a position: how its input is called, the case in words, what it says, what is doubtful."""

    name: str
    label: str
    text: str
    doubt: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A field as the form shows it."""

    field: Field
    name: str
    value: Any
    is_missing: bool
    lines: list[FormLine]
    by_hand: bool = False

    @property
    def doubtful(self) -> bool:
        """Whether somebody should look at the forms."""
        return any(line.doubt for line in self.lines)


def asked(order: Order, earlier: str = "") -> list[Asked]:
    """The fields of a draft's text as the form shows them; those of an earlier text too: nothing typed is lost."""
    slots, missing = slots_of(f"{order.text}\n{earlier}"), {field.key for field in missing_in(order)}
    return [_asked(order, field, slots, field.key in missing) for field in asked_of(slots)]


def _asked(order: Order, field: Field, slots: list[Slot], is_missing: bool) -> Asked:
    value = order.values.get(field.key)
    name = f"f-{field.key}"
    if field.kind != Kind.PERSON:
        return Asked(field, name, value, is_missing, [])
    person = PersonValue.of(value)
    by_hand = not order.school_id or bool(person and person.staff_id is None)
    return Asked(field, name, person, is_missing, _lines(person, field, slots) if person else [], by_hand)


def _lines(person: PersonValue, field: Field, slots: list[Slot]) -> list[FormLine]:
    found = []
    for case in sorted(cases_asked(slots, field.key), key=lambda one: one != Case.ACCUSATIVE):  # whom it appoints
        doubts = person.doubts_of(case)
        found.append(FormLine(f"n-{field.key}-{case}", CASE_NAMES[case], person.name_in(case), "; ".join(doubts)))
        if person.position and any(slot.name == field.key and "должность" in slot.forms for slot in slots):
            found.append(
                FormLine(f"p-{field.key}-{case}", f"должность, {CASE_NAMES[case]}", person.position_in(case), "")
            )
    return found


def people_of_school(order: Order, user: AnyUser) -> list[StaffMember]:
    """Those an order of a school may name."""
    if not order.school_id:
        return []
    seen = StaffMember.objects.visible_to(user).filter(school=order.school_id).working()
    return list(
        seen.only("pk", "last_name", "first_name", "patronymic", "position").order_by("name_key", "pk")[:MOST_PEOPLE]
    )


def orders_to_change(order: Order, user: AnyUser) -> list[Order]:
    """Orders in force of the same organisation."""
    seen = Order.objects.visible_to(user).in_force().filter(school=order.school_id, municipality=order.municipality_id)
    return list(seen.exclude(pk=order.pk).order_by("-signed_on", "-id")[:200])


def acts_to_cite(user: AnyUser) -> list[LegalAct]:
    """Acts an order may rest on: none that is no longer in force or whose requisites are not known."""
    return [act for act in LegalAct.objects.visible_to(user).newest_first()[:300] if act.may_be_cited]


def change_of(order: Order, sent: QueryDict, user: AnyUser) -> Change:
    """What a person has sent, as the change of a draft. Fields the text no longer asks for keep their values."""
    version = sent.get("version", "")
    text = sent.get("text", order.text).replace("\r\n", "\n")
    values = dict(order.values)
    for field in asked_of(slots_of(f"{order.text}\n{text}")):
        if f"f-{field.key}" in sent or field.kind in (Kind.ACTS, Kind.CHATS):
            values[field.key] = _value(order, field, sent, user)
    return Change(
        version=int(version) if version.isascii() and version.isdecimal() and len(version) < 10 else 0,
        subject=sent.get("subject", order.subject),
        text=text,
        values=values,
        signer_name=sent.get("signer_name", order.signer_name),
        signer_position=sent.get("signer_position", order.signer_position),
        organisation=sent.get("organisation", order.organisation),
        founder=sent.get("founder", order.founder),
        city=sent.get("city", order.city),
        profile=sent.get("profile", order.profile),
    )


def _value(order: Order, field: Field, sent: QueryDict, user: AnyUser) -> Any:
    name = f"f-{field.key}"
    if field.kind == Kind.PERSON:
        return _person(order, field, sent, user)
    if field.kind == Kind.ACTS:
        if f"{name}-shown" not in sent:
            return order.values.get(field.key)
        allowed = {act.key for act in acts_to_cite(user)}
        return acts_value([key for key in dict.fromkeys(sent.getlist(name)) if key in allowed][:20])
    if field.kind == Kind.ORDER:
        return _order(order, sent.get(name, ""), user)
    if field.kind == Kind.CHATS:
        if f"{name}-shown" not in sent:
            return order.values.get(field.key)
        return chat_rows(order.place) if name in sent and isinstance(order.place, School) else None
    return sent.get(name, "").strip()[:4000]


def _order(order: Order, text: str, user: AnyUser) -> dict[str, Any] | None:
    if not (text.isascii() and text.isdecimal() and len(text) < 19):
        return None
    found = next((one for one in orders_to_change(order, user) if one.pk == int(text)), None)
    if found is None or found.signed_on is None:
        return None
    return {"id": found.pk, "number": found.number, "signed_on": found.signed_on.isoformat(), "subject": found.subject}


def _person(order: Order, field: Field, sent: QueryDict, user: AnyUser) -> dict[str, Any] | None:
    chosen = sent.get(f"f-{field.key}", "")
    before = PersonValue.of(order.values.get(field.key))
    if chosen.isascii() and chosen.isdecimal() and len(chosen) < 19:
        staff = StaffMember.objects.visible_to(user).filter(school=order.school_id, pk=int(chosen)).first()
        if staff is None:
            return None
        person = person_value(staff)
        same = before is not None and before.staff_id == staff.pk
    elif chosen == OTHER:
        facts: dict[str, Any] = {
            part: " ".join(sent.get(f"f-{field.key}-{part}", "").split())[:most] for part, _, most in PARTS
        }
        if not facts["last_name"]:
            return None
        person = PersonValue(**facts)
        same = before is not None and before.full_name == person.full_name and before.position == person.position
    else:
        return None
    return _with_forms(person, field, sent).kept() if same else person.kept()


def _with_forms(person: PersonValue, field: Field, sent: Mapping[str, str]) -> PersonValue:
    """The person with the forms that differ from what the portal would write by itself.

    Forms the text does not ask for stay as they were put right before.
    """
    plain = PersonValue(**{**person.kept(), "names": {}, "positions": {}})
    names = {case: form for case, form in person.names.items() if f"n-{field.key}-{case}" not in sent}
    positions = {case: form for case, form in person.positions.items() if f"p-{field.key}-{case}" not in sent}
    for case in CASE_NAMES:
        name = " ".join(sent.get(f"n-{field.key}-{case}", "").split())[:310]
        position = " ".join(sent.get(f"p-{field.key}-{case}", "").split())[:300]
        if name and (name != plain.name_in(case)):
            names[case.value] = name
        if position and position != plain.position_in(case):
            positions[case.value] = position
    return PersonValue(**{**person.kept(), "names": names, "positions": positions})
