"""Addresses of the chats a school runs."""

from django.urls import path

from chats.talks.views import cards, lists

urlpatterns = [
    path("schools/<int:pk>/chats/", lists.chat_list, name="chats"),
    path("schools/<int:pk>/chats/new/", lists.chat_new, name="chat_new"),
    path("schools/<int:pk>/chats/choose/", lists.case_choose, name="case_choose"),
    path("chats/<int:pk>/", cards.chat_page, name="chat"),
    path("chats/<int:pk>/edit/", cards.chat_edit, name="chat_edit"),
    path("chats/<int:pk>/members/", cards.chat_members, name="chat_members"),
    path("chats/<int:pk>/act/", cards.chat_act, name="chat_act"),
    path("chats/<int:pk>/poster/", cards.chat_poster, name="chat_poster"),
]
