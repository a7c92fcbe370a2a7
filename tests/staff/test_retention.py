"""staff.imports.retention: what an upload forgets when its term is over."""

import datetime
import io

import pytest
from django.test import Client
from django.utils import timezone
from openpyxl import Workbook

from schools import jobs
from schools.jobs import JobState
from staff.imports import services
from staff.imports.performing import perform
from staff.imports.retention import forget_old_plans
from staff.imports.stored import unpack
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
    assert unpack(upload.plan_data)["top"] == [["Каренина", "учитель"], ["Мороз", "методист"]]

    forget_old_plans(timezone.now() + MONTH)
    upload.refresh_from_db()

    assert upload.plan_data is None


def test_a_fresh_upload_is_left_alone_and_an_old_one_is_forgotten_once(cast: Cast) -> None:
    upload = uploaded(cast, ("Каренина", "Ольга", "Семёновна"))

    assert forget_old_plans(timezone.now()) == 0
    assert forget_old_plans(timezone.now() + MONTH) == 1
    assert forget_old_plans(timezone.now() + MONTH) == 0

    assert upload.plan_data is not None


def test_an_upload_at_which_a_worker_is_waits_for_the_next_night(cast: Cast) -> None:
    upload = uploaded(cast, ("Каренина", "Ольга", "Семёновна"))
    later = timezone.now() + MONTH
    rows = StaffImport.objects.filter(pk=upload.pk)
    rows.update(stage=ImportStage.UPLOADED, state=JobState.RUNNING, lease_until=later + datetime.timedelta(seconds=30))

    assert forget_old_plans(later) == 0
    assert forget_old_plans(later + datetime.timedelta(minutes=1)) == 1


APPLIED_ONCE = {ImportStage.APPLIED, ImportStage.UNDOING, ImportStage.UNDONE}
BUTTONS: tuple[dict[str, str], ...] = (
    {"apply": "1"}, {"discard": "1"}, {"undo": "1"}, {"abort": "1"}, {"mode": "full"}, {"accept_all": "1"},
    {"mapping": "1", "column-0": "last_name"}, {"accept": "2:last_name"}, {"skip": "2"},
    {"fix": "2:last_name", "fix-2:last_name": "Зимина"},
)  # fmt: skip


@pytest.mark.parametrize("state", JobState.values)
@pytest.mark.parametrize("stage", ImportStage.values)
def test_every_door_answers_whatever_stood_when_the_term_ended(
    cast: Cast, client_of: ClientOf, stage: str, state: str
) -> None:
    upload = uploaded(cast, ("Каренина", "Ольга", "Семёновна"), ("Зимина", "Анна-Викторовна", ""))
    if stage in APPLIED_ONCE:
        run(services.request_apply(upload, by=cast.sveta))
    StaffImport.objects.filter(pk=upload.pk).update(
        stage=stage, state=state, error="Сломалось." if state == JobState.FAILED else ""
    )

    assert forget_old_plans(timezone.now() + MONTH) == 1

    upload.refresh_from_db()
    assert upload.stage in {ImportStage.APPLIED, ImportStage.UNDONE, ImportStage.DISCARDED}
    assert (upload.stage == ImportStage.DISCARDED) == (stage not in APPLIED_ONCE)
    assert upload.is_over
    answers = _answers(client_of(cast.sveta), upload)
    assert {address: code for address, code in answers.items() if code not in {200, 286}} == {
        f"/imports/{upload.pk}/mistakes.xlsx": 404
    }
    pressed = _pressed(client_of(cast.sveta), upload)
    assert set(pressed.values()) <= {302, 303, 409}, pressed
    run(upload)
    assert upload.is_over
    assert _answers(client_of(cast.sveta), upload) == answers


def _answers(client: Client, upload: StaffImport) -> dict[str, int]:
    pages = ("", "progress/", "mistakes.xlsx")
    addresses = [f"/imports/{upload.pk}/{page}" for page in pages]
    addresses += ["/imports/", f"/schools/{upload.school_id}/staff/upload/", f"/schools/{upload.school_id}/"]
    addresses += ["/api/v1/imports/", f"/api/v1/imports/{upload.pk}/"]
    return {address: client.get(address).status_code for address in addresses}


def _pressed(client: Client, upload: StaffImport) -> dict[str, int]:
    """Press every button there is, whether the page shows it or not; by REST too."""
    address = f"/imports/{upload.pk}/act/"
    codes = {next(iter(button)): client.post(address, button).status_code for button in BUTTONS}
    for verb in ("apply", "undo", "abort"):
        codes[f"REST {verb}"] = client.post(f"/api/v1/imports/{upload.pk}/{verb}/").status_code
    return codes
