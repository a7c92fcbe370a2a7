"""What staff and chats did in a week: sparse rows led by the week, and the record of who delivered them."""

from django.conf import settings
from django.db import models

from chats.models import Chat
from reports.weeks import IsoWeek
from schools.models import Region, School
from schools.platforms import PLATFORMS, platform_choices
from schools.scope import BELOW_COUNTRY, Level, Paths, Scoped, ScopedQuerySet
from staff.models import StaffMember


class ActivityLoad(Scoped):
    """One delivery of activity: for which week and platform, from where, how many rows."""

    sight = Paths(
        region="region_id",
        municipality="school__municipality_id",
        school="school_id",
        changed_from=frozenset({Level.REGION}),
    )

    week = models.PositiveIntegerField("неделя", help_text="202647 — это 2026-W47.")
    platform = models.PositiveSmallIntegerField("площадка", choices=platform_choices)
    region = models.ForeignKey(
        Region, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="регион"
    )
    school = models.ForeignKey(
        School, on_delete=models.CASCADE, null=True, blank=True, related_name="+", verbose_name="школа"
    )
    source = models.CharField("откуда", max_length=120)
    sha256 = models.CharField("отпечаток", max_length=64, blank=True)
    rows = models.PositiveIntegerField("строк", default=0)
    schools_covered = models.PositiveIntegerField("школ охвачено", default=0)
    loaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="кто загрузил",
    )
    loaded_at = models.DateTimeField("загружено", auto_now_add=True)

    objects = ScopedQuerySet["ActivityLoad"].as_manager()

    class Meta:
        verbose_name = "поступление активности"
        verbose_name_plural = "поступления активности"
        ordering = ["-id"]
        indexes = [models.Index(fields=["week", "platform"], name="activity_load_by_week")]

    def __str__(self) -> str:
        return f"{IsoWeek.from_number(self.week)}, {self.get_platform_display()}, {self.source}"


class ActivityCoverage(Scoped):
    """A school whose activity of a week was delivered: its silence is then a zero, without it «нет данных».

    Chats come with the staff or not at all: where they never came, their silence is no zero.
    """

    sight = Paths(
        region="school__region_id", municipality="school__municipality_id", school="school_id", seen_from=BELOW_COUNTRY
    )

    pk = models.CompositePrimaryKey("week", "platform", "school")
    week = models.PositiveIntegerField("неделя")
    platform = models.PositiveSmallIntegerField("площадка")
    school = models.ForeignKey(School, on_delete=models.CASCADE, db_index=False, related_name="+", verbose_name="школа")
    load = models.ForeignKey(
        ActivityLoad, on_delete=models.CASCADE, related_name="coverage", verbose_name="поступление"
    )
    has_chats = models.BooleanField("чаты переданы", default=False, db_default=False)

    objects = ScopedQuerySet["ActivityCoverage"].as_manager()

    class Meta:
        verbose_name = "охват школы"
        verbose_name_plural = "охват школ"

    def __str__(self) -> str:
        return f"{self.week}, {self.school_id}"


class StaffActivity(Scoped):
    """A staff member who did something on a platform in a week; the idle have no row.

    The school and `is_teacher` are those of that week, so that history stands still; no foreign-key checks for the same
    reason and for speed (performance.md).
    """

    sight = Paths(
        region="school__region_id", municipality="school__municipality_id", school="school_id", seen_from=BELOW_COUNTRY
    )

    pk = models.CompositePrimaryKey("week", "platform", "school", "staff")
    week = models.PositiveIntegerField("неделя")
    platform = models.PositiveSmallIntegerField("площадка")
    school = models.ForeignKey(
        School, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )
    staff = models.ForeignKey(
        StaffMember, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )
    is_teacher = models.BooleanField("педагог")
    messages = models.PositiveIntegerField("сообщений", default=0)
    calls = models.PositiveIntegerField("звонков", default=0)
    logins = models.PositiveIntegerField("входов", default=0)

    objects = ScopedQuerySet["StaffActivity"].as_manager()

    class Meta:
        verbose_name = "активность сотрудника"
        verbose_name_plural = "активность сотрудников"

    def __str__(self) -> str:
        return f"{self.week}, {self.school_id}, {self.staff_id}"

    @classmethod
    def of_school(cls, school_id: int) -> "ScopedQuerySet[StaffActivity]":
        """Rows of one school in every week there is, found by the key: it begins with the week and the platform."""
        weeks = cls.objects.values_list("week", flat=True)
        first, last = weeks.order_by("week").first(), weeks.order_by("-week").first()
        if first is None or last is None:
            return cls.objects.none()
        span = (IsoWeek.from_number(last).monday - IsoWeek.from_number(first).monday).days // 7
        between = [week.number for week in IsoWeek.from_number(last).back(span + 1)]
        platforms = [platform.number for platform in PLATFORMS]
        return cls.objects.filter(week__in=between, platform__in=platforms, school=school_id)


class ChatActivity(Scoped):
    """A chat in which somebody wrote in a week; silent chats have no row."""

    sight = Paths(
        region="school__region_id", municipality="school__municipality_id", school="school_id", seen_from=BELOW_COUNTRY
    )

    pk = models.CompositePrimaryKey("week", "school", "chat")
    week = models.PositiveIntegerField("неделя")
    school = models.ForeignKey(
        School, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )
    chat = models.ForeignKey(Chat, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+")
    messages = models.PositiveIntegerField("сообщений", default=0)

    objects = ScopedQuerySet["ChatActivity"].as_manager()

    class Meta:
        verbose_name = "активность чата"
        verbose_name_plural = "активность чатов"

    def __str__(self) -> str:
        return f"{self.week}, {self.chat_id}"


class Holiday(Scoped):
    """School holidays of a region, or of the whole country when no region is named: a dip in them is no news."""

    sight = Paths(region="region_id", changed_from=frozenset({Level.REGION}))

    region = models.ForeignKey(
        Region, on_delete=models.CASCADE, null=True, blank=True, related_name="holidays", verbose_name="регион"
    )
    name = models.CharField("название", max_length=60, default="каникулы")
    starts_on = models.DateField("начало")
    ends_on = models.DateField("окончание")

    objects = ScopedQuerySet["Holiday"].as_manager()

    class Meta:
        verbose_name = "каникулы"
        verbose_name_plural = "каникулы"
        ordering = ["-starts_on"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("starts_on")), name="holiday_ends_after_it_starts"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.starts_on:%d.%m.%Y} — {self.ends_on:%d.%m.%Y}"
