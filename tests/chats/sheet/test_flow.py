"""A file of chats on its way: planned, confirmed, written in one act, gone stale, taken back, given out again."""

import datetime
import io
import zipfile
from typing import Any

import openpyxl
import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from chats.models import Chat, ChatImport, ChatMember
from chats.talks import services as talks
from chats.talks.sheet import files, services
from chats.talks.sheet.columns import TEMPLATE_COLUMNS
from chats.talks.sheet.retention import forget_old_imports
from schools.jobs import JobState
from schools.models import Appointment, StoredFile
from schools.sheets import read_workbook
from staff.imports.services import ImportRefused
from staff.models import ImportStage
from tests.chats.school import FOREIGN, VK, Made, chat
from tests.chats.sheet.books import (
    EXPORT,
    OWN,
    actions,
    applied,
    fixed,
    of_rows,
    planned,
    row,
    state,
    undone,
    versions,
    work,
)
from tests.conftest import Cast
from tests.staff.uploads import csv_of, writes

pytestmark = pytest.mark.django_db
JOIN = "https://max.ru/join/a"
DAY = datetime.date(2026, 11, 26)


def cells(data: bytes) -> list[dict[str, str]]:
    """Rows of the first sheet of a workbook by their headings."""
    head, *rows = read_workbook(data).sheets[0].rows
    return [dict(zip(head, each, strict=True)) for each in rows]


