"""Who stands behind a week's data: confirmed, returned with a comment, locked by the region, opened as an exception."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from reports.weeks import IsoWeek
from schools.models import Municipality, Region, School
from schools.scope import BELOW_COUNTRY, Level, Paths, Scoped, ScopedQuerySet


class Word(models.IntegerChoices):
    """What was said of a place's week."""

    CONFIRMED = 1, "подтверждено"
    RETURNED = 2, "возвращено"
    LOCKED = 3, "закрыто регионом"
    EXCEPTION = 4, "открыто как исключение"


class WeekConfirmation(Scoped):
    """One word about one place's week; never edited, the newest holds, all of them are the history.

    `sha256` is of the place's own data at that moment (reports.confirming): if they change, it shows.
    """

    sight = Paths(region="region_id", municipality="municipality_id", school="school_id", seen_from=BELOW_COUNTRY)

    week = models.PositiveIntegerField("неделя")
    level = models.PositiveSmallIntegerField("уровень", choices=Level.choices)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+", verbose_name="регион")
    municipality = models.ForeignKey(
        Municipality, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="муниципалитет"
    )
    school = models.ForeignKey(School, on_delete=models.CASCADE, null=True, related_name="+", verbose_name="школа")
    word = models.PositiveSmallIntegerField("что сказано", choices=Word.choices)
    comment = models.CharField("почему", max_length=300, blank=True)
    sha256 = models.CharField("отпечаток данных", max_length=64, blank=True)
    said_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name="кто"
    )
    said_at = models.DateTimeField("когда", auto_now_add=True)

    objects = ScopedQuerySet["WeekConfirmation"].as_manager()

    class Meta:
        verbose_name = "подтверждение недели"
        verbose_name_plural = "подтверждения недель"
        ordering = ["-id"]
        indexes = [models.Index(fields=["week", "level", "region"], name="confirmation_of_week")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(word__in=[2, 4]) | ~Q(comment=""), name="confirmation_taken_back_with_a_comment"
            ),
            models.CheckConstraint(condition=~Q(word__in=[3, 4]) | Q(level=2), name="confirmation_locked_by_a_region"),
        ]

    def __str__(self) -> str:
        return f"{IsoWeek.from_number(self.week)}: {self.get_word_display()}"

    @property
    def place_id(self) -> int | None:
        """The id of the place spoken of."""
        return {Level.SCHOOL: self.school_id, Level.MUNICIPALITY: self.municipality_id}.get(
            Level(self.level), self.region_id
        )
