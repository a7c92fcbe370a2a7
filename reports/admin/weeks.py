"""The week in forms, filters and tables of the admin: people write 2026-W47, the database keeps 202647."""

import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Field
from django.http import HttpRequest
from import_export import widgets

from reports.weeks import IsoWeek


class WeekField(forms.Field):
    """A week as 2026-W47; its value is the number the database keeps."""

    widget = forms.TextInput

    def __init__(self, **facts: Any) -> None:
        super().__init__(**{"help_text": "Неделя ISO, например 2026-W47.", **facts})

    def prepare_value(self, value: Any) -> Any:
        """Show a number as a week."""
        return week_text(value) if isinstance(value, int) else value

    def to_python(self, value: Any) -> Any:
        """Return the number. Raises ValidationError with a sentence."""
        try:
            return IsoWeek.parse(value).number if value else None
        except ValueError as error:
            raise ValidationError(str(error)) from error

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compare weeks, not spellings."""
        return super().has_changed(self.prepare_value(initial), data)


class WeekColumns:
    """For admins of models that keep a week in `week`, `starts_week` or `due_week`."""

    def formfield_for_dbfield(self, db_field: "Field[Any, Any]", request: HttpRequest, **kwargs: Any) -> Any:
        """Ask for a week as people write it."""
        if db_field.name in {"week", "starts_week", "due_week"}:
            return WeekField(label=str(db_field.verbose_name).capitalize(), required=not db_field.blank)
        return super().formfield_for_dbfield(db_field, request, **kwargs)  # type: ignore[misc]


class WeekWidget(widgets.Widget):
    """A cell with a week."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        """Return the number; raises ValueError with a sentence."""
        return IsoWeek.parse(str(value or "")).number

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Any:
        """2026-W47."""
        return week_text(value) if value else ""


def week_text(number: int) -> str:
    """202647 → 2026-W47; a number that is no week stays as it is."""
    try:
        return str(IsoWeek.from_number(number))
    except ValueError:
        return str(number)


def week_days(number: int) -> str:
    """202647 → «16.11 — 22.11.2026»."""
    week = IsoWeek.from_number(number)
    sunday: datetime.date = week.sunday
    return f"{week.monday:%d.%m} — {sunday:%d.%m.%Y}"
