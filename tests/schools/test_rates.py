"""The rate limit of REST: by token, atomic among threads and processes, told in every answer."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.core.cache import caches
from django.core.cache.backends.base import BaseCache
from django.test import Client, RequestFactory
from rest_framework.request import Request

from schools.caches import CalmClient
from schools.models import AccessToken, User
from schools.rates import AtomicUserThrottle
from tests.conftest import Cast, ClientOf
from tests.servers import OwnRedis
from tests.test_api import problem_of

Tokens = Callable[..., dict[str, str]]
LIMIT, THREADS, EACH = 50, 12, 20


@pytest.fixture
def three_an_hour(monkeypatch: pytest.MonkeyPatch) -> None:
    """A limit that is soon reached."""
    monkeypatch.setattr(AtomicUserThrottle, "THROTTLE_RATES", {"user": "3/hour"})


@pytest.fixture(params=["memory", pytest.param("redis", marks=pytest.mark.redis)])
def counts(request: pytest.FixtureRequest, settings: Any) -> Iterator[str]:
    """Where requests are counted: in the embedded mode in memory, in production in a Redis."""
    if request.param == "memory":
        yield "memory"
        return
    CalmClient.away_until.clear()
    with OwnRedis() as redis:
        backend = {"BACKEND": "schools.caches.CalmRedisCache", "LOCATION": redis.url, "KEY_PREFIX": "counts"}
        settings.CACHES = {**settings.CACHES, "counts": backend}
        yield "redis"


def admitted_of(limit: int) -> int:
    """Let threads ask at once, all by one token; return how many requests were let through."""
    token = AccessToken(digest="x" * 128, user=User(pk=1, username="one"))
    gate = threading.Barrier(THREADS)

    def ask() -> int:
        gate.wait()
        return sum(_asks_once(token, limit) for _ in range(EACH))

    with ThreadPoolExecutor(THREADS) as pool:
        return sum(pool.map(lambda _: ask(), range(THREADS)))


def _asks_once(token: AccessToken, limit: int) -> bool:
    request = Request(RequestFactory().get("/api/v1/schools/"))
    request.user, request.auth = token.user, token
    throttle = AtomicUserThrottle()
    throttle.num_requests, throttle.duration = limit, 86400
    return throttle.allow_request(request, None)  # type: ignore[arg-type]


def test_threads_together_never_pass_the_limit(counts: str) -> None:
    assert admitted_of(LIMIT) == LIMIT


def test_a_count_that_is_read_and_then_written_would_let_more_through(
    counts: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The test above can fail: this is how DRF itself counts."""

    def careless(self: AtomicUserThrottle, key: str) -> int:
        cache: BaseCache = caches["counts"]
        number = int(cache.get(key, 0)) + 1
        threading.Event().wait(0.0005)
        cache.set(key, number)
        return number

    monkeypatch.setattr(AtomicUserThrottle, "_count", careless)

    assert admitted_of(LIMIT) > LIMIT


@pytest.mark.django_db
def test_each_token_has_a_limit_of_its_own(cast: Cast, token_of: Tokens, three_an_hour: None) -> None:
    one, two = token_of(cast.sveta), token_of(cast.sveta)

    codes = [Client().get("/api/v1/regions/", headers=one).status_code for _ in range(4)]

    assert codes == [200, 200, 200, 429]
    assert Client().get("/api/v1/regions/", headers=two).status_code == 200


@pytest.mark.django_db
def test_session_is_counted_by_person(cast: Cast, client_of: ClientOf, three_an_hour: None) -> None:
    codes = [client_of(cast.sveta).get("/api/v1/regions/").status_code for _ in range(4)]

    assert codes == [200, 200, 200, 429]


@pytest.mark.django_db
def test_every_answer_tells_what_is_left_and_the_last_one_when_to_come_back(
    cast: Cast, token_of: Tokens, three_an_hour: None
) -> None:
    headers = token_of(cast.sveta)

    answers = [Client().get(f"/api/v1/{path}", headers=headers) for path in ("regions/", "regions/00/", "weeks/", "")]

    assert [answer.status_code for answer in answers] == [200, 404, 200, 429]
    assert {answer["RateLimit-Policy"] for answer in answers} == {'"requests";q=3;w=3600'}
    left = [answer["RateLimit"].split(";")[1] for answer in answers]
    assert left == ["r=2", "r=1", "r=0", "r=0"]
    problem_of(answers[-1], 429)
    wait = int(answers[-1]["Retry-After"])
    assert 0 < wait <= 3601
    assert abs(int(answers[-1]["RateLimit"].split("t=")[1]) - wait) <= 2


@pytest.mark.django_db
def test_who_is_not_let_in_is_told_no_count(db: None) -> None:
    answer = Client().get("/api/v1/schools/")

    assert answer.status_code == 401
    assert not answer.has_header("RateLimit")


@pytest.mark.django_db
def test_pages_carry_no_headers_of_rest(cast: Cast, client_of: ClientOf) -> None:
    answer = client_of(cast.sveta).get("/profile/")

    assert not answer.has_header("RateLimit")
