"""Nonsense that must not become an order: days, names, empty points, foreign bodies, blanks, torn files."""

import datetime
from typing import Any

import pytest

from chats.models import Duty, Order, OrderBatch
from chats.orders import batches, drafting, issuing
from chats.orders.drafting import OrderRefused
from chats.orders.fields import why_unknown
from chats.orders.text import leftovers, mistakes_of
from schools.models import StepPlan
from schools.papers import SCANS, why_not
from tests.chats.orders.office import DAY, REASON, about, begun, changed, issued, refusal_of, template
from tests.conftest import Cast
from tests.papers import JPG, PDF, PNG

TODAY = datetime.date(2026, 9, 10)
TEXT = "1. Назначить администратором {администратор.вин}.\n2. Зарегистрироваться в срок до {срок}, с {срок.назавтра}."


@pytest.mark.django_db
@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01", "1999-01-01", "2060-01-01"])
def test_day_that_no_order_can_mean_is_refused_beside_its_field(office: Cast, day: str) -> None:
    order = begun(office.sveta, office.school)

    told = refusal_of(lambda: changed(order, office.sveta, values={"срок": day}))

    assert (told.field, "проверьте год" in str(told)) == ("срок", True)


@pytest.mark.django_db
def test_draft_with_such_a_day_opens_all_the_same(office: Cast, client_of: Any) -> None:
    order = begun(office.sveta, office.school)
    Order.objects.filter(pk=order.pk).update(values={**order.values, "срок": "9999-12-31", "действует": "0001-01-01"})

    pages = [client_of(office.sveta).get(f"/orders/{order.pk}/{file}") for file in ("", "order.docx", "order.pdf")]

    assert [page.status_code for page in pages] == [200, 200, 200]


@pytest.mark.django_db
def test_last_day_before_the_signature_is_refused(office: Cast) -> None:
    order = changed(begun(office.sveta, office.school), office.sveta, values={"срок": "2026-09-09"})

    told = refusal_of(lambda: issuing.issue(order, number="1", signed_on=TODAY, by=office.sveta))

    assert told.field == "срок"


@pytest.mark.django_db
def test_days_of_many_schools_are_checked_before_the_job(office: Cast) -> None:
    with pytest.raises(OrderRefused, match="проверьте год"):
        batches.prepare(
            sender=office.municipality,
            template=template("sferum-use"),
            values={"срок": "9999-12-31"},
            school_ids=frozenset({office.school.pk}),
            by=office.marat,
        )

    assert not OrderBatch.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["12345", "<script>alert(1)</script>", "😀", "!!!"])
def test_signer_has_a_name_in_letters(office: Cast, name: str) -> None:
    order = begun(office.sveta, office.school)

    told = refusal_of(lambda: changed(order, office.sveta, signer_name=name))

    assert told.field == "signer_name"


@pytest.mark.django_db
def test_long_title_is_refused_and_not_cut(office: Cast) -> None:
    order = begun(office.sveta, office.school)

    told = refusal_of(lambda: changed(order, office.sveta, subject="я" * 301))

    assert (told.field, "300" in str(told)) == ("subject", True)


@pytest.mark.django_db
def test_school_issues_under_the_name_of_its_card(office: Cast) -> None:
    order = changed(begun(office.sveta, office.school), office.sveta, organisation="ГБУ ИМЦ Невского района")

    assert issuing.paper_of(order).letterhead.name == office.school.full_name


@pytest.mark.django_db
def test_founder_of_somebody_else_is_refused(office: Cast) -> None:
    order = changed(begun(office.sveta, office.school), office.sveta, founder="Администрация города, ГБУ ИМЦ")

    told = refusal_of(lambda: issuing.issue(order, number="1", signed_on=TODAY, by=office.sveta))

    assert "ГБУ ИМЦ" in str(told)


@pytest.mark.django_db
def test_point_without_words_is_refused(office: Cast) -> None:
    order = changed(begun(office.sveta, office.school), office.sveta, text="1. .")

    told = refusal_of(lambda: issuing.issue(order, number="1", signed_on=TODAY, by=office.sveta))

    assert "нет слов" in str(told)


@pytest.mark.parametrize(
    "words",
    [
        "ГБОУ СОШ N 12", "школу 12.", "гимназию номер 5", "МБДОУ детский сад № 7", "школу-интернат № 9", "ЦДО № 4",
        "ГБНОУ «Академия талантов»", "МКУ «Центр развития» города", "Информационно-методический центр района",
    ],
)  # fmt: skip
def test_foreign_body_is_found_however_it_is_written(words: str) -> None:
    found = leftovers(f"Направить отчёт в {words}", own_names=["ГБОУ школа № 375"])

    assert "не ваша организация" in found[0].message


