"""What a file of chats would do: rows recognised, compared field by field, mistakes told in their cells."""

import datetime

import pytest

from chats.models import Chat
from chats.talks.sheet.present import chat_key
from schools.models import SchoolClass
from staff.models import ImportStage
from tests.chats.school import FOREIGN, MAX, VK, Made, chat
from tests.chats.sheet.books import OWN, actions, applied, fixed, of_rows, planned, row, told
from tests.conftest import Cast
from tests.staff.uploads import SNILS, csv_of, person, xlsx_of

pytestmark = pytest.mark.django_db
JOIN = "https://max.ru/join/a"


def own(cast: Cast, *rows: tuple[str, ...], headers: tuple[str, ...] = OWN):  # type: ignore[no-untyped-def]
    """A school's own spreadsheet, planned; short rows are filled with empty cells."""
    whole = [(*each, *[""] * (len(headers) - len(each))) for each in rows]
    return of_rows(cast.school, cast.sveta, *whole, headers=headers)


# Recognising


def test_export_is_recognised_by_number_then_link_then_title(cast: Cast, made: Made) -> None:
    numbered = chat(made.school, 13, title="Сайт", external_id="77")
    linked = chat(made.school, 1, title="Админы", link=JOIN)
    named = chat(made.school, 18, title="Совет родителей «Вместе»")

    upload = of_rows(
        cast.school,
        cast.sveta,
        ("Сайт школы", "", "77", "5", ""),
        ("Администрация", f"{JOIN}/", "", "5", ""),
        ("СОВЕТ родителей вместе", "https://max.ru/join/b", "78", "5", ""),
    )

    assert [row(upload, number).chat_id for number in (2, 3, 4)] == [numbered.pk, linked.pk, named.pk]
    assert row(upload, 2).changes == {"title": ["Сайт", "Сайт школы"]}
    assert row(upload, 3).changes == {"title": ["Админы", "Администрация"]}
    assert row(upload, 4).changes == {"link": ["", "https://max.ru/join/b"], "external_id": ["", "78"]}


@pytest.mark.parametrize(
    "title, case, place",
    [
        ("6Б. Родители", 15, "6Б"),
        ("6 «Б» родители", 15, "6Б"),
        ("6Б Poдители", 15, "6Б"),
        ("Чат «Родители 6Б»", 15, "6Б"),
        ("6Б. Класс", 14, "6Б"),
        ("МО естественные науки", 5, "естественные науки"),
        ("старостат", 19, ""),
        ("6Б. Дети и родители", 16, "6Б"),
    ],
)
def test_new_chat_is_known_by_the_naming_rule(cast: Cast, made: Made, title: str, case: int, place: str) -> None:
    found = row(of_rows(cast.school, cast.sveta, (title, JOIN, "", "", "")))

    assert found.action == "new"
    assert (found.facts["use_case"], found.about["place"], found.title) == (case, place, title)
    assert found.facts["channel"] == MAX


def test_chat_nobody_knows_is_listed_and_placed_by_a_person(cast: Cast, made: Made) -> None:
    upload = of_rows(cast.school, cast.sveta, ("Наши котики", JOIN, "9", "", ""), ("Ещё один", "", "10", "", ""))
    assert actions(upload) == ["unknown", "unknown"]

    upload = fixed(upload, cast.sveta, r2_case="15", r2_place="6Б", r3_skip="да")

    assert actions(upload) == ["new"]
    assert upload.summary["skipped"] == [3]
    found = row(upload)
    assert (found.title, found.facts["class_name"], found.facts["external_id"]) == ("Наши котики", "6Б", "9")


def test_association_is_picked_too(cast: Cast, made: Made) -> None:
    upload = of_rows(cast.school, cast.sveta, ("Естественники", JOIN, "", "", ""))

    found = row(fixed(upload, cast.sveta, r2_case="5", r2_place="МО: естественные науки"))

    assert (found.action, found.facts["area"]) == ("new", 5)


