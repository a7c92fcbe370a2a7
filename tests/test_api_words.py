"""What REST says of mistakes: the right code, in plain Russian, with the values there are."""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from reports.api.ratings import RatingQuery
from rollout.api import RESOURCES
from schools.api import StrictSerializer
from schools.problems import problem
from schools.rest_words import WordedSerializer
from tests.conftest import Cast

Headers = Callable[..., dict[str, str]]
CYRILLIC = re.compile("[а-яё]", re.IGNORECASE)
STIFF = re.compile(
    r'dictionary|\blist\b|\bstr\b|\bint\b|datetime|\bdate\b|boolean|паттерн|Убедитесь|Multipart|CSRF|"|корректн'
)
READ_ONLY = (
    "use-cases",
    "expected-chats",
    "chat-coverage",
    "legal-acts",
    "resources",
    "regions",
    "municipalities",
    "schools",
    "staff",
    "imports",
    "indicators",
    "weeks",
    "ratings",
)


@pytest.fixture
def loader(cast: Cast, token_of: Headers) -> dict[str, str]:
    """A token of a region that may load everything."""
    return token_of(cast.nina, loads_activity=True, loads_staff=True)


def detail(answer: Any) -> str:
    """The sentence of a problem."""
    return str(answer.json()["detail"])


@pytest.mark.parametrize("resource", READ_ONLY)
@pytest.mark.parametrize("method", ["delete", "patch", "put"])
@pytest.mark.parametrize("may_load", [True, False])
def test_a_method_nobody_has_is_405_with_any_token(
    cast: Cast, client: Client, token_of: Headers, resource: str, method: str, may_load: bool
) -> None:
    headers = token_of(cast.nina, loads_staff=may_load, loads_activity=may_load)
    name = {"indicators": "r210_10", "weeks": "2026-W46", "ratings": "2026-W46", "regions": "78"}.get(resource, "1")

    answer = getattr(client, method)(f"/api/v1/{resource}/{name}/", headers=headers)

    assert answer.status_code == 405, answer.content
    assert method.upper() in detail(answer)


@pytest.mark.parametrize("method", ["get", "post", "put", "patch", "delete"])
def test_an_address_that_is_not_there_is_404_for_every_method(
    cast: Cast, client: Client, token_of: Headers, method: str
) -> None:
    answer = getattr(client, method)("/api/v1/zzz/", headers=token_of(cast.nina))

    assert answer.status_code == 404
    assert "Здесь ничего нет" in detail(answer)


def test_a_token_that_only_reads_still_may_not_write(cast: Cast, client: Client, token_of: Headers) -> None:
    answer = client.post("/api/v1/imports/", {}, "application/json", headers=token_of(cast.nina))

    assert answer.status_code == 403
    assert "только для чтения" in detail(answer)


def test_json_sent_where_a_file_is_wanted_is_told_how_to_send_it(client: Client, loader: dict[str, str]) -> None:
    answer = client.post("/api/v1/imports/", {"school": "780001"}, "application/json", headers=loader)

    assert answer.status_code == 415
    assert "multipart/form-data" in detail(answer)


@pytest.mark.parametrize(
    "kind", ["multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary=ы"]
)
def test_a_broken_form_is_told_in_russian(client: Client, loader: dict[str, str], kind: str) -> None:
    answer = client.generic("POST", "/api/v1/imports/", b"--x", kind, headers=loader)

    assert answer.status_code == 400
    assert "boundary" in detail(answer)
    assert CYRILLIC.search(detail(answer))
    assert "parse error" not in detail(answer)


def test_a_list_where_an_object_is_wanted(client: Client, loader: dict[str, str]) -> None:
    answer = client.post("/api/v1/activity/", [], "application/json", headers=loader)

    assert answer.status_code == 400
    assert 'Нужен объект JSON: {"поле": значение}.' in detail(answer)


@pytest.mark.parametrize(
    "address, known",
    [
        ("/api/v1/ratings/2026-W46/?level=xyz", "country, region, municipality, school"),
        ("/api/v1/ratings/2026-W46/?indicator=xyz", "all, staff_active"),
        ("/api/v1/schools/?kind=xyz", "school, gymnasium, lyceum"),
        ("/api/v1/imports/?stage=xyz", "uploaded, planned, applying"),
    ],
)
def test_a_value_that_is_not_there_is_answered_with_those_that_are(
    cast: Cast, client: Client, token_of: Headers, weeks_made: Any, address: str, known: str
) -> None:
    weeks_made({cast.school: {}})

    answer = client.get(address, headers=token_of(cast.nina))

    assert answer.status_code == 400
    assert f"Такого значения нет. Есть: {known}" in detail(answer)


