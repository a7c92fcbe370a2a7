"""Issuing: what is refused and why, numbers once a year, the paper that stays; cancelling by hand and by an order."""

import datetime
import threading
from typing import Any

import pytest
from django.db import connection

from chats.models import Order, OrderTemplate
from chats.orders import issuing
from chats.orders.drafting import OrderRefused
from chats.orders.issuing import next_number, paper_of, signature_of
from schools.models import Region, School, User
from staff.models import StaffMember
from tests.chats.orders.office import DAY, REASON, about, begun, by_hand, changed, furnish, issued, refusal_of
from tests.conftest import Cast, make_school, make_user

pytestmark = pytest.mark.django_db
TODAY = datetime.date(2026, 9, 10)


def refused(order: Order, by: User, number: str = "45-ОД", signed_on: datetime.date = TODAY) -> OrderRefused:
    """The refusal to issue a draft, which stays one."""
    refusal = refusal_of(issuing.issue, order, number=number, signed_on=signed_on, by=by)
    order.refresh_from_db()
    assert (order.state, order.number, order.signed_on, order.done) == ("draft", "", None, {})
    assert not order.acknowledgements.exists()
    return refusal


# Issuing


def test_issued_order_has_its_number_its_day_and_its_paper(office: Cast) -> None:
    order = issuing.issue(begun(office.sveta, office.school), number=" № 45 - ОД", signed_on=TODAY, by=office.sveta)

    assert (order.state, order.number, order.year, order.issued_by) == ("issued", "45-ОД", 2026, office.sveta)
    paper = paper_of(order)
    assert (paper.number, paper.day) == ("45-ОД", "10\u00a0сентября\u00a02026\u00a0г.")
    assert order.sha256 == paper.sha256
    assert len(paper.sheet) == 4


def test_paper_stays_whatever_changes_since(office: Cast) -> None:
    order = issued(office.sveta, office.school)
    before = paper_of(order)

    StaffMember.objects.update(last_name="Другая")
    School.objects.update(short_name="Другая школа")
    OrderTemplate.objects.filter(key="sferum-use").update(text="1. Иное.")

    again = paper_of(Order.objects.get(pk=order.pk))
    assert again == before
    assert again.sha256 == order.sha256


def test_missing_fields_are_named_and_those_in_brackets_are_not_missed(office: Cast) -> None:
    order = changed(
        begun(office.sveta, office.school), office.sveta, values={"методист": None, "срок": "", "основание": []}
    )

    refusal = refused(order, office.sveta)

    assert "«Ответственный за методическую поддержку», «Срок регистрации»" in str(refusal)
    assert refusal.field == "методист"
    assert "основании" not in str(refusal)


@pytest.mark.parametrize("facts", [{"signer_name": " "}, {"signer_position": ""}])
def test_order_without_a_signer_is_refused(office: Cast, facts: dict[str, str]) -> None:
    refusal = refused(changed(begun(office.sveta, office.school), office.sveta, **facts), office.sveta)

    assert "кто подписывает" in str(refusal)


def test_school_without_a_director_in_its_card_is_told_to_name_one(office: Cast) -> None:
    furnish(office.sibling)
    School.objects.filter(pk=office.sibling.pk).update(director_name="")

    refusal = refused(begun(office.marat, School.objects.get(pk=office.sibling.pk)), office.marat)

    assert refusal.field == "signer_name"


def test_authority_must_name_itself(office: Cast) -> None:
    order = changed(
        begun(office.marat, office.municipality, "municipal-coordinator"), office.marat,
        values={"координатор": by_hand()}, signer_name="Ли Анна Петровна",
    )  # fmt: skip

    assert refused(order, office.marat).field == "organisation"


@pytest.mark.parametrize(
    "words", ["методистам ИМЦ", "учителям школы № 511", "сотрудникам Гимназия № 2", "Назначить ____", "ФИО"]
)
def test_what_is_left_of_a_foreign_order_is_refused_with_its_words(office: Cast, words: str) -> None:
    order = changed(begun(office.sveta, office.school), office.sveta, text=f"1. Поручить {words} работу.")

    refusal = refused(order, office.sveta)

    assert refusal.field == "text"
    assert "Место: «" in str(refusal)


