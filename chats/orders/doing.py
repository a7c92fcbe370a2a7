"""What an issued order sets in motion, and how its cancelling takes that back: duties, appointments, days, readers.

An order says who answers for what; who may enter the portal is for those above to say. So an order issued by a
coordinator appoints at once, one issued by the school itself writes its number into an appointment that is there, and
otherwise waits until a coordinator appoints by it (`waiting_for`).
"""

import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from chats.models import Acknowledgement, Duty, Order
from chats.orders.fields import FIELD_BY_KEY, Kind, asked_of
from chats.orders.text import slots_of
from chats.orders.values import PersonValue, day_of
from schools.appointing import services as appointing
from schools.appointing.people import Order as Requisites
from schools.appointing.people import Person
from schools.appointing.refusals import AppointRefused
from schools.models import Appointment, School, StepPlan, User
from schools.models.at_place import at
from schools.scope import AnyUser, sight_of
from staff.models import StaffMember

APPOINTED_BY = ("администратор", "координатор")  # fields whose person holds the place in the portal
CHANGING, CANCELLING = "amend", "cancel"  # templates about another order
MOST_READERS = 2000


def is_needing_order(order: Order) -> bool:
    """Whether the order is about another one."""
    return any(slot.name == "приказ" for slot in slots_of(order.text))


def people_of(order: Order) -> list[tuple[str, PersonValue]]:
    """(field, person) of those the text names."""
    fields = [field for field in asked_of(slots_of(order.text)) if field.kind == Kind.PERSON]
    found = [(field.key, PersonValue.of(order.values.get(field.key))) for field in fields]
    return [(key, person) for key, person in found if person is not None]


def readers_of(order: Order) -> list[tuple[int | None, str, str]]:
    """(staff id, name, position) of those who are to read it: those it names, all staff, or the other order's."""
    if order.school_id and order.template.to_all:
        working = StaffMember._default_manager.filter(school=order.school_id).working().order_by("name_key", "pk")  # type: ignore[attr-defined]
        return [(person.pk, person.full_name, person.position) for person in working[:MOST_READERS]]
    if is_needing_order(order):
        return _readers_of_other(order)
    named = [person for _, person in people_of(order)]
    staff = _of_school(order, [person.staff_id for person in named if person.staff_id])
    found = {
        person.staff_id or person.full_name: (
            person.staff_id if person.staff_id in staff else None,
            person.full_name,
            person.position,
        )
        for person in named
    }
    return list(found.values())


def _readers_of_other(order: Order) -> list[tuple[int | None, str, str]]:
    """Whoever was to read the order that this one changes or cancels."""
    value = order.values.get("приказ") or {}
    same_place = {"order__school": order.school_id, "order__municipality": order.municipality_id}
    rows = Acknowledgement.objects.filter(order=value.get("id") or 0, **same_place).order_by("name", "pk")
    return list(rows.values_list("staff_id", "name", "position")[:MOST_READERS])


def _of_school(order: Order, ids: list[int]) -> set[int]:
    """Those of the order's school who are still in its list: a draft may name somebody an undone upload took away."""
    if not order.school_id or not ids:
        return set()
    return set(StaffMember._default_manager.filter(school=order.school_id, pk__in=ids).values_list("pk", flat=True))


def do(order: Order, *, by: User) -> dict[str, Any]:
    """Set in motion what an order says; return what was done, as it is kept with the order."""
    _open_sheet(order)
    relieved = _take_duties(order)
    done: dict[str, Any] = {"plans": _plan(order, by), "appointed": [], "numbered": [], "relieved": relieved}
    for key, person in people_of(order):
        if key in APPOINTED_BY:
            kind, pk = _appoint(order, person, by)
            if kind:
                done[kind].append(pk)
    if order.template.key == CANCELLING and order.changes is not None:
        done["cancelled"] = _cancel_other(order, by)
    return done


def _open_sheet(order: Order) -> None:
    Acknowledgement.objects.bulk_create(
        Acknowledgement(order=order, staff_id=pk, name=name, position=position[:200])
        for pk, name, position in readers_of(order)
    )


def _starts_on(order: Order) -> datetime.date:
    """The day a duty begins: that of the text, else of the signature."""
    assert order.signed_on is not None
    return day_of(asked_values(order).get("действует")) or order.signed_on


def asked_values(order: Order) -> dict[str, Any]:
    """The values of the fields that the text asks for: what it no longer says has no effect."""
    asked = {field.key for field in asked_of(slots_of(order.text))}
    return {key: value for key, value in order.values.items() if key in asked}


