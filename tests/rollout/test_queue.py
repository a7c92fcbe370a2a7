"""The queue for real: a Celery worker in a process of its own, killed, starved of its broker, brought things twice."""

import json
import signal
import time
from collections.abc import Iterator

import pytest

from tests.servers import OwnRedis, Portal, wait_for

SCHOOLS = 1500
WEEK = 202640

MAKE = f"""
from tests.bench.country import Dataset, fill
fill(Dataset(first=1, last={SCHOOLS}, week={WEEK}, weeks=2, regions=2))
"""
ENQUEUE = f"""
import time
import kombu.transport.redis
from django.db import transaction
from reports.models import WeekRun
from schools.jobs import enqueue
WeekRun.objects.filter(state="queued").update(state="aborted")  # left by the test before
run = WeekRun(week={WEEK}, reason="проверка очереди")
with transaction.atomic():
    enqueue(run)
print(run.pk)
"""
RESEND = """
from datetime import timedelta
from django.utils import timezone
from reports.models import WeekRun
from schools.jobs import resend_lost
past = timezone.now() - timedelta(hours=1)
WeekRun.objects.filter(state="queued").update(sent_at=past)
WeekRun.objects.filter(state="running").update(lease_until=past)
resend_lost()
"""
LOSE = """
from celery import current_app
with current_app.connection() as connection:
    assert connection.default_channel.queue_purge("weeks") >= 1
"""
KILL = """
import os, signal
while WeekRun.objects.get(pk=run.pk).state == "queued":
    time.sleep(0.001)
os.killpg({group}, signal.SIGKILL)
"""
STATE = """
import json, time
from reports.models import Rating, RatingRow, WeekRun
until = time.monotonic() + {patience}
while not WeekRun.objects.get(pk={pk}).is_over and time.monotonic() < until:
    time.sleep(0.02)
run = WeekRun.objects.get(pk={pk})
rows = RatingRow.objects.filter(rating=run.rating_id).count() if run.rating_id else 0
print(json.dumps([run.state, run.attempts, Rating.objects.filter(week=run.week).count(), rows > 0]))
"""


@pytest.fixture(scope="module")
def installed() -> Iterator[Portal]:
    with Portal() as installation:
        installation.manage("migrate", "--verbosity", "0")
        installation.run(MAKE)
        yield installation


@pytest.fixture
def portal(installed: Portal) -> Iterator[Portal]:
    """The installation without a worker; those that a test starts end with it."""
    yield installed
    installed.kill_all()


@pytest.fixture
def redis() -> Iterator[OwnRedis]:
    with OwnRedis() as server:
        yield server


@pytest.fixture(params=["embedded", pytest.param("redis", marks=pytest.mark.redis)])
def broker(request: pytest.FixtureRequest) -> Iterator[dict[str, str]]:
    """The environment of a broker: none, which is the embedded queue, or a Redis of the test's own."""
    if request.param == "embedded":
        yield {}
        return
    with OwnRedis() as server:
        yield {"REDIS_URL": server.url}


def enqueue(portal: Portal, **environment: str) -> int:
    """Queue a count; return the job's id."""
    return int(portal.run(ENQUEUE, **environment))


def state(portal: Portal, pk: int, *, patience: float = 0, before: str = "", **environment: str) -> list[object]:
    """The job's state once it is over or patience is, its attempts, its week's revisions and whether they hold rows."""
    found: list[object] = json.loads(portal.run(before + STATE.format(pk=pk, patience=patience), **environment))
    return found


def test_job_is_done_by_a_worker(portal: Portal, broker: dict[str, str]) -> None:
    worker = portal.worker(**broker)
    pk = enqueue(portal, **broker)

    found = state(portal, pk, patience=60)

    worker.send_signal(signal.SIGTERM)
    wait_for(lambda: worker.poll() is not None, 20, "the worker's end")
    assert found == ["done", 1, 1, True]


def test_job_of_a_killed_worker_is_finished_by_the_next(portal: Portal, broker: dict[str, str]) -> None:
    worker = portal.worker(**broker)
    pk = int(portal.run(ENQUEUE + KILL.format(group=worker.pid), **broker).split()[0])
    worker.wait()
    cut = state(portal, pk)

    portal.worker(**broker)
    found = state(portal, pk, patience=60, before=RESEND, **broker)

    assert cut[:2] == ["running", 1]
    assert found == ["done", 2, 1, True]


def test_lost_message_is_sent_again(portal: Portal, broker: dict[str, str]) -> None:
    pk = int(portal.run(ENQUEUE + LOSE, **broker).split()[0])
    portal.worker(**broker)
    lost = state(portal, pk, patience=5)

    found = state(portal, pk, patience=60, before=RESEND, **broker)

    assert lost[:2] == ["queued", 0]
    assert found[:2] == ["done", 1]


def test_message_brought_twice_is_done_once(portal: Portal, broker: dict[str, str]) -> None:
    pk = int(portal.run(ENQUEUE + RESEND + RESEND, **broker).split()[0])
    worker = portal.worker(**broker)
    state(portal, pk, patience=60)
    time.sleep(2)  # the second message and the third

    found = state(portal, pk)

    assert worker.poll() is None
    assert found[:3] == ["done", 1, 1]


@pytest.mark.redis
@pytest.mark.parametrize("trouble", ["stopped", "frozen"])
def test_job_is_saved_and_the_person_goes_on_while_redis_is_away(portal: Portal, redis: OwnRedis, trouble: str) -> None:
    redis.stop() if trouble == "stopped" else redis.freeze()

    patience = portal.run(
        "from celery import current_app as app; o = app.conf.broker_transport_options;"
        "print(o['socket_timeout'], o['socket_connect_timeout'], o['max_retries'], app.conf.task_publish_retry_policy)",
        REDIS_URL=redis.url,
    )
    pk = enqueue(portal, REDIS_URL=redis.url)
    page = portal.run("from django.test import Client; print(Client().get('/login/').status_code)", REDIS_URL=redis.url)

    assert patience.startswith("3 2 0 {'max_retries': 1,")  # seconds for an answer, for a connection; who asks again
    assert page == "200"
    assert state(portal, pk)[:2] == ["queued", 0]


@pytest.mark.redis
def test_worker_goes_on_after_redis_came_back_empty(portal: Portal, redis: OwnRedis) -> None:
    portal.worker(REDIS_URL=redis.url)
    redis.stop()
    pk = enqueue(portal, REDIS_URL=redis.url)
    redis.start()

    found = state(portal, pk, patience=60, before=RESEND, REDIS_URL=redis.url)

    assert found[:2] == ["done", 1]
