"""Appointing and signing in, as the admin shows it: what was sent, what was uploaded, whose second factor is set."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from schools.admin.jobs import JOB_FIELDS, JobAdmin
from schools.admin.scoped import ReadOnly, ScopedAdmin, all_fields
from schools.models import AppointmentSheet, FactorEvent, InvitationBatch, SecondFactor


class RootAdmin(ReadOnly, ScopedAdmin):
    """Rows for superusers alone: nobody else has any in sight."""

    list_select_related: ClassVar[Any] = ["user"]
    sortable_by: ClassVar[Any] = ()
    ordering: ClassVar[Any] = ["-id"]
    search_fields: ClassVar[Any] = ["user__username__contains", "user__last_name__contains"]


@admin.register(SecondFactor)
class SecondFactorAdmin(RootAdmin):
    """Who has a second factor, or has begun to set one up; secrets and codes are never shown."""

    list_display = ["user", "created_at", "failures", "paused_until"]
    fields = ["user", "created_at", "failures", "paused_until"]
    hint = "Сбросить второй фактор можно на странице «Назначения» или действием над пользователем."


@admin.register(FactorEvent)
class FactorEventAdmin(RootAdmin):
    """The journal of second factors."""

    list_display = ["happened_at", "user", "kind", "done_by", "reason"]
    list_select_related: ClassVar[Any] = ["user", "done_by"]
    list_filter = ["kind"]
    fields = all_fields(FactorEvent, "id")


@admin.register(InvitationBatch)
class InvitationBatchAdmin(JobAdmin):
    """Sendings of invitations; each invitation says itself what came of it."""

    list_display = ["created_at", "state", "done_count", "total_count", "created_by", "error"]
    list_select_related = ["created_by"]
    list_filter = ["state"]
    sortable_by: ClassVar[Any] = ()
    fields = [*JOB_FIELDS]


@admin.register(AppointmentSheet)
class AppointmentSheetAdmin(JobAdmin):
    """Spreadsheets of appointments; their plans are on their own pages."""

    list_display = ["created_at", "stage", "state", "created_by", "error"]
    list_select_related = ["created_by"]
    list_filter = ["state", "stage"]
    sortable_by: ClassVar[Any] = ()
    fields = ["file", "stage", *JOB_FIELDS, "applied_at"]

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Any]":
        """Never fetch the plans."""
        return super().get_queryset(request).defer("plan_data").select_related("file").defer("file__content")