def test_a_week_is_quoted_as_russians_quote(cast: Cast, client: Client, token_of: Headers) -> None:
    answer = client.get("/api/v1/ratings/zzz/", headers=token_of(cast.nina))

    assert "Неделя пишется так: 2026-W47. Получено: «zzz»." in detail(answer)


def test_a_form_of_the_browser_without_its_code_is_told_in_russian(cast: Cast) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.nina, backend="schools.login.LoginOrEmailBackend")

    answer = client.post("/api/v1/imports/", {})

    assert answer.status_code == 403
    assert "Обновите страницу" in detail(answer)


def bodies(kind: type[Any]) -> Iterator[type[Any]]:
    """Every body and query REST takes."""
    for each in kind.__subclasses__():
        yield each
        yield from bodies(each)


WRONG: tuple[Any, ...] = (None, "", "zzz", [], {}, 1.5, True, 10**30, "2026-99-99")
BODIES: list[type[Any]] = sorted({*bodies(StrictSerializer), RatingQuery}, key=lambda each: str(each.__name__))


@pytest.mark.django_db
@pytest.mark.parametrize("body", BODIES, ids=lambda body: body.__name__)
def test_every_field_speaks_plain_russian(body: Any) -> None:
    def told(value: Any) -> Iterator[str]:
        if isinstance(value, dict):
            for each in value.values():
                yield from told(each)
        else:
            yield from (str(each) for each in value)

    said: list[str] = []
    values: tuple[Any, ...] = ([], "zzz", *(dict.fromkeys(body().fields, wrong) for wrong in WRONG))
    for value in values:
        form = body(data=value)
        if not form.is_valid():
            said += told(form.errors)

    assert said
    assert [text for text in said if not CYRILLIC.search(text) or STIFF.search(text.replace('{"поле"', ""))] == []


def test_words_of_a_field_itself_are_kept() -> None:
    class Body(WordedSerializer):
        code = serializers.CharField(error_messages={"required": "Впишите код."})

    form = Body(data={})

    assert not form.is_valid()
    assert form.errors["code"] == ["Впишите код."]


FILTERED = sorted(name for name, view in RESOURCES.items() if getattr(view, "filterset_class", None))


@pytest.mark.parametrize("resource", FILTERED)
def test_every_filter_speaks_plain_russian(cast: Cast, client: Client, token_of: Headers, resource: str) -> None:
    view: Any = RESOURCES[resource]
    names, headers = list(view.filterset_class.base_filters), token_of(cast.nina)
    values = ("zzz", "0", "-1", "1.5", "9" * 30, "9" * 60, "я" * 500, "\x00", "2026-99-99", "9999-01-01T00:00:00Z")

    bodies = [client.get(f"/api/v1/{resource}/", dict.fromkeys(names, value), headers=headers) for value in values]

    refused = [body.json() for body in bodies if body.status_code == 400]
    said = [each["message"] for body in refused for each in body["errors"]]
    assert said
    assert [text for text in said if STIFF.search(text) or not CYRILLIC.search(text) or text[-1] != "."] == []
    assert all(body["detail"].endswith(".") for body in refused)


@pytest.mark.parametrize(
    "query, words",
    [
        ("municipality=99999999999999999999", "municipality: Нужно число не больше 9223372036854775807."),
        ("municipality=0", "municipality: Нужно число не меньше 1."),
        ("municipality=x", "municipality: Нужно целое число."),
        ("region=787", "region: Слишком длинно: самое большее — 2."),
        ("region=%00", "region: Уберите нулевой байт: в тексте ему не место."),
    ],
)
def test_filters_of_changes_answer_as_ratings_do(
    cast: Cast, client: Client, token_of: Headers, query: str, words: str
) -> None:
    answer = client.get(f"/api/v1/alerts/?{query}", headers=token_of(cast.nina))

    assert (answer.status_code, detail(answer)) == (400, words)


def test_sentences_of_several_mistakes_are_apart() -> None:
    errors = ValidationError({"q": ["Данные содержат ноль-байт"], "region": ["Код — две цифры."]})

    answer = problem(errors, {})

    assert answer is not None
    assert json.loads(answer.content)["detail"] == "q: Данные содержат ноль-байт. И ещё ошибок: 1."