def _take_duties(order: Order) -> list[dict[str, Any]]:
    """Those named answer from now on; whoever answered for the same before is relieved the day before.

    Return the duties that were cut short, as they stood: cancelling the order gives them back.
    """
    day = _starts_on(order)
    last = day - datetime.timedelta(days=1)
    relieved: list[dict[str, Any]] = []
    people = people_of(order)
    staff = _of_school(order, [person.staff_id for _, person in people if person.staff_id])
    for key, person in people:
        if person.staff_id not in staff:
            continue
        same = Duty.objects.filter(order__school=order.school_id, field=key)
        later = same.filter(order__signed_on__gt=order.signed_on).order_by("starts_on").first()
        if later is not None and later.starts_on <= day:
            continue  # an old order written down late: somebody else answers since
        held = same.filter(Q(ends_on=None) | Q(ends_on__gte=day), order__signed_on__lte=order.signed_on)
        held = held.exclude(order=order)
        relieved += [_kept_duty(duty) for duty in held]
        held.filter(starts_on__lte=last).update(ends_on=last)
        held.filter(starts_on__gte=day).delete()
        ends_on = later.starts_on - datetime.timedelta(days=1) if later else None
        Duty.objects.create(order=order, staff_id=person.staff_id, field=key, starts_on=day, ends_on=ends_on)
    return relieved


def _kept_duty(duty: Duty) -> dict[str, Any]:
    return {
        "order": duty.order_id,
        "staff": duty.staff_id,
        "field": duty.field,
        "starts_on": duty.starts_on.isoformat(),
        "ends_on": duty.ends_on.isoformat() if duty.ends_on else None,
    }


def _plan(order: Order, by: User) -> list[dict[str, Any]]:
    """Set the planned days of steps; a school brings a day nearer, only a coordinator puts it off."""
    made, values = [], asked_values(order)
    signed_later = Order.objects.in_force().filter(**at(order.place), signed_on__gt=order.signed_on)
    newer = {plan["number"] for done in signed_later.values_list("done", flat=True) for plan in done.get("plans", [])}
    for number, key in order.template.plans.items():
        day = day_of(values.get(key))
        if day is None or int(number) in newer:
            continue
        place = order.place
        before = _own_day(place, int(number))
        known = before or _inherited_day(place, int(number))
        if day == before or (known is not None and day > known and not _rules_dates(by, place)):
            continue
        plan = StepPlan.objects.create(
            number=int(number), planned_on=day, reason=f"Приказ {order.requisites}", set_by=by, **at(place)
        )
        made.append({"number": int(number), "plan": plan.pk, "before": before.isoformat() if before else None})
    return made


def _own_day(place: Any, number: int) -> datetime.date | None:
    last = StepPlan.objects.filter(number=number, **at(place)).order_by("-id").first()
    return last.planned_on if last else None


def _inherited_day(place: Any, number: int) -> datetime.date | None:
    above = [place.municipality, place.region] if isinstance(place, School) else [place.region]
    days = (_own_day(one, number) for one in above if one is not None)
    return next((day for day in days if day is not None), None)


def _rules_dates(by: User, place: Any) -> bool:
    sight = sight_of(by)
    if isinstance(place, School):
        return sight.covers_from_above(place)
    return sight.everything or place.region_id in sight.region_ids


def _appoint(order: Order, person: PersonValue, by: User) -> tuple[str, int]:
    """("numbered", pk) where the person holds the place without an order, ("appointed", pk) where `by` may appoint."""
    held = _held_by(order, person)
    if held is not None:
        if not held.order_number:
            facts = {"order_number": order.number, "order_on": order.signed_on, "updated_at": timezone.now()}
            Appointment.objects.filter(pk=held.pk).update(**facts)
            return "numbered", held.pk
        return "", 0
    place: Any = order.place
    if not person.email or not appointing.may_appoint_at(place, by):
        return "", 0
    try:
        made = appointing.appoint(
            by=by, place=place, person=_as_person(person), starts_on=_starts_on(order),
            order=Requisites(order.number, order.signed_on),
        )  # fmt: skip
    except AppointRefused:
        return "", 0  # the page of the order says that the appointment waits
    return "appointed", made.pk


def _as_person(person: PersonValue) -> Person:
    return Person(person.last_name, person.first_name, person.patronymic, email=person.email)


def _held_by(order: Order, person: PersonValue) -> Appointment | None:
    """The person's appointment to the order's place, by address or, without one, by name."""
    place: Any = order.place
    for held in appointing.holding(place).select_related("user"):
        user = held.user
        same_mail = bool(person.email) and user.email.casefold() == person.email.casefold()
        invited = bool(person.email) and held.invitations.filter(email__iexact=person.email).exists()
        name = Person(user.last_name, user.first_name, user.patronymic).name_key
        if same_mail or invited or (not user.email and name == _as_person(person).name_key):
            return held
    return None


def waiting_for(order: Order) -> list[PersonValue]:
    """Those an order in force appoints whom nobody has appointed in the portal yet."""
    if order.state != Order.State.ISSUED:
        return []
    named = [person for key, person in people_of(order) if key in APPOINTED_BY]
    return [person for person in named if _held_by(order, person) is None]


def may_appoint(order: Order, by: AnyUser) -> bool:
    """Whether a person may appoint to the order's place in the portal."""
    return appointing.may_appoint_at(order.place, by)  # type: ignore[arg-type]


