"""Held values, decisions about them and late weeks in the admin: looked at, never changed; a rule is succeeded."""

from typing import Any, ClassVar

from django.contrib import admin
from django.http import HttpRequest

from reports.admin.weeks import WeekColumns, week_text
from reports.models import Hold, HoldDecision, HoldRule, LateNotice, WeekConfirmation
from schools.admin.scoped import NoDelete, ReadOnly, ScopedAdmin, all_fields


@admin.register(Hold)
class HoldAdmin(ReadOnly, ScopedAdmin):
    """Suspicions, by revision."""

    list_display = ["rating", "school", "indicator", "kind", "part", "whole", "state"]
    list_select_related = ["rating", "school"]
    list_filter = ["kind", "state"]
    sortable_by: ClassVar[Any] = ()
    fields = all_fields(Hold, "id")


@admin.register(HoldDecision)
class HoldDecisionAdmin(ReadOnly, ScopedAdmin):
    """What was decided, by whom and why."""

    list_display = [
        "week_name",
        "school",
        "indicator",
        "part",
        "whole",
        "verdict",
        "comment",
        "decided_by",
        "decided_at",
    ]
    list_select_related = ["school", "decided_by"]
    list_filter = ["verdict"]
    sortable_by: ClassVar[Any] = ()
    fields = ["week_name", *all_fields(HoldDecision, "id", "week")]
    readonly_fields = ["week_name"]

    @admin.display(description="неделя")
    def week_name(self, row: HoldDecision) -> str:
        """2026-W47."""
        return week_text(row.week)


@admin.register(HoldRule)
class HoldRuleAdmin(WeekColumns, NoDelete, ScopedAdmin):
    """Whether values are held: a new rule succeeds, none is ever edited."""

    list_display = ["since", "is_on", "reason"]
    fields = ["starts_week", "is_on", "reason"]
    readonly_fields = ["since"]
    hint = "Правило не правят: добавьте новое с недели, с которой оно действует. Опубликованные недели не меняются."

    @admin.display(description="действует с недели")
    def since(self, row: HoldRule) -> str:
        """The first week."""
        return week_text(row.starts_week)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """A rule that is there shows its week as people write it."""
        return super().get_fields(request, obj) if obj is None else ["since", "is_on", "reason"]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody."""
        return False

    def save_model(self, request: HttpRequest, obj: HoldRule, form: Any, change: bool) -> None:
        """Write down who set it."""
        obj.created_by = request.user  # type: ignore[assignment]
        super().save_model(request, obj, form, change)


@admin.register(LateNotice)
class LateNoticeAdmin(ReadOnly, ScopedAdmin):
    """Weeks that were late and told of."""

    list_display = ["week_name", "text", "letters", "failed", "told_at"]
    sortable_by: ClassVar[Any] = ()
    fields = ["week_name", *all_fields(LateNotice, "id", "week")]
    readonly_fields = ["week_name"]

    @admin.display(description="неделя")
    def week_name(self, row: LateNotice) -> str:
        """2026-W47."""
        return week_text(row.week)


@admin.register(WeekConfirmation)
class WeekConfirmationAdmin(ReadOnly, ScopedAdmin):
    """Every word about a week: who confirmed, returned, locked or opened it."""

    list_display = ["week_name", "level", "region", "municipality", "school", "word", "comment", "said_by", "said_at"]
    list_select_related = ["region", "municipality", "school", "said_by"]
    list_filter = ["level", "word"]
    sortable_by: ClassVar[Any] = ()
    fields = ["week_name", *all_fields(WeekConfirmation, "id", "week")]
    readonly_fields = ["week_name"]

    @admin.display(description="неделя")
    def week_name(self, row: WeekConfirmation) -> str:
        """2026-W47."""
        return week_text(row.week)
