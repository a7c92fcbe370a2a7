"""Pages of chats from a file: who comes in, what each step shows, and that every act is answered in words."""

import io
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from chats.models import Chat, ChatImport
from chats.talks.sheet.work import perform
from schools import jobs
from tests.chats.school import Made, chat
from tests.chats.sheet.books import EXPORT, OWN, applied, of_rows
from tests.conftest import Cast, ClientOf
from tests.staff.uploads import csv_of

pytestmark = pytest.mark.django_db
JOIN = "https://max.ru/join/a"
HOSTILE = "<script>alert(1)</script>{{ 7*7 }}"


@pytest.fixture
def sveta(cast: Cast, client_of: ClientOf) -> Client:
    """The browser of the school's administrator."""
    return client_of(cast.sveta)


def page(client: Client, url: str, status: int = 200) -> str:
    """A page as text."""
    answer = client.get(url)
    assert answer.status_code == status
    return answer.content.decode()


def upload_url(cast: Cast) -> str:
    """Where a file comes in."""
    return f"/schools/{cast.school.pk}/chats/upload/"


def sent(client: Client, cast: Cast, data: bytes, name: str = "чаты.csv") -> Any:
    """The answer to an upload."""
    return client.post(upload_url(cast), {"file": SimpleUploadedFile(name, data)})


def act(client: Client, upload: ChatImport, **post: str) -> str:
    """Press a button, do the job, return the page it leads to."""
    answer = client.post(f"/chats/imports/{upload.pk}/act/", post)
    assert answer.status_code == 303
    jobs.run(ChatImport, upload.pk, perform)
    return page(client, answer["Location"])


def test_file_goes_the_whole_way_in_the_browser(cast: Cast, made: Made, sveta: Client) -> None:
    rows = (("6Б. Родители", JOIN, "1", "20", "05.09.2026"), ("Котики", "", "2", "5", ""), ("Хор", "", "3", "5", ""))
    answer = sent(sveta, cast, csv_of(*rows, headers=EXPORT))
    upload = ChatImport.objects.get()
    assert answer["Location"] == upload.get_absolute_url()
    assert "Проверяем файл" in page(sveta, upload.get_absolute_url())
    assert sveta.get(f"/chats/imports/{upload.pk}/progress/").status_code == 200
    jobs.run(ChatImport, upload.pk, perform)
    assert sveta.get(f"/chats/imports/{upload.pk}/progress/").status_code == 286

    plan = page(sveta, upload.get_absolute_url())
    assert "Не узнали 2\u00a0чата" in plan
    assert "узнали по названию" in plan
    plan = act(sveta, upload, **{"pick": "1", "fix-3:case": "23"})
    assert "Не узнали 1\u00a0чат" in plan
    plan = act(sveta, upload, skip="4")
    assert "Не вносим строку 4" in plan
    assert "Внести 2\u00a0строки" in plan
    done = act(sveta, upload, apply="1")
    assert "Записаны 2\u00a0новых чата." in done
    assert Chat.objects.count() == 2
    undone = act(sveta, upload, undo="1")
    assert "Убрали 2\u00a0чата." in undone
    assert not Chat.objects.exists()
    assert "отменена" in page(sveta, upload_url(cast))


def test_what_is_typed_is_kept_and_asked_about_before_it_is_written(cast: Cast, made: Made, sveta: Client) -> None:
    rows = (("15", "9Я", "", "", "", JOIN, "", "", ""), ("13", "", "", "", "", "https://max.ru/join/b", "", "", ""))
    upload = of_rows(cast.school, cast.sveta, *rows, headers=OWN)

    plan = act(sveta, upload, **{"apply": "1", "fix-2:class_name": "6Б"})

    assert "Сначала сохранили ваши исправления" in plan
    assert not Chat.objects.exists()
    assert "Внести 2\u00a0строки" in plan


def test_suggestions_are_accepted_one_by_one_or_at_once(cast: Cast, made: Made, sveta: Client) -> None:
    rows = [("13", "", "", "", "", "max.ru/join/a", "", "", ""), ("1", "6Б", "", "", "", "", "5", "", "")]
    upload = of_rows(cast.school, cast.sveta, *rows, headers=OWN)

    assert "Внести 1\u00a0строку" in act(sveta, upload, accept="2:link")
    assert "Внести 2\u00a0строки" in act(sveta, upload, accept_all="1")


