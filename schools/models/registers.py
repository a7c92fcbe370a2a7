"""The log of registers of schools taken in."""

from django.conf import settings
from django.db import models

from schools.models.places import Region
from schools.scope import Level, Paths, Scoped, ScopedQuerySet


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
