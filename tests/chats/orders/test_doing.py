"""What an order sets in motion, by whom, and how cancelling takes it back."""

import datetime
from typing import Any

import pytest
import time_machine
from django.db.models import F

from chats.models import Acknowledgement, Duty, Order
from chats.orders import doing, issuing
from chats.orders.drafting import person_value
from schools.appointing import services as appointing
from schools.appointing.people import Person
from schools.appointing.refusals import AppointRefused
from schools.models import Appointment, School, StepPlan, User
from schools.models.at_place import at
from schools.scope import Level
from staff.models import StaffMember
from tests.chats.orders.office import DAY, REASON, about, begun, by_hand, changed, furnish, hire, issued
from tests.conftest import Cast

pytestmark = pytest.mark.django_db
TODAY = datetime.date(2026, 9, 10)
OF_AUTHORITY = {"organisation": "Отдел образования администрации района", "signer_name": "Ли Анна Петровна"}


def member(last_name: str) -> StaffMember:
    """Somebody by surname."""
    return StaffMember.objects.get(last_name=last_name)


def cancelled(order: Order, by: User, on: datetime.date = TODAY) -> Order:
    """The order cancelled."""
    return issuing.cancel(order, on=on, reason=REASON, by=by)


def names(order: Order) -> list[str]:
    """Surnames on the sheet."""
    return [row.name.split()[0] for row in order.acknowledgements.order_by("name")]


# The sheet


def test_sheet_of_an_order_to_all_holds_everybody_who_works_today(office: Cast) -> None:
    hire(office.school, "Ушедшая", "учитель", left_on=TODAY)
    hire(office.sibling, "Соседка", "учитель")

    order = issued(office.sveta, office.school)

    assert names(order) == ["Аверина", "Зимина", "Мороз", "Учителева"]
    assert not order.acknowledgements.exclude(acknowledged_on=None).exists()


def test_sheet_of_another_order_holds_those_it_names(office: Cast) -> None:
    assert names(issued(office.sveta, office.school, "responsible")) == ["Зимина", "Мороз"]


@pytest.mark.parametrize("key", ["amend", "cancel"])
def test_sheet_of_an_order_about_another_holds_the_readers_of_that(office: Cast, key: str) -> None:
    other = issued(office.sveta, office.school, "responsible")

    order = issued(office.sveta, office.school, key, values={"приказ": about(other), "изменения": "срок продлить"})

    assert names(order) == names(other) == ["Зимина", "Мороз"]


def test_somebody_named_twice_stands_on_the_sheet_once(office: Cast) -> None:
    zimina = person_value(member("Зимина")).kept()
    renamed = {**zimina, "last_name": "Зимина-Летова"}

    order = issued(office.sveta, office.school, "responsible", values={"администратор": zimina, "методист": renamed})

    assert len(names(order)) == 1


def test_somebody_who_has_gone_from_the_list_since_the_draft_is_read_by_name(office: Cast) -> None:
    order = begun(office.sveta, office.school, "responsible")
    member("Зимина").delete()

    issuing.issue(order, number="1-ОД", signed_on=TODAY, by=office.sveta)

    row = Acknowledgement.objects.get(name__startswith="Зимина")
    assert row.staff is None
    assert list(Duty.objects.values_list("staff__last_name", flat=True)) == ["Мороз"]


# Duties


def duties(school: School) -> list[tuple[str, str, datetime.date, datetime.date | None]]:
    """(surname, field, from, to) of a school's duties."""
    rows = Duty.objects.filter(order__school=school).order_by("field", "starts_on", "pk")
    return [(row.staff.last_name, row.field, row.starts_on, row.ends_on) for row in rows]


def test_those_named_answer_from_the_day_of_the_signature(office: Cast) -> None:
    issued(office.sveta, office.school, signed_on=TODAY - DAY)

    assert duties(office.school) == [
        ("Зимина", "администратор", TODAY - DAY, None),
        ("Мороз", "методист", TODAY - DAY, None),
    ]


