"""Steps, roadmaps, invitations, reconciliations, letters in the admin: facts are edited, logs are looked at."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from schools.admin.filters import by_municipality, by_region
from schools.admin.jobs import JOB_FIELDS, JobAdmin
from schools.admin.people import BY_SCHOOL
from schools.admin.scoped import ReadOnly, ScopedAdmin, all_fields
from schools.models import (
    Deletion,
    DigestSent,
    FunctionUse,
    Invitation,
    Letter,
    LetterRecipient,
    MunicipalityRegistration,
    Reconciliation,
    RegionIntegration,
    Roadmap,
    SchoolChange,
    StepMark,
    StepPlan,
)

PLACES = ["region", "municipality", "school"]


class LogAdmin(ReadOnly, ScopedAdmin):
    """Rows the portal writes itself."""

    sortable_by: ClassVar[Any] = ()
    ordering: ClassVar[Any] = ["-id"]


@admin.register(StepMark)
class StepMarkAdmin(LogAdmin):
    """Marks by hand; they are made and taken back on the pages of steps."""

    list_display = ["number", "kind", *PLACES, "marked_by", "marked_at", "withdrawn_at"]
    list_select_related = [*PLACES, "marked_by"]
    list_filter = ["number", "kind"]
    fields = all_fields(StepMark, "id")
    hint = "Отметки ставят и снимают на странице «Этапы» школы или территории."


@admin.register(StepPlan)
class StepPlanAdmin(LogAdmin):
    """Planned dates and their history; they are set on the pages of steps."""

    list_display = ["number", *PLACES, "planned_on", "set_by", "set_at"]
    list_select_related = [*PLACES, "set_by"]
    list_filter = ["number"]
    fields = all_fields(StepPlan, "id")
    hint = "Сроки назначают на странице «Дорожная карта»."


@admin.register(Roadmap)
class RoadmapAdmin(ScopedAdmin):
    """Roadmaps as documents."""

    list_display = ["title", "region", "status", "number", "signed_on"]
    list_select_related = ["region"]
    list_filter = ["status", by_region("region_id")]
    sortable_by: ClassVar[Any] = ()
    fields = ["region", "title", "status", "number", "signed_on", "note"]
    fixed_fields = ["region"]


@admin.register(MunicipalityRegistration)
class MunicipalityRegistrationAdmin(ScopedAdmin):
    """Municipalities on the platforms."""

    list_display = ["municipality", "platform", "registered_on", "closed_on"]
    list_select_related = ["municipality"]
    list_filter = ["platform", by_region("municipality__region_id")]
    ordering = ["-id"]
    sortable_by: ClassVar[Any] = ()
    autocomplete_fields = ["municipality"]
    fixed_fields = ["municipality", "platform"]


@admin.register(RegionIntegration)
class RegionIntegrationAdmin(ScopedAdmin):
    """Regional information systems and the federal platforms."""

    list_display = ["region", "platform", "system_name", "status", "planned_on", "done_on"]
    list_select_related = ["region"]
    list_filter = ["platform", "status"]
    ordering = ["-id"]
    sortable_by: ClassVar[Any] = ()
    fixed_fields = ["region", "platform"]


@admin.register(FunctionUse)
class FunctionUseAdmin(ScopedAdmin):
    """Functions of «Моя школа» that schools have mastered."""

    list_display = ["function", "school", "mastered_on", "note"]
    list_select_related = ["school"]
    list_filter = ["function", by_region("school__region_id"), by_municipality("school__municipality_id")]
    search_fields = BY_SCHOOL
    ordering = ["-id"]
    sortable_by: ClassVar[Any] = ()
    fields = ["school", "function", "mastered_on", "note"]
    autocomplete_fields = ["school"]
    fixed_fields = ["school", "function"]


@admin.register(Invitation)
class InvitationAdmin(LogAdmin):
    """Invitations; the link itself is not kept."""

    list_display = ["appointment", "email", "sent_at", "expires_at", "accepted_at", "withdrawn_at"]
    list_select_related = [
        "appointment__user",
        "appointment__region",
        "appointment__municipality",
        "appointment__school",
    ]
    fields = all_fields(Invitation, "id", "digest")
    hint = "Приглашают на странице «Назначения»."


@admin.register(Reconciliation)
class ReconciliationAdmin(JobAdmin):
    """Reconciliations of the register; their plans are on their own pages."""

    list_display = ["created_at", "region", "stage", "state", "created_by", "error"]
    list_select_related = ["region", "created_by"]
    list_filter = ["state", "stage", by_region("region_id")]
    sortable_by: ClassVar[Any] = ()
    fields = ["region", "file", "stage", *JOB_FIELDS, "applied_by", "applied_at"]

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Any]":
        """Never fetch the plans."""
        return super().get_queryset(request).defer("plan_data", "file__content")


@admin.register(SchoolChange)
class SchoolChangeAdmin(LogAdmin):
    """Changes of schools' cards."""

    list_display = ["changed_at", "school", "field", "old", "new", "reason", "changed_by"]
    list_select_related = ["school", "changed_by"]
    list_filter = [by_region("school__region_id"), by_municipality("school__municipality_id")]
    search_fields = BY_SCHOOL
    fields = all_fields(SchoolChange, "id")


@admin.register(Letter)
class LetterAdmin(JobAdmin):
    """Letters to schools."""

    list_display = ["created_at", "subject", "region", "municipality", "state", "sent_at"]
    list_select_related = ["region", "municipality"]
    list_filter = ["state"]
    ordering = ["-id"]
    sortable_by: ClassVar[Any] = ()
    fields = ["region", "municipality", "subject", "text", "deadline_at", "reply_to", "sent_at", *JOB_FIELDS]


@admin.register(LetterRecipient)
class LetterRecipientAdmin(LogAdmin):
    """Whom letters went to."""

    list_display = ["letter", "school", "email", "sent_at", "error"]
    list_select_related = ["letter", "school"]
    fields = all_fields(LetterRecipient, "id")


@admin.register(DigestSent)
class DigestSentAdmin(LogAdmin):
    """Weekly digests."""

    list_display = ["sent_at", "user", "week", "lines", "error"]
    list_select_related = ["user"]
    fields = all_fields(DigestSent, "id")


@admin.register(Deletion)
class DeletionAdmin(LogAdmin):
    """Rows of rosters that are gone."""

    list_display = ["deleted_at", "kind", "row_id", "school"]
    list_select_related = ["school"]
    fields = all_fields(Deletion, "id")
