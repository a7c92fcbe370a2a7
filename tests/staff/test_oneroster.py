"""OneRoster 1.2: the archive keeps to the standard and comes back unchanged; hostile ones are read safely."""

import csv
import datetime
import io
import zipfile
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from schools.models import Guardian, Guardianship, Pupil, School, SchoolClass
from schools.platforms import SFERUM
from schools.sheets import SheetError
from staff.models import ClassTeacher, StaffAccount
from staff.rosters import services
from staff.rosters.oneroster.files import COLUMNS, MANIFEST_FILES
from staff.rosters.oneroster.writing import make_archive
from staff.rosters.reading import read_roster
from tests.conftest import Cast
from tests.staff.roster_books import adult, applied, child, counts, done, form, messages, planned, versions, year
from tests.staff.uploads import SNILS, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def populated(cast: Cast) -> Cast:
    """A school with a class, its teacher, three children and two adults, one of whom is of two children."""
    teacher = person(cast.school, "Каренина", "Ольга", "Семёновна", position="учитель", is_teacher=True)
    StaffAccount.objects.create(
        staff=teacher, school=cast.school, platform=SFERUM.number, profile_on=datetime.date(2026, 9, 1)
    )
    fifth = form(cast.school, "5А", declared_pupils=27)
    ClassTeacher.objects.create(staff=teacher, school_class=fifth)
    lev = child(
        cast.school,
        "Мороз Лев Олегович",
        fifth,
        born_on=datetime.date(2015, 9, 5),
        snils=SNILS[0],
        phone="+79000000101",
    )
    anna = child(cast.school, "Мороз Анна", fifth, no_patronymic=True, external_id="К-2")
    child(cast.school, "Рябов Пётр Ильич", None, enrolled_on=datetime.date(2026, 9, 1))
    child(cast.school, "Седов Иван Ильич", fifth, left_on=datetime.date(2026, 10, 1))
    adult(cast.school, "Мороз Зоя Талгатовна", lev, anna, phone="+79000000177", registered_on=datetime.date(2026, 9, 5))
    adult(
        cast.school,
        "Зимин Олег Ильич",
        lev,
        kind="trustee",
        email="zimin@mail.example",
        declined_on=datetime.date(2026, 9, 6),
    )
    return cast


def opened(data: bytes) -> dict[str, list[dict[str, str]]]:
    """File → its rows."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        texts = {name.removesuffix(".csv"): archive.read(name).decode() for name in archive.namelist()}
    return {name: list(csv.DictReader(io.StringIO(text))) for name, text in texts.items()}


def zipped(files: dict[str, Any], **raw: bytes) -> bytes:
    """An archive of files given as rows of cells, or as bytes."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, rows in files.items():
            text = io.StringIO()
            csv.writer(text).writerows(rows)
            archive.writestr(f"{name}.csv", text.getvalue())
        for name, body in raw.items():
            archive.writestr(f"{name}.csv", body)
    return stream.getvalue()


MANIFEST = [("propertyName", "value"), ("manifest.version", "1.0"), ("oneroster.version", "1.2")]
FOREIGN: dict[str, Any] = {
    "manifest": MANIFEST,
    "orgs": [("sourcedId", "name", "type"), ("o1", "Другая система", "school")],
    "academicSessions": [
        ("sourcedId", "title", "type", "startDate", "endDate"),
        ("y", "2026/27", "schoolYear", "2026-09-01", "2027-09-01"),
        ("old", "2019/20", "schoolYear", "2019-09-01", "2020-09-01"),
    ],
    "classes": [
        ("sourcedId", "title", "classType", "termSourcedIds"),
        ("c1", "5 «а»", "homeroom", "y"), ("c2", "9Б", "homeroom", "old"), ("c3", "Алгебра", "scheduled", "y"),
    ],
    "users": [
        (
            "sourcedId", "status", "givenName", "familyName", "middleName", "identifier", "email", "sms",
            "agentSourcedIds",
        ),
        ("s1", "", "Лев", "Мороз", "Олегович", "", "", "", "p1,p2"),
        ("p1", "", "Зоя", "Мороз", "Юрьевна", "", "z@mail.example", "89000000177", ""),
        ("p2", "", "Олег", "Мороз", "Ильич", "", "", "", "s1"),
        ("t1", "", "Ольга", "Каренина", "Семёновна", "077", "", "89000000178", ""),
    ],
    "roles": [
        ("sourcedId", "userSourcedId", "roleType", "role"),
        ("r1", "s1", "primary", "student"), ("r2", "p1", "primary", "parent"), ("r3", "p2", "primary", "guardian"),
        ("r4", "t1", "primary", "teacher"),
    ],
    "enrollments": [
        ("sourcedId", "classSourcedId", "userSourcedId", "role"),
        ("e1", "c1", "s1", "student"), ("e2", "c1", "t1", "teacher"), ("e3", "c3", "s1", "student"),
    ],
    "demographics": [("sourcedId", "birthDate"), ("s1", "2015-09-05")],
}  # fmt: skip