def test_day_named_in_the_text_comes_before_that_of_the_signature(office: Cast) -> None:
    issued(office.sveta, office.school, "responsible", values={"действует": "2026-09-15", "методист": None})

    assert duties(office.school) == [("Зимина", "администратор", datetime.date(2026, 9, 15), None)]


def test_duties_succeed_one_another(office: Cast, clock: time_machine.Traveller) -> None:
    issued(office.sveta, office.school)
    clock.shift(5 * DAY)
    moroz = person_value(member("Мороз")).kept()

    issued(
        office.sveta, office.school, "responsible",
        values={"администратор": moroz, "методист": None, "действует": "2026-09-15"},
    )  # fmt: skip

    assert duties(office.school) == [
        ("Зимина", "администратор", TODAY, TODAY + 4 * DAY),
        ("Мороз", "администратор", TODAY + 5 * DAY, None),
        ("Мороз", "методист", TODAY, None),
    ]


def test_cancelling_ends_duties_and_gives_them_back_to_the_predecessor(
    office: Cast, clock: time_machine.Traveller
) -> None:
    issued(office.sveta, office.school)
    clock.shift(5 * DAY)
    moroz = person_value(member("Мороз")).kept()
    facts = {"администратор": moroz, "методист": None, "действует": "2026-09-15"}
    order = issued(office.sveta, office.school, "responsible", values=facts)
    clock.shift(3 * DAY)

    cancelled(order, office.sveta, TODAY + 8 * DAY)

    assert [row for row in duties(office.school) if row[1] == "администратор"] == [
        ("Зимина", "администратор", TODAY, TODAY + 4 * DAY),
        ("Мороз", "администратор", TODAY + 5 * DAY, TODAY + 8 * DAY),
        ("Зимина", "администратор", TODAY + 9 * DAY, None),
    ]


def test_order_cancelled_on_the_day_of_its_issue_leaves_the_predecessor_as_she_was(office: Cast) -> None:
    issued(office.sveta, office.school)
    before = duties(office.school)
    moroz = person_value(member("Мороз")).kept()
    facts = {"администратор": moroz, "методист": None, "действует": "2026-09-10"}
    order = issued(office.sveta, office.school, "responsible", values=facts)
    assert duties(office.school) != before

    cancelled(order, office.sveta)

    assert duties(office.school) == before


def test_duty_of_a_cancelled_order_or_one_held_by_another_is_not_given_back(office: Cast) -> None:
    first = issued(office.sveta, office.school)
    second = issued(office.sveta, office.school)
    cancelled(first, office.sveta)

    cancelled(second, office.sveta)

    assert duties(office.school) == []


def test_duty_goes_back_along_a_chain_of_cancelled_orders(office: Cast, clock: time_machine.Traveller) -> None:
    issued(office.sveta, office.school)
    orders = []
    for number, last_name in enumerate(("Мороз", "Учителева"), start=1):
        clock.shift(5 * DAY)
        person = person_value(member(last_name)).kept()
        day = (TODAY + 5 * number * DAY).isoformat()
        facts = {"администратор": person, "методист": None, "действует": day}
        orders.append(issued(office.sveta, office.school, "responsible", values=facts))
    clock.shift(5 * DAY)

    for order in orders:
        cancelled(order, office.sveta, TODAY + 15 * DAY)

    (held,) = [row for row in duties(office.school) if row[1] == "администратор" and row[3] is None]
    assert held == ("Зимина", "администратор", TODAY + 16 * DAY, None)


def test_other_fields_and_other_schools_are_not_relieved(office: Cast) -> None:
    furnish(office.sibling)
    issued(office.marat, office.sibling, values=_people_of(office.sibling))
    before = duties(office.sibling)

    issued(office.sveta, office.school, values=_people_of(office.school))

    assert duties(office.sibling) == before


