"""What the data checks found: one count a school and check; the rows behind it are asked for when somebody looks."""

import datetime

from django.conf import settings
from django.db import models
from django.utils import timezone

from schools.jobs import Job
from schools.models import Municipality, Region, School
from schools.scope import Level, Paths, Scoped, ScopedQuerySet


class CheckCount(Scoped):
    """How many rows of a school a check found wrong, of how many it looked at; no row where nothing is wrong."""

    sight = Paths(region="region_id", municipality="municipality_id", school="school_id")

    pk = models.CompositePrimaryKey("check_number", "school")
    check_number = models.PositiveSmallIntegerField("проверка")  # reports.checks; never reused
    school = models.ForeignKey(School, on_delete=models.CASCADE, related_name="check_counts")
    region = models.ForeignKey(Region, on_delete=models.CASCADE, db_index=False, related_name="+")
    municipality = models.ForeignKey(
        Municipality, on_delete=models.CASCADE, db_index=False, null=True, related_name="+"
    )
    found = models.PositiveIntegerField("найдено")
    looked_at = models.PositiveIntegerField("проверено")
    since_on = models.DateField("находится с")

    objects = ScopedQuerySet["CheckCount"].as_manager()

    class Meta:
        verbose_name = "итог проверки"
        verbose_name_plural = "итоги проверок"
        indexes = [
            models.Index(fields=["region", "check_number"], name="check_of_region"),
            models.Index(fields=["municipality", "check_number"], name="check_of_municipality"),
        ]

    def __str__(self) -> str:
        return f"{self.check_number}: {self.found}"


class CheckRun(Scoped):
    """A run of the checks over a place, the country where none is named: when it began, how many findings there were.

    The nightly run of the country leaves a row for every region as well, so that each sees its own movement.
    """

    sight = Paths(
        region=("region_id", "municipality__region_id", "school__region_id"),
        municipality=("municipality_id", "school__municipality_id"),
        school="school_id",
    )

    region = models.ForeignKey(
        Region, on_delete=models.CASCADE, null=True, blank=True, related_name="+", verbose_name="регион"
    )
    municipality = models.ForeignKey(
        Municipality, on_delete=models.CASCADE, null=True, blank=True, related_name="+", verbose_name="муниципалитет"
    )
    school = models.ForeignKey(
        School, on_delete=models.CASCADE, null=True, blank=True, related_name="+", verbose_name="школа"
    )
    checked_at = models.DateTimeField("проверено", default=timezone.now)
    found = models.PositiveIntegerField("найдено")
    seconds = models.FloatField("секунд")
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="кто начал",
    )

    objects = ScopedQuerySet["CheckRun"].as_manager()

    class Meta:
        verbose_name = "прогон проверок"
        verbose_name_plural = "прогоны проверок"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(region=None, municipality=None)
                | models.Q(municipality=None, school=None)
                | models.Q(region=None, school=None),
                name="check_run_names_one_place_at_most",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.checked_at:%d.%m.%Y %H:%M}"


class CheckRequest(Job, Scoped):
    """A person's wish to have a region checked now: too long for a page where it has hundreds of schools."""

    task_name = "reports.run_checks_of"
    lease = datetime.timedelta(minutes=10)  # the run is one transaction: no heartbeat is seen until it ends
    sight = Paths(region="region_id", seen_from=frozenset({Level.REGION}), changed_from=frozenset({Level.REGION}))

    region = models.ForeignKey(Region, on_delete=models.CASCADE, related_name="+", verbose_name="регион")
    run = models.ForeignKey(
        CheckRun, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="прогон"
    )

    objects = ScopedQuerySet["CheckRequest"].as_manager()

    class Meta:
        verbose_name = "просьба проверить регион"
        verbose_name_plural = "просьбы проверить регион"
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.region}, {self.created_at:%d.%m.%Y %H:%M}"
