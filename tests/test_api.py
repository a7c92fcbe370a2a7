"""REST as a program meets it: errors in one shape, filters, pages, tokens, limits, files."""

import csv
import datetime as dt
import hashlib
import io
import json
from collections.abc import Callable
from typing import Any

import openpyxl
import pandas
import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from schools.api import SchoolViewSet
from schools.models import AccessToken, School, User
from schools.rates import AtomicUserThrottle
from tests.conftest import Cast, make_school

Tokens = Callable[..., dict[str, str]]
Signed = Callable[[User | None], Client]


def problem_of(response: Any, status: int) -> dict[str, Any]:
    """The problem, after checking its shape."""
    assert response.status_code == status
    assert response["Content-Type"] == "application/problem+json"
    body: dict[str, Any] = json.loads(response.content)
    assert body["status"] == status
    assert body["type"] == "about:blank"
    assert body["title"]
    assert body["detail"]
    return body


# Errors


def test_visitor_is_told_to_bring_a_token(db: None) -> None:
    response = Client().get("/api/v1/schools/")

    problem_of(response, 401)
    assert response["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize(
    "path, status, words",
    [
        ("schools/999999/", 404, "Здесь ничего нет"),
        ("schools/abc/", 404, "Здесь ничего нет"),
        ("nothing/like/this/", 404, "Здесь ничего нет"),
        ("schools/999999999999999999/", 404, "Здесь ничего нет"),
        ("schools/?format=AAA", 406, "json, csv, xlsx"),
        ("schools/?regoin=77", 400, "regoin: Такого параметра нет"),
        ("schools/?inn__startswith=7", 400, "Такого параметра нет"),
        ("staff/?snils__startswith=1", 400, "Такого параметра нет"),
        ("staff/?phone=79", 400, "Такого параметра нет"),
        ("staff/?ordering=snils", 400, "Такого параметра нет"),
        ("staff/?school__region=47", 400, "Такого параметра нет"),
        ("schools/?page_size=1000000", 400, "от 1 до 1000"),
        ("schools/?page_size=²", 400, "от 1 до 1000"),
        ("schools/?after=-1", 400, "из поля next"),
        ("schools/?kind=castle", 400, "kind"),
        ("schools/?updated_since=yesterday", 400, "updated_since"),
        ("schools/?search=%00", 400, "search"),
        ("schools/?municipality=1e400", 400, "municipality"),
        ("schools/?municipality=99999999999999999999", 400, "municipality"),
        ("staff/?school=9223372036854775808", 400, "school"),
        ("staff/?school=1.5", 400, "school"),
        ("staff/?updated_since=0001-01-01T00:00:00%2B12:00", 400, "между 1900 и 2200"),
        ("schools/?updated_since=9999-12-31T23:59:59-12:00", 400, "между 1900 и 2200"),
        ("weeks/2025-W53/", 404, "В 2025 году нет 53-й недели"),
        ("weeks/soon/", 404, "Неделя пишется так"),
        ("weeks/?since=2025-W53", 400, "В 2025 году нет 53-й недели"),
        ("indicators/nothing/", 404, "Здесь ничего нет"),
    ],
)
def test_wrong_address_gets_a_sentence_that_helps(
    cast: Cast, token_of: Tokens, path: str, status: int, words: str
) -> None:
    response = Client().get(f"/api/v1/{path}", headers=token_of(cast.nina))

    assert words in problem_of(response, status)["detail"]


def test_error_keeps_its_shape_whatever_format_is_asked(cast: Cast, token_of: Tokens) -> None:
    response = Client().get("/api/v1/schools/999999/?format=xlsx", headers=token_of(cast.nina))

    problem_of(response, 404)


def test_unknown_kind_of_body_is_a_415(cast: Cast, token_of: Tokens) -> None:
    response = Client().post(
        "/api/v1/imports/", headers=token_of(cast.nina, loads_staff=True), data=b"x", content_type="a/b"
    )

    problem_of(response, 415)


