"""The plan's page: whatever button is pressed, nothing typed is lost; refusals are told on the page itself."""

import re
from html import unescape
from typing import Any

import pytest
from django.test import Client

from staff.imports import services
from staff.imports.mending import skipped_rows
from staff.imports.stored import pack, unpack
from staff.models import ImportStage, StaffImport, StaffMember
from tests.conftest import Cast, ClientOf
from tests.staff.uploads import SNILS, applied, counts, csv_of, person, plan_of, planned, work

pytestmark = pytest.mark.django_db
GOOD = ["Седова", "Анна", "Петровна", "", "", "учитель", ""]
NAMELESS = ["Ежов", "", "Юрьевич", "", "", "учитель", ""]  # row 3: no suggestion, an input
LATIN = ["Бoброва", "Вера", "Ильинична", "", "", "учитель", ""]  # row 4: Latin o, a suggestion


@pytest.fixture
def upload(cast: Cast) -> StaffImport:
    """A plan with a good row, a row to type in and a row with a suggestion."""
    return planned(cast.school, cast.sveta, csv_of(GOOD, NAMELESS, LATIN))


@pytest.fixture
def sveta(cast: Cast, client_of: ClientOf) -> Client:
    """The browser of the school's administrator."""
    return client_of(cast.sveta)


def press(client: Client, upload: StaffImport, **fields: Any) -> str:
    """Post the plan's form and return the text of the page it leads to."""
    answer = client.post(f"/imports/{upload.pk}/act/", fields)
    assert answer.status_code == 303, answer.content.decode()
    return text_of(client, answer["Location"])


def text_of(client: Client, address: str) -> str:
    """The words of a page without its markup."""
    page = re.sub(r"<[^>]+>", " ", client.get(address).content.decode())
    return " ".join(unescape(page).split())


def fresh(upload: StaffImport) -> StaffImport:
    """The row as it is now."""
    return StaffImport.objects.get(pk=upload.pk)


def test_what_is_typed_into_one_of_two_inputs_of_a_cell_is_kept(upload: StaffImport, sveta: Client) -> None:
    press(sveta, upload, **{"fix-3:first_name": ["Пётр", ""]}, fix="typed")

    assert fresh(upload).fixes["3:first_name"] == "Пётр"


def test_plan_made_before_the_absent_were_counted_is_shown_and_confirmed(
    upload: StaffImport, sveta: Client, cast: Cast
) -> None:
    stored = unpack(upload.plan_data)
    del stored["absent"], upload.summary["absent"]
    StaffImport.objects.filter(pk=upload.pk).update(plan_data=pack(stored), summary=upload.summary)

    assert "нет в файле" in text_of(sveta, upload.get_absolute_url())
    work(services.request_apply(fresh(upload), by=cast.sveta))
    assert fresh(upload).stage == ImportStage.APPLIED


# Nothing typed is lost


def test_first_button_of_the_form_saves_and_does_nothing_else(upload: StaffImport, sveta: Client) -> None:
    page = sveta.get(upload.get_absolute_url()).content.decode()

    buttons = re.findall(r"<button[^>]*type=\"submit\"[^>]*>", page.partition('id="plan"')[2])
    owned = [tag for tag in buttons if 'form="plan"' in tag]

    assert 'name="fix" value="typed"' in buttons[0]
    assert 'name="fix-3:first_name" form="plan"' in page
    names = {re.findall(r'name="(\w+)"', tag)[0] for tag in owned}
    assert names == {"accept_all", "fix", "accept", "mapping", "discard", "apply"}


def test_enter_saves_the_typed_cell_and_accepts_nothing(upload: StaffImport, sveta: Client) -> None:
    press(sveta, upload, fix="typed", **{"fix-3:first_name": "Олег"})

    assert fresh(upload).fixes == {"3:first_name": "Олег"}
    assert counts(fresh(upload)) == (2, 0, 0, 1, 0)


def test_accepting_all_suggestions_keeps_what_was_typed(upload: StaffImport, sveta: Client) -> None:
    press(sveta, upload, accept_all="1", **{"fix-3:first_name": "Олег"})

    assert fresh(upload).fixes == {"3:first_name": "Олег", "4:last_name": "Боброва"}
    assert counts(fresh(upload)) == (3, 0, 0, 0, 0)


def test_accepting_one_suggestion_accepts_no_other_of_the_same_cell(cast: Cast, sveta: Client) -> None:
    upload = planned(cast.school, cast.sveta, csv_of(["Бoброва Вера"], headers=["ФИО"]))  # Latin o, no patronymic
    offered = re.findall(r'name="accept" value="([^"]+)"', sveta.get(upload.get_absolute_url()).content.decode())

    press(sveta, upload, accept="2:patronymic")

    assert offered == ["2:full_name", "2:patronymic"]
    assert fresh(upload).fixes == {"2:patronymic": "нет по документам"}


