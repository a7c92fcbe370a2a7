"""The form with which an operator's table comes in."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from reports.models import FigureSource
from reports.operator_tables import periods
from reports.operator_tables.given import About
from reports.operator_tables.services import source_name
from reports.weeks import last_finished
from schools.models import Region, User
from schools.platforms import PLATFORM_BY_NUMBER, PLATFORMS
from schools.scope import sight_of


class LoadForm(forms.Form):
    """Which platform, for what time, from which source; whose schools, where there is a choice."""

    platform = forms.TypedChoiceField(
        label="Площадка", coerce=int, choices=[(each.number, each.full_name) for each in PLATFORMS]
    )
    when = forms.ChoiceField(label="За что таблица")
    source = forms.CharField(
        label="Откуда она",
        max_length=120,
        initial="Таблица оператора",
        help_text="Под этим названием запомним, что значат столбцы: в следующий раз спрашивать не будем.",
    )
    region = forms.ModelChoiceField(label="Регион", queryset=Region.objects.none(), empty_label=None)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["when"].choices = periods.choices(timezone.localdate())  # type: ignore[attr-defined]
        self.fields["when"].initial = str(last_finished(timezone.now()))
        sight = sight_of(user)
        region: Any = self.fields["region"]
        mine = Region.objects.visible_to(user)
        region.queryset = mine if sight.everything else mine.filter(pk__in=sight.region_ids)
        if sight.everything:
            region.empty_label, region.required = "Вся страна", False
        elif len(sight.region_ids) == 1:
            del self.fields["region"]
            self.only_region = region.queryset.get()

    def clean_source(self) -> str:
        """The name without signs nobody sees; of such alone there is no name."""
        name = source_name(self.cleaned_data["source"])
        if not name:
            raise ValidationError("В названии нет ни одного видимого знака. Впишите, откуда таблица.")
        return name

    def clean_when(self) -> tuple[Any, int]:
        """The week and the period; a week that has not begun is told by the service."""
        try:
            return periods.parse(self.cleaned_data["when"])
        except ValueError as error:
            raise ValidationError(str(error)) from error

    @property
    def about(self) -> About:
        """What the table speaks of."""
        week, period = self.cleaned_data["when"]
        return About(PLATFORM_BY_NUMBER[self.cleaned_data["platform"]], week, period)

    @property
    def region_chosen(self) -> Region | None:
        """Whose schools; None is the whole country."""
        return self.cleaned_data["region"] if "region" in self.fields else self.only_region


def known_sources(user: User) -> list[str]:
    """Names of the sources a person's region has had tables from."""
    names = FigureSource.objects.editable_by(user).order_by("name").values_list("name", flat=True).distinct()
    return list(names[:30])
