"""A cache that is away, frozen or forgetful: pages and REST answer as before, and limits are kept."""

import socket
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.cache import cache, caches
from django.test import Client
from redis.connection import Connection

from schools.caches import PATIENCE, CacheAway, CalmClient
from schools.models import Counter
from schools.rates import AtomicUserThrottle
from tests.conftest import Cast, MakeWeek
from tests.servers import OwnRedis, free_port

Tokens = Callable[..., dict[str, str]]
DUMMY = "django.core.cache.backends.dummy.DummyCache"
CALM = "schools.caches.CalmRedisCache"


@pytest.fixture(params=["dead", "frozen"])
def lost(request: pytest.FixtureRequest, settings: Any) -> Iterator[str]:
    """Both caches are at an address where nobody listens, or where somebody listens and never answers."""
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen(64)
        port = silent.getsockname()[1] if request.param == "frozen" else free_port()
        url = f"redis://127.0.0.1:{port}/0"
        settings.CACHES = {alias: {"BACKEND": CALM, "LOCATION": url} for alias in ("default", "counts")}
        settings.CACHE_URL = url
        yield url
    CalmClient.away_until.clear()


def test_lost_cache_is_an_empty_one(lost: str) -> None:
    cache.set("key", 1)

    assert cache.get("key") is None
    assert cache.get_or_set("key", lambda: 7) == 7
    assert not cache.add("key", 1)
    assert cache.get_many(["key"]) == {}
    assert not cache.touch("key")
    assert "key" not in cache
    cache.set_many({"key": 1})
    cache.delete_many(["key"])
    assert not cache.delete("key")
    with pytest.raises(CacheAway):
        cache.incr("key")


def test_server_that_did_not_answer_is_asked_once(lost: str, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[float | None] = []
    connect = Connection.connect

    def counted(one: Connection) -> None:
        asked.append(one.socket_timeout)
        connect(one)

    monkeypatch.setattr(Connection, "connect", counted)

    for _ in range(50):
        assert cache.get("key") is None

    assert asked == [PATIENCE]


@pytest.mark.django_db
def test_pages_are_shown_without_the_cache(
    cast: Cast, client_of: Callable[..., Client], weeks_made: MakeWeek, lost: str
) -> None:
    weeks_made({cast.school: {}, cast.sibling: {"active": 3}, cast.foreign: {}})
    paths = {
        "/country/": cast.observer,
        "/regions/78/": cast.nina,
        f"/municipalities/{cast.municipality.pk}/": cast.marat,
        f"/schools/{cast.school.pk}/": cast.sveta,
        "/ratings/": cast.nina,
    }

    answers = {path: client_of(person).get(path).status_code for path, person in paths.items()}

    assert set(answers.values()) == {200}, answers


@pytest.mark.django_db
def test_rest_answers_and_counts_without_the_cache(
    cast: Cast, token_of: Tokens, monkeypatch: pytest.MonkeyPatch, lost: str
) -> None:
    monkeypatch.setattr(AtomicUserThrottle, "THROTTLE_RATES", {"user": "3/hour"})
    headers = token_of(cast.sveta)

    codes = [Client().get("/api/v1/regions/", headers=headers).status_code for _ in range(5)]

    assert codes == [200, 200, 200, 429, 429]
    assert Counter.objects.get().number == 5
    assert Client().get("/api/v1/regions/", headers=token_of(cast.nina)).status_code == 200


@pytest.mark.django_db
def test_readiness_tells_that_the_cache_is_lost(client: Client, lost: str) -> None:
    found = client.get("/readyz")

    assert found.status_code == 503
    assert found.json()["checks"]["cache"] == {
        "ok": False,
        "message": "Redis с кэшем не отвечает. Всё работает, но страницы считаются каждый раз заново.",
    }


@pytest.mark.django_db
def test_count_lost_between_two_calls_is_made_in_the_database(
    cast: Cast, token_of: Tokens, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(AtomicUserThrottle, "THROTTLE_RATES", {"user": "2/hour"})
    monkeypatch.setattr(caches["counts"], "add", lambda *args, **kwargs: False)  # evicted at once
    headers = token_of(cast.sveta)

    codes = [Client().get("/api/v1/regions/", headers=headers).status_code for _ in range(3)]

    assert codes == [200, 200, 429]


def test_counts_are_apart_from_answers_and_evict_nothing(settings: Any) -> None:
    assert settings.CACHES["counts"]["LOCATION"] != settings.CACHES["default"]["LOCATION"]
    counts = caches["counts"]
    for number in range(5000):
        counts.set(f"key-{number}", 1)

    assert counts.get("key-0") == 1


def test_redis_that_comes_back_is_used_again(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("schools.caches.REST", 0.1)
    with OwnRedis() as redis:
        settings.CACHES = {alias: {"BACKEND": CALM, "LOCATION": redis.url} for alias in ("default", "counts")}
        cache.set("key", 1)
        assert cache.get("key") == 1
        assert caches["counts"].add("count", 0)
        assert caches["counts"].incr("count") == 1
        redis.freeze()
        assert cache.get("key") is None
        redis.stop()
        assert cache.get("key") is None
        redis.start()
        time.sleep(0.2)
        cache.set("key", 2)

        assert cache.get("key") == 2
        settings.CACHES = {
            alias: {"BACKEND": "django.core.cache.backends.dummy.DummyCache"} for alias in ("default", "counts")
        }
    CalmClient.away_until.clear()
