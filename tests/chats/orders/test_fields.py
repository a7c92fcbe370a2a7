"""Fields of orders: first texts ask only for what there is; an unknown field or form is told with what to write."""

import pytest

from chats.legal_acts.catalogue import ACTS
from chats.legal_acts.kinds import STATE_BY_KEY
from chats.orders.cases import Case
from chats.orders.fields import FIELD_BY_KEY, FIELDS, Kind, asked_of, cases_asked, why_unknown
from chats.orders.first_templates import FIRST_TEMPLATES, TEXTS, FirstTemplate
from chats.orders.text import Slot, mistakes_of, slots_of
from schools.steps import STEP_BY_NUMBER

ids = [one.key for one in FIRST_TEMPLATES]


@pytest.mark.parametrize("template", FIRST_TEMPLATES, ids=ids)
def test_first_text_has_no_mistakes(template: FirstTemplate) -> None:
    assert mistakes_of(template.text, why_unknown) == []


@pytest.mark.parametrize("template", FIRST_TEMPLATES, ids=ids)
def test_first_text_plans_steps_and_cites_acts_that_there_are(template: FirstTemplate) -> None:
    dates = {field.key for field in asked_of(slots_of(template.text)) if field.kind == Kind.DATE}
    living = {act.key for act in ACTS if not STATE_BY_KEY[act.state].is_over}

    assert set(template.plans.values()) <= dates
    assert {int(number) for number in template.plans} <= set(STEP_BY_NUMBER)
    assert set(template.acts) <= living


def test_every_text_file_is_a_template_and_keys_are_unique() -> None:
    assert sorted(path.stem for path in TEXTS.glob("*.txt")) == sorted(set(ids))
    assert len(set(ids)) == len(ids)
    assert len(FIELD_BY_KEY) == len(FIELDS)


@pytest.mark.parametrize(
    "slot",
    [
        "администратор", "администратор.вин", "администратор.должность", "администратор.должность.дат",
        "администратор.инициалы", "администратор.инициалы.род", "срок", "срок.назавтра", "основание.твор", "цель",
        "учреждение", "чаты", "приказ", "изменения",
    ],
)  # fmt: skip
def test_forms_there_are_may_be_asked_for(slot: str) -> None:
    assert why_unknown(Slot.of(slot)) == ""


@pytest.mark.parametrize(
    "slot, told",
    [
        ("дирктор", "{администратор}"),
        ("", "Есть:"),
        ("администратор.винительный", "администратор.должность.вин"),
        ("администратор.вин.должность", "администратор.должность.вин"),
        ("администратор.вин.дат", "администратор.должность.вин"),
        ("основание.дат", "им, род, твор"),
        ("срок.вин", "срок.назавтра"),
        ("срок.назавтра.назавтра", "срок.назавтра"),
        ("цель.род", "без точки"),
        ("чаты.вин", "без точки"),
    ],
)
def test_unknown_field_or_form_is_told_with_what_to_write(slot: str, told: str) -> None:
    assert told in why_unknown(Slot.of(slot))


def test_organisations_own_words_are_asked_of_nobody() -> None:
    asked = asked_of(slots_of("{учреждение} {наименование} {срок} {администратор.вин} {нет такого}"))

    assert [field.key for field in asked] == ["администратор", "срок"]


def test_cases_are_asked_in_the_order_of_grammar_without_the_nominative() -> None:
    slots = slots_of("{администратор} {администратор.вин} {администратор.должность.дат} {методист.род}")

    assert cases_asked(slots, "администратор") == [Case.DATIVE, Case.ACCUSATIVE]