def test_archive_keeps_to_the_standard(populated: Cast) -> None:
    files = opened(make_archive(populated.school, year()))

    manifest = {row["propertyName"]: row["value"] for row in files["manifest"]}
    assert (manifest["manifest.version"], manifest["oneroster.version"]) == ("1.0", "1.2")
    assert {name for name in MANIFEST_FILES if manifest[f"file.{name}"] == "bulk"} == set(files) - {"manifest"}
    assert all(tuple(rows[0]) == COLUMNS[name] for name, rows in files.items() if name != "manifest")
    assert all(row["status"] == row["dateLastModified"] == "" for row in files["users"])  # bulk: both are blank
    known = {row["sourcedId"] for row in files["users"]}
    agents = {one for row in files["users"] for one in row["agentSourcedIds"].split(",") if one}
    assert (
        agents | {row["userSourcedId"] for name in ("roles", "enrollments", "userProfiles") for row in files[name]}
        <= known
    )
    assert {row["classSourcedId"] for row in files["enrollments"]} == {row["sourcedId"] for row in files["classes"]}


def test_archive_holds_neither_snils_nor_those_who_left(populated: Cast) -> None:
    with zipfile.ZipFile(io.BytesIO(make_archive(populated.school, year()))) as archive:
        texts = "".join(archive.read(name).decode() for name in archive.namelist())

    assert "Мороз" in texts
    assert SNILS[0] not in texts
    assert "Седов" not in texts


def test_archive_comes_back_and_changes_nothing(populated: Cast) -> None:
    before = versions(populated.school)

    upload = planned(populated.school, populated.sveta, make_archive(populated.school, year()), "full")

    assert (counts(upload), upload.summary["leaving"]) == ((0, 0, 7, 0), 0)
    assert versions(populated.school) == before


def test_archive_of_rows_that_are_gone_brings_them_back_by_name(populated: Cast) -> None:
    data = make_archive(populated.school, year())
    Guardian.objects.all().delete()
    Pupil.objects.all().delete()
    SchoolClass.objects.all().delete()

    upload = planned(populated.school, populated.sveta, data)
    assert {code for _, code, _ in messages(upload)} == {"foreign_key"}  # the keys are of rows that are gone
    while upload.summary["suggestions"]:
        upload = done(services.accept_suggestions(upload, by=populated.sveta))
    done(services.request_apply(upload, by=populated.sveta))

    assert [code for _, code, _ in messages(upload)] == ["class_missing"]  # the child who had no class
    assert (Pupil.objects.count(), Guardian.objects.count(), Guardianship.objects.count()) == (2, 2, 3)
    assert set(Guardianship.objects.values_list("kind", flat=True)) == {"mother", "trustee"}


def test_number_of_queries_does_not_grow_with_the_school(populated: Cast) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            make_archive(populated.school, year())
        return len(queries)

    few = cost()
    for number in range(20):
        one = child(
            populated.school,
            f"Зимин{'а' * number} Лев Ильич",
            form(populated.school, f"6{'АБВГДЕЖЗИКЛМНПРСТУФХ'[number]}"),
        )
        adult(populated.school, f"Зимин{'а' * number} Илья Ильич", one)

    assert cost() == few


# Archives of others


