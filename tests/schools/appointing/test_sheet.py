"""Appointing from a spreadsheet: read under any headings, planned with cell addresses, confirmed, invited by a job."""

import datetime
import io
import json
from collections.abc import Sequence
from typing import Any

import openpyxl
import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schools import jobs
from schools.appointing import letters
from schools.appointing.refusals import AppointRefused
from schools.appointing.sheet import services
from schools.appointing.sheet.columns import COLUMNS, clean_record
from schools.appointing.sheet.plan import NEW, SAME, WAIT, Row, packed, unpacked
from schools.appointing.sheet.template import template
from schools.jobs import JobState
from schools.models import Appointment, AppointmentSheet, Invitation, InvitationBatch, School, User
from schools.models.invitations import SheetStage
from schools.retention import forget_old_files
from schools.sheets import read_workbook
from tests.conftest import Cast, ClientOf, make_school
from tests.habits import repeated
from tests.schools.appointing.people import appointed, send_all
from tests.staff.uploads import csv_of, xlsx_of

pytestmark = pytest.mark.django_db
HEADERS = ("Код школы", "Школа", "ФИО", "Электронная почта", "Телефон", "Приказ №", "Дата приказа")
GOOD = (
    "780002",
    "Гимназия № 2",
    "Ёлкина Анна Петровна",
    "elkina@school.example",
    "+7 900 000-31-77",
    "114-ОД",
    "04.09.2026",
)


def uploaded(by: User, data: bytes, name: str = "администраторы.xlsx") -> AppointmentSheet:
    """A sheet a worker has read."""
    return work(services.start(data=data, shown_name=name, by=by))


def work(sheet: AppointmentSheet) -> AppointmentSheet:
    """Do a sheet's job as a worker would; return the fresh row."""
    jobs.run(AppointmentSheet, sheet.pk, services.perform)
    return AppointmentSheet.objects.get(pk=sheet.pk)


def planned(by: User, *rows: Sequence[str], headers: Sequence[str] = HEADERS) -> AppointmentSheet:
    """A sheet of rows, planned."""
    return uploaded(by, csv_of(*rows, headers=headers))


def applied(sheet: AppointmentSheet) -> AppointmentSheet:
    """A planned sheet, confirmed and done."""
    return work(services.confirm(sheet, by=sheet.created_by))  # type: ignore[arg-type]


def told(sheet: AppointmentSheet) -> list[tuple[str, str]]:
    """(address, message) of every mistake and warning."""
    return [(mistake.address, mistake.message) for row in services.rows_of(sheet) for mistake in row.mistakes]


def kinds(sheet: AppointmentSheet) -> tuple[int, int, int]:
    """(new, same, waiting)."""
    return sheet.summary[NEW], sheet.summary[SAME], sheet.summary[WAIT]


# The whole way


def test_sheet_is_read_planned_confirmed_and_its_people_are_invited(cast: Cast) -> None:
    sheet = planned(cast.nina, GOOD, ("780003", "Лицей № 3", "Озёров Лев", "ozerov@school.example", "", "", ""))
    before = Appointment.objects.count(), len(mail.outbox)

    done = applied(sheet)
    send_all()

    made = cast.sibling.appointments.get()
    assert sheet.stage == SheetStage.PLANNED
    assert kinds(sheet) == (2, 0, 0)
    assert before == (4, 0)
    assert done.stage == SheetStage.APPLIED
    assert done.summary["appointed"] == 2
    assert (made.order_number, made.order_on) == ("114-ОД", datetime.date(2026, 9, 4))
    assert (made.user.last_name, made.user.phone, made.appointed_by) == ("Ёлкина", "+79000003177", cast.nina)
    assert sorted(letter.to[0] for letter in mail.outbox) == ["elkina@school.example", "ozerov@school.example"]
    assert InvitationBatch.objects.get().done_count == 2


def test_the_same_file_again_appoints_nobody_twice(cast: Cast) -> None:
    applied(planned(cast.nina, GOOD))

    again = planned(cast.nina, GOOD, ("780003", "", "Озёров Лев", "ozerov@school.example", "", "", ""))

    assert kinds(again) == (1, 1, 0)
    assert applied(again).summary["appointed"] == 1
    assert cast.sibling.appointments.count() == 1


def test_somebody_appointed_meanwhile_is_told_and_the_rest_go_on(cast: Cast) -> None:
    sheet = planned(cast.nina, GOOD, ("780003", "", "Озёров Лев", "ozerov@school.example", "", "", ""))
    appointed(cast.marat, cast.sibling)

    done = applied(sheet)

    assert done.summary["appointed"] == 1
    assert done.summary["left"] == [[2, "Этот человек сюда уже назначен."]]


