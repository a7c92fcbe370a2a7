"""Names of schools taken apart, compared and matched: real misspellings survive, neighbours are never married."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schools.reconciling.match import Confidence, Entry, Matching, match
from schools.reconciling.names import parse
from tests.bench.country_list import made_up
from tests.schools.damage import Listed, damaged, misspelt, real_typos

TOWN = "Муниципальное бюджетное общеобразовательное учреждение"


def matched(theirs: list[Entry], ours: list[Entry], region: str = "") -> Matching:
    """Match two lists."""
    return match(theirs, ours, region=region)


def pair(theirs: str, ours: str, inn: str = "", our_inn: str = "", kpp: str = "") -> Matching:
    """Match a list of one row with a register of one school, both of one territory."""
    row = Entry(1, theirs, "невский район", inn=inn, kpp=kpp)
    school = Entry(7, ours, "невский район", inn=our_inn, kpp=kpp)
    return matched([row], [school])


def said(result: Matching) -> str:
    """«точно», «вероятно», «сомнительно» or «нет» of the first row."""
    if 1 in result.matches:
        return result.matches[1].confidence.word
    return "сомнительно" if 1 in result.candidates else "нет"


# Names taken apart


@pytest.mark.parametrize(
    "text, numbers",
    [
        ("МБОУ СОШ № 12А", ("12а",)),
        ("МБОУ СОШ №12-А", ("12а",)),
        ("Школа № 12 «А»", ("12а",)),
        ("школа 12 а", ("12а",)),
        ("COШ № 12A", ("12а",)),
        ("СОШ № 12 Г", ("12г",)),
        ("СОШ № 12 г. Энска", ("12",)),
        ("СОШ № 12 Г. ЭНСКА", ("12",)),
        ("СОШ № 012", ("12",)),
        ("Гимназия-5", ("5",)),
        ("Лицей №7ИМЕНИ ПУШКИНА", ("7",)),
        ("Школа № 5/12", ("5/12",)),
        ("Школа № 5 и № 7", ("5", "7")),
        ("Школа имени 50-летия Октября", ()),
        ("Гимназия 5 имени 70-летия Победы", ("5",)),
        ("СОШ № 5-я", ("5",)),
    ],
)
def test_own_number_is_found_with_its_letter(text: str, numbers: tuple[str, ...]) -> None:
    assert parse(text).numbers == numbers


@pytest.mark.parametrize(
    "one, other",
    [
        (f"{TOWN} «Средняя общеобразовательная школа № 12»", "МБОУ СОШ №12"),
        (f"{TOWN} средняя общеобразовательная школа с. Ивановка", "МБОУ СОШ села Ивановка"),
        ("муниипальное бюджнтное общеобразоватлеьное учре-ждение Ивановская СОШ", "МБОУ Ивановская СОШ"),
        ("учреждениеЛицей №7", "Лицей № 7"),
        ("МАОУООШ № 3", "МАОУ ООШ № 3"),
        ("Муниципальноеобщеобразовательноеучреждение Каменская средняяшкола", "МОУ Каменская средняя школа"),
        ("В (С) ОШ № 1", "Вечерняя (сменная) общеобразовательная школа № 1"),
        ("Школа Ново - Савиновского района", "Школа Ново-Савиновского района"),
        ("казённоеобще образовательное учреждение СОШ № 4", "МКОУ СОШ № 4"),
    ],
)
def test_names_that_say_the_same_come_apart_alike(one: str, other: str) -> None:
    assert parse(one).key == parse(other).key


@given(st.text(max_size=80))
def test_any_text_comes_apart(text: str) -> None:
    name = parse(text)

    assert len(name.words) == len(name.shown)


# Pairs


@pytest.mark.parametrize(
    "theirs, ours",
    [
        ("МБОУ СОШ № 12А", "МБОУ СОШ № 12"),
        ("МБОУ СОШ № 12", "МБОУ СОШ № 12А"),
        ("МБОУ СОШ № 121", "МБОУ СОШ № 112"),
        ("Лицей № 5", "Гимназия № 5"),
        ("Школа-интернат № 5", "Лицей № 5"),
        ("СОШ с. Ивановка", "СОШ с. Петровка"),
        ("Школа № 5 и № 7", "Школа № 5"),
    ],
)
def test_neighbours_are_not_even_candidates(theirs: str, ours: str) -> None:
    assert said(pair(theirs, ours)) == "нет"


@pytest.mark.parametrize(
    "theirs, ours",
    [
        ("СОШ с. Верхний Яр", "СОШ с. Нижний Яр"),
        ("Ново-Ивановская СОШ", "Ивановская СОШ"),
        ("СОШ № 5 с. Ключи", "СОШ № 5 с. Липовка"),
        ("Школа № 5", "Гимназия № 5"),
        ("ООШ с. Ивановка", "СОШ с. Ивановка"),
        ("Частная школа № 5 «Росток»", "Школа № 5 «Колос»"),
        ("Ивановская СОШ", "Ивановская СОШ № 2"),
        ("Средняя школа", "Средняя школа"),
    ],
)
def test_what_may_be_another_school_waits_for_a_person(theirs: str, ours: str) -> None:
    assert said(pair(theirs, ours)) in {"сомнительно", "нет"}


@pytest.mark.parametrize(
    "theirs, ours",
    [
        ("СОШ с. Ивановка имени Героя Советского Союза П. П. Кленова", "СОШ с. Ивановка"),
        ("Сергиевская СОШ", "СОШ в посёлке Сергиево"),
        ("Школа № 5", "СОШ № 5"),
        ("СОШ с. Бермамыт", "СОШ с. Бирмамыт"),
        ("ГБОУ Школа № 1210 с углубленным изучениеманглийского языка", "Школа № 1210"),
        ("Краснаягорка школа", "Школа Красная Горка"),
    ],
)
def test_same_school_in_other_words_is_likely(theirs: str, ours: str) -> None:
    assert said(pair(theirs, ours)) == "вероятно"


def test_a_word_our_register_knows_is_no_misprint() -> None:
    ours = [Entry(7, "СОШ с. Ивановка", "район"), Entry(8, "СОШ с. Ивашовка", "другой район")]

    result = matched([Entry(1, "СОШ с. Ивашовка", "район")], ours)

    assert 1 not in result.matches


def test_two_alike_leave_a_doubt_with_both_named() -> None:
    ours = [Entry(7, "СОШ с. Каменка", "район"), Entry(8, "СОШ с. Каменки Малые", "район")]
    ours.append(Entry(9, "СОШ с. Камянка", "район"))

    result = matched([Entry(1, "СОШ с. Кымянка", "район")], ours)

    assert 1 not in result.matches or result.matches[1].school == 9


def test_same_name_in_another_territory_is_doubtful() -> None:
    result = matched([Entry(1, "СОШ № 5", "южный район")], [Entry(7, "СОШ № 5", "северный район")])

    assert said(result) == "сомнительно"
    assert "территория другая" in result.candidates[1][0].reason


def test_schools_of_one_name_are_never_guessed() -> None:
    ours = [Entry(7, "СОШ № 1", "северный район"), Entry(8, "СОШ № 1", "южный район")]

    result = matched([Entry(1, "СОШ № 1")], ours)

    assert said(result) == "сомнительно"
    assert {one.school for one in result.candidates[1]} == {7, 8}


# Codes


def test_codes_come_before_names() -> None:
    result = pair("Лицей № 9", "Школа № 5", "0701000010", "0701000010", "070101001")

    assert said(result) == "точно"
    assert result.matches[1].name_differs


def test_branch_is_told_from_its_head_by_kpp() -> None:
    def school(number: int, title: str, kpp: str, *, branch: bool) -> Entry:
        return Entry(number, title, inn="0701000010", ogrn="1020700000000", kpp=kpp, is_branch=branch)

    ours = [
        school(7, "Школа № 5", "070101001", branch=False),
        school(8, "Филиал школы № 5", "070143001", branch=True),
    ]
    theirs = [school(1, "Филиал", "070143001", branch=True), school(2, "Школа 5", "070101001", branch=False)]

    result = matched(theirs, ours)

    assert {row: one.school for row, one in result.matches.items()} == {1: 8, 2: 7}


def test_name_of_one_and_code_of_another_is_for_a_person() -> None:
    ours = [Entry(7, "Школа № 5", "район", ogrn="1"), Entry(8, "Школа № 7", "район", ogrn="2")]

    result = matched([Entry(1, "Школа № 7", "район", ogrn="1")], ours)

    assert said(result) == "сомнительно"
    assert {one.school for one in result.candidates[1]} == {7, 8}


def test_same_name_with_other_codes_is_doubtful() -> None:
    result = pair("Школа № 5", "Школа № 5", inn="1", our_inn="2")

    assert said(result) == "сомнительно"
    assert "коды другие" in result.candidates[1][0].reason


def test_numbers_of_another_register_are_not_believed() -> None:
    ours = [Entry(n, f"Школа № {n}", external_id=str(n)) for n in range(1, 21)]
    theirs = [Entry(n, f"Школа № {n + 1}", external_id=str(n)) for n in range(1, 20)]

    result = matched(theirs, ours)

    assert all(result.matches[n].school == n + 1 for n in range(1, 20))


def test_row_that_says_a_school_again_is_a_duplicate() -> None:
    rows = [Entry(1, "Школа № 5", "район"), Entry(2, "школа №5", "район"), Entry(3, "Школа № 6", "район")]

    result = matched(rows, [Entry(7, "Школа № 5", "район")])

    assert result.duplicates == {2: (1, "то же название")}
    assert result.matches[1].confidence == Confidence.CERTAIN


def test_schools_of_one_name_without_territory_are_no_duplicates() -> None:
    result = matched([Entry(1, "СОШ № 1"), Entry(2, "СОШ № 1")], [])

    assert not result.duplicates


# Whole lists


def entries(listed: list[Listed], *, codes: bool) -> list[Entry]:
    """A list as the matcher takes it; ids are positions."""
    return [
        Entry(place, one.name, one.territory.lower(), **(one.codes if codes else {}))  # type: ignore[arg-type]
        for place, one in enumerate(listed)
    ]


@pytest.mark.parametrize("codes", [True, False], ids=["with codes", "names only"])
@settings(max_examples=8)
@given(seed=st.integers(0, 10_000))
def test_damaged_list_of_villages_makes_no_false_marriage(codes: bool, seed: int) -> None:
    schools = list(made_up(300, 12, seed))
    theirs = damaged(schools, seed, typos=real_typos(), shares=(0.3, 0.05, 0.05))

    result = matched(entries(theirs, codes=codes), entries(schools, codes=codes))

    right = {place: one.truth - 1 for place, one in enumerate(theirs) if one.truth}
    wrong = [
        (theirs[row].name, schools[one.school].name) for row, one in result.matches.items() if one.school != right[row]
    ]
    unlike = [row for row in result.matches if not codes and theirs[row].was == "renumbered"]
    expected = [place for place, one in enumerate(theirs) if codes or one.was != "renumbered"]
    assert wrong == []
    assert unlike == []
    assert sum(place in result.matches for place in expected) >= 0.96 * len(expected)


@settings(max_examples=25)
@given(seed=st.integers(0, 10_000))
def test_no_school_is_given_to_two_rows_and_every_row_has_one_fate(seed: int) -> None:
    dice = random.Random(seed)
    schools = list(made_up(40, 3, seed))
    theirs = entries(damaged(schools, seed, shares=(0.4, 0.1, 0.1)) * 2, codes=dice.random() < 0.5)

    result = matched(theirs, entries(schools, codes=True))

    given_out = [one.school for one in result.matches.values()]
    assert len(given_out) == len(set(given_out))
    assert not set(result.matches) & set(result.duplicates)
    assert not set(result.matches) & set(result.candidates)
    assert not set(given_out) & {one.school for found in result.candidates.values() for one in found}


@given(seed=st.integers(0, 10_000))
def test_misspelling_keeps_the_number(seed: int) -> None:
    name = f"{TOWN} «Средняя общеобразовательная школа № 12А» с. Ивановка"

    assert parse(misspelt(name, random.Random(seed), real_typos())).numbers == ("12а",)
