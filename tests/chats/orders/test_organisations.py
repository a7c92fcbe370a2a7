"""Names of organisations in cases, against forms written out by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chats.orders import organisations
from chats.orders.cases import Case
from chats.orders.organisations import decline_organisation


@pytest.mark.parametrize(
    "name, genitive",
    [
        (
            "Государственное бюджетное общеобразовательное учреждение средняя общеобразовательная школа № 5 "
            "Невского района Санкт-Петербурга",
            "Государственного бюджетного общеобразовательного учреждения средней общеобразовательной школы № 5 "
            "Невского района Санкт-Петербурга",
        ),
        (
            "МУНИЦИПАЛЬНОЕ БЮДЖЕТНОЕ УЧРЕЖДЕНИЕ «СРЕДНЯЯ ШКОЛА № 3»",
            "МУНИЦИПАЛЬНОГО БЮДЖЕТНОГО УЧРЕЖДЕНИЯ «СРЕДНЯЯ ШКОЛА № 3»",
        ),
        (
            "Муниципальное учреждение города Тюмени гимназия № 16",
            "Муниципального учреждения города Тюмени гимназии № 16",
        ),
        ("Вечерняя (сменная) общеобразовательная школа", "Вечерней (сменной) общеобразовательной школы"),
        ("Санаторная школа-интернат № 68", "Санаторной школы-интерната № 68"),
        ("Кадетский корпус", "Кадетского корпуса"),
        ("Комитет по образованию", "Комитета по образованию"),
        ("Отдел образования администрации Невского района", "Отдела образования администрации Невского района"),
        ("ГБОУ СОШ № 5", "ГБОУ СОШ № 5"),
        ("МБДОУ детский сад № 5", "МБДОУ детского сада № 5"),
        ("", ""),
    ],
)
def test_words_of_kind_decline_and_the_rest_stands(name: str, genitive: str) -> None:
    declined = decline_organisation(name, Case.GENITIVE)

    assert declined.text == genitive
    assert not declined.unsure


def test_accusative_of_an_organisation_is_that_of_a_thing() -> None:
    declined = decline_organisation("Кадетский корпус", Case.ACCUSATIVE)

    assert declined.text == "Кадетский корпус"
    assert not declined.unsure


@pytest.mark.parametrize("name", ["Точка", "«Школа № 5»", "<b>", "Ш" * 2000])
def test_name_without_a_word_of_kind_asks_a_person(name: str) -> None:
    declined = decline_organisation(name, Case.GENITIVE)

    assert declined == (organisations.DeclinedText(name, (organisations.UNREAD,)))


@given(
    st.one_of(st.text(max_size=60), st.text(alphabet='Школалицей№ 5«»"-()<>&', max_size=300)),
    st.sampled_from(list(Case)),
)
def test_nothing_breaks_it(name: str, case: Case) -> None:
    declined = decline_organisation(name, case)

    assert case is not Case.NOMINATIVE or declined.text == name
    assert declined.text.count("№") == name.count("№")
