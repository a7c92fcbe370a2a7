"""What people say about steps beside the data: marks by hand, planned dates, the roadmap, functions mastered."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from schools.models.at_place import AtPlace
from schools.models.files import StoredFile
from schools.models.places import Municipality, Region, School
from schools.platforms import platform_choices
from schools.scope import BELOW_COUNTRY, Level, Paths, Scoped, ScopedQuerySet
from schools.steps import STEP_BY_NUMBER, function_choices, step_choices


class MarkKind(models.TextChoices):
    """What a mark by hand says; the data never says it."""

    NEEDLESS = "needless", "не требуется"
    DONE = "done", "выполнен"
    CONFIRMED = "confirmed", "подтверждён"


class StepMark(AtPlace):
    """A mark by hand on a step of a place, with its reason; taken back, it stays in the history."""

    number = models.PositiveSmallIntegerField("этап", choices=step_choices)
    kind = models.CharField("отметка", max_length=9, choices=MarkKind.choices)
    reason = models.CharField("причина", max_length=300)
    marked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name="кто отметил"
    )
    marked_at = models.DateTimeField("отмечен", default=timezone.now)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="кто снял",
    )
    withdrawn_at = models.DateTimeField("снята", null=True, blank=True)
    updated_at = models.DateTimeField("изменена", auto_now=True)

    objects = ScopedQuerySet["StepMark"].as_manager()

    class Meta(AtPlace.Meta):
        abstract = False
        verbose_name = "отметка этапа"
        verbose_name_plural = "отметки этапов"
        ordering = ["-id"]
        constraints = [
            *AtPlace.Meta.constraints,
            models.CheckConstraint(condition=~Q(reason=""), name="step_mark_has_a_reason"),
            *(
                models.UniqueConstraint(
                    fields=[place, "number"],
                    condition=Q(withdrawn_at=None, **{f"{place}__isnull": False}),
                    name=f"step_mark_once_for_{place}",
                )
                for place in ("region", "municipality", "school")
            ),
        ]

    def __str__(self) -> str:
        return f"{STEP_BY_NUMBER[self.number].name}: {self.get_kind_display()}"


class StepPlan(AtPlace):
    """The day a place is to have finished a step; the newest row holds, the older ones are the history of re-planning.

    A school without a row of its own follows its municipality, and that its region. A row without a day takes the
    place's own date back.
    """

    number = models.PositiveSmallIntegerField("этап", choices=step_choices)
    planned_on = models.DateField("срок", null=True, blank=True)
    reason = models.CharField("почему изменён", max_length=300, blank=True)
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name="кто назначил"
    )
    set_at = models.DateTimeField("назначен", default=timezone.now)

    objects = ScopedQuerySet["StepPlan"].as_manager()

    class Meta(AtPlace.Meta):
        abstract = False
        verbose_name = "срок этапа"
        verbose_name_plural = "сроки этапов"
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["region", "number", "-id"], condition=Q(level=Level.REGION), name="plan_of_region"),
            models.Index(
                fields=["municipality", "number", "-id"],
                condition=Q(level=Level.MUNICIPALITY),
                name="plan_of_municipality",
            ),
            models.Index(fields=["school", "number", "-id"], condition=Q(level=Level.SCHOOL), name="plan_of_school"),
        ]

    def __str__(self) -> str:
        return f"{STEP_BY_NUMBER[self.number].name}: {self.planned_on:%d.%m.%Y}" if self.planned_on else "срок снят"


class Roadmap(Scoped):
    """A region's roadmap as a document (протокол П13/1838пр): number, date, status, the file; revisions are kept."""

    sight = Paths(region="region_id", changed_from=frozenset({Level.REGION}))

    class Status(models.TextChoices):
        """Where the document is."""

        DRAFT = "draft", "проект"
        AGREED = "agreed", "согласована"
        APPROVED = "approved", "утверждена"
        SENT = "sent", "направлена в Минпросвещения России"
        REPLACED = "replaced", "заменена новой"

    region = models.ForeignKey(Region, on_delete=models.CASCADE, related_name="roadmaps", verbose_name="регион")
    title = models.CharField("название", max_length=300)
    status = models.CharField("состояние", max_length=8, choices=Status.choices, default=Status.DRAFT)
    number = models.CharField("номер", max_length=40, blank=True)
    signed_on = models.DateField("дата", null=True, blank=True)
    file = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="файл"
    )
    note = models.CharField("примечание", max_length=500, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name="кто внёс"
    )
    created_at = models.DateTimeField("внесена", auto_now_add=True)
    updated_at = models.DateTimeField("изменена", auto_now=True)

    objects = ScopedQuerySet["Roadmap"].as_manager()

    class Meta:
        verbose_name = "дорожная карта"
        verbose_name_plural = "дорожные карты"
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.title


