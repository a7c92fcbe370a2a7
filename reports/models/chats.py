"""Chats a school should have and has by case: counted hourly, and frozen by week and place with the rating."""

from django.db import models

from chats.use_cases import USE_CASE_BY_NUMBER, use_case_choices
from reports.models.ratings import PlaceRowQuerySet, Rating
from schools.models import Municipality, Region, School
from schools.scope import Level, Paths, Scoped, ScopedQuerySet


class SchoolChats(Scoped):
    """A school at a case of use; no row where no chat of it is expected.

    Rewritten by reports.chat_coverage.counting; only rows that change are written.
    """

    sight = Paths(region="region_id", municipality="municipality_id", school="school_id")

    pk = models.CompositePrimaryKey("school", "use_case")
    school = models.ForeignKey(School, on_delete=models.CASCADE, db_index=False, related_name="chat_coverage")
    use_case = models.PositiveSmallIntegerField("кейс", choices=use_case_choices)
    region = models.ForeignKey(Region, on_delete=models.CASCADE, db_index=False, related_name="+")
    municipality = models.ForeignKey(
        Municipality, on_delete=models.CASCADE, db_index=False, null=True, related_name="+"
    )
    expected = models.PositiveSmallIntegerField("должно быть чатов")
    present = models.PositiveSmallIntegerField("есть чатов")

    objects = ScopedQuerySet["SchoolChats"].as_manager()

    class Meta:
        verbose_name = "чаты школы по кейсу"
        verbose_name_plural = "чаты школ по кейсам"
        indexes = [
            models.Index(fields=["region", "use_case"], name="chats_of_region"),
            models.Index(fields=["municipality", "use_case"], name="chats_of_municipality"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(present__lte=models.F("expected")), name="chats_no_more_than_expected"
            )
        ]

    def __str__(self) -> str:
        return f"{USE_CASE_BY_NUMBER[self.use_case].name}: {self.present} из {self.expected}"


class ChatCount(Scoped):
    """A count of chats: when, of which region (all where empty), how many rows changed."""

    sight = Paths(region="region_id")

    region = models.ForeignKey(Region, on_delete=models.CASCADE, null=True, related_name="+")
    counted_at = models.DateTimeField("посчитано", auto_now_add=True)
    schools = models.PositiveIntegerField("школ")
    changed = models.PositiveIntegerField("изменилось строк")
    seconds = models.FloatField("секунд")

    objects = ScopedQuerySet["ChatCount"].as_manager()

    class Meta:
        verbose_name = "подсчёт чатов"
        verbose_name_plural = "подсчёты чатов"
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.counted_at:%d.%m.%Y %H:%M}"


class CaseWeek(models.Model):
    """Chats of one case of use in one revision at a place above schools: the sum of its schools' that gave a list."""

    pk = models.CompositePrimaryKey("rating", "level", "place_id", "use_case")
    rating = models.ForeignKey(
        Rating, on_delete=models.CASCADE, db_constraint=False, db_index=False, related_name="case_weeks"
    )
    level = models.PositiveSmallIntegerField("уровень", choices=Level.choices)
    place_id = models.BigIntegerField("место", help_text="id региона или муниципалитета; 0 — страна.")
    region = models.ForeignKey(
        Region, on_delete=models.PROTECT, null=True, db_constraint=False, db_index=False, related_name="+"
    )
    municipality = models.ForeignKey(
        Municipality, on_delete=models.PROTECT, null=True, db_constraint=False, db_index=False, related_name="+"
    )
    use_case = models.PositiveSmallIntegerField("кейс", choices=use_case_choices)
    expected = models.PositiveIntegerField("нужно чатов")
    present = models.PositiveIntegerField("есть чатов")
    schools = models.PositiveIntegerField("школ, которым нужен")
    complete = models.PositiveIntegerField("школ, где все на месте")

    objects = PlaceRowQuerySet["CaseWeek"].as_manager()

    class Meta:
        verbose_name = "чаты кейса за неделю"
        verbose_name_plural = "чаты кейсов по неделям"

    def __str__(self) -> str:
        return f"{self.rating_id}, {self.level}, {self.place_id}, {self.use_case}"