def _people_of(school: School) -> dict[str, Any]:
    people = StaffMember.objects.filter(school=school)
    return {
        "администратор": person_value(people.get(last_name="Зимина")).kept(),
        "методист": person_value(people.get(last_name="Мороз")).kept(),
    }


# Planned days


def planned(place: Any, number: int = 5) -> list[str | None]:
    """The history of a place's planned days, the newest first."""
    rows = StepPlan.objects.filter(number=number, **at(place)).order_by("-id")
    return [row.planned_on.isoformat() if row.planned_on else None for row in rows]


def test_order_sets_the_planned_days_of_its_steps_with_its_number(office: Cast) -> None:
    order = issued(office.sveta, office.school, number="45-ОД")

    plan = StepPlan.objects.get(number=5)
    assert (planned(office.school, 5), planned(office.school, 9)) == (["2026-09-24"], ["2026-09-24"])
    assert (plan.reason, plan.set_by) == ("Приказ № 45-ОД от 10.09.2026", office.sveta)
    assert [made["number"] for made in order.done["plans"]] == [5, 9]


@pytest.mark.parametrize("level", ["school", "municipality", "region"])
def test_school_brings_a_day_nearer_and_does_not_put_it_off(office: Cast, level: str) -> None:
    place = getattr(office, level)
    StepPlan.objects.create(number=5, planned_on="2026-09-20", **at(place))
    StepPlan.objects.create(number=9, planned_on="2026-10-20", **at(place))

    issued(office.sveta, office.school)

    assert "2026-09-24" not in planned(office.school, 5)
    assert planned(office.school, 9)[0] == "2026-09-24"


@pytest.mark.parametrize("name", ["marat", "nina", "root"])
def test_coordinator_puts_a_day_off(office: Cast, name: str) -> None:
    StepPlan.objects.create(number=5, planned_on="2026-09-20", **at(office.school))

    issued(office.people[name], office.school)

    assert planned(office.school) == ["2026-09-24", "2026-09-20"]


def test_same_day_is_not_planned_again(office: Cast) -> None:
    issued(office.sveta, office.school)

    second = issued(office.sveta, office.school)

    assert planned(office.school) == ["2026-09-24"]
    assert second.done["plans"] == []


def test_cancelling_returns_the_day_there_was(office: Cast) -> None:
    StepPlan.objects.create(number=5, planned_on="2026-10-20", **at(office.school))

    cancelled(issued(office.sveta, office.school), office.sveta)

    assert planned(office.school, 5) == ["2026-10-20", "2026-09-24", "2026-10-20"]
    assert planned(office.school, 9) == [None, "2026-09-24"]


def test_day_planned_anew_since_is_left_alone(office: Cast) -> None:
    order = issued(office.sveta, office.school)
    StepPlan.objects.create(number=5, planned_on="2026-09-15", **at(office.school))

    cancelled(order, office.sveta)

    assert planned(office.school, 5) == ["2026-09-15", "2026-09-24"]


# Appointments


def holders(place: Any) -> list[Appointment]:
    """Appointments to a place that hold, without the cast's own."""
    return [one for one in appointing.holding(place) if one.user.username not in ("sveta", "marat")]


def test_coordinators_order_appoints_and_invites(office: Cast) -> None:
    order = issued(office.marat, office.school, number="45-ОД")

    (made,) = holders(office.school)
    assert (made.level, made.order_number, made.order_on) == (Level.SCHOOL, "45-ОД", TODAY)
    assert made.appointed_by == office.marat
    assert made.invitations.get().email == "zimina@school.example"
    assert order.done["appointed"] == [made.pk]
    assert doing.waiting_for(order) == []


