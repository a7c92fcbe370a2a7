"""Who has read an order, and its scan: marks, days, kinds of files, and what outlives the term of uploads."""

import datetime

import pytest
import time_machine
from django.conf import settings
from django.utils import timezone

from chats.models import Acknowledgement, Order
from chats.orders import issuing, readers
from schools.models import StoredFile
from schools.papers import MOST_BYTES
from schools.retention import forget_old_files
from tests.chats.orders.office import DAY, REASON, begun, furnish, issued, refusal_of
from tests.conftest import Cast
from tests.papers import JPG, PDF, PNG

pytestmark = pytest.mark.django_db
TODAY = datetime.date(2026, 9, 10)


@pytest.fixture
def order(office: Cast) -> Order:
    """An order signed three days ago that the whole school is to read."""
    return issued(office.sveta, office.school, signed_on=TODAY - 3 * DAY)


def read(order: Order) -> list[str]:
    """Surnames of those who have read it."""
    rows = order.acknowledgements.exclude(acknowledged_on=None)
    return sorted(row.name.split()[0] for row in rows)


def pk_of(order: Order, last_name: str) -> int:
    """A line of the sheet."""
    return order.acknowledgements.get(name__startswith=last_name).pk


# Marks


def test_those_chosen_are_marked_with_the_day_and_by_whom(office: Cast, order: Order) -> None:
    marked = readers.mark(order, [pk_of(order, "Мороз")], on=TODAY - DAY, by=office.sveta)

    row = Acknowledgement.objects.get(name__startswith="Мороз")
    assert (marked, read(order)) == (1, ["Мороз"])
    assert (row.acknowledged_on, row.marked_by) == (TODAY - DAY, office.sveta)


def test_all_are_marked_at_once_and_earlier_marks_keep_their_day(office: Cast, order: Order) -> None:
    readers.mark(order, [pk_of(order, "Мороз")], on=TODAY - DAY, by=office.sveta)

    marked = readers.mark(order, None, on=TODAY, by=office.marat)

    assert marked == 3
    assert Acknowledgement.objects.get(name__startswith="Мороз").acknowledged_on == TODAY - DAY
    assert Acknowledgement.objects.filter(acknowledged_on=TODAY, marked_by=office.marat).count() == 3


def test_mark_is_taken_back(office: Cast, order: Order) -> None:
    readers.mark(order, None, on=TODAY, by=office.sveta)

    taken = readers.unmark(order, [pk_of(order, "Мороз"), 999_999], by=office.marat)

    row = Acknowledgement.objects.get(name__startswith="Мороз")
    assert (taken, row.acknowledged_on, row.marked_by) == (1, None, office.marat)
    assert len(read(order)) == 3
    assert readers.unmark(order, [row.pk], by=office.sveta) == 0


def test_lines_of_another_order_are_not_touched(office: Cast, order: Order) -> None:
    other = issued(office.sveta, office.school)
    readers.mark(other, [pk_of(other, "Мороз")], on=TODAY, by=office.sveta)

    marked = readers.mark(order, [pk_of(other, "Зимина")], on=TODAY, by=office.sveta)
    taken = readers.unmark(order, [pk_of(other, "Мороз")], by=office.sveta)

    assert (marked, taken, read(order), read(other)) == (0, 0, [], ["Мороз"])


@pytest.mark.parametrize("day", [TODAY - 4 * DAY, TODAY + DAY])
def test_nobody_reads_an_order_before_it_is_signed_or_tomorrow(office: Cast, order: Order, day: datetime.date) -> None:
    refusal = refusal_of(readers.mark, order, None, on=day, by=office.sveta)

    assert refusal.field == "on"
    assert read(order) == []


def test_only_an_order_in_force_is_read(office: Cast, order: Order) -> None:
    readers.mark(order, [pk_of(order, "Мороз")], on=TODAY, by=office.sveta)
    issuing.cancel(order, on=TODAY, reason=REASON, by=office.sveta)
    draft = begun(office.sveta, office.school)

    for each in (order, draft):
        assert "действующим приказом" in str(refusal_of(readers.mark, each, None, on=TODAY, by=office.sveta))
        assert "действующим приказом" in str(refusal_of(readers.unmark, each, [], by=office.sveta))
    assert read(order) == ["Мороз"]


