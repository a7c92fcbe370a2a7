"""A Redis cache that may go away: nothing is found in it then and nothing is kept, and only counting says so."""

import logging
import time
from collections.abc import Callable
from typing import Any, ClassVar, TypeVar

from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

logger = logging.getLogger(__name__)
T = TypeVar("T")

REST = 15.0  # seconds a server that did not answer is left alone: a page waits for it once, not at every look
PATIENCE = 0.5  # seconds for a connection and for an answer


class CacheAway(Exception):
    """The count cannot be had: the server does not answer."""


class CalmClient(RedisCacheClient):
    """Django's client; a server that does not answer is an empty one."""

    away_until: ClassVar[dict[str, float]] = {}  # by server, for this process

    def __init__(self, servers: Any, **options: Any) -> None:
        patience = {"socket_timeout": PATIENCE, "socket_connect_timeout": PATIENCE, "retry": Retry(NoBackoff(), 0)}
        super().__init__(servers, **{**patience, **options})
        self._first = str(servers[0])

    def _asked(self, ask: Callable[[], T], otherwise: T) -> T:
        try:
            return self._answer(ask)
        except CacheAway:
            return otherwise

    def _answer(self, ask: Callable[[], T]) -> T:
        """Return the server's answer; raises CacheAway at once while it rests."""
        if time.monotonic() < self.away_until.get(self._first, 0.0):
            raise CacheAway
        try:
            return ask()
        except (RedisError, OSError) as error:
            self.away_until[self._first] = time.monotonic() + REST
            logger.warning("A cache does not answer (%s); going on without it.", type(error).__name__)
            raise CacheAway from error

    def add(self, key: Any, value: Any, timeout: Any) -> bool:
        """Nothing was added, if nobody answers."""
        return self._asked(lambda: super(CalmClient, self).add(key, value, timeout), False)

    def get(self, key: Any, default: Any) -> Any:
        """The default, if nobody answers."""
        return self._asked(lambda: super(CalmClient, self).get(key, default), default)

    def set(self, key: Any, value: Any, timeout: Any) -> None:
        """Keep it, if somebody answers."""
        self._asked(lambda: super(CalmClient, self).set(key, value, timeout), None)

    def touch(self, key: Any, timeout: Any) -> bool:
        """Nothing was touched, if nobody answers."""
        return self._asked(lambda: super(CalmClient, self).touch(key, timeout), False)

    def delete(self, key: Any) -> bool:
        """Nothing was deleted, if nobody answers."""
        return self._asked(lambda: super(CalmClient, self).delete(key), False)

    def get_many(self, keys: Any) -> dict[Any, Any]:
        """Nothing, if nobody answers."""
        return self._asked(lambda: super(CalmClient, self).get_many(keys), {})

    def has_key(self, key: Any) -> bool:
        """No, if nobody answers."""
        return self._asked(lambda: super(CalmClient, self).has_key(key), False)

    def incr(self, key: Any, delta: int) -> int:
        """The new number. Raises CacheAway: a count that is made up counts nothing."""
        return self._answer(lambda: int(super(CalmClient, self).incr(key, delta)))

    def set_many(self, data: Any, timeout: Any) -> None:
        """Keep them, if somebody answers."""
        self._asked(lambda: super(CalmClient, self).set_many(data, timeout), None)

    def delete_many(self, keys: Any) -> None:
        """Delete them, if somebody answers."""
        self._asked(lambda: super(CalmClient, self).delete_many(keys), None)

    def clear(self) -> bool:
        """Nothing was cleared, if nobody answers."""
        return self._asked(lambda: super(CalmClient, self).clear(), False)


class CalmRedisCache(RedisCache):
    """The backend for CACHES."""

    def __init__(self, server: Any, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = CalmClient
