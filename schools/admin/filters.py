"""Filters of the lists by place: one field with a button, places within sight only, and few of them."""

from collections.abc import Iterator
from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest

from schools.models import Municipality, Region
from schools.scope import seen_rows

MOST_CHOICES = 300


class PlaceFilter(admin.SimpleListFilter):
    """A filter by a place; `path` is the look-up from the list's model to the place's id.

    Drawn as a field and not as Django's list of links: a region has tens of districts, the country 89 regions.
    """

    template = "admin/place_filter.html"
    path: str
    model: type[Model]
    everywhere: str  # the choice that filters nothing
    forgets: ClassVar[tuple[str, ...]] = ()  # filters that lose their sense with another choice of this one
    too_many: str = ""  # a sentence shown in place of choices that are too many
    hidden: tuple[tuple[str, str], ...] = ()  # what the field sends along: the list's other filters

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Visible places; too many to choose from are not offered at all."""
        places = self.places(request)[: MOST_CHOICES + 1]
        if len(places) > MOST_CHOICES:
            self.too_many = "Сначала выберите регион"
            return []
        return [(str(place.pk), str(place)) for place in places]

    def places(self, request: HttpRequest) -> "QuerySet[Any]":
        """The places a person may choose from."""
        return seen_rows(self.model, request.user)

    def has_output(self) -> bool:
        """Whether there is something to choose, or to take back."""
        return len(self.lookup_choices) > 1 or bool(self.too_many) or self.value() is not None

    def choices(self, changelist: Any) -> Iterator[Any]:
        """The options of the field."""
        kept = changelist.get_filters_params().items()
        dropped = {self.parameter_name, *self.forgets}
        self.hidden = tuple((name, value) for name, values in kept if name not in dropped for value in values)
        for value, title in [("", self.everywhere), *self.lookup_choices]:
            yield {"value": value, "display": title, "selected": value == (self.value() or "")}

    def queryset(self, request: HttpRequest, queryset: "QuerySet[Any]") -> "QuerySet[Any]":
        """Rows of the chosen place; the list itself is within sight already."""
        chosen = self.value() or ""
        return queryset.filter(**{self.path: int(chosen)}) if chosen.isdecimal() and len(chosen) < 19 else queryset


class RegionFilter(PlaceFilter):
    """A filter by region."""

    title = "регион"
    parameter_name = "in_region"
    model = Region
    everywhere = "Все регионы"
    forgets = ("in_municipality",)


class MunicipalityFilter(PlaceFilter):
    """A filter by municipality; of one region once it is chosen."""

    title = "муниципалитет"
    parameter_name = "in_municipality"
    model = Municipality
    everywhere = "Все муниципалитеты"

    def places(self, request: HttpRequest) -> "QuerySet[Any]":
        """Those of the chosen region, if one is chosen."""
        region = request.GET.get("in_region", "")
        places = super().places(request).order_by("name_key")
        return places.filter(region=int(region)) if region.isdecimal() and len(region) < 19 else places


def by_region(path: str) -> type[PlaceFilter]:
    """A filter by region for a list that reaches the region's id by a path."""
    return type("RegionFilter", (RegionFilter,), {"path": path})


def by_municipality(path: str) -> type[PlaceFilter]:
    """A filter by municipality for a list that reaches its id by a path."""
    return type("MunicipalityFilter", (MunicipalityFilter,), {"path": path})
