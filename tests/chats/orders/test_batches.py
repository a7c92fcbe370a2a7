"""One order for many schools: who prepares it and for whom, what the job leaves, how a second try goes on."""

import io
import zipfile
from typing import Any

import openpyxl
import pytest
from django.test import Client
from docx import Document

from chats.models import Order, OrderBatch
from chats.orders import batches, drafting
from chats.orders.drafting import OrderRefused
from schools import jobs
from schools.jobs import JobState
from schools.models import School, StoredFile
from tests.chats.orders.office import issued, template
from tests.conftest import Cast

pytestmark = pytest.mark.django_db
URL = "/orders/for-schools/?municipality={}&template=sferum-use"


def prepared(office: Cast, *schools: School, **values: Any) -> OrderBatch:
    """A batch of Марат's for these schools, not yet worked on."""
    text = template("sferum-use")
    return batches.prepare(
        sender=office.municipality,
        template=text,
        values=drafting.common_values(text) | values,
        school_ids=frozenset(school.pk for school in schools),
        by=office.marat,
    )


def worked(batch: OrderBatch) -> OrderBatch:
    """The batch after its job."""
    jobs.run(OrderBatch, batch.pk, batches.perform)
    batch.refresh_from_db()
    return batch


def archive_of(batch: OrderBatch) -> zipfile.ZipFile:
    """What the coordinator downloads."""
    assert batch.archive is not None
    return zipfile.ZipFile(io.BytesIO(batch.archive.data))


def test_every_school_gets_its_own_draft_with_the_common_values(office: Cast) -> None:
    batch = worked(prepared(office, office.school, office.sibling, срок="2026-10-01"))

    drafts = {order.school_id: order for order in Order.objects.filter(batch=batch)}

    assert (batch.state, batch.done_count, batch.total_count) == (JobState.DONE, 2, 2)
    assert set(drafts) == {office.school.pk, office.sibling.pk}
    assert {order.values["срок"] for order in drafts.values()} == {"2026-10-01"}
    assert drafts[office.school.pk].values["администратор"]["last_name"] == "Зимина"
    assert drafts[office.sibling.pk].values["администратор"] is None
    assert all(order.is_draft and order.created_by == office.marat for order in drafts.values())


def test_archive_holds_a_document_of_each_school_and_a_register_of_what_is_missing(office: Cast) -> None:
    office.sibling.short_name = '=СУММ(1)/Школа "Лахта": филиал?'
    office.sibling.save()

    archive = archive_of(worked(prepared(office, office.school, office.sibling)))

    names = sorted(archive.namelist())
    assert [name[:5] for name in names] == ["0001 ", "0002 ", "Реест"]
    assert not any(sign in "".join(names) for sign in '\\/:*?"<>|')
    texts = ["\n".join(line.text for line in Document(io.BytesIO(archive.read(name))).paragraphs) for name in names[:2]]
    assert sum("Зимину Анну Петровну" in text for text in texts) == 1
    sheet = openpyxl.load_workbook(io.BytesIO(archive.read("Реестр.xlsx")))["Реестр"]
    rows = {row[1].value: row for row in list(sheet.iter_rows())[1:]}
    assert rows[office.school.short_name][4].value == "ничего"
    assert "Администратор платформы" in str(rows[office.sibling.short_name][4].value)
    assert rows[office.sibling.short_name][1].data_type == "s"


def test_second_try_goes_on_where_the_first_one_stopped(office: Cast) -> None:
    batch = prepared(office, office.school, office.sibling)
    first = drafting.begin(place=office.school, template=batch.template, by=office.marat, batch=batch)

    worked(batch)

    assert Order.objects.filter(batch=batch, school=office.school).get() == first
    assert Order.objects.filter(batch=batch).count() == 2


def test_school_that_has_such_a_draft_gets_no_second_one(office: Cast) -> None:
    own = drafting.begin(place=office.school, template=template("sferum-use"), by=office.sveta)

    for batch in (prepared(office, office.school), prepared(office, office.school)):
        worked(batch)

    assert list(Order.objects.filter(school=office.school)) == [own]


