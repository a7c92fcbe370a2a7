"""What people decide about the numbers: holidays, targets, and what «использует» means."""

from typing import Any

import tablib
from django.contrib import admin
from django.http import HttpRequest
from import_export import fields

from reports.admin.weeks import WeekColumns, WeekWidget, week_text
from reports.indicators import indicator_choices
from reports.models import Holiday, Target, UsageRule
from reports.models.ratings import EVERY_LEVEL, TARGET_LEVELS
from schools import tabular
from schools.admin.exchange import ExchangesList
from schools.admin.filters import by_region
from schools.admin.scoped import NoDelete, ScopedAdmin
from schools.codes import fold
from schools.models import Region
from schools.tabular import ScopedMeta, ScopedResource
from schools.values import decimal_of


class HolidayResource(ScopedResource):
    """Holidays; a row without a number is a new one."""

    id = tabular.count("id", "номер")
    region = tabular.place("region", "регион", Region)
    name = tabular.text("name", "название", longest=60)
    starts_on = tabular.date("starts_on", "начало")
    ends_on = tabular.date("ends_on", "окончание")

    class Meta(ScopedMeta):
        """Columns."""

        model = Holiday
        name = "Каникулы"
        fields = ("id", "region", "name", "starts_on", "ends_on")


class ShareWidget(WeekWidget):
    """A cell with a share from 0 to 1."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        """Return a Decimal; raises ValueError with a sentence."""
        share = decimal_of(str(value or "").strip())
        if share is None or share > 1:
            raise ValueError("Доля пишется числом от 0 до 1, например 0,85.")
        return share

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Any:
        """The number."""
        return value


class LevelWidget(tabular.ChoiceWidget):
    """A cell with a level; an empty one is all of them."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        """Return the number; raises ValueError that names the levels."""
        return super().clean(value, row, **kwargs) or EVERY_LEVEL


class DueWidget(WeekWidget):
    """A cell with a week, or with none."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        """Return the number or None; raises ValueError with a sentence."""
        return super().clean(value, row, **kwargs) if str(value or "").strip() else None


class TargetResource(ScopedResource):
    """Targets by indicator, region, level and first week; a file without levels is about all of them."""

    indicator = tabular.choice("indicator", "показатель", indicator_choices)
    region = tabular.place("region", "регион", Region)
    level = fields.Field("level", "уровень", LevelWidget(TARGET_LEVELS))
    starts_week = fields.Field("starts_week", "действует с недели", WeekWidget())
    due_week = fields.Field("due_week", "к неделе", DueWidget())
    value = fields.Field("value", "цель", ShareWidget())

    class Meta(ScopedMeta):
        """Columns."""

        model = Target
        name = "Цели"
        import_id_fields = ("indicator", "region", "level", "starts_week")
        fields = ("indicator", "region", "level", "starts_week", "due_week", "value")

    def before_import(self, dataset: tablib.Dataset, **kwargs: Any) -> None:
        """Give a file of before there were levels its column of them."""
        if fold(self.fields["level"].column_name) not in {fold(title) for title in dataset.headers or []}:
            dataset.append_col([""] * dataset.height, header=self.fields["level"].column_name)
        super().before_import(dataset, **kwargs)


@admin.register(Holiday)
class HolidayAdmin(ExchangesList, ScopedAdmin):
    """School holidays of regions."""

    list_display = ["name", "region", "starts_on", "ends_on"]
    list_select_related = ["region"]
    list_filter = [by_region("region_id")]
    search_fields = ["name__contains"]
    resource_classes = [HolidayResource]


@admin.register(Target)
class TargetAdmin(ExchangesList, WeekColumns, ScopedAdmin):
    """Targets of regions; without a region it is the country's."""

    list_display = ["indicator", "region", "level", "since", "due", "value"]
    list_select_related = ["region"]
    list_filter = ["indicator", "level", by_region("region_id")]
    ordering = ["indicator", "region_id", "-starts_week"]
    resource_classes = [TargetResource]

    @admin.display(description="действует с недели", ordering="starts_week")
    def since(self, row: Target) -> str:
        """The first week."""
        return week_text(row.starts_week)

    @admin.display(description="к неделе", ordering="due_week", empty_value="—")
    def due(self, row: Target) -> str | None:
        """The week it is due by."""
        return week_text(row.due_week) if row.due_week else None


RULE = ("administrator_required", "filled_share", "active_teachers", "active_share", "active_chats", "reason")


@admin.register(UsageRule)
class UsageRuleAdmin(WeekColumns, NoDelete, ScopedAdmin):
    """Rules of «использует»: a new one succeeds, none is ever edited."""

    list_display = ["since", *RULE]
    fields = ["starts_week", *RULE]
    readonly_fields = ["since"]
    hint = "Правило не правят: добавьте новое с недели, с которой оно действует. Опубликованные недели не меняются."

    @admin.display(description="действует с недели")
    def since(self, row: UsageRule) -> str:
        """The first week."""
        return week_text(row.starts_week)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """A rule that is there shows its week as people write it."""
        return super().get_fields(request, obj) if obj is None else ["since", *RULE]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody."""
        return False

    def save_model(self, request: HttpRequest, obj: UsageRule, form: Any, change: bool) -> None:
        """Write down who set it."""
        obj.created_by = request.user  # type: ignore[assignment]
        super().save_model(request, obj, form, change)
