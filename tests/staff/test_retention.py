"""staff.imports.retention: what an upload forgets when its term is over."""

import datetime
import io

import pytest
from django.utils import timezone
from openpyxl import Workbook

from schools import jobs
from staff.imports import services
from staff.imports.performing import perform
from staff.imports.retention import forget_old_plans
from staff.models import ImportStage, StaffImport, StaffMember
from tests.conftest import Cast, ClientOf

pytestmark = pytest.mark.django_db
MONTH = datetime.timedelta(days=31)


def uploaded(cast: Cast, *rows: tuple[str, ...]) -> StaffImport:
    """An upload, read and planned."""
    book = Workbook()
    assert book.active is not None
    for row in (("Фамилия", "Имя", "Отчество"), *rows):
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    upload = services.start_import(
        school=cast.school, data=stream.getvalue(), shown_name="a.xlsx", mode="update", by=cast.sveta
    )
    return run(upload)


def run(upload: StaffImport) -> StaffImport:
    """Do what a worker would."""
    jobs.run(StaffImport, upload.pk, perform)
    upload.refresh_from_db()
    return upload


def test_an_applied_upload_forgets_people_and_keeps_counts(cast: Cast, client_of: ClientOf) -> None:
    upload = uploaded(cast, ("Каренина", "Ольга", "Семёновна"), ("Зимина", "Анна-Викторовна", ""))
    run(services.request_apply(upload, by=cast.sveta))

    assert forget_old_plans(timezone.now() + MONTH) == 1
    upload.refresh_from_db()

    assert (upload.plan_data, upload.undo_data, upload.fixes) == (None, None, {})
    assert (upload.stage, upload.summary["new"]) == (ImportStage.APPLIED, 1)
    assert StaffMember.objects.filter(school=cast.school).count() == 1
    page = client_of(cast.sveta).get(upload.get_absolute_url())
    assert page.status_code == 200
    assert "mistakes.xlsx" not in page.content.decode()


def test_an_upload_nobody_confirmed_is_put_away(cast: Cast, client_of: ClientOf) -> None:
    upload = uploaded(cast, ("Каренина", "Ольга", "Семёновна"))

    forget_old_plans(timezone.now() + MONTH)
    upload.refresh_from_db()

    assert upload.stage == ImportStage.DISCARDED
    assert client_of(cast.sveta).get(upload.get_absolute_url()).status_code == 200


def test_cells_of_a_file_nobody_recognised_are_forgotten(cast: Cast) -> None:
    upload = run(
        services.start_import(
            school=cast.school,
            data="Каренина;учитель\nМороз;методист\n".encode(),
            shown_name="a.csv",
            mode="update",
            by=cast.sveta,
        )
    )
    assert upload.summary["top"]

    forget_old_plans(timezone.now() + MONTH)
    upload.refresh_from_db()

    assert "top" not in upload.summary


def test_a_fresh_upload_is_left_alone_and_an_old_one_is_forgotten_once(cast: Cast) -> None:
    upload = uploaded(cast, ("Каренина", "Ольга", "Семёновна"))

    assert forget_old_plans(timezone.now()) == 0
    assert forget_old_plans(timezone.now() + MONTH) == 1
    assert forget_old_plans(timezone.now() + MONTH) == 0

    assert upload.plan_data is not None
