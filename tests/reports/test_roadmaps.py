"""The roadmap: inherited days on the page and in REST, documents with a status, facts of a region."""

import datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from reports.steps.counting import count_steps
from schools.models import MunicipalityRegistration, RegionIntegration, Roadmap, StepPlan, StoredFile
from tests.conftest import Cast, ClientOf
from tests.papers import PDF

pytestmark = pytest.mark.django_db
REGION = "/regions/78/roadmap/"


@pytest.fixture(autouse=True)
def counted(cast: Cast) -> None:
    """Steps are counted."""
    count_steps()


def test_day_of_the_region_shows_at_its_municipality(cast: Cast, client_of: ClientOf) -> None:
    town = f"/municipalities/{cast.municipality.pk}/roadmap/"
    client_of(cast.nina).post(REGION, {"form": "plan", "number": "5", "planned_on": "2027-03-01"})

    page = client_of(cast.marat).get(town).content.decode()

    assert "срок региона" in page
    client_of(cast.marat).post(town, {"form": "plan", "number": "5", "planned_on": "2027-04-01"})
    assert "свой срок" in client_of(cast.marat).get(town).content.decode()
    assert StepPlan.objects.count() == 2


def test_day_is_moved_with_a_reason_and_the_form_keeps_what_was_typed(cast: Cast, client_of: ClientOf) -> None:
    client = client_of(cast.nina)
    client.post(REGION, {"form": "plan", "number": "5", "planned_on": "2027-03-01"})

    answer = client.post(REGION, {"form": "plan", "number": "5", "planned_on": "2027-05-05"})

    assert answer.status_code == 422
    assert "с причиной" in answer.content.decode()
    assert "2027-05-05" in answer.content.decode()


@pytest.mark.parametrize("form", ["plan", "document", "integration", "towns"])
def test_municipal_coordinator_and_observer_change_nothing_of_a_region(
    cast: Cast, client_of: ClientOf, form: str
) -> None:
    facts = {"form": form, "number": "5", "planned_on": "2027-03-01", "title": "Карта", "status": "draft"}

    assert client_of(cast.marat).post(REGION, facts).status_code == 404
    assert client_of(cast.observer).post(REGION, facts).status_code == 403
    assert not StepPlan.objects.exists()
    assert not Roadmap.objects.exists()


def paper(**facts: str) -> dict[str, Any]:
    """A document's form."""
    return {"form": "document", "title": "Дорожная карта СПб", "status": "draft"} | facts


def test_newer_approved_document_replaces_the_older(cast: Cast, client_of: ClientOf) -> None:
    client = client_of(cast.nina)
    for number in ("1", "2"):
        facts = paper(status="approved", paper_number=f"{number}-р", signed_on="2026-11-01")
        assert client.post(REGION, facts).status_code == 302

    assert list(Roadmap.objects.order_by("id").values_list("status", flat=True)) == ["replaced", "approved"]


@pytest.mark.parametrize(
    "facts, words",
    [
        (paper(title=" "), "название"),
        (paper(status="odd"), "состояния нет"),
        (paper(status="approved"), "номер и дата"),
        (paper(signed_on="31.31.2026"), "Такой даты нет"),
        ({"form": "integration", "status": "done"}, "дату"),
        ({"form": "integration", "status": "done", "done_on": "2199-01-01"}, "по сегодняшний"),
        ({"form": "what"}, "устарела"),
    ],
)
def test_wrong_form_is_refused_in_words(cast: Cast, client_of: ClientOf, facts: dict[str, str], words: str) -> None:
    answer = client_of(cast.nina).post(REGION, facts)

    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Roadmap.objects.exists()


def test_document_is_kept_and_given_back_as_a_download(cast: Cast, client_of: ClientOf) -> None:
    client = client_of(cast.nina)
    file = SimpleUploadedFile("карта <b>.pdf", PDF)

    client.post(REGION, paper() | {"file": file})

    row = Roadmap.objects.get()
    answer = client.get(f"/roadmaps/{row.pk}/file/")
    assert answer.content == PDF
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("data", [b"<html>", b"MZ\x90", b""])
def test_file_of_another_kind_is_not_kept(cast: Cast, client_of: ClientOf, data: bytes) -> None:
    answer = client_of(cast.nina).post(REGION, paper() | {"file": SimpleUploadedFile("карта.pdf", data or b" ")})

    assert answer.status_code == 422
    assert not StoredFile.objects.exists()


def test_facts_of_a_region_are_said_and_taken_back(cast: Cast, client_of: ClientOf) -> None:
    client = client_of(cast.nina)
    town = str(cast.municipality.pk)
    client.post(REGION, {"form": "towns", "number": town, "registered_on": "2026-09-01"})
    client.post(REGION, {"form": "integration", "status": "done", "system_name": "Параграф", "done_on": "2026-10-01"})

    page = client.get(REGION).content.decode().replace("\u00a0", " ")

    assert "Муниципалитеты в Сферуме: 1 из 2" in page
    assert RegionIntegration.objects.get().done_on == datetime.date(2026, 10, 1)
    for day in ("1900-01-01", "2199-01-01"):
        answer = client.post(REGION, {"form": "towns", "number": town, "registered_on": day})
        assert (answer.status_code, "Такого дня быть не может" in answer.content.decode()) == (422, True)
    client.post(REGION, {"form": "towns", "number": town, "registered_on": ""})
    assert not MunicipalityRegistration.objects.exists()
    assert client.post(REGION, {"form": "towns", "number": str(cast.foreign_municipality.pk)}).status_code == 404


def test_rest_sets_a_day_and_tells_which_hold(cast: Cast, client_of: ClientOf) -> None:
    client, url = client_of(cast.nina), "/api/v1/roadmaps/"
    body = {"region": "78", "number": 5, "planned_on": "2027-03-01"}
    assert client.post(url, body, content_type="application/json").status_code == 201
    moved = body | {"planned_on": "2027-04-01"}
    assert client.post(url, moved, content_type="application/json").status_code == 409
    assert client.post(url, moved | {"reason": "Сбор согласий"}, content_type="application/json").status_code == 201

    current = client.get(f"{url}?current=true").json()["results"]

    assert [each["planned_on"] for each in current] == ["2027-04-01"]
    assert client.get(f"{url}?current=false").json()["count"] == 1
    assert client_of(cast.observer).post(url, body, content_type="application/json").status_code == 403
    assert client_of(cast.marat).post(url, body, content_type="application/json").status_code == 400
