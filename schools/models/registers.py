"""Registers of schools: those taken in, those reconciled with ours, and every change of a school's card."""

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone

from schools.jobs import Job
from schools.models.files import StoredFile
from schools.models.places import Region, School
from schools.scope import Level, Paths, Scoped, ScopedQuerySet
from schools.sealed import SealedBinaryField


class RegisterImport(Scoped):
    """One register applied to a region: which file, who, and how many schools it touched."""

    sight = Paths(region="region_id", seen_from=frozenset({Level.REGION}))

    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="register_imports", verbose_name="регион")
    shown_name = models.CharField("имя файла", max_length=120)
    sha256 = models.CharField("отпечаток", max_length=64)
    rows_read = models.PositiveIntegerField("строк в файле")
    schools_added = models.PositiveIntegerField("добавлено школ")
    schools_changed = models.PositiveIntegerField("изменено школ")
    rows_refused = models.PositiveIntegerField("строк с ошибками")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="кто внёс",
    )
    created_at = models.DateTimeField("внесён", auto_now_add=True)

    objects = ScopedQuerySet["RegisterImport"].as_manager()

    class Meta:
        verbose_name = "загрузка реестра школ"
        verbose_name_plural = "загрузки реестра школ"
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"Реестр, {self.region}, {self.created_at:%d.%m.%Y}"


class ReconcileStage(models.TextChoices):
    """How far a reconciliation has come."""

    UPLOADED = "uploaded", "читаем файл"
    PLANNED = "planned", "ждёт вас"
    APPLYING = "applying", "вносим"
    APPLIED = "applied", "внесена"
    DISCARDED = "discarded", "не внесена"
    REFUSED = "refused", "файл не прочитан"


class Reconciliation(Job, Scoped):
    """An official list of schools held against ours («сверка реестра ОО»): read, matched, decided by row, applied."""

    task_name = "schools.run_reconciliation"
    sight = Paths(region="region_id", seen_from=frozenset({Level.REGION}), changed_from=frozenset({Level.REGION}))

    region = models.ForeignKey(Region, on_delete=models.CASCADE, related_name="reconciliations", verbose_name="регион")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+", verbose_name="файл")
    stage = models.CharField("ход", max_length=9, choices=ReconcileStage.choices, default=ReconcileStage.UPLOADED)
    mapping = models.JSONField("столбцы, указанные вручную", default=dict, blank=True, editable=False)
    decisions = models.JSONField("решения по строкам", default=dict, blank=True, editable=False)
    summary = models.JSONField("итог", default=dict, blank=True, editable=False)
    plan_data = SealedBinaryField("план", null=True, editable=False)
    applied_at = models.DateTimeField("внесена", null=True, blank=True, editable=False)
    applied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="кто внёс",
    )

    objects = ScopedQuerySet["Reconciliation"].as_manager()

    class Meta:
        verbose_name = "сверка реестра"
        verbose_name_plural = "сверки реестра"
        ordering = ["-id"]
        indexes = [models.Index(fields=["region", "-id"], name="reconciliation_latest")]

    def __str__(self) -> str:
        return f"{self.region}, {self.created_at:%d.%m.%Y %H:%M}"

    def get_absolute_url(self) -> str:
        """Address of the reconciliation's page, the same from the first second to the outcome."""
        return reverse("reconciliation", args=[self.pk])


class SchoolChange(Scoped):
    """One field of a school's card that changed: from what to what, when, by whom, why, from which list."""

    sight = Paths(region="school__region_id", municipality="school__municipality_id", school="school_id")

    school = models.ForeignKey(School, on_delete=models.CASCADE, related_name="changes", verbose_name="школа")
    field = models.CharField("поле", max_length=40)
    old = models.CharField("было", max_length=500, blank=True)
    new = models.CharField("стало", max_length=500, blank=True)
    reason = models.CharField("причина", max_length=300, blank=True)
    reconciliation = models.ForeignKey(
        Reconciliation, on_delete=models.SET_NULL, null=True, blank=True, related_name="changes", verbose_name="сверка"
    )
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="кто"
    )
    changed_at = models.DateTimeField("когда", default=timezone.now)

    objects = ScopedQuerySet["SchoolChange"].as_manager()

    class Meta:
        verbose_name = "изменение карточки школы"
        verbose_name_plural = "изменения карточек школ"
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.school}: {self.field}"
