"""A register of schools: its headings, short names and kinds read from full names, whole records."""

import collections
import csv
import pathlib

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from schools import registers
from schools.headers import Column, Headers, column_letter, header_key
from schools.kinds import KIND_BY_KEY
from schools.registers import COLUMNS, clean_record, kind_of, match_headers, short_name_of
from schools.values import clean_text

MOSCOW = pathlib.Path(__file__).parents[3] / "shared/data/schools/moscow-2016.csv"
STATE = "Государственное бюджетное общеобразовательное учреждение"
TOWN = "Муниципальное бюджетное общеобразовательное учреждение"
WORDS = st.lists(
    st.sampled_from(
        [
            STATE,
            TOWN,
            "города Энска",
            "средняя",
            "общеобразовательная",
            "школа",
            "№ 5",
            "«",
            "»",
            "имени",
            "с.",
            "Ивановка",
        ]
    ),
    max_size=9,
).map(" ".join)


def test_headings_of_moscows_open_data_are_recognised() -> None:
    match = match_headers([["AdmArea", "District", "EDU_NAME", "OGRN", "YEAR", ""]])

    assert match.is_usable
    assert match.columns == {0: "municipality", 1: "district", 2: "full_name", 3: "ogrn"}
    assert [column.text for column in match.unknown] == ["YEAR"]


IDS = ["global_id", "ID", "Код ОО", "EDU_NAME", "AdmArea", "OGRN", "Телефон", "Phone"]


@given(st.permutations(range(len(IDS))))
def test_which_of_two_names_is_read_does_not_hang_on_their_order(order: list[int]) -> None:
    match = match_headers([[IDS[index] for index in order]])

    read = {key: IDS[order[place]] for place, key in match.columns.items()}
    assert read["external_id"] == "global_id"
    assert read["phone"] == "Телефон"


@pytest.mark.parametrize("column", COLUMNS, ids=lambda column: column.key)
def test_any_two_names_of_a_column_are_ranked_in_their_listed_order(column: Column) -> None:
    by_key: dict[str, str] = {}
    for name in (column.header, *column.synonyms):
        by_key.setdefault(header_key(name), name)
    names = list(by_key.values())
    others = ["EDU_NAME", "AdmArea"] if column.key not in {"full_name", "municipality"} else ["OGRN", "INN", "EDU_NAME"]
    for first, second in zip(names, names[1:], strict=False):
        for pair in ([first, second], [second, first]):
            match = match_headers([[*others, *pair]])
            read = {key: [*others, *pair][index] for index, key in match.columns.items()}

            assert column.is_ignored or read[column.key] in {first, *others}, (first, second, read)


def test_headings_of_rosobrnadzor_are_recognised() -> None:
    header = ["FullName", "ShortName", "IsBranch", "PostAddress", "Phone", "Email", "WebSite", "OGRN", "INN", "KPP"]

    match = match_headers([[*header, "HeadName", "KindName", "RegionName"]])

    assert list(match.columns.values()) == [
        "full_name",
        "short_name",
        "is_branch",
        "address",
        "phone",
        "email",
        "website",
        "ogrn",
        "inn",
        "kpp",
        "director_name",
        "kind",
        "region",
    ]


def test_every_heading_of_the_register_finds_its_own_column() -> None:
    for column in COLUMNS:
        for heading in (column.header, *column.synonyms):
            found = registers.match_headers([["Полное наименование", "Муниципалитет", heading]])

            assert column.is_ignored or column.key in found.columns.values(), heading


def test_staff_list_is_not_a_register() -> None:
    match = match_headers([["Фамилия", "Имя", "Телефон", "Электронная почта"]])

    assert not match.is_usable
    assert "реестра школ" in match.problems[0].message


@pytest.mark.parametrize(
    "full, short",
    [
        (f"{STATE} города Энска «Школа № 426»", "ГБОУ «Школа № 426»"),
        (f"{STATE} средняя общеобразовательная школа № 375 Красносельского района Санкт-Петербурга", "ГБОУ СОШ № 375"),
        (f"{STATE} гимназия №5 имени Поэта", "ГБОУ гимназия № 5"),
        (f'{TOWN} "Средняя общеобразовательная школа №5 имени Героя" г. Энска', "МБОУ «СОШ № 5»"),
        (f"{TOWN} средняя общеобразовательная школа села Ивановка Петровского района", "МБОУ СОШ с. Ивановка"),
        (f"{TOWN} основная общеобразовательная школа № 2 посёлка Лесной", "МБОУ ООШ № 2 п. Лесной"),
        (f"{TOWN} «Гимназия «Пушкинская»", "МБОУ «Гимназия «Пушкинская»"),
        ("Муниципальное бюджетное дошкольное образовательное учреждение детский сад № 5", "МБДОУ детский сад № 5"),
        ("Муниципальное казённое общеобразовательное учреждение «Лицей № 1»", "МКОУ «Лицей № 1»"),
        ("Муниципальное бюджетное учреждение дополнительного образования «Дом творчества»", "МБУ ДО «Дом творчества»"),
        ("Автономная некоммерческая общеобразовательная организация «Школа радости»", "АНОО «Школа радости»"),
        ("ГБОУ СОШ №375", "ГБОУ СОШ № 375"),
        ("", ""),
    ],
)
def test_short_name_is_made_of_form_kind_and_number(full: str, short: str) -> None:
    made = short_name_of(full)

    assert made == short