def test_confirming_with_unsaved_cells_saves_them_and_asks_again(upload: StaffImport, sveta: Client) -> None:
    page = press(sveta, upload, apply="1", **{"fix-3:first_name": "Олег"})

    assert fresh(upload).stage == ImportStage.PLANNED
    assert fresh(upload).fixes == {"3:first_name": "Олег"}
    assert "Сначала сохранили ваши исправления" in page
    assert "Сначала сохранили" not in text_of(sveta, upload.get_absolute_url())
    assert not StaffMember.objects.filter(last_name="Седова").exists()


def test_confirming_with_another_choice_of_columns_reads_again_and_asks(upload: StaffImport, sveta: Client) -> None:
    same = {f"column-{index}": key for _, index, key in upload.summary["columns"]}

    page = press(sveta, upload, apply="1", **(same | {"column-5": "note"}))

    assert fresh(upload).stage == ImportStage.PLANNED
    assert plan_of(upload).rows[0].values["note"] == "учитель"
    assert "Сначала сохранили ваши исправления" in page


def test_confirming_with_the_same_columns_confirms(upload: StaffImport, sveta: Client) -> None:
    same = {f"column-{index}": key for _, index, key in upload.summary["columns"]}

    press(sveta, upload, apply="1", **same)

    assert fresh(upload).stage == ImportStage.APPLYING


# Columns by hand


def test_unknown_columns_are_one_notice_with_a_choice(cast: Cast, sveta: Client) -> None:
    headers = ("Фамилия", "Имя", *(f"Графа {number}" for number in range(33)))
    upload = planned(cast.school, cast.sveta, csv_of(["Седова", "Анна", *["1"] * 33], headers=headers))

    page = sveta.get(upload.get_absolute_url()).content.decode()

    assert page.count('class="notice') == 1
    assert "Не взяли 33\xa0столбца." in page
    assert page.count("Графа 7") == 1
    assert len(re.findall(r'<select[^>]*name="column-', page)) == 35


def test_column_named_by_hand_is_read(cast: Cast, sveta: Client) -> None:
    upload = planned(cast.school, cast.sveta, csv_of(["Седова", "Анна", "тьютор"], headers=("Фамилия", "Имя", "Кем")))

    press(sveta, upload, mapping="1", **{"column-0": "last_name", "column-1": "first_name", "column-2": "position"})

    assert plan_of(upload).rows[0].values["position"] == "тьютор"
    assert fresh(upload).summary["unknown"] == []


def test_column_put_aside_by_hand_can_be_chosen_again(cast: Cast, sveta: Client) -> None:
    upload = planned(cast.school, cast.sveta, csv_of(GOOD))
    press(sveta, upload, mapping="1", **{"column-5": ""})
    aside = plan_of(upload).rows[0].values

    page = sveta.get(upload.get_absolute_url()).content.decode()
    press(sveta, upload, mapping="1", **{"column-5": "position"})

    assert "position" not in aside
    assert 'name="column-5"' in page
    assert plan_of(upload).rows[0].values["position"] == "учитель"


# Rows left out


def test_second_row_of_one_person_can_be_left_out_and_taken_back(cast: Cast, sveta: Client) -> None:
    upload = planned(cast.school, cast.sveta, csv_of(GOOD, GOOD))
    offered = sveta.get(upload.get_absolute_url()).content.decode()

    page = press(sveta, upload, skip="3")
    left_out = counts(fresh(upload)), skipped_rows(fresh(upload))
    press(sveta, upload, unskip="1")

    assert 'name="skip" value="3"' in offered
    assert "Не вносим строку 3" in page
    assert left_out == ((1, 0, 0, 0, 0), [3])
    assert counts(fresh(upload)) == (1, 0, 0, 1, 0)


# Remarks


def test_name_written_small_in_three_cells_is_one_remark(cast: Cast, sveta: Client) -> None:
    upload = planned(cast.school, cast.sveta, csv_of(["седова", "анна", "петровна", "", "", "", ""]))

    page = text_of(sveta, upload.get_absolute_url())

    assert "1 замечание" in page
    assert "A2, B2, C2 ФИО седова анна петровна Записано строчными буквами: запишем «Седова Анна Петровна»" in page


@pytest.mark.parametrize("name", ["Сидорова А.Б.", "седова анна петровна"])
def test_whole_name_in_one_cell_is_remarked_on_once(cast: Cast, sveta: Client, name: str) -> None:
    upload = planned(cast.school, cast.sveta, csv_of([name], headers=["ФИО"]))

    page = text_of(sveta, upload.get_absolute_url())

    assert "1 замечание" in page
    assert page.count(f"A2 ФИО {name}") == 1


# Refusals and other doors