def test_case_and_class_find_the_chat_there_is_whatever_its_name(cast: Cast, made: Made) -> None:
    known = chat(made.school, 15, school_class=made.sixth, title="Родители Физиковой")

    found = row(own(cast, ("15", "6 б", "", "MAX", "6Б. Родители", JOIN)))

    assert found.chat_id == known.pk
    assert set(found.changes) == {"title", "link"}


def test_chat_of_last_year_is_not_taken_for_the_new_class_of_its_name(cast: Cast, made: Made) -> None:
    before = SchoolClass.objects.create(school=made.school, year=2025, grade=6, letter="Б")
    old = chat(made.school, 15, school_class=before, title="6Б. Родители", opened_on=datetime.date(2025, 9, 1))

    found = row(own(cast, ("15", "6Б", "", "MAX", "6Б. Родители", JOIN)))

    assert (found.action, found.chat_id) == ("new", 0)
    assert old.closed_on is None


def test_chat_in_the_old_channel_is_not_made_the_new_one(cast: Cast, made: Made) -> None:
    chat(made.school, 15, school_class=made.sixth, title="6Б. Родители", channel=VK)

    found = row(of_rows(cast.school, cast.sveta, ("6Б. Родители", JOIN, "", "", "")))

    assert (found.action, found.facts["channel"]) == ("new", MAX)


def test_two_chats_of_one_name_are_told_apart_or_asked_about(cast: Cast, made: Made) -> None:
    chat(made.school, 23, title="Событие", external_id="1")
    chat(made.school, 23, title="Событие")

    upload = of_rows(cast.school, cast.sveta, ("Событие", "", "1", "", ""), ("Событие", "", "", "", "01.10.2026"))
    assert actions(upload) == ["same", "change"]  # the first is known by its number, the other one is left

    chat(made.school, 23, title="Событие")
    again = of_rows(cast.school, cast.sveta, ("Событие", "", "", "", "01.10.2026"))
    assert actions(again) == ["unknown"]
    assert "несколько таких чатов" in row(again).about["note"]


def test_row_without_link_number_and_day_is_passed_over(cast: Cast, made: Made) -> None:
    upload = own(cast, ("15", "6Б", "", "MAX", "6Б. Родители"))

    assert actions(upload) == ["later"]
    assert any("1\u00a0строку без ссылки, номера и даты" in sentence for sentence in upload.summary["said"])


def test_rows_of_another_school_are_left_out(cast: Cast, made: Made) -> None:
    headers = ("Школа", *OWN)
    rows = [(school, "13", "", "", "", "", JOIN) for school in ("Гимназия № 999", cast.school.short_name)]

    upload = own(cast, *rows, headers=headers)

    assert [each.row for each in [row(upload, 3)]] == [3]
    assert actions(upload) == ["new"]
    assert any("о другой школе" in sentence for sentence in upload.summary["said"])


def test_number_of_one_chat_with_the_link_of_another_is_a_mistake(cast: Cast, made: Made) -> None:
    chat(made.school, 13, title="Сайт", external_id="77")
    chat(made.school, 1, title="Админы", link=JOIN)

    upload = of_rows(cast.school, cast.sveta, ("Что-то", JOIN, "77", "", ""))

    assert told(upload) == [("C2", "Номер — чата «Сайт», а ссылка — чата «Админы». Проверьте")]


def test_key_of_another_school_or_with_a_wrong_signature_opens_nothing(cast: Cast, made: Made) -> None:
    foreign, known = chat(cast.foreign, 13, title="Чужой"), chat(made.school, 13, title="Свой")
    headers = ("Код строки", "Название", "Ссылка")

    for key in (chat_key(foreign.pk), f"{known.pk}-0123456789", f"{known.pk}", "-", "ключ"):
        upload = of_rows(cast.school, cast.sveta, (key, "Чужой", JOIN), headers=headers)

        assert [address for address, _ in told(upload)] == (["A2"] if key != "-" else [])
        assert actions(upload) == (["wait"] if key != "-" else ["unknown"])