def test_schools_own_order_appoints_nobody_and_waits_for_a_coordinator(office: Cast) -> None:
    order = issued(office.sveta, office.school, number="45-ОД")

    assert holders(office.school) == []
    assert [person.last_name for person in doing.waiting_for(order)] == ["Зимина"]
    with pytest.raises(AppointRefused, match="ниже своего уровня"):
        doing.appoint_waiting(order, by=office.sveta)

    (pk,) = doing.appoint_waiting(order, by=office.marat)

    assert [one.pk for one in holders(office.school)] == [pk]
    assert Appointment.objects.get(pk=pk).order_number == "45-ОД"
    order.refresh_from_db()
    assert order.done["appointed"] == [pk]
    assert doing.waiting_for(order) == []
    assert doing.appoint_waiting(order, by=office.marat) == []


def test_all_who_wait_are_appointed_or_none(office: Cast) -> None:
    """The second has the coordinator's own address: nobody appoints oneself."""
    User.objects.filter(pk=office.nina.pk).update(email="nina@example.ru")
    nina = User.objects.get(pk=office.nina.pk)
    text = "1. Назначить {администратор.вин} и {координатор.вин}."
    facts = {"координатор": by_hand("Ольхова", "nina@example.ru")}
    order = issued(office.sveta, office.school, "responsible", text=text, values=facts)

    with pytest.raises(AppointRefused):
        doing.appoint_waiting(order, by=nina)

    assert holders(office.school) == []


def test_schools_own_order_writes_its_number_into_the_appointment_that_is_there(office: Cast) -> None:
    held = appointing.appoint(
        by=office.marat, place=office.school, person=Person("Зимина", "Анна", "Петровна", email="ZIMINA@school.example")
    )

    order = issued(office.sveta, office.school, number="45-ОД")

    held.refresh_from_db()
    assert (held.order_number, held.order_on) == ("45-ОД", TODAY)
    assert order.done["numbered"] == [held.pk]
    assert order.done["appointed"] == []


def test_number_that_is_there_is_not_replaced(office: Cast) -> None:
    person = Person("Зимина", "Анна", "Петровна", email="zimina@school.example")
    held = appointing.appoint(by=office.marat, place=office.school, person=person)
    Appointment.objects.filter(pk=held.pk).update(order_number="7-К")

    order = issued(office.marat, office.school)

    held.refresh_from_db()
    assert (held.order_number, order.done["numbered"], len(holders(office.school))) == ("7-К", [], 1)


def test_namesake_with_another_address_is_another_person(office: Cast) -> None:
    person = Person("Зимина", "Анна", "Петровна", email="other@school.example")
    held = appointing.appoint(by=office.marat, place=office.school, person=person)
    User.objects.filter(pk=held.user_id).update(email="other@school.example")

    order = issued(office.sveta, office.school)

    held.refresh_from_db()
    assert held.order_number == ""
    assert [one.last_name for one in doing.waiting_for(order)] == ["Зимина"]


def test_person_without_an_address_waits(office: Cast) -> None:
    StaffMember.objects.update(email="")

    order = issued(office.marat, office.school)

    assert holders(office.school) == []
    assert len(doing.waiting_for(order)) == 1


def of_municipality(by: User, place: Any) -> Order:
    """An order that appoints a municipality's coordinator."""
    return issued(by, place, "municipal-coordinator", values={"координатор": by_hand()}, **OF_AUTHORITY)


def test_nobody_is_appointed_above_the_issuers_right(office: Cast) -> None:
    """Марат writes the orders of his own municipality; its coordinators the region appoints."""
    order = of_municipality(office.marat, office.municipality)

    assert holders(office.municipality) == []
    assert len(doing.waiting_for(order)) == 1
    with pytest.raises(AppointRefused):
        doing.appoint_waiting(order, by=office.marat)
    assert holders(office.municipality) == []


def test_regions_order_appoints_a_municipal_coordinator(office: Cast) -> None:
    of_municipality(office.nina, office.municipality)

    (made,) = holders(office.municipality)
    assert (made.level, made.user.last_name) == (Level.MUNICIPALITY, "Ольхова")