def test_foreign_archive_is_planned_and_applied(cast: Cast) -> None:
    upload = applied(cast.school, cast.sveta, zipped(FOREIGN))

    lev = Pupil.objects.get()
    kinds = dict(Guardianship.objects.values_list("guardian__first_name", "kind"))
    assert upload.stage == "applied"
    assert (str(lev.school_class), lev.external_id, lev.born_on) == ("5А", "s1", datetime.date(2015, 9, 5))
    assert kinds == {"Олег": "guardian"}
    assert [(one[0], one[1]) for one in messages(upload)] == [("C3", "which_parent")] or messages(upload)[0][
        1
    ] == "which_parent"
    assert ClassTeacher.objects.get().staff.last_name == "Каренина"
    assert list(SchoolClass.objects.values_list("grade", flat=True)) == [5]
    assert "Классы других учебных лет не взяли: 1." in upload.summary["said"]


def test_foreign_archive_again_knows_everybody(cast: Cast) -> None:
    applied(cast.school, cast.sveta, zipped(FOREIGN))
    before = versions(cast.school)

    upload = planned(cast.school, cast.sveta, zipped(FOREIGN))

    assert counts(upload)[:2] == (0, 0)
    assert versions(cast.school) == before


def test_pupil_to_be_deleted_has_left(cast: Cast) -> None:
    applied(cast.school, cast.sveta, zipped(FOREIGN))
    users = [list(row) for row in FOREIGN["users"]]
    users[1][1] = "tobedeleted"

    applied(cast.school, cast.sveta, zipped(FOREIGN | {"users": users}))

    assert Pupil.objects.get().left_on is not None


def test_version_1_1_keeps_roles_in_users(cast: Cast) -> None:
    roles = {row[1]: row[3] for row in FOREIGN["roles"][1:]}
    users = [(*row, roles.get(row[0], "role")) for row in FOREIGN["users"]]
    files = {name: rows for name, rows in FOREIGN.items() if name != "roles"} | {"users": users}

    upload = planned(cast.school, cast.sveta, zipped(files))

    assert upload.summary["pupils"]["new"] == 1


BOMB = b"sourcedId,givenName,familyName\r\n" + b"a,b,c\r\n" * 30_000


@pytest.mark.parametrize(
    "data, words",
    [
        (zipped({"manifest": MANIFEST}), "нет файла users.csv"),
        (zipped({"manifest": MANIFEST}, users=b"\xff\xfe\x00"), "не в кодировке UTF-8"),
        (zipped({"manifest": MANIFEST}, users=b'sourcedId,givenName,familyName\r\n"a'), "повреждён"),
        (
            zipped({"manifest": MANIFEST, "users": [("sourcedId", "name"), ("a", "b")]}),
            "нет столбцов givenName, familyName",
        ),
        (zipped({"manifest": MANIFEST}, users=BOMB), "слишком много строк"),
        (zipped({"manifest": MANIFEST}, users=b"sourcedId,givenName,familyName\r\n" + b"a" * 200_000), "повреждён"),
    ],
)
def test_damaged_or_hostile_archive_is_refused_with_a_sentence(data: bytes, words: str) -> None:
    with pytest.raises(SheetError, match=words):
        read_roster(data, {}, 2026)


@pytest.mark.parametrize("name", ["../users", "/users", "a:b/users"])
def test_archive_that_climbs_out_is_no_archive(cast: Cast, name: str) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("manifest.csv", "propertyName,value\r\n")
        archive.writestr(f"{name}.csv", "sourcedId,givenName,familyName\r\na,b,c\r\n")

    upload = planned(cast.school, cast.sveta, stream.getvalue())

    assert (upload.stage, Pupil.objects.count()) == ("refused", 0)


def test_archive_may_lie_in_a_folder_and_begin_with_a_mark(cast: Cast) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, rows in FOREIGN.items():
            text = io.StringIO()
            csv.writer(text).writerows(rows)
            archive.writestr(f"export/{name}.csv", "\ufeff" + text.getvalue())

    upload = planned(cast.school, cast.sveta, stream.getvalue())

    assert upload.summary.get("pupils", {}).get("new") == 1, upload.summary
    assert School.objects.count() == 4
