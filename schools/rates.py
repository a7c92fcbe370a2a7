"""How many requests REST takes: counted atomically, by token, told in every answer (draft-ietf-httpapi-ratelimit)."""

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.cache import caches
from django.http import HttpRequest, HttpResponse
from rest_framework.request import Request
from rest_framework.throttling import UserRateThrottle

from schools import counters
from schools.caches import CacheAway
from schools.models import AccessToken

if TYPE_CHECKING:
    from rest_framework.views import APIView


@dataclass(frozen=True, slots=True)
class Rate:
    """So many requests in a window of so many seconds; how many are left, and when the next window begins."""

    limit: int
    seconds: int
    left: int
    wait: int

    def tell(self, response: HttpResponse) -> None:
        """Write the two headers of the draft."""
        response["RateLimit-Policy"] = f'"requests";q={self.limit};w={self.seconds}'
        response["RateLimit"] = f'"requests";r={self.left};t={self.wait}'


def told_rate(request: HttpRequest) -> Rate | None:
    """What was counted for a request, if it was."""
    return request.__dict__.get("_rate")


class AtomicUserThrottle(UserRateThrottle):
    """So many requests a token (a session: a person; a visitor: an address) in a window; unlike DRF's, atomic (W10).

    The count is kept in a cache of its own that evicts nothing (settings: CACHES["counts"]). While that is away it is
    kept in the database: memory would multiply the limit by the number of processes.
    """

    rate: str | None
    duration: int
    num_requests: int

    def get_cache_key(self, request: Request, view: "APIView") -> str:
        """Whom a request is counted for; tokens of one person are counted apart, and of those she has few."""
        if isinstance(request.auth, AccessToken):
            return f"throttle_token_{request.auth.pk}"
        return str(super().get_cache_key(request, view))

    def allow_request(self, request: Request, view: "APIView") -> bool:
        """Count the request and tell whether it may go on."""
        if self.rate is None:
            return True
        now = time.time()
        number = self._count(f"{self.get_cache_key(request, view)}:{int(now) // self.duration}")
        left = max(0, self.num_requests - number)
        wait = self.duration - int(now) % self.duration
        request._request.__dict__["_rate"] = Rate(self.num_requests, self.duration, left, wait)
        return number <= self.num_requests

    def _count(self, key: str) -> int:
        """Count one more request under a key and return its number."""
        counts: Any = caches["counts"]
        counts.add(key, 0, timeout=self.duration * 2)
        try:
            return int(counts.incr(key))
        except (CacheAway, ValueError):  # out of reach, or lost between the two calls
            return counters.count("rest", key, seconds=self.duration).number

    def wait(self) -> float:
        """Seconds until the next window."""
        return self.duration - time.time() % self.duration
