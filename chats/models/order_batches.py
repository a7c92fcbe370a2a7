"""Orders prepared for many schools at once: a job that leaves a draft in each, one archive and one register."""

from django.db import models
from django.db.models import Q
from django.urls import reverse

from chats.models.orders import OrderTemplate
from schools.jobs import Job
from schools.models import Municipality, Region, StoredFile
from schools.scope import Level, Paths, Scoped, ScopedQuerySet

COORDINATORS = frozenset({Level.REGION, Level.MUNICIPALITY})


class OrderBatch(Job, Scoped):
    """A coordinator's wish: this text, these values, these schools; a second try goes on where the first stopped."""

    task_name = "chats.prepare_orders"
    sight = Paths(
        region=("region_id", "municipality__region_id"),
        municipality="municipality_id",
        seen_from=COORDINATORS,
        changed_from=COORDINATORS,
    )

    region = models.ForeignKey(
        Region, on_delete=models.CASCADE, null=True, blank=True, related_name="+", verbose_name="от региона"
    )
    municipality = models.ForeignKey(
        Municipality,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="от муниципалитета",
    )
    template = models.ForeignKey(OrderTemplate, on_delete=models.PROTECT, related_name="+", verbose_name="шаблон")
    values = models.JSONField("общие значения", default=dict)
    school_ids = models.JSONField("школы", default=list)
    archive = models.ForeignKey(
        StoredFile, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="архив"
    )

    objects = ScopedQuerySet["OrderBatch"].as_manager()

    class Meta:
        verbose_name = "приказы многим школам"
        verbose_name_plural = "приказы многим школам"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(region__isnull=False, municipality=None) | Q(region=None, municipality__isnull=False),
                name="order_batch_is_of_one_place",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.template.name}: {len(self.school_ids)}"

    def get_absolute_url(self) -> str:
        """The page of the job and of what it made."""
        return reverse("order_batch", args=[self.pk])

    @property
    def place(self) -> Region | Municipality:
        """Whose schools they are."""
        found = self.region or self.municipality
        assert found is not None  # the constraint above
        return found
