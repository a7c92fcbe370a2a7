"""Chats, legal acts and useful resources in the admin."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from chats.models import Chat, ChatImport, ChatMember, ChatMove, ChosenCase, LegalAct, Resource
from chats.orders import admin as orders
from schools.admin.filters import by_municipality, by_region
from schools.admin.jobs import JOB_FIELDS, JobAdmin
from schools.admin.scoped import NoDelete, ScopedAdmin

__all__ = ["ChatAdmin", "LegalActAdmin", "ResourceAdmin", "orders"]


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
    exclude = ["link"]  # into chats with children and parents only their school lets: the page of the chat has it
    hint = "Чат не удаляют: ему ставят дату закрытия."


@admin.register(ChatImport)
class ChatImportAdmin(JobAdmin):
    """Uploads of chats; their plans are on their own pages, which only their school opens."""

    list_display = ["created_at", "school", "stage", "state", "created_by", "error"]
    list_select_related = ["school", "created_by"]
    list_filter = ["state", "stage", by_region("school__region_id"), by_municipality("school__municipality_id")]
    search_fields = ["school__name_key__contains", "school__code__startswith"]
    sortable_by: ClassVar[Any] = ()
    fields = ["school", "file", "stage", *JOB_FIELDS, "applied_by", "applied_at", "undone_at"]

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Any]":
        """Never fetch the plans."""
        return super().get_queryset(request).light()  # type: ignore[attr-defined,no-any-return]


@admin.register(ChatMember)
class ChatMemberAdmin(NoDelete, ScopedAdmin):
    """Members of chats; one who left is given the day."""

    list_display = ["chat", "staff", "pupil", "guardian", "joined_on", "left_on"]
    list_select_related = ["chat", "staff", "pupil", "guardian"]
    search_fields = ["chat__title__contains"]
    ordering = ["-id"]
    sortable_by: ClassVar[Any] = ()
    autocomplete_fields = ["chat", "staff", "pupil", "guardian"]
    fixed_fields = ["chat", "staff", "pupil", "guardian"]
    hint = "Участника не удаляют: ему ставят день, когда он вышел."


@admin.register(ChatMove)
class ChatMoveAdmin(NoDelete, ScopedAdmin):
    """Moves of chats to another channel."""

    list_display = ["chat", "new_chat", "started_on", "finished_on"]
    list_select_related = ["chat", "new_chat"]
    search_fields = ["chat__title__contains"]
    ordering = ["-id"]
    sortable_by: ClassVar[Any] = ()
    autocomplete_fields = ["chat", "new_chat"]
    fixed_fields = ["chat", "started_by"]


@admin.register(ChosenCase)
class ChosenCaseAdmin(ScopedAdmin):
    """Optional cases that schools want."""

    list_display = ["school", "use_case", "chosen_on", "chosen_by"]
    list_select_related = ["school", "chosen_by"]
    search_fields = ["school__name_key__contains", "school__code__startswith"]
    ordering = ["-id"]
    sortable_by: ClassVar[Any] = ()
    autocomplete_fields = ["school"]
    fixed_fields = ["school", "chosen_by"]


@admin.register(LegalAct)
class LegalActAdmin(NoDelete, ScopedAdmin):
    """Acts of the library; one that is no more changes its state."""

    list_display = ["key", "__str__", "title", "state", "checked_on"]
    list_filter = ["kind", "state"]
    search_fields = ["search_key__contains", "key__startswith"]
    ordering = ["-adopted_on", "id"]
    sortable_by: ClassVar[Any] = ()
    autocomplete_fields = ["superseded_by", "amends"]
    fixed_fields = ["key"]
    hint = "Акт не удаляют: ему меняют состояние. На ключ ссылаются показатели, этапы и приказы, поэтому он постоянный."


@admin.register(Resource)
class ResourceAdmin(NoDelete, ScopedAdmin):
    """Useful links; one that is no more gets a date."""

    list_display = ["title", "kind", "region", "link", "checked_on", "withdrawn_on"]
    list_select_related = ["region"]
    list_filter = ["kind", by_region("region_id")]
    search_fields = ["search_key__contains"]
    ordering = ["kind", "title", "id"]
    sortable_by: ClassVar[Any] = ()
    autocomplete_fields = ["region"]
    hint = "Ссылку не удаляют: ей ставят дату, с которой её нет в списке."

    def save_model(self, request: HttpRequest, obj: Resource, form: Any, change: bool) -> None:
        """Write down who added it."""
        if not change:
            obj.created_by = request.user  # type: ignore[assignment]
        super().save_model(request, obj, form, change)
