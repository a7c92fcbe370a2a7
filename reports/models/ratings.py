"""The counted week: wide rows of counts per school, shares and ranks per place, and their frozen revisions."""

import datetime
from typing import Self, TypeVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from reports.indicators import INDICATOR_BY_NUMBER, Indicator, indicator_choices
from reports.weeks import IsoWeek
from schools.jobs import Job
from schools.models import Municipality, Region
from schools.scope import AnyUser, Level, Paths, Scoped, ScopedQuerySet, sight_of

SHARE = [MinValueValidator(0), MaxValueValidator(1)]


class UsageRule(Scoped):
    """What «использует» means for indicator 10 ; a rule is never edited, a new one succeeds it."""

    sight = Paths(region=(), seen_from=frozenset({Level.COUNTRY}))

    starts_week = models.PositiveIntegerField("действует с недели", help_text="202647 — это 2026-W47.")
    administrator_required = models.BooleanField("ступень 1: нужен назначенный администратор", default=True)
    filled_share = models.DecimalField(
        "ступень 2: доля педагогов с подтверждённым профилем",
        max_digits=4,
        decimal_places=3,
        default="0.800",
        validators=SHARE,
    )
    active_teachers = models.PositiveSmallIntegerField("ступень 3: активных педагогов за неделю, не меньше", default=1)
    active_share = models.DecimalField(
        "ступень 3: доля активных педагогов, не меньше",
        max_digits=4,
        decimal_places=3,
        default="0.000",
        validators=SHARE,
    )
    active_chats = models.PositiveSmallIntegerField("ступень 3: активных чатов за неделю, не меньше", default=1)
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

    objects = ScopedQuerySet["UsageRule"].as_manager()

    class Meta:
        verbose_name = "правило «использует»"
        verbose_name_plural = "правила «использует»"
        ordering = ["-starts_week", "-id"]

    def __str__(self) -> str:
        return f"с {IsoWeek.from_number(self.starts_week)}"

    @classmethod
    def for_week(cls, week: IsoWeek) -> "UsageRule":
        """Return the rule in force in a week; the first migration makes the one that began it all."""
        return cls._default_manager.filter(starts_week__lte=week.number).order_by("-starts_week", "-id")[0]


class RatingState(models.TextChoices):
    """The life of a revision."""

    PREVIEW = "preview", "идёт"  # the running week, revision 0: behind no door but the page of the preview
    DRAFT = "draft", "предварительно"
    PUBLISHED = "published", "опубликована"
    SUPERSEDED = "superseded", "заменена новой редакцией"


class RatingQuerySet(models.QuerySet["Rating"]):
    """Revisions of weeks; which weeks there are is no secret, their rows follow the rule of sight."""

    def visible_to(self, user: AnyUser) -> Self:
        """Published weeks for everyone with an appointment; drafts too, they are marked as such; no previews."""
        return self.exclude(state=RatingState.PREVIEW) if sight_of(user).level is not None else self.none()

    def editable_by(self, user: AnyUser) -> Self:
        """Only superusers and commands publish."""
        return self.all() if sight_of(user).everything else self.none()

    def current(self) -> Self:
        """For each week the revision that stands: the published one, or the draft of a week never published."""
        published = self.model._default_manager.filter(state=RatingState.PUBLISHED).values("week")
        return self.filter(Q(state=RatingState.PUBLISHED) | (Q(state=RatingState.DRAFT) & ~Q(week__in=published)))


