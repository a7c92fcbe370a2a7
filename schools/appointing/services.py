"""What coordinators do with appointments: appoint, end, hand over, write the order down."""

import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from schools.appointing import invitations
from schools.appointing.people import Order, Person, clean_order_day, new_login
from schools.appointing.refusals import AppointRefused
from schools.models import Appointment, InvitationBatch, Municipality, Region, School, User
from schools.models.at_place import at
from schools.scope import AnyUser, Level, sight_of

Place = Region | Municipality | School | None  # None: the country
NOT_YOURS = "Назначать можно только ниже своего уровня и в пределах своего места."
FAR = datetime.timedelta(days=366)


def fields_of(place: Place) -> dict[str, Any]:
    """How an appointment names its place: {"level": …, "school": …}."""
    return {"level": Level.COUNTRY} if place is None else at(place)


def may_appoint_at(place: Place, by: AnyUser) -> bool:
    """Whether a person may appoint somebody to a place: below oneself, within one's own."""
    if isinstance(place, School | Municipality):
        return type(place).objects.editable_by(by).filter(pk=place.pk).exists()
    return sight_of(by).everything


def holding(place: Place, today: datetime.date | None = None) -> "QuerySet[Appointment]":
    """Appointments to a place that hold or are yet to begin."""
    day = today or timezone.localdate()
    return Appointment.objects.filter(Q(ends_on=None) | Q(ends_on__gte=day), **fields_of(place))


def begin_batch(by: User) -> InvitationBatch:
    """A batch for the letters of appointments made at once: send it when they are made."""
    return InvitationBatch.objects.create(created_by=by)


@transaction.atomic
def appoint(
    *,
    by: User,
    place: Place,
    person: Person,
    starts_on: datetime.date | None = None,
    order: Order | None = None,
    batch: InvitationBatch | None = None,
) -> Appointment:
    """Appoint a person to a place and invite her by her e-mail, if she has one.

    The answer is the same whether or not the portal knows the address: an account waits for the link to be accepted,
    and a person who has one already takes the appointment over then. Raises AppointRefused.
    """
    day = starts_on or timezone.localdate()
    _lock(place)
    if not may_appoint_at(place, by):
        raise AppointRefused(NOT_YOURS)
    _check(by=by, place=place, person=person, starts_on=day)
    user = _newcomer(person)
    order = _checked(order or Order())
    appointment = Appointment.objects.create(
        user=user,
        starts_on=day,
        order_number=order.number,
        order_on=order.signed_on,
        appointed_by=by,
        **fields_of(place),
    )
    if not Appointment.objects.editable_by(by).filter(pk=appointment.pk).exists():
        raise AppointRefused(NOT_YOURS)  # the whole is taken back: the rule of sight has the last word
    if person.email:
        invitations.invite(appointment, by=by, email=person.email, batch=batch)
    if batch is None:  # whoever appoints many at once says so once
        invitations.tell(appointment)
    return appointment


def _lock(place: Place) -> None:
    """Two who appoint to one place come one after the other: pressing twice appoints once."""
    if place is not None:
        type(place).objects.select_for_update().get(pk=place.pk)


def _check(*, by: User, place: Place, person: Person, starts_on: datetime.date) -> None:
    today = timezone.localdate()
    if isinstance(place, School) and place.closed_on and place.closed_on <= today:
        raise AppointRefused("Школа закрыта: назначать в неё некого. Проверьте, не перешла ли она под другой код.")
    if not today - 30 * FAR <= starts_on <= today + FAR:
        raise AppointRefused("Проверьте дату начала: она слишком далеко от сегодняшней.", "starts_on")
    if person.email and person.email.casefold() == by.email.casefold():
        raise AppointRefused("Это ваша почта. Назначить себя нельзя: это делает тот, кто стоит выше.", "email")
    if is_held_by(place, person):
        raise AppointRefused("Этот человек сюда уже назначен.", "email" if person.email else "last_name")


def _checked(order: Order) -> Order:
    problem = clean_order_day(order.signed_on).problem
    if problem is not None:
        raise AppointRefused(f"{problem.message}.", "order_on")
    return order


