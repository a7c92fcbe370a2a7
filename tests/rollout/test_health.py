"""/healthz and /readyz: break each thing behind the portal, and readiness must say so; nothing secret is told."""

import datetime
from collections.abc import Iterator

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from reports.models import Rating, RatingState, UsageRule, WeekRun
from reports.weeks import IsoWeek, last_due
from rollout import health
from schools.jobs import JobState
from tests.servers import OwnRedis


def publish(week: IsoWeek) -> None:
    Rating.objects.create(
        week=week.number,
        revision=1,
        state=RatingState.PUBLISHED,
        rule=UsageRule.for_week(week),
        sha256="0" * 64,
        counted_at=timezone.now(),
        published_at=timezone.now(),
    )


@pytest.fixture
def redis() -> Iterator[OwnRedis]:
    with OwnRedis() as server:
        yield server


def test_healthz_answers_without_a_database(client: Client) -> None:
    response = client.get("/healthz")

    assert response.status_code == 200
    assert response.json() == {"status": "ok"}
    assert "no-store" in response["Cache-Control"]


@pytest.mark.django_db
def test_fresh_installation_is_ready(client: Client) -> None:
    response = client.get("/readyz")

    assert response.status_code == 200
    assert response.json()["status"] == "ok"
    assert set(response.json()["checks"]) == set(health.CHECKS)


def test_broken_database_is_told(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: object, **kwargs: object) -> None:
        raise OperationalError("could not connect: password for user portal")

    monkeypatch.setattr(connection, "cursor", refuse)

    response = client.get("/readyz")

    assert response.status_code == 503
    assert response.json()["checks"]["database"]["ok"] is False
    assert "password" not in response.content.decode()


@pytest.mark.django_db
def test_missing_migration_is_told(client: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'reports' AND name LIKE '0002%'")

    response = client.get("/readyz")

    assert response.status_code == 503
    assert response.json()["checks"]["migrations"]["waiting"] == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    "facts",
    [
        {"state": JobState.QUEUED, "sent_at": timezone.now() - datetime.timedelta(hours=1)},
        {"state": JobState.RUNNING, "lease_until": timezone.now() - datetime.timedelta(hours=1)},
    ],
    ids=["nobody took it", "its worker fell silent"],
)
def test_late_job_is_named(client: Client, facts: dict[str, object]) -> None:
    run = WeekRun.objects.create(week=202640, **facts)

    response = client.get("/readyz")

    queue = response.json()["checks"]["queue"]
    assert response.status_code == 503
    assert (queue["task"], queue["job"]) == ("reports.run_week", run.pk)
    assert queue["waiting_seconds"] >= 3600


@pytest.mark.django_db
def test_job_at_work_is_no_trouble(client: Client) -> None:
    soon = timezone.now() + datetime.timedelta(minutes=1)
    WeekRun.objects.create(week=202640, state=JobState.RUNNING, lease_until=soon)
    WeekRun.objects.create(week=202641, state=JobState.QUEUED, sent_at=timezone.now())

    response = client.get("/readyz")

    assert response.status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize("behind, status", [(1, 200), (2, 503)])
def test_week_not_published_in_time_is_told(client: Client, behind: int, status: int) -> None:
    now = timezone.now()
    due = last_due(now - health.WEEK_MAY_WAIT)
    publish(due.shift(1 - behind))
    running = {"state": RatingState.PREVIEW, "revision": 0, "rule": UsageRule.for_week(due), "counted_at": now}
    Rating.objects.create(week=due.shift(1).number, **running)

    response = client.get("/readyz")

    assert response.status_code == status
    assert response.json()["checks"]["week"]["ok"] is (status == 200)


@pytest.mark.django_db
def test_full_disk_is_told(client: Client, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.ON_SQLITE = True
    monkeypatch.setattr(health, "LEAST_DISK", 2**62)

    response = client.get("/readyz")

    assert response.status_code == 503
    assert response.json()["checks"]["disk"]["ok"] is False


@pytest.mark.django_db
@pytest.mark.redis
def test_redis_that_answers_is_ready(client: Client, settings: Settings, redis: OwnRedis) -> None:
    settings.REDIS_URL = redis.url

    response = client.get("/readyz")

    assert response.status_code == 200
    assert response.json()["checks"]["broker"] == {"ok": True, "kind": "redis"}


@pytest.mark.django_db
@pytest.mark.redis
def test_redis_that_fell_silent_is_told_within_seconds(client: Client, settings: Settings, redis: OwnRedis) -> None:
    settings.REDIS_URL = redis.url
    redis.freeze()

    response = client.get("/readyz")

    assert response.status_code == 503
    assert response.json()["checks"]["broker"]["ok"] is False


@pytest.mark.django_db
@pytest.mark.redis
def test_queue_that_may_forget_is_told(client: Client, settings: Settings, redis: OwnRedis) -> None:
    settings.REDIS_URL = redis.url
    redis.client().config_set("maxmemory-policy", "allkeys-lru")

    response = client.get("/readyz")

    assert response.status_code == 503
    assert "noeviction" in response.json()["checks"]["broker"]["message"]


def test_health_changes_nothing_and_takes_no_post(client: Client) -> None:
    assert client.post("/healthz").status_code == 405
    assert client.post("/readyz").status_code == 405
