"""The app as Django sees it."""

from django.apps import AppConfig


class ChatsConfig(AppConfig):
    """chats."""

    name = "chats"
    verbose_name = "Чаты"
