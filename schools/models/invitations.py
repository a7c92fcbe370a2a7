"""Invitations: the link by which an appointed person comes in for the first time, and the job that sends them."""

from typing import Self, TypeVar

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone

from schools.jobs import Job
from schools.models.files import StoredFile
from schools.models.users import Appointment
from schools.scope import BELOW_COUNTRY, AnyUser, Level, Paths, Scoped, ScopedQuerySet, sight_of
from schools.sealed import SealedBinaryField

APPOINTING = frozenset({Level.REGION, Level.MUNICIPALITY})


J = TypeVar("J", bound=models.Model)


class OwnQuerySet(ScopedQuerySet[J]):
    """Rows of the one who made them, as long as she appoints somebody; superusers see all."""

    def visible_to(self, user: AnyUser) -> Self:
        """One's own rows."""
        sight = sight_of(user)
        if sight.everything:
            return self.all()
        return self.filter(created_by=user.pk) if sight.region_ids or sight.municipality_ids else self.none()

    def editable_by(self, user: AnyUser) -> Self:
        """One's own rows."""
        return self.visible_to(user)


class InvitationBatch(Job, Scoped):
    """Invitations that go out together: one, or those of a whole spreadsheet."""

    task_name = "schools.send_invitations"
    lease = Job.lease * 3  # a silent mail server holds a letter for as long as its time-outs add up to
    sight = Paths(seen_from=APPOINTING, changed_from=APPOINTING)

    objects = OwnQuerySet["InvitationBatch"].as_manager()

    class Meta:
        verbose_name = "отправка приглашений"
        verbose_name_plural = "отправки приглашений"
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.created_at:%d.%m.%Y %H:%M}"


class Invitation(Scoped):
    """A link for an appointed person; only the SHA-256 of its secret is kept, and it works once, for a term.

    The person's account comes to be when the link is accepted: till then nobody learns whether the address is known.
    """

    sight = Paths(
        region=(
            "appointment__region_id",
            "appointment__municipality__region_id",
            "appointment__school__region_id",
        ),
        municipality=("appointment__municipality_id", "appointment__school__municipality_id"),
        school="appointment__school_id",
        seen_from=BELOW_COUNTRY,
        changed_from=BELOW_COUNTRY,
    )

    appointment = models.ForeignKey(
        Appointment, on_delete=models.CASCADE, related_name="invitations", verbose_name="назначение"
    )
    email = models.EmailField("электронная почта", blank=True)
    by_hand = models.BooleanField("ссылку передают лично", default=False, db_default=False)
    digest = models.CharField("отпечаток ссылки", max_length=64, unique=True, editable=False)
    batch = models.ForeignKey(
        InvitationBatch,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="invitations",
        verbose_name="отправка",
    )
    sent_at = models.DateTimeField("отправлено", default=timezone.now)
    delivered_at = models.DateTimeField("принято почтовым сервером", null=True, blank=True)
    expires_at = models.DateTimeField("действует до")
    accepted_at = models.DateTimeField("принято", null=True, blank=True)
    declined_at = models.DateTimeField("отказано", null=True, blank=True)
    withdrawn_at = models.DateTimeField("отозвано", null=True, blank=True)
    delivery_error = models.CharField("почему не доставлено", max_length=200, blank=True)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name="кто пригласил"
    )

    objects = ScopedQuerySet["Invitation"].as_manager()

    class Meta:
        verbose_name = "приглашение"
        verbose_name_plural = "приглашения"
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.appointment}"

    @property
    def is_open(self) -> bool:
        """Whether the link would still be taken today, as far as the invitation itself can tell."""
        over = self.accepted_at or self.declined_at or self.withdrawn_at
        return not over and self.expires_at > timezone.now()


class SheetStage(models.TextChoices):
    """Where a spreadsheet of appointments is."""

    UPLOADED = "uploaded", "файл принят"
    PLANNED = "planned", "план готов"
    APPLYING = "applying", "назначаем"
    APPLIED = "applied", "назначены"
    DISCARDED = "discarded", "убрана"
    REFUSED = "refused", "файл не прочитан"


class AppointmentSheet(Job, Scoped):
    """A spreadsheet of school administrators on its way: read, planned, confirmed, applied."""

    task_name = "schools.run_appointment_sheet"
    lease = Job.lease * 10  # thousands of people are appointed in one transaction
    sight = Paths(seen_from=APPOINTING, changed_from=APPOINTING)

    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+", verbose_name="файл")
    stage = models.CharField("ход", max_length=9, choices=SheetStage.choices, default=SheetStage.UPLOADED)
    summary = models.JSONField("итог плана", default=dict, blank=True, editable=False)
    plan_data = SealedBinaryField("план", null=True, editable=False)
    applied_at = models.DateTimeField("назначены", null=True, blank=True, editable=False)
    batch = models.ForeignKey(
        InvitationBatch, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="приглашения"
    )

    objects = OwnQuerySet["AppointmentSheet"].as_manager()

    class Meta:
        verbose_name = "список назначений"
        verbose_name_plural = "списки назначений"
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.created_at:%d.%m.%Y %H:%M}"

    def get_absolute_url(self) -> str:
        """Address of the sheet's page, the same from the first second on."""
        return reverse("appointment_sheet", args=[self.pk])
