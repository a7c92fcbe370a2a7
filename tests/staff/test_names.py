"""The name rules of the ministry's slides: letters, glued and missing patronymics, order, keys, the indicator."""

import pathlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from staff import names
from staff.names import NO_PATRONYMIC, FullName

NAMES = pathlib.Path(__file__).parents[3] / "shared/data/names"
LETTERS = st.text(alphabet="АВЕНОРСТанвокыиглшуёйABCEHKMOPTXaceopxbnui -–—’'.·()0123ك́\u200b\u0301", max_size=24)
CELLS = st.one_of(
    LETTERS, st.text(max_size=20), st.sampled_from(["Анна", "Анна-Викторовна", "Али оглы", "нет", "", "Ильич", "О."])
)


def _codes(person: names.PersonName) -> dict[str, str]:
    return {field: problem.code for field, problem in person.problems}


@pytest.mark.parametrize(
    "last, first, patronymic",
    [
        ("Каренина", "Ольга", "Семёновна"),
        ("Мороз", "Зоя", "Талгатовна"),
        ("О", "Александр", "Павлович"),
        ("Ю", "Ольга", "Сергеевна"),
        ("Мак-Грегор", "Иван", "Петрович"),
        ("д’Артаньян", "Шарль", "Петрович"),
        ("Салтыков-Щедрин", "Михаил", "Евграфович"),
        ("фон Браун", "Анна", "Ивановна"),
        ("Ким", "София-Солнышко", "Игоревна"),
        ("Иванова", "Анна-Мария", "Петровна"),
        ("Мамедов", "Али", "Гасан оглы"),
        ("Мамедова", "Лейла", "Гасан-кызы"),
        ("Усенов", "Бакыт", "Токтогул уулу"),
        ("Войнович", "Иван", "Петрович"),
    ],
)
def test_right_name_passes_unchanged(last: str, first: str, patronymic: str) -> None:
    person = names.clean_person(last, first, patronymic)

    assert person == names.PersonName(last, first, patronymic, False)
    assert names.name_issue(last, first, patronymic, False) == ""


@pytest.mark.parametrize(
    "first, suggestion",
    [
        ("Анна-Викторовна", "Анна · Викторовна"),
        ("светлана – александровна", "Светлана · Александровна"),
        ("Пётр-Ильич", "Пётр · Ильич"),
        ("Анна Викторовна", "Анна · Викторовна"),
        ("Анна-Мария-Петровна", "Анна-Мария · Петровна"),
        ("Али-Гасан-оглы", "Али · Гасан-оглы"),
        ("Гасан-оглы", None),
        ("Анна-Мария", None),
    ],
)
def test_glued_patronymic_is_found_and_a_split_offered(first: str, suggestion: str | None) -> None:
    person = names.clean_person("Зимина", first, "")

    problem = next((problem for _, problem in person.problems if problem.code == "glued"), None)

    assert (problem.suggestion if problem else None) == suggestion


def test_accepted_split_puts_both_parts_in_their_fields() -> None:
    person = names.clean_person("Зимина", "Анна · Викторовна", "")

    assert person == names.PersonName("Зимина", "Анна", "Викторовна", False)


def test_patronymic_repeated_in_the_name_is_taken_out() -> None:
    person = names.clean_person("Зимина", "Анна-Викторовна", "Викторовна")

    assert [(field, problem.suggestion) for field, problem in person.problems] == [("first_name", "Анна")]


@pytest.mark.parametrize("first", ["Анна-Викторовна", "Анна · Викторовна"])
def test_two_different_patronymics_are_a_mistake(first: str) -> None:
    person = names.clean_person("Зимина", first, "Петровна")

    assert [(field, problem.severity, problem.suggestion) for field, problem in person.problems] == [
        ("first_name", "mistake", None)
    ]


@pytest.mark.parametrize("blank", ["", "  ", "\u200b", "\ufeff\u00a0"])
def test_invisible_surname_is_a_missing_one(blank: str) -> None:
    person = names.clean_person(blank, "Анна", "Петровна")

    assert _codes(person) == {"last_name": "last_name_missing"}