def test_silent_database_is_a_503_that_says_when_to_come_back(
    cast: Cast, token_of: Tokens, monkeypatch: pytest.MonkeyPatch
) -> None:
    def silent(*args: object) -> None:
        raise OperationalError("server closed the connection")

    monkeypatch.setattr(SchoolViewSet, "get_queryset", silent)

    response = Client().get("/api/v1/schools/", headers=token_of(cast.nina))

    problem_of(response, 503)
    assert response["Retry-After"] == "15"


def test_our_own_fault_shows_no_insides_and_logs_no_values(
    cast: Cast, token_of: Tokens, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*args: object) -> None:
        raise ValueError("Канарейкина Анна")

    monkeypatch.setattr(SchoolViewSet, "get_queryset", broken)

    response = Client().get("/api/v1/schools/", headers=token_of(cast.nina))

    assert "ValueError" not in str(problem_of(response, 500))
    assert "ValueError at" in caplog.text
    assert "Канарейкина" not in caplog.text


def test_options_tell_formats_and_no_names(cast: Cast, token_of: Tokens) -> None:
    headers = token_of(cast.sveta)

    own = Client().options(f"/api/v1/schools/{cast.school.pk}/", headers=headers)
    foreign = Client().options(f"/api/v1/schools/{cast.foreign.pk}/", headers=headers)

    assert own.content == foreign.content
    assert own.json()["renders"][:2] == ["application/json", "text/csv"]


def test_head_answers_as_get_without_a_body(cast: Cast, token_of: Tokens) -> None:
    headers = token_of(cast.sveta)

    head = Client().head("/api/v1/schools/", headers=headers)

    assert head.status_code == 200
    assert head.content == b""


# Filters and pages


@pytest.mark.parametrize(
    "query, expected",
    [
        ("region=78", {"780001", "780002", "780003"}),
        ("kind=lyceum", {"780003"}),
        ("search=ГИМНАЗИЯ 2", {"780002"}),
        ("search=78000", {"780001", "780002", "780003"}),
        ("code=780001", {"780001"}),
        ("open=true", {"780001", "780002"}),
        ("open=false", {"780003"}),
        ("updated_since=2100-01-01T00:00:00Z", set()),
        ("region=78&kind=school&open=1", {"780001"}),
    ],
)
def test_filters_of_schools(cast: Cast, token_of: Tokens, query: str, expected: set[str]) -> None:
    School.objects.filter(pk=cast.cousin.pk).update(closed_on=dt.date(2020, 1, 1))

    rows = Client().get(f"/api/v1/schools/?{query}", headers=token_of(cast.nina)).json()["results"]

    assert {row["code"] for row in rows} == expected


@pytest.mark.parametrize("path", ["schools/?open", "appointments/?active", "staff/?working", "steps/?overdue"])
def test_neither_yes_nor_no_is_a_mistake_and_not_everything(cast: Cast, token_of: Tokens, path: str) -> None:
    answers = {
        text: Client().get(f"/api/v1/{path}={text}", headers=token_of(cast.nina)) for text in ("да", "true", "0")
    }

    assert {text: answer.status_code for text, answer in answers.items()} == {"да": 400, "true": 200, "0": 200}
    assert "Впишите true или false" in answers["да"].content.decode()


def test_pages_follow_one_another_to_the_end(cast: Cast, token_of: Tokens) -> None:
    for number in range(5):
        make_school(cast.municipality, f"7801{number}", f"Школа № 1{number}")
    headers, path, seen = token_of(cast.nina), "/api/v1/schools/?page_size=3&region=78", []

    while path:
        page = Client().get(path, headers=headers).json()
        seen += [row["id"] for row in page["results"]]
        path = page["next"]

    assert seen == sorted(seen)
    assert len(set(seen)) == page["count"] == 8