@pytest.mark.parametrize(
    "name, kind",
    [
        (f"{STATE} «Школа № 426»", "school"),
        ("ГБОУ СОШ № 375", "school"),
        (f"{TOWN} «Гимназия № 2»", "gymnasium"),
        (f"{TOWN} лицей № 2", "lyceum"),
        (f"{TOWN} «Школа-интернат № 3»", "boarding"),
        (f"{TOWN} «Кадетская школа-интернат»", "cadet"),
        (f"{TOWN} «Вечерняя (сменная) школа № 1»", "evening"),
        (f"{TOWN} «Специальная (коррекционная) школа-интернат № 4»", "special"),
        ("Муниципальное дошкольное образовательное учреждение детский сад № 5", "preschool"),
        (f"{TOWN} «Начальная школа - детский сад № 5»", "school"),
        ("Государственное бюджетное профессиональное образовательное учреждение «Колледж № 5»", "vocational"),
        ("МБУ ДО «Детская музыкальная школа № 1»", "additional"),
        ("Государственное образовательное учреждение высшего образования «Институт» (школа № 179)", "higher"),
        ("Администрация района", "other"),
        ("", "other"),
    ],
)
def test_kind_is_guessed_from_the_name(name: str, kind: str) -> None:
    guessed = kind_of(name)

    assert guessed == kind
    assert guessed in KIND_BY_KEY


def test_record_is_completed_from_the_full_name() -> None:
    values, problems = clean_record(
        {"full_name": f"{STATE} «Лицей № 7»", "inn": "707007498", "declared_teachers": "56.0"}
    )

    assert (values["short_name"], values["kind"]) == ("ГБОУ «Лицей № 7»", "lyceum")
    assert (values["inn"], values["declared_teachers"]) == ("0707007498", 56)
    assert [(key, problem.code) for key, problem in problems] == [("inn", "zeros_restored")]


def test_record_without_a_name_is_a_mistake() -> None:
    _, problems = clean_record({"full_name": " ", "inn": "7707083893"})

    assert [(key, problem.code) for key, problem in problems] == [("full_name", "name_missing")]


def test_inn_of_a_person_is_not_a_schools() -> None:
    cleaned = registers.clean_school_inn("500100732259")

    assert cleaned.is_mistaken


@pytest.mark.parametrize(
    "text, status",
    [
        ("Действует", "active"),
        ("да", "active"),
        ("Данных нет", ""),
        ("ликвидирована", "closed"),
        ("Недействующее", "closed"),
        ("Деятельность прекращена", "closed"),
        ("В стадии реорганизации", "reorganised"),
        ("Находится в процессе ликвидации", "closing"),
        ("временно приостановлена", "suspended"),
    ],
)
def test_status_is_read_by_the_beginnings_of_its_words(text: str, status: str) -> None:
    cleaned = registers.clean_status(text)

    assert cleaned.value == status


def test_heading_of_two_columns_is_refused_when_the_data_are_written() -> None:
    columns = (Column("one", "Имя", clean_text), Column("two", "Фамилия", clean_text, ("имя*",)))

    with pytest.raises(ValueError):
        Headers(columns, (("one",),), sheet="списка")


@pytest.mark.parametrize("index, letters", [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")])
def test_column_is_lettered_as_in_excel(index: int, letters: str) -> None:
    found = column_letter(index)

    assert found == letters


@pytest.mark.corpus
@pytest.mark.skipif(not MOSCOW.exists(), reason="../shared/data is absent")
def test_real_register_of_626_schools_is_read_without_a_mistake() -> None:
    with MOSCOW.open(encoding="utf-8") as file:
        rows = list(csv.reader(file, delimiter=";"))
    match = match_headers(rows)

    records = [
        clean_record({key: row[index] for index, key in match.columns.items()}) for row in rows[match.first_data_row :]
    ]

    assert len(records) == 626
    assert not any(problems for _, problems in records)
    assert all(values["short_name"].startswith("Г") and len(values["short_name"]) < 110 for values, _ in records)
    assert collections.Counter(values["kind"] for values, _ in records)["other"] == 0


@example(name=f"{STATE} {'школа ' * 40}")
@example(name="школа " * 33 + "а бв")
@given(name=st.one_of(WORDS, st.text(max_size=40)))
def test_short_name_of_a_short_name_is_itself(name: str) -> None:
    short = short_name_of(name)

    assert short_name_of(short) == short
    assert kind_of(name) in KIND_BY_KEY


@pytest.mark.parametrize("column", COLUMNS, ids=lambda column: column.key)
@given(text=st.one_of(st.text(max_size=30), st.text(alphabet="0123456789.,-/:@ еaА", max_size=16)))
def test_no_text_breaks_a_cleaner_of_the_register(column: Column, text: str) -> None:
    cleaned = column.cleaner(text)

    if cleaned.problem and cleaned.problem.suggestion is not None:
        assert not column.cleaner(cleaned.problem.suggestion).is_mistaken
    if isinstance(cleaned.value, str):
        assert column.cleaner(cleaned.value).value == cleaned.value
