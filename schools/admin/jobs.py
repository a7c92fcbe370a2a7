"""Jobs in the admin: looked at, tried again, stopped."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest

from schools import jobs
from schools.admin.scoped import ReadOnly, ScopedAdmin, editable
from schools.jobs import JobState
from schools.texts import counted

JOB_FIELDS = (
    "state",
    "done_count",
    "total_count",
    "attempts",
    "error",
    "created_by",
    "created_at",
    "started_at",
    "finished_at",
)


class JobAdmin(ReadOnly, ScopedAdmin):
    """A list of jobs; «Повторить» and «Прервать» act on those the person may change."""

    actions = ["try_again", "stop"]

    def has_steer_permission(self, request: HttpRequest) -> bool:
        """Whether the actions are shown: Django's right to change the model."""
        return bool(request.user.has_perm(f"{self.opts.app_label}.change_{self.opts.model_name}"))  # type: ignore[union-attr]

    @admin.action(description="Повторить", permissions=["steer"])
    def try_again(self, request: HttpRequest, queryset: "QuerySet[Any]") -> None:
        """Queue again those that failed or were stopped."""
        over = self._own(request, queryset).filter(state__in=[JobState.FAILED, JobState.ABORTED])
        self._each(
            request, over, jobs.try_again, "поставлено в очередь", "повторять нечего: не удавшихся среди них нет"
        )

    @admin.action(description="Прервать", permissions=["steer"])
    def stop(self, request: HttpRequest, queryset: "QuerySet[Any]") -> None:
        """Ask those that wait or run to stop."""
        living = self._own(request, queryset).filter(state__in=[JobState.QUEUED, JobState.RUNNING])
        self._each(request, living, jobs.abort, "остановлено", "прерывать нечего: идущих среди них нет")

    def _own(self, request: HttpRequest, queryset: "QuerySet[Any]") -> "QuerySet[Any]":
        return queryset.filter(pk__in=editable(self.model, request).values("pk"))  # light, as the list is

    def _each(self, request: HttpRequest, chosen: "QuerySet[Any]", act: Any, done: str, nothing: str) -> None:
        acted = sum(act(job) is not False for job in chosen)
        if acted:
            messages.success(request, f"{counted(acted, 'задание', 'задания', 'заданий')}: {done}.")
        else:
            messages.warning(request, f"{nothing[0].upper()}{nothing[1:]}.")