class MunicipalityRegistration(Scoped):
    """A municipality's education authority registered on a platform (протокол П13/1838пр asks for all of them)."""

    sight = Paths(
        region="municipality__region_id",
        municipality="municipality_id",
        changed_from=frozenset({Level.REGION, Level.MUNICIPALITY}),
    )

    municipality = models.ForeignKey(
        Municipality, on_delete=models.CASCADE, related_name="registrations", verbose_name="муниципалитет"
    )
    platform = models.PositiveSmallIntegerField("площадка", choices=platform_choices)
    registered_on = models.DateField("зарегистрирован")
    closed_on = models.DateField("снят с регистрации", null=True, blank=True)

    objects = ScopedQuerySet["MunicipalityRegistration"].as_manager()

    class Meta:
        verbose_name = "регистрация муниципалитета на площадке"
        verbose_name_plural = "регистрации муниципалитетов на площадках"
        constraints = [
            models.UniqueConstraint(fields=["municipality", "platform"], name="municipality_registered_once"),
        ]

    def __str__(self) -> str:
        return f"{self.municipality}, {self.get_platform_display()}"


class RegionIntegration(Scoped):
    """How a region's own information system (ГИС) stands with a federal platform."""

    sight = Paths(region="region_id", changed_from=frozenset({Level.REGION}))

    class Status(models.TextChoices):
        """How far the integration is."""

        NO_SYSTEM = "no_system", "своей ГИС нет"
        PLANNED = "planned", "запланирована"
        RUNNING = "running", "идёт"
        DONE = "done", "завершена"

    region = models.ForeignKey(Region, on_delete=models.CASCADE, related_name="integrations", verbose_name="регион")
    platform = models.PositiveSmallIntegerField("площадка", choices=platform_choices)
    system_name = models.CharField("региональная ГИС", max_length=200, blank=True)
    status = models.CharField("состояние", max_length=9, choices=Status.choices, default=Status.PLANNED)
    planned_on = models.DateField("срок", null=True, blank=True)
    done_on = models.DateField("завершена", null=True, blank=True)
    note = models.CharField("примечание", max_length=500, blank=True)
    updated_at = models.DateTimeField("изменена", auto_now=True)

    objects = ScopedQuerySet["RegionIntegration"].as_manager()

    class Meta:
        verbose_name = "интеграция региональной ГИС"
        verbose_name_plural = "интеграции региональных ГИС"
        constraints = [models.UniqueConstraint(fields=["region", "platform"], name="integration_once_per_platform")]

    def __str__(self) -> str:
        return f"{self.region}: {self.get_status_display()}"


class FunctionUse(Scoped):
    """A function of «Моя школа» that a school has mastered, since a day, by its own word."""

    sight = Paths(
        region="school__region_id",
        municipality="school__municipality_id",
        school="school_id",
        changed_from=BELOW_COUNTRY,
    )

    school = models.ForeignKey(School, on_delete=models.CASCADE, related_name="functions", verbose_name="школа")
    function = models.PositiveSmallIntegerField("функция", choices=function_choices)
    mastered_on = models.DateField("освоена", default=timezone.localdate)
    note = models.CharField("чем подтверждается", max_length=300, blank=True)
    marked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name="кто отметил"
    )

    objects = ScopedQuerySet["FunctionUse"].as_manager()

    class Meta:
        verbose_name = "освоенная функция"
        verbose_name_plural = "освоенные функции"
        constraints = [models.UniqueConstraint(fields=["school", "function"], name="function_mastered_once")]

    def __str__(self) -> str:
        return self.get_function_display()