def is_held_by(place: Place, person: Person) -> bool:
    """Whether the person holds the place already: by her address, or by her name where she has none."""
    held = holding(place).select_related("user")
    if person.email:
        same = Q(user__email__iexact=person.email) | Q(invitations__email__iexact=person.email)
        return held.filter(same).exists()
    return any(_name_key(row.user) == person.name_key for row in held)


def _name_key(user: User) -> str:
    return Person(user.last_name, user.first_name, user.patronymic).name_key


def _newcomer(person: Person) -> User:
    """An account nobody can enter until the invitation is accepted; it has no address, for that may be another's."""
    login = new_login(person.last_name, person.first_name)
    while User.objects.filter(username=login).exists():
        login = new_login(person.last_name, person.first_name)
    user = User(
        username=login,
        last_name=person.last_name,
        first_name=person.first_name,
        patronymic=person.patronymic,
        phone=person.phone,
    )
    user.set_unusable_password()
    user.save()
    return user


@transaction.atomic
def end(appointment: Appointment, *, on: datetime.date, by: User) -> Appointment:
    """End an appointment: `on` is its last day. Links nobody has taken become void with it. Raises AppointRefused."""
    fresh = _locked(appointment, by)
    today = timezone.localdate()
    if on < fresh.starts_on:
        raise AppointRefused(f"Назначение начинается {fresh.starts_on:%d.%m.%Y}: раньше закончить нельзя.", "ends_on")
    if on > today + 10 * FAR:
        raise AppointRefused("Проверьте дату окончания: она слишком далеко.", "ends_on")
    fresh.ends_on = on
    fresh.save(update_fields=["ends_on", "updated_at"])
    if on <= today:
        invitations.open_invitations(fresh).update(withdrawn_at=timezone.now())
    invitations.tell(fresh)
    return fresh


@transaction.atomic
def call_off(appointment: Appointment, *, by: User) -> None:
    """Remove an appointment that has not begun, and an account made for it alone. Raises AppointRefused."""
    fresh = _locked(appointment, by)
    if fresh.starts_on <= timezone.localdate():
        raise AppointRefused("Назначение уже началось: его можно только закончить.")
    newcomer = fresh.user
    invitations.tell(fresh)
    fresh.delete()
    invitations.forget_newcomer(newcomer)


def _locked(appointment: Appointment, by: User) -> Appointment:
    fresh = Appointment.objects.select_for_update(of=("self",)).select_related("municipality").get(pk=appointment.pk)
    if not Appointment.objects.editable_by(by).filter(pk=fresh.pk).exists():
        raise AppointRefused("Это назначение меняет тот, кто стоит выше.")
    if fresh.ends_on and fresh.ends_on < timezone.localdate():
        raise AppointRefused("Назначение уже окончено. Чтобы вернуть человека, назначьте его заново.")
    return fresh


@transaction.atomic
def hand_over(
    appointment: Appointment, *, by: User, person: Person, starts_on: datetime.date, order: Order | None = None
) -> Appointment:
    """Appoint a successor from a day on; the predecessor's last day is the one before. Raises AppointRefused."""
    fresh = _locked(appointment, by)
    last = starts_on - datetime.timedelta(days=1)
    if last < fresh.starts_on:
        raise AppointRefused(
            f"Преемник начинает не раньше {fresh.starts_on + datetime.timedelta(days=1):%d.%m.%Y}: "
            "прежнему нужен хотя бы один день.",
            "starts_on",
        )
    if fresh.ends_on is None or fresh.ends_on > last:
        end(fresh, on=last, by=by)
    return appoint(by=by, place=fresh.place, person=person, starts_on=starts_on, order=order)


@transaction.atomic
def put_order(appointment: Appointment, *, order: Order, by: User) -> Appointment:
    """Write down the number and the date of the order. Raises AppointRefused."""
    fresh = _locked(appointment, by)
    order = _checked(order)
    fresh.order_number, fresh.order_on = order.number, order.signed_on
    fresh.save(update_fields=["order_number", "order_on", "updated_at"])
    return fresh