class Rating(models.Model):
    """A counted week in one revision; once published its rows never change, a correction is the next revision."""

    week = models.PositiveIntegerField("неделя", help_text="202647 — это 2026-W47.")
    revision = models.PositiveSmallIntegerField("редакция")
    state = models.CharField("состояние", max_length=10, choices=RatingState.choices, default=RatingState.DRAFT)
    rule = models.ForeignKey(
        UsageRule, on_delete=models.PROTECT, related_name="ratings", verbose_name="правило «использует»"
    )
    feeds = models.JSONField(
        "чьи числа", default=dict, editable=False
    )  # number of the indicator → Feed, where not ours
    weights = models.JSONField("веса сводного балла", default=dict, editable=False)  # key of the indicator → weight
    reason = models.CharField("почему пересчитана", max_length=300, blank=True)
    sha256 = models.CharField("отпечаток", max_length=64, blank=True)
    counted_at = models.DateTimeField("подсчитана")
    counted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="кто подсчитал",
    )
    published_at = models.DateTimeField("опубликована", null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="кто опубликовал",
    )

    changes_at = models.DateTimeField("изменения найдены", null=True, blank=True, editable=False)

    objects = RatingQuerySet.as_manager()

    class Meta:
        verbose_name = "рейтинг недели"
        verbose_name_plural = "рейтинги недель"
        ordering = ["-week", "-revision"]
        constraints = [
            models.UniqueConstraint(fields=["week", "revision"], name="rating_revision_once"),
            models.UniqueConstraint(fields=["week"], condition=Q(state="published"), name="rating_published_once"),
            models.UniqueConstraint(fields=["week"], condition=Q(state="draft"), name="rating_draft_once"),
            models.CheckConstraint(
                condition=Q(revision=0, state="preview") | (Q(revision__gt=0) & ~Q(state="preview")),
                name="rating_preview_has_no_revision",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "preview"]) | (Q(published_at__isnull=False) & ~Q(sha256="")),
                name="rating_published_with_hash",
            ),
            models.CheckConstraint(condition=Q(revision__lte=1) | ~Q(reason=""), name="rating_revision_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.iso_week}, редакция {self.revision}"

    @property
    def iso_week(self) -> IsoWeek:
        """The week."""
        return IsoWeek.from_number(self.week)


M = TypeVar("M", bound=models.Model)


class PlaceRowQuerySet(models.QuerySet[M]):
    """Frozen rows of places: of ratings, and of chats by case.

    Places are seen at or below one's level and within one's place; the rows of regions and their sum, the country's,
    are published to all regions and those of municipalities to all municipalities of the region, as a rating is. A
    school's row is seen by it and by those above it. Pages and REST go by this alone.
    """

    def visible_to(self, user: AnyUser) -> Self:
        """Rows this person may see."""
        sight = sight_of(user)
        if sight.country:
            return self.all()
        rule = Q(pk__in=[]) if not sight.level else Q()
        parts = []
        if region_ids := sight.ids_at(Level.REGION):
            parts += [Q(level__lte=Level.REGION), Q(level__gt=Level.REGION, region__in=region_ids)]
        if municipality_ids := sight.ids_at(Level.MUNICIPALITY):
            regions = Municipality._default_manager.filter(pk__in=municipality_ids).values("region")
            parts.append(Q(level=Level.MUNICIPALITY, region__in=regions))
            parts.append(Q(level=Level.SCHOOL, municipality__in=municipality_ids))
        if school_ids := sight.ids_at(Level.SCHOOL):
            parts.append(Q(level=Level.SCHOOL, place_id__in=school_ids))
        if not parts:
            return self.none()
        for part in parts:
            rule |= part
        return self.filter(rule)


class RatingRow(models.Model):
    """One indicator of one place in one revision: part ÷ whole, place and movement; frozen with its revision."""

    pk = models.CompositePrimaryKey("rating", "indicator", "level", "place_id")
    rating = models.ForeignKey(
        Rating, on_delete=models.CASCADE, db_constraint=False, db_index=False, related_name="rows"
    )
    indicator = models.PositiveSmallIntegerField("показатель", choices=indicator_choices)
    level = models.PositiveSmallIntegerField("уровень", choices=Level.choices)
    place_id = models.BigIntegerField("место", help_text="id региона, муниципалитета или школы; 0 — страна.")
    region = models.ForeignKey(
        Region, on_delete=models.PROTECT, null=True, db_constraint=False, db_index=False, related_name="+"
    )
    municipality = models.ForeignKey(
        Municipality, on_delete=models.PROTECT, null=True, db_constraint=False, db_index=False, related_name="+"
    )
    part = models.PositiveIntegerField("числитель", null=True)
    whole = models.PositiveIntegerField("знаменатель", null=True)
    schools = models.PositiveIntegerField("школ в счёте", default=0)
    missing = models.PositiveIntegerField("школ без данных", default=0)
    rank = models.PositiveIntegerField("место", null=True)
    ranked = models.PositiveIntegerField("из скольких", null=True)
    local_rank = models.PositiveIntegerField("место в муниципалитете", null=True)
    local_ranked = models.PositiveIntegerField("из скольких в муниципалитете", null=True)
    part_before = models.PositiveIntegerField("числитель прошлой недели", null=True)
    whole_before = models.PositiveIntegerField("знаменатель прошлой недели", null=True)
    rank_before = models.PositiveIntegerField("место на прошлой неделе", null=True)
    local_rank_before = models.PositiveIntegerField("место в муниципалитете на прошлой неделе", null=True)

    objects = PlaceRowQuerySet["RatingRow"].as_manager()

    class Meta:
        verbose_name = "строка рейтинга"
        verbose_name_plural = "строки рейтинга"
        indexes = [models.Index(fields=["rating", "indicator", "level", "region", "rank"], name="rating_row_list")]

    def __str__(self) -> str:
        return f"{self.rating_id}, {self.indicator}, {self.level}, {self.place_id}"

    @property
    def passport(self) -> Indicator:
        """The indicator's passport."""
        return INDICATOR_BY_NUMBER[self.indicator]

    @property
    def share(self) -> float | None:
        """Σ part ÷ Σ whole; None where not measured or nothing to divide by."""
        return share_of(self.part, self.whole)

    @property
    def share_before(self) -> float | None:
        """The share of the week before, as it was published."""
        return share_of(self.part_before, self.whole_before)


class RatingPlace(Scoped):
    """What a place was called when a revision was counted: what is published does not change with a new signboard."""

    sight = Paths(seen_from=frozenset({Level.COUNTRY}))

    pk = models.CompositePrimaryKey("rating", "level", "place_id")
    rating = models.ForeignKey(
        Rating, on_delete=models.CASCADE, db_constraint=False, db_index=False, related_name="places"
    )
    level = models.PositiveSmallIntegerField("уровень", choices=Level.choices)
    place_id = models.BigIntegerField("место")
    code = models.CharField("код", max_length=16, blank=True)
    name = models.CharField("название", max_length=200)

    objects = ScopedQuerySet["RatingPlace"].as_manager()

    class Meta:
        verbose_name = "название места"
        verbose_name_plural = "названия мест"

    def __str__(self) -> str:
        return f"{self.rating_id}, {self.name}"


def share_of(part: int | None, whole: int | None) -> float | None:
    """Return part ÷ whole, or None where either is missing or the whole is zero."""
    return part / whole if part is not None and whole else None


EVERY_LEVEL = 0
TARGET_LEVELS = [(EVERY_LEVEL, "все уровни"), *Level.choices]


class Target(Scoped):
    """The share wished for, since a week; a region's own target stands before the country's.

    A target of one level stands before that of all of them. With a week it is due by, the way there is a straight
    line from what the place had in the first week.
    """

    sight = Paths(region="region_id", changed_from=frozenset({Level.REGION}))

    indicator = models.PositiveSmallIntegerField("показатель", choices=indicator_choices)
    region = models.ForeignKey(
        Region, on_delete=models.CASCADE, null=True, blank=True, related_name="targets", verbose_name="регион"
    )
    level = models.PositiveSmallIntegerField("уровень", choices=TARGET_LEVELS, default=EVERY_LEVEL)
    starts_week = models.PositiveIntegerField("действует с недели")
    due_week = models.PositiveIntegerField("к неделе", null=True, blank=True)
    value = models.DecimalField("цель, доля от 0 до 1", max_digits=4, decimal_places=3, validators=SHARE)

    objects = ScopedQuerySet["Target"].as_manager()

    class Meta:
        verbose_name = "цель"
        verbose_name_plural = "цели"
        ordering = ["indicator", "region", "-starts_week"]
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "region", "level", "starts_week"], name="target_once_in_region"
            ),
            models.UniqueConstraint(
                fields=["indicator", "level", "starts_week"],
                condition=Q(region=None),
                name="target_once_for_the_country",
            ),
            models.CheckConstraint(
                condition=Q(due_week=None) | Q(due_week__gt=F("starts_week")),
                name="target_due_after_it_starts",
                violation_error_message="Неделя, к которой нужна цель, должна быть позже первой.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_indicator_display()}: {self.value}"


class LateNotice(Scoped):
    """A week that was late and told of by e-mail: one a week, so that any number of beats tells once."""

    sight = Paths(seen_from=frozenset({Level.COUNTRY}))

    week = models.PositiveIntegerField("неделя", unique=True)
    text = models.CharField("что случилось", max_length=300)
    letters = models.PositiveIntegerField("писем ушло", default=0)
    failed = models.PositiveIntegerField("писем не ушло", default=0)
    told_at = models.DateTimeField("когда", auto_now_add=True)

    objects = ScopedQuerySet["LateNotice"].as_manager()

    class Meta:
        verbose_name = "письмо об опоздавшей неделе"
        verbose_name_plural = "письма об опоздавших неделях"
        ordering = ["-week"]

    def __str__(self) -> str:
        return str(IsoWeek.from_number(self.week))


class WeekRunQuerySet(models.QuerySet["WeekRun"]):
    """Runs of the count; anyone whose numbers depend on them may look."""

    def visible_to(self, user: AnyUser) -> Self:
        """All runs for everyone with an appointment: they hold no personal data."""
        return self.all() if sight_of(user).level is not None else self.none()

    def editable_by(self, user: AnyUser) -> Self:
        """Only superusers start a run by hand."""
        return self.all() if sight_of(user).everything else self.none()


class WeekRun(Job):
    """A request to count a week, and to publish it if so asked."""

    task_name = "reports.run_week"
    lease = datetime.timedelta(minutes=10)  # the count is one transaction: no heartbeat is seen until it ends

    week = models.PositiveIntegerField("неделя")
    reason = models.CharField("почему заново", max_length=300, blank=True)
    publish = models.BooleanField("опубликовать", default=False)
    rating = models.ForeignKey(
        Rating, on_delete=models.SET_NULL, null=True, blank=True, related_name="runs", verbose_name="рейтинг"
    )
    rows_counted = models.PositiveIntegerField("строк рейтинга", null=True, blank=True, editable=False)

    objects = WeekRunQuerySet.as_manager()

    class Meta:
        verbose_name = "подсчёт недели"
        verbose_name_plural = "подсчёты недель"
        ordering = ["-id"]

    def __str__(self) -> str:
        return str(IsoWeek.from_number(self.week))
