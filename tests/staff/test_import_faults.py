"""Uploads under faults: workers killed at any statement, two people at once, and every odd file of other projects."""

import csv
import json
import threading
from collections import Counter
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connections

from schools.jobs import JobState
from schools.models import School, User
from staff.imports import services
from staff.imports.services import ImportRefused
from staff.models import ImportStage, StaffImport, StaffMember
from tests.conftest import Cast, make_school
from tests.servers import Portal
from tests.staff.uploads import csv_of, person, planned, state, work

CORPUS = Path(__file__).parents[3] / "shared" / "data" / "spreadsheets"
ANNA, OLEG = ("Каренина", "Анна", "Львовна"), ("Мороз", "Олег", "Петрович")


@pytest.mark.timeout(300)
@pytest.mark.django_db
def test_a_worker_killed_at_any_statement_loses_doubles_and_halves_nothing() -> None:
    with Portal() as own:
        found = json.loads(own.python("-m", "tests.staff.killing"))

    assert min(found["written"], found["undone"]) >= 30
    assert (found["partial"], found["lost"], found["doubled"]) == (0, 0, 0)


# Two people at once: threads of the tests' SQLite share one base in memory, which real ones never do

two_people = pytest.mark.postgres("threads need a server")


def at_once(*acts: Callable[[], Any]) -> Counter[str]:
    """Do acts in threads that start together; how each ended."""
    barrier, ends = threading.Barrier(len(acts)), Counter[str]()

    def run(act: Callable[[], Any]) -> None:
        barrier.wait()
        try:
            act()
            ends["done"] += 1
        except ImportRefused:
            ends["refused"] += 1
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return ends


@two_people
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", range(4))
def test_of_confirming_and_discarding_at_once_one_is_refused(cast: Cast, turn: int) -> None:
    upload = planned(cast.school, cast.sveta, csv_of(ANNA, (f"Мороз{'а' * turn}", "Олег", "")))

    ends = at_once(
        lambda: services.request_apply(upload, by=cast.sveta), lambda: services.discard(upload, by=cast.marat)
    )

    assert ends == {"done": 1, "refused": 1}
    after = work(upload)
    assert after.stage in {ImportStage.APPLIED, ImportStage.DISCARDED}
    assert StaffMember.objects.filter(school=cast.school).exists() == (after.stage == ImportStage.APPLIED)


@two_people
@pytest.mark.django_db(transaction=True)
def test_the_same_file_from_two_people_at_once_is_one_upload(cast: Cast) -> None:
    def send(by: User) -> Callable[[], Any]:
        return lambda: services.start_import(
            school=cast.school, data=csv_of(ANNA), shown_name="a.csv", mode="update", by=by
        )

    assert at_once(send(cast.sveta), send(cast.marat), send(cast.nina)) == {"done": 3}
    assert StaffImport.objects.count() == 1


# The command


@pytest.mark.django_db
def test_the_command_brings_a_list_in_once_and_dismisses_by_a_full_one(cast: Cast, tmp_path: Path) -> None:
    path = tmp_path / "список.csv"
    path.write_bytes(csv_of(ANNA, OLEG))

    def told(**options: Any) -> dict[str, Any]:
        said = StringIO()
        call_command("import_staff", str(path), school="780001", apply=True, json=True, stdout=said, **options)
        return dict(json.loads(said.getvalue()))

    first = told()
    kept = state(cast.school)
    again = told()
    path.write_bytes(csv_of(ANNA))
    full = told(mode="full")

    assert (first["stage"], first["new"]) == ("applied", 2)
    assert (again["new"], again["changed"], again["same"]) == (0, 0, 2)
    assert (full["stage"], full["leaving"]) == ("applied", 1)
    assert StaffMember.objects.get(school=cast.school, left_on__isnull=False).last_name == "Мороз"
    assert len(kept["staff"]) == StaffMember.objects.filter(school=cast.school).count() == 2


# Odd files


def corpus() -> list[str]:
    with (CORPUS / "manifest.csv").open(encoding="utf-8") as manifest:
        return [entry["file"] for entry in csv.DictReader(manifest)]


@pytest.mark.corpus
@pytest.mark.django_db
@pytest.mark.timeout(600)
@pytest.mark.skipif(not CORPUS.is_dir(), reason="the shared data is not beside the repository")
def test_every_odd_file_ends_as_a_plan_or_a_sentence_and_writes_nobody(cast: Cast, settings: Any) -> None:
    settings.UPLOAD_MB_PER_SCHOOL_A_DAY = 10_000
    school: School = make_school(cast.municipality, "780099", "Школа всякой всячины")
    person(school, "Мороз", "Олег", "Петрович")
    before, stages, wrong = state(school), Counter[str](), []

    for name in corpus():
        data = (CORPUS / name).read_bytes()
        try:
            upload = planned(school, cast.nina, data)
        except ImportRefused as refusal:
            stages["not taken"] += 1
            wrong += [] if _is_russian(str(refusal)) else [(name, "", "", str(refusal))]
            continue
        stages[upload.stage] += 1
        said = upload.summary.get("refusal", "") if upload.stage == ImportStage.REFUSED else "Прочитано."
        if upload.state != JobState.DONE or not _is_russian(said):
            wrong.append((name, upload.state, upload.error, said))

    print(dict(stages))  # noqa: T201
    assert wrong == []
    assert set(stages) <= {"not taken", ImportStage.PLANNED, ImportStage.REFUSED}
    assert stages.total() >= 434
    assert state(school) == before


def _is_russian(sentence: str) -> bool:
    return sentence.endswith((".", ").")) and any("а" <= letter <= "я" for letter in sentence)
