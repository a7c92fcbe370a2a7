"""What others counted: figures of schools and places by operators, those a region enters; what feeds the rating."""

from typing import ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from reports.indicators import INDICATOR_BY_NUMBER, indicator_choices
from reports.operator_figures import figure_choices
from reports.weeks import IsoWeek
from schools.models import Municipality, Region, School
from schools.platforms import platform_choices
from schools.scope import Level, Paths, Scoped, ScopedQuerySet
from schools.sealed import SealedBinaryField

LARGEST = 10_000_000  # of a school; with the week before it in one number, it still fits 64 bits (counting.counts)
LARGEST_OF_PLACE = 300_000_000  # of a municipality or a region
PLACE_LEVELS = [(level.value, level.label) for level in (Level.REGION, Level.MUNICIPALITY)]
TABLE_LEVELS = [*PLACE_LEVELS, (Level.SCHOOL.value, Level.SCHOOL.label)]


class FigurePeriod(models.IntegerChoices):
    """How long a table speaks of; a monthly one holds until the next, five weeks at most."""

    WEEK = 1, "неделя"
    MONTH = 2, "месяц"


class FigureSource(Scoped):
    """Where tables come from under one name, and how its columns were read the last time they were told by hand."""

    sight = Paths(region="region_id", changed_from=frozenset({Level.REGION}))

    region = models.ForeignKey(
        Region, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="регион"
    )
    platform = models.PositiveSmallIntegerField("площадка", choices=platform_choices)
    name = models.CharField("название", max_length=120)
    mapping = models.JSONField(
        "столбцы", default=dict, blank=True
    )  # heading, folded → key of a column, "" is passed by

    objects = ScopedQuerySet["FigureSource"].as_manager()

    class Meta:
        verbose_name = "источник таблиц"
        verbose_name_plural = "источники таблиц"
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["region", "platform", "name"], name="figure_source_once"),
            models.UniqueConstraint(
                fields=["platform", "name"], condition=Q(region=None), name="figure_source_of_the_country_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class FigureStage(models.TextChoices):
    """Where a table of figures is."""

    PLANNED = "planned", "ждёт подтверждения"
    APPLIED = "applied", "внесена"
    UNDONE = "undone", "отменена"
    DISCARDED = "discarded", "убрана"


class FigureLoad(Scoped):
    """One table of an operator's figures: for which week or month, of which platform, from where, and what it did."""

    sight = Paths(
        region="region_id",
        seen_from=frozenset({Level.COUNTRY, Level.REGION}),
        changed_from=frozenset({Level.REGION}),
    )

    week = models.PositiveIntegerField("неделя", help_text="Для месяца — неделя его последнего дня: 202648.")
    period = models.PositiveSmallIntegerField("за что", choices=FigurePeriod.choices, default=FigurePeriod.WEEK)
    platform = models.PositiveSmallIntegerField("площадка", choices=platform_choices)
    level = models.PositiveSmallIntegerField(
        "чьи строки", choices=TABLE_LEVELS, default=Level.SCHOOL, db_default=Level.SCHOOL
    )
    region = models.ForeignKey(
        Region, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="регион"
    )
    source = models.CharField("откуда", max_length=120)
    sha256 = models.CharField("отпечаток", max_length=64, blank=True)
    schools = models.PositiveIntegerField("школ", default=0, help_text="Или муниципалитетов, или регионов: чьи строки.")
    loaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="кто загрузил",
    )
    loaded_at = models.DateTimeField("загружено", auto_now_add=True)
    stage = models.CharField("ход", max_length=9, choices=FigureStage.choices, default=FigureStage.APPLIED)
    file_name = models.CharField("файл", max_length=200, blank=True)
    table = SealedBinaryField("таблица", null=True, editable=False)  # as it was read, while the plan waits
    mapping = models.JSONField("столбцы", default=dict, blank=True, editable=False)  # as told by hand
    summary = models.JSONField("итог", default=dict, blank=True, editable=False)
    before = SealedBinaryField("что заменено", null=True, editable=False)  # for the undo
    applied_at = models.DateTimeField("внесена", null=True, blank=True, editable=False)
    undone_at = models.DateTimeField("отменена", null=True, blank=True, editable=False)

    objects = ScopedQuerySet["FigureLoad"].as_manager()

    class Meta:
        verbose_name = "таблица оператора"
        verbose_name_plural = "таблицы оператора"
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{IsoWeek.from_number(self.week)}, {self.get_platform_display()}, {self.source}"

    def get_absolute_url(self) -> str:
        """The page of the table."""
        return reverse("figure_load", args=[self.pk])


