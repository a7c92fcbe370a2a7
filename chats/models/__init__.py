"""Chats of schools, the library of legal acts, and useful resources."""

from chats.models.chats import Chat
from chats.models.library import LegalAct
from chats.models.members import ChatMember, ChatMove, ChosenCase
from chats.models.resources import Resource

__all__ = ["Chat", "ChatMember", "ChatMove", "ChosenCase", "LegalAct", "Resource"]
