"""Counts of steps and runs of checks in the admin: written by the schedule, only looked at here."""

from typing import Any, ClassVar

from django.contrib import admin

from reports.models import ChatCount, CheckRequest, CheckRun, StepCount, StepEvent
from schools.admin.jobs import JOB_FIELDS, JobAdmin
from schools.admin.scoped import ReadOnly, ScopedAdmin, all_fields


class RunAdmin(ReadOnly, ScopedAdmin):
    """A log of runs."""

    ordering: ClassVar[Any] = ["-id"]
    sortable_by: ClassVar[Any] = ()


@admin.register(StepCount)
class StepCountAdmin(RunAdmin):
    """Counts of steps."""

    list_display = ["counted_at", "region", "schools", "changed", "seconds"]
    list_select_related = ["region"]
    fields = all_fields(StepCount, "id")


@admin.register(ChatCount)
class ChatCountAdmin(RunAdmin):
    """Counts of chats."""

    list_display = ["counted_at", "region", "schools", "changed", "seconds"]
    list_select_related = ["region"]
    fields = all_fields(ChatCount, "id")


@admin.register(CheckRun)
class CheckRunAdmin(RunAdmin):
    """Runs of the data checks."""

    list_display = ["checked_at", "region", "municipality", "school", "found", "seconds", "started_by"]
    list_select_related = ["region", "municipality", "school", "started_by"]
    fields = all_fields(CheckRun, "id")


@admin.register(CheckRequest)
class CheckRequestAdmin(JobAdmin):
    """Wishes to have a region checked."""

    list_display = ["created_at", "region", "state", "created_by", "error"]
    list_select_related = ["region", "created_by"]
    list_filter = ["state"]
    sortable_by: ClassVar[Any] = ()
    fields = ["region", *JOB_FIELDS]


@admin.register(StepEvent)
class StepEventAdmin(RunAdmin):
    """The history of steps."""

    list_display = ["happened_on", "school", "number", "before", "after"]
    list_select_related = ["school"]
    list_filter = ["number"]
    fields = all_fields(StepEvent, "id")
