"""The pages of an upload: what they fetch, what they say, who may press what."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from staff.models import StaffImport
from tests.conftest import Cast, ClientOf
from tests.staff.uploads import applied, csv_of, planned, undone

pytestmark = pytest.mark.django_db
HEAVY = ("content", "plan_data", "undo_data", "fixes")
ANNA, OLEG = ("Каренина", "Анна", "Львовна"), ("Мороз", "Олег", "Петрович")


def fetched(queries: CaptureQueriesContext) -> set[str]:
    """Which heavy columns the statements of a page fetch."""
    heads = " ".join(query["sql"].partition(" FROM ")[0] for query in queries if query["sql"].startswith("SELECT"))
    return {name for name in HEAVY if re.search(rf'"{name}"', heads)}


@pytest.mark.parametrize(
    "address",
    [
        "/imports/",
        "/imports/{upload}/progress/",
        "/schools/{school}/staff/upload/",
        "/api/v1/imports/",
        "/api/v1/imports/{upload}/",
        "/admin/staff/staffimport/",
        "/admin/staff/staffimport/{upload}/change/",
        "/admin/schools/storedfile/",
    ],
)
def test_neither_lists_nor_the_bar_fetch_the_file_or_the_plan(cast: Cast, client_of: ClientOf, address: str) -> None:
    upload = applied(cast.school, cast.sveta, csv_of(ANNA))
    client = client_of(cast.root)

    with CaptureQueriesContext(connection) as queries:
        page = client.get(address.format(upload=upload.pk, school=cast.school.pk))

    assert page.status_code in {200, 286}
    assert len(queries) > 1
    assert fetched(queries) == set()


def test_the_page_fetches_the_plan_only_while_it_shows_it_and_never_the_file(cast: Cast, client_of: ClientOf) -> None:
    waiting = planned(cast.school, cast.sveta, csv_of(ANNA))
    done = applied(cast.school, cast.sveta, csv_of(OLEG))
    taken_back = undone(applied(cast.sibling, cast.root, csv_of(OLEG)), cast.root)
    client = client_of(cast.root)
    found = {}

    for upload in (waiting, done, taken_back):
        with CaptureQueriesContext(connection) as queries:
            assert client.get(upload.get_absolute_url()).status_code == 200
        found[upload.pk] = fetched(queries)

    assert found == {waiting.pk: {"plan_data", "fixes"}, done.pk: set(), taken_back.pk: set()}


def test_pressing_a_button_fetches_no_file(cast: Cast, client_of: ClientOf) -> None:
    upload = planned(cast.school, cast.sveta, csv_of(ANNA))

    with CaptureQueriesContext(connection) as queries:
        client_of(cast.sveta).post(f"/imports/{upload.pk}/act/", {"apply": "1"})

    assert StaffImport.objects.get(pk=upload.pk).stage == "applying"
    assert fetched(queries) == set()