def test_closed_chat_of_the_export_stays_closed_and_is_told(cast: Cast, made: Made) -> None:
    chat(made.school, 13, title="Сайт", external_id="77", closed_on=datetime.date(2026, 10, 1))

    upload = of_rows(cast.school, cast.sveta, ("Сайт", "", "77", "", ""))

    assert actions(upload) == ["same"]
    assert "В портале этот чат закрыт" in told(upload)[0][1]


# Fields


def test_link_tells_the_channel_and_sferum_means_where_it_leads(cast: Cast, made: Made) -> None:
    upload = own(
        cast,
        ("13", "", "", "Сферум", "", "https://vk.me/join/a"),
        ("1", "", "", "", "", "https://max.ru/join/b"),
        ("3", "", "", "Сферум", "", "", "5"),
    )

    assert [row(upload, number).facts["channel"] for number in (2, 3, 4)] == [VK, MAX, MAX]


def test_new_chat_is_named_dated_and_owned_by_its_rule(cast: Cast, made: Made) -> None:
    found = row(own(cast, ("15", "6Б", "", "", "", JOIN)))

    assert found.title == "6Б. Родители"
    assert found.facts["opened_on"] == datetime.date(2026, 11, 26)
    assert found.facts["owner"] == made.staff[2].pk
    assert found.about["owner"] == "Физикова Анна Юрьевна"


def test_owner_is_found_by_name_initials_number_or_snils(cast: Cast, made: Made) -> None:
    anna = person(made.school, "Каренина", "Анна", "Львовна", snils=SNILS[0], personnel_number="Т-17")
    texts = ("Каренина Анна Львовна", "каренина анна", "Каренина А. Л.", SNILS[0], "т-17")

    upload = own(cast, *[("23", "", "", "", f"Событие {at}", "", f"{at}", text) for at, text in enumerate(texts)])

    assert [each.facts["owner"] for each in [row(upload, at) for at in range(2, 7)]] == [anna.pk] * 5


def test_owner_who_left_or_is_of_another_school_is_a_mistake(cast: Cast, made: Made) -> None:
    person(made.school, "Ушедшая", "Анна", "Львовна", left_on=datetime.date(2026, 10, 1))
    person(cast.foreign, "Чужая", "Анна", "Львовна")
    person(made.school, "Двойная", "Анна", "Львовна")
    person(made.school, "Двойная", "Анна", "Львовна")

    upload = own(cast, *[("23", "", "", "", f"Поездка {name}", "", name, f"{name} Анна Львовна")
                         for name in ("Ушедшая", "Чужая", "Двойная")])  # fmt: skip

    assert [address for address, _ in told(upload)] == ["H2", "H3", "H4"]
    assert [row(upload, number).mistakes[0].code for number in (2, 3, 4)] == [
        "owner_unknown", "owner_unknown", "owner_namesakes",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "cells, address, code",
    [
        (("15", "9Я", "", "", "", JOIN), "B2", "class_unknown"),
        (("15", "", "", "", "Родители", JOIN), "B2", "class_missing"),
        (("1", "6Б", "", "", "", JOIN), "B2", "no_class_here"),
        (("15", "6Б", "математика", "", "", JOIN), "C2", "no_area_here"),
        (("5", "", "", "", "Физики", JOIN), "C2", "area_missing"),
        (("99", "", "", "", "Родители", JOIN), "A2", "no_case"),
        (("13", "", "", "MAX", "", "https://t.example/join/x"), "F2", "link"),
        (("13", "", "", "", "", "javascript:alert(1)"), "F2", "link"),
        (("13", "", "", "иностранный мессенджер", "", "https://t.example/x"), "F2", "link"),
        (("13", "", "", "", "", "", "7", "", "01.01.2010"), "I2", "opened_on"),
        (("13", "", "", "", "", "", "7", "", "01.01.2027"), "I2", "opened_on"),
        (("13", "", "", "", "", "", "7", "", "31.02.2026"), "I2", "no_such_date"),
        (("13", "", "", "", "Х" * 300, JOIN), "E2", "long"),
        (("13", "", "", "", "", JOIN, "#REF!"), "G2", "formula"),
    ],
)
def test_mistake_is_told_in_its_cell(cast: Cast, made: Made, cells: tuple[str, ...], address: str, code: str) -> None:
    upload = own(cast, cells)

    mistakes = [one for one in row(upload).mistakes if one.severity == "mistake"]
    assert [(one.address, one.code) for one in mistakes] == [(address, code)]
    assert actions(upload) == ["wait"]
    assert mistakes[0].message


