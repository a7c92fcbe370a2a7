"""Counting in the database: one atomic statement a time, the same for all processes, windows that no try prolongs."""

import time
from dataclasses import dataclass

from django.db import connection
from django.db.models import F
from django.utils.crypto import salted_hmac

from schools.models import Counter

_COUNT = """
    INSERT INTO schools_counter (key, number, ends_at) VALUES (%(key)s, 1, %(ends_at)s)
    ON CONFLICT (key) DO UPDATE SET
      number = CASE WHEN schools_counter.ends_at <= %(now)s THEN 1 ELSE schools_counter.number + 1 END,
      ends_at = CASE WHEN schools_counter.ends_at <= %(now)s THEN excluded.ends_at ELSE schools_counter.ends_at END
    RETURNING number, ends_at
"""


@dataclass(frozen=True, slots=True)
class Counted:
    """The number this time got, first 1, and the second of the epoch in which its window ends."""

    key: str
    number: int
    ends_at: int

    @property
    def wait(self) -> int:
        """Seconds until the window ends."""
        return max(1, self.ends_at - int(time.time()))


def count(*what: str, seconds: int) -> Counted:
    """Count one more of `what` in a window of so many seconds that begins with the first.

    Two at the same moment never get the same number: the row is locked by the statement that changes it.
    """
    key = salted_hmac("schools.counters", "\0".join(what), algorithm="sha256").hexdigest()
    now = int(time.time())
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, {"key": key, "now": now, "ends_at": now + seconds})
        number, ends_at = cursor.fetchone()
    return Counted(key, number, ends_at)


def give_back(counted: Counted) -> None:
    """Take one time back, if its window has not ended."""
    same = Counter.objects.filter(key=counted.key, ends_at=counted.ends_at, number__gt=0)
    same.update(number=F("number") - 1)


def forget(counted: Counted) -> None:
    """Begin anew."""
    Counter.objects.filter(key=counted.key).delete()


def forget_ended() -> int:
    """Delete the counters whose window is over; return how many."""
    return Counter.objects.filter(ends_at__lt=int(time.time())).delete()[0]
