"""How often a password may be tried: for a person from an address, from an address at all, and for a person at all.

A try is counted before its password is looked at, so that forty at once are no more than forty one after another; a
right password takes its count back. Windows end when they said they would: trying on prolongs nothing. Nobody is locked
out by a stranger: a browser that has signed in before carries a signed cookie, and its tries are counted apart.
"""

import secrets
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from schools import counters
from schools.addresses import address_of
from schools.counters import Counted

DEVICE_COOKIE = "device"
DEVICE_LIFE = 365 * 24 * 3600
MOST_PEOPLE = 5  # whom one browser is remembered for
_SALT = "schools.tries.device"


@dataclass(frozen=True, slots=True)
class Limit:
    """So many tries in so many seconds."""

    name: str
    tries: int
    seconds: int


HERE = Limit("here", 5, 15 * 60)  # a person from one address, or from a browser of her own
ADDRESS = Limit("address", 50, 15 * 60)  # an address, whoever it tries: a whole school may stand behind it
PERSON = Limit("person", 50, 60 * 60)  # a person from all addresses together


@dataclass(frozen=True, slots=True)
class Knock:
    """One try: whether its password may be looked at, how many are left here, and else how long to wait in seconds."""

    admitted: bool
    left: int
    wait: int
    counted: tuple[Counted, ...]

    def opened(self) -> None:
        """The password was right: this person begins anew here, and the others take their count back."""
        here, *others = self.counted
        counters.forget(here)
        for each in others:
            counters.give_back(each)


def knock(request: HttpRequest, person: str) -> Knock:
    """Count a try for a person (an id, or what was typed where there is nobody) and tell whether it may go on."""
    counted: list[Counted] = []
    for limit, key in _doors(request, person):
        counted.append(counters.count(limit.name, *key, seconds=limit.seconds))
        if counted[-1].number > limit.tries:
            return Knock(False, 0, counted[-1].wait, tuple(counted))
    return Knock(True, HERE.tries - counted[0].number, counted[0].wait, tuple(counted))


def _doors(request: HttpRequest, person: str) -> list[tuple[Limit, tuple[str, ...]]]:
    """Which limits a try passes, the narrowest first: one that is refused there weighs on nobody else."""
    device = _device(request)
    if person in device.get("people", []):
        return [(HERE, ("device", device["id"], person))]
    address = address_of(request)
    return [(HERE, (address, person)), (ADDRESS, (address,)), (PERSON, (person,))]


def _device(request: HttpRequest) -> dict[str, Any]:
    """What the browser's cookie says: its id, and the people who have signed in with it."""
    try:
        found = signing.loads(request.COOKIES.get(DEVICE_COOKIE, ""), salt=_SALT, max_age=DEVICE_LIFE)
    except signing.BadSignature:
        return {}
    return dict(found) if isinstance(found, dict) else {}


def remember_device(request: HttpRequest, response: HttpResponse, person: str) -> None:
    """Let this browser be known as one a person has signed in with."""
    device = _device(request)
    people = [person, *(other for other in device.get("people", []) if other != person)][:MOST_PEOPLE]
    value = signing.dumps({"id": device.get("id") or secrets.token_hex(8), "people": people}, salt=_SALT)
    response.set_cookie(
        DEVICE_COOKIE, value, max_age=DEVICE_LIFE, samesite="Lax", httponly=True, secure=settings.SESSION_COOKIE_SECURE
    )