def filled(data: bytes, **links: str) -> bytes:
    """A template into which links were written, by the name of the chat with «_» for what Python does not allow."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    sheet: Any = book["Чаты"]
    at = {cell.value: cell.column for cell in sheet[1]}
    for line in range(2, sheet.max_row + 1):
        name = str(sheet.cell(line, at["Название"]).value)
        if name in links:
            sheet.cell(line, at["Ссылка"]).value = links[name]
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


# Written and taken back


def test_export_is_planned_confirmed_and_written_in_one_act(
    cast: Cast, made: Made, django_capture_on_commit_callbacks: Any
) -> None:
    old = chat(made.school, 13, title="Сайт", external_id="77")
    upload = of_rows(
        cast.school,
        cast.sveta,
        ("Сайт школы", JOIN, "77", "5", "02.09.2026"),
        ("6Б. Родители", "https://max.ru/join/b", "78", "20", "05.09.2026"),
        ("Непонятно", "", "79", "", ""),
    )

    with django_capture_on_commit_callbacks(execute=False) as told:
        upload = applied(upload, cast.sveta)

    assert (upload.stage, upload.state) == (ImportStage.APPLIED, JobState.DONE)
    assert (upload.summary["made"], upload.summary["wrote"], upload.summary["left"]) == (1, 1, [])
    old.refresh_from_db()
    assert (old.title, old.link, old.opened_on) == ("Сайт школы", JOIN, datetime.date(2026, 9, 2))
    new = Chat.objects.exclude(pk=old.pk).get()
    assert (new.use_case, new.school_class, new.title, new.external_id) == (15, made.sixth, "6Б. Родители", "78")
    assert new.opened_on == datetime.date(2026, 9, 5)
    assert len(told) <= 3  # the school's change is told once, not for every row


def test_chat_picked_by_hand_is_known_by_itself_the_next_time(cast: Cast, made: Made) -> None:
    rows = [("Наши котики", JOIN, "9", "", "")]
    upload = fixed(of_rows(cast.school, cast.sveta, *rows), cast.sveta, r2_case="15", r2_place="6Б")
    applied(upload, cast.sveta)

    again = of_rows(cast.school, cast.sveta, ("Котики и их родители", JOIN, "9", "", ""))

    assert row(again).changes == {"title": ["Наши котики", "Котики и их родители"]}
    assert Chat.objects.get().school_class == made.sixth


def test_unchanged_file_writes_no_row(cast: Cast, made: Made) -> None:
    chat(made.school, 13, title="Сайт", external_id="77", link=JOIN)
    before = versions(made.school)

    upload = of_rows(cast.school, cast.sveta, ("сайт", JOIN, "77", "5", "01.09.2026"))

    assert actions(upload) == ["same"]
    with pytest.raises(ImportRefused, match="Вносить нечего"):
        services.request_apply(upload, by=cast.sveta)
    assert versions(made.school) == before


def test_chat_absent_from_the_file_stays_as_it_is(cast: Cast, made: Made) -> None:
    absent = chat(made.school, 1, title="Админы")

    upload = applied(of_rows(cast.school, cast.sveta, ("Сайт и сообщество", JOIN, "", "", "")), cast.sveta)

    absent.refresh_from_db()
    assert (absent.version, absent.closed_on) == (1, None)
    assert upload.summary["absent"] == 1


@pytest.mark.parametrize("what", ["chat", "class", "staff"])
def test_plan_goes_stale_when_the_school_changed_meanwhile(cast: Cast, made: Made, what: str) -> None:
    known = chat(made.school, 13, title="Сайт", external_id="77")
    upload = of_rows(cast.school, cast.sveta, ("Сайт школы", JOIN, "77", "", ""))
    if what == "chat":
        known.title = "Сайт-2"
        talks.save_chat(chat=known, by=cast.sveta)
    elif what == "class":
        made.first.delete()
    else:
        made.staff[0].left_on = DAY
        made.staff[0].save()

    upload = applied(upload, cast.sveta)

    assert upload.stage == ImportStage.PLANNED
    assert "План пересчитан" in upload.summary["said"][0]
    assert not Chat.objects.filter(link=JOIN).exists()
    assert applied(upload, cast.sveta).stage == ImportStage.APPLIED
    assert Chat.objects.get(link=JOIN).title == "Сайт школы"


def test_plan_that_was_mended_elsewhere_is_not_confirmed_unseen(cast: Cast, made: Made) -> None:
    upload = of_rows(cast.school, cast.sveta, ("Сайт и сообщество", JOIN, "", "", ""))

    with pytest.raises(ImportRefused, match="План с тех пор изменился"):
        services.request_apply(upload, by=cast.sveta, seen="0" * 16)


def test_upload_is_undone_as_a_whole(cast: Cast, made: Made) -> None:
    chat(made.school, 13, title="Сайт", external_id="77", owner=made.staff[0])
    chat(made.school, 15, school_class=made.sixth, title="6Б. Родители", external_id="78")
    before = state(made.school)
    headers = (*OWN, "Закрыт")
    upload = of_rows(
        cast.school, cast.sveta,
        ("1", "", "", "", "Администрация", JOIN, "", "Директорова Анна Юрьевна", "", ""),
        ("13", "", "", "", "Сайт", "", "77", "Замова Анна Юрьевна", "02.09.2026", ""),
        ("15", "6Б", "", "", "", "", "78", "", "", "20.11.2026"),
        ("15", "6Б", "", "", "6Б. Родители снова", "", "80", "", "", ""),
        headers=headers,
    )  # fmt: skip

    upload = undone(applied(upload, cast.sveta), cast.sveta)

    assert upload.stage == ImportStage.UNDONE
    assert upload.summary["undo"] == {"removed": 2, "restored": 2, "kept": []}
    assert state(made.school) == before


def test_undo_leaves_what_was_changed_since_and_says_so(cast: Cast, made: Made) -> None:
    changed = chat(made.school, 13, title="Сайт", external_id="77")
    upload = applied(
        of_rows(cast.school, cast.sveta, ("Сайт школы", "", "77", "", ""), ("Старостат", "", "78", "", ""),
                ("Администрация", "", "79", "", ""), ("Совет родителей", "", "80", "", "")),
        cast.sveta,
    )  # fmt: skip
    changed.refresh_from_db()
    changed.title = "Ещё новее"
    talks.save_chat(chat=changed, by=cast.sveta)
    edited, peopled = Chat.objects.get(external_id="78"), Chat.objects.get(external_id="79")
    edited.link = JOIN
    talks.save_chat(chat=edited, by=cast.sveta)
    ChatMember.objects.create(chat=peopled, staff=made.staff[0])

    undo = undone(upload, cast.sveta).summary["undo"]

    assert (undo["removed"], undo["restored"]) == (1, 0)
    assert undo["kept"] == [
        ["Старостат", "изменены после загрузки"],
        ["Администрация", "на них уже ссылаются другие данные"],
        ["Сайт", "изменены после загрузки"],
    ]
    assert not Chat.objects.filter(external_id="80").exists()


def test_undo_does_not_bring_back_a_number_another_chat_has(cast: Cast, made: Made) -> None:
    chat(made.school, 13, title="Сайт", external_id="77", link=JOIN)
    upload = applied(of_rows(cast.school, cast.sveta, ("Сайт", JOIN, "90", "", "")), cast.sveta)
    chat(made.school, 23, title="Занял номер", external_id="77")

    undo = undone(upload, cast.sveta).summary["undo"]

    assert undo["restored"] == 0
    assert undo["kept"][0][0] == "Сайт"
    assert Chat.objects.get(title="Сайт").external_id == "90"


def test_term_of_undoing_ends(cast: Cast, made: Made) -> None:
    upload = applied(of_rows(cast.school, cast.sveta, ("Старостат", "", "78", "", "")), cast.sveta)
    ChatImport.objects.update(applied_at=timezone.now() - datetime.timedelta(days=settings.KEEP_FILES_DAYS + 1))

    with pytest.raises(ImportRefused, match="этот срок вышел"):
        services.request_undo(upload, by=cast.sveta)


def test_old_uploads_forget_what_they_held_and_keep_their_counts(cast: Cast, made: Made) -> None:
    done = applied(of_rows(cast.school, cast.sveta, ("Старостат", "", "78", "", "")), cast.sveta)
    waiting = of_rows(cast.school, cast.sveta, ("Непонятно", "", "79", "", ""))

    assert forget_old_imports(timezone.now()) == 0
    assert forget_old_imports(timezone.now() + datetime.timedelta(days=settings.KEEP_FILES_DAYS + 1)) == 2

    done.refresh_from_db()
    waiting.refresh_from_db()
    assert (done.plan_data, done.undo_data, done.summary["new"], done.stage) == (None, None, 1, "applied")
    assert (waiting.plan_data, waiting.stage) == (None, "discarded")


def test_right_that_ended_before_the_job_ran_writes_nothing(cast: Cast, made: Made) -> None:
    upload = services.request_apply(of_rows(cast.school, cast.sveta, ("Старостат", "", "78", "", "")), by=cast.sveta)
    Appointment.objects.filter(user=cast.sveta).delete()

    upload = work(upload)

    assert upload.state == JobState.FAILED
    assert "больше нет права" in upload.error
    assert not Chat.objects.exists()


def test_same_bytes_give_the_upload_that_waits_and_a_day_has_its_limit(cast: Cast, made: Made, settings: Any) -> None:
    data = csv_of(("Старостат", "", "78", "", ""), headers=EXPORT)
    first = planned(cast.school, cast.sveta, data)
    settings.UPLOADS_PER_SCHOOL_A_DAY = 1

    assert services.start_import(school=cast.school, data=data, shown_name="x.csv", by=cast.sveta) == first
    with pytest.raises(ImportRefused, match="слишком много файлов"):
        services.start_import(school=cast.school, data=data + b"\n", shown_name="x.csv", by=cast.sveta)
    for data in (b"", b"x" * (20 * 1024 * 1024 + 1)):
        with pytest.raises(ImportRefused):
            services.start_import(school=cast.school, data=data, shown_name="x.csv", by=cast.sveta)


def test_columns_named_by_hand_are_read(cast: Cast, made: Made) -> None:
    upload = of_rows(cast.school, cast.sveta, ("Старостат", "78"), headers=("Цвет", "Рост"))
    assert upload.stage == ImportStage.REFUSED

    upload = work(services.choose_columns(upload, mapping={0: "title", 1: "external_id"}, by=cast.sveta))

    assert upload.stage == ImportStage.PLANNED
    found = row(upload, 2)
    assert (found.action, found.facts["use_case"], found.facts["external_id"]) == ("new", 19, "78")


@pytest.mark.parametrize("fixes", [{"x:case": "1"}, {"2:school_id": "1"}, {"2:title": "х" * 501}])
def test_only_cells_of_the_file_are_mended(cast: Cast, made: Made, fixes: dict[str, str]) -> None:
    upload = of_rows(cast.school, cast.sveta, ("Старостат", "", "78", "", ""))

    with pytest.raises(ImportRefused, match="исправить нельзя"):
        services.fix_cells(upload, fixes=fixes, by=cast.sveta)


# Files given out


def every_kind(made: Made) -> None:
    """Chats of every kind: closed, of last year, foreign, of no class, with formulas for names, twins by link."""
    before = made.school.classes.create(year=2025, grade=5, letter="Б")
    chat(made.school, 1, title='=HYPERLINK("http://x";"y")', link=JOIN, external_id="007")
    chat(made.school, 3, title="+7 «учителя»", link=JOIN, owner=made.staff[0])
    chat(made.school, 5, area=5, title="МО: естественные науки", owner=made.staff[3])
    chat(made.school, 13, title="<b>Сайт</b> & Ко", channel=VK, link="https://vk.me/join/x")
    chat(made.school, 15, school_class=made.sixth, title="6Б. Родители", link="https://max.ru/join/b")
    chat(made.school, 15, school_class=before, title="5Б. Родители", channel=VK)
    chat(made.school, 14, title="Класс без класса")
    chat(made.school, 23, title="Событие", channel=FOREIGN, ends_on=datetime.date(2026, 12, 1))
    chat(made.school, 23, title="Событие", closed_on=datetime.date(2026, 10, 1))
    chat(made.school, 23, title="Событие", closed_on=datetime.date(2026, 10, 1))


def test_list_that_is_given_out_loads_back_without_a_change(cast: Cast, made: Made) -> None:
    every_kind(made)
    made.staff[0].left_on = DAY
    made.staff[0].save()

    upload = planned(cast.school, cast.sveta, files.chat_list(made.school, own=True))

    assert actions(upload) == ["same"] * 10
    assert [one for each in (row(upload, at) for at in range(2, 12)) for one in each.mistakes] == []


def test_template_has_the_chats_there_are_and_those_missing(cast: Cast, made: Made) -> None:
    chat(made.school, 13, title="Наш сайт", link=JOIN)
    data = files.template(made.school, DAY)

    rows = cells(data)
    assert list(rows[0]) == [column.header for column in TEMPLATE_COLUMNS]
    assert [(each["Название"], each["Ссылка"]) for each in rows[:2]] == [("Наш сайт", JOIN), ("Администрация", "")]
    parents = next(each for each in rows if each["Название"] == "6Б. Родители")
    assert (parents["Кейс"], parents["Класс"], parents["Канал"], parents["Создан"], parents["Код строки"]) == (
        "15. Классный руководитель и родители", "6Б", "MAX", "", "",
    )  # fmt: skip
    empty = planned(cast.school, cast.sveta, data)
    assert (empty.summary["same"], empty.summary["later"], empty.summary["new"]) == (1, len(rows) - 1, 0)


def test_template_with_links_is_all_a_school_has_to_fill_in(cast: Cast, made: Made) -> None:
    data = filled(files.template(made.school, DAY), **{"6Б. Родители": JOIN, "Администрация": "https://max.ru/join/b"})

    upload = applied(planned(cast.school, cast.sveta, data), cast.sveta)

    assert upload.summary["made"] == 2
    parents = Chat.objects.get(use_case=15)
    assert (parents.school_class, parents.link, parents.channel, parents.opened_on) == (made.sixth, JOIN, 2, DAY)
    assert parents.owner == made.staff[2]


def test_links_into_chats_of_families_are_in_the_own_file_alone(cast: Cast, made: Made) -> None:
    every_kind(made)

    own, above = (cells(files.chat_list(made.school, own=flag)) for flag in (True, False))

    links = {
        name: {each["Название"]: each["Ссылка"] for each in rows} for name, rows in (("own", own), ("above", above))
    }
    assert links["own"]["6Б. Родители"] == "https://max.ru/join/b"
    assert links["above"]["6Б. Родители"] == ""
    assert links["above"]["+7 «учителя»"] == JOIN
    assert "Код строки" not in above[0]


def test_no_cell_of_the_files_is_a_formula(cast: Cast, made: Made) -> None:
    every_kind(made)

    for data in (files.chat_list(made.school, own=True), files.template(made.school, DAY)):
        sheet = zipfile.ZipFile(io.BytesIO(data)).read("xl/worksheets/sheet1.xml").decode()
        assert "<f>" not in sheet
        assert "<f " not in sheet


# Cost


def test_plan_and_files_cost_the_same_whatever_the_number_of_chats(cast: Cast, made: Made) -> None:
    def cost(count: int) -> tuple[int, int, int]:
        Chat.objects.all().delete()
        for at in range(count):
            chat(made.school, 23, title=f"Событие {at}", external_id=str(at), owner=made.staff[0])
        rows = [(f"Событие {at}", "", str(at), "", "02.09.2026") for at in range(count)]
        started = services.start_import(
            school=cast.school, data=csv_of(*rows, headers=EXPORT), shown_name="x", by=cast.sveta
        )
        with CaptureQueriesContext(connection) as plan:
            work(started)
        with CaptureQueriesContext(connection) as listed:
            files.chat_list(made.school, own=True)
        with CaptureQueriesContext(connection) as template:
            files.template(made.school, DAY)
        return len(plan), len(listed), len(template)

    assert cost(2) == cost(30)


def test_reading_writes_nothing_but_the_upload(cast: Cast, made: Made) -> None:
    started = services.start_import(
        school=cast.school, data=csv_of(("Старостат", "", "7", "", ""), headers=EXPORT), shown_name="x", by=cast.sveta
    )

    with CaptureQueriesContext(connection) as queries:
        work(started)

    assert all("chats_chatimport" in each for each in writes(queries.captured_queries))
    assert StoredFile.objects.count() == 1
