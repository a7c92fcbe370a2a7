"""Positions in cases, against forms written out by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chats.orders import positions
from chats.orders.cases import Case
from chats.orders.positions import decline_position
from staff.columns import COLUMNS
from staff.columns.positions import TEACHING_POSITIONS


@pytest.mark.parametrize(
    "position, case, expected",
    [
        ("директор", Case.GENITIVE, "директора"),
        ("Директор", Case.DATIVE, "Директору"),
        ("ДИРЕКТОР ШКОЛЫ", Case.INSTRUMENTAL, "ДИРЕКТОРОМ ШКОЛЫ"),
        ("заместитель директора по информатизации", Case.ACCUSATIVE, "заместителя директора по информатизации"),
        ("заместитель директора по УВР", Case.INSTRUMENTAL, "заместителем директора по УВР"),
        ("заместитель директора, учитель истории", Case.DATIVE, "заместителю директора, учителю истории"),
        ("заведующий библиотекой", Case.ACCUSATIVE, "заведующего библиотекой"),
        ("заведующая библиотекой", Case.ACCUSATIVE, "заведующую библиотекой"),
        ("заведующая учебной частью", Case.DATIVE, "заведующей учебной частью"),
        ("заведующий ЦИО", Case.PREPOSITIONAL, "заведующем ЦИО"),
        ("учитель-логопед", Case.GENITIVE, "учителя-логопеда"),
        ("учитель - логопед", Case.GENITIVE, "учителя - логопеда"),
        ("педагог-психолог", Case.DATIVE, "педагогу-психологу"),
        ("педагог организатор", Case.DATIVE, "педагогу организатору"),
        ("инженер-программист", Case.INSTRUMENTAL, "инженером-программистом"),
        ("преподаватель-организатор ОБЗР", Case.ACCUSATIVE, "преподавателя-организатора ОБЗР"),
        ("учитель начальных классов", Case.DATIVE, "учителю начальных классов"),
        ("учитель физики и математики", Case.GENITIVE, "учителя физики и математики"),
        ("учитель и воспитатель", Case.GENITIVE, "учителя и воспитателя"),
        ("учитель музыки и ИЗО", Case.GENITIVE, "учителя музыки и ИЗО"),
        ("учительница английского языка", Case.ACCUSATIVE, "учительницу английского языка"),
        (
            "советник директора по воспитанию и взаимодействию с детскими общественными объединениями",
            Case.ACCUSATIVE,
            "советника директора по воспитанию и взаимодействию с детскими общественными объединениями",
        ),
        ("старший вожатый", Case.ACCUSATIVE, "старшего вожатого"),
        ("старшая вожатая", Case.GENITIVE, "старшей вожатой"),
        ("социальный педагог", Case.DATIVE, "социальному педагогу"),
        ("музыкальный руководитель", Case.INSTRUMENTAL, "музыкальным руководителем"),
        ("классный руководитель 5А", Case.DATIVE, "классному руководителю 5А"),
        ("дежурный администратор", Case.ACCUSATIVE, "дежурного администратора"),
        ("кухонный рабочий", Case.ACCUSATIVE, "кухонного рабочего"),
        ("рабочий по обслуживанию зданий", Case.DATIVE, "рабочему по обслуживанию зданий"),
        ("ведущий специалист", Case.GENITIVE, "ведущего специалиста"),
        ("контрактный управляющий", Case.GENITIVE, "контрактного управляющего"),
        ("медицинская сестра", Case.ACCUSATIVE, "медицинскую сестру"),
        ("глава администрации", Case.ACCUSATIVE, "главу администрации"),
        ("секретарь-машинистка", Case.ACCUSATIVE, "секретаря-машинистку"),
        ("пресс-секретарь", Case.DATIVE, "пресс-секретарю"),
        ("шеф-повар", Case.GENITIVE, "шеф-повара"),
        ("IT-специалист", Case.GENITIVE, "IT-специалиста"),
        ("ст. методист", Case.DATIVE, "ст. методисту"),
        ("вахтер", Case.GENITIVE, "вахтера"),
        ("вахтёр", Case.GENITIVE, "вахтёра"),
        ("тьютор", Case.ACCUSATIVE, "тьютора"),
        ("модератор", Case.ACCUSATIVE, "модератора"),
        ("педагогический персонал", Case.ACCUSATIVE, "педагогический персонал"),
        ("ответственное лицо", Case.ACCUSATIVE, "ответственное лицо"),
        ("ответственный за ФГИС «Моя школа»", Case.ACCUSATIVE, "ответственного за ФГИС «Моя школа»"),
        ("руководитель центра «Точка роста»", Case.DATIVE, "руководителю центра «Точка роста»"),
        ("ассистент (помощник)", Case.DATIVE, "ассистенту (помощнику)"),
        ("исполняющий обязанности директора", Case.DATIVE, "исполняющему обязанности директора"),
        ("временно исполняющая обязанности директора", Case.DATIVE, "временно исполняющей обязанности директора"),
        ("и.о. директора", Case.DATIVE, "и.о. директора"),
        ("И. о. директора", Case.DATIVE, "И. о. директора"),
        ("врио директора", Case.DATIVE, "врио директора"),
        ("", Case.DATIVE, ""),
    ],
)
def test_head_of_a_position_declines_and_the_rest_stands(position: str, case: Case, expected: str) -> None:
    declined = decline_position(position, case)

    assert declined.text == expected
    assert not declined.unsure


def known_positions() -> list[str]:
    """Every position the portal itself names."""
    column = next(column for column in COLUMNS if column.key == "position")
    return sorted({*column.choices, *TEACHING_POSITIONS})


@pytest.mark.parametrize("position", known_positions())
def test_every_position_the_portal_names_declines_surely(position: str) -> None:
    forms = {case: decline_position(position, case) for case in Case}

    assert not any(declined.unsure for declined in forms.values())
    assert len({declined.text for declined in forms.values()}) >= 5
    assert forms[Case.ACCUSATIVE] == forms[Case.GENITIVE]


@pytest.mark.parametrize(
    "position, doubt",
    [
        ("зам. директора", positions.UNREAD),
        ("учителя", positions.UNREAD),
        ("1234", positions.UNREAD),
        ("<b>", positions.UNREAD),
        ("«директор»", positions.UNREAD),
        ("д" * 501, positions.TOO_LONG),
        ("директор, модератор", positions.THING),
        ("глюколог", positions.GUESSED),
    ],
)
def test_position_that_cannot_be_declined_surely_asks_a_person(position: str, doubt: str) -> None:
    declined = decline_position(position, Case.DATIVE)

    assert doubt in declined.doubts


@given(
    st.one_of(
        st.text(max_size=60),
        st.text(alphabet="ДдирекоУчитльсйаяёиц -,.()«»<>&1A", max_size=300),
        st.sampled_from([" ", "и", " и ", "-", "и.", "ё" * 300, "<w:t>директор</w:t>", "учитель " * 60]),
    ),
    st.sampled_from(list(Case)),
)
def test_nothing_breaks_it(position: str, case: Case) -> None:
    declined = decline_position(position, case)

    assert case is not Case.NOMINATIVE or declined.text == position
    assert declined.text.count("-") == position.count("-")
    assert declined.text.split("«")[1:] == position.split("«")[1:]