def test_mistake_in_a_form_is_said_on_the_page(cast: Cast, made: Made, sveta: Client) -> None:
    answer = sveta.post(upload_url(cast), {})
    assert answer.status_code == 422
    assert "Выберите файл" in answer.content.decode()
    assert "Файл пустой" in sent(sveta, cast, b"").content.decode()
    upload = applied(of_rows(cast.school, cast.sveta, ("Старостат", "", "7", "", "")), cast.sveta)

    for post in ({"apply": "1"}, {"fix-2:case": "1"}, {"fix-x:case": "1"}, {"discard": "1"}, {"mapping": "1"}):
        answer = sveta.post(f"/chats/imports/{upload.pk}/act/", post, follow=True)
        assert answer.status_code == 200
        assert "notice bad" in answer.content.decode()
    assert sveta.post(f"/chats/imports/{upload.pk}/act/", {}).status_code == 303


def test_file_nobody_can_read_says_why_and_offers_its_columns(cast: Cast, made: Made, sveta: Client) -> None:
    sent(sveta, cast, csv_of(("Старостат", "78"), headers=("Цвет", "Рост")))
    upload = ChatImport.objects.get()
    jobs.run(ChatImport, upload.pk, perform)

    refused = page(sveta, upload.get_absolute_url())
    plan = act(sveta, upload, **{"mapping": "1", "column-0": "title", "column-1": "external_id", "column-x": "title"})

    assert "Скажите, что в столбцах" in refused
    assert "Старостат" in refused
    assert "1\u00a0новый чат" in plan


def test_hostile_words_stay_words(cast: Cast, made: Made, sveta: Client) -> None:
    chat(made.school, 13, title=HOSTILE[:100], external_id="1")
    rows = [
        (HOSTILE, "", "1", "", ""),
        (HOSTILE, HOSTILE, "2", HOSTILE, HOSTILE),
        (f"Старостат {HOSTILE}", "", "3", "", ""),
    ]
    upload = of_rows(cast.school, cast.sveta, *rows)

    shown = page(sveta, upload.get_absolute_url()) + act(sveta, upload, **{"pick": "1", "fix-4:case": HOSTILE})

    assert "<script>alert(1)" not in shown
    assert "&lt;script&gt;" in shown


def test_coordinators_see_the_school_and_do_not_load_into_it(cast: Cast, made: Made, client_of: ClientOf) -> None:
    upload = of_rows(cast.school, cast.sveta, ("Котики", JOIN, "7", "", ""))
    marat = client_of(cast.marat)

    assert "Загрузить из таблицы" not in page(marat, f"/schools/{cast.school.pk}/chats/")
    assert sent(marat, cast, b"x").status_code == 403
    for verb in ("apply", "discard", "undo"):
        assert marat.post(f"/chats/imports/{upload.pk}/act/", {verb: "1"}).status_code == 403
    assert ChatImport.objects.get().stage == "planned"


def test_list_is_given_to_coordinators_without_links_of_families(
    cast: Cast, made: Made, client_of: ClientOf, sveta: Client
) -> None:
    chat(made.school, 15, school_class=made.sixth, title="6Б. Родители", link=JOIN)
    url = f"/schools/{cast.school.pk}/chats/chats.xlsx"

    def texts(client: Client) -> set[str]:
        book = openpyxl.load_workbook(io.BytesIO(client.get(url).content))
        return {str(cell.value) for row in book["Чаты"].iter_rows() for cell in row}

    assert JOIN in texts(sveta)
    assert JOIN not in texts(client_of(cast.marat))
    assert "6Б. Родители" in texts(client_of(cast.marat))
    assert "Загрузить из таблицы" in page(sveta, f"/schools/{cast.school.pk}/chats/")


def test_pages_cost_the_same_whatever_the_number_of_rows(cast: Cast, made: Made, sveta: Client) -> None:
    def cost(count: int) -> int:
        rows = [(f"Котики {at}", "", f"{count}-{at}", "", "") for at in range(count)]
        upload = of_rows(cast.school, cast.sveta, *rows)
        with CaptureQueriesContext(connection) as queries:
            assert "Не узнали" in page(sveta, upload.get_absolute_url())
            page(sveta, upload_url(cast))
        return len(queries)

    cost(1)
    assert cost(2) == cost(30)


def test_long_lists_of_a_plan_are_paged(cast: Cast, made: Made, sveta: Client) -> None:
    rows = [("23", "", "", "", f"Событие {at}", "", str(at), "", "") for at in range(120)]
    upload = of_rows(cast.school, cast.sveta, *rows, headers=OWN)

    first, last = (page(sveta, f"{upload.get_absolute_url()}?new={at}") for at in (1, 3))

    assert "Событие 0<" in first
    assert "Событие 119<" not in first
    assert "Событие 119<" in last
    assert page(sveta, f"{upload.get_absolute_url()}?new=x&unknown=99999")