def test_foreign_organisation_in_a_value_is_found_too(office: Cast) -> None:
    order = changed(begun(office.sveta, office.school), office.sveta, values={"цель": "помощи ГБУ ИМЦ"})

    assert "ГБУ ИМЦ" in str(refused(order, office.sveta))


def test_own_school_and_a_namesake_of_another_municipality_are_no_foreigners(office: Cast) -> None:
    make_school(office.other_municipality, "780099", "Платформ")
    order = changed(begun(office.sveta, office.school), office.sveta, text="1. Школе № 1 работать в Платформе.")

    assert issuing.mistakes_in(order) == []


@pytest.mark.parametrize("number", ["", "без номера", "-", "45 ОД!", "№", "1" * 40, "45\x00", "<b>", "ОД"])
def test_number_that_is_none_is_refused(office: Cast, number: str) -> None:
    assert refused(begun(office.sveta, office.school), office.sveta, number).field == "number"


@pytest.mark.parametrize("number", ["45", "45-ОД", "01-03/482", "ОД-45", "45/1", "5.1"])
def test_numbers_as_schools_write_them_are_taken(office: Cast, number: str) -> None:
    assert issued(office.sveta, office.school, number=number).number == number


@pytest.mark.parametrize("day", [TODAY + DAY, datetime.date(2019, 12, 31), datetime.date(1, 1, 1)])
def test_day_that_nobody_signs_on_is_refused(office: Cast, day: datetime.date) -> None:
    assert refused(begun(office.sveta, office.school), office.sveta, signed_on=day).field == "signed_on"


def test_number_is_given_once_a_year_in_an_organisation(office: Cast) -> None:
    issued(office.sveta, office.school, number="45-ОД")

    refusal = refused(begun(office.sveta, office.school), office.sveta)

    assert "№ 45-ОД в 2026 году уже есть" in str(refusal)
    assert refusal.field == "number"
    furnish(office.sibling)
    assert issued(office.marat, office.sibling, number="45-ОД")
    assert issued(office.sveta, office.school, number="45-ОД", signed_on=datetime.date(2025, 12, 31))


def test_number_of_a_cancelled_order_is_not_given_again(office: Cast) -> None:
    issuing.cancel(issued(office.sveta, office.school, number="45-ОД"), on=TODAY, reason=REASON, by=office.sveta)

    assert refused(begun(office.sveta, office.school), office.sveta).field == "number"


def test_next_number_follows_the_highest_of_the_year_with_its_letters(office: Cast) -> None:
    assert next_number(office.school, 2026) == "1-ОД"
    for number in ("9-К", "45-ОД", "7"):
        issued(office.sveta, office.school, number=number)

    assert next_number(office.school, 2026) == "46-ОД"
    assert next_number(office.school, 2025) == next_number(office.sibling, 2026) == "1-ОД"


def test_nobody_issues_or_cancels_what_is_not_theirs(office: Cast) -> None:
    furnish(office.sibling)
    draft = begun(office.marat, office.sibling)
    order = issued(office.marat, office.sibling)

    assert "её администратор" in str(refused(draft, office.sveta))
    assert "её администратор" in str(refusal_of(issuing.cancel, order, on=TODAY, reason=REASON, by=office.sveta))
    assert Order.objects.get(pk=order.pk).state == "issued"


def test_order_is_issued_once(office: Cast) -> None:
    order = issued(office.sveta, office.school)

    refusal = refusal_of(issuing.issue, order, number="46-ОД", signed_on=TODAY, by=office.sveta)

    assert "уже издан" in str(refusal)


@pytest.mark.parametrize(
    "name, signature",
    [
        ("Иванова Мария Ильинична", "М.И. Иванова"),
        ("Ли Анна", "А. Ли"),
        ("И.И. Иванов", "И.И. Иванов"),
        ("Иванов", "Иванов"),
        ("  ", ""),
    ],
)
def test_signature_has_initials_before_the_surname(name: str, signature: str) -> None:
    assert signature_of(name) == signature