def test_school_that_moved_away_does_not_stop_the_others(office: Cast) -> None:
    batch = prepared(office, office.school, office.sibling)
    School.objects.filter(pk=office.sibling.pk).update(
        region=office.foreign.region_id, municipality=office.foreign.municipality_id
    )

    archive = archive_of(worked(batch))

    sheet = openpyxl.load_workbook(io.BytesIO(archive.read("Реестр.xlsx")))["Реестр"]
    assert len(archive.namelist()) == 2
    assert any("ведут её администратор" in str(cell.value) for row in sheet.iter_rows() for cell in row)


@pytest.mark.parametrize("name", ["sveta", "stranger", "observer"])
def test_only_coordinators_of_the_place_prepare(office: Cast, name: str) -> None:
    with pytest.raises(OrderRefused, match="готовит координатор"):
        batches.prepare(
            sender=office.municipality,
            template=template("sferum-use"),
            values={},
            school_ids=frozenset({office.school.pk}),
            by=office.people[name],
        )

    assert not OrderBatch.objects.exists()


def test_schools_of_others_are_left_out_and_none_at_all_is_refused(office: Cast) -> None:
    batch = prepared(office, office.school, office.foreign)

    assert batch.school_ids == [office.school.pk]
    with pytest.raises(OrderRefused, match="хотя бы одну"):
        prepared(office, office.foreign)


def test_order_of_a_municipality_is_prepared_for_no_school(office: Cast) -> None:
    with pytest.raises(OrderRefused, match="издают не школы"):
        batches.prepare(
            sender=office.municipality,
            template=template("municipal-coordinator"),
            values={},
            school_ids=frozenset({office.school.pk}),
            by=office.marat,
        )


def test_schools_that_have_such_an_order_are_not_offered(office: Cast, client_of: Any) -> None:
    issued(office.sveta, office.school)

    page = client_of(office.marat).get(URL.format(office.municipality.pk)).content.decode()

    assert f'id="to-{office.sibling.pk}"' in page
    assert f'id="to-{office.school.pk}"' not in page
    assert "приказ уже есть у 1" in page


def test_coordinator_prepares_in_the_browser_and_downloads_the_archive(office: Cast, client_of: Any) -> None:
    client: Client = client_of(office.marat)
    sent = {"school": [office.school.pk, office.sibling.pk], "f-срок": "2026-10-01", "f-цель": "общения"}

    answer = client.post(URL.format(office.municipality.pk), sent)
    batch = worked(OrderBatch.objects.get())
    page = client.get(answer.headers["Location"]).content.decode()
    archive = client.get(f"/orders/for-schools/{batch.pk}/orders.zip")

    assert "Готово: 2" in page
    assert archive.headers["Content-Type"] == "application/zip"
    assert len(zipfile.ZipFile(io.BytesIO(archive.content)).namelist()) == 3
    assert client_of(office.sveta).get(f"/orders/for-schools/{batch.pk}/").status_code == 404


def test_wish_for_no_school_is_told_and_what_was_typed_stays(office: Cast, client_of: Any) -> None:
    sent = {"f-срок": "2026-10-01", "f-цель": "порядка в переписке"}

    answer = client_of(office.marat).post(URL.format(office.municipality.pk), sent)

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Выберите хотя бы одну школу" in page
    assert "порядка в переписке" in page
    assert "2026-10-01" in page


def test_archive_goes_with_the_uploads_and_the_drafts_stay(office: Cast, client_of: Any) -> None:
    batch = worked(prepared(office, office.school))
    StoredFile.objects.update(content=None)

    page = client_of(office.marat).get(f"/orders/for-schools/{batch.pk}/").content.decode()
    archive = client_of(office.marat).get(f"/orders/for-schools/{batch.pk}/orders.zip")

    assert "стёрт по сроку" in page
    assert archive.status_code == 404
    assert Order.objects.filter(batch=batch).count() == 1
