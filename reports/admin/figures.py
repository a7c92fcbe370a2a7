"""Figures of operators and regions, whose figures feed the rating, and the weights of the score, in the admin."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.forms.fields import InvalidJSONInput
from django.http import HttpRequest

from reports.admin.weeks import WeekColumns, week_text
from reports.indicators import COMPOSITE, INDICATOR_BY_KEY, INDICATORS
from reports.models import (
    CompositeRule,
    FigureLoad,
    FigureSource,
    IndicatorFeed,
    PlaceFigure,
    PublicRating,
    RegionFigure,
)
from schools.admin.filters import by_region
from schools.admin.scoped import NoDelete, ReadOnly, ScopedAdmin
from schools.scope import Level


class Succeeding(WeekColumns, NoDelete, ScopedAdmin):
    """Choices of the country that are never edited: a new one succeeds."""

    readonly_fields = ["since"]
    hint = (
        "Прежний выбор не правят: добавьте новый с недели, с которой он действует. Опубликованные недели не меняются."
    )

    @admin.display(description="действует с недели")
    def since(self, row: Any) -> str:
        """The first week."""
        return week_text(row.starts_week)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody."""
        return False

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Write down who chose."""
        obj.created_by = request.user
        super().save_model(request, obj, form, change)


class FeedForm(forms.ModelForm):
    """A choice of figures for an indicator that two count."""

    indicator = forms.TypedChoiceField(
        label="показатель",
        coerce=int,
        choices=[(each.number, each.short_name) for each in INDICATORS if each.operator_part],
    )


@admin.register(IndicatorFeed)
class IndicatorFeedAdmin(Succeeding):
    """Whose figures feed the rating."""

    form = FeedForm
    list_display = ["indicator", "since", "feed", "reason"]
    fields = ["indicator", "starts_week", "feed", "reason"]


class WeightsField(forms.JSONField):
    """Weights as JSON; a number too long for Python to read is a mistake like any other."""

    def to_python(self, value: Any) -> Any:
        """Read the text; raises ValidationError."""
        try:
            return super().to_python(value)
        except ValueError as error:
            raise ValidationError("Веса — целые числа от 1 до 1000.") from error

    def bound_data(self, data: Any, initial: Any) -> Any:
        """Show what was typed again, whatever it is."""
        try:
            return super().bound_data(data, initial)
        except ValueError:
            return InvalidJSONInput(data)


class WeightsForm(forms.ModelForm):
    """Weights of indicators in the score."""

    weights = WeightsField(label="веса", help_text='Ключ показателя и его вес: {"staff_active": 30, "r210_10": 20}.')

    def clean_weights(self) -> dict[str, int]:
        """Keys of indicators with whole weights above zero; raises ValidationError saying what to mend."""
        weights = self.cleaned_data["weights"]
        if not isinstance(weights, dict) or not 0 < len(weights) <= CompositeRule.most:
            raise ValidationError('Впишите ключи показателей и веса: {"staff_active": 30, "r210_10": 20}.')
        for key, weight in weights.items():
            if key not in INDICATOR_BY_KEY or key == COMPOSITE.key or INDICATOR_BY_KEY[key].base != Level.SCHOOL:
                raise ValidationError(f"«{key}» — не показатель школ. Ключи видны в адресах паспортов показателей.")
            if type(weight) is not int or not 0 < weight <= 1000:
                raise ValidationError(f"Вес «{key}» — целое число от 1 до 1000.")
        return weights


@admin.register(CompositeRule)
class CompositeRuleAdmin(Succeeding):
    """Weights of the composite score."""

    form = WeightsForm
    list_display = ["since", "weights", "reason"]
    fields = ["starts_week", "weights", "reason"]


class RegionFigureForm(forms.ModelForm):
    """A region's own figure of a quarter."""

    indicator = forms.TypedChoiceField(
        label="показатель",
        coerce=int,
        choices=[(each.number, each.short_name) for each in INDICATORS if each.base == Level.REGION],
    )


@admin.register(RegionFigure)
class RegionFigureAdmin(ScopedAdmin):
    """Figures that regions enter once a quarter."""

    form = RegionFigureForm
    list_display = ["region", "indicator", "year", "quarter", "part", "whole", "note"]
    list_select_related = ["region"]
    list_filter = [by_region("region_id")]
    fields = ["region", "indicator", "year", "quarter", "part", "whole", "note"]

    def save_model(self, request: HttpRequest, obj: RegionFigure, form: Any, change: bool) -> None:
        """Write down who entered it."""
        obj.entered_by = request.user  # type: ignore[assignment]
        super().save_model(request, obj, form, change)


@admin.register(PublicRating)
class PublicRatingAdmin(ReadOnly, ScopedAdmin):
    """Ratings that regions have opened to everybody; they open and close them on their own page."""

    list_display = ["region", "shows_schools", "opened_by", "opened_at"]
    list_select_related = ["region", "opened_by"]


@admin.register(FigureLoad)
class FigureLoadAdmin(ReadOnly, ScopedAdmin):
    """Tables of operators taken in."""

    list_display = ["__str__", "level", "region", "stage", "schools", "loaded_by", "loaded_at"]
    list_select_related = ["region", "loaded_by"]
    list_filter = ["platform", "level", "stage", by_region("region_id")]


@admin.register(FigureSource)
class FigureSourceAdmin(ReadOnly, ScopedAdmin):
    """Sources of tables and how their columns are read."""

    list_display = ["name", "region", "platform"]
    list_select_related = ["region"]
    list_filter = ["platform", by_region("region_id")]


@admin.register(PlaceFigure)
class PlaceFigureAdmin(ReadOnly, ScopedAdmin):
    """Totals of operators by municipality and by region: beside the rating, never in it."""

    list_display = ["week", "period", "platform", "level", "region", "municipality", "figure", "value"]
    list_select_related = ["region", "municipality"]
    list_filter = ["platform", "level", "period"]
