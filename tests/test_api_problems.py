"""Every error of REST is a problem of RFC 9457 in Russian, whoever refuses: the view, DRF, or Django before them."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import OperationalError
from django.http import HttpResponse
from django.test import Client, RequestFactory
from rest_framework.exceptions import APIException

from schools import problems
from schools.api import SchoolViewSet
from schools.models import AccessToken, User
from schools.problems import DETAILS, TITLES, Conflict, problem, problem_response
from schools.rates import AtomicUserThrottle
from schools.rest_answers import rest_answers
from tests.conftest import Cast

pytestmark = pytest.mark.django_db
Tokens = Callable[..., dict[str, str]]
CYRILLIC = re.compile("[а-яё]", re.IGNORECASE)
STATUSES = (400, 401, 403, 404, 405, 406, 409, 412, 413, 415, 429, 500, 503)


def check(response: Any, status: int) -> dict[str, Any]:
    """The body, after checking that it is a problem with words of ours."""
    assert response.status_code == status
    assert response["Content-Type"] == "application/problem+json"
    body: dict[str, Any] = json.loads(response.content)
    assert set(body) - {"errors"} == {"type", "title", "status", "detail"}
    assert (body["type"], body["status"], body["title"]) == ("about:blank", status, TITLES[status])
    assert CYRILLIC.search(body["detail"])
    assert body["detail"].endswith((".", "/."))
    assert not re.search(r"\{\w*\}", body["detail"])
    for each in body.get("errors", []):
        assert set(each) == {"field", "message"}
        assert CYRILLIC.search(each["message"])
    return body


class World:
    """How each status comes about in a real request."""

    def __init__(self, cast: Cast, monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
        self.cast, self.monkeypatch, self.settings = cast, monkeypatch, settings
        self.client = Client(raise_request_exception=False)

    def headers(self, **flags: bool) -> dict[str, str]:
        _, text = AccessToken.objects.create(user=self.cast.nina, **flags)
        return {"Authorization": f"Bearer {text}"}

    def get(self, path: str = "schools/", **more: Any) -> Any:
        return self.client.get(f"/api/v1/{path}", headers=self.headers(), **more)

    def post(self, path: str, body: Any, kind: str = "application/json", **flags: bool) -> Any:
        return self.client.post(f"/api/v1/{path}", body, kind, headers=self.headers(**flags))

    def broken(self, error: Exception) -> Any:
        def fail(*args: object) -> None:
            raise error

        self.monkeypatch.setattr(SchoolViewSet, "get_queryset", fail)
        return self.get()

    def limited(self) -> Any:
        self.monkeypatch.setattr(AtomicUserThrottle, "THROTTLE_RATES", {"user": "0/hour"})
        return self.get()

    def large(self, kind: str) -> Any:
        self.settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
        if kind == "json":
            return self.post("step-marks/", json.dumps({"reason": "я" * 1000}), marks_steps=True)
        fields = {"school": "780001", "mode": "х" * 2000}
        headers = self.headers(loads_staff=True)
        return self.client.post("/api/v1/imports/", fields, headers=headers)

    def crowded(self) -> Any:
        self.settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 3
        fields = {f"field{n}": "1" for n in range(9)}
        return self.client.post("/api/v1/imports/", fields, headers=self.headers(loads_staff=True))

    def foreign_host(self) -> Any:
        self.settings.ALLOWED_HOSTS = ["portal.example"]
        return self.get(HTTP_HOST="evil.example")


CASES: dict[str, tuple[int, Callable[[World], Any]]] = {
    "wrong filter": (400, lambda world: world.get("schools/?regoin=77")),
    "wrong field": (400, lambda world: world.post("step-marks/", "{}", marks_steps=True)),
    "no JSON": (400, lambda world: world.post("step-marks/", "{", marks_steps=True)),
    "list for an object": (400, lambda world: world.post("step-marks/", "[]", marks_steps=True)),
    "too many fields": (400, lambda world: world.crowded()),
    "foreign host": (400, lambda world: world.foreign_host()),
    "no token": (401, lambda world: world.client.get("/api/v1/schools/")),
    "reading token": (403, lambda world: world.post("step-marks/", "{}")),
    "nothing here": (404, lambda world: world.get("nothing/at/all/")),
    "out of sight": (404, lambda world: world.get(f"schools/{world.cast.foreign.pk}/")),
    "method": (405, lambda world: world.client.delete("/api/v1/schools/", headers=world.headers())),
    "odd method": (405, lambda world: world.client.generic("BREW", "/api/v1/schools/", headers=world.headers())),
    "format": (406, lambda world: world.get("schools/?format=pdf")),
    "accept": (406, lambda world: world.client.get("/api/v1/schools/",
                                                   headers={**world.headers(), "Accept": "image/png"})),
    "not now": (409, lambda world: world.broken(Conflict("Сейчас нельзя."))),
    "not now, no words": (409, lambda world: world.broken(Conflict("busy"))),
    "large JSON": (413, lambda world: world.large("json")),
    "large form": (413, lambda world: world.large("form")),
    "kind of body": (415, lambda world: world.post("imports/", "x", "a/b", loads_staff=True)),
    "too often": (429, lambda world: world.limited()),
    "our fault": (500, lambda world: world.broken(ValueError("Канарейкина"))),
    "database away": (503, lambda world: world.broken(OperationalError("server closed the connection"))),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_error_is_a_problem(cast: Cast, monkeypatch: pytest.MonkeyPatch, settings: Any, name: str) -> None:
    status, cause = CASES[name]

    body = check(cause(World(cast, monkeypatch, settings)), status)

    assert "Канарейкина" not in str(body)


def test_mistakes_are_named_by_field(cast: Cast, monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    body = check(World(cast, monkeypatch, settings).post("step-marks/", "{}", marks_steps=True), 400)

    assert {"number", "kind", "reason"} <= {each["field"] for each in body["errors"]}


def test_every_status_has_its_title_and_words() -> None:
    for status in STATUSES:
        assert CYRILLIC.search(TITLES[status])
        assert CYRILLIC.search(DETAILS[status])
        check(problem_response(status, method="GET"), status)


@pytest.mark.parametrize("status", STATUSES)
def test_exception_without_words_gets_ours(status: int) -> None:
    error = APIException()
    error.status_code = status
    request = type("Asked", (), {"method": "GET", "parsers": ()})()

    response = problem(error, {"request": request})

    assert response is not None
    check(response, status)


@pytest.mark.parametrize("status", [400, 404, 405, 500, 503])
def test_page_of_an_error_under_rest_becomes_a_problem(status: int) -> None:
    def page(request: Any) -> HttpResponse:
        return HttpResponse("<h1>Ошибка</h1>", status=status, headers={"Allow": "GET", "Retry-After": "15"})

    inside = rest_answers(page)(RequestFactory().post("/api/v1/schools/"))
    outside = rest_answers(page)(RequestFactory().get("/schools/"))

    check(inside, status)
    assert (inside["Allow"], inside["Retry-After"]) == ("GET", "15")
    assert outside["Content-Type"].startswith("text/html")


def test_fault_before_the_view_is_a_problem_too(
    cast: Cast, client_of: Callable[[User], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*args: object) -> bool:
        raise ValueError("Канарейкина")

    client = client_of(cast.nina)
    client.raise_request_exception = False
    monkeypatch.setattr("schools.middleware.remember", broken)

    body = check(client.get("/api/v1/schools/"), 500)

    assert "Канарейкина" not in str(body)


def test_words_of_problems_have_no_holes() -> None:
    assert set(problems.DETAILS) == set(problems.TITLES) == set(STATUSES)
