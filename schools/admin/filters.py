"""Filters of the lists: places within sight only, and few of them."""

from typing import Any

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest

from schools.models import Municipality, Region
from schools.scope import seen_rows

MOST_CHOICES = 300


class PlaceFilter(admin.SimpleListFilter):
    """A filter by a place; `path` is the look-up from the list's model to the place's id."""

    path: str
    model: type[Model]

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Visible places; too many to choose from are not offered at all."""
        places = self.places(request)[: MOST_CHOICES + 1]
        return [(str(place.pk), str(place)) for place in places] if len(places) <= MOST_CHOICES else []

    def places(self, request: HttpRequest) -> "QuerySet[Any]":
        """The places a person may choose from."""
        return seen_rows(self.model, request.user)

    def queryset(self, request: HttpRequest, queryset: "QuerySet[Any]") -> "QuerySet[Any]":
        """Rows of the chosen place; the list itself is within sight already."""
        chosen = self.value() or ""
        return queryset.filter(**{self.path: int(chosen)}) if chosen.isdecimal() and len(chosen) < 19 else queryset


def by_region(path: str) -> type[PlaceFilter]:
    """A filter by region."""
    return type(
        "RegionFilter",
        (PlaceFilter,),
        {"title": "регион", "parameter_name": "in_region", "path": path, "model": Region},
    )


class _MunicipalityFilter(PlaceFilter):
    def places(self, request: HttpRequest) -> "QuerySet[Any]":
        """Those of the chosen region, if one is chosen."""
        region = request.GET.get("in_region", "")
        places = super().places(request).order_by("name_key")
        return places.filter(region=int(region)) if region.isdecimal() and len(region) < 19 else places


def by_municipality(path: str) -> type[PlaceFilter]:
    """A filter by municipality; of one region once it is chosen."""
    facts = {"title": "муниципалитет", "parameter_name": "in_municipality", "path": path, "model": Municipality}
    return type("MunicipalityFilter", (_MunicipalityFilter,), facts)