class SchoolFigure(Scoped):
    """One figure of a school in a week or month, as the operator gave it; another table for the same replaces it.

    A month is kept under the week of its last day; a table for that very week stands beside it and replaces nothing.
    """

    sight = Paths(region="school__region_id", municipality="school__municipality_id", school="school_id")

    pk = models.CompositePrimaryKey("week", "platform", "school", "figure", "period")
    week = models.PositiveIntegerField("неделя")
    platform = models.PositiveSmallIntegerField("площадка", choices=platform_choices)
    school = models.ForeignKey(
        School, on_delete=models.CASCADE, db_index=False, related_name="operator_figures", verbose_name="школа"
    )
    figure = models.PositiveSmallIntegerField("что", choices=figure_choices)
    period = models.PositiveSmallIntegerField("за что", choices=FigurePeriod.choices, default=FigurePeriod.WEEK)
    value = models.PositiveIntegerField("сколько", validators=[MaxValueValidator(LARGEST)])
    load = models.ForeignKey(FigureLoad, on_delete=models.CASCADE, related_name="figures", verbose_name="таблица")

    objects = ScopedQuerySet["SchoolFigure"].as_manager()

    class Meta:
        verbose_name = "число оператора"
        verbose_name_plural = "числа оператора"
        constraints = [models.CheckConstraint(condition=Q(value__lte=LARGEST), name="school_figure_is_not_absurd")]

    def __str__(self) -> str:
        return f"{self.week}, {self.school_id}, {self.get_figure_display()}"


class PlaceFigure(Scoped):
    """One figure of a municipality or a region, as the operator gave it: a control total beside the sum over schools.

    It never enters a rating: there a place is the sum of its schools. Another table for the same replaces it.
    """

    sight = Paths(
        region=("region_id", "municipality__region_id"),
        municipality="municipality_id",
        seen_from=frozenset({Level.COUNTRY, Level.REGION, Level.MUNICIPALITY}),
    )

    week = models.PositiveIntegerField("неделя")
    period = models.PositiveSmallIntegerField("за что", choices=FigurePeriod.choices, default=FigurePeriod.WEEK)
    platform = models.PositiveSmallIntegerField("площадка", choices=platform_choices)
    level = models.PositiveSmallIntegerField("уровень", choices=PLACE_LEVELS)
    region = models.ForeignKey(
        Region,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="operator_totals",
        verbose_name="регион",
    )
    municipality = models.ForeignKey(
        Municipality,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        db_index=False,
        related_name="operator_totals",
        verbose_name="муниципалитет",
    )
    figure = models.PositiveSmallIntegerField("что", choices=figure_choices)
    value = models.PositiveIntegerField("сколько", validators=[MaxValueValidator(LARGEST_OF_PLACE)])
    load = models.ForeignKey(FigureLoad, on_delete=models.CASCADE, related_name="totals", verbose_name="таблица")

    objects = ScopedQuerySet["PlaceFigure"].as_manager()

    class Meta:
        verbose_name = "итог оператора по месту"
        verbose_name_plural = "итоги оператора по местам"
        ordering = ["-week", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["region", "platform", "week", "period", "figure"],
                condition=Q(level=Level.REGION),
                name="figure_of_region_once",
            ),
            models.UniqueConstraint(
                fields=["municipality", "platform", "week", "period", "figure"],
                condition=Q(level=Level.MUNICIPALITY),
                name="figure_of_municipality_once",
            ),
            models.CheckConstraint(
                condition=Q(level=Level.REGION, region__isnull=False, municipality=None)
                | Q(level=Level.MUNICIPALITY, municipality__isnull=False, region=None),
                name="place_figure_of_one_place",
            ),
            models.CheckConstraint(condition=Q(value__lte=LARGEST_OF_PLACE), name="place_figure_is_not_absurd"),
        ]

    def __str__(self) -> str:
        return f"{self.week}, {self.region or self.municipality}, {self.get_figure_display()}"


