"""Values of orders: each kind gives its words, forms put right by hand win, doubts are told, nothing falls."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chats.orders.cases import Case
from chats.orders.fields import FIELDS
from chats.orders.text import Slot
from chats.orders.values import PersonValue, day_of, words_of

ANNA = PersonValue("Зимина", "Анна", "Викторовна", position="заместитель директора по УВР", staff_id=5)
ACT = {"key": "a", "cited": {"nominative": "письмо", "genitive": "письма", "instrumental": "письмом"}}


def said(slot: str, **values: Any) -> str:
    """What a field gives to a text."""
    return words_of(values)(Slot.of(slot))


@pytest.mark.parametrize(
    "slot, words",
    [
        ("администратор", "Зимина Анна Викторовна"),
        ("администратор.вин", "Зимину Анну Викторовну"),
        ("администратор.дат", "Зиминой Анне Викторовне"),
        ("администратор.инициалы", "Зимина А.В."),
        ("администратор.инициалы.дат", "Зиминой А.В."),
        ("администратор.должность", "заместитель директора по УВР"),
        ("администратор.должность.вин", "заместителя директора по УВР"),
    ],
)
def test_person_is_named_in_the_form_asked_for(slot: str, words: str) -> None:
    assert said(slot, администратор=ANNA.kept()) == words


@pytest.mark.parametrize(
    "slot, value, words",
    [
        ("срок", "2026-05-05", "5\u00a0мая\u00a02026\u00a0г."),
        ("срок.назавтра", "2026-12-31", "1\u00a0января\u00a02027\u00a0г."),
        ("срок", "2026-13-45", ""),
        ("срок", 5, ""),
        ("цель", " чтобы\nбыло. ", "чтобы было"),
        ("учреждение", "ГБОУ СОШ № 5", "ГБОУ СОШ № 5"),
        ("изменения", "первое.\n\n второе ;", "первое; второе"),
        ("основание.твор", [ACT], "письмом"),
        ("основание.род", [ACT, ACT, ACT], "письма, письма и письма"),
        ("основание", [], ""),
        (
            "приказ",
            {"id": 1, "number": "45-ОД", "signed_on": "2026-05-05", "subject": "О чатах"},
            "от 5\u00a0мая\u00a02026\u00a0г. № 45-ОД «О чатах»",
        ),
        ("чаты", [["Педсовет", "учителя", "Зимина"]], "приложению № 1"),
        ("чаты", None, ""),
        ("нет", "что-нибудь", ""),
        ("администратор.вин", {"first_name": "Анна"}, ""),
    ],
)
def test_every_kind_gives_its_words(slot: str, value: Any, words: str) -> None:
    assert said(slot, **{Slot.of(slot).name: value}) == words


def test_form_put_right_by_hand_wins_over_grammar() -> None:
    person = PersonValue(**{**ANNA.kept(), "names": {"accusative": "Зимину Анну"}, "positions": {"dative": "заму"}})
    kept = person.kept()

    assert said("администратор.вин", администратор=kept) == "Зимину Анну"
    assert said("администратор.должность.дат", администратор=kept) == "заму"
    assert said("администратор.инициалы.вин", администратор=kept) == "Зимину А.В."
    assert said("администратор.дат", администратор=kept) == "Зиминой Анне Викторовне"


def test_rare_name_is_doubted_until_somebody_has_put_it_right() -> None:
    rare = PersonValue("Кюй", "Гаянэ")
    right = PersonValue("Кюй", "Гаянэ", names={"accusative": "Кюй Гаянэ"})

    assert rare.doubts_of(Case.ACCUSATIVE)
    assert right.doubts_of(Case.ACCUSATIVE) == ()


def test_person_survives_being_kept() -> None:
    assert PersonValue.of(ANNA.kept()) == ANNA
    assert PersonValue.of(None) is PersonValue.of({}) is PersonValue.of("Зимина") is None


@pytest.mark.parametrize("value", ["", "завтра", None, 7, ["2026-01-01"], "2026-02-30"])
def test_day_that_is_none_is_none(value: Any) -> None:
    assert day_of(value) is None


@given(st.text(min_size=1, max_size=40), st.text(max_size=20), st.text(max_size=20), st.sampled_from(list(Case)))
def test_any_name_is_declined_without_a_fall(last: str, first: str, position: str, case: Case) -> None:
    person = PersonValue(last, first, position=position)

    assert isinstance(person.name_in(case) + person.initials_in(case) + person.position_in(case), str)
    assert isinstance(person.doubts_of(case), tuple)


def test_every_field_of_the_catalogue_is_empty_where_nothing_is_given() -> None:
    assert {field.key: said(field.key) for field in FIELDS} == {field.key: "" for field in FIELDS}