def test_only_those_who_hold_the_place_are_appointed(office: Cast) -> None:
    """The one who answers for methods gets no entry to the portal."""
    StaffMember.objects.filter(last_name="Мороз").update(email="moroz@school.example")

    issued(office.marat, office.school)

    assert [one.user.last_name for one in holders(office.school)] == ["Зимина"]


def test_cancelling_ends_what_the_order_appointed_and_takes_numbers_back(office: Cast) -> None:
    person = Person("Зимина", "Анна", "Петровна", email="zimina@school.example")
    held = appointing.appoint(by=office.marat, place=office.school, person=person)
    numbering = issued(office.sveta, office.school)
    appointed = issued(
        office.marat, office.school, "responsible", values={"администратор": by_hand(), "методист": None}
    )
    (made,) = appointed.done["appointed"]

    cancelled(numbering, office.sveta)
    cancelled(appointed, office.marat)

    held.refresh_from_db()
    ended = Appointment.objects.get(pk=made)
    assert (held.order_number, held.order_on, held.ends_on) == ("", None, None)
    assert ended.ends_on == TODAY
    assert not ended.invitations.filter(withdrawn_at=None).exists()


def test_cancelling_removes_an_appointment_that_had_not_begun_and_the_account_made_for_it(office: Cast) -> None:
    values = {"администратор": by_hand(), "методист": None, "действует": (TODAY + 5 * DAY).isoformat()}
    order = issued(office.marat, office.school, "responsible", values=values)
    (made,) = order.done["appointed"]
    newcomer = Appointment.objects.get(pk=made).user

    cancelled(order, office.marat)

    assert not Appointment.objects.filter(pk=made).exists()
    assert not type(newcomer).objects.filter(pk=newcomer.pk).exists()


def test_account_of_somebody_known_outlives_an_appointment_called_off(office: Cast) -> None:
    known = office.stranger
    type(known).objects.filter(pk=known.pk).update(email="olhova@example.ru")
    values = {"администратор": by_hand(), "методист": None, "действует": (TODAY + 5 * DAY).isoformat()}

    cancelled(issued(office.marat, office.school, "responsible", values=values), office.marat)

    assert type(known).objects.filter(pk=known.pk).exists()
    assert not Appointment.objects.filter(user=known).exists()


def test_number_of_another_order_is_left(office: Cast) -> None:
    person = Person("Зимина", "Анна", "Петровна", email="zimina@school.example")
    held = appointing.appoint(by=office.marat, place=office.school, person=person)
    order = issued(office.sveta, office.school)
    Appointment.objects.filter(pk=held.pk).update(order_number="9-К")

    cancelled(order, office.sveta)

    held.refresh_from_db()
    assert held.order_number == "9-К"


def test_school_does_not_take_away_what_a_coordinator_gave(office: Cast) -> None:
    order = issued(office.marat, office.school)

    cancelled(order, office.sveta)

    (made,) = holders(office.school)
    assert made.ends_on is None
    assert Order.objects.get(pk=order.pk).state == "cancelled"


def test_order_of_cancelling_takes_back_all_at_once(office: Cast) -> None:
    other = issued(office.marat, office.school)

    issued(office.marat, office.school, "cancel", values={"приказ": about(other)})

    assert duties(office.school) == []
    assert planned(office.school) == [None, "2026-09-24"]
    assert [one.ends_on for one in Appointment.objects.filter(pk__in=other.done["appointed"])] == [TODAY]


def test_draft_does_nothing(office: Cast) -> None:
    order = changed(begun(office.marat, office.school), office.marat, city="Уфа")

    assert doing.waiting_for(order) == []
    assert not Duty.objects.exists()
    assert not StepPlan.objects.exists()
    assert (
        not Appointment.objects.filter(appointed_by=F("appointed_by"), school=office.school)
        .exclude(user=office.sveta)
        .exists()
    )
