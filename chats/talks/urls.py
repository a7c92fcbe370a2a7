"""Addresses of the chats a school runs."""

from django.urls import path

from chats.talks.views import cards, lists, uploads

urlpatterns = [
    path("schools/<int:pk>/chats/", lists.chat_list, name="chats"),
    path("schools/<int:pk>/chats/new/", lists.chat_new, name="chat_new"),
    path("schools/<int:pk>/chats/choose/", lists.case_choose, name="case_choose"),
    path("schools/<int:pk>/chats/upload/", uploads.upload, name="chat_upload"),
    path("schools/<int:pk>/chats/template.xlsx", uploads.template, name="chat_template"),
    path("schools/<int:pk>/chats/chats.xlsx", uploads.chat_list_file, name="chat_list_file"),
    path("chats/imports/<int:pk>/", uploads.import_page, name="chat_import"),
    path("chats/imports/<int:pk>/progress/", uploads.import_progress, name="chat_import_progress"),
    path("chats/imports/<int:pk>/act/", uploads.import_act, name="chat_import_act"),
    path("chats/<int:pk>/", cards.chat_page, name="chat"),
    path("chats/<int:pk>/edit/", cards.chat_edit, name="chat_edit"),
    path("chats/<int:pk>/members/", cards.chat_members, name="chat_members"),
    path("chats/<int:pk>/act/", cards.chat_act, name="chat_act"),
    path("chats/<int:pk>/poster/", cards.chat_poster, name="chat_poster"),
]