class RegionFigure(Scoped):
    """A figure that a region enters itself once a quarter: services in electronic form, systems joined."""

    sight = Paths(region="region_id", changed_from=frozenset({Level.REGION}))

    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="figures", verbose_name="регион")
    indicator = models.PositiveSmallIntegerField("показатель", choices=indicator_choices)
    year = models.PositiveSmallIntegerField("год", validators=[MinValueValidator(2020), MaxValueValidator(2099)])
    quarter = models.PositiveSmallIntegerField("квартал", choices=[(n, f"{n}-й квартал") for n in (1, 2, 3, 4)])
    part = models.PositiveIntegerField("числитель", validators=[MaxValueValidator(LARGEST)])
    whole = models.PositiveIntegerField("знаменатель", validators=[MaxValueValidator(LARGEST)])
    note = models.CharField("откуда число", max_length=300)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="кто"
    )
    entered_at = models.DateTimeField("внесено", auto_now=True)

    objects = ScopedQuerySet["RegionFigure"].as_manager()

    class Meta:
        verbose_name = "число региона"
        verbose_name_plural = "числа регионов"
        ordering = ["region", "indicator", "-year", "-quarter"]
        constraints = [
            models.UniqueConstraint(fields=["region", "indicator", "year", "quarter"], name="region_figure_once"),
            models.CheckConstraint(condition=Q(part__lte=F("whole")), name="region_figure_part_of_its_whole"),
            models.CheckConstraint(condition=Q(quarter__gte=1, quarter__lte=4), name="region_figure_of_a_quarter"),
        ]

    def __str__(self) -> str:
        return f"{INDICATOR_BY_NUMBER[self.indicator].short_name}, {self.quarter}-й квартал {self.year}"


class Feed(models.TextChoices):
    """Whose figures a rating is made of."""

    OURS = "ours", "портал"
    OPERATOR = "operator", "оператор"


class IndicatorFeed(Scoped):
    """Whose figures feed an indicator from a week on; never edited, a new choice succeeds it."""

    sight = Paths(region=(), seen_from=frozenset({Level.COUNTRY}))

    indicator = models.PositiveSmallIntegerField("показатель", choices=indicator_choices)
    starts_week = models.PositiveIntegerField("действует с недели", help_text="202647 — это 2026-W47.")
    feed = models.CharField("чьи числа", max_length=8, choices=Feed.choices)
    reason = models.CharField("почему так", max_length=300)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="кто"
    )
    created_at = models.DateTimeField("задано", auto_now_add=True)

    objects = ScopedQuerySet["IndicatorFeed"].as_manager()

    class Meta:
        verbose_name = "чьи числа в рейтинге"
        verbose_name_plural = "чьи числа в рейтинге"
        ordering = ["-starts_week", "-id"]

    def __str__(self) -> str:
        return f"{INDICATOR_BY_NUMBER[self.indicator].short_name}: {self.get_feed_display()}"

    @classmethod
    def for_week(cls, week: IsoWeek) -> dict[int, str]:
        """Whose figures each indicator takes in a week, by its number; those not named take the portal's."""
        rows = cls._default_manager.filter(starts_week__lte=week.number).order_by("starts_week", "id")
        return dict(rows.values_list("indicator", "feed"))


class CompositeRule(Scoped):
    """Weights of the composite score from a week on; never edited, new weights succeed them."""

    sight = Paths(region=(), seen_from=frozenset({Level.COUNTRY}))
    most: ClassVar = 20  # indicators in a score

    starts_week = models.PositiveIntegerField("действует с недели", help_text="202647 — это 2026-W47.")
    weights = models.JSONField("веса", help_text='Ключ показателя и его вес: {"staff_active": 30, "r210_10": 20}.')
    reason = models.CharField("почему так", max_length=300)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="кто"
    )
    created_at = models.DateTimeField("задано", auto_now_add=True)

    objects = ScopedQuerySet["CompositeRule"].as_manager()

    class Meta:
        verbose_name = "веса сводного балла"
        verbose_name_plural = "веса сводного балла"
        ordering = ["-starts_week", "-id"]

    def __str__(self) -> str:
        return f"с {IsoWeek.from_number(self.starts_week)}"

    @classmethod
    def for_week(cls, week: IsoWeek) -> dict[str, int]:
        """Weights by the key of the indicator; empty where no score has been agreed on."""
        rule = cls._default_manager.filter(starts_week__lte=week.number).order_by("-starts_week", "-id").first()
        return dict(rule.weights) if rule else {}
