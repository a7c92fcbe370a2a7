"""Whether the portal lives (/healthz) and whether everything behind it works (/readyz), for proxies and monitoring."""

import datetime
import shutil
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.models import F
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from reports.models import Rating, RatingState
from reports.weeks import last_due
from schools.jobs import Job, JobState, concrete_jobs

JOB_MAY_WAIT = datetime.timedelta(minutes=10)
WEEK_MAY_WAIT = datetime.timedelta(hours=4)  # after the moment the schedule counts a week
ONCE = Retry(NoBackoff(), 0)  # a check that tries again tells too late
LEAST_DISK = 200 * 1024 * 1024  # bytes free where SQLite and the queue live

Found = dict[str, Any]


class Broken(Exception):
    """A check failed; the text is a Russian sentence without secrets or personal data, `facts` go beside it."""

    def __init__(self, sentence: str, **facts: Any) -> None:
        super().__init__(sentence)
        self.facts = facts


@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """Say that the process answers; touches neither database nor broker. For the proxy and the supervisor."""
    return JsonResponse({"status": "ok"})


@never_cache
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """Say whether all that the portal needs works: 200, or 503 with what is broken. For monitoring and releases."""
    found: dict[str, Found] = {}
    for name, check in CHECKS.items():
        found[name] = _tried(check)
        if name == "database" and not found[name]["ok"]:
            break
    ready = all(each["ok"] for each in found.values())
    report = {"status": "ok" if ready else "broken", "checks": found}
    return JsonResponse(report, status=200 if ready else 503, json_dumps_params={"ensure_ascii": False})


def _tried(check: Callable[[], Found]) -> Found:
    try:
        return {"ok": True, **check()}
    except Broken as broken:
        return {"ok": False, "message": str(broken), **broken.facts}
    except DatabaseError:
        return {"ok": False, "message": "База данных не ответила на запрос."}


def _database() -> Found:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        cursor.fetchone()
    return {"engine": connection.vendor}


def _migrations() -> Found:
    loader = MigrationLoader(connection)
    waiting = set(loader.graph.nodes) - set(loader.applied_migrations or ())
    if waiting:
        raise Broken("Не все миграции применены. Выполните manage.py migrate.", waiting=len(waiting))
    return {}


def _broker() -> Found:
    if not settings.REDIS_URL:
        return {"kind": "embedded"}
    redis = Redis.from_url(settings.REDIS_URL, socket_timeout=2, socket_connect_timeout=2, retry=ONCE)
    try:
        policy = redis.info("memory").get("maxmemory_policy")
    except RedisError as error:
        sentence = "Redis с очередью не отвечает. Страницы работают, задания ждут, запросы к REST считает база."
        raise Broken(sentence, kind="redis") from error
    finally:
        redis.close()
    if policy != "noeviction":
        raise Broken("Redis с очередью вытесняет ключи. Задайте ему maxmemory-policy noeviction.", policy=policy)
    return {"kind": "redis"}


def _cache() -> Found:
    if not settings.CACHE_URL:
        return {"kind": "embedded"}
    redis = Redis.from_url(settings.CACHE_URL, socket_timeout=2, socket_connect_timeout=2, retry=ONCE)
    try:
        redis.ping()
    except RedisError as error:
        raise Broken("Redis с кэшем не отвечает. Всё работает, но страницы считаются каждый раз заново.") from error
    finally:
        redis.close()
    return {"kind": "redis"}


def _queue() -> Found:
    """Nobody waits long: neither a queued job nor one whose worker fell silent. Names the one that waits longest."""
    oldest = [(since, model.task_name, pk) for model in concrete_jobs() for since, pk in _waiting(model)]
    if not oldest:
        return {"waiting_seconds": 0}
    since, task, pk = min(oldest)
    waited = timezone.now() - since
    seconds = int(waited.total_seconds())
    if waited > JOB_MAY_WAIT:
        raise Broken("Задание ждёт слишком долго: исполнитель не работает.", task=task, job=pk, waiting_seconds=seconds)
    return {"waiting_seconds": seconds}


def _waiting(model: type[Job]) -> list[tuple[datetime.datetime, int]]:
    """Since when the oldest queued and the oldest abandoned job of a kind wait, with their ids."""
    now = timezone.now()
    due = model.rows().filter(state=JobState.QUEUED).exclude(sent_at__gt=now)  # a postponed one waits for a reason
    queued = due.order_by(F("sent_at").asc(nulls_first=True))
    silent = model.rows().filter(state=JobState.RUNNING, lease_until__lt=now).order_by("lease_until")
    return [(job.sent_at or job.created_at, job.pk) for job in queued[:1]] + [
        (job.lease_until, job.pk) for job in silent[:1] if job.lease_until
    ]


def _week() -> Found:
    """The last week that was due is published in time; an installation that never published owes nothing yet."""
    latest = Rating.objects.filter(state=RatingState.PUBLISHED).order_by("-week").values_list("week", flat=True).first()
    due = last_due(timezone.now() - WEEK_MAY_WAIT)
    if latest is None or not settings.AUTO_PUBLISH:
        return {"published": None if latest is None else latest}
    if latest < due.number:
        raise Broken(f"Неделя {due} не опубликована в срок.", published=latest, due=due.number)
    return {"published": latest}


def _disk() -> Found:
    if not settings.ON_SQLITE:
        return {}
    free = shutil.disk_usage(settings.DATA_DIR).free
    if free < LEAST_DISK:
        raise Broken("На диске с базой почти нет места.", free_bytes=free)
    return {"free_bytes": free}


CHECKS: dict[str, Callable[[], Found]] = {
    "database": _database,
    "migrations": _migrations,
    "broker": _broker,
    "cache": _cache,
    "queue": _queue,
    "week": _week,
    "disk": _disk,
}