def test_number_of_queries_does_not_grow_with_rows(cast: Cast, token_of: Tokens) -> None:
    headers = token_of(cast.nina)
    Client().get("/api/v1/regions/", headers=headers)  # a token's first use is written down

    def count(resource: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert Client().get(f"/api/v1/{resource}/", headers=headers).status_code == 200
        return len(queries)

    few = [count("schools"), count("municipalities")]
    for number in range(30):
        make_school(cast.municipality, f"7801{number}", f"Школа № 1{number}")

    assert [count("schools"), count("municipalities")] == few
    assert max(few) <= 4


# Tokens


def issue(*args: str) -> str:
    """Run the command and return its stdout."""
    out = io.StringIO()
    call_command("issue_token", *args, stdout=out, stderr=io.StringIO())
    return out.getvalue()


def test_issued_token_stands_alone_on_stdout_and_opens_rest(cast: Cast) -> None:
    text = issue("sveta", "--name", "витрина", "--days", "30")

    response = Client().get("/api/v1/schools/", headers={"Authorization": f"Bearer {text.strip()}"})

    assert len(text.split()) == 1
    assert response.json()["count"] == 1
    assert not AccessToken.objects.filter(digest=text.strip()).exists()
    assert AccessToken.objects.get().name == "витрина"


def test_token_at_rest_cannot_be_found_without_the_key_of_the_installation(cast: Cast, settings: Any) -> None:
    row, text = AccessToken.objects.create(user=cast.sveta)
    headers = {"Authorization": f"Bearer {text}"}

    plain = {hashlib.new(kind, text.encode()).hexdigest() for kind in ("sha512", "sha256", "sha1", "md5")}
    opened = Client().get("/api/v1/schools/", headers=headers).status_code
    settings.SECRET_KEY = "другой ключ" * 10
    elsewhere = Client().get("/api/v1/schools/", headers=headers).status_code

    assert row.digest not in plain
    assert len(row.digest) == 128
    assert (opened, elsewhere) == (200, 401)


def test_token_is_not_issued_to_nobody(cast: Cast) -> None:
    User.objects.filter(pk=cast.sveta.pk).update(is_active=False)

    for login in ("sveta", "nobody"):
        with pytest.raises(CommandError, match="нет"):
            issue(login)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda user: AccessToken.objects.update(expiry=timezone.now() - dt.timedelta(seconds=1)),
        lambda user: AccessToken.objects.all().delete(),
        lambda user: User.objects.filter(pk=user.pk).update(is_active=False),
    ],
    ids=["expired", "revoked", "person left"],
)
def test_spoilt_token_is_refused_at_the_next_request(
    cast: Cast, token_of: Tokens, spoil: Callable[[User], object]
) -> None:
    headers = token_of(cast.sveta)
    assert Client().get("/api/v1/schools/", headers=headers).status_code == 200

    spoil(cast.sveta)

    problem_of(Client().get("/api/v1/schools/", headers=headers), 401)


@pytest.mark.parametrize(
    "header", ["Bearer", "Bearer a b", "Bearer я", "Bearer \x00", "Bearer " + "x" * 4000, "bearer x"]
)
def test_odd_token_is_a_401(cast: Cast, header: str) -> None:
    problem_of(Client().get("/api/v1/schools/", headers={"Authorization": header}), 401)


def test_token_sets_no_cookie_and_opens_no_page(cast: Cast, token_of: Tokens) -> None:
    headers, client = token_of(cast.root), Client()

    for path in ("/api/v1/schools/", "/api/v1/docs/", "/api/v1/schools/999999/"):
        assert not client.get(path, headers=headers).cookies
    page = client.get("/admin/", headers=headers)

    assert page.status_code == 302
    assert not client.session.items()


def test_bad_token_is_not_saved_by_a_session(cast: Cast, client_of: Signed) -> None:
    response = client_of(cast.root).get("/api/v1/schools/", headers={"Authorization": "Bearer wrong"})

    problem_of(response, 401)


def test_unsafe_request_by_session_needs_csrf(cast: Cast) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.root, backend="schools.login.LoginOrEmailBackend")

    response = client.post("/api/v1/imports/", {"school": "780001"})

    problem_of(response, 403)