@pytest.mark.postgres("SQLite пишет по очереди")
@pytest.mark.django_db(transaction=True)
def test_one_of_two_who_issue_the_same_number_at_once_is_told_so() -> None:
    school = furnish(make_school_of_region())
    by = make_user("root2")
    User.objects.filter(pk=by.pk).update(is_superuser=True)
    by = User.objects.get(pk=by.pk)
    drafts = [begun(by, school), begun(by, school)]
    gate, outcomes = threading.Barrier(2, timeout=20), []

    def issue(order: Order) -> None:
        try:
            gate.wait()
            issuing.issue(order, number="45-ОД", signed_on=datetime.date(2026, 9, 1), by=by)
            outcomes.append("issued")
        except OrderRefused as refusal:
            outcomes.append(refusal.field)
        finally:
            connection.close()

    threads = [threading.Thread(target=issue, args=(order,)) for order in drafts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert sorted(outcomes) == ["issued", "number"]
    assert Order.objects.filter(number="45-ОД").count() == 1
    assert sorted(Order.objects.values_list("state", flat=True)) == ["draft", "issued"]


def make_school_of_region() -> School:
    """A school directly under a region."""
    return make_school(Region.objects.get(code="78"), "780001", "Школа № 1")


# Cancelling


@pytest.mark.parametrize(
    "facts, field",
    [
        ({"on": TODAY + DAY}, "on"),
        ({"on": TODAY - 6 * DAY}, "on"),
        ({"reason": "ой"}, "reason"),
        ({"reason": "   \x00  "}, "reason"),
    ],
)
def test_wrong_day_and_missing_reason_cancel_nothing(office: Cast, facts: dict[str, Any], field: str) -> None:
    order = issued(office.sveta, office.school, signed_on=TODAY - 5 * DAY)

    refusal = refusal_of(issuing.cancel, order, **{"on": TODAY, "reason": REASON, "by": office.sveta, **facts})

    assert refusal.field == field
    order.refresh_from_db()
    assert (order.state, order.cancelled_on) == ("issued", None)
    assert order.duties.filter(ends_on=None).count() == 2


def test_draft_and_cancelled_order_cannot_be_cancelled(office: Cast) -> None:
    draft = begun(office.sveta, office.school)
    cancelled = issuing.cancel(issued(office.sveta, office.school), on=TODAY, reason=REASON, by=office.sveta)

    for order in (draft, cancelled):
        refusal = refusal_of(issuing.cancel, order, on=TODAY, reason=REASON, by=office.sveta)
        assert "только действующий" in str(refusal)


def test_cancelled_order_keeps_its_paper_its_day_and_the_reason(office: Cast) -> None:
    order = issuing.cancel(
        issued(office.sveta, office.school), on=TODAY, reason=" Издан  по\x00 ошибке ", by=office.sveta
    )

    assert (order.state, order.cancelled_on, order.cancel_reason) == ("cancelled", TODAY, REASON)
    assert paper_of(order).sha256 == order.sha256


# By another order


def test_order_of_cancelling_cancels_the_other_and_all_it_did(office: Cast) -> None:
    other = issued(office.sveta, office.school, number="45-ОД")

    order = issued(office.sveta, office.school, "cancel", "46-ОД", values={"приказ": about(other)})

    other.refresh_from_db()
    assert order.changes == other
    assert (other.state, other.cancelled_on, other.cancel_reason) == (
        "cancelled", TODAY, "Отменён приказом № 46-ОД от 10.09.2026",
    )  # fmt: skip
    assert order.done["cancelled"] == other.pk
    assert not other.duties.filter(ends_on=None).exists()
    assert (
        "Признать утратившим силу приказ от 10\u00a0сентября\u00a02026\u00a0г. №\u00a045-ОД «Об" in paper_of(order).text
    )


def test_order_of_amending_leaves_the_other_in_force(office: Cast) -> None:
    other = issued(office.sveta, office.school)

    order = issued(office.sveta, office.school, "amend", values={"приказ": about(other), "изменения": "срок продлить"})

    other.refresh_from_db()
    assert (order.changes, other.state) == (other, "issued")


@pytest.mark.parametrize("whose", ["nobody", "cancelled", "sibling"])
def test_order_about_one_that_is_not_in_force_here_is_refused(office: Cast, whose: str) -> None:
    furnish(office.sibling)
    place = office.sibling if whose == "sibling" else office.school
    other = issued(office.root, place)
    if whose == "cancelled":
        issuing.cancel(other, on=TODAY, reason=REASON, by=office.root)
    value = {**about(other), **({"id": 999_999} if whose == "nobody" else {})}
    draft = changed(begun(office.sveta, office.school, "cancel"), office.sveta, values={"приказ": value})

    refusal = refused(draft, office.sveta)

    assert refusal.field == "приказ"
    assert "должен действовать" in str(refusal)
