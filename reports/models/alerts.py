"""Changes of figures: where a share has really shifted by a published week, since when and by how much."""

from django.db import models
from django.db.models import Case, F, OuterRef, Q, Subquery, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce

from reports.indicators import INDICATOR_BY_NUMBER, Indicator, indicator_choices
from reports.models.ratings import PlaceRowQuerySet, Rating, RatingPlace
from reports.weeks import IsoWeek
from schools.models import Municipality, Region, School
from schools.scope import Level, Sight


class Direction(models.IntegerChoices):
    """Which way a figure has gone, by the indicator's own direction."""

    BETTER = 1, "стало лучше"
    WORSE = 2, "стало хуже"


class ChangeAlertQuerySet(PlaceRowQuerySet["ChangeAlert"]):
    """Changes, seen as the rows of the rating are."""

    def at_home(self, sight: Sight) -> "ChangeAlertQuerySet":
        """Those of the reader's own places and of what is below them: of neighbours a rating shows the numbers."""
        if sight.country:
            return self
        return self.filter(
            Q(region__in=sight.ids_at(Level.REGION))
            | Q(municipality__in=sight.ids_at(Level.MUNICIPALITY))
            | Q(level=Level.SCHOOL, place_id__in=sight.ids_at(Level.SCHOOL))
        )

    def named(self) -> "ChangeAlertQuerySet":
        """With what the place, and those it is in, were called when the week was counted.

        Annotates `place_code`, `place_name`, `region_code`, `region_name`, `municipality_name`; one query all the same.
        """
        return self.annotate(
            place_code=_called("code", OuterRef("level"), "place_id", _todays("region__code", None, "code")),
            place_name=_called(
                "name", OuterRef("level"), "place_id", _todays("region__short_name", "municipality__name", "short_name")
            ),
            region_code=_called("code", Level.REGION, "region", F("region__code")),
            region_name=_called("name", Level.REGION, "region", F("region__short_name")),
            municipality_name=_called("name", Level.MUNICIPALITY, "municipality", F("municipality__name")),
        )


def _called(fact: str, level: OuterRef | Level, place: str, today: Combinable) -> Coalesce:
    """A name or code kept with the revision; today's where none was kept, as `reports.called` says."""
    kept = RatingPlace._default_manager.filter(rating=OuterRef("rating"), level=level, place_id=OuterRef(place))
    return Coalesce(Subquery(kept.values(fact)[:1]), today)


def _todays(of_region: str, of_municipality: str | None, of_school: str) -> Case:
    """What a place of whichever level is called today."""
    school = School._default_manager.filter(pk=OuterRef("place_id"))
    cases = [When(level=Level.REGION, then=F(of_region))]
    if of_municipality:
        cases.append(When(level=Level.MUNICIPALITY, then=F(of_municipality)))
    return Case(*cases, When(level=Level.SCHOOL, then=Subquery(school.values(of_school)[:1])))


class ChangeAlert(models.Model):
    """A figure of a place that is not by chance what it used to be, found once its week is out; no part of its hash.

    One a place and indicator, so never better and worse at once. Written by reports.change_alerts alone.
    """

    rating = models.ForeignKey(Rating, on_delete=models.CASCADE, related_name="alerts", verbose_name="рейтинг")
    indicator = models.PositiveSmallIntegerField("показатель", choices=indicator_choices)
    level = models.PositiveSmallIntegerField("уровень", choices=Level.choices)
    place_id = models.BigIntegerField("место", help_text="id региона, муниципалитета или школы; 0 — страна.")
    region = models.ForeignKey(
        Region, on_delete=models.PROTECT, null=True, db_constraint=False, related_name="+", verbose_name="регион"
    )
    municipality = models.ForeignKey(
        Municipality,
        on_delete=models.PROTECT,
        null=True,
        db_constraint=False,
        related_name="+",
        verbose_name="муниципалитет",
    )
    direction = models.PositiveSmallIntegerField("куда", choices=Direction.choices)
    since_week = models.PositiveIntegerField("с недели", help_text="202647 — это 2026-W47.")
    before_week = models.PositiveIntegerField("неделя до изменения")
    expected = models.PositiveIntegerField("ожидали, миллионных")
    part_before = models.PositiveIntegerField("числитель до изменения")
    whole_before = models.PositiveIntegerField("знаменатель до изменения")
    part = models.PositiveIntegerField("числитель")
    whole = models.PositiveIntegerField("знаменатель")
    size = models.PositiveIntegerField("накоплено, сотых σ")

    objects = ChangeAlertQuerySet.as_manager()

    class Meta:
        verbose_name = "изменение показателя"
        verbose_name_plural = "изменения показателей"
        ordering = ["-rating", "-size", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["rating", "indicator", "level", "place_id"], name="change_once_by_place_and_indicator"
            ),
            models.CheckConstraint(condition=Q(direction__in=[1, 2]), name="change_is_better_or_worse"),
            models.CheckConstraint(condition=Q(before_week__lt=models.F("since_week")), name="change_begins_after"),
        ]

    def __str__(self) -> str:
        return f"{self.passport.short_name}: {self.get_direction_display()} с {self.iso_since}"

    @property
    def iso_since(self) -> IsoWeek:
        """The week the change began in."""
        return IsoWeek.from_number(self.since_week)

    @property
    def iso_before(self) -> IsoWeek:
        """The last measured working week before it."""
        return IsoWeek.from_number(self.before_week)

    @property
    def passport(self) -> Indicator:
        """The indicator's passport."""
        return INDICATOR_BY_NUMBER[self.indicator]
