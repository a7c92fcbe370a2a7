"""Counters in the admin: only to see that they count."""

from typing import ClassVar

from django.contrib import admin

from schools.admin.scoped import ReadOnly, ScopedAdmin
from schools.models import Counter


@admin.register(Counter)
class CounterAdmin(ReadOnly, ScopedAdmin):
    """Digests and numbers."""

    list_display = ["key", "number", "ends_at"]
    sortable_by: ClassVar[list[str]] = []
    ordering = ["key"]
    hint = "Попытки входа и запросы к REST. Ключи хранятся отпечатками, счёт сам начинается заново."
