"""Uploads of spreadsheets of chats, and of operators' exports of them."""

from django.db import models
from django.urls import reverse

from schools.jobs import Job
from schools.models import School, StoredFile
from schools.scope import BELOW_COUNTRY, SCHOOL_ONLY, Paths, Scoped
from schools.sealed import SealedBinaryField, SealedJSONField
from staff.models import ImportStage, UploadQuerySet


class ChatImport(Job, Scoped):
    """A spreadsheet of a school's chats on its way: read and planned, shown, applied, perhaps undone.

    It holds links into chats of children and parents: those above the school know that it is there and do not open it.
    """

    task_name = "chats.run_import"
    lease = Job.lease * 3  # thousands of rows are written in one act, which renews nothing
    sight = Paths(
        region="school__region_id",
        municipality="school__municipality_id",
        school="school_id",
        seen_from=BELOW_COUNTRY,
        changed_from=SCHOOL_ONLY,
    )

    school = models.ForeignKey(School, on_delete=models.CASCADE, related_name="chat_imports", verbose_name="школа")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+", verbose_name="файл")
    stage = models.CharField("ход", max_length=9, choices=ImportStage.choices, default=ImportStage.UPLOADED)
    mapping = models.JSONField("столбцы, указанные вручную", default=dict, blank=True, editable=False)
    fixes = SealedJSONField("исправления в браузере", default=dict, blank=True, editable=False)
    summary = models.JSONField("итог плана", default=dict, blank=True, editable=False)
    plan_data = SealedBinaryField("план", null=True, editable=False)
    undo_data = SealedBinaryField("прежние значения", null=True, editable=False)
    applied_at = models.DateTimeField("внесена", null=True, blank=True, editable=False)
    applied_by = models.ForeignKey(
        "schools.User", on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="кто внёс"
    )
    undone_at = models.DateTimeField("отменена", null=True, blank=True, editable=False)

    objects = UploadQuerySet.as_manager()

    class Meta:
        verbose_name = "загрузка чатов"
        verbose_name_plural = "загрузки чатов"
        ordering = ["-id"]
        indexes = [models.Index(fields=["school", "-id"], name="chat_import_latest")]

    def __str__(self) -> str:
        return f"{self.school}, {self.created_at:%d.%m.%Y %H:%M}"

    def get_absolute_url(self) -> str:
        """Address of the upload's page, the same from the first second to the undo."""
        return reverse("chat_import", args=[self.pk])