def test_every_mistake_of_a_row_is_told_at_once(cast: Cast, made: Made) -> None:
    upload = own(cast, ("15", "9Я", "", "почта голубиная", "Х" * 151, "ftp://x", "7", "Никто Никтович", "99.99.9999"))

    assert [address for address, _ in told(upload)] == ["D2", "E2", "I2", "B2", "F2", "H2"]


def test_days_in_the_wrong_order_are_mistakes(cast: Cast, made: Made) -> None:
    headers = ("Кейс", "Номер на площадке", "Создан", "Нужен до", "Закрыт")
    rows = [("23", "1", "05.10.2026", "01.10.2026", ""), ("23", "2", "05.10.2026", "", "01.10.2026"),
            ("23", "3", "05.10.2026", "", "01.12.2026")]  # fmt: skip

    upload = own(cast, *rows, headers=headers)

    assert [address for address, _ in told(upload)] == ["D2", "E3", "E4"]


def test_suggestion_mends_a_link_without_its_beginning_and_empties_a_foreign_one(cast: Cast, made: Made) -> None:
    upload = own(
        cast,
        ("13", "", "", "", "", "max.ru/join/a"),
        ("1", "", "", "иностранный мессенджер", "", "https://t.example/x", "5"),
    )

    hints = [row(upload, number).mistakes[0].suggestion for number in (2, 3)]
    assert hints == ["https://max.ru/join/a", "-"]
    upload = fixed(upload, cast.sveta, r2_link=hints[0] or "", r3_link=hints[1] or "")
    assert [(each.action, each.facts.get("link")) for each in (row(upload, 2), row(upload, 3))] == [
        ("new", "https://max.ru/join/a"), ("new", None),
    ]  # fmt: skip
    assert row(upload, 3).facts["channel"] == FOREIGN


# Two rows of one chat


def test_two_rows_of_one_chat_keep_the_second_out(cast: Cast, made: Made) -> None:
    chat(made.school, 13, title="Сайт", external_id="77")

    upload = of_rows(cast.school, cast.sveta, ("Сайт", "", "77", "", "02.09.2026"), ("Сайт", "", "77", "", ""))

    assert actions(upload) == ["change", "wait"]
    assert told(upload)[0][1] == "Тот же чат уже есть в строке 2. Оставьте одну из двух"


@pytest.mark.parametrize(
    "first, second, address",
    [
        (("15", "6Б", "", "", "Один", JOIN), ("15", "6Б", "", "", "Другой", "https://max.ru/join/b"), "E3"),
        (("23", "", "", "", "Один", JOIN), ("23", "", "", "", "Другой", f"{JOIN}/"), "F3"),
        (("23", "", "", "", "Один", "", "7"), ("27", "", "", "", "Другой", "", "7"), "G3"),
    ],
)
def test_two_new_rows_of_one_chat_keep_the_second_out(
    cast: Cast, made: Made, first: tuple[str, ...], second: tuple[str, ...], address: str
) -> None:
    upload = own(cast, first, second)

    assert actions(upload) == ["new", "wait"]
    assert [each for each, _ in told(upload)] == [address]
    assert told(upload)[0][1].endswith("в строке 2")


