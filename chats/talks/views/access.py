"""Whom the pages of chats are open to: coordinators read, with families as counts; the school itself writes."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from chats.models import Chat
from schools.models import School
from staff.rosters.views.access import school_in_sight, sees_people


def chat_in_sight(request: HttpRequest, pk: int) -> Chat:
    """A chat the person may see; the country's observer sees no single ones."""
    found: Any = Chat.objects.visible_to(request.user).select_related(
        "school__region", "school__municipality", "school_class", "owner"
    )
    chat: Chat = get_object_or_404(found, pk=pk)
    return chat


def own_chat(request: HttpRequest, pk: int) -> Chat:
    """A chat the person may change; for those who only see it, 403."""
    chat = chat_in_sight(request, pk)
    if not Chat.objects.editable_by(request.user).filter(pk=chat.pk).exists():
        raise PermissionDenied
    return chat


def own_school(request: HttpRequest, pk: int) -> School:
    """A school whose chats the person may change; for those who only see them, 403."""
    school = school_in_sight(request, pk)
    if not sees_people(request, school.pk):
        raise PermissionDenied
    return school
