"""schools.quotas: what one school may upload in a day, through whichever door."""

import datetime
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.utils import timezone

from schools import quotas
from schools.models import Region, School, StoredFile, User
from staff.imports import services
from staff.imports.services import ImportRefused
from staff.models import ImportStage, StaffImport
from tests.conftest import Cast, ClientOf
from tests.staff.uploads import csv_of, work

pytestmark = pytest.mark.django_db
MEGABYTE = 1024 * 1024
ANNA = ("Каренина", "Анна", "Львовна")


def stored(place: School | Region, by: User | None, size: int, ago: datetime.timedelta = datetime.timedelta()) -> None:
    """A file of the past; its bytes matter only by their number."""
    where: dict[str, Any] = {"school": place} if isinstance(place, School) else {"region": place}
    StoredFile.objects.create(
        **where,
        shown_name="a",
        size=size,
        sha256="0" * 64,
        content=b"a",
        uploaded_by=by,
        uploaded_at=timezone.now() - ago,
    )


def test_bytes_of_a_day_are_added_up_and_the_sentence_says_how_many(cast: Cast) -> None:
    for _ in range(15):
        stored(cast.school, cast.sveta, 19 * MEGABYTE)

    assert quotas.refusal(cast.school, 15 * MEGABYTE) == ""
    said = quotas.refusal(cast.school, 15 * MEGABYTE + 1).replace("\xa0", " ")
    assert said.startswith("За сутки загружено файлов на 285 МБ, а с этим вышло бы больше 300 МБ. Продолжите завтра")
    assert quotas.refusal(cast.sibling, 20 * MEGABYTE) == ""


def test_files_of_yesterday_of_other_places_and_of_superusers_do_not_count(cast: Cast, settings: Any) -> None:
    settings.UPLOAD_MB_PER_SCHOOL_A_DAY = 1
    stored(cast.school, cast.sveta, MEGABYTE, ago=datetime.timedelta(days=1, minutes=1))
    stored(cast.sibling, cast.sveta, MEGABYTE)
    stored(cast.school, cast.root, MEGABYTE)
    assert quotas.refusal(cast.school, MEGABYTE) == ""

    stored(cast.school, None, 1)  # whoever uploaded it is gone

    assert quotas.refusal(cast.school, MEGABYTE) != ""


def test_a_region_has_a_day_of_its_own(cast: Cast, settings: Any) -> None:
    settings.UPLOADS_PER_SCHOOL_A_DAY = 2
    stored(cast.school, cast.sveta, 1)
    stored(cast.region, cast.nina, 1)
    assert quotas.refusal(cast.region, 1) == ""

    stored(cast.region, cast.nina, 1)

    assert quotas.refusal(cast.region, 1) == "За сутки загружено слишком много файлов. Продолжите завтра."
    assert quotas.refusal(cast.other_region, 1) == ""


@pytest.fixture
def _full(cast: Cast, settings: Any) -> None:
    """The cast's school has used up its day."""
    settings.UPLOAD_MB_PER_SCHOOL_A_DAY = 1
    stored(cast.school, cast.sveta, MEGABYTE)


def file() -> SimpleUploadedFile:
    """A small list."""
    return SimpleUploadedFile("список.csv", csv_of(ANNA))


@pytest.mark.usefixtures("_full")
@pytest.mark.parametrize("name", ["sveta", "marat", "nina"])
def test_every_door_of_the_school_is_shut_in_words(cast: Cast, client_of: ClientOf, name: str) -> None:
    client = client_of(cast.people[name])

    page = client.post(f"/schools/{cast.school.pk}/staff/upload/", {"file": file(), "mode": "update"})
    rest = client.post("/api/v1/imports/", {"file": file(), "school": cast.school.code, "mode": "update"})

    assert (page.status_code, rest.status_code) == (422, 409)
    for text in (page.content.decode(), str(rest.json())):
        assert "За сутки загружено файлов на" in text
    assert StoredFile.objects.count() == 1
    assert not StaffImport.objects.exists()


@pytest.mark.usefixtures("_full")
def test_the_day_after_the_school_goes_on(cast: Cast) -> None:
    with pytest.raises(ImportRefused, match="Продолжите завтра"):
        services.start_import(school=cast.school, data=csv_of(ANNA), shown_name="a", mode="update", by=cast.sveta)

    with time_machine.travel(timezone.now() + datetime.timedelta(days=1, minutes=1)):
        upload = services.start_import(
            school=cast.school, data=csv_of(ANNA), shown_name="a", mode="update", by=cast.sveta
        )

    assert work(upload).stage == ImportStage.PLANNED


def test_the_same_file_again_takes_nothing_of_the_day(cast: Cast, settings: Any) -> None:
    settings.UPLOADS_PER_SCHOOL_A_DAY = 1
    data = csv_of(ANNA)
    made = {
        services.start_import(school=cast.school, data=data, shown_name="a", mode="update", by=cast.sveta).pk
        for _ in range(3)
    }

    assert len(made) == 1
    assert StoredFile.objects.count() == 1


@pytest.mark.usefixtures("_full")
def test_the_command_tries_out_without_the_day_of_the_school(cast: Cast, tmp_path: Any) -> None:
    path = tmp_path / "список.csv"
    path.write_bytes(csv_of(ANNA))

    call_command("import_staff", str(path), school="780001", verbosity=0)
    with pytest.raises(CommandError, match="За сутки"):
        call_command("import_staff", str(path), school="780001", by="sveta")

    assert StaffImport.objects.count() == 1