def test_nobody_marks_or_scans_what_is_not_theirs(office: Cast) -> None:
    furnish(office.sibling)
    order = issued(office.marat, office.sibling)

    for refusal in (
        refusal_of(readers.mark, order, None, on=TODAY, by=office.sveta),
        refusal_of(readers.unmark, order, [], by=office.sveta),
        refusal_of(readers.attach_scan, order, name="скан.pdf", data=PDF, by=office.sveta),
    ):
        assert "её администратор" in str(refusal)
    assert read(order) == []
    assert not StoredFile.objects.exists()


# Scans


@pytest.mark.parametrize("data", [PDF, JPG, PNG], ids=["pdf", "jpg", "png"])
def test_scan_is_kept_with_the_school_it_is_of(office: Cast, order: Order, data: bytes) -> None:
    kept = readers.attach_scan(order, name="C:\\scans\\скан\u202e.pdf", data=data, by=office.sveta)

    assert kept.scan is not None
    assert (kept.scan.data, kept.scan.shown_name) == (data, "скан.pdf")
    assert (kept.scan.school, kept.scan.is_document, kept.scan.uploaded_by) == (office.school, True, office.sveta)


@pytest.mark.parametrize(
    "data, told",
    [
        (b"", "пустой"),
        (b"PK\x03\x04 docx", "PDF, JPG или PNG"),
        (b"<svg onload=alert(1)>", "PDF, JPG или PNG"),
        (b"GIF89a", "PDF, JPG или PNG"),
        (PDF + b"0" * MOST_BYTES, "больше 10"),
    ],
    ids=["empty", "docx", "svg", "gif", "big"],
)
def test_file_that_is_no_scan_is_refused_and_the_old_one_stays(
    office: Cast, order: Order, data: bytes, told: str
) -> None:
    readers.attach_scan(order, name="скан.pdf", data=PDF, by=office.sveta)

    refusal = refusal_of(readers.attach_scan, order, name="другой.pdf", data=data, by=office.sveta)

    assert told in str(refusal)
    assert refusal.field == "file"
    assert [file.shown_name for file in StoredFile.objects.all()] == ["скан.pdf"]


def test_newer_scan_takes_the_place_of_the_old_one(office: Cast, order: Order) -> None:
    readers.attach_scan(order, name="скан.pdf", data=PDF, by=office.sveta)

    kept = readers.attach_scan(order, name="новый.png", data=PNG, by=office.sveta)

    assert [(file.pk, file.data) for file in StoredFile.objects.all()] == [(kept.scan_id, PNG)]


def test_cancelled_order_takes_a_scan_and_a_draft_does_not(office: Cast, order: Order) -> None:
    issuing.cancel(order, on=TODAY, reason=REASON, by=office.sveta)

    assert readers.attach_scan(order, name="скан.pdf", data=PDF, by=office.sveta).scan
    refusal = refusal_of(
        readers.attach_scan, begun(office.sveta, office.school), name="скан.pdf", data=PDF, by=office.sveta
    )
    assert "Сначала издайте" in str(refusal)


def test_scan_outlives_the_term_of_uploads(office: Cast, order: Order, clock: time_machine.Traveller) -> None:
    readers.attach_scan(order, name="скан.pdf", data=PDF, by=office.sveta)
    StoredFile.objects.create(school=office.school, shown_name="список.xlsx", size=1, sha256="0", content=b"x")
    clock.shift(datetime.timedelta(days=settings.KEEP_FILES_DAYS + 1))

    forgotten = forget_old_files(timezone.now())

    assert forgotten == 1
    assert {file.shown_name: file.data for file in StoredFile.objects.all()} == {"скан.pdf": PDF, "список.xlsx": b""}