def test_refusal_leads_back_to_the_page_and_says_why(cast: Cast, sveta: Client) -> None:
    upload = planned(cast.school, cast.sveta, csv_of(NAMELESS, LATIN))

    page = press(sveta, upload, apply="1")

    assert "Вносить нечего: во всех строках ошибки. Исправьте их" in page
    assert "Вносить нечего" not in text_of(sveta, upload.get_absolute_url())


def test_address_of_actions_opened_by_itself_leads_to_the_upload(upload: StaffImport, sveta: Client) -> None:
    answer = sveta.get(f"/imports/{upload.pk}/act/")

    assert (answer.status_code, answer["Location"]) == (302, upload.get_absolute_url())


def test_notices_about_the_file_do_not_stay_when_it_is_in(cast: Cast, sveta: Client) -> None:
    upload = applied(cast.school, cast.sveta, csv_of(GOOD))
    StaffImport.objects.filter(pk=upload.pk).update(summary=upload.summary | {"said": ["Кодировка файла: cp1251."]})

    page = text_of(sveta, upload.get_absolute_url())

    assert "Внесена 1 строка" in page
    assert "Кодировка" not in page


@pytest.mark.parametrize("people, caption", [(1, "такого сотрудника"), (2, "таких сотрудников")])
def test_new_people_are_spoken_of_in_their_number(cast: Cast, sveta: Client, people: int, caption: str) -> None:
    rows = [GOOD, ["Ежов", "Олег", "Юрьевич", "", "", "", ""]][:people]

    page = text_of(sveta, planned(cast.school, cast.sveta, csv_of(*rows)).get_absolute_url())

    assert f"В списке школы {caption} ещё нет" in page


def test_held_list_promises_no_undo_to_one_who_cannot_confirm(cast: Cast, client_of: ClientOf) -> None:
    for number, name in enumerate(["Седова", "Ежова", "Лисина", "Рысева"]):
        person(cast.school, name, "Анна", "Петровна", snils=SNILS[number])
    upload = planned(cast.school, cast.sveta, csv_of(["Седова", "Анна", "Петровна", SNILS[0], "", "", ""]), "full")

    shown = {name: text_of(client_of(cast.people[name]), upload.get_absolute_url()) for name in ("sveta", "marat")}

    assert "Подтверждает координатор: отметим 3 выбывших." in shown["sveta"]
    assert "Изменим список: отметим 3 выбывших." in shown["marat"]
    assert "Отменить целиком" not in shown["sveta"]
    assert "Отменить целиком можно 30 дней" in shown["marat"]


@pytest.mark.parametrize(
    "rows, known, told",
    [
        ([NAMELESS, GOOD], False, "Остальные строки можно внести и сейчас"),
        ([NAMELESS, GOOD], True, "Остальные строки совпадают со списком школы."),
        ([NAMELESS], False, "Пока вносить нечего."),
    ],
)
def test_home_of_a_school_says_whether_anything_can_go_in_now(
    cast: Cast, sveta: Client, rows: list[list[str]], known: bool, told: str
) -> None:
    if known:
        person(cast.school, *GOOD[:3], position="учитель")
    planned(cast.school, cast.sveta, csv_of(*rows))

    page = text_of(sveta, f"/schools/{cast.school.pk}/")

    assert told in page
    assert page.count("Остальные строки") == ("Остальные" in told)


def test_plan_that_changed_in_another_window_is_looked_at_again(upload: StaffImport, sveta: Client) -> None:
    page = sveta.get(upload.get_absolute_url()).content.decode()
    (seen,) = re.findall(r'name="seen" value="([^"]*)"', page)
    press(sveta, upload, accept_all="1")

    told = press(sveta, upload, apply="1", seen=seen)

    assert "План с тех пор изменился" in told
    assert (fresh(upload).stage, StaffMember.objects.count()) == (ImportStage.PLANNED, 0)


def test_name_spelt_otherwise_in_another_window_is_looked_at_again(
    upload: StaffImport, sveta: Client, cast: Cast
) -> None:
    press(sveta, upload, accept_all="1", **{"fix-3:first_name": "Олег"})
    page = sveta.get(upload.get_absolute_url()).content.decode()
    (seen,) = re.findall(r'name="seen" value="([^"]*)"', page)
    before = counts(fresh(upload))
    services.fix_cells(fresh(upload), fixes={"3:first_name": "Глеб"}, by=cast.sveta)
    work(upload)

    told = press(sveta, upload, apply="1", seen=seen)

    assert counts(fresh(upload)) == before
    assert "План с тех пор изменился" in told
    assert fresh(upload).stage == ImportStage.PLANNED


def test_page_of_what_was_taken_back_begins_its_sentences_with_capitals(
    upload: StaffImport, sveta: Client, cast: Cast
) -> None:
    work(services.request_apply(fresh(upload), by=cast.sveta))
    work(services.request_undo(fresh(upload), by=cast.sveta))

    assert "Прежние значения вернулись. Сегодня в" in text_of(sveta, upload.get_absolute_url())
