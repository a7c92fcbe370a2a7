"""Chats in the admin."""

from typing import Any, ClassVar

from django.contrib import admin

from chats.models import Chat
from schools.admin.filters import by_municipality, by_region
from schools.admin.scoped import NoDelete, ScopedAdmin


@admin.register(Chat)
class ChatAdmin(NoDelete, ScopedAdmin):
    """Chats; one that is no more is closed."""

    list_display = ["title", "use_case", "school", "school_class", "channel", "owner", "opened_on", "closed_on"]
    list_select_related = ["school", "school_class", "owner"]
    list_filter = ["channel", by_region("school__region_id"), by_municipality("school__municipality_id")]
    search_fields = ["title__contains", "school__name_key__contains", "school__code__startswith"]
    ordering = ["school_id", "use_case", "id"]
    sortable_by: ClassVar[Any] = ()
    autocomplete_fields = ["school", "school_class", "owner"]
    fixed_fields = ["school"]
    hint = "Чат не удаляют: ему ставят дату закрытия."
