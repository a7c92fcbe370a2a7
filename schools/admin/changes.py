"""The feed of changes in the admin: looked at, never written."""

from django.contrib import admin

from schools.admin.filters import by_region
from schools.admin.scoped import ReadOnly, ScopedAdmin
from schools.models import Change


@admin.register(Change)
class ChangeAdmin(ReadOnly, ScopedAdmin):
    """What programs that keep a copy are told."""

    list_display = ["number", "kind", "event", "key", "happened_at"]
    list_filter = ["kind", "event", by_region("region_id")]
    ordering = ["-id"]