def test_class_whose_chat_is_closed_by_the_same_file_gets_a_new_one(cast: Cast, made: Made) -> None:
    old = chat(made.school, 15, school_class=made.sixth, title="6Б. Родители", external_id="1")
    headers = ("Кейс", "Класс", "Название", "Номер на площадке", "Закрыт")

    upload = of_rows(
        cast.school, cast.sveta, ("15", "6Б", "6Б. Родители", "2", ""), ("", "", "", "1", "20.11.2026"), headers=headers
    )

    assert actions(upload) == ["new", "change"]
    assert row(upload, 3).chat_id == old.pk
    assert applied(upload, cast.sveta).summary["left"] == []


def test_link_and_number_of_another_chat_are_refused(cast: Cast, made: Made) -> None:
    first = chat(made.school, 13, title="Сайт", external_id="77", link=JOIN)
    other = chat(made.school, 1, title="Админы")
    headers = ("Код строки", "Название", "Ссылка", "Номер на площадке")
    key = chat_key(other.pk)

    upload = of_rows(cast.school, cast.sveta, (key, "Админы", JOIN, ""), headers=headers)
    again = of_rows(cast.school, cast.sveta, (key, "Админы", "", "77"), headers=headers)

    assert [told(upload)[0][0], told(again)[0][0]] == ["C2", "D2"]
    assert "«Сайт»" in told(upload)[0][1]
    assert first.pk != other.pk


def test_second_chat_of_a_case_of_the_school_goes_in_with_a_remark(cast: Cast, made: Made) -> None:
    chat(made.school, 21, title="ОГЭ родители", external_id="1")

    upload = own(cast, ("21", "", "", "", "ОГЭ дети", "", "2"))

    assert actions(upload) == ["new"]
    assert told(upload) == [("E2", "В школе уже есть чат этого кейса: «ОГЭ родители». Этот запишем вторым")]


# Files


@pytest.mark.parametrize(
    "data, said",
    [
        (b"%PDF-1.7 no sheet", ""),
        (csv_of(headers=OWN), "ни одной строки"),
        (csv_of(("1", "2"), headers=("Цвет", "Рост")), "нет его заголовков"),
        (csv_of(*[("Чат", str(at)) for at in range(5_001)], headers=("Название", "ID")), "Разделите его на части"),
    ],
)
def test_file_that_is_no_list_of_chats_is_refused_in_words(cast: Cast, made: Made, data: bytes, said: str) -> None:
    upload = planned(cast.school, cast.sveta, data)

    assert upload.stage == ImportStage.REFUSED
    assert said in upload.summary["refusal"]
    assert upload.summary["refusal"]


def test_long_file_is_planned(cast: Cast, made: Made) -> None:
    rows = [("23", "", "", "", f"Событие {at}", "", str(at)) for at in range(5_000)]

    upload = own(cast, *rows)

    assert upload.summary["new"] == 5_000


def test_formulas_and_markup_are_texts(cast: Cast, made: Made) -> None:
    names = ('=HYPERLINK("http://x")', "<b>&amp;</b>", "+7 событие", '</c><c t="str">')
    data = xlsx_of(
        ("Чаты", [("Кейс", "Название", "ID"), *[("23", f" {name}", str(at)) for at, name in enumerate(names)]])
    )

    upload = planned(cast.school, cast.sveta, data)

    assert [row(upload, at).title for at in range(2, 6)] == list(names)


def test_class_of_next_year_is_not_there_yet(cast: Cast, made: Made) -> None:
    SchoolClass.objects.create(school=made.school, year=2027, grade=7, letter="Б")

    assert told(own(cast, ("15", "7Б", "", "", "", JOIN)))[0][0] == "B2"
    assert SchoolClass.objects.filter(school=made.school).count() == 3
    assert not Chat.objects.exists()