def test_answers_stay_out_of_every_cache(cast: Cast, token_of: Tokens) -> None:
    response = Client().get("/api/v1/staff/", headers=token_of(cast.sveta))

    assert response["Cache-Control"] == "private, no-store"
    assert {"Authorization", "Cookie", "Accept"} <= set(response["Vary"].split(", "))


# Limits


def test_limit_is_counted_per_person_and_says_when_to_come_back(
    cast: Cast, token_of: Tokens, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(AtomicUserThrottle, "THROTTLE_RATES", {"user": "3/hour"})
    headers = token_of(cast.sveta)

    codes = [Client().get("/api/v1/regions/", headers=headers).status_code for _ in range(4)]
    last = Client().get("/api/v1/regions/", headers=headers)

    assert codes == [200, 200, 200, 429]
    problem_of(last, 429)
    assert 0 < int(last["Retry-After"]) <= 3601
    assert Client().get("/api/v1/regions/", headers=token_of(cast.nina)).status_code == 200


# Files


def test_csv_for_excel_is_russian_and_whole(cast: Cast, token_of: Tokens) -> None:
    School.objects.filter(pk=cast.school.pk).update(short_name="=HYPERLINK(1)")

    response = Client().get("/api/v1/schools/?format=csv&page_size=1", headers=token_of(cast.nina))
    data = response.getvalue()
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig")), delimiter=";"))

    assert data.startswith(b"\xef\xbb\xbf")
    assert response["Content-Disposition"] == 'attachment; filename="schools.csv"'
    assert len(rows) == 3
    assert rows[0]["Краткое наименование"] == "'=HYPERLINK(1)"
    assert rows[0]["Муниципалитет: название"] == "Невский район"


def test_csv_for_programs_is_read_by_pandas(cast: Cast, token_of: Tokens) -> None:
    response = Client().get("/api/v1/schools/?format=csv&dialect=comma", headers=token_of(cast.nina))

    table = pandas.read_csv(io.BytesIO(response.getvalue()), dtype={"code": str})

    assert list(table["code"]) == ["780001", "780002", "780003"]
    assert table["declared_teachers"].sum() == 90
    assert set(table["region.code"]) == {78}


def test_xlsx_keeps_texts_and_types(cast: Cast, token_of: Tokens) -> None:
    School.objects.filter(pk=cast.school.pk).update(short_name="=1+1", opened_on=dt.date(1999, 9, 1))

    response = Client().get("/api/v1/schools/?format=xlsx", headers=token_of(cast.nina))
    sheet: Any = openpyxl.load_workbook(io.BytesIO(response.getvalue())).active
    header = [cell.value for cell in sheet[1]]
    first = dict(zip(header, sheet[2], strict=True))

    assert first["Краткое наименование"].value == "=1+1"
    assert first["Краткое наименование"].data_type == "s"
    assert first["Открыта"].value.date() == dt.date(1999, 9, 1)
    assert first["Код школы"].value == "780001"


def test_one_record_as_a_file(cast: Cast, token_of: Tokens) -> None:
    headers, path = token_of(cast.nina), f"/api/v1/schools/{cast.school.pk}/"

    text = Client().get(f"{path}?format=csv", headers=headers).content.decode("utf-8-sig")
    book: Any = openpyxl.load_workbook(io.BytesIO(Client().get(f"{path}?format=xlsx", headers=headers).content))

    assert text.splitlines()[0].startswith("id;code;short_name")
    assert book.active["B2"].value == "780001"


# Schema


def test_schema_and_its_page_are_open_and_bring_their_own_files(db: None) -> None:
    schema = Client().get("/api/v1/schema/").json()
    page = Client().get("/api/v1/docs/")

    assert schema["openapi"] == "3.1.1"
    assert "/api/v1/ratings/{week}/" in schema["paths"]
    assert all("401" in each["responses"] for path in schema["paths"].values() for each in path.values())
    assert "//cdn" not in page.content.decode()
    assert "script-src 'self'" in page["Content-Security-Policy"]
