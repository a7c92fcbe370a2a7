"""The feed of changes: what happened to schools and ratings, each with a natural key, for those who keep a copy."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from schools.scope import AnyUser, Paths, Scoped, ScopedQuerySet, sight_of


class ChangeQuerySet(ScopedQuerySet["Change"]):
    """Changes."""

    def visible_to(self, user: AnyUser) -> Self:
        """Of one's places; which weeks are published is no secret to anyone with an appointment."""
        of_places = super().visible_to(user).exclude(kind=Change.Kind.RATINGS)
        return of_places | self.filter(kind=Change.Kind.RATINGS) if sight_of(user).level is not None else self.none()


class Change(Scoped):
    """Something changed or is gone. `number`, the feed's cursor, is given once the change is seen to be committed.

    No foreign keys: it outlives what it tells of.
    """

    sight = Paths(region="region_id", municipality="municipality_id", school="school_id")

    class Kind(models.TextChoices):
        """Resources of REST."""

        SCHOOLS = "schools", "школа"
        RATINGS = "ratings", "рейтинг недели"

    class Event(models.TextChoices):
        """What happened."""

        CHANGED = "changed", "заведена или изменена"
        GONE = "gone", "больше нет: удалена, ушла в другое место или сменила код"
        PUBLISHED = "published", "опубликована"
        SUPERSEDED = "superseded", "заменена новой редакцией"

    number = models.PositiveBigIntegerField("номер в ленте", null=True, unique=True)
    kind = models.CharField("что", max_length=10, choices=Kind.choices)
    event = models.CharField("что произошло", max_length=10, choices=Event.choices)
    key = models.CharField("код школы или неделя", max_length=16)
    region_id = models.BigIntegerField("регион", null=True)
    municipality_id = models.BigIntegerField("муниципалитет", null=True)
    school_id = models.BigIntegerField("школа", null=True)
    facts = models.JSONField("подробности", default=dict)
    happened_at = models.DateTimeField("когда", db_default=Now())

    objects = ChangeQuerySet.as_manager()

    class Meta:
        verbose_name = "изменение"
        verbose_name_plural = "лента изменений"
        ordering = ["number"]
        indexes = [models.Index(fields=["id"], condition=Q(number=None), name="change_not_numbered")]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}: {self.event}"