def test_missing_patronymic_is_a_warning_until_it_is_said_to_be_absent() -> None:
    silent, said = names.clean_person("Еолян", "Нина", ""), names.clean_person("Еолян", "Нина", NO_PATRONYMIC)

    assert [(field, problem.severity, problem.suggestion) for field, problem in silent.problems] == [
        ("patronymic", "warning", NO_PATRONYMIC)
    ]
    assert said == names.PersonName("Еолян", "Нина", "", True)


@pytest.mark.parametrize(
    "word", ["нет", "-", "—", "Отсутствует", "без отчества", "НЕТ ПО ДОКУМЕНТАМ", "не имеет", "нет."]
)
def test_words_for_no_patronymic_are_understood(word: str) -> None:
    person = names.clean_person("Еолян", "Нина", word)

    assert person == names.PersonName("Еолян", "Нина", "", True)


@pytest.mark.parametrize(
    "text, code, suggestion",
    [
        ("Pябова", "mixed_alphabets", "Рябова"),
        ("Аكопов", "mixed_alphabets", "Акопов"),
        ("Αкопов", "mixed_alphabets", "Акопов"),
        ("Иванoвa", "mixed_alphabets", "Иванова"),
        ("POMAHOB", "not_cyrillic", "Романов"),
        ("Ivanova", "not_cyrillic", None),
        ("Иванова1", "digits", "Иванова"),
        ("Иван0ва", "digits", "Иванова"),
        ("Иванова (Петрова)", "symbols", "Иванова"),
        ("Иванова*", "symbols", "Иванова"),
    ],
)
def test_wrong_signs_are_mistakes_with_the_right_spelling(text: str, code: str, suggestion: str | None) -> None:
    cleaned = names.clean_last_name(text)

    assert cleaned.is_mistaken
    assert cleaned.value == ""
    assert cleaned.problem is not None
    assert (cleaned.problem.code, cleaned.problem.suggestion) == (code, suggestion)


@pytest.mark.parametrize(
    "clean, text, suggestion",
    [
        (names.clean_last_name, "Hurn", None),
        (names.clean_last_name, "Hope", None),
        (names.clean_first_name, "Anna", None),
        (names.clean_first_name, "Etta", None),
        (names.clean_first_name, "AHHA", "Анна"),
        (names.clean_last_name, "КАРПОВ-POMAHOB", "Карпов-Романов"),
        (names.clean_first_name, "Мария-Anna", None),
        (names.clean_first_name, "Poмa", "Рома"),
        (names.clean_last_name, "Пonова", "Попова"),
        (names.clean_last_name, "Hurnа", None),
    ],
)
def test_latin_word_is_no_misprint_of_a_russian_one(clean: Any, text: str, suggestion: str | None) -> None:
    problem = clean(text).problem

    assert (problem.severity, problem.suggestion) == ("mistake", suggestion)


def test_foreign_letter_is_named_with_its_place() -> None:
    first, fourth = names.clean_last_name("Pябова").problem, names.clean_last_name("Рябoва").problem

    assert first is not None
    assert first.message == "Первая буква — латинская P: замените русской"
    assert fourth is not None
    assert fourth.message == "4-я буква — латинская o: замените русской"


@pytest.mark.parametrize(
    "text, proper",
    [
        ("ИВАНОВА", "Иванова"),
        ("иванова", "Иванова"),
        ("МАК-ГРЕГОР", "Мак-Грегор"),
        ("Д'АРТАНЬЯН", "д’Артаньян"),
        ("о’нил", "О’Нил"),
        ("ФОН БРАУН", "фон Браун"),
        ("ГАСАН ОГЛЫ", "Гасан оглы"),
    ],
)
def test_capitals_are_put_right_with_a_warning(text: str, proper: str) -> None:
    cleaned = names.clean_last_name(text)

    assert cleaned.value == proper
    assert cleaned.problem is not None
    assert (cleaned.problem.severity, cleaned.problem.code) == ("warning", "letter_case")


@pytest.mark.parametrize("text, value", [("Иванова —Петрова", "Иванова-Петрова"), ("Ди  Каприо", "Ди Каприо")])
def test_doubled_spaces_and_wrong_dashes_are_put_right(text: str, value: str) -> None:
    cleaned = names.clean_last_name(text)

    assert cleaned.value == value
    assert cleaned.problem is not None
    assert cleaned.problem.code == "signs"


