"""Invitations: the link by which an appointed person comes in for the first time."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from schools.models.users import Appointment
from schools.scope import BELOW_COUNTRY, Paths, Scoped, ScopedQuerySet


class Invitation(Scoped):
    """A link sent to an appointed person; only the SHA-256 of its secret is kept, and it works once, for a term."""

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
    email = models.EmailField("электронная почта")
    digest = models.CharField("отпечаток ссылки", max_length=64, unique=True, editable=False)
    sent_at = models.DateTimeField("отправлено", default=timezone.now)
    expires_at = models.DateTimeField("действует до")
    accepted_at = models.DateTimeField("принято", null=True, blank=True)
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
