"""Values held for a human: which, why, and what was decided about them."""

from dataclasses import replace
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from reports.holds import HOLD_KIND_BY_NUMBER, HoldKind, hold_kind_choices
from reports.indicators import INDICATOR_BY_NUMBER, Indicator, indicator_choices
from reports.models.ratings import Rating
from reports.weeks import IsoWeek
from schools.models import Municipality, Region, School
from schools.scope import BELOW_COUNTRY, Level, Paths, Scoped, ScopedQuerySet

_SIGHT = Paths(region="region_id", municipality="municipality_id", school="school_id", seen_from=BELOW_COUNTRY)
ABOVE_SCHOOLS = frozenset({Level.REGION, Level.MUNICIPALITY})  # nobody decides about their own figure


class HoldRule(Scoped):
    """Whether suspicious values are held, since a week; a rule is never edited, a new one succeeds it."""

    sight = Paths(region=(), seen_from=frozenset({Level.COUNTRY}))

    starts_week = models.PositiveIntegerField("действует с недели", help_text="202647 — это 2026-W47.")
    is_on = models.BooleanField("задерживать подозрительные значения", default=True)
    reason = models.CharField("почему так", max_length=300)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="кто задал",
    )
    created_at = models.DateTimeField("задано", auto_now_add=True)

    objects = ScopedQuerySet["HoldRule"].as_manager()

    class Meta:
        verbose_name = "правило проверки значений"
        verbose_name_plural = "правила проверки значений"
        ordering = ["-starts_week", "-id"]

    def __str__(self) -> str:
        return f"с {IsoWeek.from_number(self.starts_week)}: {'включено' if self.is_on else 'выключено'}"

    @classmethod
    def is_on_in(cls, week: IsoWeek) -> bool:
        """Whether values of a week are held; without any rule none is."""
        rules = cls._default_manager.filter(starts_week__lte=week.number).order_by("-starts_week", "-id")
        return bool(rules.values_list("is_on", flat=True).first())


class Verdict(models.IntegerChoices):
    """What is decided about a held value."""

    WAITING = 1, "ждёт решения"
    RIGHT = 2, "верно"
    WRONG = 3, "неверно"


class HoldDecision(Scoped):
    """A decision about one value of one school's week; never edited: a newer one about the same value succeeds it.

    It is about that very value: if part or whole changes, the human is asked again.
    """

    sight = _SIGHT

    week = models.PositiveIntegerField("неделя")
    school = models.ForeignKey(School, on_delete=models.CASCADE, related_name="+", verbose_name="школа")
    municipality = models.ForeignKey(
        Municipality, on_delete=models.PROTECT, null=True, db_constraint=False, related_name="+"
    )
    region = models.ForeignKey(Region, on_delete=models.PROTECT, db_constraint=False, related_name="+")
    indicator = models.PositiveSmallIntegerField("показатель", choices=indicator_choices)
    part = models.PositiveIntegerField("числитель")
    whole = models.PositiveIntegerField("знаменатель")
    verdict = models.PositiveSmallIntegerField("решение", choices=Verdict.choices)
    comment = models.CharField("почему", max_length=300)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name="кто решил",
    )
    decided_at = models.DateTimeField("когда", auto_now_add=True)

    objects = ScopedQuerySet["HoldDecision"].as_manager()

    class Meta:
        verbose_name = "решение о значении"
        verbose_name_plural = "решения о значениях"
        ordering = ["-id"]
        indexes = [models.Index(fields=["week", "school", "indicator"], name="hold_decision_of_value")]
        constraints = [
            models.CheckConstraint(condition=~Q(comment=""), name="hold_decision_has_a_comment"),
            models.CheckConstraint(condition=Q(verdict__in=[2, 3]), name="hold_decision_decides"),
        ]

    def __str__(self) -> str:
        return f"{IsoWeek.from_number(self.week)}: {self.get_verdict_display()}"


class HoldQuerySet(ScopedQuerySet["Hold"]):
    """Held values; the school sees its own, those above it decide."""

    def waiting(self) -> Self:
        """Those nobody has decided about before their revision was counted."""
        return self.filter(state=Verdict.WAITING)


class Hold(Scoped):
    """A suspicion about one school's value in one revision; RIGHT is let into the rating, everything else is kept out.

    Frozen with its revision: what was decided later is in HoldDecision and enters with the next count.
    """

    sight = replace(_SIGHT, changed_from=ABOVE_SCHOOLS)

    rating = models.ForeignKey(Rating, on_delete=models.CASCADE, related_name="holds", verbose_name="рейтинг")
    indicator = models.PositiveSmallIntegerField("показатель", choices=indicator_choices)
    kind = models.PositiveSmallIntegerField("почему", choices=hold_kind_choices)
    school = models.ForeignKey(School, on_delete=models.CASCADE, related_name="holds", verbose_name="школа")
    municipality = models.ForeignKey(
        Municipality, on_delete=models.PROTECT, null=True, db_constraint=False, related_name="+"
    )
    region = models.ForeignKey(Region, on_delete=models.PROTECT, db_constraint=False, related_name="+")
    part = models.PositiveIntegerField("числитель")
    whole = models.PositiveIntegerField("знаменатель")
    part_before = models.PositiveIntegerField("числитель прошлой недели", null=True)
    state = models.PositiveSmallIntegerField("состояние", choices=Verdict.choices, default=Verdict.WAITING)

    objects = HoldQuerySet.as_manager()

    class Meta:
        verbose_name = "значение на проверке"
        verbose_name_plural = "значения на проверке"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["rating", "indicator", "school", "kind"], name="hold_once_by_kind")
        ]

    def __str__(self) -> str:
        return f"{self.rating_id}, {self.school_id}: {self.get_kind_display()}"

    @property
    def passport(self) -> Indicator:
        """The indicator's passport."""
        return INDICATOR_BY_NUMBER[self.indicator]

    @property
    def about(self) -> HoldKind:
        """Why it is held and what to do."""
        return HOLD_KIND_BY_NUMBER[self.kind]