def test_right_that_ended_before_the_job_ran_appoints_nobody(cast: Cast) -> None:
    sheet = planned(cast.nina, GOOD)
    services.confirm(sheet, by=cast.nina)
    day = timezone.localdate()
    cast.nina.appointments.update(starts_on=day - datetime.timedelta(9), ends_on=day - datetime.timedelta(1))

    done = work(sheet)

    assert done.state == JobState.FAILED
    assert "больше нет права" in done.error
    assert not cast.sibling.appointments.exists()


def test_school_that_left_the_persons_places_meanwhile_is_left_out(cast: Cast) -> None:
    sheet = planned(cast.marat, GOOD, ("780001", "", "Озёров Лев", "ozerov@school.example", "", "", ""))
    School.objects.filter(pk=cast.sibling.pk).update(municipality=cast.other_municipality)

    done = applied(sheet)

    assert (done.summary["appointed"], len(done.summary["left"])) == (1, 1)
    assert not cast.sibling.appointments.exists()


def test_worker_killed_in_the_middle_leaves_nothing_half_done(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [GOOD, ("780003", "", "Озёров Лев", "ozerov@school.example", "", "", "")]
    sheet = planned(cast.nina, *rows)
    services.confirm(sheet, by=cast.nina)
    real, calls = services.services.appoint, []

    def dies_at_the_second(**facts: Any) -> Any:
        calls.append(facts)
        if len(calls) == 2:
            raise ZeroDivisionError
        return real(**facts)

    monkeypatch.setattr(services.services, "appoint", dies_at_the_second)
    with pytest.raises(ZeroDivisionError):
        work(sheet)
    between = Appointment.objects.count(), InvitationBatch.objects.count(), Invitation.objects.count()
    monkeypatch.setattr(services.services, "appoint", real)

    done = work(AppointmentSheet.objects.get(pk=sheet.pk))

    assert between == (4, 0, 0)
    assert done.summary["appointed"] == 2
    assert Appointment.objects.count() == 6


def test_job_brought_twice_appoints_once(cast: Cast) -> None:
    done = applied(planned(cast.nina, GOOD))
    AppointmentSheet.objects.filter(pk=done.pk).update(state=JobState.QUEUED)

    work(done)

    assert cast.sibling.appointments.count() == 1


# Headings and cells


USUAL = (
    ("№|Наименование ОО|ФИО ответственного|e-mail|тел.", "1|гимназия № 2|Ёлкина Анна|a@b.example|"),
    ("ИНН|Фамилия|Имя|Отчество|Почта", "7701234560|Ёлкина|Анна|Петровна|a@b.example"),
    ("Электронный адрес|Администратор школы (ФИО)*|Код ОО", "a@b.example|Ёлкина Анна|780002.0"),
    ("Образовательная организация|Ф.И.О.|E-mail|Район", "ГБОУ «Гимназия № 2»|Ёлкина Анна|a@b.example|x"),
)


@pytest.mark.parametrize("headers, row", USUAL)
def test_columns_are_known_under_usual_headings_in_any_order(cast: Cast, headers: str, row: str) -> None:
    School.objects.filter(pk=cast.sibling.pk).update(inn="7701234560")

    sheet = planned(cast.nina, row.split("|"), headers=headers.split("|"))

    assert kinds(sheet) == (1, 0, 0), told(sheet)
    assert services.rows_of(sheet)[0].school_id == cast.sibling.pk


def test_title_rows_numbering_and_a_second_sheet_do_not_confuse(cast: Cast) -> None:
    book = xlsx_of(
        ("Пояснения", [["Заполните второй лист"]]),
        (
            "Список",
            [["Администраторы школ района"], [], list(HEADERS), ["1", "2", "3", "4", "5", "6", "7"], list(GOOD)],
        ),
    )

    sheet = uploaded(cast.nina, book)

    assert kinds(sheet) == (1, 0, 0)
    assert sheet.summary["sheet"] == "Список"


WRONG: tuple[tuple[tuple[str, ...], str, str], ...] = (
    (("470004", "", "Ёлкина Анна", "a@b.example", "", "", ""), "A2", "Такой школы среди ваших нет"),
    (("999999", "", "Ёлкина Анна", "a@b.example", "", "", ""), "A2", "Такой школы среди ваших нет"),
    (("", "Школа № 4", "Ёлкина Анна", "a@b.example", "", "", ""), "B2", "впишите её код"),
    (("", "", "Ёлкина Анна", "a@b.example", "", "", ""), "B2", "Впишите код или название"),
    (("780002", "", "Ёлкина", "a@b.example", "", "", ""), "C2", "одно слово"),
    (("780002", "", "", "a@b.example", "", "", ""), "C2", "Впишите фамилию"),
    (("780002", "", "Ёлкина 1", "a@b.example", "", "", ""), "C2", "В имени цифры"),
    (("780002", "", "Elkina Anna Petrovna", "a@b.example", "", "", ""), "C2", "впишите по-русски"),
    (("780002", "", "Ёлкинa Анна", "a@b.example", "", "", ""), "C2", "замените русской"),
    (("780002", "", "Ёлкина Анна", "elkina.school.example", "", "", ""), "D2", "нет знака @"),
    (("780002", "", "Ёлкина Анна", "аnna@b.example", "", "", ""), "D2", "русские буквы"),
    (("780002", "", "Ёлкина Анна", "a@b.example", "12", "", ""), "E2", "телефон"),
    (("780002", "", "Ёлкина Анна", "a@b.example", "", "1" * 61, ""), "F2", "длиннее 40"),
    (("780002", "", "Ёлкина Анна", "a@b.example", "", "", "вчера"), "G2", "не дата"),
    (("780002", "", "Ёлкина Анна", "a@b.example", "", "1", "04.09.2062"), "G2", "больше года"),
    (("780002", "", "Ёлкина Анна", "a@b.example", "", "1", "04.09.2016"), "G2", "площадок ещё не было"),
    (("780002", "", "Ёлкина Анна", "a@b.example", "", "1 от 04.09.2062", ""), "F2", "больше года"),
    (("780002", "", "#REF!", "a@b.example", "", "", ""), "C2", "ошибка формулы"),
)


@pytest.mark.parametrize("row, address, words", WRONG, ids=[f"{each[1]}-{each[2]}" for each in WRONG])
def test_mistake_names_its_cell_and_keeps_the_row_out(
    cast: Cast, row: tuple[str, ...], address: str, words: str
) -> None:
    sheet = planned(cast.nina, row)

    assert kinds(sheet) == (0, 0, 1)
    assert [(where, words in message) for where, message in told(sheet)][0] == (address, True), told(sheet)
    with pytest.raises(AppointRefused, match="Назначать некого"):
        services.confirm(sheet, by=cast.nina)


def test_foreign_school_reads_like_one_that_is_not_there(cast: Cast) -> None:
    foreign = told(planned(cast.marat, ("470004", "", "Ёлкина Анна", "a@b.example", "", "", "")))
    neighbour = told(planned(cast.marat, ("780003", "", "Ёлкина Анна", "a@b.example", "", "", "")))
    missing = told(planned(cast.marat, ("999999", "", "Ёлкина Анна", "a@b.example", "", "", "")))

    assert foreign == neighbour == missing


def test_name_that_two_schools_share_asks_for_the_code(cast: Cast) -> None:
    make_school(cast.municipality, "780050", "Гимназия № 2")

    sheet = planned(cast.nina, ("", "Гимназия № 2", "Ёлкина Анна", "a@b.example", "", "", ""))

    assert told(sheet) == [("B2", "Таких школ у вас несколько: впишите код школы")]


def test_warnings_do_not_keep_the_row_out(cast: Cast) -> None:
    sheet = planned(cast.nina, ("780001", "", "Ёлкина Анна", "", "", "", ""))

    assert kinds(sheet) == (1, 0, 0)
    assert told(sheet) == [
        ("D2", "Почты нет: назначим, а ссылку вы передадите сами"),
        ("C2", "У школы уже есть администратор: этот будет вторым"),
    ]
    done = applied(sheet)
    assert done.batch is None
    assert not Invitation.objects.exists()


def test_person_twice_in_a_file_counts_once(cast: Cast) -> None:
    other = ("780002", "", "Ёлкина Анна", "ELKINA@school.example", "", "", "")

    sheet = planned(cast.nina, GOOD, other, ("780003", *GOOD[1:]))

    assert kinds(sheet) == (2, 0, 1)
    assert told(sheet) == [("C3", "Этот человек уже есть в строке 2: уберите одну из двух")]


def test_order_and_date_in_one_cell_are_taken_apart(cast: Cast) -> None:
    headers = ("Код", "ФИО", "Почта", "Приказ")

    sheet = planned(cast.nina, ("780002", "Ёлкина Анна", "a@b.example", "№ 114-ОД от 04.09.2026 г."), headers=headers)

    order = services.rows_of(sheet)[0].order
    assert (order.number, order.signed_on) == ("114-ОД", datetime.date(2026, 9, 4))


@pytest.mark.parametrize(
    "data, words",
    [
        (b"<html><table></table></html>", "Excel"),
        (b"PK\x03\x04garbage", "."),
        (csv_of(("a", "b"), headers=("Класс", "Ученик")), "нет"),
        (csv_of(headers=HEADERS), "ни одной строки"),
    ],
)
def test_file_that_is_no_list_is_refused_in_words(cast: Cast, data: bytes, words: str) -> None:
    sheet = uploaded(cast.nina, data)

    assert sheet.stage == SheetStage.REFUSED
    assert words in sheet.summary["refusal"]


def test_empty_file_is_refused_at_once(cast: Cast) -> None:
    with pytest.raises(AppointRefused, match="пустой"):
        services.start(data=b"", shown_name="a.xlsx", by=cast.nina)


def test_columns_of_the_sheet_are_a_list_without_repetitions() -> None:
    assert repeated(COLUMNS, "key", "header") == []


@settings(max_examples=60, suppress_health_check=list(HealthCheck))
@given(cells=st.dictionaries(st.sampled_from([column.key for column in COLUMNS]), st.text(max_size=80)))
def test_no_cell_breaks_the_reading(cells: dict[str, str]) -> None:
    values, problems = clean_record(cells)

    assert {"code", "school", "email", "phone", "last_name", "first_name", "patronymic"} <= set(values)
    assert all(problem.message for _, problem in problems)
    assert len(values["order_number"]) <= 40 or any(key == "order_number" for key, _ in problems)


def test_plan_survives_being_kept(cast: Cast) -> None:
    sheet = planned(cast.nina, GOOD, WRONG[0][0])
    rows: list[Row] = services.rows_of(sheet)

    kept = json.loads(json.dumps(packed(rows), default=str))

    assert unpacked(kept) == rows


# The template


def test_template_has_the_schools_without_an_administrator_and_comes_back(cast: Cast) -> None:
    day = timezone.localdate()
    book = openpyxl.load_workbook(io.BytesIO(template(cast.nina, day)))
    sheet = book["Администраторы"]
    codes = [sheet.cell(row, 1).value for row in range(2, sheet.max_row + 1)]
    for row in range(2, sheet.max_row + 1):
        if sheet.cell(row, 1).value == "780002":
            sheet.cell(row, 3, "Ёлкина Анна Петровна")
            sheet.cell(row, 4, "elkina@school.example")
    stream = io.BytesIO()
    book.save(stream)

    back = uploaded(cast.nina, stream.getvalue())

    assert sorted(map(str, codes)) == ["780002", "780003"]
    assert kinds(back) == (1, 0, 0), told(back)
    assert "2 школы" in str(book["Как заполнять"]["A1"].value).replace("\u00a0", " ")


def test_template_of_a_municipality_holds_its_own_schools(cast: Cast) -> None:
    School.objects.filter(pk=cast.sibling.pk).update(short_name="=HYPERLINK(1)")
    rows = read_workbook(template(cast.marat, timezone.localdate())).sheets[0].rows

    assert [row[0] for row in rows[1:]] == ["780002"]
    assert not rows[1][1].startswith("=")


# Pages


def test_sheet_in_the_browser_from_the_file_to_the_letters(cast: Cast, client_of: ClientOf) -> None:
    client = client_of(cast.nina)
    file = SimpleUploadedFile("Список.csv", csv_of(GOOD, WRONG[0][0], headers=HEADERS))

    sent = client.post("/appointments/bulk/", {"file": file})
    address = sent["Location"]
    waiting = client.get(address).content.decode()
    bar = client.get(f"{address}progress/")
    work(AppointmentSheet.objects.get())
    plan = client.get(address).content.decode()
    client.post(f"{address}act/", {"apply": "1"})
    work(AppointmentSheet.objects.get())
    sending = client.get(address).content.decode()
    send_all()
    outcome = client.get(address).content.decode()

    assert "Проверяем файл" in waiting
    assert bar.status_code == 200
    assert "Назначить 1\u00a0человека" in plan
    assert "A3" in plan
    assert "Отправляем приглашения" in sending
    assert "Назначен 1\u00a0человек" in outcome
    assert client.get(f"{address}progress/").status_code == 286
    assert "Список.csv" in client.get("/appointments/bulk/").content.decode()


def test_letters_that_did_not_go_out_are_sent_again_by_a_button(
    cast: Cast, client_of: ClientOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = applied(planned(cast.nina, GOOD))
    client = client_of(cast.nina)

    def silent(*args: Any, **kwargs: Any) -> None:
        raise TimeoutError

    with monkeypatch.context() as patched:
        patched.setattr("django.core.mail.EmailMessage.send", silent)
        send_all()
    page = client.get(done.get_absolute_url()).content.decode()
    client.post(f"{done.get_absolute_url()}act/", {"resend": "1"})
    send_all()
    again = client.post(f"{done.get_absolute_url()}act/", {"resend": "1"})

    assert "Не ушло" in page
    assert Invitation.objects.get().delivery_error == ""
    assert Invitation.objects.get().delivered_at is not None
    assert len(mail.outbox) == 1
    assert again.status_code == 409
    assert letters.SILENT not in again.content.decode()


def test_sheet_can_be_put_away(cast: Cast, client_of: ClientOf) -> None:
    sheet = planned(cast.nina, GOOD)
    client = client_of(cast.nina)

    client.post(f"{sheet.get_absolute_url()}act/", {"discard": "1"})
    late = client.post(f"{sheet.get_absolute_url()}act/", {"apply": "1"})

    page = client.get(sheet.get_absolute_url()).content.decode()
    assert "Никого не назначили" in page
    assert late.status_code == 409
    assert AppointmentSheet.objects.values_list("plan_data", flat=True).get() is None


@pytest.mark.parametrize("name, status", [("marat", 404), ("sveta", 403), ("observer", 404), ("root", 302)])
def test_sheet_is_its_makers_own(cast: Cast, client_of: ClientOf, name: str, status: int) -> None:
    sheet = planned(cast.nina, GOOD)

    answer = client_of(cast.people[name]).post(f"{sheet.get_absolute_url()}act/", {"discard": "1"})

    sheet.refresh_from_db()
    assert answer.status_code == status
    assert (sheet.stage == SheetStage.DISCARDED) is (name == "root")


def test_wrong_uploads_say_what_to_do(cast: Cast, client_of: ClientOf) -> None:
    client = client_of(cast.nina)

    nothing = client.post("/appointments/bulk/")
    empty = client.post("/appointments/bulk/", {"file": SimpleUploadedFile("a.xlsx", b"")})

    assert nothing.status_code == empty.status_code == 422
    assert "Выберите файл" in nothing.content.decode()
    assert "Файл пустой" in empty.content.decode()


def test_double_click_makes_one_sheet(cast: Cast, client_of: ClientOf) -> None:
    client = client_of(cast.nina)

    addresses = {
        client.post("/appointments/bulk/", {"file": SimpleUploadedFile("a.csv", csv_of(GOOD))})["Location"]
        for _ in "12"
    }

    assert len(addresses) == 1


def test_plan_is_forgotten_with_its_file(cast: Cast) -> None:
    sheet = planned(cast.nina, GOOD)

    forget_old_files(timezone.now() + datetime.timedelta(days=31))

    sheet = AppointmentSheet.objects.select_related("file").get(pk=sheet.pk)
    assert (sheet.stage, sheet.plan_data, sheet.file.data) == (SheetStage.DISCARDED, None, b"")


def test_plan_asks_as_much_for_many_rows(cast: Cast) -> None:
    def asked(count: int) -> int:
        rows = [("780002", "", "Ёлкина Анна", f"a{count}-{number}@b.example", "", "", "") for number in range(count)]
        sheet = services.start(data=csv_of(*rows, headers=HEADERS), shown_name="a.csv", by=cast.nina)
        with CaptureQueriesContext(connection) as caught:
            work(sheet)
        return len(caught)

    assert asked(2) == asked(60)


def test_many_schools_are_appointed_to_at_once(cast: Cast) -> None:
    for number in range(90):
        make_school(cast.municipality, f"7820{number:02}", f"Школа № 20{number:02}")
    rows = [
        (f"7820{number:02}", "", f"Новая Ольга{'а' * (number % 5)}", f"n{number}@b.example", "", "", "")
        for number in range(90)
    ]

    done = applied(planned(cast.marat, *rows))

    assert done.summary["appointed"] == 90
    assert Invitation.objects.filter(batch=done.batch).count() == 90


def test_people_of_the_sheet_are_seen_in_the_admin_by_their_maker_alone(cast: Cast) -> None:
    sheet = planned(cast.nina, GOOD)

    assert AppointmentSheet.objects.visible_to(cast.nina).get() == sheet
    assert not AppointmentSheet.objects.visible_to(cast.marat).exists()
