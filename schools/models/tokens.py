"""Bearer tokens of REST: what each may do, where, until when, from where, and when it was last used."""

import datetime
import ipaddress

from django.db import models
from django.db.models import Q
from django.utils import timezone
from knox.models import AbstractAuthToken, AuthTokenManager

from schools.models.at_place import OneOrNoPlace
from schools.scope import AnyUser, sight_of

NEW_PASSWORD = "сменили пароль"
SOON = datetime.timedelta(days=7)  # before its end a token is spoken of


class AccessTokenManager(AuthTokenManager):
    """Knox's manager: `create(user=…)` returns (row, the token's text, shown once)."""

    def visible_to(self, user: AnyUser) -> "models.QuerySet[AccessToken]":
        """One's own tokens; superusers see all."""
        return self.all() if sight_of(user).everything else self.filter(user=user.pk)

    def editable_by(self, user: AnyUser) -> "models.QuerySet[AccessToken]":
        """One's own tokens, to revoke them; superusers all."""
        return self.visible_to(user)

    def end_with_password(self) -> int:
        """End those that work, because their owner's password is a new one; return how many."""
        return self.filter(live()).update(expiry=timezone.now(), ended_because=NEW_PASSWORD)


class AccessToken(OneOrNoPlace, AbstractAuthToken):  # type: ignore[django-manager-missing]
    """A bearer token of the REST API: hashed, expiring, read-only unless a flag opens a kind of writing.

    A place limits it: it sees what one who answers for that place alone would, within its owner's sight; in ratings
    that is neighbours too. A place that is gone takes the token along: the token must not widen.
    """

    name = models.CharField("название", max_length=100, blank=True)
    purpose = models.CharField("для чего", max_length=200, blank=True, db_default="")
    loads_activity = models.BooleanField("принимает недельную активность", default=False)
    loads_staff = models.BooleanField("загружает списки сотрудников", default=False)
    appoints = models.BooleanField("назначает", default=False)
    marks_steps = models.BooleanField("отмечает этапы", default=False)
    reconciles = models.BooleanField("сверяет реестр школ", default=False)
    writes_orders = models.BooleanField("ведёт приказы", default=False)
    networks = models.JSONField("с каких адресов", default=list, blank=True, db_default=[])
    used_at = models.DateTimeField("использован", null=True, blank=True, editable=False)
    used_from = models.CharField("из какой сети", max_length=50, blank=True, editable=False, db_default="")
    ended_because = models.CharField("почему закончился", max_length=50, blank=True, editable=False, db_default="")
    reminded_at = models.DateTimeField("напомнили о сроке", null=True, blank=True, editable=False)

    objects = AccessTokenManager()

    class Meta(OneOrNoPlace.Meta):
        verbose_name = "токен доступа"
        verbose_name_plural = "токены доступа"

    def __str__(self) -> str:
        return f"{self.token_key}… ({self.name or 'без названия'})"

    @property
    def is_over(self) -> bool:
        """Whether its term has ended."""
        return self.expiry is not None and self.expiry <= timezone.now()

    @property
    def ends_soon(self) -> bool:
        """Whether its term ends within a week."""
        return self.expiry is not None and not self.is_over and self.expiry <= timezone.now() + SOON

    def takes(self, address: str) -> bool:
        """Whether it works from an address: from anywhere, unless networks are named."""
        if not self.networks:
            return True
        try:
            seen = ipaddress.ip_address(address)
        except ValueError:
            return False
        mapped = getattr(seen, "ipv4_mapped", None)
        return any((mapped or seen) in ipaddress.ip_network(network) for network in self.networks)


def live() -> Q:
    """The condition that a token's term has not ended."""
    return Q(expiry=None) | Q(expiry__gt=timezone.now())