@transaction.atomic
def appoint_waiting(order: Order, *, by: User) -> list[int]:
    """Appoint those who wait, for whoever may; return the appointments made, all or none. Raises AppointRefused."""
    made = []
    order = Order.objects.select_for_update(of=("self",)).get(pk=order.pk)
    for person in waiting_for(order):
        appointment = appointing.appoint(
            by=by, place=order.place, person=_as_person(person), starts_on=max(_starts_on(order), timezone.localdate()),  # type: ignore[arg-type]
            order=Requisites(order.number, order.signed_on),
        )  # fmt: skip
        made.append(appointment.pk)
    done = {**order.done, "appointed": [*order.done.get("appointed", []), *made]}
    Order.objects.filter(pk=order.pk).update(done=done, updated_at=timezone.now())
    return made


def undo(order: Order, *, on: datetime.date, by: User) -> None:
    """Take back what an order set in motion: duties and appointments end, days return, numbers go."""
    Duty.objects.filter(order=order, starts_on__gte=on).delete()
    Duty.objects.filter(order=order).filter(Q(ends_on=None) | Q(ends_on__gt=on)).update(ends_on=on)
    for kept in order.done.get("relieved", []):
        _give_back(kept, order, on)
    for made in order.done.get("plans", []):
        _restore_day(order, made, by)
    _end_appointments(order, by)
    numbered = Appointment.objects.filter(pk__in=order.done.get("numbered", []), order_number=order.number)
    numbered.update(order_number="", order_on=None, updated_at=timezone.now())


def _give_back(kept: dict[str, Any], order: Order, on: datetime.date) -> None:
    """Give a duty back from the day after a cancelling on, unless somebody else holds it since.

    Where its own order is cancelled as well, it goes to whoever that order had relieved.
    """
    before = Order.objects.filter(pk=kept["order"], school=order.school_id).first()
    if before is None or before.state != Order.State.ISSUED:
        earlier = before.done.get("relieved", []) if before else []
        for one in (one for one in earlier if one["field"] == kept["field"]):
            _give_back(one, order, on)
        return
    starts_on, ends_on = day_of(kept["starts_on"]), day_of(kept["ends_on"])
    same = Duty.objects.filter(order__school=order.school_id, field=kept["field"])
    own = {"order": kept["order"], "staff": kept["staff"], "starts_on": starts_on}
    cut = same.filter(**own).first()
    taken = same.filter(Q(ends_on=None) | Q(ends_on__gt=on)).exclude(pk=cut.pk if cut else 0).exists()
    if taken or starts_on is None or (ends_on is not None and ends_on <= on):
        return
    if not _of_school(order, [kept["staff"]]):
        return
    if cut is not None and cut.ends_on is not None and cut.ends_on >= on:  # the order had not begun yet
        cut.ends_on = ends_on
        cut.save(update_fields=["ends_on"])
        return
    Duty.objects.create(
        order_id=kept["order"],
        staff_id=kept["staff"],
        field=kept["field"],
        starts_on=max(starts_on, on + datetime.timedelta(days=1) if same.filter(ends_on=on).exists() else on),
        ends_on=ends_on,
    )


def _end_appointments(order: Order, by: User) -> None:
    """End what the order appointed, where `by` may: a school does not take away what a coordinator gave.

    What had not begun is removed: nobody answered for anything a single day.
    """
    today = timezone.localdate()
    made = Appointment.objects.editable_by(by).filter(pk__in=order.done.get("appointed", []))
    for appointment in made.filter(Q(ends_on=None) | Q(ends_on__gt=today)):
        if appointment.starts_on > today:
            appointing.call_off(appointment, by=by)
        else:
            appointing.end(appointment, on=today, by=by)


def _restore_day(order: Order, made: dict[str, Any], by: User) -> None:
    place = order.place
    last = StepPlan.objects.filter(number=made["number"], **at(place)).order_by("-id").first()
    if last is None or last.pk != made["plan"]:
        return  # somebody has planned anew since
    StepPlan.objects.create(
        number=made["number"],
        planned_on=day_of(made["before"]),
        reason=f"Отменён приказ {order.requisites}",
        set_by=by,
        **at(place),
    )


def _cancel_other(order: Order, by: User) -> int:
    """Cancel the order that this one is about."""
    assert order.changes is not None
    other = Order.objects.select_for_update(of=("self",)).get(pk=order.changes.pk)
    assert order.signed_on is not None
    undo(other, on=max(order.signed_on, other.signed_on or order.signed_on), by=by)
    other.state, other.cancelled_on = Order.State.CANCELLED, max(order.signed_on, other.signed_on or order.signed_on)
    other.cancel_reason = f"Отменён приказом {order.requisites}"
    other.updated_at = timezone.now()
    other.save()
    return other.pk


def duty_names() -> dict[str, str]:
    """What somebody answers for, by field."""
    return {key: field.label for key, field in FIELD_BY_KEY.items() if field.kind == Kind.PERSON}
