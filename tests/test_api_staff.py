"""REST of staff and their uploads: what is masked, who may load, what is refused."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from schools import jobs
from schools.models import AccessToken, Appointment, User
from schools.platforms import SFERUM
from schools.scope import Level
from staff.imports.performing import perform
from staff.models import StaffAccount, StaffImport, StaffMember
from tests.conftest import Cast

Tokens = Callable[..., dict[str, str]]
SNILS, PHONE, EMAIL = "11223344595", "+79991234567", "anna.kanareykina@school.example"
LIST = "Фамилия;Имя;Отчество;Должность\nИванова;Анна;Петровна;учитель\nПетров;Иван;Сергеевич;учитель\n"


@pytest.fixture
def member(cast: Cast) -> StaffMember:
    """A teacher with everything that must not be seen."""
    member = StaffMember.objects.create(
        school=cast.school,
        last_name="Канарейкина",
        first_name="Анна",
        patronymic="Петровна",
        snils=SNILS,
        phone=PHONE,
        email=EMAIL,
        is_teacher=True,
    )
    StaffAccount.objects.create(staff=member, school=cast.school, platform=SFERUM.number, channel=1)
    return member


def send(client: Client, headers: dict[str, str], **fields: Any) -> Any:
    """POST a file."""
    file = SimpleUploadedFile("список.csv", fields.pop("data", LIST).encode())
    body = {"file": file, "school": "780001", "mode": "update"} | fields
    return client.post("/api/v1/imports/", {k: v for k, v in body.items() if v is not None}, headers=headers)


def act(headers: dict[str, str], pk: int, verb: str, body: Any = None) -> Any:
    """POST an act on an upload."""
    return Client().post(f"/api/v1/imports/{pk}/{verb}/", body or {}, headers=headers)


def work(pk: int) -> None:
    """Do the job as a worker would."""
    jobs.run(StaffImport, pk, perform)


@pytest.mark.parametrize("person", ["root", "nina", "marat", "sveta"])
@pytest.mark.parametrize("form", ["json", "csv", "xlsx"])
def test_personal_numbers_are_masked_for_everyone(
    cast: Cast, member: StaffMember, token_of: Tokens, person: str, form: str
) -> None:
    headers = token_of(cast.people[person])

    answers = [
        Client().get(path, headers=headers).getvalue()
        for path in (f"/api/v1/staff/?format={form}", f"/api/v1/staff/{member.pk}/?format={form}")
    ]

    for answer in answers:
        assert answer
        for secret in (SNILS, PHONE, PHONE[2:], EMAIL, "112-233-445"):
            assert secret.encode() not in answer


def test_record_of_a_staff_member(cast: Cast, member: StaffMember, token_of: Tokens) -> None:
    record = Client().get(f"/api/v1/staff/{member.pk}/", headers=token_of(cast.sveta)).json()

    assert record["school"] == {"id": cast.school.pk, "code": "780001", "name": "Школа № 1"}
    assert (record["snils"][-6:], record["phone"]) == ("445 95", "+7 *** ***-45-67")
    assert record["email"] == "a***@school.example"
    assert record["accounts"][0]["platform"] == "sferum"
    assert "born_on" not in record


@pytest.mark.parametrize(
    "query, count",
    [
        ("search=канарейкина АННА", 1),
        ("search=петров", 1),
        ("search=445", 0),
        ("search=%2B7999", 0),
        ("is_teacher=true", 1),
        ("is_teacher=false", 0),
        ("working=true", 1),
        ("working=false", 0),
        ("updated_since=2100-01-01T00:00:00Z", 0),
    ],
)
def test_filters_of_staff(cast: Cast, member: StaffMember, token_of: Tokens, query: str, count: int) -> None:
    answer = Client().get(f"/api/v1/staff/?{query}&school={cast.school.pk}", headers=token_of(cast.sveta)).json()

    assert answer["count"] == count


def test_number_of_queries_does_not_grow_with_staff(cast: Cast, member: StaffMember, token_of: Tokens) -> None:
    headers = token_of(cast.sveta)

    def count(form: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            Client().get(f"/api/v1/staff/?format={form}", headers=headers).getvalue()
        return len(queries)

    count("json")  # the first request writes down that the token is used
    few = [count("json"), count("csv")]
    for number in range(20):
        StaffMember.objects.create(school=cast.school, last_name=f"Ива{number}", first_name="Анна")

    assert [count("json"), count("csv")] == few
    assert max(few) <= 6


# Uploads


def test_file_goes_in_is_planned_applied_and_undone(cast: Cast, token_of: Tokens) -> None:
    headers = token_of(cast.sveta, loads_staff=True)

    sent = send(Client(), headers)
    pk = sent.json()["id"]
    work(pk)
    planned = Client().get(sent["Location"], headers=headers).json()
    applied = act(headers, pk, "apply")
    work(pk)
    people = StaffMember.objects.filter(school=cast.school).count()
    undone = act(headers, pk, "undo")
    work(pk)
    last = Client().get(f"/api/v1/imports/{pk}/", headers=headers).json()

    assert (sent.status_code, sent.json()["stage"], sent.json()["summary"]) == (201, "uploaded", None)
    assert (planned["stage"], planned["summary"]["new"]) == ("planned", 2)
    assert (applied.status_code, applied.json()["stage"], people) == (202, "applying", 2)
    assert (undone.status_code, last["stage"]) == (202, "undone")
    assert not StaffMember.objects.filter(school=cast.school).exists()


def test_what_cannot_be_done_now_is_a_409_with_a_reason(cast: Cast, token_of: Tokens) -> None:
    headers = token_of(cast.sveta, loads_staff=True)
    pk = send(Client(), headers).json()["id"]

    response = act(headers, pk, "undo")

    assert response.status_code == 409
    assert response.json()["detail"] == "Отменить можно только внесённую загрузку."


def test_upload_put_away_stays_away(cast: Cast, token_of: Tokens) -> None:
    headers = token_of(cast.sveta, loads_staff=True)
    pk = send(Client(), headers).json()["id"]

    response = act(headers, pk, "abort")

    assert (response.status_code, response.json()["stage"]) == (202, "discarded")
    assert act(headers, pk, "apply").status_code == 409


@pytest.mark.parametrize("flags", [{}, {"loads_activity": True}])
def test_plain_token_only_reads(cast: Cast, token_of: Tokens, flags: dict[str, bool]) -> None:
    headers = token_of(cast.sveta, **flags)
    pk = send(Client(), token_of(cast.sveta, loads_staff=True)).json()["id"]

    answers = [send(Client(), headers), *(act(headers, pk, verb) for verb in ("apply", "undo", "abort"))]

    assert [answer.status_code for answer in answers] == [403] * 4
    assert Client().get("/api/v1/imports/", headers=headers).status_code == 200


@pytest.mark.parametrize(
    "person, status",
    [("root", 201), ("nina", 201), ("marat", 201), ("sveta", 201), ("observer", 400), ("stranger", 400)],
)
def test_who_may_load_a_school(cast: Cast, token_of: Tokens, person: str, status: int) -> None:
    response = send(Client(), token_of(cast.people[person], loads_staff=True))

    assert response.status_code == status


def test_observer_of_the_country_who_runs_a_school_loads_that_school_only(cast: Cast, token_of: Tokens) -> None:
    Appointment.objects.create(user=cast.observer, level=Level.SCHOOL, school=cast.school)
    headers = token_of(cast.observer, loads_staff=True)

    own, other = send(Client(), headers), send(Client(), headers, school="780002")

    assert (own.status_code, other.status_code) == (201, 400)


def test_foreign_school_is_refused_in_the_words_of_a_non_existent_one(cast: Cast, token_of: Tokens) -> None:
    headers = token_of(cast.sveta, loads_staff=True)

    foreign, missing = send(Client(), headers, school="780002"), send(Client(), headers, school="999999")

    assert (foreign.status_code, foreign.content) == (400, missing.content)
    assert not StaffImport.objects.exists()


@pytest.mark.parametrize("verb", ["apply", "undo", "abort"])
def test_foreign_upload_is_acted_on_as_a_non_existent_one(cast: Cast, token_of: Tokens, verb: str) -> None:
    pk = send(Client(), token_of(cast.nina, loads_staff=True), school="780002").json()["id"]
    headers = token_of(cast.sveta, loads_staff=True)

    foreign, missing = act(headers, pk, verb), act(headers, 999999, verb)

    assert (foreign.status_code, foreign.content) == (404, missing.content)
    assert StaffImport.objects.get(pk=pk).stage == "uploaded"


@pytest.mark.parametrize(
    "fields, field",
    [
        ({"stage": "applied"}, "stage"),
        ({"created_by": "1"}, "created_by"),
        ({"mode": "everything"}, "mode"),
        ({"school": ""}, "school"),
        ({"file": None}, "file"),
        ({"file": "text"}, "file"),
    ],
)
def test_wrong_field_is_a_400_that_names_it(cast: Cast, token_of: Tokens, fields: dict[str, Any], field: str) -> None:
    response = send(Client(), token_of(cast.sveta, loads_staff=True), **fields)

    assert response.status_code == 400
    assert [error["field"] for error in response.json()["errors"]] == [field]


def test_act_with_a_body_is_refused(cast: Cast, token_of: Tokens) -> None:
    headers = token_of(cast.sveta, loads_staff=True)
    pk = send(Client(), headers).json()["id"]

    response = act(headers, pk, "abort", {"stage": "applied"})

    assert response.status_code == 400


def test_empty_file_is_a_409_that_helps(cast: Cast, token_of: Tokens) -> None:
    response = send(Client(), token_of(cast.sveta, loads_staff=True), data="")

    assert response.status_code == 409
    assert "Файл пустой" in response.json()["detail"]


def test_name_of_a_file_is_shown_without_its_path(cast: Cast, token_of: Tokens) -> None:
    file = SimpleUploadedFile("x", b"a;b")
    file._name = "../../etc/passwd\u202e"  # type: ignore[attr-defined]

    sent = Client().post(
        "/api/v1/imports/", {"file": file, "school": "780001"}, headers=token_of(cast.sveta, loads_staff=True)
    )

    assert sent.json()["file_name"] == "passwd"


def test_flag_of_a_token_gives_no_more_than_its_owner_has(cast: Cast, token_of: Tokens) -> None:
    headers = token_of(cast.sveta, loads_staff=True)
    User.objects.filter(pk=cast.sveta.pk).update(is_active=False)

    assert send(Client(), headers).status_code == 401
    assert AccessToken.objects.exists()
