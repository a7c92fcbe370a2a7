"""What the portal sends out: letters of coordinators to schools, and the weekly digest; each with its log."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from schools.jobs import Job
from schools.models.places import Municipality, Region, School
from schools.scope import BELOW_COUNTRY, Level, Paths, Scoped, ScopedQuerySet


class LetterQuerySet(ScopedQuerySet["Letter"]):
    """Letters, with how many schools each went to."""

    def with_counts(self) -> Self:
        """Add `schools`, and `delivered` of them."""
        delivered = models.Count("recipients", filter=Q(recipients__sent_at__isnull=False))
        return self.annotate(schools=models.Count("recipients"), delivered=delivered)


class Letter(Job, Scoped):
    """A coordinator's letter to the heads of schools: text, deadline, table; sending it is a job."""

    task_name = "schools.send_letter"
    sight = Paths(
        region=("region_id", "municipality__region_id"),
        municipality="municipality_id",
        seen_from=frozenset({Level.REGION, Level.MUNICIPALITY}),
        changed_from=frozenset({Level.REGION, Level.MUNICIPALITY}),
    )

    region = models.ForeignKey(
        Region, on_delete=models.CASCADE, null=True, blank=True, related_name="+", verbose_name="от региона"
    )
    municipality = models.ForeignKey(
        Municipality,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="от муниципалитета",
    )
    subject = models.CharField("тема", max_length=200)
    text = models.TextField("текст", max_length=6000)
    deadline_at = models.DateTimeField("срок ответа", null=True, blank=True)
    reply_to = models.EmailField("куда отвечать", blank=True)
    topic = models.CharField("о чём", max_length=40, blank=True)  # step-7, silent: what the schools were chosen by
    table = models.JSONField(
        "таблица", default=dict, blank=True, editable=False
    )  # {"head": […], "rows": {school: […]}}
    by_mail = models.BooleanField("отправить по почте", default=True)
    sent_at = models.DateTimeField("отправлено", null=True, blank=True, editable=False)

    objects = LetterQuerySet.as_manager()

    class Meta:
        verbose_name = "письмо школам"
        verbose_name_plural = "письма школам"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(region__isnull=False, municipality=None) | Q(region=None, municipality__isnull=False),
                name="letter_is_from_one_place",
            ),
        ]

    def __str__(self) -> str:
        return self.subject


class LetterRecipient(Scoped):
    """One school a letter went to: the address of that day, when it left, or why it did not."""

    sight = Paths(
        region="school__region_id",
        municipality="school__municipality_id",
        school="school_id",
        seen_from=BELOW_COUNTRY,
    )

    letter = models.ForeignKey(Letter, on_delete=models.CASCADE, related_name="recipients", verbose_name="письмо")
    school = models.ForeignKey(School, on_delete=models.CASCADE, related_name="letters", verbose_name="школа")
    email = models.EmailField("адрес", blank=True)
    sent_at = models.DateTimeField("отправлено", null=True, blank=True)
    error = models.CharField("почему не отправлено", max_length=200, blank=True)

    objects = ScopedQuerySet["LetterRecipient"].as_manager()

    class Meta:
        verbose_name = "получатель письма"
        verbose_name_plural = "получатели писем"
        ordering = ["letter", "id"]
        constraints = [models.UniqueConstraint(fields=["letter", "school"], name="letter_once_to_a_school")]

    def __str__(self) -> str:
        return f"{self.school}"


class DigestSent(Scoped):
    """A weekly digest that went out: one a person and week, so that a job that runs twice sends it once."""

    sight = Paths()

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="digests", verbose_name="кому"
    )
    week = models.PositiveIntegerField("неделя", help_text="202647 — это 2026-W47.")
    lines = models.PositiveSmallIntegerField("строк")  # 0: nothing to say, not sent
    sent_at = models.DateTimeField("отправлена", default=timezone.now)
    error = models.CharField("почему не отправлена", max_length=200, blank=True)

    objects = ScopedQuerySet["DigestSent"].as_manager()

    class Meta:
        verbose_name = "недельная сводка"
        verbose_name_plural = "недельные сводки"
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["user", "week"], name="digest_once_a_week")]

    def __str__(self) -> str:
        return f"{self.user}, {self.week}"
