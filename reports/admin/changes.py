"""Changes of figures in the admin: looked at, never changed."""

from typing import Any, ClassVar

from django.contrib import admin

from reports.admin.weeks import week_text
from reports.models import ChangeAlert
from schools.admin.scoped import ReadOnly, ScopedAdmin, all_fields


@admin.register(ChangeAlert)
class ChangeAlertAdmin(ReadOnly, ScopedAdmin):
    """What was found, by revision."""

    list_display = ["rating", "indicator", "level", "region", "municipality", "place_id", "direction", "since", "size"]
    list_select_related = ["rating", "region", "municipality"]
    list_filter = ["direction", "level", "indicator"]
    sortable_by: ClassVar[Any] = ()
    fields = ["since", *all_fields(ChangeAlert, "id", "since_week")]
    readonly_fields = ["since"]

    @admin.display(description="с недели")
    def since(self, row: ChangeAlert) -> str:
        """2026-W47."""
        return week_text(row.since_week)
