"""What the data checks found: one count a school and check; the rows behind it are asked for when somebody looks."""

from django.db import models

from schools.models import Municipality, Region, School
from schools.scope import Paths, Scoped, ScopedQuerySet


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
    """A run of the checks: when, how many findings."""

    sight = Paths(region="region_id")

    region = models.ForeignKey(Region, on_delete=models.CASCADE, null=True, related_name="+")
    checked_at = models.DateTimeField("проверено", auto_now_add=True)
    found = models.PositiveIntegerField("найдено")
    seconds = models.FloatField("секунд")

    objects = ScopedQuerySet["CheckRun"].as_manager()

    class Meta:
        verbose_name = "прогон проверок"
        verbose_name_plural = "прогоны проверок"
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.checked_at:%d.%m.%Y %H:%M}"