def test_initials_are_a_warning() -> None:
    person = names.clean_person("Иванова", "О.", "И.")

    assert _codes(person) == {"first_name": "initials", "patronymic": "initials"}


@pytest.mark.parametrize(
    "last, first, patronymic, codes",
    [
        ("Иванов", "Анна", "Петрович", {"patronymic": "gender"}),
        ("Берёзкина", "Ренар", "Петрович", {"patronymic": "gender"}),
        ("Ким", "Саша", "Петровна", {}),
        ("Петрова", "Викторовна", "Анна", {"first_name": "swapped"}),
    ],
)
def test_parts_that_disagree_are_a_warning(last: str, first: str, patronymic: str, codes: dict[str, str]) -> None:
    person = names.clean_person(last, first, patronymic)

    assert _codes(person) == codes
    assert all(problem.severity == "warning" for _, problem in person.problems)


@pytest.mark.parametrize(
    "text, parts",
    [
        ("Каренина Ольга Семёновна", ("Каренина", "Ольга", "Семёновна")),
        ("Ольга Семёновна Каренина", ("Каренина", "Ольга", "Семёновна")),
        ("Иванова Анна-Викторовна", ("Иванова", "Анна-Викторовна", "")),
        ("Анна-Викторовна Зимина", ("Зимина", "Анна-Викторовна", "")),
        ("Нина Еолян", ("Еолян", "Нина", "")),
        ("Вера Уральская", ("Уральская", "Вера", "")),
        ("Иванова О.И.", ("Иванова", "О.", "И.")),
        ("Мамедов Али Гасан оглы", ("Мамедов", "Али", "Гасан оглы")),
        ("фон Браун Анна Ивановна", ("фон Браун", "Анна", "Ивановна")),
        ("Войнович Иван Петрович", ("Войнович", "Иван", "Петрович")),
        ("Еолян Нина (нет отчества)", ("Еолян", "Нина", NO_PATRONYMIC)),
        ("", ("", "", "")),
    ],
)
def test_full_name_is_taken_apart_in_either_order(text: str, parts: tuple[str, str, str]) -> None:
    split = names.split_full_name(text)

    assert split[:3] == parts


def test_confidence_tells_a_sure_order_from_a_guess() -> None:
    sure, guess = names.split_full_name("Мороз Зоя Талгатовна"), names.split_full_name("Тху Минь Лан")

    assert sure.confidence == 1
    assert guess.confidence < 0.7
    assert isinstance(guess, FullName)


def test_suggestion_for_a_full_name_mends_the_whole_cell() -> None:
    _, problems = names.clean_full_name("Анна-Викторовна Pябова")

    assert {problem.suggestion for problem in problems} == {"Рябова Анна · Викторовна"}
    mended, left = names.clean_full_name("Рябова Анна · Викторовна")
    assert mended == names.PersonName("Рябова", "Анна", "Викторовна", False)
    assert left == ()


def test_mending_a_letter_does_not_say_that_there_is_no_patronymic() -> None:
    _, problems = names.clean_full_name("Pябова Вера")

    assert {problem.code: problem.suggestion for problem in problems} == {
        "mixed_alphabets": "Рябова Вера",
        "patronymic_missing": NO_PATRONYMIC,
    }


@pytest.mark.parametrize(
    "text, told",
    [
        ("Сидорова А.Б.", [("initials", None)]),
        ("иванов иван иванович", [("letter_case", "Иванов Иван Иванович")]),
        ("Pябова Верa Юрьевна", [("mixed_alphabets", "Рябова Вера Юрьевна")]),
        ("Hurn Etta", [("not_cyrillic", None), ("patronymic_missing", NO_PATRONYMIC)]),
    ],
)
def test_whole_name_in_one_cell_is_told_each_defect_once(text: str, told: list[tuple[str, str | None]]) -> None:
    _, problems = names.clean_full_name(text)

    assert [(problem.code, problem.suggestion) for problem in problems] == told