@pytest.mark.parametrize("words", ["школы 12 декабря начать", "в школе 25 классов", "ГБОУ школа № 375", "классам 5"])
def test_dates_and_counts_are_no_bodies(words: str) -> None:
    assert leftovers(words, own_names=["ГБОУ школа № 375"]) == []


@pytest.mark.parametrize("words", ["(указать организацию)", "TODO вписать", "-----", "срок: …", "(вписать ФИО)"])
def test_blank_is_found_however_it_is_left(words: str) -> None:
    assert "незаполненное место" in leftovers(words, own_names=["Школа"])[0].message


def test_brackets_without_a_field_are_a_mistake_with_its_place() -> None:
    (mistake,) = mistakes_of("1. Направить отчёт в [наименование организации].", why_unknown)

    assert (mistake.line, mistake.column, mistake.words) == (1, 22, "[наименование организации]")


@pytest.mark.parametrize("data", [PDF[:20], PNG[:-12], JPG[:-2], b"\x89PNG\r\n\x1a\n" + bytes(20)])
def test_torn_file_is_no_scan(data: bytes) -> None:
    assert "повреждён" in why_not(data, SCANS)
    assert [why_not(whole, SCANS) for whole in (PDF, PNG, JPG)] == ["", "", ""]


# What an order sets in motion


@pytest.mark.django_db
def test_old_order_written_down_late_takes_nothing_from_the_present_one(office: Cast) -> None:
    issued(office.sveta, office.school, number="45-ОД")
    present = list(Duty.objects.order_by("pk").values_list("pk", "starts_on", "ends_on"))
    plans = StepPlan.objects.count()
    early = datetime.date(2024, 9, 2)

    issued(
        office.sveta, office.school, number="7-ОД", signed_on=early, values={"срок": "2024-09-20"}
    )  # fmt: skip

    assert (
        list(Duty.objects.filter(order__number="45-ОД").order_by("pk").values_list("pk", "starts_on", "ends_on"))
        == present
    )
    old = Duty.objects.filter(order__number="7-ОД")
    assert {duty.ends_on for duty in old} == {TODAY - DAY}
    assert StepPlan.objects.count() == plans


@pytest.mark.django_db
def test_duty_cut_by_an_order_that_has_not_begun_is_whole_again(office: Cast) -> None:
    first = issued(office.sveta, office.school, "responsible", number="1")
    later = issued(office.sveta, office.school, "responsible", number="2", values={"действует": "2026-12-01"})
    assert {duty.ends_on for duty in first.duties.all()} == {datetime.date(2026, 11, 30)}

    issuing.cancel(later, on=TODAY, reason=REASON, by=office.sveta)

    assert {duty.ends_on for duty in first.duties.all()} == {None}


@pytest.mark.django_db
def test_field_the_text_no_longer_asks_for_has_no_effect(office: Cast) -> None:
    order = changed(begun(office.sveta, office.school, "chats"), office.sveta, text="1. Создать чаты школы.")

    made = issuing.issue(order, number="1", signed_on=TODAY, by=office.sveta)

    assert not StepPlan.objects.exists()
    assert made.issued_paper is not None
    assert made.issued_paper.appendix is None


@pytest.mark.django_db
def test_order_of_cancelling_is_not_cancelled(office: Cast) -> None:
    other = issued(office.sveta, office.school, number="1")
    order = issued(office.sveta, office.school, "cancel", number="2", values={"приказ": about(other)})

    told = refusal_of(lambda: issuing.cancel(order, on=TODAY, reason=REASON, by=office.sveta))

    assert "издайте прежний приказ заново" in str(told)


@pytest.mark.django_db
def test_draft_changed_since_it_was_read_is_not_issued(office: Cast) -> None:
    order = begun(office.sveta, office.school)
    changed(order, office.nina, subject="Другое")

    told = refusal_of(lambda: issuing.issue(order, number="1", signed_on=TODAY, by=office.sveta, version=order.version))

    assert "изменили в другом окне" in str(told)


@pytest.mark.django_db
@pytest.mark.parametrize("number, after", [("45-ОД", "46-ОД"), ("01-03/482", "01-03/483"), ("7", "8")])
def test_next_number_is_the_same_but_for_its_last_part(office: Cast, number: str, after: str) -> None:
    issued(office.sveta, office.school, number=number)

    assert issuing.next_number(office.school, 2026) == after


@pytest.mark.django_db
def test_nul_from_a_form_of_many_schools_is_left_out(office: Cast) -> None:
    text = template("sferum-use")

    batch = batches.prepare(
        sender=office.municipality,
        template=text,
        values=drafting.common_values(text) | {"цель": "порядка\0"},
        school_ids=frozenset({office.school.pk}),
        by=office.marat,
    )

    assert batch.values["цель"] == "порядка"