def test_message_about_a_whole_name_speaks_of_the_whole() -> None:
    _, (small,) = names.clean_full_name("иванов иван иванович")
    _, (latin,) = names.clean_full_name("Рябова Верa Юрьевна")

    assert small.message == "Записано строчными буквами: запишем «Иванов Иван Иванович»"
    assert latin.message == "Среди русских букв чужая: a. Замените русской"


def test_endless_text_is_refused_at_once() -> None:
    _, problems = names.clean_full_name("(" * 100_000)

    assert [problem.code for problem in problems] == ["long"]


@pytest.mark.parametrize(
    "one, other",
    [
        (("Семёнова", "Анна-Мария", "Ильинична"), ("СЕМЕНОВА", "Анна Мария", "Ильична")),
        (("Pябова", "Нина", "Валериевна"), ("Рябова", "Нина", "Валерьевна")),
        (("О'Нил", "Юрий", "Гасан оглы"), ("О’Нил", "Юрий", "Гасан-Оглы")),
        (("Еолян", "Нина", ""), ("Еолян", "Нина", NO_PATRONYMIC)),
    ],
)
def test_key_is_equal_for_spellings_of_one_person(one: tuple[str, str, str], other: tuple[str, str, str]) -> None:
    keys = {names.name_key(*one), names.name_key(*other)}

    assert len(keys) == 1


@pytest.mark.parametrize(
    "last, first, patronymic, absent, issue",
    [
        ("Еолян", "Нина", "", False, "patronymic_missing"),
        ("Еолян", "Нина", "", True, ""),
        ("Зимина", "Анна-Викторовна", "", False, "glued"),
        ("Зимина", "Анна-Викторовна", "", True, "glued"),
        ("Pябова", "Вера", "", False, "mixed_alphabets"),
        ("РЯБОВА", "Вера", "Юрьевна", False, "letter_case"),
        ("", "Вера", "Юрьевна", False, "last_name_missing"),
        ("Иванов", "Анна", "Петрович", False, ""),
    ],
)
def test_issue_of_a_name_is_its_worst_defect(last: str, first: str, patronymic: str, absent: bool, issue: str) -> None:
    found = names.name_issue(last, first, patronymic, absent)

    assert found == issue
    assert not found or found in names.ISSUES


@pytest.mark.corpus
@pytest.mark.skipif(not NAMES.exists(), reason="../shared/data is absent")
def test_patronymics_of_a_large_list_tell_their_gender() -> None:
    rows = [line.split("\t") for line in (NAMES / "midnames.gender.tsv").read_text("utf-8").splitlines()[1:]]

    right = sum(names.gender_of_patronymic(word) == {"мр": "m", "жр": "f"}.get(gender) for word, gender in rows)

    assert right / len(rows) > 0.99


@given(last=CELLS, first=CELLS, patronymic=CELLS)
def test_cleaning_a_person_twice_is_cleaning_once(last: str, first: str, patronymic: str) -> None:
    once = names.clean_person(last, first, patronymic)
    absent = NO_PATRONYMIC if once.no_patronymic else once.patronymic

    twice = names.clean_person(once.last_name, once.first_name, absent)

    assert twice[:4] == once[:4]
    assert (once.last_name and once.first_name) or any(problem.severity == "mistake" for _, problem in once.problems)


@given(last=CELLS, first=CELLS, patronymic=CELLS)
def test_accepting_a_suggestion_leaves_no_mistake_in_its_cell(last: str, first: str, patronymic: str) -> None:
    cells = {"last_name": last, "first_name": first, "patronymic": patronymic}
    offered = [(field, problem) for field, problem in names.clean_person(**cells).problems if problem.suggestion]

    for field, problem in offered:
        mended = names.clean_person(**{**cells, field: problem.suggestion or ""})

        assert (field, problem.code) not in {(field, other.code) for field, other in mended.problems}


@given(text=st.one_of(CELLS, st.lists(CELLS, max_size=5).map(" ".join)))
def test_no_text_breaks_the_splitting_of_a_full_name(text: str) -> None:
    split = names.split_full_name(text)
    person, _ = names.clean_full_name(text)

    assert 0 <= split.confidence <= 1
    assert not (person.no_patronymic and person.patronymic)
    assert len(names.name_issue(*person)) <= 20 if len(person) == 4 else True
    assert names.name_key(*split[:3]).count("|") >= 2
